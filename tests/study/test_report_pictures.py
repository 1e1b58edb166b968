"""The data of the report's own pictures: the errors; and that the others are the subjects'."""

from __future__ import annotations

from workings.chart import spec
from workings.language import Message
from workings.study.charts import coefficient_picture, descent_picture, residual_picture
from workings.study.page import Coefficient, Descent, Residuals
from workings.subjects.regression import plot_coefficients, plot_descent


def test_residuals_show_every_row_given_and_every_bin():
    residuals = Residuals([1.0, 2.0, 3.0], [1.5, 1.5, 3.0], 3, [-0.5, 0.0, 0.5], [1, 2])
    datasets = spec(residual_picture(residuals))["datasets"].values()
    assert any([row.get("actual") for row in rows] == [1.5, 1.5, 3.0] for rows in datasets)
    assert any([row.get("count") for row in rows] == [1, 2] for rows in datasets)


def test_the_report_draws_the_fit_as_the_regression_does():
    descent = Descent([0, 1, 2], [3.0, 2.0, 1.5], [1.0, 0.5, 0.2], None, True, Message("done"))
    assert spec(descent_picture(descent)) == spec(
        plot_descent.descent_picture([0, 1, 2], [3.0, 2.0, 1.5], [1.0, 0.5, 0.2])
    )
    bars = coefficient_picture([Coefficient("a", 1.0), Coefficient("b", -2.0)])
    assert spec(bars) == spec(plot_coefficients.coefficient_picture(["a", "b"], [1.0, -2.0]))
