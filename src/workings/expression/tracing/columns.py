"""Arrays that a traced function meets: kept as columns of the formula, under the names that they have in the code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from types import FrameType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from workings.expression.nodes import Symbol

__all__ = ["BoundColumn", "column_name", "same_column"]


@dataclass(frozen=True, slots=True, eq=False)
class BoundColumn:
    """A column of data that a function used though it was not its argument.

    Parameters
    ----------
    symbol
        What stands for it.
    original
        What the function used: an array, a list, a pandas Series.
    values
        A copy of its values, which cannot be written: a later change to the original does not change the formula.
    """

    symbol: Symbol
    original: Any
    values: NDArray[Any]

    def __init__(self, symbol: Symbol, original: Any, array: NDArray[Any]) -> None:
        values = np.array(array, dtype=array.dtype.newbyteorder("="))
        values.flags.writeable = False
        object.__setattr__(self, "symbol", symbol)
        object.__setattr__(self, "original", original)
        object.__setattr__(self, "values", values)


def same_column(column: BoundColumn, operand: Any, array: NDArray[Any]) -> bool:
    """Whether an operand is a column that is already known, and still has its values."""
    if column.original is not operand and not _same_memory(np.asarray(column.original), array):
        return False
    return np.array_equal(column.values, array, equal_nan=array.dtype.kind == "f")


def _same_memory(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return (a.ctypes.data, a.shape, a.strides, a.dtype) == (b.ctypes.data, b.shape, b.strides, b.dtype)


def column_name(operand: Any, array: NDArray[Any], frame: FrameType | None, taken: Collection[str]) -> str:
    """Return a name for a column: its own (pandas), else the one that the code has for it, else ``data_1``."""
    own = getattr(operand, "name", None)
    name = own if isinstance(own, str) and own else _name_in(frame, operand)
    if name is None:
        return next(f"data_{k}" for k in count(1) if f"data_{k}" not in taken)
    if name not in taken:
        return name
    return next(f"{name}_{k}" for k in count(1) if f"{name}_{k}" not in taken)


def _name_in(frame: FrameType | None, operand: Any) -> str | None:
    if frame is None:
        return None
    code = frame.f_code
    local, everywhere = frame.f_locals, frame.f_globals
    for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars, *code.co_names):
        value = local.get(name, everywhere.get(name))
        if value is operand:
            return name
        if type(value) is dict:
            for key, item in cast("dict[Any, Any]", value).items():
                if item is operand and isinstance(key, str):
                    return key
    return None
