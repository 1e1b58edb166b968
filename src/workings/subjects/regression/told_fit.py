"""What a narration tells of: one fit, with the rows that it was made on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workings.once import cached_property
from workings.subjects.regression.compute import LearningRate
from workings.subjects.regression.history import History
from workings.subjects.regression.iteration import Iterate, Objective, Status
from workings.subjects.regression.rows import Rows

__all__ = ["FIRST_STEPS", "MOST_LINES", "MOST_TERMS", "ROUNDING", "Fit", "told_apart"]

Array = NDArray[np.float64]

# So many steps are told with the data's numbers.
FIRST_STEPS = 3
# And of these iterations the cost and the slopes.
LATER = (10, 100)
# And these, with the last, have a row in the table of the way.
LISTED = (0, 1, 2, *LATER, 1_000, 10_000, 100_000, 1_000_000)
# Of more values than these the lines are told from sums that were counted once.
MOST_TERMS = 100_000
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
        The cost that was lowered; None where no descent was made.
    rate
        The learning rate, None where no descent was made.
    steep
        The direction of the largest curvature of XᵀX/n (with a column of ones for the intercept), where that is known.
    history
        The way of the fit, None where there was none.
    question, alone
        Which output of the history this one is, and whether it is the only one, so that the history's costs are its.
    momentum
        Whether the descent had momentum.
    asked
        The columns whose coefficients get a line each; None for all, and of very many the first and the largest.
    standard_errors
        Of the coefficients and, last, of the intercept, as the fit found them (NaN or None where it has none).
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
    question: int = 0
    alone: bool = True
    momentum: bool = False
    asked: Sequence[int] | None = None
    standard_errors: Array | None = None

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
        first = None if self.history is None else self.history.gradient_at(0)
        slopes = self.gradient if first is None else first[self.question]
        return int(np.argmax(np.abs(slopes[: self.columns])))

    def iterate(self, number: int) -> Iterate | None:
        """Return where the fit stood at an iteration, where that was kept of its way."""
        history, rate = self.history, self.rate
        parameters = None if history is None else history.at(number)
        gradient = None if history is None else history.gradient_at(number)
        if history is None or parameters is None or gradient is None:
            return None
        at, slopes = parameters[self.question][None], gradient[self.question][None]
        if self.alone:
            cost = float(history.cost[number])
        elif self.objective is not None:
            cost = self.objective.value(at)[0]
        else:
            return None
        before, slopes_before = history.at(number - 1), history.gradient_at(number - 1)
        landing = at
        if rate is not None and before is not None and slopes_before is not None:
            landing = before[self.question][None] - rate.value * slopes_before[self.question][None]
        return Iterate(number, at, cost, slopes, noise=0.0, landing=landing)

    def first_iterates(self) -> list[Iterate]:
        """Return the iterates of the first steps, as the fit took them."""
        iterates: list[Iterate] = []
        if self.rate is None:
            return iterates
        for number in range(min(FIRST_STEPS, self.iterations) + 1):
            at = self.iterate(number)
            if at is None:
                break
            if iterates:
                at = replace(at, pace=_pace(iterates[-1], at))
            iterates.append(at)
            if not self.has_slopes(at):
                break
        return iterates

    def later_iterates(self) -> list[Iterate]:
        """Return the iterates that are told without their steps: 10 and 100, of those that lie on the way."""
        if self.rate is None:
            return []
        found = [self.iterate(number) for number in LATER if number < self.iterations]
        return [at for at in found if at is not None and self.has_slopes(at)]

    def way_iterates(self) -> list[Iterate]:
        """Return the iterates of the table of the way: 0, 1, 2, the powers of ten, and the last; none without a way."""
        if self.history is None or len(self.history) < 2:
            return []
        last = len(self.history) - 1
        found = [self.iterate(number) for number in sorted({*LISTED, last}) if number <= last]
        return [at for at in found if at is not None]

    def rounding(self, column: int | None) -> float:
        """How far a mean over the rows may be off by rounding: a part of the size of what is added up."""
        size = 1.0 if column is None else float(self._sizes[1][column])
        return ROUNDING * self.size * max(size, 1e-300)

    @property
    def size(self) -> float:
        """The largest that a target, its prediction's terms and the intercept add up to."""
        intercept = abs(float(self.parameters[-1])) if len(self.parameters) > self.columns else 0.0
        return self._sizes[0] + intercept

    @cached_property
    def _sizes(self) -> tuple[float, Array]:
        """The largest that a target and its prediction add up to, and the largest value of each column."""
        X, y, given = self.rows.X, self.rows.y, self.parameters[: self.columns]
        # Column by column: along the rows of a narrow table NumPy takes ten times as long.
        largest = np.array([max(abs(float(one.max())), abs(float(one.min()))) for one in X.T])
        targets = [abs(float(end)) for end in (y.max(initial=0.0), y.min(initial=0.0))]
        return max(targets) + float(np.abs(given) @ largest), largest

    def has_slopes(self, at: Iterate) -> bool:
        """Whether the slopes that are told are more than what rounding leaves of 0."""
        told = [(at.gradient[0, self.steepest], self.rounding(self.steepest))]
        if len(self.parameters) > self.columns:
            told.append((at.gradient[0, -1], self.rounding(None)))
        return all(slope == 0.0 or abs(slope) > 1e3 * rounding for slope, rounding in told)


def _pace(before: Iterate, at: Iterate) -> float:
    """Return Nesterov's t after a step: a step that ended where it landed had no momentum, and begins anew."""
    if before.number and np.array_equal(at.parameters, at.landing):
        return 1.0
    return (1.0 + math.sqrt(1.0 + 4.0 * before.pace**2)) / 2.0


def told_apart(coefficients: Array) -> list[int]:
    """Return which of many coefficients get a line each where none is asked for: the first and the largest."""
    largest_first = np.argsort(-np.abs(coefficients), kind="stable")
    return sorted({*range(MOST_LINES // 2), *largest_first[: MOST_LINES // 2].tolist()})
