"""A NaN at a point says which operation made it, of which numbers, and why; and only there."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from workings.errors import UndefinedWarning
from workings.expression.formula import formula


def why(made, *args, **values):
    """Return what the warning says of a call whose value is NaN."""
    with pytest.warns(UndefinedWarning) as caught:
        value = made(*args, **values)
    assert np.isnan(value)
    assert len(caught) == 1
    assert Path(caught[0].filename) == Path(__file__)
    return str(caught[0].message)


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("3 + log(x - 2)", {"x": 1}, "log(x - 2) is log(-1), which is undefined unless x - 2 > 0"),
        ("sqrt(x*z)", {"x": -1, "z": 2}, "√(x·z) is √(-2), which is undefined unless x·z ≥ 0"),
        ("(x - 1)/(x - 1)", {"x": 1}, "(x - 1) / (x - 1) is 0 / 0, which is undefined unless x - 1 ≠ 0"),
        ("2*x^0.5", {"x": -4}, "x^0.5 is (-4)^0.5, which is undefined unless x ≥ 0"),
        ("exp(x) - exp(x)", {"x": 1000}, "exp(x) - exp(x) is ∞ - ∞, which is undefined; the value is NaN"),
        ("x * exp(z)", {"x": 0, "z": 1000}, "x·exp(z) is 0 × ∞, which is undefined; the value is NaN"),
        ("sin(x)", {"x": float("inf")}, "sin(x) is sin(∞), which is undefined; the value is NaN"),
        ("asin(2x)", {"x": 0.75}, "asin(2·x) is asin(1.5), which is undefined unless |2·x| ≤ 1"),
        ("log(sqrt(x))", {"x": -1}, "√(x) is √(-1), which is undefined unless x ≥ 0"),
        ("normal_quantile(x)", {"x": 1.5}, "is undefined|which is undefined"),
        ("atanh(x/3)", {"x": 6}, "which is undefined unless |x / 3| < 1"),
        ("log(x) + log(-x)", {"x": -0.123456789}, "log(x) is log(-0.123457), which is undefined"),
    ],
)
def test_the_cause_is_named(text, values, words):
    said = why(formula(text), **values)
    assert said.startswith("formula: ")
    assert said.endswith("the value is NaN")
    assert any(word in said for word in (words.split("|") if "is undefined|" in words else [words]))


def test_the_branch_that_is_not_taken_is_not_the_cause():
    made = formula("where(x > 0, log(x), sqrt(x)) + log(z)")
    assert "log(z) is log(-1)" in why(made, x=1, z=-1)
    assert "√(x) is √(-2)" in why(made, x=-2, z=1)
    assert formula("where(x > 0, log(x), 0)")(-1) == 0


def test_the_row_is_named():
    made = formula("mean(log(x - m))", rows="x")
    said = why(made, x=[1.0, 5.0, 0.5, 0.25], m=0.75)
    assert "log(x - m) is log(-0.25) in row 3, which is undefined unless x - m > 0" in said
    centred = formula("mean(sqrt(x - mean(x)))", rows="x")
    assert "√(x - mean(x)) is √(-1) in row 1" in why(centred, [1.0, 2.0, 3.0])
    nested = formula("mean(x - mean(log(x)))", rows="x")
    assert "log(x) is log(-1) in row 2" in why(nested, [1.0, -1.0])


def test_sums_without_a_value_are_named():
    assert "has no rows" in why(formula("mean(x)", rows="x"), x=[])
    assert "it adds ∞ and -∞" in why(formula("sum(x)", rows="x"), x=[np.inf, -np.inf])


def test_the_row_is_found_in_long_columns():
    column = np.ones(300_000)
    column[250_000] = -4.0
    made = formula(lambda m: np.mean(np.sqrt(m * column)))
    assert "√(m·column) is √(-4) in row 250\u202f001" in why(made, 1.0)


def test_a_system_names_itself():
    assert why(formula("y = log(u); u = x - 1"), 0).startswith("y: log(x - 1) is log(-1)")


def test_nan_that_was_given_and_arrays_are_let_through():
    made = formula("log(x)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(made(float("nan")))
        assert np.isnan(made([-1.0, np.nan])).all()
        assert made(0) == -np.inf
        assert formula("1/x")(0) == np.inf
        assert np.isnan(formula("mean(x)", rows="x")([1.0, np.nan]))


def test_long_parts_are_shortened():
    said = why(formula("log(" + " + ".join(["x"] * 100) + ")"), -1.0)
    assert "log(-100)" in said
    assert len(said) < 400
