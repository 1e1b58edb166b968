"""The arrays that a compiled formula is called with: checked, broadcast to one shape, and cut into blocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["Block", "Grid", "as_operand", "common_shape"]


def as_operand(value: Any, name: str) -> Any:
    """Return a value as a float, or as an array of numbers as NumPy holds it.

    Raises
    ------
    InputError
        If it is neither a real number nor an array of them.
    """
    kind = type(value)
    if kind is float:
        return value
    if kind is int or kind is bool:
        return _float(value)
    array = np.asarray(
        np.ma.filled(value.astype(np.float64), np.nan) if isinstance(value, np.ma.MaskedArray) else value
    )
    if array.dtype.kind not in "biuf":
        array = _numbers(array, value, name)
    return array if array.ndim else _float(array.item())


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _numbers(array: NDArray[Any], value: object, name: str) -> NDArray[np.float64]:
    """Return Python's own numbers (large integers, fractions, decimals), which NumPy holds as objects, as floats."""
    refusal = InputError(
        message(
            "compiled formula: {name} must be a number or an array of real numbers; got {got}",
            name=name,
            got=repr(value)[:60],
        )
    )
    if array.dtype.kind != "O":
        raise refusal
    try:
        return np.array([_float(item) for item in array.ravel()], dtype=np.float64).reshape(array.shape)
    except (TypeError, ValueError):
        raise refusal from None


def common_shape(arrays: Sequence[NDArray[Any]], names: Sequence[str]) -> tuple[int, ...]:
    """Return the shape that the arrays broadcast to.

    Raises
    ------
    InputError
        If there is none.
    """
    shape = arrays[0].shape
    if all(array.shape == shape for array in arrays):
        return shape
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        raise InputError(
            message(
                "compiled formula: arrays must have shapes that broadcast together; got {shapes}",
                shapes=", ".join(f"{name} {array.shape}" for name, array in zip(names, arrays, strict=True)),
            )
        ) from None


class Block(NamedTuple):
    """A run of elements, in the order of rows (C), that is a box of the arrays' axes too."""

    start: int
    stop: int
    place: tuple[int | slice, ...]


class Grid:
    """Arrays that broadcast to one shape, whose elements are numbered in the order of rows.

    Parameters
    ----------
    arrays
        The arrays.
    shape
        What they broadcast to.
    """

    def __init__(self, arrays: Sequence[NDArray[Any]], shape: tuple[int, ...]) -> None:
        self._views = [array if array.shape == shape else np.broadcast_to(array, shape) for array in arrays]
        self.shape = shape
        self.size = prod(shape)
        self.letters = "".join(_letter(view) for view in self._views)

    def blocks(self, largest: int) -> list[Block]:
        """Return runs of at most ``largest`` elements that cover all; where they are cut depends on the shape alone."""
        inner, axis = 1, len(self.shape)
        while axis > 0 and inner * self.shape[axis - 1] <= largest:
            axis -= 1
            inner *= self.shape[axis]
        if not self.size:
            return []
        if axis == 0:
            return [Block(0, self.size, ())]
        step, along, start = max(1, largest // inner), self.shape[axis - 1], 0
        blocks: list[Block] = []
        for lead in product(*map(range, self.shape[: axis - 1])):
            for low in range(0, along, step):
                high = min(low + step, along)
                blocks.append(Block(start, start + (high - low) * inner, (*lead, slice(low, high))))
                start = blocks[-1].stop
        return blocks

    def load(self, number: int, block: Block, scratch: NDArray[np.float64] | None = None) -> NDArray[Any]:
        """Return a block of one array as numbers in a row: copied to ``scratch``, or without one as they lie."""
        view = self._views[number]
        if scratch is None:
            return view.reshape(-1)[block.start : block.stop]
        part = view[block.place]
        target = scratch[: part.size]
        np.copyto(target.reshape(part.shape), part, casting="unsafe")
        return target


def _letter(array: NDArray[Any]) -> str:
    """Return NumPy's letter for the type of an array whose elements lie in a row, ready to be read; else " "."""
    flags = array.flags
    ready = flags.c_contiguous and flags.aligned and array.dtype.isnative
    return array.dtype.char if ready else " "
