"""A column far from 0: beside its mean no float can hold its deviation, so its values are counted from one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workings.expression import absolute, at_most, equation, indexed, largest, number, sqrt, symbols, total
from workings.language import Message, message
from workings.subjects.normalization.columns import letter
from workings.working import Derivation, Rule, shown

__all__ = ["tell_from_a_value"]

Array = NDArray[np.float64]


def tell_from_a_value(
    w: Derivation, values: Array, name: Message, figures: tuple[float, float, float], *, key: int, ddof: int
) -> None:
    """Derive a column's mean, variance and deviation, counted from its first value c: they are known as a, s² and s.

    Parameters
    ----------
    w
        Where it is told.
    values, name
        The values, and how their column is spoken of.
    figures
        The mean and the deviation as they were computed, and how far rounding may have moved the mean.
    key
        The column's number in the names of the lines.
    ddof
        0 where the squares are divided by n, 1 by n - 1.
    """
    (i, a, c, q, v, n, x, mean, s), variance = symbols("i a c q v n x x̄ s"), letter("s²", None)
    average, spread, left = figures
    first = float(values[0])
    # Both differences are exact: beside their size, the values and their mean lie close together (Sterbenz 1974).
    counted, above = values - first, average - first
    w.given("n", len(values), message("how many values there are"))
    w.given("x", values, name)
    w.given("v", counted, message("the values counted from c"))
    w.given("a", above, message("how far the mean that was computed lies above c"))
    w.line("counted_from", equation(c, indexed(x, 1)), first, title=message("Count from the first value"), digits=17)
    w.define("counted_values", equation(indexed(v, i), indexed(x, i) - c), title=message("The values counted from c"))
    gap = float(np.spacing(abs(average)))
    off = largest(absolute(indexed(v, i) - (indexed(x, i) - c)), i, 1, n)
    w.line("counted", off, 0.0, place="sentence", absolute=gap)
    w.line(
        f"mean_{key}",
        equation(q, 1 / n * total(indexed(v, i), i, 1, n)),
        float(np.mean(counted)),
        title=message("The mean, counted from c"),
        rule=Rule.MEAN,
    )
    w.line(
        f"variance_{key}",
        equation(variance, 1 / (n - ddof if ddof else n) * total((indexed(v, i) - q) ** 2, i, 1, n)),
        spread**2,
        title=message("The variance: the mean squared deviation"),
        rule=Rule.VARIANCE,
    )
    w.line(
        f"std_{key}",
        equation(s, sqrt(variance)),
        spread,
        title=message("The standard deviation"),
        rule=Rule.SQUARE_ROOT,
    )
    w.line(
        "mean_as_float",
        equation(mean, c + a),
        average,
        title=message("The mean that was computed"),
        note=message(
            "Floats of this size lie {gap} apart: the mean that was computed is not c + q but c + a, a = {above}, "
            "and the deviations d are counted from it.",
            gap=shown(gap),
            above=shown(above, 17),
        )
        if above != float(np.mean(counted))
        else None,
        digits=17,
    )
    w.claim("mean_near", at_most(absolute(a - q), number(left)), place="sentence")
