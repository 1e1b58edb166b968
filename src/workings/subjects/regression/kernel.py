r"""The compiled loops of regression: what a block of rows adds to sums of products, and to the log-loss.

.. math:: ℓ = \log(1 + e^{m}), \quad ℓ' = ±σ(m), \quad ℓ'' = σ(m) σ(-m), \qquad m = -z\ (t = 1),\ z\ (t = 0)

Rows lie in memory one after the other; sums over rows are fastest where columns do. So a few dozen rows at a time are
laid into a small table of contiguous columns that stays in the first-level cache, and everything asked of them is done
there: they come from memory once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["centred_products", "log_losses", "losses", "mean_of_some"]

Array = NDArray[Any]

# Numbers in the small table: they take a third of a first-level cache, and what is read fills another. Of wide rows no
# fewer than _LEAST at a time, for sums are begun and ended once for each table.
_NUMBERS, _LEAST = 1344, 64
# Between its columns 64 bytes are left free: columns whose distance is a power of two would share few cache lines.
_APART = 8
# Sums may be taken in the order that suits vector instructions, products may be added unrounded.
_ANY_ORDER = {"reassoc", "nsz", "contract"}


@njit(nogil=True, cache=True, fastmath=_ANY_ORDER, error_model="numpy")
def _add_products(table: Array, rows: int, products: Array) -> None:
    """Add the products of each two columns, first not after second, over the rows; three by three columns at a time.

    Nine sums at once need six numbers for nine products, so that arithmetic and not the cache sets the speed.
    """
    for i in range(0, len(table), 3):
        a0, a1, a2 = table[i], table[i + 1], table[i + 2]
        for j in range(i, len(table), 3):
            b0, b1, b2 = table[j], table[j + 1], table[j + 2]
            s00 = s01 = s02 = s10 = s11 = s12 = s20 = s21 = s22 = 0.0
            for r in range(rows):
                x0, x1, x2 = a0[r], a1[r], a2[r]
                y0, y1, y2 = b0[r], b1[r], b2[r]
                s00 += x0 * y0
                s01 += x0 * y1
                s02 += x0 * y2
                s10 += x1 * y0
                s11 += x1 * y1
                s12 += x1 * y2
                s20 += x2 * y0
                s21 += x2 * y1
                s22 += x2 * y2
            products[i, j] += s00
            products[i, j + 1] += s01
            products[i, j + 2] += s02
            products[i + 1, j] += s10
            products[i + 1, j + 1] += s11
            products[i + 1, j + 2] += s12
            products[i + 2, j] += s20
            products[i + 2, j + 1] += s21
            products[i + 2, j + 2] += s22


@njit(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def _solve(table: Array, rows: int, R: Array) -> None:
    """Replace each row b R by b, R upper triangular, column after column from the left.

    By substitution, not by products with R⁻¹: what the rounding of one column left is taken account of by the next.
    """
    for j in range(0, len(table), 3):
        b0, b1, b2 = table[j], table[j + 1], table[j + 2]
        for i in range(0, j, 3):
            a0, a1, a2 = table[i], table[i + 1], table[i + 2]
            r00, r01, r02 = R[i, j], R[i, j + 1], R[i, j + 2]
            r10, r11, r12 = R[i + 1, j], R[i + 1, j + 1], R[i + 1, j + 2]
            r20, r21, r22 = R[i + 2, j], R[i + 2, j + 1], R[i + 2, j + 2]
            for r in range(rows):
                x0, x1, x2 = a0[r], a1[r], a2[r]
                b0[r] -= x0 * r00 + x1 * r10 + x2 * r20
                b1[r] -= x0 * r01 + x1 * r11 + x2 * r21
                b2[r] -= x0 * r02 + x1 * r12 + x2 * r22
        r01, r02, r12 = R[j, j + 1], R[j, j + 2], R[j + 1, j + 2]
        d0, d1, d2 = 1.0 / R[j, j], 1.0 / R[j + 1, j + 1], 1.0 / R[j + 2, j + 2]
        for r in range(rows):
            y0 = b0[r] * d0
            y1 = (b1[r] - y0 * r01) * d1
            b0[r] = y0
            b1[r] = y1
            b2[r] = ((b2[r] - y0 * r02) - y1 * r12) * d2


@njit(nogil=True, cache=True, fastmath=_ANY_ORDER, error_model="numpy")
def _add_sums(table: Array, rows: int, weight: Array, sums: Array) -> None:
    """Add the sum of each column over the rows, each row times its weight."""
    for j in range(0, len(table), 3):
        a0, a1, a2 = table[j], table[j + 1], table[j + 2]
        s0 = s1 = s2 = 0.0
        for r in range(rows):
            s0 += weight[r] * a0[r]
            s1 += weight[r] * a1[r]
            s2 += weight[r] * a2[r]
        sums[j] += s0
        sums[j + 1] += s1
        sums[j + 2] += s2


@njit(nogil=True, cache=True, fastmath=_ANY_ORDER, error_model="numpy")
def _sum(values: Array, rows: int) -> float:
    total = 0.0
    for r in range(rows):
        total += values[r]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _mirror(products: Array) -> None:
    """Write the products of each two columns, first after second, which are those of the two the other way round."""
    for i in range(len(products)):
        for j in range(i):
            products[i, j] = products[j, i]


@njit(nogil=True, cache=True, error_model="numpy")
def centred_products(  # noqa: PLR0917 -- one caller
    X: Array, y: Array, root: Array, shift: Array, R: Array, products: Array, sums: Array
) -> None:
    r"""Add up :math:`s_i b_i b_i^T` and :math:`s_i b_i` over the rows, with :math:`b_i R = [x_i\ y_i] - c`.

    Parameters
    ----------
    X, y
        The rows, shapes (rows, columns) and (rows, targets).
    root
        √s, shape (rows,), or empty where every row counts once.
    shift
        c, shape (columns + targets,).
    R
        Upper triangular, its sides a multiple of three no less than columns + targets, ones on the diagonal beyond
        them; or empty, for the identity.
    products
        Where the products are written, a matrix with such sides that holds zeros.
    sums
        Where the sums are written, as many as the sides, zeros.
    """
    (count, columns), targets = X.shape, y.shape[1]
    height = max(_LEAST, _NUMBERS // len(products) // 8 * 8)
    table, weight = np.zeros((len(products), height + _APART)), np.ones(height)
    for start in range(0, count, height):
        rows = min(height, count - start)
        for r in range(rows):
            for j in range(columns):
                table[j, r] = X[start + r, j] - shift[j]
            for j in range(targets):
                table[columns + j, r] = y[start + r, j] - shift[columns + j]
        if root.size:
            for r in range(rows):
                weight[r] = root[start + r]
            for j in range(columns + targets):
                for r in range(rows):
                    table[j, r] *= weight[r]
        if R.size:
            _solve(table, rows, R)
        _add_products(table, rows, products)
        _add_sums(table, rows, weight, sums)
    _mirror(products)


@njit(nogil=True, cache=True, error_model="numpy")
def mean_of_some(X: Array, y: Array, every: int, mean: Array) -> None:
    """Write the means of the columns of [X y] over every so-manieth row; exact where a column is constant."""
    columns, looked_at = X.shape[1], 0
    for i in range(0, len(X), every):
        looked_at += 1
        for j in range(columns):
            mean[j] += np.float64(X[i, j]) - np.float64(X[0, j])
        for j in range(y.shape[1]):
            mean[columns + j] += y[i, j] - y[0, j]
    # A mean of equal numbers may be off by its rounding; that of their differences from the first, all 0, is not.
    for j in range(columns):
        mean[j] = X[0, j] + mean[j] / looked_at
    for j in range(y.shape[1]):
        mean[columns + j] = y[0, j] + mean[columns + j] / looked_at


# The nearest integer to y is left in the low bits of y + 1.5·2⁵².
_SHIFT = 1.5 * 2.0**52
_LOG2_E = 1.0 / math.log(2.0)
# 42 bits of ln 2, so that its multiples up to 1075 are exact, and the rest: what float64 keeps of it, and what ln 2 has
# beyond, 0.693147180559945309417232121458 less its float64.
_LN2_HIGH = math.floor(math.log(2.0) * 2.0**42) / 2.0**42
_LN2_LOW = (math.log(2.0) - _LN2_HIGH) + 2.319046813846299558e-17
# eʳ for |r| <= ln 2 / 2 from its series: the first term left out is below half a unit in the last place.
_EXPONENTIAL = tuple(1.0 / math.factorial(k) for k in range(13, 1, -1))
# log(1 + e) = 2 artanh(s) = 2s (1 + s²/3 + s⁴/5 + ...) with s = e/(2 + e) <= 1/3, to the same part of it: the terms in
# s⁴ᵏ⁻² and those in s⁴ᵏ, for a loop of sixteen terms at once would be left as it stands.
_LOGARITHM = tuple((1.0 / (4 * k - 1), 1.0 / (4 * k + 1)) for k in range(8, 0, -1))
# Beyond this e⁻ᵃ is 0.
_END = 746.0


@njit(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def losses(  # noqa: PLR0917 -- two callers
    z: Array, sign: Array, weight: Array, rows: int, loss: Array, slope: Array, bend: Array, nearest: Array
) -> None:
    """Write the loss of each score, its slope and its bend, times the weight, and raise ``nearest`` to m.

    Exponential and logarithm are written out and without a branch, and each loop writes one array, so that the compiler
    makes vector instructions of them.

    Parameters
    ----------
    z, sign, weight
        The scores, which become m; -1.0 where the truth is yes and 1.0 where it is no; and s.
    rows
        How many there are.
    loss, slope, bend
        Where ℓ, ℓ' and ℓ'' are written.
    nearest
        The largest m of a row with weight so far, each place for itself.
    """
    for i in range(rows):
        z[i] *= sign[i]
    # e = exp(-|m|) is at most 1, so nothing overflows. It stands in the place of the bend until that is made of it.
    for i in range(rows):
        a = abs(z[i])
        # Written so that NaN, for which every comparison is false, goes through.
        a = _END if a > _END else a
        shifted = _SHIFT - a * _LOG2_E
        k = shifted - _SHIFT
        r = (-a - k * _LN2_HIGH) - k * _LN2_LOW
        q = 0.0
        for c in _EXPONENTIAL:
            q = q * r + c
        # The power of two in two halves, for below 2⁻¹⁰²² it would be none.
        exponent = np.float64(shifted).view(np.int64) - np.float64(_SHIFT).view(np.int64)
        half = exponent >> 1
        first = np.int64((half + 1023) << 52).view(np.float64)
        bend[i] = (1.0 + (r + r * r * q)) * first * np.int64((exponent - half + 1023) << 52).view(np.float64)
    for i in range(rows):
        s = bend[i] / (2.0 + bend[i])
        square = s * s
        fourth, odd, even = square * square, 0.0, 0.0
        for c, d in _LOGARITHM:
            odd = odd * fourth + c
            even = even * fourth + d
        q = square * odd + fourth * even
        loss[i] = weight[i] * ((z[i] if z[i] > 0.0 else 0.0) + 2.0 * (s + s * q))
    for i in range(rows):
        slope[i] = weight[i] * sign[i] * (1.0 if z[i] >= 0.0 else bend[i]) / (1.0 + bend[i])
    for i in range(rows):
        part = 1.0 / (1.0 + bend[i])
        bend[i] = weight[i] * (bend[i] * part) * part
    for i in range(rows):
        counted = z[i] if weight[i] > 0.0 else -np.inf
        nearest[i] = counted if counted > nearest[i] else nearest[i]


@njit(nogil=True, cache=True, fastmath=_ANY_ORDER, error_model="numpy")
def _add_scores(table: Array, rows: int, parameters: Array, z: Array) -> None:
    """Add the parameters times the columns, three columns at a time."""
    for j in range(0, len(table), 3):
        a0, a1, a2 = table[j], table[j + 1], table[j + 2]
        w0, w1, w2 = parameters[j], parameters[j + 1], parameters[j + 2]
        for r in range(rows):
            z[r] += w0 * a0[r] + w1 * a1[r] + w2 * a2[r]


@njit(nogil=True, cache=True, error_model="numpy")
def log_losses(  # noqa: PLR0917 -- one caller
    X: Array, y: Array, weight: Array, parameters: Array, gradient: Array, second: Array, nearest: Array
) -> float:
    r"""Return the sum of the losses of the rows, and add up its slopes and bends, :math:`\sum s_i ℓ_i'' x_i x_i^T`.

    Parameters
    ----------
    X, y
        The rows, shape (rows, columns), and the number of each one's class.
    weight
        s, shape (rows,), or empty where every row counts once.
    parameters
        Shape (outputs, sides), the intercept after the columns, then zeros up to a multiple of three.
    gradient
        Where the slopes are written, of the same shape, zeros.
    second
        Where the bends are written, shape (outputs, sides, sides), zeros; or empty, where they are not asked for.
    nearest
        Where the largest m of a row with weight is written, shape (outputs,).
    """
    (count, columns), (outputs, sides) = X.shape, parameters.shape
    height = max(_LEAST, _NUMBERS // sides // 8 * 8)
    table, bent = np.zeros((sides, height + _APART)), np.zeros((sides, height + _APART))
    of_row, sign, z = np.ones(height), np.ones(height), np.zeros(height)
    loss, slope, bend = np.zeros(height), np.zeros(height), np.zeros(height)
    closest, total = np.full((outputs, height), -np.inf), 0.0
    for start in range(0, count, height):
        rows = min(height, count - start)
        for r in range(rows):
            for j in range(columns):
                table[j, r] = X[start + r, j]
        if columns < sides:
            table[columns, :rows] = 1.0
        if weight.size:
            of_row[:rows] = weight[start : start + rows]
        for k in range(outputs):
            yes = k if outputs > 1 else 1
            for r in range(rows):
                sign[r] = -1.0 if y[start + r] == yes else 1.0
            z[:rows] = 0.0
            _add_scores(table, rows, parameters[k], z)
            losses(z, sign, of_row, rows, loss, slope, bend, closest[k])
            total += _sum(loss, rows)
            _add_sums(table, rows, slope, gradient[k])
            if second.size:
                for r in range(rows):
                    bend[r] = math.sqrt(bend[r])
                for j in range(sides):
                    for r in range(rows):
                        bent[j, r] = bend[r] * table[j, r]
                _add_products(bent, rows, second[k])
    for k in range(outputs):
        nearest[k] = closest[k].max()
        if second.size:
            _mirror(second[k])
    return total
