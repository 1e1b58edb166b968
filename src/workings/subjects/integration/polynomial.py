"""Whether a formula is a polynomial, and its antiderivative, which checks a numerical integral to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from workings.errors import WorkingsError
from workings.expression import Node, as_node, evaluate, number

__all__ = ["antiderivative", "coefficients", "signed_sum", "times"]

_HIGHEST = 8
# A coefficient with a larger denominator is written as a decimal.
_PLAIN = 1000


def coefficients(node: Node, variable: str) -> tuple[Fraction, ...] | None:
    """Return the coefficients from the constant on, exactly; None where the formula is no polynomial up to degree 8.

    The values at 0, 1, ..., 8 fix them (Newton's forward differences); at eight further places, and a half beside, the
    polynomial is held against the formula. Of another formula some value there is no fraction, or is another.
    """
    try:
        values = [_value(node, variable, Fraction(k)) for k in range(_HIGHEST + 1)]
        checks = [Fraction(2 * k + 1, 2) for k in range(-4, 0)] + [Fraction(k) for k in (11, 17, 23, -29)]
        found = _from_differences(values)
        agree = all(_at(found, x) == _value(node, variable, x) for x in checks)
    except (WorkingsError, ArithmeticError):
        return None
    return found if agree else None


def antiderivative(of: tuple[Fraction, ...], variable: Node) -> Node:
    """Return Σ c_k x^(k + 1)/(k + 1), the highest power first."""
    terms: list[tuple[bool, Node]] = []
    for k in range(len(of) - 1, -1, -1):
        size, factor = abs(of[k]), abs(of[k]) / (k + 1)
        if factor == 0:
            continue
        power = variable if k == 0 else variable ** (k + 1)
        if size.denominator > _PLAIN:
            # 1e-9 as it was written, and not as the fraction of two powers that its float is.
            term = number(float(size)) * power if k == 0 else number(float(size)) * power / number(k + 1)
        elif factor.denominator == 1:
            term = times(factor, power)
        else:
            term = times(Fraction(factor.numerator), power) / number(factor.denominator)
        terms.append((of[k] < 0, term))
    return signed_sum(terms)


def signed_sum(terms: Sequence[tuple[bool, Node]]) -> Node:
    """Return the sum of terms, each with whether it is taken off: x³ - 4·x, where x³ + (-4)·x would read badly."""
    if not terms:
        return as_node(0)
    (negative, first), *others = terms
    whole = -first if negative else first
    for taken_off, term in others:
        whole = whole - term if taken_off else whole + term
    return whole


def times(factor: Fraction, node: Node) -> Node:
    """Return a multiple, a factor of 1 unwritten."""
    return node if factor == 1 else number(factor) * node


def _value(node: Node, variable: str, x: Fraction) -> Fraction:
    return Fraction(evaluate(node, {variable: x}, arithmetic="fraction"))


def _from_differences(values: list[Fraction]) -> tuple[Fraction, ...]:
    """Return the coefficients of the polynomial through values at 0, 1, 2, ..., without its zeros at the top."""
    result = [Fraction(0)] * len(values)
    basis = [Fraction(1)]  # x(x - 1)...(x - k + 1)/k!
    for k in range(len(values)):
        difference = sum(((-1) ** (k - i) * comb(k, i) * values[i] for i in range(k + 1)), Fraction(0))
        for power, part in enumerate(basis):
            result[power] += difference * part
        shifted = [Fraction(0), *basis]
        basis = [(s - k * b) / (k + 1) for s, b in zip(shifted, [*basis, Fraction(0)], strict=True)]
    while len(result) > 1 and result[-1] == 0:
        result.pop()
    return tuple(result)


def _at(of: tuple[Fraction, ...], x: Fraction) -> Fraction:
    return sum((c * x**k for k, c in enumerate(of)), Fraction(0))
