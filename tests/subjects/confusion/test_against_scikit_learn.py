"""Random labels of every kind, ours beside scikit-learn's, and the matrix where scikit-learn's array is expected."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import workings as wk

KINDS = {
    "integers": lambda c: c,
    "small": lambda c: c.astype(np.int8),
    "unsigned": lambda c: c.astype(np.uint16),
    "negative": lambda c: -3 * c,
    "far apart": lambda c: c * 10**14,
    "booleans": lambda c: c % 2 == 0,
    "floats": lambda c: c.astype(float),
    "text": lambda c: np.array(["b", "가", "Z", "a"])[c],
    "objects": lambda c: np.array(["b", "가", "Z", "a"], object)[c],
    "a list": lambda c: c.tolist(),
    "a column of pandas": lambda c: pd.Series(["b", "a", "Z", "c"], dtype="category")[c],
}


def outcome(function, *args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return np.asarray(function(*args, **options))
        except ValueError as error:
            return " ".join(str(error).split()[:4])


@pytest.mark.parametrize("kind", KINDS)
def test_counts_of_labels_of_any_kind(kind):
    for seed in range(80):
        rng = np.random.default_rng(seed)
        rows = int(rng.integers(1, 30))
        y_true, y_pred = (KINDS[kind](rng.integers(0, 4, rows)) for _ in range(2))
        present = np.unique(np.asarray(y_true)).tolist()
        options = {}
        if rng.random() < 0.4:
            options["labels"] = rng.permutation(present).tolist()[: int(rng.integers(1, 4))]
        if rng.random() < 0.4:
            options["normalize"] = rng.choice(["true", "pred", "all"])
        if rng.random() < 0.5:
            weight = [rng.random(rows), rng.integers(0, 3, rows), rng.random(rows) < 0.7][rng.integers(3)]
            if weight.any():
                options["sample_weight"] = weight
        ours, theirs = (outcome(of.confusion_matrix, y_true, y_pred, **options) for of in (wk, metrics))
        if isinstance(theirs, str):
            assert ours == theirs, options
            continue
        # A class that has no rows to be normalised over has no shares, where theirs are 0.
        np.testing.assert_allclose(np.nan_to_num(ours), theirs, rtol=1e-14, atol=1e-15, err_msg=str(options))
        assert ours.dtype == theirs.dtype


def test_it_is_taken_where_an_array_of_scikit_learn_is():
    cm = wk.confusion_matrix([0, 1, 1, 1, 2], [0, 1, 0, 1, 2])
    array = np.asarray(cm)
    # What scikit-learn's ConfusionMatrixDisplay asks of it.
    assert ((cm.max() + cm.min()) / 2, cm.shape[0], cm[1, 0], cm.dtype.kind) == (1.0, 3, 1, "i")
    np.testing.assert_array_equal(pd.DataFrame(np.asarray(cm), index=cm.labels), array)
    for name in ("sum", "max", "min", "mean", "any", "all", "argmax", "argmin", "cumsum"):
        for axis in (None, 0, 1):
            np.testing.assert_array_equal(getattr(cm, name)(axis=axis), getattr(array, name)(axis=axis))
            np.testing.assert_array_equal(getattr(np, name)(cm, axis=axis), getattr(np, name)(array, axis=axis))
    assert cm.sum(axis=1, keepdims=True).shape == (3, 1)
    np.testing.assert_array_equal(cm.reshape(9), array.reshape(9))
    np.testing.assert_array_equal(cm.transpose(), array.T)
    np.testing.assert_array_equal(cm.dot(cm), array @ array)
    np.testing.assert_array_equal((cm / 3).round(1), (array / 3).round(1))
    assert cm.item(1, 0) == 1
    assert 2 in cm
    assert 7 not in cm
    own = cm.copy()
    own[0, 0] = 100
    assert cm[0, 0] == 1
    half = wk.confusion_matrix([0, 1, 1], [0, 1, 0], normalize="true")
    assert half.round(1).tolist() == [[1.0, 0.0], [0.5, 0.5]]


def test_it_survives_pickling_and_copying():
    cm = wk.confusion_matrix(["a", "b", "b"], ["a", "b", "a"], normalize="all")
    for again in (pickle.loads(pickle.dumps(cm)), copy.deepcopy(cm)):
        np.testing.assert_array_equal(again, cm)
        assert (again.labels, again.normalize, again.rates) == (cm.labels, cm.normalize, cm.rates)
