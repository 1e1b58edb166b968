"""Which part of the full convolution a mode asks for, as a box: its first place and its shape, axis by axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workings.errors import InputError
from workings.language import message

__all__ = ["Box", "Mode", "check_mode", "extent", "same_dimensions"]

Mode = Literal["full", "same", "valid"]


@dataclass(frozen=True)
class Box:
    """A part of the full convolution, whose places on an axis run from 0 to ``len(x) + len(kernel) - 2``."""

    start: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def slices(self) -> tuple[slice, ...]:
        """The box as an index into the full convolution."""
        return tuple(slice(first, first + length) for first, length in zip(self.start, self.shape, strict=True))


def check_mode(mode: Any, *, function: str) -> None:
    """Raise InputError unless the mode is one of the three."""
    if not (isinstance(mode, str) and mode in {"full", "same", "valid"}):
        # SciPy writes the first letter large in convolve and small in fftconvolve.
        raise InputError(
            message(
                "{function}: acceptable mode flags are 'valid', 'same', or 'full'; got {mode}",
                function=function,
                mode=repr(mode),
            )
        )


def same_dimensions(first: Any, second: Any, *, function: str) -> None:
    """Raise InputError unless both arrays have the same number of axes."""
    if first.ndim != second.ndim:
        raise InputError(
            message(
                "{function}: in1 and in2 should have the same dimensionality; x is {first}, kernel {second}; "
                "give the smaller one axes of length 1",
                function=function,
                first=str(tuple(first.shape)),
                second=str(tuple(second.shape)),
            )
        )


def extent(
    first: Sequence[int], second: Sequence[int], mode: Mode, axes: Sequence[int] | None = None, *, function: str
) -> Box:
    """Return the box of a mode for two shapes; on an axis that is not convolved over, everything.

    Raises
    ------
    InputError
        If the mode is ``valid`` and neither shape is at least as long as the other on every axis.
    """
    over = range(len(first)) if axes is None else axes
    if mode == "valid":
        longer = all(first[a] >= second[a] for a in over) or all(second[a] >= first[a] for a in over)
        if not longer:
            raise InputError(
                message(
                    "{function}: For 'valid' mode, one must be at least as large as the other in every dimension; "
                    "the shapes are {first} and {second}",
                    function=function,
                    first=str(tuple(first)),
                    second=str(tuple(second)),
                )
            )
    start, shape = [0] * len(first), [max(pair) for pair in zip(first, second, strict=True)]
    if mode == "same":
        # SciPy takes the middle of a broadcast axis too.
        start, shape = [(n - length) // 2 for n, length in zip(shape, first, strict=True)], list(first)
    for a in over:
        whole, short = first[a] + second[a] - 1, min(first[a], second[a])
        shape[a] = {"full": whole, "same": first[a], "valid": whole - 2 * (short - 1)}[mode]
        start[a] = (whole - shape[a]) // 2
    return Box(tuple(start), tuple(shape))
