"""The confusion matrix, worked: what each cell counts, every rate from the counts, and how far a share is known."""

from __future__ import annotations

from numpy.typing import ArrayLike

from workings.arrays import as_weights
from workings.expression import (
    Node,
    at_least,
    both,
    equal,
    equation,
    indexed,
    iverson,
    maximum,
    minimum,
    negation,
    symbol,
    symbols,
    total,
)
from workings.language import Message, message
from workings.subjects.confusion import compute
from workings.subjects.confusion.classes import positive_rows
from workings.subjects.confusion.counted_again import ScoredRows
from workings.subjects.confusion.explain_classes import explain_classes
from workings.subjects.confusion.explain_matrices import add_matrices
from workings.subjects.confusion.explain_rates import add_intervals, add_margins, add_rates, rate_symbol
from workings.subjects.confusion.explain_results import explain_layout, explain_report
from workings.subjects.confusion.explain_rows import Rows, add_row_table
from workings.subjects.confusion.explain_thresholds import AT_LEAST, count_title, explain_thresholds
from workings.subjects.confusion.matrix import ConfusionMatrix, Normalize
from workings.subjects.confusion.scores import as_scores
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import Derivation, Derived, Rule, Working, explainer, shown

__all__ = [
    "explain_confusion_matrix",
    "explain_layout",
    "explain_matrix",
    "explain_report",
    "explain_table",
    "explain_threshold_table",
]

P, N, n = symbols("P N n")

# A class with less than this share of the rows is rare.
_RARE = 0.05


@explainer(ConfusionMatrix)
def explain_matrix(cm: ConfusionMatrix, level: float = 0.95, *, cost_fp: float = 1.0, cost_fn: float = 1.0) -> Working:
    """Return the working of a matrix of counts: what each cell counts, every rate, the shares' intervals, the cost.

    Parameters
    ----------
    cm
        The matrix.
    level
        The confidence level of the intervals.
    cost_fp, cost_fn
        Of two classes: what a false positive and a false negative cost.
    """
    return _explained(cm, level, None, (cost_fp, cost_fn))


@explainer(compute.confusion_matrix)
def explain_confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    /,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: Normalize | None = None,
) -> Working:
    """Return the working of classes and predictions: each count is a sum over the rows, which are counted again."""
    cm = compute.confusion_matrix(y_true, y_pred, labels=labels, sample_weight=sample_weight, normalize=normalize)
    return _explained(cm, 0.95, Rows.of(cm, y_true, y_pred, sample_weight), (1.0, 1.0))


@explainer(ThresholdTable)
def explain_table(table: ThresholdTable) -> Working:
    """Return the working of the counts at several thresholds; ``at(threshold=0.5)`` is the matrix at one of them."""
    rows = None
    if table.actual is not None and table.scores is not None and table.tp.dtype.kind != "f":
        rows = ScoredRows(table.actual, table.scores)
    return explain_thresholds(table, rows, explain_matrix)


@explainer(compute.threshold_table)
def explain_threshold_table(
    y_true: ArrayLike,
    y_score: ArrayLike,
    thresholds: ArrayLike | None = (0.3, 0.5, 0.7),
    /,
    *,
    pos_label: object = None,
    sample_weight: ArrayLike | None = None,
) -> Working:
    """Return the working of scores at several thresholds; for few rows with each one's decision and cell."""
    table = compute.threshold_table(y_true, y_score, thresholds, pos_label=pos_label, sample_weight=sample_weight)
    positive, _ = positive_rows(y_true, pos_label, function="explain")
    weights = as_weights(sample_weight, len(positive), function="explain", beside=("y_true", "y_score"))
    rows = ScoredRows(positive, as_scores(y_score, function="explain", argument="y_score"), weights)
    return explain_thresholds(table, rows, explain_matrix)


def _explained(cm: ConfusionMatrix, level: float, rows: Rows | None, costs: tuple[float, float]) -> Working:
    if len(cm.labels) != 2:
        return explain_classes(cm, level, rows, explain_matrix)
    negative, positive = (str(label) for label in cm.labels)
    w = Derivation("confusion", _question(cm))
    if rows is not None:
        rows.give(w, message('1 for the class "{positive}", 0 for "{negative}"', positive=positive, negative=negative))
        add_row_table(w, cm, rows)
    _count(w, cm, rows)
    add_matrices(w, cm)
    add_margins(w, cm)
    add_rates(w, cm)
    if not cm.weighted:
        add_intervals(w, cm, level)
    _cost(w, cm, *costs)
    w.convention(
        None,
        message("scikit-learn has the actual classes in the rows, as the first table"),
        message("many textbooks have the predictions there, as the second"),
    )
    w.convention(
        None,
        message('positive means "{positive}", the second label', positive=positive),
        message(
            'were "{negative}" the positive class, TP and TN would change places, and FP and FN', negative=negative
        ),
    )
    if cm.threshold is not None:
        w.convention(*AT_LEAST)
    accuracy = cm.rates["accuracy"]
    if cm.total:
        w.conclude(
            message(
                "Predicted right: {right} of {total}. The accuracy is {accuracy}.",
                right=Derived(cm.tp + cm.tn, symbol("TP") + symbol("TN")),
                total=Derived(cm.total, symbol("n")),
                accuracy=Derived(accuracy, rate_symbol("accuracy")),
            )
        )
        _rare(w, cm)
    return w.build()


def _rare(w: Derivation, cm: ConfusionMatrix) -> None:
    """Say what a class that is nearly absent makes of the accuracy."""
    positives, negatives = cm.cells.positives, cm.cells.negatives
    share = min(positives, negatives) / cm.total
    if share >= _RARE:
        return
    negative, positive = (str(label) for label in cm.labels)
    w.note(
        message(
            'The class "{rare}" has only {share} % of the rows: whoever calls every row "{common}" has an accuracy of '
            "{baseline}. Recall, precision and the balanced accuracy see that class; the accuracy hardly does.",
            rare=positive if positives < negatives else negative,
            common=negative if positives < negatives else positive,
            share=Derived(100 * share, 100 * minimum(P, N) / n, digits=2),
            baseline=Derived(max(positives, negatives) / cm.total, maximum(P, N) / n),
        )
    )


def _cost(w: Derivation, cm: ConfusionMatrix, cost_fp: float, cost_fn: float) -> None:
    """Say what the errors cost, all of them and by the row."""
    of_fp, of_fn, cost = symbols("c_FP c_FN C")
    negative, positive = (str(label) for label in cm.labels)
    which = message(
        'A false positive is "{negative}" called "{positive}", a false negative "{positive}" called "{negative}".',
        negative=negative,
        positive=positive,
    )
    with w.part("costs", message("What the errors cost"), note=which):
        w.given("c_FP", cost_fp, message("the cost of a false positive"))
        w.given("c_FN", cost_fn, message("the cost of a false negative"))
        w.line(
            "cost",
            equation(cost, of_fp * symbol("FP") + of_fn * symbol("FN")),
            cm.cost(cost_fp=cost_fp, cost_fn=cost_fn),
            title=message("All errors"),
            rule=Rule.SUM,
            note=message("At a cost of 1 each it is the number of errors.") if cost_fp == cost_fn == 1 else None,
        )
        if cm.total:
            w.line(
                "mean_cost",
                equation(symbol("C_mean"), cost / symbol("n")),
                cm.mean_cost(cost_fp=cost_fp, cost_fn=cost_fn),
                title=message("A row, on average"),
                rule=Rule.MEAN,
            )


def _question(cm: ConfusionMatrix) -> Message:
    if cm.threshold is None:
        return message("How good are the predictions?")
    return message("How good are the decisions at the threshold {threshold}?", threshold=shown(cm.threshold))


def _count(w: Derivation, cm: ConfusionMatrix, rows: Rows | None) -> None:
    """Say what the four cells count; with the rows at hand, count them again."""
    negative, positive = (str(label) for label in cm.labels)
    with w.part("counts", message("What each of the four counts is"), closed=True):
        for name, count in _counts(cm).items():
            if rows is not None:
                cell = _cell_count(name, cm, rows)
                w.line(name.lower(), cell, count, title=count_title(name), rule=Rule.COUNT, folded=True)
                continue
            w.given(name, count, count_title(name), source="state")
            note = message(
                'Of the class "{actual}" and predicted "{called}": {count}.',
                count=Derived(count, symbol(name)),
                actual=positive if name in ("TP", "FN") else negative,
                called=positive if name in ("TP", "FP") else negative,
            )
            w.define(name.lower(), _cell_count(name, cm, rows), title=count_title(name), note=note)


def _counts(cm: ConfusionMatrix) -> dict[str, int | float]:
    return {"TP": cm.tp, "FP": cm.fp, "FN": cm.fn, "TN": cm.tn}


def _cell_count(name: str, cm: ConfusionMatrix, rows: Rows | None) -> Node:
    """Return a count as a sum over the rows."""
    y, i, n = symbols("y i n")
    is_positive, says_positive = name in ("TP", "FN"), name in ("TP", "FP")
    if cm.threshold is None:
        decided = equal(indexed("ŷ", i), int(says_positive))
    else:
        reaches = at_least(indexed("s", i), symbol("t"))
        decided = reaches if says_positive else negation(reaches)
    body = iverson(both(equal(indexed(y, i), int(is_positive)), decided))
    if (rows.weights is not None) if rows is not None else cm.weighted:
        body = indexed("w", i) * body
    return equation(symbol(name), total(body, i, 1, n))
