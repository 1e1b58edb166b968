"""Three classes and more, worked: the rates of all rows, and those of each class against the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workings.expression import Node, both, equal, equation, indexed, iverson, largest, sqrt, symbols, total
from workings.language import Message, message
from workings.subjects.confusion.explain_rates import (
    add_interval_table,
    add_known,
    add_quantile,
    add_share_interval,
    define_agreement,
    rate_symbol,
)
from workings.subjects.confusion.explain_rows import Rows, add_row_table
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.overall import overall_cause
from workings.subjects.confusion.rates import RATES
from workings.working import Derivation, Derived, Rule, Table, Working

__all__ = ["explain_classes"]

# So many classes have a table of all their pairs at most, and so many a line in the table of classes.
_MOST_PAIRS, _MOST_CLASSES = 10, 50
# So many times a row and a pair of classes are held against each other one by one at most.
_MOST_COUNTED = 500

n, K, j, k, i, E, right, pooled = symbols("n K j k i E R S")
# Rows of class j predicted as k; rows of class k; rows predicted as k.
pair, correct, actual, called = indexed("C", j, k), indexed("C", k, k), indexed("a", k), indexed("b", k)


def explain_classes(
    cm: ConfusionMatrix, level: float, rows: Rows | None, of_matrix: Callable[[ConfusionMatrix], Working]
) -> Working:
    """Return the working of a matrix with any number of classes but two; ``at(label=...)`` is one against the rest."""
    w = Derivation("confusion", _question(len(cm.labels)))
    pairs = _count(w, cm, rows)
    if len(cm.labels) <= _MOST_PAIRS:
        _add_pairs(w, pairs)
    _rate(w, cm)
    w.table("classes", _classes(cm, pairs), title=message("Each class against the rest"))
    if not cm.weighted and cm.total:
        _intervals(w, cm, level)
    w.convention(
        None,
        message("rows are the actual classes and columns the predicted ones, as in scikit-learn"),
        message("many textbooks have the predictions in the rows: the same counts, the table on its side"),
    )
    if cm.total:
        w.conclude(
            message(
                "Predicted right: {right} of {total}. The accuracy is {accuracy}.",
                right=Derived(cm.counts.trace().item(), right),
                total=Derived(cm.total, n, 1e-12 * cm.total if cm.weighted else 0.0),
                accuracy=Derived(cm.rates["accuracy"], rate_symbol("accuracy")),
            )
        )
    return w.build(more=lambda label: of_matrix(cm.one_vs_rest(label)))


def _question(classes: int) -> Message:
    if classes == 1:
        return message("How good are the predictions of one class?")
    return message("How good are the predictions of {count} classes?", count=classes)


def _count(w: Derivation, cm: ConfusionMatrix, rows: Rows | None) -> _Pairs:
    """Give the counts, of the rows where those are at hand, and say how many were predicted right."""
    counts = cm.counts
    again = counts if rows is None else rows.pairs(len(cm.labels))
    if rows is not None:
        rows.give(w, message("the place of the class among the labels, counted from 0"))
        add_row_table(w, cm, rows)
        hit = iverson(equal(indexed("y", i), indexed("ŷ", i)))
        hits = hit if rows.weights is None else indexed("w", i) * hit
        said = message("Predicted right")
        note = message("A class stands as its place among the labels, counted from 0: {places}.", places=_places(cm))
        statement, few = equation(right, total(hits, i, 1, n)), len(cm.labels) <= _MOST_PAIRS
        value = counts.trace().item()
        w.line("right", statement, value, title=said, rule=Rule.COUNT, note=note if few else None, folded=not few)
    w.given("K", len(cm.labels), message("the number of classes"))
    w.given("C", again, message("rows of each class by the class predicted"), source="state")
    w.given("a", again.sum(axis=1), message("rows of each class"), source="state")
    w.given("b", again.sum(axis=0), message("rows predicted as each class"), source="state")
    if rows is None:
        w.line("rows_counted", equation(n, total(actual, k, 1, K)), cm.total, title=message("All rows"), rule=Rule.SUM)
        w.line(
            "right",
            equation(right, total(correct, k, 1, K)),
            counts.trace().item(),
            title=message("Predicted right"),
            rule=Rule.SUM,
        )
    elif rows.weights is not None:
        weight = equation(n, total(indexed("w", i), i, 1, len(rows.actual)))
        w.line("weight", weight, cm.total, title=message("The weight of all rows"), rule=Rule.SUM)
    few = rows is not None and len(rows.actual) * len(cm.labels) ** 2 <= _MOST_COUNTED
    return _Pairs(cm, rows if few else None)


def _places(cm: ConfusionMatrix) -> str:
    return ", ".join(f"{label} = {place}" for place, label in enumerate(cm.labels))


@dataclass(frozen=True)
class _Pairs:
    """What each count of the matrix follows from: few rows are counted again, of many the counts are given."""

    cm: ConfusionMatrix
    rows: Rows | None

    def cell(self, at: int, to: int) -> Derived:
        """Return the count of a class predicted as another (or the same)."""
        return Derived(self.cm.counts[at, to].item(), self._of(at, to), self._left)

    def of_class(self, at: int) -> Derived:
        """Return how many rows a class has."""
        return Derived(self.cm.counts[at].sum().item(), indexed("a", at + 1), self._left)

    def of_predicted(self, to: int) -> Derived:
        """Return how many rows are predicted as a class."""
        return Derived(self.cm.counts[:, to].sum().item(), indexed("b", to + 1), self._left)

    def whole(self) -> Derived:
        """Return how many rows there are."""
        return Derived(self.cm.total, total(actual, k, 1, K), self._left)

    @property
    def _left(self) -> float:
        """What adding up weights in another order leaves of them."""
        return 1e-12 * self.cm.total if self.cm.weighted else 0.0

    def _of(self, at: int, to: int) -> Node:
        if self.rows is None:
            return indexed("C", at + 1, to + 1)
        hit = iverson(both(equal(indexed("y", i), at), equal(indexed("ŷ", i), to)))
        return total(hit if self.rows.weights is None else indexed("w", i) * hit, i, 1, len(self.rows.actual))


def _add_pairs(w: Derivation, pairs: _Pairs) -> None:
    """Add the matrix with the actual classes in the rows, and in a part to be opened with the predictions there."""
    names = [message('"{label}"', label=str(label)) for label in pairs.cm.labels]
    whole, places = message("total"), range(len(names))
    sides = (pairs.of_class, pairs.of_predicted)
    by_class = [[pairs.cell(at, to) for to in places] for at in places]
    by_prediction = [list(column) for column in zip(*by_class, strict=True)]

    def table(corner: Message, cells: list[list[Derived]], of_row: Any, of_column: Any) -> Table:
        rows: list[tuple[Any, ...]] = [(names[at], *cells[at], of_row(at)) for at in places]
        rows.append((whole, *map(of_column, places), pairs.whole()))
        return Table((corner, *names, whole), tuple(rows))

    w.table(
        "matrix",
        table(message("actual \\ predicted"), by_class, *sides),
        title=message("The matrix, the actual classes in the rows"),
    )
    with w.part("predictions", message("The same counts, the predictions in the rows"), closed=True):
        w.table(
            "matrix_of_predictions",
            table(message("predicted \\ actual"), by_prediction, *reversed(sides)),
            title=message("The matrix, the predictions in the rows"),
        )


def _intervals(w: Derivation, cm: ConfusionMatrix, level: float) -> None:
    """Add how far the two shares of all rows are known, the rule in a part to be opened."""
    wrong = cm.total - cm.counts.trace().item()
    shares = (("accuracy", right, cm.total - wrong), ("error_rate", n - right, wrong))
    with w.part("intervals", message("Wilson's interval of every share"), closed=True):
        add_quantile(w, level)
        table: list[tuple[Message, Derived, Derived, float, float]] = []
        for name, part, count in shares:
            ends = cm.interval(name, level)
            add_share_interval(w, name, part, n, ends)
            table.append((RATES[name].title, Derived(int(count), part), Derived(int(cm.total), n), *ends))
        add_interval_table(w, table)
    add_known(w, cm, [name for name, *_ in shares], level)


def _rate(w: Derivation, cm: ConfusionMatrix) -> None:
    w.line("chance", equation(E, total(actual * called, k, 1, K)), title=message("Right by chance, times n"))
    squares = [n**2 - total(sums**2, k, 1, K) for sums in (actual, called)]
    _lines(
        w,
        cm,
        {
            "accuracy": right / n,
            "error_rate": (n - right) / n,
            "no_information_rate": largest(actual, k, 1, K) / n,
            "balanced_accuracy": total(correct / actual, k, 1, K) / K,
            "adjusted_balanced_accuracy": (K * rate_symbol("balanced_accuracy") - 1) / (K - 1),
            "mcc": (n * right - E) / sqrt(squares[0] * squares[1]),
        },
    )
    with w.part("agreement", message("Agreement beyond chance"), closed=True):
        w.line(
            "pooled",
            equation(pooled, total((actual + called) ** 2, k, 1, K)),
            title=message("Squares of the classes' rows, actual and predicted taken together"),
        )
        mixed = 4 * n**2 - pooled
        of_chance = (K - 1) * 4 * n
        agreement: dict[str, Node] = {
            "cohen_kappa": (n * right - E) / (n**2 - E),
            "scott_pi": (4 * n * right - pooled) / mixed,
            "gwet_ac1": (of_chance * right - mixed) / (of_chance * n - mixed),
        }
        _lines(w, cm, agreement)


def _lines(w: Derivation, cm: ConfusionMatrix, formulas: Mapping[str, Node]) -> None:
    """Add a line for each of some rates of all rows; one that is undefined says why."""
    rates = cm.rates
    for name, formula in formulas.items():
        define_agreement(w, name)
        undefined = math.isnan(rates[name])
        note = message("undefined: {cause}.", cause=overall_cause(name, cm.counts.tolist())) if undefined else None
        w.line(
            name,
            equation(rate_symbol(name), formula),
            rates[name],
            title=RATES[name].title,
            rule=Rule.RATIO,
            note=note,
            absolute=1e-15,
        )


def _classes(cm: ConfusionMatrix, pairs: _Pairs) -> Table:
    TP, P, PP = symbols("TP P PP")
    recall, precision, f1 = (rate_symbol(name) for name in ("recall", "precision", "f1"))
    heads = (
        message("class"),
        TP,
        P,
        PP,
        equation(recall, TP / P),
        equation(precision, TP / PP),
        equation(f1, 2 * TP / (P + PP)),
    )
    each = {name: cm.per_class(name) for name in ("recall", "precision", "f1")}
    rows = [
        (
            str(label),
            *(pairs.cell(at, at), pairs.of_class(at), pairs.of_predicted(at)),
            *(values[label] for values in each.values()),
        )
        for at, label in enumerate(cm.labels)
    ]
    more = None if len(rows) <= _MOST_CLASSES else len(rows)
    return Table(heads, tuple(rows[:_MOST_CLASSES]), total=more)
