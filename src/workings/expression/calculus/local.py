"""The derivative of one operation by one of its arguments, from the texts in the table of operations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from workings.errors import FormulaError
from workings.expression.calculus.coefficient import HALF_NODE, ONE_NODE, ZERO_NODE
from workings.expression.calculus.combine import applied, negative, over, raised, times
from workings.expression.nodes import Apply, Node, Symbol
from workings.expression.operations import Operation
from workings.expression.traverse import postorder
from workings.language import message

__all__ = ["CONDITIONS", "Local", "differentiable", "local_derivative"]

CONDITIONS = frozenset(
    {"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation", "iverson"}
)
"""What jumps between false and true: its derivative is 0 wherever it has one, as that of a step."""

_LETTERS = tuple(Symbol(letter) for letter in "abc")


@dataclass(frozen=True, slots=True)
class Local:
    """What a small change of one argument does to an operation's value.

    ``slope`` is the derivative where ``condition`` holds; elsewhere the argument has no influence, however wild it is
    there. None is the condition that always holds.
    """

    slope: Node
    condition: Node | None = None


def differentiable(operation: Operation, place: int) -> bool:
    """Whether an operation's value follows its argument at this place smoothly or in pieces that do."""
    return operation.name not in CONDITIONS and not (operation.name == "where" and place == 0)


def local_derivative(node: Apply, place: int) -> tuple[Local, ...]:
    """Return the derivative of an operation by its argument at this place (from 0), one piece or several.

    Raises
    ------
    FormulaError
        If it has none: the order of a polygamma function.

    Examples
    --------
    >>> from workings.expression import maximum, sin, symbols
    >>> x, z = symbols("x z")
    >>> local_derivative(sin(x * z), 0)
    (Local(slope=<Apply: cos(x·z)>, condition=None),)
    >>> for piece in local_derivative(maximum(x, z), 0):
    ...     print(piece.slope, "where", piece.condition)
    1 where x > z
    1 / 2 where x = z
    """
    name, args = node.operation.name, node.args
    if name in ("maximum", "minimum"):
        return _of_extreme(name == "maximum", args, place)
    if name == "where":
        return (Local(ONE_NODE, args[0] if place == 1 else Apply("negation", (args[0],))),)
    if name in ("add", "subtract", "negate"):
        return (Local(ONE_NODE if name == "add" or (name, place) == ("subtract", 0) else negative(ONE_NODE)),)
    if name == "multiply":
        return (Local(args[1 - place]),)
    if name == "divide":
        # The quotient itself over b, not a/b²: it is there already, and b² leaves the range of floats before a/b does.
        return (Local(over(ONE_NODE, args[1]) if place == 0 else negative(over(node, args[1]))),)
    if name == "power":
        return (Local(_by_base(*args) if place == 0 else times(node, applied("log", (args[0],)))),)
    return (_from_table(node, place),)


def _of_extreme(largest: bool, args: tuple[Node, ...], place: int) -> tuple[Local, ...]:
    chosen = Local(ONE_NODE, Apply("greater" if largest == (place == 0) else "less", args))
    tie = Local(HALF_NODE, Apply("equal", args))
    return (chosen, tie) if place == 0 else (tie, chosen)


def _by_base(base: Node, exponent: Node) -> Node:
    return times(exponent, raised(base, applied("subtract", (exponent, ONE_NODE))))


def _from_table(node: Apply, place: int) -> Local:
    row = node.operation
    template = _template(row.derivatives[place])
    if template is None:
        raise FormulaError(
            message(
                "derivative: {name} must be differentiated by another argument: by its argument {place} it has no "
                "derivative; try a number there",
                name=row.name,
                place=place + 1,
            )
        )
    filled: dict[Node, Node] = dict(zip(_LETTERS, node.args, strict=False))
    for part in template:
        if isinstance(part, Apply):
            filled[part] = applied(part.operation.name, tuple(filled[arg] for arg in part.args))
        else:
            filled.setdefault(part, part)
    slope = filled[template[-1]]
    if isinstance(slope, Apply) and slope.operation.name == "where" and slope.args[2] is ZERO_NODE:
        condition, chosen, _ = slope.args
        return Local(chosen, condition)
    return Local(slope)


@lru_cache(maxsize=256)
def _template(text: str) -> tuple[Node, ...] | None:
    """Return the parts of a derivative's text, each after its own parts; None for no derivative."""
    if not text:
        return None
    from workings.expression.reading import parse

    return tuple(postorder(parse(text, names=("a", "b", "c")).root))
