"""The points of a curve as tables: at every threshold, at the usual ones, at some; each count held against the rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays.threads import run_together
from workings.expression import Node, at_least, equation, indexed, iverson, largest, symbols
from workings.language import message
from workings.subjects.confusion.counted_again import ScoredRows, ThresholdCounts, give_thresholds
from workings.subjects.confusion.explain_thresholds import threshold_rows
from workings.subjects.confusion.scores import as_scores
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.subjects.roc.input import weights_of_rows
from workings.working import Derivation, Derived, Table

__all__ = ["PointTables", "scored_rows", "shown_cuts"]

# A curve of so many points at most is shown whole; of a longer one the points at some thresholds.
_MOST_POINTS = 20
# Of a longer one so many are shown, spread evenly, beside those thresholds; and so many on demand.
_MOST_SPREAD = 7
_MOST_LISTED = 38
_USUAL = (0.3, 0.5, 0.7)
# Without the rows, so many points and thresholds at most are held against each other line by line.
_MOST_COMPARED = 500
_BLOCK = 1 << 18
# A class of a longer name is not named in the head of a column.
_LONGEST_HEAD = 10

P, N, k, m = symbols("P N k m")


def scored_rows(positive: NDArray[np.bool_], y_score: ArrayLike, sample_weight: ArrayLike | None) -> ScoredRows:
    """Return the rows of arguments that a curve was computed from."""
    weights = weights_of_rows(sample_weight, len(positive), function="explain")
    return ScoredRows(positive, as_scores(y_score, function="explain", argument="y_score"), weights)


def shown_cuts(curve: RocCurve, costs: tuple[float, float] = (1.0, 1.0)) -> list[float]:
    """Return the thresholds whose points are shown: all of a short curve, else the usual, the best, and a spread."""
    groups = curve.groups
    if len(groups) <= _MOST_POINTS:
        return [math.inf, *groups.scores.tolist()]
    best: list[float] = []
    if curve.positives and curve.negatives:
        best = [
            curve.best_threshold("youden").threshold,
            curve.best_threshold("corner").threshold,
            curve.best_threshold("cost", cost_fp=costs[0], cost_fn=costs[1]).threshold,
        ]
    spread = groups.scores[np.linspace(0, len(groups) - 1, _MOST_SPREAD).astype(np.int64)].tolist()
    return sorted({*_usual(curve), *best, *spread}, reverse=True)


def _usual(curve: RocCurve) -> tuple[float, ...]:
    """Return the thresholds that are asked for most, where the scores are probabilities."""
    return _USUAL if curve.groups.scores[-1] >= 0 and curve.groups.scores[0] <= 1 else ()


class PointTables:
    """The tables of a curve's points in a working, whose counts are all taken a second time.

    Parameters
    ----------
    w
        The working, which has the points and, where they are at hand, the rows.
    curve
        The curve.
    rows
        The rows behind it.
    terms
        The points.
    costs
        What the two errors cost, for the best thresholds.
    """

    def __init__(
        self, w: Derivation, curve: RocCurve, rows: ScoredRows | None, terms: Terms, costs: tuple[float, float]
    ) -> None:
        groups = curve.groups
        self._w, self._curve, self._few = w, curve, terms.few
        self.short = len(groups) <= _MOST_POINTS
        self._cuts = {"thresholds": shown_cuts(curve, costs)}
        if self.short:
            if usual := _usual(curve):
                self._cuts["usual"] = list(usual)
        else:
            chosen = np.unique(np.linspace(0, len(groups) - 1, _MOST_LISTED).astype(np.int64))
            self._cuts["every_threshold"] = [math.inf, *groups.scores[chosen].tolist()]
        every = {cut for cuts in self._cuts.values() for cut in _finite(curve, cuts)}
        self._counts = _of_points(w, curve, terms, every) if rows is None else ThresholdCounts.of_rows(w, rows, every)

    def add(self) -> None:
        """Add the counts and the point at each threshold, the scores sorted from the highest, and at the usual ones."""
        w, curve = self._w, self._curve
        listed = self.table("thresholds")
        if self.short:
            title = message("The rows sorted by score, and the point at each threshold")
            w.table("thresholds", self._with_rows(listed) if self._few and not curve.weighted else listed, title=title)
            if "usual" in self._cuts:
                w.table("usual", self.table("usual"), title=message("The points at the usual thresholds"))
            return
        total = len(curve.groups) + 1
        w.table("thresholds", replace(listed, total=total), title=message("Points of the curve"))
        with w.part("all_points", message("The scores sorted, and the point at each"), closed=True):
            every = replace(self.table("every_threshold"), total=total)
            w.table("every_threshold", every, title=message("From the highest score"))

    def table(self, key: str, of: Callable[[Table], Table] | None = None, names: tuple[str, ...] = ()) -> Table:
        """Return one of the tables; ``of`` makes another of its rows, with the counts of these names."""
        cuts = self._cuts[key]
        finite = _finite(self._curve, cuts)
        found = threshold_rows(self._curve.table(finite))
        if of is not None:
            return self._counts.checked(of(found), names)
        found = self._counts.checked(found)
        if len(finite) == len(cuts):
            return found
        # At the threshold of infinity no row is called positive, and TPR and FPR say so of TP and FP.
        positives, negatives = self._curve.positives, self._curve.negatives
        rates = (0.0 if count else math.nan for count in (positives, negatives))
        above = Derived(math.inf, indexed("t", 1)) if self._few else math.inf
        nothing = (above, 0, 0, Derived(positives, P), Derived(negatives, N), *rates)
        return replace(found, rows=(nothing, *found.rows))

    def _with_rows(self, table: Table) -> Table:
        """Return the points with how many rows of each class have each score: those that a step takes in."""
        curve, groups = self._curve, self._curve.groups

        def step(letter: str, whole: str, count: int, at: int) -> Derived:
            return Derived(count, equation(indexed(letter, at), indexed(whole, at + 1) - indexed(whole, at)))

        taken = enumerate(zip(groups.positives.tolist(), groups.negatives.tolist(), strict=True), 1)
        steps = [(step("p", "T", p, at), step("q", "F", q, at)) for at, (p, q) in taken]
        negative, positive = (str(label) for label in curve.shown_labels)
        if max(len(negative), len(positive)) > _LONGEST_HEAD:
            heads = message("new positive"), message("new negative")
        else:
            heads = message('new "{label}"', label=positive), message('new "{label}"', label=negative)
        first, *rest = table.columns
        cells = tuple(
            (cut, *new, *others) for (cut, *others), new in zip(table.rows, ((None, None), *steps), strict=True)
        )
        return replace(table, columns=(first, *heads, *rest), rows=cells)


def _finite(curve: RocCurve, cuts: Iterable[float]) -> list[float]:
    """Return the thresholds but infinity, in the scores' precision: 64-bit integers would be rounded beside floats."""
    found = [cut for cut in cuts if math.isfinite(cut)]
    return curve.table(found).thresholds.tolist() if found else []


def _of_points(w: Derivation, curve: RocCurve, terms: Terms, cuts: Iterable[float]) -> ThresholdCounts:
    """Return the counts at thresholds as the points have them, found by comparing every point's threshold."""
    column, places = give_thresholds(w, cuts)
    # Beside infinity 64-bit integers are floats, in which large ones are no longer different.
    exact = curve.groups.scores.dtype.kind == "f"
    if terms.few and exact and len(column) * terms.count <= _MOST_COMPARED:

        def reaching(name: str, place: int) -> Node:
            side, whole = ("T", P) if name in ("TP", "FN") else ("F", N)
            above = largest(indexed(side, k) * iverson(at_least(indexed("t", k), indexed("tau", place))), k, 1, m + 1)
            return above if name in ("TP", "FP") else whole - above

        return ThresholdCounts(places, reaching)
    scores = curve.groups.scores

    def of_block(start: int) -> list[int]:
        return [int(np.count_nonzero(scores[start : start + _BLOCK] >= cut)) for cut in column.tolist()]

    found = np.sum(run_together([partial(of_block, start) for start in range(0, len(scores), _BLOCK)]), axis=0)
    pairs = np.array([curve.groups.counts_of(int(count)) for count in found])
    return ThresholdCounts.given(w, places, (pairs[:, 0], pairs[:, 1]), (curve.positives, curve.negatives))
