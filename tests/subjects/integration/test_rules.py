"""Sums of strips and areas under samples: known answers, SciPy, exactness up to their degree, other arrays."""

from __future__ import annotations

import math
from typing import Any

import array_api_strict
import numpy as np
import pytest
import scipy.integrate
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import workings as wk
from workings.errors import InputError

RULES = {
    wk.trapezoid: scipy.integrate.trapezoid,
    wk.simpson: scipy.integrate.simpson,
    wk.cumulative_trapezoid: scipy.integrate.cumulative_trapezoid,
}


def test_strips_of_a_parabola_are_the_sums_by_hand() -> None:
    # Five strips of width 2: heights 1, 9, 25, 49, 81 on the left.
    assert wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5) == 2 * (1 + 9 + 25 + 49 + 81)
    assert wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5, "right") == 2 * (9 + 25 + 49 + 81 + 121)
    assert wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5, "midpoint") == 2 * (4 + 16 + 36 + 64 + 100)
    assert wk.riemann_sum("x^2 + 2x + 1", 10, 0, 5, "right") == -wk.riemann_sum("x^2 + 2x + 1", 0, 10, 5)
    assert wk.riemann_sum(lambda t, a: a * t, 0, 1, 4, "midpoint", args=(3,)) == 1.5


@pytest.mark.parametrize(("rule", "order"), [("left", 1), ("right", 1), ("midpoint", 2)])
def test_the_error_of_strips_falls_as_promised(rule: Any, order: int) -> None:
    errors = [abs(wk.riemann_sum(math.exp, 0, 1, n, rule) - (math.e - 1)) for n in (64, 128, 256)]
    assert errors[0] / errors[1] == pytest.approx(2**order, rel=0.02)
    assert errors[1] / errors[2] == pytest.approx(2**order, rel=0.02)


def test_strips_beyond_one_block_are_all_counted() -> None:
    assert wk.riemann_sum("1 + 0*x", 0, 1, 200_001) == pytest.approx(1.0, abs=1e-15)


@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=7), elements=st.floats(-9, 9)),
    st.data(),
)
@settings(deadline=None, max_examples=80)
def test_samples_are_added_as_scipy_adds_them(y: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-y.ndim, y.ndim - 1))
    steps = hnp.arrays(np.int64, y.shape[axis], elements=st.integers(-40, 40))
    x = np.sort(data.draw(steps)) / 8
    for ours, theirs in RULES.items():
        for options in (
            {"axis": axis},
            {"axis": axis, "dx": 0.3},
            {"axis": axis, "x": x},
            {"axis": axis, "x": y * 0 + 1},
        ):
            found, expected = ours(y, **options), theirs(y, **options)
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)
            assert type(found) is type(expected)
            assert found.dtype == expected.dtype


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32", "bool", "complex128"])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_every_dtype_comes_out_as_scipys(dtype: str, count: int) -> None:
    y = (np.arange(count) % 2 * 3).astype(dtype)
    for ours, theirs in RULES.items():
        found, expected = ours(y), theirs(y)
        np.testing.assert_allclose(found, expected)
        assert np.asarray(found).dtype == np.asarray(expected).dtype, ours.__name__


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=4), st.integers(1, 6))
@settings(deadline=None)
def test_simpson_is_exact_up_to_degree_3_and_trapezoids_up_to_1(coefficients: list[float], pairs: int) -> None:
    cubic = np.polynomial.Polynomial(coefficients)
    x = np.linspace(-1, 2, 2 * pairs + 1)
    whole = cubic.integ()(2) - cubic.integ()(-1)
    assert wk.simpson(cubic(x), x) == pytest.approx(whole, abs=1e-10)
    line = np.polynomial.Polynomial(coefficients[:2])
    assert wk.trapezoid(line(x), x) == pytest.approx(line.integ()(2) - line.integ()(-1), abs=1e-10)


def test_masked_samples_count_nothing() -> None:
    y = np.ma.array([0.0, 1, 4, 9, 16], mask=[0, 0, 1, 0, 0])
    assert wk.trapezoid(y, np.arange(5)) == 13.0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("count", [3, 4, 8])
def test_other_arrays_go_in_and_come_out(rule: Any, count: int) -> None:
    y = np.linspace(0, 2, count) ** 2
    x = np.linspace(0, 2, count)
    for array, kind in ((array_api_strict.asarray, type(array_api_strict.asarray(y))), (torch.asarray, torch.Tensor)):
        found = rule(array(y), array(x))
        assert isinstance(found, kind)
        np.testing.assert_allclose(np.asarray(found), rule(y, x), rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wk.trapezoid([1, 2, 3], [0, 1]), "length of x along axis"),
        (lambda: wk.trapezoid([[1, 2], [3, 4]], [[[0, 1]]]), "shape of x must be 1-D or the same as y"),
        (lambda: wk.simpson([1, 2, 3], [0, 1]), "length of x along axis"),
        (lambda: wk.simpson([]), "At least one point is required"),
        (lambda: wk.cumulative_trapezoid([]), "At least one point is required"),
        (lambda: wk.cumulative_trapezoid([1, 2], initial=1), "`initial` must be `None` or `0`"),
        (lambda: wk.trapezoid(3.0), "samples along an axis"),
        (lambda: wk.riemann_sum("x", 0, 1, 0), "n must be a whole number"),
        (lambda: wk.riemann_sum("x", 0, 1, 2.5), "n must be a whole number"),
        (lambda: wk.riemann_sum("x", 0, math.inf, 2), "b must be a finite number"),
        (lambda: wk.riemann_sum("x", 0, 1, 2, "simpson"), 'rule must be "left"'),
    ],
)
def test_refusals(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
