"""The usual case first: one smooth subinterval, with as few calls beside the integrand's as it can be.

``quad`` needs 3 µs for the integral of ``math.sin``; the arrays of the general way would take a hundred times as long
to set up. The rule, the tolerance and the look between the nodes are the general way's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.language import message
from workings.subjects.integration.adaptive import Round
from workings.subjects.integration.integrand import Integrand
from workings.subjects.integration.result import Subintervals
from workings.subjects.integration.rule import NODES, estimate_one, interpolation
from workings.subjects.integration.status import Status
from workings.subjects.integration.support import GOLDEN, NEAR

__all__ = ["quick"]

Array = NDArray[np.float64]

_NOT_SETTLED = np.zeros(1, bool)


def _looks(count: int) -> tuple[Array, Array, Array]:
    """Return places in (-1, 1), the matrix from the nodes to values there, and what stretch each stands for."""
    even = np.modf((np.arange(1, count + 1) + 0.5) * GOLDEN)[0]
    places = np.concatenate([-1.0 + 2.0 * NEAR, 2.0 * even - 1.0, 1.0 - 2.0 * NEAR])
    return places, interpolation(NODES, places), np.concatenate([2.0 * NEAR, np.full(count, 2.0 / count), 2.0 * NEAR])


_FEW, _FEW_MATRIX, _FEW_STRETCHES = _looks(44)
_MANY, _MANY_MATRIX, _MANY_STRETCHES = _looks(128)


def quick(
    integrand: Integrand, low: float, high: float, epsabs: float, epsrel: float
) -> tuple[float, float, Status, Subintervals] | None:
    """Return value, error, status and the one subinterval; None where one is not enough."""
    half, middle = 0.5 * (high - low), 0.5 * (low + high)
    with np.errstate(all="ignore"):
        places = middle + half * NODES
        values = integrand(places)
        value, error, absolute = estimate_one(values, half)
        tolerance = max(epsabs, epsrel * abs(value))
        # NaN and infinity fail here, and so does an integrand that was 0 at every node.
        if not (error <= tolerance and 0.0 < absolute < math.inf):
            return None
        if integrand.vectorized:
            looked, matrix, stretch = integrand(middle + half * _MANY), _MANY_MATRIX, _MANY_STRETCHES
        else:
            looked = np.array(integrand.one_by_one((middle + half * _FEW).tolist()))
            matrix, stretch = _FEW_MATRIX, _FEW_STRETCHES
        if not float((np.abs(matrix @ values - looked) * stretch).max()) * half <= tolerance:
            return None
        # Far more than at any node: a peak that all of them missed, however small its foot is here.
        if float(np.abs(looked).max()) > 1e3 * float(np.abs(values).max()):
            return None
    status = Status(
        "converged",
        message(
            "The estimated error {error} is within the tolerance {tolerance}.",
            error=f"{error:.3g}",
            tolerance=f"{tolerance:.3g}",
        ),
    )
    lows, highs, found, off = np.array([[low], [high], [value], [error]])
    cut = Subintervals(lows, highs, found, off, _NOT_SETTLED, (Round(1, integrand.evaluations, value, error),))
    return value, error, status, cut
