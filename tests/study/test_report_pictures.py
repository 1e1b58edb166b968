"""The data of the report's own pictures: the descent, the coefficients, the errors."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data

from workings.chart import spec, static_svg
from workings.language import Message
from workings.study.charts import (
    MOST_COEFFICIENTS,
    coefficient_picture,
    descent_picture,
    residual_picture,
)
from workings.study.page import Coefficient, Descent, Residuals


def test_the_way_down_is_thinned_by_even_steps_and_by_even_ratios():
    k = np.arange(100_001)
    cost = 0.1 + 0.6 * np.exp(-np.sqrt(k))
    chart = descent_picture(Descent(k, cost, np.exp(-k / 3000), None, True, Message("done")))
    content = spec(chart)
    shown = [row["iteration"] for rows in content["datasets"].values() for row in rows]
    assert len(shown) < 1500
    assert {0, 1, 2, 3, 100_000} <= set(shown)
    scales = str(content)
    assert "symlog" in scales
    assert "'type': 'log'" in scales


def test_a_short_way_down_has_plain_axes():
    descent = Descent([0, 1, 2], [3.0, 2.0, 1.5], [1.0, 0.5, 0.2], None, True, Message("done"))
    content = str(spec(descent_picture(descent)))
    assert "log" not in content.replace("logarithmic", "")


def test_a_descent_that_never_moved_is_drawn():
    descent = Descent([0], [0.0], [0.0], None, True, Message("done"))
    assert static_svg(descent_picture(descent)).startswith("<svg")


def test_the_largest_coefficients_are_shown_largest_first():
    many = [Coefficient(f"c{k}", (-1) ** k * k / 10) for k in range(100)]
    content = spec(coefficient_picture(many))
    rows = next(rows for rows in content["datasets"].values() if "name" in rows[0])
    assert len(rows) == MOST_COEFFICIENTS
    assert rows[0]["name"] == "c99"
    assert [abs(row["value"]) for row in rows] == sorted((abs(row["value"]) for row in rows), reverse=True)
    assert "30 of 100" in content["description"]


@pytest.mark.parametrize("values", [[0.0], [1.0], [-1.0, -2.0], [0.0, 0.0]])
def test_coefficients_of_one_sign_or_none_are_drawn(values):
    assert static_svg(coefficient_picture([Coefficient("c", value) for value in values])).startswith("<svg")


def test_residuals_show_every_row_given_and_every_bin():
    residuals = Residuals([1.0, 2.0, 3.0], [1.5, 1.5, 3.0], 3, [-0.5, 0.0, 0.5], [1, 2])
    datasets = spec(residual_picture(residuals))["datasets"].values()
    assert any([row.get("actual") for row in rows] == [1.5, 1.5, 3.0] for rows in datasets)
    assert any([row.get("count") for row in rows] == [1, 2] for rows in datasets)


def test_names_of_columns_stay_data():
    assert holds_as_data(coefficient_picture([Coefficient(HOSTILE, 1.0), Coefficient(HOSTILE, -2.0)]))
