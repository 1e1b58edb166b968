"""Sixteen threads calling everything at once, and forked children, give the answers of one thread, to the bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.contracts.every_function import CALLS, NOT_CALLED, bits

import workings as wk

ROOT = Path(__file__).parents[2]


def test_every_public_name_is_called_or_says_why_not():
    assert sorted([*CALLS, *NOT_CALLED]) == sorted(wk.__all__)


@pytest.mark.parametrize(
    "way", ["threads", pytest.param("forks", marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"))]
)
def test_what_is_called_together_gives_what_it_gives_alone(way):
    done = subprocess.run(
        [sys.executable, "-m", "tests.contracts.at_once", way],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_a_difference_in_the_last_bit_is_one():
    assert bits(0.1 + 0.2) != bits(0.3)
    assert bits(-0.0) != bits(0.0)
    with pytest.raises(TypeError, match="no bits to compare"):
        bits(object())
