"""The data of the pictures of a fit: the rows, what goes through them at each stop of the slider, the way down."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data, table

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.errors import InputError
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
        assert words.startswith(f"Iteration {iteration:,}: y = ")
    costs = table(chart, "iteration", "cost", "gradient")
    assert all(cost == model.history_.cost[iteration] for iteration, cost, _ in costs)


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
