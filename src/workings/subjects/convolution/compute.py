"""Convolution and cross-correlation of arrays of any number of dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays.shared import as_tensor, numpy_views
from workings.errors import InputError, NotFiniteWarning, warn
from workings.language import message
from workings.subjects.convolution.choice import automatic, transformed
from workings.subjects.convolution.definition import by_definition
from workings.subjects.convolution.direct import convolve_directly
from workings.subjects.convolution.extent import Box, Mode, check_mode, extent, same_dimensions
from workings.subjects.convolution.integers import convolve_integers, exact_or_refused
from workings.subjects.convolution.transform import fast_length
from workings.subjects.convolution.trust import Way

__all__ = ["convolve", "correlate"]

Method = Literal["auto", "direct", "fft", "overlap-add"]

_WAYS: dict[str, Way | None] = {"auto": None, "direct": "direct", "fft": "transform", "overlap-add": "blocks"}


def convolve(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> Any:
    r"""Return the convolution of two arrays: the kernel, turned around, slides over ``x``.

    .. math:: y_n = \sum_t k_t \, x_{n - t}

    Parameters
    ----------
    x, kernel
        Numbers, with the same number of axes: NumPy, lists, or arrays of the array API (PyTorch, CuPy). An empty ``x``
        has no place where the kernel could lie; "same", as many places as it has, gives an empty array.
    mode
        ``"full"`` gives every place where the two overlap, N + K - 1 on an axis; ``"same"`` the middle of those,
        as many as ``x`` has; ``"valid"`` those where the shorter lies wholly inside the longer, which must then be the
        longer on every axis.
    method
        ``"direct"`` adds up the products. ``"fft"`` multiplies Fourier transforms, ``"overlap-add"`` those of blocks
        (one axis only; whole otherwise). ``"auto"`` is direct unless transforms take half the time and lose no digit.

    Returns
    -------
    array
        Integers give int64, two arrays of booleans booleans ("any of all"), everything else NumPy's common dtype, as in
        ``scipy.signal.convolve``. Arrays that are not NumPy's come back as the same kind. Two numbers give a number.

    Raises
    ------
    InputError
        If the numbers of axes differ, an array is masked or does not hold numbers, the kernel is empty, ``x`` is and
        the mode is not "same", the mode or the method is none of those above, or a result of integers does not fit
        int64.

    Warns
    -----
    NotFiniteWarning
        If transforms were asked for and there is NaN or infinity, which they spread over the whole result.

    Notes
    -----
    *What differs from SciPy.* Integers are exact: ``uint8`` 200 times 2 is 400, in int64, where SciPy keeps uint8 and
    gives 144; uint64 with int64 is int64, not float64; what does not fit is refused. float16 is added up in float32 and
    rounded once. NaN and infinity stay where they are unless transforms are asked for by name.

    *Accuracy.* Direct: an error of at most n u Σ|kₜ||xₙ₋ₜ| for n products, u the unit roundoff. Transforms: at most
    c u log₂(N) ‖x‖₂‖k‖₂ for every output, c ≈ 12, which swamps outputs that are small beside the others. ``"auto"``
    takes them only for outputs where that, for the block that an output comes from, is below the direct bound for 2¹⁵
    products (4·10⁻¹² of the sum of absolute values); the rest it sums directly. float32 is transformed in float64.

    *Cost.* N·K products, or about N log N steps. The choice is by constants that ship with the library, so it is the
    same in every run.

    Examples
    --------
    >>> import workings as wk
    >>> wk.convolve([1, 2, 3, 4], [1, 0, -1])
    array([ 1,  2,  2,  2, -3, -4])
    >>> wk.convolve([1, 2, 3, 4], [1, 0, -1], mode="valid")
    array([2, 2])
    >>> import numpy as np
    >>> wk.convolve(np.array([200], np.uint8), np.array([2], np.uint8))
    array([400])
    """
    return _convolve(x, kernel, mode, method, function="convolve")


def correlate(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> Any:
    r"""Return the cross-correlation of two arrays: the kernel slides over ``x`` as it is.

    .. math:: z_n = \sum_l x_l \, \overline{k_{l - n + K - 1}}

    It is the convolution with the kernel turned around and, if complex, conjugated.

    Parameters
    ----------
    x, kernel, mode, method
        As in :func:`convolve`.

    Returns
    -------
    array
        As :func:`convolve`.

    Raises
    ------
    InputError
        As :func:`convolve`.

    Examples
    --------
    >>> import workings as wk
    >>> wk.correlate([1, 2, 3, 4], [1, 0, -1])
    array([-1, -2, -2, -2,  3,  4])
    >>> wk.correlate([1j], [1j])
    array([1.+0.j])
    """
    return _convolve(x, kernel, mode, method, turned=True, function="correlate")


def _convolve(x: Any, kernel: Any, mode: Any, method: Any, *, turned: bool = False, function: str) -> Any:
    shared = numpy_views(x, kernel)
    xp, x, kernel = as_arrays(*(shared or (x, kernel)), function=function)
    same_dimensions(x, kernel, function=function)
    check_mode(mode, function=function)
    if not (isinstance(method, str) and method in _WAYS):
        raise InputError(
            message(
                "{function}: acceptable method flags are 'auto', 'direct', or 'fft', and 'overlap-add'; got {method}",
                function=function,
                method=repr(method),
            )
        )
    if mode == "same" and 0 in x.shape and 0 not in kernel.shape:
        y = _nothing(xp, x, kernel, function=function)
        return as_tensor(y) if shared else y
    _refuse_empty(x, kernel, function=function)
    if turned:
        kernel = _turned(xp, kernel)
    number = x.ndim == 0
    if number:
        x, kernel = xp.reshape(x, (1,)), xp.reshape(kernel, (1,))
    box = extent(x.shape, kernel.shape, mode, function=function)
    way = _WAYS[method]
    if xp is np:
        y = _numpy(x, kernel, box, way, function=function)
    else:
        y = _elsewhere(xp, x, kernel, box, way, function=function)
    y = y[0] if number else y
    return as_tensor(y) if shared else y


def _nothing(xp: Any, x: Any, kernel: Any, *, function: str) -> Any:
    """Return no value at all, of the type that one would have."""
    home: dict[str, Any] = {} if xp is np else {"device": device(x)}
    first, second = (xp.zeros((1,), dtype=a.dtype, **home) for a in (x, kernel))
    return xp.zeros(x.shape, dtype=_convolve(first, second, "same", "direct", function=function).dtype, **home)


def _refuse_empty(x: Any, kernel: Any, *, function: str) -> None:
    for argument, array in (("x", x), ("kernel", kernel)):
        if 0 in array.shape:
            raise InputError(
                message(
                    "{function}: {argument} cannot be empty; got the shape {shape}",
                    function=function,
                    argument=argument,
                    shape=str(tuple(array.shape)),
                )
            )


def as_arrays(x: Any, kernel: Any, *, function: str) -> tuple[Any, Any, Any]:
    """Return the namespace of two arrays and the two as arrays of it.

    Raises
    ------
    InputError
        If one is masked, or does not hold numbers.
    """
    others = [a for a in (x, kernel) if is_array_api_obj(a) and not is_numpy_array(a)]
    if others:
        xp: Any = array_namespace(*others)
        home = device(others[0])
        arrays = [a if any(a is other for other in others) else xp.asarray(a, device=home) for a in (x, kernel)]
        return xp, arrays[0], arrays[1]
    for argument, values in (("x", x), ("kernel", kernel)):
        if np.ma.isMaskedArray(values):
            raise InputError(
                message(
                    "{function}: {argument} must not be masked, for no sum leaves values out; fill "
                    "them first, with 0 or NaN",
                    function=function,
                    argument=argument,
                )
            )
        array = np.asarray(values)
        wrong = [] if array.dtype.kind in "biufc" else [str(array.dtype)]
        if array.dtype.kind == "O":
            wrong = [repr(each) for each in array.flat if each is None or isinstance(each, str | bytes)]
        if wrong:
            raise InputError(
                message(
                    "{function}: {argument} must be numbers; got {dtype}; convert the values first",
                    function=function,
                    argument=argument,
                    dtype=wrong[0],
                )
            )
    return np, np.asarray(x), np.asarray(kernel)


def _turned(xp: Any, kernel: Any) -> Any:
    kernel = xp.flip(kernel)
    if xp is np:
        return np.conj(kernel) if kernel.dtype.kind in "cO" else kernel
    return xp.conj(kernel) if xp.isdtype(kernel.dtype, "complex floating") else kernel


def _numpy(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way | None, *, function: str) -> NDArray[Any]:
    kinds = {x.dtype.kind, k.dtype.kind}
    if kinds == {"b"}:
        return convolve_directly(x.astype(np.float64), k.astype(np.float64), box) != 0
    if kinds <= set("biu"):
        return convolve_integers(x, k, box, way, function=function)
    if "O" in kinds:
        return convolve_directly(x.astype(object), k.astype(object), box)
    kind = np.result_type(x.dtype, k.dtype).newbyteorder("=")
    # float16 is added up in float32 and rounded once.
    wide = np.dtype(np.float32) if kind == np.float16 else kind
    x, k = x.astype(wide, copy=False), k.astype(wide, copy=False)
    with np.errstate(all="ignore"):
        if way in {"transform", "blocks"}:
            y = transformed(x, k, box, way)
            _warn_of_what_spread(y, function=function)
        elif way is None and wide.char in "fdFD":
            y = automatic(x, k, box)
        else:
            y = convolve_directly(x, k, box)
        return y.astype(kind, copy=False)


def _warn_of_what_spread(y: NDArray[Any], *, function: str) -> None:
    # A transform spreads NaN and infinity over everything it gives.
    if y.size and not np.isfinite(y.flat[0]):
        warn(
            NotFiniteWarning(
                message(
                    "{function}: Use of fft convolution on input with NAN or inf results in NAN or inf output; with "
                    "method='direct' they stay local",
                    function=function,
                )
            )
        )


def _elsewhere(xp: Any, x: Any, k: Any, box: Box, way: Way | None, *, function: str) -> Any:
    kinds = [next(kind for kind in ("bool", "integral", "numeric") if xp.isdtype(a.dtype, kind)) for a in (x, k)]
    if kinds == ["bool", "bool"]:
        return by_definition(xp, xp.astype(x, xp.int64), xp.astype(k, xp.int64), box) != 0
    if "numeric" not in kinds:
        return exact_or_refused(xp, x, k, box, lambda a, b, part: by_definition(xp, a, b, part), function=function)
    try:
        # Where one holds whole numbers the other's type is taken: the standard leaves that open.
        floating = [a.dtype for a, kind in zip((x, k), kinds, strict=True) if kind == "numeric"]
        kind = xp.result_type(*floating)
    except TypeError as error:
        raise InputError(
            message(
                "{function}: x and kernel must have types with a common type; got {first} and {second}; convert one",
                function=function,
                first=str(x.dtype),
                second=str(k.dtype),
            )
        ) from error
    x, k = xp.astype(x, kind), xp.astype(k, kind)
    if way in {"transform", "blocks"}:
        return transformed_elsewhere(xp, x, k, range(x.ndim), box)
    return by_definition(xp, x, k, box)


def transformed_elsewhere(xp: Any, x: Any, k: Any, axes: Sequence[int], box: Box) -> Any:
    """Return a box of the full convolution by transforms in the arrays' own namespace."""
    real = not xp.isdtype(x.dtype, "complex floating")
    forward, backward = (xp.fft.rfftn, xp.fft.irfftn) if real else (xp.fft.fftn, xp.fft.ifftn)
    lengths = tuple(fast_length(x.shape[a] + k.shape[a] - 1, real=real) for a in axes)
    spectrum = forward(x, s=lengths, axes=tuple(axes)) * forward(k, s=lengths, axes=tuple(axes))
    return backward(spectrum, s=lengths, axes=tuple(axes))[box.slices]
