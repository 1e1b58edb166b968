r"""The pair of rules G10 and K21: one set of 21 values of the integrand, two sums, and what their difference says.

Gauss's rule with 10 nodes is exact for polynomials up to degree 19; Kronrod's 21 nodes contain those 10 and are exact
up to degree 31. Their difference estimates the error (Piessens, de Doncker, Überhuber & Kahaner, QUADPACK, 1983).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product

__all__ = ["GAUSS", "KRONROD", "NODES", "ROUNDING", "estimate", "interpolated"]

Array = NDArray[np.float64]

# The nodes in (0, 1), the outermost first, and their weights, to 33 digits: QUADPACK's routine QK21. Every second node,
# from the second on, is Gauss's.
_POSITIVE = (
    0.995657163025808080735527280689003,
    0.973906528517171720077964012084452,
    0.930157491355708226001207180059508,
    0.865063366688984510732096688423493,
    0.780817726586416897063717578345042,
    0.679409568299024406234327365114874,
    0.562757134668604683339000099272694,
    0.433395394129247190799265943165784,
    0.294392862701460198131126602103866,
    0.148874338981631210884826001129720,
)
_KRONROD = (
    0.011694638867371874278064396062192,
    0.032558162307964727478818972459390,
    0.054755896574351996031381300244580,
    0.075039674810919952767043140916190,
    0.093125454583697605535065465083366,
    0.109387158802297641899210590325805,
    0.123491976262065851077958109831074,
    0.134709217311473325928054001771707,
    0.142775938577060080797094273138717,
    0.147739104901338491374841515972068,
)
_MIDDLE = 0.149445554002916905664936468389821
_GAUSS = (
    0.066671344308688137593568809893332,
    0.149451349150580593145776339657697,
    0.219086362515982043995534934228163,
    0.269266719309996355091226921569469,
    0.295524224714752870173892994651338,
)

NODES: Array = np.array([*(-node for node in _POSITIVE), 0.0, *reversed(_POSITIVE)])
"""Kronrod's 21 nodes in (-1, 1), ascending."""

KRONROD: Array = np.array([*_KRONROD, _MIDDLE, *reversed(_KRONROD)])
"""Their weights in K21."""

GAUSS: Array = np.zeros(21)
"""Their weights in G10: 0 at the nodes that are Kronrod's alone."""
GAUSS[1::2] = [*_GAUSS, *reversed(_GAUSS)]

ROUNDING = 50 * float(np.finfo(np.float64).eps)
"""What summing 21 rounded values can cost, as a part of ∫|f|: QUADPACK's figure, 1.1e-14."""

# Σ (w / d)·f / Σ w / d, Berrut & Trefethen 2004, equation 4.2, with d the distance to each node. The products of the
# distances between the nodes are around 2⁻²¹: no scaling is needed.
_BARYCENTRIC: Array = 1.0 / np.prod(NODES[:, None] - NODES + np.eye(21), axis=1)


def estimate(values: Array, half: Array) -> tuple[Array, Array, Array]:
    """Return K21, the estimate of its error and ∫|f| for each subinterval.

    Parameters
    ----------
    values
        (n, 21) the integrand at the nodes.
    half
        (n,) half the subintervals' lengths.

    Returns
    -------
    integral, error, absolute
        (n,) each. The error is QUADPACK's: with d = |K21 - G10| and r = ∫|f - mean|, it is r·min(1, (200 d/r)^1.5),
        for K21 is far better than their difference once that is small; never below what rounding costs.
    """
    kronrod = product(values, KRONROD)
    difference = np.abs(kronrod - product(values, GAUSS)) * half
    absolute = product(np.abs(values), KRONROD) * half
    spread = product(np.abs(values - 0.5 * kronrod[:, None]), KRONROD) * half
    error = difference.copy()
    usual = (spread > 0) & (difference > 0)
    ratio = 200.0 * difference[usual] / spread[usual]
    error[usual] = spread[usual] * np.minimum(1.0, ratio * np.sqrt(ratio))
    return kronrod * half, np.maximum(error, ROUNDING * absolute), absolute


def estimate_one(values: Array, half: float) -> tuple[float, float, float]:
    """Return what :func:`estimate` returns, for the 21 values of one subinterval, in as few calls as it can be."""
    kronrod, gauss = (_BOTH @ values).tolist()
    absolute = float(KRONROD @ np.abs(values)) * half
    spread = float(KRONROD @ np.abs(values - 0.5 * kronrod)) * half
    error = abs(kronrod - gauss) * half
    if spread > 0.0 and error > 0.0:
        ratio = 200.0 * error / spread
        error = spread * min(1.0, ratio * math.sqrt(ratio))
    return kronrod * half, max(error, ROUNDING * absolute), absolute


_BOTH: Array = np.stack([KRONROD, GAUSS])


def interpolated(values: Array, places: Array) -> Array:
    """Return the polynomial of degree 20 through each row of values at one place.

    Parameters
    ----------
    values
        (n, 21) values at the nodes.
    places
        (n,) where, in (-1, 1).
    """
    distance = places[:, None] - NODES
    # At a node itself the formula is 0/0: a step of 1e-15 beside it, the value is the node's to the last digits.
    distance[distance == 0.0] = 1e-15
    weights = _BARYCENTRIC / distance
    return np.einsum("ij,ij->i", weights, values) / weights.sum(axis=1)
