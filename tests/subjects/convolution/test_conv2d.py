"""conv2d against its definition in higher precision, against PyTorch, and at every edge of its arguments."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import array_api_strict
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

import workings as wk
from workings.errors import InputError
from workings.subjects.convolution.layer import compute, kernel, planes, windows

LOOP, DEFINITION = 0, 1 << 60


@pytest.fixture(params=[LOOP, DEFINITION], ids=["loop", "definition"])
def either_way(request, monkeypatch):
    """Send every layer to the compiled loop, then to the definition."""
    monkeypatch.setattr(compute, "_LARGE", request.param)


def by_the_sum(images, filters, bias=None, stride=(1, 1), before=(0, 0), after=(0, 0), dilation=(1, 1), groups=1):
    """Return the sum of the docstring, product by product, in the arrays' own arithmetic (objects: exact)."""
    count, channels, height, width = images.shape
    outputs, seen, down, across = filters.shape
    padded = np.zeros((count, channels, height + before[0] + after[0], width + before[1] + after[1]), images.dtype)
    padded[:, :, before[0] : before[0] + height, before[1] : before[1] + width] = images
    high = (padded.shape[2] - dilation[0] * (down - 1) - 1) // stride[0] + 1
    wide = (padded.shape[3] - dilation[1] * (across - 1) - 1) // stride[1] + 1
    out = np.zeros((count, outputs, high, wide), np.result_type(images, filters))
    for o in range(outputs):
        first = o // (outputs // groups) * seen
        for c in range(seen):
            for u in range(down):
                for v in range(across):
                    top, left = u * dilation[0], v * dilation[1]
                    window = padded[:, first + c, top : top + high * stride[0], left : left + wide * stride[1]]
                    out[:, o] += filters[o, c, u, v] * window[:, :: stride[0], :: stride[1]][:, :high, :wide]
        if bias is not None:
            out[:, o] += bias[o]
    return out


def layer(seed, dtype=np.float64, complex_=False):
    """Return a random layer: images, filters, bias, options; every size, odd and even, is reached."""
    rng = np.random.default_rng(seed)
    groups = int(rng.choice([1, 1, 2, 3]))
    seen, made = rng.integers(1, 4), rng.integers(1, 11)
    down, across = (int(k) for k in rng.integers(1, 6, 2))
    options = {
        "stride": tuple(int(k) for k in rng.integers(1, 4, 2)),
        "dilation": tuple(int(k) for k in rng.integers(1, 4, 2)),
        "padding": tuple(int(k) for k in rng.integers(0, 4, 2)),
        "groups": groups,
    }
    reach = [d * (k - 1) + 1 for d, k in zip(options["dilation"], (down, across), strict=True)]
    height, width = (
        int(rng.integers(max(1, r - 2 * p), r + 40)) for r, p in zip(reach, options["padding"], strict=True)
    )

    def numbers(*shape):
        return rng.normal(size=shape).astype(dtype)

    bias = numbers(groups * made) if seed % 3 else None
    return (
        numbers(rng.integers(1, 4), groups * seen, height, width),
        numbers(groups * made, seen, down, across),
        bias,
        options,
    )


def exact_of(images, filters, bias, options):
    """Return the layer's result and Σ|w x| + |b| in extended precision."""
    pad = options["padding"]
    how = {
        "stride": options["stride"],
        "dilation": options["dilation"],
        "groups": options["groups"],
        "before": pad,
        "after": pad,
    }
    wide = [None if each is None else each.astype(np.longdouble) for each in (images, filters, bias)]
    return by_the_sum(*wide, **how), by_the_sum(*(None if each is None else np.abs(each) for each in wide), **how)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_result_lies_within_the_bound_that_is_promised(dtype):
    for seed in range(60):
        images, filters, bias, options = layer(seed, dtype)
        exact, size = exact_of(images, filters, bias, options)
        found = wk.conv2d(images, filters, bias, **options)
        assert found.dtype == dtype
        assert found.shape == exact.shape
        unit = np.finfo(dtype).eps / 2
        assert (np.abs(found - exact) <= (filters[0].size + 2) * unit * size).all(), seed


def test_long_sums_are_added_in_blocks_and_keep_the_bound_of_blocks():
    rng = np.random.default_rng(1)
    images, filters = rng.uniform(size=(1, 300, 9, 9)).astype("f4"), rng.uniform(size=(9, 300, 3, 3)).astype("f4")
    options = {"stride": (1, 1), "dilation": (1, 1), "padding": (1, 1), "groups": 1}
    exact, size = exact_of(images, filters, None, options)
    assert images.size * filters.size // 300 > compute._LARGE
    bound = (kernel._BLOCK + filters[0].size / kernel._BLOCK + 2) * 2.0**-24 * size
    assert (np.abs(wk.conv2d(images, filters, padding=1) - exact) <= bound).all()


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64, torch.complex128])
def test_layers_are_pytorch_s_layers(dtype):
    for seed in range(100, 130):
        images, filters, bias, options = layer(seed)
        if dtype.is_complex:
            rng = np.random.default_rng(seed)
            images, filters = (each + 1j * rng.normal(size=each.shape) for each in (images, filters))
            bias = None if bias is None else bias * (1 - 2j)
        tensors = [None if each is None else torch.from_numpy(each).to(dtype) for each in (images, filters, bias)]
        expected = F.conv2d(*tensors, **options).numpy()
        arrays = [None if each is None else each.numpy() for each in tensors]
        found = wk.conv2d(*arrays, **options)
        assert found.dtype == expected.dtype
        unit = np.finfo(found.dtype).eps
        np.testing.assert_allclose(
            found, expected, rtol=0, atol=50 * unit * (1 + np.abs(expected).max()), err_msg=str(seed)
        )


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("height", [4, 5])
@pytest.mark.parametrize("kernel_size", [(1, 1), (2, 3), (4, 2)])
@pytest.mark.parametrize("dilation", [1, 2, (3, 1)])
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_same_keeps_the_size_and_puts_the_odd_zero_where_pytorch_does(height, kernel_size, dilation):
    rng = np.random.default_rng(2)
    images, filters = rng.normal(size=(2, 3, height, 6)), rng.normal(size=(2, 3, *kernel_size))
    found = wk.conv2d(images, filters, padding="same", dilation=dilation)
    assert found.shape == (2, 2, height, 6)
    expected = F.conv2d(torch.from_numpy(images), torch.from_numpy(filters), padding="same", dilation=dilation)
    np.testing.assert_allclose(found, expected, atol=1e-13)
    np.testing.assert_array_equal(
        wk.conv2d(images[:, :, :, :4], filters[:, :, :1, :1], padding="valid", stride=2),
        wk.conv2d(images[:, :, :, :4], filters[:, :, :1, :1], stride=(2,)),
    )


def test_hand_worked_layer():
    # Two channels, the second worth ten times the first; the bias is 100.
    image = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]], float)
    filters = np.array([[[[1, 2], [0, 0]], [[10, 0], [0, 10]]]], float)
    np.testing.assert_array_equal(wk.conv2d(image, filters, [100.0]), [[[125, 108], [114, 137]]])
    # A cross-correlation: the convolution of mathematics turns the filter first.
    np.testing.assert_array_equal(wk.conv2d(image[:1], [[[[1.0, 2.0], [0.0, 0.0]]]])[0, 0], [5, 8])
    assert wk.conv2d(image[:1], [[[[1.0, 2.0], [0.0, 0.0]]]][::-1]).shape == (1, 2, 2)


@pytest.mark.parametrize("threads", ["1", "3"])
def test_gathered_windows_give_the_digits_of_whole_images(threads, monkeypatch):
    monkeypatch.setattr(compute, "_LARGE", 0)
    monkeypatch.setenv("WORKINGS_NUM_THREADS", threads)
    for name, value in (("_WORTH", 1), ("_SPARSE", 0.0)):
        monkeypatch.setattr(planes, name, value)
    for name, value in (("_GATHERED", 2000), ("_LEAST", 1)):
        monkeypatch.setattr(windows, name, value)
    for seed in range(40):
        images, filters, bias, options = layer(seed, np.float32)
        whole = wk.conv2d(images, filters, bias, **options)
        with monkeypatch.context() as gathered:
            gathered.setattr(planes, "_SPARSE", 2.0)
            gathered.setattr(planes, "_OFTEN", 1)
            np.testing.assert_array_equal(wk.conv2d(images, filters, bias, **options), whole, err_msg=str(seed))


def test_small_maps_of_many_filters_are_right():
    rng = np.random.default_rng(10)
    for shape, kernel_shape, given_options in (
        ((5, 64, 7, 7), (33, 64, 3, 3), {"padding": (1, 1)}),
        ((70, 40, 4, 4), (17, 40, 4, 4), {}),
        ((3, 64, 14, 14), (40, 32, 3, 3), {"padding": (1, 1), "stride": (2, 2), "groups": 2}),
    ):
        options = {"stride": (1, 1), "dilation": (1, 1), "padding": (0, 0), "groups": 1, **given_options}
        images, filters = rng.normal(size=shape).astype("f4"), rng.normal(size=kernel_shape).astype("f4")
        exact, size = exact_of(images, filters, None, options)
        assert images.size * filters.size // images.shape[1] > compute._LARGE
        assert (np.abs(wk.conv2d(images, filters, **options) - exact) <= filters[0].size * 2.0**-24 * size).all()


@pytest.mark.usefixtures("either_way")
def test_one_nan_or_infinity_is_seen_by_its_own_windows_only():
    rng = np.random.default_rng(3)
    clean = rng.normal(size=(3, 4, 20, 20)).astype("f4")
    filters = rng.normal(size=(9, 4, 3, 3)).astype("f4")
    for bad in (np.nan, np.inf):
        images = clean.copy()
        images[1, 2, 7, 11] = bad
        found = wk.conv2d(images, filters)
        touched = np.zeros(found.shape, bool)
        touched[1, :, 5:8, 9:12] = True
        assert not np.isfinite(found[touched]).any()
        np.testing.assert_array_equal(found[~touched], wk.conv2d(clean, filters)[~touched])


@pytest.mark.usefixtures("either_way")
def test_layout_in_memory_changes_nothing():
    rng = np.random.default_rng(4)
    images, filters = rng.normal(size=(3, 4, 30, 33)), rng.normal(size=(5, 4, 3, 3))
    for options in ({}, {"padding": 1}, {"stride": 2, "padding": (2, 0)}):
        expected = wk.conv2d(images, filters, **options)
        last = np.ascontiguousarray(np.moveaxis(images, 1, -1))
        fixed = images.copy()
        fixed.setflags(write=False)
        odd = np.frombuffer(b" " + images.tobytes(), np.uint8)[1:].view(np.float64).reshape(images.shape)
        assert not odd.flags.aligned
        for layout in (
            np.asfortranarray(images),
            np.moveaxis(last, -1, 1),
            images[:, :, ::-1][:, :, ::-1],
            images.astype(">f8"),
            fixed,
            odd,
        ):
            np.testing.assert_array_equal(wk.conv2d(layout, filters, **options), expected)
        np.testing.assert_array_equal(wk.conv2d(images, np.asfortranarray(filters), **options), expected)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("threads", ["1", "2", "3", "7"])
def test_how_images_are_shared_among_threads_changes_no_digit(count, threads, monkeypatch):
    monkeypatch.setattr(compute, "_LARGE", 0)
    monkeypatch.setattr(planes, "_WORTH", 1)
    monkeypatch.setattr(planes, "_AT_A_TIME", 3000)
    rng = np.random.default_rng(5)
    images, filters = rng.normal(size=(count, 6, 14, 15)).astype("f4"), rng.normal(size=(10, 3, 3, 3)).astype("f4")
    monkeypatch.setenv("WORKINGS_NUM_THREADS", threads)
    for options in ({}, {"padding": 1}, {"stride": 2}):
        found = wk.conv2d(images, filters, groups=2, **options)
        one_by_one = np.stack([wk.conv2d(image, filters, groups=2, **options) for image in images])
        np.testing.assert_array_equal(found, one_by_one)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i2", "u4", "i8", "u8"])
def test_integers_are_added_exactly_and_come_out_as_int64(dtype):
    rng = np.random.default_rng(6)
    ends = (0, 1) if dtype == "?" else (max(np.iinfo(dtype).min, -(2**20)), min(np.iinfo(dtype).max, 2**20))
    images = rng.integers(*ends, (2, 2, 9, 8), endpoint=True).astype(dtype)
    filters = rng.integers(*ends, (5, 2, 3, 2), endpoint=True).astype(dtype)
    bias = rng.integers(*ends, 5, endpoint=True).astype(dtype)
    found = wk.conv2d(images, filters, bias, stride=2)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(
        found, by_the_sum(images.astype(object), filters.astype(object), bias.astype(object), (2, 2))
    )


def test_bytes_do_not_wrap():
    assert wk.conv2d(np.full((1, 1, 1), 200, np.uint8), np.full((1, 1, 1, 1), 2, np.uint8)).item() == 400


@pytest.mark.usefixtures("either_way")
@settings(max_examples=25)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=2), st.integers(0, 62))
def test_integers_of_any_size_are_exact_or_refused(values, shift):
    images = np.array(values, np.int64).reshape(1, 1, 1, 2)
    filters = np.array([1 << shift, -(1 << shift)]).reshape(1, 1, 1, 2)
    true = (values[0] - values[1]) << shift
    if -(2**63) <= true < 2**63:
        assert int(wk.conv2d(images, filters).item()) == true
    else:
        with pytest.raises(InputError, match="conv2d: results must fit int64; got"):
            wk.conv2d(images, filters)


@pytest.mark.usefixtures("either_way")
def test_sums_between_the_floats_and_int64_keep_their_last_bit():
    images = np.full((1, 64, 40, 40), 2**40 + 1)
    filters = np.full((8, 64, 3, 3), 3)
    assert (wk.conv2d(images, filters) == 64 * 9 * 3 * (2**40 + 1)).all()


def test_half_precision_is_rounded_once():
    rng = np.random.default_rng(7)
    images, filters = rng.normal(size=(1, 50, 6, 6)).astype("f2"), rng.normal(size=(3, 50, 3, 3)).astype("f2")
    found = wk.conv2d(images, filters)
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found, wk.conv2d(images.astype("f4"), filters.astype("f4")).astype("f2"))
    half = wk.conv2d(torch.from_numpy(images), torch.from_numpy(filters))
    assert half.dtype == torch.float16
    np.testing.assert_array_equal(half.numpy(), found)


def test_mixed_dtypes_are_promoted_as_numpy_does():
    images = np.ones((1, 1, 3, 3), np.uint8)
    for kind, expected in (("f4", "f4"), ("f8", "f8"), ("c8", "c8"), ("g", "g"), ("i2", "i8")):
        assert wk.conv2d(images, np.ones((1, 1, 2, 2), kind)).dtype == np.dtype(expected)
    assert wk.conv2d(images, np.ones((1, 1, 2, 2), "f4"), np.ones(1)).dtype == np.float64


@pytest.mark.parametrize("library", ["torch", "strict"])
def test_arrays_of_other_libraries_go_in_and_come_out(library):
    make = torch.asarray if library == "torch" else array_api_strict.asarray
    for seed in range(20):
        images, filters, bias, options = layer(seed)
        found = wk.conv2d(*(None if each is None else make(each) for each in (images, filters, bias)), **options)
        assert type(found) is type(make(images))
        np.testing.assert_allclose(np.asarray(found), wk.conv2d(images, filters, bias, **options), atol=1e-12)
        few = [make(np.rint(each).astype("i4")) for each in (images, filters)]
        whole = wk.conv2d(*few, padding="same", groups=options["groups"])
        assert "int64" in str(whole.dtype)
        np.testing.assert_array_equal(
            np.asarray(whole), wk.conv2d(*(np.asarray(each) for each in few), padding="same", groups=options["groups"])
        )
    # What is no array of the library becomes one.
    assert type(wk.conv2d(make(images[0, :1]), wk.filters.sobel_x()[None, None].astype(float))) is type(make(images))
    big = make(np.full((1, 1, 2, 2), 2**62))
    with pytest.raises(InputError, match=r"conv2d: results must fit int64; got .*int64 values whose products may add"):
        wk.conv2d(big, big)


def test_gradients_flow_through_pytorch_tensors():
    images, filters = torch.randn(1, 2, 6, 6, dtype=torch.float64), torch.randn(3, 2, 3, 3, dtype=torch.float64)
    filters.requires_grad_()
    wk.conv2d(images, filters, padding=1).square().sum().backward()
    other = filters.detach().clone().requires_grad_()
    F.conv2d(images, other, padding=1).square().sum().backward()
    torch.testing.assert_close(filters.grad, other.grad)


@pytest.mark.usefixtures("either_way")
def test_an_empty_batch_is_a_batch_and_without_channels_only_the_bias_is_left():
    images, filters, bias = np.ones((0, 3, 5, 5)), np.ones((2, 3, 3, 3)), np.array([1.0, 2.0])
    tensors = (torch.from_numpy(each) for each in (images, filters, bias))
    assert wk.conv2d(images, filters, bias, padding=1).shape == F.conv2d(*tensors, padding=1).shape == (0, 2, 5, 5)
    # PyTorch gives no feature maps at all here, whatever the filters and the bias are.
    found = wk.conv2d(np.ones((1, 0, 5, 5)), np.ones((2, 0, 3, 3)), bias, padding=1)
    np.testing.assert_array_equal(found, np.broadcast_to(bias[:, None, None], (1, 2, 5, 5)))


REFUSED = {
    "two dimensions": ((5, 5), (2, 3, 3, 3), {}),
    "five dimensions": ((1, 1, 3, 5, 5), (2, 3, 3, 3), {}),
    "channels": ((1, 4, 5, 5), (2, 3, 3, 3), {}),
    "channels of groups": ((1, 3, 5, 5), (2, 1, 3, 3), {"groups": 2}),
    "filters of groups": ((1, 4, 5, 5), (3, 2, 3, 3), {"groups": 2}),
    "no filters": ((1, 3, 5, 5), (0, 3, 3, 3), {}),
    "no kernel": ((1, 3, 5, 5), (2, 3, 0, 3), {}),
    "small": ((1, 3, 2, 2), (2, 3, 3, 3), {}),
    "small though padded": ((1, 3, 2, 2), (2, 3, 3, 3), {"padding": (0, 1)}),
    "small for the dilation": ((1, 3, 4, 4), (2, 3, 3, 3), {"dilation": 2}),
    "no pixels": ((1, 3, 0, 5), (2, 3, 3, 3), {"padding": 2}),
    "padding below zero": ((1, 3, 5, 5), (2, 3, 3, 3), {"padding": -1}),
    "padding in words": ((1, 3, 5, 5), (2, 3, 3, 3), {"padding": "full"}),
    "same with stride": ((1, 3, 5, 5), (2, 3, 3, 3), {"padding": "same", "stride": (1, 2)}),
    "stride": ((1, 3, 5, 5), (2, 3, 3, 3), {"stride": 0}),
    "dilation": ((1, 3, 5, 5), (2, 3, 3, 3), {"dilation": (1, 0)}),
    "groups": ((1, 3, 5, 5), (2, 3, 3, 3), {"groups": 0}),
    "three strides": ((1, 3, 5, 5), (2, 3, 3, 3), {"stride": [1, 1, 1]}),
    "three paddings": ((1, 3, 5, 5), (2, 3, 3, 3), {"padding": (1, 1, 1)}),
    "bias": ((1, 3, 5, 5), (2, 3, 3, 3), {"bias": 3}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_open_with_the_words_of_pytorch(case):
    images, filters, options = REFUSED[case]
    options = dict(options)
    bias = options.pop("bias", None)
    with pytest.raises(RuntimeError) as theirs:
        F.conv2d(torch.zeros(images), torch.zeros(filters), None if bias is None else torch.zeros(bias), **options)
    with pytest.raises(InputError) as ours:
        wk.conv2d(np.zeros(images), np.zeros(filters), None if bias is None else np.zeros(bias), **options)
    # PyTorch sometimes writes a shape in brackets of its own.
    known = str(theirs.value).replace("[[", "[").replace("]]", "]").splitlines()[0].rstrip(".")
    assert str(ours.value).startswith(known)
    assert "conv2d" in str(ours.value)


def test_what_pytorch_cannot_be_asked_is_refused_too():
    images, filters = np.zeros((1, 3, 5, 5)), np.zeros((2, 3, 3, 3))
    with pytest.raises(
        InputError, match=r"weight should have four dimensions for conv2d, but got weight of size \[3, 3\]"
    ):
        wk.conv2d(images, np.zeros((3, 3)))
    for name, value in (("stride", 1.5), ("stride", True), ("padding", None), ("groups", 1.0), ("dilation", "2")):
        with pytest.raises(InputError, match=f"conv2d: {name} must be a whole number; got"):
            wk.conv2d(images, filters, **{name: value})
    with pytest.raises(InputError, match="conv2d: filters must be real numbers; got <U1"):
        wk.conv2d(images, [[[["a"]]]])
    with pytest.raises(InputError, match="expected dilation to be a single integer value or a list of 2 values"):
        wk.conv2d(images, filters, dilation=())


def test_what_is_masked_is_not_used_in_silence():
    image = np.ma.masked_equal(np.arange(9.0).reshape(1, 3, 3), 4.0)
    with pytest.raises(InputError, match="conv2d: images must not be masked"):
        wk.conv2d(image, np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(wk.conv2d(image.filled(0), np.ones((1, 1, 2, 2))), [[[4, 8], [16, 20]]])


def test_sixteen_threads_at_once_get_the_same_maps():
    rng = np.random.default_rng(11)
    layers = [
        (rng.normal(size=(3, 8, 40, 40)).astype(dtype), rng.normal(size=(made, 8, 3, 3)).astype(dtype))
        for dtype in ("f4", "f8")
        for made in (16, 3)
    ] * 8
    alone = [wk.conv2d(*each, padding=1) for each in layers[:4]] * 8
    with ThreadPoolExecutor(16) as pool:
        for found, expected in zip(pool.map(lambda each: wk.conv2d(*each, padding=1), layers), alone, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_linear_in_the_image_and_shifted_with_it():
    rng = np.random.default_rng(8)
    a, b = rng.integers(-50, 50, (2, 1, 3, 12, 12))
    filters = rng.integers(-9, 9, (4, 3, 3, 2))
    np.testing.assert_array_equal(
        wk.conv2d(2 * a - 3 * b, filters), 2 * wk.conv2d(a, filters) - 3 * wk.conv2d(b, filters)
    )
    np.testing.assert_array_equal(wk.conv2d(a[:, :, 1:, 2:], filters), wk.conv2d(a, filters)[:, :, 1:, 2:])


def test_groups_are_layers_side_by_side():
    rng = np.random.default_rng(9)
    images, filters = rng.normal(size=(2, 6, 20, 21)), rng.normal(size=(9, 2, 3, 3))
    found = wk.conv2d(images, filters, groups=3)
    apart = [wk.conv2d(images[:, 2 * g : 2 * g + 2], filters[3 * g : 3 * g + 3]) for g in range(3)]
    np.testing.assert_allclose(found, np.concatenate(apart, axis=1), rtol=1e-13, atol=1e-13)


def test_one_exact_rational_layer():
    images = np.array([[[[Fraction(1, 3), Fraction(1, 7)]]]], object)
    assert by_the_sum(images, images)[0, 0, 0, 0] == Fraction(1, 9) + Fraction(1, 49)
    np.testing.assert_allclose(wk.conv2d(images.astype(float), images.astype(float)), float(Fraction(58, 441)))


@pytest.mark.parametrize("outputs", [1, 2, 3, 4, 5, 8, 9, 64])
@pytest.mark.parametrize("itemsize", [4, 8])
def test_a_tile_of_filters_never_wastes_more_than_it_saves(outputs, itemsize):
    rows, width = kernel.tile_of(outputs, itemsize)
    assert -(-outputs // rows) * rows < 2 * outputs
    assert width * itemsize % 16 == 0
