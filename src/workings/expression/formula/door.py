"""The way in: text and Python functions become formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workings.errors import FormulaError, InputError
from workings.expression.formula.arguments import suggestion
from workings.expression.formula.contents import is_aggregate, symbols_of
from workings.expression.formula.definitions import resolved
from workings.expression.formula.model import Formula
from workings.expression.nodes import Node
from workings.expression.tracing import number_node, trace
from workings.expression.traverse import postorder
from workings.language import message

__all__ = ["as_formula", "formula"]

# What a system is called whose text does not say it.
_NAMES = ("y", "f", "g", "h", "value")


def formula(
    text_or_function: str | Callable[..., Any] | Formula,
    /,
    *,
    rows: Iterable[str] | str = (),
    **definitions: str | float | Callable[..., Any] | Formula,
) -> Formula:
    r"""Return the formula that a text or a Python function says.

    Parameters
    ----------
    text_or_function
        Text such as ``"x^2 + sin(x*z)"`` or ``"y = u*v; u = x*z; v = x^2 + z"``: names, numbers, ``+ - * / ^``, the
        usual functions, ``where(x > 0, a, b)``, and ``sum`` and ``mean`` over rows. ``2x`` is a product, ``-x^2`` is
        -(x²), ``1/2x`` is (1/2)·x.

        Or a function of Python's operators and NumPy's functions, which is called once to see what it computes. Its
        variables are its arguments, in their order; an argument with a default keeps it. An array that it uses though
        it is no argument is kept, as a column of data. It may call other functions.
    rows
        Which variables are columns of data, over which ``sum`` and ``mean`` run.
    **definitions
        What names in it stand for: text, numbers, functions or formulas.

    Returns
    -------
    Formula
        Its variables are in order of first appearance, those of definitions where the name stands.

    Raises
    ------
    FormulaError
        If the text cannot be read (``.column`` says where), or the function cannot be traced (the message shows the
        line): it decides with ``if`` on a value, asks for a ``float``, has ``*args``, ... Also if definitions go in
        a circle, name nothing that the formula has, or ``sum`` and ``mean`` have no rows to run over.
    InputError
        If ``rows`` names what is not a variable.

    Notes
    -----
    Nothing is simplified: the formula is what was written. Of Python's functions, ``np.pi`` and ``np.e`` become the
    exact π and e, a condition in arithmetic counts 1 or 0 as in NumPy, and the 0 with which ``sum()`` starts is left
    out.
    Text has at most 4,096 characters, 64 names, 2,000 operations and 100 levels of parentheses.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> wk.formula("x^2 + z")(x=3, z=1)
    10.0
    >>> wk.formula("u*v", u="x*z", v="x^2 + z")(x=1, z=2)
    6.0
    >>> wk.formula(lambda x, z: np.sin(x * z) + x**2)
    Formula(sin(x * z) + x^2)

    A cost is a formula too: over columns that are arguments, or that a function closes over.

    >>> wk.formula("mean((y - (m*x + b))^2)", rows=("x", "y"))(m=2, x=[1, 2], b=0, y=[2, 6])
    2.0
    >>> x, y = np.array([1.0, 2.0]), np.array([2.0, 6.0])
    >>> cost = wk.formula(lambda m, b: np.mean((y - (m * x + b)) ** 2))
    >>> cost(m=2, b=0)
    2.0

    What cannot be traced is shown with its line.

    >>> wk.formula(lambda x: x if x > 0 else 0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    workings.errors.FormulaError: formula: a traced function must not decide on a value, ...
    """
    names = (rows,) if isinstance(rows, str) else tuple(rows)
    made = _made(text_or_function, names, definitions)
    if definitions:
        made = _defined(made, definitions, names)
    absent = [row for row in names if row not in made.variables]
    if absent and not made.variables:
        raise InputError(
            message("formula: rows must name variables of the formula, which has none; got {name}", name=absent[0])
        )
    if absent:
        raise InputError(
            message(
                "formula: rows must name variables of the formula, {variables}; got {name}{suggestion}",
                variables=", ".join(made.variables),
                name=absent[0],
                suggestion=suggestion(absent[0], made.variables),
            )
        )
    return _with_rows(made, names)


def as_formula(f: Any, *, rows: Iterable[str] = ()) -> Formula:
    """Return a formula for what a function takes as ``f``: a formula, text, a Python function, or a node.

    Parameters
    ----------
    f
        The formula.
    rows
        The names of all columns of data; those that the formula does not have are passed over.

    Raises
    ------
    FormulaError, InputError
        As :func:`formula`.

    Examples
    --------
    >>> from workings.expression.formula import as_formula
    >>> as_formula("m*x", rows=("x", "y")).rows
    ('x',)
    """
    names = tuple(rows)
    return _with_rows(_made(f, names, {}), names)


def _made(f: Any, rows: tuple[str, ...], definitions: Mapping[str, Any]) -> Formula:
    """Return the formula without its definitions and rows put in; of a system, with those in its text."""
    if isinstance(f, Formula):
        return f
    if isinstance(f, Node):
        return Formula.of(f)
    if isinstance(f, str):
        from workings.expression.reading import parse

        system = parse(f, names=(*rows, *definitions))
        return Formula.of(system.root, system.variables, name=system.name, definitions=system.definitions)
    if callable(f):
        traced = trace(f, rows=rows, free=definitions)
        return Formula.of(
            traced.node,
            traced.variables,
            rows=[name for name in traced.variables if name in rows],
            name=traced.name,
            data=traced.data,
            captured=traced.captured,
        )
    raise InputError(
        message(
            "formula: f must be text, a function or a formula; got {kind}; try {example}",
            kind=type(f).__name__,
            example='formula("x^2 + z")',
        )
    )


def _defined(made: Formula, definitions: Mapping[str, Any], rows: tuple[str, ...]) -> Formula:
    """Return a formula with definitions put in for its names."""
    written = dict(made.definitions)
    for name in definitions:
        if name in written:
            raise FormulaError(
                message("formula: a name must be defined once; got {name} in the text and beside it", name=name)
            )
    parts = {name: _part(name, value, rows, definitions) for name, value in definitions.items()}
    name = made.name or next(name for name in _NAMES if name not in made.variables and name not in parts)
    if not written:
        written = {name: made.node}
    nodes = {key: part.node for key, part in parts.items()} | written
    used = {symbol.name for node in nodes.values() for symbol in symbols_of(node)}
    for key in parts:
        if key not in used:
            raise FormulaError(
                message(
                    "formula: a definition must be of a name in the formula, {names}; got {name}{suggestion}",
                    names=", ".join(sorted(used)),
                    name=key,
                    suggestion=suggestion(key, used),
                )
            )
    whole = resolved(nodes)
    ordered = {key: nodes[key] for key in whole if key != name} | {name: nodes[name]}
    variables = _variables(made.variables, parts)
    together = (made, *parts.values())
    return Formula.of(
        whole[name],
        variables,
        rows=[row for part in together for row in part.rows if row in variables],
        name=name,
        definitions=ordered,
        data={key: column for part in together for key, column in part.data.items()},
        captured={key: value for part in together for key, value in part.captured.items()},
    )


def _part(name: str, value: Any, rows: tuple[str, ...], definitions: Mapping[str, Any]) -> Formula:
    number = number_node(value)
    if number is not None:
        return Formula.of(number)
    part = _made(value, rows, definitions)
    if len(part.definitions) > 1:
        raise FormulaError(
            message(
                "formula: a definition must be one expression; got a system for {name}; try its parts as definitions",
                name=name,
            )
        )
    return part


def _variables(variables: Iterable[str], parts: Mapping[str, Formula]) -> tuple[str, ...]:
    """Return variables in order, each that is defined replaced by those of its definition."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(reversed(tuple(variables)))
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in parts:
            waiting.extend(reversed(parts[name].variables))
        else:
            found[name] = None
    return tuple(found)


def _with_rows(made: Formula, rows: tuple[str, ...]) -> Formula:
    """Return a formula with those rows that it has."""
    named = [row for row in made.variables if row in rows or row in made.rows]
    if made.aggregated and not named and not made.data and not any(value.has_rows for value in made.captured.values()):
        raise FormulaError(
            message(
                "formula: {name} must have rows to run over; got none; "
                "try rows=(...) with those of {variables} that are columns of data",
                name=next(str(part) for part in postorder(made.node) if is_aggregate(part)),
                variables=", ".join(made.variables),
            )
        )
    if tuple(named) == made.rows:
        return made
    return Formula.of(
        made.node,
        made.variables,
        rows=named,
        name=made.name,
        definitions=made.definitions,
        data=made.data,
        captured=made.captured,
    )
