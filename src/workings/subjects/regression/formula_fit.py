"""Any formula fitted to columns of data by its own gradient."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from workings.arrays import as_vector
from workings.errors import ConvergenceWarning, InputError, UndefinedWarning
from workings.expression import Number, substitute
from workings.expression.formula import Formula, as_formula
from workings.language import Message, message
from workings.subjects.regression.formula_columns import as_columns, column_names
from workings.subjects.regression.formula_damping import Standing
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_parameters import as_start, parameter_symbols, with_columns
from workings.subjects.regression.formula_passes import Passes, checked_census
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.formula_quadratic import Quadratic
from workings.subjects.regression.formula_steps import follow
from workings.subjects.regression.formula_summary import FormulaCensus

__all__ = ["FormulaFold", "fit_formula"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"
# A fit keeps its rows, so that it can be explained, up to so many numbers; of more it keeps an even choice.
_MOST_KEPT = 100_000
_SHOWN = 500


class _Summary(Protocol):
    def update(self, batch: Any, /) -> None: ...

    def merge(self, other: Self, /) -> None: ...


S = TypeVar("S", bound=_Summary)


class FormulaFold(Protocol):
    """One pass over rows that are elsewhere: batches of columns into a summary, merged in the order of the rows."""

    def __call__(self, start: Callable[[], S], /) -> S:
        """Return the summary of all rows; ``start`` makes an empty one."""
        ...


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
        that are elsewhere: a function that is called with what makes an empty summary, gives every batch of columns
        to such summaries' ``update``, merges them in the order of the rows, and returns the whole.
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
        ``parameters``, ``standard_errors``, ``covariance``, ``cost``, ``r2``, ``formula``, ``predict``; ``explain()``
        derives it, ``plot()`` draws it.

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
    elsewhere = callable(data) and not hasattr(data, "columns")
    formula, starts = with_columns(
        model, starts, None if elsewhere else column_names(data, function=_FUNCTION), function=_FUNCTION
    )
    _check_model(formula, elsewhere=elsewhere)
    text = loss if isinstance(loss, str) else as_formula(loss).text(ascii=True)
    if elsewhere:
        target, weight = _named(target, "target"), None if sample_weight is None else _named(sample_weight, "weight")
        columns, fold = None, cast("FormulaFold", data)
    else:
        columns, target, weight = _in_memory(formula, data, target, sample_weight)
        fold = _fold_columns(columns)
    named = (target,) if weight is None else (target, weight)
    needed = (*named, *(name for name in formula.columns if name not in named))
    census = fold(lambda: FormulaCensus(needed, weighted=weight is not None))
    checked_census(census, parameters=len(starts), whole=text == "log")
    least = 1e-8 * math.sqrt(census.squares / census.weight) or 1e-10
    program = FitProgram(formula, tuple(starts), target, text, weight, least)
    passes = Passes(program, fold, columns, census, tol)
    first = np.array(list(starts.values()))
    last, _, status, path = follow(passes.steps(first), first, program.parameters, max_iter=max_iter)
    if not status.converged:
        warnings.warn(ConvergenceWarning(status.text), stacklevel=2)
    covariance, cause = _covariance(program, _plain(last), census, absolute_sigma=absolute_sigma)
    if cause is not None:
        warnings.warn(UndefinedWarning(cause), stacklevel=2)
    rows, complete = _kept(columns)
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
        target=target,
        weight=weight,
        loss=text,
        row_count=census.count,
        gradient=MappingProxyType(dict(zip(names, last.gradient.tolist(), strict=True))),
        rows=MappingProxyType(rows),
        complete=complete,
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


def _check_model(formula: Formula, *, elsewhere: bool) -> None:
    if formula.captured:
        raise InputError(message("fit_formula: model must be a formula of its own; got one inside a traced function"))
    if elsewhere and formula.data:
        raise InputError(
            message(
                "fit_formula: model must take its columns from the batches; got a function that holds an array of its "
                "own; name it as a column"
            )
        )
    if elsewhere and formula.aggregated:
        raise InputError(
            message(
                "fit_formula: model must give each row's prediction from that row alone where data comes in batches; "
                "got a sum or mean over rows"
            )
        )


def _named(asked: Any, argument: str) -> str:
    if not isinstance(asked, str):
        raise InputError(
            message(
                "fit_formula: {argument} must be the name of a column where data comes in batches; got {kind}",
                argument=argument,
                kind=type(asked).__name__,
            )
        )
    return asked


def _in_memory(
    formula: Formula, data: Any, target: Any, sample_weight: Any
) -> tuple[dict[str, Array], str, str | None]:
    """Return the columns, those given as values and those that the model keeps included, and the two names."""
    named = [name for name in (target, sample_weight) if isinstance(name, str)]
    columns = as_columns(data, dict.fromkeys([*formula.rows, *named]), function=_FUNCTION)
    given = dict(formula.data)
    if not isinstance(target, str):
        given[target := _free("target", formula, columns)] = as_vector(
            target, function=_FUNCTION, argument="target", finite=False
        )
    weight = sample_weight
    if weight is not None and not isinstance(weight, str):
        weight = _free("weight", formula, columns)
        given[weight] = as_vector(sample_weight, function=_FUNCTION, argument="sample_weight", finite=False)
    whole = as_columns({**columns, **given}, [*columns, *given], function=_FUNCTION)
    return whole, target, weight


def _free(name: str, formula: Formula, columns: Mapping[str, Array]) -> str:
    taken = {*formula.arguments, *columns}
    while name in taken:
        name += "_"
    return name


def _fold_columns(columns: Mapping[str, Array]) -> FormulaFold:
    """Return the pass over columns in memory: one batch, over which the kernel shares the threads."""

    def fold(start: Callable[[], S], /) -> S:
        summary = start()
        summary.update(columns)
        return summary

    return fold


def _plain(last: Any) -> Quadratic:
    if not isinstance(last, Standing) or last.plain is None:
        raise TypeError("the last position is of another algorithm")
    return last.plain


def _covariance(
    program: FitProgram, plain: Quadratic, census: FormulaCensus, *, absolute_sigma: bool
) -> tuple[Array, Message | None]:
    """Return the parameters' covariance, and why it is infinite where it is."""
    size = len(program.parameters)
    loss = program.of_row
    if not (loss.squared or loss.likelihood):
        return np.full((size, size), math.nan), None
    usable = plain.usable
    if not usable.all():
        lost = np.abs(plain.vectors[:, ~usable]).max(axis=1)
        names = [name for name, share in zip(program.parameters, lost, strict=True) if share > 0.1]
        return np.full((size, size), math.inf), message(
            "fit_formula: the data does not tell {names} apart, or does not depend on them where the fit ended: other "
            "values give the same cost; their standard errors are infinite",
            names=", ".join(names),
        )
    if loss.likelihood:
        return plain.inverse(), None
    spare = census.counted - size
    if spare <= 0 and not absolute_sigma:
        return np.full((size, size), math.inf), message(
            "fit_formula: there are as many parameters as rows, {count}, so that no errors are left to judge by; the "
            "standard errors are infinite",
            count=size,
        )
    return 2.0 * plain.inverse() * (1.0 if absolute_sigma else plain.cost / spare), None


def _with_numbers(formula: Formula, numbers: Mapping[str, float]) -> Formula:
    symbols = parameter_symbols(formula, tuple(numbers))
    node = substitute(formula.node, {s: Number(v) for s, v in zip(symbols, numbers.values(), strict=True)})
    left = [name for name in formula.variables if name not in numbers]
    return Formula.of(node, left, rows=formula.rows, data=formula.data)


def _kept(columns: Mapping[str, Array] | None) -> tuple[dict[str, Array], bool]:
    """Return copies of the columns, or of some of their rows where there are many."""
    if columns is None:
        return {}, False
    if sum(column.size for column in columns.values()) <= _MOST_KEPT:
        return {name: column.copy() for name, column in columns.items()}, True
    count = len(next(iter(columns.values())))
    places = np.unique(np.round(np.linspace(0, count - 1, _SHOWN)).astype(np.intp))
    return {name: column[places] for name, column in columns.items()}, False
