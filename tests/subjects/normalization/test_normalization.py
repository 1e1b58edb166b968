"""Moments, functions and scalers against exact fractions, NumPy and scikit-learn."""

from __future__ import annotations

from fractions import Fraction

import array_api_strict
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import preprocessing

from workings.errors import InputError
from workings.subjects.normalization import (
    ColumnMoments,
    blocks,
    column_moments,
    min_max_normalize,
    summary,
    z_score_normalize,
)
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler

TABLES = arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.floats(-1e6, 1e6))


def table(rows=60, seed=0):
    """Return four columns: ordinary, with gaps, constant, large and narrow."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 4))
    X[rng.random(rows) < 0.2, 1] = np.nan
    X[:, 2] = 3.3
    X[:, 3] = 1e8 + rng.integers(0, 3, rows)
    return X


def exact_variance(values):
    values = [Fraction(v) for v in values]
    mean = sum(values) / len(values)
    return float(sum((v - mean) ** 2 for v in values) / len(values))


# --- the summary


def test_small_deviations_around_a_large_mean_keep_their_digits():
    # NIST's NumAcc4: 10000000.2, then 10000000.1 and .3 by turns; the deviation is 0.1, to about 8 digits as stored.
    values = np.array([10000000.2] + [10000000.1, 10000000.3] * 500)
    merged = ColumnMoments(1)
    for chunk in np.array_split(values, 10):
        part = ColumnMoments(1)
        part.update(chunk[:, None])
        merged.merge(part)
    assert merged.mean[0] == pytest.approx(10000000.2, rel=1e-15)
    assert np.sqrt(merged.variance(ddof=1)[0]) == pytest.approx(0.1, rel=1e-8)
    assert merged.variance()[0] == pytest.approx(exact_variance(values), rel=1e-13)


@given(TABLES, st.integers(0, 12))
def test_merged_parts_are_the_whole(X, cut):
    whole, first, second = (ColumnMoments(X.shape[1]) for _ in range(3))
    whole.update(X)
    first.update(X[:cut])
    second.update(X[cut:])
    first.merge(second)
    scale = np.abs(X).max()
    assert first.rows == whole.rows
    np.testing.assert_array_equal(first.count, whole.count)
    np.testing.assert_allclose(first.mean, whole.mean, atol=1e-14 * scale)
    np.testing.assert_allclose(first.squares, whole.squares, atol=1e-13 * scale**2)
    np.testing.assert_array_equal(first.minimum, whole.minimum)
    np.testing.assert_array_equal(first.maximum, whole.maximum)


def test_nan_is_a_value_not_seen_and_weights_count():
    state = ColumnMoments(2)
    state.update(np.array([[1.0, np.nan], [2.0, np.nan], [6.0, np.nan]]), np.array([1.0, 1.0, 2.0]))
    assert state.count.tolist() == [3, 0]
    assert state.weight.tolist() == [4.0, 0.0]
    assert state.mean[0] == 3.75
    assert state.variance()[0] == pytest.approx(np.average((np.array([1, 2, 6]) - 3.75) ** 2, weights=[1, 1, 2]))
    assert np.isnan(state.variance()[1])
    assert np.isnan(state.minimum[1])


def test_mean_of_the_largest_numbers_does_not_overflow():
    state = ColumnMoments(1)
    state.update(np.full((4, 1), 1.7e308))
    assert state.mean[0] == 1.7e308
    assert state.squares[0] == 0.0


def test_bytes_bring_the_state_back():
    state = column_moments(table())
    again = ColumnMoments.from_bytes(state.to_bytes())
    for name in ("rows", "count", "weight", "mean", "squares", "minimum", "maximum"):
        np.testing.assert_array_equal(getattr(again, name), getattr(state, name))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_compiled_loops_give_what_the_definition_gives(dtype, monkeypatch):
    X = np.concatenate([table(3000), np.full((3000, 1), np.nan)], axis=1).astype(dtype)
    small = [kind().fit(X) for kind in (StandardScaler, MinMaxScaler)]
    before = [scaler.transform(X) for scaler in small]
    monkeypatch.setattr(blocks, "LARGE", 1)
    monkeypatch.setattr(summary, "LARGE", 1)
    large = [kind().fit(X) for kind in (StandardScaler, MinMaxScaler)]
    # A mean near 0 is a sum of which most cancels: what it rounds off is a part of the deviation, not of the mean.
    np.testing.assert_allclose(large[0].mean_, small[0].mean_, rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(large[0].var_, small[0].var_, rtol=1e-13)
    for name in ("data_min_", "data_max_"):
        np.testing.assert_array_equal(getattr(large[1], name), getattr(small[1], name))
        assert getattr(large[1], name).dtype == dtype
    for scaler, expected in zip(large, before, strict=True):
        found = scaler.transform(X)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, rtol=1e-12 if dtype == np.float64 else 1e-6)


def test_answer_does_not_depend_on_the_number_of_threads(monkeypatch):
    X = np.random.default_rng(1).normal(size=(100_000, 3))
    together = column_moments(X)
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "1")
    alone = column_moments(X)
    np.testing.assert_array_equal(together.squares, alone.squares)
    np.testing.assert_allclose(alone.variance(), X.var(axis=0), rtol=1e-13)


# --- the functions


def test_min_max_of_the_articles_columns():
    X = [[0.0, 20.0], [0.25, 765.0], [1.0, 3000.0]]
    np.testing.assert_array_equal(min_max_normalize(X), [[0.0, 0.0], [0.25, 0.25], [1.0, 1.0]])
    np.testing.assert_array_equal(min_max_normalize(X, (-1, 3))[:, 1], [-1.0, 0.0, 3.0])


@given(TABLES)
def test_min_max_ends_are_exact(X):
    scaled = min_max_normalize(X)
    varies = X.max(axis=0) > X.min(axis=0)
    assert (scaled.min(axis=0) == 0.0).all()
    assert (scaled.max(axis=0)[varies] == 1.0).all()
    assert (scaled[:, ~varies] == 0.0).all()


@pytest.mark.parametrize("axis", [0, 1, -1, None])
@pytest.mark.parametrize("ddof", [0, 1])
def test_z_scores_are_numpys(axis, ddof):
    X = np.random.default_rng(2).normal(size=(5, 7)) * 3 + 1
    expected = (X - X.mean(axis=axis, keepdims=True)) / X.std(axis=axis, ddof=ddof, keepdims=True)
    np.testing.assert_allclose(z_score_normalize(X, axis, ddof), expected, rtol=1e-13, atol=1e-14)


def test_functions_in_three_dimensions():
    X = np.random.default_rng(2).normal(size=(3, 4, 5))
    np.testing.assert_allclose(z_score_normalize(X, axis=1).std(axis=1), 1.0)
    np.testing.assert_array_equal(min_max_normalize(X, axis=1).max(axis=1), 1.0)


def test_constant_columns_and_gaps():
    X = table()
    z, m = z_score_normalize(X), min_max_normalize(X)
    assert (z[:, 2] == 0.0).all()
    assert (m[:, 2] == 0.0).all()
    np.testing.assert_array_equal(np.isnan(z), np.isnan(X))
    np.testing.assert_array_equal(np.isnan(m), np.isnan(X))
    assert np.nanstd(z[:, 1]) == pytest.approx(1.0)
    assert np.isnan(z_score_normalize([[np.nan], [np.nan]])).all()


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
def test_dtypes_and_empty(function):
    assert function(np.zeros((3, 2), np.float32)).dtype == np.float32
    assert function(np.array([[1], [2]])).dtype == np.float64
    assert function(np.array([[True], [False]])).dtype == np.float64
    assert function(np.zeros((0, 3))).shape == (0, 3)
    assert (function([[5.0, 6.0]]) == 0.0).all()


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
def test_strict_array_api_arrays_come_out_as_they_went_in(function):
    X = table()
    found = function(array_api_strict.asarray(X))
    assert type(found) is type(array_api_strict.asarray(0))
    np.testing.assert_allclose(np.asarray(found), function(X), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
def test_wrong_input_is_refused_with_what_to_try(function):
    with pytest.raises(InputError, match="must not hold infinity"):
        function([[1.0], [np.inf]])
    with pytest.raises(InputError, match="axis must be an axis of X, of which it has 2; got 2"):
        function([[1.0]], axis=2)
    for axis in (1.5, "x"):
        with pytest.raises(InputError, match=f"axis must be an axis of X, of which it has 2; got {axis}"):
            function([[1.0]], axis=axis)
    with pytest.raises(InputError, match="must be real numbers; got <U1"):
        function([["a"]])


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
@pytest.mark.parametrize(
    ("dtype", "unit"),
    [
        (float, 2.0**1020),
        (float, 2.0**600),
        (float, 2.0**-600),
        (float, 2.0**-1070),
        ("f4", 2.0**124),
        ("f4", 2.0**-148),
    ],
)
def test_columns_of_any_magnitude_are_normalised_as_in_another_unit(function, dtype, unit):
    X = np.array([[-9.0, 1.0, np.nan], [9.0, 2.0, 3.0], [3.0, 6.0, 1.0], [np.nan, 5.0, 2.0]], dtype)
    factors = np.array([unit, 1.0, 1.0], dtype)
    for axis in (0, -2):
        np.testing.assert_array_equal(function(X * factors, axis=axis), function(X, axis=axis))
    np.testing.assert_array_equal(function(X.T * X.dtype.type(unit), axis=None), function(X.T, axis=None))


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
@pytest.mark.parametrize("rows", [5, 1 << 18])
def test_values_with_their_bytes_in_the_other_order_are_the_same_values(function, rows):
    X = np.random.default_rng(0).normal(size=(rows, 1))
    np.testing.assert_array_equal(function(X.astype(">f8")), function(X))


def test_impossible_options_are_refused():
    for bad in ((1, 1), (0, 1, 2), (0, np.inf), (np.nan, 1)):
        with pytest.raises(InputError, match="min_max_normalize: feature_range must be a pair of numbers"):
            min_max_normalize([[1.0], [2.0]], bad)
    with pytest.raises(InputError, match="feature_range must be a pair"):
        min_max_normalize([[1.0]], (1, 0))
    with pytest.raises(InputError, match="ddof must be less than the number of values"):
        z_score_normalize([[1.0]], ddof=1)


# --- the scalers, beside scikit-learn's


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    "options", [{}, {"with_mean": False}, {"with_std": False}, {"with_mean": False, "with_std": False}]
)
def test_standard_scaler_is_scikit_learns(dtype, options):
    X = table()[:, :3].astype(dtype)
    ours, theirs = StandardScaler(**options).fit(X), preprocessing.StandardScaler(**options).fit(X)
    tolerance = 1e-6 if dtype == np.float32 else 1e-13
    for name in ("mean_", "var_", "scale_", "n_samples_seen_"):
        expected = getattr(theirs, name)
        if expected is None:
            assert getattr(ours, name) is None
        else:
            np.testing.assert_allclose(getattr(ours, name), expected, rtol=tolerance, atol=tolerance)
    found = ours.transform(X)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, theirs.transform(X), rtol=tolerance, atol=10 * tolerance)
    np.testing.assert_allclose(ours.inverse_transform(found), X, rtol=10 * tolerance, atol=tolerance)


@pytest.mark.parametrize("options", [{}, {"feature_range": (-2, 5)}, {"clip": True}])
def test_min_max_scaler_is_scikit_learns(options):
    X = table()
    ours, theirs = MinMaxScaler(**options).fit(X), preprocessing.MinMaxScaler(**options).fit(X)
    for name in ("data_min_", "data_max_", "data_range_", "scale_", "min_", "n_samples_seen_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-15)
    wider = np.concatenate([X - 1.0, X * 1.5])
    # scikit-learn's x·scale + min cancels where the minimum is large: column 3 is ours alone to get right.
    np.testing.assert_allclose(ours.transform(wider)[:, :3], theirs.transform(wider)[:, :3], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(X)), X, rtol=1e-14, atol=1e-14)
    if not options:
        assert set(ours.transform(X)[:, 3]) == {0.0, 0.5, 1.0}


def test_a_column_without_a_value_has_no_mean_and_takes_one_from_later_rows():
    empty = np.array([[1.0, np.nan], [3.0, np.nan]])
    scaler = StandardScaler().fit(empty)
    with np.errstate(invalid="ignore"):
        theirs = preprocessing.StandardScaler().fit(empty)
    for name in ("mean_", "var_", "scale_"):
        np.testing.assert_array_equal(getattr(scaler, name), getattr(theirs, name))
    np.testing.assert_array_equal(scaler.transform([[5.0, 5.0]]), theirs.transform([[5.0, 5.0]]))
    np.testing.assert_array_equal(scaler.partial_fit([[5.0, 4.0], [7.0, 6.0]]).mean_, [4.0, 5.0])


def test_weights_are_repetitions():
    rng = np.random.default_rng(4)
    X, weight = table()[:, :3], rng.integers(0, 4, 60)
    weighted = StandardScaler().fit(X, sample_weight=weight)
    repeated = StandardScaler().fit(np.repeat(X, weight, axis=0))
    np.testing.assert_allclose(weighted.mean_, repeated.mean_, rtol=1e-13)
    np.testing.assert_allclose(weighted.var_, repeated.var_, rtol=1e-13, atol=1e-30)
    np.testing.assert_allclose(weighted.n_samples_seen_, repeated.n_samples_seen_)


@pytest.mark.parametrize("kind", [StandardScaler, MinMaxScaler])
def test_parts_and_merges_are_the_whole(kind):
    X = table()
    whole = kind().fit(X).transform(X)
    parts = kind()
    for chunk in np.array_split(X, 7):
        parts.partial_fit(chunk)
    merged = kind().fit(X[:20]).merge(kind().fit(X[20:]))
    for other in (parts, merged):
        np.testing.assert_allclose(other.transform(X), whole, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(other.n_samples_seen_, kind().fit(X).n_samples_seen_)
    parts.fit(X[:5])
    np.testing.assert_array_equal(parts.n_samples_seen_, kind().fit(X[:5]).n_samples_seen_)


def test_merge_refuses_another_kind_or_width():
    fitted = StandardScaler().fit([[1.0], [2.0]])
    with pytest.raises(InputError, match=r"merge: other must be a fitted StandardScaler with as many columns \(1\)"):
        fitted.merge(StandardScaler().fit([[1.0, 2.0]]))
    with pytest.raises(InputError, match="got MinMaxScaler"):
        fitted.merge(MinMaxScaler().fit([[1.0]]))


def test_frames_go_in_and_come_out():
    frame = pd.DataFrame({"키": [1.0, 2.0, 4.0], "b": [3.0, 3.0, 9.0]}, index=[5, 6, 7])
    for kind in (StandardScaler, MinMaxScaler):
        scaler = kind().set_output(transform="pandas")
        found = scaler.fit_transform(frame)
        assert list(found.columns) == ["키", "b"]
        assert list(found.index) == [5, 6, 7]
        assert scaler.get_feature_names_out().tolist() == ["키", "b"]


def test_copy_false_works_in_place_and_copy_does_not():
    X = np.array([[1.0], [3.0]])
    StandardScaler().fit(X).transform(X)
    assert X.tolist() == [[1.0], [3.0]]
    found = StandardScaler(copy=False).fit(X).transform(X)
    assert found is X or np.shares_memory(found, X)


@pytest.mark.parametrize("feature_range", [None, 3, "ab", (0,), (0, 1, 2), (1, 0), (0, np.nan), (0, np.inf)])
def test_no_range_is_refused_as_a_bad_one_is(feature_range):
    with pytest.raises(InputError, match="feature_range must be a pair of numbers"):
        min_max_normalize([1.0, 2.0], feature_range)
    with pytest.raises(InputError, match="feature_range must be a pair of numbers"):
        MinMaxScaler(feature_range).fit([[1.0], [2.0]])


def test_a_ddof_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="ddof must be a number; got 'x'"):
        z_score_normalize([1.0, 2.0], ddof="x")


def test_bad_range_is_refused():
    with pytest.raises(InputError, match="feature_range must be a pair"):
        MinMaxScaler((1, 1)).fit([[1.0]])
