"""Sums and means over rows: exact to the last digit, in stages, alike on any number of threads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.expression.compiling.ways import by_kernel, by_tape, by_whole

from workings.errors import InputError
from workings.expression import Apply, as_node, exp, greater, sqrt, symbols, where
from workings.expression.compiling import compile_nodes
from workings.expression.compiling.sums import accurate_sum

x, y, w, b = symbols("x y w b")
SIZES = [10, 300, 100_003]


def total(node):
    return Apply("sum", (as_node(node),))


def mean(node):
    return Apply("mean", (as_node(node),))


def columns(size, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=size), rng.normal(size=size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", [by_whole, by_tape, by_kernel])
def test_a_sum_is_rounded_once(way, size):
    given = np.concatenate(
        [10.0 ** np.random.default_rng(size).uniform(-20, 20, size), -(10.0 ** np.linspace(-20, 20, size))]
    )
    assert way([total(x)], ["x"], [given])[0] == math.fsum(given)
    assert way([mean(x)], ["x"], [given])[0] == math.fsum(given) / len(given)


@pytest.mark.parametrize("size", SIZES)
def test_what_cancels_leaves_what_is_left(size):
    large = np.tile([1e16, 1.0, -1e16, 1e-3], size)
    exact = math.fsum(large)
    (found,) = compile_nodes([total(x)], ["x"])(large)
    assert found == pytest.approx(exact, rel=1e-14)
    assert abs(exact) < 1e-9 * abs(np.abs(large).sum())


@pytest.mark.parametrize("size", SIZES)
def test_a_variance_is_a_sum_within_a_sum(size):
    xs, ys = columns(size)
    spread = mean((x - mean(x)) ** 2)
    correlation = mean((x - mean(x)) * (y - mean(y))) / sqrt(spread * mean((y - mean(y)) ** 2))
    standard = (x - mean(x)) / sqrt(spread)
    found = compile_nodes([spread, correlation, standard, total(standard**4)], ["x", "y"], rows=["x", "y"])(xs, ys)
    assert found[0] == pytest.approx(xs.var(), rel=1e-14)
    assert found[1] == pytest.approx(np.corrcoef(xs, ys)[0, 1], rel=1e-12)
    np.testing.assert_allclose(found[2], (xs - xs.mean()) / xs.std(), rtol=1e-12, atol=1e-14)
    assert found[3] == pytest.approx((((xs - xs.mean()) / xs.std()) ** 4).sum(), rel=1e-12)


@pytest.mark.parametrize("size", SIZES)
def test_a_sum_of_what_all_rows_have_alike_counts_the_rows(size):
    xs, ys = columns(size)
    compiled = compile_nodes(
        [total(w), mean(w), total(1) * w, mean(x) + total(w * 2), x * total(w)], ["x", "y", "w"], rows=["x", "y"]
    )
    found = compiled(xs, ys, 0.5)
    assert found[:3] == (size * 0.5, 0.5, size * 0.5)
    assert found[3] == pytest.approx(xs.mean() + size)
    np.testing.assert_allclose(found[4], xs * (size * 0.5))


def test_a_sum_needs_rows():
    with pytest.raises(InputError, match="a sum over rows must have a column of data"):
        compile_nodes([total(w)], ["x", "w"], rows=["x"])(1.0, 2.0)
    assert compile_nodes([mean(w)], ["x", "w"], rows=["x"])(1.0, 2.0) == (2.0,)


@pytest.mark.parametrize("size", SIZES)
def test_parameters_that_are_arrays_are_points_each_with_sums_of_its_own(size):
    xs, ys = columns(size)
    cost = mean((y - (w * x + b)) ** 2)
    grid_w, grid_b = np.array([[0.0], [1.0]]), np.array([0.5, -0.5, 2.0])
    costs, residuals = compile_nodes([cost, y - (w * x + b)], ["x", "y", "w", "b"], rows=["x", "y"])(
        xs, ys, grid_w, grid_b
    )
    assert costs.shape == (2, 3)
    assert residuals.shape == (2, 3, size)
    for row, column in np.ndindex(2, 3):
        rest = ys - (grid_w[row, 0] * xs + grid_b[column])
        assert costs[row, column] == pytest.approx((rest**2).mean(), rel=1e-14)
        np.testing.assert_allclose(residuals[row, column], rest, atol=1e-14)


def test_without_rows_a_sum_runs_over_all_that_its_argument_broadcasts_to():
    column, row = np.arange(200.0)[:, None], np.arange(150.0)
    found = compile_nodes([total(x * y), total(x), x + mean(y)], ["x", "y"])(column, row)
    assert found[0] == column.sum() * row.sum()
    assert found[1] == column.sum()
    assert found[2].shape == (200, 150)


@pytest.mark.parametrize("size", [1_000, 200_001])
def test_infinities_and_nan_are_what_they_are(size):
    xs, _ = columns(size)
    (found,) = compile_nodes([total(x)], ["x"])(np.append(xs, np.inf))
    assert found == np.inf
    for bad in ([np.inf, -np.inf], [np.nan], [np.nan, np.inf]):
        assert np.isnan(compile_nodes([total(x)], ["x"])(np.append(xs, bad))[0])
    assert compile_nodes([total(x)], ["x"])(np.full(size, 1e308))[0] == np.inf
    assert compile_nodes([mean(where(greater(x, 0), 1, 0))], ["x"])(np.append(xs, np.inf))[0] == pytest.approx(
        (xs > 0).mean(), rel=0.01
    )


@pytest.mark.parametrize("threads", ["1", "2", "3", "7"])
def test_no_digit_depends_on_the_number_of_threads(threads, monkeypatch):
    xs, ys = columns(700_001, seed=3)
    outputs = [mean((y - exp(w * x)) ** 2), total(x * y), exp(x) * y]
    compiled = compile_nodes(outputs, ["x", "y", "w"], rows=["x", "y"])
    wanted = compiled(xs, ys, 0.3)
    monkeypatch.setenv("WORKINGS_NUM_THREADS", threads)
    found = compiled(xs, ys, 0.3)
    assert found[:2] == wanted[:2]
    assert np.array_equal(found[2], wanted[2])


def test_the_sum_of_nothing_is_zero():
    assert accurate_sum(np.array([])) == 0.0
