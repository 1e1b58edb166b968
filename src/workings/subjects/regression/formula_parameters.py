"""What a formula's names are: those that ``start`` gives are parameters, all others columns of the data."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Symbol
from workings.expression.formula import Formula, as_formula
from workings.expression.formula.arguments import suggestion
from workings.expression.formula.model import symbols_of
from workings.expression.names import normal_name
from workings.language import message

__all__ = ["as_start", "parameter_symbols", "with_columns"]

Array = NDArray[np.float64]


def as_start(start: Any, *, function: str) -> dict[str, float]:
    """Return the parameters and where they start.

    Raises
    ------
    InputError
        If ``start`` is no mapping, is empty, or a value is not one finite number.
    """
    if not isinstance(start, Mapping) or not start:
        raise InputError(
            message(
                "{function}: start must give a number for each parameter by its name; got {got}; try {example}",
                function=function,
                got=repr(start)[:80],
                example='start={"w": 1, "b": 0}',
            )
        )
    found: dict[str, float] = {}
    for name, value in start.items():
        try:
            plain = float(np.asarray(value, dtype=np.float64).reshape(()))
        except (TypeError, ValueError):
            plain = math.nan
        if not math.isfinite(plain):
            raise InputError(
                message(
                    "{function}: start must give one finite number for {name}; got {got}",
                    function=function,
                    name=str(name),
                    got=repr(value)[:80],
                )
            )
        found[str(name)] = plain
    return found


def with_columns(
    f: Any, start: Mapping[str, float], known: Collection[str] | None, *, function: str
) -> tuple[Formula, dict[str, float]]:
    """Return a formula whose rows are the names that ``start`` does not give, and where its parameters start.

    Parameters
    ----------
    f
        A formula, text, or a Python function.
    start
        A number for each parameter.
    known
        The names of the columns that there are; None where they are not known.
    function
        What an error calls the function.

    Raises
    ------
    InputError
        If a name of the formula is neither a parameter nor a column, or ``start`` names what is no variable of it.
    """
    named = f.rows if isinstance(f, Formula) else ()
    columns = [name for name in (known or ()) if name not in start]
    # Text that names its columns and parameters may call one `e`; a function is only told its columns.
    formula = as_formula(f, rows=(*columns, *start) if isinstance(f, str) else columns)
    starts = _of_variables(formula, start, function)
    rows = [name for name in formula.variables if name not in starts]
    absent = [name for name in rows if known is not None and name not in known]
    if absent:
        _refuse(absent, starts, known or (), named, function)
    both = [name for name in named if name in starts]
    if both:
        raise InputError(
            message(
                "{function}: start must name parameters; got {name}, a column of the formula; try another name",
                function=function,
                name=both[0],
            )
        )
    made = Formula.of(
        formula.node,
        formula.variables,
        rows=rows,
        name=formula.name,
        definitions=formula.definitions,
        data=formula.data,
        captured=formula.captured,
    )
    return made, starts


def _of_variables(formula: Formula, start: Mapping[str, float], function: str) -> dict[str, float]:
    starts: dict[str, float] = {}
    for name, value in start.items():
        found = name if name in formula.variables else normal_name(name)
        if found not in formula.variables:
            raise InputError(
                message(
                    "{function}: start must name variables of the formula, {variables}; got {name}{suggestion}",
                    function=function,
                    variables=", ".join(formula.variables),
                    name=name,
                    suggestion=suggestion(name, formula.variables),
                )
            )
        starts[found] = value
    return starts


def _refuse(
    absent: list[str], starts: Mapping[str, float], known: Collection[str], named: Collection[str], function: str
) -> None:
    columns = [name for name in absent if name in named]
    if columns:
        raise InputError(
            message(
                "{function}: data must have the columns of the formula; got none of the name {name}{suggestion}",
                function=function,
                name=columns[0],
                suggestion=suggestion(columns[0], known),
            )
        )
    nearest = suggestion(absent[0], [*starts, *known])
    raise InputError(
        message(
            "{function}: start must give a number for each parameter; got none for {missing}{suggestion}",
            function=function,
            missing=", ".join(absent),
            suggestion=nearest or message("; try {name}=0 in start, or a column of that name in data", name=absent[0]),
        )
    )


def parameter_symbols(formula: Formula, names: Collection[str]) -> list[Symbol]:
    """Return the symbols of variables as the formula has them."""
    known = {symbol.name: symbol for symbol in symbols_of(formula.node)}
    return [known.get(name, Symbol(name)) for name in names]
