"""A formula fitted to data: certified answers, SciPy's curve_fit, statsmodels, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import statsmodels.api as sm
from scipy.optimize import curve_fit, least_squares
from tests.subjects.regression.formula_problems import PROBLEMS

import workings as wk
from workings.arrays import SummaryFormatError
from workings.errors import ConvergenceWarning, FormulaError, InputError, UndefinedWarning
from workings.expression.formula import as_formula
from workings.subjects.regression.formula_census import FormulaCensus
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.formula_summary import FormulaBend, FormulaFactor, FormulaSums

MODEL = "A*sigmoid(w*x + b)"
START = {"A": 1, "w": 1, "b": 0}


def rows(count=60, noise=0.05):
    rng = np.random.default_rng(3)
    x = np.linspace(-3, 3, count)
    return {"x": x, "y": 2 / (1 + np.exp(-(1.5 * x - 0.5))) + noise * rng.normal(size=count)}


def curve(x, A, w, b):
    return A / (1 + np.exp(-(w * x + b)))


def numbers(fit):
    return np.array(list(fit.parameters.values()))


@pytest.mark.parametrize("which", [0, 1], ids=["far", "near"])
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_nist_certifies_parameters_deviations_and_squares_from_both_starts(problem, which):
    fit = wk.fit_formula(problem.model, "y", {"x": problem.x, "y": problem.y}, start=problem.start(which))
    assert fit.converged
    assert numbers(fit) == pytest.approx(problem.certified, rel=2e-9)
    assert list(fit.standard_errors.values()) == pytest.approx(problem.deviations, rel=2e-9)
    assert fit.cost * len(problem.x) == pytest.approx(problem.squares, rel=2e-9)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_the_certified_values_belong_to_the_data_as_they_are_typed_here(problem):
    predicted = as_formula(problem.model, rows=("x",))(
        **dict(zip(problem.start(0), problem.certified, strict=True)), x=problem.x
    )
    squares = math.fsum((y - p) ** 2 for y, p in zip(problem.y, predicted.tolist(), strict=True))
    assert squares == pytest.approx(problem.squares, rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("absolute", [False, True])
def test_covariance_means_what_curve_fit_means(weighted, absolute):
    data = rows()
    weight = np.random.default_rng(1).uniform(0.5, 2, 60) if weighted else None
    fit = wk.fit_formula(MODEL, "y", data, start=START, sample_weight=weight, absolute_sigma=absolute)
    sigma = None if weight is None else 1 / np.sqrt(weight)
    best, covariance = curve_fit(
        curve, data["x"], data["y"], p0=[1, 1, 0], sigma=sigma, absolute_sigma=absolute, xtol=1e-14, ftol=1e-14
    )
    assert numbers(fit) == pytest.approx(best, rel=1e-6)
    # SciPy's slopes are differences, good to about 1e-8.
    assert fit.covariance == pytest.approx(covariance, rel=1e-5)


def test_a_weight_counts_as_so_many_rows():
    data = rows(20)
    counts = np.arange(20) % 3 + 1
    weighted = wk.fit_formula(MODEL, "y", data, start=START, sample_weight=counts)
    repeated = wk.fit_formula(MODEL, "y", {k: np.repeat(v, counts) for k, v in data.items()}, start=START)
    assert numbers(weighted) == pytest.approx(numbers(repeated), rel=1e-9)
    assert (weighted.cost, weighted.r2) == pytest.approx((repeated.cost, repeated.r2), rel=1e-12)


def test_frames_batches_and_arrays_give_the_same_fit_to_the_bit():
    data = rows()
    plain = wk.fit_formula(MODEL, "y", data, start=START)
    frames = [
        pd.DataFrame(data),
        pl.DataFrame(data),
        pl.LazyFrame(data),
        pa.table(data),
        pa.RecordBatch.from_pydict(data),
    ]
    for frame in frames:
        assert wk.fit_formula(MODEL, "y", frame, start=START).parameters == plain.parameters
    assert wk.fit_formula(MODEL, data["y"], data, start=START).parameters == plain.parameters


@pytest.mark.parametrize("height", [1, 7, 60])
def test_rows_in_batches_give_the_fit_of_all_rows(height):
    data = rows()

    def fold(start, columns):
        whole = start()
        for first in range(0, 60, height):
            part = start()
            part.update({name: data[name][first : first + height] for name in columns})
            whole.merge(type(part).from_bytes(part.to_bytes()))
        return whole

    fit = wk.fit_formula(MODEL, "y", fold, start=START)
    plain = wk.fit_formula(MODEL, "y", data, start=START)
    assert numbers(fit) == pytest.approx(numbers(plain), rel=1e-12)
    assert fit.covariance == pytest.approx(plain.covariance, rel=1e-10)
    assert fit.predict({"x": [0.5]}) == pytest.approx(plain.predict({"x": [0.5]}), rel=1e-12)


def test_a_bad_row_of_a_later_batch_is_named_by_its_number_among_all():
    def fold(start, columns):
        whole = start()
        for part in ({"x": [1.0, 2.0], "y": [1.0, 2.0]}, {"x": [3.0, math.nan], "y": [1.0, 2.0]}):
            state = start()
            assert set(columns) == set(part)
            state.update(part)
            whole.merge(state)
        return whole

    with pytest.raises(InputError, match=r"number in x; row 3 \(the first is row 0\)"):
        wk.fit_formula("a*x", "y", fold, start={"a": 1})


def test_logistic_regression_is_the_log_loss_of_a_sigmoid_however_it_is_written():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    y = (rng.uniform(size=200) < 1 / (1 + np.exp(-x))).astype(int)
    known = sm.Logit(y, np.column_stack([x, np.ones(200)])).fit(disp=0, tol=1e-14)
    for model in ("sigmoid(w*x + b)", "1/(1 + exp(-(w*x + b)))"):
        fit = wk.fit_formula(model, "y", {"x": x, "y": y}, start={"w": 0, "b": 0}, loss="log")
        assert numbers(fit) == pytest.approx(known.params, rel=1e-9)
        assert list(fit.standard_errors.values()) == pytest.approx(known.bse, rel=1e-9)
        assert fit.cost == pytest.approx(-known.llf / 200, rel=1e-12)


def test_hubers_loss_agrees_with_scipy():
    data = rows(80, noise=0.3)
    data["y"][::9] += 5
    fit = wk.fit_formula(MODEL, "y", data, start=START, loss="huber")
    known = least_squares(
        lambda t: data["y"] - curve(data["x"], *t),
        [1, 1, 0],
        loss="huber",
        f_scale=1.0,
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    assert fit.cost == pytest.approx(known.cost / 80, rel=1e-9)
    assert np.isnan(list(fit.standard_errors.values())).all()


def test_absolute_errors_are_least_at_the_median():
    y = np.array([1.0, 2.0, 4.0, 7.0, 50.0])
    fit = wk.fit_formula("m + 0*x", "y", {"x": np.zeros(5), "y": y}, start={"m": 10}, loss="absolute")
    assert fit.parameters["m"] == pytest.approx(4.0, abs=1e-6)
    assert math.isnan(fit.r2)


def test_a_loss_may_be_written_out_and_a_fit_without_errors_ends():
    x = np.linspace(0, 1, 30)
    data = {"x": x, "y": 3 * x + 1}
    fit = wk.fit_formula("m*x + b", "y", data, start={"m": 0, "b": 0}, loss="(y - p)^4")
    assert fit.converged
    assert numbers(fit) == pytest.approx([3, 1], abs=1e-6)
    robust = wk.fit_formula("m*x + b", "y", data, start={"m": 0, "b": 0}, loss="ln(1 + (y - p)^2)")
    assert numbers(robust) == pytest.approx([3, 1], abs=1e-9)


def test_a_python_function_keeps_the_columns_that_it_closes_over():
    data = rows()
    x = data["x"]
    fit = wk.fit_formula(lambda A, w, b: A / (1 + np.exp(-(w * x + b))), data["y"], {}, start=START)
    plain = wk.fit_formula(MODEL, "y", data, start=START)
    assert numbers(fit) == pytest.approx(numbers(plain), rel=1e-9)


def test_names_that_look_like_constants_are_parameters_and_columns_where_they_are_given():
    fit = wk.fit_formula("e*x + pi", "y", {"x": [0.0, 1, 2], "y": [1.0, 3, 5]}, start={"e": 0, "pi": 0})
    assert numbers(fit) == pytest.approx([2, 1])
    fit = wk.fit_formula("a*e", "y", {"e": [1.0, 2, 3], "y": [2.0, 4, 6]}, start={"a": 1})
    assert fit.parameters["a"] == pytest.approx(2)


def test_predictions_are_the_formula_with_the_numbers_put_in():
    fit = wk.fit_formula(MODEL, "y", rows(), start=START)
    x = np.linspace(-1, 1, 7)
    assert fit.predict(pd.DataFrame({"x": x})) == pytest.approx(fit.formula(x=x), rel=1e-14)
    assert fit.predict({"x": x}) == pytest.approx(curve(x, *numbers(fit)), rel=1e-12)
    assert wk.fit_formula("c", "y", rows(), start={"c": 0}).predict({"x": [1, 2]}).shape == (2,)


def test_what_the_rows_do_not_tell_apart_is_named_and_has_no_error():
    with pytest.warns(UndefinedWarning, match="does not tell A, B apart"):
        fit = wk.fit_formula("A*x + B*x", "y", rows(), start={"A": 1, "B": 2})
    assert np.isinf(fit.covariance).all()
    with pytest.warns(UndefinedWarning, match="as many parameters as rows, 2"):
        fit = wk.fit_formula("a*x + b", "y", {"x": [1, 2], "y": [1, 3]}, start={"a": 1, "b": 0})
    assert numbers(fit) == pytest.approx([2, -1])


def test_a_parameter_that_the_rows_do_not_tell_leaves_the_others_their_errors():
    with pytest.warns(UndefinedWarning, match="does not tell c, because the predictions do not depend on it"):
        fit = wk.fit_formula("a*x + b + 0*c", "y", rows(), start={"a": 1, "b": 0, "c": 2})
    known = sm.OLS(rows()["y"], np.column_stack([rows()["x"], np.ones(60)])).fit()
    # The parameter counts among those that were fitted.
    assert [fit.standard_errors[name] for name in "ab"] == pytest.approx(known.bse * math.sqrt(58 / 57), rel=1e-9)
    assert fit.standard_errors["c"] == math.inf
    assert np.isinf(fit.covariance[2]).all()


def test_rows_that_the_log_loss_tells_apart_have_no_lowest_cost_and_it_says_so():
    x = np.linspace(-3, 3, 20)
    with pytest.warns(UndefinedWarning, match="the log-loss has no lowest value"):
        fit = wk.fit_formula("sigmoid(w*x + b)", "y", {"x": x, "y": x > 0}, start={"w": 1, "b": 0}, loss="log")
    assert np.isinf(fit.covariance).all()
    assert fit.cost < 1e-25


def test_intervals_are_those_of_student_and_for_the_log_loss_the_normal_ones():
    data = rows()
    fit = wk.fit_formula("a*x + b", "y", data, start={"a": 0, "b": 0})
    known = sm.OLS(data["y"], np.column_stack([data["x"], np.ones(60)])).fit()
    for level in (0.95, 0.5):
        assert list(fit.intervals(level).values()) == pytest.approx(known.conf_int(1 - level), rel=1e-9)
    assert fit.residual_deviation == pytest.approx(math.sqrt(known.mse_resid), rel=1e-12)
    assert fit.residuals == pytest.approx(known.resid, abs=1e-12)
    assert fit(x=0.25) == pytest.approx(known.predict([[0.25, 1]])[0])
    yes = (data["y"] > 1) ^ (np.arange(60) % 5 == 0)
    logit = sm.Logit(yes, np.column_stack([data["x"], np.ones(60)])).fit(disp=0, tol=1e-14)
    fit = wk.fit_formula("sigmoid(a*x + b)", "y", {**data, "y": yes}, start={"a": 0, "b": 0}, loss="log")
    assert list(fit.intervals().values()) == pytest.approx(logit.conf_int(), rel=1e-8)
    assert math.isnan(fit.residual_deviation)
    with pytest.raises(InputError, match="level must be a number between 0 and 1"):
        fit.intervals(95)


SCALES = [1e-3, 1.0, 1e3, 1e5]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("model", ["A/(1 + exp(-(w*x + b)))", "A*sigmoid(w*x + b)", "A*(1 - 1/(1 + exp(w*x + b)))"])
def test_exponentials_beyond_the_floats_cost_no_digit(model, scale):
    """w·x goes up to ±4e8: e to that is infinite or 0, the sigmoid is neither."""
    x = np.linspace(-4, 4, 81)
    y = 3 / (1 + np.exp(-np.clip(2 * x - 1, -700, 700))) + 0.01 * np.cos(9 * x)
    plain = wk.fit_formula(model, "y", {"x": x, "y": y}, start={"A": 1, "w": 1, "b": 0})
    wide = wk.fit_formula(model, "y", {"x": x * scale, "y": y}, start={"A": 1, "w": 1 / scale, "b": 0})
    unit = np.array([1, scale, 1])
    assert numbers(wide) * unit == pytest.approx(numbers(plain), rel=1e-8)
    assert np.sqrt(np.diagonal(wide.covariance)) * unit == pytest.approx(
        np.sqrt(np.diagonal(plain.covariance)), rel=1e-7
    )


@pytest.mark.parametrize("model", ["1/(1 + exp(-(w*x + b)))", "sigmoid(w*x + b)", "exp(w*x + b)/(1 + exp(w*x + b))"])
def test_a_log_loss_is_left_from_a_start_where_every_probability_is_0_or_1(model):
    x = np.linspace(-4, 4, 50)
    yes = (x > 0.3) ^ (np.arange(50) % 10 == 0)
    data = {"x": 1000 * x, "y": yes}
    fit = wk.fit_formula(model, "y", data, start={"w": 1, "b": 0}, loss="log")
    known = sm.Logit(yes, np.column_stack([x, np.ones(50)])).fit(disp=0, tol=1e-14)
    assert numbers(fit) * [1000, 1] == pytest.approx(known.params, rel=1e-8)


def test_a_power_law_is_fitted_to_rows_of_which_one_is_0():
    x = np.linspace(0, 4, 40)
    y = 1.5 * x**1.7 + 1 + 0.1 * np.sin(9 * x)
    fit = wk.fit_formula("a*x^k + c", "y", {"x": x, "y": y}, start={"a": 1, "k": 1, "c": 0})
    best, covariance = curve_fit(lambda x, a, k, c: a * x**k + c, x, y, p0=[1, 1, 0], xtol=1e-14, ftol=1e-14)
    assert numbers(fit) == pytest.approx(best, rel=1e-6)
    assert fit.covariance == pytest.approx(covariance, rel=1e-5)
    working = fit.explain()
    assert working.verify().equations > 10
    assert "A power of 0 is 0" in working.to_text()


def test_a_slope_that_is_no_number_at_the_start_is_named():
    with pytest.raises(InputError, match="has slopes; there the one by c is"):
        wk.fit_formula("a*x + sqrt(c)", "y", rows(), start={"a": 1, "c": 0})


def test_a_parameter_that_hardly_matters_at_the_start_does_not_hold_the_others():
    x = np.linspace(-4, 4, 50)
    y = np.where(x > 0, 2.5, 0.0) + 0.1 * np.sin(5 * x)
    with pytest.warns(UndefinedWarning, match="does not tell w"):
        fit = wk.fit_formula("A*sigmoid(w*x)", "y", {"x": 1000 * x, "y": y}, start={"A": 1, "w": 1})
    assert fit.parameters["A"] == pytest.approx(y[x > 0].mean(), rel=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.uint64, bool])
def test_columns_of_other_types_are_fitted_as_the_numbers_they_are(dtype):
    x, y = np.arange(9).astype(dtype), (np.arange(9) * 3 % 7).astype(dtype)
    fit = wk.fit_formula("a*x + b", "y", {"x": x, "y": y}, start={"a": 1, "b": 0})
    assert numbers(fit) == pytest.approx(np.polyfit(x.astype(float), y.astype(float), 1), rel=1e-9)


def test_masked_and_missing_values_are_refused_by_their_row():
    y = np.ma.array([1.0, 3, 5, 700], mask=[0, 0, 0, 1])
    for data in ({"x": np.arange(4.0), "y": y}, pd.DataFrame({"x": range(4), "y": pd.array([1, 3, 5, None], "Int64")})):
        with pytest.raises(InputError, match=r"number in y; row 3"):
            wk.fit_formula("a*x", "y", data, start={"a": 1})


def test_a_fit_that_runs_out_of_steps_warns():
    with pytest.warns(ConvergenceWarning, match="stopped at iteration 2"):
        fit = wk.fit_formula(MODEL, "y", rows(), start=START, max_iter=2)
    assert fit.status.name == "max_iter"
    assert fit.iterations == 2


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("got none for b; try b=0", {"start": {"A": 1, "w": 1}}),
        ("got bb; did you mean b", {"start": {"A": 1, "w": 1, "bb": 0}}),
        ("one finite number for b", {"start": {"A": 1, "w": 1, "b": math.nan}}),
        ("got no z among x, y", {"target": "z"}),
        ("did you mean", {"target": "yy"}),
        ("row 1 .* has none", {"data": {"x": [1, None, 3, 4], "y": [1, 2, 3, 4]}}),
        ("row 2 .* has inf", {"data": {"x": [1, 2, math.inf, 4], "y": [1, 2, 3, 4]}}),
        ("columns must have one length", {"data": {"x": [1, 2, 3], "y": [1, 2]}}),
        ("got 2 rows for 3 parameters", {"data": {"x": [1, 2], "y": [1, 2]}}),
        ("got 0 rows for 3 parameters", {"data": {"x": [], "y": []}}),
        ("must be real numbers", {"data": {"x": ["a", "b", "c"], "y": [1, 2, 3]}}),
        ("columns by name", {"data": np.ones((3, 2))}),
        ("must be 0 or 1", {"loss": "log"}),
        ("one of squared, log", {"loss": "sqared"}),
        ("in y, the target, and p", {"loss": "(y - q)^2"}),
        ("must not be negative", {"sample_weight": -np.ones(60)}),
        ("must add up", {"sample_weight": np.zeros(60)}),
        ("give it in another unit", {"data": {"x": np.arange(5.0), "y": np.arange(5) * 1e160}}),
        ("give it in another unit", {"data": {"x": np.arange(5.0), "y": np.arange(5) * 1e-160}}),
        ("give it in another unit", {"data": {"x": np.arange(5.0), "y": np.arange(5) * 1e160}, "loss": "huber"}),
        ("row 1, which is undefined unless x > 0", {"model": "A*ln(x) + w + b"}),
        ("tol must be", {"tol": 0}),
        ("max_iter must be", {"max_iter": -1}),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_what_to_do(words, change):
    given = {"model": MODEL, "target": "y", "data": rows(), "start": START} | change
    with pytest.raises(InputError, match=words):
        wk.fit_formula(given.pop("model"), given.pop("target"), given.pop("data"), **given)


def test_text_that_cannot_be_read_is_refused():
    with pytest.raises(FormulaError):
        wk.fit_formula("A*(x", "y", rows(), start={"A": 1})


@pytest.mark.parametrize("kind", [FormulaSums, FormulaFactor, FormulaBend])
def test_states_merge_as_if_the_rows_had_come_at_once_and_go_on_from_bytes(kind):
    data = rows()
    program = FitProgram(as_formula(MODEL, rows=("x",)), ("A", "w", "b"), "y", "squared")
    at = np.array([1.5, 1.0, 0.2])

    def state():
        return kind(program, at, np.ones(3)) if kind is FormulaBend else kind(program, at)

    whole, first, second = state(), state(), state()
    whole.update(data)
    first.update({name: values[:23] for name, values in data.items()})
    second.update({name: values[23:40] for name, values in data.items()})
    first.merge(second)
    first = kind.from_bytes(first.to_bytes())
    first.update({name: values[40:] for name, values in data.items()})
    assert first.count == whole.count == 60
    for a, b in zip(_parts(first.result()), _parts(whole.result()), strict=True):
        assert np.abs(a) == pytest.approx(np.abs(b), rel=1e-11, abs=1e-12)
    with pytest.raises(SummaryFormatError):
        kind.from_bytes(b"nothing")


def _parts(result):
    return result if isinstance(result, tuple) else (result,)


def test_a_census_merges_in_any_cutting():
    data = {"y": np.arange(10.0), "s": np.arange(10.0) % 3}
    whole, parts = (FormulaCensus(("y", "s"), weighted=True) for _ in range(2))
    whole.update(data)
    for cut in (slice(0, 1), slice(1, 7), slice(7, 10)):
        state = FormulaCensus(("y", "s"), weighted=True)
        state.update({name: values[cut] for name, values in data.items()})
        parts.merge(FormulaCensus.from_bytes(state.to_bytes()))
    assert parts.rows["y"].tolist() == data["y"].tolist()
    assert parts.complete
    mean = np.average(data["y"], weights=data["s"])
    assert (parts.count, parts.counted, parts.weight) == (whole.count, whole.counted, whole.weight) == (10, 6, 9.0)
    assert parts.mean == pytest.approx(mean)
    assert parts.squares == pytest.approx(np.average((data["y"] - mean) ** 2, weights=data["s"]) * 9)


@pytest.mark.parametrize("heights", [(1,) * 3_000, (2_500, 1) * 40, (7, 65_536, 3, 40_000)])
def test_a_census_chooses_rows_evenly_in_any_cutting(heights):
    y = np.arange(float(sum(heights)))
    whole, first = FormulaCensus(("y",), weighted=False), 0
    for height in heights:
        part = FormulaCensus(("y",), weighted=False)
        part.update({"y": y[first : first + height]})
        whole.merge(FormulaCensus.from_bytes(part.to_bytes()))
        first += height
    chosen = whole.rows["y"]
    assert not whole.complete
    assert 300 <= len(chosen) <= 1_000
    assert chosen[0] == 0
    # At most one row of each so many, and no such many without one.
    assert (np.diff(chosen // whole.stride) == 1).all()


def test_a_fit_is_told_line_by_line_and_every_line_holds():
    data = {name: values.round(3) for name, values in rows(12).items()}
    working = wk.fit_formula(MODEL, "y", data, start=START).explain()
    checked = working.verify()
    assert checked.equations > 10
    assert "σ(w·x + b)" in working.to_text()
    working.at(row=3).verify()
    wk.explain(wk.fit_formula, "a*x^k", "y", {"x": [1, 2, 3, 4], "y": [2, 8, 17, 33]}, start={"a": 1, "k": 1}).verify()
    with pytest.raises(InputError, match="row must be a whole number from 0 to 11"):
        working.at(row=12)


def test_other_losses_and_weights_are_told_too():
    x = np.arange(8.0)
    yes = {"x": x, "y": [0, 0, 1, 0, 1, 0, 1, 1]}
    wk.fit_formula("sigmoid(w*x + b)", "y", yes, start={"w": 0, "b": 0}, loss="log").explain().verify()
    some = {"x": x, "y": x**2, "s": x % 3 + 1}
    wk.fit_formula("a*x + b", "y", some, start={"a": 0, "b": 0}, sample_weight="s").explain().verify()
    wk.fit_formula("a*x + b", "y", some, start={"a": 0, "b": 0}, loss="huber").explain().verify()


def test_the_picture_shows_the_rows_and_the_curve():
    data = rows()
    chart = wk.fit_formula(MODEL, "y", data, start=START).plot()
    values = [row for part in _data(chart.to_dict()) for row in part]
    assert {"x": data["x"][0], "y": data["y"][0]} in values
    wide = dict(data, z=data["x"] ** 2)
    wk.fit_formula(f"{MODEL} + c*z", "y", wide, start=START | {"c": 0}).plot().to_dict()


def _data(spec):
    return (
        spec["datasets"].values()
        if "datasets" in spec
        else [layer["data"]["values"] for panel in spec["concat"] for layer in panel["layer"] if "data" in layer]
    )
