"""The usual case first: one smooth subinterval, with as few calls beside the integrand's as it can be.

``quad`` needs 3 µs for the integral of ``math.sin``; the arrays of the general way would take a hundred times as long
to set up. The rule, the tolerance and the look between the nodes are the general way's.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workings.language import message
from workings.subjects.integration.integrand import Integrand
from workings.subjects.integration.panels import Round
from workings.subjects.integration.result import Subintervals
from workings.subjects.integration.rule import NODES, estimate_one, interpolation
from workings.subjects.integration.status import Status
from workings.subjects.integration.support import NEAR

__all__ = ["quick"]

Array = NDArray[np.float64]

_NEITHER = np.zeros(1, bool)


class _Looks:
    """Places between the nodes of (-1, 1), and near both ends.

    Parameters
    ----------
    apart
        How far apart nodes and places may be. Each gap between nodes is cut evenly; as no two have the same length, the
        places are on no grid that a periodic integrand has.
    """

    def __init__(self, apart: float) -> None:
        inside: list[float] = []
        cells: list[float] = []
        for left, right in pairwise([-1.0, *NODES.tolist(), 1.0]):
            cell = (right - left) / math.ceil((right - left) / apart)
            inside += [left + k * cell for k in range(1, round((right - left) / cell))]
            cells += [cell] * (len(inside) - len(cells))
        places = np.concatenate([2.0 * NEAR - 1.0, inside, 1.0 - 2.0 * NEAR])
        self.places: Array = np.concatenate([NODES, places])
        """The nodes, then the places."""
        self.matrix = interpolation(NODES, places)
        self.stretches: Array = np.concatenate([2.0 * NEAR, cells, 2.0 * NEAR])
        self._weights = np.stack([self.stretches, np.ones(len(places))])

    def agree(self, values: Array, looked: Array, half: float, tolerance: float, absolute: float) -> bool:
        """Return whether what was seen there is what the polynomial through the nodes has."""
        apart = np.abs(self.matrix.dot(values) - looked)
        # The sums are more than the largest of their terms; usually they are small enough, and cost less.
        area, total = self._weights.dot(apart).tolist()
        if not area * half <= tolerance and not float((apart * self.stretches).max()) * half <= tolerance:
            return False
        # Far more than at any node: a peak that all of them missed, however small its foot is here. The largest value
        # at a node is no less than their mean, and the polynomial nowhere more than a few times as large.
        return bool(
            total * half <= 100.0 * absolute or float(np.abs(looked).max()) <= 1e3 * float(np.abs(values).max())
        )


# In parts of half the range: a peak of a thousandth of it shows; twice as near where one call computes them all. The
# functions of the module math have no peaks, and a call of theirs takes less time than what is done with its value.
_SOME, _MANY, _OF_MATH = _Looks(1 / 50), _Looks(1 / 100), _Looks(1 / 16)


def quick(
    integrand: Integrand, low: float, high: float, epsabs: float, epsrel: float
) -> tuple[float, float, Status, Subintervals] | None:
    """Return value, error, status and the one subinterval; None where one is not enough."""
    half, middle = 0.5 * (high - low), 0.5 * (low + high)
    if integrand.of_math:
        # One call for all places takes less time than two. There is nothing to be silenced: at worst a value is NaN.
        values = integrand.one_by_one((middle + half * _OF_MATH.places).tolist())
        nodes = values[:21]
        value, error, absolute = estimate_one(nodes, half)
        tolerance = max(epsabs, epsrel * abs(value))
        if not (error <= tolerance and epsabs < absolute < math.inf):
            return None
        if not _OF_MATH.agree(nodes, values[21:], half, tolerance, absolute):
            return None
    else:
        looks = _MANY if integrand.vectorized else _SOME
        places = middle + half * looks.places
        with np.errstate(all="ignore"):
            nodes = integrand.quiet(places[:21])
            value, error, absolute = estimate_one(nodes, half)
            tolerance = max(epsabs, epsrel * abs(value))
            # NaN and infinity fail here, and so does an integrand that was 0 or next to it at every node.
            if not (error <= tolerance and epsabs < absolute < math.inf):
                return None
            if looks is _SOME and integrand.vectorized:  # it is known only now
                looks, places = _MANY, middle + half * _MANY.places
            if not looks.agree(nodes, integrand.quiet(places[21:]), half, tolerance, absolute):
                return None
    status = Status(
        "converged",
        message(
            "The estimated error {error:.3g} is within the tolerance {tolerance:.3g}.",
            error=error,
            tolerance=tolerance,
        ),
    )
    row = np.array([low, high, value, error])
    rounds = (Round(1, integrand.evaluations, value, error),)
    cut = Subintervals(
        row[0:1],
        row[1:2],
        row[2:3],
        row[3:4],
        _NEITHER,
        rounds,
        raised=_NEITHER,
        nodes=nodes[None],
        pieces=(low, high),
        breaks=(),
    )
    return value, error, status, cut
