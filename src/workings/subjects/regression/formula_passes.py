"""The passes that a fit makes over the data, as its algorithm sees them: functions of the parameters."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import mean_rows
from workings.expression.formula.undefined import undefined_cause
from workings.language import message
from workings.subjects.regression.formula_census import FormulaCensus
from workings.subjects.regression.formula_columns import refuse_row
from workings.subjects.regression.formula_damping import Damped
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.formula_quadratic import Quadratic, of_factor, of_sums
from workings.subjects.regression.formula_rows import FitRows
from workings.subjects.regression.formula_summary import FormulaBend, FormulaFactor, FormulaSums

__all__ = ["Passes", "checked_census"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"
# A cost that has fallen to this part of the first is 0 but for rounding (for errors, to 1e-14 of the first).
_NOTHING = 1e-28
_LEAST_SIZE, _MOST_SIZE = 1e-140, 1e150


def checked_census(census: FormulaCensus, *, parameters: int, loss: str) -> FormulaCensus:
    """Return what is known of the rows, if they can be fitted.

    Parameters
    ----------
    census
        What was seen.
    parameters
        How many parameters there are.
    loss
        The loss: for the log-loss the target must be 0 or 1, and where errors are squared it must bear that.

    Raises
    ------
    InputError
        If a row has no finite number, a weight is negative or all are 0, there are fewer rows than parameters, or the
        target is something else than it must be.
    """
    if census.bad is not None:
        raise refuse_row(_FUNCTION, *census.bad)
    if census.weighted and census.count and census.low[1] < 0.0:
        raise InputError(
            message("fit_formula: sample_weight must not be negative; got {value}", value=float(census.low[1]))
        )
    if census.weighted and census.count and not 1e-150 <= census.weight <= 1e150:
        raise InputError(
            message(
                "fit_formula: sample_weight must add up to a number between 1e-150 and 1e150; got {total}",
                total=census.weight,
            )
        )
    if census.counted < parameters:
        raise InputError(
            message(
                "fit_formula: there must be at least as many rows as parameters; got {rows} rows for {parameters} "
                "parameters",
                rows=census.counted,
                parameters=parameters,
            )
        )
    if loss in {"squared", "huber"}:
        _check_squares(census)
    if loss == "log" and not census.whole:
        raise InputError(
            message(
                "fit_formula: target must be 0 or 1 in every row for the log-loss; got values from {low} to {high}",
                low=float(census.low[0]),
                high=float(census.high[0]),
            )
        )
    return census


def _check_squares(census: FormulaCensus) -> None:
    """Refuse a target whose squares a double does not hold, or only with digits lost."""
    largest = max(abs(float(census.low[0])), abs(float(census.high[0])))
    if largest and not _LEAST_SIZE <= largest <= _MOST_SIZE:
        raise InputError(
            message(
                "fit_formula: target must be of a size between 1e-140 and 1e150, so that its squares are numbers too; "
                "its largest is {value}; give it in another unit",
                value=largest,
            )
        )


class Passes:
    """A fit's functions of the parameters, each one pass over the data.

    Parameters
    ----------
    program
        What is computed.
    rows
        Over which the passes go.
    census
        What is known of the rows.
    tol
        As :class:`Damped` takes it.
    """

    def __init__(
        self,
        program: FitProgram,
        rows: FitRows,
        census: FormulaCensus,
        tol: float,
    ) -> None:
        self._program = program
        self._fold = rows.fold
        self._columns = rows.columns
        self._census = census
        # A cost with kinks has no level bottom to arrive at: what steps can tell is a hundred-millionth of it.
        self._tol = max(tol, 1e-4) if program.of_row.name == "absolute" else tol
        self._last: tuple[bytes, tuple[float, Array, Array]] | None = None

    def steps(self, start: Array) -> Damped:
        """Return the algorithm.

        Raises
        ------
        InputError
            If the cost or a slope is not finite at the start.
        """
        cost, gradient, matrix = self._sums(start)
        if not (math.isfinite(cost) and np.isfinite(gradient).all() and np.isfinite(matrix).all()):
            raise self._refused(start, cost, gradient)
        bend = None if self._program.bends is None else self.bend
        seen = self._census
        if not self._program.of_row.squared:
            return Damped(self.look, bend, None, seen.weight, self._tol, nothing=_NOTHING * abs(cost))
        size = math.sqrt(seen.squares + seen.weight * seen.mean**2)
        return Damped(self.look, bend, self.sharpen, seen.weight, self._tol, size)

    def look(self, at: Array, least: Array | float) -> Quadratic | None:
        """Return the cost's quadratic, None where it is not finite."""
        cost, gradient, matrix = self._sums(at)
        if not (math.isfinite(cost) and np.isfinite(gradient).all() and np.isfinite(matrix).all()):
            return None
        return of_sums(cost, gradient, matrix, least)

    def sharpen(self, at: Array, least: Array | float) -> Quadratic | None:
        """Return the same from the rows' factor."""
        factor = self._fold(lambda: FormulaFactor(self._program, at)).result()
        return of_factor(factor, least) if np.isfinite(factor).all() else None

    def bend(self, at: Array, along: Array) -> Array:
        """Return how the model bends along a direction."""
        return self._fold(lambda: FormulaBend(self._program, at, along)).result()

    def _sums(self, at: Array) -> tuple[float, Array, Array]:
        key = at.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = key, self._fold(lambda: FormulaSums(self._program, at)).result()
        return self._last[1]

    def _refused(self, start: Array, cost: float, gradient: Array) -> InputError:
        model = self._program.model
        if self._columns is not None:
            given = dict(zip(self._program.parameters, start.tolist(), strict=True))
            values = {name: given[name] if name in given else self._columns[name] for name in model.arguments}
            (found,) = self._program.predictions(*start.tolist(), *(self._columns[name] for name in model.columns))
            if np.isnan(found).any():
                whole = model if not np.ndim(found) else model.alike(mean_rows(model.node))
                return InputError(
                    message(
                        "{function}: start must be where the cost is defined; got {cause}; start elsewhere",
                        function=_FUNCTION,
                        cause=undefined_cause(whole, values),
                    )
                )
        if math.isfinite(cost):
            for name, slope in zip(self._program.parameters, gradient.tolist(), strict=True):
                if not math.isfinite(slope):
                    return InputError(
                        message(
                            "{function}: start must be where the cost has slopes; there the one by {name} is {value}; "
                            "start elsewhere",
                            function=_FUNCTION,
                            name=name,
                            value=slope,
                        )
                    )
            return InputError(
                message("{function}: start must be where the cost has slopes; start elsewhere", function=_FUNCTION)
            )
        return InputError(
            message(
                "{function}: start must be where the cost is finite; there it is {value}; start elsewhere",
                function=_FUNCTION,
                value=cost,
            )
        )
