"""Gradient descent on any formula, whose slopes the chain rule gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import ConvergenceWarning, InputError, warn
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.regression.formula_columns import as_columns, column_names, first_bad_row, refuse_row
from workings.subjects.regression.formula_cost import FormulaCost
from workings.subjects.regression.formula_ending import if_at_a_kink, if_no_minimum, with_the_largest_rate
from workings.subjects.regression.formula_parameters import as_start, with_columns
from workings.subjects.regression.formula_path import FormulaPath
from workings.subjects.regression.formula_steps import FixedRate, Searched, follow
from workings.subjects.regression.iteration import Status
from workings.working import Explainable

__all__ = ["Descent", "gradient_descent"]

Array = NDArray[np.float64]

# A descent keeps its columns, so that it can be explained, up to so many numbers.
_MOST_KEPT = 100_000


@dataclass(frozen=True, eq=False, repr=False)
class Descent(Explainable):
    """What a gradient descent on a formula came to.

    Parameters
    ----------
    minimum
        The parameters at the end; of a descent that diverged, the lowest that it saw.
    cost
        The formula's value there.
    gradient
        Its partial derivatives there.
    iterations
        The number of steps taken.
    status
        Why it ended.
    path
        Where it was at some iterations.
    formula
        What was lowered.
    learning_rate
        As it was asked: a number, or "auto".
    momentum, nesterov, tol
        As they were asked.
    largest_rate
        For a descent that diverged: the learning rate from which on steps overshoot at the lowest point it saw, 2/L
        without momentum, where L is the largest curvature of the cost there. None where it is not known.
    columns
        The data, where it is small enough to be kept.
    """

    minimum: Mapping[str, float]
    cost: float
    gradient: Mapping[str, float]
    iterations: int
    status: Status
    path: FormulaPath
    formula: Formula
    learning_rate: float | Literal["auto"]
    momentum: float
    nesterov: bool
    tol: float
    largest_rate: float | None = None
    columns: Mapping[str, Array] | None = None

    @property
    def converged(self) -> bool:
        """Whether every partial derivative became as small as was asked."""
        return self.status.converged

    def __repr__(self) -> str:
        lines = [f"{name}  {value:.6g}" for name, value in self.minimum.items()]
        return "\n".join([*lines, f"cost  {self.cost:.6g}", str(self.status)])


def gradient_descent(
    f: Any,
    start: Mapping[str, float],
    /,
    *,
    data: Any = None,
    learning_rate: float | Literal["auto"] = "auto",
    momentum: float = 0.0,
    nesterov: bool = False,
    max_iter: int = 10_000,
    tol: float = 1e-8,
) -> Descent:
    r"""Lower a formula by steps against its gradient.

    .. math:: v_{k+1} = μ v_k + ∇f(θ_k), \qquad θ_{k+1} = θ_k - η_k v_{k+1}

    Parameters
    ----------
    f
        A formula, text, or a Python function that has one value; over rows of data take ``mean`` or ``sum``. The
        gradient is its own, by the chain rule.
    start
        A number for each parameter by its name. Every other name in ``f`` is a column of ``data``.
    data
        The columns, by name: a mapping of arrays or a data frame.
    learning_rate
        η, the same for all steps; or "auto": each step as long as the cost allows (see Notes).
    momentum
        μ from 0 up to 1, not included; 0 is plain descent.
    nesterov
        Whether a step goes along :math:`∇f(θ_k) + μ v_{k+1}` instead; needs momentum.
    max_iter
        The most steps.
    tol
        It has arrived where every partial derivative is at most this.

    Returns
    -------
    Descent
        ``minimum``, ``cost``, ``path``, ``status``, ``iterations``; ``explain()`` derives its steps, ``plot()`` draws
        its way.

    Raises
    ------
    InputError
        If ``start`` leaves out a parameter or names what is none, ``f`` has a value for each row, the cost or a slope
        at the start is not finite (the message names the cause), a row of the data has no finite number, or an option
        is out of its range.
    FormulaError
        If ``f`` cannot be read, or has no derivative by a parameter.

    Warns
    -----
    ConvergenceWarning
        If it ends without having arrived: the steps ran out, it diverged, it left what is defined, it came to a
        saddle or to a kink of several parameters, or the cost goes on falling for ever.

    Notes
    -----
    A fixed rate gives the steps of ``torch.optim.SGD(lr=learning_rate, momentum=momentum, nesterov=nesterov)``. On a
    cost whose largest curvature is L plain steps converge below 2/L. A descent that climbs above its start and gets a
    million times as steep is stopped, and its status gives the rate that would have worked.

    With "auto" a step is tried with one over the curvature along the step before (Barzilai and Borwein 1988), and
    halved until the cost falls by a tenth of what the slope promises (Armijo 1966; where costs are equal to rounding
    the slopes are compared instead, Hager and Zhang 2005). The cost never rises, but for rounding.

    It goes to a minimum near the start, if there is one: which need not be the lowest. Of up to ten parameters the
    second derivatives are looked at in the end: a saddle is no minimum, and its status says so. At a kink, as of
    ``abs``, no slope vanishes and no step leads on; the status names the kink.

    Sources: A. Cauchy (1847), *Comptes rendus* 25, 536-538; B. Polyak (1964), *USSR Computational Mathematics and
    Mathematical Physics* 4(5), 1-17 (momentum); Y. Nesterov (1983), *Soviet Mathematics Doklady* 27, 372-376.

    Examples
    --------
    >>> import workings as wk
    >>> found = wk.gradient_descent("(x - 3)^2 + (z + 1)^2", {"x": 0, "z": 0})
    >>> round(found.minimum["x"], 6), round(found.minimum["z"], 6), found.converged
    (3.0, -1.0, True)

    A cost over rows of data is a formula too.

    >>> rows = {"x": [1, 2, 3], "y": [3, 5, 7]}
    >>> line = wk.gradient_descent("mean((y - (m*x + b))^2)", {"m": 0, "b": 0}, data=rows, learning_rate=0.1)
    >>> round(line.minimum["m"], 5), round(line.minimum["b"], 5)
    (2.0, 1.0)
    """
    function = "gradient_descent"
    _check_options(learning_rate, momentum, max_iter, tol, nesterov=nesterov)
    starts = as_start(start, function=function)
    known = () if data is None else column_names(data, function=function)
    formula, starts = with_columns(f, starts, known, function=function)
    if formula.over_rows or formula.captured:
        raise InputError(
            message(
                "{function}: f must have one value for all rows; got a value for each; try {mean} or {sum} around it",
                function=function,
                mean="mean(...)",
                sum="sum(...)",
            )
        )
    columns = dict(as_columns(data, formula.rows, function=function) if formula.rows else {})
    columns |= {name: np.asarray(column, dtype=np.float64) for name, column in formula.data.items()}
    if (bad := first_bad_row(columns)) is not None:
        raise refuse_row(function, *bad)
    cost = FormulaCost(formula, tuple(starts), columns)
    first = np.array(list(starts.values()))
    begun = _checked_start(cost, first, function)
    if learning_rate == "auto":
        steps: Searched | FixedRate = Searched(cost.value, tol, momentum, nesterov=nesterov)
    else:
        steps = FixedRate(cost.value, float(learning_rate), tol, momentum, nesterov, cost.cause, begun)
    last, lowest, status, path = follow(steps, first, cost.names, max_iter=max_iter)
    small = sum(column.size for column in columns.values()) <= _MOST_KEPT
    largest = None
    if status.name == "diverged":
        last = lowest
        status, largest = with_the_largest_rate(status, cost, lowest, momentum, nesterov=nesterov)
    elif status.converged and small:
        status = if_no_minimum(status, cost, last)
    elif status.name in {"stalled", "max_iter"}:
        status = if_at_a_kink(status, cost, last)
    if not status.converged and status.name != "stalled":
        warn(ConvergenceWarning(status.text))
    return Descent(
        minimum=MappingProxyType(dict(zip(cost.names, last.parameters.tolist(), strict=True))),
        cost=last.cost,
        gradient=MappingProxyType(dict(zip(cost.names, last.gradient.tolist(), strict=True))),
        iterations=int(path.iterations[-1]),
        status=status,
        path=path,
        formula=formula,
        learning_rate="auto" if learning_rate == "auto" else float(learning_rate),
        momentum=float(momentum),
        nesterov=nesterov,
        tol=float(tol),
        largest_rate=largest,
        columns=MappingProxyType({name: column.copy() for name, column in columns.items()}) if small else None,
    )


def _check_options(learning_rate: Any, momentum: Any, max_iter: Any, tol: Any, *, nesterov: bool) -> None:
    if learning_rate != "auto" and not (_is_number(learning_rate) and 0.0 < learning_rate < math.inf):
        raise InputError(
            message(
                'gradient_descent: learning_rate must be "auto" or a number above 0; got {got}',
                got=repr(learning_rate),
            )
        )
    if not (_is_number(momentum) and 0.0 <= momentum < 1.0):
        raise InputError(
            message(
                "gradient_descent: momentum must be a number from 0 up to 1, not included; got {got}; try 0.9",
                got=repr(momentum),
            )
        )
    if nesterov and not momentum:
        raise InputError(
            message("gradient_descent: nesterov must come with momentum; got momentum=0; try momentum=0.9")
        )
    if not isinstance(max_iter, int | np.integer) or isinstance(max_iter, bool) or max_iter < 0:
        raise InputError(
            message("gradient_descent: max_iter must be a whole number from 0 up; got {got}", got=repr(max_iter))
        )
    if not (_is_number(tol) and 0.0 <= tol < math.inf):
        raise InputError(message("gradient_descent: tol must be a number from 0 up; got {got}", got=repr(tol)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _checked_start(cost: FormulaCost, start: Array, function: str) -> tuple[float, float]:
    """Return the cost and the largest slope at the start.

    Raises
    ------
    InputError
        If one of them is not finite.
    """
    value, gradient = cost.value(start)
    if math.isnan(value):
        raise InputError(
            message(
                "{function}: start must be where the cost is defined; got {cause}; start elsewhere",
                function=function,
                cause=cost.cause(start),
            )
        )
    if math.isinf(value):
        raise InputError(
            message(
                "{function}: start must be where the cost is finite; there it is {value}; start elsewhere",
                function=function,
                value=value,
            )
        )
    for name, slope in zip(cost.names, gradient.tolist(), strict=True):
        if not math.isfinite(slope):
            raise InputError(
                message(
                    "{function}: start must be where the cost has slopes; there the one by {name} is {value}; start "
                    "elsewhere",
                    function=function,
                    name=name,
                    value=slope,
                )
            )
    return value, float(np.abs(gradient).max(initial=0.0))
