"""The workings of costs over rows: one row in full, every row in a table, the mean, and all of it held."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError, WorkingError
from workings.subjects.chain_rule import explain_chain
from workings.working import Working

LINE = "mean((y-(m*x+b))^2)"
HOUSES = {"m": 2, "b": 1, "x": [0, 1, 2, 3], "y": [1, 2, 6, 7]}


def test_the_slopes_of_a_mean_squared_error_are_those_by_hand():
    working = wk.explain(wk.value_and_gradient, LINE, ["m", "b"], rows=("x", "y")).at(**HOUSES)
    found = working.verify()
    assert found.scope == {"inputs": found.equations}
    x, y = np.array(HOUSES["x"]), np.array(HOUSES["y"])
    error = y - (2 * x + 1)
    assert working.step("one_formula_m").value == pytest.approx(np.mean(-2 * error * x))
    assert working.step("one_formula_b").value == pytest.approx(np.mean(-2 * error))
    assert working.step("J_value").value == pytest.approx(np.mean(error**2))
    table = working.step("J_rows").table
    assert [row[-1] for row in table.rows] == pytest.approx((-2 * error).tolist())
    # The first row has no error: a row is worked in full in which there is something to see.
    assert "Row 2 in full" in working.to_text("en")
    assert "Result  J = 0.5, ∂J/∂m = -0.5, ∂J/∂b = 0." in working.to_text("en")


FORMULAS = [
    ("J = mean(e^2) + k*m^2; e = y - p; p = m*x + b", {"k": 0.1}),
    ("mean((y-A/(1+exp(-(m*x+b))))^2)", {"A": 5}),
    ("sum(ln(1+exp(-m*x)))/4 + b*mean(y)", {}),
    ("sqrt(mean((y - b - m*(x - mean(x)))^2))", {}),
    ("mean((m*x - mean(m*x))^2) + b*sum(y)", {}),
    ("mean(abs(y - m*x - b))", {}),
]


@pytest.mark.parametrize(("formula", "more"), FORMULAS)
def test_every_cost_has_a_working_that_holds(formula, more):
    working = wk.explain(wk.gradient, formula, ["m", "b"], rows=("x", "y"))
    assert working.verify() is not None
    point = {**HOUSES, "m": 1.75, "b": 0.5, **more}
    working = working.at(**point)
    found = working.verify()
    slopes = wk.gradient(formula, ["m", "b"], rows=("x", "y"))(**point)
    for name in ("m", "b"):
        assert working.step(f"one_formula_{name}").value == slopes[name]
    for text in (working.to_text("en"), working.to_html("ko"), working.to_latex("en"), working.to_markdown("en")):
        assert text
    assert Working.from_json(working.to_json()).verify() == found


def test_ten_thousand_rows_are_recounted_and_shown_in_part():
    generator = np.random.default_rng(0)
    x = generator.normal(size=10_000)
    y = 2 * x + generator.normal(size=10_000)
    working = wk.explain(wk.gradient, LINE, ["m", "b"], rows=("x", "y")).at(m=1, b=0, x=x, y=y)
    found = working.verify()
    assert found.scope["recount"] >= 4
    assert working.step("J_rows").table.total == 10_000
    assert working.step("one_formula_m").value == pytest.approx(np.mean(-2 * (y - x) * x), rel=1e-12)
    assert len(working.to_text("en").splitlines()) < 160


def test_a_second_derivative_over_rows_is_told_from_the_first():
    working = wk.explain(wk.differentiate, LINE, "m", "m", rows=("x", "y")).at(**HOUSES)
    working.verify()
    assert working.step("one_formula_m").value == pytest.approx(np.mean(2 * np.array(HOUSES["x"]) ** 2))
    hessian = wk.explain(wk.hessian, LINE, rows=("x", "y")).at(**HOUSES)
    hessian.verify()
    assert [step.value for step in hessian.walk() if step.key.startswith("entry_")] == [7.0, 3.0, 2.0]


def test_a_python_function_brings_its_own_columns():
    x, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])
    working = wk.explain(wk.gradient, lambda m, b: np.mean((y - (m * x + b)) ** 2)).at(m=1, b=0)
    working.verify()
    assert working.step("one_formula_m").value == -2.0


def test_wrong_numbers_are_caught(monkeypatch):
    working = wk.explain(wk.gradient, LINE, ["m", "b"], rows=("x", "y")).at(**HOUSES)
    step = working.step("J_rows")
    *rows, last = step.table.rows
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=(*rows, (*last[:-1], 0.5))))
    steps = tuple(wrong if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match="table J_rows"):
        dataclasses.replace(working, steps=steps).verify()
    right = explain_chain.derivative
    monkeypatch.setattr(explain_chain, "derivative", lambda body, on: 2 * right(body, on))
    with pytest.raises(WorkingError):
        wk.explain(wk.gradient, LINE, ["m", "b"], rows=("x", "y")).at(**HOUSES).verify()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"x": [1, 2]}, "columns must have one length; got y: 4, x: 2"),
        ({"x": []}, "x must be a column of finite numbers"),
        ({"x": [1, 2, np.nan, 4]}, "x must be a column of finite numbers"),
        ({"x": 3}, "x must be a column of finite numbers; got 3"),
        ({"m": [1, 2, 3, 4]}, "m must be one finite number"),
        ({"y": ["a", "b", "c", "d"]}, "y must be a column of finite numbers"),
    ],
)
def test_data_that_is_none_is_refused_with_the_reason(changed, says):
    with pytest.raises(InputError, match=says):
        wk.explain(wk.gradient, LINE, rows=("x", "y")).at(**{**HOUSES, **changed})
