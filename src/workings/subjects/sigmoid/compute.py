r"""The sigmoid and its family: score to probability, its logarithm, its slope, and the way back.

All are written in :math:`e = e^{-|x|}`, which is at most 1: nothing overflows, and on the far left, where the textbook
form :math:`1 / (1 + e^{-x})` gives 0 from x = -709.8 on, the value keeps its digits down to the least number there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays import not_numbers, parallel_blocks
from workings.arrays.frames import as_frame, computed_frame
from workings.arrays.shared import as_tensor, numpy_views, shared_memory
from workings.errors import InputError
from workings.expression import Node, log, softplus
from workings.expression import sigmoid as sigmoid_of
from workings.expression.tracing import Mathematical
from workings.language import message

__all__ = ["log_sigmoid", "logit", "sigmoid", "sigmoid_derivative"]

# From so many values on the compiled loop is worth loading.
_LARGE = 1 << 18

# Values in one piece of a definition's pass: it makes ten arrays of them on its way, which fit the second cache.
_PIECE = 1 << 13

# float32 and longdouble keep their dtype; all else becomes float64.
_KEPT = "fg"
_DOUBLE = np.dtype(np.float64)

# What they are in a formula: wk.formula(lambda x: wk.sigmoid(x)).
_IN_FORMULAS: dict[str, Callable[[Node], Node]] = {
    "sigmoid": sigmoid_of,
    "logit": lambda p: log(p / (1 - p)),
    "log_sigmoid": lambda x: -softplus(-x),
    "sigmoid_derivative": lambda x: sigmoid_of(x) * (1 - sigmoid_of(x)),
}


def sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> Any:
    r"""Return the sigmoid (logistic function) of each value: a score as a probability.

    .. math:: σ(x) = \frac{1}{1 + e^{-x}}

    Parameters
    ----------
    x
        Real numbers, any shape: NumPy (masked too), a list, a number, any array of the array API (PyTorch, CuPy, ...),
        or a data frame or series (pandas, Polars, PyArrow). In a function given to ``wk.formula`` it is an operation of
        the formula.
    out
        An array of the result's shape to write into.

    Returns
    -------
    array
        Same shape and kind; float32 stays float32 and longdouble stays so, everything else becomes float64, as in
        ``scipy.special.expit``. A number for a number. σ(-∞) = 0, σ(∞) = 1, NaN stays NaN.

    Raises
    ------
    InputError
        If x is not real numbers, or ``out`` has another shape, cannot hold the result or is read-only.

    Notes
    -----
    At most 2 units in the last place from the exact value, subnormal results included: σ(-710) is 4.476e-309, where
    ``scipy.special.expit`` gives 0.

    Examples
    --------
    >>> import workings as wk
    >>> wk.sigmoid([-1.0, 0.0, 2.197])
    array([0.26894142, 0.5       , 0.89997979])
    >>> print(wk.sigmoid(-710.0))
    4.47628622567513e-309
    """
    return _apply(_sigmoid, x, out, function="sigmoid")


def logit(p: Any, /, out: NDArray[Any] | None = None) -> Any:
    r"""Return the log-odds of each probability: the inverse of the sigmoid.

    .. math:: \operatorname{logit}(p) = \log \frac{p}{1 - p}

    Parameters
    ----------
    p
        Probabilities, any shape and kind, as in :func:`sigmoid`.
    out
        An array of the result's shape to write into.

    Returns
    -------
    array
        Same shape and kind. logit(0) = -∞, logit(1) = ∞; NaN outside 0 to 1, as in ``scipy.special.logit``.

    Raises
    ------
    InputError
        As :func:`sigmoid`.

    Notes
    -----
    At most 2 units in the last place from the exact value.

    Examples
    --------
    >>> import workings as wk
    >>> wk.logit([0.0, 0.5, 0.9])
    array([      -inf, 0.        , 2.19722458])
    """
    return _apply(_logit, p, out, function="logit", argument="p")


def log_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> Any:
    r"""Return the logarithm of the sigmoid of each value.

    .. math:: \log σ(x) = -\log(1 + e^{-x})

    Parameters
    ----------
    x
        Real numbers, any shape and kind, as in :func:`sigmoid`.
    out
        An array of the result's shape to write into.

    Returns
    -------
    array
        Same shape and kind, as ``scipy.special.log_expit``. -800 for x = -800, where the logarithm of σ(x) = 0 would be
        -∞.

    Raises
    ------
    InputError
        As :func:`sigmoid`.

    Notes
    -----
    At most 2 units in the last place from the exact value.

    Examples
    --------
    >>> import workings as wk
    >>> wk.log_sigmoid([-800.0, 0.0, 40.0])
    array([-8.00000000e+02, -6.93147181e-01, -4.24835426e-18])
    """
    return _apply(_log_sigmoid, x, out, function="log_sigmoid")


def sigmoid_derivative(x: Any, /, out: NDArray[Any] | None = None) -> Any:
    r"""Return the slope of the sigmoid at each value.

    .. math:: σ'(x) = σ(x) (1 - σ(x)) = \frac{e^{-|x|}}{(1 + e^{-|x|})^2}

    Parameters
    ----------
    x
        Real numbers, any shape and kind, as in :func:`sigmoid`.
    out
        An array of the result's shape to write into.

    Returns
    -------
    array
        Same shape and kind; at most 1/4, reached at 0.

    Raises
    ------
    InputError
        As :func:`sigmoid`.

    Notes
    -----
    At most 2 units in the last place from the exact value. The form σ(1 - σ) gives 0 from x = 37 on, where 1 - σ(x)
    has lost its last digit; this one does not.

    Examples
    --------
    >>> import workings as wk
    >>> wk.sigmoid_derivative([0.0, 2.197, 40.0])
    array([2.50000000e-01, 9.00161706e-02, 4.24835426e-18])
    """
    return _apply(_sigmoid_derivative, x, out, function="sigmoid_derivative")


def _sigmoid(xp: Any, x: Any) -> Any:
    e = xp.exp(-xp.abs(x))
    whole = 1 + e
    # The numerator is e where x < 0 and 1 elsewhere: one look at each value, where choosing by a mask takes three.
    value = xp.exp(xp.minimum(x, _zero(xp, x))) / whole
    # What rounding lost of the sum 1 + e, exactly, for e is the lesser part (Dekker's two-sum).
    return value - value * ((e - (whole - 1)) / whole)


def _logit(xp: Any, p: Any) -> Any:
    # Near 1/2 the quotient is near 1 and its logarithm keeps few digits: log(0.5000001 / 0.4999999) has 9 left.
    # There 2p - 1 is exact, and logit(p) = 2 atanh(2p - 1).
    middle = xp.abs(p - 0.5) <= 0.25
    s = xp.where(middle, 2 * p - 1, xp.zeros_like(p))
    return xp.where(middle, 2 * xp.atanh(s), xp.log(p / (1 - p)))


def _log_sigmoid(xp: Any, x: Any) -> Any:
    # The lesser of x and 0, whose slope at 0 is 1/2 to whoever follows it: chosen by a mask it is 0 there.
    return xp.minimum(x, _zero(xp, x)) - xp.log1p(xp.exp(-xp.abs(x)))


def _sigmoid_derivative(xp: Any, x: Any) -> Any:
    e = xp.exp(-xp.abs(x))
    # (1 + e)² as 1 + e (2 + e): squaring a rounded 1 + e doubles its error.
    value = e / (1 + e * (2 + e))
    return value - value * _lost(e * (2 + e), 1 + e * (2 + e))


def _zero(xp: Any, x: Any) -> Any:
    return 0.0 if xp is np else xp.zeros((), dtype=x.dtype, device=device(x))


def _lost(part: Any, whole: Any) -> Any:
    # What rounding whole = 1 + part lost, exactly (Knuth's two-sum), as a part of it. Left in, it costs up to one unit
    # in the last place of the result: at x = -3.466, where e is just above a power of two and σ(x) just below.
    added = whole - 1
    return ((1 - (whole - added)) + (part - added)) / whole


def _apply(
    definition: Callable[[Any, Any], Any], x: Any, out: NDArray[Any] | None, *, function: str, argument: str = "x"
) -> Any:
    if type(x) is np.ndarray and x.dtype is _DOUBLE and out is None and x.size < _LARGE:
        # What is asked for most, without a further question: of eight numbers they cost as much as the answer.
        return _quietly(definition, x)[()]
    if isinstance(x, Mathematical):
        return x.__built__(_IN_FORMULAS[function], (x,))
    if type(x) is not np.ndarray and is_array_api_obj(x) and not is_numpy_array(x):
        return _elsewhere(definition, x, out, function=function, argument=argument)
    if type(x) is not np.ndarray and out is None:
        frame = as_frame(x, function=function, argument=argument)
        if frame is not None:
            told = {"function": function, "argument": argument}
            return computed_frame(frame, lambda values: _numpy(definition, values, None, **told), **told)
    result = _numpy(definition, np.asarray(x), out, function=function, argument=argument)
    if out is None and isinstance(x, np.ndarray) and type(x) is not np.ndarray:
        # A masked array stays masked, as with NumPy's own functions, of which one is named here.
        return x.__array_wrap__(np.asarray(result), (np.positive, (x,), 0), False)
    return result


def _numpy(
    definition: Callable[[Any, Any], Any],
    values: NDArray[Any],
    out: NDArray[Any] | None,
    *,
    function: str,
    argument: str,
) -> Any:
    if values.dtype.kind not in "fiub":
        raise not_numbers(values.dtype, function=function, argument=argument)
    # In this machine's byte order, whatever order the values have.
    kind = values.dtype.newbyteorder("=") if values.dtype.char in _KEPT else _DOUBLE
    if out is not None:
        _check_out(out, values.shape, kind, function=function)
    if values.size >= _LARGE:
        return _in_blocks(definition, values, kind, out)
    result = _rounded_once(definition, values, kind)
    if out is not None:
        out[...] = result
        return out
    return result[()]


@np.errstate(all="ignore")
def _quietly(definition: Callable[[Any, Any], Any], x: NDArray[Any]) -> Any:
    return definition(np, x)


def _rounded_once(definition: Callable[[Any, Any], Any], x: NDArray[Any], kind: np.dtype[Any]) -> Any:
    # float32 is computed in float64.
    wide = np.longdouble if kind.char == "g" else np.float64
    return _quietly(definition, x.astype(wide, copy=False)).astype(kind, copy=False)


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
    if definition is _sigmoid and kind.char != "g":
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


def _elsewhere(definition: Callable[[Any, Any], Any], x: Any, out: Any, *, function: str, argument: str) -> Any:
    xp: Any = array_namespace(x)
    if not xp.isdtype(x.dtype, ("real floating", "integral", "bool")):
        raise not_numbers(x.dtype, function=function, argument=argument)
    real = xp.isdtype(x.dtype, "real floating")
    kind = x.dtype if real else xp.__array_namespace_info__().default_dtypes()["real floating"]
    if out is not None:
        _check_out_elsewhere(xp, out, x.shape, kind, function=function)
    views = numpy_views(x)
    target = None if out is None else shared_memory(out)
    if views is not None and (out is None or target is not None):
        result = _numpy(definition, views[0], target, function=function, argument=argument)
        return as_tensor(result) if out is None else out
    # Computed in double, where the device has it, and rounded once: an exponential of single precision may be off by
    # two units in the last place by itself.
    known = xp.__array_namespace_info__().dtypes(kind="real floating", device=device(x))
    wide = known.get("float64", xp.float32)
    result = xp.astype(definition(xp, xp.astype(x, wide, copy=False)), kind, copy=False)
    if out is None:
        return result
    out[...] = result
    return out


def _check_out_elsewhere(xp: Any, out: Any, shape: tuple[int, ...], kind: Any, *, function: str) -> None:
    """Raise InputError unless the result can be written there."""
    given: Any = out
    same = not isinstance(out, np.ndarray) and is_array_api_obj(out) and array_namespace(out) == xp
    if not (same and tuple(given.shape) == tuple(shape) and xp.isdtype(given.dtype, "real floating")):
        raise _wrong_out(out, shape, kind, function=function)


def _check_out(out: Any, shape: tuple[int, ...], kind: np.dtype[Any], *, function: str) -> None:
    fits = isinstance(out, np.ndarray) and out.shape == shape and np.can_cast(kind, out.dtype, "same_kind")
    if not fits or not out.flags.writeable:
        # NumPy's own words for an array that must not be written.
        raise _wrong_out(out, shape, kind, "WRITEABLE=False" if fits else "", function=function)


def _wrong_out(out: Any, shape: tuple[int, ...], kind: Any, why: str = "", *, function: str) -> InputError:
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
