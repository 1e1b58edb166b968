"""What is told of a call: the values as plain numbers, and what was computed of them, in double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import WorkingError
from workings.language import message

__all__ = ["told_values"]

Array = NDArray[np.float64]


def told_values(function: Callable[..., Any], given: Any, out: Any) -> tuple[Array, Array]:
    """Return flat arrays of the values given and of their results.

    Results of less than double precision are told as what they were rounded from, and held against it here: to their
    own few digits no line could be checked.

    Raises
    ------
    WorkingError
        If a result is not the rounded one.
    """
    computed = function(given, out)
    values, results = (_plain(each) for each in (given, computed))
    double = results.astype(np.float64)
    if results.dtype.itemsize >= double.dtype.itemsize:
        return values.astype(np.float64), double
    exact = np.asarray(function(values.astype(np.float64)))
    with np.errstate(invalid="ignore", over="ignore"):
        away = np.abs(double - exact) > 2 * np.spacing(np.abs(exact).astype(results.dtype)).astype(np.float64)
    if away.any():
        k = int(away.argmax())
        raise WorkingError(
            message(
                "explain: the result of {x} is {exact} in double precision; {value} was computed",
                x=repr(float(values[k])),
                exact=repr(float(exact[k])),
                value=repr(float(double[k])),
            )
        )
    return values.astype(np.float64), exact


def _plain(values: Any) -> NDArray[Any]:
    # A tensor whose gradient is followed gives its numbers only when it is told to let go of it.
    detach = getattr(values, "detach", None)
    return np.ma.filled(np.asarray(values if detach is None else detach()), np.nan).reshape(-1)
