"""What a matrix gives besides itself, worked: the table of its counts, and the report of its classes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from workings.expression import Equation, Node, Operand, equation, indexed, substitute, symbols, total
from workings.language import message
from workings.subjects.confusion.explain_rates import in_four_counts
from workings.subjects.confusion.layout import ConfusionTable
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.rates import find_rate
from workings.subjects.confusion.report import ClassReport
from workings.working import Derivation, Derived, Table, Working, explain, explainer

__all__ = ["explain_layout", "explain_report"]

# So many classes have a line at most.
_MOST_CLASSES = 50
# So many rates' formulas stand above the table at most; more are to be opened.
_MOST_FORMULAS = 5
# So many rates stand beside one another.
_MOST_ACROSS = 4

TP, FP, FN, TN, K, k, n = symbols("TP FP FN TN K k n")
right = total(indexed("C", k, k), k, 1, K)


@explainer(ConfusionTable)
def explain_layout(table: ConfusionTable, level: float = 0.95, **costs: float) -> Working:
    """Return the working of the matrix that is laid out, in both layouts; as :func:`explain_matrix`."""
    return explain(ConfusionMatrix.from_table(table), level, **costs)


@explainer(ClassReport)
def explain_report(report: ClassReport) -> Working:
    """Return the working of a report: each class's four counts and rates, and the averages over the classes."""
    w = Derivation("confusion", message("How good are the predictions of each class, and on average?"))
    cm = ConfusionMatrix.from_counts(report.counts, report.labels)
    w.given("K", len(report.labels), message("the number of classes"))
    w.given("C", report.counts, message("rows of each class by the class predicted"), source="state")
    w.given("a", report.counts.sum(axis=1), message("rows of each class"), source="state")
    w.given("b", report.counts.sum(axis=0), message("rows predicted as each class"), source="state")
    w.given("n", report.counts.sum().item(), message("the number of rows"), source="state")
    heads = [equation(*in_four_counts(find_rate(name, function="explain"))) for name in report.rates]
    with w.part("formulas", message("The rates"), closed=len(heads) > _MOST_FORMULAS):
        for rate, title, head in zip(report.rates, report.titles, heads, strict=True):
            w.define(f"rule_{rate}", head, title=title)
    for start in range(0, len(heads), _MOST_ACROSS):
        key = "classes" if start == 0 else f"classes_{start}"
        found = _classes(report, heads, start)
        w.table(key, found, title=message("Each class against the rest"), absolute=1e-15)
    for place, column in enumerate(report.values.T, 1):
        # A class without rows weighs nothing, whatever its rate.
        known = np.where(report.rows == 0, np.nan_to_num(column), column)
        w.given(f"r_{place}", known, message("a rate of each class"))
    note = message(
        "macro: the mean of the classes; weighted: each class by its rows; micro: the rate of all counts added up."
    )
    for start in range(0, len(heads), _MOST_ACROSS):
        averages = replace(_averages(report, heads, start), note=note if start == 0 else None)
        key = "averages" if start == 0 else f"averages_{start}"
        w.table(key, averages, title=message("The averages"), absolute=1e-15)
    if np.isnan(report.values).any():
        w.convention(
            None,
            message("a rate of 0/0 has no value, nor has a mean with one in it"),
            message("scikit-learn counts it as 0"),
        )
    macro = report.averages["macro"][0].item()
    if not math.isnan(macro):
        mean = Derived(macro, total(indexed("r_1", k), k, 1, K) / K)
        w.conclude(message("The mean of the classes: {rate} {value}.", rate=report.titles[0], value=mean))
    return w.build(more=lambda label: explain(replace(cm.one_vs_rest(label), weighted=report.weighted)))


def _classes(report: ClassReport, heads: list[Equation], start: int) -> Table:
    """Return each class's four counts, held against the matrix, and its rates, held against the counts."""
    hits, actual, called = report.counts.diagonal(), report.counts.sum(axis=1), report.counts.sum(axis=0)
    whole = report.counts.sum()

    def of_class(at: int) -> tuple[Any, ...]:
        c, a, b = indexed("C", at + 1, at + 1), indexed("a", at + 1), indexed("b", at + 1)
        tp, of, said = hits[at], actual[at], called[at]
        cells: tuple[tuple[Any, Node], ...] = (
            (tp, c),
            (said - tp, b - c),
            (of - tp, a - c),
            (whole - of - said + tp, n - a - b + c),
        )
        left = 1e-12 * float(whole) if report.counts.dtype.kind == "f" else 0.0
        return (
            str(report.labels[at]),
            *(Derived(value.item(), statement, left) for value, statement in cells),
            *(_or_undefined(value) for value in report.values[at, start : start + _MOST_ACROSS].tolist()),
        )

    rows = tuple(of_class(at) for at in range(min(len(report.labels), _MOST_CLASSES)))
    more = None if len(rows) == len(report.labels) else len(report.labels)
    return Table((message("class"), TP, FP, FN, TN, *heads[start : start + _MOST_ACROSS]), rows, total=more)


def _averages(report: ClassReport, heads: list[Equation], start: int) -> Table:
    """Return the three averages of each rate, each held against what it is the average of."""
    pooled: dict[Node, Operand] = {TP: right, FP: n - right, FN: n - right, TN: (K - 2) * n + right}

    def of_method(method: str) -> tuple[Any, ...]:
        cells: list[Any] = []
        values = report.averages[method].tolist()
        across = list(enumerate(zip(heads, values, strict=True), 1))[start : start + _MOST_ACROSS]
        for place, (head, value) in across:
            each = indexed(f"r_{place}", k)
            statement = {
                "macro": total(each, k, 1, K) / K,
                "weighted": total(indexed("a", k) * each, k, 1, K) / total(indexed("a", k), k, 1, K),
                "micro": substitute(head.right, pooled),
            }[method]
            cells.append(Derived(value, statement) if not math.isnan(value) else _or_undefined(value))
        return (method, *cells)

    shown_heads = (head.left for head in heads[start : start + _MOST_ACROSS])
    return Table((message("average"), *shown_heads), tuple(map(of_method, report.averages)))


def _or_undefined(value: float) -> Any:
    return message("undefined") if math.isnan(value) else value
