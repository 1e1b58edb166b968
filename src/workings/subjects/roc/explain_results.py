"""What a curve gives besides itself, worked: a best threshold, the band, some points, the scores of each class."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from workings.expression import equation, indexed, normal_quantile, sqrt, symbol, symbols, total
from workings.language import message
from workings.subjects.confusion.explain_rates import wilson
from workings.subjects.confusion.explain_thresholds import AT_LEAST
from workings.subjects.confusion.interval import two_sided_quantile
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.subjects.roc.band import CurveBand
from workings.subjects.roc.best import OperatingPoint
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_best import add_one_best, criterion_column, name_of_criterion, said_of_best
from workings.subjects.roc.explain_curve import explain_points, give_points
from workings.subjects.roc.groups import TieGroups
from workings.subjects.roc.histogram import ScoreHistogram
from workings.subjects.roc.point_tables import PointTables
from workings.subjects.roc.thin import CurvePoints
from workings.working import Derivation, Derived, Rule, Table, Working, explain, explainer, shown

__all__ = ["explain_band", "explain_groups", "explain_histogram", "explain_operating_point", "explain_some_points"]

# So many bins are listed at most.
_MOST_BINS = 60

t, P, N, TP, FP, n = symbols("t P N TP FP n")


@explainer(OperatingPoint)
def explain_operating_point(point: OperatingPoint) -> Working:
    """Return the working of a best threshold: what it decides, its criterion, and that no other threshold is better."""
    curve = RocCurve(point.groups, point.labels)
    w = Derivation("roc", message("Why is {threshold} the best threshold?", threshold=shown(point.threshold)))
    terms = give_points(w, curve, None)
    w.given("c_FP", point.costs[0], message("the cost of a false positive"))
    w.given("c_FN", point.costs[1], message("the cost of a false negative"))
    tables = PointTables(w, curve, None, terms, point.costs)
    column = criterion_column(point.method)

    def with_criterion(found: Table) -> Table:
        rates = equation(symbol("TPR"), TP / P), equation(symbol("FPR"), FP / N)
        rows = tuple(
            (cut, tp, fp, tpr, fpr, _criterion_of(point, tp, fp)) for cut, tp, fp, _, _, tpr, fpr in found.rows
        )
        whole = len(curve.groups)
        return Table((t, TP, FP, *rates, column), rows, total=None if len(rows) >= whole else whole)

    listed = tables.table("thresholds", with_criterion, ("TP", "FP"))
    w.table("thresholds", listed, title=message("The criterion at each threshold"), absolute=1e-15)
    add_one_best(w, curve, terms, point)
    w.convention(*AT_LEAST)
    _midpoint(w, point)
    w.conclude(
        message(
            "The threshold {threshold} is the best ({criterion}: {value}). It finds {sensitivity} % of the positive "
            "rows and calls {specificity} % of the negative ones negative.",
            criterion=name_of_criterion(point.method),
            **said_of_best(point),
        )
    )
    return w.build(more=lambda threshold: explain(curve.confusion_at(threshold)))


def _criterion_of(point: OperatingPoint, tp: Any, fp: Any) -> float:
    """Return the criterion for the counts at another threshold."""
    positives, negatives = point.tp + point.fn, point.fp + point.tn
    if point.method == "youden":
        return tp / positives - fp / negatives
    if point.method == "corner":
        return math.hypot((positives - tp) / positives, fp / negatives)
    return (point.costs[0] * fp + point.costs[1] * (positives - tp)) / (positives + negatives)


def _midpoint(w: Derivation, point: OperatingPoint) -> None:
    """Say which other number decides all rows alike."""
    if math.isfinite(point.midpoint) and point.midpoint != point.threshold:
        w.convention(
            None,
            message("the threshold is an observed score"),
            message(
                "the R package pROC reports the number half way to the next lower score, {midpoint}, which decides all "
                "rows alike",
                midpoint=shown(point.midpoint),
            ),
        )


@explainer(CurveBand)
def explain_band(band: CurveBand) -> Working:
    """Return the working of a band: the quantile, and Wilson's intervals of both rates at each threshold."""
    curve = RocCurve(band.groups)
    w = Derivation("roc", message("How far is the curve known at each of its points?"))
    terms = give_points(w, curve, None)
    w.given("c", band.level, message("the confidence level"))
    b = symbol("b")
    quantile = two_sided_quantile(math.sqrt(band.level), function="explain")
    w.line(
        "band_quantile",
        equation(b, normal_quantile((1 + sqrt(symbol("c"))) / 2)),
        quantile,
        title=message("The normal quantile"),
        rule=Rule.NORMAL,
        note=message(
            "The two rates come from different rows: with each in its interval at the level √c, both are with the "
            "probability c."
        ),
    )
    ends = [
        equation(symbol(f"{'L' if sign < 0 else 'U'}({name})"), wilson(count, whole, sign, b))
        for name, count, whole in (("TPR", TP, P), ("FPR", FP, N))
        for sign in (-1, 1)
    ]
    for key, end in zip(("tpr_low", "tpr_high", "fpr_low", "fpr_high"), ends, strict=True):
        if key.endswith("low"):
            w.define(key, end, title=_lower_end(key))

    def with_ends(found: Table) -> Table:
        counts = np.array([row[1:3] for row in found.rows], np.float64).reshape(-1, 2)
        sides = ((counts[:, 0], curve.positives), (counts[:, 1], curve.negatives))
        columns = [end.tolist() for part, whole in sides for end in band.interval_of(part, whole)]
        rows = tuple((*row[:3], *of_row) for row, *of_row in zip(found.rows, *columns, strict=True))
        whole = len(curve.groups)
        return Table((t, TP, FP, *ends), rows, total=None if len(rows) >= whole else whole)

    listed = PointTables(w, curve, None, terms, (1.0, 1.0)).table("thresholds", with_ends, ("TP", "FP"))
    w.table("thresholds", listed, title=message("Both rates at each threshold, from and to"), absolute=1e-15)
    w.conclude(
        message(
            "At one threshold that was chosen without looking at these rows, the rectangle of the two intervals holds "
            "the true point with {level} % confidence; not at all thresholds at once.",
            level=Derived(100 * band.level, 100 * symbol("c")),
        )
    )
    return w.build(more=lambda threshold: explain(curve.confusion_at(threshold)))


def _lower_end(key: str) -> Any:
    if key == "tpr_low":
        return message("Lower end of the true positive rate; the upper one has + before its root")
    return message("Lower end of the false positive rate, in the same way")


@explainer(CurvePoints)
def explain_some_points(points: CurvePoints) -> Working:
    """Return the working of some points of a curve: the four counts and the two rates at each."""
    labels = (str(message("negative")), str(message("positive")))
    return explain(ThresholdTable(points.thresholds, points.tp, points.fp, points.fn, points.tn, labels))


@explainer(TieGroups)
def explain_groups(groups: TieGroups) -> Working:
    """Return the working of the curve of these counts."""
    return explain_points(RocCurve(groups), None, level=0.95, max_fpr=0.1, costs=(1.0, 1.0))


@explainer(ScoreHistogram)
def explain_histogram(histogram: ScoreHistogram) -> Working:
    """Return the working of the scores by class: each bin's count and its share of the class."""
    w = Derivation("roc", message("How are the scores of each class distributed?"))
    j = symbol("j")
    a, b = histogram.positives, histogram.negatives
    w.given("a", a, message("positive rows in each bin"), source="state")
    w.given("b", b, message("negative rows in each bin"), source="state")
    w.given("e", histogram.edges, message("the edges of the bins"))
    w.given("K", len(histogram), message("the number of bins"))
    for key, whole, column, counts, words in (
        ("positives", P, "a", a, message("Positive rows")),
        ("negatives", N, "b", b, message("Negative rows")),
    ):
        statement = equation(whole, total(indexed(column, j), j, 1, symbol("K")))
        w.line(key, statement, counts.sum().item(), title=words, rule=Rule.SUM, folded=True)
    A, B = symbols("A B")
    heads = (
        message("from"),
        message("to"),
        A,
        equation(symbol("A / P", latex=r"A / P"), A / P),
        B,
        equation(symbol("B / N", latex=r"B / N"), B / N),
    )
    edges = histogram.edges.tolist()

    def of_bin(k: int) -> tuple[Any, ...]:
        counts = a[k].item(), b[k].item()
        shares = [count / whole if whole else math.nan for count, whole in zip(counts, (a.sum(), b.sum()), strict=True)]
        return (
            Derived(edges[k], indexed("e", k + 1)),
            Derived(edges[k + 1], indexed("e", k + 2)),
            Derived(counts[0], indexed("a", k + 1)),
            shares[0],
            Derived(counts[1], indexed("b", k + 1)),
            shares[1],
        )

    rows = tuple(of_bin(k) for k in range(min(len(histogram), _MOST_BINS)))
    more = None if len(rows) == len(histogram) else len(histogram)
    note = message("A bin holds its left edge and not its right one; the last holds both.")
    w.table(
        "bins", Table(heads, rows, total=more, note=note), title=message("Each bin, A positive and B negative rows")
    )
    w.conclude(
        message(
            "{positives} positive and {negatives} negative scores lie between {low} and {high}.",
            positives=Derived(a.sum().item(), P),
            negatives=Derived(b.sum().item(), N),
            low=Derived(edges[0], indexed("e", 1)),
            high=Derived(edges[-1], indexed("e", len(edges))),
        )
    )
    return w.build()
