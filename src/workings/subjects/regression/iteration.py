"""What every iterative fit shares: an algorithm is ``init``, ``step``, ``terminate``; one driver owns the loop.

``init`` makes the first iterate, ``step`` makes the next one from it, ``terminate`` says whether this one is the end
and why. The loop is in :func:`run` alone, and an explanation replays the same ``step`` that the fit took.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from workings.ending import Ending
from workings.expression import Number
from workings.language import message
from workings.subjects.regression.history import History, HistoryKeeper
from workings.working import shown

__all__ = ["Iterate", "Method", "Objective", "Outcome", "Status", "arrived", "run", "written"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Status(Ending):
    """Why an iteration ended.

    Parameters
    ----------
    name
        "converged"; "max_iter" (steps ran out); "cost_rose" (the learning rate is too large); "stalled" (no step
        lowers the cost any more, at the limit of rounding); "separated" (a plane parts a class from the rest, so the
        cost has no minimum); "diverged" (each step overshoots by more than it gains); "not_finite" (the numbers left
        the range of float64, or what is defined); "unbounded" (the cost falls beyond any number); "saddle" (the slopes
        vanish where the cost curves down); "kink" (the cost has a corner, which leads no step on).
    text
        The same as a sentence.
    """

    name: Literal[
        "converged",
        "max_iter",
        "cost_rose",
        "stalled",
        "separated",
        "diverged",
        "not_finite",
        "unbounded",
        "saddle",
        "kink",
    ]


@dataclass(frozen=True, eq=False)
class Iterate:
    """Where an iteration stands.

    Parameters
    ----------
    number
        0 at the start, then one more a step.
    parameters, gradient
        Shape (outputs, columns); where there is an intercept it is the last column.
    cost
        The cost at ``parameters``.
    noise
        A rise of the cost up to this is rounding.
    landing
        Where the last plain step landed: the parameters without their momentum.
    pace
        Nesterov's t: 1 at rest, growing by about 1/2 a step.
    curvature
        The second derivatives at ``parameters``, where the method has asked for them.
    stop
        Set by a step that could not go on; the other fields are then those of the iterate before it.
    """

    number: int
    parameters: Array
    cost: float
    gradient: Array
    noise: float
    landing: Array
    pace: float = 1.0
    curvature: Array | None = None
    stop: Status | None = None


class Objective(Protocol):
    """A cost to be lowered."""

    def value(self, parameters: Array, /) -> tuple[float, Array]:
        """Return the cost and its gradient at ``parameters``."""
        ...

    def curvature(self, parameters: Array, /) -> tuple[float, Array, Array]:
        """Return the cost, its gradient and its second derivatives, shape (outputs, columns, columns)."""
        ...

    def tolerances(self, tol: float, parameters: Array, /) -> Array | float:
        """Return how small each partial derivative has to be at the minimum."""
        ...

    def obstacle(self) -> Status | None:
        """Return why no minimum can be arrived at, where the last value that was asked for shows it."""
        ...


class Method(Protocol):
    """An algorithm: ``init``, ``step``, ``terminate``."""

    def init(self, start: Array, /) -> Iterate:
        """Return the iterate at ``start``."""
        ...

    def step(self, at: Iterate, /) -> Iterate:
        """Return the next iterate."""
        ...

    def terminate(self, at: Iterate, /) -> Status | None:
        """Return why the iteration ends here, or None to go on."""
        ...


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an iteration came to.

    Parameters
    ----------
    minimum
        The parameters at the end, shape (outputs, columns).
    cost, gradient
        The cost and its gradient there.
    iterations
        The number of steps taken.
    status
        Why it ended.
    path
        Cost and gradient norm at every iteration, the parameters at some.
    """

    minimum: Array
    cost: float
    gradient: Array
    iterations: int
    status: Status
    path: History

    @property
    def converged(self) -> bool:
        """Whether the minimum was reached to the tolerance that was asked."""
        return self.status.converged


def run(method: Method, start: Array, *, max_iter: int, keep_values: int = 10_000) -> Outcome:
    """Run ``method`` from ``start`` until it terminates or ``max_iter`` steps are taken.

    Parameters
    ----------
    method
        The algorithm.
    start
        The first parameters, shape (outputs, columns).
    max_iter
        The most steps.
    keep_values
        The history keeps the parameters of so many iterations that about this many numbers are held.
    """
    keeper = HistoryKeeper(most=max(8, keep_values // max(start.size, 1)))
    at = method.init(start)
    keeper.add(at.number, at.cost, at.gradient, at.parameters)
    while (status := method.terminate(at)) is None:
        if at.number >= max_iter:
            status = _steps_ran_out(at)
            break
        at = method.step(at)
        if at.stop is None:
            keeper.add(at.number, at.cost, at.gradient, at.parameters)
    return Outcome(at.parameters, at.cost, at.gradient, at.number, status, keeper.history())


def arrived(objective: Objective, tol: float, at: Iterate) -> Status | None:
    """Return the status "converged" where every partial derivative at the iterate is within its tolerance."""
    if not math.isfinite(at.cost):
        return Status(
            "not_finite",
            message(
                "stopped at iteration {iteration}: the cost is not a finite number; normalise the columns first",
                iteration=at.number,
            ),
        )
    if (np.abs(at.gradient) <= objective.tolerances(tol, at.parameters)).all():
        return Status(
            "converged",
            message(
                "converged at iteration {iteration}: the largest partial derivative is {gradient}",
                iteration=at.number,
                gradient=written(_largest(at.gradient)),
            ),
        )
    return None


def _steps_ran_out(at: Iterate) -> Status:
    return Status(
        "max_iter",
        message(
            "stopped at iteration {iteration}, before it arrived: the largest partial derivative is still "
            "{gradient}; normalise the columns, or raise max_iter",
            iteration=at.number,
            gradient=written(_largest(at.gradient)),
        ),
    )


def _largest(gradient: Array) -> float:
    return float(np.abs(gradient).max(initial=0.0))


def written(value: float, significant: int = 3) -> Number:
    """Return a number as a sentence shows it, in the sentence's language: 0.0402, 3.46·10⁻¹¹."""
    return shown(value, significant)
