"""A curve, worked: its points, the area as trapezoids and as ordered pairs, average precision."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays.blas import product
from workings.expression import at_least, both, equal, equation, greater, indexed, iverson, symbol, symbols, total
from workings.language import message
from workings.subjects.confusion.explain_thresholds import AT_LEAST, threshold_rows
from workings.subjects.confusion.scores import as_scores
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_band import add_band
from workings.subjects.roc.explain_best import add_best
from workings.subjects.roc.explain_interval import add_interval
from workings.subjects.roc.explain_partial import add_partial
from workings.subjects.roc.explain_sums import Terms, points_of
from workings.working import Derivation, Derived, Rule, Table, Working, explain, shown

__all__ = ["Rows", "add_average_precision", "explain_points", "give_points", "shown_cuts"]

# A curve of so many points at most is shown whole; of a longer one the points at some thresholds.
_MOST_POINTS = 20
# Of a longer one so many are shown, spread evenly, beside those thresholds; and so many on demand.
_MOST_SPREAD = 9
_MOST_LISTED = 38
_USUAL = (0.3, 0.5, 0.7)
# So many pairs of rows are compared one by one at most.
_MOST_PAIRS = 400
# So many rows of a class at most have a table of all pairs.
_MOST_IN_TABLE = 8
# A class with less than this share of the rows is rare.
_RARE = 0.05

P, N, S, U, AUC, k, m, n = symbols("P N S U AUC k m n")
T, F = indexed("T", k), indexed("F", k)
T_next, F_next = indexed("T", k + 1), indexed("F", k + 1)


@dataclass(frozen=True)
class Rows:
    """The rows behind a curve: which are positive, their scores, their weights."""

    positive: NDArray[np.bool_]
    scores: NDArray[Any]
    weights: NDArray[Any] | None

    @classmethod
    def of(cls, positive: NDArray[np.bool_], y_score: ArrayLike, sample_weight: ArrayLike | None) -> Rows:
        """Return the rows of arguments that a curve was computed from."""
        weights = None if sample_weight is None else np.asarray(sample_weight).reshape(-1)
        return cls(positive, as_scores(y_score, function="explain", argument="y_score"), weights)


def explain_points(
    curve: RocCurve, rows: Rows | None, *, level: float, max_fpr: float, costs: tuple[float, float]
) -> Working:
    """Return the working of a curve from its tie groups and, with the rows at hand, from those."""
    w = Derivation("roc", message("How well do the scores set the positive rows apart from the negative ones?"))
    terms = give_points(w, curve, rows)
    add_points(w, curve)
    defined = bool(curve.positives and curve.negatives)
    if defined:
        _area(w, curve, terms, rows)
        if curve.weighted:
            w.note(
                message("An interval of the AUC needs rows that count alike; weights do not say how many those are.")
            )
        else:
            add_interval(w, curve, terms, level)
        add_best(w, curve, terms, costs)
        if not curve.weighted:
            add_band(w, curve, level)
        if rows is not None and math.isfinite(curve.best_threshold().threshold):
            _count_again(w, curve)
        add_partial(w, curve, terms, max_fpr)
    else:
        w.note(message("With one class there is no pair to put in order: the area under the curve is undefined (0/0)."))
    if curve.positives:
        add_average_precision(w, curve, terms, closed=True)
    _remember(w, curve)
    if defined:
        w.conclude(
            message(
                "The AUC is {auc}: of all pairs of a positive and a negative row, so large a share is in the right "
                "order, a tie counting half.",
                auc=shown(curve.auc),
            )
        )
    return w.build(more=lambda threshold: explain(curve.confusion_at(threshold)))


def give_points(w: Derivation, curve: RocCurve, rows: Rows | None) -> Terms:
    """Let the working start from the points, and say what they count."""
    terms = points_of(w, curve.groups)
    _count(w, curve, rows)
    w.given("m", len(curve.groups), message("the number of different scores"), source="state")
    terms.give(
        {
            "T": message("positive rows at or above each threshold, from 0"),
            "F": message("negative rows at or above each threshold, from 0"),
            "t": message("the thresholds, falling from infinity"),
        }
    )
    return terms


def _count(w: Derivation, curve: RocCurve, rows: Rows | None) -> None:
    """Say what the points count; with the rows at hand, count the classes again."""
    y, s, i = symbols("y s i")
    t_k = indexed("t", k)
    if rows is not None:
        w.given("y", rows.positive.astype(np.int64), message("1 for a positive row, 0 for a negative one"))
        w.given("s", rows.scores, message("the scores"))
        if rows.weights is not None:
            w.given("w", rows.weights, message("the weights of the rows"))
        w.given("n", len(rows.scores), message("the number of rows"))
    counted = rows is not None and not curve.weighted
    if not counted:
        w.given("P", curve.positives, message("positive rows"), source="state")
        w.given("N", curve.negatives, message("negative rows"), source="state")
    for key, left, actual, count, words in (
        ("positives", P, 1, curve.positives, message("Positive rows")),
        ("negatives", N, 0, curve.negatives, message("Negative rows")),
    ):
        if rows is None:
            continue
        hits = iverson(equal(indexed(y, i), actual))
        # The sum of weights is rounded once in the points; below, the points' own total is what counts.
        of_rows = left if counted else symbol(f"{left.name}'", style="italic")
        statement = equation(of_rows, total(indexed("w", i) * hits if curve.weighted else hits, i, 1, n))
        w.line(key, statement, count, title=words, rule=Rule.COUNT, folded=True)
    reaches = iverson(both(equal(indexed(y, i), 1), at_least(indexed(s, i), t_k)))
    w.define(
        "points_T",
        equation(T, total(indexed("w", i) * reaches if curve.weighted else reaches, i, 1, n)),
        title=message("Positives at or above a threshold"),
        note=message("{negatives} counts the negative rows in the same way.", negatives=F),
    )


def _count_again(w: Derivation, curve: RocCurve) -> None:
    """Count the rows at Youden's threshold one by one: the points came from a sort."""
    y, s, i, best = indexed("y", symbol("i")), indexed("s", symbol("i")), symbol("i"), curve.best_threshold()
    with w.part("counted_again", message("Youden's threshold, counted again in the rows"), closed=True):
        for key, name, actual, count, words in (
            ("counted_tp", "TP", 1, best.tp, message("Positives at or above it")),
            ("counted_fp", "FP", 0, best.fp, message("Negatives at or above it")),
        ):
            body = iverson(both(equal(y, actual), at_least(s, symbol("t_j"))))
            hits = indexed("w", i) * body if curve.weighted else body
            w.line(key, equation(symbol(name), total(hits, i, 1, n)), count, title=words, rule=Rule.COUNT, folded=True)


def shown_cuts(curve: RocCurve) -> list[float]:
    """Return the thresholds whose points are shown: all of a short curve, else the usual, the best, and a spread."""
    groups = curve.groups
    if len(groups) <= _MOST_POINTS:
        return [math.inf, *groups.scores.tolist()]
    best = [curve.best_threshold(method).threshold for method in ("youden", "corner")] if _both(curve) else []
    spread = groups.scores[np.linspace(0, len(groups) - 1, _MOST_SPREAD).astype(np.int64)].tolist()
    return sorted({*_usual(curve), *best, *spread}, reverse=True)


def _usual(curve: RocCurve) -> tuple[float, ...]:
    """Return the thresholds that are asked for most, where the scores are probabilities."""
    return _USUAL if curve.groups.scores[-1] >= 0 and curve.groups.scores[0] <= 1 else ()


def add_points(w: Derivation, curve: RocCurve) -> None:
    """Add the counts and the point at each threshold, the scores sorted from the highest, and at the usual ones."""
    cuts, groups = shown_cuts(curve), curve.groups
    if len(groups) <= _MOST_POINTS:
        every = threshold_rows(curve.table(cuts))
        title = message("The rows sorted by score, and the point at each threshold")
        w.table("thresholds", every if curve.weighted else _with_rows(every, curve), title=title)
        if usual := _usual(curve):
            title = message("The points at the usual thresholds")
            w.table("usual", threshold_rows(curve.table(usual)), title=title)
        return
    listed = replace(threshold_rows(curve.table(cuts)), total=len(groups) + 1)
    w.table("thresholds", listed, title=message("Points of the curve"))
    with w.part("all_points", message("The scores sorted, and the point at each threshold"), closed=True):
        chosen = np.unique(np.linspace(0, len(groups) - 1, _MOST_LISTED).astype(np.int64))
        listed = threshold_rows(curve.table([math.inf, *groups.scores[chosen].tolist()]))
        w.table("every_threshold", replace(listed, total=len(groups) + 1), title=message("From the highest score"))


def _with_rows(table: Table, curve: RocCurve) -> Table:
    """Return the points with the rows that have each score, from the highest: those that a step takes in."""
    negative, positive = (str(label) for label in curve.shown_labels)
    groups = curve.groups
    taken = zip(groups.positives.tolist(), groups.negatives.tolist(), strict=True)
    rows = ["", *(", ".join(_times(positive, p) + _times(negative, q)) for p, q in taken)]
    first, *rest = table.columns
    cells = tuple((cut, new, *others) for (cut, *others), new in zip(table.rows, rows, strict=True))
    return replace(table, columns=(first, message("actual"), *rest), rows=cells)


def _times(label: str, count: int) -> list[str]:
    return [] if not count else [label] if count == 1 else [f"{count} × {label}"]


def _area(w: Derivation, curve: RocCurve, terms: Terms, rows: Rows | None) -> None:
    tpr, fpr = indexed("TPR", k), indexed("FPR", k)
    with w.part("area", message("The area under the curve")):
        width, height = indexed("FPR", k + 1) - fpr, indexed("TPR", k + 1) + tpr
        w.define(
            "auc_rule",
            equation(AUC, total(width * height / 2, k, 1, m)),
            title=message("Trapezoids from point to point"),
            note=message(
                "TPR is T / P and FPR is F / N. Below, all is times 2·P·N, so that it is counted in whole pairs."
            ),
        )
        trapezoids = total((F_next - F) * (T_next + T), k, 1, m)
        terms.line("trapezoids", S, trapezoids, {}, title=message("Trapezoids"), rule=Rule.TRAPEZOID)
        w.line("auc", equation(AUC, S / (2 * P * N)), curve.auc, title=message("AUC"), rule=Rule.RATIO)
        pairs = total((T_next - T) * (2 * N - F - F_next), k, 1, m)
        words = message("Pairs in the right order, counted twice, and ties once")
        terms.line("pairs", U, pairs, {"N": curve.negatives}, title=words)
        share = equation(symbol("A_p"), U / (2 * P * N))
        w.line("auc_of_pairs", share, curve.auc, title=message("Share of the pairs"), rule=Rule.RATIO)
        if not curve.weighted:
            w.claim("same_area", equal(U, S), title=message("The two are the same"))
        few_pairs = curve.positives * curve.negatives <= _MOST_PAIRS and min(curve.positives, curve.negatives) > 1
        if rows is not None and rows.weights is None and few_pairs:
            _one_by_one(w, rows)
    _ties(w, curve, terms)


def _one_by_one(w: Derivation, rows: Rows) -> None:
    """Compare every positive row with every negative one: in a table of all pairs where it is small."""
    i, j = symbols("i j")
    above, below = rows.scores[rows.positive], rows.scores[~rows.positive]
    w.given("x", above, message("the scores of the positive rows"))
    w.given("z", below, message("the scores of the negative rows"))
    if max(len(above), len(below)) <= _MOST_IN_TABLE:
        heads = (message("positive \\ negative"), *(shown(score) for score in below.tolist()))
        pairs = tuple(
            (shown(one), *(_compared(place, one, to, other) for to, other in enumerate(below.tolist(), 1)))
            for place, one in enumerate(above.tolist(), 1)
        )
        note = message("1 where the positive row has the higher score, ½ where both have the same, else 0.")
        w.table("pairs_table", Table(heads, pairs, note=note), title=message("Every pair"))
    x, z = indexed("x", i), indexed("z", j)
    compared = 2 * iverson(greater(x, z)) + iverson(equal(x, z))
    statement = total(total(compared, j, 1, N), i, 1, P)
    again = symbol("U'", style="italic")
    w.line("pairs_one_by_one", equation(again, statement), title=message("Pair by pair"), rule=Rule.COUNT, folded=True)
    w.claim("same_pairs", equal(again, U), title=message("The same number of pairs"))


def _compared(place: int, one: float, to: int, other: float) -> Derived:
    """Return 1, a half or 0 for a pair, to be held against its two scores."""
    x, z = indexed("x", place), indexed("z", to)
    value = 1 if one > other else 0.5 if one == other else 0
    return Derived(value, iverson(greater(x, z)) + iverson(equal(x, z)) / 2)


def _ties(w: Derivation, curve: RocCurve, terms: Terms) -> None:
    """Say what counting tied pairs as wrong would give, where there are any."""
    groups = curve.groups
    wide = np.float64 if curve.weighted else np.int64
    tied = (groups.positives != 0) & (groups.negatives != 0)
    if not terms.few or not tied.any():
        return
    above = groups.tp.astype(wide) - groups.positives
    w.convention(
        message("Ties"),
        message("a tied pair counts half: the curve crosses a tie in a straight line"),
        message("counted as wrong, as by steps below the curve, ties would leave an AUC of {value}"),
        float(product(groups.negatives.astype(wide), above)) / (curve.positives * curve.negatives),
        total((F_next - F) * T, k, 1, m) / (P * N),
    )


def add_average_precision(w: Derivation, curve: RocCurve, terms: Terms, *, closed: bool = False) -> None:
    """Add the mean of the precisions at which each positive row is found."""
    with w.part("precision", message("Average precision"), closed=closed):
        precisions = total((T_next - T) * T_next / (T_next + F_next), k, 1, m)
        total_of = symbol("Q")
        terms.line("precisions", total_of, precisions, {}, title=message("Precision, once for every positive row"))
        w.line(
            "average_precision",
            equation(symbol("AP"), total_of / P),
            curve.average_precision,
            title=message("Average precision"),
            rule=Rule.MEAN,
            note=message("Scores without any meaning give the share of positive rows, P / (P + N)."),
        )


def _remember(w: Derivation, curve: RocCurve) -> None:
    """Say what this data should make one careful of."""
    w.convention(*AT_LEAST)
    if not _both(curve):
        return
    rarer = min(curve.positives, curve.negatives)
    share = rarer / (curve.positives + curve.negatives)
    if share < _RARE:
        w.note(
            message(
                "One class holds only {share} % of the rows. The AUC does not see that, for it looks at each class by "
                "itself; precision does.",
                share=shown(100 * share, 2),
            )
        )
    if curve.auc < 1 / 2:
        w.note(
            message(
                "The AUC is below a half: turned round, with -score in place of score, it would be {other}.",
                other=shown(1 - curve.auc),
            )
        )


def _both(curve: RocCurve) -> bool:
    return bool(curve.positives and curve.negatives)
