"""The arrays that a compiled formula is called with: checked, broadcast to one shape, and cut into blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["Block", "Grid", "as_operand", "common_shape", "is_flat"]


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
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        raise InputError(
            message(
                "compiled formula: arrays must have shapes that broadcast together; got {shapes}",
                shapes=", ".join(f"{name} {array.shape}" for name, array in zip(names, arrays, strict=True)),
            )
        ) from None


def is_flat(array: NDArray[Any]) -> bool:
    """Whether the elements lie one after another, aligned and in this machine's byte order."""
    return array.flags.c_contiguous and array.flags.aligned and array.dtype.isnative


@dataclass(frozen=True)
class Block:
    """A run of elements, in the order of rows (C), that is a box of the arrays' axes too."""

    start: int
    stop: int
    place: tuple[int | slice, ...]


@dataclass(frozen=True)
class Grid:
    """Arrays that broadcast to one shape, whose elements are numbered in the order of rows.

    Parameters
    ----------
    arrays
        The arrays.
    shape
        What they broadcast to.
    """

    arrays: tuple[NDArray[Any], ...]
    shape: tuple[int, ...]
    _views: list[NDArray[Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        views = [array if array.shape == self.shape else np.broadcast_to(array, self.shape) for array in self.arrays]
        object.__setattr__(self, "_views", views)

    @property
    def size(self) -> int:
        """How many elements there are."""
        return prod(self.shape)

    @cached_property
    def flat(self) -> list[NDArray[Any] | None]:
        """Each array as one flat run of its elements, None where they do not lie so in memory."""
        return [view.reshape(-1) if is_flat(view) else None for view in self._views]

    def reads(self, number: int, letters: str) -> bool:
        """Whether an array lies flat in memory and is of one of these types (NumPy's letters)."""
        flat = self.flat[number]
        return flat is not None and flat.dtype.char in letters

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
        flat = self.flat[number]
        if flat is not None and scratch is None:
            return flat[block.start : block.stop]
        view = self._views[number][block.place]
        target = np.empty(view.size) if scratch is None else scratch[: view.size]
        np.copyto(target.reshape(view.shape), view, casting="unsafe")
        return target
