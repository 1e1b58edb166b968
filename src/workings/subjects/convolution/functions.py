"""The convolution of two functions: the integral of their product, one of them turned around and moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import Node
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration import Integral, integrate
from workings.subjects.integration.integrand import as_integrand

__all__ = ["Function", "Limits", "convolve_functions", "limits_of", "overlap", "product_integral", "times_of"]

Limits = tuple[tuple[float, float], tuple[float, float]]
Function = Callable[..., Any] | Formula | Node | str


def convolve_functions(
    f: Function, g: Function, t: Any, *, support: Sequence[float] | Sequence[Sequence[float]] = (-math.inf, math.inf)
) -> Any:
    r"""Return the convolution of two functions at t.

    .. math:: (f * g)(t) = \int_a^b f(τ) \, g(t - τ) \, dτ

    Parameters
    ----------
    f, g
        Real functions of one number: Python functions, formulas or formula texts.
    t
        A number, or an array of them.
    support
        Where f is taken; outside it counts as 0: two limits ``(a, b)``, infinite ones too. Or the limits of f and
        those of g, ``((a, b), (c, d))``: then g counts as 0 outside c to d, and no jump there is met inside the
        integral.

    Returns
    -------
    float or array
        One value for each t, by :func:`~workings.subjects.integration.integrate` with its default tolerances: an
        absolute or relative error of 1.5e-8 at most is asked for, and mostly far less is reached.

    Raises
    ------
    InputError
        If f or g is none of these or has more than one variable, if t or the support does not hold numbers in order.

    Warns
    -----
    ConvergenceWarning
        Where an integral does not come to the tolerance.

    Examples
    --------
    >>> import workings as wk
    >>> print(f"{wk.convolve_functions('exp(-x)', 'exp(-2x)', 1.0, support=(0, 1)):.12f}")
    0.232544157935
    >>> wk.convolve_functions("1", "1", [0.5, 1.0, 1.5], support=((0, 1), (0, 1))).round(12)
    array([0.5, 1. , 0.5])
    """
    (a, b), (c, d) = limits_of(support)
    first, second = (as_integrand(each, (), function="convolve_functions") for each in (f, g))
    times = times_of(t)
    values = np.empty(times.shape)
    for place in np.ndindex(times.shape):
        at = float(times[place])
        low, high = overlap(((a, b), (c, d)), at)
        values[place] = 0.0 if low >= high else float(product_integral(first, second, at, low, high).value)
    return values[()] if values.ndim else float(values)


def overlap(limits: Limits, t: float) -> tuple[float, float]:
    """Return between which τ neither f(τ) nor g(t - τ) is taken as 0; the first is the larger where nowhere."""
    (a, b), (c, d) = limits
    return max(a, t - d), min(b, t - c)


def product_integral(f: Callable[[Any], Any], g: Callable[[Any], Any], t: float, low: float, high: float) -> Integral:
    """Return the integral of f(τ) g(t - τ) over a range."""

    def product(places: Any) -> Any:
        # An explanation may ask for the value at one place.
        along = np.atleast_1d(np.asarray(places, np.float64))
        values = f(along) * g(t - along)
        return values if np.ndim(places) else float(values[0])

    return integrate(product, low, high, vectorized=True)


def limits_of(support: Any) -> Limits:
    """Return where f is taken and where g is."""
    try:
        found = np.asarray(support, np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape == (2,):
        found = np.stack([found, np.array([-math.inf, math.inf])])
    if found.shape != (2, 2) or not np.all(found[:, 0] <= found[:, 1]):
        raise InputError(
            message(
                "convolve_functions: support must be two limits in order, (a, b), or those of f and those of g, "
                "((a, b), (c, d)); got {support}",
                support=repr(support),
            )
        )
    a, b, c, d = (float(limit) for limit in found.flat)
    return (a, b), (c, d)


def times_of(t: Any) -> Any:
    """Return the places as an array."""
    times = np.asarray(t)
    if times.dtype.kind not in "biuf" or not np.isfinite(times).all():
        raise InputError(
            message("convolve_functions: t must be finite real numbers; got {t}", t=repr(t)),
        )
    return times
