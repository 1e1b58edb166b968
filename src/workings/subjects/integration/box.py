"""Integrals over boxes in 2 to 5 dimensions: Genz and Malik's pair of rules, all boxes that need it halved at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_vector
from workings.errors import ConvergenceWarning, InputError, warn
from workings.expression import Node
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.integration.box_rule import Measured, Space, measured
from workings.subjects.integration.points import Points
from workings.subjects.integration.result import Boxes, Integral
from workings.subjects.integration.rule import ROUNDING
from workings.subjects.integration.status import Status

__all__ = ["integrate_box"]

Array = NDArray[np.float64]

# In one round as many boxes are halved as keep its arrays within some tens of megabytes.
_MOST_AT_ONCE = 4_096
# A box halved so often is a 256th of the whole; undefined at most of its nodes, the integrand is so on a stretch.
_UNDEFINED_AFTER = 8


def integrate_box(
    f: Callable[..., Any] | Formula | Node | str,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    rtol: float = 1e-8,
    atol: float = 0.0,
    max_subdivisions: int = 10_000,
    args: Any = (),
) -> Integral:
    r"""Return :math:`\int_{l_1}^{u_1} \cdots \int_{l_d}^{u_d} f(x_1, …, x_d)\,dx_d \cdots dx_1` in 2 to 5 dimensions.

    Parameters
    ----------
    f
        A function of points, an array (points, d), that gives one value for each, as ``scipy.integrate.cubature``'s;
        or a function of d numbers, ``f(x, y)``; or a formula or its text, whose first d variables are integrated over.
    lower, upper
        (d,) the corners; infinite ones are meant as such. A side given the wrong way round turns the sign.
    rtol, atol
        The error may be ``atol + rtol``·|integral|.
    max_subdivisions
        How many times a box may be halved.
    args
        What f takes besides.

    Returns
    -------
    Integral
        Unpacks as ``value, error``.

    Raises
    ------
    InputError
        If the corners do not fit each other, there are fewer than 2 or more than 5 dimensions, a tolerance is negative
        or both are 0, or f gives no numbers.

    Warns
    -----
    ConvergenceWarning
        If the tolerance is not met, f is undefined on a stretch, or was 0 wherever it was tried.

    Notes
    -----
    The rules of degree 7 and 5 of Genz & Malik (1980); the error is their difference, which is larger than what the
    better one is off. Each box is halved along the axis in which its fourth difference is largest.

    Examples
    --------
    >>> import workings as wk
    >>> print(f"{wk.integrate_box(lambda x, y: x * y, [0, 0], [1, 2]).value:.12f}")
    1.000000000000
    """
    name = "integrate_box"
    low = as_vector(np.atleast_1d(np.asarray(lower)), function=name, argument="lower", finite=False).astype(float)
    high = as_vector(np.atleast_1d(np.asarray(upper)), function=name, argument="upper", finite=False).astype(float)
    _check(low, high, rtol, atol, max_subdivisions)
    given = args if isinstance(args, tuple) else (args,)
    whole = as_formula(f) if isinstance(f, str | Node | Formula) else None
    points = Points(f if whole is None else whole, len(low), given)
    if (low == high).any():
        return _result(
            0.0,
            0.0,
            Status("converged", message("A side has length 0: the integral is 0.")),
            points,
            limits=(lower, upper),
            atol=atol,
            rtol=rtol,
        )
    sign = -1.0 if int((low > high).sum()) % 2 else 1.0
    space = Space(np.minimum(low, high), np.maximum(low, high))
    # What is beyond the floats is met as what it is, infinite or undefined, in the values and errors.
    with np.errstate(all="ignore"):
        boxes = measured(
            points,
            space,
            0.5 * (space.low + space.high)[None],
            0.5 * (space.high - space.low)[None],
            np.zeros(1, np.int64),
        )
        halvings = 0
        while True:
            value, error = math.fsum(boxes.value.tolist()), math.fsum(boxes.error.tolist())
            status = _ended(
                boxes,
                points,
                error=error,
                tolerance=atol + rtol * abs(value),
                halvings=halvings,
                most=max_subdivisions,
            )
            if status is not None:
                break
            rows = _pending(boxes, atol + rtol * abs(value), error, max_subdivisions - halvings)
            halvings += len(rows)
            boxes = _halved(points, space, boxes, rows)
    if status.name == "not_finite":
        value, error = math.nan, math.inf
    elif status.name == "nothing_seen":
        error = math.inf
    if not status.converged:
        warn(ConvergenceWarning(status.text))
    return _result(
        sign * value, error, status, points, limits=(lower, upper), atol=atol, rtol=rtol, boxes=space.boxes(boxes, sign)
    )


def _halved(points: Points, space: Space, boxes: Measured, rows: NDArray[np.int64]) -> Measured:
    kept = boxes.take(np.setdiff1d(np.arange(len(boxes.value)), rows))
    whole = boxes.take(rows)
    at = np.arange(len(rows)), whole.axis
    half = whole.half.copy()
    half[at] *= 0.5
    step = np.zeros_like(half)
    step[at] = half[at]
    centres = np.concatenate([whole.centre - step, whole.centre + step])
    made = measured(points, space, centres, np.concatenate([half, half]), np.tile(whole.depth + 1, 2))
    # As with subintervals: where the two halves say that the whole's estimate was too small, theirs are not believed.
    count = len(rows)
    found = np.abs(whole.value - made.value[:count] - made.value[count:]) / whole.error
    distrust = np.clip(np.nan_to_num(found, nan=1.0), 1.0, 1e3)
    error = np.where(np.isfinite(made.error), made.error * np.tile(distrust, 2), made.error)
    return kept.joined(replace(made, error=error, raised=error > made.error))


def _pending(boxes: Measured, tolerance: float, error: float, room: int) -> NDArray[np.int64]:
    order = np.argsort(-boxes.error, kind="stable")
    most = min(room, _MOST_AT_ONCE)
    if not boxes.absolute.any():  # nothing seen yet: look everywhere
        return order[:most]
    if not math.isfinite(error):
        return order[~np.isfinite(boxes.error[order])][:most]
    behind = np.cumsum(boxes.error[order][::-1])[::-1]
    wanted = (behind > 0.5 * tolerance) & (boxes.error[order] > 2.0 * ROUNDING * boxes.absolute[order])
    return order[wanted][:most]


def _ended(
    boxes: Measured, points: Points, *, error: float, tolerance: float, halvings: int, most: int
) -> Status | None:
    undefined = ~np.isfinite(boxes.error)
    if (boxes.undefined & (boxes.depth >= _UNDEFINED_AFTER)).any():
        return Status(
            "not_finite", message("The integrand is NaN or infinite in the box; the integral is undefined there.")
        )
    if error <= tolerance and boxes.absolute.any():
        return Status(
            "converged",
            message(
                "The estimated error {error:.3g} is within the tolerance {tolerance:.3g}.",
                error=error,
                tolerance=tolerance,
            ),
        )
    if not boxes.absolute.any() and not undefined.any():
        if len(boxes.value) >= 256:
            return Status(
                "nothing_seen",
                message(
                    "The integrand was 0 at all {count} places that were tried; if it is not 0 everywhere, integrate "
                    "over the box in which it is not.",
                    count=points.evaluations,
                ),
            )
        return (
            None if halvings < most else Status("nothing_seen", message("The integrand was 0 wherever it was tried."))
        )
    if halvings >= most:
        return Status(
            "limit",
            message(
                "The maximum number of subdivisions ({limit}) has been achieved: the estimated error {error} is above "
                "the tolerance {tolerance}. Try a larger max_subdivisions, or a larger rtol.",
                limit=most,
                error=f"{error:.3g}",
                tolerance=f"{tolerance:.3g}",
            ),
        )
    if not len(_pending(boxes, tolerance, error, 1)):
        return Status(
            "rounding",
            message(
                "The occurrence of roundoff error is detected, which prevents the requested tolerance from being "
                "achieved: rounding alone leaves {error}, and {tolerance} was asked.",
                error=f"{error:.3g}",
                tolerance=f"{tolerance:.3g}",
            ),
        )
    return None


def _result(
    value: float,
    error: float,
    status: Status,
    points: Points,
    *,
    limits: tuple[Any, Any],
    atol: float,
    rtol: float,
    boxes: Boxes | None = None,
) -> Integral:
    corners = tuple(tuple(np.atleast_1d(np.asarray(corner, float)).tolist()) for corner in limits)
    return Integral(
        value,
        error,
        status,
        points.evaluations,
        points.source,
        (corners[0], corners[1]),
        points.args,
        None,
        atol,
        rtol,
        boxes,
    )


def _check(low: Array, high: Array, rtol: float, atol: float, most: int) -> None:
    if len(low) != len(high) or np.isnan(low).any() or np.isnan(high).any():
        raise InputError(
            message(
                "integrate_box: lower and upper must hold one limit for each dimension; got {lower} and {upper}",
                lower=str(low.tolist()),
                upper=str(high.tolist()),
            )
        )
    if not 2 <= len(low) <= 5:
        raise InputError(
            message(
                "integrate_box: the box must have 2 to 5 dimensions; got {count}; for one there is integrate",
                count=len(low),
            )
        )
    if not (rtol >= 0 and atol >= 0 and (atol > 0 or rtol >= ROUNDING)):
        raise InputError(
            message(
                "integrate_box: rtol and atol must allow some error; got {rtol} and {atol}",
                rtol=repr(rtol),
                atol=repr(atol),
            )
        )
    if int(most) != most or most < 1:
        raise InputError(
            message("integrate_box: max_subdivisions must be a whole number from 1 on; got {got}", got=repr(most))
        )
