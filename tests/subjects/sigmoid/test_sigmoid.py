"""The sigmoid family against mpmath and SciPy, over the whole range of the floats."""

from __future__ import annotations

import array_api_strict
import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from workings.errors import InputError
from workings.subjects.sigmoid import kernel, log_sigmoid, logit, sigmoid, sigmoid_derivative, ways

FAMILY = {
    sigmoid: (special.expit, lambda x: 1 / (1 + mpmath.exp(-x))),
    log_sigmoid: (special.log_expit, lambda x: -mpmath.log1p(mpmath.exp(-x))),
    sigmoid_derivative: (None, lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2),
    logit: (special.logit, lambda p: mpmath.log(p / (1 - p))),
}


class Named(np.ndarray):
    """A kind of array that NumPy's own functions give back."""


def scores(dtype, count=1500, seed=0):
    """Return scores over the whole range, with the part where results are subnormal and the part around 0 dense."""
    rng = np.random.default_rng(seed)
    end = 745.0 if dtype == np.float64 else 103.0
    parts = [rng.normal(size=count) * 3, rng.uniform(-end, end, count), rng.uniform(-end, -0.94 * end, count)]
    return np.concatenate([*parts, rng.uniform(-1, 1, count), 10.0 ** rng.uniform(-30, 0, count)]).astype(dtype)


def probabilities(dtype, count=1500, seed=0):
    rng = np.random.default_rng(seed)
    near = 0.5 + 10.0 ** rng.uniform(-15, -1, count)
    parts = [rng.uniform(0, 1, count), near, 1 - near, 10.0 ** rng.uniform(-37, 0, count), [0.25, 0.75]]
    p = np.concatenate([*parts, 1 - 10.0 ** rng.uniform(-15, 0, count)]).astype(dtype)
    return p[(p > 0) & (p < 1)]


def units_in_last_place(values, inputs, exact):
    """Return the largest distance from the exact values, in units in the last place of the values' format."""
    worst = 0.0
    with mpmath.workdps(60):
        for value, x in zip(values, inputs, strict=True):
            true = exact(mpmath.mpf(float(x)))
            unit = mpmath.mpf(float(np.spacing(abs(value.dtype.type(float(true))))))
            worst = max(worst, float(abs(mpmath.mpf(float(value)) - true) / unit))
    return worst


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("function", FAMILY)
def test_at_most_two_units_in_the_last_place(function, dtype):
    x = probabilities(dtype) if function is logit else scores(dtype)
    found = function(x)
    assert found.dtype == dtype
    assert units_in_last_place(found, x, FAMILY[function][1]) <= 2.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_compiled_loop_is_as_exact_as_the_definition(dtype, monkeypatch):
    monkeypatch.setattr(ways, "LARGE", 1)
    x = scores(dtype, seed=1)
    found = sigmoid(x)
    assert found.dtype == dtype
    assert units_in_last_place(found, x, FAMILY[sigmoid][1]) <= 2.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("large", [1, 10**9])
def test_infinities_are_exact_and_nan_goes_through(dtype, large, monkeypatch):
    monkeypatch.setattr(ways, "LARGE", large)
    x = np.array([-np.inf, np.inf, np.nan, 0.0, -0.0, np.finfo(dtype).max, np.finfo(dtype).min], dtype)
    np.testing.assert_array_equal(sigmoid(x), np.array([0.0, 1.0, np.nan, 0.5, 0.5, 1.0, 0.0], dtype))


@pytest.mark.parametrize(("name", "bits"), [("Q_FLOAT64", 56.3), ("Q_FLOAT32", 28.3)])
def test_exponentials_polynomial_is_as_near_as_it_says(name, bits):
    with mpmath.workdps(40):
        q = [mpmath.mpf(c) for c in getattr(kernel, name)]
        half = mpmath.log(2) / 2
        errors = [
            abs((1 + r + r * r * mpmath.polyval(q, r)) / mpmath.exp(r) - 1)
            for r in (half * k / 2000 for k in range(-2000, 2001))
        ]
        assert bits - 0.1 <= -mpmath.log(max(errors), 2) <= bits + 0.1


def test_far_left_keeps_its_subnormal_value():
    assert sigmoid(-710.0) == pytest.approx(4.476286225675130e-309, rel=1e-14)
    assert sigmoid(-745.0) > 0.0
    assert sigmoid(-746.0) == 0.0


def test_edges_of_the_others():
    infinity = np.inf
    np.testing.assert_array_equal(logit([0.0, 1.0, -0.1, 1.1, np.nan]), [-infinity, infinity, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(log_sigmoid([-infinity, infinity, np.nan]), [-infinity, 0.0, np.nan])
    np.testing.assert_array_equal(sigmoid_derivative([-infinity, infinity, np.nan, 0.0]), [0.0, 0.0, np.nan, 0.25])


@pytest.mark.parametrize("function", [sigmoid, log_sigmoid, logit])
@pytest.mark.parametrize(
    "dtype", ["?", "i1", "u1", "i2", "i4", "i8", "u8", "f2", "f4", "f8", "g"], ids=lambda name: np.dtype(name).name
)
def test_result_has_the_dtype_that_scipy_gives(function, dtype):
    x = np.array([0, 1], dtype)
    with np.errstate(divide="ignore"):
        expected = FAMILY[function][0](x)
    assert function(x).dtype == expected.dtype
    np.testing.assert_allclose(function(x).astype(float), expected.astype(float), rtol=1e-6)


@pytest.mark.parametrize("function", FAMILY)
def test_no_floating_point_warning_whatever_is_set(function):
    with np.errstate(all="raise"):
        function(np.array([-1e308, -800.0, 0.0, 1.0, 800.0, 1e308, np.nan]))


@pytest.mark.parametrize("function", FAMILY)
def test_strict_array_api_arrays_come_out_as_they_went_in(function):
    x = np.linspace(0.01, 0.99, 9).reshape(3, 3)
    for dtype in ("float64", "float32"):
        found = function(array_api_strict.asarray(x, dtype=getattr(array_api_strict, dtype)))
        assert type(found) is type(array_api_strict.asarray(0))
        assert found.dtype == getattr(array_api_strict, dtype)
        np.testing.assert_allclose(np.asarray(found), function(x.astype(dtype)), rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("function", FAMILY)
def test_the_definition_in_another_library_is_as_exact(function, dtype):
    x = probabilities(dtype, 300, seed=2) if function is logit else scores(dtype, 300, seed=2)
    strict = np.asarray(function(array_api_strict.asarray(x)))
    followed = function(torch.tensor(x, requires_grad=True)).detach().numpy()
    for found in (strict, followed):
        assert found.dtype == dtype
        assert units_in_last_place(found, x, FAMILY[function][1]) <= 2.0


@pytest.mark.parametrize("function", [log_sigmoid, logit, sigmoid_derivative])
@pytest.mark.parametrize("dtype", ["f4", "f8", "g"])
def test_large_arrays_are_the_definition_piece_by_piece(function, dtype, monkeypatch):
    x = np.random.default_rng(5).uniform(size=100_003).astype(dtype)
    expected = function(x)
    monkeypatch.setattr(ways, "LARGE", 1)
    found = function(x)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(function(x[::-2]), expected[::-2])


@pytest.mark.parametrize("size", [4, ways.LARGE + 5])
@pytest.mark.parametrize("function", [sigmoid, log_sigmoid, logit])
def test_masked_arrays_and_other_subclasses_stay_what_they_are(function, size):
    x = np.linspace(0.1, 0.9, size)
    # As of NumPy's own functions, and SciPy's: what is masked stays masked, and what is not does not depend on it.
    masked = function(np.ma.array(x, mask=x > 0.5))
    assert type(masked) is np.ma.MaskedArray
    np.testing.assert_array_equal(masked.mask, x > 0.5)
    np.testing.assert_array_equal(masked.compressed(), function(x)[x <= 0.5])
    named = function(x[:4].view(Named))
    assert type(named) is Named
    np.testing.assert_array_equal(np.asarray(named), function(x[:4]))


def test_number_gives_number_and_shape_is_kept():
    assert isinstance(sigmoid(2.0), float)
    assert sigmoid(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert sigmoid([[1, 2], [3, 4]]).shape == (2, 2)
    assert sigmoid(np.zeros(3)[::2]).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("size", [3, ways.LARGE + 5])
def test_out_is_written_and_returned(size):
    x = np.linspace(-5, 5, size)
    for out in (np.empty(size), np.empty(2 * size)[::2]):
        assert sigmoid(x, out) is out
        np.testing.assert_allclose(out, special.expit(x), rtol=1e-15)
    narrow = np.empty(size, np.float32)
    np.testing.assert_allclose(sigmoid(x, out=narrow), special.expit(x), rtol=1e-7)


def test_large_array_in_any_layout_is_the_small_ones_put_together():
    x = np.random.default_rng(3).normal(size=(600, 900))
    for layout in (x, x.T, x[::-1, ::2]):
        np.testing.assert_allclose(sigmoid(layout), np.stack([sigmoid(row) for row in layout]), rtol=1e-15)


@pytest.mark.parametrize("size", [5, ways.LARGE + 5])
def test_out_may_lie_over_the_scores_in_any_way(size):
    x = np.linspace(-5, 5, size)
    for read, write in ((slice(0, -1), slice(1, None)), (slice(1, None), slice(0, -1)), (slice(0, -1), slice(0, -1))):
        shared = x.copy()
        sigmoid(shared[read], shared[write])
        np.testing.assert_array_equal(shared[write], sigmoid(x[read]))


@pytest.mark.parametrize("size", [5, ways.LARGE + 5])
@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i4"])
def test_values_with_their_bytes_in_the_other_order_are_the_same_values(size, dtype):
    x = np.linspace(-5, 5, size).astype(dtype)
    found = sigmoid(x)
    assert found.dtype == (np.float32 if dtype == ">f4" else np.float64)
    np.testing.assert_array_equal(found, sigmoid(x.astype(x.dtype.newbyteorder("="))))


def test_wrong_input_is_refused_with_its_name():
    with pytest.raises(InputError, match=r"sigmoid: x must be real numbers; got complex128"):
        sigmoid(1j)
    with pytest.raises(InputError, match=r"logit: p must be real numbers; got <U1; convert"):
        logit(["a"])
    with pytest.raises(InputError, match=r"sigmoid: out must be an array of shape \(2,\)"):
        sigmoid([1.0, 2.0], np.empty(3))
    fixed = np.empty(2)
    fixed.setflags(write=False)
    with pytest.raises(InputError, match=r"got float64 \(2,\) WRITEABLE=False"):
        sigmoid([1.0, 2.0], fixed)
    with pytest.raises(InputError, match="can hold float64; got int64"):
        sigmoid([1.0, 2.0], np.empty(2, np.int64))


@given(st.floats(-745, 745))
def test_symmetry_and_identities(x):
    # σ(x) + σ(-x) = 1, log σ is the logarithm of σ, σ' is the product of both sides.
    assert sigmoid(x) + sigmoid(-x) == pytest.approx(1.0, rel=4e-16)
    assert np.exp(log_sigmoid(x)) == pytest.approx(sigmoid(x), rel=1e-12, abs=1e-300)
    assert sigmoid_derivative(x) == pytest.approx(sigmoid(x) * sigmoid(-x), rel=1e-14, abs=1e-307)


@given(st.floats(-30, 30))
def test_logit_undoes_the_sigmoid(x):
    # Near p = 1 the spacing of p limits what can be undone: dx = dp / (p (1 - p)).
    p = sigmoid(x)
    assert logit(p) == pytest.approx(x, abs=4e-16 * (1 + abs(x)) + 2.3e-16 / (p * (1 - p)))


@given(st.lists(st.floats(-800, 800), min_size=2, max_size=50))
def test_greater_scores_never_give_smaller_probabilities(values):
    x = np.sort(values)
    assert (np.diff(sigmoid(x)) >= -2.3e-16).all()
