"""What has a value nowhere has a derivative nowhere, in every form of it; what has one somewhere keeps its own."""

from __future__ import annotations

import math

import pytest

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.language import use_language

NOWHERE = [
    "1/(x-x)",
    "1/(x-x) + x^2",
    "log(x-x)",
    "sqrt(2*x - x - x - 1)",
    "x*(1/0)",
    "asin(2) + x",
    "x*log(-1)",
    "sqrt(3-4)*x",
    "acosh(0)*x",
    "0*x/(x-x)",
    "x/(z-z)",
]
SOMEWHERE = {
    "x/x": 0.0,
    "0*log(x)": 0.0,
    "log(x) - log(x)": 0.0,
    "sqrt(x)^2": 1.0,
    "0/x": 0.0,
    "1/(x-1)": -4.0,
    "max(x, log(0))": 1.0,  # infinity in between comes to a number again
    "5/(1/(x-x))": 0.0,
    "where(x < 0, 1/(x-x), x^2)": 1.0,  # the branch not taken contributes nothing
    "sqrt(sqrt(2)^2 - 2)*0 + x": 1.0,  # 0 up to rounding: not decided
    "(x-x)^0.5 + x": 1.0,
}


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
@pytest.mark.parametrize("text", NOWHERE)
def test_a_derivative_is_undefined_where_its_formula_always_is(text):
    f = wk.formula(text)
    point = dict.fromkeys(f.variables, 0.5)
    assert math.isnan(wk.differentiate(f, "x")(**point))
    assert math.isnan(wk.differentiate(f, "x", "x")(**point))
    assert math.isnan(wk.gradient(f)(**point)["x"])
    assert math.isnan(wk.value_and_gradient(f)(**point)[1]["x"])
    assert math.isnan(wk.jacobian([f, "x"], f.variables)(**point)[0, 0])
    assert math.isnan(wk.hessian(f)(**point)[0, 0])
    assert math.isnan(wk.directional_derivative(f, {"x": 1})(**point))
    derivative = wk.differentiate(f, "x")
    assert str(derivative.evaluate(point)) == "nan"


@pytest.mark.parametrize(("text", "slope"), SOMEWHERE.items())
def test_a_derivative_has_its_value_where_its_formula_has_one(text, slope):
    assert wk.differentiate(text, "x")(x=0.5) == slope
    assert wk.gradient(text)(x=0.5) == {"x": slope}


def test_the_warning_names_what_has_no_value():
    with use_language("en"), pytest.warns(UndefinedWarning, match=r"x - x"):
        wk.differentiate("1/(x-x)", "x")(x=2)


def test_a_derivation_refuses_the_point_and_does_not_say_zero():
    working = wk.explain(wk.differentiate, "1/(x-x)", "x")
    with use_language("en"):
        assert "dy/dx = 0\n" not in working.to_text()
    with pytest.raises(InputError):
        working.at(x=2)


@pytest.mark.parametrize(
    ("text", "assumption"),
    [("x/x", "x ≠ 0"), ("0*log(x)", "x > 0"), ("log(x) - log(x)", "x > 0"), ("sqrt(x)^2", "x ≥ 0"), ("0/x", "x ≠ 0")],
)
def test_simplification_says_where_it_enlarged_the_domain(text, assumption):
    assert [str(condition) for condition in wk.formula(text).simplify().assumptions] == [assumption]
