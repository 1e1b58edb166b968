"""The best thresholds, worked: what each criterion is worth there, and that nowhere it is better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from workings.expression import (
    Equation,
    Node,
    Operand,
    Symbol,
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
    to_text,
)
from workings.language import Message, message
from workings.subjects.roc.best import Method, OperatingPoint, in_decimals
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.working import Derivation, Derived, Rule, Table, shown

__all__ = ["add_best", "add_one_best", "criterion_column", "name_of_criterion", "said_of_best"]

P, N, k, m, t = symbols("P N k m t")
T, F = indexed("T", k), indexed("F", k)


def add_best(w: Derivation, curve: RocCurve, terms: Terms, costs: tuple[float, float], *, closed: bool = False) -> None:
    """Add a part for each criterion, Youden's open unless ``closed``, and a table of the three.

    A part has the threshold, its two rates, the criterion, and that no other threshold is better.
    """
    w.given("c_FP", costs[0], message("the cost of a false positive"))
    w.given("c_FN", costs[1], message("the cost of a false negative"))
    rows: list[tuple[Any, ...]] = []
    for method in _METHODS:
        best = _Best(method, curve.best_threshold(method, cost_fp=costs[0], cost_fn=costs[1]), costs)
        shut = closed or method != "youden"
        with w.part(f"best_{method}", _title(method), closed=shut):
            _add(w, curve, terms, best, whole=shut)
        rows.append((name_of_criterion(method), *best.cells()))
    heads = (message("criterion"), t, message("sensitivity"), message("specificity"), message("value"))
    w.table("best", Table(heads, tuple(rows)), title=message("The best thresholds"))


def add_one_best(w: Derivation, curve: RocCurve, terms: Terms, point: OperatingPoint) -> None:
    """Add the lines of one criterion; the costs are given."""
    _add(w, curve, terms, _Best(point.method, point, point.costs), whole=True)


def said_of_best(point: OperatingPoint) -> dict[str, Derived]:
    """Return a sentence's numbers of a best point, each to be held against its line: the rates in percent."""
    best = _Best(point.method, point, point.costs)
    return {
        "threshold": Derived(point.threshold, best.named("t")),
        "value": Derived(point.value, best.criterion),
        "sensitivity": Derived(100 * point.sensitivity, 100 * best.rate("TPR"), digits=4),
        "specificity": Derived(100 * point.specificity, 100 * best.rate("TNR"), digits=4),
    }


def criterion_column(method: Method) -> Equation:
    """Return a criterion as the head of a column beside TP and FP, for any threshold."""
    formula, _ = _criterion(method)
    return equation(_CRITERIA[method], substitute(formula, {T: symbol("TP"), F: symbol("FP")}))


_METHODS: tuple[Method, ...] = ("youden", "corner", "cost")
# Youden's J, the nearest to the corner at the distance D, the least cost C.
_MARKS: dict[Method, str] = {"youden": "j", "corner": "n", "cost": "l"}
_CRITERIA: dict[Method, Symbol] = {"youden": symbol("J"), "corner": symbol("D"), "cost": symbol("C")}


@dataclass(frozen=True)
class _Best:
    """The best point by a criterion, and what its threshold, its counts, its rates and the criterion are called."""

    method: Method
    point: OperatingPoint
    costs: tuple[float, float]

    @property
    def mark(self) -> str:
        return _MARKS[self.method]

    @property
    def criterion(self) -> Symbol:
        return _CRITERIA[self.method]

    def named(self, letter: str) -> Symbol:
        return symbol(f"{letter}_{self.mark}")

    def rate(self, name: str) -> Symbol:
        return symbol(f"{name}({to_text(self.named('t'))})", latex=rf"\mathrm{{{name}}}(t_{self.mark})")

    def cells(self) -> tuple[Derived, ...]:
        return (
            Derived(self.point.threshold, self.named("t")),
            Derived(self.point.sensitivity, self.rate("TPR")),
            Derived(self.point.specificity, self.rate("TNR")),
            Derived(self.point.value, self.criterion),
        )


def _add(w: Derivation, curve: RocCurve, terms: Terms, best: _Best, *, whole: bool) -> None:
    method, point = best.method, best.point
    columns = (("threshold", "t", point.threshold), ("tp", "T", point.tp), ("fp", "F", point.fp))
    if terms.few:
        at = curve.groups.reaching(point.threshold) + 1
        for key, letter, value in columns:
            line = equation(best.named(letter), indexed(letter, at))
            w.line(f"{method}_{key}", line, value, title=_reading(key))
    else:
        for key, letter, value in columns:
            left = best.named(letter)
            w.given(left.name, value, _reading(key), source="state")
            note = message("{value}", value=shown(value))
            place = equation(left, indexed(letter, symbol(f"k_{best.mark}")))
            w.define(f"{method}_{key}", place, title=_reading(key), note=note)
    # The table of the three has the rates; the part that is open need not say them twice.
    place = "line" if whole else "sentence"
    for key, name, part, of, value in (
        ("sensitivity", "TPR", best.named("T"), P, point.sensitivity),
        ("specificity", "TNR", N - best.named("F"), N, point.specificity),
    ):
        line, title = equation(best.rate(name), part / of), _reading(key)
        w.line(f"{method}_{key}", line, value, title=title, rule=Rule.RATIO, absolute=1e-15, place=place)
    formula, _ = _criterion(method)
    w.line(
        f"{method}_criterion",
        equation(best.criterion, substitute(formula, _at(best))),
        point.value,
        title=_value(method),
        absolute=1e-15,
    )
    _claim(w, curve, terms, best)


def _claim(w: Derivation, curve: RocCurve, terms: Terms, best: _Best) -> None:
    """Claim that no other point is better."""
    method, costs = best.method, best.costs
    extreme, comparison = (largest, at_least) if method == "youden" else (smallest, at_most)
    formula, in_whole_numbers = _criterion(method)
    if terms.few and not curve.weighted:
        if method == "cost":
            _whole_costs(w, costs)
        w.claim(
            f"{method}_is_best",
            comparison(substitute(in_whole_numbers, _at(best)), extreme(in_whole_numbers, k, 1, m + 1)),
            title=message("No other point is better"),
            note=_how_ties_are_settled(method),
        )
        return
    bound = symbol(f"{best.criterion.name}_{'max' if method == 'youden' else 'min'}")
    known = {"P": curve.positives, "N": curve.negatives, "c_FP": costs[0], "c_FN": costs[1]}
    title = message("The best of all points")
    terms.line(f"{method}_extreme", bound, extreme(formula, k, 1, m + 1), known, title=title)
    title = message("No other point is better")
    w.line(f"{method}_is_best", equation(best.criterion, bound), best.point.value, title=title, absolute=1e-14)


def _at(best: _Best) -> dict[Node, Operand]:
    """Return what stands for the counts of any point at the best one."""
    return {T: best.named("T"), F: best.named("F")}


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
        return message("The threshold nearest to the perfect corner")
    return message("The threshold of least cost")


def name_of_criterion(method: Method) -> Message:
    """Return what is compared."""
    if method == "youden":
        return message("Youden's J")
    if method == "corner":
        return message("Distance to the corner")
    return message("Mean cost of a row")


def _value(method: Method) -> Message:
    return message("Youden's J, the height above the diagonal") if method == "youden" else name_of_criterion(method)


def _reading(key: str) -> Message:
    return {
        "threshold": message("The threshold"),
        "tp": message("Positives at or above it"),
        "fp": message("Negatives at or above it"),
        "sensitivity": message("Sensitivity"),
        "specificity": message("Specificity"),
    }[key]
