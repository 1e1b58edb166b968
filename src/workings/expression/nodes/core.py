"""Names, numbers, and operations on them: what most of an expression is made of.

Nodes are immutable, shared where equal and compared by identity. Building the same expression twice gives the same
object, so that equality is ``is``, a common subexpression is found by looking, and a memo is a plain dictionary.
Nothing is simplified: a tree keeps what was written.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias, TypeVar, cast

import numpy as np

from workings.errors import InputError
from workings.expression.names import natural_style
from workings.expression.nodes.interning import entries, keep
from workings.expression.operations import OPERATIONS, Operation
from workings.language import message

__all__ = ["Apply", "Node", "Number", "Operand", "Style", "Symbol", "as_node", "interned"]

Style = Literal["italic", "upright", "text"]

STYLES: tuple[Style, ...] = ("italic", "upright", "text")
_MAX_BITS = 13_000  # Python refuses to write integers of more than 4,300 digits

_N = TypeVar("_N", bound="Node")


class Node:
    """A part of an expression. Python's operators + - * / ** and unary - build larger ones from it."""

    __slots__ = ("__weakref__", "children", "symbolic")
    __array_ufunc__: ClassVar[None] = None  # NumPy's numbers leave `np.float64(2) * node` to the node

    children: tuple[Node, ...]
    """The nodes that it is made of, in the order in which they are read."""
    symbolic: bool
    """Whether a symbol or a number with a name (π) stands in it: then it is multiplied with ``·``, else with ``×``."""

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the same node with other children."""
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed; build another (substitute replaces parts)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: object) -> Node:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        from workings.expression.serialize import from_json, to_json

        return (from_json, (to_json(self),))

    def __str__(self) -> str:
        from workings.expression.render_text import to_text

        return to_text(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __add__(self, other: Operand) -> Apply:
        return _infix(_ADD, self, other)

    def __radd__(self, other: Operand) -> Apply:
        return _infix(_ADD, other, self)

    def __sub__(self, other: Operand) -> Apply:
        return _infix(_SUBTRACT, self, other)

    def __rsub__(self, other: Operand) -> Apply:
        return _infix(_SUBTRACT, other, self)

    def __mul__(self, other: Operand) -> Apply:
        return _infix(_MULTIPLY, self, other)

    def __rmul__(self, other: Operand) -> Apply:
        return _infix(_MULTIPLY, other, self)

    def __truediv__(self, other: Operand) -> Apply:
        return _infix(_DIVIDE, self, other)

    def __rtruediv__(self, other: Operand) -> Apply:
        return _infix(_DIVIDE, other, self)

    def __pow__(self, other: Operand) -> Apply:
        return _infix(_POWER, self, other)

    def __rpow__(self, other: Operand) -> Apply:
        return _infix(_POWER, other, self)

    def __neg__(self) -> Apply:
        return _applied(_NEGATE, (self,))

    def __pos__(self) -> Node:
        return self

    def __abs__(self) -> Apply:
        return _applied(_ABSOLUTE, (self,))


Operand: TypeAlias = Node | int | float | Fraction | np.number[Any] | np.bool_


def interned(
    cls: type[_N], key: tuple[object, ...], children: tuple[Node, ...], *, symbolic: bool, **fields: object
) -> _N:
    """Return the one node of this class with this key: what is known already, or a new one with these fields."""
    key = (cls.__name__, *key)
    entry = entries.get(key)
    known = None if entry is None else entry()
    if known is not None:
        return cast("_N", known)
    node = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(node, name, value)
    object.__setattr__(node, "children", children)
    object.__setattr__(node, "symbolic", symbolic)
    return keep(key, node)


class Number(Node):
    """A number and the digits to show for it.

    Parameters
    ----------
    value
        The exact value, which evaluation uses: int, float, bool or Fraction (NumPy's numbers become Python's).
    text
        The digits to show; by default all that the value has. Different digits make a different node.
        ``1.5e-07`` and ``1.5·10⁻⁷`` are read as powers of ten by every renderer.

    Raises
    ------
    InputError
        If the value is not a real number, or an integer of more than 3,900 digits.
    """

    __slots__ = ("text", "value")
    value: int | float | Fraction
    text: str

    def __new__(cls, value: float | Fraction | np.number[Any] | np.bool_, text: str | None = None) -> Self:
        """Return the one number with this value and these digits."""
        exact = _exact_number(value)
        if exact is None:
            raise InputError(
                message(
                    "Number: value must be a real number; got {got}; try symbol(name) for a name",
                    got=type(value).__name__,
                )
            )
        # Python calls 0.0 and -0.0 equal, 1 and 1.0 and True too, and NaN unequal to itself: the key tells them apart.
        plain = exact if exact and exact == exact else str(exact)  # noqa: PLR0124 -- NaN differs from itself
        key = (type(exact).__name__, plain, text)
        entry = entries.get(("Number", *key))
        known = None if entry is None else entry()
        if known is not None:
            return cast("Self", known)
        digits = _digits(exact)
        if text == digits:
            return cls(exact)
        return interned(cls, key, (), symbolic=False, value=exact, text=digits if text is None else text)


def _exact_number(value: object) -> int | float | Fraction | None:
    kind = type(value)
    if kind is int or kind is float:
        return cast("int | float", value)
    if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, Fraction)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    return float(value) if isinstance(value, numbers.Real) else None


def _digits(value: float | Fraction) -> str:
    if isinstance(value, float):
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        return "NaN" if math.isnan(value) else repr(value)
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MAX_BITS:
        raise InputError(
            message("Number: value must have at most 3900 digits; got a larger integer; try a power, 10**5000")
        )
    return str(value).lower()


class Symbol(Node):
    """A name.

    Parameters
    ----------
    name
        Any text. Greek letters may be spelt (``sigma``), a letter may carry a subscript (``beta_1``), words stand
        upright (``recall``).
    style
        "italic" or "upright" for mathematical names, "text" for names from outside (columns), shown as they are.
        By default one letter is italic, a word upright, anything else text.
    latex
        LaTeX for it, where the name does not say enough; it is passed on as it is, so it must not come from outside.

    Raises
    ------
    InputError
        If the name is not text, or there is no such style.
    """

    __slots__ = ("latex", "name", "style")
    name: str
    style: Style
    latex: str | None

    def __new__(cls, name: str, style: Style | None = None, latex: str | None = None) -> Self:
        """Return the one symbol of this name and style."""
        if type(name) is not str:
            if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- what a caller may pass
                raise InputError(message("Symbol: name must be text; got {got}", got=type(name).__name__))
            name = str(name)
        if style is None:
            style = natural_style(name)
        elif style not in STYLES:
            raise InputError(
                message("Symbol: style must be one of {styles}; got {got}", styles=", ".join(STYLES), got=style)
            )
        return interned(cls, (name, style, latex), (), symbolic=True, name=name, style=style, latex=latex)


class Apply(Node):
    """An operation on its arguments.

    Parameters
    ----------
    operation
        A row of the table of operations, or its name.
    args
        As many nodes or numbers as the operation takes.

    Raises
    ------
    InputError
        If there is no such operation, or it takes another number of arguments.
    """

    __slots__ = ("operation",)
    operation: Operation
    args = Node.children  # the same slot by the name that an operation has for it

    def __new__(cls, operation: Operation | str, args: Iterable[Operand]) -> Self:
        """Return the one application of this operation to these arguments."""
        row = OPERATIONS.get(operation) if isinstance(operation, str) else operation
        if row is None:
            raise InputError(
                message(
                    "Apply: operation must be one of {names}; got {got}", names=", ".join(OPERATIONS), got=operation
                )
            )
        nodes = tuple([arg if isinstance(arg, Node) else Number(arg) for arg in args])
        if len(nodes) != row.arity:
            raise InputError(
                message(
                    "Apply: {name} takes {arity} arguments; got {got}", name=row.name, arity=row.arity, got=len(nodes)
                )
            )
        return cast("Self", _applied(row, nodes))

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the operation on other arguments."""
        return _applied(self.operation, children)


class _Draft(Node):
    """An ``Apply`` being written: of the same shape, but its fields can be set, and faster than around the guard."""

    __slots__ = ("operation",)
    operation: Operation
    if not TYPE_CHECKING:
        __setattr__ = object.__setattr__


_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _POWER, _NEGATE, _ABSOLUTE = (
    OPERATIONS[name] for name in ("add", "subtract", "multiply", "divide", "power", "negate", "absolute")
)


def _applied(operation: Operation, args: tuple[Node, ...]) -> Apply:
    """Return the one application. Every step in building and differentiating ends here, so it is written for speed."""
    if len(args) == 2:
        left, right = args
        key = (operation.name, id(left), id(right))
        symbolic = left.symbolic or right.symbolic
    else:
        key = (operation.name, *map(id, args))
        symbolic = not args or any(arg.symbolic for arg in args)
    entry = entries.get(key)
    if entry is not None:
        known = entry()
        if known is not None:
            return cast("Apply", known)
    draft: Any = _Draft()
    draft.operation = operation
    draft.children = args
    draft.symbolic = symbolic
    draft.__class__ = Apply
    return keep(key, draft)


def _infix(operation: Operation, left: Any, right: Any) -> Apply:
    """Return the application to what stands on both sides of a sign; one side is a node, the other may be a number."""
    if not isinstance(right, Node):
        exact = _exact_number(right)
        if exact is None:
            return NotImplemented
        right = Number(exact)
    elif not isinstance(left, Node):
        exact = _exact_number(left)
        if exact is None:
            return NotImplemented
        left = Number(exact)
    return _applied(operation, (left, right))


def as_node(value: Operand) -> Node:
    """Return a node as it is, a number as a Number.

    Raises
    ------
    InputError
        If it is neither.
    """
    return value if isinstance(value, Node) else Number(value)
