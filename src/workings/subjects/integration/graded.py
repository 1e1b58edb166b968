r"""An end other than 0 at which the integrand is singular: subintervals that shrink by 4 towards it, and their limit.

Beside such an end p, floats p + δ tell δ to 1e-16·|p| only, and an integrand like :math:`δ^{-1/2}` has 1e-8 of its area
below that. The areas of [p + w/4^{k+1}, p + w/4^k] approach a geometric series, whose limit Wynn's epsilon algorithm
finds from those k at which δ still has most of its digits (Wynn 1956; QUADPACK's QAGS does the same by bisection).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.rule import NODES, estimate, interpolated
from workings.subjects.integration.support import END

__all__ = ["graded", "limit_of"]

Array = NDArray[np.float64]

# Beside its end an octave's values are wrong by 2**-19 of themselves at the most.
_LEAST_UNITS = 2.0**18

# Of 1/δ^0.9 a millionth is left after so many octaves.
_MOST = 100


def graded(density: Callable[[Array], Array], end: float, other: float) -> tuple[float, float, float] | None:
    """Return the integral from ``end`` to ``other``, its error and ∫|f|; None where the areas have no limit.

    Parameters
    ----------
    density
        The integrand of arrays of places.
    end
        Where it is singular; not touched.
    other
        The other end, on either side.
    """
    width = other - end
    unit = float(np.spacing(abs(end)))
    # Two logarithms: beside an end of 1e-320 the quotient is no number.
    count = min(_MOST, int(math.log(abs(width), 4.0) - math.log(_LEAST_UNITS * unit, 4.0)))
    if count < 6:
        return None
    outer = width * 4.0 ** -np.arange(count)
    low, high = end + np.minimum(outer, outer / 4), end + np.maximum(outer, outer / 4)
    half = 0.5 * (high - low)
    values = density(((0.5 * (low + high))[:, None] + half[:, None] * NODES).reshape(-1)).reshape(count, 21)
    if not np.isfinite(values).all():
        return None
    areas, errors, absolute = estimate(values, half)
    # What lies between a subinterval's last node and its end, no node sees.
    for place in (-END, END):
        seen = density(0.5 * (low + high) + half * place)
        errors += np.abs(seen - interpolated(values, np.full(count, place))) * (1.0 - NODES[-1]) * half
    value, spread = limit_of(np.cumsum(areas))
    # What rounding x did to each area, f = δ^-α with α < 1.
    noise = float(np.sum(np.abs(areas) * unit / np.abs(outer)))
    rest = value - float(areas.sum())
    if not math.isfinite(value) or abs(rest) > 0.5 * float(np.abs(areas).sum()) or abs(areas[-1]) >= abs(areas[-2]):
        return None
    return value, 2.0 * spread + 4.0 * noise + float(errors.sum()), float(absolute.sum()) + abs(rest)


def limit_of(sums: Array) -> tuple[float, float]:
    """Return the limit of a sequence by Wynn's epsilon algorithm, and how far its last estimates lie apart.

    Examples
    --------
    >>> limit, _ = limit_of(np.cumsum(0.5 ** np.arange(1, 9)))
    >>> print(f"{limit:.12f}")
    1.000000000000
    """
    before = np.zeros(len(sums) + 1)
    column = np.asarray(sums, np.float64)
    estimates: list[tuple[float, float]] = [(abs(column[-1] - column[-2]), float(column[-1]))]
    for order in range(1, len(sums)):
        difference = np.diff(column)
        if not np.all(difference != 0.0):
            break
        before, column = column, before[1:-1] + 1.0 / difference
        if order % 2 == 0 and len(column) >= 3:
            # Three neighbours that agree: the middle one's distance from both is what it may be off.
            apart = max(abs(column[-1] - column[-2]), abs(column[-2] - column[-3]))
            estimates.append((float(apart), float(column[-1])))
    spread, limit = min(estimates)
    return limit, spread
