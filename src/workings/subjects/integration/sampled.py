"""Samples along an axis, as they are given: the array, the distances between them, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj

from workings.errors import InputError
from workings.language import Message, message

__all__ = ["as_samples", "floating", "misfit", "neighbours", "steps_between"]


def as_samples(given: Any) -> tuple[Any, Any]:
    """Return the namespace and the array; what is no array becomes NumPy's, and integers floats."""
    y: Any = given
    if is_array_api_obj(given) and not isinstance(given, np.ndarray):
        xp: Any = array_namespace(y)
        if xp.isdtype(y.dtype, ("integral", "bool")):
            y = xp.astype(y, floating(xp, y))
        return xp, y
    array = _numbers(y, "y")
    if array.ndim == 0:
        raise InputError(message("y must be samples along an axis; got a single value"))
    return np, array


def _numbers(given: Any, name: str) -> Any:
    """Return NumPy's array of what was given, floating or complex."""
    array: Any = given if isinstance(given, np.ma.MaskedArray) else np.asarray(given)
    if array.dtype.kind in "fc":
        return array
    refusal = InputError(
        message("{name} must hold numbers; got {dtype}; convert it first", name=name, dtype=str(array.dtype))
    )
    if array.dtype.kind not in "biuO":
        raise refusal
    try:
        # In bytes 150 + 209 would be 103.
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise refusal from None


def floating(xp: Any, array: Any) -> Any:
    """Return the dtype of the array if it is floating or complex, else the namespace's own."""
    if xp.isdtype(array.dtype, ("real floating", "complex floating")):
        return array.dtype
    return xp.__array_namespace_info__().default_dtypes()["real floating"]


def neighbours(y: Any, axis: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the indices of all samples but the last along an axis, and of all but the first."""
    before: list[Any] = [slice(None)] * y.ndim
    after: list[Any] = [slice(None)] * y.ndim
    before[axis], after[axis] = slice(None, -1), slice(1, None)
    return tuple(before), tuple(after)


def steps_between(xp: Any, y: Any, given: Any, axis: int, *, function: str, broadcast: bool) -> Any:
    """Return the distances between samples, of a shape that fits y's."""
    x: Any = given
    if xp is np:
        x = _numbers(x, "x")
    elif isinstance(given, np.ndarray) or not is_array_api_obj(given):
        x = xp.asarray(x, device=device(y))
    if x.ndim == 1:
        with np.errstate(all="ignore"):
            step = x[1:] - x[:-1]
        shape = [1] * y.ndim
        shape[axis] = -1
        step = step.reshape(tuple(shape)) if xp is np else xp.reshape(step, tuple(shape))
    elif x.ndim != y.ndim:
        raise misfit(function)
    else:
        before, after = neighbours(x, axis)
        with np.errstate(all="ignore"):
            step = x[after] - x[before]
    if step.shape[axis] != y.shape[axis] - 1 and not (broadcast and x.ndim > 1 and step.shape[axis] == 1):
        raise InputError(
            message(
                "If given, length of x along axis must be the same as y. {function}: got {x} and {y}",
                function=function,
                x=x.shape[0] if x.ndim == 1 else x.shape[axis],
                y=y.shape[axis],
            )
        )
    return step


def misfit(function: str) -> InputError:
    """Return the error of an x that does not fit y."""
    text: Message = message(
        "If given, shape of x must be 1-D or the same as y. {function}: x must fit y", function=function
    )
    return InputError(text)
