"""Columns whose squares a float can add up: what the sums that a fit is made of need of their numbers."""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.errors import InputError
from workings.language import message

__all__ = ["check_size"]


def check_size(name: str, argument: str, numbers: NDArray[np.floating]) -> None:
    """Raise InputError if the sum of a column's squares would be beyond what a float64 holds.

    Parameters
    ----------
    name, argument
        Of whom the error speaks.
    numbers
        Shape (rows,) or (rows, columns), finite, with at least one number.
    """
    largest = math.sqrt(sys.float_info.max / len(numbers)) / 2
    if numbers.dtype == np.float64 and numbers.flags.c_contiguous:
        # One product decides the usual case: no number is larger than the root of the sum of all squares.
        flat = numbers.reshape(-1)
        with np.errstate(over="ignore"):
            if float(product(flat, flat)) < largest * largest:
                return
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
