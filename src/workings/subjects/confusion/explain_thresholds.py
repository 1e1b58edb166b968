"""Several thresholds, worked: the counts and the two rates at each."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from workings.expression import at_least, both, equal, equation, indexed, iverson, symbol, symbols, total
from workings.language import Message, message
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import Derivation, Table, Working, shown

__all__ = ["AT_LEAST", "explain_thresholds", "threshold_rows"]

AT_LEAST: tuple[None, Message, Message] = (
    None,
    message("≥ counts a score equal to the threshold as positive, as scikit-learn does"),
    message("with > only rows whose score is exactly the threshold would change"),
)

# So many rows are listed one by one at most, and so many thresholds.
_MOST_ROWS, _MOST_THRESHOLDS = 20, 50


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


def explain_thresholds(table: ThresholdTable, of_matrix: Callable[[ConfusionMatrix], Working]) -> Working:
    """Return the working of a table of thresholds; ``of_matrix`` explains the matrix at one of them."""
    y, s, t, i, n, TP, FP = symbols("y s t i n TP FP")
    w = Derivation("confusion", message("What does each threshold do?"))
    for key, name, actual in (("tp", TP, 1), ("fp", FP, 0)):
        body = iverson(both(equal(indexed(y, i), actual), at_least(indexed(s, i), t)))
        weighted = indexed("w", i) * body if table.tp.dtype.kind == "f" else body
        w.define(key, equation(name, total(weighted, i, 1, n)))
    w.table("thresholds", threshold_rows(table), title=message("At each threshold"))
    if table.actual is not None and len(table.actual) <= _MOST_ROWS:
        _add_rows(w, table)
    w.convention(*AT_LEAST)
    w.conclude(message("The higher the threshold, the fewer rows are called positive: TPR and FPR fall together."))

    def closer(threshold: float) -> Working:
        return of_matrix(table.confusion(int(np.argmin(np.abs(table.thresholds - threshold)))))

    return w.build(more=closer)


def _add_rows(w: Derivation, table: ThresholdTable) -> None:
    """List each row with its score and, for each threshold, its cell."""
    negative, positive = (str(label) for label in table.labels)
    cells = [[cell for *_, cell in table.rows(k)] for k in range(len(table))]
    heads = (
        message("row"),
        message("actual"),
        message("score"),
        *(message("cell at {threshold}", threshold=shown(cut)) for cut in table.thresholds.tolist()),
    )
    rows = tuple(
        (row + 1, positive if is_positive else negative, score, *(column[row] for column in cells))
        for row, is_positive, score, *_ in table.rows(0)
    )
    w.table("rows", Table(heads, rows), title=message("Row by row"))


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else math.nan
