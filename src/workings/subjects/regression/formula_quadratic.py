"""What a cost looks like near given parameters, from sums over rows or from their triangular factor."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

__all__ = ["Quadratic", "of_factor", "of_sums"]

Array = NDArray[np.float64]

_EPS = float(np.finfo(float).eps)
# A parameter is felt where moving it by its own size changes the predictions by this part of what another does.
_FELT, _SMALL = 1e-8, 1e-8


@dataclass(frozen=True, eq=False)
class Quadratic:
    r"""A cost near given parameters: its value, its slopes, and a matrix A taken for its curvature.

    The parameters are scaled by D, so that their units do not enter; in those coordinates A is
    :math:`V \operatorname{diag}(e) V^T`.

    Parameters
    ----------
    cost, gradient
        Summed over the rows.
    scale
        D, for each parameter.
    values, vectors
        e and V.
    fall
        Minus the gradient, in the coordinates of V.
    """

    cost: float
    gradient: Array
    scale: Array
    values: Array
    vectors: Array
    fall: Array

    def step(self, damping: float) -> tuple[Array, float]:
        """Return the step δ with (A + λD²) δ = -gradient, and how far the quadratic falls along it."""
        along = self.fall / (self.values + damping)
        promise = float(self.fall @ along - 0.5 * (self.values * along) @ along)
        return (self.vectors @ along) / self.scale, promise

    def solve(self, right: Array, damping: float) -> Array:
        """Return (A + λD²)⁻¹ of a vector."""
        return (self.vectors @ ((self.vectors.T @ (right / self.scale)) / (self.values + damping))) / self.scale

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which directions the rows tell anything about: the others are curved by rounding alone."""
        return self.values > 4 * len(self.values) * _EPS * float(self.values.max(initial=0.0))

    @property
    def promise(self) -> float:
        """How much lower the bottom of the quadratic lies, as far as the rows tell; infinite without curvature."""
        if not self.values.any():
            return math.inf if self.fall.any() else 0.0
        usable = self.usable
        return 0.5 * float((self.fall[usable] ** 2 / self.values[usable]).sum())

    @property
    def condition(self) -> float:
        """The largest curvature over the least."""
        least = float(self.values.min(initial=math.inf))
        return float(self.values.max(initial=0.0)) / least if least > 0.0 else math.inf

    def rescaled(self) -> Quadratic:
        """Return the same with the scale at which the matrix has ones on its diagonal."""
        own = self._lengths
        own = np.where(own > 0.0, own, 1.0)
        return self if (own == 1.0).all() else self._scaled(own)

    def held(self, parameters: Array) -> Quadratic:
        """Return the same with no parameter's scale far below the others': one that hardly matters hardly moves.

        Where σ(w·x) is 0 or 1 in every row, predictions change with w by 1e-30, and a step that is to lower the cost
        by w goes 1e30 far. Damped until it is short, in these units it holds all other parameters as well.
        """
        own = self._lengths * self.scale
        felt = own * np.maximum(np.abs(parameters), _SMALL)
        least = _FELT * float(felt.max(initial=0.0)) / np.maximum(np.abs(parameters), 1.0)
        return self._scaled(np.maximum(own, least) / self.scale)

    @property
    def _lengths(self) -> Array:
        """The roots of the matrix's diagonal, in units of the scale."""
        return np.sqrt((self.vectors**2 * self.values).sum(axis=1))

    def _scaled(self, own: Array) -> Quadratic:
        own = np.where(own > 0.0, own, 1.0)
        root = (self.vectors * np.sqrt(self.values)).T / own
        _, singular, right = linalg.svd(root, check_finite=False)
        scale = self.scale * own
        return Quadratic(self.cost, self.gradient, scale, singular**2, right.T, -right @ (self.gradient / scale))

    def inverse(self) -> Array:
        """Return A⁻¹, of the directions that are usable."""
        usable = self.usable
        half = self.vectors[:, usable] / np.sqrt(self.values[usable])
        return (half @ half.T) / np.outer(self.scale, self.scale)


def of_sums(cost: float, gradient: Array, matrix: Array, least: Array | float = 0.0) -> Quadratic:
    """Return the quadratic of a matrix that was summed over the rows.

    Parameters
    ----------
    cost, gradient, matrix
        Finite.
    least
        D is the root of the matrix's diagonal, and no less than this.
    """
    scale = _scale(np.sqrt(np.maximum(np.diagonal(matrix), 0.0)), least)
    values, vectors = linalg.eigh(matrix / np.outer(scale, scale), check_finite=False)
    # The matrix is a sum of squares: what is below 0 is rounding.
    return Quadratic(cost, gradient, scale, np.maximum(values, 0.0), vectors, -vectors.T @ (gradient / scale))


def of_factor(factor: Array, least: Array | float = 0.0) -> Quadratic:
    """Return the same for squared errors, from the triangular factor of the rows [∂p/∂θ, y - p].

    The matrix is never formed: forming it squares its condition, and half the digits of a difficult fit are gone.
    """
    slopes, errors = math.sqrt(2.0) * factor[:, :-1], math.sqrt(2.0) * factor[:, -1]
    scale = _scale(np.sqrt((slopes**2).sum(axis=0)), least)
    left, singular, right = linalg.svd(slopes / scale, full_matrices=False, check_finite=False)
    fall = singular * (left.T @ errors)
    return Quadratic(0.5 * float(errors @ errors), -(slopes.T @ errors), scale, singular**2, right.T, fall)


def _scale(lengths: Array, least: Array | float) -> Array:
    scale = np.maximum(lengths, least)
    return np.where(scale > 0.0, scale, 1.0)
