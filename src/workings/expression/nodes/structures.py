"""Elements of arrays, sums, derivatives that are named, and equations: what explanations are written with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from workings.errors import InputError
from workings.expression.nodes.core import Node, Operand, Symbol, as_node, interned
from workings.language import message

__all__ = ["Elided", "Equation", "Indexed", "Integral", "Kind", "Partial", "Reduction", "Relation"]

Kind = Literal["sum", "product", "minimum", "maximum"]
Relation = Literal["=", "≈", "≠", "<", "≤", ">", "≥"]

KINDS: tuple[Kind, ...] = ("sum", "product", "minimum", "maximum")
RELATIONS: tuple[Relation, ...] = ("=", "≈", "≠", "<", "≤", ">", "≥")


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
        key = (id(base), *map(id, nodes))
        return interned(cls, key, (base, *nodes), symbolic=True, base=base, indices=nodes)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the element of another array or at other indices."""
        return Indexed(children[0], children[1:])


class Reduction(Node):
    """A sum, a product, the smallest or the largest of ``body`` for ``index`` from ``lower`` to ``upper``.

    Its children are its body, in which the index is bound, its lower and its upper limit. An empty
    sum is 0 and an empty product 1; the smallest and the largest of nothing are NaN.
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
        parts = (term, low, high)
        return interned(cls, key, parts, symbolic=True, kind=kind, body=term, index=index, lower=low, upper=high)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the reduction of another body between other limits."""
        body, lower, upper = children
        return Reduction(self.kind, body, self.index, lower, upper)


class Elided(Node):
    """A long reduction shown by its first and last terms, 17.99 + 20.57 + … + 7.76; its value is the reduction's.

    A minimum or maximum without last terms is one of which the first are all: max(1, 2, 5).
    """

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
        return interned(
            cls,
            (id(reduction), len(head), *map(id, head), *map(id, tail)),
            (reduction, *head, *tail),
            symbolic=any(term.symbolic for term in head + tail),
            reduction=reduction,
            first=head,
            last=tail,
        )

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
        return interned(
            cls, key, (), symbolic=True, function=function, variables=by, held=fixed, ordinary=bool(ordinary)
        )


class Integral(Node):
    """A definite integral as a name, ∫ f(x) dx from a to b: it is shown, and has the value that it is given.

    Parameters
    ----------
    body
        What is integrated.
    variable
        By what.
    lower, upper
        From where to where.
    """

    __slots__ = ("body", "lower", "upper", "variable")
    body: Node
    variable: Symbol
    lower: Node
    upper: Node

    def __new__(cls, body: Operand, variable: Symbol, lower: Operand, upper: Operand) -> Self:
        """Return the one integral of this body between these limits."""
        if not isinstance(variable, Symbol):  # pyright: ignore[reportUnnecessaryIsInstance] -- what a caller may pass
            raise InputError(message("Integral: variable must be a symbol; got {got}", got=type(variable).__name__))
        term, low, high = as_node(body), as_node(lower), as_node(upper)
        key = (id(term), id(variable), id(low), id(high))
        return interned(cls, key, (), symbolic=True, body=term, variable=variable, lower=low, upper=high)


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
        symbolic = a.symbolic or b.symbolic
        return interned(cls, (relation, id(a), id(b)), (a, b), symbolic=symbolic, left=a, right=b, relation=relation)

    def rebuilt(self, children: tuple[Node, ...]) -> Node:
        """Return the relation between other sides."""
        left, right = children
        return Equation(left, right, self.relation)
