"""The data of the sigmoid's picture."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pictures import layers

import workings as wk
from workings.chart import check_size, spec
from workings.errors import InputError


def test_scores_lie_on_the_curve():
    _, curve, points, *_ = layers(wk.plot(wk.sigmoid, [2.0, -1.0, np.nan]))
    assert len(points) == 2
    for row in (*curve, *points):
        assert row["probability"] == pytest.approx(1 / (1 + np.exp(-row["score"])))


def test_scores_far_out_stand_at_the_edge_and_say_what_they_are():
    _, curve, points, *_ = layers(wk.plot(wk.sigmoid, [-800.0, 3.0]))
    assert points[0]["score"] == curve[0]["score"] == -40.0
    assert points[0]["said"] == "-800"


def test_picture_of_many_scores_stays_small():
    assert check_size(wk.plot(wk.sigmoid, np.linspace(-9, 9, 100_000))) < 1000


def test_picture_says_in_words_what_it_shows():
    assert (
        "2 scores on it, 1 of them at probabilities of 0.5 or more" in spec(wk.plot(wk.sigmoid, [1, -1]))["description"]
    )
    with pytest.raises(InputError, match="at least one number"):
        wk.plot(wk.sigmoid, [np.nan])


@pytest.mark.parametrize(
    ("scores", "words"),
    [([-1.0, 2.197], ["0.26894", "0.89998"]), ([2.0, 2.01], ["", ""]), ([4.0, 5.0], ["", ""]), ([3.0], ["0.95257"])],
    ids=["apart", "together", "where the curve is flat", "alone"],
)
def test_probabilities_are_written_where_there_is_room(scores, words):
    assert [row["words"] for row in layers(wk.plot(wk.sigmoid, scores))[2]] == words


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
