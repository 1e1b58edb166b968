r"""Small kernels for images, in the form in which textbooks print them: rows from top to bottom, columns from left.

Those that find edges are printed as they are laid over the picture: under a cross-correlation, which lays a kernel as
it is, ``sobel_x`` is positive where the picture grows brighter to the right. A convolution turns the kernel by half a
turn first, which changes the sign of ``sobel_x``, ``sobel_y``, ``prewitt_x`` and ``prewitt_y``, turns ``emboss``
around, and leaves the others as they are.

All whole-numbered kernels are int64, so that an image of integers stays exact; ``gaussian`` and ``box`` are float64
and sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = [
    "box",
    "emboss",
    "gaussian",
    "identity",
    "laplacian",
    "prewitt_x",
    "prewitt_y",
    "sharpen",
    "sobel_x",
    "sobel_y",
]

Size = int | Sequence[int]


def sobel_x() -> NDArray[np.int64]:
    """Return the slope to the right, smoothed over the rows by 1, 2, 1 (Sobel and Feldman, 1968).

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.sobel_x()
    array([[-1,  0,  1],
           [-2,  0,  2],
           [-1,  0,  1]])
    """
    return np.outer([1, 2, 1], [-1, 0, 1]).astype(np.int64)


def sobel_y() -> NDArray[np.int64]:
    """Return the slope downward, smoothed over the columns by 1, 2, 1.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.sobel_y()
    array([[-1, -2, -1],
           [ 0,  0,  0],
           [ 1,  2,  1]])
    """
    return np.outer([-1, 0, 1], [1, 2, 1]).astype(np.int64)


def prewitt_x() -> NDArray[np.int64]:
    """Return the slope to the right, added up over three rows (Prewitt, 1970).

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.prewitt_x()
    array([[-1,  0,  1],
           [-1,  0,  1],
           [-1,  0,  1]])
    """
    return np.outer([1, 1, 1], [-1, 0, 1]).astype(np.int64)


def prewitt_y() -> NDArray[np.int64]:
    """Return the slope downward, added up over three columns.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.prewitt_y()
    array([[-1, -1, -1],
           [ 0,  0,  0],
           [ 1,  1,  1]])
    """
    return np.outer([-1, 0, 1], [1, 1, 1]).astype(np.int64)


def laplacian() -> NDArray[np.int64]:
    """Return the sum of the second differences along rows and columns: 0 where brightness is level or a ramp.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.laplacian()
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])
    """
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.int64)


def sharpen() -> NDArray[np.int64]:
    """Return the picture less its :func:`laplacian`: differences are enlarged, flat areas stay as they are.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.sharpen()
    array([[ 0, -1,  0],
           [-1,  5, -1],
           [ 0, -1,  0]])
    """
    return identity() - laplacian()


def emboss() -> NDArray[np.int64]:
    """Return a relief lit from the upper left: the picture with its slope toward the lower right.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.emboss()
    array([[-2, -1,  0],
           [-1,  1,  1],
           [ 0,  1,  2]])
    """
    return np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], np.int64)


def identity() -> NDArray[np.int64]:
    """Return the kernel that leaves a picture as it is (with ``mode="same"``).

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.identity()
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    return np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.int64)


def box(size: Size) -> NDArray[np.float64]:
    """Return the mean over a window of so many rows and columns.

    Parameters
    ----------
    size
        One positive integer for a square, or one for each axis.

    Raises
    ------
    InputError
        If a size is not a positive integer.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.box((2, 4))
    array([[0.125, 0.125, 0.125, 0.125],
           [0.125, 0.125, 0.125, 0.125]])
    """
    shape = _shape(size, function="filters.box")
    return np.full(shape, 1.0 / float(np.prod(shape)))


def gaussian(size: Size, sigma: float | Sequence[float]) -> NDArray[np.float64]:
    r"""Return Gaussian weights around the middle, divided by their sum.

    .. math:: w(r, c) \propto \exp\!\left(-\frac{r^2}{2 σ_r^2} - \frac{c^2}{2 σ_c^2}\right)

    Parameters
    ----------
    size
        One positive integer for a square, or one for each axis. About 6σ + 1 keeps 99.7 % of the weight along an axis.
    sigma
        Standard deviation in pixels, positive: one number, or one for each axis.

    Raises
    ------
    InputError
        If a size is not a positive integer, or a sigma is not a positive finite number.

    Examples
    --------
    >>> from workings.subjects.convolution import filters
    >>> filters.gaussian(3, 1.0).round(4)
    array([[0.0751, 0.1238, 0.0751],
           [0.1238, 0.2042, 0.1238],
           [0.0751, 0.1238, 0.0751]])
    """
    shape = _shape(size, function="filters.gaussian")
    weights = np.ones(())
    for length, width in zip(shape, _sigmas(sigma, len(shape)), strict=True):
        # Below a sigma of 0.001 the second pixel has e^-500,000 = 0 of the first's weight; 1e-170, squared, would be 0.
        away = (np.arange(length) - (length - 1) / 2) / max(width, 1e-3)
        # Counted from the middle outward: of an even size with a narrow sigma all weights would be 0, and their sum.
        weights = np.multiply.outer(weights, np.exp(-0.5 * (away**2 - away[length // 2] ** 2)))
    return weights / weights.sum()


def _shape(size: Any, *, function: str) -> tuple[int, ...]:
    sizes = tuple(size) if isinstance(size, Sequence | np.ndarray) else (size, size)
    if not sizes or not all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0 for n in sizes):
        raise InputError(
            message(
                "{function}: size must be a positive integer, or one for each axis; got {found}",
                function=function,
                found=repr(size),
            )
        )
    return tuple(int(n) for n in sizes)


def _sigmas(sigma: Any, axes: int) -> tuple[float, ...]:
    sigmas = tuple(sigma) if isinstance(sigma, Sequence | np.ndarray) else (sigma,) * axes
    if len(sigmas) != axes or not all(isinstance(s, Real) and 0 < float(s) < float("inf") for s in sigmas):
        raise InputError(
            message(
                "filters.gaussian: sigma must be a positive finite number, or one for each axis; got {found}",
                found=repr(sigma),
            )
        )
    return tuple(float(s) for s in sigmas)
