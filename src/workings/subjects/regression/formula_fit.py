"""Any formula fitted to columns of data by its own gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import ConvergenceWarning, InputError, UndefinedWarning, warn
from workings.expression import Number, substitute
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.regression.formula_census import FormulaCensus
from workings.subjects.regression.formula_damping import Standing
from workings.subjects.regression.formula_errors import covariance_of
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_parameters import as_start, parameter_symbols, with_columns
from workings.subjects.regression.formula_passes import Passes, checked_census
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.formula_quadratic import Quadratic
from workings.subjects.regression.formula_rows import known_columns, rows_of_fit
from workings.subjects.regression.formula_steps import follow

__all__ = ["fit_formula"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"
# A fit keeps its rows, so that it can be explained, up to so many numbers; of more it keeps an even choice.
_MOST_KEPT = 100_000


def fit_formula(
    model: Any,
    target: Any,
    data: Any,
    /,
    *,
    start: Mapping[str, float],
    loss: Any = "squared",
    sample_weight: Any = None,
    absolute_sigma: bool = False,
    max_iter: int = 2_000,
    tol: float = 1e-10,
) -> FormulaFit:
    r"""Fit a formula's parameters to data.

    .. math:: \min_θ \frac{1}{S} \sum_i s_i\, ℓ(y_i, p_θ(x_i)), \qquad S = \sum_i s_i

    Parameters
    ----------
    model
        What predicts the target: a formula, text such as ``"A*sigmoid(w*x + b)"``, or a Python function.
    target
        The name of the column to be predicted, or its values.
    data
        The columns by name: a mapping of arrays or a data frame (pandas, Polars, PyArrow, ...). Or a fold, for rows
        that are elsewhere (:class:`FormulaFold`): a function that is called once a pass with what makes an empty
        summary and the names of the columns it needs, gives every batch of columns to such summaries' ``update``,
        merges them in the order of the rows, and returns the whole.
    start
        A number for each parameter by its name. Every other name in the model is a column.
    loss
        "squared", (y - p)²; "log", -ln p for y = 1 and -ln(1 - p) for y = 0, where the model gives a probability;
        "absolute", \|y - p\|; "huber", (y - p)²/2 up to an error of 1 and \|y - p\| - 1/2 beyond; or a formula in
        y, the target, and p, the prediction.
    sample_weight
        s: the name of a column, or its values; by default every row counts once. For errors of known standard
        deviation σ take 1/σ².
    absolute_sigma
        Whether the weights are 1/σ² in the target's own units, so that the covariance is not scaled by the errors
        that are left; as in ``scipy.optimize.curve_fit``.
    max_iter
        The most steps.
    tol
        It has arrived where the parameters could lower the cost by no more than tol² of it: for the squared loss, the
        part of the errors that they could still explain is tol times all. (For the absolute loss: by no more than
        1e-8 of it.)

    Returns
    -------
    FormulaFit
        ``parameters``, ``standard_errors``, ``covariance``, ``intervals()``, ``cost``, ``residual_deviation``, ``r2``,
        ``formula``, ``predict``; ``explain()`` derives it, ``plot()`` draws it.

    Raises
    ------
    InputError
        If ``start`` leaves out a parameter or names what is none, a column is missing, a row has no finite number
        (the message says which), there are fewer rows than parameters, the cost at the start is not finite, or an
        option is out of its range.
    FormulaError
        If the model or the loss cannot be read, or has no derivative by a parameter.

    Warns
    -----
    ConvergenceWarning
        If it ends without having arrived.
    UndefinedWarning
        If the data does not tell the parameters apart; the message names them, the standard errors are infinite.

    Notes
    -----
    Gauss and Newton's steps with Levenberg and Marquardt's damping, and second-order correction where the model is
    curved (Transtrum and Sethna 2012). Each step makes one pass over the data: cost, gradient and matrix come from one
    compiled kernel. Where the matrix is ill-conditioned the last steps and the covariance come from an orthogonal
    factor of the rows instead. For losses other than the squared one the matrix is the generalised one of Schraudolph
    (2002), which for the log-loss is Fisher's scoring, for absolute and Huber's errors reweighted least squares.

    It goes to a minimum near the start, which need not be the lowest. All 24 fits of twelve of NIST's certified
    nonlinear problems, from both starts, agree to 1e-8 and better.

    Sources: K. Levenberg (1944), *Quarterly of Applied Mathematics* 2, 164-168; D. Marquardt (1963), *SIAM Journal*
    11, 431-441; J. Moré (1978), *Lecture Notes in Mathematics* 630, 105-116; M. Transtrum and J. Sethna (2012),
    arXiv:1201.5885.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> x = np.linspace(-4, 4, 50)
    >>> y = 3 / (1 + np.exp(-(2 * x - 1)))
    >>> fit = wk.fit_formula("A*sigmoid(w*x + b)", "y", {"x": x, "y": y}, start={"A": 1, "w": 1, "b": 0})
    >>> {name: round(value, 6) for name, value in fit.parameters.items()}
    {'A': 3.0, 'w': 2.0, 'b': -1.0}
    >>> fit.predict({"x": [0.5]})
    array([1.5])
    """
    _check_options(absolute_sigma, max_iter, tol)
    starts = as_start(start, function=_FUNCTION)
    formula, starts = with_columns(model, starts, known_columns(data), function=_FUNCTION)
    rows = rows_of_fit(formula, data, target, sample_weight)
    text = loss if isinstance(loss, str) else as_formula(loss).text(ascii=True)
    census = rows.fold(lambda: FormulaCensus(rows.names, weighted=rows.weight is not None))
    checked_census(census, parameters=len(starts), loss=text)
    least = 1e-8 * math.sqrt(census.squares / census.weight) or 1e-10
    program = FitProgram(formula, tuple(starts), rows.target, text, rows.weight, least)
    first = np.array(list(starts.values()))
    steps = Passes(program, rows, census, tol).steps(first)
    last, _, status, path = follow(steps, first, program.parameters, max_iter=max_iter)
    if not status.converged:
        warn(ConvergenceWarning(status.text))
    spare = census.counted - len(starts)
    covariance, cause = covariance_of(
        program, _plain(last), spare=spare, absolute_sigma=absolute_sigma, nothing=steps.nothing
    )
    if cause is not None:
        warn(UndefinedWarning(cause))
    small = rows.columns is not None and sum(column.size for column in rows.columns.values()) <= _MOST_KEPT
    kept = {name: column.copy() for name, column in rows.columns.items()} if rows.columns and small else census.rows
    names = program.parameters
    numbers = dict(zip(names, last.parameters.tolist(), strict=True))
    squared = program.of_row.squared
    return FormulaFit(
        parameters=MappingProxyType(numbers),
        standard_errors=MappingProxyType(dict(zip(names, np.sqrt(np.diagonal(covariance)).tolist(), strict=True))),
        covariance=covariance,
        cost=last.cost,
        r2=1.0 - last.cost * census.weight / census.squares if squared and census.squares > 0.0 else math.nan,
        status=status,
        iterations=int(path.iterations[-1]),
        path=path,
        formula=_with_numbers(formula, numbers),
        model=formula,
        target=rows.target,
        weight=rows.weight,
        loss=text,
        row_count=census.count,
        total_weight=census.weight,
        degrees_of_freedom=spare,
        gradient=MappingProxyType(dict(zip(names, last.gradient.tolist(), strict=True))),
        rows=MappingProxyType(kept),
        complete=small or census.complete,
        absolute_sigma=bool(absolute_sigma),
        program=program,
    )


def _check_options(absolute_sigma: Any, max_iter: Any, tol: Any) -> None:
    if not isinstance(absolute_sigma, bool | np.bool_):
        raise InputError(
            message("fit_formula: absolute_sigma must be True or False; got {got}", got=repr(absolute_sigma))
        )
    if not isinstance(max_iter, int | np.integer) or isinstance(max_iter, bool) or max_iter < 0:
        raise InputError(
            message("fit_formula: max_iter must be a whole number from 0 up; got {got}", got=repr(max_iter))
        )
    if not isinstance(tol, int | float | np.floating) or isinstance(tol, bool) or not 0.0 < tol < 1.0:
        raise InputError(message("fit_formula: tol must be a number between 0 and 1; got {got}", got=repr(tol)))


def _plain(last: Any) -> Quadratic:
    if not isinstance(last, Standing) or last.plain is None:
        raise TypeError("the last position is of another algorithm")
    return last.plain


def _with_numbers(formula: Formula, numbers: Mapping[str, float]) -> Formula:
    symbols = parameter_symbols(formula, tuple(numbers))
    node = substitute(formula.node, {s: Number(v) for s, v in zip(symbols, numbers.values(), strict=True)})
    left = [name for name in formula.variables if name not in numbers]
    return Formula.of(node, left, rows=formula.rows, data=formula.data)
