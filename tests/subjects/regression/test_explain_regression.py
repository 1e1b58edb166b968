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
from workings.language import ungrouped
from workings.working import Derived

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


def as_python(text):
    return text.replace("×", "*").replace("·10", "e").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))


def half_a_unit(text):
    mantissa, _, power = text.partition("e")
    return 0.5 * 10.0 ** (-len(mantissa.partition(".")[2]) + int(power or 0))


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def redone(working, slope_and_cost):
    """Read iterations 0 to 2 from a rendered text alone, and see that the digits in it give each number in it."""
    text = ungrouped(working.at(part="all").to_text("en", width=100_000)).partition("The way down")[0]
    _, *parts = re.split(r"^ *\d+ +Iteration (\d+) *$", text, flags=re.MULTILINE)
    lines_read = 0
    for k in (0, 1, 2):
        assert parts[2 * k] == str(k)
        chunks = re.split(r"^ *\d+\.\d+ +", parts[2 * k + 1], flags=re.MULTILINE)[1:]
        for chunk in chunks:
            value = as_python(re.findall(r"[≈=] (\S+)$", chunk, flags=re.MULTILINE)[-1])
            told = next((told for title, told in slope_and_cost.items() if re.match(rf"{title} *(  |\n)", chunk)), None)
            if told is None:
                assert chunk.startswith("Take a step")
                step = re.search(r" = (-?[\d.]+) - (\S+) × \(?(-?[^\s()]+)\)? [≈=] \S+$", chunk, flags=re.MULTILINE)
                before, rate, slope = (float(as_python(part)) for part in step.groups())
                again = before - rate * slope
            else:
                form, formula = told
                numbers = {tuple(map(float, found)) for found in re.findall(form, as_python(chunk))}
                assert len(numbers) == 1, "the same m and b stand in every term"
                again = formula(*numbers.pop())
            assert abs(again - float(value)) <= half_a_unit(value) * (1 + 1e-9), (k, chunk)
            lines_read += 1
    return lines_read


@pytest.mark.parametrize(
    "rows",
    [HOUSES, ([[1.0], [3.0]], [2.0, 5.0]), ([[1e-3], [2e-3], [5e-3], [7e-3], [8e-3], [9e-3]], [3, 1, 4, 1, 5, 9])],
)
def test_iterations_0_to_2_of_a_line_can_be_redone_from_the_digits_shown(rows):
    x, y = np.ravel(rows[0]), np.array(rows[1], float)
    number = r"\(?(-?[\d.]+(?:e-?\d+)?)\)?"
    term = rf"\({number} \* [\d.e-]+ [+] {number} - "
    model = fitted(wk.LinearRegression(solver="gradient_descent", momentum="none", max_iter=50), *rows)
    told = {
        "The cost": (term, lambda m, b: np.mean((m * x + b - y) ** 2) / 2),
        "The slope for area": (term, lambda m, b: np.mean((m * x + b - y) * x)),
        "The slope for the intercept": (term, lambda m, b: np.mean(m * x + b - y)),
    }
    assert redone(model.explain(names=["area"]), told) == 3 * 5


def test_iterations_0_to_2_of_a_logistic_curve_can_be_redone_from_the_digits_shown():
    x, y = np.ravel(PASSED[0]), np.array([label == "yes" for label in PASSED[1]], float)
    number = r"\(?(-?[\d.]+(?:e-?\d+)?)\)?"
    term = rf"σ\({number} \* [\d.]+ [+] {number}\)"
    model = fitted(wk.LogisticRegression(solver="gradient_descent", momentum="none", max_iter=50), *PASSED)

    def p(w, b):
        return np.array([sigmoid(w * value + b) for value in x])

    told = {
        "The cost": (
            term,
            lambda w, b: -np.mean(y * np.log(p(w, b)) + (1 - y) * np.log(1 - p(w, b))) + w * w / 12,
        ),
        "The slope for area": (term, lambda w, b: np.mean((p(w, b) - y) * x) + w / 6),
        "The slope for the intercept": (term, lambda w, b: np.mean(p(w, b) - y)),
    }
    assert redone(model.explain(names=["area"]), told) == 3 * 5


def test_a_text_with_a_wrong_digit_is_found_out_by_the_one_who_reads_it():
    """The reader above reads the text: of one whose slope at iteration 1 is changed in a digit he says so."""
    model = fitted(wk.LinearRegression(solver="gradient_descent", momentum="none", max_iter=50), *HOUSES)
    x, y = np.ravel(HOUSES[0]), np.array(HOUSES[1])

    class Changed:
        def at(self, **what):
            self.what = what
            return self

        def to_text(self, *how, **more):
            text = model.explain(names=["area"]).at(**self.what).to_text(*how, **more)
            assert "≈ -2.6346\n" in text
            return text.replace("≈ -2.6346\n", "≈ -2.6356\n")

    number = r"\(?(-?[\d.]+)\)?"
    term = rf"\({number} \* [\d.]+ [+] {number} - "
    told = {"The slope for the intercept": (term, lambda m, b: np.mean(m * x + b - y))}
    with pytest.raises(AssertionError):
        redone(Changed(), told)


def test_scores_whose_probability_is_0_in_floats_have_a_working_that_holds():
    """Of so many rows the cost is recounted in floats, where a certain no would cost 0 times the logarithm of 0."""
    rng = np.random.default_rng(7)
    label = rng.integers(0, 3, 6000)
    X = rng.normal(0, 0.1, (6000, 2))
    X[:, 0] += 2.0 * label
    X *= 100.0
    X[-1] = X[0] * 1e4
    model = fitted(wk.LogisticRegression(C=1e6), X, label)
    assert np.abs(model.decision_function(X)).max() > 800.0
    for one in (0, 1, 2):
        model.explain(label=one).verify()


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
    assert wk.explain(model, X, y).verify().scope["state"] > 0


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


@pytest.mark.parametrize("momentum", ["nesterov", "none"])
@pytest.mark.parametrize("factor", [1.0001, 0.99])
def test_a_wrong_step_is_caught(monkeypatch, momentum, factor):
    from workings.subjects.regression.descent import GradientDescent

    step = GradientDescent.step

    def too_far(self, at):
        after = step(self, at)
        return dataclasses.replace(after, parameters=after.parameters * factor)

    monkeypatch.setattr(GradientDescent, "step", too_far)
    for model, rows in ((wk.LinearRegression, HOUSES), (wk.LogisticRegression, PASSED)):
        fit = fitted(model(solver="gradient_descent", momentum=momentum, max_iter=20), *rows)
        with pytest.raises(WorkingError, match=r"step_1|landing_1|cost_at_1"):
            fit.explain().verify()


def test_a_wrong_gradient_of_the_log_loss_is_caught(monkeypatch):
    from workings.subjects.regression.log_loss import LogLoss

    X, y, _ = cancer(4)
    update = LogLoss.update

    def off(self, batch):
        update(self, batch)
        self.gradient *= 1.00001

    monkeypatch.setattr(LogLoss, "update", off)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y)
    with pytest.raises(WorkingError, match="slope_at_0"):
        model.explain().verify()


def test_a_wrong_kernel_of_the_squared_errors_is_caught(monkeypatch):
    from workings.subjects.regression import GramMoments

    update = GramMoments.update

    def off(self, batch):
        update(self, batch)
        self.products = self.products * [[1.0, 1.00001], [1.00001, 1.0]]

    monkeypatch.setattr(GramMoments, "update", off)
    for options in ({}, {"momentum": "none"}):
        model = fitted(wk.LinearRegression(solver="gradient_descent", max_iter=100, **options), *HOUSES)
        with pytest.raises(WorkingError, match=r"slope_at_0"):
            model.explain().verify()


@pytest.mark.parametrize("iteration", [0, 1, 2, 10, 100])
def test_a_wrong_number_on_the_way_is_caught(iteration):
    for model, rows in ((wk.LinearRegression, HOUSES), (wk.LogisticRegression, PASSED)):
        fit = fitted(model(solver="gradient_descent", max_iter=120, tol=0.0), *rows)
        place = int(np.searchsorted(fit.history_.kept, iteration))
        fit.history_.gradients[place] *= 1.0001
        with pytest.raises(WorkingError, match=rf"slope_at_{iteration}_"):
            fit.explain().verify()
        fit.history_.gradients[place] /= 1.0001
        fit.history_.cost[iteration] *= 1.0001
        with pytest.raises(WorkingError, match=f"cost_at_{iteration}"):
            fit.explain().verify()


def spoilt(working, key, row, place, off):
    """The working with one cell of a table off by so much."""

    def changed(step):
        if step.key != key:
            return dataclasses.replace(step, substeps=tuple(map(changed, step.substeps)))
        rows = [list(cells) for cells in step.table.rows]
        cell = rows[row][place]
        rows[row][place] = dataclasses.replace(cell, value=cell.value + off)
        return dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))

    return dataclasses.replace(working, steps=tuple(map(changed, working.steps)))


DESCENTS = [
    wk.LinearRegression(solver="gradient_descent"),
    wk.LinearRegression(solver="gradient_descent", momentum="none", fit_intercept=False, alpha=1.0),
    wk.LogisticRegression(solver="gradient_descent", max_iter=2000),
    wk.LogisticRegression(C=math.inf),
]


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("model", DESCENTS, ids=["linear", "ridge", "logistic", "newton"])
def test_every_cell_of_the_way_and_of_the_coefficients_is_checked(model, columns):
    X, y, _ = cancer(columns)
    X = X[::12] + 0.5
    working = fitted(model, X, X.sum(axis=1) ** 2 if hasattr(model, "alpha") else y[::12]).explain()
    working.verify()
    for key in ("way", "coefficients"):
        table = working.step(key).table
        for place in range(1, len(table.columns)):
            for row in (0, len(table.rows) - 1):
                cell = table.rows[row][place]
                assert isinstance(cell, Derived), (key, place)
                off = 1e-6 * abs(cell.value) + 10 * cell.absolute + 1e-12
                with pytest.raises(WorkingError, match=key):
                    spoilt(working, key, row, place, off).verify()


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("model", [wk.LinearRegression, wk.LogisticRegression])
def test_standard_errors_are_derived_and_wrong_ones_are_caught(model, columns, intercept, weighted):
    X, y, _ = cancer(columns)
    X = X[::8] + 0.5
    weight = np.random.default_rng(0).uniform(0.5, 2, len(X)) if weighted else None
    linear = model is wk.LinearRegression
    target = X.sum(axis=1) ** 2 if linear else y[::8]
    options = {} if linear else {"C": math.inf}
    fit = fitted(model(fit_intercept=intercept, **options), X, target, sample_weight=weight)
    opened = fit.explain().at(part="errors")
    assert opened.verify().equations >= 1
    for lang in ("en", "ko"):
        assert opened.to_text(lang)
    shown = [row[-1].value for row in fit.explain().step("coefficients").table.rows]
    assert shown == fit.standard_errors_[0][: columns + intercept].tolist()
    for place in range(columns + intercept):
        fit.standard_errors_[0, place] *= 1 + 1e-6
        with pytest.raises(WorkingError, match=r"error_of|errors_of"):
            fit.explain().verify()
        fit.standard_errors_[0, place] /= 1 + 1e-6


def test_standard_errors_of_very_many_rows_are_derived_from_sums():
    for columns in (1, 3):
        X, y, weight = many(columns, weighted=True)
        for model, target in ((wk.LinearRegression(), y), (wk.LogisticRegression(C=math.inf), y > np.median(y))):
            fit = fitted(model, X, target, sample_weight=weight)
            working = wk.explain(fit, X, target, weight)
            working.verify()
            assert [row[-1].value for row in working.step("coefficients").table.rows] == fit.standard_errors_[
                0
            ].tolist()
            fit.standard_errors_[0, 0] *= 1 + 1e-6
            with pytest.raises(WorkingError, match=r"error_of|errors_of"):
                wk.explain(fit, X, target, weight).verify()


def test_a_penalised_perfect_or_dependent_fit_shows_no_standard_errors():
    x = np.arange(6.0)
    for model, X, y in (
        (wk.LinearRegression(alpha=1.0), x[:, None], x**2),
        (wk.LinearRegression(), x[:, None], 2 * x + 1),
        (wk.LinearRegression(), np.stack([x, x], axis=1), x**2),
        (wk.LogisticRegression(), x[:, None], x > 2),
    ):
        working = fitted(model, X, y).explain()
        assert "standard error" not in working.to_text("en")
        assert all(step.key != "errors" for step in working.walk())


def test_a_wrong_exact_solution_is_caught(monkeypatch):
    from workings.subjects.regression import narration_exact

    solve = narration_exact.solve
    for columns in (1, 3):
        X, _, _ = cancer(columns)
        model = wk.LinearRegression(solver="gradient_descent").fit(X[::20] + 0.25, X[::20].sum(axis=1) ** 2)

        def off(*args, **options):
            found = solve(*args, **options)
            return dataclasses.replace(found, coef=found.coef * (1 + 1e-6))

        with monkeypatch.context() as planted:
            planted.setattr(narration_exact, "solve", off)
            with pytest.raises(WorkingError, match="exact"):
                model.explain().verify()


def test_a_summary_is_at_most_two_screens_and_its_parts_open():
    X, y, names = cancer()
    for model, target in (
        (wk.LinearRegression(solver="gradient_descent"), X.sum(axis=1) ** 2),
        (wk.LogisticRegression(solver="gradient_descent"), y),
    ):
        for columns in (1, 30):
            working = wk.explain(fitted(model, X[::8, :columns], target[::8]), names=names[:columns])
            for lang in ("en", "ko"):
                assert len(working.to_text(lang).splitlines()) <= 190
            for part in [step.key for step in working.walk() if step.closed]:
                working.at(part=part).verify()


def test_other_rows_than_those_of_the_fit_are_caught():
    X, y, _ = cancer(4)
    model = wk.LogisticRegression().fit(X, y)
    with pytest.raises(WorkingError, match=r"coef_|table way"):
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


@pytest.mark.parametrize("where", [{}, {"row": 1, "coefficient": 0}, {"row": 1, "iteration": 0}])
def test_a_closer_look_is_at_a_row_or_at_a_coefficient(where):
    model = fitted(wk.LinearRegression(), [[1.0], [2.0], [4.0]], [1.0, 3.0, 5.0])
    with pytest.raises(InputError, match="row, coefficient or iteration must be given, one of the three"):
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


# --- very many rows


def many(columns=1, count=100_500, weighted=False):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(count, columns)) * 3 + 5
    y = X @ np.arange(1.0, columns + 1) + 2 + rng.normal(size=count)
    return X, y, rng.integers(0, 3, count) if weighted else None


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("options", [{}, {"solver": "gradient_descent"}, {"alpha": 2.0, "fit_intercept": False}])
@pytest.mark.parametrize("weighted", [False, True])
def test_of_very_many_rows_the_linear_lines_start_from_sums_and_are_those_of_the_rows(columns, options, weighted):
    X, y, weight = many(columns, weighted=weighted)
    model = fitted(wk.LinearRegression(**options), X, y, sample_weight=weight)
    working = model.explain(X, y, weight)
    found = working.verify()
    assert found.scope["state"] > 0
    assert "recount" not in found.scope
    error = model.predict(X) - y
    assert working.step("r2").value == pytest.approx(model.score(X, y, weight))
    assert working.step("rmse").value == pytest.approx(math.sqrt(np.average(error**2, weights=weight)))
    assert working.step("mae").value == pytest.approx(np.average(np.abs(error), weights=weight))
    for key in ("cost", "coef_0", "coefficients"):
        working.step(key)
    working.at(row=17).verify()
    assert working.at(coefficient=0).verify().equations == 1
    for lang in ("en", "ko"):
        assert "100\u202f500" in working.to_text(lang)


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("options", [{}, {"solver": "gradient_descent"}, {"C": math.inf, "fit_intercept": False}])
@pytest.mark.parametrize("weighted", [False, True])
def test_of_very_many_rows_the_logistic_lines_start_from_sums_and_are_those_of_the_rows(columns, options, weighted):
    X, y, weight = many(columns, weighted=weighted)
    yes = np.where(y > np.median(y), "big", "small")
    model = fitted(wk.LogisticRegression(**options), X, yes, sample_weight=weight)
    working = model.explain(X, yes, weight)
    found = working.verify()
    assert found.scope["state"] > 0
    assert "recount" not in found.scope
    z = X @ model.coef_[0] + model.intercept_[0]
    loss = np.average(np.logaddexp(0.0, np.where(yes == "small", -z, z)), weights=weight)
    size = len(X) if weight is None else weight.sum()
    assert working.step("cost").value == pytest.approx(loss + (model.coef_**2).sum() / (2 * model.C * size), rel=1e-12)
    working.at(row=17, threshold=0.3).verify()
    assert working.at(coefficient=0).verify().equations == 1


def test_of_very_many_rows_a_wrong_kernel_and_a_wrong_coefficient_are_caught_too(monkeypatch):
    from workings.subjects.regression import GramMoments, LogLoss

    X, y, _ = many()
    options = {"solver": "gradient_descent"}
    for model, target in ((wk.LinearRegression(**options), y), (wk.LogisticRegression(**options), y > 12)):
        model.fit(X, target).coef_ *= 1 + 1e-6
        with pytest.raises(WorkingError, match=r"coef_0|cost"):
            model.explain(X, target).verify()
    for summary, name, model, target in (
        (GramMoments, "products", wk.LinearRegression(**options), y),
        (LogLoss, "gradient", wk.LogisticRegression(**options, max_iter=20), y > 12),
        (LogLoss, "cost", wk.LogisticRegression(**options, max_iter=20), y > 12),
    ):
        update = summary.update

        def off(self, batch, update=update, name=name):
            update(self, batch)
            setattr(self, name, getattr(self, name) * 1.00001)

        with monkeypatch.context() as planted:
            planted.setattr(summary, "update", off)
            fitted(model, X, target)
        with pytest.raises(WorkingError, match=r"slope_at_0|cost_at_0|curvature"):
            model.explain(X, target).verify()


# --- the iterates in closed form, and one iteration


PATHS = {
    "houses": HOUSES,
    "one": ([[0.3], [1.0], [-2.0], [0.5]], [1.0, 2.0, 4.0, 3.0]),
    "constant": ([[2.0], [2.0], [2.0]], [1.0, 2.0, 4.0]),
    "even": ([[1.0], [-1.0]], [1.0, 2.0]),
    "far": ([[300.1], [300.2], [301.0], [299.5]], [1.0, 2.0, 4.0, 3.0]),
    "three": (np.random.default_rng(3).normal(size=(20, 3)) + 1, np.arange(20.0)),
    "dependent": (np.random.default_rng(3).normal(size=(20, 2))[:, [0, 1, 0]], np.arange(20.0)),
}


@pytest.mark.parametrize("rows", PATHS)
@pytest.mark.parametrize("options", [{}, {"fit_intercept": False}, {"alpha": 2.0}])
def test_the_iterate_in_closed_form_is_derived_for_any_number_of_steps(rows, options):
    plain = {"solver": "gradient_descent", "momentum": "none", "max_iter": 40}
    model = fitted(wk.LinearRegression(**plain, **options), *PATHS[rows])
    model.set_params(learning_rate=1.7 * model.learning_rate_.value)
    fitted(model, *PATHS[rows])
    for k in (0, 1, 2, 10, 1000, 10**12):
        working = wk.explain(model.path_at, k)
        assert working.verify().equations >= 1
        coef, intercept = model.path_at(k)
        assert working.step("coef_0").value == coef[0]
        if model.fit_intercept:
            assert working.step("intercept").value == intercept
        assert any(step.key == "walked" for step in working.walk()) == (k in model.history_.kept)
    for lang in ("en", "ko"):
        assert working.to_text(lang)
    assert wk.explain(wk.LinearRegression.path_at, model, 10).to_text() == wk.explain(model.path_at, 10).to_text()


def test_a_wrong_closed_form_is_caught(monkeypatch):
    from workings.subjects.regression.objectives import SquaredCost

    model = fitted(wk.LinearRegression(solver="gradient_descent", momentum="none", max_iter=40), *HOUSES)
    iterate = SquaredCost.iterate
    monkeypatch.setattr(SquaredCost, "iterate", lambda self, rate, k: iterate(self, rate, k) * (1 + 1e-8))
    with pytest.raises(WorkingError, match=r"coef_0|walked"):
        wk.explain(model.path_at, 10).verify()


def test_a_fit_with_momentum_has_no_closed_form_to_explain():
    model = fitted(wk.LinearRegression(solver="gradient_descent", max_iter=40), *HOUSES)
    for asked in (wk.explain, wk.plot):
        with pytest.raises(InputError, match="only plain descent has a closed form"):
            asked(model.path_at, 10)


@pytest.mark.parametrize("momentum", ["nesterov", "none"])
@pytest.mark.parametrize("columns", [1, 3])
def test_one_iteration_that_was_kept_is_told(momentum, columns):
    X, y, _ = cancer(columns)
    X = X + 0.5
    for model, target in ((wk.LinearRegression, X.sum(axis=1) ** 2), (wk.LogisticRegression, y)):
        fit = fitted(model(solver="gradient_descent", momentum=momentum, max_iter=30, tol=0.0), X, target)
        working = fit.explain().at(iteration=7)
        assert working.verify().equations >= 3
        assert working.step("cost_at_7").value == fit.history_.cost[7]
        assert any(step.key.startswith("step_8") for step in working.walk()) == (momentum == "none")
        for wrong in (-1, 31, 2.5, True, "7"):
            with pytest.raises(InputError, match="iteration must be one whose place was kept; got"):
                fit.explain().at(iteration=wrong)


# --- what this data meets


def test_a_constant_column_and_dependent_columns_are_named():
    for options in ({}, {"solver": "gradient_descent"}):
        one = fitted(wk.LinearRegression(**options), [[2.0], [2.0], [2.0]], [1.0, 2.0, 4.0]).explain()
        assert "The column is constant, so that no one slope fits best" in " ".join(one.to_text("en").split())
        assert one.verify().equations >= 5
        X = np.random.default_rng(0).normal(size=(9, 2))
        both = fitted(wk.LinearRegression(**options), X[:, [0, 1, 0]], X[:, 0] + [0, 1, 2] * 3).explain()
        assert "Of 3 columns only 2 are independent" in " ".join(both.to_text("en").split())
        assert not fitted(wk.LinearRegression(**options), X, X[:, 0] + [0, 1, 2] * 3).explain().notes


def test_a_rate_that_is_too_large_is_named_at_its_line_and_in_the_result():
    options = {"solver": "gradient_descent", "momentum": "none"}
    working = fitted(wk.LogisticRegression(learning_rate=50.0, **options), *PASSED).explain()
    assert "is 0.64411 or more, from where on a descent may overshoot" in str(working.step("learning_rate").note)
    assert "raised the cost" in str(working.result)
    held = fitted(wk.LogisticRegression(learning_rate=0.1, max_iter=5, **options), *PASSED).explain()
    assert str(held.step("learning_rate").note) == "It was given. From 0.64411 on a descent may overshoot."


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e6])
def test_the_way_down_fits_80_columns_whatever_the_units(scale):
    x = np.array([1.0, 2.0, 4.0, 7.0]) * scale
    model = fitted(wk.LinearRegression(solver="gradient_descent", max_iter=300), x[:, None], [1e-3, 2.5e-3, 3e-3, 0.0])
    for lang in ("en", "ko"):
        text = model.explain().to_text(lang)
        assert max(map(len, text.splitlines())) <= 80
        assert "10⁻…" not in text
        assert "×10…" not in text


FAR = {
    "far": lambda x, noise: (1e6 + x * 1e-3, x + noise),
    "far and near": lambda x, noise: (1e9 + x * 1e-2, 1e9 + x * 1e-2 + 1e-3 * noise),
    "large targets": lambda x, noise: (x, 1e12 + 3 * x + 0 * noise),
    "large": lambda x, noise: (x * 1e100, x * 1e100 + 1e99 * noise),
    "tiny": lambda x, noise: (x * 1e-9, x * 1e-12 + 1e-13 * noise),
}


@pytest.mark.parametrize("name", FAR)
@pytest.mark.parametrize("options", [{}, {"alpha": 1.0}, {"fit_intercept": False}, {"solver": "gradient_descent"}])
def test_numbers_far_from_zero_have_a_working_that_holds(name, options):
    x = np.arange(12.0)
    X, y = FAR[name](x, np.random.default_rng(0).normal(size=12))
    working = fitted(wk.LinearRegression(max_iter=300, **options), X[:, None], y).explain()
    assert working.to_text("en")
    assert working.at(row=0).to_text("ko")


def test_columns_in_far_units_have_a_working_that_holds():
    rng = np.random.default_rng(0)
    X = np.stack([np.arange(12.0) * 1e8, 1e-8 * rng.normal(size=12)], axis=1)
    for weight in (None, np.arange(1.0, 13.0)):
        working = fitted(wk.LinearRegression(), X, X.sum(axis=1) + rng.normal(size=12), sample_weight=weight).explain()
        assert working.verify().equations >= 3
