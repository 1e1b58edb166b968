"""Random input of every kind, ours beside scikit-learn's: values, dtypes, and what is refused."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import array_api_strict
import numpy as np
import pytest
import torch
from sklearn import metrics

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.subjects.roc import area, groups, points
from workings.subjects.roc import input as door

from .problems import delong, exact_area

SEEDS = range(60)
KINDS = ["float64", "float32", "float16", "int64", "int32", "int8", "uint8", "uint32", "bool", "object"]
CLASSES = {
    "integers": lambda b: b,
    "booleans": lambda b: b.astype(bool),
    "floats": lambda b: b.astype(float),
    "signs": lambda b: 2 * b - 1,
    "bytes": lambda b: b.astype(np.uint8),
    "text": lambda b: np.array(["no", "yes"])[b],
    "objects": lambda b: np.array(["no", "yes"], object)[b],
    "three": lambda b: b + 2 * (np.arange(len(b)) % 3 == 0),
}


def outcome(function, *args, **options):
    """Return what a function gives as a tuple of arrays, or the first words of what it refuses with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = function(*args, **options)
        except (ValueError, TypeError, NotImplementedError) as error:
            return " ".join(str(error).split()[:4])
    return (np.asarray(found),) if isinstance(found, float | int | np.ndarray) else tuple(map(np.asarray, found))


def random_scores(rng, rows, kind):
    # Few different values make ties, zeros of both signs among them.
    values = (
        rng.choice([-2.5, -1.0, -0.0, 0.0, 5e-324, 1.0, 1.5, 100.0], rows)
        if rng.random() < 0.6
        else (rng.normal(size=rows).round(2))
    )
    if kind == "bool":
        return values > 0
    if kind.startswith("uint"):
        values = np.abs(values)
    return values.astype(kind)


def random_options(rng, y, names):
    rows = len(y)
    options = {}
    if "sample_weight" in names and rng.random() < 0.5:
        weights = [rng.random(rows), rng.integers(0, 3, rows).astype(float), rng.integers(0, 3, rows)]
        weight = weights[rng.integers(3)]
        if weight.any():
            options["sample_weight"] = weight
    if "pos_label" in names and rng.random() < 0.5:
        options["pos_label"] = y[0] if rng.random() < 0.8 else 7
    if "drop_intermediate" in names and rng.random() < 0.5:
        options["drop_intermediate"] = bool(rng.integers(2))
    if "max_fpr" in names and rng.random() < 0.5:
        options["max_fpr"] = [None, 1, 0.01, 0.3, 1.0][rng.integers(5)]
    return options


COLUMNS = {
    "roc_curve": ("sample_weight", "pos_label", "drop_intermediate"),
    "precision_recall_curve": ("sample_weight", "pos_label", "drop_intermediate"),
    "average_precision_score": ("sample_weight", "pos_label"),
    "roc_auc_score": ("sample_weight", "max_fpr"),
}


def agree(ours, theirs, case):
    if isinstance(ours, str) or isinstance(theirs, str):
        assert ours == theirs, case
        return
    for found, expected in zip(ours, theirs, strict=True):
        # Where a class has no rows ours are NaN, theirs 0 or 1 with a warning.
        if np.isnan(found).any():
            continue
        # Of objects ours are numbers; a mean of nothing is the whole number 0 there.
        assert found.dtype == expected.dtype or expected.dtype == object or not expected.ndim, case
        np.testing.assert_allclose(found, np.asarray(expected, found.dtype), rtol=1e-12, atol=1e-13, err_msg=str(case))


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_scores_of_any_kind(name, kind):
    for seed in SEEDS:
        rng = np.random.default_rng([seed, KINDS.index(kind)])
        rows = int(rng.integers(1, 20))
        classes = rng.choice(list(CLASSES))
        y = CLASSES[classes](rng.integers(0, 2, rows))
        if name == "roc_auc_score" and classes == "three":
            continue
        score = random_scores(rng, rows, kind)
        options = random_options(rng, y, COLUMNS[name])
        ours, theirs = (outcome(getattr(of, name), y, score, **options) for of in (wk, metrics))
        if isinstance(theirs, str) and theirs.startswith("At least 2 points"):
            # A partial area without a negative row: ours is NaN.
            assert np.isnan(ours[0])
            continue
        agree(ours, theirs, (seed, y, score, options))


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples", None])
def test_tables_of_classes_and_of_labels(average):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rows, size = int(rng.integers(2, 25)), int(rng.integers(3, 5))
        weight = {"sample_weight": rng.integers(0, 3, rows) + (np.arange(rows) == 0)} if rng.random() < 0.5 else {}
        y = rng.integers(0, size, rows)
        score = rng.random((rows, size)).round(1) + 0.05
        score /= score.sum(axis=1, keepdims=True)
        labels = {"labels": np.arange(size)} if rng.random() < 0.7 else {}
        for how in ("ovr", "ovo"):
            options = {"average": average, "multi_class": how, **labels, **weight}
            ours = outcome(wk.roc_auc_score, y, score, **options)
            if how == "ovo" and len(np.unique(y)) == 1 and not isinstance(ours, str):
                # There is no pair of classes, and scikit-learn divides by zero.
                assert np.isnan(ours[0])
                continue
            agree(ours, outcome(metrics.roc_auc_score, y, score, **options), (seed, y, score, options))
        if average != "samples":
            ours, theirs = (
                outcome(of.average_precision_score, y, score, average=average, **weight) for of in (wk, metrics)
            )
            agree(ours, theirs, (seed, y, score, average, weight))
        table = rng.integers(0, 2, (rows, size))
        for name, more in (("roc_auc_score", {}), ("roc_auc_score", {"max_fpr": 0.4}), ("average_precision_score", {})):
            options = {"average": average, **weight, **more}
            ours, theirs = (outcome(getattr(of, name), table, score, **options) for of in (wk, metrics))
            if isinstance(theirs, str) and theirs.startswith("At least 2 points"):
                continue
            agree(ours, theirs, (seed, table, score, options))


def test_a_row_of_no_weight_does_not_make_the_mean_over_rows_undefined():
    y, score = [[0, 1], [1, 1], [1, 0]], [[0.1, 0.9], [0.5, 0.5], [0.2, 0.4]]
    assert wk.roc_auc_score(y, score, average="samples", sample_weight=[1, 0, 2]) == pytest.approx(1 / 3)
    assert outcome(metrics.roc_auc_score, y, score, average="samples", sample_weight=[1, 0, 2])[0] == pytest.approx(
        1 / 3
    )


def test_one_class_has_no_pair_of_classes():
    for average in ("macro", "weighted"):
        options = {"multi_class": "ovo", "average": average, "labels": [0, 1, 2]}
        with pytest.warns(UndefinedWarning, match=r"^Only one class is present in y_true.*no pair of classes"):
            assert math.isnan(wk.roc_auc_score([1, 1], np.full((2, 3), 1 / 3), **options))


@pytest.mark.parametrize("compiled", [False, True])
def test_areas_and_variances_of_random_kinds_are_those_of_all_pairs(compiled, monkeypatch):
    if compiled:
        for module in (groups, area, points, door):
            monkeypatch.setattr(module, "KERNEL_ROWS", 0)
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rows = int(rng.integers(4, 40))
        positive = np.arange(rows) % 2 == 0
        a, b = (random_scores(rng, rows, KINDS[rng.integers(len(KINDS))]) for _ in range(2))
        plain_a, plain_b = (np.array([Fraction(float(s)) for s in column]) for column in (a, b))
        curve, pair = wk.roc_curve(positive, a), wk.compare_auc(positive, a, b)
        areas, covariances = delong(positive, plain_a, plain_b)
        assert curve.auc == wk.roc_auc_score(positive, a) == pair.auc_a == float(exact_area(positive, plain_a))
        assert pair.auc_b == float(areas[1])
        exact = covariances[0, 0] + covariances[1, 1] - 2 * covariances[0, 1]
        for ours, expected in (
            (curve.auc_variance, covariances[0, 0]),
            (pair.variance_b, covariances[1, 1]),
            (pair.covariance, covariances[0, 1]),
            (pair.difference_variance, exact),
        ):
            assert ours == pytest.approx(float(expected), rel=1e-13, abs=1e-17)


Y, S = [0, 1, 1, 0, 1, 0], [0.1, 0.8, 0.4, 0.4, 0.9, -0.0]
CALLS = {
    "roc_curve": lambda f, y, s: np.concatenate(tuple(f(y, s))),
    "precision_recall_curve": lambda f, y, s: np.concatenate(tuple(f(y, s))),
    "roc_auc_score": lambda f, y, s: f(y, s, sample_weight=s + 1, max_fpr=0.5),
    "average_precision_score": lambda f, y, s: f(y, s),
    "compare_auc": lambda f, y, s: f(y, s, s**2).covariance,
    "threshold_table": lambda f, y, s: f(y, s, None).tp,
    "auc": lambda f, y, s: f(s[:2], s[4:]),
    "confusion_matrix": lambda f, y, s: np.asarray(f(y, y, sample_weight=s + 1)),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "to",
    [torch.tensor, array_api_strict.asarray, lambda x: torch.tensor(x, requires_grad=x.dtype.kind == "f")],
    ids=["PyTorch", "array-api-strict", "PyTorch with gradients"],
)
def test_arrays_of_other_libraries_go_in(name, to):
    function = getattr(wk, name)
    expected = CALLS[name](function, np.array(Y), np.array(S))
    np.testing.assert_array_equal(CALLS[name](function, to(np.array(Y)), to(np.array(S))), expected)


def test_a_tensor_that_numpy_cannot_read_is_refused():
    for y, score in ((Y, torch.tensor(S, dtype=torch.bfloat16)), (torch.tensor(Y, device="meta"), S)):
        with pytest.raises(InputError, match=r"must be readable as a NumPy array; got Tensor"):
            wk.roc_auc_score(y, score)


def test_objects_that_are_no_numbers_are_refused():
    for wrong in (["0.1", "0.2"], [0.1, 1j], ["0.1", 2**70]):
        with pytest.raises(InputError, match="real numbers"):
            wk.roc_auc_score([0, 1], np.array(wrong, object))
    with pytest.raises(InputError, match="y_score contains NaN"):
        wk.roc_auc_score([0, 1], np.array([0.1, None], object))
    assert wk.roc_auc_score([0, 1, 1], np.array([1, 2.5, True], object)) == 0.75
    assert wk.roc_auc_score([0, 1, 1], np.array([2**70, 2**71, 1], object)) == 0.5


# Decisions at thresholds that floats cannot tell apart.


@pytest.mark.parametrize(
    "score",
    [
        2**60 + np.arange(8),
        np.array([-(2**63), -(2**62), 0, 1, 2**62, 2**62 + 1, 2**63 - 2, 2**63 - 1]),
        np.nextafter(1.0, 2) ** np.arange(8),
        np.arange(8) * 5e-324,
        (np.float32(1) + np.arange(8, dtype=np.float32) * np.finfo(np.float32).eps),
        np.array([-np.finfo(float).max, -1e308, -1.0, 0.0, 1.0, 1e300, 1e308, np.finfo(float).max]),
    ],
    ids=["whole", "whole, far apart", "neighbours", "subnormal", "single", "far apart"],
)
def test_the_best_threshold_and_its_midpoint_decide_as_they_say(score):
    for bits in range(1, 255):
        positive = (bits >> np.arange(8)) % 2 == 1
        curve = wk.roc_curve(positive, score)
        best = curve.best_threshold()
        for threshold in (best.threshold, best.midpoint):
            called = score >= threshold if math.isfinite(threshold) else np.full(8, threshold < 0)
            assert (np.sum(called & positive), np.sum(called & ~positive)) == (best.tp, best.fp)
            if math.isfinite(threshold):
                cm = curve.confusion_at(threshold)
                assert (cm.tp, cm.fp) == (best.tp, best.fp)
                table = wk.threshold_table(positive, score, [threshold])
                assert (table.tp[0], table.fp[0]) == (best.tp, best.fp)
