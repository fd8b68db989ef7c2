"""Fuzzing: four targets, each with what must hold for every input. `python -m tests.fuzz TARGET --seconds N --seed S`.

The suite tries 200 inputs for each target, and CI 1,500. The hour by hand, 15 minutes a target:

    for target in records feeds ledgers commands; do python -m tests.fuzz $target --seconds 900; done

An input that breaks what must hold is printed with the seed that makes it again, and becomes a test in the room that
it concerns. A new seed is a case of `SEEDS` in targets.py.
"""
