"""The nodes of expression trees: immutable, shared where equal, compared by identity.

Building the same expression twice gives the same object, so that equality is ``is``, a common subexpression is found by
looking, and a memo is a plain dictionary. Nothing is simplified: a tree keeps what was written.
"""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Iterable
from fractions import Fraction
from threading import RLock
from typing import Any, ClassVar, Literal, Self, TypeVar, cast
from weakref import WeakValueDictionary

import numpy as np

from workings.errors import InputError
from workings.expression.names import natural_style
from workings.expression.operations import OPERATIONS, Operation
from workings.language import message

__all__ = [
    "Apply",
    "Elided",
    "Equation",
    "Indexed",
    "Kind",
    "Node",
    "Number",
    "Operand",
    "Partial",
    "Reduction",
    "Relation",
    "Style",
    "Symbol",
    "as_node",
]

Kind = Literal["sum", "product", "minimum", "maximum"]
Relation = Literal["=", "≈", "≠", "<", "≤", ">", "≥"]
Style = Literal["italic", "upright", "text"]

KINDS: tuple[Kind, ...] = ("sum", "product", "minimum", "maximum")
RELATIONS: tuple[Relation, ...] = ("=", "≈", "≠", "<", "≤", ">", "≥")
STYLES: tuple[Style, ...] = ("italic", "upright", "text")
_MAX_BITS = 13_000  # Python refuses to write integers of more than 4,300 digits

_N = TypeVar("_N", bound="Node")

# Keys name children by id: a node in the table holds its children, so their ids are theirs alone for as long as the
# key stands, and the death of a long chain does not run through the table's keys.
_table: WeakValueDictionary[tuple[object, ...], Node] = WeakValueDictionary()
_lock = RLock()


def _new_lock() -> None:
    global _lock
    _lock = RLock()


if hasattr(os, "register_at_fork"):  # a child process must not wait for a thread that it does not have
    os.register_at_fork(after_in_child=_new_lock)


class Node:
    """A part of an expression. Python's operators + - * / ** and unary - build larger ones from it."""

    __slots__ = ("__weakref__", "symbolic")
    __array_ufunc__: ClassVar[None] = None  # NumPy's numbers leave `np.float64(2) * node` to the node

    symbolic: bool
    """Whether a symbol or a number with a name (π) stands in it: then it is multiplied with ``·``, else with ``×``."""

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes that it is made of, in the order in which they are read."""
        return ()

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
        return _apply("add", self, other)

    def __radd__(self, other: Operand) -> Apply:
        return _apply("add", other, self)

    def __sub__(self, other: Operand) -> Apply:
        return _apply("subtract", self, other)

    def __rsub__(self, other: Operand) -> Apply:
        return _apply("subtract", other, self)

    def __mul__(self, other: Operand) -> Apply:
        return _apply("multiply", self, other)

    def __rmul__(self, other: Operand) -> Apply:
        return _apply("multiply", other, self)

    def __truediv__(self, other: Operand) -> Apply:
        return _apply("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Apply:
        return _apply("divide", other, self)

    def __pow__(self, other: Operand) -> Apply:
        return _apply("power", self, other)

    def __rpow__(self, other: Operand) -> Apply:
        return _apply("power", other, self)

    def __neg__(self) -> Apply:
        return Apply("negate", (self,))

    def __pos__(self) -> Node:
        return self

    def __abs__(self) -> Apply:
        return Apply("absolute", (self,))


Operand = Node | int | float | Fraction | np.number[Any] | np.bool_


def _interned(cls: type[_N], key: tuple[object, ...], **fields: object) -> _N:
    """Return the one node of this class with these fields."""
    key = (cls, *key)
    with _lock:
        known = _table.get(key)
        if known is not None:
            return cast("_N", known)
        node = object.__new__(cls)
        for name, value in fields.items():
            object.__setattr__(node, name, value)
        _table[key] = node
        return node


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
        if (
            not isinstance(exact, float)
            and max(exact.numerator.bit_length(), exact.denominator.bit_length()) > _MAX_BITS
        ):
            raise InputError(
                message("Number: value must have at most 3,900 digits; got a larger integer; try a power, 10**5000")
            )
        shown = _digits(exact) if text is None else text
        identity = exact.hex() if isinstance(exact, float) else str(exact)
        return _interned(cls, (type(exact), identity, shown), value=exact, text=shown, symbolic=False)


def _exact_number(value: object) -> int | float | Fraction | None:
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
        return _interned(cls, (name, style, latex), name=name, style=style, latex=latex, symbolic=True)


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

    __slots__ = ("args", "operation")
    operation: Operation
    args: tuple[Node, ...]

    def __new__(cls, operation: Operation | str, args: Iterable[Operand]) -> Self:
        """Return the one application of this operation to these arguments."""
        row = OPERATIONS.get(operation) if isinstance(operation, str) else operation
        if row is None:
            raise InputError(
                message(
                    "Apply: operation must be one of {names}; got {got}", names=", ".join(OPERATIONS), got=operation
                )
            )
        nodes = tuple(as_node(arg) for arg in args)
        if len(nodes) != row.arity:
            raise InputError(
                message(
                    "Apply: {name} takes {arity} arguments; got {got}", name=row.name, arity=row.arity, got=len(nodes)
                )
            )
        return _interned(
            cls,
            (row.name, *map(id, nodes)),
            operation=row,
            args=nodes,
            symbolic=not nodes or any(node.symbolic for node in nodes),
        )

    @property
    def children(self) -> tuple[Node, ...]:
        """Its arguments."""
        return self.args

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the operation on other arguments."""
        return Apply(self.operation, children)


class Indexed(Node):
    """An element of an array: x_i, a_{i,j}. Indices count from 1, as in mathematics."""

    __slots__ = ("base", "indices")
    base: Node
    indices: tuple[Node, ...]

    def __new__(cls, base: Node, indices: Iterable[Operand]) -> Self:
        """Return the one element of this array at these indices."""
        nodes = tuple(as_node(index) for index in indices)
        if not isinstance(base, Symbol) or not nodes:
            raise InputError(
                message("Indexed: base must be a symbol with one index or more; got {got}", got=type(base).__name__)
            )
        return _interned(cls, (id(base), *map(id, nodes)), base=base, indices=nodes, symbolic=True)

    @property
    def children(self) -> tuple[Node, ...]:
        """Its base, then its indices."""
        return (self.base, *self.indices)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the element of another array or at other indices."""
        return Indexed(children[0], children[1:])


class Reduction(Node):
    """A sum, a product, the smallest or the largest of ``body`` for ``index`` from ``lower`` to ``upper``.

    An empty sum is 0 and an empty product 1; the smallest and the largest of nothing are NaN.
    """

    __slots__ = ("body", "index", "kind", "lower", "upper")
    kind: Kind
    body: Node
    index: Symbol
    lower: Node
    upper: Node

    def __new__(cls, kind: Kind, body: Operand, index: Symbol, lower: Operand, upper: Operand) -> Self:
        """Return the one reduction of this body between these limits."""
        if kind not in KINDS:
            raise InputError(
                message("Reduction: kind must be one of {kinds}; got {got}", kinds=", ".join(KINDS), got=kind)
            )
        if not isinstance(index, Symbol):  # pyright: ignore[reportUnnecessaryIsInstance] -- what a caller may pass
            raise InputError(message("Reduction: index must be a symbol; got {got}", got=type(index).__name__))
        term, low, high = as_node(body), as_node(lower), as_node(upper)
        key = (kind, id(term), id(index), id(low), id(high))
        return _interned(cls, key, kind=kind, body=term, index=index, lower=low, upper=high, symbolic=True)

    @property
    def children(self) -> tuple[Node, ...]:
        """Its body (in which the index is bound), its lower and its upper limit."""
        return (self.body, self.lower, self.upper)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the reduction of another body between other limits."""
        body, lower, upper = children
        return Reduction(self.kind, body, self.index, lower, upper)


class Elided(Node):
    """A long reduction shown by its first and last terms, 17.99 + 20.57 + … + 7.76; its value is the reduction's."""

    __slots__ = ("first", "last", "reduction")
    reduction: Reduction
    first: tuple[Node, ...]
    last: tuple[Node, ...]

    def __new__(cls, reduction: Node, first: Iterable[Operand], last: Iterable[Operand]) -> Self:
        """Return the one shortened form of this reduction with these terms."""
        if not isinstance(reduction, Reduction):
            raise InputError(message("Elided: reduction must be a Reduction; got {got}", got=type(reduction).__name__))
        head, tail = tuple(as_node(term) for term in first), tuple(as_node(term) for term in last)
        if not head and not tail:
            raise InputError(message("Elided: there must be at least one first or last term; got none"))
        return _interned(
            cls,
            (id(reduction), len(head), *map(id, head), *map(id, tail)),
            reduction=reduction,
            first=head,
            last=tail,
            symbolic=any(term.symbolic for term in head + tail),
        )

    @property
    def children(self) -> tuple[Node, ...]:
        """The reduction, then the terms that are shown."""
        return (self.reduction, *self.first, *self.last)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return it with another reduction and other terms."""
        split = 1 + len(self.first)
        return Elided(children[0], children[1:split], children[split:])


class Partial(Node):
    """A partial derivative as a name, ∂J/∂m or ∂²y/∂z∂x: it is shown, and has the value that it is given.

    Parameters
    ----------
    function
        What is differentiated.
    variables
        By what, in the order of differentiating: ∂²y/∂z∂x, the slope by z of the slope by x, has ``(x, z)``.
    held
        What is held fixed besides, where that is not plain: (∂y/∂x)_u moves the x in y = u·x alone, not that in u.
    ordinary
        Whether there is nothing else to hold fixed: then it is written dy/dx.

    Raises
    ------
    InputError
        If there is no variable.
    """

    __slots__ = ("function", "held", "ordinary", "variables")
    function: Node
    variables: tuple[Node, ...]
    held: tuple[Node, ...]
    ordinary: bool

    def __new__(
        cls, function: Node, variables: Iterable[Node], held: Iterable[Node] = (), *, ordinary: bool = False
    ) -> Self:
        """Return the one partial derivative of this function by these variables, with these held."""
        by, fixed = tuple(variables), tuple(held)
        if not by:
            raise InputError(message("Partial: there must be at least one variable; got none"))
        key = (id(function), ordinary, len(by), *map(id, by), *map(id, fixed))
        return _interned(cls, key, function=function, variables=by, held=fixed, ordinary=bool(ordinary), symbolic=True)


class Equation(Node):
    """Two sides and the relation that holds between them."""

    __slots__ = ("left", "relation", "right")
    left: Node
    right: Node
    relation: Relation

    def __new__(cls, left: Operand, right: Operand, relation: Relation = "=") -> Self:
        """Return the one relation between these sides."""
        if relation not in RELATIONS:
            raise InputError(
                message(
                    "Equation: relation must be one of {relations}; got {got}",
                    relations=" ".join(RELATIONS),
                    got=relation,
                )
            )
        a, b = as_node(left), as_node(right)
        return _interned(
            cls, (relation, id(a), id(b)), left=a, right=b, relation=relation, symbolic=a.symbolic or b.symbolic
        )

    @property
    def children(self) -> tuple[Node, ...]:
        """Its left and its right side."""
        return (self.left, self.right)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the relation between other sides."""
        left, right = children
        return Equation(left, right, self.relation)


def as_node(value: Operand) -> Node:
    """Return a node as it is, a number as a Number.

    Raises
    ------
    InputError
        If it is neither.
    """
    return value if isinstance(value, Node) else Number(value)


def _apply(name: str, left: Operand, right: Operand) -> Apply:
    for side in (left, right):
        if not isinstance(side, Node) and _exact_number(side) is None:
            return NotImplemented
    return Apply(name, (left, right))
