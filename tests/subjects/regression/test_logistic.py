"""Logistic regression against scikit-learn, finite differences and mpmath."""

from __future__ import annotations

import math
import warnings

import mpmath
import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize
from sklearn import linear_model
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.multiclass import OneVsRestClassifier

from workings.errors import ConvergenceWarning, InputError
from workings.subjects.regression import LogLoss, Rows, descend_logistic, fold_rows, log_loss
from workings.subjects.regression.estimators import LogisticRegression
from workings.subjects.regression.objectives import LogisticCost

SOLVERS = ["newton", "gradient_descent"]


def cancer():
    X, y = load_breast_cancer(return_X_y=True)
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def iris():
    X, y = load_iris(return_X_y=True)
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def cost(model, X, y, weight=None):
    weight = np.ones(len(X)) if weight is None else weight
    z = X @ model.coef_[0] + model.intercept_[0]
    losses = np.logaddexp(0.0, np.where(y == 1, -z, z))
    return (weight @ losses + (model.coef_**2).sum() / (2 * model.C)) / weight.sum()


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("C", [0.01, 1.0, 5.0])
def test_optimum_on_the_breast_cancer_data_is_scikit_learns(solver, C):
    X, y = cancer()
    theirs = linear_model.LogisticRegression(C=C, tol=1e-12, max_iter=100_000).fit(X, y)
    ours = LogisticRegression(C=C, solver=solver).fit(X, y)
    assert ours.status_.converged
    assert abs(cost(ours, X, y) - cost(theirs, X, y)) < 1e-12
    assert ours.cost_ == pytest.approx(cost(ours, X, y), rel=1e-13)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-4 * np.abs(theirs.coef_).max())
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-2)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_weights_and_intercept(solver, fit_intercept):
    X, y = cancer()
    X = X[:, :6] + 0.5
    weight = np.random.default_rng(0).uniform(0, 2, len(X))
    theirs = linear_model.LogisticRegression(tol=1e-12, max_iter=100_000, fit_intercept=fit_intercept, C=10.0)
    theirs.fit(X, y, weight)
    ours = LogisticRegression(solver=solver, fit_intercept=fit_intercept, C=10.0).fit(X, y, weight)
    assert abs(cost(ours, X, y, weight) - cost(theirs, X, y, weight)) < 1e-12
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-3)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-4)


@pytest.mark.parametrize("solver", SOLVERS)
def test_three_classes_are_asked_one_by_one(solver):
    X, y = iris()
    names = np.array(["세토사", "versicolor", "virginica"])[y]
    ours = LogisticRegression(solver=solver).fit(X, names)
    theirs = OneVsRestClassifier(linear_model.LogisticRegression(tol=1e-12, max_iter=100_000)).fit(X, names)
    assert ours.coef_.shape == (3, 4)
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(ours.predict_log_proba(X), np.log(theirs.predict_proba(X)), atol=1e-5)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    assert ours.score(X, names) == theirs.score(X, names)


def test_history_is_the_cost_at_every_iteration():
    X, y = cancer()
    model = LogisticRegression(solver="gradient_descent").fit(X, y)
    history = model.history_
    assert len(history) == model.n_iter_ + 1
    assert history.cost[0] == pytest.approx(math.log(2.0))
    assert history.cost[-1] == model.cost_
    assert history.kept[:3].tolist() == [0, 1, 2]
    assert history.kept[-1] == model.n_iter_
    assert history.parameters.size <= X.size
    objective = LogisticCost(fold_rows(Rows(X, y)), 30, C=1.0)
    for iteration, parameters in zip(history.kept, history.parameters, strict=True):
        assert objective.value(parameters)[0] == pytest.approx(history.cost[iteration], rel=1e-13)


def test_first_step_and_its_gradient_are_the_textbooks():
    X, y = cancer()
    model = LogisticRegression(solver="gradient_descent", learning_rate=0.1, momentum="none", max_iter=1, C=2.0)
    with pytest.warns(ConvergenceWarning, match="stopped at iteration 1"):
        model.fit(X, y)
    np.testing.assert_allclose(model.coef_[0], -0.1 * X.T @ (0.5 - y) / len(y), rtol=1e-12)
    assert model.intercept_[0] == pytest.approx(-0.1 * (0.5 - y).mean())


def test_rate_is_one_over_the_bound_of_the_curvature():
    X, y = cancer()
    ones = np.column_stack([X, np.ones(len(X))])
    model = LogisticRegression(solver="gradient_descent").fit(X, y)
    bound = np.linalg.eigvalsh(ones.T @ ones)[-1] / (4 * len(X)) + 1 / len(X)
    assert model.learning_rate_.value == pytest.approx(1 / bound, rel=1e-9)
    assert model.learning_rate_.automatic


def test_rising_cost_stops_the_descent_with_the_reason():
    X, y = cancer()
    with pytest.warns(ConvergenceWarning, match="a step with learning rate 30 raised the cost from"):
        model = LogisticRegression(solver="gradient_descent", learning_rate=30.0).fit(X, y)
    assert model.status_.name == "cost_rose"
    assert (np.diff(model.history_.cost) <= 0).all()
    assert np.isfinite(model.coef_).all()


@pytest.mark.parametrize("solver", SOLVERS)
def test_classes_parted_without_error_and_without_penalty_are_said(solver):
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), [0, 0, 1, 1]
    with pytest.warns(ConvergenceWarning, match="part the classes without an error"):
        model = LogisticRegression(C=math.inf, solver=solver).fit(X, y)
    assert model.status_.name == "separated"
    assert model.score(X, y) == 1.0
    assert LogisticRegression(C=1e4, solver="newton").fit(X, y).status_.converged


def has_no_minimum(X, y, weight=None):
    """Whether a direction has every row on its right side or on its plane, and one beside it: a linear programme.

    K. Konis (2007), "Linear programming algorithms for detecting separated data in binary logistic regression models".
    """
    rows = np.column_stack([X, np.ones(len(X))]) * np.where(y, 1.0, -1.0)[:, None]
    rows = rows if weight is None else rows[weight > 0]
    found = optimize.linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    return -found.fun > 1e-7


@pytest.mark.parametrize("weighted", [False, True])
def test_a_cost_without_a_minimum_is_told_from_one_with(weighted):
    told = {True: 0, False: 0}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        X = rng.integers(0, 3, (rng.integers(6, 25), 3)).astype(float) * [1.0, 1e-3, 1e4]
        y = rng.integers(0, 2, len(X))
        y[:2] = 0, 1
        weight = rng.integers(0, 3, len(X)).astype(float) if weighted else None
        if weighted:
            weight[:2] = 1.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = LogisticRegression(C=math.inf).fit(X, y, weight)
        endless = has_no_minimum(X, y, weight)
        assert (model.status_.name == "separated") == endless, seed
        told[endless] += 1
    assert min(told.values()) > 10


@pytest.mark.parametrize("solver", SOLVERS)
def test_rows_on_the_border_do_not_hide_that_there_is_no_minimum(solver):
    X, y = np.array([[1.0], [2.0], [2.0], [3.0]]), [0, 0, 1, 1]
    with pytest.warns(ConvergenceWarning, match="but for rows on the border itself"):
        model = LogisticRegression(C=math.inf, solver=solver, max_iter=500).fit(X, y)
    assert model.status_.name == "separated"
    assert LogisticRegression(C=1e3).fit(X, y).status_.converged


@pytest.mark.parametrize("solver", SOLVERS)
def test_one_class_of_several_that_can_be_parted_is_said_and_the_others_are_fitted(solver):
    X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [20.0], [21.0]])
    y = np.array([0, 1, 0, 1, 1, 0, 2, 2])
    with pytest.warns(ConvergenceWarning, match="part a class from the rest"):
        model = LogisticRegression(C=math.inf, solver=solver).fit(X, y)
    np.testing.assert_allclose(model.coef_[0], LogisticRegression(C=math.inf).fit(X, y == 0).coef_[0], rtol=1e-5)


def test_no_penalty_on_classes_that_overlap():
    X, y = cancer()
    X = X[:, :2]
    theirs = linear_model.LogisticRegression(C=math.inf, tol=1e-12, max_iter=100_000).fit(X, y)
    ours = LogisticRegression(C=math.inf).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5)


def test_dependent_columns_without_penalty_still_converge():
    X, y = cancer()
    X = np.column_stack([X[:, :2], X[:, 0] + X[:, 1], np.ones(len(X))])
    model = LogisticRegression(C=math.inf).fit(X, y)
    assert model.status_.converged
    assert model.cost_ == pytest.approx(LogisticRegression(C=math.inf).fit(X[:, :2], y).cost_, rel=1e-12)


def test_log_loss_keeps_its_digits_far_out():
    X = np.array([[800.0], [-800.0], [40.0], [-40.0]])
    sums = LogLoss(np.array([[1.0]]), 1)
    sums.update(Rows(X, np.array([0, 1, 1, 0])))
    with mpmath.workdps(40):
        exact = 2 * mpmath.log1p(mpmath.exp(800)) + 2 * mpmath.log1p(mpmath.exp(-40))
        slope = 2 * 800 / (1 + mpmath.exp(-800)) - 2 * 40 / (1 + mpmath.exp(40))
    assert sums.cost == pytest.approx(float(exact), rel=1e-15)
    assert sums.gradient[0, 0] == pytest.approx(float(slope), rel=1e-15)
    one = LogLoss(np.array([[1.0]]), 1)
    one.update(Rows(np.array([[40.0]]), np.array([1])))
    assert one.cost == pytest.approx(4.248354255291589e-18, rel=1e-14)


@pytest.mark.parametrize("classes", [2, 3])
def test_gradient_and_curvature_are_the_costs_differences(classes):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)), rng.integers(0, classes, 50)
    weight = rng.uniform(0, 2, 50)
    outputs = 1 if classes == 2 else classes
    objective = LogisticCost(fold_rows(Rows(X, y, weight)), 3, C=0.7)
    at = rng.normal(size=(outputs, 4))
    _, gradient, second = objective.curvature(at)
    h = 1e-6
    for k in range(outputs):
        for j in range(4):
            step = np.zeros_like(at)
            step[k, j] = h
            up, down = objective.value(at + step), objective.value(at - step)
            assert gradient[k, j] == pytest.approx((up[0] - down[0]) / (2 * h), abs=1e-8)
            np.testing.assert_allclose(second[k, j], (up[1][k] - down[1][k]) / (2 * h), atol=1e-8)


@pytest.mark.parametrize("outputs", [1, 3])
def test_compiled_loop_gives_what_the_definition_gives(outputs, monkeypatch):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(500, 3)) * 30, rng.integers(0, outputs + 1, 500) % max(outputs, 2)
    found = []
    for large in (1, 10**9):
        monkeypatch.setattr(log_loss, "LARGE", large)
        sums = LogLoss(rng.normal(size=(outputs, 4)) if not found else found[0].parameters, 3, curvature=True)
        sums.update(Rows(X, y))
        found.append(sums)
    compiled, defined = found
    assert compiled.cost == pytest.approx(defined.cost, rel=1e-14)
    np.testing.assert_allclose(compiled.gradient, defined.gradient, rtol=1e-13, atol=1e-12)
    np.testing.assert_allclose(compiled.second, defined.second, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(compiled.nearest, defined.nearest)


def test_log_loss_merges_and_travels():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 3, 40)
    parameters = rng.normal(size=(3, 4))
    whole, first, second = (LogLoss(parameters, 3, curvature=True) for _ in range(3))
    whole.update(Rows(X, y))
    first.update(Rows(X[:11], y[:11]))
    second.update(Rows(X[11:], y[11:]))
    first.merge(LogLoss.from_bytes(second.to_bytes()))
    assert first.cost == pytest.approx(whole.cost, rel=1e-14)
    np.testing.assert_allclose(first.gradient, whole.gradient, atol=1e-12)
    np.testing.assert_allclose(first.second, whole.second, atol=1e-12)
    np.testing.assert_array_equal(first.nearest, whole.nearest)


def test_fold_of_ones_own_gives_the_same_descent():
    X, y = cancer()

    def fold(start):
        total = start()
        for rows in np.array_split(np.arange(len(X)), 5):
            part = start()
            part.update(Rows(X[rows], y[rows]))
            total.merge(part)
        return total

    descent, _, _ = descend_logistic(fold, 30)
    model = LogisticRegression(solver="gradient_descent").fit(X, y)
    assert descent.cost == pytest.approx(model.cost_, rel=1e-13)


def test_labels_of_any_kind():
    X = [[0.0], [1.0], [2.0], [3.0]]
    for labels in ([False, False, True, True], ["no", "no", "yes", "yes"], [1.0, 1.0, 2.0, 2.0], [-1, -1, 1, 1]):
        model = LogisticRegression().fit(X, labels)
        assert model.predict(X).tolist() == labels
        assert model.classes_.tolist() == sorted(set(labels))


def test_a_class_without_weight_is_not_there():
    X, y = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]), np.array(["a", "c", "b", "c", "a"])
    weight = np.array([1.0, 1.0, 0.0, 1.0, 1.0])
    model, without = LogisticRegression().fit(X, y, weight), LogisticRegression().fit(X[weight > 0], y[weight > 0])
    assert model.classes_.tolist() == ["a", "c"]
    np.testing.assert_allclose(model.coef_, without.coef_)
    with pytest.raises(InputError, match="at least two classes; got one class, c"):
        LogisticRegression().fit(X, y, [0.0, 1.0, 0.0, 1.0, 0.0])


def test_one_class_is_refused_by_name():
    with pytest.raises(InputError, match="at least two classes; got one class, yes"):
        LogisticRegression().fit([[1.0], [2.0]], ["yes", "yes"])
    with pytest.raises(InputError, match="C must be a number > 0; got 0"):
        LogisticRegression(C=0).fit([[1.0], [2.0]], [0, 1])


def test_scores_far_out_give_probabilities_that_are_numbers():
    model = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    far = [[-1e6], [1e6]]
    np.testing.assert_allclose(model.predict_proba(far), [[1.0, 0.0], [0.0, 1.0]], atol=1e-300)
    assert np.isfinite(model.predict_log_proba(far)).all()


@pytest.mark.parametrize("scale", [1e-150, 1e-12, 1.0, 1e12, 1e140])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_units_of_the_columns_do_not_enter_into_whether_the_fit_has_arrived(solver, fit_intercept, scale):
    X, y = cancer()
    X = X[:, :2]
    options = {"C": math.inf, "fit_intercept": fit_intercept}
    expected = LogisticRegression(**options).fit(X, y).coef_
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(**options, solver=solver, max_iter=2000).fit(X * scale, y)
    if solver == "newton" or not fit_intercept:
        assert model.status_.converged
    # Beside columns in other units the intercept makes a long valley: a descent may not arrive, but must not say so.
    if model.status_.converged:
        np.testing.assert_allclose(model.coef_ * scale, expected, rtol=1e-5)
    else:
        assert model.status_.name == "max_iter"


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("rows", [200, 20_000])
def test_without_penalty_it_is_statsmodels_binomial_model(fit_intercept, weighted, rows):
    rng = np.random.default_rng(2)
    X = rng.normal(size=(rows, 3)) * [1.0, 20.0, 0.05] + [0.0, 30.0, 1.0]
    y = rng.random(rows) < 1 / (1 + np.exp(-(X - [0.0, 30.0, 1.0]) @ [1.0, -0.05, 10.0]))
    weight = rng.integers(0, 3, rows).astype(float) if weighted else None
    Z = np.column_stack([X, np.ones(rows)]) if fit_intercept else X
    theirs = sm.GLM(y.astype(float), Z, family=sm.families.Binomial(), freq_weights=weight).fit(tol=1e-14)
    ours = LogisticRegression(C=math.inf, fit_intercept=fit_intercept, tol=1e-12).fit(X, y, weight)
    found = np.append(ours.coef_[0], [ours.intercept_[0]] * fit_intercept)
    np.testing.assert_allclose(found, theirs.params, rtol=1e-7)
    np.testing.assert_allclose(ours.standard_errors_[0, : Z.shape[1]], theirs.bse, rtol=1e-7)
    assert np.isnan(ours.standard_errors_[0, Z.shape[1] :]).all()


def bends(X, y, at):
    """Return the second derivatives of the sum of the log-losses, by differences at 40 digits."""
    with mpmath.workdps(40):
        rows = [
            ([mpmath.mpf(v) for v in [*row, 1.0]], 1 if yes else -1) for row, yes in zip(X.tolist(), y, strict=True)
        ]

        def loss(parameters):
            return mpmath.fsum(mpmath.log1p(mpmath.exp(-sign * mpmath.fdot(row, parameters))) for row, sign in rows)

        h, size = mpmath.mpf("1e-10"), len(at)
        found = mpmath.zeros(size)

        def moved(j, s, k, t):
            parameters = [mpmath.mpf(v) for v in at]
            parameters[j] += s * h
            parameters[k] += t * h
            return loss(parameters)

        for j in range(size):
            for k in range(size):
                found[j, k] = (moved(j, 1, k, 1) - moved(j, 1, k, -1) - moved(j, -1, k, 1) + moved(j, -1, k, -1)) / (
                    4 * h * h
                )
        return found**-1


@pytest.mark.parametrize("solver", SOLVERS)
def test_standard_errors_are_those_of_the_likelihoods_own_curvature(solver):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2)) * [1.0, 5.0] + [0.0, 2.0]
    y = rng.random(40) < 1 / (1 + np.exp(-X @ [1.0, 0.2]))
    model = LogisticRegression(C=math.inf, solver=solver, tol=1e-11, max_iter=100_000).fit(X, y)
    assert model.status_.converged
    inverse = bends(X, y, [*model.coef_[0], model.intercept_[0]])
    np.testing.assert_allclose(model.standard_errors_[0], [math.sqrt(inverse[j, j]) for j in range(3)], rtol=1e-9)


def test_standard_errors_are_those_that_greene_gives_for_spector_and_mazzeo():
    """W. Greene, *Econometric Analysis*, 5th edition (2003), table 21.1: the logit model of 32 students' grades."""
    students = sm.datasets.spector.load()
    model = LogisticRegression(C=math.inf).fit(students.exog.to_numpy(), students.endog.to_numpy())
    assert np.round([*model.coef_[0], model.intercept_[0]], 3).tolist() == [2.826, 0.095, 2.379, -13.021]
    assert np.round(model.standard_errors_[0], 3).tolist() == [1.263, 0.142, 1.065, 4.931]


def test_each_question_of_several_classes_has_standard_errors_of_its_own():
    X, _ = iris()
    y = np.arange(150) % 3
    model = LogisticRegression(C=math.inf, tol=1e-11).fit(X, y)
    for label in range(3):
        alone = LogisticRegression(C=math.inf, tol=1e-11).fit(X, y == label)
        np.testing.assert_allclose(model.standard_errors_[label], alone.standard_errors_[0], rtol=1e-7)


@pytest.mark.parametrize("solver", SOLVERS)
def test_where_a_standard_error_would_say_nothing_it_is_not_a_number(solver):
    X, y = cancer()
    dependent = np.column_stack([X[:, :2], X[:, 0] + X[:, 1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        models = [
            LogisticRegression(solver=solver).fit(X[:, :2], y),
            LogisticRegression(C=math.inf, solver=solver, max_iter=1).fit(X[:, :2], y),
            LogisticRegression(C=math.inf, solver=solver).fit(dependent, y),
            LogisticRegression(C=math.inf, solver=solver).fit([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1]),
        ]
    assert [model.status_.name for model in models] == ["converged", "max_iter", "converged", "separated"]
    for model in models:
        assert model.standard_errors_.shape == (1, model.n_features_in_ + 1)
        assert np.isnan(model.standard_errors_).all()


def test_many_classes_of_several_rows_each_are_no_cause_for_a_warning():
    rng = np.random.default_rng(0)
    y = np.arange(102) % 34
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = LogisticRegression(max_iter=200).fit(rng.normal(size=(102, 2)) + y[:, None], y)
    assert len(model.classes_) == 34
    with pytest.warns(UserWarning, match="unique classes is greater than 50%"):
        LogisticRegression().fit(np.arange(30.0)[:, None], np.arange(30) % 29)
