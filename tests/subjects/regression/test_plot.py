"""The data of the pictures of a fit: the rows, what goes through them at each stop of the slider, the way down."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data, table, tables

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.errors import ConvergenceWarning, InputError
from workings.language import grouped
from workings.subjects.regression.plot_coefficients import MOST_COEFFICIENTS, coefficient_picture
from workings.subjects.regression.plot_descent import descent_picture


def rows(count=60, columns=1):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(count, columns))
    return X, X @ np.arange(1.0, columns + 1) + 2 + rng.normal(size=count)


def stops(chart):
    slider = spec(chart)["params"][0]
    return slider["value"], slider.get("bind", {}).get("max")


def test_the_line_goes_through_the_predictions():
    X, y = rows()
    model = wk.LinearRegression().fit(X, y)
    chart = model.plot(names=["area"])
    ((x0, y0, x1, y1),) = table(chart, "x0", "y0", "x1", "y1")
    assert [x0, x1] == [X.min(), X.max()]
    assert [y0, y1] == pytest.approx(model.predict([[X.min()], [X.max()]]))
    assert sorted(table(chart, "x", "y")) == sorted(zip(X[:, 0].tolist(), y.tolist(), strict=True))
    assert stops(chart) == (0, None)
    assert "60 rows over area" in spec(chart)["description"]


def test_each_stop_of_the_slider_has_the_line_and_the_cost_of_its_iteration():
    X, y = rows()
    model = wk.LinearRegression(solver="gradient_descent", momentum="none", learning_rate=0.1).fit(X, y)
    chart = model.plot()
    drawn = table(chart, "iteration", "cost", "y0", "y1", "words")
    assert stops(chart) == (len(drawn) - 1, len(drawn) - 1)
    assert [drawn[0][0], drawn[-1][0]] == [0, model.n_iter_]
    for iteration, cost, y0, y1, words in drawn:
        slope, intercept = model.history_.at(iteration)[0]
        assert cost == model.history_.cost[iteration]
        assert [y0, y1] == pytest.approx([slope * X.min() + intercept, slope * X.max() + intercept])
        assert words.startswith(f"Iteration {grouped(iteration)}: y = ")
    costs = table(chart, "iteration", "cost", "gradient")
    assert all(cost == model.history_.cost[iteration] for iteration, cost, _ in costs)


@pytest.mark.parametrize("spoil", ["near", "far", "weights", "penalty"])
def test_each_contour_has_one_cost_and_the_path_lies_at_the_costs_of_its_iterations(spoil):
    X, y = rows()
    X = X + 300.0 if spoil == "far" else X
    weight = np.random.default_rng(1).integers(0, 3, 60) if spoil == "weights" else None
    options = {"solver": "gradient_descent", "momentum": "none", "max_iter": 50, "tol": 1e-3}
    options |= {"alpha": 5.0} if spoil == "penalty" else {}
    model = wk.LinearRegression(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, y, weight)
    chart, x = model.plot(names=["area"]), X[:, 0]
    mean = float(np.average(x, weights=weight)) if spoil == "far" else 0.0
    assert ("Height at the mean of area" in str(spec(chart))) == (spoil == "far")

    def cost(m, second):
        errors = m * x + (second - m * mean) - y
        size = 60 if weight is None else weight.sum()
        return (np.average(errors**2, weights=weight) + model.alpha * m * m / size) / 2

    rings = table(chart, "m", "second", "level", "cost")
    assert len({level for *_, level, _ in rings}) == 9
    for m, second, _, level in rings[::17]:
        assert cost(m, second) == pytest.approx(level, rel=1e-6)
    for k, m, height, at, words in table(chart, "iteration", "slope", "height", "cost", "place"):
        slope, intercept = model.history_.at(k)[0]
        assert [m, height] == pytest.approx([slope, intercept + slope * mean])
        assert cost(m, height) == pytest.approx(at, rel=1e-6)
        assert words.startswith(f"m = {slope:.5g}, b = ".replace("-", "\N{MINUS SIGN}"))
    exact = wk.LinearRegression(alpha=model.alpha).fit(X, y, weight)
    ((m, second),) = table_of_the_minimum(chart)
    assert [m, second] == pytest.approx([exact.coef_[0], exact.intercept_ + exact.coef_[0] * mean])


def table_of_the_minimum(chart):
    return [(row["m"], row["second"]) for rows in tables(chart) for row in rows if set(row) == {"m", "second"}]


def test_the_iterate_in_closed_form_is_drawn_with_the_way_to_it():
    X, y = rows()
    model = wk.LinearRegression(solver="gradient_descent", momentum="none", learning_rate=0.1, tol=1e-3).fit(X, y)
    chart = wk.plot(model.path_at, 500)
    drawn = table(chart, "iteration", "y0", "y1", "words")
    assert [drawn[0][0], drawn[-1][0]] == [0, 500]
    for k, y0, y1, words in drawn:
        slope, intercept = model.path_at(k)
        assert [y0, y1] == pytest.approx([slope[0] * X.min() + intercept, slope[0] * X.max() + intercept])
        assert words.startswith(f"Iteration {grouped(k)}: y = ")
    assert "Slope m" in str(spec(chart))
    many, y = rows(columns=3)
    model = wk.LinearRegression(solver="gradient_descent", momentum="none").fit(many, y)
    chart = wk.plot(model.path_at, 7)
    assert sorted(value for _, value in table(chart, "name", "value")) == pytest.approx(sorted(model.path_at(7)[0]))
    assert static_svg(wk.plot(model.path_at, 0)).startswith("<svg")


def test_no_contours_where_no_one_line_fits_best():
    model = wk.LinearRegression(solver="gradient_descent").fit([[2.0], [2.0], [2.0]], [1.0, 2.0, 4.0])
    assert "Slope m" not in str(spec(model.plot()))
    assert static_svg(model.plot()).startswith("<svg")


@pytest.mark.parametrize("options", [{}, {"solver": "gradient_descent"}, {"fit_intercept": False}])
def test_on_the_lines_of_two_columns_the_probability_is_what_they_say(options):
    X, y = rows(90, 2)
    model = wk.LogisticRegression(**options).fit(X, np.where(y > y.mean() - 1, "ripe", "raw"))
    chart = model.plot()
    last, _ = stops(chart)
    drawn = [row for row in table(chart, "i", "p", "x0", "y0", "x1", "y1") if row[0] == last and row[2] is not None]
    assert {p for _, p, *_ in drawn} == {0.1, 0.25, 0.5, 0.75, 0.9}
    for _, p, x0, y0, x1, y1 in drawn:
        assert model.predict_proba([[x0, y0], [x1, y1]])[:, 1] == pytest.approx([p, p])
    truths = {(x, y): truth for x, y, truth in table(chart, "x", "y", "truth")}
    assert len(truths) == 90
    said = np.array(list(truths.values())) == "ripe"
    assert said.sum() == (y > y.mean() - 1).sum()


def test_several_columns_have_the_rows_over_their_score():
    X, y = rows(90, 3)
    model = wk.LogisticRegression().fit(X, y > 2)
    curve = table(model.plot(), "i", "x", "p")
    assert [p for _, _, p in curve] == pytest.approx([1 / (1 + np.exp(-x)) for _, x, _ in curve])
    drawn = sorted(x for x, _ in table(model.plot(), "x", "y"))
    assert drawn == pytest.approx(sorted(model.decision_function(X)))


def test_the_curve_is_the_probability_at_each_stop_and_one_half_where_it_is_said():
    X, y = rows()
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y > 2)
    chart = model.plot()
    last, _ = stops(chart)
    curve = [(x, p) for i, x, p in table(chart, "i", "x", "p") if i == last]
    assert [p for _, p in curve] == pytest.approx(model.predict_proba([[x] for x, _ in curve])[:, 1])
    assert [p for i, _, p in table(chart, "i", "x", "p") if i == 0] == [0.5] * len(curve)
    middles = [middle for (middle,) in table(chart, "middle")]
    assert model.predict_proba([[middles[-1]]])[0, 1] == pytest.approx(0.5)
    assert middles[0] is None
    assert {y for _, y in table(chart, "x", "y")} == {0.0, 1.0}


def test_newtons_steps_are_stops_too():
    X, y = rows()
    model = wk.LogisticRegression().fit(X, y > 2)
    assert [k for k, _ in table(model.plot(), "iteration", "words")] == list(range(model.n_iter_ + 1))


def test_several_columns_are_bars_the_largest_first_with_their_standard_errors():
    X, y = rows(columns=4)
    model = wk.LinearRegression().fit(X, y)
    chart = model.plot(names=["a", "b", "c", "c"])
    drawn = table(chart, "name", "value", "low", "high")
    order = np.argsort(-np.abs(model.coef_))
    assert [value for _, value, _, _ in drawn] == model.coef_[order].tolist()
    errors = model.standard_errors_[0][order]
    assert [(high - low) / 2 for _, _, low, high in drawn] == pytest.approx(errors.tolist())
    assert "standard error" in str(spec(chart))
    descended = wk.LinearRegression(solver="gradient_descent").fit(X, y).plot()
    assert "standard error" in str(spec(descended))
    assert table(descended, "iteration", "cost")[0][0] == 0
    penalised = wk.LinearRegression(alpha=1.0).fit(X, y).plot()
    assert "standard error" not in str(spec(penalised))


def test_a_logistic_fit_without_a_penalty_has_its_standard_errors_drawn():
    X, y = rows(columns=3)
    model = wk.LogisticRegression(C=np.inf).fit(X, y > y.mean() + np.sin(np.arange(60)) * 4)
    drawn = table(model.plot(), "value", "low", "high")
    order = np.argsort(-np.abs(model.coef_[0]))
    assert [(high - low) / 2 for _, low, high in drawn] == pytest.approx(model.standard_errors_[0][order].tolist())


def test_an_intercept_that_is_not_fitted_and_several_targets():
    X, y = rows()
    for solver in ("exact", "gradient_descent"):
        model = wk.LinearRegression(fit_intercept=False, solver=solver).fit(X, y)
        assert table(model.plot(), "y1")[-1][0] == pytest.approx(model.coef_[0] * X.max())
        both = wk.LinearRegression(solver=solver).fit(X, np.column_stack([y, -y]))
        assert table(both.plot(target=1), "y0")[-1][0] == pytest.approx(both.predict([[X.min()]])[0, 1])


def test_three_classes_are_drawn_one_by_one():
    X, _ = rows(90)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, np.repeat(["a", "b", "c"], 30))
    chart = model.plot(label="c")
    assert "Logistic regression for c" in spec(chart)["title"]["text"]
    last, _ = stops(chart)
    x, p = next((x, p) for i, x, p in table(chart, "i", "x", "p") if i == last)
    assert p == pytest.approx(1 / (1 + np.exp(-model.decision_function([[x]])[0, 2])))


def test_pictures_of_many_rows_and_iterations_stay_small():
    X, y = rows(20_000)
    model = wk.LogisticRegression(solver="gradient_descent").fit(X, y > 2)
    assert check_size(model.plot()) <= MAX_ROWS
    many, y = rows(10_001, 12)
    assert check_size(wk.LinearRegression().fit(many, y).plot()) <= MAX_ROWS


def test_rows_that_were_not_kept_are_drawn_when_they_are_given():
    X, y = rows(100_001)
    model = wk.LinearRegression().fit(X, y)
    assert table(model.plot(), "name", "value") == [("x", model.coef_[0])]
    assert table(model.plot(X, y), "x0", "y0")


def test_a_model_that_is_not_fitted_is_refused():
    for model in (wk.LinearRegression(), wk.LogisticRegression()):
        with pytest.raises(InputError, match="must be fitted first"):
            model.plot()


def test_an_unknown_class_is_refused():
    model = wk.LogisticRegression().fit(rows(90)[0], np.repeat(["a", "b", "c"], 30))
    with pytest.raises(InputError, match="'a', 'b', 'c'"):
        model.plot(label="d")


def test_names_stay_data():
    X, y = rows()
    assert holds_as_data(wk.LinearRegression().fit(X, y).plot(names=[HOSTILE]))
    assert holds_as_data(wk.LogisticRegression().fit(X, np.where(y > 2, HOSTILE, "")).plot())
    assert holds_as_data(coefficient_picture([HOSTILE, HOSTILE], [1.0, -2.0]))


def test_the_way_down_is_thinned_by_even_steps_and_by_even_ratios():
    k = np.arange(100_001)
    chart = descent_picture(k, 0.1 + 0.6 * np.exp(-np.sqrt(k)), np.exp(-k / 3000))
    content = spec(chart)
    shown = [row["iteration"] for rows in content["datasets"].values() for row in rows]
    assert len(shown) < 1500
    assert {0, 1, 2, 3, 100_000} <= set(shown)
    scales = str(content)
    assert "symlog" in scales
    assert "'type': 'log'" in scales


def test_a_short_way_down_has_plain_axes():
    content = str(spec(descent_picture([0, 1, 2], [3.0, 2.0, 1.5], [1.0, 0.5, 0.2])))
    assert "log" not in content.replace("logarithmic", "")


def test_a_descent_that_never_moved_is_drawn():
    assert static_svg(descent_picture([0], [0.0], [0.0])).startswith("<svg")


def test_the_largest_coefficients_are_shown_largest_first():
    chart = coefficient_picture([f"c{k}" for k in range(100)], [(-1) ** k * k / 10 for k in range(100)])
    drawn = table(chart, "name", "value")
    assert len(drawn) == MOST_COEFFICIENTS
    assert drawn[0][0] == "c99"
    assert [abs(value) for _, value in drawn] == sorted((abs(value) for _, value in drawn), reverse=True)
    assert "30 of 100" in spec(chart)["description"]


@pytest.mark.parametrize("values", [[0.0], [1.0], [-1.0, -2.0], [0.0, 0.0]])
def test_coefficients_of_one_sign_or_none_are_drawn(values):
    assert static_svg(coefficient_picture(["c"] * len(values), values)).startswith("<svg")
