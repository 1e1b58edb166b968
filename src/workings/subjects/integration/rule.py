r"""Gauss's and Kronrod's rules in pairs: one set of values of the integrand, two sums, and what their difference says.

Gauss's rule with n nodes is exact for polynomials up to degree 2n - 1; Kronrod's 2n + 1 nodes contain those n and are
exact up to degree 3n + 1. Their difference estimates the error (Piessens, de Doncker, Überhuber & Kahaner, QUADPACK,
1983). One integral is computed with G10 and K21; many at once may take a larger pair where it needs fewer subintervals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.subjects.integration.published import PUBLISHED

__all__ = [
    "GAUSS",
    "KRONROD",
    "NODES",
    "ORDERS",
    "ROUNDING",
    "RULES",
    "Rule",
    "estimate",
    "estimate_one",
    "interpolated",
    "interpolation",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rule:
    """A pair of rules on (-1, 1).

    Parameters
    ----------
    nodes
        Kronrod's, ascending.
    kronrod
        Their weights.
    gauss
        Their weights in Gauss's rule: 0 at the nodes that are Kronrod's alone.
    """

    nodes: Array
    kronrod: Array
    gauss: Array


def _rule(order: int) -> Rule:
    nodes, kronrod, gauss = np.array(PUBLISHED[order]).T
    return Rule(
        np.concatenate([-nodes, nodes[-2::-1]]),
        np.concatenate([kronrod, kronrod[-2::-1]]),
        np.concatenate([gauss, gauss[-2::-1]]),
    )


ORDERS = tuple(PUBLISHED)
"""The numbers of nodes for which there is a pair, ascending."""

RULES = {order: _rule(order) for order in ORDERS}
"""The pair of each order."""

NODES, KRONROD, GAUSS = RULES[21].nodes, RULES[21].kronrod, RULES[21].gauss
"""The nodes and weights of the pair G10 and K21."""

ROUNDING = 50 * float(np.finfo(np.float64).eps)
"""What summing 21 rounded values can cost, as a part of ∫|f|: QUADPACK's figure, 1.1e-14."""


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
    # The method dot takes half as long as the operator @.
    kronrod, gauss = _BOTH.dot(values).tolist()
    absolute = float(KRONROD.dot(np.abs(values))) * half
    spread = float(KRONROD.dot(np.abs(values - 0.5 * kronrod))) * half
    error = abs(kronrod - gauss) * half
    if spread > 0.0 and error > 0.0:
        ratio = 200.0 * error / spread
        error = spread * min(1.0, ratio * math.sqrt(ratio))
    return kronrod * half, max(error, ROUNDING * absolute), absolute


_BOTH: Array = np.stack([KRONROD, GAUSS])


def interpolation(nodes: Array, places: Array) -> Array:
    """Return the matrix (places, nodes) from values at the nodes to their polynomial's value at each place.

    Notes
    -----
    Σ (w / d)·f / Σ w / d, Berrut & Trefethen 2004, equation 4.2, with d the distance to each node. The products of the
    distances between n nodes are around 2⁻ⁿ: no scaling is needed.
    """
    distance = places[:, None] - nodes
    # At a node itself the formula is 0/0: a step of 1e-15 beside it, the value is the node's to the last digits.
    distance[distance == 0.0] = 1e-15
    weights = 1.0 / np.prod(nodes[:, None] - nodes + np.eye(len(nodes)), axis=1) / distance
    return weights / weights.sum(axis=1, keepdims=True)


def interpolated(values: Array, places: Array) -> Array:
    """Return the polynomial of degree 20 through each row of values at one place.

    Parameters
    ----------
    values
        (n, 21) values at the nodes of K21.
    places
        (n,) where, in (-1, 1).
    """
    return np.einsum("ij,ij->i", interpolation(NODES, places), values)
