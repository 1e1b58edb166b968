"""Which way NumPy's values go: a few through the definition, many through a loop in blocks over the threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import not_numbers, parallel_blocks
from workings.errors import InputError
from workings.language import message
from workings.subjects.sigmoid.definitions import sigmoid

__all__ = ["LARGE", "in_numpy", "quietly", "wrong_out"]

# From so many values on the compiled loop is worth loading.
LARGE = 1 << 18

# Values in one piece of a definition's pass: it makes ten arrays of them on its way, which fit the second cache.
_PIECE = 1 << 13

# float32 and longdouble keep their dtype; all else becomes float64.
_KEPT = "fg"
_DOUBLE = np.dtype(np.float64)


def in_numpy(
    definition: Callable[[Any, Any], Any],
    values: NDArray[Any],
    out: NDArray[Any] | None,
    *,
    function: str,
    argument: str,
) -> Any:
    """Return the values of NumPy's array, a number for an array without axes; ``out`` as for ``sigmoid``."""
    if values.dtype.kind not in "fiub":
        raise not_numbers(values.dtype, function=function, argument=argument)
    # In this machine's byte order, whatever order the values have.
    kind = values.dtype.newbyteorder("=") if values.dtype.char in _KEPT else _DOUBLE
    if out is not None:
        _check_out(out, values.shape, kind, function=function)
    if values.size >= LARGE:
        return _in_blocks(definition, values, kind, out)
    result = _rounded_once(definition, values, kind)
    if out is not None:
        out[...] = result
        return out
    return result[()]


@np.errstate(all="ignore")
def quietly(definition: Callable[[Any, Any], Any], x: NDArray[Any]) -> Any:
    """Return what the definition gives for NumPy's array, whatever floating-point warnings are set."""
    return definition(np, x)


def _rounded_once(definition: Callable[[Any, Any], Any], x: NDArray[Any], kind: np.dtype[Any]) -> Any:
    # float32 is computed in float64.
    wide = np.longdouble if kind.char == "g" else np.float64
    return quietly(definition, x.astype(wide, copy=False)).astype(kind, copy=False)


def _in_blocks(
    definition: Callable[[Any, Any], Any], x: NDArray[Any], kind: np.dtype[Any], out: NDArray[Any] | None
) -> NDArray[Any]:
    loop = _loop(definition, kind)
    source = np.ascontiguousarray(x, kind)
    direct = out is not None and out.dtype == kind and out.flags.c_contiguous and not _overwrites(out, source)
    target = out if out is not None and direct else np.empty(x.shape, kind)
    flat, result = source.reshape(-1), target.reshape(-1)
    parallel_blocks(lambda start, stop: loop(flat[start:stop], result[start:stop]), flat.size)
    if out is None or out is target:
        return target
    out[...] = target
    return out


def _loop(definition: Callable[[Any, Any], Any], kind: np.dtype[Any]) -> Callable[[NDArray[Any], NDArray[Any]], None]:
    """Return what writes the values of one array into another: compiled, or the definition over pieces in the cache."""
    if definition is sigmoid and kind.char != "g":
        from workings.subjects.sigmoid.kernel import sigmoid_float32, sigmoid_float64

        return sigmoid_float32 if kind == np.float32 else sigmoid_float64

    def over_pieces(x: NDArray[Any], result: NDArray[Any]) -> None:
        for start in range(0, x.size, _PIECE):
            piece = slice(start, start + _PIECE)
            result[piece] = _rounded_once(definition, x[piece], kind)

    return over_pieces


def _overwrites(out: NDArray[Any], source: NDArray[Any]) -> bool:
    """Return whether writing ``out`` would change values not yet read: in place none, in shifted views of one array."""
    return np.may_share_memory(out, source) and out.ctypes.data != source.ctypes.data


def _check_out(out: Any, shape: tuple[int, ...], kind: np.dtype[Any], *, function: str) -> None:
    fits = isinstance(out, np.ndarray) and out.shape == shape and np.can_cast(kind, out.dtype, "same_kind")
    if not fits or not out.flags.writeable:
        # NumPy's own words for an array that must not be written.
        raise wrong_out(out, shape, kind, "WRITEABLE=False" if fits else "", function=function)


def wrong_out(out: Any, shape: tuple[int, ...], kind: Any, why: str = "", *, function: str) -> InputError:
    """Return the error that says what ``out`` must be, and what was given."""
    found = (str(getattr(out, "dtype", type(out).__name__)), str(tuple(getattr(out, "shape", ())) or ""), why)
    return InputError(
        message(
            "{function}: out must be an array of shape {shape} that can hold {dtype}; got {found}",
            function=function,
            shape=str(tuple(shape)),
            dtype=str(kind),
            found=" ".join(filter(None, found)),
        )
    )
