"""The mean of the true numbers and how they spread about it, told so that what cancels leaves its digits in sight."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, Symbol, equation, symbol
from workings.language import message
from workings.subjects.regression.nearness import squared_deviations
from workings.working import Derivation, Rule

__all__ = ["tell_spread"]

Array = NDArray[np.float64]

# Where numbers lie closer together than this part of their size, the digits that a float of their mean has do not tell
# how far they are from it: they are counted from one of them.
_CLOSE = 1e-9


def tell_spread(
    w: Derivation,
    y: Array,
    weight: Array | None,
    *,
    keys: tuple[str, str],
    mean: Symbol,
    y_i: Node,
    mean_of: Callable[[Node], Node],
    sum_of: Callable[[Node], Node],
    spread: Symbol | None = None,
    origin: Symbol | None = None,
) -> float:
    """Add the mean of numbers and SST, their squared deviations from it, as lines, and return SST.

    Parameters
    ----------
    w
        Where the lines go. The numbers are known there.
    y, weight
        The numbers, and their weights.
    keys
        What the two lines are called.
    mean, y_i
        The letter of the mean, and a number in formulas.
    mean_of, sum_of
        What makes the mean and the sum over the rows of something.
    spread, origin
        The letters of the sum and of the number from which others are counted: SST and o if not given.
    """
    about, squares = message("Sum of squared deviations from the mean"), squared_deviations(y, weight)
    title, size = message("Mean of the numbers"), float(np.abs(y).max())
    SST = symbol("SST") if spread is None else spread
    if squares > _weight(y, weight) * (_CLOSE * size) ** 2:
        w.line(keys[0], equation(mean, mean_of(y_i)), title=title, rule=Rule.MEAN)
        w.line(keys[1], equation(SST, sum_of((y_i - mean) ** 2)), squares, title=about, rule=Rule.SUM)
        return squares
    origin = symbol("o") if origin is None else origin
    beyond = symbol("d") if origin.name == "o" else symbol(f"d_{origin.name}")
    first = float(y[0])
    w.given(origin.name, first, message("the first of the numbers, from which the others are counted"))
    deviation = y - first
    of_each = np.ones(len(y)) if weight is None else weight
    w.line(
        f"{keys[0]}_beyond",
        equation(beyond, mean_of(y_i - origin)),
        math.fsum(of_each * deviation) / math.fsum(of_each),
        title=message("How far the mean lies from the first number"),
        rule=Rule.MEAN,
        note=message(
            "The numbers are so near each other that they are counted from {origin}, the first.", origin=origin
        ),
    )
    w.line(keys[0], equation(mean, origin + beyond), title=title, rule=Rule.SUM)
    w.line(keys[1], equation(SST, sum_of((y_i - origin - beyond) ** 2)), squares, title=about, rule=Rule.SUM)
    return squares


def _weight(y: Array, weight: Array | None) -> float:
    return float(len(y)) if weight is None else math.fsum(weight)
