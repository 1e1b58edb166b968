"""The matrix of several classes, worked: every row's total and shares, every column's total, all rows."""

from __future__ import annotations

from workings.expression import equation, indexed, symbols, total
from workings.language import message
from workings.study.told_account import MOST_CLASSES
from workings.subjects.confusion import ConfusionMatrix
from workings.working import Derivation, Rule, Table, Working

__all__ = ["explain_matrix_totals"]

n, K, j, k, C = symbols("n K j k C")


def explain_matrix_totals(matrix: ConfusionMatrix) -> Working:
    """Return how the matrix adds up, along its rows and columns, and each cell's share of its row."""
    counts = matrix.counts.tolist()
    labels = [str(label) for label in matrix.labels]
    w = Derivation("study", message("How does the matrix add up?"))
    w.given("K", len(labels), message("the number of classes"))
    w.given("C", matrix.counts, message("rows of each class by the class predicted"), source="state")
    for place, (label, cells) in enumerate(list(zip(labels, counts, strict=True))[:MOST_CLASSES], start=1):
        title = message("Rows of the class {label}", label=label)
        with w.part(f"row_{place}", title):
            actual = indexed("a", place)
            rows_of_class = equation(actual, total(indexed(C, place, k), k, 1, K))
            w.line(f"row_total_{place}", rows_of_class, sum(cells), title=title, rule=Rule.SUM)
            cell = indexed(C, place, k)
            heads = (message("Predicted"), cell, equation(cell / actual, cell / actual))
            rows = tuple(
                (called, count, count / sum(cells) if sum(cells) else float("nan"))
                for called, count in list(zip(labels, cells, strict=True))[:MOST_CLASSES]
            )
            left_out = len(labels) if len(rows) < len(labels) else None
            w.table(f"shares_{place}", Table(heads, rows, total=left_out), title=message("Shares of the row"))
    with w.part("columns", message("Rows predicted as each class")):
        for place, label in enumerate(labels[:MOST_CLASSES], start=1):
            w.line(
                f"column_total_{place}",
                equation(indexed("b", place), total(indexed(C, j, place), j, 1, K)),
                matrix.counts[:, place - 1].sum().item(),
                title=message("Predicted as {label}", label=label),
                rule=Rule.SUM,
            )
    w.line(
        "all_rows",
        equation(n, total(total(indexed(C, j, k), k, 1, K), j, 1, K)),
        matrix.total,
        title=message("All rows"),
        rule=Rule.SUM,
    )
    return w.build()
