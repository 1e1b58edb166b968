"""The best thresholds, worked: what each criterion is worth there, and that nowhere it is better."""

from __future__ import annotations

import math

from workings.expression import (
    Node,
    Operand,
    at_least,
    at_most,
    equation,
    indexed,
    largest,
    smallest,
    sqrt,
    substitute,
    symbol,
    symbols,
)
from workings.language import Message, message
from workings.subjects.roc.best import Method, in_decimals
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.working import Derivation, Rule, shown

__all__ = ["add_best"]

P, N, k, m = symbols("P N k m")
T, F = indexed("T", k), indexed("F", k)


def add_best(w: Derivation, curve: RocCurve, terms: Terms, costs: tuple[float, float]) -> None:
    """Add a part for each criterion: the threshold, its two rates, the criterion, and that no other is better."""
    w.given("c_FP", costs[0], message("the cost of a false positive"))
    w.given("c_FN", costs[1], message("the cost of a false negative"))
    for method in ("youden", "corner", "cost"):
        with w.part(f"best_{method}", _title(method)):
            _add(w, curve, terms, method, costs)


def _add(w: Derivation, curve: RocCurve, terms: Terms, method: Method, costs: tuple[float, float]) -> None:
    best = curve.best_threshold(method, cost_fp=costs[0], cost_fn=costs[1])
    mark = {"youden": "J", "corner": "D", "cost": "C"}[method]
    threshold, tp, fp = symbol(f"t_{mark}"), symbol(f"T_{mark}"), symbol(f"F_{mark}")
    columns = ((threshold, "t", best.threshold), (tp, "T", best.tp), (fp, "F", best.fp))
    if terms.few:
        point = curve.groups.reaching(best.threshold) + 1
        for key, (left, column, value) in zip(("threshold", "tp", "fp"), columns, strict=True):
            w.line(f"{method}_{key}", equation(left, indexed(column, point)), value, title=_reading(key))
    else:
        for key, (left, column, value) in zip(("threshold", "tp", "fp"), columns, strict=True):
            w.given(left.name, value, _reading(key), source="state")
            note = message("{value}", value=shown(value))
            w.define(
                f"{method}_{key}", equation(left, indexed(column, symbol(f"k_{mark}"))), title=_reading(key), note=note
            )
    for key, left, right, value in (
        ("sensitivity", symbol(f"TPR({mark})"), tp / P, best.sensitivity),
        ("specificity", symbol(f"TNR({mark})"), (N - fp) / N, best.specificity),
    ):
        w.line(f"{method}_{key}", equation(left, right), value, title=_reading(key), rule=Rule.RATIO, absolute=1e-15)
    formula, in_whole_numbers = _criterion(method)
    at_best: dict[Node, Operand] = {T: tp, F: fp}
    w.line(
        f"{method}_criterion",
        equation(symbol(mark), substitute(formula, at_best)),
        best.value,
        title=_value(method),
        absolute=1e-15,
    )
    extreme, comparison = (largest, at_least) if method == "youden" else (smallest, at_most)
    if terms.few and not curve.weighted:
        if method == "cost":
            _whole_costs(w, costs)
        w.claim(
            f"{method}_is_best",
            comparison(substitute(in_whole_numbers, at_best), extreme(in_whole_numbers, k, 1, m + 1)),
            title=message("No other point is better"),
            note=_how_ties_are_settled(method),
        )
        return
    bound = symbol(f"best {mark}")
    known = {"P": curve.positives, "N": curve.negatives, "c_FP": costs[0], "c_FN": costs[1]}
    title = message("The best of all points")
    terms.line(f"{method}_extreme", bound, extreme(formula, k, 1, m + 1), known, title=title)
    title = message("No other point is better")
    w.line(f"{method}_is_best", equation(symbol(f"{mark} again"), bound), best.value, title=title, absolute=1e-14)


def _whole_costs(w: Derivation, costs: tuple[float, float]) -> None:
    """Give both costs as whole numbers of a common unit: floats of a sum of decimals would not compare exactly."""
    of_fp, of_fn = in_decimals(costs[0]), in_decimals(costs[1])
    parts = math.lcm(of_fp.denominator, of_fn.denominator)
    unit = message("in parts of a {parts}th", parts=parts) if parts > 1 else message("in whole numbers")
    w.given("a", int(of_fp * parts), message("the cost of a false positive, {unit}", unit=unit))
    w.given("b", int(of_fn * parts), message("the cost of a false negative, {unit}", unit=unit))


def _criterion(method: Method) -> tuple[Node, Node]:
    """Return what is compared, at point k: in rates, and so scaled that whole counts give whole numbers."""
    if method == "youden":
        return T / P - F / N, T * N - F * P
    if method == "corner":
        return sqrt((1 - T / P) ** 2 + (F / N) ** 2), ((P - T) * N) ** 2 + (F * P) ** 2
    cost = symbol("c_FP") * F + symbol("c_FN") * (P - T)
    return cost / (P + N), symbol("a") * F + symbol("b") * (P - T)


def _how_ties_are_settled(method: Method) -> Message:
    if method == "cost":
        return message("a and b are the costs as whole numbers; of equally good thresholds the highest is taken.")
    return message("Of equally good thresholds the highest is taken, which calls the fewest rows positive.")


def _title(method: Method) -> Message:
    if method == "youden":
        return message("The threshold with the largest Youden's J")
    if method == "corner":
        return message("The threshold nearest to the corner of a perfect curve")
    return message("The threshold of least cost")


def _value(method: Method) -> Message:
    if method == "youden":
        return message("Youden's J, the height above the diagonal")
    if method == "corner":
        return message("Distance to the corner")
    return message("Mean cost of a row")


def _reading(key: str) -> Message:
    return {
        "threshold": message("The threshold"),
        "tp": message("Positives at or above it"),
        "fp": message("Negatives at or above it"),
        "sensitivity": message("Sensitivity"),
        "specificity": message("Specificity"),
    }[key]
