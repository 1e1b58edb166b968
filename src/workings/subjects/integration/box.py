"""Integrals over boxes in 2 to 5 dimensions: Genz and Malik's pair of rules, all boxes that need it halved at once."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_vector
from workings.arrays.blas import product
from workings.errors import ConvergenceWarning, InputError, warn
from workings.expression import Node
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.integration.result import Boxes, Integral
from workings.subjects.integration.rule import ROUNDING
from workings.subjects.integration.status import Status

__all__ = ["Points", "integrate_box"]

Array = NDArray[np.float64]

# In one round as many boxes are halved as keep its arrays within some tens of megabytes.
_MOST_AT_ONCE = 4_096
# A box halved so often is a 256th of the whole; undefined at most of its nodes, the integrand is so on a stretch.
_UNDEFINED_AFTER = 8


@dataclass(frozen=True, eq=False)
class _Boxes:
    centre: Array
    half: Array
    value: Array
    error: Array
    absolute: Array
    axis: NDArray[np.int64]
    depth: NDArray[np.int64]
    undefined: NDArray[np.bool_]

    def take(self, rows: Any) -> _Boxes:
        return _Boxes(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def joined(self, other: _Boxes) -> _Boxes:
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return _Boxes(*(np.concatenate(pair) for pair in pairs))


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
    space = _Space(np.minimum(low, high), np.maximum(low, high))
    boxes = _measured(
        points, space, 0.5 * (space.low + space.high)[None], 0.5 * (space.high - space.low)[None], np.zeros(1, np.int64)
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
        warn(ConvergenceWarning(status.text), stacklevel=2)
    return _result(
        sign * value, error, status, points, limits=(lower, upper), atol=atol, rtol=rtol, boxes=space.boxes(boxes, sign)
    )


class Points:
    """The integrand of points (n, d)."""

    def __init__(self, f: Any, dimensions: int, args: tuple[Any, ...]) -> None:
        self.source, self.dimensions, self.args = f, dimensions, args
        self.evaluations = 0
        self._by_columns = True
        self._vectorized: bool | None = None
        if isinstance(f, Formula):
            if not dimensions <= len(f.variables) <= dimensions + len(args):
                raise InputError(
                    message(
                        "integrate_box: f must have a variable for each of the {count} dimensions, and args for the "
                        "others; got {variables}",
                        count=dimensions,
                        variables=", ".join(f.variables) or "none",
                    )
                )
            compiled, kept = f.compiled, tuple(f.data.values())
            self._call: Callable[..., Any] = lambda *values: compiled(*values, *kept)[0]
            self._vectorized = True
        elif callable(f):
            self._call = f
            self._by_columns = _places(f) - len(args) == dimensions
        else:
            raise InputError(
                message(
                    "{function}: f must be a function, a formula or its text; got {kind}; try {example}",
                    function="integrate_box",
                    kind=type(f).__name__,
                    example='"x*y"',
                )
            )

    def __call__(self, points: Array) -> Array:
        """Return the values, shape (n,)."""
        if self._vectorized is None:
            return self._tried(points)
        self.evaluations += len(points)
        return self._together(points) if self._vectorized else self._alone(points)

    def _together(self, points: Array) -> Array:
        with np.errstate(all="ignore"):
            found = np.asarray(
                self._call(*points.T.copy(), *self.args) if self._by_columns else self._call(points.copy(), *self.args)
            )
        if found.dtype.kind not in "fiub":
            raise InputError(message("integrate_box: f must give real numbers; got {got}", got=str(found.dtype)))
        if found.ndim == 0:
            return np.full(len(points), float(found))
        if found.shape not in ((len(points),), (len(points), 1)):
            raise InputError(
                message(
                    "integrate_box: f must give one value for each point; got shape {shape} for {count} points",
                    shape=str(found.shape),
                    count=len(points),
                )
            )
        return found.reshape(-1).astype(np.float64, copy=False)

    def _alone(self, points: Array) -> Array:
        def value(point: list[float]) -> float:
            try:
                with np.errstate(all="ignore"):
                    found = self._call(*(point if self._by_columns else [np.array([point])]), *self.args)
            except ArithmeticError:
                return math.nan
            number = np.asarray(found)
            if number.size != 1 or number.dtype.kind not in "fiub":
                raise InputError(
                    message(
                        "integrate_box: f must give one real number for each point; got {got}",
                        got=f"{number.dtype} {number.shape}",
                    )
                )
            return float(number.reshape(-1)[0])

        return np.array([value(point) for point in points.tolist()])

    def _tried(self, points: Array) -> Array:
        """Find out whether arrays give what each point gives."""
        alone = self._alone(points)
        self.evaluations += 2 * len(points)
        try:
            together = self._together(points)
        except Exception:  # whatever a function written for numbers does with arrays
            self._vectorized = False
            return alone
        size = float(np.abs(alone[np.isfinite(alone)]).max(initial=0.0))
        self._vectorized = bool(np.allclose(together, alone, rtol=1e-10, atol=1e-14 * size, equal_nan=True))
        return alone


class _Space:
    """The box; its infinite sides have the coordinate u of a path, or t with x = t/(1 - t²) between two infinities."""

    def __init__(self, low: Array, high: Array) -> None:
        self.kind = 2 * np.isinf(low) + np.isinf(high)
        self.origin = np.where(self.kind == 1, low, np.where(self.kind == 2, high, 0.0))
        self.low = np.where(self.kind == 0, low, np.where(self.kind == 3, -1.0, 0.0))
        self.high = np.where(self.kind == 0, high, 1.0)

    def mapped(self, u: Array) -> tuple[Array, Array]:
        """Return points x and |dx/du|, for u (n, d)."""
        if not self.kind.any():
            return u, np.ones(len(u))
        x, weight = u.copy(), np.ones(len(u))
        for axis in np.flatnonzero(self.kind):
            t = u[:, axis]
            if self.kind[axis] == 3:
                rest = (1.0 - t) * (1.0 + t)
                x[:, axis], weight = t / rest, weight * (1.0 + t * t) / (rest * rest)
            else:
                side = 1.0 if self.kind[axis] == 1 else -1.0
                x[:, axis], weight = self.origin[axis] + side * ((1.0 - t) / t), weight / (t * t)
        return x, weight

    def boxes(self, found: _Boxes, sign: float) -> Boxes:
        """Return where boxes of u lie among the points x, and what was found over each."""
        with np.errstate(all="ignore"):
            one, other = (self.mapped(edge)[0] for edge in (found.centre - found.half, found.centre + found.half))
        # At t = ±1 and u = 0, where x is infinite, the maps divide by 0.
        one = np.where(np.isnan(one), -np.inf, one)
        other = np.where(np.isnan(other), np.inf, other)
        return Boxes(np.minimum(one, other), np.maximum(one, other), sign * found.value, found.error)


@lru_cache(maxsize=8)
def _rule(dimensions: int) -> tuple[Array, Array, Array]:
    """Return the nodes in (-1, 1)^d, the weights of degree 7 and those of degree 5, each adding up to 1.

    Genz & Malik 1980, table 1: the centre; ±λ₂ and ±λ₃ on each axis; (±λ₃, ±λ₃) on each pair of axes; all corners ±λ₅.
    """
    d = dimensions
    axes = np.eye(d)
    pairs = list(itertools.combinations(range(d), 2))
    two, three, five = math.sqrt(9 / 70), math.sqrt(9 / 10), math.sqrt(9 / 19)
    inner = [sign * two * axis for axis in axes for sign in (1, -1)]
    outer = [sign * three * axis for axis in axes for sign in (1, -1)]
    mixed = [three * (s * axes[i] + t * axes[j]) for i, j in pairs for s in (1, -1) for t in (1, -1)]
    corners = [five * np.array(signs) for signs in itertools.product((1.0, -1.0), repeat=d)]
    nodes = np.array([np.zeros(d), *inner, *outer, *mixed, *corners])
    counts = (1, len(inner), len(outer), len(mixed), len(corners))
    seven = (
        (12824 - 9120 * d + 400 * d * d) / 19683,
        980 / 6561,
        (1820 - 400 * d) / 19683,
        200 / 19683,
        6859 / 19683 / 2**d,
    )
    lower = ((729 - 950 * d + 50 * d * d) / 729, 245 / 486, (265 - 100 * d) / 1458, 25 / 729, 0.0)
    return nodes, np.repeat(seven, counts), np.repeat(lower, counts)


def _measured(points: Points, space: _Space, centre: Array, half: Array, depth: NDArray[np.int64]) -> _Boxes:
    d = centre.shape[1]
    nodes, seven, five = _rule(d)
    u = (centre[:, None, :] + half[:, None, :] * nodes).reshape(-1, d)
    x, weight = space.mapped(u)
    raw = points(x)
    with np.errstate(all="ignore"):
        values = np.where(raw == 0.0, 0.0, raw * weight).reshape(len(centre), -1)
    bad = ~np.isfinite(values)
    values = np.where(bad, 0.0, values)
    volume = np.prod(2.0 * half, axis=1)
    value, absolute = product(values, seven) * volume, product(np.abs(values), np.abs(seven)) * volume
    error = np.maximum(np.abs(value - product(values, five) * volume), ROUNDING * absolute)
    # The fourth difference along each axis: f(±λ₂) - 2f(0) less λ₂²/λ₃² = 1/7 of f(±λ₃) - 2f(0).
    middle = values[:, :1]
    inner = values[:, 1 : 1 + 2 * d].reshape(-1, d, 2).sum(axis=2) - 2.0 * middle
    outer = values[:, 1 + 2 * d : 1 + 4 * d].reshape(-1, d, 2).sum(axis=2) - 2.0 * middle
    bend = np.abs(inner - outer / 7.0)
    # Where no axis bends more than rounding, the longest side.
    flat = bend.max(axis=1) <= 1e-14 * np.abs(values).max(axis=1)
    longest = half / (space.high - space.low)
    axis = np.where(flat, longest.argmax(axis=1), bend.argmax(axis=1))
    error = np.where(bad.any(axis=1), np.inf, error)
    return _Boxes(centre, half, value, error, absolute, axis, depth, bad.mean(axis=1) > 0.5)


def _halved(points: Points, space: _Space, boxes: _Boxes, rows: NDArray[np.int64]) -> _Boxes:
    kept = boxes.take(np.setdiff1d(np.arange(len(boxes.value)), rows))
    whole = boxes.take(rows)
    at = np.arange(len(rows)), whole.axis
    half = whole.half.copy()
    half[at] *= 0.5
    step = np.zeros_like(half)
    step[at] = half[at]
    centres = np.concatenate([whole.centre - step, whole.centre + step])
    made = _measured(points, space, centres, np.concatenate([half, half]), np.tile(whole.depth + 1, 2))
    # As with subintervals: where the two halves say that the whole's estimate was too small, theirs are not believed.
    count = len(rows)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = np.abs(whole.value - made.value[:count] - made.value[count:]) / whole.error
    distrust = np.clip(np.nan_to_num(found, nan=1.0), 1.0, 1e3)
    error = np.where(np.isfinite(made.error), made.error * np.tile(distrust, 2), made.error)
    return kept.joined(
        _Boxes(made.centre, made.half, made.value, error, made.absolute, made.axis, made.depth, made.undefined)
    )


def _pending(boxes: _Boxes, tolerance: float, error: float, room: int) -> NDArray[np.int64]:
    order = np.argsort(-boxes.error, kind="stable")
    most = min(room, _MOST_AT_ONCE)
    if not boxes.absolute.any():  # nothing seen yet: look everywhere
        return order[:most]
    if not math.isfinite(error):
        return order[~np.isfinite(boxes.error[order])][:most]
    behind = np.cumsum(boxes.error[order][::-1])[::-1]
    wanted = (behind > 0.5 * tolerance) & (boxes.error[order] > 2.0 * ROUNDING * boxes.absolute[order])
    return order[wanted][:most]


def _ended(boxes: _Boxes, points: Points, *, error: float, tolerance: float, halvings: int, most: int) -> Status | None:
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
                    count=f"{points.evaluations:,}",
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


def _places(f: Any) -> int:
    """Return how many numbers a function wants by place, or 0 where it does not say."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return 0
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in kinds and p.default is inspect.Parameter.empty for p in parameters)


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
