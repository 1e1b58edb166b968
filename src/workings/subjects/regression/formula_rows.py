"""The rows that a formula is fitted to: columns in memory, or a fold over rows that are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from workings.arrays import as_vector
from workings.errors import InputError
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.regression.formula_columns import as_columns, column_names

__all__ = ["FitRows", "FormulaFold", "known_columns", "rows_of_fit"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"


class _Summary(Protocol):
    def update(self, batch: Any, /) -> None: ...

    def merge(self, other: Self, /) -> None: ...


S = TypeVar("S", bound=_Summary)


class FormulaFold(Protocol):
    """One pass over rows that are elsewhere: batches of columns into a summary, merged in the order of the rows.

    It may have an attribute ``columns``, the names of all columns: then a name that is none of them is refused at once.
    """

    def __call__(self, start: Callable[[], S], columns: tuple[str, ...], /) -> S:
        """Return the summary of all rows.

        Parameters
        ----------
        start
            Makes an empty summary, which has ``update(batch)`` and ``merge(other)``.
        columns
            The columns that the batches must have: a mapping, a data frame, or an Arrow record batch.
        """
        ...


@dataclass(frozen=True)
class FitRows:
    """The rows of a fit.

    Parameters
    ----------
    names
        The columns that are read: the target, the weight, where there is one, then those of the model.
    target, weight
        The names of these two.
    columns
        The columns, where they are in memory.
    whole
        The fold over them.
    """

    names: tuple[str, ...]
    target: str
    weight: str | None
    columns: Mapping[str, Array] | None
    whole: FormulaFold

    def fold(self, start: Callable[[], S], /) -> S:
        """Return the summary of all rows, in one pass."""
        return self.whole(start, self.names)


def known_columns(data: Any) -> tuple[str, ...] | None:
    """Return the names of the columns that there are, None where they are not known.

    Raises
    ------
    InputError
        If ``data`` is neither a mapping, a data frame nor a fold.
    """
    if not _is_fold(data):
        return column_names(data, function=_FUNCTION)
    known = getattr(data, "columns", None)
    return None if known is None else tuple(str(name) for name in known)


def rows_of_fit(formula: Formula, data: Any, target: Any, sample_weight: Any) -> FitRows:
    """Return the rows that a formula is fitted to.

    Raises
    ------
    InputError
        If a column is not there or holds no numbers, or the formula or an option does not go with a fold.
    """
    if formula.captured:
        raise InputError(message("fit_formula: model must be a formula of its own; got one inside a traced function"))
    if _is_fold(data):
        _check_for_batches(formula)
        target = _named(target, "target")
        weight = None if sample_weight is None else _named(sample_weight, "sample_weight")
        return FitRows(_names(formula, target, weight), target, weight, None, cast("FormulaFold", data))
    columns, target, weight = _in_memory(formula, data, target, sample_weight)

    def fold(start: Callable[[], S], names: tuple[str, ...], /) -> S:
        """Take the columns as one batch, over which the kernel shares the threads."""
        del names
        summary = start()
        summary.update(columns)
        return summary

    return FitRows(_names(formula, target, weight), target, weight, columns, fold)


def _is_fold(data: Any) -> bool:
    return callable(data) and not hasattr(data, "__getitem__")


def _names(formula: Formula, target: str, weight: str | None) -> tuple[str, ...]:
    named = (target,) if weight is None else (target, weight)
    return (*named, *(name for name in formula.columns if name not in named))


def _check_for_batches(formula: Formula) -> None:
    if formula.data:
        raise InputError(
            message(
                "fit_formula: model must take its columns from the batches; got a function that holds an array of its "
                "own; name it as a column"
            )
        )
    if formula.aggregated:
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
