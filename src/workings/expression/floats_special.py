"""Special functions of the float evaluation, by SciPy, which is loaded when the first of them is computed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from workings.expression.floats import as_float, as_value

__all__ = ["normal_pdf", "polygamma", "special"]


def special(name: str) -> Callable[[Any], Any]:
    """Return a function of SciPy of one real argument."""

    def apply(value: Any) -> Any:
        return as_value(getattr(importlib.import_module("scipy.special"), name)(as_float(value)))

    return apply


def normal_pdf(value: Any) -> Any:
    """Return the density exp(-z²/2)/√(2π) of the standard normal distribution."""
    z = as_float(value)
    return as_value(np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi))


def polygamma(order: Any, value: Any) -> Any:
    """Return the derivative of the digamma function of a whole order."""
    from scipy.special import digamma, gamma, zeta

    n, x = np.broadcast_arrays(as_float(order), as_float(value))
    natural = (n >= 0) & (n == np.floor(n))
    n = np.where(natural, n, np.nan)
    higher = np.where(n % 2 == 1, 1.0, -1.0) * gamma(n + 1) * zeta(n + 1, x)
    return as_value(np.where(n == 0, digamma(x), higher))
