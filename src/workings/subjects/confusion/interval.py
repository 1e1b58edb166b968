"""Intervals from a normal quantile: the two-sided quantile itself, and Wilson's interval for a share of rows."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["two_sided_quantile", "wilson_interval", "wilson_intervals"]


def two_sided_quantile(level: float, *, function: str) -> float:
    r"""Return :math:`z = \Phi^{-1}((1 + \text{level}) / 2)`, 1.96 for 0.95.

    Raises
    ------
    InputError
        If ``level`` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError(
            message(
                "{function}: level must be between 0 and 1, both excluded; got {level}; try 0.95",
                function=function,
                level=level,
            )
        )
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson_interval(successes: int, trials: int, z: float) -> tuple[float, float]:
    r"""Return Wilson's score interval for a share: NaN where there are no trials.

    .. math:: \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4 n^2}}{1 + z^2 / n}

    It stays within [0, 1] and has a width even where the share is 0 or 1, unlike :math:`p \pm z \sqrt{p(1-p)/n}`.

    Source
    ------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, equation 6.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(9, 10, 1.959963984540054)]
    [0.5958, 0.9821]
    """
    if trials == 0:
        return math.nan, math.nan
    n, square = trials, z * z
    centre = successes + square / 2
    half = z * math.sqrt(successes * (n - successes) / n + square / 4)
    # At the ends the two terms cancel exactly in mathematics; rounding must not leave 1e-17 in place of 0.
    low = 0.0 if successes == 0 else (centre - half) / (n + square)
    high = 1.0 if successes == n else (centre + half) / (n + square)
    return low, high


def wilson_intervals(
    successes: NDArray[np.float64], trials: float, z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and the upper ends of :func:`wilson_interval` for several shares of the same trials."""
    n, square = trials, z * z
    centre = successes + square / 2
    half = z * np.sqrt(successes * (n - successes) / n + square / 4)
    low = np.where(successes == 0, 0.0, (centre - half) / (n + square))
    return low, np.where(successes == n, 1.0, (centre + half) / (n + square))
