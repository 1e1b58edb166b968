"""The counts at some thresholds taken a second time: from the rows one by one, apart from what computed them.

Of few rows every count is a sum that the check of a working evaluates itself. Of many the rows are compared with each
threshold here, where the computation sorts or searches, and the working starts from what that gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together
from workings.expression import Node, at_least, both, equal, indexed, iverson, negation, symbol, symbols, total
from workings.language import message
from workings.working import Derivation, Derived, Table

__all__ = ["CELLS", "MOST_COUNTED", "ScoredRows", "ThresholdCounts", "give_thresholds", "hits"]

CELLS = ("TP", "FP", "FN", "TN")

# So many decisions are taken again one by one at most.
MOST_COUNTED = 500
# As many rows at a time stay close by while they are compared with one threshold after another.
_BLOCK = 1 << 16
# What adding up weights leaves of them.
_LEFT = 1e-12

i, P, N = symbols("i P N")


@dataclass(frozen=True)
class ScoredRows:
    """Whether each row is positive, its score, its weight."""

    positive: NDArray[np.bool_]
    scores: NDArray[Any]
    weights: NDArray[Any] | None = None

    def give(self, w: Derivation) -> None:
        """Let a working start from the rows: y, s, w and n."""
        w.given("y", self.positive.astype(np.int64), message("1 for a positive row, 0 for a negative one"))
        w.given("s", self.scores, message("the scores"))
        if self.weights is not None:
            w.given("w", self.weights, message("the weights of the rows"))
        w.given("n", len(self.scores), message("the number of rows"))

    def reaching(self, cuts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return for each threshold how many positives and how many negatives reach it, by comparing every row."""
        limits = [_limit(self.scores, cut) for cut in cuts.tolist()]
        starts = range(0, len(self.scores), _BLOCK)
        blocks = run_together([partial(self._of_block, start, limits) for start in starts])
        if self.weights is None:
            found = np.array(blocks, np.int64).sum(axis=0)
        else:
            found = np.array([[math.fsum(of_cut) for of_cut in side] for side in np.moveaxis(np.array(blocks), 0, -1)])
        return found[0], found[1]

    def _of_block(self, start: int, limits: list[Any]) -> list[list[Any]]:
        here = slice(start, start + _BLOCK)
        positive, scores = self.positive[here], self.scores[here]
        weights = None if self.weights is None else self.weights[here]
        sides = [(scores[of], None if weights is None else weights[of]) for of in (positive, ~positive)]
        return [[_sum(column >= cut, of_rows) for cut in limits] for column, of_rows in sides]


def _limit(scores: NDArray[Any], cut: Any) -> Any:
    """Return the threshold as NumPy compares it exactly: beyond 2^53 a whole number beside a float would be rounded."""
    return math.ceil(cut) if scores.dtype.kind == "i" and isinstance(cut, float) and math.isfinite(cut) else cut


def _sum(reached: NDArray[np.bool_], weights: NDArray[Any] | None) -> Any:
    return int(np.count_nonzero(reached)) if weights is None else float((weights * reached).sum())


def hits(name: str, cut: Node, *, weighted: bool) -> Node:
    """Return what a row adds to TP, FP, FN or TN at a threshold."""
    reaches = at_least(indexed("s", i), cut)
    decided = reaches if name in ("TP", "FP") else negation(reaches)
    hit = iverson(both(equal(indexed("y", i), int(name in ("TP", "FN"))), decided))
    return indexed("w", i) * hit if weighted else hit


@dataclass(frozen=True)
class ThresholdCounts:
    """What the four counts at each of some thresholds are to be, for the cells of tables to be held against.

    Parameters
    ----------
    places
        Of each threshold its number, counted from 1.
    of
        Gives what TP, FP, FN or TN at the threshold of a number follows from.
    absolute
        How far a count may lie from it: weights are added up in another order.
    """

    places: dict[float, int]
    of: Callable[[str, int], Node]
    absolute: float = 0.0

    @classmethod
    def of_rows(cls, w: Derivation, rows: ScoredRows, cuts: Iterable[float]) -> ThresholdCounts:
        """Return the counts of rows, from which the working has started."""
        column, places = give_thresholds(w, cuts)
        weights = rows.weights
        if len(column) * len(rows.scores) <= MOST_COUNTED:
            weighted = weights is not None

            def summed(name: str, place: int) -> Node:
                return total(hits(name, indexed("tau", place), weighted=weighted), i, 1, symbol("n"))

            return cls(places, summed, 0.0 if weights is None else _LEFT * float(weights.sum()))
        whole = _sum(rows.positive, weights), _sum(~rows.positive, weights)
        return cls.given(w, places, rows.reaching(column), whole)

    @classmethod
    def given(
        cls,
        w: Derivation,
        places: dict[float, int],
        reaching: tuple[NDArray[Any], NDArray[Any]],
        whole: tuple[float, float],
    ) -> ThresholdCounts:
        """Return counts that are given: those reaching each threshold, numbered by ``places``, and all."""
        (tp, fp), (positives, negatives) = reaching, whole
        w.given("A", tp, message("positive rows at or above each threshold in the tables"), source="state")
        w.given("B", fp, message("negative rows at or above each threshold in the tables"), source="state")
        w.given("A_n", positives, message("positive rows"), source="state")
        w.given("B_n", negatives, message("negative rows"), source="state")

        def counted(name: str, place: int) -> Node:
            side = "A" if name in ("TP", "FN") else "B"
            above = indexed(side, place)
            return above if name in ("TP", "FP") else symbol(f"{side}_n") - above

        return cls(places, counted, _LEFT * (positives + negatives) if tp.dtype.kind == "f" else 0.0)

    def checked(self, table: Table, names: tuple[str, ...] = CELLS) -> Table:
        """Return a table of thresholds and counts with every one of them to be held against the rows.

        Its first column is the threshold; the counts of these names follow.
        """

        def of_row(cut: Any, *cells: Any) -> tuple[Any, ...]:
            place = self.places[cut]
            counts = (
                Derived(count, self.of(name, place), self.absolute) for name, count in zip(names, cells, strict=False)
            )
            return (Derived(cut, indexed("tau", place)), *counts, *cells[len(names) :])

        return replace(table, rows=tuple(of_row(*row) for row in table.rows))


def give_thresholds(w: Derivation, cuts: Iterable[float]) -> tuple[NDArray[Any], dict[float, int]]:
    """Let the working start from the thresholds; return them and the number of each."""
    distinct = sorted({*cuts}, reverse=True)
    column = np.array(distinct, np.int64 if all(isinstance(cut, int) for cut in distinct) else np.float64)
    w.given("tau", column, message("the thresholds in the tables"))
    return column, {cut: place for place, cut in enumerate(distinct, 1)}
