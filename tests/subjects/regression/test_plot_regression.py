"""The data of the pictures of a fit."""

from __future__ import annotations

import numpy as np
import pytest
from tests.subjects.pictures import panels

import workings as wk
from workings.chart import check_size, spec


def rows(count=60, columns=1):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(count, columns))
    return X, X @ np.arange(1.0, columns + 1) + 2 + rng.normal(size=count)


def test_line_goes_through_the_predictions():
    X, y = rows()
    model = wk.LinearRegression(solver="gradient_descent").fit(X, y)
    picture, way = panels(model.plot(names=["<b>area</b>"]))
    for row in picture[1]:
        assert row["y"] == pytest.approx(model.predict([[row["x"]]])[0])
    assert len(picture[0]) == 60
    cost = {row["iteration"]: row["cost"] for row in way[0]}
    assert cost == pytest.approx({k: model.history_.cost[k] for k in cost})
    assert {0, model.n_iter_} <= set(cost)


def test_curve_is_the_probability():
    X, y = rows()
    model = wk.LogisticRegression().fit(X, y > 2)
    picture, _ = panels(model.plot())
    for row in picture[1][::20]:
        assert row["y"] == pytest.approx(model.predict_proba([[row["x"]]])[0, 1])
    assert {row["y"] for row in picture[0]} == {0.0, 1.0}


def test_exact_fit_has_no_way_and_several_columns_are_bars():
    X, y = rows(columns=4)
    model = wk.LinearRegression().fit(X, y)
    (bars,) = panels(model.plot(names=["a", "b", "c", "c"]))
    values = [row["value"] for row in bars[0]]
    assert values == sorted(model.coef_, key=abs, reverse=True)


def test_intercept_that_is_not_fitted_and_several_targets():
    X, y = rows()
    model = wk.LinearRegression(fit_intercept=False).fit(X, y)
    assert "x + 0 through" in spec(model.plot())["description"]
    both = wk.LinearRegression().fit(X, np.column_stack([y, -y]))
    (line,) = panels(both.plot(target=1))
    assert line[1][0]["y"] == pytest.approx(both.predict([[X.min()]])[0, 1])


def test_pictures_of_many_rows_and_iterations_stay_small():
    X, y = rows(20_000)
    chart = wk.LogisticRegression(solver="gradient_descent").fit(X, y > 2).plot()
    assert check_size(chart) < 5000


def test_three_classes_are_drawn_one_by_one():
    X, _ = rows(90, 2)
    model = wk.LogisticRegression().fit(X, np.repeat(["a", "b", "c"], 30))
    assert "Logistic regression for c" in spec(model.plot(label="c"))["title"]["text"]
