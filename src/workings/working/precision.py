"""Numbers of 60 digits, in an mpmath context of our own: mpmath's global one may be changed by anyone."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

__all__ = ["is_finite", "precise"]

# Ten digits more than the 50 of an evaluation, so that comparing loses none of them.
_DIGITS = 60


def precise(value: Any) -> Any:
    """Return an integer, float, Fraction, NumPy number or mpmath number as a number of 60 digits."""
    context = _context()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Fraction):
        return context.mpf(value.numerator) / value.denominator
    if hasattr(value, "_mpf_"):
        return context.make_mpf(value._mpf_)
    return context.mpf(int(value) if isinstance(value, bool) else value)


def is_finite(value: Any) -> bool:
    """Return whether a value, of whatever arithmetic, is a number: neither NaN nor infinite, nor a truth."""
    return not isinstance(value, bool) and value == value and abs(value) != math.inf  # noqa: PLR0124 -- NaN alone differs


@cache
def _context() -> Any:
    from mpmath import MPContext

    context = MPContext()
    context.dps = _DIGITS
    return context
