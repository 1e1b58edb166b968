"""The numbers in the pictures of an integral: strips, their sums, their errors, the subintervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.pictures import table

import workings as wk
from workings.errors import InputError
from workings.language import use_language


@pytest.mark.parametrize("rule", ["left", "right", "midpoint"])
def test_the_strips_are_those_of_the_sum(rule: Any) -> None:
    picture = wk.plot(wk.riemann_sum, "x^2 + 1", 0, 2, 8, rule)
    rows = table(picture, "stop", "x", "x2", "y")
    assert {stop for stop, *_ in rows} == set(range(1, 51))
    for stop in range(1, 51):
        strips = [(low, high, height) for at, low, high, height in rows if at == stop]
        assert len(strips) == stop
        area = math.fsum((high - low) * height for low, high, height in strips)
        assert area == pytest.approx(wk.riemann_sum("x^2 + 1", 0, 2, len(strips), rule))


def test_the_errors_are_those_of_the_rules() -> None:
    rows = table(wk.plot(wk.integrate, "exp(x)", 0, 1), "n", "error", "rule")
    exact = math.e - 1
    for n, error, rule in rows:
        x = np.linspace(0, 1, n + 1)
        expected = {
            "trapezoid": lambda x=x: wk.trapezoid(np.exp(x), x),
            "Simpson": lambda n=n: wk.simpson(np.exp(np.linspace(0, 1, 2 * n + 1)), dx=0.5 / n),
        }.get(rule, lambda n=n, rule=rule: wk.riemann_sum("exp(x)", 0, 1, n, rule))()
        assert error == pytest.approx(abs(expected - exact), rel=1e-3, abs=1e-14)


def words(picture: Any) -> dict[int, str]:
    return dict(table(picture, "stop", "said"))


def test_a_rule_that_is_exact_is_named_and_not_drawn() -> None:
    cubic = wk.plot(wk.integrate, "x^3 - 2x", 0, 3)
    assert {rule for _, _, rule in table(cubic, "n", "error", "rule")} >= {"left", "midpoint"}
    assert all(error is None for _, error, rule in table(cubic, "n", "error", "rule") if rule == "Simpson")
    assert "['Off by no more than rounding:', 'Simpson']" in str(cubic.to_dict())
    constant = wk.plot(wk.integrate, "3", 0, 4)
    assert "every rule gives the exact area" in str(constant.to_dict())
    assert words(constant)[7] == "n = 7: 12, off by 0"


def test_a_rule_that_meets_a_pole_is_named_and_not_drawn() -> None:
    picture = wk.plot(wk.integrate, "1/sqrt(x)", 0, 1)
    assert "['Undefined, as f is at an end:', 'left, trapezoid, Simpson']" in str(picture.to_dict())


def test_what_diverges_is_given_no_area() -> None:
    with pytest.warns(wk.errors.ConvergenceWarning):
        picture = wk.plot(wk.integrate, "1/x", 0, 1).to_dict()
    assert picture["title"]["text"] == "The curve bounds no area"
    assert picture["title"]["subtitle"] == "The integral seems to diverge."
    with pytest.warns(wk.errors.ConvergenceWarning):
        strips = wk.plot(wk.riemann_sum, "1/x", 0, 1, 4, "right")
    assert words(strips)[4] == "n = 4: 2.08333"
    assert "nan" not in str(strips.to_dict()).lower().replace("nanum", "")


def test_the_band_is_the_subintervals() -> None:
    integral = wk.integrate("1/sqrt(x)", 0, 1)
    rows = table(integral.plot(), "x", "x2", "rule")
    cut = integral.subintervals
    assert cut is not None
    assert [low for low, _, _ in rows] == cut.low.tolist()
    assert [rule == "double-exponential" for _, _, rule in rows] == cut.double_exponential.tolist()


@pytest.mark.parametrize(
    ("f", "a", "b"), [("exp(-t^2)", 0, math.inf), ("exp(-t^2)", -math.inf, math.inf), ("x", 3, 1), ("1/sqrt(x)", 0, 1)]
)
def test_every_kind_of_range_is_drawn_in_both_languages(f: str, a: float, b: float) -> None:
    english = wk.plot(wk.integrate, f, a, b).to_dict()
    with use_language("ko"):
        korean = wk.plot(wk.integrate, f, a, b).to_dict()
    assert "area" in english["title"]["text"]
    assert "면적" in korean["title"]["text"]
    assert english["description"] != korean["description"]


def test_what_has_no_picture_says_so() -> None:
    with pytest.raises(InputError, match="plot: the integral must be"):
        wk.integrate(lambda x: x + 1j * x, 0, 1, complex_func=True).plot()
