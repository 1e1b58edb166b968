r"""The sigmoid and its family: score to probability, its logarithm, its slope, and the way back.

All are written in :math:`e = e^{-|x|}`, which is at most 1: nothing overflows, and on the far left, where the textbook
form :math:`1 / (1 + e^{-x})` gives 0 from x = -709.8 on, the value keeps its digits down to the least number there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays.frames import as_frame, computed_frame
from workings.expression import Node, log, softplus
from workings.expression import sigmoid as sigmoid_of
from workings.expression.tracing import Mathematical
from workings.subjects.sigmoid import ways
from workings.subjects.sigmoid.definitions import log_sigmoid as _log_sigmoid
from workings.subjects.sigmoid.definitions import logit as _logit
from workings.subjects.sigmoid.definitions import sigmoid as _sigmoid
from workings.subjects.sigmoid.definitions import sigmoid_derivative as _sigmoid_derivative
from workings.subjects.sigmoid.elsewhere import elsewhere
from workings.subjects.sigmoid.ways import in_numpy, quietly

__all__ = ["log_sigmoid", "logit", "sigmoid", "sigmoid_derivative"]

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


def _apply(
    definition: Callable[[Any, Any], Any], x: Any, out: NDArray[Any] | None, *, function: str, argument: str = "x"
) -> Any:
    if type(x) is np.ndarray and x.dtype is _DOUBLE and out is None and x.size < ways.LARGE:
        # What is asked for most, without a further question: of eight numbers they cost as much as the answer.
        return quietly(definition, x)[()]
    if isinstance(x, Mathematical):
        return x.__built__(_IN_FORMULAS[function], (x,))
    if type(x) is not np.ndarray and is_array_api_obj(x) and not is_numpy_array(x):
        return elsewhere(definition, x, out, function=function, argument=argument)
    if type(x) is not np.ndarray and out is None:
        frame = as_frame(x, function=function, argument=argument)
        if frame is not None:
            told = {"function": function, "argument": argument}
            return computed_frame(frame, lambda values: in_numpy(definition, values, None, **told), **told)
    result = in_numpy(definition, np.asarray(x), out, function=function, argument=argument)
    if out is None and isinstance(x, np.ndarray) and type(x) is not np.ndarray:
        # A masked array stays masked, as with NumPy's own functions, of which one is named here.
        return x.__array_wrap__(np.asarray(result), (np.positive, (x,), 0), False)
    return result
