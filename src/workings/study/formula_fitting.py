"""A formula fitted to a table, wherever it is: in memory where it fits, else in passes over a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from os import PathLike
from typing import Any, TypeVar

import pyarrow as pa

from workings.data import Table, open_table
from workings.data.spool import Spool
from workings.engine import fold
from workings.errors import InputError
from workings.language import message
from workings.subjects import regression
from workings.subjects.regression import FormulaFit
from workings.subjects.regression.formula_parameters import as_start, with_columns

__all__ = ["fit_formula"]

S = TypeVar("S", bound=Any)

# Columns of up to so many bytes are held in memory.
_HELD = 1 << 28


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
    where: str | None = None,
    table: str | None = None,
    query: str | None = None,
) -> FormulaFit:
    r"""Fit a formula's parameters to data: columns in memory, a file, or a database.

    .. math:: \min_θ \frac{1}{S} \sum_i s_i\, ℓ(y_i, p_θ(x_i)), \qquad S = \sum_i s_i

    Parameters
    ----------
    model
        What predicts the target: a formula, text such as ``"A*sigmoid(w*x + b)"``, or a Python function.
    target
        The name of the column to be predicted; of columns in memory also its values.
    data
        The columns by name: a mapping of arrays, or a data frame (pandas, Polars, PyArrow, ...); or where the rows are,
        as :func:`evaluate` takes it: a path, a glob, or the address of a database. Of a table only the columns that
        are needed are read. Up to 256 MiB of them are held in memory; more are copied once to a temporary file and
        gone through in batches, once or twice a step, so that memory stays bounded. Or a fold, for rows that are
        elsewhere (:class:`workings.subjects.regression.FormulaFold`).
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
    where
        A condition on the rows, in SQL.
    table, query
        What to read from a database.

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
    DataError
        If a table cannot be read, or has no such column.
    FormulaError
        If the model or the loss cannot be read, or has no derivative by a parameter.

    Warns
    -----
    ConvergenceWarning
        If it ends without having arrived.
    UndefinedWarning
        If the data does not tell a parameter, or the log-loss has no lowest value; their standard errors are infinite.

    Notes
    -----
    Gauss and Newton's steps with Levenberg and Marquardt's damping; see
    :func:`workings.subjects.regression.fit_formula` for the algorithm and its sources. It goes to a minimum near the
    start, which need not be the lowest.

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

    A file that is larger than memory is fitted in the same way.

    >>> import pyarrow.parquet, tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.parquet"
    ...     pyarrow.parquet.write_table(pyarrow.table({"x": x, "y": y}), path)
    ...     wk.fit_formula("A*sigmoid(w*x + b)", "y", path, start={"A": 1, "w": 1, "b": 0}).predict({"x": [0.5]})
    array([1.5])
    """
    how: dict[str, Any] = {
        "start": start,
        "loss": loss,
        "sample_weight": sample_weight,
        "absolute_sigma": absolute_sigma,
        "max_iter": max_iter,
        "tol": tol,
    }
    if not isinstance(data, str | PathLike) and where is None and table is None and query is None:
        return regression.fit_formula(model, target, data, **how)
    named = {"target": target} if sample_weight is None else {"target": target, "sample_weight": sample_weight}
    for argument, name in named.items():
        if not isinstance(name, str):
            raise InputError(
                message(
                    "fit_formula: {argument} must be the name of a column where data is a table that is read; got "
                    "{kind}",
                    argument=argument,
                    kind=type(name).__name__,
                )
            )
    with open_table(data, table=table, query=query, where=where) as rows:
        starts = as_start(start, function="fit_formula")
        formula, _ = with_columns(model, starts, rows.columns, function="fit_formula")
        needed = rows.select(dict.fromkeys([*named.values(), *formula.rows]))
        held, rest = _first(needed)
        if rest is None:
            return regression.fit_formula(model, target, pa.Table.from_batches(held, needed.schema), **how)
        spool = Spool()
        try:
            copied = _Copied(spool.batches(needed.schema, chain(_let_go(held), rest)), needed.columns)
            return regression.fit_formula(model, target, copied, **how)
        finally:
            spool.close()


def _first(rows: Table) -> tuple[list[pa.RecordBatch], Iterator[pa.RecordBatch] | None]:
    """Return the batches that are held in memory, and the others, None if those were all."""
    held: list[pa.RecordBatch] = []
    size, reading = 0, rows.batches()
    for batch in reading:
        held.append(batch)
        size += batch.nbytes
        if size > _HELD:
            return held, reading
    return held, None


def _let_go(held: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield what is held, each batch given up as soon as the next is asked for."""
    held.reverse()
    while held:
        yield held.pop()


class _Copied:
    """The fold over an Arrow file of our own.

    Parameters
    ----------
    path
        The file.
    columns
        What its columns are called.
    """

    def __init__(self, path: str, columns: tuple[str, ...]) -> None:
        self._path = path
        self.columns = columns

    def __call__(self, start: Callable[[], S], columns: tuple[str, ...], /) -> S:
        """Return the summary of all rows, whose blocks several threads take in."""
        del columns  # the file has no others
        return fold(self._batches(), start, _take)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(self._path) as file, pa.ipc.open_file(file) as reader:
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place)


def _take(summary: Any, batch: pa.RecordBatch) -> None:
    summary.update(batch)
