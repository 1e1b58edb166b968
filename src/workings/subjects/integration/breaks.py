r"""Where an integrand jumps, bends, has a cusp or a pole inside a subinterval, found to the last digits.

Bisection halves a jump's error once a round, 27 times to the usual tolerance, and both rules may agree by chance on the
way. Second differences :math:`|f(u) - 2f(u + h) + f(u + 2h)|` tell such a place from a smooth stretch: with h they fall
like h² where f is smooth, like h at a bend, like √h at a root's cusp, and not at all at a jump. A pole is where the
integrand is highest, and ever higher.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["break_between", "pole_between"]

Array = NDArray[np.float64]

# So many places at once; the next are from one neighbour of the middle one to the other, 17 times as near together.
_PLACES = 35
_CLOSER = 2.0 / (_PLACES - 1)
# A bend leaves 1/17 of the second difference, half or twice that as it lies between the places; a smooth stretch 1/289.
_BENT = 0.2 * _CLOSER
# Second differences below so much of the values are their rounding.
_NOISE = 2.0**-46
_ENOUGH, _DEEPEST = 3, 24
# A pole is believed if the integrand there is so many times what it usually is in the subinterval.
_POLE_HEIGHT, _POLE_GROWS = 1e4, 10.0
# So many floats to either side of the last place are tried for it.
_ULPS = 8


def break_between(density: Callable[[Array], Array], low: float, high: float) -> float | None:
    """Return the place between two ends at which the density is least smooth, None where it is smooth.

    Parameters
    ----------
    density
        The integrand of arrays of places.
    low, high
        The subinterval; its ends are not touched, and not found.

    Examples
    --------
    >>> print(f"{break_between(lambda u: np.abs(u - 0.3), 0.0, 1.0):.12f}")
    0.300000000000
    >>> break_between(np.exp, 0.0, 1.0)
    """
    before, ends, found = 0.0, (low, high), None
    for level in range(_DEEPEST):
        # The ends of the whole are not touched.
        u, step = np.linspace(low, high, _PLACES if level else _PLACES + 2, retstep=True)
        u = u if level else u[1:-1]
        values = density(u)
        with np.errstate(invalid="ignore", over="ignore"):
            bends = np.abs(values[:-2] - 2.0 * values[1:-1] + values[2:])
        at = int(np.argmax(bends))
        largest, place = float(bends[at]), float(u[at + 1])
        if not np.isfinite(largest):
            return None
        found = place if level >= _ENOUGH and ends[0] < place < ends[1] else None
        # The places are rounded too, which tells where the values are steep. Neighbours may be one and the same float.
        steep = np.spacing(abs(place)) * float(np.abs(np.diff(values)).max()) / step
        if largest <= _NOISE * float(np.abs(values).max()) + 8.0 * steep:
            return found if found is None else _highest_beside(density, found)[0]
        # Beside an end of the whole it is the end that is not smooth.
        if largest < _BENT * before or (level == 0 and at in {0, len(bends) - 1}):
            return None
        if u[at + 2] - u[at] <= 2 * _ULPS * np.spacing(abs(place)):
            return found if found is None else _highest_beside(density, found)[0]
        before, low, high = largest, float(u[at]), float(u[at + 2])
    # Floats near 0 are finer than the steps of f's own rounding.
    return 0.0 if low <= 0.0 <= high else found


def _highest_beside(density: Callable[[Array], Array], place: float) -> tuple[float, float]:
    """Return the float near a place at which the density is largest, the nearest of several, and its size there.

    Cut one float beside a pole, the part that holds it would be infinite at both its ends.
    """
    around = place + np.spacing(abs(place)) * np.arange(-_ULPS, _ULPS + 1)
    sizes = np.abs(density(around))
    sizes[np.isnan(sizes)] = np.inf
    highest = np.flatnonzero(sizes == sizes.max())
    nearest = int(highest[np.argmin(np.abs(highest - _ULPS))])
    return float(around[nearest]), float(sizes[nearest])


def pole_between(density: Callable[[Array], Array], low: float, high: float, usual: float) -> float | None:
    """Return the place between two ends at which the density is infinite, as far as floats show it.

    Parameters
    ----------
    density
        The integrand of arrays of places.
    low, high
        The subinterval; its ends are not touched.
    usual
        The size that most values there have.
    """
    ends, outside = (low, high), math.nan
    while True:
        u = np.linspace(low, high, 35)[1:-1]
        sizes = np.abs(density(u))
        sizes[np.isnan(sizes)] = np.inf
        at = int(np.argmax(sizes))
        place, height = float(u[at]), float(sizes[at])
        outside = height if math.isnan(outside) else outside
        closer = float(u[at] - (u[1] - u[0])), float(u[at] + (u[1] - u[0]))
        if (
            math.isinf(height)
            or not (closer[1] - closer[0] < 0.5 * (high - low))
            or closer[1] - closer[0] < 4 * np.spacing(abs(place))
        ):
            break
        low, high = closer
    if closer[0] < 0.0 < closer[1]:
        # Nowhere are floats as near together: the integrand is infinite to them before its pole.
        place = 0.0
    else:
        place, height = _highest_beside(density, place)
    # Beside a jump from 0 anything is high; towards a pole it grows.
    high_enough = math.isinf(height) or height > max(_POLE_HEIGHT * usual, _POLE_GROWS * outside)
    return place if high_enough and ends[0] < place < ends[1] else None
