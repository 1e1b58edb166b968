"""The four counts as a table of two rows and two columns, laid out both ways, each count held against its line."""

from __future__ import annotations

from typing import Any

from workings.expression import Node, symbols
from workings.language import Message, message
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.working import Derivation, Derived, Table

__all__ = ["add_matrices"]

TP, FP, FN, TN = symbols("TP FP FN TN")


def add_matrices(w: Derivation, cm: ConfusionMatrix) -> None:
    """Add the table with the actual classes in the rows, and the one with the predictions there."""
    negative, positive = (message('"{label}"', label=str(label)) for label in cm.labels)
    actual: list[list[tuple[float, Node]]] = [[(cm.tn, TN), (cm.fp, FP)], [(cm.fn, FN), (cm.tp, TP)]]
    predicted = [list(column) for column in zip(*actual, strict=True)]
    w.table(
        "matrix",
        _table(
            message("actual \\ predicted"),
            (negative, positive),
            actual,
            message("From the left: TN, FP; below FN, TP."),
        ),
        title=message("The matrix, the actual classes in the rows"),
    )
    w.table(
        "matrix_of_predictions",
        _table(
            message("predicted \\ actual"),
            (negative, positive),
            predicted,
            message("From the left: TN, FN; below FP, TP."),
        ),
        title=message("The same counts, the predictions in the rows"),
    )


def _table(
    corner: Message, labels: tuple[Message, Message], counts: list[list[tuple[float, Node]]], note: Message
) -> Table:
    def line(head: Message, *cells: list[tuple[float, Node]]) -> tuple[Any, ...]:
        """Return a row of counts, each the sum of the counts of some lines, and their total."""
        sums = [_sum([of_line[k] for of_line in cells]) for k in range(2)]
        return (head, *sums, _sum([cell for of_line in cells for cell in of_line]))

    whole = message("total")
    rows = [line(label, cells) for label, cells in zip(labels, counts, strict=True)]
    return Table((corner, *labels, whole), (*rows, line(whole, *counts)), note=note)


def _sum(cells: list[tuple[float, Node]]) -> Derived:
    value, statement = cells[0]
    for other, name in cells[1:]:
        value, statement = value + other, statement + name
    return Derived(value, statement)
