"""How NumPy computes each step on float64 arrays; what has no entry here is computed by its row of the operations."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from workings.expression.operations import OPERATIONS

__all__ = ["array_form", "may_overwrite"]

_UFUNCS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "power": np.power,
    "negate": np.negative,
    "absolute": np.absolute,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "equal": np.equal,
    "different": np.not_equal,
    "less": np.less,
    "at_most": np.less_equal,
    "greater": np.greater,
    "at_least": np.greater_equal,
    "both": np.logical_and,
    "either": np.logical_or,
    "negation": np.logical_not,
}

_SPECIAL = {
    "erf": "erf",
    "erfc": "erfc",
    "digamma": "digamma",
    "normal_quantile": "ndtri",
}
"""SciPy's names; it is loaded when the first of them is computed."""


def _where(condition: Any, a: Any, b: Any, out: Any = None) -> Any:
    if out is None:
        return np.where(condition, a, b)[()]
    np.copyto(out, b)
    np.copyto(out, a, where=condition)
    return out


def _condition(a: Any, out: Any = None) -> Any:
    return np.not_equal(a, 0.0, out=out)


def _iverson(a: Any, out: Any = None) -> Any:
    return np.multiply(a, 1.0, out=out)


def _normal_pdf(a: Any, out: Any = None) -> Any:
    """Return exp(-z²/2)/√(2π): the square of a multiple of 1/16 is exact, that of z = 37 rounded would cost 340 ulp."""
    z = np.clip(a, -40.0, 40.0)
    near = np.rint(z * 16.0) / 16.0
    beside = np.exp(-0.5 * (z - near) * (z + near))
    return np.multiply(np.exp(-0.5 * near * near) * beside, 1.0 / math.sqrt(2.0 * math.pi), out=out)


_COMPOSED: dict[str, Callable[..., Any]] = {
    "where": _where,
    "condition": _condition,
    "iverson": _iverson,
    "normal_pdf": _normal_pdf,
}


@cache
def array_form(name: str, number: float = 0.0) -> Callable[..., Any]:
    """Return the function of arrays, with ``out=`` as NumPy's have it, that computes a step of this name."""
    if name in _UFUNCS:
        return _UFUNCS[name]
    if name == "whole_power":
        return partial(_whole_power, exponent=number)
    if name in _COMPOSED:
        return _COMPOSED[name]
    if name in _SPECIAL:
        return getattr(importlib.import_module("scipy.special"), _SPECIAL[name])
    return partial(_by_row, OPERATIONS[name].numpy)


def may_overwrite(name: str) -> bool:
    """Whether a step may write its value over one of its arguments: what is done in one go may."""
    return name in _UFUNCS or name in _SPECIAL


def _whole_power(a: Any, out: Any = None, *, exponent: float) -> Any:
    return np.power(a, exponent, out=out)


def _by_row(function: Callable[..., Any], *args: Any, out: Any = None) -> Any:
    value = function(*args)
    if out is None:
        return value if isinstance(value, np.ndarray) else np.float64(value)
    out[...] = value
    return out
