"""Expectations, worked: areas and sums are checked from formulas that SciPy does not see, and lies are caught."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import workings as wk
from workings.errors import ConvergenceWarning, WorkingError, WorkingsWarning
from workings.expression import evaluate, symbol
from workings.language import use_language
from workings.subjects.integration.densities import density_of, distribution_name
from workings.subjects.integration.explain_expectation import terms_of

CONTINUOUS = [
    stats.norm(1, 2), stats.norm(), stats.uniform(2, 3), stats.expon(scale=2), stats.laplace(1), stats.logistic(1, 0.5),
    stats.cauchy(1), stats.rayleigh(scale=2), stats.gamma(2.5, scale=3), stats.chi2(3), stats.beta(2, 3.5), stats.t(4),
    stats.lognorm(0.5, scale=2), stats.weibull_min(1.5, scale=2), stats.pareto(3.3), stats.gamma(a=3.3, loc=1),
]  # fmt: skip
DISCRETE = [
    stats.bernoulli(0.3), stats.binom(10, 0.3), stats.poisson(3.5), stats.geom(0.2), stats.nbinom(3, 0.4),
    stats.randint(1, 7), stats.poisson(2, loc=3),
]  # fmt: skip
OTHERS = [stats.skewnorm(3), stats.hypergeom(50, 20, 10), stats.zipf(5)]
FUNCTIONS: list[Any] = ["x", "3*x^2 - x + 1", "exp(-x^2)", "abs(x)", lambda x: np.sqrt(np.abs(x))]


@pytest.mark.parametrize("distribution", CONTINUOUS + DISCRETE, ids=distribution_name)
def test_a_formula_of_a_density_is_scipys(distribution: Any) -> None:
    x = np.unique(distribution.ppf(np.linspace(0.02, 0.98, 25)))
    formula = density_of(distribution, symbol("x"))
    assert formula is not None
    theirs = distribution.pdf(x) if hasattr(distribution.dist, "pdf") else distribution.pmf(x)
    np.testing.assert_allclose(np.broadcast_to(evaluate(formula, {"x": x}), x.shape), theirs, rtol=1e-13)


@pytest.mark.parametrize("g", FUNCTIONS, ids=lambda g: g if isinstance(g, str) else "a lambda")
@pytest.mark.parametrize("distribution", CONTINUOUS + DISCRETE + OTHERS, ids=distribution_name)
def test_every_line_of_an_expectation_holds(distribution: Any, g: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = wk.expectation(g, distribution)
    working = found.explain()
    verified = working.verify()
    if not found.converged:
        assert "No expectation is given" in str(working.result)
        return
    assert verified.equations >= 2
    assert working.step("sum").value == found.value
    assert working.step("mass").value == pytest.approx(1, abs=1e-6)
    name = distribution_name(distribution)
    assert f"distributed as {name}?" in str(working.question)
    if found.subintervals is not None:
        assert working.step("again").value == found.value
    if g == "x":
        assert working.step("moments").value == found.value


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.integers(-50, 50), st.integers(1, 100), min_size=1, max_size=30), st.sampled_from(FUNCTIONS))
def test_tables_of_every_kind_are_worked(counts: dict[int, int], g: Any) -> None:
    whole = sum(counts.values())
    working = wk.explain(wk.expectation, g, {value: count / whole for value, count in counts.items()})
    assert working.verify().equations == 2
    table = working.step("terms").table
    assert table is not None
    assert len(table.rows) == min(20, len(counts))


def test_a_density_of_the_users_own_is_told_and_one_that_is_none_is_said_to_be_none() -> None:
    working = wk.explain(wk.expectation, "x", "2*x", support=(0, 1))
    assert working.verify().equations == 3
    assert "p(x) = 2·x" in working.to_text()
    with pytest.warns(WorkingsWarning, match="integrates to 0.5"):
        working = wk.explain(wk.expectation, "x", lambda x: x, support=(0, 1))
    assert "It is not 1: p is no density" in working.to_text()


def test_a_mean_that_does_not_exist_is_not_given() -> None:
    with pytest.warns(ConvergenceWarning):
        working = wk.explain(wk.expectation, "x", stats.cauchy())
    text = working.to_text()
    assert "No expectation is given: it does not exist, or could not be found." in text
    assert "π·(1 + x²)" in text
    with use_language("ko"):
        assert "기댓값" in working.to_text()


def test_values_on_the_far_side_of_a_vanishing_g_are_not_missed() -> None:
    """Verifying found it: g is 0 from the median on, and the search for terms ended there."""
    exact = math.fsum(math.exp(-k) for k in range(1, 700)) / 999_999
    found = wk.expectation("exp(-x)", stats.randint(1, 1_000_000))
    assert found.value == pytest.approx(exact, rel=1e-12)
    assert terms_of(found).p.sum() == pytest.approx(1)
    found.explain().verify()


@pytest.mark.parametrize(("distribution", "g", "exact"), [
    (stats.cauchy(), "abs(x)^0.5", math.sqrt(2)),
    (stats.cauchy(), "abs(x)^0.9", 1 / math.cos(0.45 * math.pi)),
    (stats.levy(), "x^0.25", math.gamma(0.25) / 2**0.25 / math.sqrt(math.pi)),
    (stats.t(3), "x^2", 3.0),
    (stats.pareto(1.2), "x", 6.0),
])  # fmt: skip
def test_nothing_is_missed_in_a_heavy_tail(distribution: Any, g: str, exact: float) -> None:
    """Verifying found it: beyond the quantile 1e-10 of a Cauchy variable no node saw what was left of the area."""
    found = wk.expectation(g, distribution)
    assert abs(found.value - exact) <= 1.1 * found.error + 1e-12
    found.explain().verify()


# Lies.


@pytest.mark.parametrize(
    ("g", "distribution"),
    [
        ("x^2", stats.norm(1, 2)),
        (math.cosh, stats.norm()),
        ("x^2", {1: 0.5, 2: 0.25, 4: 0.25}),
        ("x", stats.poisson(3)),
    ],
)
def test_a_wrong_expectation_is_caught(g: Any, distribution: Any) -> None:
    found = wk.expectation(g, distribution)
    cut = found.subintervals
    wrong = replace(found, value=found.value * (1 + 1e-6))
    with pytest.raises(WorkingError, match="verify: "):
        wrong.explain().verify()
    if cut is not None:
        values = cut.value.copy()
        values[len(values) // 2] *= 1 + 1e-5
        wrong = replace(found, subintervals=replace(cut, value=values), value=math.fsum(values.tolist()))
        with pytest.raises(WorkingError, match=r"(again|subintervals)"):
            wrong.explain().verify()


def test_a_density_that_is_another_is_caught() -> None:
    found = wk.expectation("x^2", stats.norm(1, 2))
    lied = replace(found, integrand=replace(found.integrand, distribution=stats.norm(1, 2.0001)))
    with pytest.raises(WorkingError):
        lied.explain().verify()
