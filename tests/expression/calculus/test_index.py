"""Derivatives by elements of arrays, of sums, products and extremes over an index."""

from __future__ import annotations

import numpy as np
import pytest

from workings.errors import FormulaError, InputError
from workings.expression import (
    Node,
    elided,
    equation,
    evaluate,
    indexed,
    largest,
    log,
    product_of,
    sigmoid,
    smallest,
    symbols,
    to_text,
    total,
)
from workings.expression.calculus import derivative, gradient

i, j, k, n, p, w, x, y, m = symbols("i j k n p w x y m")


def test_one_term_of_a_sum_over_an_index_is_left() -> None:
    score = total(indexed("w", j) * indexed("x", i, j), j, 1, p)
    assert derivative(score, indexed("w", k)) is indexed("x", i, k)


def test_the_index_of_the_variable_is_not_caught_by_that_of_the_sum() -> None:
    score = total(indexed("w", j) * indexed("x", i, j), j, 1, p)
    assert derivative(score, indexed("w", j)) is indexed("x", i, j)
    twice = total(indexed("w", j) * indexed("w", k), j, 1, p)
    assert evaluate(derivative(twice, indexed("w", k)), {"w": [2.0, 3.0, 5.0], "k": 2, "p": 3}) == pytest.approx(
        2 + 3 + 5 + 3
    )


def test_a_logistic_cost_has_the_gradient_of_the_books() -> None:
    score = total(indexed("w", j) * indexed("x", i, j), j, 1, p)
    cost = total((sigmoid(score) - indexed("y", i)) ** 2, i, 1, n)
    slope = derivative(cost, indexed("w", k))
    rng = np.random.default_rng(3)
    values = {"x": rng.normal(size=(4, 2)), "y": [0.0, 1.0, 1.0, 0.0], "n": 4, "p": 2, "k": 2}
    weights, step = np.array([0.3, -0.7]), 1e-6
    up, down = (evaluate(cost, {**values, "w": weights + sign * step * np.array([0, 1])}) for sign in (1, -1))
    assert evaluate(slope, {**values, "w": weights}) == pytest.approx((up - down) / (2 * step), rel=1e-8)
    assert gradient(cost, (indexed("w", k),)) == (slope,)


@pytest.mark.parametrize("reduce", [product_of, largest, smallest])
def test_products_and_extremes_over_an_index(reduce: object) -> None:
    f: Node = reduce(indexed("x", i) * m + i, i, 1, n)  # type: ignore[operator] -- one of three functions
    values = {"x": [1.0, -4.0, 2.5], "n": 3}
    slope = evaluate(derivative(f, m), {**values, "m": 0.5})
    up, down = (evaluate(f, {**values, "m": 0.5 + h}) for h in (1e-6, -1e-6))
    assert slope == pytest.approx((up - down) / 2e-6, rel=1e-7)


def test_a_product_with_a_factor_of_zero_has_its_derivative() -> None:
    f = product_of(indexed("x", i) - m, i, 1, n)
    assert evaluate(derivative(f, m), {"x": [1.0, 2.0, 4.0], "n": 3, "m": 2.0}) == -((1 - 2.0) * (4 - 2.0))


def test_elements_of_other_arrays_and_other_elements_are_constants() -> None:
    assert to_text(derivative(indexed("x", 1) * indexed("x", 2), indexed("x", 1))) == "x₂"
    assert to_text(derivative(indexed("x", i) ** 2, indexed("y", i))) == "0"


def test_a_shortened_sum_has_the_derivative_of_the_whole() -> None:
    whole = total(indexed("x", i) * m, i, 1, n)
    assert derivative(elided(whole, (m,), (m,)), m) is derivative(whole, m)


def test_an_array_is_refused_as_a_variable_with_what_to_do() -> None:
    with pytest.raises(FormulaError, match="one element of an array"):
        derivative(total(indexed("w", j), j, 1, n), w)


def test_equations_and_compound_variables_are_refused() -> None:
    with pytest.raises(InputError, match="one side of an equation"):
        derivative(equation(y, x), x)
    with pytest.raises(InputError, match="a name or an element"):
        derivative(log(x), log(x))
