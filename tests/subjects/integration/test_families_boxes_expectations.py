"""Many integrals at once, boxes, and random variables: known answers, oracles, honesty."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

import workings as wk
from workings.errors import ConvergenceWarning, InputError, WorkingsWarning

INF = math.inf
ROOT_PI = math.sqrt(math.pi)


@pytest.mark.parametrize("count", [1, 3, 40, 500])
@pytest.mark.parametrize("f", [lambda t, w: np.cos(w * t) * np.exp(-t * t), "exp(-t^2)*cos(t*w)"])
def test_a_family_is_what_each_integral_is(f: Any, count: int) -> None:
    w = np.linspace(0, 20, count)
    family = wk.integrate_family(f, 0, 10, w)
    exact = ROOT_PI / 2 * np.exp(-w * w / 4)
    assert np.all(np.abs(family.value - exact) <= family.error)
    assert family.converged.all()
    assert len(family) == count
    assert family[-1].value == family.value[-1]
    assert family[-1].args == (w[-1],)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=10)
def test_peaks_that_wander_with_the_parameter_are_each_found(seed: int) -> None:
    centres = np.random.default_rng(seed).uniform(0, 10, 300)
    family = wk.integrate_family(lambda t, c: 0.01 / ((t - c) ** 2 + 1e-4), 0, 10, centres)
    exact = np.arctan((10 - centres) / 0.01) + np.arctan(centres / 0.01)
    assert np.all(np.abs(family.value - exact) <= np.maximum(family.error, 1e-12))
    assert np.abs(family.value - exact).max() <= 1.49e-8 * 4


def test_families_with_singular_ends_infinite_limits_and_two_parameters() -> None:
    powers = np.linspace(-0.9, 3, 200)
    family = wk.integrate_family(lambda t, p: t**p, 0, 1, powers)
    assert np.abs(family.value - 1 / (powers + 1)).max() < 1e-7
    rates = np.geomspace(0.01, 100, 200)
    family = wk.integrate_family(lambda t, r: np.exp(-r * t), 0, INF, rates)
    np.testing.assert_allclose(family.value, 1 / rates, rtol=1e-7)
    pairs = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]] * 50)
    family = wk.integrate_family(lambda t, a, b: a * t + b, 0, 1, pairs)
    np.testing.assert_allclose(family.value, pairs[:, 0] / 2 + pairs[:, 1])
    np.testing.assert_allclose(wk.integrate_family("t*w", 1, 0, np.arange(1.0, 9.0)).value, -np.arange(1.0, 9.0) / 2)


def test_a_family_of_functions_of_numbers_is_recognised() -> None:
    w = np.linspace(0.5, 3, 12)
    family = wk.integrate_family(lambda t, w: math.cos(w * t), 0, 1, w)
    np.testing.assert_allclose(family.value, np.sinc(w / np.pi), atol=1e-9)
    family = wk.integrate_family(lambda t, w: w * np.mean(t), 0, 1, w)
    np.testing.assert_allclose(family.value, w / 2, atol=1e-9)


def test_what_does_not_converge_in_a_family_is_counted_and_named() -> None:
    with pytest.warns(ConvergenceWarning, match="50 of 150 integrals did not converge. The first, of parameter -1.5"):
        family = wk.integrate_family(lambda t, p: t**p, 0, 1, np.repeat([0.5, -1.5, 2.0], 50))
    assert not family.converged[50:100].any()
    assert family.converged[:50].all()
    with pytest.warns(ConvergenceWarning, match="was 0 at all"):
        assert not wk.integrate_family(lambda t, c: c * t, 0, 1, [0.0, 1.0]).converged[0]


BOXES: list[tuple[str, Any, list[float], list[float], float]] = [
    ("plane", lambda x, y: x * y, [0, 0], [1, 2], 1.0),
    ("numbers", lambda x, y: math.exp(-x * x - y * y), [0, 0], [1, 1], (ROOT_PI / 2 * math.erf(1)) ** 2),
    ("text", "exp(-x^2-y^2-z^2)", [0, 0, 0], [1, 1, 1], (ROOT_PI / 2 * math.erf(1)) ** 3),
    ("points", lambda p: np.cos(p.sum(axis=1)), [0] * 4, [1] * 4, (((np.exp(1j) - 1) / 1j) ** 4).real),
    ("five", lambda a, b, c, d, e: a * b * c * d * e, [0] * 5, [2] * 5, 32.0),
    ("whole plane", lambda x, y: np.exp(-x * x - y * y), [-INF] * 2, [INF] * 2, math.pi),
    ("quadrant", lambda x, y: np.exp(-x - 2 * y), [0, 1], [INF, INF], math.exp(-2) / 2),
    ("turned", lambda x, y: x + y, [1, 0], [0, 1], -1.0),
    ("singular corner", lambda x, y: 1 / np.sqrt(x * y), [0, 0], [1, 1], 4.0),
    ("ridge", lambda x, y: np.exp(-((x - y) ** 2) / 1e-3), [0, 0], [1, 1], 0.05505),
    ("constant", lambda x, y: 2.0, [0, 0], [1, 1], 2.0),
]


@pytest.mark.parametrize(("name", "f", "lower", "upper", "exact"), BOXES, ids=[box[0] for box in BOXES])
def test_boxes(name: str, f: Any, lower: list[float], upper: list[float], exact: float) -> None:
    if name == "ridge":
        exact = math.sqrt(math.pi * 1e-3) * math.erf(1 / math.sqrt(1e-3)) - 1e-3 * (1 - math.exp(-1e3))
    found = wk.integrate_box(f, lower, upper, rtol=1e-7)
    assert found.converged
    assert abs(found.value - exact) <= found.error
    assert found.error <= 1e-7 * abs(exact) * 1.001


@pytest.mark.parametrize("dimensions", [2, 3, 4, 5])
def test_the_box_rule_has_degree_7(dimensions: int) -> None:
    rng = np.random.default_rng(dimensions)
    for _ in range(20):
        powers = rng.multinomial(rng.integers(0, 8), [1 / dimensions] * dimensions)
        found = wk.integrate_box(
            lambda p, e=powers: np.prod(p**e, axis=1), [0] * dimensions, [1] * dimensions, atol=1e9
        )
        assert found.value == pytest.approx(np.prod(1 / (powers + 1)), rel=1e-13)


def test_boxes_that_cannot_be_trusted_are_flagged() -> None:
    for f, words in (
        (lambda x, y: 0 * x, "was 0 at all"),
        (lambda x, y: np.sqrt(x - 0.5), "NaN or infinite"),
        (lambda x, y: (x * x + y * y < 0.5) * 1.0, "maximum number of subdivisions"),
    ):
        with pytest.warns(ConvergenceWarning, match=words):
            found = wk.integrate_box(f, [0, 0], [1, 1], max_subdivisions=2_000)
        assert not found.converged
    assert abs(found.value - math.pi / 8) <= found.error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((lambda x, y: x, [0, 0], [1]), "one limit for each dimension"),
        ((lambda x, y: x, [0, math.nan], [1, 1]), "one limit for each dimension"),
        ((lambda x: x, [0], [1]), "2 to 5 dimensions"),
        ((5, [0, 0], [1, 1]), "f must be a function"),
        (("x*y*z", [0, 0], [1, 1]), "f must have a variable for each"),
        ((lambda p: p, [0, 0], [1, 1]), "one real number for each point"),
    ],
)
def test_refused_boxes(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        wk.integrate_box(*arguments)


DISTRIBUTIONS: list[tuple[Any, Any, float]] = [
    ("x^2", stats.norm(1, 2), 5.0),
    ("x", stats.norm(1e6, 1e-3), 1e6),
    (math.exp, stats.norm(), math.exp(0.5)),
    (lambda x: x > 0, stats.norm(), 0.5),
    ("x", stats.beta(0.5, 0.5), 0.5),
    ("x", stats.expon(3, 2), 5.0),
    ("x", stats.pareto(1.5), 3.0),
    ("x", stats.lognorm(2), math.exp(2)),
    ("x", stats.gamma(0.001), 0.001),
    ("x", stats.uniform(-1, 2), 0.0),
    ("x^2", stats.t(3), 3.0),
    ("x", stats.poisson(1e5), 1e5),
    ("x^2", stats.binom(10, 0.3), 11.1),
    ("x", stats.geom(1e-4), 1e4),
    ("x", stats.randint(5, 8), 6.0),
    ("x", stats.nbinom(0.5, 0.001), 499.5),
    ("x", {1: 0.5, 2: 0.25, 4: 0.25}, 2.0),
    (lambda x: 1 / x, {2: 0.5, 4: 0.5, 0: 0.0}, 0.375),
]


@pytest.mark.parametrize(("g", "distribution", "exact"), DISTRIBUTIONS)
def test_expectations(g: Any, distribution: Any, exact: float) -> None:
    found = wk.expectation(g, distribution)
    assert found.converged
    assert abs(found.value - exact) <= max(found.error, 1e-14 * abs(exact))
    assert abs(found.value - exact) <= 1.49e-8 * max(1.0, abs(exact))


def test_densities_by_formula() -> None:
    assert wk.expectation("x", "exp(-x)", support=(0, INF)).value == pytest.approx(1.0)
    assert wk.expectation("x^2", "exp(-x^2/2)/sqrt(2*pi)").value == pytest.approx(1.0)
    assert wk.expectation(lambda x: x, lambda x: 2 * x, support=(0, 1)).value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("g", "distribution", "support", "mass"),
    [("x", "3*x", (0, 1), "1.5"), ("x", {1: 0.5, 2: 0.4}, None, "0.9"), ("x", lambda x: x, (0, 1), "0.5")],
)
def test_what_does_not_add_up_to_one_is_said(g: Any, distribution: Any, support: Any, mass: str) -> None:
    with pytest.warns(WorkingsWarning, match=f"integrates to {mass}, not to 1"):
        found = wk.expectation(g, distribution, **({} if support is None else {"support": support}))
    assert found.status.name == "not_a_density"
    assert not found.converged


def test_expectations_that_do_not_exist_are_flagged() -> None:
    for g, distribution in (("x", stats.cauchy()), ("1/x", stats.beta(0.5, 2)), ("x", stats.zipf(1.9))):
        with pytest.warns(ConvergenceWarning):
            assert not wk.expectation(g, distribution).converged
    with pytest.warns(ConvergenceWarning, match="undefined"):
        assert math.isnan(wk.expectation("1/x", {0: 0.5, 1: 0.5}).value)


def test_a_slow_sum_says_about_how_much_is_left() -> None:
    with pytest.warns(ConvergenceWarning, match="slowly convergent"):
        found = wk.expectation("x", stats.zipf(2.5))
    assert abs(found.value - stats.zipf(2.5).mean()) <= 1.1 * found.error


@pytest.mark.parametrize(
    ("distribution", "words"),
    [
        (5, "must be a frozen distribution"),
        (stats.norm([1, 2], 1), "must have numbers as parameters"),
        ({}, "a table must give each value"),
        ({1: -0.5, 2: 1.5}, "a table must give each value"),
        ({"a": 1.0}, "a table must give each value"),
    ],
)
def test_refused_distributions(distribution: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        wk.expectation("x", distribution)


@pytest.mark.parametrize("distribution", [stats.norm(2, 3), stats.gamma(2.5), stats.poisson(4)])
@pytest.mark.parametrize("g", [lambda x: x, np.cos, lambda x: x * x - 3])
def test_it_agrees_with_scipys_expect(distribution: Any, g: Callable[[Any], Any]) -> None:
    assert wk.expectation(g, distribution).value == pytest.approx(distribution.expect(g), abs=1e-7)


def test_quad_as_oracle_of_families() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = [quad(lambda t, k=k: math.exp(-t) * t**k, 0, INF)[0] for k in (0.5, 1.5, 4.0)]
    found = wk.integrate_family(lambda t, k: np.exp(-t) * t**k, 0, INF, [0.5, 1.5, 4.0])
    np.testing.assert_allclose(found.value, expected, rtol=1e-7)
