"""The filters are the textbook's, sum to what they should, and refuse what is no size."""

from __future__ import annotations

import math

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError


def test_those_that_find_edges_are_the_printed_ones_and_see_nothing_in_a_flat_picture():
    # As printed in Gonzalez and Woods, Digital Image Processing, and as OpenCV's getDerivKernels multiply out.
    assert wk.filters.sobel_x().tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert wk.filters.prewitt_x().tolist() == [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]
    assert np.array_equal(wk.filters.sobel_y(), wk.filters.sobel_x().T)
    assert np.array_equal(wk.filters.prewitt_y(), wk.filters.prewitt_x().T)
    for kernel in (wk.filters.sobel_x(), wk.filters.sobel_y(), wk.filters.prewitt_x(), wk.filters.laplacian()):
        assert kernel.sum() == 0
        assert kernel.dtype == np.int64


def test_those_that_keep_the_picture_sum_to_one():
    for kernel in (
        wk.filters.identity(),
        wk.filters.sharpen(),
        wk.filters.emboss(),
        wk.filters.box(5),
        wk.filters.box((3, 7, 2)),
        wk.filters.gaussian(5, 1.2),
    ):
        assert kernel.sum() == pytest.approx(1, abs=1e-15)


def test_each_call_gives_an_array_of_its_own():
    wk.filters.sobel_x()[0, 0] = 99
    assert wk.filters.sobel_x()[0, 0] == -1


@pytest.mark.parametrize(("size", "sigma"), [((5, 3), 0.8), ((4, 6), (0.5, 2.0)), ((7,), 1.5)])
def test_gaussian_is_the_sampled_density_over_its_sum(size, sigma):
    sigmas = sigma if isinstance(sigma, tuple) else (sigma,) * len(size)
    raw = np.empty(size)
    for place in np.ndindex(*size):
        raw[place] = math.exp(
            -sum((p - (n - 1) / 2) ** 2 / (2 * s * s) for p, n, s in zip(place, size, sigmas, strict=True))
        )
    np.testing.assert_allclose(wk.filters.gaussian(size, sigma), raw / math.fsum(raw.ravel()), rtol=1e-14)


@pytest.mark.parametrize("sigma", [1e-3, 1e-170, 5e-324])
def test_a_gaussian_narrower_than_a_pixel_is_the_pixel_in_the_middle_or_the_two(sigma):
    assert wk.filters.gaussian((3,), sigma).tolist() == [0, 1, 0]
    assert wk.filters.gaussian((4,), sigma).tolist() == [0, 0.5, 0.5, 0]


def test_a_gaussian_of_one_pixel_is_that_pixel_and_a_wide_one_is_a_box():
    assert wk.filters.gaussian(1, 2.0).tolist() == [[1.0]]
    np.testing.assert_allclose(wk.filters.gaussian(3, 1e200), wk.filters.box(3), rtol=1e-15)


@pytest.mark.parametrize("size", [0, -1, 2.0, True, (), (3, 0), "3", None])
def test_what_is_no_size_is_refused(size):
    with pytest.raises(InputError, match=r"filters.box: size must be a positive integer, or one for each axis; got"):
        wk.filters.box(size)


@pytest.mark.parametrize("sigma", [0, -1.0, math.nan, math.inf, (1.0,), "1", None])
def test_what_is_no_sigma_is_refused(sigma):
    with pytest.raises(InputError, match=r"filters.gaussian: sigma must be a positive finite number"):
        wk.filters.gaussian((3, 3), sigma)
