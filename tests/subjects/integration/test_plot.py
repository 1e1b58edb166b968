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
    rows = table(picture, "step", "x", "x2", "y")
    steps = {step for step, *_ in rows}
    for step in steps:
        strips = [(low, high, height) for at, low, high, height in rows if at == step]
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
