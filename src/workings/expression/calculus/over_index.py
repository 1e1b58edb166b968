"""Sums and products over an index, and elements of arrays: ∂/∂w_k of Σ_j w_j·x_{ij} is x_{ik}."""

from __future__ import annotations

from workings.errors import FormulaError
from workings.expression.calculus.coefficient import ONE_NODE, ZERO_NODE
from workings.expression.calculus.combine import is_zero, negative, over, selected, times
from workings.expression.nodes import Apply, Indexed, Node, Number, Reduction, Symbol
from workings.expression.traverse import free_symbols, postorder, substitute
from workings.language import message

__all__ = ["derivative_of_element", "derivative_of_reduction", "indices_apart"]


def derivative_of_element(node: Indexed, variable: Node) -> Node:
    """Return ∂x_j/∂x_k = [j = k] (Kronecker's delta), and 0 for elements of other arrays.

    Raises
    ------
    FormulaError
        If the variable is the array itself: one differentiates by its elements.
    """
    if variable is node.base:
        raise FormulaError(
            message(
                "derivative: variable must be one element of an array; got the array {name}; try it with an index",
                name=node.base,
            )
        )
    if not isinstance(variable, Indexed) or variable.base is not node.base:
        return ZERO_NODE
    if len(variable.indices) != len(node.indices):
        return ZERO_NODE
    delta: Node = ONE_NODE
    for mine, other in zip(node.indices, variable.indices, strict=True):
        if mine is other:
            continue
        if type(mine) is Number and type(other) is Number:
            if mine.value != other.value:
                return ZERO_NODE
            continue
        delta = times(delta, Apply("iverson", (Apply("equal", (mine, other)),)))
    return delta


def indices_apart(node: Node, variable: Node) -> Node:
    """Return the expression with the indices of its sums renamed where they would catch a name in the variable."""
    taken = free_symbols(variable)
    caught = {part.index: part for part in postorder(node) if isinstance(part, Reduction) and part.index in taken}
    if not caught:
        return node
    used = {part.name for part in postorder(node) if isinstance(part, Symbol)} | {symbol.name for symbol in taken}
    renamed: dict[Node, Node] = {}
    for part in postorder(node):
        new = part.rebuilt(tuple(renamed[child] for child in part.children)) if part.children else part
        if isinstance(new, Reduction) and new.index in taken:
            fresh = Symbol(_fresh(new.index.name, used), new.index.style)
            used.add(fresh.name)
            body = substitute(new.body, {new.index: fresh})
            new = Reduction(new.kind, body, fresh, new.lower, new.upper)
        renamed[part] = new
    return renamed[node]


def _fresh(name: str, used: set[str]) -> str:
    for letter in "ijklmnpqrst":
        if letter not in used:
            return letter
    while name in used:
        name += "'"
    return name


def derivative_of_reduction(node: Reduction, change: Node) -> Node:
    """Return the derivative of a sum, product, smallest or largest over an index from that of its body."""
    if is_zero(change):
        return ZERO_NODE
    if node.kind == "sum":
        return _summed(change, node)
    if node.kind == "product":
        # Each factor's change times all the other factors: right where a factor is 0 (Speelpenning's product).
        inner = Symbol(_fresh(node.index.name, {symbol.name for symbol in free_symbols(node.body)} | {node.index.name}))
        others = Reduction(
            "product",
            Apply(
                "where",
                (Apply("equal", (inner, node.index)), ONE_NODE, substitute(node.body, {node.index: inner})),
            ),
            inner,
            node.lower,
            node.upper,
        )
        return _summed(times(change, others), node)
    chosen = Apply("equal", (node.body, node))
    return over(_summed(selected(chosen, change, ZERO_NODE), node), _summed(Apply("iverson", (chosen,)), node))


def _summed(body: Node, over_what: Reduction) -> Node:
    """Return the sum of an expression over a reduction's index; [j = k] picks the one term in which it is 1."""
    index = over_what.index
    if isinstance(body, Apply):
        name = body.operation.name
        if name == "negate":
            return negative(_summed(body.args[0], over_what))
        if name == "multiply" and type(body.args[0]) is Number:
            return times(body.args[0], _summed(body.args[1], over_what))
        picked = _picked(body, index)
        if picked is not None:
            place, rest = picked
            return substitute(rest, {index: place})
    return Reduction("sum", body, index, over_what.lower, over_what.upper)


def _picked(body: Node, index: Symbol) -> tuple[Node, Node] | None:
    """Return where a term is picked and the term without its [j = k]; None where none is."""
    factors: list[Node] = [body]
    kept: list[Node] = []
    place: Node | None = None
    for _ in range(32):
        if not factors:
            break
        factor = factors.pop()
        found = _delta(factor, index) if place is None else None
        if found is not None:
            place = found
        elif isinstance(factor, Apply) and factor.operation.name == "multiply":
            factors += reversed(factor.args)
        else:
            kept.append(factor)
    if place is None:
        return None
    rest: Node = ONE_NODE
    for factor in kept + factors[::-1]:
        rest = times(rest, factor)
    return place, rest


def _delta(factor: Node, index: Symbol) -> Node | None:
    if not isinstance(factor, Apply) or factor.operation.name != "iverson":
        return None
    condition = factor.args[0]
    if not isinstance(condition, Apply) or condition.operation.name != "equal":
        return None
    left, right = condition.args
    if left is index and index not in free_symbols(right):
        return right
    return left if right is index and index not in free_symbols(left) else None
