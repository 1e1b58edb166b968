"""Areas under samples, and sums of strips under a function: the rules with which integration is taught."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from array_api_compat import device

from workings.errors import InputError
from workings.expression import Node
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.named import placed
from workings.subjects.integration.sampled import as_samples, floating, misfit, neighbours, steps_between

__all__ = ["STRIP_RULES", "StripRule", "cumulative_trapezoid", "riemann_sum", "simpson", "trapezoid"]

StripRule = Literal["left", "right", "midpoint"]

STRIP_RULES: dict[str, float] = {"left": 0.0, "right": 1.0, "midpoint": 0.5}
"""Where in its strip each rule takes the height, in parts of the strip's width."""

# So many heights are computed at once.
_AT_ONCE = 1 << 16


def riemann_sum(
    f: Callable[..., Any] | Formula | Node | str,
    a: float,
    b: float,
    n: int,
    rule: StripRule = "left",
    *,
    args: Any = (),
) -> float:
    r"""Return the area of n strips of equal width under f: :math:`\frac{b - a}{n} \sum_{k=0}^{n-1} f(x_k)`.

    Parameters
    ----------
    f
        A Python function, a formula or its text, as in :func:`integrate`.
    a, b
        The limits, finite. From b to a the sum is the negative one, and "left" means nearer to a.
    n
        How many strips, from 1 on.
    rule
        Where the height of a strip is taken: "left", "right" or "midpoint".
    args
        What f takes besides, as a tuple or by name.

    Returns
    -------
    float
        The sum, rounded once (``math.fsum``); NaN where a height is.

    Raises
    ------
    InputError
        If a limit is not finite, n is no whole number from 1 on, ``rule`` is another, or as :func:`integrate`.

    Notes
    -----
    For a smooth f the error of "left" and "right" falls like 1/n, that of "midpoint" like 1/n².

    Examples
    --------
    >>> import workings as wk
    >>> wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5)
    330.0
    >>> wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5, "midpoint")
    440.0
    """
    name = "riemann_sum"
    low, high = _finite(a, "a"), _finite(b, "b")
    count = strip_count(n, name)
    if rule not in STRIP_RULES:
        raise InputError(message('riemann_sum: rule must be "left", "right" or "midpoint"; got {got}', got=repr(rule)))
    f, args = placed(f, args, function=name, argument="args")
    integrand = as_integrand(f, args, function=name)
    width = (high - low) / count
    parts: list[float] = []
    for start in range(0, count, _AT_ONCE):
        places = np.arange(start, min(start + _AT_ONCE, count)) + STRIP_RULES[rule]
        # From a in whole steps: adding up the widths would add up their rounding.
        parts.append(_summed(integrand(low + (high - low) * (places / count))))
    return width * _summed(np.array(parts))


def strip_count(n: Any, function: str) -> int:
    """Return a number of strips, checked."""
    count = int(n) if isinstance(n, int | np.integer) and not isinstance(n, bool) else 0
    if count < 1:
        raise InputError(
            message("{function}: n must be a whole number from 1 on; got {got}", function=function, got=repr(n))
        )
    return count


def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    r"""Return the area under samples by trapezoids: :math:`\sum_k (x_{k+1} - x_k)\,(y_k + y_{k+1})/2`.

    Parameters
    ----------
    y
        Samples: NumPy, a list, or any array of the array API.
    x
        Where they were taken: one value a sample along ``axis``, or an array that broadcasts with y. They may fall.
    dx
        The distance between samples where x is not given.
    axis
        Along which axis.

    Returns
    -------
    float or array
        y's shape without ``axis``, as ``scipy.integrate.trapezoid``; but an x of two values for more samples is
        refused, where SciPy takes their distance for all.

    Raises
    ------
    InputError
        If x does not fit y.

    Examples
    --------
    >>> import workings as wk
    >>> print(wk.trapezoid([1, 2, 3], x=[4, 6, 8]))
    8.0
    """
    xp, y = as_samples(y)
    before, after = neighbours(y, axis)
    step = dx if x is None else steps_between(xp, y, x, axis, function="trapezoid", broadcast=True)
    with np.errstate(all="ignore"):
        try:
            areas = step * (y[after] + y[before]) / 2.0
        except ValueError as error:
            raise misfit("trapezoid") from error
        if isinstance(areas, np.ma.MaskedArray):
            return areas.sum(axis=axis)
        return xp.sum(areas, axis=axis)


def cumulative_trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1, initial: float | None = None) -> Any:
    r"""Return the areas under samples from the first up to each, by trapezoids.

    Parameters
    ----------
    y, x, dx, axis
        As in :func:`trapezoid`; x is one-dimensional or has y's shape.
    initial
        0 puts a 0 before the others, so that the result is as long as y; None does not.

    Returns
    -------
    array
        y's shape, one shorter along ``axis`` unless ``initial`` is 0, as ``scipy.integrate.cumulative_trapezoid``.

    Raises
    ------
    InputError
        If y has no sample, x does not fit y, or ``initial`` is another value.

    Examples
    --------
    >>> import workings as wk
    >>> wk.cumulative_trapezoid([0, 1, 4, 9], initial=0)
    array([0. , 0.5, 3. , 9.5])
    """
    xp, y = as_samples(y)
    if y.shape[axis] == 0:
        raise InputError(message("At least one point is required along `axis`: cumulative_trapezoid got none"))
    if initial is not None and initial != 0:
        raise InputError(message("`initial` must be `None` or `0`. cumulative_trapezoid: got {got}", got=repr(initial)))
    before, after = neighbours(y, axis)
    step = dx if x is None else steps_between(xp, y, x, axis, function="cumulative_trapezoid", broadcast=False)
    with np.errstate(all="ignore"):
        areas = step * (y[after] + y[before]) / 2.0
        total = np.cumsum(areas, axis=axis) if xp is np else xp.cumulative_sum(areas, axis=axis)
    if initial is None:
        return total
    shape = list(total.shape)
    shape[axis] = 1
    if xp is np:
        return np.concatenate((np.zeros(shape, total.dtype), total), axis=axis)
    return xp.concat((xp.zeros(tuple(shape), dtype=total.dtype, device=device(total)), total), axis=axis)


def simpson(y: Any, x: Any = None, *, dx: float = 1.0, axis: int = -1) -> Any:
    r"""Return the area under samples by parabolas through three at a time.

    Parameters
    ----------
    y
        Samples: NumPy, a list, or any array of the array API.
    x
        Where they were taken, one-dimensional or of y's shape.
    dx
        The distance between samples where x is not given.
    axis
        Along which axis.

    Returns
    -------
    float or array
        y's shape without ``axis``, as ``scipy.integrate.simpson``. An even number of samples ends with a strip whose
        parabola goes through the last three (Cartwright 2017, equation 8).

    Raises
    ------
    InputError
        If y has no sample, or x does not fit y.

    Examples
    --------
    >>> import workings as wk
    >>> print(wk.simpson([1, 4, 9, 16, 25]))
    41.33333333333333
    """
    xp, y = as_samples(y)
    count = y.shape[axis]
    if count == 0:
        raise InputError(message("At least one point is required along `axis`: simpson got none"))
    steps = None
    if x is not None:
        steps = steps_between(xp, y, x, axis, function="simpson", broadcast=False)
        if xp is not np:
            steps = xp.astype(steps, floating(xp, steps))
        elif steps.dtype.kind != "c":
            steps = steps.astype(float)
    with np.errstate(all="ignore"):
        return _parabolas(xp, y, steps, dx, axis)


def _parabolas(xp: Any, y: Any, steps: Any, dx: float, axis: int) -> Any:
    """Return the area under parabolas through three samples at a time; ``steps`` between them, or ``dx`` for all."""
    count = y.shape[axis]

    def at(part: Any, where: int | slice) -> Any:
        index: list[Any] = [slice(None)] * part.ndim
        index[axis] = where
        return part[tuple(index)]

    def width(where: int) -> Any:
        return dx if steps is None else at(steps, where)

    if count == 2:
        return 0.5 * width(-1) * (at(y, -1) + at(y, -2))
    last = count - 1 if count % 2 else count - 2
    y0, y1, y2 = (at(y, slice(start, last - 1 + start if start < 2 else last + 1, 2)) for start in (0, 1, 2))
    if steps is None:
        result = xp.sum(y0 + 4.0 * y1 + y2, axis=axis) * (dx / 3.0)
    else:
        h0, h1 = at(steps, slice(0, last - 1 or None, 2)), at(steps, slice(1, last, 2))
        whole, product = h0 + h1, h0 * h1
        quotient = _divided(xp, h0, h1)
        result = xp.sum(
            whole
            / 6.0
            * (
                y0 * (2.0 - _divided(xp, xp.ones_like(quotient), quotient))
                + y1 * (whole * _divided(xp, whole, product))
                + y2 * (2.0 - quotient)
            ),
            axis=axis,
        )
    if count % 2:
        return result
    h0, h1 = width(-2), width(-1)
    if steps is None and xp is np:
        h0 = h1 = np.asarray(dx, np.float64)
    elif steps is None:
        h0 = h1 = xp.asarray(dx, dtype=floating(xp, y), device=device(y))
    alpha = _divided(xp, 2 * h1**2 + 3 * h0 * h1, 6 * (h0 + h1))
    beta = _divided(xp, h1**2 + 3 * h0 * h1, 6 * h0)
    eta = _divided(xp, h1**3, 6 * h0 * (h0 + h1))
    return result + (alpha * at(y, -1) + beta * at(y, -2) - eta * at(y, -3))


def _divided(xp: Any, over: Any, under: Any) -> Any:
    """Return a quotient, 0 where it is a division by 0: samples at one place span no area."""
    safe = xp.where(under == 0, xp.ones_like(under), under)
    return xp.where(under == 0, xp.zeros_like(safe), over / safe)


def _finite(value: Any, name: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(message("riemann_sum: {name} must be a finite number; got {got}", name=name, got=repr(value)))
    return number


def _summed(values: Any) -> float:
    """Return a sum rounded once; where a value is not finite, what IEEE arithmetic makes of it."""
    total = float(np.sum(values))
    return math.fsum(values.tolist()) if math.isfinite(total) else total
