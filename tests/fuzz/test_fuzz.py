"""Each target of tests/fuzz for some inputs: what must hold for any input holds.

The seed and the number of inputs are fixed: what is green here is green on another machine, however fast, and on a
slow one the time ends it. New seeds are tried by hand (see tests/fuzz).
"""

from __future__ import annotations

import pytest

from tests.conftest import IN_CI
from tests.fuzz.__main__ import fuzz
from tests.fuzz.targets import TARGETS

INPUTS, SECONDS = (1_500, 30) if IN_CI else (200, 4)


@pytest.mark.parametrize("name", TARGETS)
def test_what_must_hold_for_any_input_holds(name: str) -> None:
    assert fuzz(TARGETS[name], SECONDS, seed=20250713, most=INPUTS) > 10
