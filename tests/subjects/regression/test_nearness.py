"""Errors and spreads of large numbers that lie close together, beside exact fractions; and that they are told so."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workings as wk
from workings.subjects.regression.nearness import errors_of, squared_deviations

moderate = st.floats(-1e12, 1e12, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-12)


def exact_spread(y: list[float], weight: list[float] | None = None) -> Fraction:
    each = [Fraction(1)] * len(y) if weight is None else [Fraction(one) for one in weight]
    numbers = [Fraction(one) for one in y]
    mean = sum((s * v for s, v in zip(each, numbers, strict=True)), Fraction()) / sum(each, Fraction())
    return sum((s * (v - mean) ** 2 for s, v in zip(each, numbers, strict=True)), Fraction())


@pytest.mark.parametrize(("size", "spread"), [(1e9, 1e-3), (1e12, 1e-2), (1e9, 1e-6), (0.0, 1.0), (-1e6, 1e-3)])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_spread_of_near_numbers_keeps_its_digits(size, spread, weighted):
    rng = np.random.default_rng(0)
    y = size + spread * rng.normal(size=200)
    weight = rng.uniform(0.5, 2.0, 200) if weighted else None
    exact = exact_spread(y.tolist(), None if weight is None else weight.tolist())
    assert squared_deviations(y, weight) == pytest.approx(float(exact), rel=1e-12)


@given(st.lists(moderate, min_size=1, max_size=20))
def test_the_spread_is_never_negative_and_zero_of_equal_numbers(values):
    assert squared_deviations(np.array(values)) >= 0.0
    assert squared_deviations(np.full(7, values[0])) == 0.0


@given(st.lists(st.tuples(moderate, moderate, moderate), min_size=1, max_size=10), moderate, moderate, moderate)
def test_an_error_is_the_exact_one_to_what_its_terms_allow(rows, first, second, intercept):
    X = np.array([[a, b] for a, b, _ in rows])
    y = np.array([one for *_, one in rows])
    found = errors_of(X, np.array([first, second]), intercept, y)
    for (a, b, true), error in zip(rows, found.tolist(), strict=True):
        terms = [Fraction(first) * Fraction(a), Fraction(second) * Fraction(b), Fraction(intercept), -Fraction(true)]
        size = float(sum(map(abs, terms)))
        # Rounded once, and about 2⁻¹⁰⁰ of the terms besides: what cancels leaves its digits.
        assert abs(float(Fraction(error) - sum(terms))) <= 2.0**-52 * abs(error) + 1e-29 * size


def test_an_error_that_overflows_on_the_way_is_still_a_number():
    assert math.isfinite(errors_of(np.array([[1e300]]), np.array([2.0]), 0.0, np.array([1e300]))[0])


@pytest.mark.parametrize("normalize", ["none", "min-max", "z-score"])
@pytest.mark.parametrize(("size", "spread"), [(1e9, 1e-3), (1e12, 1e-2)])
def test_large_numbers_with_a_small_spread_are_fitted_and_told(size, spread, normalize):
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    table = {"x": x, "z": rng.normal(size=60), "y": size + spread * (x + 0.3 * rng.normal(size=60))}
    study = wk.fit(pd.DataFrame(table), target="y", normalize=normalize, kind="linear")
    assert study.workings["residuals"].verify().equations >= 6
    assert study.workings["model"].verify().equations > 3
    held_out = study.residuals
    assert held_out is not None
    exact = exact_spread(list(held_out.actual))
    squares = sum((Fraction(a) - Fraction(p)) ** 2 for a, p in zip(held_out.actual, held_out.predicted, strict=True))
    assert study.metrics["r2"] == pytest.approx(1 - float(squares / exact), rel=1e-12)
