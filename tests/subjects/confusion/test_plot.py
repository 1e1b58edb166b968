"""The data of the pictures of decisions: the cells, their shares, and what a slider over thresholds shows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data, table

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.subjects.confusion import ConfusionMatrix
from workings.subjects.confusion.plot_matrix import MOST_CLASSES


def test_each_cell_has_its_count_its_share_of_the_actual_class_and_its_name():
    chart = ConfusionMatrix.from_counts([[50, 5], [10, 35]], ("well", "ill")).plot()
    assert table(chart, "actual", "predicted", "count", "percent", "words") == [
        ("well", "well", 50, "90.9%", "true negatives"),
        ("well", "ill", 5, "9.1%", "false positives"),
        ("ill", "well", 10, "22.2%", "false negatives"),
        ("ill", "ill", 35, "77.8%", "true positives"),
    ]
    assert "Of 45 rows that are ill, 35 are predicted so" in spec(chart)["description"]


@pytest.mark.parametrize(
    ("normalize", "shares"),
    [("true", [0.8, 0.2, 0.5, 0.5]), ("pred", [8 / 9, 2 / 3, 1 / 9, 1 / 3]), ("all", [2 / 3, 1 / 6, 1 / 12, 1 / 12])],
)
def test_shares_are_those_of_the_normalisation(normalize, shares):
    y = [0] * 10 + [1] * 2
    predicted = [0] * 8 + [1] * 2 + [0, 1]
    chart = wk.plot(wk.confusion_matrix, y, predicted, normalize=normalize)
    assert [share for (share,) in table(chart, "share")] == pytest.approx(shares)


def test_a_class_without_rows_has_no_share():
    chart = wk.plot(wk.confusion_matrix, [0, 0], [0, 1])
    assert [(share, words) for share, words in table(chart, "share", "percent")][2:] == [(None, ""), (None, "")]
    assert static_svg(chart).startswith("<svg")


def test_right_and_wrong_are_told_apart_by_place_and_colour():
    chart = wk.plot(wk.confusion_matrix, [0, 1, 2, 2], [0, 1, 2, 1])
    assert all(
        right == (actual == predicted) for actual, predicted, right in table(chart, "actual", "predicted", "right")
    )
    assert "1 row of 2 predicted as 1" in spec(chart)["description"]


def test_of_very_many_classes_the_most_frequent_are_drawn_and_it_is_said():
    rng = np.random.default_rng(0)
    y = np.minimum(rng.geometric(0.02, 20_000), 200)
    chart = wk.plot(wk.confusion_matrix, y, rng.permutation(y))
    assert check_size(chart) == MOST_CLASSES**2 <= MAX_ROWS
    frequent = {str(label) for label in np.argsort(-np.bincount(y), kind="stable")[:MOST_CLASSES]}
    assert {actual for (actual,) in table(chart, "actual")} == frequent
    assert f"the {MOST_CLASSES} most frequent of {len(np.unique(y))} classes" in str(spec(chart)["title"])


def test_weights_are_shown_as_they_are():
    chart = wk.plot(wk.confusion_matrix, [0, 1], [0, 1], sample_weight=[0.25, 1.5])
    assert [number for (number,) in table(chart, "number")] == ["0.25", "0", "0", "1.5"]


def test_the_threshold_that_made_the_decisions_is_named():
    assert "0.35" in str(spec(wk.threshold_table([0, 1], [0.2, 0.4], [0.35]).confusion(0).plot())["title"])


def test_labels_stay_data_and_alike_ones_are_told_apart():
    matrix = ConfusionMatrix.from_counts([[2, 1], [1, 2]], (HOSTILE, HOSTILE + "2"))
    assert holds_as_data(matrix.plot())
    assert holds_as_data(wk.plot(wk.threshold_table, [HOSTILE, "b"], [0.2, 0.8], [0.5], pos_label=HOSTILE))
    alike = ConfusionMatrix.from_counts([[2, 1], [1, 2]], (1, "1"))
    assert {actual for (actual,) in table(alike.plot(), "actual")} == {"1", "1 (2)"}


Y = [0, 0, 1, 1, 0]
SCORES = [0.1, 0.4, 0.35, 0.8, 0.6]


def test_each_stop_of_the_slider_has_the_counts_of_its_threshold_in_rising_order():
    result = wk.threshold_table(Y, SCORES, [0.7, 0.3, 0.5, 0.5, np.inf, -np.inf])
    chart = result.plot()
    content = spec(chart)
    assert table(chart, "name", "tp", "fp", "fn", "tn") == [
        ("below every score", 2, 3, 0, 0),
        ("0.3", 2, 2, 0, 1),
        ("0.5", 1, 1, 1, 2),
        ("0.7", 1, 0, 1, 3),
        ("above every score", 0, 0, 2, 3),
    ]
    assert content["params"][0]["bind"]["max"] == 4
    assert spec(wk.plot(wk.threshold_table, Y, SCORES, [0.7, 0.3, 0.5, np.inf, -np.inf])) == content


def test_rates_that_are_undefined_are_left_out():
    rows = table(wk.plot(wk.threshold_table, Y, SCORES, [0.5, 2.0]), "precision", "tnr")
    assert rows == [(0.5, 2 / 3), (None, 1.0)]


def test_rows_that_were_kept_are_drawn_at_their_scores():
    drawn = table(wk.plot(wk.threshold_table, Y, SCORES), "score", "side")
    assert drawn == list(zip(SCORES, Y, strict=True))


def test_rows_that_were_not_kept_are_not_drawn():
    rng = np.random.default_rng(1)
    chart = wk.plot(wk.threshold_table, rng.random(2_000) < 0.5, rng.normal(size=2_000), np.linspace(-2, 2, 1_000))
    assert not [rows for rows in spec(chart)["datasets"].values() if "score" in rows[0]]
    assert check_size(chart) <= MAX_ROWS
    assert static_svg(chart).startswith("<svg")


@pytest.mark.parametrize("threshold", [0.5, np.inf, -np.inf])
def test_one_threshold_alone_is_drawn(threshold):
    chart = wk.plot(wk.threshold_table, Y, SCORES, [threshold])
    assert "bind" not in spec(chart)["params"][0]
    assert static_svg(chart).startswith("<svg")
