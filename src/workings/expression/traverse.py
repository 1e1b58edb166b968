"""Walking expressions: none of these walks recurses, however deep the tree, and shared parts are visited once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from workings.expression.nodes import Elided, Node, Operand, Reduction, Symbol, as_node

__all__ = ["free_symbols", "postorder", "substitute"]


def postorder(*nodes: Node) -> Iterator[Node]:
    """Yield every distinct node below and including those given, each once and after its children.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> x, y = symbols("x y")
    >>> [str(part) for part in postorder((x + y) * x)]
    ['x', 'y', 'x + y', '(x + y)·x']
    """
    seen: set[Node] = set()
    stack: list[Node | None] = [*reversed(nodes)]
    while stack:
        here = stack.pop()
        if here is None:  # what stands below has all its children behind it
            yield cast("Node", stack.pop())
        elif here not in seen:
            seen.add(here)
            if here.children:
                stack += (here, None)
                stack += here.children[::-1]
            else:
                yield here


def free_symbols(node: Node) -> frozenset[Symbol]:
    """Return the symbols that need a value: all but the indices of sums within their sums.

    A partial derivative is a name of its own and has none.

    Examples
    --------
    >>> from workings.expression import indexed, symbols, total
    >>> i, n = symbols("i n")
    >>> sorted(s.name for s in free_symbols(total(indexed("x", i), i, 1, n)))
    ['n', 'x']
    """
    found: set[Symbol] = set()
    seen: dict[frozenset[Symbol], set[Node]] = {}
    scopes: list[tuple[Node, frozenset[Symbol]]] = [(node, frozenset())]
    while scopes:
        root, bound = scopes.pop()
        known = seen.setdefault(bound, set())
        stack = [root]
        while stack:
            part = stack.pop()
            if part in known:
                continue
            known.add(part)
            if isinstance(part, Symbol):
                if part not in bound:
                    found.add(part)
            elif isinstance(part, Reduction):
                stack += (part.lower, part.upper)
                scopes.append((part.body, bound | {part.index}))
            else:
                stack += part.children
    return frozenset(found)


def substitute(node: Node, replacements: Mapping[Node, Operand]) -> Node:
    """Return the expression with parts replaced, all at once.

    The index of a sum is bound inside it: it is not replaced there, nor does a part replaced there catch it (the index
    is renamed where it would). A partial derivative is one name: only the whole of it is replaced.

    Parameters
    ----------
    node
        The expression.
    replacements
        What is replaced (any node) and by what (a node or a number).

    Examples
    --------
    >>> from workings.expression import symbols
    >>> x, y = symbols("x y")
    >>> print(substitute(x * (x + y), {x: y, y: 3}))
    y·(y + 3)
    """
    scopes: list[dict[Node, Node]] = [{old: as_node(new) for old, new in replacements.items()}]
    done: list[dict[Node, Node]] = [dict(scopes[0])]
    inner: dict[tuple[Reduction, int], tuple[int, Symbol]] = {}
    scope, memo = 0, done[0]
    stack: list[Node | int | None] = [node]  # a number enters that scope; after None stands what is ready
    while stack:
        here = stack.pop()
        if here is None:
            here = cast("Node", stack.pop())
            new = tuple([memo.get(child, child) for child in here.children])
            if isinstance(here, Reduction):
                within, index = inner[here, scope]
                new = (done[within][here.body], *new[1:])
                if index is not here.index:
                    memo[here] = Reduction(here.kind, new[0], index, new[1], new[2])
                    continue
            elif isinstance(here, Elided) and not isinstance(new[0], Reduction):
                memo[here] = new[0]
                continue
            memo[here] = here if new == here.children else here.rebuilt(new)
        elif isinstance(here, int):
            scope, memo = here, done[here]
        elif here in memo:
            continue
        elif isinstance(here, Reduction):
            within, index = inner[here, scope] = _enter(here, scope, scopes)
            if within == len(done):
                done.append(dict(scopes[within]))
            stack += (here, None, here.upper, here.lower, scope, here.body, within)
        elif here.children:
            stack += (here, None)
            stack += here.children[::-1]
        else:
            memo[here] = here
    return done[0][node]


def _enter(reduction: Reduction, scope: int, scopes: list[dict[Node, Node]]) -> tuple[int, Symbol]:
    """Return the scope that holds inside a reduction, and the index that it then has."""
    index, outside = reduction.index, scopes[scope]
    hidden = [old for old in outside if index in free_symbols(old)]
    kept = {old: new for old, new in outside.items() if old not in hidden} if hidden else outside
    body = free_symbols(reduction.body)
    caught = [new for old, new in kept.items() if index in free_symbols(new) and free_symbols(old) & body]
    if not hidden and not caught:
        return scope, index
    if caught:
        taken = body.union(*(free_symbols(new) for new in kept.values()))
        names = {symbol.name for symbol in taken}
        fresh = next(name for name in _indices(index.name) if name not in names)
        index = Symbol(fresh, index.style)
        kept = {**kept, reduction.index: index}
    scopes.append(kept)
    return len(scopes) - 1, index


def _indices(name: str) -> Iterator[str]:
    yield from "ijklmpqrst"
    while True:
        name += "'"
        yield name
