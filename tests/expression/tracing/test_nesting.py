"""Functions traced inside traced functions keep their variables apart."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest

from workings.errors import FormulaError, InputError
from workings.expression import symbols
from workings.expression.calculus import derivative
from workings.expression.formula import formula
from workings.expression.nodes import Symbol

x, y, z, t = symbols("x y z t")


def slope(function, at):
    """Return the derivative of a function of one variable at a value, which may be traced."""
    made = formula(function)
    (variable,) = made.variables
    return made.alike(derivative(made.node, Symbol(variable)))(at)


def test_perturbations_are_not_confused():
    assert slope(lambda x: x * slope(lambda y: x * y, 1), 4) == 8
    assert slope(lambda x: x * slope(lambda x: x * x, x), 3) == 12  # d/dx of x·2x
    assert slope(lambda x: x * slope(lambda y: x + y, 1), 1) == 1
    assert slope(lambda x: slope(lambda y: x**2 * slope(lambda z: x * y * z, y), x), 2) == 12  # of x³


def test_two_variables_of_one_name_are_two():
    outer = formula(lambda x: formula(lambda x: x**2)(x + 1) + x)
    assert outer.node is (x + 1) ** 2 + x
    inside = formula(lambda x: formula(lambda t: x * t + formula(lambda x: x * t)(x))(3))
    assert inside(2.0) == 2 * 3 + 2 * 3


def test_formulas_are_put_in_where_traced_functions_call_them():
    f = formula(lambda x, z: np.sin(x * z) + x**2)
    made = formula(lambda t: f(t, 2 * t) + f(z=1, x=t))
    assert made.variables == ("t",)
    assert made(0.5) == pytest.approx(np.sin(0.5) + 0.25 + np.sin(0.5) + 0.25)


def test_costs_are_put_in_with_their_columns():
    a, b = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 7.0])
    closed = formula(lambda m: np.mean((b - m * a) ** 2))
    rows = formula(lambda m, x, y: np.mean((y - m * x) ** 2), rows=("x", "y"))
    both = formula(lambda t: closed(t**2) + rows(t, a, b) + rows(m=t, x=b - a, y=b * t))
    assert sorted(both.data) == ["a", "b", "data_1"]
    assert not both.over_rows

    def wanted(t):
        return np.mean((b - t**2 * a) ** 2) + np.mean((b - t * a) ** 2) + np.mean((b * t - t * (b - a)) ** 2)

    assert both(1.5) == pytest.approx(wanted(1.5))


def test_numbers_and_columns_are_not_mixed_up_inside():
    a = np.array([1.0, 2.0, 3.0])
    cost = formula(lambda m, x: np.mean(m * x), rows=("x",))
    with pytest.raises(InputError, match="x must be a column"):
        formula(lambda t: cost(m=1, x=t))
    with pytest.raises(InputError, match="m must be one number for all rows"):
        formula(lambda t: cost(m=t * a, x=a))
    assert formula(lambda t: cost(m=2, x=t * a))(1.0) == 4


def test_an_outer_value_inside_stays_open_until_the_outer_function_ends():
    seen = []

    def outer(x):
        inner = formula(lambda t: x * t + 1)
        seen.append(inner)
        assert [str(symbol).startswith("x") for symbol in inner.captured] == [True]
        assert inner.variables == ("t",)
        assert repr(inner).startswith("Formula(`x")
        assert (inner + inner)(2) is not None
        for keep in (inner.to_json, lambda: pickle.dumps(inner)):
            with pytest.raises(InputError, match="still traced"):
                keep()
        return inner(5)

    assert formula(outer).node is x * 5 + 1
    with pytest.raises(FormulaError, match="must stay inside its function"):
        seen[0](5)


def test_functions_are_traced_in_many_threads_at_once():
    results = {}

    def run(k):
        def f(x):
            value = x
            for step in range(50):
                value = value * k + formula(lambda t, step=step: t + step)(x)
            return value

        results[k] = formula(f)(1.0)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    def wanted(k):
        value = 1.0
        for step in range(50):
            value = value * k + (1.0 + step)
        return value

    assert results == {k: pytest.approx(wanted(k)) for k in range(8)}
