"""Convolution and correlation: known answers, exact oracles, what must stay local, what is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

import workings as wk
from workings.errors import InputError, NotFiniteWarning
from workings.subjects.convolution import direct

# By hand (the second is the polynomial product (1 + x)² (1 + 2x)); shared/cases/convolution.json has the same.
KNOWN = [
    ([[1, 2, 3], [3, 4, 5]], [[2, 3, 4], [4, 5, 6]], "full",
     [[2, 7, 16, 17, 12], [10, 30, 62, 58, 38], [12, 31, 58, 49, 30]]),
    ([1, 2, 1], [1, 2], "full", [1, 4, 5, 2]),
    ([1, 2, 3, 4], [1, 0, -1], "full", [1, 2, 2, 2, -3, -4]),
    ([1, 2, 3, 4], [1, 0, -1], "valid", [2, 2]),
    ([1, 2, 3, 4], [1, 0, -1], "same", [2, 2, 2, -3]),
    ([3, 4, 5], [1, 2, 3, 4], "same", [10, 22, 34]),
]  # fmt: skip

# float64's and float32's unit roundoff.
ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24, "complex128": 2.0**-53, "complex64": 2.0**-24}


def exact(x, k, mode="full"):
    """Return the convolution by its definition, of whatever numbers the arrays hold, none of them rounded."""
    x, k = np.asarray(x, object), np.asarray(k, object)
    shape = tuple(n + m - 1 for n, m in zip(x.shape, k.shape, strict=True))
    whole = np.full(shape, 0, object)
    for at, tap in product(np.ndindex(x.shape), np.ndindex(k.shape)):
        whole[tuple(i + j for i, j in zip(at, tap, strict=True))] += x[at] * k[tap]
    wanted = {
        "full": shape,
        "same": x.shape,
        "valid": tuple(abs(n - m) + 1 for n, m in zip(x.shape, k.shape, strict=True)),
    }[mode]
    cut = tuple(slice((s - w) // 2, (s - w) // 2 + w) for s, w in zip(shape, wanted, strict=True))
    return whole[cut]


def noise(shape, dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * rng.normal(size=shape)
    return values.astype(dtype)


def within_the_direct_bound(found, x, k, mode, products=None):
    """Return whether every value is as near to the exact one as a sum of so many products in order must be."""
    wide = np.clongdouble if found.dtype.kind == "c" else np.longdouble
    true = signal.convolve(x.astype(wide), k.astype(wide), mode, "direct")
    sums = signal.convolve(np.abs(x).astype(np.longdouble), np.abs(k).astype(np.longdouble), mode, "direct")
    count = products or min(x.size, k.size) + (4 if found.dtype.kind == "c" else 0)
    return bool(np.all(np.abs(found - true) <= count * ROUNDOFF[found.dtype.name] * sums))


@pytest.mark.parametrize(("x", "kernel", "mode", "answer"), KNOWN)
@pytest.mark.parametrize("method", ["auto", "direct", "fft", "overlap-add"])
def test_the_known_answers_come_out_exactly(x, kernel, mode, answer, method):
    found = wk.convolve(x, kernel, mode, method)
    assert found.tolist() == answer
    assert found.dtype == np.int64


@pytest.fixture
def compiled(monkeypatch):
    """Take the compiled loop for the smallest arrays too."""
    monkeypatch.setattr(direct, "_MANY", 1)


# Rows of one piece, of several and of more than a strip; one axis to four; kernels of every count of taps a pass adds.
SHAPES = [
    *(((n,), (m,)) for n, m in ((40, 6), (2500, 7), (9000, 8), (40, 9), (3000, 10), (70, 12), (17_000, 31), (12, 30))),
    *(((20, 30), taps) for taps in ((3, 3), (1, 4), (4, 1), (2, 5), (5, 7), (7, 11), (1, 1))),
    ((9, 1100), (3, 2)),
    ((3, 9000), (2, 3)),
    ((6, 5, 9), (2, 3, 3)),
    ((2, 4, 5, 30), (3, 2, 1, 2)),
    ((3, 30), (2, 40)),
    ((30, 3), (8, 2)),
    ((2, 3), (9, 2)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "complex64"])
@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_the_compiled_loop_errs_no_more_than_a_sum_in_order(compiled, dtype, shape, taps):
    x, k = noise(shape, dtype), noise(taps, dtype, 1)
    ordered = all(n >= m for n, m in zip(shape, taps, strict=True)) or all(
        n <= m for n, m in zip(shape, taps, strict=True)
    )
    for mode in ("full", "same", "valid")[: 3 if ordered else 2]:
        found = wk.convolve(x, k, mode, "direct")
        assert found.dtype == dtype
        assert within_the_direct_bound(found, x, k, mode)


@pytest.mark.parametrize(("n", "m"), [(1500, 1499), (1500, 1500), (800, 2400)])
def test_the_compiled_loop_is_right_where_the_kernel_is_as_long_as_the_signal(n, m):
    x, k = noise(n), noise(m, seed=1)
    assert within_the_direct_bound(wk.convolve(x, k, method="direct"), x, k, "full")


@pytest.mark.parametrize("shape", [(20, 30), (1, 30), (2, 30), (4, 4), (7, 2), (9, 2100), (4, 6, 7)])
@pytest.mark.parametrize("mode", ["full", "same"])
def test_nine_taps_in_one_pass_are_added_in_the_order_of_three_passes(compiled, shape, mode):
    taps = (3,) * len(shape)
    x, k = noise(shape), noise(taps, seed=1)
    # A column of zeros more, which adds nothing: such a kernel has no pass of its own.
    wider = np.concatenate([k, np.zeros((*taps[:-1], 1))], axis=-1)
    found, other = wk.convolve(x, k, "full", "direct"), wk.convolve(x, wider, "full", "direct")
    assert np.array_equal(found, other[..., :-1])
    cut = tuple(slice((a - b) // 2, (a - b) // 2 + b) for a, b in zip(found.shape, shape, strict=True))
    assert np.array_equal(wk.convolve(x, k, mode, "direct"), found if mode == "full" else found[cut])


def test_the_answer_does_not_depend_on_the_number_of_threads(monkeypatch):
    for shape, taps in [((700, 900), (5, 4)), ((701, 900), (3, 3)), ((400_000,), (13,)), ((200_000,), (2001,))]:
        x, k = noise(shape), noise(taps, seed=1)
        monkeypatch.setenv("WORKINGS_NUM_THREADS", "1")
        alone = wk.convolve(x, k)
        monkeypatch.setenv("WORKINGS_NUM_THREADS", "3")
        assert np.array_equal(wk.convolve(x, k), alone)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"])
@pytest.mark.parametrize("method", ["auto", "direct", "fft", "overlap-add"])
def test_integers_are_exact_and_never_wrap(dtype, method):
    info = np.iinfo(dtype)
    rng = np.random.default_rng(1)
    top = min(info.max, 2**29)
    x = rng.integers(max(info.min, -top), top, (40, 30), dtype, endpoint=True)
    k = rng.integers(max(info.min, -top), top, (3, 4), dtype, endpoint=True)
    found = wk.convolve(x, k, "same", method)
    assert found.dtype == np.int64
    assert found.tolist() == exact(x.astype(object), k.astype(object), "same").tolist()


def test_two_hundred_times_two_is_four_hundred():
    two = np.array([2], np.uint8)
    assert wk.convolve(np.array([200], np.uint8), two).tolist() == [400]
    assert wk.convolve(np.uint8(200), np.uint8(2)) == 400
    assert wk.fftconvolve(np.array([200], np.uint8), two).tolist() == [400]
    assert wk.correlate(np.array([[200]], np.uint8), two[None]).tolist() == [[400]]


def test_a_long_sum_of_large_integers_is_exact_where_float64_would_round(compiled):
    rng = np.random.default_rng(0)
    x, k = rng.integers(-(2**30), 2**30, 2000), rng.integers(-(2**30), 2**30, 20)
    assert wk.convolve(x, k).tolist() == exact(x.tolist(), k.tolist()).tolist()


def test_the_edge_of_int64_is_reached_and_not_passed():
    assert wk.convolve([2**62], [-2]).tolist() == [-(2**63)]
    assert wk.convolve([2**62, 2**62 - 1], [1, 1]).tolist() == [2**62, 2**63 - 1, 2**62 - 1]
    assert wk.convolve(np.array([2**63], np.uint64), [-1]).tolist() == [-(2**63)]
    # The largest values could pass the edge, and this sum does not.
    assert wk.convolve([2**40, -(2**40)], [2**40, 2**40], "valid").tolist() == [0]
    for x, k, value in (([2**62], [2], 2**63), ([2**63 - 1, 1], [1, 1], 2**63), ([-(2**63), -1], [1, 1], -(2**63) - 1)):
        with pytest.raises(InputError, match=f"must fit int64; the value at .* is {value}; convert x to float64"):
            wk.convolve(x, k)
    with pytest.raises(InputError, match=f"is {2**63};"):
        wk.convolve(np.array([2**63], np.uint64), np.array([1], np.int8))


def test_booleans_say_whether_any_pair_meets():
    x, k = np.array([True, False, False, True]), np.array([True, True])
    assert wk.convolve(x, k).tolist() == [True, True, False, True, True]
    assert wk.convolve(x, k).dtype == bool
    assert wk.convolve(x, np.array([1, 1])).tolist() == [1, 1, 0, 1, 1]


def test_fractions_stay_fractions():
    x, k = [Fraction(1, 3), Fraction(1, 7)], [Fraction(3), Fraction(1, 2)]
    assert wk.convolve(x, k).tolist() == [1, Fraction(1, 6) + Fraction(3, 7), Fraction(1, 14)]
    assert wk.convolve([x], [k]).tolist() == [[1, Fraction(1, 6) + Fraction(3, 7), Fraction(1, 14)]]


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("float16", "float16", "float16"),
        ("float32", "float32", "float32"),
        ("float32", "int8", "float32"),
        ("float32", "int64", "float64"),
        ("float64", "bool", "float64"),
        ("complex64", "float32", "complex64"),
        ("complex64", "float64", "complex128"),
        ("longdouble", "float64", "longdouble"),
        ("clongdouble", "int8", "clongdouble"),
        (">f8", ">f8", "<f8"),
        ("int64", "uint64", "int64"),
    ],
)
@pytest.mark.parametrize("method", ["auto", "direct", "fft"])
def test_mixed_dtypes_give_the_common_one(first, second, result, method):
    for shape, taps in (((9,), (4,)), ((5, 6), (2, 3))):
        x, k = np.arange(np.prod(shape)).reshape(shape).astype(first), np.ones(taps).astype(second)
        found = wk.convolve(x, k, method=method)
        assert found.dtype == np.dtype(result)
        tolerance = 1e-3 if result == "float16" else 1e-5
        np.testing.assert_allclose(found.astype(complex), exact(x.astype(complex), k.astype(complex)).astype(complex),
                                   rtol=tolerance, atol=tolerance)  # fmt: skip


def test_float16_is_rounded_once():
    # In float16 a sum of ones stops at 2048, where 1 is half a unit in the last place.
    x, k = np.ones(4000, np.float16), np.ones(3000, np.float16)
    assert wk.convolve(x, k, "valid").tolist() == [3000.0] * 1001


def test_longdouble_keeps_its_digits():
    x = np.array([1, 2], np.longdouble) / 3
    found = wk.convolve(x, x)
    assert found.dtype == np.longdouble
    np.testing.assert_allclose(found, np.array([1, 4, 4], np.longdouble) / 9, rtol=4 * np.finfo(np.longdouble).eps)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("shape", "taps"), [((50,), (7,)), ((9, 8), (3, 2)), ((300_000,), (900,)), ((900, 900), (4, 5))]
)
def test_nan_and_infinity_stay_local(bad, shape, taps):
    x, k = noise(shape), noise(taps, seed=1)
    clean = wk.convolve(x, k, method="direct")
    at = tuple(n // 2 for n in shape)
    x[at] = bad
    found, chosen = wk.convolve(x, k, method="direct"), wk.convolve(x, k)
    reach = tuple(slice(a, a + m) for a, m in zip(at, taps, strict=True))
    assert np.array_equal(found[reach], chosen[reach], equal_nan=True)
    assert not np.isfinite(found[reach]).any()
    found[reach] = chosen[reach] = clean[reach]
    assert np.array_equal(found, clean)
    np.testing.assert_allclose(chosen, clean, rtol=0, atol=1e-11)


@pytest.mark.parametrize(("n", "m"), [(6, 3), (700_000, 4), (1 << 11, 1 << 11)])
def test_an_infinite_tap_meets_no_zeros_at_the_ends(n, m):
    x, k = np.ones((1, n)), np.ones((1, m))
    k[0, 0] = np.inf
    found = wk.convolve(x, k)[0]
    assert np.isposinf(found[:n]).all()
    assert np.array_equal(found[n:], np.arange(m - 1, 0, -1.0))


def test_a_transform_asked_for_by_name_warns_of_nan():
    x = noise(1000)
    x[100] = np.nan
    with pytest.warns(NotFiniteWarning, match="Use of fft convolution on input with NAN or inf"):
        wk.convolve(x, noise(200), "same", "fft")
    with pytest.warns(RuntimeWarning):
        wk.convolve(x, noise(200), "same", "overlap-add")


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@given(data=st.data())
def test_it_is_the_definition(axes, mode, data):
    small = st.lists(st.integers(1, 5), min_size=axes, max_size=axes)
    shape, taps = data.draw(small), data.draw(small)
    if mode == "valid":
        shape = [max(pair) for pair in zip(shape, taps, strict=True)]
    values = st.integers(-9, 9)
    x = np.array(data.draw(st.lists(values, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))).reshape(shape)
    k = np.array(data.draw(st.lists(values, min_size=int(np.prod(taps)), max_size=int(np.prod(taps))))).reshape(taps)
    answer = exact(x, k, mode)
    for method in ("auto", "direct", "fft", "overlap-add"):
        assert wk.convolve(x, k, mode, method).tolist() == answer.tolist()
        assert wk.convolve(x.astype(float), k, mode, method) == pytest.approx(answer.astype(float), abs=1e-11)
    assert wk.fftconvolve(x, k, mode) == pytest.approx(answer.astype(float), abs=1e-11)
    assert wk.oaconvolve(x, k, mode) == pytest.approx(answer.astype(float), abs=1e-11)


INTEGERS = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=12)


@given(INTEGERS, INTEGERS, INTEGERS, st.integers(-5, 5))
def test_it_commutes_is_linear_associates_and_multiplies_polynomials(x, y, k, a):
    assert wk.convolve(x, k).tolist() == wk.convolve(k, x).tolist()
    if len(x) == len(y):
        both = np.array(x) + a * np.array(y)
        assert wk.convolve(both, k).tolist() == (wk.convolve(x, k) + a * wk.convolve(y, k)).tolist()
    assert wk.convolve(wk.convolve(x, k), [3, -1]).tolist() == wk.convolve(x, wk.convolve(k, [3, -1])).tolist()
    at = 3
    value = sum(c * at**i for i, c in enumerate(x)) * sum(c * at**i for i, c in enumerate(k))
    assert sum(int(c) * at**i for i, c in enumerate(wk.convolve(x, k))) == value


@given(INTEGERS, INTEGERS)
def test_an_impulse_shifts_and_correlation_is_convolution_with_the_kernel_turned(x, k):
    assert wk.convolve(x, [1]).tolist() == x
    assert wk.convolve(x, [0, 0, 1]).tolist() == [0, 0, *x]
    for mode in ("full", "same"):
        assert wk.correlate(x, k, mode).tolist() == wk.convolve(x, k[::-1], mode).tolist()
    z, w = np.array(x) * (1 + 2j), np.array(k) * (3 - 1j)
    assert np.array_equal(wk.correlate(z, w, "full", "direct"), wk.convolve(z, w[::-1].conj(), "full", "direct"))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("n", "m"), [(7, 3), (3, 7), (6, 4), (4, 6), (5, 5), (1, 4)])
@pytest.mark.parametrize("method", ["auto", "direct", "fft"])
def test_correlate_is_scipys_complex_conjugate_and_all(mode, n, m, method):
    x, k = noise(n, "complex128"), noise(m, "complex128", 1)
    np.testing.assert_allclose(
        wk.correlate(x, k, mode, method), signal.correlate(x, k, mode, "direct"), rtol=1e-12, atol=1e-13
    )


AXES = [
    ((6, 5), (3, 2), None),
    ((6, 5), (3, 5), 0),
    ((6, 5), (3, 1), [0]),
    ((1, 5), (4, 3), -1),
    ((4, 1, 60), (4, 3, 7), 2),
    ((3, 50, 9), (3, 4, 4), (-1, 1)),
    ((2, 3), (2, 3), (1, 0)),
    ((1, 1), (3, 1), None),
    ((5, 1), (1, 7), [0, 1]),
    ((4000, 3), (7, 2), None),
    ((3, 9000), (2, 6), (0, 1)),
    ((7, 2), (3000, 3), None),
]


@pytest.mark.parametrize(("shape", "taps", "axes"), AXES)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex64", "float16", "int16", "longdouble"])
def test_transforms_over_some_axes_are_scipys(shape, taps, axes, mode, dtype):
    x, k = (4 * noise(shape)).astype(dtype), (4 * noise(taps, seed=1)).astype(dtype)
    for ours, theirs in ((wk.fftconvolve, signal.fftconvolve), (wk.oaconvolve, signal.oaconvolve)):
        try:
            wanted = theirs(x, k, mode, axes)
        except ValueError as error:
            with pytest.raises(InputError, match=str(error).split("(")[0][:40]):
                ours(x, k, mode, axes)
            continue
        found = ours(x, k, mode, axes)
        assert found.shape == wanted.shape
        if not (dtype == "int16" and wanted.dtype == np.int16):  # their product of integers keeps int16, and wraps
            assert found.dtype == wanted.dtype
        scale = 1e-3 if dtype == "float16" else 1e-5 if dtype in {"float32", "complex64"} else 1e-12
        np.testing.assert_allclose(found, wanted, rtol=scale, atol=scale * np.abs(wanted).max())


@pytest.mark.parametrize("convolve", [wk.fftconvolve, wk.oaconvolve])
def test_transforms_of_nothing_are_nothing_and_of_numbers_a_product(convolve):
    for x, k in (([], []), ([5, 6], []), ([], [7])):
        assert convolve(np.array(x), np.array(k)).tolist() == []
    assert convolve(4967, 3920) == 4967 * 3920


def test_numbers_give_a_number():
    assert wk.convolve(1289, 4567) == 1289 * 4567
    assert wk.convolve(2.5, 2) == 5.0
    assert wk.correlate(2j, 3j) == 6
    assert np.ndim(wk.convolve(np.array(3), np.array(4))) == 0


@pytest.mark.parametrize("convolve", [wk.convolve, wk.correlate])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("make", [torch.tensor, array_api_strict.asarray], ids=["torch", "strict"])
def test_arrays_of_other_libraries_go_in_and_come_out(convolve, mode, make):
    for dtype in ("float64", "float32", "complex128", "int64", "uint8", "bool"):
        for shape, taps in (((9,), (4,)), ((3,), (5,)), ((5, 6), (2, 3))):
            x, k = (3 * noise(shape, "complex128")), (3 * noise(taps, "complex128", 1))
            x, k = (a if dtype == "complex128" else np.abs(a.real).astype(dtype) for a in (x, k))
            found = convolve(make(x), make(k), mode)
            assert type(found) is type(make(x))
            wanted = convolve(x, k, mode)
            assert str(found.dtype).split(".")[-1] == str(wanted.dtype)
            np.testing.assert_allclose(np.asarray(found), wanted, rtol=2e-6, atol=1e-6)
            if np.dtype(dtype).kind in "fc":
                by_transform = convolve(make(x), make(k), mode, "fft")
                np.testing.assert_allclose(np.asarray(by_transform), wanted, rtol=1e-4, atol=1e-5)


def test_integers_of_other_libraries_do_not_wrap_either():
    assert wk.convolve(torch.tensor([200], dtype=torch.uint8), torch.tensor([2], dtype=torch.uint8)).tolist() == [400]
    assert wk.convolve(torch.tensor([2**62]), torch.tensor([-2])).tolist() == [-(2**63)]
    for make in (torch.tensor, array_api_strict.asarray):
        with pytest.raises(InputError, match="must fit int64"):
            wk.convolve(make([2**62, 1]), make([2, 1]))


def test_whole_numbers_take_the_type_of_the_others_where_a_library_leaves_that_open():
    found = wk.convolve(
        array_api_strict.asarray([1, 2]), array_api_strict.asarray([0.5], dtype=array_api_strict.float32)
    )
    assert found.dtype == array_api_strict.float32
    assert np.asarray(found).tolist() == [0.5, 1.0]


@pytest.mark.parametrize("make", [np.array, torch.tensor, array_api_strict.asarray], ids=["numpy", "torch", "strict"])
def test_integers_that_need_no_transform_are_multiplied_exactly(make):
    found = wk.fftconvolve(make([[2**40, 3]]), make([[2**20, 5]]), axes=0)
    assert np.asarray(found).tolist() == [[2**60, 15]]
    assert np.asarray(wk.oaconvolve(make([4967]), make([3920]))).tolist() == [4967 * 3920]


def test_a_gradient_flows_through_a_tensor():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    wk.convolve(x, torch.tensor([1.0, -1.0]), "valid").sum().backward()
    assert x.grad.tolist() == [-1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("call", "phrase"),
    [
        (lambda: wk.convolve([1], 2), "in1 and in2 should have the same dimensionality"),
        (lambda: wk.convolve([1], [[2]]), "in1 and in2 should have the same dimensionality"),
        (lambda: wk.convolve([1], [2], mode="spam"), "acceptable mode flags are 'valid', 'same', or 'full'; got"),
        (lambda: wk.convolve([1], [2], mode=["full"]), "acceptable mode flags are"),
        (lambda: wk.convolve([1], [2], "full", "bacon"), "acceptable method flags are 'auto', 'direct', or 'fft'"),
        (lambda: wk.convolve([], [2]), "convolve: x cannot be empty"),
        (lambda: wk.correlate([1], []), "correlate: kernel cannot be empty"),
        (lambda: wk.convolve(np.ones((2, 3)), np.ones((3, 2)), "valid"), "For 'valid' mode, one must be at least"),
        (lambda: wk.convolve(["a"], [2]), "x must be numbers; got <U1"),
        (lambda: wk.convolve(np.ma.array([1, 2], mask=[0, 1]), [1]), "must not be masked"),
        (lambda: wk.fftconvolve([1], [2], axes=[]), "when provided, axes cannot be empty"),
        (lambda: wk.fftconvolve([1], [2], axes=[1.0]), "axes must be a scalar or iterable of integers"),
        (lambda: wk.fftconvolve([1], [2], axes=[1]), "axes exceeds dimensionality of input"),
        (lambda: wk.oaconvolve([1], [2], axes=[0, 0]), "all axes must be unique"),
        (lambda: wk.fftconvolve(np.ones((5, 2)), np.ones((5, 3)), axes=0),
         r"incompatible shapes for in1 and in2: \(5, 2\) and \(5, 3\)"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_in_the_known_words(call, phrase):
    with pytest.raises(InputError, match=phrase):
        call()


@pytest.mark.parametrize("make", [np.array, torch.tensor, array_api_strict.asarray], ids=["numpy", "torch", "strict"])
@pytest.mark.parametrize("method", ["auto", "direct", "fft", "overlap-add"])
def test_an_empty_signal_has_as_many_places_as_it_has_values_none(make, method):
    for function, (shape, taps) in product(
        (wk.convolve, wk.correlate), [((0,), (3,)), ((0, 3), (2, 2)), ((2, 0), (1, 5))]
    ):
        x, k = np.zeros(shape, np.float32), np.ones(taps, np.float32)
        theirs = getattr(signal, function.__name__)(x, k, "same", "direct")
        found = function(make(x), make(k), "same", method)
        assert (tuple(found.shape), np.asarray(found).dtype) == (theirs.shape, theirs.dtype)
        assert type(found) is type(make(x))
        for mode in ("full", "valid"):
            with pytest.raises(InputError, match="x cannot be empty"):
                function(make(x), make(k), mode, method)


def test_an_empty_result_has_the_type_of_a_full_one():
    for first, second in product("?BbhqfdFD", repeat=2):
        x, k = np.ones(2, first), np.ones(3, second)
        assert wk.convolve(x[:0], k, "same").dtype == wk.convolve(x, k, "same").dtype
    assert wk.convolve([], [1, 2], "same").dtype == np.float64
    with pytest.raises(InputError, match="kernel cannot be empty"):
        wk.convolve([1.0], [], "same")


def test_nothing_given_is_changed_and_strides_do_not_matter():
    x, k = noise((700, 800))[::-1, ::2], noise((5, 6), seed=1)[:, ::-2]
    kept, taps = x.copy(), k.copy()
    found = wk.convolve(x, k)
    assert np.array_equal(found, wk.convolve(kept, taps))
    assert np.array_equal(x, kept)
    assert np.array_equal(k, taps)
    x.setflags(write=False)
    assert np.array_equal(wk.convolve(x, k), found)
