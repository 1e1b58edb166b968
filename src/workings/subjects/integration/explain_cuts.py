"""How each end of a subinterval came about: a limit, a middle of a middle, or a place that was given or found.

The subintervals themselves tell: an end that lies midway between two others was a bisection, and of those that do not
it is known where they were cut. So every end follows from the limits, and is checked by that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, absolute, indexed, number
from workings.subjects.integration.result import Subintervals

__all__ = ["CUTS", "Ends", "ends_of", "limit"]

Array = NDArray[np.float64]

CUTS = "c"
"""The name under which a working knows the places that are no middles."""

_UNIT = number(0), number(1)

# A middle is rounded, and so is what it was computed from.
_UNITS = 8.0


def limit(value: float) -> Node:
    """Return a limit as a node, 10 for 10.0."""
    return number(int(value)) if math.isfinite(value) and value == int(value) else number(value)


@dataclass(frozen=True, eq=False)
class Ends:
    """What the ends of n subintervals are.

    Parameters
    ----------
    places
        (n + 1) from the lowest to the highest: what each follows from.
    halves
        (n) half the length of each subinterval, in u = 1/(1 + |x - c|) where it lies in a piece from c to infinity.
    sizes
        (n) the largest coordinate of each subinterval.
    cuts
        The places that are no middles, in the order in which the statements count them.
    within
        (n + 1) how far rounding may have moved each end.
    """

    places: list[Node]
    halves: list[Node]
    sizes: list[float]
    cuts: tuple[float, ...]
    within: list[float]


def ends_of(cut: Subintervals) -> Ends:
    """Return how the ends of these subintervals follow from the limits."""
    edges = np.append(cut.low, cut.high[-1])
    cuts = (*cut.pieces[1:-1], *cut.breaks)
    outer: list[Node] = [indexed(CUTS, k + 1) for k in range(len(cut.pieces) - 2)]
    outer = [limit(cut.pieces[0]), *outer, limit(cut.pieces[-1])]
    starts = np.searchsorted(edges, cut.pieces).tolist()
    places: list[Node] = [outer[0]]
    halves: list[Node] = []
    sizes: list[float] = []
    for (first, last), (low, high) in zip(pairwise(starts), pairwise(outer), strict=True):
        piece = _Piece(edges[first : last + 1], low, high, cuts, len(cut.pieces) - 2)
        places += [*piece.places()[1:-1], high]
        sizes += piece.sizes()
        halves += [(more - less) / 2 if piece.kind <= 0 else (less - more) / 2 for less, more in pairwise(piece.at)]
    size = max((abs(end) for end in cut.pieces if math.isfinite(end)), default=0.0)
    within = [_UNITS * math.ulp(max(size, abs(edge))) if math.isfinite(edge) else 0.0 for edge in edges.tolist()]
    return Ends(places, halves, sizes, cuts, within)


class _Piece:
    """One piece of the range, in its coordinate.

    Parameters
    ----------
    edges
        The ends of its subintervals, ascending.
    low, high
        What the first and the last of them follow from.
    cuts
        All places that are no middles.
    known
        How many of them lie between pieces, and in none.
    """

    def __init__(self, edges: Array, low: Node, high: Node, cuts: tuple[float, ...], known: int) -> None:
        self.edges = edges
        first, last = float(edges[0]), float(edges[-1])
        self.kind = 1 if math.isinf(last) else -1 if math.isinf(first) else 0
        self.origin = low if self.kind > 0 else high
        self._breaks = [(k + 1, place) for k, place in enumerate(cuts) if k >= known and first < place < last]
        count = len(edges)
        self.at: list[Node] = [number(0)] * count
        if self.kind == 0:
            self._u, self._off = edges, np.spacing(np.abs(edges))
            self.at[0], self.at[-1] = low, high
        else:
            finite = last if self.kind < 0 else first
            with np.errstate(all="ignore"):
                self._u = 1.0 / (1.0 + np.abs(edges - finite))
                moved = np.spacing(np.maximum(np.abs(edges), abs(finite)))
                self._off = np.where(self._u > 0.0, self._u * self._u * moved, 0.0) + np.spacing(self._u)
            self.at[0], self.at[-1] = (number(1), number(0)) if self.kind > 0 else (number(0), number(1))
        self._cut = dict[int, int]()
        self._resolve()

    def places(self) -> list[Node]:
        """Return what each end follows from, as a place x."""
        if self.kind == 0:
            return self.at
        one = number(1)
        away = [(one - u) / u for u in self.at[1:-1]]
        middles = [self.origin + part if self.kind > 0 else self.origin - part for part in away]
        inner = [indexed(CUTS, self._cut[k]) if k in self._cut else middle for k, middle in enumerate(middles, 1)]
        return [self.origin, *inner, self.origin]

    def sizes(self) -> list[float]:
        """Return the largest coordinate of each subinterval."""
        size = np.abs(self._u)
        return np.maximum(size[:-1], size[1:]).tolist()

    def _resolve(self) -> None:
        """Find from what each inner end follows: what was not cut midway was cut at the first break in it."""
        waiting: list[tuple[int, int, Node, Node, Fraction, Fraction]] = [
            (0, len(self.edges) - 1, self.at[0], self.at[-1], Fraction(0), Fraction(1))
            if self.kind <= 0
            else (0, len(self.edges) - 1, self.at[-1], self.at[0], Fraction(1), Fraction(0))
        ]
        while waiting:
            i, j, start, stop, low, high = waiting.pop()
            if j == i + 1:
                continue
            middle = 0.5 * (self._u[i] + self._u[j])
            k = i + 1 + int(np.argmin(np.abs(self._u[i + 1 : j] - middle)))
            near = abs(self._u[k] - middle) <= _UNITS * float(self._off[[i, j, k]].max())
            broken = None if near else self._break_between(i, j)
            if broken is None:
                half = (low + high) / 2
                share = number(half.numerator) / number(half.denominator)
                self.at[k] = share if (start, stop) == _UNIT else start + (stop - start) * share
                waiting += [(i, k, start, stop, low, half), (k, j, start, stop, half, high)]
                continue
            k, self._cut[k] = broken[0], broken[1]
            place = indexed(CUTS, broken[1])
            self.at[k] = place if self.kind == 0 else 1 / (1 + absolute(place - self.origin))
            for one, other in ((i, k), (k, j)):
                waiting.append((one, other, self.at[one], self.at[other], Fraction(0), Fraction(1)))

    def _break_between(self, i: int, j: int) -> tuple[int, int] | None:
        """Return at which end, and by which of the places that are no middles, a stretch was cut first."""
        for number_of, place in self._breaks:
            k = int(np.searchsorted(self.edges, place))
            if i < k < j and self.edges[k] == place:
                return k, number_of
        return None
