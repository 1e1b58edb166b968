"""What a working of an integral says is checked line by line, and says what ``integrate`` gave."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import workings as wk
from workings.errors import InputError, WorkingError, held_warnings
from workings.expression import less, number, symbol, to_text
from workings.language import use_language
from workings.subjects.integration.polynomial import antiderivative, coefficients

CALLS: list[tuple[Any, float, float]] = [
    ("x^2 + 2x + 1", 0, 10),
    ("sqrt(x)", 1, 0),
    ("exp(-t^2)", 0, math.inf),
    (lambda t: t if t < 0.5 else 1 - t, 0, 1),
    (lambda t: t**3 - t, -1, 2),
    ("sin(50*x)", 0, 10),
]


@pytest.mark.parametrize(("f", "a", "b"), CALLS)
def test_the_lines_of_an_integral_hold(f: Any, a: float, b: float) -> None:
    working = wk.explain(wk.integrate, f, a, b)
    verified = working.verify()
    assert verified.equations >= 1
    assert working.step("sum").value == wk.integrate(f, a, b).value
    with use_language("ko"):
        assert "면적" in working.to_text()


@pytest.mark.parametrize("rule", ["left", "right", "midpoint"])
@pytest.mark.parametrize("n", [1, 4, 50])
def test_the_lines_of_strips_hold(n: int, rule: Any) -> None:
    working = wk.explain(wk.riemann_sum, "x^2 + 1", 0, 2, n, rule)
    assert working.verify().equations >= 2
    assert working.step("area").value == wk.riemann_sum("x^2 + 1", 0, 2, n, rule)


def test_a_polynomial_is_checked_by_its_antiderivative_and_nothing_else_is() -> None:
    working = wk.explain(wk.integrate, "x^2 + 2x + 1", 0, 10)
    assert working.step("exact").value == pytest.approx(1330 / 3)
    assert "exact" not in [step.key for step in wk.explain(wk.integrate, "exp(x)", 0, 1).walk()]
    x = symbol("x")
    assert coefficients(wk.formula("(x + 1)^2 / 2").node, "x") == (Fraction(1, 2), Fraction(1), Fraction(1, 2))
    assert coefficients(wk.formula("abs(x)").node, "x") is None
    assert coefficients(wk.formula("1/(1 + x^2)").node, "x") is None
    assert str(antiderivative((Fraction(1), Fraction(2), Fraction(1)), x)) == "x³ / 3 + x² + x"


def test_strips_are_told_one_by_one_and_one_of_them_in_full() -> None:
    strips = wk.explain(wk.integrate, "x^2 + 1", 0, 2).at(strips=8, rule="left")
    strips.verify()
    assert strips.step("area").value == wk.riemann_sum("x^2 + 1", 0, 2, 8, "left")
    one = strips.at(strip=3)
    assert one.verify().equations == 4
    assert one.step("area").value == 0.25 * (0.5**2 + 1)
    with pytest.raises(InputError, match="at: strip must be from 1 to 8"):
        strips.at(strip=9)
    with pytest.raises(InputError, match="at: strips of equal width need finite limits"):
        wk.explain(wk.integrate, "exp(-x)", 0, math.inf).at(strips=8)


def test_a_wrong_value_is_caught() -> None:
    integral = wk.integrate("x^2 + 2x + 1", 0, 10)
    for wrong in (replace(integral, value=integral.value * (1 + 1e-6)), replace(integral, value=0.0)):
        with pytest.raises(WorkingError):
            wrong.explain().verify()


def test_what_has_no_derivation_says_so() -> None:
    with pytest.raises(InputError, match="explain: f must be a formula"):
        wk.explain(wk.riemann_sum, math.floor, 0, 2, 4)


@pytest.mark.parametrize(
    ("f", "a", "b"), [("1/sqrt(abs(x))", -1 / 3, 1), ("(1 - cos(x))/x^2", -1e-8, 1e-8), ("exp(1000x)", 0, 1)]
)
def test_strips_whose_heights_are_rounding_are_not_told(f: str, a: float, b: float) -> None:
    with held_warnings():
        working = wk.explain(wk.integrate, f, a, b)
    working.verify()
    assert "doubling" not in [step.key for step in working.walk()]
    assert "Strips are not told" in working.to_text("en")
    assert "doubling" in [step.key for step in wk.explain(wk.integrate, "1/sqrt(x)", 0, 1).walk()]


@pytest.mark.parametrize(
    ("f", "text"),
    [
        ("3x^2 - 4", "x³ - 4·x"),
        ("-x^2 + x - 1", "-x³ / 3 + x² / 2 - x"),
        ("-4x", "-2·x²"),
        ("x^3/7 - 0.1", "x⁴ / 28 - 0.1·x"),
    ],
)
def test_an_antiderivative_takes_off_what_is_negative(f, text):
    working = wk.explain(wk.integrate, f, 2, -1)
    working.verify()
    assert to_text(working.step("antiderivative").statement.right) == text


def test_area_below_the_axis_counts_as_negative_is_said_where_f_is_below_it_and_its_sign_there_is_checked() -> None:
    working = wk.explain(wk.integrate, "x^2 - 2", 0, 2)
    working.verify()
    assert "area below it as negative: at x = 0 f is -2." in " ".join(working.to_text("en").split())
    assert "음수" in working.to_text("ko")
    claim = working.step("below")
    above = replace(claim, statement=less(number(2), number(0)), substitution=less(number(2), number(0)))
    with pytest.raises(WorkingError, match="line below claims"):
        replace(working, steps=tuple(above if step is claim else step for step in working.steps)).verify()
    for f, a, b in (("log(x)", 0, 1), ("exp(-x)*sin(x)", 0, math.inf), ("x^3", 1, -1)):
        some = wk.explain(wk.integrate, f, a, b)
        some.verify()
        assert "area below it as negative" in " ".join(some.to_text("en").split())
    # sin(π) is -1e-16 by rounding alone.
    for f, a, b in (("x^2", -1, 1), ("sin(x)", 0, math.pi)):
        assert "below" not in [step.key for step in wk.explain(wk.integrate, f, a, b).walk()]
