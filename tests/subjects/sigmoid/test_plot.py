"""The data of the sigmoid's picture."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.pictures import layers, table

import workings as wk
from workings.chart import check_size, spec, static_svg
from workings.errors import InputError
from workings.language import use_language


def test_scores_are_drawn_in_order_of_size_and_what_lies_beyond_stands_at_the_edge():
    chart = wk.plot(wk.sigmoid, [2.0, -1.0, np.nan, -800.0, np.inf])
    assert table(chart, "x", "at", "said") == [
        (-800.0, -40.0, "−800"),
        (-1.0, -1.0, "−1"),
        (2.0, 2.0, "2"),
        (1e308, 40.0, "∞"),
    ]


def test_sliders_start_where_they_are_asked_to_and_reach_there():
    content = spec(wk.plot(wk.sigmoid, [1.0], weight=-7.5, bias=0.25, threshold=0.3))
    found = {each["name"]: (each["value"], each["bind"]["min"], each["bind"]["max"]) for each in content["params"]}
    assert found == {"weight": (-7.5, -7.5, 5.0), "bias": (0.25, -6, 6), "threshold": (0.3, 0.0, 1.0)}
    for wrong in ({"weight": np.nan}, {"bias": np.inf}, {"threshold": 1.5}):
        with pytest.raises(InputError, match="weight and bias must be finite, and threshold from 0 to 1"):
            wk.plot(wk.sigmoid, [1.0], **wrong)


def test_picture_of_many_scores_stays_small_and_says_that_it_has_a_part_of_them():
    chart = wk.plot(wk.sigmoid, np.linspace(-9, 9, 100_000))
    assert check_size(chart) < 1000
    assert spec(chart)["title"]["subtitle"] == "300 of 100\u202f000 scores, evenly chosen by size"


def test_picture_says_in_words_what_it_shows():
    chart = wk.plot(wk.sigmoid, [1, -1, 0])
    assert "threshold 0.5, scores at the threshold or above: 2 of 3" in spec(chart)["description"]
    chart = wk.plot(wk.sigmoid, [1, -1, 0], weight=-1, bias=0.5, threshold=0.7)
    assert "weight -1, the bias 0.5 and the threshold 0.7, scores at the threshold or above: 1 of 3" in str(spec(chart))
    with pytest.raises(InputError, match="at least one number"):
        wk.plot(wk.sigmoid, [np.nan])


@pytest.mark.parametrize("function", [wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
def test_values_lie_on_the_curves_of_the_family(function):
    curve, points = layers(wk.plot(function, [0.25, 0.5, np.nan, 0.9]))
    assert [row["value"] for row in points] == [0.25, 0.5, 0.9]
    for row in (*curve, *points):
        assert row["y"] == pytest.approx(function(row["x"]))
    assert check_size(wk.plot(function, np.linspace(0, 1, 100_000))) < 1000


def test_what_lies_at_infinity_stands_at_the_edge():
    curve, points = layers(wk.plot(wk.logit, [0.0, 1.0]))
    assert [row["y"] for row in points] == [curve[0]["y"], curve[-1]["y"]]
    assert [row["result"] for row in points] == [None, None]
    with pytest.raises(InputError, match="at least one number"):
        wk.plot(wk.logit, [2.0])


@pytest.mark.parametrize(("lang", "times"), [("en", "·"), ("ko", "×")])
def test_very_small_and_large_numbers_are_written_with_a_power_of_ten(lang, times):
    with use_language(lang):
        picture = static_svg(wk.plot(wk.sigmoid, [-800.0, -710.0, 1e6]))
    for written in (f"4.4763{times}10⁻³⁰⁹", f"1{times}10⁶", f"&lt; 5{times}10⁻³²⁴"):
        assert written in picture


@pytest.mark.parametrize("function", [wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
def test_pictures_fit_a_page_of_400_pixels(function):
    for values in ([0.3], [0.01, 0.5, 0.9999]):
        wide = re.search(r'width="([\d.]+)"', static_svg(wk.plot(function, values)))
        # The page keeps eight pixels free on both sides.
        assert float(wide[1]) <= 400 - 16
