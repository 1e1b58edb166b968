"""Gradient descent on a formula, step by step: a fixed learning rate, or one found by a line search.

An algorithm is ``init``, ``step``, ``terminate``; the loop is in :func:`follow` alone, and an explanation replays the
same ``step`` that the descent took.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workings.language import Message, message
from workings.subjects.regression.formula_path import FormulaPath, PathKeeper, Position
from workings.subjects.regression.formula_stops import arrived, climbed, stalled, steps_ran_out, unbounded
from workings.subjects.regression.iteration import Status

__all__ = ["FixedRate", "Searched", "follow"]

Array = NDArray[np.float64]
Value = Callable[[Array], tuple[float, Array]]

# A step has to bring this part of the fall that the slope promises, or else end where the slope along it is no steeper
# uphill than the same part allows (on a quadratic cost the two are the same). 0.1 as Hager and Zhang (2005).
_SUFFICIENT = 0.1
# Where costs differ by less than this part of themselves their rounding decides, and the slopes are asked instead.
_ROUNDING = 1e-14
_MOST_HALVINGS = 60
# How much steeper than at the start a cost must have become, above where it began, to say that the descent diverges.
_FAR = 1e6


class Steps(Protocol):
    """An algorithm: ``init``, ``step``, ``terminate``."""

    def init(self, start: Array, /) -> Position:
        """Return the position at ``start``."""
        ...

    def step(self, at: Position, /) -> Position:
        """Return the next position."""
        ...

    def terminate(self, at: Position, /) -> Status | None:
        """Return why the iteration ends here, or None to go on."""
        ...


def follow(
    steps: Steps, start: Array, names: tuple[str, ...], *, max_iter: int
) -> tuple[Position, Position, Status, FormulaPath]:
    """Run an algorithm from ``start`` until it terminates or ``max_iter`` steps are taken.

    Returns
    -------
    last, lowest, status, path
        The position at the end and the one of the lowest cost, why it ended, and the way.
    """
    keeper = PathKeeper(names)
    # A product beyond the floats is infinite, and no step is taken for it.
    with np.errstate(over="ignore", invalid="ignore"):
        at = lowest = steps.init(start)
        keeper.add(at)
        while (status := steps.terminate(at)) is None:
            if at.number >= max_iter:
                status = steps_ran_out(at)
                break
            at = steps.step(at)
            if at.stop is None:
                keeper.add(at)
                lowest = at if at.cost < lowest.cost else lowest
    return at, lowest, status, keeper.path()


@dataclass(frozen=True, eq=False)
class Searched:
    r"""Descent whose every step is as long as the cost allows.

    .. math:: v_{k+1} = μ v_k + g_k, \qquad θ_{k+1} = θ_k - η_k d_k

    with :math:`d_k = v_{k+1}`, or :math:`g_k + μ v_{k+1}` with Nesterov's momentum; μ = 0 is plain descent. Where d
    leads uphill the momentum is dropped. ηₖ is tried first as one over the curvature of the cost along the last step,
    and halved until the cost falls enough; so it never rises.

    Parameters
    ----------
    value
        The cost and its gradient.
    tol
        How small every partial derivative has to become.
    momentum, nesterov
        μ, and whether it is Nesterov's.

    Notes
    -----
    L. Armijo (1966), *Pacific Journal of Mathematics* 16, 1-3 (enough of a fall); W. Hager and H. Zhang (2005), *SIAM
    Journal on Optimization* 16, 170-192, section 4 (the same asked of slopes, where costs are equal to rounding);
    J. Barzilai and J. Borwein (1988), *IMA Journal of Numerical Analysis* 8, 141-148, equation 5 (the first trial).
    """

    value: Value
    tol: float
    momentum: float = 0.0
    nesterov: bool = False

    def init(self, start: Array) -> Position:
        """Return the position at ``start``, at rest."""
        cost, gradient = self.value(start)
        # The first trial moves by a hundredth of the parameters' size; from the second on the curvature is known.
        largest = float(np.abs(gradient).max(initial=0.0))
        trial = 0.01 * max(1.0, float(np.abs(start).max(initial=0.0))) / largest if largest > 0.0 else 1.0
        return Position(0, start, cost, gradient, 0.0, np.zeros_like(start), trial)

    def step(self, at: Position) -> Position:
        """Return the next position; see the class for the rule."""
        velocity, direction = _direction(at, self.momentum, nesterov=self.nesterov)
        slope = -float(at.gradient @ direction)
        if slope >= 0.0:
            velocity, direction = _direction(replace(at, velocity=np.zeros_like(at.velocity)), self.momentum)
            slope = -float(at.gradient @ direction)
        rate = at.next_step
        for _ in range(_MOST_HALVINGS):
            parameters = at.parameters - rate * direction
            if (parameters == at.parameters).all():
                break
            cost, gradient = self.value(parameters)
            if _is_lower(at.cost, slope, rate, cost, -float(gradient @ direction)):
                following = self._next_trial(parameters - at.parameters, gradient - at.gradient, rate)
                return Position(at.number + 1, parameters, cost, gradient, rate, velocity, following)
            rate /= 2.0
        return replace(at, stop=stalled(at))

    def terminate(self, at: Position) -> Status | None:
        """End where every partial derivative is within the tolerance, or no step lowers the cost."""
        return at.stop or arrived(at, self.tol) or unbounded(at)

    def _next_trial(self, moved: Array, change: Array, rate: float) -> float:
        """Return one over the curvature along the last step; twice its rate where the cost curves down there."""
        curved, length = float(moved @ change), float(moved @ moved)
        if not (math.isfinite(curved) and curved > 0.0 and length > 0.0):
            return 2.0 * rate
        return length / curved * (1.0 - self.momentum)


@dataclass(frozen=True, eq=False)
class FixedRate:
    """Descent at one learning rate, with the update of ``torch.optim.SGD``.

    Parameters
    ----------
    value
        The cost and its gradient.
    rate
        η.
    tol, momentum, nesterov
        As in :class:`Searched`, whose update it is.
    cause
        Says why the cost is NaN at given parameters.
    start
        The cost and the largest partial derivative at the start, by which divergence is judged.

    Notes
    -----
    B. Polyak (1964), *USSR Computational Mathematics and Mathematical Physics* 4(5), 1-17 (momentum); Y. Nesterov
    (1983), *Soviet Mathematics Doklady* 27, 372-376, in the form of I. Sutskever, J. Martens, G. Dahl and G. Hinton
    (2013), *ICML*, equations 3 and 4.
    """

    value: Value
    rate: float
    tol: float
    momentum: float
    nesterov: bool
    cause: Callable[[Array], Message]
    start: tuple[float, float]

    def init(self, start: Array) -> Position:
        """Return the position at ``start``, at rest."""
        cost, gradient = self.value(start)
        return Position(0, start, cost, gradient, 0.0, np.zeros_like(start), self.rate)

    def step(self, at: Position) -> Position:
        """Return the next position."""
        velocity, direction = _direction(at, self.momentum, nesterov=self.nesterov)
        parameters = at.parameters - self.rate * direction
        if (parameters == at.parameters).all():
            return replace(at, stop=stalled(at))
        cost, gradient = self.value(parameters)
        if not (math.isfinite(cost) and np.isfinite(gradient).all()):
            return replace(at, stop=self._not_finite(at, parameters, cost, gradient))
        return Position(at.number + 1, parameters, cost, gradient, self.rate, velocity, self.rate)

    def terminate(self, at: Position) -> Status | None:
        """End where every partial derivative is within the tolerance, or the descent diverges."""
        return at.stop or arrived(at, self.tol) or unbounded(at) or self._diverged(at)

    def _diverged(self, at: Position) -> Status | None:
        cost, slope = self.start
        steep = float(np.abs(at.gradient).max(initial=0.0))
        if not (at.cost > cost and steep > _FAR * slope):
            return None
        return Status("diverged", climbed(at))

    def _not_finite(self, at: Position, parameters: Array, cost: float, gradient: Array) -> Status:
        if math.isnan(cost) and np.isfinite(parameters).all():
            return Status(
                "not_finite",
                message(
                    "stopped at iteration {iteration}, because the next step leads where the cost is not defined "
                    "({cause})",
                    iteration=at.number,
                    cause=self.cause(parameters),
                ),
            )
        if math.isfinite(cost):
            return Status(
                "not_finite",
                message(
                    "stopped at iteration {iteration}, because the next step leads where a partial derivative is "
                    "{value}",
                    iteration=at.number,
                    value=float(gradient[~np.isfinite(gradient)][0]),
                ),
            )
        return Status("diverged", climbed(at))


def _direction(at: Position, momentum: float, *, nesterov: bool = False) -> tuple[Array, Array]:
    """Return the velocity with the new gradient in it, and against which direction a step goes."""
    velocity = momentum * at.velocity + at.gradient
    return velocity, at.gradient + momentum * velocity if nesterov else velocity


def _is_lower(cost: float, slope: float, rate: float, reached: float, slope_there: float) -> bool:
    """Whether a step brought enough of the fall that the slope at its start promised."""
    if not (math.isfinite(reached) and math.isfinite(slope_there)):
        return False
    if reached <= cost + _SUFFICIENT * rate * slope:
        return True
    level = reached <= cost + _ROUNDING * abs(cost)
    return level and slope < slope_there <= (2.0 * _SUFFICIENT - 1.0) * slope
