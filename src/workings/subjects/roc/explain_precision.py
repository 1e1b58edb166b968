"""The precision-recall curve, worked: its points from the counts, and the average precision."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from workings.expression import equation, indexed, symbol, symbols, total
from workings.language import message
from workings.subjects.confusion.counted_again import ScoredRows
from workings.subjects.confusion.explain_thresholds import AT_LEAST
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_curve import add_average_precision, give_points
from workings.subjects.roc.explain_sums import Terms
from workings.subjects.roc.point_tables import PointTables
from workings.subjects.roc.precision_recall import PrecisionRecallCurve
from workings.working import Derivation, Derived, Table, Working, explain

__all__ = ["explain_precision"]

P, N, k = symbols("P N k")


def explain_precision(curve: PrecisionRecallCurve, rows: ScoredRows | None, asked: float | None = None) -> Working:
    """Return the working of a curve from its tie groups and, with the rows at hand, from those.

    With ``asked`` it is that of average precision, computed apart from the curve.
    """
    roc = RocCurve(curve.groups)  # the same counts, at the same thresholds
    w = Derivation("roc", message("How sure is a row that is called positive, and how many positive rows are found?"))
    terms = give_points(w, roc, rows)
    points = PointTables(w, roc, rows, terms, (1.0, 1.0)).table("thresholds", partial(_points, roc), ("TP", "FP"))
    w.table("thresholds", points, title=message("Points of the curve"))
    w.convention(*AT_LEAST)
    if not roc.positives:
        w.note(message("Without a positive row there is nothing to find: recall is undefined (0/0)."))
        return w.build(more=lambda threshold: explain(roc.confusion_at(threshold)))
    add_average_precision(w, roc, terms, asked)
    _trapezoids(w, roc, terms)
    w.conclude(
        message(
            "The average precision is {ap}; rows called positive at random would be right with {share}.",
            ap=Derived(roc.average_precision if asked is None else asked, symbol("AP")),
            share=Derived(roc.positives / (roc.positives + roc.negatives), P / (P + N)),
        )
    )
    return w.build(more=lambda threshold: explain(roc.confusion_at(threshold)))


def _trapezoids(w: Derivation, roc: RocCurve, terms: Terms) -> None:
    """Say what straight lines from point to point would give; from above all scores, where precision counts as 1."""
    chosen = message("the area is that of steps, each as high as the precision where the next positive rows are found")
    if not terms.few or roc.weighted:
        other = message("trapezoids would be wrong: between two thresholds precision does not lie on a straight line")
        w.convention(None, chosen, other)
        return
    T, F, T_next, F_next = (indexed(name, at) for at in (k, k + 1) for name in "TF")
    first = indexed("T", 2) * (1 + indexed("T", 2) / (indexed("T", 2) + indexed("F", 2)))
    others = total((T_next - T) * (T / (T + F) + T_next / (T_next + F_next)), k, 2, symbol("m"))
    tp, fp = roc.groups.tp.astype(np.float64), roc.groups.fp.astype(np.float64)
    precision = np.concatenate([[1.0], tp / (tp + fp)])
    area = float((np.diff(tp, prepend=0.0) * (precision[1:] + precision[:-1])).sum() / (2 * roc.positives))
    other = message("trapezoids would give {value}, though between two thresholds precision is on no straight line")
    w.convention(None, chosen, other, area, (first + others) / (2 * P))


def _points(roc: RocCurve, found: Table) -> Table:
    """Return precision and recall for the counts at each threshold, to be checked from those."""
    t, TP, FP, P = symbols("t TP FP P")
    heads = (t, TP, FP, equation(symbol("PPV"), TP / (TP + FP)), equation(symbol("TPR"), TP / P))

    def of_row(cut: Any, tp: Any, fp: Any, *_: Any) -> tuple[Any, ...]:
        precision = tp / (tp + fp) if tp + fp else math.nan
        return (cut, tp, fp, precision, tp / roc.positives if roc.positives else math.nan)

    total = len(roc.groups)
    return Table(heads, tuple(of_row(*row) for row in found.rows), total=None if len(found.rows) == total else total)
