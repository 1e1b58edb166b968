"""Members of a family whose peaks wander: each gets subintervals of its own, all solved at once and as honestly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.subjects.integration.apart import solved_apart
from workings.subjects.integration.path import path_between

RNG = np.random.default_rng(23)
WHERE = RNG.uniform(0.05, 0.95, 300)


def peaks(t: Any, m: Any) -> Any:
    return np.exp(-((t - m) ** 2) / 2e-6)


@pytest.mark.parametrize("f", [peaks, "exp(-(t - m)^2/2e-6)", lambda t, m: 1 + peaks(t, m)])
def test_peaks_that_wander_are_solved_together_with_few_values_each(f: Any) -> None:
    family = wk.integrate_family(f, 0, 1, WHERE)
    exact = math.sqrt(2 * math.pi) * 1e-3 + (f not in (peaks, "exp(-(t - m)^2/2e-6)"))
    assert family.converged.all()
    assert np.all(np.abs(family.value - exact) <= family.error + 4e-15 * exact)
    assert len(family.alone) <= 15
    assert family.evaluations < 1_500 * len(WHERE)


def test_limits_that_fall_give_the_negative() -> None:
    family = wk.integrate_family(peaks, 1, 0, WHERE)
    np.testing.assert_allclose(family.value, -math.sqrt(2 * math.pi) * 1e-3, rtol=0, atol=2e-8)


def test_peaks_that_wander_far_are_each_found() -> None:
    family = wk.integrate_family(lambda t, m: np.exp(-((t - m) ** 2) / 2), -math.inf, math.inf, 1000 * WHERE - 500)
    assert family.converged.all()
    np.testing.assert_allclose(family.value, math.sqrt(2 * math.pi), rtol=0, atol=2e-8)


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda t, c: np.abs(t - c), lambda c: (c**2 + (1 - c) ** 2) / 2),
        (lambda t, c: np.where(t < c, 1.0, 2.0), lambda c: 2 - c),
        (lambda t, c: np.sqrt(np.abs(t - c)), lambda c: (c**1.5 + (1 - c) ** 1.5) / 1.5),
    ],
)
def test_breaks_that_wander_are_no_less_honest_than_one_by_one(f: Any, exact: Any) -> None:
    family = wk.integrate_family(f, 0, 1, WHERE)
    off = np.abs(family.value - exact(WHERE))
    assert family.converged.all()
    assert np.all(off <= 3e-8)
    assert np.count_nonzero(off > family.error + 4e-15) <= 0.02 * len(WHERE)


def test_a_function_of_a_column_and_a_row_is_never_called_with_two_columns() -> None:
    def outer(t: Any, m: Any) -> Any:
        return np.exp(-((np.add.outer(np.ravel(t), -np.ravel(m))) ** 2) / 2e-6)

    family = wk.integrate_family(outer, 0, 1, WHERE[:40])
    np.testing.assert_allclose(family.value, math.sqrt(2 * math.pi) * 1e-3, rtol=0, atol=2e-8)


def test_what_is_missed_or_stalls_or_is_undefined_is_left() -> None:
    def members(x: Any, of: Any) -> Any:
        return np.choose(of, [np.exp(x), np.zeros_like(x), np.where(x < 0.3, 1.0, 2.0), np.full_like(x, np.nan)])

    found = solved_apart(path_between(0.0, 1.0), members, 4, epsabs=1e-10, epsrel=1e-10, limit=50)
    assert found.solved.tolist() == [True, False, False, False]
    assert found.value[0] == pytest.approx(math.e - 1, abs=found.error[0])
