"""The curve and what follows from it: against pROC's figures, exact pairs and scikit-learn."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.subjects.roc import RocSummary, TieGroups, area, groups, points
from workings.subjects.roc import input as door

from .problems import PROC, all_points, columns, delong, exact_area

SCORE = st.one_of(
    st.integers(-3, 3).map(float), st.floats(-1e3, 1e3, allow_subnormal=False), st.sampled_from([0.0, -0.0])
)
ROWS = st.lists(st.tuples(st.booleans(), SCORE, st.integers(0, 5)), min_size=2, max_size=50)


def both_classes(rows, least=1):
    positive, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    assume(least <= positive.sum() <= len(positive) - least)
    return positive, score, weight


@pytest.fixture
def kernels(monkeypatch):
    """Take the compiled loops however small the input."""
    for module in (groups, area, points, door):
        monkeypatch.setattr(module, "KERNEL_ROWS", 0)


@pytest.mark.parametrize("case", PROC, ids=lambda case: case[1])
def test_figures_are_those_of_proc(case):
    dataset, column, auc, variance, interval, partial, (midpoint, specificity, sensitivity) = case
    positive, score = columns(dataset, column)
    curve = wk.roc_curve(positive, score)
    best = curve.best_threshold()
    for ours, theirs in [
        (curve.auc, auc),
        (curve.auc_variance, variance),
        (curve.auc_interval(), interval),
        (curve.partial_auc(0.1, corrected=False), partial[0]),
        (curve.partial_auc(0.1), partial[1]),
        (best.midpoint, midpoint),
        (best.specificity, specificity),
        (best.sensitivity, sensitivity),
    ]:
        assert ours == pytest.approx(theirs, rel=1e-10)
    # An observed score decides every row as the midpoint below it does.
    assert best.threshold in score
    np.testing.assert_array_equal(score >= best.threshold, score > best.midpoint)


@given(ROWS)
def test_the_three_arrays_are_those_of_scikit_learn(rows):
    positive, score, weight = both_classes(rows)
    for options in ({}, {"drop_intermediate": False}, {"sample_weight": weight}):
        if "sample_weight" in options and not (weight[positive].any() and weight[~positive].any()):
            continue
        for ours, theirs in zip(
            wk.roc_curve(positive, score, **options), metrics.roc_curve(positive, score, **options), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)
            assert ours.dtype == theirs.dtype


@given(ROWS)
def test_the_area_is_the_exact_share_of_ordered_pairs(rows):
    positive, score, _ = both_classes(rows)
    assert wk.roc_curve(positive, score).auc == float(exact_area(positive, score))


@given(ROWS)
def test_delongs_variance_is_that_of_all_pairs(rows):
    positive, score, _ = both_classes(rows, least=2)
    _, exact = delong(positive, score)
    assert wk.roc_curve(positive, score).auc_variance == pytest.approx(float(exact[0, 0]), rel=1e-14)


@given(ROWS, st.floats(0.01, 1))
def test_partial_areas_are_those_of_scikit_learn(rows, max_fpr):
    positive, score, _ = both_classes(rows)
    ours = wk.roc_curve(positive, score).partial_auc(max_fpr)
    assert ours == pytest.approx(metrics.roc_auc_score(positive, score, max_fpr=max_fpr), rel=1e-10, abs=1e-10)


@given(ROWS)
def test_a_partial_area_up_to_one_is_the_area(rows):
    positive, score, _ = both_classes(rows)
    curve = wk.roc_curve(positive, score)
    assert curve.partial_auc(1.0, corrected=False) == pytest.approx(curve.auc, rel=1e-15)
    assert curve.partial_auc(1.0) == pytest.approx(curve.auc, rel=1e-14)


@given(ROWS)
def test_average_precision_is_that_of_scikit_learn(rows):
    positive, score, _ = both_classes(rows)
    assert wk.roc_curve(positive, score).average_precision == pytest.approx(
        metrics.average_precision_score(positive, score), rel=1e-12
    )


@given(ROWS)
def test_weights_count_like_repeated_rows(rows):
    positive, score, weight = both_classes(rows)
    assume(weight[positive].any() and weight[~positive].any())
    weighted = wk.roc_curve(positive, score, sample_weight=weight)
    repeated = wk.roc_curve(np.repeat(positive, weight), np.repeat(score, weight))
    np.testing.assert_array_equal(weighted.groups.tp, repeated.groups.tp)
    np.testing.assert_array_equal(weighted.groups.scores, repeated.groups.scores)
    for name in ("auc", "average_precision"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), rel=1e-14)
    assert weighted.partial_auc(0.3) == pytest.approx(repeated.partial_auc(0.3), rel=1e-12)
    assert weighted.best_threshold().threshold == repeated.best_threshold().threshold


@given(ROWS, st.integers(0, 2**32))
def test_the_order_of_rows_changes_nothing(rows, seed):
    positive, score, weight = both_classes(rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    one, other = wk.roc_curve(positive, score), wk.roc_curve(positive[order], score[order])
    for name in ("scores", "tp", "fp"):
        np.testing.assert_array_equal(getattr(one.groups, name), getattr(other.groups, name))
    if weight[positive].any() and weight[~positive].any():
        one = wk.roc_curve(positive, score, sample_weight=weight / 7)
        other = wk.roc_curve(positive[order], score[order], sample_weight=weight[order] / 7)
        np.testing.assert_array_equal(one.groups.tp, other.groups.tp)


@given(ROWS)
def test_only_the_order_of_scores_counts(rows):
    positive, score, _ = both_classes(rows, least=2)
    _, ranks = np.unique(score, return_inverse=True)
    one, other = wk.roc_curve(positive, score), wk.roc_curve(positive, ranks)
    assert (one.auc, one.auc_variance) == (other.auc, other.auc_variance)


@given(ROWS)
def test_negating_the_scores_turns_the_area_round(rows):
    positive, score, _ = both_classes(rows, least=2)
    one, other = wk.roc_curve(positive, score), wk.roc_curve(positive, -score)
    assert one.auc == pytest.approx(1 - other.auc, abs=2e-16)
    assert one.auc_variance == pytest.approx(other.auc_variance, rel=1e-14)


def test_minus_zero_is_tied_with_zero():
    curve = wk.roc_curve([1, 0], [-0.0, 0.0])
    assert (len(curve.groups), curve.auc) == (1, 0.5)
    assert not np.signbit(curve.groups.scores[0])


@given(ROWS)
def test_compiled_loops_and_numpy_agree(rows):
    positive, score, _ = both_classes(rows, least=2)
    small = wk.roc_curve(positive, score)
    with pytest.MonkeyPatch.context() as patch:
        for module in (groups, area, points, door):
            patch.setattr(module, "KERNEL_ROWS", 0)
        large = wk.roc_curve(positive, score)
        assert wk.roc_auc_score(positive, score) == small.auc
        for ours, plain in zip(large, small, strict=True):
            np.testing.assert_array_equal(ours, plain)
        values = (large.auc, large.auc_variance, large.average_precision, large.partial_auc(0.3))
    assert values == pytest.approx(
        (small.auc, small.auc_variance, small.average_precision, small.partial_auc(0.3)), rel=1e-14
    )
    for name in ("scores", "tp", "fp"):
        np.testing.assert_array_equal(getattr(small.groups, name), getattr(large.groups, name))


@pytest.mark.parametrize(
    "dtype", [np.float32, np.float64, np.float16, np.int8, np.uint32, np.int64, np.bool_, np.longdouble]
)
def test_scores_of_every_kind_give_the_same_curve(dtype, kernels):
    rng = np.random.default_rng(3)
    score = rng.integers(0, 2, 500).astype(dtype) if dtype is np.bool_ else rng.integers(0, 90, 500).astype(dtype)
    positive = rng.random(500) < 0.4
    curve = wk.roc_curve(positive, score)
    for ours, theirs in zip(curve, metrics.roc_curve(positive, score.astype(float)), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert curve.groups.scores.dtype == (np.float32 if dtype in (np.float16, np.float32) else np.float64)


def test_large_integer_scores_that_floats_would_tie_stay_apart(kernels):
    score = np.array([2**60, 2**60 + 1, 2**60 + 2, -(2**63)])
    curve = wk.roc_curve([0, 1, 1, 0], score)
    assert (len(curve.groups), curve.auc) == (4, 1.0)
    assert curve.confusion_at(2**60).tp == 2
    assert curve.histogram(3).positives.sum() == 2


def test_counts_beyond_64_bits_stay_exact():
    counts = np.array([10**12, 3 * 10**12, 10**13])
    whole = TieGroups(np.array([3.0, 2.0, 1.0]), np.cumsum(counts[::-1]), np.cumsum(counts))
    small = TieGroups(np.array([3.0, 2.0, 1.0]), np.cumsum([10, 3, 1]), np.cumsum([1, 3, 10]))
    one, other = wk.RocCurve(whole), wk.RocCurve(small)
    assert one.auc == other.auc
    n = 10**12
    _, exact = delong(np.repeat([True, False], 14), np.repeat([3.0, 2, 1, 3, 2, 1], [10, 3, 1, 1, 3, 10]))
    shrunk = float(exact[0, 0]) * 13 / (14 * n - 1)
    assert one.auc_variance == pytest.approx(shrunk, rel=1e-12)


def test_a_variance_near_nothing_keeps_its_digits():
    # A mean of squares less a squared mean, in floats, would give 0 or noise here.
    n = 200_000
    score = np.concatenate([np.arange(n) + n, np.arange(n)]).astype(float)
    score[0], score[n] = n - 0.5, n + 0.25
    positive = np.repeat([True, False], n)
    curve = wk.roc_curve(positive, score)
    out_of_order = 1
    assert 1 - curve.auc == pytest.approx(out_of_order / n**2, rel=1e-4)
    mean = Fraction(out_of_order, n)
    spread = ((1 - mean) ** 2 + (n - 1) * mean**2) / Fraction(n * (n - 1)) / n**2
    assert curve.auc_variance == pytest.approx(2 * float(spread), rel=1e-9)


# Edges.


def test_one_class_has_no_area_and_says_why():
    with pytest.warns(UndefinedWarning, match=r"^No negative samples in y_true"):
        curve = wk.roc_curve([1, 1], [0.3, 0.4])
    assert np.isnan(curve.fpr).all()
    assert curve.tpr.tolist() == [0, 0.5, 1]
    for of in (lambda: curve.auc, lambda: curve.partial_auc(0.1)):
        with pytest.warns(UndefinedWarning, match="Only one class is present in y_true.*no negative row"):
            assert math.isnan(of())
    with pytest.warns(UndefinedWarning, match="no negative row"):
        assert np.isnan(curve.auc_interval()).all()
    assert curve.average_precision == 1
    with pytest.warns(UndefinedWarning, match=r"^No positive samples"):
        curve = wk.roc_curve([0, 0], [0.3, 0.4])
    with pytest.warns(UndefinedWarning, match="No positive class"):
        assert math.isnan(curve.average_precision)
    for ask in (curve.best_threshold, lambda: curve.thin(10)):
        with pytest.raises(InputError, match="both classes"):
            ask()
    assert "AUC" not in repr(curve)
    assert curve.confusion_at(0.35).counts.tolist() == [[1, 1], [0, 0]]


def test_one_positive_has_an_area_but_no_variance():
    curve = wk.roc_curve([1, 0, 0], [0.5, 0.1, 0.9])
    assert curve.auc == 0.5
    with pytest.warns(UndefinedWarning, match="only one positive row"):
        assert math.isnan(curve.auc_variance)
    with pytest.warns(UndefinedWarning, match="only one positive row"):
        assert np.isnan(curve.auc_interval()).all()


@pytest.mark.parametrize(("score", "auc"), [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5)])
def test_an_interval_without_width_is_not_silent(score, auc):
    curve = wk.roc_curve([0, 0, 1, 1], score)
    assert curve.auc_variance == 0
    with pytest.warns(UndefinedWarning, match="not certainty"):
        assert curve.auc_interval() == (auc, auc)


def test_the_interval_stays_within_zero_and_one():
    low, high = wk.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc_interval(0.9)
    assert (low, high) == (pytest.approx(0.75 - 1.6448536269514722 * math.sqrt(0.125), rel=1e-12), 1.0)
    assert wk.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc_interval(0.99) == (0, 1)


def test_weights_have_no_variance():
    curve = wk.roc_curve([0, 1, 0, 1], [1, 2, 3, 4], sample_weight=[1, 2, 1, 1])
    for ask in (lambda: curve.auc_variance, curve.auc_interval):
        with pytest.raises(InputError, match="weighted"):
            ask()


@pytest.mark.parametrize(
    ("y", "score", "options", "says"),
    [
        ([], [], {}, "^Found array with 0 sample"),
        ([1, 0, 1], [0.5, 0.1], {}, "inconsistent numbers of samples"),
        ([1, 0], [0.5, np.nan], {}, "^Input y_score contains NaN.*row 1"),
        ([1, 0], [np.inf, 0.5], {}, "^Input y_score contains infinity.*row 0"),
        ([1, 0], [0.5, np.nan], {"sample_weight": [1, 1]}, "^Input y_score contains NaN"),
        ([1, 0], ["0.5", "0.1"], {}, "real numbers"),
        ([1, 0], [[0.5, 0.5], [0.1, 0.9]], {}, "one dimension"),
        ([1, None], [0.5, 0.1], {}, "missing"),
        ([1, 3], [0.5, 0.1], {}, "^y_true takes value in {1, 3} and pos_label is not specified"),
        (["a", "b"], [0.5, 0.1], {}, "^y_true takes value in {'a', 'b'} and pos_label is not specified"),
        ([0, 1, 2], [0.5, 0.1, 0.2], {}, "^multiclass format is not supported"),
        ([0.5, 1], [0.5, 0.1], {}, "^continuous format is not supported"),
        ([1, 0], [0.5, 0.1], {"sample_weight": [0, 0]}, "^Sample weights must contain at least one non-zero number"),
        ([1, 0], [0.5, 0.1], {"sample_weight": [1, -1]}, "must not be negative"),
        ([1, 0], [0.5, 0.1], {"sample_weight": [1]}, "inconsistent numbers of samples"),
    ],
)
def test_what_it_refuses(y, score, options, says):
    with pytest.raises(InputError, match=says):
        wk.roc_curve(y, score, **options)


def test_a_large_column_with_nan_is_refused_after_sorting(kernels):
    score = np.arange(100.0)
    score[37] = np.nan
    with pytest.raises(InputError, match="row 37"):
        wk.roc_curve(np.arange(100) % 2, score)


def test_text_labels_and_the_rest_of_several_classes():
    score = np.array([0.1, 0.9, 0.8, 0.3])
    curve = wk.roc_curve(["well", "ill", "ill", "well"], score, pos_label="ill")
    assert (curve.auc, curve.labels) == (1.0, ("well", "ill"))
    several = wk.roc_curve([0, 2, 2, 1], score, pos_label=2)
    assert (several.auc, several.labels) == (1.0, (None, 2))
    assert several.confusion_at(0.5).labels == ("≠ 2", 2)


def test_the_result_does_not_change_with_the_callers_arrays():
    score = np.array([0.1, 0.4, 0.35, 0.8])
    curve = wk.roc_curve([0, 0, 1, 1], score)
    score[:] = 0
    assert curve.auc == 0.75
    np.testing.assert_array_equal(score, 0)


def test_the_caller_s_scores_are_not_sorted(kernels):
    score = np.array([0.9, 0.4, 0.35, 0.8])
    wk.roc_curve([0, 0, 1, 1], score)
    assert score.tolist() == [0.9, 0.4, 0.35, 0.8]


# Thresholds.


@given(ROWS, st.integers(0, 4), st.integers(0, 4))
def test_no_other_threshold_is_better(rows, cost_fp, cost_fn):
    positive, score, _ = both_classes(rows)
    curve = wk.roc_curve(positive, score)
    points, p, n = all_points(positive, score), int(positive.sum()), int((~positive).sum())
    losses = {
        "youden": lambda tp, fp: Fraction(fp, n) - Fraction(tp, p),
        "corner": lambda tp, fp: Fraction(p - tp, p) ** 2 + Fraction(fp, n) ** 2,
    }
    if cost_fp + cost_fn:
        losses["cost"] = lambda tp, fp: cost_fp * fp + cost_fn * (p - tp)
    for method, loss in losses.items():
        best = (
            curve.best_threshold(method, cost_fp=cost_fp or 1, cost_fn=cost_fn or 1)
            if method != "cost"
            else (curve.best_threshold(method, cost_fp=cost_fp, cost_fn=cost_fn))
        )
        # Of equally good thresholds the highest.
        least = min(loss(tp, fp) for _, tp, fp in points)
        assert best.threshold == next(cut for cut, tp, fp in points if loss(tp, fp) == least)
        assert (best.tp, best.fp) == next((tp, fp) for cut, tp, fp in points if cut == best.threshold)
        assert (best.fn, best.tn) == (p - best.tp, n - best.fp)
        assert tuple(best) == (best.threshold, best.sensitivity, best.specificity)
    assert curve.best_threshold().value == pytest.approx(
        float(-min(losses["youden"](*q[1:]) for q in points)), abs=1e-15
    )


@pytest.mark.parametrize(
    ("method", "options", "says"),
    [
        ("best", {}, "method must be"),
        ("cost", {"cost_fp": 0, "cost_fn": 0}, "not both 0"),
        ("cost", {"cost_fp": -1}, "0 or more"),
        ("cost", {"cost_fn": math.inf}, "0 or more"),
        ("cost", {"cost_fn": math.nan}, "0 or more"),
    ],
)
def test_criteria_that_are_none_are_refused(method, options, says):
    with pytest.raises(InputError, match=says):
        wk.roc_curve([0, 1], [0.1, 0.2]).best_threshold(method, **options)


@given(ROWS, st.lists(st.one_of(SCORE, st.sampled_from([math.inf, -math.inf])), min_size=1, max_size=5))
def test_counts_at_any_threshold_are_those_of_the_rows(rows, thresholds):
    positive, score, _ = both_classes(rows)
    curve = wk.roc_curve(positive, score)
    table = curve.table(thresholds)
    for k, threshold in enumerate(thresholds):
        yes = score >= threshold
        cm = curve.confusion_at(threshold)
        assert (cm.tp, cm.fp, cm.fn, cm.tn) == tuple(
            int(np.sum(cell)) for cell in (positive & yes, ~positive & yes, positive & ~yes, ~positive & ~yes)
        )
        np.testing.assert_array_equal(table.confusion(k), cm)
        assert cm.threshold == threshold
        assert curve.groups.counts_of(curve.groups.exceeding(threshold)) == (
            np.sum(positive & (score > threshold)),
            np.sum(~positive & (score > threshold)),
        )


def test_a_threshold_is_taken_in_the_precision_of_the_scores():
    score = np.array([0.7, 0.2, 0.7, 0.1], np.float32)
    assert wk.roc_curve([1, 0, 1, 0], score).confusion_at(0.7).tp == np.sum(score >= 0.7) == 2


@given(ROWS, st.integers(4, 12), st.lists(SCORE, max_size=2))
def test_a_thinned_curve_keeps_its_ends_and_what_it_must(rows, most, always):
    positive, score, _ = both_classes(rows)
    curve = wk.roc_curve(positive, score)
    thin = curve.thin(most, always)
    every = {(cut, tp, fp) for cut, tp, fp in all_points(positive, score)}
    found = list(zip(thin.thresholds.tolist(), thin.tp.tolist(), thin.fp.tolist(), strict=True))
    assert len(found) == len(set(found)) <= most
    assert set(found) <= every
    assert found[0][0] == math.inf
    assert (thin.fpr[-1], thin.tpr[-1]) == (1, 1)
    for threshold in always:
        assert (curve.confusion_at(threshold).tp, curve.confusion_at(threshold).fp) in {q[1:] for q in found}
    if len(every) <= most:
        assert len(found) == len(every)


def test_a_thinned_curve_lies_near_the_whole():
    rng = np.random.default_rng(1)
    positive = rng.random(50_000) < 0.3
    curve = wk.roc_curve(positive, rng.normal(size=50_000) + positive)
    thin = curve.thin(200)
    assert 190 <= len(thin) <= 200
    assert np.diff(thin.fpr + thin.tpr).max() < 2 / 150
    assert wk.auc(thin.fpr, thin.tpr) == pytest.approx(curve.auc, abs=1e-4)
    with pytest.raises(InputError, match="most must leave room"):
        curve.thin(3, [0.1, 0.2])


@given(ROWS, st.integers(1, 9))
def test_a_histogram_counts_every_score_once(rows, bins):
    positive, score, _ = both_classes(rows)
    found = wk.roc_curve(positive, score).histogram(bins)
    assert len(found) == bins
    for counts, rows_of in ((found.positives, positive), (found.negatives, ~positive)):
        np.testing.assert_array_equal(counts, np.histogram(score[rows_of], found.edges)[0])
    edges = [-5.0, 0.0, 1.5, 5.0]
    found = wk.roc_curve(positive, score).histogram(edges)
    np.testing.assert_array_equal(found.positives, np.histogram(score[positive], edges)[0])


@pytest.mark.parametrize("bins", [0, [1.0], [1.0, 1.0], [2.0, 1.0], [0.0, math.nan]])
def test_bins_that_are_none_are_refused(bins):
    with pytest.raises(InputError, match="histogram"):
        wk.roc_curve([0, 1], [0.1, 0.2]).histogram(bins)


@pytest.mark.parametrize("max_fpr", [0, -0.1, 1.5, math.nan])
def test_a_part_that_is_none_is_refused(max_fpr):
    with pytest.raises(InputError, match=r"^Expected max_fpr in range \(0, 1\]"):
        wk.roc_curve([0, 1], [0.1, 0.2]).partial_auc(max_fpr)


def test_a_batch_without_weight_is_passed_over():
    state = RocSummary(weighted=True)
    state.update(([True, False], [0.1, 0.9], [0.0, 0.0]))
    with pytest.raises(InputError, match="zero in every row"):
        state.result()
    state.update(([True, False, True], [0.4, 0.3, 0.2], [1.0, 2.0, 3.0]))
    assert state.result().auc == wk.roc_auc_score([1, 0, 1], [0.4, 0.3, 0.2], sample_weight=[1, 2, 3])


def test_bins_between_the_farthest_floats_and_of_any_kind_of_count():
    curve = wk.roc_curve([0, 1, 1], [-1.5e308, 0.0, 1.5e308])
    for bins in (3, np.int64(3)):
        histogram = curve.histogram(bins)
        assert histogram.edges.tolist() == [-1.5e308, -0.5e308, 0.5e308, 1.5e308]
        assert (histogram.negatives.tolist(), histogram.positives.tolist()) == ([1, 0, 0], [0, 1, 1])


def test_curves_are_taken_apart_as_the_tuples_of_scikit_learn():
    y, score = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    for ours, theirs in (
        (wk.roc_curve(y, score), metrics.roc_curve(y, score)),
        (wk.precision_recall_curve(y, score), metrics.precision_recall_curve(y, score)),
    ):
        assert len(ours) == 3
        for place in range(-3, 3):
            np.testing.assert_allclose(ours[place], theirs[place])
        for found, expected in zip(ours[1:], theirs[1:], strict=True):
            np.testing.assert_allclose(found, expected)
        with pytest.raises(IndexError):
            ours[3]
