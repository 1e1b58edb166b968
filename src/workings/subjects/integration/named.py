"""What an integrand takes besides, given by name: the one argument that has no value is integrated over.

Of a formula's text the variables stand in the order in which they appear, and cos(w*x) begins with w; a name says which
is meant.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from workings.errors import InputError
from workings.expression import Node
from workings.expression.formula import Formula, as_formula
from workings.language import message

__all__ = ["placed"]


def placed(f: Any, given: Any, *, function: str, argument: str) -> tuple[Any, Any]:
    """Return the integrand and what it takes besides, by place.

    Parameters
    ----------
    f
        A Python function, a formula or its text.
    given
        A mapping from names to values; anything else is by place already.
    function, argument
        What an error calls the function that was asked, and its argument.

    Raises
    ------
    InputError
        If a name is none of f's, not exactly one of f's arguments is left, or of a function another than the first.

    Examples
    --------
    >>> f, values = placed("cos(w*x)", {"w": 2.0}, function="integrate", argument="args")
    >>> f.variables, values
    (('x', 'w'), (2.0,))
    """
    if not isinstance(given, Mapping):
        return f, given
    formula = as_formula(f) if isinstance(f, str | Node | Formula) else None
    names = formula.variables if formula is not None else _arguments_of(f, function=function, argument=argument)
    left = [name for name in names if name not in given]
    if len(left) != 1 or len(names) != 1 + len(given):
        raise InputError(
            message(
                "{function}: {argument} must name all variables of f but the one that is integrated over; f has "
                "{variables}, and {argument} names {named}",
                function=function,
                argument=argument,
                variables=", ".join(names) or "0",
                named=", ".join(map(str, given)) or "0",
            )
        )
    values = {name: given[name] for name in names if name in given}
    if formula is not None:
        return Formula.of(formula.node, (*left, *values), data=formula.data), tuple(values.values())
    if left[0] != names[0]:
        raise InputError(
            message(
                "{function}: a function must take what is integrated over first; f takes {first} first, and {argument} "
                "gives it a value",
                function=function,
                argument=argument,
                first=names[0],
            )
        )
    return f, tuple(values.values())


def _arguments_of(f: Any, *, function: str, argument: str) -> tuple[str, ...]:
    """Return the names of a Python function's arguments by place."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        raise InputError(
            message(
                "{function}: {argument} can be given by name only where f says its own; give a tuple instead",
                function=function,
                argument=argument,
            )
        ) from None
    by_place = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(each.name for each in parameters if each.kind in by_place and each.default is each.empty)
