"""The matrix itself: what is counted, how it stands in for scikit-learn's array, and what it refuses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

import workings as wk
from workings.errors import InputError, UndefinedWarning, WorkingsWarning

LABELS = st.integers(-2, 3)
ROWS = st.lists(st.tuples(LABELS, LABELS, st.integers(0, 5)), min_size=1, max_size=60)


def columns(rows):
    return (np.array(column) for column in zip(*rows, strict=True))


def several(*arrays):
    """Whether more than one class occurs, so that neither library warns of a single label."""
    return len(np.unique(np.concatenate(arrays))) > 1


def test_rows_are_actual_and_columns_predicted():
    cm = wk.confusion_matrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2])
    assert cm.tolist() == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]
    assert cm.labels == (0, 1, 2)


def test_the_four_counts_are_those_of_the_second_label():
    cm = wk.confusion_matrix([0, 1, 0, 1], [1, 1, 1, 0])
    assert tuple(cm.ravel()) == (0, 2, 1, 1)
    assert (cm.tn, cm.fp, cm.fn, cm.tp) == (0, 2, 1, 1)


@given(ROWS)
def test_counts_are_those_of_scikit_learn(rows):
    y_true, y_pred, _ = columns(rows)
    if several(y_true, y_pred):
        ours = wk.confusion_matrix(y_true, y_pred)
        theirs = metrics.confusion_matrix(y_true, y_pred)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


@given(ROWS, st.permutations([-2, 0, 1, 3, 7]))
def test_chosen_labels_are_in_the_order_asked_for(rows, labels):
    y_true, y_pred, _ = columns(rows)
    if np.isin(y_true, labels).any():
        np.testing.assert_array_equal(
            wk.confusion_matrix(y_true, y_pred, labels=labels),
            metrics.confusion_matrix(y_true, y_pred, labels=labels),
        )


@given(ROWS)
def test_whole_weights_add_up_as_integers(rows):
    y_true, y_pred, weight = columns(rows)
    if weight.any() and several(y_true, y_pred):
        ours = wk.confusion_matrix(y_true, y_pred, sample_weight=weight)
        np.testing.assert_array_equal(ours, metrics.confusion_matrix(y_true, y_pred, sample_weight=weight))
        assert ours.dtype == np.int64
        floats = wk.confusion_matrix(y_true, y_pred, sample_weight=weight.astype(float))
        np.testing.assert_array_equal(ours, floats)
        assert floats.dtype == np.float64


def test_float_weights_lose_nothing_in_ten_thousand_additions():
    weight = np.full(10_000, 0.1)
    cm = wk.confusion_matrix(np.ones(10_000, int), np.arange(10_000) % 2, sample_weight=weight)
    assert cm.tp == float(5000 * Fraction(0.1))


@pytest.mark.parametrize("kind", ["int8", "uint64", "int32", "bool", "float32", "str", "object"])
def test_labels_of_every_kind_are_counted_alike(kind):
    y_true, y_pred = np.array([1, 0, 1, 1]), np.array([1, 1, 0, 1])
    cm = wk.confusion_matrix(y_true.astype(kind), y_pred.astype(kind))
    assert cm.tolist() == [[0, 1], [1, 2]]


def test_large_columns_are_counted_as_small_ones():
    rng = np.random.default_rng(5)
    for span, dtype in ((2, np.int64), (2, np.bool_), (2, np.uint8), (7, np.int32), (7, np.int64)):
        y_true = rng.integers(0, span, 300_000).astype(dtype)
        y_pred = rng.integers(0, span, 300_000).astype(dtype)
        expected = np.bincount(y_true.astype(int) * span + y_pred, minlength=span * span).reshape(span, span)
        np.testing.assert_array_equal(wk.confusion_matrix(y_true, y_pred), expected)


def test_a_rare_class_outside_the_sample_is_found_in_a_large_column():
    y_true, y_pred = np.zeros(300_000, np.int64), np.zeros(300_000, np.int64)
    y_true[1] = 1
    y_true[299_999], y_pred[777] = 40, -3
    cm = wk.confusion_matrix(y_true, y_pred)
    assert cm.labels == (-3, 0, 1, 40)
    assert cm.tolist() == [[0, 0, 0, 0], [1, 299_997, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize("stranger", [2, 3, 4, -1, -2])
@pytest.mark.parametrize("column", [0, 1])
def test_one_row_of_a_third_class_beside_two_is_found_in_a_large_column(stranger, column):
    columns = np.arange(300_000) % 2, np.arange(300_000) // 3 % 2
    columns[column][299] = stranger
    cm = wk.confusion_matrix(*columns)
    expected = metrics.confusion_matrix(*columns)
    np.testing.assert_array_equal(cm, expected)
    assert cm.labels == tuple(sorted((0, 1, stranger)))


@pytest.mark.parametrize("rows", [4, 1 << 18])
def test_labels_with_their_bytes_in_the_other_order_are_the_same_labels(rows):
    y = np.arange(rows) % 3
    assert wk.confusion_matrix(y.astype(">i8"), y.astype(">i2")).tolist() == wk.confusion_matrix(y, y).tolist()


def test_labels_far_apart_need_no_matrix_of_their_span():
    y_true = np.resize(np.array([-(10**15), 7, 10**15]), 300_000)
    assert wk.confusion_matrix(y_true, y_true).tolist() == np.diag([100_000] * 3).tolist()


def test_it_behaves_as_the_array():
    cm = wk.confusion_matrix([0, 1, 1, 1], [0, 1, 0, 1])
    array = np.array([[1, 0], [1, 2]])
    np.testing.assert_array_equal(cm / cm.sum(), array / 4)
    np.testing.assert_array_equal(cm.astype(float) / cm.sum(axis=1)[:, np.newaxis], [[1, 0], [1 / 3, 2 / 3]])
    np.testing.assert_array_equal(2 * cm + cm, 3 * array)
    np.testing.assert_array_equal(np.trace(np.asarray(cm)), cm.trace())
    np.testing.assert_array_equal(cm.T, array.T)
    assert (cm == array).all()
    assert cm[1, 0] == 1
    assert cm[:, 1].tolist() == [0, 2]
    assert (cm.shape, cm.ndim, cm.size, len(cm)) == ((2, 2), 2, 4, 2)
    assert [row.tolist() for row in cm] == cm.tolist()
    assert cm.flatten().tolist() == [1, 0, 1, 2]
    assert cm.max() == 2
    assert cm.diagonal().tolist() == [1, 2]


def test_it_does_not_change_when_the_callers_arrays_do():
    counts = np.array([[1, 2], [3, 4]])
    cm = wk.ConfusionMatrix.from_counts(counts)
    counts[0, 0] = 100
    assert cm.tn == 1
    with pytest.raises(ValueError, match="read-only"):
        cm.counts[0, 0] = 5


@pytest.mark.parametrize("normalize", ["true", "pred", "all"])
def test_normalised_shares_are_those_of_scikit_learn(normalize):
    y_true, y_pred = [0, 1, 2, 2, 1, 0, 0], [0, 2, 2, 1, 1, 0, 1]
    ours = wk.confusion_matrix(y_true, y_pred, normalize=normalize)
    np.testing.assert_allclose(ours, metrics.confusion_matrix(y_true, y_pred, normalize=normalize), rtol=1e-15)
    assert ours.counts.sum() == 7
    assert ours.accuracy == 4 / 7


def test_a_class_without_rows_has_no_shares_and_says_so():
    with pytest.warns(UndefinedWarning, match="0/0"):
        cm = wk.confusion_matrix([0, 0, 1], [0, 0, 0], normalize="pred")
    np.testing.assert_array_equal(cm[:, 0], [2 / 3, 1 / 3])
    assert np.isnan(cm[:, 1]).all()


def test_a_single_label_is_pointed_out():
    with pytest.warns(WorkingsWarning, match="A single label was found in"):
        assert wk.confusion_matrix([0, 0], [0, 0]).tolist() == [[2]]


def test_no_rows_give_zeros_if_the_labels_are_known():
    assert wk.confusion_matrix([], [], labels=[0, 1]).tolist() == [[0, 0], [0, 0]]
    with pytest.raises(InputError, match=r"^Found empty input array"):
        wk.confusion_matrix([], [])


@pytest.mark.parametrize(
    ("y_true", "y_pred", "options", "says"),
    [
        ([1, 0], [1], {}, "inconsistent numbers of samples"),
        ([1, 0], ["a", "b"], {}, "^Mix of label input types"),
        ([1, "a"], ["a", "b"], {}, "^Mix of label input types"),
        (np.array([1, "a"], object), ["a", "b"], {}, "^Mix of label input types"),
        ([1, 0], [0.2, 0.7], {}, "^continuous format is not supported"),
        ([1, 0], [1, np.inf], {}, "^Input y_pred contains infinity or a value too large"),
        ([1, None], [1, 0], {}, "row 1"),
        ([1.0, np.nan], [1, 0], {}, "^Input y_true contains NaN.*row 1"),
        ([[1, 0], [1, 1]], [1, 0], {}, "^multilabel-indicator format is not supported.*one column of classes"),
        ([[[1]]], [1], {}, r"^y should be a 1d array, got an array of shape \(1, 1, 1\) instead.*one dimension"),
        ([1, 0], [1, 0], {"labels": [[0, 1]]}, "one column of classes"),
        ([1, 0], [1, 0], {"labels": []}, "^'labels' should contain at least one label."),
        ([1, 0], [1, 0], {"labels": [3, 4]}, "^At least one label specified must be in y_true"),
        ([1, 0], [1, 0], {"labels": [1, 1]}, "each class once"),
        ([1, 0], [1, 0], {"labels": ["a"]}, "^Mix of label input types"),
        ([1, 0], [1, 0], {"normalize": "rows"}, "normalize must be"),
        ([1, 0], [1, 0], {"sample_weight": [1, -1]}, "must not be negative"),
        ([1, 0], [1, 0], {"sample_weight": [0, 0]}, "^Sample weights must contain at least one non-zero number"),
        ([1, 0], [1, 0], {"sample_weight": np.array([2**62, 2**62])}, r"less than 2\^63"),
        ([1, 0], [1, 0], {"sample_weight": np.array([2**63, 1], np.uint64)}, r"less than 2\^63"),
        ([1, 0], [1, 0], {"sample_weight": [1, np.nan]}, "finite"),
        ([1, 0], [1, 0], {"sample_weight": [1, 2, 3]}, "inconsistent numbers of samples"),
        (np.array([b"a", b"b"]), np.array([b"a", b"b"]), {}, "bytes"),
        (np.array([1 + 1j]), np.array([1]), {}, "numbers, booleans or text"),
        (np.array([{}, {}], object), [1, 2], {}, "numbers, booleans or text"),
        (np.array([2**63 + 1], np.uint64), [1], {}, "64 bits"),
    ],
)
def test_what_it_refuses(y_true, y_pred, options, says):
    with pytest.raises(InputError, match=says):
        wk.confusion_matrix(y_true, y_pred, **options)


@pytest.mark.parametrize(
    ("counts", "labels", "says"),
    [
        ([[1, 2, 3]], None, "square"),
        ([["a"]], None, "square"),
        ([[]], None, "square"),
        ([[1, -2], [0, 1]], None, "negative"),
        ([[1, np.nan], [0, 1]], None, "finite"),
        ([[1, 2], [0, 1]], ("a", "a"), "different"),
        ([[1, 2], [0, 1]], ("a",), "different"),
        ([[2**62, 2**62], [0, 1]], None, r"less than 2\^63"),
        (np.array([[2**63, 0], [0, 0]], np.uint64), None, r"less than 2\^63"),
    ],
)
def test_counts_that_are_none_are_refused(counts, labels, says):
    with pytest.raises(InputError, match=says):
        wk.ConfusionMatrix.from_counts(counts, labels)


def test_it_prints_with_its_axes_named():
    cm = wk.confusion_matrix(["개", "cat", "개"], ["cat", "cat", "개"])
    assert (
        repr(cm) == "actual \\ predicted  cat  개\n"
        "cat                   1   0\n"
        "개                    1   1\n"
        "3 rows, accuracy 0.6667"
    )
    assert "predicted \\ actual" in str(cm.table(rows="predicted"))
    assert cm.table("predicted").cells.tolist() == [[1, 1], [0, 1]]
    assert cm.table().row_totals.tolist() == [1, 2]
    with pytest.raises(InputError, match="rows must be"):
        cm.table("columns")


def test_many_classes_print_in_one_line():
    cm = wk.confusion_matrix(range(20), range(20))
    assert repr(cm) == "<ConfusionMatrix of 20 classes, 20 rows>"
