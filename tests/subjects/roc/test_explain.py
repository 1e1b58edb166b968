"""The working of a ROC curve and of a paired test: complete, true, and not to be fooled."""

from __future__ import annotations

import dataclasses
import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import InputError, UndefinedWarning, WorkingError
from workings.expression import Number
from workings.subjects.roc import area, best, compute, decisions, delong, explain_curve, explain_sums, groups, score

from ..planted import unaccounted, unseen
from .problems import columns

KEYS = {
    "auc", "auc_variance", "auc_low", "auc_high", "average_precision", "best_youden", "best_corner", "best_cost",
    "partial_auc", "partial_auc_corrected", "trapezoids", "pairs", "same_area", "thresholds",
}  # fmt: skip
SMALL = ([0, 0, 1, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.4, 0.2])
ROWS = st.lists(st.tuples(st.booleans(), st.integers(-2, 3).map(float), st.integers(0, 3)), min_size=2, max_size=25)


def number(cell):
    """Return what stands in a cell, whether or not it says how it follows."""
    return getattr(cell, "value", cell)


def keys(working):
    return {step.key for step in working.walk()}


@pytest.fixture
def many(monkeypatch):
    """Treat a few terms as many."""
    monkeypatch.setattr(explain_sums, "_FEW", 3)
    monkeypatch.setattr(explain_sums, "_BLOCK", 7)


@pytest.mark.parametrize("column", ["mean radius", "worst concave points", "mean fractal dimension"])
def test_every_number_of_a_curve_has_a_line_that_verifies(column):
    curve = wk.roc_curve(*columns("breast_cancer", column))
    working = curve.explain(cost_fp=1, cost_fn=2.5)
    assert working.verify().equations > 30
    assert keys(working) >= KEYS
    assert working.step("auc").value == curve.auc
    assert (working.step("auc_low").value, working.step("auc_high").value) == curve.auc_interval()
    assert working.step("auc_variance").value == curve.auc_variance
    assert working.step("average_precision").value == curve.average_precision
    for method in ("youden", "corner", "cost"):
        point = curve.best_threshold(method, cost_fp=1, cost_fn=2.5)
        assert working.step(f"{method}_threshold").value == point.threshold
        assert working.step(f"{method}_sensitivity").value == point.sensitivity
        assert working.step(f"{method}_specificity").value == point.specificity
        assert working.step(f"{method}_criterion").value == point.value


@settings(max_examples=25)
@given(ROWS)
# A covariance of 0.025416666666666664, which is one unit from the truth, is put in to 16 digits.
@example([(0, 0, 2), (0, 1, 2), (0, 1, 3), (0, -1, 2), (1, 1, 2), (1, -1, 0), (1, -1, 3), (1, -1, 3), (1, -2, 3)])
# Products of deviations that add up to 0 are computed as -4e-17.
@example([(0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 2), (0, -1, 3), (0, -2, 0), (1, -1, 2), (1, 1, 0), (1, 1, 0)])
def test_rows_of_every_kind_are_worked(rows):
    y, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedWarning)
        wk.explain(wk.roc_curve, y, score).verify()
        if weight.any():
            wk.explain(wk.roc_curve, y, score, sample_weight=weight / 3).verify()
        if y.any() and not y.all():
            wk.explain(wk.compare_auc, y, score, score + weight).verify()


def test_few_rows_are_compared_pair_by_pair():
    working = wk.explain(wk.roc_curve, *SMALL)
    scopes = {line.key: line.scope for line in working.verify().lines}
    assert scopes["pairs_one_by_one"] == scopes["positives"] == "inputs"
    assert working.step("pairs_one_by_one").value == 15
    assert len(working.step("thresholds").table.rows) == 6
    assert working.at(threshold=0.4).step("recall").value == 2 / 3
    text = working.to_text()
    assert "of all pairs of a positive and a negative row" in text
    assert "a tied pair counts half" in text


@given(ROWS)
@settings(max_examples=15)
def test_a_long_curve_is_worked_from_a_second_count(rows):
    y, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    score = score + np.arange(len(score)) / 100
    assume(2 <= y.sum() <= len(y) - 2)
    curve = wk.roc_curve(y, score)
    few = curve.explain(cost_fn=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain_sums, "_FEW", 3)
        patch.setattr(explain_sums, "_BLOCK", 7)
        long = curve.explain(cost_fn=2)
        long.verify()
        wk.explain(wk.compare_auc, y, score, score + weight).verify()
    for name in ("S", "U", "D_p", "D_n", "Q"):
        if name in long.inputs:
            key = {"S": "trapezoids", "U": "pairs", "D_p": "spread_of_positives", "D_n": "spread_of_negatives"}
            expected = few.step(key.get(name, "precisions")).value
            assert long.inputs[name].value == pytest.approx(expected, rel=1e-12)
    # What is listed is counted at the thresholds that are shown, and nothing else comes term by term.
    columns = {name: given.value for name, given in long.inputs.items() if name not in ("tau", "A", "B")}
    assert not [name for name, value in columns.items() if np.ndim(value) and len(value) > 4]


def test_a_long_working_stays_small():
    rng = np.random.default_rng(0)
    y = rng.random(60_000) < 0.3
    working = wk.roc_curve(y, rng.normal(size=60_000) + y).explain()
    working.verify()
    assert len(working.to_text()) < 20_000
    assert len(working.to_json()) < 400_000


# Edges.


def test_one_class_is_said_to_be_undefined():
    for y in ([1, 1, 1], [0, 0, 0]):
        with pytest.warns(UndefinedWarning):
            working = wk.explain(wk.roc_curve, y, [0.1, 0.2, 0.3])
        working.verify()
        assert "auc" not in keys(working)
        assert "undefined (0/0)" in working.to_text()


def test_one_positive_has_no_interval():
    working = wk.explain(wk.roc_curve, [0, 0, 1], [0.1, 0.2, 0.15])
    working.verify()
    assert "the spread of one row is 0/0" in " ".join(working.to_text().split())
    assert "auc_low" not in keys(working)


def test_a_perfect_curve_warns_that_its_interval_is_no_certainty():
    working = wk.explain(wk.roc_curve, [0, 0, 1, 1], [1, 2, 3, 4])
    working.verify()
    assert working.step("auc_low").value == working.step("auc_high").value == 1
    assert "not certainty" in " ".join(working.to_text("en").split())


def test_a_rare_class_and_a_curve_the_wrong_way_round_are_pointed_out():
    score = np.arange(100.0)
    text = " ".join(wk.explain(wk.roc_curve, score < 3, score).to_text().split())
    assert "One class holds only 3 % of the rows" in text
    assert "The AUC is below a half" in text


def test_the_paired_test_has_a_line_for_every_number():
    positive, a = columns("breast_cancer", "mean radius")
    _, b = columns("breast_cancer", "worst concave points")
    test = wk.compare_auc(positive, a, b)
    working = test.explain()
    working.verify()
    for name in ("auc_a", "auc_b", "difference", "variance_a", "variance_b", "covariance", "z", "p_value"):
        assert working.step(name).value == getattr(test, name)
    assert (working.step("difference_low").value, working.step("difference_high").value) == test.interval()
    assert "by chance alone" in working.to_text()


def test_a_test_that_is_undefined_says_why():
    working = wk.explain(wk.compare_auc, [0, 1, 0, 1], [1, 2, 3, 4], [1, 4, 9, 16])
    working.verify()
    assert "variance 0" in str(working.step("z").note)
    one = wk.explain(wk.compare_auc, [0, 1, 0], [1, 2, 3], [3, 2, 1])
    one.verify()
    assert "z" not in keys(one)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=20), st.booleans())
@pytest.mark.filterwarnings("ignore:No positive")
def test_precision_and_recall_are_worked_from_the_counts(rows, dropped):
    y, s = (np.array(column) for column in zip(*rows, strict=True))
    curve = wk.precision_recall_curve(y, s, drop_intermediate=dropped, pos_label=True)
    told = [wk.explain(wk.precision_recall_curve, y, s, drop_intermediate=dropped, pos_label=True), curve.explain()]
    for working in told:
        working.verify()
        points = {number(row[0]): row[3:] for row in working.step("thresholds").table.rows}
        found = {t: (p, r) for p, r, t in zip(*(each.tolist() for each in curve), strict=False)}
        for cut in points.keys() & found.keys():
            assert points[cut] == pytest.approx(found[cut], nan_ok=True)
        if y.any():
            assert working.step("average_precision").value == pytest.approx(curve.average_precision)
    assert told[0].at(threshold=3.0).step("recall") is not None or not y.any()


def test_a_precision_that_is_wrong_is_caught():
    working = wk.explain(wk.precision_recall_curve, *SMALL)
    step = working.step("thresholds")
    rows = [list(row) for row in step.table.rows]
    rows[1][3] += 0.01
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))
    with pytest.raises(WorkingError):
        dataclasses.replace(working, steps=tuple(wrong if each is step else each for each in working.steps)).verify()


def test_the_single_numbers_are_worked():
    working = wk.explain(wk.roc_auc_score, ["a", "b", "b", "a"], [0.1, 0.4, 0.35, 0.8])
    working.verify()
    assert working.step("auc").value == 0.5
    working = wk.explain(wk.average_precision_score, [0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8])
    working.verify()
    assert working.step("average_precision").value == wk.average_precision_score([0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8])


@pytest.mark.parametrize("weights", [None, np.arange(60) % 4 / 3])
@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples", None])
def test_several_labels_are_worked_and_each_is_counted_again(average, weights):
    rng = np.random.default_rng(2)
    flags, scores = rng.random((60, 3)) < 0.4, np.round(rng.random((60, 3)), 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedWarning)
        for function, key in ((wk.roc_auc_score, "auc"), (wk.average_precision_score, "average_precision")):
            value = function(flags, scores, average=average, sample_weight=weights)
            working = wk.explain(function, flags, scores, average=average, sample_weight=weights)
            working.verify()
            if average == "micro":
                assert working.step(key).value == value
            elif average is None:
                assert [row[-1].value for row in working.step("each").table.rows] == value.tolist()
                assert working.at(label=1).verify().equations
            elif math.isnan(value):
                assert "mean" not in keys(working)
            else:
                assert working.step("mean").value == value


def test_several_classes_are_worked_one_against_the_rest_and_in_pairs():
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, 50)
    scores = rng.dirichlet([1, 1, 1], 50)
    names = np.array(["ash", "oak", "elm"])[y]
    for average in ("macro", "weighted"):
        for how in ("ovr", "ovo"):
            options = {"multi_class": how, "average": average}
            working = wk.explain(wk.roc_auc_score, names, scores, **options)
            working.verify()
            assert working.step("mean").value == wk.roc_auc_score(names, scores, **options)
            assert len(working.step("each").table.rows) == (3 if how == "ovr" else 6)
            assert working.to_text("ko")
    one = wk.explain(wk.roc_auc_score, names, scores, multi_class="ovr").at(label="oak")
    assert one.step("auc").value == wk.roc_auc_score(names == "oak", scores[:, 2])
    with pytest.raises(InputError, match="label must be one of 'ash', 'elm', 'oak'"):
        wk.explain(wk.roc_auc_score, names, scores, multi_class="ovr").at(label="fir")
    with pytest.warns(UndefinedWarning):
        absent = wk.explain(wk.roc_auc_score, y % 2, scores, multi_class="ovr", labels=[0, 1, 2])
    assert "undefined (0/0)" in " ".join(absent.to_text("en").split())


def test_an_area_of_one_class_that_is_wrong_is_found(monkeypatch):
    monkeypatch.setattr(score, "area_of_column", scaled(score.area_of_column))
    with pytest.raises(WorkingError, match="table each"):
        wk.explain(wk.roc_auc_score, [0, 1, 2, 1], np.full((4, 3), 1 / 3), multi_class="ovr").verify()


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-5, 5)), min_size=2, max_size=9), st.booleans())
def test_the_area_under_points_is_worked(points, falling):
    x, y = (np.array(column, float) for column in zip(*sorted(points, reverse=falling), strict=True))
    working = wk.explain(wk.auc, x, y)
    working.verify()
    assert working.step("area").value == wk.auc(x, y)


def test_it_round_trips_and_renders():
    working = wk.explain(wk.roc_curve, *SMALL)
    assert working.from_json(working.to_json()).step("auc").value == working.step("auc").value
    for render in (working.to_html, working.to_markdown, working.to_latex):
        assert "AUC" in render()


# Faults are planted, and found.


def scaled(function, by=1 + 1e-6):
    return lambda *args, **kwargs: function(*args, **kwargs) * by


@pytest.mark.parametrize(
    ("module", "name", "wrong", "line"),
    [
        (area, "twice_area", lambda f: lambda *a: f(*a) + 1, "auc|auc_of_pairs|auc_variance"),
        (area, "delong_variance", scaled, "auc_variance"),
        (area, "average_precision", scaled, "average_precision"),
        (area, "partial_area", scaled, "partial_auc"),
    ],
)
def test_a_kernel_that_is_wrong_is_found(monkeypatch, module, name, wrong, line):
    monkeypatch.setattr(module, name, wrong(getattr(module, name)))
    with pytest.raises(WorkingError, match=f"verify: line ({line})"):
        wk.explain(wk.roc_curve, *SMALL).verify()


@pytest.mark.parametrize("options", [{}, {"max_fpr": 0.3}])
@pytest.mark.parametrize("name", ["roc_auc_score", "average_precision_score"])
def test_a_single_number_that_is_wrong_is_found(monkeypatch, name, options):
    if name == "average_precision_score":
        options = {}
    function = getattr(wk, name)
    wk.explain(function, *SMALL, **options).verify()
    monkeypatch.setattr(score, name, scaled(getattr(score, name)))
    with pytest.raises(WorkingError, match=r"verify: line (auc|partial_auc_corrected|average_precision)"):
        wk.explain(function, *SMALL, **options).verify()


def test_a_part_of_a_long_curve_is_worked_from_a_second_count(many):
    y, scores = np.arange(40) % 3 == 0, np.arange(40.0) % 17
    for max_fpr in (0.01, 0.2, 0.5, 1):
        working = wk.explain(wk.roc_auc_score, y, scores, max_fpr=max_fpr)
        working.verify()
        step = working.step("auc" if max_fpr == 1 else "partial_auc_corrected")
        assert step.value == wk.roc_auc_score(y, scores, max_fpr=max_fpr)
        assert ("up to 0.2 the area" in str(working.result)) == (max_fpr == 0.2)


def test_a_kernel_that_is_wrong_is_found_in_a_long_curve(monkeypatch, many):
    monkeypatch.setattr(area, "delong_variance", scaled(area.delong_variance))
    with pytest.raises(WorkingError, match="auc_variance"):
        wk.roc_curve(*SMALL).explain().verify()


def test_a_threshold_that_is_not_the_best_is_found(monkeypatch, request):
    def second_best(tie_groups, method, *costs):
        right = best.best_point(tie_groups, method, *costs)
        other = next(
            k for k in range(len(tie_groups)) if best.point_at(tie_groups, k, method, *costs).value != right.value
        )
        return best.point_at(tie_groups, other, method, *costs)

    monkeypatch.setattr(decisions, "best_point", second_best)
    with pytest.raises(WorkingError, match="youden_is_best"):
        wk.roc_curve(*SMALL).explain().verify()
    request.getfixturevalue("many")
    with pytest.raises(WorkingError, match="youden_is_best"):
        wk.roc_curve(*SMALL).explain().verify()


def test_rows_put_in_the_wrong_group_are_found(monkeypatch):
    right = compute.tie_groups

    def shifted(*args, **kwargs):
        found, labels = right(*args, **kwargs)
        tp = found.tp.copy()
        tp[1] += 1
        return groups.TieGroups(found.scores, tp, found.fp), labels

    monkeypatch.setattr(compute, "tie_groups", shifted)
    with pytest.raises(WorkingError, match=r"table thresholds|same_pairs|pairs_one_by_one"):
        wk.explain(wk.roc_curve, [0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5]).verify()


@pytest.mark.parametrize("field", ["auc_a", "auc_b", "variance_a", "variance_b", "covariance", "difference_variance"])
def test_a_comparison_that_is_wrong_is_found(field):
    rng = np.random.default_rng(4)
    y, a = np.arange(40) % 2, rng.normal(size=40)
    test = wk.compare_auc(y, a + y, a + rng.normal(size=40))
    wrong = dataclasses.replace(test, **{field: getattr(test, field) * (1 + 1e-6)})
    with pytest.raises(WorkingError, match=field):
        wrong.explain().verify()


def test_a_placement_that_is_wrong_is_found(monkeypatch):
    right = delong._twice_below

    def wrong(scores, others):
        twice = right(scores, others)
        twice[0] += 1
        return twice

    monkeypatch.setattr(delong, "_twice_below", wrong)
    with pytest.raises(WorkingError, match="auc_a"):
        wk.explain(wk.compare_auc, [0, 1, 0, 1, 1], [1, 2, 3, 4, 5], [5, 3, 4, 1, 2]).verify()


@pytest.mark.parametrize("base", [2**62, -(2**63)])
def test_integers_that_floats_would_tie_stay_apart_in_a_working(base):
    y, scores = [0, 1, 1, 0, 1], [base + 1, base + 2, base + 3, base + 2, base + 5]
    for working in (
        wk.explain(wk.roc_curve, y, scores),
        wk.roc_curve(y, scores).explain(),
        wk.roc_curve(y, scores).best_threshold().explain(),
        wk.roc_curve(y, scores).band().explain(),
        wk.explain(wk.threshold_table, y, scores, None),
        wk.explain(wk.precision_recall_curve, y, scores),
    ):
        working.verify()
        points = [
            tuple(map(number, row)) for row in working.step("thresholds").table.rows if number(row[0]) != math.inf
        ]
        assert [row[0] for row in points] == [base + 5, base + 3, base + 2, base + 1]
        assert working.at(threshold=base + 3).step("recall").value == pytest.approx(2 / 3)


def test_the_number_of_pairs_that_are_compared_one_by_one_is_bounded():
    working = wk.explain(wk.roc_curve, np.arange(60) % 2, np.arange(60.0))
    assert "pairs_one_by_one" not in keys(working)
    assert explain_curve._MOST_PAIRS < 30 * 30
    assert math.isclose(working.step("auc").value, 0.5166666666666667)


def test_the_notes_name_both_points_of_a_step():
    working = wk.roc_curve([0, 0, 1, 1, 1], [0.1, 0.6, 0.35, 0.8, 0.7]).explain()
    text = working.at(part="spread").to_text("en", width=300)
    assert "(N - (Fₖ + Fₖ₊₁) / 2) / N for a positive one and ((Tₖ + Tₖ₊₁) / 2) / P for a negative one at step k" in text


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_a_screenful_or_two_and_all_of_it_on_demand(lang):
    y, y_hat = wk.datasets.mango()
    working = wk.explain(wk.roc_curve, y, y_hat)
    assert len(working.to_text(lang).splitlines()) < 112
    rng = np.random.default_rng(0)
    many = rng.random(60_000) < 0.3
    assert len(wk.roc_curve(many, rng.normal(size=60_000) + many).explain().to_text(lang).splitlines()) < 112
    assert working.at(part="all").verify().equations == working.verify().equations
    for part in ("counts", "every_pair", "spread", "best_corner", "best_cost", "band", "partial", "precision"):
        opened = working.at(part=part)
        assert 0 < opened.verify().equations < working.verify().equations
        assert len(opened.to_text(lang).splitlines()) < 100


def test_the_points_are_told_at_the_usual_thresholds_and_at_all_with_the_rows_in_the_order_of_their_scores():
    working = wk.explain(wk.roc_curve, *wk.datasets.mango())
    assert [tuple(map(number, row[:5])) for row in working.step("usual").table.rows] == [
        (0.3, 5, 4, 1, 2),
        (0.5, 5, 1, 1, 5),
        (0.7, 3, 1, 3, 5),
    ]
    every = working.step("thresholds").table.rows
    assert [number(row[0]) for row in every] == [math.inf, *sorted(wk.datasets.mango().y_hat.tolist(), reverse=True)]
    new = [tuple(map(number, row[1:3])) for row in every]
    assert new == [(None, None), *((1, 0) if y == "1" else (0, 1) for y in "111011000100")]
    tied = wk.explain(wk.roc_curve, list("abbba"), [0.2, 0.5, 0.5, 0.9, 0.5], pos_label="b").step("thresholds").table
    assert [str(head) for head in tied.columns[1:3]] == ['new "b"', 'new "a"']
    assert [tuple(map(number, row[1:3])) for row in tied.rows] == [(None, None), (1, 0), (2, 1), (0, 1)]
    rng = np.random.default_rng(1)
    y = rng.random(5000) < 0.4
    long = wk.explain(wk.roc_curve, y, rng.random(5000))
    assert {0.3, 0.5, 0.7} <= {number(row[0]) for row in long.step("thresholds").table.rows}
    assert len(long.at(part="all_points").step("every_threshold").table.rows) == 39


def test_every_pair_of_few_rows_stands_in_a_table_that_is_checked():
    working = wk.explain(wk.roc_curve, *wk.datasets.mango())
    step = next(step for step in working.walk() if step.key == "pairs_table")
    values = [[cell.value for cell in row[1:]] for row in step.table.rows]
    assert sum(map(sum, values)) == wk.roc_auc_score(*wk.datasets.mango()) * 36
    tied = wk.explain(wk.roc_curve, [0, 1, 1], [0.5, 0.5, 0.7])
    assert "pairs_table" not in keys(tied)  # of one negative row the pairs are the rows
    rows = [list(row) for row in step.table.rows]
    rows[2][1] = dataclasses.replace(rows[2][1], value=0)
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))
    with pytest.raises(WorkingError, match="pairs_table"):
        replaced(working, step, wrong).verify()


def replaced(working, step, other):
    """Return the working with a step replaced by another, wherever it stands."""

    def within(one):
        return other if one is step else dataclasses.replace(one, substeps=tuple(map(within, one.substeps)))

    return dataclasses.replace(working, steps=tuple(map(within, working.steps)))


@pytest.mark.parametrize(
    "key", ["auc", "auc_variance", "auc_low", "youden_criterion", "average_precision", "partial_auc"]
)
def test_a_wrong_number_is_found_in_any_line(key):
    working = wk.explain(wk.roc_curve, *wk.datasets.mango())
    step = working.step(key)
    with pytest.raises(WorkingError, match=key):
        replaced(working, step, dataclasses.replace(step, value=step.value * (1 + 1e-6))).verify()
    shown = dataclasses.replace(step, shown=Number(step.value, "0.123"))
    with pytest.raises(WorkingError, match=key):
        replaced(working, step, shown).verify()


@pytest.mark.parametrize(("table", "column"), [("thresholds", 6), ("usual", 5), ("best", 1), ("best", 4)])
def test_a_wrong_cell_is_found(table, column):
    working = wk.explain(wk.roc_curve, *wk.datasets.mango())
    step = working.step(table)
    rows = [list(row) for row in step.table.rows]
    cell = rows[-1][column]
    rows[-1][column] = dataclasses.replace(cell, value=cell.value + 0.01) if hasattr(cell, "value") else cell + 0.01
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))
    with pytest.raises(WorkingError, match=f"table {table}"):
        replaced(working, step, wrong).verify()


CLASSES = ([0, 1, 2, 0, 1, 2, 2, 1, 0], np.random.default_rng(4).dirichlet([1, 1, 1], 9))
WORKED = {
    "rows": lambda: wk.explain(wk.roc_curve, *SMALL),
    "weights": lambda: wk.explain(wk.roc_curve, *SMALL, sample_weight=[1, 0.5, 2, 1.25, 1, 3]),
    "part": lambda: wk.explain(wk.roc_auc_score, *SMALL, max_fpr=0.4),
    "below a half": lambda: wk.roc_curve([1, 1, 0, 0, 0], [-3, 1, 2, 5, 1e3]).explain(),
    "each against the rest": lambda: wk.explain(wk.roc_auc_score, *CLASSES, multi_class="ovr"),
    "each against each": lambda: wk.explain(wk.roc_auc_score, *CLASSES, multi_class="ovo"),
    "by size": lambda: wk.explain(wk.roc_auc_score, *CLASSES, multi_class="ovo", average="weighted"),
    "area": lambda: wk.explain(wk.auc, [0, 0.1, 0.4, 1], [0, 0.5, 0.8, 1]),
    "precision": lambda: wk.explain(wk.precision_recall_curve, *SMALL),
    "comparison": lambda: wk.explain(wk.compare_auc, SMALL[0], SMALL[1], [0.3, 0.2, 0.5, 0.4, 0.9, 0.3]),
    "best": lambda: wk.roc_curve(*SMALL).best_threshold("cost", cost_fp=4).explain(),
    "band": lambda: wk.roc_curve(*SMALL).band().explain(),
    "histogram": lambda: wk.roc_curve(*SMALL).histogram(3).explain(),
}


@pytest.mark.parametrize("case", WORKED)
def test_no_number_and_no_cell_can_be_changed_unseen(case):
    working = WORKED[case]()
    assert not unaccounted(working)
    # The cases share most of their lines: each takes every third change, beginning at another.
    assert unseen(working, every=(list(WORKED).index(case) % 3, 3)) == []


def test_straight_lines_between_precisions_are_said_to_give_what_scikit_learn_gives_for_them():
    said = next(each for each in wk.explain(wk.precision_recall_curve, *SMALL).conventions if each.rival_value)
    precision, recall, _ = wk.precision_recall_curve(*SMALL)
    assert said.rival_value == pytest.approx(wk.auc(recall, precision))
