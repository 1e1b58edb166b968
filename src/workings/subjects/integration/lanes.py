"""The lines of samples along one axis: what an explanation or a picture of sums over samples starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message
from workings.once import cached_property

__all__ = ["Lanes"]

# So many strips at once stay near the processor.
_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Lanes:
    """Samples as rows of one table, and where each was taken.

    Parameters
    ----------
    y
        (m, n) samples: one row for each place of the other axes, in the order of memory.
    x
        (m, n) where they were taken, or None if they are evenly apart.
    step
        How far apart, where x is None.
    shape
        The shape of the other axes; () for samples along a line.
    """

    y: NDArray[Any]
    x: NDArray[Any] | None
    step: float
    shape: tuple[int, ...]

    @classmethod
    def of(cls, y: Any, x: Any, dx: Any, axis: int, *, function: str) -> Self:
        """Return the rows of samples, checked by the function that was called already.

        Raises
        ------
        InputError
            If there are no samples, they are complex, masked or of more than 64 bits, or dx is an array.
        """
        if isinstance(y, np.ma.MaskedArray) or isinstance(x, np.ma.MaskedArray):
            raise InputError(
                message("explain: samples must not be masked; got a masked array; try the values that are there")
            )
        samples = np.asarray(y)
        if samples.dtype.kind not in "biuf" or np.ndim(dx):
            raise InputError(
                message(
                    "explain: y must be real samples and dx one number; got {dtype}; try {function} of their real and "
                    "of their imaginary parts",
                    dtype=str(samples.dtype),
                    function=function,
                )
            )
        if "g" in {samples.dtype.char, np.asarray(0 if x is None else x).dtype.char}:
            raise InputError(
                message(
                    "{function}: samples must be integers or floats of at most 64 bits to be told or drawn; got "
                    "longdouble; convert them first",
                    function=function,
                )
            )
        if samples.size == 0:
            raise InputError(
                message(
                    "{function}: y must hold samples to be told or drawn; got the shape {shape}",
                    function=function,
                    shape=str(samples.shape),
                )
            )
        rows = np.moveaxis(samples, axis, -1)
        count = rows.shape[-1]
        places = None
        if x is not None:
            given = np.asarray(x)
            along = given if given.ndim == 1 else np.moveaxis(given, axis, -1)
            places = np.broadcast_to(along, rows.shape).reshape(-1, count)
        return cls(rows.reshape(-1, count), places, float(dx), rows.shape[:-1])

    def refuse_overflow(self, areas: Any, *, function: str) -> None:
        """Raise InputError where samples that are all finite have an area that is not."""
        given = [part for part in (self.y, self.x) if part is not None]
        if not np.isfinite(areas).all() and all(np.isfinite(part).all() for part in given):
            raise InputError(
                message(
                    "{function}: an area is beyond the largest number of {dtype} and cannot be told; divide the "
                    "samples by a number first, or convert them to float64",
                    function=function,
                    dtype=str(np.result_type(*given)),
                )
            )

    @property
    def count(self) -> int:
        """How many samples a row has."""
        return self.y.shape[1]

    def places(self, row: int) -> NDArray[Any]:
        """Return where the samples of one row were taken."""
        return self.step * np.arange(self.count) if self.x is None else self.x[row]

    @cached_property
    def doubled(self) -> bool:
        """Whether two samples of a row, next to each other or next but one, were taken at one place."""
        x = self.x
        return x is not None and any(bool((x[:, apart:] == x[:, :-apart]).any()) for apart in (1, 2))

    def strips(self, row: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
        """Yield the widths of one row's strips, and their heights at the left and at the right, many at a time."""
        y, x = self.y[row], self.x
        for start in range(0, self.count - 1, _AT_ONCE):
            heights = y[start : start + _AT_ONCE + 1].astype(np.float64)
            if x is None:
                widths = np.full(len(heights) - 1, self.step)
            else:
                places = x[row, start : start + _AT_ONCE + 1].astype(np.float64)
                widths = places[1:] - places[:-1]
            yield widths, heights[:-1], heights[1:]

    def name(self, row: int) -> str:
        """Return how a row is called: its place on the other axes, counted from 0."""
        return "[" + ", ".join(str(int(part)) for part in np.unravel_index(row, self.shape)) + "]"

    def checked(self, row: Any) -> int:
        """Return the number of a row, which ``at(row=...)`` was given.

        Raises
        ------
        InputError
            If there is no such row.
        """
        if isinstance(row, int | np.integer) and not isinstance(row, bool) and 0 <= row < len(self.y):
            return int(row)
        raise InputError(message("at: row must be from 0 to {last}; got {got}", last=len(self.y) - 1, got=repr(row)))
