"""The two costs of this room, as the algorithms see them: squared errors from moments, log-loss from a fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.sparse.linalg import eigsh

from workings.language import message
from workings.subjects.regression.iteration import Status
from workings.subjects.regression.log_loss import LogLoss
from workings.subjects.regression.rows import Fold
from workings.subjects.regression.summary import GramMoments

__all__ = ["LogisticCost", "SquaredCost", "largest_eigenvalue", "steepest_direction"]

Array = NDArray[np.float64]


# Slopes whose rounding is more than this part of what they can be say nothing about where the cost is least.
_HIDDEN = 1e-6


class SquaredCost:
    r"""The mean squared error with its penalty, as a function of the parameters, from the merged moments alone.

    .. math:: J(W, b) = \frac{1}{2S} \Bigl[ \sum_i s_i \lVert W x_i + b - y_i \rVert^2 + α \lVert W \rVert^2 \Bigr],
              \qquad S = \sum_i s_i

    With C and D the covariances of the columns with each other and with y, and d = W x̄ + b - ȳ, its gradient is
    ∂J/∂W = W C - D + d x̄ᵀ + (α/S) W and ∂J/∂b = d: the same as the sum over all rows, to rounding, without the rows.

    Parameters
    ----------
    moments
        What was seen of the data.
    alpha
        The penalty.
    fit_intercept
        Whether there is a b; it is then the last column of the parameters.
    """

    def __init__(self, moments: GramMoments, *, alpha: float = 0.0, fit_intercept: bool = True) -> None:
        p = moments.columns
        covariance = moments.products / moments.weight
        self._C = covariance[:p, :p]
        self._D = covariance[p:, :p]
        self._variance = np.diagonal(covariance)[p:]
        self._x, self._y = moments.mean[:p], moments.mean[p:]
        self._ridge = alpha / moments.weight
        self._intercept = fit_intercept
        self._rms = np.sqrt(np.append(np.diagonal(self._C) + self._x**2, [1.0] * fit_intercept))

    def value(self, parameters: Array, /) -> tuple[float, Array]:
        """Return the cost and its gradient."""
        W, d = self._split(parameters)
        slope = W @ self._C
        gradient = np.empty_like(parameters)
        gradient[:, : len(self._x)] = slope - self._D + d[:, None] * self._x + self._ridge * W
        if self._intercept:
            gradient[:, -1] = d
        # Twice the cost: variance of y - 2 W·D + W·C W is at least 0 in exact arithmetic.
        fit = self._variance + ((slope - 2.0 * self._D) * W).sum(axis=1)
        cost = 0.5 * float((np.maximum(fit, 0.0) + d**2).sum() + self._ridge * (W**2).sum())
        return cost, gradient

    def curvature(self, parameters: Array, /) -> tuple[float, Array, Array]:
        """Return the cost, its gradient and its second derivatives, which are the same everywhere."""
        cost, gradient = self.value(parameters)
        return cost, gradient, np.broadcast_to(self.second_derivatives(), (len(parameters), *[len(self._rms)] * 2))

    def second_derivatives(self) -> Array:
        """Return ∂²J/∂θ∂θ, shape (columns, columns), the intercept last."""
        p = len(self._x)
        H = np.empty((p + self._intercept,) * 2)
        H[:p, :p] = self._C + np.outer(self._x, self._x) + self._ridge * np.eye(p)
        if self._intercept:
            H[p, :p] = H[:p, p] = self._x
            H[p, p] = 1.0
        return H

    def iterate(self, rate: float, number: int) -> Array:
        r"""Return the parameters after so many plain steps of size ``rate`` from zero, shape (targets, columns).

        With H = V Λ Vᵀ the second derivatives and g the gradient at zero, the steps add up to a geometric series for
        each eigenvalue,

        .. math:: θ_k = θ_{k-1} - η (g + H θ_{k-1}) = -V f(Λ) V^T g, \qquad
                  f(λ) = η \sum_{i<k} (1 - ηλ)^i = \frac{1 - (1 - ηλ)^k}{λ}.

        Along a direction with λ = 0 the gradient has no part, since the normal equations have a solution: what rounding
        leaves there is dropped, which kη times it would carry off.
        """
        gradient = self.value(np.zeros((len(self._y), len(self._rms))))[1]
        values, vectors = linalg.eigh(self.second_derivatives(), check_finite=False)
        # What is less than the rounding of the largest is an eigenvalue of 0, of columns that depend on each other.
        step = rate * np.where(values > len(values) * np.finfo(float).eps * values[-1], values, 0.0)
        # By the logarithm, for 1 - (1 - ηλ)ᵏ would lose the digits of a small ηλ; beyond 1 it has none to lose.
        slow = np.where((step > 0.0) & (step < 1.0), step, 0.5)
        grown = np.where(step < 1.0, -np.expm1(number * np.log1p(-slow)), 1.0 - (1.0 - step) ** number)
        factor = np.where(step > 0.0, rate * grown / np.where(step > 0.0, step, 1.0), 0.0)
        return -(gradient @ vectors * factor) @ vectors.T

    @property
    def rms(self) -> Array:
        """The root mean squares of the columns, and 1 for the intercept."""
        return self._rms

    def tolerances(self, tol: float, parameters: Array, /) -> Array:
        """Return tol times the most that each partial derivative can be, and its rounding where that is small.

        ∂J/∂wⱼ is a mean of xⱼ times the error, so it is at most the root mean square of xⱼ times that of the error;
        for the error stands the standard deviation of y. The rounding is that of the terms which cancel in the sum.
        """
        W, _ = self._split(parameters)
        size = np.abs(W) @ np.sqrt(np.diagonal(self._C) + self._x**2) + np.abs(self._y)
        if self._intercept:
            size = size + np.abs(parameters[:, -1])
        spread = np.sqrt(self._variance)
        rounding = 8 * np.finfo(float).eps * size
        # Of columns at 10⁹ with a spread of 10⁻³ the rounding hides the slopes: such a descent has not arrived.
        rounding = np.where(spread > 0.0, np.minimum(rounding, _HIDDEN * spread), rounding)
        return np.outer(tol * spread + rounding, self._rms)

    def obstacle(self) -> Status | None:
        """Return None: a sum of squares has a minimum."""
        return None

    def _split(self, parameters: Array) -> tuple[Array, Array]:
        W = parameters[:, : len(self._x)]
        d = W @ self._x - self._y
        return W, d + parameters[:, -1] if self._intercept else d


class LogisticCost:
    r"""The mean log-loss with its penalty, as a function of the parameters, by one fold over the data a value.

    .. math:: J(W, b) = \frac{1}{S} \Bigl[ \sum_i s_i ℓ_i + \frac{1}{2C} \lVert W \rVert^2 \Bigr], \qquad S = \sum_i s_i

    Parameters
    ----------
    fold
        One pass over the data.
    columns
        The number of columns of X.
    C
        The inverse of the penalty's strength, as in scikit-learn; infinity for none.
    rms
        The root mean squares of the columns, and 1 for the intercept; None if the curvature at zero will be asked for
        first, where they are seen.
    """

    def __init__(self, fold: Fold, columns: int, *, C: float, rms: Array | None = None) -> None:
        self._fold = fold
        self._columns = columns
        self._penalty = 1.0 / C
        self._rms = rms
        self._last: LogLoss | None = None

    def value(self, parameters: Array, /) -> tuple[float, Array]:
        """Return the cost and its gradient."""
        return self._cost(parameters, self._sums(parameters, curvature=False))

    def curvature(self, parameters: Array, /) -> tuple[float, Array, Array]:
        """Return the cost, its gradient and its second derivatives."""
        sums = self._sums(parameters, curvature=True)
        cost, gradient = self._cost(parameters, sums)
        if sums.second is None:
            raise TypeError("this fold let go of the curvature")
        second = sums.second / sums.weight
        if self._rms is None and not parameters.any():
            # Where every probability is 1/2 every bend is 1/4.
            self._rms = 2.0 * np.sqrt(np.diagonal(second[0]))
        diagonal = np.arange(self._columns)
        second[:, diagonal, diagonal] += self._penalty / sums.weight
        return cost, gradient, second

    def _cost(self, parameters: Array, sums: LogLoss) -> tuple[float, Array]:
        W = parameters[:, : self._columns]
        gradient = sums.gradient / sums.weight
        gradient[:, : self._columns] += (self._penalty / sums.weight) * W
        return (sums.cost + 0.5 * self._penalty * float((W**2).sum())) / sums.weight, gradient

    def tolerances(self, tol: float, parameters: Array, /) -> Array | float:
        """Return tol times the most that each partial derivative can be.

        ∂J/∂wⱼ is a mean of xⱼ times the error of a probability, so it is at most the root mean square of xⱼ.
        """
        return tol if self._rms is None else tol * self._rms

    def obstacle(self) -> Status | None:
        """Return "separated" where there is no penalty and the last parameters put every row on its right side."""
        if self._penalty > 0.0 or self._last is None or not (self._last.nearest < 0.0).all():
            return None
        return Status(
            "separated",
            message(
                "stopped: the columns part the classes without an error, so without a penalty the coefficients would "
                "grow for ever; give C a finite value"
            ),
        )

    def _sums(self, parameters: Array, *, curvature: bool) -> LogLoss:
        self._last = self._fold(lambda: LogLoss(parameters, self._columns, curvature=curvature))
        return self._last


def largest_eigenvalue(matrix: Array) -> float:
    """Return the largest eigenvalue of a symmetric matrix that has no negative one."""
    size = len(matrix)
    if size == 0:
        return 0.0
    if size <= 500:
        return float(linalg.eigvalsh(matrix, subset_by_index=(size - 1, size - 1), check_finite=False)[0])
    # Lanczos from a fixed start: the whole spectrum of 10,000 columns would take minutes. It comes from below, hence
    # the margin.
    top: Any = eigsh(matrix, k=1, which="LA", v0=np.ones(size), return_eigenvectors=False)
    return float(top[0]) * (1.0 + 1e-8)


def steepest_direction(matrix: Array) -> Array | None:
    """Return the unit vector along which a symmetric matrix is largest; None where it is too large to be worth it."""
    size = len(matrix)
    if not 0 < size <= 500:
        return None
    return linalg.eigh(matrix, subset_by_index=(size - 1, size - 1), check_finite=False)[1][:, 0]
