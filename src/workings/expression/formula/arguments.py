"""A formula's values at the door: each variable has one, of a kind that can be computed with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression.tracing import unmasked
from workings.language import Message, grouped, message

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = [
    "check_lengths",
    "check_names",
    "checked",
    "column",
    "in_order",
    "refuse_column",
    "refuse_number",
    "suggestion",
]


def check_names(
    variables: tuple[str, ...], inputs: Sequence[str], rows: Collection[str], data: Mapping[str, Any]
) -> None:
    """Check that a formula's names are its variables, each once, and its rows among them.

    Raises
    ------
    InputError
        If not.
    """
    known = set(variables)
    if len(known) != len(variables) or known & set(data):
        twice = next(name for k, name in enumerate(variables) if name in variables[:k] or name in data)
        raise InputError(message("formula: variables must be named once; got {name} twice", name=twice))
    missing = [name for name in inputs if name not in known]
    if missing:
        raise InputError(
            message(
                "formula: variables must name all that the expression has; got none of the name {missing}; "
                "try variables={all}",
                missing=", ".join(missing),
                all=repr([*variables, *missing]),
            )
        )
    for row in rows:
        if row not in known:
            raise InputError(
                message(
                    "formula: rows must name variables of the formula, {variables}; got {name}{suggestion}",
                    variables=", ".join(variables),
                    name=row,
                    suggestion=suggestion(row, variables),
                )
            )


def suggestion(name: str, known: Collection[str]) -> Message | str:
    """Return the nearest known name as the end of a sentence, or nothing."""
    near = get_close_matches(name, known, n=1)
    return message("; did you mean {near}?", near=near[0]) if near else ""


def in_order(formula: Formula, args: tuple[Any, ...], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a value for each variable, in their order.

    Raises
    ------
    InputError
        If there are too many, one is missing or given twice, or a name is no variable.
    """
    variables = formula.variables
    if len(args) > len(variables):
        raise InputError(
            message(
                "{formula}: there must be one value for each of its variables, {variables}; got {count} values",
                formula=_name(formula),
                variables=", ".join(variables),
                count=len(args),
            )
        )
    given = dict(zip(variables, args, strict=False))
    for name in values:
        if name in given:
            raise InputError(
                message(
                    "{formula}: a variable must have one value; got {name} by place and by name",
                    formula=_name(formula),
                    name=name,
                )
            )
        if name not in variables:
            _unknown(formula, name)
    given.update(values)
    missing = [name for name in variables if name not in given]
    if missing:
        raise InputError(
            message(
                "{formula}: there must be a value for each of its variables, {variables}; got none for {missing}; "
                "try {missing_first}=...",
                formula=_name(formula),
                variables=", ".join(variables),
                missing=", ".join(missing),
                missing_first=missing[0],
            )
        )
    return tuple(given[name] for name in variables)


def _name(formula: Formula) -> str:
    return formula.name or "formula"


def _unknown(formula: Formula, name: str) -> NoReturn:
    if not formula.variables:
        raise InputError(
            message("{formula}: it has no variables; got {name}; try none", formula=_name(formula), name=name)
        )
    raise InputError(
        message(
            "{formula}: its variables are {variables}; got {name}{suggestion}",
            formula=_name(formula),
            variables=", ".join(formula.variables),
            name=name,
            suggestion=suggestion(name, formula.variables),
        )
    )


def checked(formula: Formula, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values for the compiled formula, in the order of its arguments: numbers, arrays, the columns kept.

    Raises
    ------
    InputError
        If a value is no real number or array of them, or columns differ in length.
    """
    values = tuple(_value(formula, name, value) for name, value in zip(formula.variables, args, strict=True))
    if formula.columns:
        _check_columns(formula, dict(zip(formula.variables, values, strict=True)))
    else:
        _check_broadcast(formula, values)
    return (*values, *formula.data.values())


def _value(formula: Formula, name: str, value: Any) -> Any:
    if type(value) in (float, int, bool) or (type(value) is np.ndarray and value.ndim and value.dtype.kind in "biuf"):
        return value
    try:
        array = unmasked(value)
        if array.dtype.kind == "O":
            array = np.array([_real(item) for item in array.ravel()], dtype=np.float64).reshape(array.shape)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        # Ragged lists, None, a tensor that needs a gradient.
        _refuse(formula, name, type(value).__name__)
    if array.dtype.kind not in "biuf":
        _refuse(formula, name, f"{type(value).__name__}[{array.dtype}]")
    return array.item() if array.ndim == 0 else array


def _real(value: Any) -> float:
    """Return an exact number (Fraction, Decimal, an mpmath number) as the nearest float; text is no number."""
    if isinstance(value, (str, bytes)):
        raise TypeError
    return float(value)


def _refuse(formula: Formula, name: str, got: str) -> NoReturn:
    raise InputError(
        message(
            "{formula}: {name} must be a real number or an array of real numbers; got {got}",
            formula=_name(formula),
            name=name,
            got=got,
        )
    )


def _check_columns(formula: Formula, values: Mapping[str, Any]) -> None:
    columns = dict(formula.data)
    for name, value in values.items():
        if name not in formula.rows:
            if isinstance(value, np.ndarray):
                refuse_column(formula, name)
        elif isinstance(value, np.ndarray) or formula.aggregated:
            columns[name] = column(formula, name, value)
    check_lengths(formula, columns)


def column(formula: Formula, name: str, value: Any) -> NDArray[Any]:
    """Return a value as a column.

    Raises
    ------
    InputError
        If it is a number, no array of real numbers, or has more than one dimension.
    """
    array = np.asarray(_value(formula, name, value))
    if array.ndim == 0:
        refuse_number(formula, name)
    if array.ndim > 1:
        raise InputError(
            message(
                "{formula}: {name} must be a column, an array of one dimension; got an array of shape {shape}; "
                "try one of its columns",
                formula=_name(formula),
                name=name,
                shape=str(array.shape),
            )
        )
    return array


def refuse_number(formula: Formula, name: str) -> NoReturn:
    """Refuse a number, or a formula without rows, where a column is wanted.

    Raises
    ------
    InputError
        Always.
    """
    raise InputError(
        message(
            "{formula}: {name} must be a column, an array of one dimension; got one number; try a list",
            formula=_name(formula),
            name=name,
        )
    )


def refuse_column(formula: Formula, name: str) -> NoReturn:
    """Refuse a column where one number is wanted for all rows.

    Raises
    ------
    InputError
        Always.
    """
    raise InputError(
        message(
            "{formula}: {name} must be one number for all rows; got a column; "
            'try formula(..., rows=(..., "{name}")) if it is one',
            formula=_name(formula),
            name=name,
        )
    )


def check_lengths(formula: Formula, columns: Mapping[str, NDArray[Any]]) -> None:
    """Check that columns have one length.

    Raises
    ------
    InputError
        If they differ.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            message(
                "{formula}: columns must have one length; got {lengths}",
                formula=_name(formula),
                lengths=", ".join(f"{name}: {grouped(length)}" for name, length in lengths.items()),
            )
        )


def _check_broadcast(formula: Formula, values: tuple[Any, ...]) -> None:
    if len({value.shape for value in values if isinstance(value, np.ndarray)}) < 2:
        return
    try:
        np.broadcast_shapes(*(np.shape(value) for value in values))
    except ValueError as error:
        shapes = ", ".join(
            f"{name}: {np.shape(value)}"
            for name, value in zip(formula.variables, values, strict=True)
            if np.ndim(value)
        )
        raise InputError(
            message(
                "{formula}: arrays must have shapes that broadcast; got {shapes}; try arrays of one shape",
                formula=_name(formula),
                shapes=shapes,
            )
        ) from error
