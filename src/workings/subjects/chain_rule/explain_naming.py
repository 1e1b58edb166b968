"""A formula taken apart: inner parts get a name where the chain rule will need one, as a teacher would give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from workings.expression import Apply, Node, Symbol, free_symbols, postorder, substitute
from workings.subjects.chain_rule.explain_structure import Part, Structure, finished
from workings.subjects.chain_rule.explain_terms import factors, free_letter, operation_of

__all__ = ["take_apart"]

_LETTERS = "uvwqrstpghk"
_OUTPUTS = "yfFgGhH"


def take_apart(
    root: Node,
    definitions: Mapping[str, Node],
    by: Sequence[Symbol],
    *,
    name: str | None = None,
    taken: Iterable[str] = (),
    bare_letters: bool = False,
) -> Structure:
    """Return the structure of a formula for its derivatives by some variables.

    The user's own definitions stay. Inside them a part gets a name where the chain rule, or the product or the
    quotient rule for more than plain variables, will need it: sin(x²) becomes sin(u) with u = x².

    Parameters
    ----------
    root
        The formula in its variables.
    definitions
        What the user has named, the output last; empty for a bare formula.
    by
        The variables by which it will be differentiated.
    name
        The output's name, where the user gave one.
    taken
        Names that are not to be used for anything else.
    bare_letters
        Name parts u, v, w rather than u₁, u₂, u₃, as far as there are letters: these will be given an index.
    """
    bodies = {Symbol(key): body for key, body in reversed(list(definitions.items()))}
    names = {symbol.name for body in (root, *bodies.values()) for symbol in free_symbols(body)}
    names |= {symbol.name for symbol in bodies} | set(taken)
    if not bodies:
        output = Symbol(name if name is not None else free_letter(_OUTPUTS, names))
        bodies = {output: root}
    output = next(iter(bodies))
    names.add(output.name)
    # Letters are numbered in the order in which the parts come to stand, so they are given when that is known.
    asked = _in_order(bodies, _to_be_named(bodies, by))
    waiting = {node: Symbol(f"{place}", "text") for place, node in enumerate(asked)}
    order = _sorted(output, _parts(bodies, waiting))
    letters = _bare_letters(names, len(asked)) if bare_letters else _letters(names, len(asked))
    numbered = dict(zip((name for name in order if name in set(waiting.values())), letters, strict=True))
    parts = _parts(bodies, {node: numbered[name] for node, name in waiting.items()})
    return Structure(output, {name: parts[name] for name in (numbered.get(name, name) for name in order)}, by)


def _parts(bodies: Mapping[Symbol, Node], named: Mapping[Node, Symbol]) -> dict[Symbol, Part]:
    """Return the given and the named parts, each with the names put in for what stands inside."""
    parts: dict[Symbol, Part] = {}
    for symbol, body in bodies.items():
        parts[symbol] = _part(symbol, substitute(body, named), named_here=False)
    for node, symbol in named.items():
        inside: dict[Node, Node] = {other: letter for other, letter in named.items() if other is not node}
        parts[symbol] = _part(symbol, substitute(node, inside), named_here=True)
    return parts


def _part(name: Symbol, body: Node, *, named_here: bool) -> Part:
    inside = [node for node in postorder(body) if isinstance(node, Symbol)]
    free = free_symbols(body)
    return Part(name, body, tuple(symbol for symbol in inside if symbol in free), named_here)


def _to_be_named(bodies: Mapping[Symbol, Node], by: Sequence[Symbol]) -> set[Node]:
    """Return the parts that the chain rule, the product rule or the quotient rule will ask for."""
    depends: dict[Node, frozenset[Symbol]] = {}
    wanted = frozenset(by)
    asked: set[Node] = set()
    for symbol, body in reversed(list(bodies.items())):
        unnamed = _inside_cases(body)
        every = list(postorder(body))
        # Of a·b·c the whole product is looked at, not a·b inside it.
        unnamed |= {
            part for node in every if operation_of(node) == "multiply" for part in node.children if _is_product(part)
        }
        for node in every:
            if node not in depends:
                own = frozenset((node,)) & wanted if isinstance(node, Symbol) else frozenset[Symbol]()
                depends[node] = own.union(*(depends[child] for child in node.children))
            if isinstance(node, Apply) and depends[node] and node not in unnamed:
                asked.update(part for part in _asked_by(node, depends) if isinstance(part, Apply))
        depends[symbol] = depends[body]
    return asked


def _asked_by(node: Apply, depends: Mapping[Node, frozenset[Symbol]]) -> list[Node]:
    """Return the parts of a node that need a name of their own for its derivative to follow by one rule."""
    match node.operation.name:
        case "add" | "subtract" | "negate" | "where" | "sum" | "mean":
            return []
        case "multiply":
            every = factors(node)
            moved_by = Counter(variable for part in every for variable in depends[part])
            return [part for part in every if any(moved_by[variable] > 1 for variable in depends[part])]
        case "divide":
            over, under = node.args
            return [under, over] if depends[over] & depends[under] else [under] if depends[under] else []
        case _:
            return [part for part in node.args if depends[part]]


def _is_product(node: Node) -> bool:
    return operation_of(node) == "multiply"


def _inside_cases(body: Node) -> set[Node]:
    """Return what stands inside a case: it is not named, for where the case does not hold it may have no value."""
    found: set[Node] = set()
    for node in postorder(body):
        if operation_of(node) == "where":
            found.update(postorder(node))
            found.discard(node)
    return found


def _in_order(bodies: Mapping[Symbol, Node], asked: set[Node]) -> list[Node]:
    """Return what is to be named, level by level from outside, in the order in which it is read."""
    order: dict[Node, None] = {}
    level: list[Node] = list(bodies.values())
    while level:
        inner: list[Node] = []
        for root in level:
            waiting = list(reversed(root.children)) if root in asked else [root]
            seen = set[Node]()
            while waiting:
                here = waiting.pop()
                if here in seen:
                    continue
                seen.add(here)
                if here in asked:
                    if here not in order:
                        order[here] = None
                        inner.append(here)
                else:
                    waiting += reversed(here.children)
        level = inner
    return list(order)


def _bare_letters(taken: set[str], number: int) -> list[Symbol]:
    used = {name.partition("_")[0] for name in taken}
    free = [letter for letter in _LETTERS if letter not in used]
    return [Symbol(letter) for letter in free[:number]] if len(free) >= number else _letters(taken, number)


def _letters(taken: set[str], number: int) -> list[Symbol]:
    letter = free_letter(_LETTERS, taken)
    if number == 1:
        return [Symbol(letter)]
    return [Symbol(f"{letter}_{k}") for k in range(1, number + 1)]


def _sorted(output: Symbol, parts: Mapping[Symbol, Part]) -> list[Symbol]:
    """Return the parts that the output depends on, each before those that it depends on itself."""
    return list(reversed(finished(output, parts, from_the_left=False)))
