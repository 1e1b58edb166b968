"""Columns whose squares are floats that add up: what the sums that a fit is made of need of their numbers."""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.arrays.blas import one_blas_thread
from workings.errors import InputError
from workings.language import message

__all__ = ["check_size", "surely_fit"]

# The squares of smaller numbers have no digits to spare, or are 0.
_LEAST = 1e-150


def surely_fit(numbers: NDArray[np.floating]) -> bool:
    """Return True only if no number is NaN or infinite and :func:`check_size` has nothing to say, by one look at each.

    No number is larger than the root of the sum of all squares, the largest is no smaller than the root of their mean,
    and NaN goes through a sum.
    """
    if not (numbers.flags.c_contiguous or numbers.flags.f_contiguous):
        return False
    flat = numbers.ravel(order="K")

    def squares(start: int, stop: int) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.dot(flat[start:stop], flat[start:stop]))

    # A BLAS whose own threads had helped would leave them looking for more work for a while, in our threads' way.
    with one_blas_thread():
        root = math.sqrt(sum(parallel_blocks(squares, flat.size)))
    return _LEAST * math.sqrt(flat.size) <= root < _largest(len(numbers))


def check_size(name: str, argument: str, numbers: NDArray[np.floating]) -> None:
    """Raise InputError if the sum of a column's squares is beyond what a float64 holds, or all squares are below it.

    Parameters
    ----------
    name, argument
        Of whom the error speaks.
    numbers
        Shape (rows,) or (rows, columns), finite, with at least one number.
    """
    largest = _largest(len(numbers))
    ends = np.abs(np.stack([numbers.min(axis=0), numbers.max(axis=0)]).astype(np.float64)).max(axis=0).reshape(-1)
    column = int(ends.argmax())
    if ends[column] >= largest:
        raise InputError(
            message(
                "{function}: the numbers of {argument} must be below {largest:.3g}, for sums of their squares; got "
                "{got:.3g} in column {column}; divide the column first, as StandardScaler does",
                function=name,
                argument=argument,
                largest=largest,
                got=float(ends[column]),
                column=column,
            )
        )

    if 0.0 < ends[column] < _LEAST:
        raise InputError(
            message(
                "{function}: the largest number of {argument} must be at least {least:.0e}, for its square to be a "
                "number too; got {got:.3g}; give {argument} in another unit",
                function=name,
                argument=argument,
                least=_LEAST,
                got=float(ends[column]),
            )
        )


def _largest(rows: int) -> float:
    return math.sqrt(sys.float_info.max / rows) / 2
