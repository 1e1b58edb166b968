"""Scores and thresholds at the door: real, finite, in a precision in which ties stay what they are."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from workings.arrays import as_vector, without_gradient
from workings.errors import InputError
from workings.language import message

__all__ = ["as_scores", "as_thresholds", "refuse_infinite", "score_column"]

_LARGEST_EXACT = 2**53


def as_scores(values: ArrayLike, *, function: str, argument: str, check: bool = True) -> NDArray[Any]:
    """Return scores as float64 or float32, or as int64 where floats would make different ones equal.

    Parameters
    ----------
    check
        False leaves NaN and infinity to the caller, who finds them at the ends once the scores are sorted.

    Raises
    ------
    InputError
        If the scores are not real numbers in one dimension, there are none, or one is NaN or infinite.
    """
    scores = score_column(values, function=function, argument=argument)
    if not scores.size:
        raise InputError(
            message(
                "Found array with 0 sample(s) while a minimum of 1 is required. {function}: {argument} must have rows; "
                "got none",
                function=function,
                argument=argument,
            )
        )
    if scores.dtype.kind == "f":
        if check:
            refuse_infinite(scores, function=function, argument=argument)
        # Half precision becomes single and extended precision double: kernels and files know these two.
        if scores.dtype.itemsize < 4:
            return scores.astype(np.float32)
        if scores.dtype.type in (np.float32, np.float64):
            return scores
        return _in_double(scores, function=function, argument=argument)
    if scores.dtype.itemsize < 8 or max(-int(scores.min()), int(scores.max())) <= _LARGEST_EXACT:
        return scores.astype(np.float64)
    if int(scores.max()) > np.iinfo(np.int64).max:
        return _in_double(scores, function=function, argument=argument)
    return scores.astype(np.int64, copy=False)


def score_column(values: ArrayLike, *, function: str, argument: str) -> NDArray[Any]:
    """Return scores in the dtype that they have; objects that are all real numbers in that of those numbers.

    Fractions, decimals and integers of more than 64 bits become double precision, if none of them then meet.

    Raises
    ------
    InputError
        If the scores are not real numbers in one dimension.
    """
    if not np.ma.isMaskedArray(values):
        # What cannot be read (rows that differ in length, a tensor elsewhere) is refused below, with the reason.
        with suppress(ValueError, TypeError, RuntimeError):
            values = np.asarray(without_gradient(values))
    if isinstance(values, np.ndarray) and values.dtype.kind == "O":
        values = _out_of_objects(values, function=function, argument=argument)
    return as_vector(values, function=function, argument=argument, finite=False)


def _out_of_objects(values: NDArray[Any], *, function: str, argument: str) -> NDArray[Any]:
    """Return what holds real numbers of any kind as an array of floats or integers; anything else as it is."""
    inside = np.asarray(values.tolist())
    if inside.dtype.kind in "biuf":
        return inside
    # The doors to all rooms know what is missing; here different decimals must stay different besides.
    if inside.dtype.kind == "O" and all(isinstance(value, Real | Decimal) for value in inside.ravel().tolist()):
        return _in_double(inside, function=function, argument=argument)
    return values


def refuse_infinite(scores: NDArray[Any], *, function: str, argument: str) -> None:
    """Raise InputError if a score is NaN or infinite, naming the first such row."""
    with np.errstate(all="ignore"):
        if np.isfinite(scores.sum()):
            return
    bad = ~np.isfinite(scores)
    if not bad.any():
        return
    row = int(np.argmax(bad))
    if np.isnan(scores).any():
        raise InputError(
            message(
                "Input {argument} contains NaN. {function}: {argument} must be finite; {count} "
                "{count:value is|values are} not, the first ({value}) in row {row}; drop those rows first",
                function=function,
                argument=argument,
                count=int(bad.sum()),
                value=str(scores[row]),
                row=row,
            )
        )
    raise InputError(
        message(
            "Input {argument} contains infinity or a value too large for dtype('{dtype}'). {function}: {argument} must "
            "be finite; {count} {count:value is|values are} not, the first ({value}) in row {row}; clip or drop those "
            "rows first",
            function=function,
            argument=argument,
            dtype=str(scores.dtype),
            count=int(bad.sum()),
            value=str(scores[row]),
            row=row,
        )
    )


def as_thresholds(values: ArrayLike, dtype: DTypeLike, *, function: str) -> NDArray[Any]:
    """Return thresholds (m,) in the scores' precision; for integer scores as int64 if they are whole, else as float64.

    Raises
    ------
    InputError
        If there are none, or one is NaN.
    """
    cuts = np.atleast_1d(score_column(np.atleast_1d(values), function=function, argument="thresholds"))
    if not cuts.size or (cuts.dtype.kind == "f" and np.isnan(cuts).any()):
        raise InputError(
            message("{function}: thresholds must be numbers, at least one and none NaN; try 0.5", function=function)
        )
    if np.dtype(dtype).kind == "i":
        # Between integers beyond 2^53 lie no floats.
        return cuts.astype(np.int64 if cuts.dtype.kind in "bi" else np.float64)
    with np.errstate(over="ignore"):
        return cuts.astype(dtype)


def _in_double(scores: NDArray[Any], *, function: str, argument: str) -> NDArray[np.float64]:
    """Return scores of more digits than double precision has as float64, where different ones stay different.

    Raises
    ------
    InputError
        If two different scores would be tied, or one would be infinite.
    """
    with np.errstate(over="ignore"):
        try:
            double = scores.astype(np.float64)
        except OverflowError:  # of an integer or a fraction beyond 1.8e308
            double = np.full(scores.shape, np.inf)
    if np.isnan(double).any():
        refuse_infinite(double, function=function, argument=argument)
    order = np.argsort(scores, kind="stable")
    given, rounded = scores[order], double[order]
    tied = (given[1:] != given[:-1]) & (rounded[1:] == rounded[:-1])
    if tied.any():
        first = int(np.argmax(tied))
        raise InputError(
            message(
                "{function}: {argument} must be told apart by double precision; {one} and {other} are not; "
                "pass their ranks, np.unique(scores, return_inverse=True)[1]",
                function=function,
                argument=argument,
                one=str(given[first]),
                other=str(given[first + 1]),
            )
        )
    return double
