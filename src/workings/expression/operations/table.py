"""The one table of operations, and the names by which formula text and Python call its rows."""

from __future__ import annotations

from workings.expression.operations import arithmetic, conditions, exponential, rows, special, trigonometric
from workings.expression.operations.row import Operation

__all__ = ["OPERATIONS", "SPELLINGS"]

_ROWS = (
    *arithmetic.ROWS,
    *exponential.ROWS,
    *trigonometric.ROWS,
    *special.ROWS,
    *conditions.ROWS,
    *rows.ROWS,
)

OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}
SPELLINGS: dict[str, str] = {spelling: row.name for row in _ROWS for spelling in row.spellings}
