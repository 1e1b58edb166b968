"""Which way "auto" takes: transforms where they pay, never where a digit would be lost that direct sums keep."""

from __future__ import annotations

import numpy as np
import pytest

import workings as wk
from workings.subjects.convolution import choice
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


@pytest.mark.parametrize(
    "spoil",
    [
        lambda x, k: x.__setitem__(50_000, 1e15),
        lambda x, k: x.__setitem__(slice(0, 40_000), x[:40_000] * 1e14),
        lambda x, k: x.__imul__(np.exp(np.linspace(0, 60, x.size))),
        lambda x, k: x.__setitem__(slice(50_000, 60_000), 0),
        lambda x, k: (x.__setitem__(slice(0, None, 2500), 1e12), k.__setitem__(slice(1, None), 1e-6)),
        lambda x, k: (x.__imul__(1e200), k.__imul__(1e200)),
        lambda x, k: (x.__imul__(1e-200), k.__imul__(1e-110)),
    ],
    ids=["a spike", "a loud half", "a ramp of e^60", "silence", "spikes under small taps", "overflow", "underflow"],
)
def test_where_the_range_would_cost_digits_all_is_summed(taken, spoil):
    x, k = noise(120_000), noise(1501, 1)
    spoil(x, k)
    found = wk.convolve(x, k)
    assert set(taken) == {"direct"}
    assert np.array_equal(found, wk.convolve(x, k, method="direct"), equal_nan=True)


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
        bound = choice.error_bound(x, k, way)
        assert error.max() < bound < 1e4 * error.max()


def test_the_choice_depends_on_shapes_alone():
    assert choice.cheapest((10_000_000,), (31,), Box((0,), (10_000_030,)), real=True) == "direct"
    assert choice.cheapest((1_000_000,), (4001,), Box((0,), (1_004_000,)), real=True) == "blocks"
    assert choice.cheapest((4001,), (1_000_000,), Box((0,), (1_004_000,)), real=True) == "blocks"
    assert choice.cheapest((4000, 4000), (7, 7), Box((0, 0), (4006, 4006)), real=True) == "direct"
    assert choice.cheapest((2000, 2000), (500, 500), Box((0, 0), (2499, 2499)), real=True) == "transform"
