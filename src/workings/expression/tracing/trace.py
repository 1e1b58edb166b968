"""Running a Python function once with traced values, to get its expression."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import FormulaError
from workings.expression.nodes import Node, Operand, Symbol
from workings.expression.operations import SPELLINGS
from workings.expression.tracing.place import failed_place
from workings.expression.tracing.refusals import not_numpy, nothing_swallowed, refusal
from workings.expression.tracing.traced import Trace, Traced, open_trace
from workings.expression.tracing.ufuncs import as_number
from workings.expression.traverse import substitute
from workings.language import message

__all__ = ["Tracing", "trace"]


@dataclass(frozen=True, eq=False)
class Tracing:
    """What a function turned out to compute.

    Parameters
    ----------
    node
        The expression.
    variables
        The names of the function's arguments, in their order.
    name
        The function's name, None for a lambda.
    data
        The columns that it used without their being its arguments.
    captured
        What it used of an outer traced function.
    """

    node: Node
    variables: tuple[str, ...]
    name: str | None
    data: Mapping[str, NDArray[Any]]
    captured: Mapping[Symbol, Traced]


def trace(function: Callable[..., Any], *, rows: Collection[str] = (), free: Collection[str] = ()) -> Tracing:
    """Return the expression that a function computes, found by calling it once.

    Parameters
    ----------
    function
        A function of numbers and columns, made of Python's operators and NumPy's functions.
    rows
        Which arguments are columns.
    free
        Which arguments with defaults are variables all the same; the others keep their defaults.

    Raises
    ------
    FormulaError
        If it takes ``*args``, decides on values, asks for a float, ...: the error names the line.
    """
    variables, keywords = _arguments(function, frozenset(rows) | frozenset(free))
    with open_trace(variables) as running:
        symbols = {name: running.symbol(name) for name in variables}
        values = {name: Traced(running, symbol, name in rows) for name, symbol in symbols.items()}
        positional = [value for name, value in values.items() if name not in keywords]
        result = run_traced(function, positional, {name: values[name] for name in keywords})
        node = _result(running, result)
    if running.parent is not None:
        plain: dict[Node, Operand] = {symbol: Symbol(name) for name, symbol in symbols.items()}
        node = substitute(node, plain)
    data = {column.symbol.name: column.values for column in running.columns}
    return Tracing(node, variables, _name(function, variables), data, dict(running.captured))


def _arguments(function: Callable[..., Any], wanted: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the names of a function's variables, and which of them are passed by name."""
    if getattr(function, "__module__", None) in ("math", "cmath"):
        raise not_numpy(function.__name__, f"math.{function.__name__}")
    if isinstance(function, np.ufunc):
        return (("x",) if function.nin == 1 else tuple(f"x{k}" for k in range(1, function.nin + 1))), frozenset()
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError) as error:  # what is built in may not say what it takes
        raise FormulaError(
            message(
                "formula: the function must say what its arguments are; got {name}, which does not; "
                "try lambda x: {name}(x)",
                name=getattr(function, "__name__", type(function).__name__),
            )
        ) from error
    names: list[str] = []
    keywords: set[str] = set()
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else "**"
            raise FormulaError(
                message(
                    "formula: the function must name its variables one by one; got {argument}; try lambda x, z: ...",
                    argument=f"{stars}{parameter.name}",
                )
            )
        if parameter.default is not parameter.empty and parameter.name not in wanted:
            if parameter.kind is parameter.POSITIONAL_ONLY:
                break
            continue
        names.append(parameter.name)
        if parameter.kind is parameter.KEYWORD_ONLY or len(names) != len(keywords) + 1:
            keywords.add(parameter.name)
    return tuple(names), frozenset(keywords)


def run_traced(function: Callable[..., Any], positional: list[Traced], named: dict[str, Traced]) -> Any:
    """Call the function; :data:`place.TRACING` knows this name, for what runs above it is the user's."""
    try:
        with nothing_swallowed():
            return function(*positional, **named)
    except Exception as error:  # of whatever kind a library has for values that it does not know
        if isinstance(error.__cause__, FormulaError):  # NumPy's word for a number that could not be had
            raise error.__cause__ from None
        if isinstance(error, FormulaError) or not _is_ours(error):
            raise
        raise refusal(
            message(
                "formula: this cannot be traced; got {code} ({reason}); try Python's operators and NumPy's functions",
                reason=str(error).partition("\n")[0][:200],
            ),
            getattr(function, "__name__", "the function"),
            failed_place(error),
        ) from error


def _is_ours(error: BaseException) -> bool:
    """Whether an error is about a traced value, not a mistake that the function would make with numbers too."""
    return type(getattr(error, "obj", None)) is Traced or "Traced" in str(error)


def _result(running: Trace, result: Any) -> Node:
    if result is None:
        raise FormulaError(message("formula: the function must return a value; got None; try adding return"))
    if isinstance(result, (tuple, list, dict, set)):
        raise FormulaError(
            message(
                "formula: the function must return one value; got {kind} of {count}; try one formula for each",
                kind=type(result).__name__,
                count=len(result),
            )
        )
    node, _ = running.value(result)
    return as_number(node)


def _name(function: Callable[..., Any], variables: Collection[str]) -> str | None:
    """Return a function's name if a formula can have it: a lambda has none, and ``exp`` is taken."""
    name = function.__name__ if inspect.isfunction(function) else ""
    return name if name.isidentifier() and name not in variables and name not in SPELLINGS else None
