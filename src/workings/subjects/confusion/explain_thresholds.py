"""Several thresholds, worked: the counts and the two rates at each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    Node,
    at_least,
    both,
    equal,
    equation,
    indexed,
    iverson,
    negation,
    number,
    symbol,
    symbols,
    total,
)
from workings.language import Message, message
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import Derivation, Derived, Rule, Table, Working, shown

__all__ = ["AT_LEAST", "ScoredRows", "count_title", "explain_thresholds", "threshold_rows"]

i, t = symbols("i t")

AT_LEAST: tuple[None, Message, Message] = (
    None,
    message("≥ counts a score equal to the threshold as positive, as scikit-learn does"),
    message("with > only rows whose score is exactly the threshold would change"),
)

# So many rows are listed one by one at most, and so many thresholds.
_MOST_ROWS, _MOST_THRESHOLDS = 20, 50
# So many decisions are taken again one by one at most: of more, those at one threshold.
_MOST_COUNTED = 2_000
_CELLS = ("TP", "FP", "FN", "TN")


def count_title(name: str) -> Message:
    """Return what TP, FP, FN or TN is in words."""
    return {
        "TP": message("True positives"),
        "FP": message("False positives"),
        "FN": message("False negatives"),
        "TN": message("True negatives"),
    }[name]


def threshold_rows(table: ThresholdTable) -> Table:
    """Return the counts and the rates at each threshold (of many at an even choice), to be checked from the counts."""
    t, TP, FP, FN, TN = symbols("t TP FP FN TN")
    heads = (t, TP, FP, FN, TN, equation(symbol("TPR"), TP / (TP + FN)), equation(symbol("FPR"), FP / (FP + TN)))
    chosen = np.unique(np.linspace(0, len(table) - 1, _MOST_THRESHOLDS).astype(np.int64))
    columns = (column[chosen] for column in (table.thresholds, table.tp, table.fp, table.fn, table.tn))
    rows = (
        (cut, tp, fp, fn, tn, _share(tp, fn), _share(fp, tn))
        for cut, tp, fp, fn, tn in zip(*(column.tolist() for column in columns), strict=True)
    )
    return Table(heads, tuple(rows), total=None if len(chosen) == len(table) else len(table))


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


def explain_thresholds(
    table: ThresholdTable, rows: ScoredRows | None, of_matrix: Callable[[ConfusionMatrix], Working]
) -> Working:
    """Return the working of a table of thresholds; ``of_matrix`` explains the matrix at one of them."""
    w = Derivation("confusion", message("What does each threshold do?"))
    decision = equation(indexed("ŷ", i), iverson(at_least(indexed("s", i), t)))
    w.define("decision", decision, title=message("The decision on a row"))
    if table.actual is not None and len(table.actual) <= _MOST_ROWS:
        _add_rows(w, table)
    listed = threshold_rows(table)
    if rows is not None:
        rows.give(w)
        weighted = rows.weights is not None
        if len(listed.rows) * len(rows.scores) <= _MOST_COUNTED:
            listed = _counted_again(listed, weighted=weighted)
        else:
            _count_again(w, table, weighted=weighted)
    for name in ("TP", "FP"):
        body = _hits(name, t, weighted=table.tp.dtype.kind == "f")
        w.define(f"rule_{name}", equation(symbol(name), total(body, i, 1, symbol("n"))), title=count_title(name))
    w.table("thresholds", listed, title=message("At each threshold"))
    w.convention(*AT_LEAST)
    w.conclude(message("The higher the threshold, the fewer rows are called positive: TPR and FPR fall together."))

    def closer(threshold: float) -> Working:
        return of_matrix(table.confusion(int(np.argmin(np.abs(table.thresholds - threshold)))))

    return w.build(more=closer)


def _counted_again(table: Table, *, weighted: bool) -> Table:
    """Return the table with each count as what counting the rows once more gives."""

    def recounted(cut: Any, *cells: Any) -> tuple[Any, ...]:
        sums = (total(_hits(name, number(cut), weighted=weighted), i, 1, symbol("n")) for name in _CELLS)
        counts = (Derived(count, again) for count, again in zip(cells[: len(_CELLS)], sums, strict=True))
        return (cut, *counts, *cells[len(_CELLS) :])

    return replace(table, rows=tuple(recounted(*row) for row in table.rows))


def _count_again(w: Derivation, table: ThresholdTable, *, weighted: bool) -> None:
    """Count the rows once more at the threshold in the middle: the table's counts come from a search."""
    place = len(table) // 2
    cut = table.thresholds[place].item()
    w.given("c", cut, message("one of the thresholds"))
    title = message("Counted again at one of them: {threshold}", threshold=shown(cut))
    with w.part("counted_again", title, closed=True):
        for name, counts in zip(_CELLS, (table.tp, table.fp, table.fn, table.tn), strict=True):
            hits = total(_hits(name, symbol("c"), weighted=weighted), i, 1, symbol("n"))
            w.line(
                name.lower(),
                equation(symbol(name), hits),
                counts[place].item(),
                title=count_title(name),
                rule=Rule.COUNT,
                folded=True,
            )


def _hits(name: str, cut: Node, *, weighted: bool) -> Node:
    """Return what a row adds to TP, FP, FN or TN at a threshold."""
    reaches = at_least(indexed("s", i), cut)
    decided = reaches if name in ("TP", "FP") else negation(reaches)
    hit = iverson(both(equal(indexed("y", i), int(name in ("TP", "FN"))), decided))
    return indexed("w", i) * hit if weighted else hit


def _add_rows(w: Derivation, table: ThresholdTable) -> None:
    """List each row with its score and, for each threshold, its cell."""
    negative, positive = (str(label) for label in table.labels)
    cells = [[_told(yes, cell) for *_, yes, cell in table.rows(k)] for k in range(len(table))]
    heads = (
        message("row"),
        message("actual"),
        message("score"),
        *(message("≥ {threshold}?", threshold=shown(cut)) for cut in table.thresholds.tolist()),
    )
    rows = tuple(
        (row + 1, positive if is_positive else negative, score, *(column[row] for column in cells))
        for row, is_positive, score, *_ in table.rows(0)
    )
    w.table("rows", Table(heads, rows), title=message("Row by row: the decision at each threshold, and the cell"))


def _told(yes: bool, cell: str) -> Message:
    return message("yes, {cell}", cell=cell) if yes else message("no, {cell}", cell=cell)


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else math.nan
