"""Formula text as nodes: one expression, or definitions in any order of which one is the output."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workings.errors import FormulaError
from workings.expression.nodes import Node
from workings.expression.reading.faults import Fault, pointed
from workings.expression.reading.limits import MAX_CHARACTERS
from workings.language import message

__all__ = ["System", "parse"]


@dataclass(frozen=True)
class System:
    """Formula text that was read.

    Parameters
    ----------
    name
        The output's name; None for an expression without one.
    root
        The output with every definition put in, equal parts shared.
    definitions
        What each name was defined as, in an order in which each needs only those before it; the output stands last.
        Empty for an expression without a name.
    variables
        The names that are not defined, in the order in which they first appear in the text.
    """

    name: str | None
    root: Node
    definitions: Mapping[str, Node]
    variables: tuple[str, ...]


def parse(text: str, *, names: Collection[str] = ()) -> System:
    """Return the nodes that formula text stands for; nothing in it is evaluated or simplified.

    Precedence, from what binds least: ``or``, ``and``, ``not``, comparisons, ``+ -``, a sign, ``* /`` and products
    without a sign from left to right (so ``1/2x`` is x/2), ``^`` and ``**`` from right to left. ``-x^2`` is -(x²).
    The file ``grammar.lark`` beside this one shows the awkward cases.

    Parameters
    ----------
    text
        An expression, ``x^2 + sin(z)``, or definitions in any order, ``y = u*v; u = x*z; v = x^2 + z``. They are
        separated by ``;``, or by the end of a line where no sign, before or behind it, says that it goes on. A name in
        back-ticks may hold any characters: `` `mean radius` ``.
    names
        Names that are names even if they are spelt like a constant or a function: a column called ``e``.

    Raises
    ------
    FormulaError
        With the line and the column, if the text is not a formula; if definitions run in a circle, a name is defined
        twice, or not exactly one definition is the output; if it has more than 4,096 characters, nests more than 100
        deep, or has more than 2,000 numbers, names and operations or 64 names, or would have more than 50,000 with
        every definition put in.

    Examples
    --------
    >>> from workings.expression.reading import parse
    >>> print(parse("1/2x + -x^2").root)
    (1 / 2)·x + (-x²)
    >>> system = parse("y = u*v; u = x*z; v = x^2 + z")
    >>> print(system.root, system.variables)
    x·z·(x² + z) ('x', 'z')
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- what a caller may pass
        raise FormulaError(message("formula: text must be text; got {got}", got=type(text).__name__))
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            message(
                "formula: text must have at most {limit} characters; got {got}; try a Python function",
                limit=MAX_CHARACTERS,
                got=len(text),
            )
        )
    if not text.strip():
        raise FormulaError(message("formula: text must hold a formula such as x^2 + 1; got nothing"))
    from workings.expression.reading.parser import read  # the table is read with the first formula

    try:
        name, root, definitions, variables = read(text, names)
    except Fault as fault:
        raise pointed(fault, text) from None
    return System(name, root, MappingProxyType(definitions), variables)
