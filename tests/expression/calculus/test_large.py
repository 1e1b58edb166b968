"""Large formulas: without recursion, and with derivatives that grow as the formula does, not as its square."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import add, mul

import numpy as np
import pytest

from workings.expression import Node, evaluate, exp, postorder, sin, symbol, symbols, to_text, total
from workings.expression.calculus import adjoints, derivative, gradient, simplify

x, z = symbols("x z")


def distinct(*roots: Node) -> int:
    return len({part for root in roots for part in postorder(root)})


def test_100_000_chained_additions_are_built_differentiated_and_evaluated() -> None:
    f: Node = x
    for k in range(100_000):
        f = f + k % 7 * x
    slope = derivative(f, x)
    assert gradient(f, (x, z)) == (slope, derivative(f, z))
    assert evaluate(slope, {"x": 2.0}) == 1 + sum(k % 7 for k in range(100_000))
    assert evaluate(f, {"x": 2.0}) == 2 * (1 + sum(k % 7 for k in range(100_000)))


def test_a_sum_of_100_000_terms_has_a_derivative_of_as_many() -> None:
    f = reduce(add, (sin(k * x) for k in range(1, 30_001)))
    assert distinct(derivative(f, x)) < 8 * 30_000
    assert distinct(*adjoints(f, (x,))) < 8 * 30_000


def test_a_product_of_5_000_factors_has_all_partial_derivatives_in_linear_size() -> None:
    names = [symbol(f"x_{k}") for k in range(5_000)]
    f = reduce(mul, names)
    partials = gradient(f, names)
    assert distinct(*partials) < 6 * 5_000
    values = {name.name: 1 + k % 3 / 1000 for k, name in enumerate(names)}
    product = np.prod(list(values.values()))
    for k in (0, 1, 2_500, 4_999):
        assert evaluate(partials[k], values) == pytest.approx(product / values[f"x_{k}"], rel=1e-11)


def test_speelpennings_product_has_its_gradient_where_a_factor_is_zero() -> None:
    names = [symbol(f"x_{k}") for k in range(8)]
    values = {f"x_{k}": float(k) for k in range(8)}  # the first factor is 0
    for partials in (gradient(reduce(mul, names), names), adjoints(reduce(mul, names), names)):
        assert [evaluate(partial, values) for partial in partials] == [5040.0] + [0.0] * 7


def test_rosenbrocks_function_in_1_000_variables_is_right_in_each_and_reads_well() -> None:
    names = [symbol(f"x_{k}") for k in range(1, 1_001)]
    f = reduce(add, (100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(names)))
    partials = gradient(f, names)
    rng = np.random.default_rng(7)
    point = rng.uniform(-2, 2, 1_000)
    values = {name.name: float(value) for name, value in zip(names, point, strict=True)}
    expected = np.zeros(1_000)
    expected[:-1] += -400 * point[:-1] * (point[1:] - point[:-1] ** 2) - 2 * (1 - point[:-1])
    expected[1:] += 200 * (point[1:] - point[:-1] ** 2)
    found = np.array([evaluate(partial, values) for partial in partials])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-10)
    assert to_text(partials[0]) == "-400·x₁·(x₂ - x₁²) - 2·(1 - x₁)"
    assert distinct(*partials) < 20 * 1_000


def test_a_deep_chain_of_functions_does_not_recurse() -> None:
    f: Node = x
    for _ in range(20_000):
        f = sin(f)
    for slope in (derivative(f, x), *adjoints(f, (x,))):
        assert evaluate(slope, {"x": 0.0}) == 1.0
        assert distinct(slope) < 5 * 20_000


def test_200_000_minus_signs_are_two_hundred_thousand_minus_signs() -> None:
    f: Node = x
    for _ in range(200_000):
        f = -f
    assert derivative(f, x) is derivative(x, x)
    assert gradient(f * f, (x,))[0] is not None


def test_simplifying_what_multiplied_out_would_fill_the_memory_ends() -> None:
    f: Node = x
    for k in range(200):
        f = (f + k) * (f + z)
    assert simplify(f).node is not None
    assert derivative(f, x) is not None


def test_powers_of_powers_of_powers_are_not_worked_out() -> None:
    f = symbol("x") ** (9 ** (9 * symbol("z"))) * (x**999_999) ** 999_999
    assert derivative(f, x) is not None
    huge = simplify((x * 10**300) * (10**300 * z) * (10**300 * x))
    assert evaluate(huge.node, {"x": 1e-300, "z": 1e-300}) == pytest.approx(1e0)


def test_higher_derivatives_of_a_gaussian_stay_short() -> None:
    f = exp(-(x**2))
    for _ in range(8):
        f = derivative(f, x)
    assert len(to_text(f)) < 120


def test_a_sum_over_an_index_counts_as_one() -> None:
    i, n = symbols("i n")
    assert to_text(derivative(total(x**2 * i, i, 1, n), x)) == "2·Σ_{i=1}^{n} i·x"
