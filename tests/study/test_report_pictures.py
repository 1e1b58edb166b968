"""The data of the report's pictures: what the slider stops at, and what each stop says."""

from __future__ import annotations

import math

import numpy as np
import pytest

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.language import Message, use_language
from workings.study.charts import (
    MOST_COEFFICIENTS,
    coefficient_picture,
    descent_picture,
    residual_picture,
)
from workings.study.page import Coefficient, Descent, Residuals
from workings.subjects.roc.plot_curves import MOST_CURVES, curves_picture
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture

HOSTILE = "</script><b>\"'\n=1+1 한글 🎯"


def scores(kind: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    y = rng.random(300) < 0.4
    s = rng.normal(size=300) + 1.5 * y
    return y, {
        "probabilities": 1 / (1 + np.exp(-s)),
        "outside [0, 1]": 40 * s - 500,
        "tied": np.round(s),
        "one distinct": np.full(300, 3.0),
        "float32": s.astype(np.float32),
        "tiny": s * 1e-12,
        "all in one bin but one": np.where(np.arange(300) == 0, 1e9, s),
    }[kind]


KINDS = ["probabilities", "outside [0, 1]", "tied", "one distinct", "float32", "tiny", "all in one bin but one"]


def picture(curve, retained, chosen=0.5):
    return threshold_picture(curve, retained, chosen, positive="yes", negative="no")


@pytest.mark.parametrize("kind", KINDS)
def test_each_stop_of_the_slider_has_the_counts_of_its_threshold(kind):
    y, s = scores(kind)
    curve = wk.roc_curve(y, s)
    retained = retained_thresholds(curve, also=(0.3, 0.5))
    for stop in retained:
        called = s >= np.asarray(stop.threshold, s.dtype)
        assert (stop.tp, stop.fp) == ((called & y).sum(), (called & ~y).sum())
        assert (stop.fn, stop.tn) == ((~called & y).sum(), (~called & ~y).sum())
        assert stop.tpr == stop.tp / y.sum()
        assert stop.fpr == stop.fp / (~y).sum()


@pytest.mark.parametrize("kind", KINDS)
def test_the_stops_rise_from_all_positive_to_none_and_hold_the_thresholds_asked_for(kind):
    y, s = scores(kind)
    retained = retained_thresholds(wk.roc_curve(y, s), also=(0.3, 0.5), limit=50)
    thresholds = [stop.threshold for stop in retained]
    assert thresholds == sorted(set(thresholds))
    assert {0.3, 0.5} <= set(thresholds)
    assert (retained[0].tpr, retained[0].fpr) == (1, 1) or thresholds[0] == 0.3
    assert math.isinf(thresholds[-1])
    assert retained[-1].tp == retained[-1].fp == 0
    assert len(retained) <= 52


@pytest.mark.parametrize("kind", KINDS)
def test_the_linked_picture_draws_for_every_kind_of_score(kind):
    y, s = scores(kind)
    curve = wk.roc_curve(y, s)
    chart = picture(curve, retained_thresholds(curve, also=(0.5,)))
    assert check_size(chart) <= MAX_ROWS
    assert static_svg(chart).startswith("<svg")


def test_the_slider_starts_at_the_chosen_threshold_and_has_one_stop_for_each_retained():
    y, s = scores("probabilities")
    curve = wk.roc_curve(y, s)
    retained = retained_thresholds(curve, also=(0.5,))
    content = spec(picture(curve, retained))
    slider = content["params"][0]
    assert slider["name"] == "step"
    assert retained[slider["value"]].threshold == 0.5
    bind = slider["bind"]
    assert (bind["min"], bind["max"], bind["step"]) == (0, len(retained) - 1, 1)
    assert len(content["datasets"]["steps"]) == len(retained)


def test_a_thousand_retained_thresholds_stay_within_the_limit():
    rng = np.random.default_rng(0)
    y, s = rng.random(5000) < 0.5, rng.random(5000)
    curve = wk.roc_curve(y, s)
    retained = retained_thresholds(curve, limit=1000)
    assert len(retained) == 1000
    assert check_size(picture(curve, retained)) <= MAX_ROWS


def test_weighted_counts_are_shown_as_they_are():
    y, s = scores("tied")
    curve = wk.roc_curve(y, s, sample_weight=np.linspace(0.1, 2, len(y)))
    retained = retained_thresholds(curve)
    assert any(stop.tp != int(stop.tp) for stop in retained)
    assert static_svg(picture(curve, retained)).startswith("<svg")


def test_precision_is_left_undefined_where_nothing_is_called_positive():
    y, s = scores("tied")
    last = retained_thresholds(wk.roc_curve(y, s))[-1]
    assert math.isnan(last.precision)
    rows = spec(picture(wk.roc_curve(y, s), [last]))["datasets"]["steps"]
    assert rows[-1]["precision"] is None


def expressions(node) -> list[str]:
    """Every piece of a specification that Vega will evaluate."""
    found: list[str] = []
    if isinstance(node, dict):
        for key, part in node.items():
            if key in {"expr", "labelExpr", "calculate", "filter", "test"} and isinstance(part, str):
                found.append(part)
            elif key not in {"datasets", "values"}:
                found += expressions(part)
    elif isinstance(node, list):
        for part in node:
            found += expressions(part)
    return found


def test_outside_text_never_enters_an_expression_or_a_field_name():
    y, s = scores("probabilities")
    curve = wk.roc_curve(y, s)
    chart = threshold_picture(
        curve, retained_thresholds(curve), 0.5, positive=HOSTILE, negative=HOSTILE + "2", score=HOSTILE
    )
    charts = [
        chart,
        coefficient_picture([Coefficient(HOSTILE, 1.0), Coefficient(HOSTILE, -2.0)]),
        curves_picture({HOSTILE: curve, "other": curve}),
    ]
    for content in map(spec, charts):
        assert not [text for text in expressions(content) if "script" in text or "한글" in text]
        assert "한글" in str(content)
        for rows in content["datasets"].values():
            assert all(set(row) == set(rows[0]) and all(name.isidentifier() for name in row) for row in rows)


def test_two_classes_that_look_alike_still_have_four_cells():
    y, s = scores("tied")
    curve = wk.roc_curve(y, s)
    chart = threshold_picture(curve, retained_thresholds(curve), 0.5, positive="1", negative="1")
    assert len({cell for cell in static_svg(chart).split(">") if cell.startswith("1 (+)")}) == 1


def test_pictures_speak_the_active_language():
    y, s = scores("tied")
    curve = wk.roc_curve(y, s)
    chart = picture(curve, retained_thresholds(curve))
    assert "sensitivity" in spec(chart)["description"]
    with use_language("ko"):
        assert spec(picture(curve, retained_thresholds(curve)))["description"]


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


def test_of_many_classes_those_with_the_smallest_areas_are_drawn_and_each_is_told_apart_twice():
    rng = np.random.default_rng(3)
    curves = {}
    for k in range(10):
        y = rng.random(200) < 0.5
        curves[f"class {k}"] = wk.roc_curve(y, rng.normal(size=200) + k / 3 * y)
    content = spec(curves_picture(curves))
    names = content["layer"][1]["encoding"]["color"]["scale"]["domain"]
    assert len(names) == MOST_CURVES
    assert names[0].startswith("class 0")
    assert content["layer"][1]["encoding"]["strokeDash"]["scale"]["domain"] == names
