"""``fftconvolve`` and ``oaconvolve``: the convolution by Fourier transforms, over the axes that are asked for."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.convolution.compute import as_arrays, convolve, transformed_elsewhere
from workings.subjects.convolution.extent import Box, Mode, check_mode, extent, same_dimensions
from workings.subjects.convolution.transform import by_blocks, by_transform

__all__ = ["fftconvolve", "oaconvolve"]

Axes = int | Sequence[int] | None


def fftconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> Any:
    r"""Return the convolution of two arrays by Fourier transforms, over all axes or some.

    .. math:: x * k = \mathcal{F}^{-1}(\mathcal{F} x \cdot \mathcal{F} k)

    Parameters
    ----------
    x, kernel
        As in :func:`~workings.subjects.convolution.convolve`. On an axis that is not convolved over they have the same
        length, or one has 1.
    mode
        As there.
    axes
        Which to convolve over; None for all.

    Returns
    -------
    array
        As ``scipy.signal.fftconvolve``: integers and booleans give float64, float16 gives float32. An empty array for
        an empty one. Where no axis is longer than 1 in both there is nothing to transform: the exact product.

    Raises
    ------
    InputError
        If the numbers of axes differ, the shapes do not fit each other, the mode is none of the three, ``axes`` is
        empty, repeats an axis or names one that there is not, or an array does not hold numbers.

    Notes
    -----
    The error of every output is at most c u log₂(N) ‖x‖₂‖k‖₂, c ≈ 12: outputs that are small beside the others have
    few digits, and NaN or infinity is everywhere. ``convolve`` uses transforms only where neither can happen.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> wk.fftconvolve([1.0, 2.0, 3.0], [0.0, 1.0, 0.5]).round(12) + 0.0
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    return _convolve(x, kernel, mode, axes, by_transform, function="fftconvolve")


def oaconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> Any:
    """Return the convolution of two arrays by Fourier transforms of blocks of the longer one.

    Parameters
    ----------
    x, kernel, mode, axes
        As in :func:`fftconvolve`.

    Returns
    -------
    array
        As :func:`fftconvolve`.

    Raises
    ------
    InputError
        As :func:`fftconvolve`.

    Notes
    -----
    The blocks overlap, and of each the part is saved that the kernel fills ("overlap-save"), where SciPy adds the
    overlapping ends up: the same result. They are cut on one axis, the one where the lengths differ most.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> y = wk.oaconvolve(np.ones(100_000), np.ones(100), mode="valid")
    >>> bool(np.allclose(y, 100))
    True
    """
    return _convolve(x, kernel, mode, axes, by_blocks, function="oaconvolve")


def _convolve(x: Any, kernel: Any, mode: Any, axes: Any, run: Any, *, function: str) -> Any:
    xp, x, kernel = as_arrays(x, kernel, function=function)
    same_dimensions(x, kernel, function=function)
    check_mode(mode, function=function)
    if x.ndim == 0:
        return convolve(x, kernel)
    if 0 in x.shape or 0 in kernel.shape:
        return xp.asarray([], dtype=xp.float64)
    # An axis of length 1 needs no transform: the other array is multiplied.
    over = [a for a in _axes(axes, x.ndim, function=function) if x.shape[a] != 1 and kernel.shape[a] != 1]
    beside = [a for a in range(x.ndim) if a not in over]
    if not all(x.shape[a] == kernel.shape[a] or 1 in {x.shape[a], kernel.shape[a]} for a in beside):
        raise InputError(
            message(
                "{function}: incompatible shapes for in1 and in2: {first} and {second}; on an axis that is not "
                "convolved over the lengths must be equal, or one of them 1",
                function=function,
                first=str(tuple(x.shape)),
                second=str(tuple(kernel.shape)),
            )
        )
    box = extent(x.shape, kernel.shape, mode, over, function=function)
    if not over:
        return _product(xp, x, kernel, box)
    if xp is not np:
        x, kernel = _floating(xp, x), _floating(xp, kernel)
        kind = xp.result_type(x, kernel)
        return transformed_elsewhere(xp, xp.astype(x, kind), xp.astype(kernel, kind), over, box)
    kind = np.result_type(
        *("f4" if a.dtype.char == "e" else "f8" if a.dtype.kind in "biu" else a.dtype for a in (x, kernel))
    )
    if kind.kind == "O":
        # Transforms are of floats, whatever numbers there are.
        kind = np.dtype(complex if any(isinstance(each, complex) for a in (x, kernel) for each in a.flat) else float)
    with np.errstate(all="ignore"):
        return run(x.astype(kind, copy=False), kernel.astype(kind, copy=False), over, box)


def _product(xp: Any, x: Any, kernel: Any, box: Box) -> Any:
    """Return the product, broadcast; of integers exactly, as convolutions over axes of length 1."""
    whole = x.dtype.kind + kernel.dtype.kind in {"ii", "iu", "ui", "uu"} if xp is np else _whole(xp, x, kernel)
    if not whole:
        return (x * kernel)[box.slices]
    shape = [max(pair) for pair in zip(x.shape, kernel.shape, strict=True)]
    if 1 in {math.prod(x.shape), math.prod(kernel.shape)}:
        return convolve(x, kernel)[box.slices]
    pairs = zip(*(xp.reshape(xp.broadcast_to(a, shape), (-1,)) for a in (x, kernel)), strict=True)
    return xp.reshape(xp.stack([xp.asarray(convolve(a, b)) for a, b in pairs]), tuple(shape))[box.slices]


def _whole(xp: Any, x: Any, kernel: Any) -> bool:
    return xp.isdtype(x.dtype, "integral") and xp.isdtype(kernel.dtype, "integral")


def _floating(xp: Any, x: Any) -> Any:
    if xp.isdtype(x.dtype, "bool") or xp.isdtype(x.dtype, "integral"):
        return xp.astype(x, xp.float64)
    return x


def _axes(axes: Any, dimensions: int, *, function: str) -> list[int]:
    if axes is None:
        return list(range(dimensions))
    try:
        found = [operator.index(a) for a in (axes if np.iterable(axes) else (axes,))]
    except TypeError:
        raise _refused(message("axes must be a scalar or iterable of integers"), axes, function=function) from None
    if not found:
        raise _refused(message("when provided, axes cannot be empty"), axes, function=function)
    if not all(-dimensions <= a < dimensions for a in found):
        raise _refused(message("axes exceeds dimensionality of input"), axes, function=function)
    found = [a % dimensions for a in found]
    if len(set(found)) < len(found):
        raise _refused(message("all axes must be unique"), axes, function=function)
    return found


def _refused(what: Message, axes: Any, *, function: str) -> InputError:
    return InputError(message("{function}: {what}; got {axes}", function=function, what=what, axes=repr(axes)))
