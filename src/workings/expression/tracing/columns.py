"""Arrays that a traced function meets: kept as columns of the formula, under the names that they have in the code."""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from types import FrameType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from workings.expression.nodes import Symbol

__all__ = ["BoundColumn", "NamedColumn", "column_name", "unmasked", "unused"]


@dataclass(frozen=True, slots=True, eq=False)
class NamedColumn:
    """A column with the name that it has in another formula."""

    name: str
    values: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class BoundColumn:
    """A column of data that a function used though it was not its argument.

    Parameters
    ----------
    symbol
        What stands for it.
    original
        What the function used: an array, a list, a pandas Series.
    wanted
        The name that it was to have; another column may have had it already.
    values
        A copy of its values, which cannot be written: a later change to the original does not change the formula.
    """

    symbol: Symbol
    original: Any
    wanted: str | None
    values: NDArray[Any]

    @classmethod
    def of(cls, symbol: Symbol, original: Any, wanted: str | None, array: NDArray[Any]) -> BoundColumn:
        """Return the column with a copy of an array, in this machine's byte order."""
        values = np.array(array, dtype=array.dtype.newbyteorder("="))
        values.flags.writeable = False
        return cls(symbol, original, wanted, values)

    def holds(self, operand: Any, array: NDArray[Any]) -> bool:
        """Whether an operand is what this column was made of, and still has its values."""
        if self.original is not operand:
            before = self.values if isinstance(self.original, NamedColumn) else unmasked(self.original)
            if not _same_memory(before, array):
                return False
        return self.has_values(array)

    def has_values(self, array: NDArray[Any]) -> bool:
        """Whether an array has the column's values."""
        return np.array_equal(self.values, array, equal_nan=array.dtype.kind == "f")


def unmasked(values: Any) -> NDArray[Any]:
    """Return values as an array in which what is masked is NaN; NumPy would take what lies under the mask."""
    if isinstance(values, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan))
    return np.asarray(values)


def _same_memory(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return (a.ctypes.data, a.shape, a.strides, a.dtype) == (b.ctypes.data, b.shape, b.strides, b.dtype)


def unused(name: str | None, taken: Collection[str]) -> str:
    """Return a name, numbered if it is taken; ``data_1`` for what has none."""
    if name is not None and name not in taken:
        return name
    stem = name or "data"
    return next(f"{stem}_{k}" for k in count(1) if f"{stem}_{k}" not in taken)


def column_name(operand: Any, frame: FrameType | None, code: str) -> str | None:
    """Return the name that a column has in the code, if it has one.

    Parameters
    ----------
    operand
        The column.
    frame
        The frame of the code that uses it.
    code
        The expression in which it is used, "" if that is not known.
    """
    if isinstance(operand, NamedColumn):
        return operand.name
    return _name_in(frame, operand) or _reference(operand, code)


def _name_in(frame: FrameType | None, operand: Any) -> str | None:
    """Return the variable that holds a column, or under which key a dict holds it."""
    if frame is None:
        return None
    code = frame.f_code
    local, everywhere = frame.f_locals, frame.f_globals
    for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars, *code.co_names):
        value = local.get(name, everywhere.get(name))
        if value is operand:
            return name
        inside = value if type(value) is dict else getattr(value, "__dict__", None) if name == "self" else None
        for key, item in cast("dict[Any, Any]", inside or {}).items():
            if item is operand and isinstance(key, str):
                return key
    return None


def _reference(operand: Any, code: str) -> str | None:
    """Return the name in ``table["name"]`` or ``table.name``, which give a new object each time.

    A pandas Series has a name of its own, but keeps it when it is changed: ``np.log(table["x"])`` is not x.
    """
    own = getattr(operand, "name", None)
    try:
        parsed = ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        parsed = None
    if isinstance(parsed, ast.BinOp):
        parts = [parsed.left, parsed.right]
    elif isinstance(parsed, ast.Compare):
        parts = [parsed.left, *parsed.comparators]
    elif isinstance(parsed, ast.Call):
        parts = parsed.args
    else:
        return own if isinstance(own, str) and own else None
    names = [name for part in parts if (name := _last_name(part))]
    if isinstance(own, str):
        return own if own in names else None
    return names[0] if len(names) == 1 else None


def _last_name(part: ast.expr) -> str | None:
    if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) and isinstance(part.slice.value, str):
        return part.slice.value
    return part.attr if isinstance(part, ast.Attribute) else None
