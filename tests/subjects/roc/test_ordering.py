"""Rows put in order by their scores' bits, against an oracle that knows nothing of bits: NumPy's unique values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics

import workings as wk
from workings.errors import InputError
from workings.language import grouped
from workings.subjects.confusion.classes import as_classes, positive_rows, rows_of_greater
from workings.subjects.roc import RocSummary, groups, ordering
from workings.subjects.roc.ordering import ordered_rows

RNG = np.random.default_rng(5)
ROWS = 300_000  # more than the rows below which NumPy is taken
SCORES = {
    "normal": RNG.normal(size=ROWS),
    "probabilities": RNG.random(ROWS),
    "single precision": RNG.normal(size=ROWS).astype(np.float32),
    "half precision": RNG.normal(size=ROWS).astype(np.float16),
    "rounded": RNG.normal(size=ROWS).round(2),
    "bytes": RNG.integers(0, 256, ROWS).astype(np.uint8),
    "booleans": RNG.random(ROWS) < 0.3,
    "64-bit numbers": RNG.integers(-(2**63), 2**63 - 1, ROWS, endpoint=True),
    "beside the end of 64 bits": RNG.choice([-(2**63), -(2**63) + 1, 2**63 - 2, 2**63 - 1], ROWS),
    "one value": np.full(ROWS, 0.25),
    "two values far apart": np.where(RNG.random(ROWS) < 0.5, -1e300, 1e300),
    "zeros of both signs": np.where(RNG.random(ROWS) < 0.5, -0.0, 0.0),
    "subnormal": RNG.integers(-50_000, 50_000, ROWS) * 5e-324,
    "the whole range": np.ldexp(RNG.normal(size=ROWS), RNG.integers(-1070, 1020, ROWS)),
    "the whole range, single": np.ldexp(RNG.normal(size=ROWS), RNG.integers(-140, 120, ROWS)).astype(np.float32),
    "rising": np.arange(ROWS) / 7,
    "falling": -np.arange(ROWS) / 7,
    "next to each other": (np.full(ROWS, 1.0).view(np.int64) + RNG.integers(0, 40_000, ROWS)).view(np.float64),
    "a crowd and one far off": np.concatenate([1 + RNG.random(ROWS - 1) * 1e-9, [1e300]]),
    "crowds within crowds": 1 + np.exp2(-RNG.integers(0, 52, ROWS)) * RNG.choice([-1, 1], ROWS),
    "the largest there are": np.where(RNG.random(ROWS) < 0.5, 1, -1) * np.finfo(float).max,
    "every other of a table": RNG.normal(size=(ROWS, 2))[:, 1],
}


def by_counting(positive, score):
    """Return the different scores from the highest, and the whole numbers of rows at or above each."""
    exact = score if score.dtype.kind == "i" else score.astype(np.float64)
    distinct, codes = np.unique(exact, return_inverse=True)
    above = [np.cumsum(np.bincount(codes[side], minlength=len(distinct))[::-1]) for side in (positive, ~positive)]
    return distinct[::-1], *above


def twice_area(tp, fp):
    """Return twice the ordered pairs, in Python's whole numbers."""
    t, f = [0, *tp.tolist()], [0, *fp.tolist()]
    return sum((f[k] - f[k - 1]) * (t[k] + t[k - 1]) for k in range(1, len(t)))


def check(columns, expected):
    rows = ordered_rows(columns)
    assert rows.finite
    scores, tp, fp = rows.groups()
    for found, wanted in zip((scores, tp, fp), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
    assert not np.signbit(scores[scores == 0]).any()
    assert rows.twice_pairs() == twice_area(tp, fp)
    assert rows.positives() == tp[-1]


@pytest.mark.parametrize("kind", SCORES)
def test_every_kind_of_score_is_grouped_as_by_counting(kind):
    score = SCORES[kind]
    positive = RNG.random(ROWS) < np.where(score > np.sort(score)[ROWS // 2], 0.6, 0.3)
    expected = by_counting(positive, score)
    curve = wk.roc_curve(positive, score, drop_intermediate=False)
    found = (curve.groups.scores, curve.groups.tp, curve.groups.fp)
    for ours, exact in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, exact)
    area = twice_area(*expected[1:]) / (2 * int(positive.sum()) * int((~positive).sum()))
    assert wk.roc_auc_score(positive, score) == curve.auc == area
    kept = np.ones(len(curve.groups), np.bool_)
    kept[1:-1] = np.any([np.diff(counts, 2) != 0 for counts in expected[1:]], axis=0)
    for ours, all_points in zip(wk.roc_curve(positive, score), curve, strict=True):
        np.testing.assert_array_equal(ours, all_points[np.append(True, kept)])
    if score.dtype.kind == "f":
        with np.errstate(all="ignore"):  # it adds and subtracts scores that differ by more than a float can hold
            theirs = metrics.roc_curve(positive, score.astype(np.float64), drop_intermediate=False)
        for ours, other in zip(curve, theirs, strict=True):
            np.testing.assert_array_equal(ours, other)
    state = RocSummary()
    state.update((positive, score, None))
    np.testing.assert_array_equal(state.result().groups.tp, expected[1])


FLOATS = hnp.from_dtype(np.dtype(np.float64), allow_nan=False, allow_infinity=False)
SINGLES = hnp.from_dtype(np.dtype(np.float32), allow_nan=False, allow_infinity=False)
WHOLE = st.integers(-(2**63), 2**63 - 1)


@given(
    st.one_of(
        hnp.arrays(np.float64, st.integers(1, 300), elements=FLOATS),
        hnp.arrays(np.float32, st.integers(1, 300), elements=SINGLES),
        hnp.arrays(np.int64, st.integers(1, 300), elements=WHOLE),
    ),
    st.randoms(use_true_random=False),
)
def test_any_bits_in_any_number_of_pieces(score, random):
    positive = np.array([random.random() < 0.5 for _ in score])
    expected = by_counting(positive, score)
    check([(score, positive)], expected)
    cut = random.randint(0, len(score))
    check([(score[:cut], positive[:cut]), (score[cut:], positive[cut:])], expected)


@pytest.mark.parametrize("threads", ["1", "2", "5"])
@pytest.mark.parametrize("bucket", [1, 40, 100_000])
def test_neither_threads_nor_buckets_change_a_bit(threads, bucket, monkeypatch):
    score, positive = SCORES["normal"].round(4), RNG.random(ROWS) < 0.4
    monkeypatch.setenv("WORKINGS_NUM_THREADS", threads)
    monkeypatch.setattr(ordering, "_BUCKET_ROWS", bucket)
    monkeypatch.setattr(ordering, "_MOST_BUCKETS", ROWS // bucket)
    check([(score, positive)], by_counting(positive, score))


def test_a_bucket_too_large_for_one_round_is_cut_again(monkeypatch):
    monkeypatch.setattr(ordering, "_BUCKET_ROWS", 1 << 30)
    for kind in ("normal", "crowds within crowds", "a crowd and one far off", "64-bit numbers"):
        score, positive = SCORES[kind], RNG.random(ROWS) < 0.4
        check([(score, positive)], by_counting(positive, score))


@pytest.mark.parametrize("wrong", [np.nan, -np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_not_finite_is_found_in_any_row(wrong, dtype):
    score, positive = SCORES["normal"].astype(dtype), RNG.random(ROWS) < 0.4
    score[ROWS // 3] = wrong
    for ask in (wk.roc_auc_score, wk.roc_curve, wk.precision_recall_curve, wk.average_precision_score):
        with pytest.raises(InputError, match=f"Input y_score contains .*row {grouped(ROWS // 3)}"):
            ask(positive, score)


def test_the_largest_number_is_not_taken_for_infinite(monkeypatch):
    monkeypatch.setattr(groups, "KERNEL_ROWS", 0)
    for dtype in (np.float64, np.float32):
        top = np.finfo(dtype).max
        assert wk.roc_curve([1, 0, 0], np.array([top, -top, top], dtype)).auc == 0.75


LABELS = [
    *(((0, 1), dtype) for dtype in (np.int64, np.int8, np.uint8, np.uint64, np.float64, np.bool_)),
    *(((-1, 1), dtype) for dtype in (np.int64, np.int32, np.float32)),
    *(((3, 7), dtype) for dtype in (np.int64, np.uint16)),
]


@pytest.mark.parametrize(("classes", "dtype"), LABELS)
@pytest.mark.parametrize("share", [0.4, 1 / ROWS, 1 - 1 / ROWS, 1.0])
def test_many_labels_of_every_kind_say_the_same_rows_are_positive(classes, dtype, share):
    positive = np.arange(ROWS) < round(share * ROWS)
    labels = np.where(positive, *classes[::-1]).astype(dtype)
    found = rows_of_greater(as_classes(labels, function="f", argument="y"))
    np.testing.assert_array_equal(found, positive)
    if classes[1] == 1:
        rows, names = positive_rows(labels, None, function="f")
        np.testing.assert_array_equal(rows, positive)
        assert names == ((0, 1) if positive.all() else classes)


@pytest.mark.parametrize("stranger", [2, -1, 5])
def test_one_row_of_a_third_class_among_many_is_seen(stranger):
    labels = np.arange(ROWS) % 2
    labels[ROWS // 2 + 1] = stranger
    assert rows_of_greater(labels) is None
    with pytest.raises(InputError, match=r"^multiclass format is not supported"):
        wk.roc_curve(labels, SCORES["normal"])
