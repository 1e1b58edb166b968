"""Several thresholds, worked: the counts and the two rates at each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import at_least, equation, indexed, iverson, symbol, symbols, total
from workings.language import Message, message
from workings.subjects.confusion import compute
from workings.subjects.confusion.counted_again import ScoredRows, ThresholdCounts, give_thresholds, hits
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import Derivation, Derived, Table, Working, shown

__all__ = ["AT_LEAST", "count_title", "explain_thresholds", "threshold_rows"]

i, t = symbols("i t")

AT_LEAST: tuple[None, Message, Message] = (
    None,
    message("≥ counts a score equal to the threshold as positive, as scikit-learn does"),
    message("with > only rows whose score is exactly the threshold would change"),
)

# So many rows are listed one by one at most, and so many thresholds.
_MOST_ROWS, _MOST_THRESHOLDS, _MOST_ACROSS = 20, 50, 5


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
    chosen = _listed(table)
    columns = (column[chosen] for column in (table.thresholds, table.tp, table.fp, table.fn, table.tn))
    rows = (
        (cut, tp, fp, fn, tn, _share(tp, fn), _share(fp, tn))
        for cut, tp, fp, fn, tn in zip(*(column.tolist() for column in columns), strict=True)
    )
    return Table(heads, tuple(rows), total=None if len(chosen) == len(table) else len(table))


def _listed(table: ThresholdTable) -> NDArray[np.int64]:
    """Return the places of the thresholds that are listed."""
    return np.unique(np.linspace(0, len(table) - 1, _MOST_THRESHOLDS).astype(np.int64))


def explain_thresholds(
    table: ThresholdTable, rows: ScoredRows | None, of_matrix: Callable[[ConfusionMatrix], Working]
) -> Working:
    """Return the working of a table of thresholds; ``of_matrix`` explains the matrix at one of them."""
    w = Derivation("confusion", message("What does each threshold do?"))
    decision = equation(indexed("ŷ", i), iverson(at_least(indexed("s", i), t)))
    w.define("decision", decision, title=message("The decision on a row"))
    if rows is not None:
        rows.give(w)
    if table.actual is not None and table.scores is not None and len(table.actual) <= _MOST_ROWS:
        if rows is None:
            w.given("s", table.scores, message("the scores"))
        _add_rows(w, table)
    cuts = table.thresholds[_listed(table)].tolist()
    for name in ("TP", "FP"):
        body = hits(name, t, weighted=table.tp.dtype.kind == "f")
        w.define(f"rule_{name}", equation(symbol(name), total(body, i, 1, symbol("n"))), title=count_title(name))
    if rows is not None:
        counts = ThresholdCounts.of_rows(w, rows, cuts)
        note = message("Every row is compared again with each of these thresholds.")
    else:
        counts = _of_table(w, table, cuts)
        note = message("The counts are the table's own: the rows are not at hand to be counted again.")
    w.table("thresholds", replace(counts.checked(threshold_rows(table)), note=note), title=message("At each threshold"))
    w.convention(*AT_LEAST)
    w.conclude(message("The higher the threshold, the fewer rows are called positive: TPR and FPR fall together."))

    def closer(threshold: float) -> Working:
        return of_matrix(_at(table, rows, threshold))

    return w.build(more=closer)


def _of_table(w: Derivation, table: ThresholdTable, cuts: list[float]) -> ThresholdCounts:
    """Return the counts of a table without its rows: they are held against each other."""
    column, places = give_thresholds(w, cuts)
    of = [int(np.argmax(table.thresholds == cut)) for cut in column.tolist()]
    whole = (table.tp[0] + table.fn[0]).item(), (table.fp[0] + table.tn[0]).item()
    return ThresholdCounts.given(w, places, (table.tp[of], table.fp[of]), whole)


def _at(table: ThresholdTable, rows: ScoredRows | None, threshold: float) -> ConfusionMatrix:
    """Return the matrix at a threshold: of the table, or of the rows where those are at hand."""
    found = np.flatnonzero(table.thresholds == threshold)
    if len(found):
        return table.confusion(int(found[0]))
    if rows is not None:
        one = compute.threshold_table(rows.positive, rows.scores, [threshold], sample_weight=rows.weights)
        return replace(one, labels=table.labels).confusion(0)
    raise InputError(
        message(
            "at: threshold must be one of the table's, whose rows were not kept; got {got}; try one of {known}",
            got=repr(threshold),
            known=", ".join(f"{cut:.6g}" for cut in table.thresholds[:10].tolist()),
        )
    )


def _add_rows(w: Derivation, table: ThresholdTable) -> None:
    """List each row with its score and, for each threshold, its cell."""
    negative, positive = (str(label) for label in table.labels)
    # A page is as wide as a few thresholds.
    chosen = np.unique(np.linspace(0, len(table) - 1, _MOST_ACROSS).astype(np.int64)).tolist()
    cells = [[_told(yes, cell) for *_, yes, cell in table.rows(k)] for k in chosen]
    heads = (
        message("row"),
        message("actual"),
        message("score"),
        *(message("≥ {threshold}?", threshold=shown(cut)) for cut in table.thresholds[chosen].tolist()),
    )
    rows = tuple(
        (
            row + 1,
            positive if is_positive else negative,
            Derived(score, indexed("s", row + 1)),
            *(column[row] for column in cells),
        )
        for row, is_positive, score, *_ in table.rows(0)
    )
    w.table("rows", Table(heads, rows), title=message("Row by row: the decision at each threshold, and the cell"))


def _told(yes: bool, cell: str) -> Message:
    return message("yes, {cell}", cell=cell) if yes else message("no, {cell}", cell=cell)


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else math.nan
