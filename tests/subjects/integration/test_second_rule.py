"""The rule by which explanations check integrals: as exact as it says, and a wrong area does not pass it."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import ConvergenceWarning, WorkingError
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.second_rule import second_rule

INF = math.inf
KNOWN: list[tuple[Any, float, float, float]] = [
    ("x^2 + 2x + 1", 0, 10, 1330 / 3),
    ("exp(-t^2)", -INF, INF, math.sqrt(math.pi)),
    ("1/(1 + x^2)", -INF, INF, math.pi),
    ("1/x^2", 1, INF, 1.0),
    ("exp(x)", -INF, 0, 1.0),
    ("1/sqrt(x)", 0, 1, 2.0),
    ("1/sqrt(1 - x)", 0, 1, 2.0),
    ("x^(-0.9)", 0, 1, 10.0),
    ("log(x)", 0, 1, -1.0),
    ("sin(50*x)", 0, 10, (1 - math.cos(500)) / 50),
    ("exp(-(t - 800)^2/2)/sqrt(2*pi)", -INF, INF, 1.0),
    ("abs(x - 0.3)", 0, 1, 0.29),
    ("sqrt(x)", 1, 0, -2 / 3),
    (lambda t: t if t < 0.5 else 1 - t, 0, 1, 0.25),
    (math.cosh, 0, 1, math.sinh(1)),
]


@pytest.mark.parametrize(("f", "a", "b", "exact"), KNOWN)
def test_the_rule_is_as_exact_as_it_says(f: Any, a: float, b: float, exact: float) -> None:
    cut = wk.integrate(f, a, b).subintervals
    assert cut is not None
    again = second_rule(cut, as_integrand(f, (), function="test"), sign=1.0 if a <= b else -1.0)
    assert again is not None
    assert again.settled
    within = float(again.within.sum())
    assert abs(math.fsum(again.areas.tolist()) - exact) <= within
    # A kink cuts where the adaptive rule found it, to its own error.
    assert within < 1e-7 * abs(exact)


@pytest.mark.parametrize(("f", "a", "b", "exact"), KNOWN)
def test_a_wrong_area_of_a_subinterval_does_not_pass(f: Any, a: float, b: float, exact: float) -> None:
    integral = wk.integrate(f, a, b)
    cut = integral.subintervals
    assert cut is not None
    assert integral.explain().step("again").value == integral.value == pytest.approx(exact, rel=1e-7)
    wrong = cut.value.copy()
    wrong[0] += 1e-4 * abs(exact)
    # The sum is that of its parts: nothing but the second rule sees what is wrong.
    told = replace(integral, subintervals=replace(cut, value=wrong), value=math.fsum(wrong.tolist())).explain()
    with pytest.raises(WorkingError, match=r"(table subintervals|table rounds|table sums|line again|line exact)"):
        told.verify()


def test_where_nothing_settles_nothing_is_checked_by_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        slow = wk.integrate("sin(x)/x", 0, INF)
    working = slow.explain()
    working.verify()
    assert "again" not in [step.key for step in working.walk()]
    assert "No other rule settles" in working.to_text()


def test_too_many_subintervals_are_left_alone() -> None:
    cut = wk.integrate("x", 0, 1).subintervals
    assert cut is not None
    many = replace(cut, **{name: np.repeat(getattr(cut, name), 401) for name in ("low", "high", "value", "error")})
    assert second_rule(many, as_integrand("x", (), function="test")) is None
