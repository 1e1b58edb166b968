r"""Two-dimensional convolution layers, as in convolutional neural networks: images in, feature maps out.

The definition is a product of matrices, the weights by what the windows see, in the namespace of its arrays. Large
NumPy arrays go to the compiled loop of :mod:`~workings.subjects.convolution.layer.kernel`, which sums directly too: no
Winograd or Fourier form, whose rounding grows with the pixels around a window and carries a NaN beyond it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays import native, not_numbers
from workings.arrays.blas import product
from workings.arrays.shared import as_tensor, numpy_views
from workings.errors import InputError
from workings.language import message
from workings.subjects.convolution.layer.geometry import Geometry, Padding, Pair, geometry_of

__all__ = ["conv2d"]

Array = NDArray[Any]

# From so many products on the compiled loop is worth loading.
_LARGE = 1 << 20
# The definition sets so many numbers side by side at a time.
_TOGETHER = 1 << 20
_COMPILED = ("float32", "float64", "int64", "complex64", "complex128")


def conv2d(
    images: Any,
    filters: Any,
    bias: Any = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Any:
    r"""Return the feature maps of images under a set of filters, as ``torch.nn.functional.conv2d`` does.

    This is a cross-correlation, as in all neural networks: the filter is laid over the image as it is. (A convolution
    in the sense of mathematics turns it by half a turn first: ``filters[:, :, ::-1, ::-1]``.)

    .. math::
        y_{n, o, i, j} = b_o + \sum_{c, u, v} w_{o, c, u, v}\, x_{n, c, i s_1 + u d_1 - p_1, j s_2 + v d_2 - p_2}

    with stride s, dilation d and padding p, where x is 0 outside the image. Feature maps are
    :math:`⌊(H + 2 p_1 - d_1 (k_1 - 1) - 1) / s_1⌋ + 1` high, and as wide by the same formula across.

    Parameters
    ----------
    images : array, (N, C, H, W) or (C, H, W)
        N images of C channels, or one image. NumPy, a list, or any array of the array API (PyTorch, ...).
    filters : array, (O, C / groups, k1, k2)
        O filters, each with one kernel for every channel that it sees.
    bias : array, (O,), optional
        What is added to each feature map.
    stride : int or pair
        How far a window lies from the next, (down, across).
    padding : int, pair, "same" or "valid"
        How many rows and columns of zeros stand on each side. "same" keeps the size (its stride must be 1; of an odd
        number of zeros the one more stands below, or right), "valid" adds none.
    dilation : int or pair
        How far the pixels of a window lie apart.
    groups : int
        Into how many groups channels and filters are divided; each filter sees only the channels of its group.
        As many groups as channels is a depthwise convolution.

    Returns
    -------
    array, (N, O, H', W') or (O, H', W')
        Of the images' kind. Floats and complex numbers are promoted as NumPy does (PyTorch refuses to mix); float16 is
        added up in float32. Integers give int64 and are exact, where PyTorch keeps uint8 and wraps 2 × 200 to 144. No
        images give no feature maps; images without channels O of them, with the bias alone (PyTorch gives none).

    Raises
    ------
    InputError
        Where PyTorch raises, opening with its words: dimensions, channels, groups, bias, stride, padding or dilation
        do not fit, or the kernel is larger than the padded image. Also if the values are masked or not numbers, or a
        result of integers does not fit int64 (of arrays that are not NumPy's: might not).

    Notes
    -----
    Accuracy: with n = C / groups · k1 · k2 products and u the unit roundoff (2⁻²⁴ in float32, 2⁻⁵³ in float64), a
    result lies within (n + 2) u (Σ|w x| + |b|) of the exact one, as long as nothing overflows. From a million products
    on it is (min(n, 256) + n / 256 + 2) u: they are added in blocks of 256. Every output is one direct sum, so that NaN
    and infinity stay in the windows that see them. How many threads there are does not change a digit.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> image = np.array([[[1.0, 1.0, 4.0, 4.0], [1.0, 1.0, 4.0, 4.0], [1.0, 1.0, 4.0, 4.0]]])
    >>> edges = np.array([[[[-1.0, 1.0]]]])
    >>> wk.conv2d(image, edges)
    array([[[0., 3., 0.],
            [0., 3., 0.],
            [0., 3., 0.]]])
    >>> wk.conv2d(image, edges, stride=2, padding=(1, 0)).shape
    (1, 3, 2)
    """
    how: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    shared = numpy_views(images, filters, bias)
    if shared:
        return as_tensor(conv2d(*shared, **how))
    if any(_is_elsewhere(given) for given in (images, filters, bias)):
        return _elsewhere(images, filters, bias, **how)
    x, w = _numbers(images, "images"), _numbers(filters, "filters")
    b = None if bias is None else _numbers(bias, "bias")
    geometry = geometry_of(x.shape, w.shape, None if b is None else b.shape, **how)
    given = (x, w) if b is None else (x, w, b)
    kind = np.result_type(*given)
    batch = x if x.ndim == 4 else x[None]
    with np.errstate(all="ignore"):
        if kind.kind in "iu":
            result = _whole_numbers(batch, w, b, geometry)
        else:
            wide = np.dtype(np.float32) if kind.char == "e" else kind
            result = _numpy(batch, w, b, geometry, wide).astype(kind, copy=False)
    return result if x.ndim == 4 else result[0]


def _definition(xp: Any, images: Any, filters: Any, bias: Any = None, *, geometry: Geometry) -> Any:
    """Multiply the matrix of the weights by that of what all windows see, some places of the window at a time."""
    groups, (height, width) = geometry.groups, geometry.size
    padded = _with_zeros(xp, images, geometry)
    x = xp.reshape(padded, (geometry.batch, groups, geometry.group_channels, *geometry.padded))
    rows = [_seen(u * geometry.dilation[0], height, geometry.stride[0]) for u in range(geometry.kernel[0])]
    columns = [_seen(v * geometry.dilation[1], width, geometry.stride[1]) for v in range(geometry.kernel[1])]
    windows = [x[:, :, :, row, column] for row in rows for column in columns]
    w = xp.reshape(filters, (groups, geometry.group_outputs, geometry.group_channels, len(windows)))
    size = geometry.batch * geometry.channels * height * width
    count = max(1, _TOGETHER // max(size, 1))
    total: Any = None
    for first in range(0, len(windows), count):
        some = windows[first : first + count]
        # A matrix for each image and group: a row for each channel and place in the window, a column for each window.
        seen = xp.reshape(xp.stack(some, axis=3), (*x.shape[:2], geometry.group_channels * len(some), height * width))
        weights = xp.reshape(w[..., first : first + len(some)], (groups, geometry.group_outputs, seen.shape[2]))
        part = product(weights, seen) if xp is np else xp.matmul(weights, seen)
        total = part if total is None else total + part
    total = xp.reshape(total, geometry.shape)
    return total if bias is None else total + xp.reshape(bias, (-1, 1, 1))


def _with_zeros(xp: Any, images: Any, geometry: Geometry) -> Any:
    """Return the images between their rows and columns of zeros."""
    for axis, before, after in ((2, geometry.before[0], geometry.after[0]), (3, geometry.before[1], geometry.after[1])):
        if not (before or after):
            continue
        edges: list[Any] = []
        for count in (before, after):
            shape = (*images.shape[:axis], count, *images.shape[axis + 1 :])
            edges.append(xp.zeros(shape, dtype=images.dtype, device=device(images)))
        images = xp.concat([edges[0], images, edges[1]], axis=axis)
    return images


def _seen(first: int, count: int, stride: int) -> slice:
    return slice(first, first + (count - 1) * stride + 1, stride)


def _numpy(images: Array, filters: Array, bias: Array | None, geometry: Geometry, kind: Any) -> Array:
    """Return the feature maps in this dtype: of few products by the definition, of many by the compiled loop."""
    x, w = images.astype(kind, copy=False), filters.astype(kind, copy=False)
    b = None if bias is None else bias.astype(kind, copy=False)
    if geometry.work < max(_LARGE, 1) or x.dtype.name not in _COMPILED:
        # In one layout, whatever the caller's is: a product of matrices rounds by it.
        return _definition(np, np.ascontiguousarray(x), np.ascontiguousarray(w), b, geometry=geometry)
    if x.dtype.kind == "c":
        return _complex(x, w, b, geometry)
    from workings.subjects.convolution.layer.planes import feature_maps

    return feature_maps(x, w, np.zeros(geometry.outputs, kind) if b is None else np.ascontiguousarray(b), geometry)


def _complex(images: Any, filters: Any, bias: Any, g: Geometry) -> Array:
    """Return complex feature maps by a layer of real numbers with twice the channels and twice the filters.

    The real part of w x is (Re w, -Im w) on the channels (Re x, Im x), the imaginary part (Im w, Re w).
    """
    x = images.reshape(g.batch, g.groups, g.group_channels, g.height, g.width)
    w = filters.reshape(g.groups, g.group_outputs, g.group_channels, *g.kernel)
    parts = np.stack([x.real, x.imag], axis=2).reshape(g.batch, 2 * g.channels, g.height, g.width)
    sides = np.stack([np.stack([w.real, -w.imag], axis=2), np.stack([w.imag, w.real], axis=2)], axis=1)
    added = None
    if bias is not None:
        added = np.stack([bias.real, bias.imag]).reshape(2, g.groups, -1).swapaxes(0, 1).reshape(-1)
    layer = Geometry(
        g.batch, 2 * g.channels, g.height, g.width, 2 * g.outputs, g.kernel, g.stride, g.dilation, g.before, g.after,
        g.groups,
    )  # fmt: skip
    weights = sides.reshape(2 * g.outputs, 2 * g.group_channels, *g.kernel)
    real = _numpy(parts, weights, added, layer, parts.dtype)
    real = real.reshape(g.batch, g.groups, 2, g.group_outputs, *g.size)
    result = np.empty((g.batch, g.groups, g.group_outputs, *g.size), images.dtype)
    result.real, result.imag = real[:, :, 0], real[:, :, 1]
    return result.reshape(g.shape)


def _whole_numbers(images: Array, filters: Array, bias: Array | None, geometry: Geometry) -> Array:
    """Return feature maps of integers, exactly, as int64."""
    bound = _bound(np, images, filters, bias, geometry)
    if bound < 2.0**53:
        # Every sum on the way is a float64 exactly, and products of floats have the faster instructions.
        return _numpy(images, filters, bias, geometry, np.float64).astype(np.int64)
    if bound < 2.0**63:
        return _numpy(images, filters, bias, geometry, np.int64)
    exact = _numpy(images, filters, bias, geometry, object)
    least, greatest = exact.min(), exact.max()
    if least < -(2**63) or greatest >= 2**63:
        raise InputError(
            message(
                "conv2d: results must fit int64; got {value}; convert the images to float64",
                value=str(least if least < -(2**63) else greatest),
            )
        )
    return exact.astype(np.int64)


def _bound(xp: Any, images: Any, filters: Any, bias: Any, geometry: Geometry) -> float:
    """Return what no sum of these integers exceeds, on the way or at the end."""
    if not (geometry.batch and geometry.taps):
        largest, heaviest = 0.0, 0.0
    else:
        # As Python's integers: |-2⁶³| is no int64.
        largest = float(max(int(xp.max(images)), -int(xp.min(images))))
        weights = xp.abs(xp.astype(filters, xp.float64))
        heaviest = float(xp.max(xp.sum(weights, axis=(1, 2, 3))))
    added = 0.0 if bias is None else float(max(int(xp.max(bias)), -int(xp.min(bias))))
    # The margin is for the rounding of this bound itself.
    return (largest * heaviest + added) * (1.0 + 1e-6)


def _numbers(values: Any, argument: str) -> Array:
    if np.ma.is_masked(values):
        raise InputError(
            message(
                "conv2d: {argument} must not be masked, for a sum cannot leave a pixel out; fill what is masked first, "
                "as with .filled(0)",
                argument=argument,
            )
        )
    array = native(np.asarray(values))
    if array.dtype.kind not in "fciub":
        raise not_numbers(array.dtype, function="conv2d", argument=argument)
    return array.astype(np.int8) if array.dtype.kind == "b" else array


def _is_elsewhere(given: Any) -> bool:
    return type(given) is not np.ndarray and is_array_api_obj(given) and not is_numpy_array(given)


def _elsewhere(images: Any, filters: Any, bias: Any, **how: Any) -> Any:
    """Return the feature maps by the definition, in the arrays' own library and on their device."""
    home = next(given for given in (images, filters, bias) if _is_elsewhere(given))
    xp: Any = array_namespace(home)
    given: list[Any] = []
    for name, each in (("images", images), ("filters", filters), ("bias", bias)):
        if each is None:
            continue
        array = each if _is_elsewhere(each) else xp.asarray(each, device=device(home))
        if not xp.isdtype(array.dtype, ("numeric", "bool")):
            raise not_numbers(array.dtype, function="conv2d", argument=name)
        given.append(xp.astype(array, xp.int8) if xp.isdtype(array.dtype, "bool") else array)
    geometry = geometry_of(*(tuple(each.shape) for each in given), **how)
    kind = given[0].dtype if len({each.dtype for each in given}) == 1 else xp.result_type(*given)
    whole = xp.isdtype(kind, "integral")
    batched = given[0].ndim == 4
    given[0] = given[0] if batched else given[0][None, ...]
    wide = _width(xp, kind, *given, geometry=geometry) if whole else _at_least_float32(xp, kind)
    result = _definition(xp, *(xp.astype(each, wide, copy=False) for each in given), geometry=geometry)
    result = xp.astype(result, xp.int64 if whole else kind, copy=False)
    return result if batched else result[0, ...]


def _width(xp: Any, kind: Any, images: Any, filters: Any, bias: Any = None, *, geometry: Geometry) -> Any:
    """Return the dtype in which these integers are added without loss."""
    bound = _bound(xp, images, filters, bias, geometry)
    if bound >= 2.0**63:
        raise InputError(
            message(
                "conv2d: results must fit int64; got {dtype} values whose products may add up to {bound}; convert the "
                "images to float64",
                dtype=str(kind),
                bound=f"{bound:.1e}",
            )
        )
    # Not every device multiplies matrices of integers.
    return xp.float64 if bound < 2.0**53 else xp.int64


def _at_least_float32(xp: Any, kind: Any) -> Any:
    return xp.float32 if xp.isdtype(kind, "real floating") and xp.finfo(kind).bits < 32 else kind
