"""The last digits: functions and scalers against exact fractions, in pieces, in every precision, at every magnitude."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import array_api_strict
import numpy as np
import pytest
import torch
from scipy import sparse

from workings.errors import InputError
from workings.subjects.normalization import blocks, min_max_normalize, summary, z_score_normalize
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler

# NIST's NumAcc4: 1001 values around 10⁷ with a deviation of 0.1, to about nine digits as float64 stores them.
NUMACC4 = np.array([10000000.2] + [10000000.1, 10000000.3] * 500)


def exact_z_scores(values, ddof=0):
    """Return the z-scores of floats, computed in fractions and roots of 50 digits."""
    exact = [Fraction(float(v)) for v in values]
    mean = sum(exact) / len(exact)
    variance = sum((v - mean) ** 2 for v in exact) / (len(exact) - ddof)
    with localcontext() as context:
        context.prec = 50
        spread = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        return [float(Decimal((v - mean).numerator) / Decimal((v - mean).denominator) / spread) for v in exact]


def exact_stretched(values, low=0, high=1):
    exact = [Fraction(float(v)) for v in values]
    least, greatest = min(exact), max(exact)
    return [float(low + (v - least) / (greatest - least) * (high - low)) for v in exact]


@pytest.mark.parametrize("way", ["partial_fit", "merge"])
def test_numacc4_in_ten_chunks_keeps_its_deviation(way):
    chunks = np.array_split(NUMACC4[:, None], 10)
    scaler = StandardScaler().fit(chunks[0])
    for chunk in chunks[1:]:
        if way == "merge":
            scaler.merge(StandardScaler().fit(chunk))
        else:
            scaler.partial_fit(chunk)
    exact = [Fraction(v) for v in NUMACC4.tolist()]
    mean = sum(exact) / len(exact)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in exact) / len(exact))
    assert scaler.scale_[0] == pytest.approx(deviation, rel=1e-10)
    assert scaler.mean_[0] == pytest.approx(float(mean), rel=2e-16)
    assert math.sqrt(scaler.moments_.variance(ddof=1)[0]) == pytest.approx(0.1, rel=1e-8)


@pytest.mark.parametrize("large", [1, 1 << 40], ids=["compiled", "definition"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("centre", [0.0, 900.0])
def test_functions_and_scalers_are_exact_to_rounding(dtype, centre, large, monkeypatch):
    monkeypatch.setattr(blocks, "LARGE", large)
    monkeypatch.setattr(summary, "LARGE", large)
    X = (np.random.default_rng(0).normal(size=(101, 3)) * 10 + centre).astype(dtype)
    z = np.array([exact_z_scores(column) for column in X.T]).T
    m = np.array([exact_stretched(column) for column in X.T]).T
    # Rounding leaves half a unit of a float64's mean, which around 900 is a hundred times that of a z-score.
    unit = float(np.finfo(dtype).eps)
    slack = unit if dtype != np.float64 else unit * (4 + abs(centre))
    for found in (z_score_normalize(X), StandardScaler().fit_transform(X)):
        assert found.dtype == dtype
        np.testing.assert_allclose(found.astype(float), z, rtol=unit, atol=slack)
    for found in (min_max_normalize(X), MinMaxScaler().fit_transform(X)):
        assert found.dtype == dtype
        np.testing.assert_allclose(found.astype(float), m, rtol=2 * unit, atol=0)


def test_a_mean_far_from_zero_shifts_no_z_score_of_single_precision():
    # The mean as a float32 is off by up to 0.5 here: taken off in single precision it would shift each z-score by 0.25.
    X = (np.float32(1e7) + np.arange(8, dtype=np.float32))[:, None]
    exact = np.array(exact_z_scores(X[:, 0]))
    for found in (z_score_normalize(X), StandardScaler().fit_transform(X), z_score_normalize(torch.asarray(X)).numpy()):
        np.testing.assert_allclose(found[:, 0], exact, rtol=1e-7)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", [StandardScaler, MinMaxScaler])
def test_the_inverse_transform_brings_the_values_back_to_rounding(kind, dtype):
    X = (np.random.default_rng(1).normal(size=(200, 4)) * np.array([1e-8, 1.0, 1e3, 1e9]) + 5).astype(dtype)
    scaler = kind().fit(X)
    back = scaler.inverse_transform(scaler.transform(X))
    assert back.dtype == dtype
    scale = np.abs(X).max(axis=0) + np.ptp(X, axis=0)
    assert (np.abs(back - X) <= 2 * np.finfo(dtype).eps * scale).all()


HUGE = {
    "huge": [1e300, -1e300, 0.0, 5e299],
    "the largest": [1.7e308, -1.7e308, 0.0, 8.5e307],
    "subnormal": [4e-320, -4e-320, 0.0, 2e-320],
}


@pytest.mark.parametrize("values", HUGE.values(), ids=HUGE)
def test_functions_of_the_largest_and_the_least_numbers(values):
    z, m = exact_z_scores(values), exact_stretched(values)
    for make, back in ((np.asarray, np.asarray), (array_api_strict.asarray, np.asarray)):
        np.testing.assert_allclose(back(z_score_normalize(make(values))), z, rtol=1e-14, atol=1e-16)
        np.testing.assert_allclose(back(min_max_normalize(make(values))), m, rtol=1e-14)
    followed = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    np.testing.assert_allclose(z_score_normalize(followed).detach().numpy(), z, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(min_max_normalize(followed).detach().numpy(), m, rtol=1e-14)


def test_a_scaler_refuses_a_spread_that_is_no_float_and_stays_what_it_was():
    for kind, column in ((StandardScaler, [1e200, -1e200]), (MinMaxScaler, [1.7e308, -1.7e308])):
        scaler = kind().fit([[1.0, 1.0], [2.0, 3.0]])
        before = scaler.transform([[1.5, 2.0]])
        with pytest.raises(InputError, match=rf"{kind.__name__}: the spread .* that of column 1 is beyond them"):
            scaler.partial_fit(np.stack([[1.0, 2.0], column], axis=1))
        np.testing.assert_array_equal(scaler.transform([[1.5, 2.0]]), before)


def test_subnormal_columns_are_constant_to_the_scalers_as_to_scikit_learns():
    from sklearn import preprocessing

    X = np.array([[4e-320], [0.0], [2e-320]])
    for name, kind in (("StandardScaler", StandardScaler), ("MinMaxScaler", MinMaxScaler)):
        np.testing.assert_array_equal(kind().fit_transform(X), getattr(preprocessing, name)().fit_transform(X))


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
def test_what_is_masked_does_not_count(function):
    X = np.ma.array([[1.0, 5], [2, 6], [999, 9]], mask=[[0, 0], [0, 0], [1, 0]])
    np.testing.assert_array_equal(function(X), function([[1.0, 5], [2, 6], [np.nan, 9]]))


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
def test_sparse_tables_are_refused_by_name(function):
    with pytest.raises(InputError, match=r"X must be dense.*csr_array; X\.toarray\(\)"):
        function(sparse.csr_array(np.eye(3)))


@pytest.mark.parametrize("function", [min_max_normalize, z_score_normalize])
@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
@pytest.mark.parametrize("rows", [3, 1 << 19])
def test_infinity_is_refused_in_large_tables_too(function, infinite, rows):
    X = np.ones(rows)
    X[1], X[2] = infinite, np.nan
    for given in (X, torch.asarray(X)):
        with pytest.raises(InputError, match="must not hold infinity"):
            function(given)


def test_outputs_of_the_scalers_are_the_frames_that_were_asked_for():
    X = np.random.default_rng(0).normal(size=(5, 2))
    for kind in (StandardScaler, MinMaxScaler):
        plain = kind().fit_transform(X)
        for library in ("pandas", "polars"):
            found = kind().set_output(transform=library).fit_transform(X)
            assert type(found).__module__.startswith(library)
            np.testing.assert_array_equal(found.to_numpy(), plain)
