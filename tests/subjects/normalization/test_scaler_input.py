"""What a scaler takes besides dense NumPy tables: sparse ones, half precision, other array libraries."""

from __future__ import annotations

import array_api_strict
import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn import config_context, preprocessing

from workings.errors import InputError
from workings.subjects.normalization import blocks
from workings.subjects.normalization.devices import array_moments
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.normalization.sparse import sparse_moments
from workings.subjects.normalization.summary import column_moments

MOMENTS = ("rows", "count", "weight", "mean", "squares", "minimum", "maximum")


def table(rows=40, seed=0, dtype=np.float64):
    """Return columns that are mostly zero: ordinary, with gaps, all zero, constant and full, large, never seen."""
    rng = np.random.default_rng(seed)
    X = np.where(rng.random((rows, 6)) < 0.7, 0.0, rng.normal(size=(rows, 6)))
    X[rng.random(rows) < 0.2, 1] = np.nan
    X[:, 2] = 0.0
    X[:, 3] = 3.3e8
    X[:, 4] = 1e8 + rng.integers(1, 4, rows)
    X[:, 5] = np.nan
    return X.astype(dtype)


def assert_same_moments(found, expected, rtol=1e-12):
    for name in MOMENTS:
        # Of a constant column at 3e8 rounding leaves squares near 1e-12, in each way of adding up its own.
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=rtol, atol=1e-9 if name == "squares" else 0
        )


# --- sparse tables


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
def test_moments_of_a_sparse_table_are_those_of_the_dense_one(kind, weighted):
    X = table()
    weight = np.random.default_rng(1).random(len(X)) if weighted else None
    assert_same_moments(sparse_moments(kind(X), weight), column_moments(X, weight))


def test_a_value_stored_in_two_parts_is_their_sum():
    X = sparse.csr_array((np.array([2.0, 3.0, 1.0]), np.array([0, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    assert_same_moments(sparse_moments(X), column_moments(X.toarray()))
    assert X.nnz == 3, "the table itself was changed"


def test_moments_of_sparse_columns_without_a_stored_value_are_zero():
    assert_same_moments(sparse_moments(sparse.csc_array((5, 3))), column_moments(np.zeros((5, 3))))


def test_the_largest_numbers_have_a_mean_in_a_sparse_table_too():
    X = np.array([[1.5e308], [0.0], [1.5e308], [1.5e308]])
    assert sparse_moments(sparse.csr_array(X)).mean[0] == pytest.approx(1.125e308, rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("with_std", [True, False])
@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array])
def test_a_sparse_table_is_scaled_as_scikit_learn_scales_it(kind, with_std, dtype):
    X = kind(np.nan_to_num(table()).astype(dtype))
    ours = StandardScaler(with_mean=False, with_std=with_std).fit(X)
    theirs = preprocessing.StandardScaler(with_mean=False, with_std=with_std).fit(X)
    np.testing.assert_array_equal(ours.n_samples_seen_, theirs.n_samples_seen_)
    before = X.copy()
    found, expected = ours.transform(X), theirs.transform(X)
    assert found.format == "csr"
    assert found.dtype == expected.dtype
    tolerance = 1e-6 if dtype == np.float32 else 1e-13
    np.testing.assert_allclose(found.toarray(), expected.toarray(), rtol=tolerance)
    np.testing.assert_array_equal(X.toarray(), before.toarray())
    np.testing.assert_allclose(ours.inverse_transform(found).toarray(), X.toarray(), rtol=tolerance)


def test_a_sparse_table_may_be_scaled_in_place():
    X = sparse.csr_array(np.nan_to_num(table()))
    expected = StandardScaler(with_mean=False).fit_transform(X)
    found = StandardScaler(with_mean=False, copy=False).fit(X).transform(X)
    assert np.shares_memory(found.data, X.data)
    np.testing.assert_array_equal(found.toarray(), expected.toarray())


def test_sparse_and_dense_parts_and_merges_are_the_whole():
    X = table()
    whole = StandardScaler(with_mean=False).fit(X)
    parts = StandardScaler(with_mean=False).fit(sparse.csr_array(X[:10]))
    parts.partial_fit(X[10:25]).partial_fit(sparse.csc_array(X[25:]))
    merged = StandardScaler(with_mean=False).fit(sparse.csr_array(X[:20])).merge(StandardScaler().fit(X[20:]))
    for scaler in (parts, merged):
        # Merging two means of 1e8 leaves nine digits of a deviation of 1.
        assert_same_moments(scaler.moments_, whole.moments_, rtol=1e-9)
        np.testing.assert_array_equal(scaler.n_samples_seen_, whole.n_samples_seen_)
        np.testing.assert_allclose(scaler.scale_, whole.scale_, rtol=1e-9)
        assert scaler.rows_ is None


def test_sparse_tables_are_refused_where_zeros_would_become_other_numbers():
    X = sparse.csr_array(np.eye(3))
    for refused in (StandardScaler().fit, StandardScaler().fit(np.eye(3)).transform):
        with pytest.raises(InputError, match=r"^Cannot center sparse matrices: pass `with_mean=False` instead"):
            refused(X)
    with pytest.raises(InputError, match=r"^Cannot uncenter sparse matrices: pass `with_mean=False` instead"):
        StandardScaler().fit(np.eye(3)).inverse_transform(X)
    phrase = "^MinMaxScaler does not support sparse input. Consider using MaxAbsScaler instead"
    for error in (TypeError, InputError):
        with pytest.raises(error, match=phrase):
            MinMaxScaler().fit(X)


# --- half precision


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", ["StandardScaler", "MinMaxScaler"])
def test_half_precision_stays_half_precision(name, large, monkeypatch):
    if large:
        monkeypatch.setattr(blocks, "LARGE", 1)
    X = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float16)
    ours = {"StandardScaler": StandardScaler, "MinMaxScaler": MinMaxScaler}[name]().fit(X)
    theirs = getattr(preprocessing, name)().fit(X)
    found = ours.transform(X)
    assert found.dtype == theirs.transform(X).dtype == np.float16
    np.testing.assert_allclose(found, theirs.transform(X), rtol=2e-2, atol=2e-2)
    assert ours.inverse_transform(found).dtype == np.float16


# --- other array libraries

LIBRARIES = {
    "torch": torch.asarray,
    "array_api_strict": array_api_strict.asarray,
    "another device": lambda X: array_api_strict.asarray(X, device=array_api_strict.Device("device1")),
}


def numpy_of(values):
    if isinstance(values, torch.Tensor):
        return values.numpy()
    return np.asarray(values.to_device(array_api_strict.Device("CPU_DEVICE")))


@pytest.fixture(params=LIBRARIES)
def elsewhere(request):
    with config_context(array_api_dispatch=True):
        yield LIBRARIES[request.param]


@pytest.mark.parametrize("weighted", [False, True])
def test_moments_of_any_array_are_those_of_numpys(elsewhere, weighted):
    X = table()
    weight = np.random.default_rng(1).random(len(X)) if weighted else None
    assert_same_moments(array_moments(elsewhere(X), weight), column_moments(X, weight))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_mean=False, with_std=False),
        MinMaxScaler(),
        MinMaxScaler((-2, 5), clip=True),
    ],
    ids=str,
)
def test_any_array_comes_out_as_it_went_in(elsewhere, scaler, dtype):
    X = table(dtype=dtype)[:, :4]
    tolerance = {"rtol": 1e-6 if dtype == np.float32 else 1e-12, "atol": 1e-6 if dtype == np.float32 else 1e-12}
    expected = type(scaler)(**scaler.get_params()).fit(X[:20]).partial_fit(X[20:])
    given = elsewhere(X)
    scaler.fit(elsewhere(X[:20])).partial_fit(elsewhere(X[20:]))
    found = scaler.transform(given)
    assert type(found) is type(given)
    assert found.dtype == given.dtype
    np.testing.assert_allclose(numpy_of(found), expected.transform(X), **tolerance)
    back = numpy_of(scaler.inverse_transform(found))
    np.testing.assert_allclose(back, expected.inverse_transform(expected.transform(X)), **tolerance)
    np.testing.assert_array_equal(numpy_of(given), X)
    merged = type(scaler)(**scaler.get_params()).fit(elsewhere(X[:20]))
    merged.merge(type(scaler)(**scaler.get_params()).fit(elsewhere(X[20:])))
    np.testing.assert_allclose(numpy_of(merged.transform(given)), numpy_of(found), **tolerance)


def test_single_precision_is_rounded_once_in_any_library(elsewhere):
    # Beside a mean of 10⁷ a float32 has steps of 1: taken off in single precision it would be off by half of one.
    X = (np.float32(1e7) + np.arange(8, dtype=np.float32))[:, None]
    expected = StandardScaler().fit_transform(X)
    np.testing.assert_array_equal(numpy_of(StandardScaler().fit_transform(elsewhere(X))), expected)


def test_a_table_of_any_library_is_scaled_in_place_without_copy(elsewhere):
    X = table()[:, :2]
    for kind in (StandardScaler, MinMaxScaler):
        given = elsewhere(X.copy())
        scaler = kind(copy=False).fit(given)
        found = scaler.transform(given)
        np.testing.assert_array_equal(numpy_of(given), numpy_of(found))
        np.testing.assert_allclose(numpy_of(found), kind().fit_transform(X), rtol=1e-12, atol=1e-12)


def test_another_library_than_was_fitted_on_is_refused(elsewhere):
    X = table()[:, :4]
    for kind in (StandardScaler, MinMaxScaler):
        with pytest.raises(InputError, match="must use the same namespace and the same device as those passed to fit"):
            kind().fit(elsewhere(X)).transform(X)
        with pytest.raises(InputError, match="must use the same namespace and the same device as those passed to fit"):
            kind().fit(X).transform(elsewhere(X))


def test_a_scaler_of_another_library_is_explained_and_drawn(elsewhere):
    X = np.array([[1.0, 20.0], [2.0, 30.0], [4.0, 70.0]])
    for kind in (StandardScaler, MinMaxScaler):
        here, there = kind().fit(X), kind().fit(elsewhere(X))
        there.explain().verify()
        assert there.explain().to_text() == here.explain().to_text()
        assert there.plot().to_dict() == here.plot().to_dict()
