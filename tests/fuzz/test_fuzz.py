"""Each target of tests/fuzz for some seconds, for thirty in CI: what must hold for any input holds."""

from __future__ import annotations

import time

import pytest

from tests.conftest import IN_CI
from tests.fuzz.__main__ import fuzz
from tests.fuzz.targets import TARGETS

SECONDS = 30 if IN_CI else 4


@pytest.mark.parametrize("name", TARGETS)
def test_what_must_hold_for_any_input_holds(name: str) -> None:
    assert fuzz(TARGETS[name], SECONDS, seed=time.time_ns() % 10**9) > 10
