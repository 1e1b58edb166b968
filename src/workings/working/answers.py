"""Whether what is typed is what a line says: a number to its digits, a formula in any form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from random import Random

import numpy as np

from workings.errors import InputError
from workings.expression import Node, Number, evaluate
from workings.expression.formula import formula
from workings.expression.traverse import free_symbols
from workings.language import message, ungrouped
from workings.working.digits import half_unit, read, rounding

__all__ = ["same_formula", "same_number"]

# A formula is another's equal if both have the same values at so many points; so many are tried to find them.
_POINTS, _TRIED = 20, 2_000
# How far from 0 they lie; farther out only where a formula has too few values near it, as log(x - 100) has.
_NEAR, _FAR = (0.5, 2.0, 5.0), (20.0, 200.0, 2000.0)
# What two forms may differ by, of their value; and where it is next to 0, what rounding leaves of terms around 1.
_AS_GOOD, _NEXT_TO_0 = 1e-9, 1e-13
# Fewer digits than shown are enough, if there are so many of them and they are right.
_FEWEST_DIGITS = 3
# 12,345 and 12 345, as far as the signs between the thousands are one.
_GROUPED = re.compile(r"-?\d{1,3}(?P<mark>[,\u2009\u202f ])\d{3}((?P=mark)\d{3})*(\.\d+)?")
_POWER_OF_TEN = re.compile(r"(-?\d+(?:\.\d+)?)\s*[·×*]\s*10((?:\^|\*\*)\(?[-+]?\d+\)?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_PERCENT = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*[%％]")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def same_number(value: float | None, seen: Number | None, text: str) -> bool:
    """Return whether an answer is a number, to the digits in which it is shown or to those that the answer has itself.

    Parameters
    ----------
    value, seen
        The number, and as it is shown. Counts must be met exactly.
    text
        What is typed: a number, or a formula without names, such as 1/3.

    Raises
    ------
    FormulaError, InputError
        If it is neither.

    Examples
    --------
    >>> from workings.working import shown
    >>> [same_number(0.4965853, shown(0.4965853), answer) for answer in ("0.49659", "exp(-0.7)", "0.497", "0.5")]
    [True, True, True, False]
    >>> same_number(1984744.2, shown(1984744.2), "s² = 1.985·10⁶")
    True
    >>> [same_number(12345, shown(12345), answer) for answer in ("12,345", "12 345", "12345")]
    [True, True, True]
    """
    answer = _plain(text)
    said = _valued(answer)
    if seen is None or value is None or not math.isfinite(said):
        return False
    if isinstance(value, int):
        return said == value
    off = abs(Fraction(said) - Fraction(value))
    if off <= rounding(seen) * Fraction(1_000_001, 1_000_000):
        return True
    try:
        digits = len(Decimal(answer).as_tuple().digits)
        return digits >= _FEWEST_DIGITS and abs(read(answer) - Fraction(value)) <= half_unit(answer)
    except InvalidOperation:  # no plain number: 1/3, exp(-1)
        return off <= abs(Fraction(value)) / 10**6


def same_formula(truth: Node, text: str) -> bool:
    """Return whether a typed formula has the values of another at twenty points at which that has one.

    Raises
    ------
    FormulaError
        If it is no formula.
    InputError
        If there is a name in it that the other has not.

    Examples
    --------
    >>> from workings.expression import exp, symbol
    >>> x = symbol("x")
    >>> same_formula(1 / (1 + exp(-x)), "exp(x)/(exp(x) + 1)"), same_formula(1 / (1 + exp(-x)), "1/(1 + exp(x))")
    (True, False)
    """
    text = ungrouped(text)
    typed = formula(re.split("[=≈]", text)[-1].strip() if text.count("=") == 1 else text)
    names = sorted({symbol.name for symbol in free_symbols(truth)})
    for name in typed.variables:
        if name not in names:
            raise InputError(
                message(
                    "practise: a formula in {names} is asked for; got {answer}, with the name {name} in it; a product "
                    "is typed with a sign or a space, x*y or x y",
                    names=", ".join(names),
                    answer=text,
                    name=name,
                )
            )
    met = 0
    for point in _points(names):
        with np.errstate(all="ignore"):
            expected = float(evaluate(truth, point))
            if not math.isfinite(expected):
                continue
            found = float(typed(**{name: point[name] for name in typed.variables}))
        if not abs(found - expected) <= _AS_GOOD * abs(expected) + _NEXT_TO_0:
            return False
        met += 1
        if met == _POINTS:
            return True
    return False


def _plain(text: str) -> str:
    """Return a number as a program writes it: 12,345 in one, 1.98·10⁶ as 1.98e6, y = 3 as 3, 12.5% as 0.125."""
    answer = re.split("[=≈]", text)[-1].strip().replace("−", "-")
    if (percent := _PERCENT.fullmatch(answer)) is not None:
        return str(Decimal(percent[1]).scaleb(-2))
    if (grouped := _GROUPED.fullmatch(answer)) is not None:
        return answer.replace(grouped["mark"], "")
    power = _POWER_OF_TEN.fullmatch(answer)
    return answer if power is None else f"{power[1]}e{power[2].strip('^*()').translate(_LOWERED)}"


def _valued(answer: str) -> float:
    try:
        return float(answer)
    except ValueError:
        pass
    typed = formula(ungrouped(answer))
    if typed.variables:
        name = typed.variables[0]
        raise InputError(
            message(
                "practise: a number is asked for; got {answer}, with the name {name} in it", answer=answer, name=name
            )
        )
    return float(typed())


def _points(names: list[str]) -> Iterator[dict[str, float]]:
    """Yield points near 0, then farther out, on both sides; always the same ones."""
    random = Random(1)  # noqa: S311 - to be repeated, no secret
    for sizes in (_NEAR, _FAR):
        for _ in range(_TRIED):
            size = random.choice(sizes)
            yield {name: random.gauss(0.0, size) for name in names}
