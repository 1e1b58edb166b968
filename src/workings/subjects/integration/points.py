"""The integrand over a box as the rules see it: called with an array of points, it gives an array of values."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression.formula import Formula
from workings.language import message

__all__ = ["Points"]

Array = NDArray[np.float64]


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


def _places(f: Any) -> int:
    """Return how many numbers a function wants by place, or 0 where it does not say."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return 0
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in kinds and p.default is inspect.Parameter.empty for p in parameters)
