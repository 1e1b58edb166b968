"""The data of the pictures of curves: what the slider stops at, what each stop says, and what is drawn beside it."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data, table

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.errors import InputError, UndefinedWarning
from workings.language import use_language
from workings.subjects.roc.plot_curves import MOST_CURVES, curves_picture
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture


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


def test_the_band_is_drawn_where_rows_are_counted():
    y, s = scores("probabilities")
    curve = wk.roc_curve(y, s)
    chart = curve.plot()
    drawn = [row for row in table(chart, "fpr", "tpr", "high") if row[2] is not None]
    low, high = curve.band(0.95).at([fpr for fpr, *_ in drawn])
    assert len(drawn) > 100
    np.testing.assert_allclose(np.transpose(drawn)[1:], (low, high), atol=1e-6)
    assert "pointwise 95 % band" in spec(chart)["description"]
    weighted = wk.roc_curve(y, s, sample_weight=np.linspace(1, 2, len(y))).plot()
    assert not any("high" in row for rows in spec(weighted)["datasets"].values() for row in rows)
    assert "band" not in spec(weighted)["description"]


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


def test_outside_text_never_enters_an_expression_or_a_field_name():
    y, s = scores("probabilities")
    curve = wk.roc_curve(y, s)
    assert holds_as_data(
        threshold_picture(
            curve, retained_thresholds(curve), 0.5, positive=HOSTILE, negative=HOSTILE + "2", score=HOSTILE
        )
    )
    assert holds_as_data(curves_picture({HOSTILE: curve, "other": curve}))
    assert holds_as_data(wk.roc_curve(np.where(y, HOSTILE, "no"), s, pos_label=HOSTILE).plot())


def test_a_curve_and_its_function_draw_the_same():
    y, s = scores("tied")
    assert spec(wk.roc_curve(y, s).plot()) == spec(wk.plot(wk.roc_curve, y, s))


def start_of(chart) -> float:
    content = spec(chart)
    return float(content["datasets"]["steps"][content["params"][0]["value"]]["x"])


def test_the_slider_starts_at_one_half_for_probabilities_else_at_the_best_threshold_else_where_asked():
    y, s = scores("probabilities")
    assert start_of(wk.roc_curve(y, s).plot()) == 0.5
    assert start_of(wk.plot(wk.roc_curve(y, s), threshold=0.25)) == 0.25
    y, s = scores("outside [0, 1]")
    curve = wk.roc_curve(y, s)
    assert start_of(curve.plot()) == curve.best_threshold().threshold


def test_the_best_threshold_may_be_above_every_score():
    chart = wk.roc_curve([1, 0], [3.0, 7.0]).plot()
    assert table(chart, "name", "tp", "fp")[-1] == ("above every score", 0, 0)


def test_the_area_is_shaded_in_the_order_of_the_curve():
    """Sorted by its horizontal place, a point above another would come before it: a wrong shape."""
    for chart in (wk.plot(wk.roc_curve, *scores("tied")), wk.plot(wk.precision_recall_curve, *scores("tied"))):
        marks = str(spec(chart))
        assert "'order': False" in marks[marks.index("'type': 'area'") - 120 : marks.index("'type': 'area'") + 120]


@pytest.mark.parametrize(
    ("y", "s", "weight", "shown"),
    [
        ([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0], None, True),
        ([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 1.0, 1.0], False),
        ([0, 1, 0], [1.0, 2.0, 3.0], None, False),
        ([0, 0, 1, 1], [1.0, 2.0, 3.0, 4.0], None, False),
    ],
    ids=["plain", "weighted", "one positive", "no spread"],
)
def test_the_interval_is_shown_where_it_says_something(y, s, weight, shown):
    curve = wk.roc_curve(y, s, sample_weight=weight)
    words = table(curve.plot(), "area")[0][0]
    assert ("[" in words) is shown
    if shown:
        low, high = curve.auc_interval()
        assert words == f"AUC {curve.auc:.4f} [{low:.4f}, {high:.4f}]"


def test_a_curve_without_one_of_the_classes_is_refused():
    with pytest.warns(UndefinedWarning):
        curve = wk.roc_curve([0, 0], [1.0, 2.0])
    with pytest.raises(InputError, match="plot: both classes must have rows"):
        curve.plot()


def test_two_curves_compared_show_both_areas_and_their_difference():
    y, s = scores("probabilities")
    other = np.random.default_rng(2).normal(size=len(y))
    comparison = wk.compare_auc(y, s, other)
    for chart in (comparison.plot(), wk.plot(wk.compare_auc, y, s, other)):
        content = spec(chart)
        drawn = {
            row["name"]: (row["value"], row["low"], row["high"])
            for rows in content["datasets"].values()
            for row in rows
            if "low" in row
        }
        assert drawn["First score"][0] == comparison.auc_a
        assert drawn["First score"][1:] == pytest.approx(wk.roc_curve(y, s).auc_interval())
        assert drawn["Second score"][0] == comparison.auc_b
        assert drawn["Difference"] == (comparison.difference, *comparison.interval())
        assert "p < 0.0001" in str(content["title"])


def test_a_comparison_without_a_variance_has_points_but_no_intervals():
    chart = wk.plot(wk.compare_auc, [0, 1], [1.0, 2.0], [2.0, 1.0])
    rows = [row for rows in spec(chart)["datasets"].values() for row in rows if "low" in row]
    assert [row["low"] for row in rows] == [None] * 3
    assert "undefined" in spec(chart)["description"]


def test_precision_and_recall_are_drawn_as_they_were_computed():
    curve = wk.precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    chart = wk.plot(curve)
    drawn = table(chart, "recall", "precision", "threshold")
    assert drawn == [(0.0, 1.0, None), (0.5, 1.0, 0.8), (0.5, 0.5, 0.4), (1.0, 2 / 3, 0.35), (1.0, 0.5, 0.1)]
    assert f"{curve.average_precision:.4f}" in str(table(chart, "area"))


def test_a_long_precision_recall_curve_is_thinned_along_its_way():
    rng = np.random.default_rng(4)
    y = rng.random(50_000) < 0.3
    curve = wk.precision_recall_curve(y, rng.normal(size=50_000) + y)
    chart = wk.plot(curve)
    assert check_size(chart) <= MAX_ROWS
    drawn = [(recall, precision) for recall, precision, _ in table(chart, "recall", "precision", "threshold")]
    assert drawn[0] == (0.0, 1.0)
    assert drawn[-1] == (1.0, curve.precision[0])
    whole = set(zip(curve.recall.tolist(), curve.precision.tolist(), strict=True))
    assert set(drawn) <= whole
    assert max(b[0] - a[0] for a, b in pairwise(drawn)) < 0.005


def test_precision_and_recall_without_a_positive_row_are_refused():
    with pytest.warns(UndefinedWarning):
        curve = wk.precision_recall_curve([0, 0], [1.0, 2.0], pos_label=1)
    with pytest.raises(InputError, match="positive row"):
        wk.plot(curve)


def test_the_area_under_points_is_drawn_with_its_trapezoids():
    x, y = [0.0, 0.0, 0.25, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0]
    chart = wk.plot(wk.auc, x, y)
    assert table(chart, "x", "y") == list(zip(x, y, strict=True))
    assert f"area {wk.auc(x, y):.6g}" in str(spec(chart)["title"])
    many = np.linspace(0, 1, 100_000)
    assert check_size(wk.plot(wk.auc, many, many)) <= MAX_ROWS


def test_a_score_of_two_classes_draws_their_curve():
    y, s = scores("tied")
    named = np.where(y, "b", "a")
    assert spec(wk.plot(wk.roc_auc_score, named, s)) == spec(wk.plot(wk.roc_curve, named, s, pos_label="b"))
    drawn = wk.plot(wk.average_precision_score, named, s, pos_label="b")
    assert spec(drawn) == spec(wk.plot(wk.precision_recall_curve, named, s, pos_label="b"))


def test_average_precision_of_several_classes_draws_a_curve_of_each():
    rng = np.random.default_rng(6)
    y = rng.integers(0, 3, 900)
    scores = rng.dirichlet([1, 1, 1], 900)
    picture = wk.plot(wk.average_precision_score, y, scores)
    rows = table(picture, "name", "recall", "precision")
    names = {name for name, *_ in rows}
    assert names == {f"{k}: average precision {wk.average_precision_score(y == k, scores[:, k]):.4f}" for k in range(3)}
    assert len(rows) <= 3 * 402
    flags = np.eye(3, dtype=int)[y] * [1, 1, 0]
    with pytest.warns(UndefinedWarning):
        two = wk.plot(wk.average_precision_score, flags, scores)
    assert len({name for (name,) in table(two, "name")}) == 2


def test_a_score_of_three_classes_draws_each_against_the_rest():
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, 200)
    shares = rng.dirichlet([1, 1, 1], 200)
    chart = wk.plot(wk.roc_auc_score, y, shares, multi_class="ovr")
    areas = [wk.roc_auc_score(y == k, shares[:, k]) for k in range(3)]
    assert {name for (name,) in table(chart, "name")} == {f"{k}: AUC {area:.4f}" for k, area in enumerate(areas)}
    of_labels = wk.plot(wk.roc_auc_score, np.eye(3, dtype=int)[y], shares)
    assert {name for (name,) in table(of_labels, "name")} == {f"label {k}: AUC {a:.4f}" for k, a in enumerate(areas)}


@pytest.mark.parametrize(("classes", "panels"), [(3, 3), (6, 6)])
def test_a_score_of_pairs_of_classes_draws_both_curves_of_each(classes, panels):
    rng = np.random.default_rng(5)
    y = rng.integers(0, classes, 600)
    shares = rng.dirichlet([1] * classes, 600)
    picture = wk.plot(wk.roc_auc_score, y, shares, multi_class="ovo")
    assert len(picture.concat) == panels

    def area(one, other):
        of = (y == one) | (y == other)
        return wk.roc_auc_score(y[of] == one, shares[of, one])

    pairs = sorted(combinations(range(classes), 2), key=lambda pair: area(*pair) + area(*reversed(pair)))[:panels]
    for (one, other), panel in zip(sorted(pairs), picture.concat, strict=True):
        assert panel.title.text == f"{one} against {other}"
        rows = panel.layer[1].data.values
        assert {row["name"] for row in rows} == {
            f"by the score of {one}: AUC {area(one, other):.4f}",
            f"by the score of {other}: AUC {area(other, one):.4f}",
        }
    if classes == 3:
        assert wk.roc_auc_score(y, shares, multi_class="ovo") == pytest.approx(
            np.mean([area(one, other) for pair in pairs for one, other in (pair, pair[::-1])])
        )
