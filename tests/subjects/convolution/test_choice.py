"""Which way "auto" takes: transforms where they pay, never where a digit would be lost that direct sums keep."""

from __future__ import annotations

import numpy as np
import pytest

import workings as wk
from workings.subjects.convolution import choice, trust
from workings.subjects.convolution.extent import Box, extent


def noise(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.fixture
def taken(monkeypatch):
    """The ways by which a transform was taken, and a note of each direct sum."""
    ways: list[str] = []
    transform, direct = choice.transformed, choice.convolve_directly

    def transformed(x, k, box, way):
        ways.append(way)
        return transform(x, k, box, way)

    def convolve_directly(x, k, box):
        ways.append("direct")
        return direct(x, k, box)

    monkeypatch.setattr(choice, "transformed", transformed)
    monkeypatch.setattr(choice, "convolve_directly", convolve_directly)
    return ways


def assert_as_good_as_a_sum_of_products(found, x, k, mode="full"):
    """Hold every value to the bound for 2**15 products, in longdouble at a few hundred places and the ends."""
    box = extent(x.shape, k.shape, mode, function="test")
    wide, taps = x.astype(np.longdouble), k.astype(np.longdouble)
    last = found.shape[0] - 1
    places = {
        *range(min(40, last)),
        *range(max(0, last - 40), last + 1),
        *np.linspace(0, last, 200).astype(int).tolist(),
    }
    for place in places:
        f = place + box.start[0]
        low, high = max(0, f - len(k) + 1), min(len(x), f + 1)
        products = wide[low:high] * taps[f - np.arange(low, high)]
        assert abs(found[place] - products.sum()) <= 2**15 * 2.0**-53 * np.abs(products).sum()


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_a_long_kernel_on_a_longer_signal_goes_by_blocks_and_its_ends_by_sums(taken, mode):
    x, k = noise(120_000), noise(1501, 1)
    found = wk.convolve(x, k, mode)
    assert "blocks" in taken
    assert_as_good_as_a_sum_of_products(found, x, k, mode)


def test_two_long_signals_go_by_one_transform(taken):
    x, k = noise(200_000) + 3, noise(150_000, 1) + 2
    found = wk.convolve(x, k)
    assert "transform" in taken
    assert_as_good_as_a_sum_of_products(found, x, k)


def test_a_picture_by_a_large_kernel_goes_by_a_transform(taken):
    x, k = noise((700, 700)) + 3, noise((160, 150), 1) + 2
    found = wk.convolve(x, k, "same")
    assert "transform" in taken
    np.testing.assert_allclose(found, wk.convolve(x, k, "same", "direct"), rtol=1e-11)


def assert_everywhere_as_good_as_a_sum_of_products(found, x, k):
    """Hold every value to the direct sum, which is off by no more than a bound for as many products as there are."""
    sums = wk.convolve(np.abs(x), np.abs(k), method="direct")
    assert np.all(np.abs(found - wk.convolve(x, k, method="direct")) <= 1.1 * 2**15 * 2.0**-53 * sums)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda x, k: x.__imul__(np.exp(np.linspace(0, 2000, x.size) % 60)),
        lambda x, k: (x.__setitem__(slice(0, None, 2500), 1e12), k.__setitem__(slice(1, None), 1e-6)),
        lambda x, k: (x.__imul__(1e200), k.__imul__(1e200)),
        lambda x, k: (x.__imul__(1e-200), k.__imul__(1e-110)),
        lambda x, k: x.__setitem__(slice(0, None, 9000), np.nan),
        lambda x, k: k.__setitem__(700, np.inf),
        lambda x, k: k.__setitem__(slice(None), 0),
    ],
    ids=["ramps of e^60", "spikes under small taps", "overflow", "underflow", "NaN here and there", "an infinite tap",
         "nothing"],
)  # fmt: skip
def test_where_the_range_would_cost_digits_all_is_summed(taken, spoil):
    x, k = noise(120_000), noise(1501, 1)
    spoil(x, k)
    found = wk.convolve(x, k)
    assert set(taken) == {"direct"}
    assert np.array_equal(found, wk.convolve(x, k, method="direct"), equal_nan=True)


@pytest.mark.parametrize(
    ("spoil", "summed"),
    [
        (lambda x: x.__setitem__(200_000, 1e15), slice(195_000, 205_000)),
        (lambda x: x.__setitem__(slice(0, 200_000), x[:200_000] * 1e14), slice(200_500, 202_000)),
        (lambda x: x.__setitem__(slice(200_000, 260_000), 0), slice(201_500, 203_000)),
        (lambda x: x.__setitem__(slice(200_000, 260_000), x[200_000:260_000] * 1e-14), slice(201_500, 203_000)),
        (lambda x: x.__setitem__(slice(200_000, 220_000), 1e-200), slice(201_500, 219_000)),
    ],
    ids=["a spike", "a loud half", "silence", "near silence", "squares that are too small for a number"],
)
def test_what_is_faint_beside_what_its_block_holds_is_summed_and_the_rest_is_not(taken, spoil, summed):
    x, k = noise(400_000), noise(1501, 1)
    spoil(x)
    found = wk.convolve(x, k)
    assert {"blocks", "direct"} == set(taken)
    assert_everywhere_as_good_as_a_sum_of_products(found, x, k)
    exact = wk.convolve(x, k, method="direct")
    np.testing.assert_allclose(found[summed], exact[summed], rtol=1e-9, atol=0)


def test_nan_and_infinity_stay_local_in_a_long_signal(taken):
    x, k = noise(400_000), noise(1501, 1)
    x[200_000], x[201_000] = np.nan, np.inf
    found = wk.convolve(x, k)
    assert "blocks" in taken
    inside = slice(200_000, 202_501)
    assert np.array_equal(found[inside], wk.convolve(x, k, method="direct")[inside], equal_nan=True)
    assert np.isfinite(np.delete(found, range(200_000, 202_501))).all()


@pytest.mark.parametrize("kind", ["float64", "complex128"])
@pytest.mark.parametrize("seed", range(8))
def test_no_signal_loses_digits(seed, kind):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(30_000, 90_000)), int(rng.integers(300, 1500))
    x = noise(n, seed).astype(kind) * (1j if kind == "complex128" else 1)
    # Amplitudes and shares of zeros that change along the way.
    x *= np.repeat(10.0 ** rng.uniform(-8, 8, n // 5000 + 1), 5000)[:n]
    x[rng.random(n) < np.repeat(rng.random(n // 5000 + 1) ** 2, 5000)[:n]] = 0
    k = noise(m, seed + 100) * np.exp(-np.arange(m) * rng.uniform(0, 20 / m))
    assert_everywhere_as_good_as_a_sum_of_products(wk.convolve(x, k), x, k)


def test_counting_promises_no_more_than_the_sum_of_absolute_values():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n, m = int(rng.integers(500, 3000)), int(rng.integers(3, 500))
        x = rng.normal(size=n) * (rng.random(n) < rng.random())
        weights, cell = np.abs(rng.standard_cauchy(m)), int(rng.integers(1, 40))
        least = float(rng.random())
        outputs = np.arange(-(-(n + m - 1) // cell))
        _, below = trust._survey(x, weights, "transform", cell, least)
        promised = least * trust._heavier(weights, n, outputs * cell, cell, below)
        sums = np.convolve(np.abs(x), weights)
        assert np.all(promised <= np.minimum.reduceat(sums, outputs * cell) * (1 + 1e-12))
    # Of noise it promises a good part.
    x, k = noise(100_000), noise(1001, 1)
    least = trust._threshold(x, np.abs(k))
    _, below = trust._survey(x, k, "blocks", 31, least)
    promised = least * trust._heavier(np.abs(k), x.size, np.arange(2000, 3000) * 31, 31, below[2000:3000])
    assert promised.min() > 0.05 * np.abs(k).sum()


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("cell", [8, 125, 4096])
def test_many_values_are_counted_by_a_compiled_loop_as_few_are(kind, cell, monkeypatch):
    x = noise(300_001)
    x[5_000:19_000], x[20_000:31_000], x[40_000:50_000] = 0, 1e-200, 1e-30
    x[500], x[100_000], x[200_000] = np.nan, np.inf, -1e30
    x = x.astype(kind)
    with np.errstate(all="ignore"):
        energies, below = trust._counted(x, cell, 0.05)
        monkeypatch.setattr(trust, "_COMPILED", x.size + 1)
        squares, fewer = trust._counted(x, cell, 0.05)
    np.testing.assert_allclose(energies, squares, rtol=1e-12)
    np.testing.assert_array_equal(below, fewer)
    assert (energies == 0).sum() >= 14_000 // cell - 1


def test_a_kernel_that_dies_away_loses_no_digit_at_the_far_end(taken):
    x, k = np.abs(noise(120_000)) + 0.1, np.exp(-np.linspace(0, 50, 1501))
    assert_as_good_as_a_sum_of_products(wk.convolve(x, k), x, k)


def test_float32_by_a_transform_is_as_exact_as_one_rounding(taken):
    x, k = noise(120_000).astype(np.float32), noise(1501, 1).astype(np.float32)
    found = wk.convolve(x, k)
    assert "blocks" in taken
    assert found.dtype == np.float32
    true = wk.convolve(x.astype(float), k.astype(float), method="direct")
    sums = wk.convolve(np.abs(x).astype(float), np.abs(k).astype(float), method="direct")
    inner = slice(1500, -1500)
    assert np.all(np.abs(found - true)[inner] <= 2 * 2.0**-24 * sums[inner])


@pytest.mark.parametrize(("top", "way"), [(100, "blocks"), (10**6, "direct")])
def test_integers_are_exact_by_either_way(monkeypatch, top, way):
    from workings.subjects.convolution import integers

    ways = []
    monkeypatch.setattr(
        integers, "transformed", lambda x, k, box, way: ways.append(way) or choice.transformed(x, k, box, way)
    )
    rng = np.random.default_rng(0)
    x, k = rng.integers(-top, top, 200_000), rng.integers(-top, top, 2000)
    found = wk.convolve(x, k)
    assert (ways or ["direct"]) == [way]
    assert np.array_equal(found, np.convolve(x, k))


def test_the_error_of_a_transform_is_below_the_bound_that_is_stated():
    for n, m, way in ((4096, 4096, "transform"), (100_000, 300, "blocks"), (9000, 7000, "transform")):
        x, k = noise(n) * np.exp(noise(n, 2)), noise(m, 1)
        box = Box((0,), (n + m - 1,))
        error = np.abs(choice.transformed(x, k, box, way) - np.convolve(x.astype(np.longdouble), k))
        bound = trust.error_bound(x, k, way)
        assert error.max() < bound < 1e4 * error.max()


def test_the_choice_depends_on_shapes_alone():
    assert choice.cheapest((10_000_000,), (31,), Box((0,), (10_000_030,)), real=True) == "direct"
    assert choice.cheapest((1_000_000,), (4001,), Box((0,), (1_004_000,)), real=True) == "blocks"
    assert choice.cheapest((4001,), (1_000_000,), Box((0,), (1_004_000,)), real=True) == "blocks"
    assert choice.cheapest((4000, 4000), (7, 7), Box((0, 0), (4006, 4006)), real=True) == "direct"
    assert choice.cheapest((2000, 2000), (500, 500), Box((0, 0), (2499, 2499)), real=True) == "transform"
