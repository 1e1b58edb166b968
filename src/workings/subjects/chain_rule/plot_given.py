"""Which of a formula's variables are drawn, over which range, and what values the formula has there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import to_text
from workings.expression.formula import Formula
from workings.expression.formula.arguments import suggestion
from workings.expression.nodes import Symbol
from workings.language import Message, message

__all__ = ["Given", "given_to_draw", "is_range"]


@dataclass(frozen=True, eq=False)
class Given:
    """A formula to draw.

    Parameters
    ----------
    formula
        The formula.
    free
        The variables that are drawn.
    fixed
        The values of all others: numbers, and columns of data.
    ranges
        From where to where, for those free variables of which it was said.
    """

    formula: Formula
    free: tuple[str, ...]
    fixed: Mapping[str, Any]
    ranges: Mapping[str, tuple[float, float]]

    def values(self, formula: Formula, *places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a formula of the same variables has at these places, NaN where it is undefined."""
        known = {**self.fixed, **dict(zip(self.free, places, strict=True))}
        with np.errstate(all="ignore"):
            if not formula.aggregated:
                (found,) = formula.compiled(*formula.values_of(**known))
                return np.broadcast_to(np.asarray(found, np.float64), places[0].shape)
            # A sum over rows takes its parameters one point at a time.
            found = np.empty(places[0].shape)
            point = list(formula.values_of(**{**self.fixed, **dict.fromkeys(self.free, 0.0)}))
            where = [formula.arguments.index(name) for name in self.free]
            for place in np.ndindex(found.shape):
                for position, axis in zip(where, places, strict=True):
                    point[position] = float(axis[place])
                (found[place],) = formula.compiled(*point)
        return found

    @property
    def name(self) -> Message:
        """What the drawn value is called: its name in a system, or the formula itself."""
        return message("{text}", text=self.formula.name or _short(self.formula))

    @property
    def title(self) -> Message:
        """The formula, as a heading."""
        if self.formula.name and not self.formula.name.startswith("<"):
            return message("{equation}", equation=f"{_letter(self.formula.name)} = {_short(self.formula)}")
        return message("{text}", text=_short(self.formula))

    @property
    def held(self) -> Message | None:
        """The numbers that were given to variables, as a quieter heading."""
        numbers = {name: value for name, value in self.fixed.items() if isinstance(value, Real)}
        if not numbers:
            return None
        told = ", ".join(f"{_letter(name)} = {float(value):g}" for name, value in numbers.items())
        return message("For {values}", values=told)


def is_range(value: object) -> bool:
    """Return whether a value given for a variable is from where to where: a pair."""
    return isinstance(value, (tuple, list)) and len(value) == 2  # pyright: ignore[reportUnknownArgumentType]


def given_to_draw(formula: Formula, values: Mapping[str, Any]) -> Given | None:
    """Return how a formula is drawn as a curve or a map, or None if nothing was said and it has too many variables.

    Raises
    ------
    InputError
        If a name is no variable, a range is none, a column has no data, or more than two variables are left to draw.
    """
    for name in values:
        if name not in formula.variables:
            raise InputError(
                message(
                    "plot: values must be given for variables of the formula, {names}; got {name}{suggestion}",
                    names=", ".join(formula.variables) or message("none"),
                    name=name,
                    suggestion=suggestion(name, formula.variables),
                )
            )
    columns = formula.rows if formula.aggregated else ()
    ranges = {name: _range(name, pair) for name, pair in values.items() if name not in columns and is_range(pair)}
    fixed = {name: value for name, value in values.items() if name not in ranges}
    free = tuple(name for name in formula.variables if name not in fixed and name not in columns)
    without = [name for name in columns if name not in fixed]
    if formula.captured or (formula.aggregated and formula.over_rows):
        return None
    if (without or len(free) > 2 or not free) and not values:
        return None
    if without:
        raise InputError(
            message(
                "plot: a column of data must have its values; got none for {name}; try {name}=[...]", name=without[0]
            )
        )
    if not free:
        raise InputError(message("plot: a variable must be left to draw; got a number for each"))
    if len(free) > 2:
        raise InputError(
            message(
                "plot: at most two variables must be left to draw; got {names}; try a number for one, {name}=1",
                names=", ".join(free),
                name=next((name for name in reversed(free) if name not in ranges), free[-1]),
            )
        )
    middle = {name: sum(ranges[name]) / 2 if name in ranges else 1.0 for name in free}
    formula.values_of(**{**fixed, **middle})  # refuses what cannot be computed with
    return Given(formula, free, fixed, ranges)


def _range(name: str, pair: Any) -> tuple[float, float]:
    low, high = pair
    numbers = all(isinstance(end, (Real, np.number)) and math.isfinite(end) for end in (low, high))
    if not numbers or not low < high or not math.isfinite(float(high) - float(low)):
        raise InputError(
            message(
                "plot: a range must be two finite numbers, the smaller one first; got {pair} for {name}; "
                "try {name}=(-5, 5)",
                pair=repr(tuple(pair)),
                name=name,
            )
        )
    return float(low), float(high)


def _letter(name: str) -> str:
    return to_text(Symbol(name))


def _short(formula: Formula, most: int = 60) -> str:
    text = to_text(formula.node)
    return text if len(text) <= most else text[: most - 1] + "…"
