"""By which of a formula's variables it may be differentiated."""

from __future__ import annotations

from collections.abc import Iterable

from workings.errors import InputError
from workings.expression import Symbol
from workings.expression.formula import Formula
from workings.expression.formula.arguments import suggestion
from workings.expression.formula.model import symbols_of
from workings.expression.names import normal_name
from workings.language import message

__all__ = ["parameters", "symbols_by_name", "variable_of", "variables_of"]


def parameters(f: Formula) -> tuple[str, ...]:
    """Return the variables that are numbers, not columns of data, in the order of the formula's arguments."""
    return tuple(name for name in f.variables if name not in f.rows)


def symbols_by_name(f: Formula) -> dict[str, Symbol]:
    """Return each variable's symbol, those included that no longer stand in the formula."""
    return {name: Symbol(name) for name in f.variables} | {s.name: s for s in symbols_of(f.node)}


def variables_of(f: Formula, names: str | Symbol | Iterable[str | Symbol] | None, function: str) -> tuple[str, ...]:
    """Return the names of variables to differentiate by; by default all that are no columns of data."""
    if names is None:
        return parameters(f)
    several = (names,) if isinstance(names, (str, Symbol)) else tuple(names)
    return tuple(dict.fromkeys(variable_of(f, name, function) for name in several))


def variable_of(f: Formula, name: object, function: str) -> str:
    """Return the name of a variable to differentiate by, as the formula spells it.

    Raises
    ------
    InputError
        If the formula has no such variable, or it is a column of data.
    """
    text = name.name if isinstance(name, Symbol) else name
    if not isinstance(text, str):
        raise InputError(
            message(
                "{function}: variable must be a name; got {kind}; try {example}",
                function=function,
                kind=type(name).__name__,
                example=repr(next(iter(parameters(f)), "x")),
            )
        )
    found = text if text in f.variables else normal_name(text)
    if found in f.rows:
        raise InputError(
            message(
                "{function}: variable must be a number, the same for all rows; got {name}, a column of data; "
                "try one of {names}",
                function=function,
                name=text,
                names=", ".join(parameters(f)),
            )
        )
    if found in f.variables:
        return found
    if found in f.definitions:
        raise InputError(
            message(
                "{function}: variable must be a variable of the formula, {names}; got {name}, which it defines",
                function=function,
                names=", ".join(parameters(f)),
                name=text,
            )
        )
    raise InputError(
        message(
            "{function}: variable must be a variable of the formula, {names}; got {name}{suggestion}",
            function=function,
            names=", ".join(parameters(f)),
            name=text,
            suggestion=suggestion(text, f.variables),
        )
    )
