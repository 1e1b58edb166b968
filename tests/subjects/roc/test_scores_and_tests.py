"""Single numbers, several classes, two models compared, and the curve in pieces."""

from __future__ import annotations

import math
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import metrics

import workings as wk
from workings.arrays import SummaryFormatError
from workings.errors import InputError, UndefinedWarning
from workings.subjects.roc import PairedScores, RocSummary, groups
from workings.subjects.roc import delong as delong_module

from .problems import PROC_PAIRED, columns, delong

SCORE = st.integers(-3, 3).map(float)
PAIRS = st.lists(st.tuples(st.booleans(), SCORE, SCORE, st.integers(1, 5)), min_size=4, max_size=40)


def split(rows, least=1):
    positive, a, b, weight = (np.array(column) for column in zip(*rows, strict=True))
    assume(least <= positive.sum() <= len(positive) - least)
    return positive, a, b, weight


# Two models.


def test_the_paired_test_is_that_of_proc():
    one, other, z, p, covariance = PROC_PAIRED
    positive, a = columns("breast_cancer", one)
    _, b = columns("breast_cancer", other)
    test = wk.compare_auc(positive, a, b)
    assert test.z == pytest.approx(z, rel=1e-10)
    assert test.p_value == pytest.approx(p, rel=1e-10)
    assert test.covariance == pytest.approx(covariance, rel=1e-10)
    assert test.auc_a == wk.roc_curve(positive, a).auc
    assert test.variance_b == pytest.approx(wk.roc_curve(positive, b).auc_variance, rel=1e-14)
    low, high = test.interval()
    assert (low + high) / 2 == pytest.approx(test.difference, rel=1e-12)
    assert low < test.difference < high < 0
    assert repr(test).startswith("<AucComparison: AUC 0.9375 and 0.9667, difference -0.0292, z -2.418, p 0.0156")


@given(PAIRS)
def test_the_paired_test_is_that_of_all_pairs(rows):
    positive, a, b, _ = split(rows, least=2)
    areas, exact = delong(positive, a, b)
    test = wk.compare_auc(positive, a, b)
    assert (test.auc_a, test.auc_b) == (float(areas[0]), float(areas[1]))
    for ours, theirs in (
        (test.variance_a, exact[0, 0]),
        (test.variance_b, exact[1, 1]),
        (test.covariance, exact[0, 1]),
        (test.difference_variance, exact[0, 0] + exact[1, 1] - 2 * exact[0, 1]),
    ):
        assert ours == pytest.approx(float(theirs), rel=1e-13, abs=1e-17)


def test_two_models_that_rank_alike_cannot_be_tested():
    test = wk.compare_auc([0, 1, 0, 1], [1, 2, 3, 4], [1, 4, 9, 16])
    assert (test.difference, test.difference_variance) == (0, 0)
    with pytest.warns(UndefinedWarning, match="variance 0"):
        assert math.isnan(test.z)
    with pytest.warns(UndefinedWarning, match="variance 0"):
        assert math.isnan(test.p_value)
    with pytest.warns(UndefinedWarning, match="no width.*not certainty"):
        assert test.interval() == (0, 0)
    assert "z" not in repr(test)


def test_models_that_hardly_differ_keep_the_digits_of_their_difference():
    rng = np.random.default_rng(0)
    positive = rng.random(2000) < 0.5
    a = rng.normal(size=2000) + positive
    b = a.copy()
    b[[3, 4]] = b[[4, 3]]
    test = wk.compare_auc(positive, a, b)
    shares = [np.array([np.mean(s[~positive] < x) for x in s[positive]]) for s in (a, b)]
    others = [np.array([np.mean(s[positive] > x) for x in s[~positive]]) for s in (a, b)]
    expected = sum(np.var(x - y, ddof=1) / len(x) for x, y in (shares, others))
    assert test.difference_variance == pytest.approx(expected, rel=1e-10)


def test_deviations_beyond_64_bits_are_whole_numbers_still():
    twice, rows = np.array([2**40, 2**40 - 2, 0]), 2**30 + 1
    found = delong_module._deviations(twice, 3 * 10**20, rows)
    assert found.tolist() == [rows * int(each) - 3 * 10**20 for each in twice]
    assert delong_module._deviations(twice, 3, 5).dtype == np.int64


def test_one_row_of_a_class_has_no_test():
    test = wk.compare_auc([0, 1, 0], [1, 2, 3], [3, 2, 1])
    with pytest.warns(UndefinedWarning, match="fewer than two rows"):
        assert math.isnan(test.p_value)
    with pytest.warns(UndefinedWarning, match="fewer than two rows"):
        assert np.isnan(test.interval()).all()


@pytest.mark.parametrize(
    ("y", "a", "b", "says"),
    [
        ([0, 0], [1, 2], [1, 2], "both classes must have rows; got 0 positive and 2 negative"),
        ([0, 1], [1, 2], [1, 2, 3], "inconsistent numbers of samples"),
        ([0, 1], [1, np.nan], [1, 2], "^Input score_a contains NaN"),
        ([0, 1], [1, 2], [np.inf, 2], "^Input score_b contains infinity"),
        ([0, 2], [1, 2], [1, 2], "pos_label is not specified"),
    ],
)
def test_a_comparison_refuses(y, a, b, says):
    with pytest.raises(InputError, match=says):
        wk.compare_auc(y, a, b)


# Single numbers.


@given(PAIRS)
def test_auc_and_average_precision_are_those_of_scikit_learn(rows):
    positive, score, _, weight = split(rows)
    for options in ({}, {"sample_weight": weight / 3}, {"max_fpr": 0.4}, {"max_fpr": 0.4, "sample_weight": weight}):
        ours, theirs = (f(positive, score, **options) for f in (wk.roc_auc_score, metrics.roc_auc_score))
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)
        assert isinstance(ours, float)
    for options in ({}, {"sample_weight": weight / 3}, {"pos_label": 0}):
        ours, theirs = (
            f(positive.astype(int), score, **options)
            for f in (wk.average_precision_score, metrics.average_precision_score)
        )
        assert ours == pytest.approx(theirs, rel=1e-12)


@given(PAIRS)
def test_precision_and_recall_are_those_of_scikit_learn(rows):
    positive, score, _, weight = split(rows)
    for options in ({}, {"drop_intermediate": True}, {"sample_weight": weight}):
        curve = wk.precision_recall_curve(positive, score, **options)
        for ours, theirs in zip(curve, metrics.precision_recall_curve(positive, score, **options), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-15)
            assert ours.dtype == theirs.dtype
        if not options:
            assert curve.average_precision == pytest.approx(metrics.average_precision_score(positive, score), rel=1e-12)


def test_recall_without_a_positive_is_undefined_not_one():
    with pytest.warns(UndefinedWarning, match=r"^No positive class found in y_true"):
        curve = wk.precision_recall_curve([0, 0], [0.1, 0.2])
    assert np.isnan(curve.recall[:-1]).all()
    assert repr(curve) == "<PrecisionRecallCurve: 2 thresholds>"
    with pytest.warns(UndefinedWarning, match=r"^No positive class found in y_true"):
        assert math.isnan(wk.average_precision_score([0, 0], [0.1, 0.2]))


def test_the_greater_class_is_the_positive_one():
    score = [0.1, 0.4, 0.35, 0.8]
    for y in ([0, 0, 1, 1], [3, 3, 7, 7], ["a", "a", "b", "b"], [False, False, True, True], [-1.0, -1.0, 1.0, 1.0]):
        assert wk.roc_auc_score(y, score) == 0.75
    for y in ([1, 1], ["a", "a"], [True, True], [False, False]):
        with pytest.warns(UndefinedWarning, match=r"^Only one class is present in y_true. ROC AUC score"):
            assert math.isnan(wk.roc_auc_score(y, [0.1, 0.2]))


CLASSES = st.lists(
    st.tuples(st.integers(0, 2), st.tuples(*[st.integers(1, 5)] * 3), st.integers(1, 4)), min_size=6, max_size=30
)


@settings(max_examples=15)
@given(CLASSES)
def test_areas_of_several_classes_are_those_of_scikit_learn(rows):
    y, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    assume(len(np.unique(y)) == 3)
    score = score / score.sum(axis=1, keepdims=True)
    for labels in (y, np.array(["ant", "bee", "cat"])[y]):
        for options in (
            {"multi_class": "ovr"},
            {"multi_class": "ovr", "average": "weighted"},
            {"multi_class": "ovr", "average": "micro"},
            {"multi_class": "ovr", "average": None},
            {"multi_class": "ovr", "sample_weight": weight},
            {"multi_class": "ovr", "average": "weighted", "sample_weight": weight},
            {"multi_class": "ovo"},
            {"multi_class": "ovo", "average": "weighted"},
        ):
            ours, theirs = (f(labels, score, **options) for f in (wk.roc_auc_score, metrics.roc_auc_score))
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    np.testing.assert_allclose(
        wk.average_precision_score(y, score), metrics.average_precision_score(y, score), rtol=1e-12
    )


@pytest.mark.parametrize("rows", [4, 1 << 18])
@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i8"])
def test_scores_with_their_bytes_in_the_other_order_are_the_same_scores(rows, dtype):
    scores = (np.arange(rows) * 7919 % 1009).astype(dtype)
    y = np.arange(rows) % 2
    assert wk.roc_auc_score(y.astype(">i4"), scores) == wk.roc_auc_score(y, scores.astype(float))


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.tuples(*[st.integers(0, 1)] * 3), st.tuples(*[SCORE] * 3), st.integers(1, 4)),
        min_size=4,
        max_size=20,
    )
)
def test_areas_of_several_labels_are_those_of_scikit_learn(rows):
    y, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    assume(((y.sum(axis=0) > 0) & (y.sum(axis=0) < len(y))).all())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for average in ("macro", "micro", "weighted", "samples", None):
            for options in ({}, {"sample_weight": weight}):
                for name in ("roc_auc_score", "average_precision_score"):
                    ours, theirs = (getattr(of, name)(y, score, average=average, **options) for of in (wk, metrics))
                    if not (name == "average_precision_score" and average == "samples"):
                        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


THREE = (np.array([0, 1, 2, 1]), np.full((4, 3), 1 / 3))


@pytest.mark.parametrize(
    ("function", "y", "score", "options", "says"),
    [
        ("roc_auc_score", *THREE, {}, r"^multi_class must be in \('ovo', 'ovr'\)"),
        ("roc_auc_score", *THREE, {"multi_class": "all"}, "multi_class must be"),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "max_fpr": 0.5}, "^Partial AUC computation not available"),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "average": "samples"}, "^average must be one of"),
        ("roc_auc_score", *THREE, {"multi_class": "ovo", "average": "micro"}, "^average must be one of"),
        ("roc_auc_score", *THREE, {"multi_class": "ovo", "average": None}, "^average=None is not implemented"),
        (
            "roc_auc_score",
            *THREE,
            {"multi_class": "ovo", "sample_weight": [1, 1, 1, 1]},
            "^sample_weight is not supported",
        ),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "labels": [0, 1]}, "^Number of given labels, 2, not equal"),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "labels": [0, 2, 1]}, "^Parameter 'labels' must be ordered"),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "labels": [0, 1, 1]}, "^Parameter 'labels' must be unique"),
        ("roc_auc_score", *THREE, {"multi_class": "ovr", "labels": [0, 1, 3]}, "^'y_true' contains labels not in"),
        ("roc_auc_score", [0, 1, 1, 1], THREE[1], {"multi_class": "ovr"}, "^Number of classes in y_true not equal"),
        ("roc_auc_score", THREE[0], THREE[1] * 2, {"multi_class": "ovr"}, "^Target scores need to be probabilities"),
        ("roc_auc_score", THREE[0], [1, 2, 3, 4], {"multi_class": "ovr"}, "^`y_score` needs to be of shape"),
        ("roc_auc_score", [0, 1], [0.1, 0.2], {"average": "mean"}, "average must be"),
        ("roc_auc_score", [[0, 2], [1, 0]], [[0.1, 0.2], [0.1, 0.2]], {}, "only 0 and 1"),
        ("roc_auc_score", [[0, 1], [1, 0]], [[0.1], [0.1]], {}, "one column a label"),
        ("average_precision_score", [0, 1], [0.1, 0.2], {"pos_label": 2}, "^pos_label=2 is not a valid label"),
        ("average_precision_score", *THREE, {"pos_label": 0}, "^Parameter pos_label is fixed to 1 for multiclass"),
        ("average_precision_score", THREE[0], [1, 2, 3, 4], {}, "^`y_score` needs to be of shape"),
        (
            "average_precision_score",
            [[0, 1], [1, 0]],
            [[0.1, 1], [0.1, 0]],
            {"pos_label": 0},
            "fixed to 1 for multilabel",
        ),
    ],
)
def test_single_numbers_refuse(function, y, score, options, says):
    with pytest.raises(InputError, match=says):
        getattr(wk, function)(y, score, **options)


@pytest.mark.parametrize(
    ("x", "y", "area"),
    [
        ([0, 1], [0, 1], 0.5),
        ([1, 0], [0, 1], 0.5),
        ([1, 0, 0], [0, 1, 1], 0.5),
        ([0, 1], [1, 1], 1),
        ([0, 0.5, 1], [0, 0.5, 1], 0.5),
    ],
)
def test_area_by_trapezoids(x, y, area):
    assert wk.auc(x, y) == area == metrics.auc(x, y)
    assert wk.auc(np.array(x, float)[:, None], y) == area


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64])
def test_the_area_under_whole_numbers_does_not_wrap(dtype):
    most = np.iinfo(dtype).max
    x, y = np.array([0, most], dtype), np.array([most, most], dtype)
    assert wk.auc(x, y) == wk.auc(x[::-1], y) == float(most) ** 2


def test_area_of_unsigned_coordinates_does_not_wrap():
    assert wk.auc(np.array([2, 1, 0], np.uint8), np.array([1, 1, 1], np.uint8)) == 2


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        ([0.0], [1.0], "^At least 2 points are needed"),
        ([0, 1, 0.5], [1, 1, 1], "^x is neither increasing nor decreasing"),
        ([0, 1], [1], "inconsistent numbers of samples"),
    ],
)
def test_points_that_are_no_curve_are_refused(x, y, says):
    with pytest.raises(InputError, match=says):
        wk.auc(x, y)


# In pieces.


@given(PAIRS, st.integers(0, 40), st.integers(0, 40))
def test_pieces_give_the_curve_of_the_whole(rows, first, second):
    positive, score, _, weight = split(rows)
    for weights in (None, weight / 7):
        pieces = []
        for block in np.split(np.arange(len(rows)), sorted((first, second))):
            piece = RocSummary(("no", "yes"), weighted=weights is not None)
            if len(block):
                piece.update((positive[block], score[block], None if weights is None else weights[block]))
            pieces.append(RocSummary.from_bytes(piece.to_bytes()))
        state = RocSummary(("no", "yes"), weighted=weights is not None)
        for piece in pieces:
            state.merge(piece)
        whole = wk.roc_curve(positive, score, sample_weight=weights)
        curve = state.result()
        again = RocSummary.from_bytes(state.to_bytes()).result()
        for found in (curve, again):
            for name in ("scores", "tp", "fp"):
                np.testing.assert_array_equal(getattr(found.groups, name), getattr(whole.groups, name))
        assert curve.labels == again.labels == ("no", "yes")


def test_a_state_goes_on_after_its_result():
    state = RocSummary()
    state.update(([False, True], [0.1, 0.4], None))
    assert state.result().auc == 1
    state.update(([False, True], [0.6, 0.2], None))
    assert state.result().auc == 0.5


@given(PAIRS, st.integers(0, 40))
def test_pairs_in_pieces_give_the_test_of_the_whole(rows, cut):
    positive, a, b, _ = split(rows, least=2)
    state, more = PairedScores(), PairedScores()
    for piece, block in ((state, slice(None, cut)), (more, slice(cut, None))):
        if len(positive[block]):
            piece.update((positive[block], a[block], b[block]))
    state.merge(PairedScores.from_bytes(more.to_bytes()))
    found, whole = state.result(), wk.compare_auc(positive, a, b)
    for name in ("auc_a", "auc_b", "variance_a", "variance_b", "covariance", "difference_variance"):
        assert getattr(found, name) == pytest.approx(getattr(whole, name), rel=1e-14, abs=1e-18)
    assert (found.positives, found.negatives) == (whole.positives, whole.negatives)


def test_float32_scores_stay_float32():
    state = RocSummary()
    state.update((np.array([True, False]), np.array([0.5, 0.1], np.float32), None))
    state.update((np.array([True]), np.array([0.7], np.float32), None))
    assert state.result().groups.scores.dtype == np.float32


def test_large_batches_are_split_by_the_kernel_as_by_numpy(monkeypatch):
    rng = np.random.default_rng(2)
    positive, score = rng.random(1000) < 0.3, rng.random(1000)
    plain = groups.split_by_class(positive, score)
    monkeypatch.setattr(groups, "KERNEL_ROWS", 0)
    for ours, theirs in zip(groups.split_by_class(positive, score), plain, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("batch", "says"),
    [
        (([1, 0], [0.1, 0.2], None), "True or False"),
        (([True], [0.1, 0.2], None), "inconsistent numbers of samples"),
        (([True], [np.nan], None), "^Input y_score contains NaN"),
        (([True], [0.5], [1.0]), "weights or none"),
    ],
)
def test_a_state_refuses_what_does_not_belong_to_it(batch, says):
    with pytest.raises(InputError, match=says):
        RocSummary().update(batch)


def test_a_state_without_rows_has_no_result():
    with pytest.raises(InputError, match="at least one row"):
        RocSummary().result()
    with pytest.raises(InputError, match="both classes must have rows"):
        PairedScores().result()
    for kind in (RocSummary, PairedScores):
        with pytest.raises(SummaryFormatError):
            kind.from_bytes(kind().to_bytes()[:-1])
        assert kind.from_bytes(kind().to_bytes()).to_bytes() == kind().to_bytes()


@pytest.mark.parametrize("function", [wk.roc_auc_score, wk.average_precision_score])
def test_tensors_weigh_rows_as_arrays_do(function):
    y, score, weight = columns_with_weights()
    given = [torch.as_tensor(each) for each in (y, score, weight)]
    assert function(*given[:2], sample_weight=given[2]) == function(y, score, sample_weight=weight)
    with pytest.raises(InputError, match="at least one non-zero number"):
        function(*given[:2], sample_weight=torch.zeros(len(y)))


def test_lengths_that_differ_are_told_as_scikit_learn_tells_them():
    phrase = (
        r"^Found input variables with inconsistent numbers of samples: \[4, 4, 3\]. roc_auc_score: .* y_score 4, sample"
    )
    with pytest.raises(InputError, match=phrase):
        wk.roc_auc_score([0, 0, 1, 1], [1, 2, 3, 4], sample_weight=[1, 2, 3])


def columns_with_weights():
    rng = np.random.default_rng(5)
    return rng.integers(0, 2, 50), rng.normal(size=50).round(1), rng.random(50)


# Scores of more digits than double precision has.


@pytest.mark.parametrize(
    "scores",
    [
        1 + np.finfo(np.longdouble).eps * np.array([0, 2, 1, 3]),
        np.array([2**63, 2**63 + 2, 2**63 + 1, 2**63 + 3], np.uint64),
        np.array([2**70, 2**70 + 2, 2**70 + 1, 2**70 + 3], object),
        np.array([0, 2, 1, 3], np.longdouble) * np.longdouble("1e400"),
    ],
    ids=["extended", "unsigned", "objects", "overflow"],
)
@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is double on this platform")
def test_scores_that_only_double_precision_would_tie_are_refused_and_their_ranks_are_not(scores):
    y = [0, 1, 1, 0]
    for function in (wk.roc_curve, wk.roc_auc_score, wk.precision_recall_curve, wk.threshold_table):
        with pytest.raises(InputError, match="must be told apart by double precision"):
            function(y, scores)
    assert wk.roc_auc_score(y, np.unique(scores, return_inverse=True)[1]) == wk.roc_auc_score(y, [0, 2, 1, 3])


def test_a_missing_decimal_is_refused_as_any_missing_score_is():
    with pytest.raises(InputError, match="contains NaN"):
        wk.roc_auc_score([0, 1, 1], [Decimal("0.1"), Decimal("NaN"), Decimal("0.3")])


@pytest.mark.parametrize("kind", [Decimal, Fraction, np.longdouble, np.float16, object, bool, np.int64, np.uint64])
def test_scores_of_every_kind_of_number_are_scikit_learns(kind):
    plain = [3, 1, 2, 2, 0, 5, 1]
    if kind is object:
        scores = np.array(plain, object)
    elif kind in (Decimal, Fraction):
        scores = [kind(value) / 10 for value in plain]
    else:
        scores = np.array(plain, kind)
    y = [1, 0, 1, 0, 0, 1, 1]
    assert wk.roc_auc_score(y, scores) == pytest.approx(metrics.roc_auc_score(y, scores), abs=1e-15)
    for ours, theirs in zip(wk.roc_curve(y, scores), metrics.roc_curve(y, scores), strict=True):
        np.testing.assert_array_equal(ours, theirs)


DECIMALS = [Decimal(text) for text in ("0.1", "0.4", "0.35", "0.8", "0.7")]


@pytest.mark.parametrize("kind", [pl.Series, pa.array, pd.Series, list], ids=["polars", "arrow", "pandas", "list"])
def test_decimals_of_any_kind_of_column_are_the_numbers_they_are(kind):
    y, column = [0, 1, 1, 1, 0], kind(DECIMALS)
    floats = [float(score) for score in DECIMALS]
    assert wk.roc_auc_score(y, column) == wk.roc_auc_score(y, floats)
    assert wk.average_precision_score(y, column) == wk.average_precision_score(y, floats)
    assert repr(wk.threshold_table(y, column, kind(DECIMALS[1:3]))) == repr(wk.threshold_table(y, floats, [0.4, 0.35]))
    assert wk.compare_auc(y, column, floats).difference == 0
    assert wk.roc_auc_score(y, floats, sample_weight=column) == wk.roc_auc_score(y, floats, sample_weight=floats)
    whole = kind([Decimal(label) for label in y])
    assert wk.confusion_matrix(whole, whole).counts.tolist() == [[2, 0], [0, 3]]
    for working in (
        wk.explain(wk.roc_curve, y, column, sample_weight=column),
        wk.explain(wk.threshold_table, y, column, sample_weight=column),
        wk.explain(wk.confusion_matrix, whole, y, sample_weight=column),
    ):
        working.verify()
    with pytest.raises(InputError, match="y_score contains NaN"):
        wk.roc_curve(y, kind([None, *DECIMALS[1:]]))


@pytest.mark.parametrize("labels", [pd.Series([True, None, False], dtype="boolean"), pd.Series(["a", None, "b"])])
def test_a_label_that_pandas_misses_is_said_to_be_missing(labels):
    with pytest.raises(InputError, match="y_true contains NaN"):
        wk.roc_curve(labels, [0.1, 0.2, 0.3])


def test_one_is_not_counted_as_many():
    assert repr(wk.roc_curve([0, 1], [0.5, 0.5])) == "<RocCurve: AUC 0.5000, 1 positive, 1 negative, 1 different score>"
    assert repr(wk.roc_curve([0, 0, 1], [1, 2, 3]).groups) == "<TieGroups of 3 scores, 1 positive, 2 negatives>"
    assert repr(wk.precision_recall_curve([0, 1], [0.5, 0.5])).endswith("1 threshold>")
    assert repr(wk.roc_curve([0, 1], [1, 2]).histogram(1)).startswith("<ScoreHistogram of 1 bin from")
    with pytest.raises(InputError, match="1 value is not"):
        wk.roc_auc_score([0, 1], [0.5, math.nan])
