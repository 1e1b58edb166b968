"""Jumps, bends and cusps inside a subinterval are found to the last digits, and the integral is cut there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import workings as wk
from workings.subjects.integration.breaks import break_between

BROKEN: dict[str, Callable[[Any, float], Any]] = {
    "a jump": lambda t, c: np.where(t < c, 1.0, 2.0),
    "a jump on a slope": lambda t, c: np.where(t < c, np.sin(t), 3 + t),
    "a bend": lambda t, c: np.abs(t - c),
    "a bend on a slope": lambda t, c: np.exp(t) * np.maximum(t - c, 0.0) - 5 * t,
    "a cusp": lambda t, c: np.sqrt(np.abs(t - c)),
}


@pytest.mark.parametrize("name", BROKEN)
@given(st.floats(0.1, 0.9), st.floats(-3, 3))
@example(1 / 3, -1 / 3)  # at 0, where floats are finer than t - shift
def test_a_break_is_found_wherever_it_is(name: str, c: float, shift: float) -> None:
    found = break_between(lambda t: BROKEN[name](t - shift, c), shift, shift + 1.0)
    assert found == pytest.approx(shift + c, abs=1e-11)


@pytest.mark.parametrize(
    "smooth",
    [np.exp, lambda t: np.sin(50 * t), lambda t: 1 / ((t - 0.3) ** 2 + 1e-8), lambda t: 1 / np.sqrt(t), np.zeros_like,
     lambda t: np.where(t < 0.5, np.nan, 1.0), lambda t: np.maximum(t - 0.4, 0.0) ** 2],
)  # fmt: skip
def test_what_is_smooth_inside_has_no_break(smooth: Callable[[Any], Any]) -> None:
    assert break_between(smooth, 0.0, 1.0) is None


@pytest.mark.parametrize("vectorized", [True, False])
@pytest.mark.parametrize(
    ("f", "limits", "exact"),
    [
        (np.floor, (0, 5), 10.0),
        (lambda t: np.floor(8 * t), (0, 1), 3.5),
        (lambda t: np.maximum(np.sin(t), np.cos(t)), (0, 2 * math.pi), 2 * math.sqrt(2)),
        (lambda t: np.abs(t - 1 / 3) + 2 * np.abs(t - 0.7), (0, 1), 1 / 18 + 4 / 18 + 0.49 + 0.09),
        (lambda t: np.where(t < math.e, t, -1.0), (1, 5), (math.e**2 - 1) / 2 - 5 + math.e),
        (lambda t: np.exp(-np.abs(t - 2)), (-math.inf, math.inf), 2.0),
    ],
)
def test_steps_and_bends_are_integrated_to_rounding(
    f: Any, limits: tuple[float, float], exact: float, *, vectorized: bool
) -> None:
    found = wk.integrate(f if vectorized else lambda t: float(f(t)), *limits, vectorized=vectorized)
    assert found.converged
    assert abs(found.value - exact) <= found.error + 4e-15 * abs(exact)
    assert abs(found.value - exact) <= 1e-9
    assert found.evaluations < 4_000


def test_where_bends_are_the_error_is_no_less_than_it_is_said_to_be() -> None:
    rng = np.random.default_rng(17)
    less = 0
    for a, b, s in rng.uniform((0.02, 0.02, 0.2), (0.98, 0.98, 5), (200, 3)).tolist():
        found = wk.integrate(lambda t, a=a, b=b, s=s: np.abs(t - a) + s * np.abs(t - b), 0, 1)
        exact = (a * a + (1 - a) ** 2) / 2 + s * (b * b + (1 - b) ** 2) / 2
        assert found.converged
        assert abs(found.value - exact) <= 3e-8 * max(1.0, exact)
        less += abs(found.value - exact) > found.error + 4e-15 * exact
    assert less <= 2


@pytest.mark.parametrize("p", [0.3, 1 / 3, 0.7, 0.123, 0.61, math.pi / 7])
def test_where_f_is_infinite_inside_it_is_cut_at_that_float(p: float) -> None:
    found = wk.integrate(f"1/sqrt(abs(x - {p!r}))", 0, 1)
    assert found.converged
    assert found.subintervals is not None
    assert found.subintervals.breaks == (p,)
    assert wk.explain(wk.integrate, f"1/sqrt(abs(x - {p!r}))", 0, 1).verify().cells > 40
    assert abs(found.value - 2 * (math.sqrt(p) + math.sqrt(1 - p))) <= min(found.error, 1e-11)


@pytest.mark.parametrize("a", [-1 / 3, -0.7, -0.1, -1.0])
def test_a_pole_at_0_is_an_end_wherever_the_limits_are(a: float) -> None:
    found = wk.integrate("1/sqrt(abs(x))", a, 1)
    assert found.converged
    assert abs(found.value - 2 * (1 + math.sqrt(-a))) <= min(found.error, 1e-11)
    assert found.explain().verify().cells > 40
