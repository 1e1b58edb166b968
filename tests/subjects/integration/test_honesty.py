"""Random integrands of every difficult kind: where an integral says it converged, it is as near as it says."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numpy.polynomial.legendre import leggauss

import workings as wk
from workings.errors import ConvergenceWarning
from workings.subjects.integration.mesh import Mesh
from workings.subjects.integration.path import path_between
from workings.subjects.integration.rule import RULES
from workings.subjects.integration.together import Together

INF = math.inf
ROOT_2_PI = math.sqrt(2 * math.pi)
TOLERANCE = 1.49e-8


@dataclass(frozen=True)
class Kind:
    """A family of integrands: f(t, p), its limits, whence p is drawn, and the integral."""

    f: Callable[[Any, Any], Any]
    limits: tuple[float, float]
    between: tuple[float, float]
    exact: Callable[[Any], Any]


KINDS = {
    "a jump": Kind(lambda t, c: np.where(t < c, 1.0, 2.0), (0, 1), (0, 1), lambda c: 2 - c),
    "two jumps": Kind(
        lambda t, c: np.where(np.abs(t - c) < 0.05, 1.0, 0.0), (0, 1), (0.06, 0.94), lambda c: 0.1 + 0 * c
    ),
    "a bend": Kind(lambda t, c: np.abs(t - c), (0, 1), (0, 1), lambda c: (c**2 + (1 - c) ** 2) / 2),
    "a cusp": Kind(lambda t, c: np.sqrt(np.abs(t - c)), (0, 1), (0, 1), lambda c: (c**1.5 + (1 - c) ** 1.5) / 1.5),
    "a step": Kind(
        lambda t, c: 1 / (1 + np.exp(-(t - c) * 1000)), (0, 1), (0.1, 0.9),
        lambda c: (np.logaddexp(0, 1000 * (1 - c)) - np.logaddexp(0, -1000 * c)) / 1000,
    ),
    "a peak far out": Kind(
        lambda t, m: np.exp(-((t - m) ** 2) / 2), (-INF, INF), (-500, 500), lambda m: ROOT_2_PI + 0 * m
    ),
    "a peak far out on a half line": Kind(
        lambda t, m: np.exp(-((t - m) ** 2) / 2), (0, INF), (10, 900), lambda m: ROOT_2_PI + 0 * m
    ),
    "a peak of a thousandth": Kind(
        lambda t, m: np.exp(-((t - m) ** 2) / 2e-6), (0, 1), (0.1, 0.9), lambda m: ROOT_2_PI * 1e-3 + 0 * m
    ),
    "a peak of a thousandth on a background": Kind(
        lambda t, m: 1 + np.exp(-((t - m) ** 2) / 2e-6), (0, 1), (0.1, 0.9), lambda m: 1 + ROOT_2_PI * 1e-3 + 0 * m
    ),
    "a singular end": Kind(lambda t, p: t**p, (0, 1), (-0.95, 4), lambda p: 1 / (p + 1)),
    "a singular end that is not 0": Kind(lambda t, p: (1 - t) ** p, (0, 1), (-0.5, 4), lambda p: 1 / (p + 1)),
    "a pole inside": Kind(
        lambda t, p: np.abs(t - 0.3) ** p, (0, 1), (-0.45, 0.9), lambda p: (0.3 ** (p + 1) + 0.7 ** (p + 1)) / (p + 1)
    ),
    "an oscillation": Kind(lambda t, w: np.cos(w * t), (0, 1), (0.1, 400), lambda w: np.sin(w) / w),
    "a damped oscillation": Kind(
        lambda t, w: np.cos(w * t) * np.exp(-t), (0, INF), (0, 15), lambda w: 1 / (1 + w * w)
    ),
    "a heavy tail": Kind(lambda t, c: 1 / (1 + (t - c) ** 2), (-INF, INF), (-1e4, 1e4), lambda c: math.pi + 0 * c),
}  # fmt: skip


def _drawn(kind: Kind, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    p = np.random.default_rng(seed).uniform(*kind.between, count)
    return p, kind.exact(p)


def _held_against(value: np.ndarray, error: np.ndarray, converged: np.ndarray, exact: np.ndarray) -> None:
    off = np.abs(value - exact)
    allowed = TOLERANCE * np.maximum(1.0, np.abs(exact))
    # What is claimed may be a little less than what is so, once in many bends: both rules may err alike.
    assert np.count_nonzero(converged & (off > error + 4e-15 * np.abs(exact))) <= 0.06 * len(exact)
    assert np.count_nonzero(converged & (off > 1.01 * allowed)) <= 0.02 * len(exact)
    assert off[converged].max(initial=0.0) <= 10 * allowed.max()
    assert np.all(off[~converged] <= error[~converged])


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize("vectorized", [True, False])
@pytest.mark.parametrize("name", KINDS)
def test_one_integral_is_as_near_as_it_says(name: str, vectorized: bool) -> None:
    kind = KINDS[name]
    p, exact = _drawn(kind, 40, 11)
    found = [
        wk.integrate(lambda t, c: kind.f(t, c) if vectorized else float(kind.f(t, c)), *kind.limits, (c,),
                     vectorized=vectorized)
        for c in p.tolist()
    ]  # fmt: skip
    value, error, converged = (
        np.array([getattr(one, field) for one in found]) for field in ("value", "error", "converged")
    )
    assert converged.mean() >= 0.75
    _held_against(value, error, converged, exact)


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize("name", KINDS)
def test_the_error_that_is_judged_and_told_is_the_one_returned(name: str) -> None:
    kind = KINDS[name]
    found = [wk.integrate(kind.f, *kind.limits, (p,)) for p in _drawn(kind, 20, 6)[0].tolist()]
    for one in found:
        within = one.error <= max(one.epsabs, one.epsrel * abs(one.value))
        assert one.converged == within, one
        assert not one.converged or f"The estimated error {one.error:.3g} is" in str(one.status)
    assert any(one.converged for one in found)


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize("order", ["as drawn", "sorted"])
@pytest.mark.parametrize("name", KINDS)
def test_a_family_is_as_near_as_it_says(name: str, order: str) -> None:
    kind = KINDS[name]
    p, exact = _drawn(kind, 60, 12)
    if order == "sorted":
        p, exact = np.sort(p), kind.exact(np.sort(p))
    found = wk.integrate_family(kind.f, *kind.limits, p)
    _held_against(found.value, found.error, found.converged, exact)


def test_the_exact_values_are_exact() -> None:
    with mp.workdps(30):
        for c in (0.25, 0.7):
            step = mp.quad(lambda t, c=c: 1 / (1 + mp.exp(-(t - c) * 1000)), [0, c - 0.02, c, c + 0.02, 1])
            assert float(step) == pytest.approx(KINDS["a step"].exact(c), rel=1e-13)
            cusp = mp.quad(lambda t, c=c: mp.sqrt(abs(t - c)), [0, c, 1])
            assert float(cusp) == pytest.approx(KINDS["a cusp"].exact(c), rel=1e-13)
            pole = mp.quad(lambda t, c=c: abs(t - mp.mpf("0.3")) ** -(c / 2), [0, mp.mpf("0.3"), 1])
            assert float(pole) == pytest.approx(KINDS["a pole inside"].exact(-c / 2), rel=1e-10)
            damped = mp.quadosc(lambda t, c=c: mp.cos(9 * c * t) * mp.exp(-t), [0, mp.inf], omega=9 * c)
            assert float(damped) == pytest.approx(KINDS["a damped oscillation"].exact(9 * c), rel=1e-12)


@pytest.mark.parametrize("order", RULES)
def test_every_pair_of_rules_is_the_published_one(order: int) -> None:
    rule, n = RULES[order], order // 2
    nodes, weights = leggauss(n)
    assert len(rule.nodes) == order
    np.testing.assert_allclose(rule.nodes[1::2], nodes, atol=3e-16)
    np.testing.assert_allclose(rule.gauss[1::2], weights, atol=5e-15)
    assert not rule.gauss[::2].any()
    for degree in range(0, 3 * n + 2, 2):
        assert rule.kronrod @ rule.nodes**degree == pytest.approx(2 / (degree + 1), rel=6e-16 * degree + 6e-16)


@pytest.mark.parametrize("limits", [(0.0, 10.0), (0.0, INF), (-INF, INF)])
@pytest.mark.parametrize("f", ["exp(-x^2)*cos(x*w)", lambda x, w: np.exp(-x * x) * np.cos(x * w)])
def test_the_compiled_sums_are_those_of_the_definition(f: Any, limits: tuple[float, float]) -> None:
    w = np.linspace(0.0, 10.0, 700)
    family = Together(f, w[:, None], *limits, epsabs=TOLERANCE, epsrel=TOLERANCE, limit=50)
    path = path_between(*limits)
    whole = Mesh(path, np.arange(len(path)), path.low, path.high, np.full(len(path), 41))
    mesh = whole.bisected(np.array([0]))
    (found,) = family._measured([(mesh, np.arange(700))], "many")
    for row in range(len(mesh)):
        rule = RULES[int(mesh.order[row])]
        half = 0.5 * (mesh.high[row] - mesh.low[row])
        u = 0.5 * (mesh.high[row] + mesh.low[row]) + half * rule.nodes
        piece = np.full(len(u), mesh.piece[row])
        x = path.places(piece, u)
        values = np.exp(-x * x)[:, None] * np.cos(x[:, None] * w)
        values = path.densities(
            piece[:, None].repeat(700, 1).ravel(), u[:, None].repeat(700, 1).ravel(), values.ravel()
        )
        values = values.reshape(len(u), 700)
        kronrod, gauss = rule.kronrod @ values, rule.gauss @ values
        spread = rule.kronrod @ np.abs(values - 0.5 * kronrod) * half
        with np.errstate(divide="ignore", invalid="ignore"):
            error = spread * np.minimum(1.0, (200 * np.abs(kronrod - gauss) * half / spread) ** 1.5)
        absolute = rule.kronrod @ np.abs(values) * half
        np.testing.assert_allclose(found.value[row], kronrod * half, atol=1e-14)
        np.testing.assert_allclose(found.error[row], np.maximum(error, 50 * 2**-52 * absolute), rtol=1e-6, atol=1e-14)


def test_an_oscillation_gets_many_nodes_and_a_peak_few_in_many_subintervals() -> None:
    def meshes(f: Any, p: np.ndarray) -> list[Any]:
        seen: list[Any] = []
        family = Together(f, p[:, None], 0.0, 10.0, epsabs=TOLERANCE, epsrel=TOLERANCE, limit=50)
        measured = family._measured

        def recorded(groups: Any, looks: Any) -> Any:
            if looks == "few":  # the members themselves, not the scouts
                seen.extend(mesh for mesh, _ in groups)
            return measured(groups, looks)

        family._measured = recorded  # type: ignore[method-assign]
        family.solve()
        assert family.converged.all()
        return seen

    oscillating = meshes(lambda t, w: np.cos(w * t) * np.exp(-t * t), np.linspace(0, 4, 200))
    assert max(len(mesh) for mesh in oscillating) == 1
    assert {int(order) for mesh in oscillating for order in mesh.order} >= {41, 51, 61}
    peaked = meshes(lambda t, w: 1e-3 / ((t - 5) ** 2 + 1e-6) * (1 + 0 * w), np.linspace(1, 2, 200))
    assert min(len(mesh) for mesh in peaked) > 8


@pytest.mark.parametrize("width", [1e-4, 3e-5, 1e-5])
@pytest.mark.parametrize("vectorized", [True, False])
def test_a_peak_of_which_the_nodes_see_the_foot_is_looked_for(width: float, vectorized: bool) -> None:
    for m in np.random.default_rng(9).uniform(0.05, 0.95, 20).tolist():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = wk.integrate(lambda t, m=m: np.exp(-(((t - m) / width) ** 2) / 2), 0, 1, vectorized=vectorized)
        assert not found.converged or abs(found.value - ROOT_2_PI * width) <= TOLERANCE
        assert not vectorized or found.converged


def test_a_small_integrand_is_no_foot() -> None:
    assert wk.integrate("1e-9*x", 0, 1).evaluations < 500
    assert wk.integrate(lambda t: 1e-12 * (2 + np.sin(9 * t)), 0, 5).evaluations < 1_000
