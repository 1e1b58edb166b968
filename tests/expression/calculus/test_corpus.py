"""Derivatives of thousands of formulas, held against SymPy, against difference quotients, and in float64."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from tests.expression.calculus.bounds import rounding_bound
from tests.expression.calculus.formulas import (
    VARIABLES,
    as_mpf,
    corpus,
    derivative_in_sympy,
    formulas,
    points,
    random_points,
    x,
)

from workings.expression import Node, evaluate, postorder
from workings.expression.calculus import adjoints, derivative, derivatives, gradient, simplify

PARTS, EACH = 6, 420  # 2,520 formulas
DIGITS = 90
TOLERANCE = mpmath.mpf(10) ** -25


def value(node: Node, point: dict[str, Any], digits: int = DIGITS) -> Any:
    return evaluate(node, point, arithmetic="mpmath", digits=digits)


def close(a: Any, b: Any, tolerance: Any = TOLERANCE) -> bool:
    with mpmath.workdps(DIGITS):
        return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b)) or max(abs(a), abs(b)) < mpmath.mpf(10) ** -30


def point_of_domain(f: Node, random: Random) -> dict[str, Fraction] | None:
    """Return a point at which a formula has a value that is not huge, None if there is none among a few."""
    return next((point for point in random_points(random, 8) if abs(value(f, point)) < 10**50), None)


@pytest.mark.parametrize("part", range(PARTS))
def test_derivatives_agree_with_sympy_in_forward_and_reverse_mode_and_when_tidied(part: int) -> None:
    random, compared = Random(part), 0
    for f in corpus(part, EACH):
        tidied, raw = gradient(f, VARIABLES), adjoints(f, VARIABLES)
        forward = derivative(f, x)
        assert derivative(f, x) is forward, f"the same question twice gives two answers: {f}"
        point = point_of_domain(f, random)
        if point is None:
            continue
        assert close(value(forward, point), value(tidied[0], point)) or math.isnan(value(tidied[0], point))
        for name, neat, swept in zip("xyz", tidied, raw, strict=True):
            of_sympy = derivative_in_sympy(f, name, point, digits=DIGITS)
            if not mpmath.isfinite(of_sympy):  # a kink, or the end of the domain
                continue
            assert close(value(neat, point), of_sympy), f"∂/∂{name} of {f} is {neat}"
            found = value(swept, point)
            # Where a formula is constant but its parts are not smooth, √(x - x), only the tidied form is defined.
            assert close(found, of_sympy) or not mpmath.isfinite(found), f"∂/∂{name} of {f} is {swept}"
            compared += 1
    assert compared > 2.5 * EACH


@pytest.mark.parametrize("part", range(2))
def test_derivatives_agree_with_difference_quotients(part: int) -> None:
    random, compared = Random(100 + part), 0
    for f in corpus(100 + part, 200):
        point = point_of_domain(f, random)
        if point is None:
            continue
        exact = value(derivative(f, x), point)
        with mpmath.workdps(DIGITS):
            here, steps = as_mpf(point["x"]), [mpmath.mpf(10) ** -k for k in (12, 13)]
            coarse, fine = (
                (value(f, {**point, "x": here + h}) - value(f, {**point, "x": here - h})) / (2 * h) for h in steps
            )
            scale = max(abs(exact), abs(fine), mpmath.mpf(10) ** -12)
            if not abs(coarse - fine) <= scale * mpmath.mpf(10) ** -9:  # a kink or a pole is near
                continue
            assert abs(exact - fine) <= scale * mpmath.mpf(10) ** -8, f"{f}: {derivative(f, x)} at {point}"
            compared += 1
    assert compared > 150


@pytest.mark.parametrize("part", range(2))
def test_derivatives_in_float64_are_within_the_rounding_that_their_condition_allows(part: int) -> None:
    random, compared = Random(200 + part), 0
    for f in corpus(200 + part, 300):
        point = {name: float(coordinate) for name, coordinate in random_points(random, 1)[0].items()}
        if not math.isfinite(evaluate(f, point)):
            continue
        for slope in (derivative(f, x), adjoints(f, VARIABLES)[0]):
            truth, bound = value(slope, point, 40), rounding_bound(slope, point)
            if mpmath.isfinite(truth) and bound < abs(truth) / 2 and 1e-290 < abs(truth) < 1e290:
                assert abs(evaluate(slope, point) - truth) <= 2 * bound, f"{f}: {slope} at {point}"
                compared += 1
    assert compared > 120


@pytest.mark.parametrize("part", range(2))
def test_second_derivatives_agree_with_sympy_and_do_not_depend_on_the_order(part: int) -> None:
    random, compared = Random(300 + part), 0
    for f in corpus(300 + part, 100):
        point = point_of_domain(f, random)
        if point is None:
            continue
        by_x, by_y, _ = gradient(f, VARIABLES)
        expected = derivative_in_sympy(f, "xy", point, digits=DIGITS)
        if mpmath.isfinite(expected):
            for mixed in (derivative(by_x, VARIABLES[1]), derivative(by_y, x)):
                assert close(value(mixed, point), expected), f"{f}: {mixed}"
            compared += 1
    assert compared > 80


@settings(max_examples=200)
@given(formulas(8), points())
def test_simplifying_changes_no_value_and_ends(f: Node, point: dict[str, Fraction]) -> None:
    before, simplified = value(f, point), simplify(f)
    if mpmath.isfinite(before):
        assert close(before, value(simplified.node, point))
        # A part that is infinite may have a finite value in the end, sign(1/0): mathematically it has none.
        if all(mpmath.isfinite(value(part, point)) for part in postorder(f)):
            assert all(value(condition, point) for condition in simplified.assumptions), f"{f} to {simplified}"
    assert simplify(simplified.node).node is simplified.node, "simplifying again changes it"


@settings(max_examples=40)
@given(formulas(), formulas(), formulas())
def test_several_outputs_in_one_forward_sweep_are_what_each_is_alone(f: Node, g: Node, h: Node) -> None:
    assert derivatives((f, g, h), x) == (derivative(f, x), derivative(g, x), derivative(h, x))
