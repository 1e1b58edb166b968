"""What a fit of a formula came to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from workings.errors import InputError
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.regression.formula_columns import as_columns, column_names
from workings.subjects.regression.formula_path import FormulaPath
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.iteration import Status
from workings.working import Explainable

__all__ = ["FormulaFit"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class FormulaFit(Explainable):
    """A formula fitted to data.

    Parameters
    ----------
    parameters
        Where the cost is least.
    standard_errors
        How far each is off, by one standard deviation: for the squared loss as ``scipy.optimize.curve_fit`` has it,
        for the log-loss from the Fisher information; NaN for other losses, infinite where the data does not tell.
    covariance
        The parameters' covariance, in their order; NaN and infinite likewise.
    cost
        The mean loss, weighted where rows have weights.
    r2
        For the squared loss one minus the squared errors over those from the target's mean, else NaN.
    status
        Why it ended.
    iterations
        The number of steps taken.
    path
        Where it was at some iterations.
    formula
        The model with the numbers put in, a formula of the columns.
    model
        The model as it was given.
    target, weight
        The names of the columns.
    loss
        "squared", "log", "absolute", "huber", or the formula in y and p.
    row_count, total_weight
        The number of rows, and the sum of their weights (1 each, where there are none).
    degrees_of_freedom
        Rows that count, less parameters.
    gradient
        The partial derivatives of the cost at the end.
    rows
        The data, where it is small enough to be kept; else an even choice of rows.
    complete
        Whether ``rows`` are all rows.
    absolute_sigma
        As it was asked.
    program
        What was computed in each pass.
    """

    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    covariance: Array
    cost: float
    r2: float
    status: Status
    iterations: int
    path: FormulaPath
    formula: Formula
    model: Formula
    target: str
    weight: str | None
    loss: str
    row_count: int
    total_weight: float
    degrees_of_freedom: int
    gradient: Mapping[str, float]
    rows: Mapping[str, Array]
    complete: bool
    absolute_sigma: bool
    program: FitProgram

    @property
    def converged(self) -> bool:
        """Whether the cost is level in every parameter, to the tolerance asked."""
        return self.status.converged

    @property
    def residual_deviation(self) -> float:
        """For the squared loss the standard deviation of the errors, √(Σ s (y - p)² / degrees of freedom); else NaN."""
        if self.loss != "squared" or self.degrees_of_freedom <= 0:
            return math.nan
        return math.sqrt(self.cost * self.total_weight / self.degrees_of_freedom)

    @property
    def residuals(self) -> Array:
        """What the formula leaves of each row's target, y - p.

        Raises
        ------
        InputError
            If the rows were too many to be kept; take ``y - fit.predict(data)`` of those that you have.
        """
        if not self.complete:
            raise InputError(
                message(
                    "residuals: the rows must be few enough to be kept; got {count}; try y - fit.predict(data)",
                    count=self.row_count,
                )
            )
        return self.rows[self.target] - self.predict(self.rows)

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return an interval for each parameter that holds the true value in this part of all samples.

        Parameters
        ----------
        level
            Between 0 and 1.

        Returns
        -------
        dict
            (low, high) by name: the parameter, and Student's quantile times its standard error to both sides (the
            normal one's where errors are known, ``absolute_sigma``, or the loss is the log-loss). They rest on the
            model being nearly linear that near; NaN where there is no standard error.

        Raises
        ------
        InputError
            If ``level`` is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise InputError(
                message("intervals: level must be a number between 0 and 1; got {got}; try 0.95", got=repr(level))
            )
        upper = 0.5 + 0.5 * float(level)
        known = self.absolute_sigma or self.loss != "squared"
        if known or self.degrees_of_freedom > 0:
            quantile = float(special.ndtri(upper) if known else special.stdtrit(self.degrees_of_freedom, upper))
        else:
            quantile = math.inf
        return {
            name: (value - quantile * self.standard_errors[name], value + quantile * self.standard_errors[name])
            for name, value in self.parameters.items()
        }

    def __call__(self, **columns: Any) -> Any:
        """Return what the fitted formula gives, for numbers or arrays by name: ``fit(x=2.5)``."""
        return self.formula(**columns)

    def predict(self, data: Any) -> Array:
        """Return what the fitted formula gives for other rows.

        Parameters
        ----------
        data
            Columns by name: a mapping of arrays or a data frame.

        Returns
        -------
        numpy.ndarray
            float64, one value a row.

        Raises
        ------
        InputError
            If a column is missing or holds no numbers.
        """
        columns = as_columns(data, self.model.rows, function="predict")
        kept = dict(self.model.data)
        given = [columns[name] if name in columns else kept[name] for name in self.model.columns]
        (found,) = self.program.predictions(*self.parameters.values(), *given)
        if np.ndim(found):
            return np.asarray(found)
        names = column_names(data, function="predict")
        length = len(next(iter(as_columns(data, names[:1], function="predict").values()))) if names else 1
        return np.full(length, float(found))

    def __repr__(self) -> str:
        wide = max(map(len, self.parameters))
        lines = [
            f"{name:<{wide}}  {value: .6g}  ± {self.standard_errors[name]:.3g}"
            for name, value in self.parameters.items()
        ]
        return "\n".join([*lines, f"{'cost':<{wide}}  {self.cost: .6g}", str(self.status)])
