"""Where an adaptive integration stands: its subintervals, their sums, and what each round came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.support import Probes

__all__ = ["Panels", "Round", "State"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panels:
    """The subintervals, one a row.

    Parameters
    ----------
    piece, low, high
        Which piece of the path, and the coordinate's range in it.
    value, error, absolute
        The integral, its estimated error and ∫|f|. The error is infinite where the integrand is undefined at a node.
    floor
        What rounding alone leaves of the error.
    nodes
        (n, 21) the integrand in the coordinate.
    undefined
        At how many nodes the integrand is undefined.
    ends
        (n, 2) whether the low and the high end may be singular: a limit, a break point, an undefined place.
    stalled
        How many bisections in a row were of little use.
    slow
        The same, not reset by what was tried against it.
    distrust
        By how much the last bisection found the estimate too small; 1 if it did not.
    depth
        How many bisections it came from.
    settled
        Whether it is the double-exponential rule's, and final.
    raised
        Whether the last bisection raised the estimate.
    gap
        What may be missed between its outermost nodes and its ends; NaN where that was not looked at yet.
    """

    piece: NDArray[np.int64]
    low: Array
    high: Array
    value: Array
    error: Array
    absolute: Array
    floor: Array
    nodes: Array
    undefined: NDArray[np.int64]
    ends: NDArray[np.bool_]
    stalled: NDArray[np.int64]
    slow: NDArray[np.int64]
    distrust: Array
    depth: NDArray[np.int64]
    settled: NDArray[np.bool_]
    raised: NDArray[np.bool_]
    gap: Array

    def __len__(self) -> int:
        return len(self.low)

    def take(self, rows: Any) -> Panels:
        """Return some of the rows."""
        return Panels(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def joined(self, other: Panels) -> Panels:
        """Return the rows of both."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Panels(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Round:
    """Where a step left the integration: how many subintervals and values, and the sums over them."""

    panels: int
    evaluations: int
    value: float
    error: float


@dataclass(frozen=True, eq=False)
class State:
    """Where an integration stands.

    Parameters
    ----------
    panels
        The subintervals.
    value, error, absolute
        Their sums.
    probes
        Further places at which the integrand was looked at, with its values.
    suspicious
        Rows of ``panels`` in which a probe found what the nodes had missed.
    divergent
        Coordinates of ends towards which the area grows.
    rounds
        What each step came to.
    """

    panels: Panels
    value: float
    error: float
    absolute: float
    probes: Probes
    suspicious: NDArray[np.int64]
    divergent: tuple[float, ...]
    rounds: tuple[Round, ...]
