"""Counts at thresholds, and counts in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import workings as wk
from workings.arrays import SummaryFormatError
from workings.errors import InputError
from workings.subjects.confusion import ConfusionCounts

SCORES = st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(1, 9)), min_size=1, max_size=40)


@given(SCORES, st.lists(st.integers(-4, 4), min_size=1, max_size=6))
def test_a_score_equal_to_the_threshold_counts_as_positive(rows, thresholds):
    y, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    table = wk.threshold_table(y, score, thresholds)
    weighted = wk.threshold_table(y, score, thresholds, sample_weight=weight / 10)
    for k, threshold in enumerate(thresholds):
        yes = score >= threshold
        expected = [np.sum(y & yes), np.sum(~y & yes), np.sum(y & ~yes), np.sum(~y & ~yes)]
        assert [table.tp[k], table.fp[k], table.fn[k], table.tn[k]] == expected
        assert table.confusion(k).counts.tolist() == [[expected[3], expected[1]], [expected[2], expected[0]]]
        assert weighted.tp[k] == pytest.approx(weight[y & yes].sum() / 10, abs=1e-12)
        assert weighted.tn[k] == pytest.approx(weight[~y & ~yes].sum() / 10, abs=1e-12)


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 6)), min_size=1, max_size=60))
def test_no_weight_is_left_over_where_all_rows_are_on_one_side(rows):
    y, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    assume(weights.any())
    table = wk.threshold_table(y, scores, [-4, 0, 4], sample_weight=weights / 3)
    assert table.fn[0] == table.tn[0] == table.tp[2] == table.fp[2] == 0
    assert min(map(np.min, (table.tp, table.fp, table.fn, table.tn))) >= 0
    for k in range(3):
        assert table.confusion(k).total == pytest.approx(weights.sum() / 3)


def test_each_row_of_small_data_has_its_decision_and_cell():
    table = wk.threshold_table(["no", "no", "yes", "yes"], [0.1, 0.8, 0.35, 0.5], [0.5], pos_label="yes")
    assert [cell for *_, cell in table.rows(0)] == ["TN", "FP", "FN", "TP"]
    assert table.labels == ("no", "yes")
    assert repr(table) == "threshold  TP  FP  FN  TN\n      0.5   1   1   1   1"
    big = wk.threshold_table(np.arange(2000) % 2, np.arange(2000.0))
    with pytest.raises(InputError, match="up to 1000 rows"):
        next(big.rows(0))


def test_a_threshold_is_taken_in_the_precision_of_the_scores():
    score = np.array([0.7, 0.2], np.float32)
    assert wk.threshold_table([1, 0], score, [0.7]).tp[0] == np.sum(score >= 0.7) == 1
    assert wk.threshold_table([1, 0], score, [1e300, -1e300]).tp.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("y", "score", "thresholds", "says"),
    [
        ([], [], [0.5], "^Found array with 0 sample"),
        ([1, 0], [0.5], [0.5], "inconsistent numbers of samples"),
        ([1, 0], [0.5, np.nan], [0.5], "^Input y_score contains NaN"),
        ([1, 0], [0.5, -np.inf], [0.5], "^Input y_score contains infinity"),
        ([1, 0], [0.5, 0.6], [np.nan], "thresholds must be numbers"),
        ([1, 0], [0.5, 0.6], [], "thresholds must be numbers"),
        ([1, 0], ["a", "b"], [0.5], "real numbers"),
        (["a", "b"], [0.5, 0.6], [0.5], "^y_true takes value in {'a', 'b'} and pos_label is not specified"),
        ([1, 2, 0], [0.5, 0.6, 0.1], [0.5], "^multiclass format is not supported"),
        ([1, 0], np.array([2**63 + 1, 2**63], np.uint64), [0.5], "double precision"),
    ],
)
def test_what_it_refuses(y, score, thresholds, says):
    with pytest.raises(InputError, match=says):
        wk.threshold_table(y, score, thresholds)


@pytest.mark.parametrize(
    ("y", "pos_label", "expected"),
    [
        ([1, 0, 1], None, (0, 1)),
        ([1, -1, 1], None, (-1, 1)),
        ([True, False, True], None, (False, True)),
        ([True, False, True], 0, (True, False)),
        ([1.0, 0.0, 1.0], None, (0, 1)),
        (["b", "a", "b"], "b", ("a", "b")),
        ([2, 7, 2], 2, (7, 2)),
        ([0, 1, 2], 2, (None, 2)),
        ([1, 1, 1], None, (0, 1)),
        ([1, 0, 1], "1", (None, "1")),
    ],
)
def test_which_class_is_positive(y, pos_label, expected):
    assert wk.threshold_table(y, [0.3, 0.4, 0.5], pos_label=pos_label).labels == expected


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)), min_size=2, max_size=40)


@given(PAIRS, st.integers(1, 39))
def test_pieces_merge_to_the_matrix_of_the_whole(rows, cut):
    y_true, y_pred, _ = (np.array(column) for column in zip(*rows, strict=True))
    whole, first, second = ConfusionCounts(), ConfusionCounts(), ConfusionCounts()
    whole.update((y_true, y_pred, None))
    first.update((y_true[:cut], y_pred[:cut], None))
    second.update((y_true[cut:], y_pred[cut:], None))
    first.merge(second)
    assert first.to_bytes() == whole.to_bytes()
    again = ConfusionCounts.from_bytes(first.to_bytes())
    assert again.result().labels == whole.result().labels
    np.testing.assert_array_equal(again.result(), whole.result())


@given(PAIRS, st.permutations(range(4)))
def test_weights_add_up_to_the_same_digits_however_rows_are_cut(rows, order):
    y_true, y_pred, weight = (np.array(column) for column in zip(*rows, strict=True))
    weight = (weight + 1) / 7
    whole = ConfusionCounts(weighted=True)
    whole.update((y_true, y_pred, weight))
    pieces = ConfusionCounts(weighted=True)
    blocks = np.array_split(np.arange(len(rows)), 4)
    for k in order:
        if blocks[k].size:
            piece = ConfusionCounts(weighted=True)
            piece.update((y_true[blocks[k]], y_pred[blocks[k]], weight[blocks[k]]))
            pieces.merge(ConfusionCounts.from_bytes(piece.to_bytes()))
    np.testing.assert_array_equal(pieces.result(), whole.result())


def test_known_labels_keep_their_order_and_their_zeros():
    state = ConfusionCounts(labels=("yes", "no", "perhaps"))
    state.update((np.array(["no", "yes"]), np.array(["no", "no"]), None))
    state.update(([], [], None))
    assert state.result().tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert ConfusionCounts.from_bytes(state.to_bytes()).result().labels == ("yes", "no", "perhaps")


def test_a_state_refuses_what_does_not_belong_to_it():
    state = ConfusionCounts()
    with pytest.raises(InputError, match="at least one row"):
        state.result()
    with pytest.raises(InputError, match="weights or none"):
        state.update(([1], [1], [0.5]))
    state.update(([1], [1], None))
    with pytest.raises(InputError, match=r"^Mix of label input types"):
        state.update((["a"], ["a"], None))
    with pytest.raises(SummaryFormatError):
        ConfusionCounts.from_bytes(state.to_bytes()[:-3])
    with pytest.raises(SummaryFormatError):
        ConfusionCounts.from_bytes(b"nonsense")
