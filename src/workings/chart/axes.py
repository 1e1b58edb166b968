"""Logarithmic axes: whole powers of ten, written 10⁻⁸, so few that their labels stay apart."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from workings.language import get_language

__all__ = ["powers_of_ten", "with_power_of_ten"]

# 10⁻¹² from 1e-12: fixed text, in Vega's expression language.
_EXPONENT = "round(log(datum.value) / LN10)"
_DIGITS = "['⁰','¹','²','³','⁴','⁵','⁶','⁷','⁸','⁹']"
_LABEL = (
    f"{_EXPONENT} == 0 ? '1' : {_EXPONENT} == 1 ? '10' : "
    f"'10' + ({_EXPONENT} < 0 ? '⁻' : '')"
    f" + (abs({_EXPONENT}) < 100 ? '' : {_DIGITS}[floor(abs({_EXPONENT}) / 100)])"
    f" + (abs({_EXPONENT}) < 10 ? '' : {_DIGITS}[floor(abs({_EXPONENT}) / 10) % 10])"
    f" + {_DIGITS}[abs({_EXPONENT}) % 10]"
)


# What stands behind the e of 4.4763e-309, raised: fixed text, too.
_RAISED = {"[+]": "", "[-−]": "⁻", **{str(digit): raised for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}}


def with_power_of_ten(value: str, digits: int = 5) -> str:
    """Return the expression of Vega's that writes a number, very large and small ones as 4.4763·10⁻³⁰⁹.

    Parameters
    ----------
    value
        The expression of the number, such as ``datum.value``.
    digits
        How many significant digits it has.
    """
    times = "×" if get_language() == "ko" else "·"
    text = f"format({value}, '.{digits}~g')"
    power = f"split({text}, 'e')[1]"
    for plain, raised in _RAISED.items():
        power = f"replace({power}, regexp('{plain}', 'g'), '{raised}')"
    return f"(indexof({text}, 'e') < 0 ? {text} : split({text}, 'e')[0] + '{times}10' + {power})"


def powers_of_ten(values: ArrayLike, *, labels: int = 7) -> tuple[alt.Scale, alt.Axis]:
    """Return a scale from one power of ten to another around the values above 0, and an axis that says them.

    Parameters
    ----------
    values
        What will be drawn; 0, NaN and infinity have no place on the axis and count for nothing.
    labels
        The most labels.

    Examples
    --------
    >>> scale, axis = powers_of_ten([3e-4, 0.02, 0.0])
    >>> scale.domain, axis.values
    ([0.0001, 0.1], [0.0001, 0.001, 0.01, 0.1])
    """
    everything: Any = np.asarray(values, np.float64).reshape(-1)
    seen = everything[np.isfinite(everything) & (everything > 0)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (1.0, 10.0)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last = max(last, first + 1)
    ticks = [10.0**power for power in range(first, last + 1, math.ceil((last - first) / (labels - 1)))]
    return alt.Scale(type="log", domain=[10.0**first, 10.0**last]), alt.Axis(values=ticks, labelExpr=_LABEL)
