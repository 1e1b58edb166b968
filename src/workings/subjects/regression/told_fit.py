"""What a narration tells of: one fit, with the rows that it was made on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.subjects.regression.compute import LearningRate
from workings.subjects.regression.descent import GradientDescent
from workings.subjects.regression.history import History
from workings.subjects.regression.iteration import Iterate, Objective, Status
from workings.subjects.regression.rows import Rows

__all__ = ["FIRST_STEPS", "MOST_LINES", "ROUNDING", "Fit", "told_apart"]

Array = NDArray[np.float64]

# So many steps are told with the data's numbers.
FIRST_STEPS = 3
# So many coefficients get a line each; of more, the first and the largest.
MOST_LINES = 30
# A kernel's sum over the rows and its recount differ by rounding: this part of the size of what is added.
ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Fit:
    """What is told: one question's fit on rows that are at hand.

    Parameters
    ----------
    rows
        X, y (numbers, or 1 and 0 for yes and no) and weights.
    names
        The columns' names.
    parameters
        At the end, shape (columns,) or with the intercept last.
    cost, gradient
        At the end, as they were computed.
    status
        Why the fit ended.
    iterations
        Steps taken.
    tol
        What was asked of the gradient.
    penalty
        C of the logistic cost (infinity for none), α of the linear one (0 for none).
    objective
        The cost that was lowered, for replaying the first steps; None where no descent was made.
    rate
        The learning rate, None where no descent was made.
    steep
        The direction of the largest curvature of XᵀX/n (with a column of ones for the intercept), where that is known.
    history
        Cost and gradient at every iteration, None where there were none.
    momentum
        Whether the descent had momentum.
    asked
        The columns whose coefficients get a line each; None for all, and of very many the first and the largest.
    """

    rows: Rows
    names: Sequence[str]
    parameters: Array
    cost: float
    gradient: Array
    status: Status
    iterations: int
    tol: float
    penalty: float
    objective: Objective | None = None
    rate: LearningRate | None = None
    steep: Array | None = None
    history: History | None = None
    momentum: bool = False
    asked: Sequence[int] | None = None

    @property
    def weight(self) -> float:
        """The number of rows, or the sum of their weights."""
        return float(len(self.rows.X) if self.rows.weight is None else self.rows.weight.sum())

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.rows.X.shape[1]

    @property
    def steepest(self) -> int:
        """The column whose coefficient is followed through the first steps: the one that the cost falls fastest by."""
        slopes = np.abs(self.gradient[: self.columns])
        if self.objective is not None:
            slopes = np.abs(self.objective.value(np.zeros((1, len(self.parameters))))[1][0, : self.columns])
        return int(np.argmax(slopes))

    def first_iterates(self) -> list[Iterate]:
        """Replay the first steps with the same step that the fit took."""
        if self.objective is None or self.rate is None:
            return []
        method = GradientDescent(self.objective, self.rate.value, self.tol, momentum=self.momentum)
        iterates = [method.init(np.zeros((1, len(self.parameters))))]
        while len(iterates) <= min(FIRST_STEPS, self.iterations) and self._has_slopes(iterates[-1]):
            following = method.step(iterates[-1])
            if following.stop is not None:
                break
            iterates.append(following)
        return iterates

    def rounding(self, column: int | None) -> float:
        """How far a mean over the rows may be off by rounding: a part of the size of what is added up."""
        X, y = self.rows.X, self.rows.y
        error = np.abs(y).max(initial=0.0) + np.abs(product(X, self.parameters[: self.columns])).max(initial=0.0)
        size = 1.0 if column is None else float(np.abs(X[:, column]).max(initial=0.0))
        return ROUNDING * float(error + 1.0) * max(size, 1e-300)

    def _has_slopes(self, at: Iterate) -> bool:
        """Whether the slopes that are told are more than what rounding leaves of 0."""
        told = [(at.gradient[0, self.steepest], self.rounding(self.steepest))]
        if len(self.parameters) > self.columns:
            told.append((at.gradient[0, -1], self.rounding(None)))
        return all(slope == 0.0 or abs(slope) > 1e3 * rounding for slope, rounding in told)


def told_apart(coefficients: Array) -> list[int]:
    """Return which of many coefficients get a line each where none is asked for: the first and the largest."""
    largest_first = np.argsort(-np.abs(coefficients), kind="stable")
    return sorted({*range(MOST_LINES // 2), *largest_first[: MOST_LINES // 2].tolist()})
