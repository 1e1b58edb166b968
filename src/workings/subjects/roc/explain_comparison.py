"""Two AUCs compared, worked: each row's share of the other class, variances and covariance, z and its probability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import held_warnings
from workings.expression import (
    Apply,
    absolute,
    equation,
    indexed,
    normal_cdf,
    sqrt,
    symbol,
    symbols,
    total,
)
from workings.language import Message, message
from workings.subjects.confusion.explain_rates import add_quantile
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.explain_sums import Terms, rows_of
from workings.working import Derivation, Derived, Rule, Working

__all__ = ["explain_pair"]

P, N, i, j, d, V, SE, z, q = symbols("P N i j d V SE z q")
A_1, A_2 = symbols("A_1 A_2")
# Of a positive row, twice the negatives below it; of a negative row, twice the positives above it: by either score.
below = (indexed("a", i), indexed("b", i))
above = (indexed("u", j), indexed("v", j))


def explain_pair(test: AucComparison, level: float) -> Working:
    """Return the working of DeLong's paired test."""
    w = Derivation("roc", message("Do the two scores differ in their AUC by more than chance?"))
    w.given("P", test.positives, message("positive rows"), source="state")
    w.given("N", test.negatives, message("negative rows"), source="state")
    positives, negatives = _shares(w, test)
    _areas(w, test, positives)
    if min(test.positives, test.negatives) < 2:
        w.note(message("The test is undefined: a class has one row only, and the spread of one row is 0/0."))
        return w.build()
    _variances(w, test, positives, negatives)
    _test(w, test, level)
    return w.build()


def _shares(w: Derivation, test: AucComparison) -> tuple[Terms, Terms]:
    """Give each row's count of the other class on its right side, found from midranks."""
    positive_a, positive_b, negative_a, negative_b = test.scores
    columns = [_counts(positive_a, negative_a), _counts(positive_b, negative_b)]
    positives = rows_of(w, {name: of[0] for name, of in zip("ab", columns, strict=True)})
    negatives = rows_of(w, {name: of[1] for name, of in zip("uv", columns, strict=True)})
    positives.give(
        {
            "a": message("for each positive row, twice the negatives below it by the first score, ties half"),
            "b": message("the same by the second score"),
        }
    )
    negatives.give(
        {
            "u": message("for each negative row, twice the positives above it by the first score, ties half"),
            "v": message("the same by the second score"),
        }
    )
    return positives, negatives


def _counts(positive: NDArray[Any], negative: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return twice the negatives below each positive, and twice the positives above each negative, ties half.

    By midranks, not by the searches that the computation uses: a row's rank among all rows less its rank among those
    of its class is how many of the other class lie below it.

    Source
    ------
    Sun and Xu (2014), IEEE Signal Processing Letters 21, equations 5 to 8.
    """
    size = len(positive)
    everyone = _midranks(np.concatenate([positive, negative]))
    below_positive = everyone[:size] - _midranks(positive)
    below_negative = everyone[size:] - _midranks(negative)
    return (2 * below_positive).astype(np.int64), (2 * (size - below_negative)).astype(np.int64)


def _midranks(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Return each score's rank from 1, tied ones the mean of theirs."""
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    return (np.cumsum(ties) - (ties - 1) / 2)[place]


def _areas(w: Derivation, test: AucComparison, positives: Terms) -> None:
    titles = (message("AUC of the first score"), message("AUC of the second score"))
    about = message(
        "{a} and {b} are, of a positive row, twice the negatives below it by the first and by the second score, ties "
        "counted once; {u} and {v}, of a negative row, the same of the positives above it.",
        a=below[0],
        b=below[1],
        u=above[0],
        v=above[1],
    )
    with w.part("areas", message("The two areas"), note=about):
        for place, (side, area, name, value, title) in enumerate(
            zip(below, (A_1, A_2), "ab", (test.auc_a, test.auc_b), titles, strict=True), 1
        ):
            pairs = symbol(f"S_{place}")
            words = message("Pairs in the right order, twice")
            positives.line(f"pairs_{name}", pairs, total(side, i, 1, P), {"P": test.positives}, title=words)
            w.line(f"auc_{name}", equation(area, pairs / (2 * P * N)), value, title=title, rule=Rule.RATIO)
        w.line(
            "difference",
            equation(d, A_1 - A_2),
            test.difference,
            title=message("Difference"),
            rule=Rule.DIFFERENCE,
            absolute=1e-15,
        )


def _variances(w: Derivation, test: AucComparison, positives: Terms, negatives: Terms) -> None:
    known = {"A_1": test.auc_a, "A_2": test.auc_b, "P": test.positives, "N": test.negatives}
    of_positives = [side / (2 * N) - area for side, area in zip(below, (A_1, A_2), strict=True)]
    of_negatives = [side / (2 * P) - area for side, area in zip(above, (A_1, A_2), strict=True)]
    with w.part("variances", message("How far they are known, and how far together (DeLong)")):
        with w.part("each_variance", message("Both variances and the covariance"), closed=True):
            for key, name, x, y, value, title in (
                ("variance_a", "11", 0, 0, test.variance_a, message("Variance of the first")),
                ("variance_b", "22", 1, 1, test.variance_b, message("Variance of the second")),
                ("covariance", "12", 0, 1, test.covariance, message("Covariance")),
            ):
                rows_p, rows_n = symbol(f"D_{name}p"), symbol(f"D_{name}n")
                positives.line(
                    f"{key}_positives",
                    rows_p,
                    total(_product(of_positives, x, y), i, 1, P),
                    known,
                    title=_spread(key, of_positives=True),
                )
                negatives.line(
                    f"{key}_negatives",
                    rows_n,
                    total(_product(of_negatives, x, y), j, 1, N),
                    known,
                    title=_spread(key, of_positives=False),
                )
                formula = rows_p / (P * (P - 1)) + rows_n / (N * (N - 1))
                w.line(
                    key, equation(symbol(f"V_{name}"), formula), value, title=title, rule=Rule.VARIANCE, absolute=1e-17
                )
        w.line(
            "difference_variance",
            equation(V, symbol("V_11") + symbol("V_22") - 2 * symbol("V_12")),
            test.difference_variance,
            title=message("Variance of the difference"),
            rule=Rule.VARIANCE,
            absolute=1e-16 * (test.variance_a + test.variance_b),
        )


def _product(deviations: list[Apply], x: int, y: int) -> Apply:
    return deviations[x] ** 2 if x == y else deviations[x] * deviations[y]


def _spread(key: str, *, of_positives: bool) -> Message:
    if key == "covariance":
        if of_positives:
            return message("Products of deviations, positives")
        return message("Products of deviations, negatives")
    if of_positives:
        return message("Squared deviations, positives")
    return message("Squared deviations, negatives")


def _test(w: Derivation, test: AucComparison, level: float) -> None:
    with w.part("test", message("The test")):
        # What the warning of an undefined test says stands in the note.
        with held_warnings():
            score, probability = test.z, test.p_value
            low, high = test.interval(level)
        w.line("difference_se", equation(SE, sqrt(V)), title=message("Standard error"), rule=Rule.SQUARE_ROOT)
        add_quantile(w, level, q)
        for key, end, value, title in (
            ("difference_low", d - q * SE, low, message("Difference, lower end")),
            ("difference_high", d + q * SE, high, message("Difference, upper end")),
        ):
            w.line(
                key,
                equation(symbol("d_l" if key == "difference_low" else "d_u"), end),
                value,
                title=title,
                absolute=1e-15,
            )
        if math.isnan(score):
            note = message("undefined: the difference has the variance 0, for the two scores rank all rows alike.")
            w.define("z", equation(z, d / SE), title=message("Difference in standard errors"), note=note)
            w.define(
                "p_value", equation(symbol("p"), 2 * normal_cdf(-absolute(z))), title=message("p value"), note=note
            )
            return
        w.line("z", equation(z, d / SE), score, title=message("Difference in standard errors"), rule=Rule.RATIO)
        w.line(
            "p_value",
            equation(symbol("p"), 2 * normal_cdf(-absolute(z))),
            probability,
            title=message("Probability of so large a difference, were there none"),
            rule=Rule.NORMAL,
        )
    w.convention(
        None,
        message("two-sided: a difference either way counts against chance"),
        message("one-sided, in the direction that was found and for one chosen beforehand, it would be {value}"),
        probability / 2,
        normal_cdf(-absolute(z)),
    )
    w.conclude(
        message(
            "The AUCs differ by {difference}, {z} standard errors; by chance alone so large a difference has the "
            "probability {p}.",
            difference=Derived(test.difference, d, 1e-15),
            z=Derived(abs(score), absolute(z), digits=3),
            p=Derived(probability, symbol("p")),
        )
    )
