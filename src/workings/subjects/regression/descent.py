"""Gradient descent: full-batch steps downhill, plain or with Nesterov's momentum and adaptive restart."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workings.language import message
from workings.subjects.regression.iteration import Iterate, Objective, Status, arrived, written

__all__ = ["GradientDescent"]

Array = NDArray[np.float64]

# A cost is a long sum: a rise by less than this part of the first cost is its rounding.
NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class GradientDescent:
    r"""Full-batch gradient descent, plain or with Nesterov's momentum and adaptive restart.

    From the iterate θₖ with gradient gₖ a plain step lands on xₖ₊₁ = θₖ - η gₖ. Plain descent goes on from there.
    With momentum the next iterate lies further along the way that was come,

    .. math:: θ_{k+1} = x_{k+1} + \frac{t_k - 1}{t_{k+1}} (x_{k+1} - x_k), \quad
              t_{k+1} = \frac{1 + \sqrt{1 + 4 t_k^2}}{2},

    and where that way leads uphill, gₖ·(xₖ₊₁ - xₖ) > 0, the momentum is dropped: t = 1. A step with momentum whose
    cost rose is taken back for the plain one; a plain step whose cost rose ends the descent, for the learning rate is
    too large.

    Parameters
    ----------
    objective
        The cost and its gradient.
    learning_rate
        η > 0.
    tol
        How small the partial derivatives have to become; the objective says of what.
    momentum
        Whether Nesterov's momentum is used.

    Notes
    -----
    Y. Nesterov (1983), *Soviet Mathematics Doklady* 27, 372-376; B. O'Donoghue and E. Candès (2015), *Foundations of
    Computational Mathematics* 15, 715-732, section 3.2 (the gradient scheme of the restart).
    """

    objective: Objective
    learning_rate: float
    tol: float
    momentum: bool = True

    def init(self, start: Array) -> Iterate:
        """Return the iterate at ``start``, at rest."""
        cost, gradient = self.objective.value(start)
        return Iterate(0, start, cost, gradient, noise=NOISE * abs(cost), landing=start)

    def step(self, at: Iterate) -> Iterate:
        """Return the next iterate; see the class for the rule."""
        landing = at.parameters - self.learning_rate * at.gradient
        way = landing - at.landing
        # Uphill is judged by the gradient, not by the cost, which near the minimum is flat to rounding long before
        # the gradient is small.
        uphill = float(np.vdot(at.gradient, way)) > 0.0
        pace = 1.0 if uphill else (1.0 + math.sqrt(1.0 + 4.0 * at.pace**2)) / 2.0
        carry = (at.pace - 1.0) / pace if self.momentum and not uphill else 0.0
        parameters = landing + carry * way
        cost, gradient = self.objective.value(parameters)
        if carry > 0.0 and not cost <= at.cost + at.noise:
            parameters, pace = landing, 1.0
            cost, gradient = self.objective.value(parameters)
        if not cost <= at.cost + at.noise:
            return replace(at, stop=self._cost_rose(at, cost))
        return Iterate(at.number + 1, parameters, cost, gradient, at.noise, landing, pace)

    def terminate(self, at: Iterate) -> Status | None:
        """End where every partial derivative is within its tolerance, or where no minimum can be reached."""
        return at.stop or arrived(self.objective, self.tol, at) or self.objective.obstacle()

    def _cost_rose(self, at: Iterate, cost: float) -> Status:
        return Status(
            "cost_rose",
            message(
                "stopped at iteration {iteration}: a step with learning rate {rate} raised the cost from "
                '{before} to {after}; choose a smaller learning_rate, or "auto"',
                iteration=at.number,
                rate=written(self.learning_rate, 6),
                before=written(at.cost, 6),
                after=written(cost, 6),
            ),
        )
