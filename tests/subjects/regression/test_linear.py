"""Linear regression against NIST's certified values, scikit-learn, statsmodels' formulas and a plain loop."""

from __future__ import annotations

import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from sklearn import linear_model
from sklearn.datasets import load_diabetes
from tests.subjects.regression.problems import (
    LONGLEY,
    LONGLEY_COEFFICIENTS,
    LONGLEY_INTERCEPT,
    LONGLEY_SQUARED_ERRORS,
    LONGLEY_STANDARD_ERRORS,
    NORRIS,
    NORRIS_INTERCEPT,
    NORRIS_SLOPE,
    NORRIS_SQUARED_ERRORS,
    NORRIS_STANDARD_ERRORS,
)

from workings.errors import ConvergenceWarning, InputError, WorkingsWarning
from workings.subjects.regression import GramMoments, LeastSquares, Rows, descend_linear, fold_rows, solve
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
from workings.subjects.regression.objectives import SquaredCost


def data(rows=80, columns=4, targets=None, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns)) * [1.0, 3.0, 0.2, 1.0][:columns] + [0.0, 5.0, -1.0, 2.0][:columns]
    shape = (columns,) if targets is None else (columns, targets)
    return X, X @ rng.normal(size=shape) + rng.normal(size=(rows,) if targets is None else (rows, targets)) + 3.0


# --- the exact solver


def test_longley_to_13_digits():
    X, y = LONGLEY[:, 1:], LONGLEY[:, 0]
    model = LinearRegression().fit(X, y)
    np.testing.assert_allclose(model.coef_, LONGLEY_COEFFICIENTS, rtol=1e-13)
    assert model.intercept_ == pytest.approx(LONGLEY_INTERCEPT, rel=1e-13)
    np.testing.assert_allclose(model.standard_errors_[0], LONGLEY_STANDARD_ERRORS, rtol=1e-12)


def test_longley_in_parts_of_any_size_to_12_digits():
    whole = LeastSquares(6)
    for rows in (slice(0, 1), slice(1, 4), slice(4, 9), slice(9, 16)):
        part = LeastSquares(6)
        part.update(Rows(LONGLEY[rows, 1:], LONGLEY[rows, 0]))
        whole.merge(part)
    solution = solve(whole)
    np.testing.assert_allclose(solution.coef[0], LONGLEY_COEFFICIENTS, rtol=1e-12)
    assert solution.squared_errors[0] == pytest.approx(LONGLEY_SQUARED_ERRORS, rel=1e-10)


def test_norris():
    state = LeastSquares(1)
    state.update(Rows(NORRIS[:, 1:], NORRIS[:, 0]))
    solution = solve(state)
    assert solution.coef[0, 0] == pytest.approx(NORRIS_SLOPE, rel=1e-14)
    assert solution.intercept[0] == pytest.approx(NORRIS_INTERCEPT, rel=1e-12)
    assert solution.squared_errors[0] == pytest.approx(NORRIS_SQUARED_ERRORS, rel=1e-12)
    np.testing.assert_allclose(solution.standard_errors[0], NORRIS_STANDARD_ERRORS, rtol=1e-12)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("targets", [None, 3])
@pytest.mark.parametrize("alpha", [0.0, 2.5])
def test_exact_is_scikit_learns(fit_intercept, targets, alpha):
    X, y = data(targets=targets)
    weight = np.random.default_rng(1).uniform(0, 2, len(X))
    peer = linear_model.Ridge(alpha=alpha, fit_intercept=fit_intercept, solver="svd") if alpha else None
    peer = peer or linear_model.LinearRegression(fit_intercept=fit_intercept)
    for weights in (None, weight):
        ours = LinearRegression(alpha=alpha, fit_intercept=fit_intercept).fit(X, y, weights)
        theirs = peer.fit(X, y, weights)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-10)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-10)
        assert np.shape(ours.coef_) == np.shape(theirs.coef_)
        assert np.shape(ours.intercept_) == np.shape(theirs.intercept_)
        np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-10)
        assert ours.score(X, y, weights) == pytest.approx(theirs.score(X, y, weights))


def test_tall_batches_are_factored_as_exactly_as_small_ones():
    rng = np.random.default_rng(0)
    U = np.linalg.qr(rng.normal(size=(3000, 5)))[0]
    for condition in (1.0, 1e5, 1e9):
        X = (U * np.geomspace(1.0, 1.0 / condition, 5)) @ rng.normal(size=(5, 5)) * [1e-6, 1.0, 1e6, 1.0, 3.0]
        tall, parts = LeastSquares(5), LeastSquares(5)
        tall.update(Rows(X, X @ np.ones(5)))
        for start in range(0, 3000, 100):
            parts.update(Rows(X[start : start + 100], X[start : start + 100] @ np.ones(5)))
        scale = 1e-15 * condition * 50
        for state in (tall, parts):
            np.testing.assert_allclose(
                X @ solve(state).coef[0], X.sum(axis=1), atol=max(scale, 1e-12) * np.abs(X).max()
            )


def test_dependent_columns_give_the_least_coefficients_and_say_so():
    X, y = data(columns=3)
    wide = np.column_stack([X, X[:, 0] - 100 * X[:, 1], np.full(len(X), 7.7)])
    with pytest.warns(WorkingsWarning, match="only 3 of 5 columns are independent"):
        ours = LinearRegression().fit(wide, y)
    centred = wide - wide.mean(axis=0)
    centred[:, 4] = 0.0
    least = np.linalg.lstsq(centred, y - y.mean())[0]
    np.testing.assert_allclose(ours.coef_, least, rtol=1e-8, atol=1e-10)
    assert ours.rank_ == 3
    assert np.isnan(ours.standard_errors_).all()


def test_units_of_the_columns_do_not_enter_into_the_rank():
    X, y = data(columns=3)
    model = LinearRegression().fit(X * [1e-150, 1.0, 1e150], y)
    assert model.rank_ == 3
    np.testing.assert_allclose(model.coef_ * [1e-150, 1.0, 1e150], LinearRegression().fit(X, y).coef_, rtol=1e-10)


def test_fewer_rows_than_columns_fit_exactly_with_the_least_coefficients():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5, 9)), rng.normal(size=5)
    with pytest.warns(WorkingsWarning, match="only 4 of 9 columns"):
        ours = LinearRegression().fit(X, y)
    theirs = linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9)
    np.testing.assert_allclose(ours.predict(X), y)


def test_one_row():
    with pytest.warns(WorkingsWarning, match="only 0 of 2 columns"):
        model = LinearRegression().fit([[1.0, 2.0]], [5.0])
    assert model.coef_.tolist() == [0.0, 0.0]
    assert model.intercept_ == 5.0


def test_rows_of_no_weight_change_nothing():
    X, y = data()
    weight = np.r_[np.ones(60), np.zeros(20)]
    for kind in ({}, {"solver": "gradient_descent"}):
        np.testing.assert_allclose(
            LinearRegression(**kind).fit(X, y, weight).coef_,
            LinearRegression(**kind).fit(X[:60], y[:60]).coef_,
            rtol=1e-9,
        )


@given(st.integers(0, 80), st.randoms())
def test_merging_parts_in_any_order_gives_the_whole(cut, random):
    X, y = data()
    order = np.array(random.sample(range(80), 80))
    whole = solve(fold_rows(Rows(X, y))(lambda: LeastSquares(4)))
    for kind in (LeastSquares, GramMoments):
        first, second = kind(4), kind(4)
        first.update(Rows(X[order[:cut]], y[order[:cut]]))
        second.update(Rows(X[order[cut:]], y[order[cut:]]))
        second = kind.from_bytes(second.to_bytes())
        first.merge(second)
        assert first.count == 80
        if isinstance(first, LeastSquares):
            np.testing.assert_allclose(solve(first).coef, whole.coef, rtol=1e-11)
        else:
            Z = np.column_stack([X, y])
            np.testing.assert_allclose(first.products, 80 * np.cov(Z.T, ddof=0), rtol=1e-11, atol=1e-11)


# --- gradient descent


def naive_descent(X, y, rate, steps, alpha=0.0):
    """Return the textbook loop's m and b."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        error = X @ w + b - y
        w, b = w - rate * (X.T @ error + alpha * w) / len(y), b - rate * error.mean()
    return w, b


@pytest.mark.parametrize("alpha", [0.0, 3.0])
def test_plain_descent_is_the_textbook_loop(alpha):
    X, y = data()
    for steps in (1, 2, 7, 300):
        model = LinearRegression(
            solver="gradient_descent", momentum="none", learning_rate=0.01, max_iter=steps, alpha=alpha
        )
        with pytest.warns(ConvergenceWarning, match=f"stopped at iteration {steps}"):
            model.fit(X, y)
        w, b = naive_descent(X, y, 0.01, steps, alpha)
        np.testing.assert_allclose(model.coef_, w, rtol=1e-11)
        assert model.intercept_ == pytest.approx(b, rel=1e-11)
        assert model.n_iter_ == steps


@pytest.mark.parametrize("scaled", [True, False])
def test_descent_arrives_on_the_diabetes_data(scaled):
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0) if scaled else X
    exact = LinearRegression().fit(X, y)
    model = LinearRegression(solver="gradient_descent").fit(X, y)
    assert model.status_.converged
    assert np.abs(model.coef_ - exact.coef_).max() < 1e-6
    assert abs(model.intercept_ - exact.intercept_) < 1e-6


@pytest.mark.parametrize("momentum", ["nesterov", "none"])
@pytest.mark.parametrize("options", [{}, {"fit_intercept": False}, {"alpha": 4.0}])
def test_descent_reaches_the_exact_solution(momentum, options):
    X, y = data(targets=2)
    X = (X - X.mean(axis=0)) / X.std(axis=0) + 0.3
    weight = np.random.default_rng(1).uniform(0, 2, len(X))
    exact = LinearRegression(**options).fit(X, y, weight)
    model = LinearRegression(solver="gradient_descent", momentum=momentum, **options).fit(X, y, weight)
    assert model.status_.converged
    np.testing.assert_allclose(model.coef_, exact.coef_, rtol=1e-9)
    np.testing.assert_allclose(model.intercept_, exact.intercept_, rtol=1e-9)


def test_history_is_the_cost_at_every_iteration_and_never_outgrows_the_data():
    X, y = data()
    X = X / X.std(axis=0) - [0.0, 1.5, -5.0, 2.0]
    model = LinearRegression(solver="gradient_descent", momentum="none").fit(X, y)
    history = model.history_
    assert len(history) == model.n_iter_ + 1
    assert (np.diff(history.cost) <= 1e-12 * history.cost[0]).all()
    assert history.kept[:4].tolist() == [0, 1, 2, 3]
    assert history.kept[-1] == model.n_iter_
    assert 10 in history.kept
    assert history.parameters.size <= 2_000 + 12 * 5
    for iteration, parameters in zip(history.kept, history.parameters, strict=True):
        error = X @ parameters[0, :4] + parameters[0, 4] - y
        assert history.cost[iteration] == pytest.approx((error**2).mean() / 2, rel=1e-9)
        gradient = np.append(X.T @ error, error.sum()) / len(y)
        assert history.gradient_norm[iteration] == pytest.approx(np.abs(gradient).max(), rel=1e-6, abs=1e-11)
        assert history.gradient_at(iteration)[0] == pytest.approx(gradient, rel=1e-6, abs=1e-11)
    np.testing.assert_array_equal(history.at(model.n_iter_)[0], np.append(model.coef_, model.intercept_))
    assert model.cost_ == history.cost[-1]


def test_rate_that_must_diverge_is_refused_with_the_largest_stable_one():
    X, y = data()
    ones = np.column_stack([X, np.ones(len(X))])
    largest = 2 / np.linalg.eigvalsh(ones.T @ ones / len(X))[-1]
    with pytest.raises(InputError, match=rf"learning_rate must be below {largest:.6g} .* got {1.01 * largest:.6g}"):
        LinearRegression(solver="gradient_descent", learning_rate=1.01 * largest).fit(X, y)
    for momentum in ("nesterov", "none"):
        model = LinearRegression(
            solver="gradient_descent", learning_rate=0.99 * largest, momentum=momentum, max_iter=500, tol=1e-3
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X, y)
        assert np.isfinite(model.history_.cost).all()
        assert model.history_.cost[-1] < 0.2 * model.history_.cost[0]
        assert model.learning_rate_.largest_stable == pytest.approx(largest)


@pytest.mark.parametrize("momentum", ["nesterov", "none"])
def test_slopes_that_are_rounding_alone_are_no_arrival(momentum):
    x, y = 1e9 + np.arange(6.0) * 1e-3, 1e9 + np.array([0, 2, 3.5, 6, 8.1, 11]) * 1e-3
    model = LinearRegression(solver="gradient_descent", momentum=momentum, max_iter=200)
    with pytest.warns(ConvergenceWarning):
        model.fit(x[:, None], y)
    assert not model.status_.converged
    assert np.isnan(model.standard_errors_).all()
    exact = LinearRegression().fit(x[:, None], y)
    assert exact.coef_[0] == pytest.approx(2.165744608309355, rel=1e-12)


def test_descent_that_does_not_arrive_says_where_and_why():
    X, y = load_diabetes(return_X_y=True)
    with pytest.warns(ConvergenceWarning, match="LinearRegression: stopped at iteration 5, before it arrived"):
        model = LinearRegression(solver="gradient_descent", max_iter=5).fit(X, y)
    assert model.status_.name == "max_iter"
    assert not model.status_.converged


@pytest.mark.parametrize("columns", [1, 3])
def test_target_and_columns_without_variation(columns):
    model = LinearRegression(solver="gradient_descent").fit(np.zeros((4, columns)), [2.0, 2.0, 2.0, 2.0])
    assert model.status_.converged
    assert model.intercept_ == pytest.approx(2.0)
    flat = LinearRegression(solver="gradient_descent", fit_intercept=False).fit(
        np.zeros((4, columns)), [1.0, 2.0, 3, 4]
    )
    assert flat.coef_.tolist() == [0.0] * columns


def test_moments_give_the_cost_of_the_rows():
    X, y = data(targets=2)
    weight = np.random.default_rng(2).uniform(0, 3, len(X))
    moments = fold_rows(Rows(X, y, weight))(lambda: GramMoments(4, 2))
    cost, gradient = SquaredCost(moments, alpha=1.5).value(np.arange(10.0).reshape(2, 5) / 10)
    W, b = np.arange(10.0).reshape(2, 5)[:, :4] / 10, np.arange(10.0).reshape(2, 5)[:, 4] / 10
    error = X @ W.T + b - y
    assert cost == pytest.approx((weight @ (error**2).sum(axis=1) + 1.5 * (W**2).sum()) / weight.sum() / 2)
    np.testing.assert_allclose(gradient[:, :4], ((weight[:, None] * error).T @ X + 1.5 * W) / weight.sum(), rtol=1e-10)
    np.testing.assert_allclose(gradient[:, 4], weight @ error / weight.sum(), rtol=1e-10)


def test_functional_core_gives_what_the_estimator_gives():
    X, y = data()
    descent, rate, moments = descend_linear(fold_rows(Rows(X, y)), 4)
    model = LinearRegression(solver="gradient_descent").fit(X, y)
    np.testing.assert_array_equal(descent.minimum[0, :4], model.coef_)
    assert rate == model.learning_rate_
    assert moments.count == 80


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"solver": "magic"}, 'solver must be one of "exact", "gradient_descent"; got \'magic\''),
        ({"alpha": -1.0}, "alpha must be a number >= 0; got -1.0"),
        ({"learning_rate": 0.0}, "learning_rate must be a number > 0; got 0.0"),
        ({"learning_rate": "fast"}, "learning_rate must be a number > 0; got 'fast'"),
        ({"momentum": "heavy"}, "momentum must be one of"),
        ({"max_iter": 0}, "max_iter must be a number >= 1; got 0"),
        ({"tol": np.nan}, "tol must be a number >= 0; got nan"),
    ],
)
def test_impossible_options_are_refused(options, text):
    with pytest.raises(InputError, match=text):
        LinearRegression(**options).fit([[1.0], [2.0]], [1.0, 2.0])


def test_float32_rows_are_computed_in_float64():
    X, y = data()
    ours = LinearRegression().fit(X.astype(np.float32), y)
    np.testing.assert_allclose(
        ours.coef_, LinearRegression().fit(X.astype(np.float32).astype(float), y).coef_, rtol=1e-12
    )


def test_a_fit_by_another_solver_leaves_nothing_of_the_one_before():
    X, y = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([1.0, 2.0, 3.0, 5.0])
    model = LinearRegression().fit(X, y)
    model.set_params(solver="gradient_descent").fit(X, y)
    assert "rank_" not in vars(model)
    model.set_params(solver="exact").fit(X, y)
    assert not {"history_", "learning_rate_", "cost_", "gradient_"} & set(vars(model))


@pytest.mark.parametrize("model", [LinearRegression, LogisticRegression])
@pytest.mark.parametrize("size", [1e160, -1e300])
def test_columns_whose_squares_overflow_are_refused_by_number(model: type, size: float) -> None:
    X = np.random.default_rng(5).normal(size=(50, 3)) * [1.0, size, 1.0]
    for solver in ({LinearRegression: "exact", LogisticRegression: "newton"}[model], "gradient_descent"):
        with pytest.raises(InputError, match=r"got .*e\+(160|300) in column 1; divide the column"):
            model(solver=solver).fit(X, (X[:, 0] > 0).astype(int))
    with pytest.raises(InputError, match="the numbers of y"):
        LinearRegression().fit(X[:, :1], X[:, 1])


# --- the iterates in closed form, and standard errors


def exact_descent(X, y, rate, iterations, *, weight=None, alpha=0.0, fit_intercept=True):
    """Return iterates of full-batch descent from zero at 50 digits, and what bounds their rounding.

    The bound is (θ + g/L) of :meth:`LinearRegression.path_at`.
    """
    with mpmath.workdps(50):
        Z = np.column_stack([X, np.ones(len(X))]) if fit_intercept else X
        weight = np.ones(len(X)) if weight is None else weight
        Z = mpmath.matrix(Z.tolist())
        S = mpmath.diag([mpmath.mpf(w) for w in weight.tolist()])
        total = mpmath.fsum(weight.tolist())
        H, c = Z.T * S * Z / total, Z.T * S * mpmath.matrix(y.tolist()) / total
        for j in range(X.shape[1]):
            H[j, j] += mpmath.mpf(alpha) / total
        at, found, largest = mpmath.zeros(len(c), 1), {0: mpmath.zeros(len(c), 1)}, mpmath.mpf(0)
        for k in range(1, max(iterations) + 1):
            at = at - mpmath.mpf(rate) * (H * at - c)
            largest = max(largest, mpmath.norm(at))
            found[k] = at
        top = max(mpmath.eigsy(H, eigvals_only=True))
        return {k: np.array([float(v) for v in found[k]]) for k in iterations}, float(largest + mpmath.norm(c) / top)


@pytest.mark.parametrize("options", [{}, {"alpha": 2.0}, {"fit_intercept": False}])
@pytest.mark.parametrize("spoil", ["nothing", "far from zero", "units", "dependent", "weights"])
@pytest.mark.parametrize("share", [1.0, 0.05, 1.9])
def test_iterates_and_their_closed_form_are_those_of_descent_over_all_rows_to_the_bound_stated(options, spoil, share):
    X, y = data(rows=30, columns=3)
    X = {
        "far from zero": X + 300.0,
        "units": X * [1e-3, 1.0, 50.0],
        "dependent": np.column_stack([X[:, :2], X[:, 0] + X[:, 1]]),
    }.get(spoil, X)
    weight = np.random.default_rng(1).integers(0, 3, 30).astype(float) if spoil == "weights" else None
    plain = {"solver": "gradient_descent", "momentum": "none", "tol": 0.0, **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        rate = share * LinearRegression(**plain, max_iter=1).fit(X, y, weight).learning_rate_.value
        model = LinearRegression(**plain, max_iter=400, learning_rate=rate).fit(X, y, weight)
    iterations = (0, 1, 2, 10, 100, 400)
    exact, size = exact_descent(X, y, rate, iterations, weight=weight, **options)
    for k in iterations:
        bound = 8 * (3 + 4) * (k + 1) * np.finfo(float).eps * size
        coef, intercept = model.path_at(k)
        closed = np.append(coef, [intercept] if model.fit_intercept else [])
        assert np.linalg.norm(closed - exact[k]) <= bound, k
        if k in model.history_.kept:
            assert np.linalg.norm(model.history_.at(k)[0] - exact[k]) <= bound, k
    assert {1, 100, 400} <= set(model.history_.kept.tolist())


def test_closed_form_goes_on_where_the_fit_stopped_and_ends_at_the_exact_solution():
    X, y = data(targets=2)
    with pytest.warns(ConvergenceWarning):
        model = LinearRegression(solver="gradient_descent", momentum="none", max_iter=5).fit(X, y)
    coef, intercept = model.path_at(5)
    np.testing.assert_allclose(coef, model.coef_, rtol=1e-13)
    np.testing.assert_allclose(intercept, model.intercept_, rtol=1e-13)
    exact = LinearRegression().fit(X, y)
    coef, intercept = model.path_at(10**12)
    np.testing.assert_allclose(coef, exact.coef_, rtol=1e-11)
    np.testing.assert_allclose(intercept, exact.intercept_, rtol=1e-11)


def test_closed_form_is_refused_where_there_is_none():
    X, y = data()
    with pytest.raises(InputError, match="only plain descent has a closed form"):
        LinearRegression().fit(X, y).path_at(3)
    with pytest.raises(InputError, match="only plain descent has a closed form"):
        LinearRegression(solver="gradient_descent", tol=1e-3).fit(X, y).path_at(3)
    model = LinearRegression(solver="gradient_descent", momentum="none", tol=1e-3).fit(X / X.std(axis=0), y)
    for wrong in (-1, 2.5, "3"):
        with pytest.raises(InputError, match="iteration must be an integer >= 0; got"):
            model.path_at(wrong)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("rows", [40, 20_000])
@pytest.mark.parametrize("weighted", [False, True])
def test_standard_errors_are_statsmodels(fit_intercept, rows, weighted):
    X, y = data(rows=rows)
    Z = np.column_stack([X, np.ones(rows)]) if fit_intercept else X
    weight = np.random.default_rng(1).uniform(0.5, 2.0, rows) if weighted else None
    theirs = sm.WLS(y, Z, weights=1.0 if weight is None else weight).fit()
    ours = LinearRegression(fit_intercept=fit_intercept).fit(X, y, weight)
    np.testing.assert_allclose(np.append(ours.coef_, [ours.intercept_] * fit_intercept), theirs.params, rtol=1e-10)
    np.testing.assert_allclose(ours.standard_errors_[0, : Z.shape[1]], theirs.bse, rtol=1e-10)
    assert np.isnan(ours.standard_errors_[0, Z.shape[1] :]).all()


@pytest.mark.parametrize("rows", [40, 20_000])
def test_rows_of_no_weight_are_not_counted_in_standard_errors(rows):
    X, y = data(rows=rows)
    weight = np.random.default_rng(1).integers(0, 3, rows).astype(float)
    seen = weight > 0.0
    np.testing.assert_allclose(
        LinearRegression().fit(X, y, weight).standard_errors_,
        LinearRegression().fit(X[seen], y[seen], weight[seen]).standard_errors_,
        rtol=1e-11,
    )


@pytest.mark.parametrize("momentum", ["nesterov", "none"])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("targets", [None, 2])
def test_a_descent_that_arrived_has_the_standard_errors_of_the_least_squares(
    momentum, fit_intercept, weighted, targets
):
    X, y = data(rows=300, targets=targets)
    X = X / X.std(axis=0) + [0.0, -1.0, 2.0, 0.5]
    weight = np.random.default_rng(1).integers(0, 3, 300).astype(float) if weighted else None
    model = LinearRegression(solver="gradient_descent", momentum=momentum, fit_intercept=fit_intercept, tol=1e-9)
    exact = LinearRegression(fit_intercept=fit_intercept).fit(X, y, weight)
    assert model.fit(X, y, weight).status_.converged
    np.testing.assert_allclose(model.standard_errors_, exact.standard_errors_, rtol=1e-10)


def test_standard_errors_of_a_descent_keep_their_digits_where_products_lose_them():
    X, y = NORRIS[:, 1:], NORRIS[:, 0]
    model = LinearRegression(solver="gradient_descent", max_iter=1_000_000).fit(X, y)
    assert model.status_.converged
    np.testing.assert_allclose(model.standard_errors_[0], NORRIS_STANDARD_ERRORS, rtol=1e-10)
    alike = np.linspace(0.0, 1.0, 50)
    X = np.column_stack([alike, alike + 1e-6 * np.sin(np.arange(50.0))]) * 1e3
    wiggle = np.cos(np.arange(50.0) * 2.1)
    exact = LinearRegression().fit(X, X @ [1.0, 1.0] + wiggle)
    model = LinearRegression(solver="gradient_descent", tol=1e-3).fit(X, X @ [1.0, 1.0] + wiggle)
    assert model.status_.converged
    left, least = (np.sum((X @ [1.0, 1.0] + wiggle - one.predict(X)) ** 2) for one in (model, exact))
    np.testing.assert_allclose(model.standard_errors_, exact.standard_errors_ * np.sqrt(left / least), rtol=1e-9)


@pytest.mark.parametrize("sizes", [(1e-9, 1e-9), (1.0, 1e-9), (1e-9, 1.0), (1e6, 1e-6), (1e-6, 1e6)])
def test_a_penalty_far_larger_or_smaller_than_the_columns_costs_no_digits(sizes):
    rng = np.random.default_rng(3)
    X, y = np.round(rng.normal(size=(12, 2)), 3) * sizes, rng.normal(size=12)
    found = LinearRegression(alpha=1.0, fit_intercept=False).fit(X, y).coef_
    rows, truth = [[Fraction(value) for value in row] for row in X.tolist()], [Fraction(value) for value in y.tolist()]
    a, b, d = (sum(row[j] * row[k] for row in rows) + (j == k) for j, k in ((0, 0), (0, 1), (1, 1)))
    e, f = (sum(row[j] * value for row, value in zip(rows, truth, strict=True)) for j in (0, 1))
    exact = [float((d * e - b * f) / (a * d - b * b)), float((a * f - b * e) / (a * d - b * b))]
    np.testing.assert_allclose(found, exact, rtol=1e-14)


def test_where_a_standard_error_would_say_nothing_it_is_not_a_number():
    X, y = data()
    descent = {"solver": "gradient_descent"}
    with pytest.warns(ConvergenceWarning, match="stopped at iteration 2"):
        stopped = LinearRegression(**descent, max_iter=2).fit(X, y)
    doubled = np.column_stack([X[:, 0], X[:, 0]])
    for model in (
        stopped,
        LinearRegression(**descent, alpha=1.0, tol=1e-6).fit(X, y),
        LinearRegression(alpha=1.0).fit(X, y),
        LinearRegression(**descent).fit(doubled, y),
        LinearRegression(**descent).fit([[1.0], [2.0]], [3.0, 1.0]),
    ):
        assert model.standard_errors_.shape == (1, model.n_features_in_ + 1)
        assert np.isnan(model.standard_errors_).all()


def test_a_target_that_is_text_is_refused_by_name():
    with pytest.raises(InputError, match=r"LinearRegression: y must be real numbers; got <U1"):
        LinearRegression().fit([[1.0], [2.0]], ["a", "b"])
