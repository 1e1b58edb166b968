r"""Sums of products over the rows of a batch, by the compiled loop: around their mean, or in given coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.regression.rows import Rows

__all__ = ["in_a_loop", "products_about", "worth_a_loop"]

Array = NDArray[np.float64]

# From so many numbers in a batch on the compiled loop is worth loading; beyond so many columns a BLAS is the faster.
LARGE, WIDE = 1 << 14, 96
# Rows whose mean is taken for that of all at first.
_LOOKED_AT = 256


def worth_a_loop(batch: Rows, targets: int) -> bool:
    """Return whether the compiled loop is the faster way for these rows."""
    X = batch.X
    return X.size >= LARGE and X.shape[1] + targets <= WIDE and X.dtype.type in (np.float64, np.float32)


def in_a_loop(batch: Rows, targets: int) -> tuple[float, Array, Array] | None:
    """Return the weight of the rows, the means of the columns of [X y] and their centred products; None without weight.

    The products are taken around the mean of a few rows and then moved to that of all, M = P - S d dᵀ. Where that would
    take off more than half of a column's P, and with it a digit, they are taken again around the mean just found.
    """
    from workings.subjects.regression.kernel import mean_of_some

    total = float(len(batch.X)) if batch.weight is None else float(batch.weight.sum())
    if total == 0.0:
        return None
    shift = np.zeros(batch.X.shape[1] + targets)
    mean_of_some(batch.X, _target(batch, targets), max(1, len(batch.X) // _LOOKED_AT), shift)
    products, sums = products_about(batch, targets, shift)
    if (total * (sums / total) ** 2 > 0.5 * np.diagonal(products)).any():
        shift = shift + sums / total
        products, sums = products_about(batch, targets, shift)
    off = sums / total
    return total, shift + off, products - total * np.outer(off, off)


def products_about(batch: Rows, targets: int, shift: Array, R: Array | None = None) -> tuple[Array, Array]:
    r"""Return :math:`\sum s_i b_i b_i^T` and :math:`\sum s_i b_i` with :math:`b_i R = [x_i\ y_i] - c`.

    Parameters
    ----------
    batch
        The rows.
    targets
        The number of columns of y.
    shift
        c.
    R
        Upper triangular; None for the identity.
    """
    from workings.subjects.regression.kernel import centred_products

    size = len(shift)
    sides = -(-size // 3) * 3
    triangle = np.zeros((0, 0))
    if R is not None:
        triangle = np.eye(sides)
        triangle[:size, :size] = R
    products, sums = np.zeros((sides, sides)), np.zeros(sides)
    root = np.zeros(0) if batch.weight is None else np.sqrt(batch.weight)
    centred_products(batch.X, _target(batch, targets), root, shift, triangle, products, sums)
    return products[:size, :size], sums[:size]


def _target(batch: Rows, targets: int) -> NDArray[Any]:
    return np.asarray(batch.y, np.float64).reshape(len(batch.y), -1)[:, :targets]
