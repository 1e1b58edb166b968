"""The compiled ways of regression against the definitions, against exact sums, and at the switch to reflections."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sklearn import linear_model

from workings.errors import InputError, WorkingsWarning
from workings.subjects.regression import GramMoments, LeastSquares, LogLoss, Rows, cholesky, fold_rows, products, solve
from workings.subjects.regression.cholesky import least_squares_of
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
from workings.subjects.regression.kernel import losses


def table(rows=4000, columns=5, targets=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns)) + rng.normal(size=columns) * 50
    return X, X @ rng.normal(size=(columns, targets)) + rng.normal(size=(rows, targets)) + 3.0


def both_ways(monkeypatch, start, rows):
    """Return the state of the rows by the compiled loop and by the definition."""
    states = []
    for large in (1, 10**12):
        monkeypatch.setattr(products, "LARGE", large)
        state = start()
        state.update(rows)
        states.append(state)
    return states


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("targets", [0, 1, 3])
@pytest.mark.parametrize("columns", [1, 2, 3, 20, 40])
@pytest.mark.parametrize("rows", [1, 7, 64, 65, 1000])
def test_loop_of_products_gives_what_the_definition_gives(monkeypatch, rows, columns, targets, weighted):
    X, y = table(rows, columns, max(targets, 1))
    weight = np.random.default_rng(1).integers(0, 3, rows).astype(float) if weighted else None
    compiled, defined = both_ways(monkeypatch, lambda: GramMoments(columns, targets), Rows(X, y, weight))
    assert compiled.count == defined.count == (np.count_nonzero(weight) if weighted else rows)
    assert compiled.weight == defined.weight
    np.testing.assert_allclose(compiled.mean, defined.mean, rtol=1e-14, atol=1e-14)
    scale = np.sqrt(np.outer(*[np.diagonal(defined.products)] * 2))
    np.testing.assert_array_less(np.abs(compiled.products - defined.products), 1e-13 * scale + 1e-20 * rows)


@pytest.mark.parametrize(
    "make", [np.asfortranarray, lambda X: X.astype(np.float32), lambda X: np.repeat(X, 2, 1)[:, ::2]]
)
def test_rows_of_any_layout_are_summed_alike(make):
    X, y = table()
    X = X.astype(np.float32).astype(float)
    first, second = GramMoments(5), GramMoments(5)
    first.update(Rows(X, y))
    second.update(Rows(make(X), y))
    np.testing.assert_array_equal(first.products, second.products)
    np.testing.assert_array_equal(first.mean, second.mean)


def exactly_centred(values):
    """Return the sum of squared deviations of float64 numbers, in exact arithmetic."""
    parts = [Fraction(v) for v in values.tolist()]
    mean = sum(parts) / len(parts)
    return float(sum((v - mean) ** 2 for v in parts))


@pytest.mark.parametrize(
    "column",
    [
        np.linspace(0.0, 1.0, 5000),
        np.r_[np.zeros(4000), np.full(1000, 1e8) + np.linspace(0, 1e-3, 1000)],
        np.full(5000, 7.7),
        1e12 + np.random.default_rng(1).normal(size=5000),
    ],
)
def test_products_keep_their_digits_wherever_the_mean_is_looked_for(monkeypatch, column):
    monkeypatch.setattr(products, "LARGE", 1)
    state = GramMoments(1, 0)
    state.update(Rows(column[:, None], np.zeros(5000)))
    assert state.products[0, 0] == pytest.approx(exactly_centred(column), rel=1e-13, abs=0.0)
    assert state.mean[0] == pytest.approx(float(sum(map(Fraction, column.tolist())) / 5000), rel=4e-16)


def test_rows_that_mislead_where_the_mean_is_looked_for_are_summed_again():
    count = 400_000
    noise = np.random.default_rng(0).integers(-1000, 1000, count)
    column = np.where(np.arange(count) % (count // 256) == 0, 0, 10**9 + noise)
    state = GramMoments(1, 0)
    state.update(Rows(column[:, None].astype(float), np.zeros(count)))
    whole = [int(v) for v in column]
    exact = sum(v * v for v in whole) - Fraction(sum(whole) ** 2, count)
    assert state.products[0, 0] == pytest.approx(float(exact), rel=2e-15, abs=0.0)


def exact_least_squares(X, y):
    """Return coefficients by normal equations at 60 digits."""
    with mpmath.workdps(60):
        Z = [[mpmath.mpf(v) for v in row] for row in np.column_stack([X, y]).tolist()]
        means = [mpmath.fsum(column) / len(Z) for column in zip(*Z, strict=True)]
        columns = [[v - m for v in column] for column, m in zip(zip(*Z, strict=True), means, strict=True)]
        G = mpmath.matrix([[mpmath.fdot(a, b) for b in columns] for a in columns])
        p = X.shape[1]
        return np.array([float(v) for v in mpmath.lu_solve(G[:p, :p], G[:p, p])])


@pytest.mark.parametrize(("condition", "taken"), [(1.0, True), (1e3, True), (3e5, True), (1e8, False), (1e12, False)])
@pytest.mark.parametrize("far", [0.0, 1e4, 1e7])
def test_either_way_to_the_least_squares_is_as_exact_as_the_columns_allow(monkeypatch, condition, taken, far):
    monkeypatch.setattr("workings.subjects.regression.rows._BLOCK_VALUES", 3000)  # several blocks of few rows
    rng = np.random.default_rng(3)
    U, V = rng.normal(size=(6000, 3)), np.linalg.qr(rng.normal(size=(3, 3)))[0]
    X = (U * np.geomspace(1.0, 1.0 / condition, 3)) @ V.T + far
    y = X @ [1.0, -2.0, 0.5] + rng.normal(size=6000)
    fold = fold_rows(Rows(X, y))
    assert (cholesky.by_products(fold, 3, 1) is not None) == taken
    exact = exact_least_squares(X, y)
    # The error of a stable way: the rounding of the numbers times the condition, and its square times the errors' part.
    errors = np.linalg.norm(y - y.mean() - (X - X.mean(axis=0)) @ exact)
    size = np.linalg.norm(exact) + condition * errors / np.linalg.norm(U)
    for way in (least_squares_of, cholesky.by_reflections):
        coef = solve(way(Rows(X, y), fold, 3, 1)).coef[0]
        assert np.linalg.norm(coef - exact) <= 2e-14 * condition * size, way


@pytest.mark.parametrize("options", [{}, {"alpha": 3.0}, {"fit_intercept": False}])
@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_both_ways_to_the_least_squares_agree_to_rounding(options, targets, weighted):
    X, y = table(30_000, 6, targets)
    weight = np.random.default_rng(1).integers(0, 3, len(X)).astype(float) if weighted else None
    fold = fold_rows(Rows(X, y, weight))
    products_way = cholesky.by_products(fold, 6, targets)
    assert products_way is not None
    first, second = solve(products_way, **options), solve(fold(lambda: LeastSquares(6, targets)), **options)
    for name in ("coef", "intercept", "squared_errors", "standard_errors"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=2e-12, err_msg=name)
    assert first.rank == second.rank
    assert products_way.count == (np.count_nonzero(weight) if weighted else len(X))


def test_a_target_that_the_columns_give_exactly_is_no_hindrance():
    X, _ = table(20_000, 4)
    y = X @ [1.0, 2.0, -3.0, 0.5] + 7.0
    fold = fold_rows(Rows(X, y))
    state = cholesky.by_products(fold, 4, 1)
    assert state is not None
    np.testing.assert_allclose(solve(state).coef[0], [1.0, 2.0, -3.0, 0.5], rtol=1e-13)
    assert solve(state).squared_errors[0] < 1e-24 * (y**2).sum()


@pytest.mark.parametrize(
    "spoil", [lambda X: X[:, 0] + X[:, 1], lambda X: np.full(len(X), 3.3), lambda X: 0.0 * X[:, 0]]
)
def test_many_rows_of_dependent_columns_are_told_as_few_are(spoil):
    X, y = table(20_000, 3)
    X = np.column_stack([X, spoil(X)])
    assert cholesky.by_products(fold_rows(Rows(X, y)), 4, 1) is None
    with pytest.warns(WorkingsWarning, match="only 3 of 4 columns are independent"):
        model = LinearRegression().fit(X, y[:, 0])
    least = np.linalg.lstsq(X - X.mean(axis=0), y[:, 0] - y.mean(), rcond=1e-10)[0]
    np.testing.assert_allclose(model.coef_, least, rtol=1e-8, atol=1e-10)


def test_many_rows_are_fitted_as_scikit_learn_fits_them():
    X, y = table(60_000, 12)
    for rows in (X, X.astype(np.float32), np.asfortranarray(X), (100 * X).astype(int)):
        ours, theirs = (
            LinearRegression().fit(rows, y[:, 0]),
            linear_model.LinearRegression().fit(rows.astype(float), y[:, 0]),
        )
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8)
        assert ours.intercept_ == pytest.approx(theirs.intercept_, rel=1e-8)


def test_rows_without_weight_in_a_whole_block_count_for_nothing():
    X, y = table(60_000, 12)
    weight = np.r_[np.zeros(45_000), np.ones(15_000)]
    model, without = LinearRegression().fit(X, y[:, 0], weight), LinearRegression().fit(X[45_000:], y[45_000:, 0])
    np.testing.assert_allclose(model.coef_, without.coef_, rtol=1e-11)


@pytest.mark.parametrize("model", [LinearRegression, LogisticRegression])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("make", [np.ascontiguousarray, np.asfortranarray, lambda X: np.repeat(X, 2, 1)[:, ::2]])
@pytest.mark.parametrize("rows", [10, 50_000])
def test_what_is_no_number_is_refused_by_name(model, value, make, rows):
    X, y = table(rows)
    X[rows // 2, 1] = value
    text = "Input X contains NaN" if np.isnan(value) else "Input X contains infinity"
    with pytest.raises(ValueError, match=text):
        model().fit(make(X), y[:, 0] > y.mean())
    X[rows // 2, 1] = 1e300
    with pytest.raises(InputError, match=r"got 1e\+300 in column 1"):
        model().fit(make(X), y[:, 0] > y.mean())


def test_losses_slopes_and_bends_are_right_to_a_few_units_in_the_last_place():
    z = np.r_[np.linspace(-760.0, 760.0, 1001), np.random.default_rng(0).normal(size=1000) * 3, -1e-300, 0.0, 40.0]
    n = len(z)
    loss, slope, bend = np.empty((3, n))
    losses(z.copy(), np.ones(n), np.ones(n), n, loss, slope, bend, np.empty(n))
    with mpmath.workdps(60):
        e = [mpmath.exp(v) for v in z.tolist()]
        for found, exact in (
            (loss, [mpmath.log1p(v) for v in e]),
            (slope, [v / (1 + v) for v in e]),
            (bend, [v / (1 + v) ** 2 for v in e]),
        ):
            unit = np.spacing(np.array([float(v) for v in exact]))
            off = np.array([float(mpmath.mpf(a) - v) for a, v in zip(found.tolist(), exact, strict=True)])
            assert (np.abs(off) <= 6 * unit).all()


def test_losses_of_what_is_no_number_or_without_bound():
    z = np.array([np.nan, np.inf, -np.inf])
    loss, slope, bend = np.empty((3, 3))
    losses(z.copy(), np.ones(3), np.ones(3), 3, loss, slope, bend, np.full(3, -np.inf))
    np.testing.assert_array_equal(loss, [np.nan, np.inf, 0.0])
    np.testing.assert_array_equal(slope, [np.nan, 1.0, 0.0])
    np.testing.assert_array_equal(bend, [np.nan, 0.0, 0.0])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fit_intercept", [False, True])
@pytest.mark.parametrize("curvature", [False, True])
@pytest.mark.parametrize(("outputs", "columns"), [(1, 1), (1, 2), (3, 3), (1, 20), (4, 6)])
def test_loop_of_losses_gives_what_the_definition_gives(
    monkeypatch, outputs, columns, curvature, fit_intercept, weighted
):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(700, columns)) * 5, rng.integers(0, max(outputs, 2), 700)
    weight = rng.integers(0, 3, 700).astype(float) if weighted else None
    parameters = rng.normal(size=(outputs, columns + fit_intercept))
    start = lambda: LogLoss(parameters, columns, curvature=curvature)  # noqa: E731 -- a name for it
    compiled, defined = both_ways(monkeypatch, start, Rows(X, y, weight))
    assert compiled.cost == pytest.approx(defined.cost, rel=1e-14)
    np.testing.assert_allclose(compiled.gradient, defined.gradient, rtol=1e-12, atol=1e-11)
    if curvature:
        np.testing.assert_allclose(compiled.second, defined.second, rtol=1e-12, atol=1e-11)
    else:
        assert compiled.second is None
    np.testing.assert_allclose(compiled.nearest, defined.nearest, rtol=1e-13)
    assert compiled.weight == defined.weight
    assert math.isfinite(compiled.cost)


def test_many_rows_reach_no_higher_a_cost_than_scikit_learn():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40_000, 8))
    y = rng.random(40_000) < 1 / (1 + np.exp(-(X @ rng.normal(size=8) - 1.0)))
    ours, theirs = LogisticRegression().fit(X, y), linear_model.LogisticRegression(tol=1e-10, max_iter=10_000).fit(X, y)

    def cost(model):
        z = X @ model.coef_[0] + model.intercept_[0]
        return np.logaddexp(0.0, np.where(y, -z, z)).sum() + (model.coef_**2).sum() / 2

    assert cost(ours) <= cost(theirs) * (1 + 1e-15)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5)
    assert np.abs(ours.gradient_).max() <= 1e-8
