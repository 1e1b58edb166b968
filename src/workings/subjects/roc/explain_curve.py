"""A curve, worked: its points, the area as trapezoids and as ordered pairs, average precision."""

from __future__ import annotations

import numpy as np

from workings.arrays.blas import product
from workings.expression import (
    at_least,
    both,
    equal,
    equation,
    greater,
    indexed,
    iverson,
    minimum,
    symbol,
    symbols,
    total,
)
from workings.language import Message, message
from workings.subjects.confusion.counted_again import ScoredRows
from workings.subjects.confusion.explain_thresholds import AT_LEAST
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_band import add_band
from workings.subjects.roc.explain_best import add_best
from workings.subjects.roc.explain_interval import add_interval
from workings.subjects.roc.explain_partial import add_partial
from workings.subjects.roc.explain_sums import Terms, points_of
from workings.subjects.roc.point_tables import PointTables
from workings.working import Derivation, Derived, Rule, Step, Table, Working, explain, shown

__all__ = ["add_average_precision", "explain_points", "give_points"]

# So many pairs of rows are compared one by one at most.
_MOST_PAIRS = 400
# So many rows of a class at most have a table of all pairs.
_MOST_IN_TABLE = 8
# A class with less than this share of the rows is rare.
_RARE = 0.05

P, N, S, U, AUC, k, m, n = symbols("P N S U AUC k m n")
T, F = indexed("T", k), indexed("F", k)
T_next, F_next = indexed("T", k + 1), indexed("F", k + 1)


def explain_points(
    curve: RocCurve,
    rows: ScoredRows | None,
    *,
    level: float,
    max_fpr: float,
    costs: tuple[float, float],
    asked: tuple[float, float | None] | None = None,
) -> Working:
    """Return the working of a curve from its tie groups and, with the rows at hand, from those.

    With ``asked`` it is that of one number computed apart from the curve: the area, up to a false positive rate or 1.
    """
    area, up_to = asked or (None, None)
    in_part = up_to is not None
    w = Derivation("roc", message("How well do the scores set the positive rows apart from the negative ones?"))
    terms = give_points(w, curve, rows)
    PointTables(w, curve, rows, terms, costs).add()
    defined = bool(curve.positives and curve.negatives)
    if defined:
        _area(w, curve, terms, rows, None if in_part else area)
        if curve.weighted:
            w.note(
                message("An interval of the AUC needs rows that count alike; weights do not say how many those are.")
            )
        else:
            add_interval(w, curve, terms, level, closed=in_part)
        add_best(w, curve, terms, costs, closed=in_part)
        if not curve.weighted:
            add_band(w, curve, level)
        add_partial(w, curve, terms, max_fpr, area if in_part else None)
        _conclude(w, curve, asked)
    else:
        w.note(message("With one class there is no pair to put in order: the area under the curve is undefined (0/0)."))
    if curve.positives:
        add_average_precision(w, curve, terms, closed=True)
    _remember(w, curve)
    return w.build(more=lambda threshold: explain(curve.confusion_at(threshold)))


def _conclude(w: Derivation, curve: RocCurve, asked: tuple[float, float | None] | None) -> None:
    area, up_to = asked or (curve.auc, None)
    if up_to is not None:
        w.conclude(
            message(
                "For false positive rates up to {rate} the area, with McClish's correction, is {area}.",
                rate=Derived(up_to, symbol("r")),
                area=Derived(area, symbol("A_c"), 1e-15),
            )
        )
        return
    w.conclude(
        message(
            "The AUC is {auc}: of all pairs of a positive and a negative row, so large a share is in the right order, "
            "a tie counting half.",
            auc=Derived(area, AUC),
        )
    )


def give_points(w: Derivation, curve: RocCurve, rows: ScoredRows | None) -> Terms:
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


def _count(w: Derivation, curve: RocCurve, rows: ScoredRows | None) -> None:
    """Say what the points count; with the rows at hand, count the classes again."""
    y, s, i = symbols("y s i")
    t_k = indexed("t", k)
    if rows is not None:
        rows.give(w)
    counted = rows is not None and not curve.weighted
    if not counted:
        w.given("P", curve.positives, message("positive rows"), source="state")
        w.given("N", curve.negatives, message("negative rows"), source="state")
    with w.part("counts", message("What P, N, T and F count"), note=_in_words(curve), closed=True):
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


def _in_words(curve: RocCurve) -> Message:
    values = {"positives": Derived(curve.positives, P), "negatives": Derived(curve.negatives, N)}
    if curve.weighted:
        return message(
            "Positive rows weigh P = {positives}, negative rows N = {negatives}; T and F of that lie at or above a "
            "threshold.",
            **values,
        )
    return message(
        "P = {positives} {positives:row is|rows are} positive and N = {negatives} negative; T and F of them lie at or "
        "above a threshold.",
        **values,
    )


def _area(w: Derivation, curve: RocCurve, terms: Terms, rows: ScoredRows | None, computed: float | None = None) -> None:
    tpr, fpr = indexed("TPR", k), indexed("FPR", k)
    with w.part("area", message("The area under the curve")):
        width, height = indexed("FPR", k + 1) - fpr, indexed("TPR", k + 1) + tpr
        w.define(
            "auc_rule",
            equation(AUC, total(width * height / 2, k, 1, m)),
            title=message("Trapezoids from point to point"),
            note=message("TPR is T / P, FPR is F / N. Below, all is times 2·P·N: it is counted in whole pairs."),
        )
        trapezoids = total((F_next - F) * (T_next + T), k, 1, m)
        terms.line("trapezoids", S, trapezoids, {}, title=message("Trapezoids"), rule=Rule.TRAPEZOID)
        value = curve.auc if computed is None else computed
        w.line("auc", equation(AUC, S / (2 * P * N)), value, title=message("AUC"), rule=Rule.RATIO)
        pairs = total((T_next - T) * (2 * N - F - F_next), k, 1, m)
        words = message("Pairs in the right order, counted twice, and ties once")
        terms.line("pairs", U, pairs, {"N": curve.negatives}, title=words)
        share = equation(symbol("A_p"), U / (2 * P * N))
        place = "line" if curve.weighted else "sentence"
        w.line("auc_of_pairs", share, curve.auc, title=message("Share of the pairs"), rule=Rule.RATIO, place=place)
        if not curve.weighted:
            w.claim(
                "same_area",
                equal(U, S),
                title=message("The two are the same"),
                note=message("The AUC is the share of pairs in the right order too: U / (2·P·N)."),
            )
        few_pairs = curve.positives * curve.negatives <= _MOST_PAIRS and min(curve.positives, curve.negatives) > 1
        if rows is not None and rows.weights is None and few_pairs:
            with w.part("every_pair", message("Every pair of rows compared"), closed=True):
                _one_by_one(w, rows)
    _ties(w, curve, terms)


def _one_by_one(w: Derivation, rows: ScoredRows) -> None:
    """Compare every positive row with every negative one: in a table of all pairs where it is small."""
    i, j = symbols("i j")
    above, below = rows.scores[rows.positive], rows.scores[~rows.positive]
    w.given("x", above, message("the scores of the positive rows"))
    w.given("v", below, message("the scores of the negative rows"))
    if max(len(above), len(below)) <= _MOST_IN_TABLE:
        heads = (message("positive \\ negative"), *(shown(score) for score in below.tolist()))
        pairs = tuple(
            (shown(one), *(_compared(place, one, to, other) for to, other in enumerate(below.tolist(), 1)))
            for place, one in enumerate(above.tolist(), 1)
        )
        note = message("1 where the positive row has the higher score, ½ where both have the same, else 0.")
        w.table("pairs_table", Table(heads, pairs, note=note), title=message("Every pair"))
    x, v = indexed("x", i), indexed("v", j)
    compared = 2 * iverson(greater(x, v)) + iverson(equal(x, v))
    statement = total(total(compared, j, 1, N), i, 1, P)
    again = symbol("U'", style="italic")
    w.line("pairs_one_by_one", equation(again, statement), title=message("Pair by pair"), rule=Rule.COUNT, folded=True)
    w.claim("same_pairs", equal(again, U), title=message("The same number of pairs"))


def _compared(place: int, one: float, to: int, other: float) -> Derived:
    """Return 1, a half or 0 for a pair, to be held against its two scores."""
    x, v = indexed("x", place), indexed("v", to)
    value = 1 if one > other else 0.5 if one == other else 0
    return Derived(value, iverson(greater(x, v)) + iverson(equal(x, v)) / 2)


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


def add_average_precision(
    w: Derivation, curve: RocCurve, terms: Terms, computed: float | None = None, *, closed: bool = False
) -> Step:
    """Add the mean of the precisions at which each positive row is found."""
    with w.part("precision", message("Average precision"), closed=closed):
        precisions = total((T_next - T) * T_next / (T_next + F_next), k, 1, m)
        total_of = symbol("Q")
        terms.line("precisions", total_of, precisions, {}, title=message("Precision, once for every positive row"))
        return w.line(
            "average_precision",
            equation(symbol("AP"), total_of / P),
            curve.average_precision if computed is None else computed,
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
                share=Derived(100 * share, 100 * minimum(P, N) / (P + N), digits=2),
            )
        )
    if curve.auc < 1 / 2:
        w.note(
            message(
                "The AUC is below a half: turned round, with -score in place of score, it would be {other}.",
                other=Derived(1 - curve.auc, 1 - AUC, 1e-15),
            )
        )


def _both(curve: RocCurve) -> bool:
    return bool(curve.positives and curve.negatives)
