r"""Where an integrand jumps, bends or has a cusp inside a subinterval: found to the last digits, so as to be cut there.

Bisection halves a jump's error once a round, 27 times to the usual tolerance, and both rules may agree by chance on the
way. Second differences :math:`|f(u) - 2f(u + h) + f(u + 2h)|` tell such a place from a smooth stretch: with h they fall
like h² where f is smooth, like h at a bend, like √h at a root's cusp, and not at all at a jump.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["break_between"]

Array = NDArray[np.float64]

# So many places at once; the next are from one neighbour of the middle one to the other, 17 times as near together.
_PLACES = 35
_CLOSER = 2.0 / (_PLACES - 1)
# A bend leaves 1/17 of the second difference, half or twice that as it lies between the places; a smooth stretch 1/289.
_BENT = 0.2 * _CLOSER
# Second differences below so much of the values are their rounding.
_NOISE = 2.0**-46
_ENOUGH, _DEEPEST = 3, 24


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
    before, ends = 0.0, (low, high)
    for level in range(_DEEPEST):
        # The ends of the whole are not touched.
        u = np.linspace(low, high, _PLACES + 2)[1:-1] if level == 0 else np.linspace(low, high, _PLACES)
        values = density(u)
        bends = np.abs(values[:-2] - 2.0 * values[1:-1] + values[2:])
        at = int(np.argmax(bends))
        largest, place = float(bends[at]), float(u[at + 1])
        if not np.isfinite(largest):
            return None
        found = place if level >= _ENOUGH and ends[0] < place < ends[1] else None
        # The places are rounded too, which tells where the values are steep.
        steep = np.spacing(abs(place)) * float(np.abs(np.diff(values)).max()) / (u[1] - u[0])
        if largest <= _NOISE * float(np.abs(values).max()) + 8.0 * steep:
            return found
        # Beside an end of the whole it is the end that is not smooth.
        if largest < _BENT * before or (level == 0 and at in {0, len(bends) - 1}):
            return None
        if u[at + 2] - u[at] <= 16.0 * np.spacing(abs(place)):
            return found
        before, low, high = largest, float(u[at]), float(u[at + 2])
    return None
