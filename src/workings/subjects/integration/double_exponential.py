r"""The double-exponential rule, for subintervals at whose ends the integrand is singular.

With :math:`x = p + δ`, :math:`δ = w / (1 + e^{π \sinh(-t)})` the integrand, whatever finite area it has there, dies
away in t like :math:`e^{-e^t}`, and the trapezoidal rule over all t converges exponentially (Takahasi & Mori, 1974).
The distance δ to the nearer end is computed as such: as x - p it would have lost its digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ends", "double_exponential"]

Array = NDArray[np.float64]

# exp(-π sinh t) is 1e-304 at 6.1: the least distance that floats can tell from the end 0.
_LAST = 6.1
# t is cut into steps of 1/2, then 1/4, ...: 12.2 / 2**-7 = 1560 values at the most.
_FINEST = 7
# Beside an end other than 0, x = p + δ is rounded by half a unit in its last place: below so many units the distance
# has too few digits.
_FEWEST_UNITS = 2.0


@dataclass(frozen=True)
class Ends:
    """What the rule found.

    Parameters
    ----------
    value, error, absolute
        The integral, the estimate of its error, and ∫|f|.
    beyond
        How much of the error is area too near the ends for floats to tell places apart.
    divergent
        Whether the area grows as an end is approached.
    """

    value: float
    error: float
    absolute: float
    beyond: float
    divergent: bool


def double_exponential(density: Callable[[Array], Array], low: float, high: float, tolerance: float) -> Ends:
    """Integrate over (low, high), whose ends may be singular and are not touched.

    Parameters
    ----------
    density
        The integrand of arrays of places.
    low, high
        The subinterval.
    tolerance
        How large the error may be.
    """
    width = high - low
    found: list[tuple[Array, Array, Array]] = []
    sums: list[float] = []
    h, error = 1.0, math.inf
    while len(sums) < _FINEST:
        h /= 2
        # All multiples of the first step; then the odd ones, between those that are there.
        count = np.arange(1, _LAST / h, 2) if sums else np.arange(1, _LAST / h)
        t = h * np.concatenate([-count[::-1], count] if sums else [-count[::-1], [0.0], count])
        found.append(_terms(density, low, high, width, t))
        sums.append(h * float(np.concatenate([terms for _, terms, _ in found]).sum()))
        if not math.isfinite(sums[-1]):
            # Infinite terms: beyond every float before the end is reached. NaN: undefined, and no end's fault.
            return Ends(math.nan, math.inf, math.inf, 0.0, not math.isnan(sums[-1]))
        if len(sums) < 4:
            continue
        # The number of right digits about doubles with each level: the last difference is the error of the level
        # before, if the one before that was small already.
        error = abs(sums[-1] - sums[-2])
        enough = max(0.1 * tolerance, 1e-14 * abs(sums[-1]))
        if error <= enough and abs(sums[-2] - sums[-3]) <= max(1e-4 * abs(sums[-1]), tolerance):
            break
    all_t, all_terms, all_noise = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(all_t)
    t, ordered = all_t[order], all_terms[order]
    noise = h * math.fsum(all_noise.tolist())
    absolute = h * math.fsum(np.abs(ordered).tolist())
    rest, divergent = 0.0, False
    for side in (ordered[t < 0], ordered[t > 0][::-1]):
        left_out, grows = _beyond(np.abs(side), h)
        rest += left_out
        divergent = divergent or grows
    floor = 10 * float(np.finfo(np.float64).eps) * absolute
    return Ends(sums[-1], error + rest + noise + floor, absolute, rest + noise, divergent)


def _terms(
    density: Callable[[Array], Array], low: float, high: float, width: float, t: Array
) -> tuple[Array, Array, Array]:
    """Return t, the terms of the sum, and what rounding x may have done to each; places at an end are left out."""
    shrunk = np.exp(-math.pi * np.sinh(np.abs(t)))
    distance = width * (shrunk / (1.0 + shrunk))
    weight = width * math.pi * np.cosh(t) * (shrunk / (1.0 + shrunk) ** 2)
    x = np.where(t < 0, low + distance, high - distance)
    unit = np.spacing(np.where(t < 0, abs(low), abs(high)))
    kept = (x > low) & (x < high) & (weight > 0) & (distance >= _FEWEST_UNITS * unit)
    t, x, weight, distance, unit = t[kept], x[kept], weight[kept], distance[kept], unit[kept]
    values = density(x)
    with np.errstate(over="ignore", invalid="ignore"):
        terms = values * weight
        # x moved by half a unit moves f = δ^-α by α/2 units per δ of itself; α < 1, or there is no area.
        noise = 0.5 * unit / distance * np.abs(terms)
    return t, terms, noise


def _beyond(terms: Array, h: float) -> tuple[float, bool]:
    """Return how much lies beyond the outermost terms of one side, and whether they grow outward.

    Parameters
    ----------
    terms
        The absolute terms, the outermost first.
    h
        The step in t.
    """
    if len(terms) < 4 or terms[0] == 0.0:
        return 0.0, False
    # A geometric series from the outermost terms on: terms that die away doubly exponentially leave less.
    span = min(4, len(terms) - 1)
    if terms[span] == 0.0:
        return h * float(terms[0]), False
    ratio = float(terms[0] / terms[span]) ** (1.0 / span)
    if ratio >= 1.0:
        # A bounded oscillation may end on a greater term; only what matters beside the whole is a divergence.
        return h * float(terms[0]) * len(terms), bool(terms[0] > 1e-6 * terms.sum())
    return h * float(terms[0]) / (1.0 - ratio), False
