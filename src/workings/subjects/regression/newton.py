"""Newton's method with a line search: for the logistic cost, iteratively reweighted least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.language import message
from workings.subjects.regression.descent import NOISE
from workings.subjects.regression.iteration import Iterate, Objective, Status, arrived, written

__all__ = ["NewtonMethod"]

Array = NDArray[np.float64]

# A step must bring at least this part of the fall that the slope promises (Armijo); 1e-4 as Nocedal and Wright,
# *Numerical Optimization* (2006), section 3.1.
_SUFFICIENT = 1e-4
_MOST_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class NewtonMethod:
    """Newton's method: θ' = θ - s H⁻¹g, with s halved from 1 until the cost falls enough.

    H is the matrix of second derivatives. Where it is singular (columns that depend on each other, and no penalty) the
    smallest step that solves H d = g is taken.

    Parameters
    ----------
    objective
        The cost, its gradient and its second derivatives.
    tol
        How small the partial derivatives have to become.

    Notes
    -----
    P. Green (1984), *Journal of the Royal Statistical Society B* 46, 149-192 (iteratively reweighted least squares).
    """

    objective: Objective
    tol: float

    def init(self, start: Array) -> Iterate:
        """Return the iterate at ``start``."""
        cost, gradient, curvature = self.objective.curvature(start)
        return Iterate(0, start, cost, gradient, noise=NOISE * abs(cost), landing=start, curvature=curvature)

    def step(self, at: Iterate) -> Iterate:
        """Return the next iterate."""
        curvature = self.objective.curvature(at.parameters)[2] if at.curvature is None else at.curvature
        direction = np.stack([_solve(h, g) for h, g in zip(curvature, at.gradient, strict=True)])
        promise = float(np.vdot(at.gradient, direction))
        scale = 1.0
        for _ in range(_MOST_HALVINGS):
            parameters = at.parameters - scale * direction
            # The whole step is nearly always taken, so what the next one needs is asked for at once.
            cost, gradient, following = self.objective.curvature(parameters)
            # Next to the minimum the fall is below the cost's rounding; there a smaller gradient is what tells.
            enough = cost <= at.cost - _SUFFICIENT * scale * promise
            flat = cost <= at.cost + at.noise and np.abs(gradient).max() < np.abs(at.gradient).max()
            if enough or flat:
                return Iterate(at.number + 1, parameters, cost, gradient, at.noise, parameters, curvature=following)
            scale /= 2.0
        return replace(at, stop=_stalled(at))

    def terminate(self, at: Iterate) -> Status | None:
        """End where every partial derivative is within its tolerance, or where no minimum can be reached."""
        return at.stop or arrived(self.objective, self.tol, at) or self.objective.obstacle()


def _solve(curvature: Array, gradient: Array) -> Array:
    """Return H⁻¹g, or the smallest d (columns scaled alike) with H d = g where H is singular to rounding."""
    # Scaled to a unit diagonal first, so that columns in different units do not look dependent.
    size = np.sqrt(np.diagonal(curvature))
    size = np.where(size > 0.0, size, 1.0)
    scaled = curvature / np.outer(size, size)
    negligible = 16 * np.finfo(float).eps * len(size)
    try:
        factor = linalg.cholesky(scaled, lower=True, check_finite=False)
    except linalg.LinAlgError:
        factor = np.zeros((1, 1))
    if np.diagonal(factor).min() ** 2 > negligible:
        return linalg.cho_solve((factor, True), gradient / size, check_finite=False) / size
    values, vectors = linalg.eigh(scaled, check_finite=False)
    usable = values > negligible * max(values[-1], 0.0)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=usable)
    return (vectors * inverse) @ (vectors.T @ (gradient / size)) / size


def _stalled(at: Iterate) -> Status:
    return Status(
        "stalled",
        message(
            "stopped at iteration {iteration}: no step lowers the cost any further than rounding; the largest partial "
            "derivative is {gradient}",
            iteration=at.number,
            gradient=written(float(np.abs(at.gradient).max())),
        ),
    )
