"""What stands in the cells of a table: numbers to the digits that they have, with thousands set apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from workings.expression import Equation, Indexed, Node, Number
from workings.expression.legible import legible
from workings.language import Message, message
from workings.working.chain import UNDEFINED
from workings.working.digits import rounded_up, shown
from workings.working.model import Derived, Table

__all__ = ["MOST_ROWS", "cell", "heading", "is_numeric", "rows_left_out", "shown_rows"]

# A table is capped where a reader would stop, half at the top, half at the end, unless all of it was asked for.
MOST_ROWS = 40
# A cell's expression of more numbers, names and signs is shown in short; the whole of it is in the JSON.
_READABLE = 60


def heading(column: Node | Message | str) -> Node | Message | str:
    """Return what stands above a column: of an equation, its left side."""
    return column.left if isinstance(column, Equation) else column


def cell(value: Any) -> Node | Message | str:
    """Return what stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, Derived):
        if value.words:
            return value.words[int(value.value)]
        if isinstance(value.statement, Indexed) and math.isnan(value.value):
            return "NaN"  # what was given, and not what has no value by its rule
        return cell(value.value) if value.digits is None else _to_digits(value, value.digits)
    if isinstance(value, Node):
        return legible(value, _READABLE)
    if isinstance(value, Message | str):
        return value
    if isinstance(value, float | np.floating) and math.isnan(value):
        return UNDEFINED
    return legible(shown(value), _READABLE)


def _to_digits(derived: Derived, digits: int) -> Node | Message:
    if digits:
        return legible(shown(derived.value, digits, short=digits))
    return message("0 ± {bound}", bound=shown(rounded_up(abs(derived.value) + derived.absolute)))


def is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers, and is set to the right."""
    filled = [row[column] for row in table.rows if row[column] is not None]
    return bool(filled) and not any(_is_words(value) for value in filled)


def _is_words(value: Any) -> bool:
    if isinstance(value, Derived):
        return bool(value.words)
    return isinstance(value, str | Message) or (isinstance(value, Node) and not isinstance(value, Number))


def shown_rows(table: Table) -> tuple[Sequence[tuple[Any, ...]], int | None]:
    """Return the rows to draw, and after how many of them some are left out (None if none is)."""
    if table.whole or len(table.rows) <= MOST_ROWS:
        return table.rows, None
    half = MOST_ROWS // 2
    return (*table.rows[:half], *table.rows[-half:]), half


def rows_left_out(table: Table) -> Message | None:
    """Return the sentence that says how many rows there are, where not all are drawn."""
    drawn = len(table.rows) if table.whole else min(len(table.rows), MOST_ROWS)
    total = max(table.total or 0, len(table.rows))
    if drawn == total:
        return None
    return message("{drawn} of {total} rows are shown.", drawn=drawn, total=total)
