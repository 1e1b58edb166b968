"""Branches that are not taken contribute nothing, whatever they hold; kinks have the derivative that is documented."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from workings.expression import (
    Apply,
    Node,
    evaluate,
    exp,
    less,
    log,
    maximum,
    minimum,
    postorder,
    sqrt,
    symbols,
    to_text,
    where,
)
from workings.expression.calculus import adjoints, derivative, gradient
from workings.expression.reading import parse

x, z = symbols("x z")


def slopes(f: Node) -> list[Node]:
    """The derivative by x in every form in which it may be computed."""
    return [derivative(f, x), gradient(f, (x, z))[0], adjoints(f, (x, z))[0]]


INVALID = [
    ("where(x > 0, log(x), 0)", -1.0, 0.0, 0.0),
    ("where(x > 0, log(x), x^2)", -3.0, -6.0, 2.0),
    ("where(x != 0, 1/x, 1)", 0.0, 0.0, 0.0),
    ("where(x > 0, sqrt(x), 0)", 0.0, 0.0, 0.0),
    ("x*where(x > 0, x*log(x), 0)", -1.0, 0.0, 0.0),
    ("sin(where(x > 0, x^1.5, x))", -0.5, math.cos(-0.5), math.sin(0.5)),
    ("where(x == 0, 1, sin(x)/x)", 0.0, 0.0, 0.0),
    ("exp(where(x < 0, x, 1/(x - 2)))", -1.0, math.exp(-1), math.exp(-1)),
    ("where(x > 0, where(x > 1, log(x - 1), x), -x)", 0.5, 1.0, 0.0),
    ("where(x > 0, where(x > 1, log(x - 1), x), 1/(x + 1)^2)", -0.5, -16.0, 96.0),
    ("relu(log(x))", 0.5, 0.0, 0.0),
    ("max(1/x, 5)", 0.5, 0.0, 0.0),
]


@pytest.mark.parametrize(("formula", "point", "first", "second"), INVALID)
def test_the_branch_not_taken_contributes_nothing_to_gradient_and_second_derivative(
    formula: str, point: float, first: float, second: float
) -> None:
    f = parse(formula).root
    for slope in slopes(f):
        assert evaluate(slope, {"x": point, "z": 0.0}) == pytest.approx(first, rel=1e-14, abs=0)
        for again in slopes(slope):
            assert evaluate(again, {"x": point, "z": 0.0}) == pytest.approx(second, rel=1e-13, abs=0)


@pytest.mark.parametrize(("formula", "point", "first", "second"), INVALID)
def test_the_branch_not_taken_contributes_nothing_at_any_element_of_an_array(
    formula: str, point: float, first: float, second: float
) -> None:
    values = {"x": np.array([point, 2.5, point]), "z": 0.0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for slope in slopes(parse(formula).root):
            found = evaluate(slope, values)
            assert np.ndim(found) == 0 or found[0] == found[2] == pytest.approx(first, rel=1e-14, abs=0)


def test_a_part_that_two_branches_share_counts_in_each_under_its_own_condition() -> None:
    shared = log(x)
    f = where(less(0, x), shared * z, 0) + where(less(1, x), shared, 1)
    for point, expected in ((-1.0, 0.0), (0.5, 4.0), (2.0, 1.5)):
        for slope in slopes(f):
            assert evaluate(slope, {"x": point, "z": 2.0}) == pytest.approx(expected)


def test_a_chain_of_choices_stays_as_long_as_the_formula() -> None:
    f: Node = x
    for k in range(200):
        f = where(less(f, k), exp(f), f * z)
    for slope in gradient(f, (x, z)):
        assert _distinct(slope) < 40 * 200


def test_the_condition_is_not_differentiated() -> None:
    assert to_text(derivative(parse("where(x^2 > z, x, 3*x)").root, x)) == "where(x² > z, 1, 3)"


@pytest.mark.parametrize(
    ("formula", "at_kink"),
    [
        ("abs(x)", 0.0),
        ("relu(x)", 0.0),
        ("sign(x)", 0.0),
        ("max(x, 0)", 0.5),
        ("min(x, 0)", 0.5),
        ("max(x, -x)", 0.0),
        ("max(2*x, x)", 1.5),
        ("max(x, x)", 1.0),
        ("floor(x)", 0.0),
        ("x*(x > 0)", 0.0),
    ],
)
def test_at_a_kink_the_derivative_is_the_documented_choice(formula: str, at_kink: float) -> None:
    f = x * Apply("iverson", (Apply("greater", (x, 0)),)) if "(x > 0)" in formula else parse(formula).root
    for slope in slopes(f):
        assert evaluate(slope, {"x": 0, "z": 0}) == at_kink


def test_the_larger_of_two_passes_all_of_its_derivative_to_the_one_chosen() -> None:
    f = maximum(x * z, minimum(x, z) ** 2)
    for slope in slopes(f):
        assert evaluate(slope, {"x": 3.0, "z": 2.0}) == 2.0
        assert evaluate(slope, {"x": -3.0, "z": 2.0}) == -6.0


def test_the_root_of_zero_has_no_finite_slope_and_times_its_argument_it_has() -> None:
    assert evaluate(derivative(sqrt(x), x), {"x": 0.0}) == math.inf
    assert evaluate(derivative(x * sqrt(x), x), {"x": 0.0}) == 0.0


def _distinct(node: Node) -> int:

    return sum(1 for _ in postorder(node))
