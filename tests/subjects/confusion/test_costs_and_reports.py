"""What errors cost, kappa for classes in an order, and each class on a line of a report."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.subjects.confusion.rates import RATES

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)
THREE = ([0, 1, 2, 2, 1, 0, 0, 2, 2], [0, 2, 2, 1, 1, 0, 1, 2, 0])


def columns(rows):
    return (np.array(column) for column in zip(*rows, strict=True))


# Costs.


@given(ROWS, st.lists(st.integers(-9, 9), min_size=25, max_size=25))
def test_a_cost_is_added_up_for_every_row(rows, costs):
    y_true, y_pred, weight = columns(rows)
    table = np.array(costs).reshape(5, 5)
    every = range(5)
    cm = wk.confusion_matrix(y_true, y_pred, labels=every)
    assert cm.cost(table) == table[y_true, y_pred].sum()
    assert cm.mean_cost(table) == pytest.approx(table[y_true, y_pred].mean(), rel=1e-15)
    if weight.any():
        weighted = wk.confusion_matrix(y_true, y_pred, labels=every, sample_weight=weight / 7)
        assert weighted.cost(table) == pytest.approx((weight / 7 * table[y_true, y_pred]).sum(), rel=1e-13, abs=1e-12)


def test_the_cost_of_two_classes_is_that_of_the_best_threshold():
    rng = np.random.default_rng(4)
    y = rng.random(200) < 0.3
    curve = wk.roc_curve(y, rng.normal(size=200) + y)
    best = curve.best_threshold("cost", cost_fp=1, cost_fn=7)
    cm = curve.confusion_at(best.threshold)
    assert cm.mean_cost(cost_fp=1, cost_fn=7) == best.value
    assert cm.cost(cost_fp=1, cost_fn=7) == cm.cost([[0, 1], [7, 0]]) == cm.fp + 7 * cm.fn
    every = curve.table(curve.groups.scores).cost(1, 7)
    assert every.min() == cm.cost(cost_fp=1, cost_fn=7)


def test_large_costs_are_added_without_rounding_on_the_way():
    assert wk.ConfusionMatrix.from_counts([[1, 1], [1, 1]]).cost([[1e16, 1.0], [-1e16, 1.0]]) == 2.0
    assert wk.ConfusionMatrix.from_counts([[2**60, 1], [1, 1]]).cost([[3, 0], [0, -(2**60)]]) == float(2**61)


@pytest.mark.parametrize(
    ("costs", "options", "says"),
    [
        (None, {}, "costs must be a table of 3 x 3 numbers for 3 classes"),
        ([[0, 1], [1, 0]], {}, r"table of 3 x 3 finite numbers.*got int64 of shape \(2, 2\)"),
        (np.full((3, 3), np.nan), {}, "finite"),
        (np.full((3, 3), "a"), {}, "finite numbers"),
        (np.ones((3, 3)), {"cost_fp": 2}, "not both"),
    ],
)
def test_costs_that_are_none_are_refused(costs, options, says):
    for function in ("cost", "mean_cost"):
        with pytest.raises(InputError, match=says):
            getattr(wk.confusion_matrix(*THREE), function)(costs, **options)
    with pytest.raises(InputError, match="finite"):
        wk.ConfusionMatrix.from_counts([[1, 2], [3, 4]]).cost(cost_fp=math.inf)
    with pytest.raises(InputError, match="finite"):
        wk.threshold_table([0, 1], [0.1, 0.2]).cost(cost_fn=math.nan)


def test_no_rows_have_no_mean_cost():
    cm = wk.ConfusionMatrix.from_counts([[0, 0], [0, 0]])
    assert cm.cost() == 0
    with pytest.warns(UndefinedWarning, match="there are no rows"):
        assert math.isnan(cm.mean_cost())


# Weighted kappa.


@given(ROWS, st.sampled_from(["linear", "quadratic"]))
def test_weighted_kappa_is_that_of_scikit_learn(rows, weights):
    y_true, y_pred, weight = columns(rows)
    assume(len(np.unique([*y_true, *y_pred])) > 1)
    for sample_weight in (None, weight, weight / 7):
        if sample_weight is not None and not sample_weight.any():
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = metrics.cohen_kappa_score(y_true, y_pred, weights=weights, sample_weight=sample_weight)
            ours = wk.confusion_matrix(y_true, y_pred, sample_weight=sample_weight).weighted_kappa(weights)
        if math.isnan(theirs):
            assert math.isnan(ours)
        else:
            assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_errors_of_one_weight_give_cohens_kappa():
    cm = wk.confusion_matrix(*THREE)
    assert cm.weighted_kappa(1 - np.eye(3)) == pytest.approx(cm.cohen_kappa, rel=1e-15)
    assert cm.weighted_kappa(1 - np.eye(3, dtype=int)) == cm.cohen_kappa


def test_cohens_own_figures():
    # Cohen (1968), Psychological Bulletin 70, table 1: shares of 200 rows, weights of disagreement, kappa 0.348.
    shares = [[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]]
    cm = wk.ConfusionMatrix.from_counts(np.round(200 * np.array(shares)).astype(int).T)
    assert cm.weighted_kappa([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) == pytest.approx(0.348, abs=5e-4)
    assert cm.cohen_kappa == pytest.approx(0.492, abs=5e-4)


def test_a_weighted_kappa_without_a_possible_error_is_undefined():
    with pytest.warns(UndefinedWarning, match="all rows are of one class"):
        assert math.isnan(wk.ConfusionMatrix.from_counts([[5, 0], [0, 0]]).weighted_kappa())
    with pytest.warns(UndefinedWarning, match="there are no rows"):
        assert math.isnan(wk.ConfusionMatrix.from_counts([[0, 0], [0, 0]]).weighted_kappa())
    for weights, says in (("cubic", "linear"), ([[0, -1], [1, 0]], "not be negative"), ([1, 2], "2 x 2")):
        with pytest.raises(InputError, match=says):
            wk.ConfusionMatrix.from_counts([[5, 1], [2, 3]]).weighted_kappa(weights)


# The report.


@given(ROWS)
def test_a_report_is_the_classification_report_of_scikit_learn(rows):
    y_true, y_pred, weight = columns(rows)
    for sample_weight in (None, weight):
        if sample_weight is not None and not sample_weight.any():
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = metrics.classification_report(
                y_true, y_pred, sample_weight=sample_weight, output_dict=True, zero_division=np.nan
            )
            report = wk.confusion_matrix(y_true, y_pred, sample_weight=sample_weight).report()
        for k, label in enumerate(report.labels):
            known = theirs.get(str(label))
            if known is None:  # a class of no weight
                continue
            assert report.rows[k] == known["support"]
            for ours, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
                if not math.isnan(report[label, ours]) and not math.isnan(known[name]):
                    assert report[label, ours] == pytest.approx(known[name], rel=1e-14)
        for average in ("macro", "weighted"):
            for ours, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
                # A class without a value is left out of their mean, and makes ours undefined.
                if not math.isnan(report[average, ours]) and not np.isnan(report.values).any():
                    assert report[average, ours] == pytest.approx(theirs[f"{average} avg"][name], rel=1e-13)
        assert report["micro", "f1"] == pytest.approx(theirs["accuracy"], rel=1e-14)


def test_a_report_takes_any_rates_and_prints_them():
    cm = wk.confusion_matrix(*THREE)
    report = cm.report(tuple(RATES))
    assert report.values.shape == (3, len(RATES))
    assert report[2, "mcc"] == cm.one_vs_rest(2).mcc
    assert report["macro", "f1"] == cm.average("f1")
    assert cm.report(("f2", "f0.5"))[0, "f2"] == cm.one_vs_rest(0).f_beta(2)
    text = str(wk.confusion_matrix(["개", "b", "b"], ["개", "b", "개"]).report(("recall", "precision")))
    assert text == (
        "class     recall  precision  rows\n"
        "b            0.5          1     2\n"
        "개             1        0.5     1\n"
        "macro       0.75       0.75     3\n"
        "weighted  0.6667     0.8333     3\n"
        "micro     0.6667     0.6667     3"
    )
    with pytest.raises(InputError, match="report: rate must be the name of a rate"):
        cm.report(("acuracy",))


def test_an_undefined_rate_stands_in_a_report_without_a_warning():
    report = wk.confusion_matrix([0, 0, 1], [0, 2, 1]).report()
    assert math.isnan(report[2, "recall"])
    assert math.isnan(report["macro", "recall"])
    assert report["weighted", "recall"] == pytest.approx(2 / 3)
    assert "nan" in str(report)


# All thresholds at once.

SCORES = st.lists(st.tuples(st.booleans(), st.sampled_from([-0.0, 0.0, 1.5, 2.0, -3.0]), st.integers(0, 3)), min_size=1)


@given(SCORES)
def test_all_thresholds_are_those_of_scikit_learn(rows):
    y, score, weight = columns(rows)
    for sample_weight in (None, weight, weight / 7):
        if sample_weight is not None and not sample_weight.any():
            continue
        table = wk.threshold_table(y, score, None, sample_weight=sample_weight)
        theirs = metrics.confusion_matrix_at_thresholds(y, score, sample_weight=sample_weight)
        ours = (table.tn, table.fp, table.fn, table.tp, table.thresholds)
        for found, expected in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-14)
        assert not np.signbit(table.thresholds[table.thresholds == 0]).any()


@pytest.mark.parametrize("name", [*RATES, "f2"])
def test_a_rate_at_all_thresholds_is_that_of_each_matrix(name):
    rng = np.random.default_rng(8)
    y = rng.random(60) < 0.4
    table = wk.threshold_table(y, (rng.normal(size=60) + y).round(1), None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        values = table.rate(name)
        expected = [table.confusion(k).rate(name) for k in range(len(table))]
    np.testing.assert_array_equal(values, expected)
    missing = np.isnan(values)
    assert (len(caught) > 0) == missing.any()
    if missing.any():
        assert f"{missing.sum()} of {len(table)} thresholds" in str(caught[0].message)
    np.testing.assert_array_equal(table.rate(name, undefined=0.5), np.where(missing, 0.5, values))


def test_many_thresholds_print_in_one_line_and_are_explained_by_some():
    rng = np.random.default_rng(8)
    y = rng.random(5000) < 0.4
    table = wk.threshold_table(y, rng.normal(size=5000) + y, None)
    assert repr(table) == "<ThresholdTable of 5000 thresholds>"
    working = table.explain()
    working.verify()
    assert len(working.step("thresholds").table.rows) == 50
    assert working.step("thresholds").table.total == 5000
