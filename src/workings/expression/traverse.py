"""Walking expressions: none of these walks recurses, however deep the tree, and shared parts are visited once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workings.expression.nodes import Elided, Node, Operand, Partial, Reduction, Symbol, as_node

__all__ = ["free_symbols", "postorder", "substitute"]


def postorder(node: Node) -> Iterator[Node]:
    """Yield every distinct node below and including ``node``, each after its children.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> x, y = symbols("x y")
    >>> [str(part) for part in postorder((x + y) * x)]
    ['x', 'y', 'x + y', '(x + y)·x']
    """
    seen: set[Node] = set()
    stack = [(node, False)]
    while stack:
        here, ready = stack.pop()
        if ready:
            yield here
        elif here not in seen:
            seen.add(here)
            stack.append((here, True))
            stack.extend((child, False) for child in reversed(here.children) if child not in seen)


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
    seen: set[tuple[Node, frozenset[Symbol]]] = set()
    stack: list[tuple[Node, frozenset[Symbol]]] = [(node, frozenset())]
    while stack:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        part, bound = here
        if isinstance(part, Symbol):
            if part not in bound:
                found.add(part)
        elif isinstance(part, Reduction):
            stack.extend(((part.lower, bound), (part.upper, bound), (part.body, bound | {part.index})))
        else:
            stack.extend((child, bound) for child in part.children)
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
    inner: dict[tuple[Reduction, int], tuple[int, Symbol]] = {}
    done: dict[tuple[Node, int], Node] = {}
    stack: list[tuple[Node, int, bool]] = [(node, 0, False)]
    while stack:
        here, scope, ready = stack.pop()
        if (here, scope) in done:
            continue
        if here in scopes[scope]:
            done[here, scope] = scopes[scope][here]
            continue
        children = here.children
        if not children or isinstance(here, Partial):
            done[here, scope] = here
            continue
        places = [scope] * len(children)
        if isinstance(here, Reduction):
            if (here, scope) not in inner:
                inner[here, scope] = _enter(here, scope, scopes)
            places[0] = inner[here, scope][0]
        if not ready:
            stack.append((here, scope, True))
            stack.extend((child, place, False) for child, place in zip(children, places, strict=True))
            continue
        new = tuple(done[child, place] for child, place in zip(children, places, strict=True))
        if isinstance(here, Reduction) and inner[here, scope][1] is not here.index:
            done[here, scope] = Reduction(here.kind, new[0], inner[here, scope][1], new[1], new[2])
        elif isinstance(here, Elided) and not isinstance(new[0], Reduction):
            done[here, scope] = new[0]
        else:
            done[here, scope] = here if new == children else here.rebuilt(new)
    return done[node, 0]


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
