"""The workings of both regressions: true on every kind of fit, and caught when a number is wrong."""

from __future__ import annotations

import dataclasses
import math
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

import workings as wk
from workings.errors import ConvergenceWarning, InputError, WorkingError, WorkingsWarning
from workings.expression import Symbol, evaluate
from workings.expression.calculus import derivative

HOUSES = [[50.0], [60.0], [80.0], [100.0], [95.0]], [150.0, 172.0, 208.0, 260.0, 240.0]
PASSED = [[1.0], [2.0], [2.5], [3.0], [4.5], [5.0]], ["no", "no", "yes", "no", "yes", "yes"]


def cancer(columns=30):
    data = load_breast_cancer()
    X = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    return X[:, :columns], np.array(["malignant", "benign"])[data.target], list(data.feature_names[:columns])


def fitted(model, *rows, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", WorkingsWarning)
        return model.fit(*rows, **how)


LINEAR = [
    {},
    {"solver": "gradient_descent"},
    {"solver": "gradient_descent", "momentum": "none"},
    {"solver": "gradient_descent", "fit_intercept": False},
    {"solver": "gradient_descent", "alpha": 2.0},
    {"alpha": 2.0, "fit_intercept": False},
    {"solver": "gradient_descent", "max_iter": 2},
    {"solver": "gradient_descent", "learning_rate": 1e-5, "max_iter": 50},
]
LOGISTIC = [
    {},
    {"solver": "gradient_descent"},
    {"solver": "gradient_descent", "momentum": "none", "max_iter": 100},
    {"solver": "gradient_descent", "fit_intercept": False},
    {"C": 0.1},
    {"solver": "gradient_descent", "learning_rate": 0.3},
    {"C": math.inf, "solver": "gradient_descent", "max_iter": 30},
]


@pytest.mark.parametrize("options", LINEAR)
@pytest.mark.parametrize("columns", [1, 4])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_linear_fit_has_a_working_that_holds(options, columns, weighted):
    X, y = load_diabetes(return_X_y=True)
    X, y = X[:24, :columns] * 20 + 0.5, y[:24]
    weight = np.random.default_rng(0).integers(0, 3, 24) if weighted else None
    model = fitted(wk.LinearRegression(**options), X, y, sample_weight=weight)
    working = model.explain()
    assert working.verify().equations >= 1
    assert working.to_text("en")
    assert working.to_html("en")
    for key in ("cost", "rmse", "mae", "r2", "coefficients", "coef_0"):
        working.step(key)
    assert working.step("r2").value == pytest.approx(model.score(X, y, weight))
    assert working.at(row=3).step("score").value == pytest.approx(model.predict(X)[3])
    working.at(row=3).verify()


@pytest.mark.parametrize("options", LOGISTIC)
@pytest.mark.parametrize("columns", [1, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_logistic_fit_has_a_working_that_holds(options, columns, weighted):
    X, y, names = cancer(columns)
    X, y = X[::20] + 0.25, y[::20]
    weight = np.random.default_rng(0).integers(0, 3, len(X)) if weighted else None
    model = fitted(wk.LogisticRegression(**options), X, y, sample_weight=weight)
    working = wk.explain(model, names=names)
    assert working.verify().equations >= 1
    assert working.to_text("en")
    assert working.to_html("en")
    assert working.step("cost").value == model.cost_
    closer = working.at(row=5, threshold=0.3)
    closer.verify()
    assert closer.step("probability").value == pytest.approx(model.predict_proba(X)[5, 1], rel=1e-12)


def test_the_whole_breast_cancer_fit():
    X, y, names = cancer()
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y)
    working = wk.explain(model, names=names)
    found = working.verify()
    assert found.equations >= 20
    assert found.scope["inputs"] == found.equations
    assert working.step("iterations").value == model.n_iter_
    assert working.step("learning_rate").value == model.learning_rate_.value
    for j in range(30):
        assert working.step(f"coef_{j}").value is True
    assert "worst texture" in working.to_text("en")


def test_first_steps_are_those_that_the_fit_took():
    X, y, _ = cancer(5)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y)
    working = model.explain()
    column = next(j for j in range(5) if any(step.key == f"step_1_{j}" for step in working.walk()))
    for k in (1, 2):
        assert working.step(f"step_{k}_{column}").value == model.history_.at(k)[0, column]
        assert working.step(f"step_{k}_intercept").value == model.history_.at(k)[0, 5]
        assert working.step(f"cost_at_{k}").value == model.history_.cost[k]


def test_plain_descent_can_be_redone_from_the_digits_shown():
    """Read iterations 0 to 2 as a reader would, and recompute every step from the digits that are shown."""
    model = fitted(wk.LinearRegression(solver="gradient_descent", momentum="none", max_iter=50), *HOUSES)
    text = model.explain().to_text("en", width=400)
    steps = re.findall(r"= (-?[\d.]+) - ([\d.]+) × \(?(-?[\d.]+)\)? [≈=] (-?[\d.]+)", text)
    assert len(steps) == 6
    for before, rate, slope, after in steps:
        digits = len(after.partition(".")[2])
        assert round(float(before) - float(rate) * float(slope), digits) == pytest.approx(
            float(after), abs=10.0**-digits
        )


def test_three_classes_each_have_their_question():
    X, y = load_iris(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, np.array(["a", "b", "c"])[y])
    for label in ("a", "c"):
        working = wk.explain(model, label=label)
        working.verify()
        assert f"log-loss for {label}" in working.to_text("en")
    with pytest.raises(InputError, match="label must be one of the classes a, b, c; got 'd'"):
        wk.explain(model, label="d")


def test_several_targets_are_told_one_by_one():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2))
    Y = X @ rng.normal(size=(2, 3)) + 1
    for options in ({}, {"solver": "gradient_descent"}):
        model = wk.LinearRegression(**options).fit(X, Y)
        wk.explain(model, target=2).verify()


def test_names_come_from_the_frame():
    frame = pd.DataFrame({"면적": [50.0, 60.0, 80.0, 100.0], "<b>floor</b>": [1.0, 3.0, 2.0, 4.0]})
    model = wk.LinearRegression().fit(frame, [1.0, 2.0, 3.0, 5.0])
    page = model.explain().to_html("en")
    assert "면적" in page
    assert "<b>floor</b>" not in page


def test_rows_too_many_to_keep_are_asked_for():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60_000, 2)), rng.integers(0, 2, 60_000)
    model = wk.LogisticRegression().fit(X, y)
    assert model.rows_ is None
    with pytest.raises(InputError, match=r"X and y must be given, the rows that the model was fitted on"):
        model.explain()
    assert wk.explain(model, X, y).verify().scope["recount"] > 0


def test_what_is_not_there_is_refused():
    model = wk.LogisticRegression().fit(*PASSED)
    with pytest.raises(InputError, match="row must be a whole number from 0 to 5; got 6"):
        model.explain().at(row=6)
    with pytest.raises(InputError, match="threshold must be a number from 0 to 1; got 2"):
        model.explain().at(row=0, threshold=2)
    with pytest.raises(InputError, match="must be fitted first"):
        wk.LogisticRegression().explain()
    with pytest.raises(InputError, match="names must be one a column; got 2 for 1"):
        wk.explain(model, names=["a", "b"])


# --- planted faults


def test_a_wrong_coefficient_is_caught():
    for model, key in ((wk.LinearRegression(solver="gradient_descent").fit(*HOUSES), "coef_0"),):
        model.coef_ = model.coef_ * (1 + 1e-6)
        with pytest.raises(WorkingError, match=key):
            model.explain().verify()
    X, y, _ = cancer(4)
    model = wk.LogisticRegression().fit(X, y)
    model.coef_[0, 2] += 1e-4
    with pytest.raises(WorkingError, match=r"cost|coef_"):
        model.explain().verify()


def test_a_wrong_cost_is_caught():
    X, y, _ = cancer(4)
    model = wk.LogisticRegression().fit(X, y)
    model.cost_ *= 1 + 1e-6
    with pytest.raises(WorkingError, match="line cost"):
        model.explain().verify()


def test_a_wrong_step_is_caught(monkeypatch):
    from workings.subjects.regression.descent import GradientDescent

    model = wk.LinearRegression(solver="gradient_descent").fit(*HOUSES)
    step = GradientDescent.step

    def too_far(self, at):
        after = step(self, at)
        return dataclasses.replace(after, parameters=after.parameters * 1.0001)

    monkeypatch.setattr(GradientDescent, "step", too_far)
    with pytest.raises(WorkingError, match=r"step_1|landing_1"):
        model.explain().verify()


def test_a_wrong_gradient_is_caught(monkeypatch):
    from workings.subjects.regression.log_loss import LogLoss

    X, y, _ = cancer(4)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y)
    update = LogLoss.update

    def off(self, batch):
        update(self, batch)
        self.gradient *= 1.00001

    monkeypatch.setattr(LogLoss, "update", off)
    with pytest.raises(WorkingError, match="slope_at_0"):
        model.explain().verify()


def test_other_rows_than_those_of_the_fit_are_caught():
    X, y, _ = cancer(4)
    model = wk.LogisticRegression().fit(X, y)
    with pytest.raises(WorkingError, match="coef_"):
        wk.explain(model, X[:300], y[:300]).verify()


@pytest.mark.parametrize("model", [wk.LogisticRegression(), wk.LinearRegression(alpha=2.0), wk.LinearRegression()])
def test_one_coefficient_is_told_by_name_or_place_however_many_there_are(model):
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(90, 40)), columns=[f"c{k}" for k in range(40)])
    y = X["c3"] - X["c37"] + rng.normal(size=90)
    working = fitted(model, X, y > 0 if isinstance(model, wk.LogisticRegression) else y).explain()
    by_name, by_place = working.at(coefficient="c37"), working.at(coefficient=37)
    assert str(by_name.question) == str(by_place.question)
    assert str(by_name.question).startswith("Why is the coefficient of c37 ")
    line = by_name.step("coef_37")
    assert line.value is True
    assert f"{np.ravel(model.coef_)[37]:.4f}"[:5] in str(line.title)
    assert by_name.verify().equations == 1
    assert "level in the coefficient of c37" in str(by_name.result)


def test_a_single_column_and_a_fit_that_did_not_arrive_are_told_too():
    model = fitted(wk.LogisticRegression(solver="gradient_descent", max_iter=3), *cancer(2)[:2])
    closer = model.explain().at(coefficient=1)
    closer.verify()
    assert closer.step("coef_1").value == pytest.approx(slope_at_the_end(model, 1))
    assert "ended before it arrived" in str(closer.result)
    one = fitted(wk.LinearRegression(), [[1.0], [2.0], [4.0]], [1.0, 3.0, 5.0]).explain().at(coefficient="x")
    assert one.verify().equations == 1


def slope_at_the_end(model, column):
    X, y, _ = cancer(2)
    p = model.predict_proba(X)[:, 1]
    return float(np.mean((p - (y == "malignant")) * X[:, column]) + model.coef_[0, column] / (model.C * len(y)))


def test_a_wrong_coefficient_is_caught_by_its_own_line():
    X, y, _ = cancer(3)
    model = wk.LogisticRegression().fit(X, y)
    model.coef_[0, 1] += 1e-3
    with pytest.raises(WorkingError, match="coef_1"):
        model.explain().at(coefficient=1).verify()


def test_the_coefficients_that_are_asked_for_have_a_line_each():
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(90, 40)), rng.normal(size=90) > 0
    model = fitted(wk.LogisticRegression(), X, y)
    keys = {step.key for step in model.explain(coefficients=["x_20", 33]).walk()}
    assert {key for key in keys if key.startswith("coef_")} == {"coef_19", "coef_33"}
    assert len([step for step in model.explain().walk() if step.key.startswith("coef_")]) >= 15


@pytest.mark.parametrize("where", [{}, {"row": 1, "coefficient": 0}])
def test_a_closer_look_is_at_a_row_or_at_a_coefficient(where):
    model = fitted(wk.LinearRegression(), [[1.0], [2.0], [4.0]], [1.0, 3.0, 5.0])
    with pytest.raises(InputError, match="row or coefficient must be given, one of the two"):
        model.explain().at(**where)


@pytest.mark.parametrize("asked", ["weight", 1, -1, True, 0.0])
def test_a_coefficient_that_is_not_there_is_refused(asked):
    model = fitted(wk.LinearRegression(), [[1.0], [2.0], [4.0]], [1.0, 3.0, 5.0])
    with pytest.raises(InputError, match="at: coefficient must be a column's name, or its place from 0 to 0; got"):
        model.explain().at(coefficient=asked)
    with pytest.raises(InputError, match="explain: coefficient must be"):
        model.explain(coefficients=[asked])


@pytest.mark.parametrize(
    "model",
    [
        wk.LinearRegression(solver="gradient_descent", alpha=2.0),
        wk.LogisticRegression(solver="gradient_descent", C=0.7),
    ],
    ids=["linear", "logistic"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_slopes_that_are_told_are_the_derivatives_of_the_cost_that_is_told(model, weighted):
    rng = np.random.default_rng(4)
    x = rng.normal(size=9)
    y = x + rng.normal(size=9) > 0
    weight = rng.uniform(1, 2, 9) if weighted else None
    working = model.fit(x[:, None], y if hasattr(model, "C") else 2 * x + y, sample_weight=weight).explain()
    cost = working.step("cost_at_1").right
    known = {name: given.value for name, given in working.inputs.items()}
    for step in working.walk():
        if isinstance(step.left, Symbol) and step.value is not None:
            known.setdefault(step.left.name, step.value)
    for key in ("slope_at_1_0", "slope_at_1_intercept"):
        told = working.step(key)
        (variable,) = told.left.variables
        assert evaluate(derivative(cost, variable), known) == pytest.approx(evaluate(told.right, known), rel=1e-12)
