"""Several thresholds, worked: the counts and the two rates at each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import at_least, equal, equation, indexed, iverson, symbol, symbols, total
from workings.language import Message, message
from workings.subjects.confusion import compute
from workings.subjects.confusion.counted_again import (
    MOST_COUNTED,
    ScoredRows,
    ThresholdCounts,
    give_thresholds,
    hits,
)
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import Derivation, Derived, Table, Working

__all__ = ["AT_LEAST", "count_title", "explain_thresholds", "threshold_rows"]

i, j, t = symbols("i j t")

AT_LEAST: tuple[None, Message, Message] = (
    None,
    message("≥ counts a score equal to the threshold as positive, as scikit-learn does"),
    message("with > only rows whose score is exactly the threshold would change"),
)

# The decision on a row and its cell, at twice the decision plus the class.
_CELLS = ((False, "TN"), (False, "FN"), (True, "FP"), (True, "TP"))

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
    chosen = _chosen(table, _MOST_THRESHOLDS)
    columns = (column[chosen] for column in (table.thresholds, table.tp, table.fp, table.fn, table.tn))
    rows = (
        (cut, tp, fp, fn, tn, _share(tp, fn), _share(fp, tn))
        for cut, tp, fp, fn, tn in zip(*(column.tolist() for column in columns), strict=True)
    )
    return Table(heads, tuple(rows), total=None if len(chosen) == len(table) else len(table))


def _chosen(table: ThresholdTable, most: int) -> NDArray[np.int64]:
    """Return the places of at most so many thresholds, evenly spread."""
    return np.unique(np.linspace(0, len(table) - 1, most).astype(np.int64))


def explain_thresholds(
    table: ThresholdTable, rows: ScoredRows | None, of_matrix: Callable[[ConfusionMatrix], Working]
) -> Working:
    """Return the working of a table of thresholds; ``of_matrix`` explains the matrix at one of them."""
    w = Derivation("confusion", message("What does each threshold do?"))
    decision = equation(indexed("ŷ", i), iverson(at_least(indexed("s", i), t)))
    w.define("decision", decision, title=message("The decision on a row"))
    if rows is not None:
        rows.give(w)
    across = _chosen(table, _MOST_ACROSS)
    cuts = {*table.thresholds[_chosen(table, _MOST_THRESHOLDS)].tolist(), *table.thresholds[across].tolist()}
    counts = _of_table(w, table, cuts) if rows is None else ThresholdCounts.of_rows(w, rows, cuts)
    if table.actual is not None and table.scores is not None and len(table.actual) <= _MOST_ROWS:
        if rows is None:
            ScoredRows(table.actual, table.scores).give(w)
        _add_rows(w, table, across.tolist(), counts.places)
    for name in ("TP", "FP"):
        body = hits(name, t, weighted=table.tp.dtype.kind == "f")
        w.define(f"rule_{name}", equation(symbol(name), total(body, i, 1, symbol("n"))), title=count_title(name))
    if rows is not None:
        note = message("Every row is compared again with each of these thresholds.")
    else:
        note = message("The counts are the table's own: the rows are not at hand to be counted again.")
    w.table("thresholds", replace(counts.checked(threshold_rows(table)), note=note), title=message("At each threshold"))
    _strictly(w, rows, cuts)
    w.conclude(message("The higher the threshold, the fewer rows are called positive: TPR and FPR fall together."))

    def closer(threshold: float) -> Working:
        return of_matrix(_at(table, rows, threshold))

    return w.build(more=closer)


def _strictly(w: Derivation, rows: ScoredRows | None, cuts: set[float]) -> None:
    """Say what > in place of ≥ would change: of few rows how many decisions."""
    if rows is None or len(rows.scores) * len(cuts) > MOST_COUNTED:
        w.convention(*AT_LEAST)
        return
    tied = total(total(iverson(equal(indexed("s", i), indexed("tau", j))), j, 1, len(cuts)), i, 1, symbol("n"))
    name, chosen, _ = AT_LEAST
    rival = message("with > the decisions on scores that are exactly a threshold would change: {value} in this table")
    w.convention(name, chosen, rival, sum(int((rows.scores == cut).sum()) for cut in cuts), tied)


def _of_table(w: Derivation, table: ThresholdTable, cuts: set[float]) -> ThresholdCounts:
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


def _add_rows(w: Derivation, table: ThresholdTable, across: list[int], places: dict[float, int]) -> None:
    """List each row with its score and, for each threshold, its cell, held against the row's class and score."""
    negative, positive = (str(label) for label in table.labels)
    words = tuple(_told(yes, cell) for yes, cell in _CELLS)
    cuts = table.thresholds[across].tolist()
    told = [[_CELLS.index((yes, cell)) for *_, yes, cell in table.rows(k)] for k in across]
    heads = (
        message("row"),
        message("actual"),
        message("score"),
        *(message("≥ {threshold}?", threshold=Derived(cut, indexed("tau", places[cut]))) for cut in cuts),
    )

    def of_row(row: int, is_positive: bool, score: float) -> tuple[Any, ...]:
        y, s = indexed("y", row), indexed("s", row)
        reaches = (iverson(at_least(s, indexed("tau", places[cut]))) for cut in cuts)
        return (
            row,
            Derived(int(is_positive), y, words=(negative, positive)),
            Derived(score, s),
            *(Derived(column[row - 1], 2 * yes + y, words=words) for column, yes in zip(told, reaches, strict=True)),
        )

    rows = tuple(of_row(row + 1, is_positive, score) for row, is_positive, score, *_ in table.rows(0))
    w.table("rows", Table(heads, rows), title=message("Row by row: the decision at each threshold, and the cell"))


def _told(yes: bool, cell: str) -> Message:
    return message("yes, {cell}", cell=cell) if yes else message("no, {cell}", cell=cell)


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else math.nan
