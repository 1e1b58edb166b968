"""A formula taken apart: which variable depends on which, its inner parts named where the chain rule will need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from workings.expression import Apply, Node, Partial, Symbol, free_symbols, partial, postorder, substitute

__all__ = ["Part", "Structure", "factors", "free_letter", "is_short", "take_apart", "terms"]

_LETTERS = "uvwqrstpghk"
_OUTPUTS = "yfFgGhH"
# An expression of more nodes, counted as often as they are written, does not read in three lines.
_SHORT = 90


@dataclass(frozen=True, eq=False)
class Part:
    """One variable that depends on others.

    Parameters
    ----------
    name
        Its name.
    body
        What it is, in the names of other parts and of variables.
    depends
        The names in the body, in the order in which they are read.
    named_here
        Whether it had no name in the formula as it was given.
    """

    name: Symbol
    body: Node
    depends: tuple[Symbol, ...]
    named_here: bool


class Structure:
    """The parts of a formula, and how each depends on the variables by which it is differentiated.

    Parameters
    ----------
    output
        The name of the whole.
    parts
        Every part by its name, each before those that it depends on.
    by
        The variables by which it is differentiated.
    """

    def __init__(self, output: Symbol, parts: Mapping[Symbol, Part], by: Sequence[Symbol]) -> None:
        self.output = output
        self.parts = parts
        self.by = tuple(by)
        self.inner_first = tuple(parts[name] for name in _finished(output, parts))
        """The parts in the order in which they are computed."""
        self._below: dict[Symbol, frozenset[Symbol]] = {}
        for part in self.inner_first:
            below = (self._below.get(name, frozenset[Symbol]()) for name in part.depends)
            self._below[part.name] = frozenset(part.depends).union(*below)
        order = dict.fromkeys(name for part in parts.values() for name in part.depends if name not in parts)
        self.variables: tuple[Symbol, ...] = tuple(order)

    @property
    def outer_first(self) -> tuple[Part, ...]:
        """The parts, the whole first and each before those that it depends on."""
        return tuple(self.parts.values())

    def reaches(self, name: Symbol, variable: Symbol) -> bool:
        """Whether ``name`` is ``variable`` or depends on it."""
        return name is variable or variable in self._below.get(name, ())

    def moved_by(self, variable: Symbol) -> tuple[Part, ...]:
        """Return the parts that depend on a variable, the whole first."""
        return tuple(part for part in self.outer_first if self.reaches(part.name, variable))

    def edges(self, part: Part, variable: Symbol) -> tuple[Symbol, ...]:
        """Return on what a part depends directly and through which it depends on ``variable``."""
        return tuple(name for name in part.depends if self.reaches(name, variable))

    def local(self, part: Part, on: Symbol) -> Partial:
        """Return the name of a part's derivative by something in its body, everything else in the body held fixed.

        It is said what is held where the part depends on ``on`` by other ways too: (∂y/∂x)_u of y = u·x, u = x².
        """
        held = [name for name in part.depends if name is not on and self.reaches(name, on)]
        if held:
            return partial(part.name, on, held=held)
        return self.total(part.name, on)

    def total(self, name: Symbol, on: Symbol) -> Partial:
        """Return the name of the derivative of ``name`` by ``on``, by all ways together."""
        return partial(name, on, ordinary=self._depends_on_nothing_but(name, on))

    def routes(self, variable: Symbol, most: int) -> list[tuple[Symbol, ...]] | None:
        """Return every way from the whole down to ``variable``; None if there are more than ``most``."""
        found: list[tuple[Symbol, ...]] = []
        waiting: list[tuple[Symbol, ...]] = [(self.output,)]
        while waiting:
            if len(waiting) + len(found) > most:
                return None
            way = waiting.pop()
            if way[-1] is variable:
                found.append(way)
                continue
            on = self.edges(self.parts[way[-1]], variable) if way[-1] in self.parts else ()
            waiting += [(*way, name) for name in reversed(on)]
        return found

    def whole(self, name: Symbol) -> Node:
        """Return a part written out in variables alone."""
        written: dict[Node, Node] = {}
        for part in self.inner_first:
            written[part.name] = substitute(part.body, written)
            if part.name is name:
                break
        return written[name]

    def _depends_on_nothing_but(self, name: Symbol, on: Symbol) -> bool:
        waiting, seen = [name], set[Symbol]()
        while waiting:
            here = waiting.pop()
            if here is on or here in seen:
                continue
            seen.add(here)
            if here not in self.parts:
                return False
            waiting += self.parts[here].depends
        return True


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


def free_letter(letters: str, taken: Iterable[str]) -> str:
    """Return the first letter that no name uses, alone or with a subscript."""
    used = {name.partition("_")[0] for name in taken}
    found = next((letter for letter in letters if letter not in used), None)
    return (
        found if found is not None else next(f"{letters[0]}_{k}" for k in count() if f"{letters[0]}_{k}" not in taken)
    )


def is_short(node: Node) -> bool:
    """Return whether an expression reads in a line or three; another is named, not written.

    Examples
    --------
    >>> from workings.expression import symbol
    >>> from workings.subjects.chain_rule.explain_structure import is_short
    >>> x = symbol("x")
    >>> is_short(x**2 + 1), is_short(sum((x + k for k in range(100)), x))
    (True, False)
    """
    sizes: dict[Node, int] = {}
    for part in postorder(node):
        sizes[part] = 1 + sum(sizes[child] for child in part.children)
        if sizes[part] > _SHORT:
            return False
    return True


def terms(node: Node) -> list[tuple[int, Node]]:
    """Return what is added up, each with its sign: x - (y + z) is x, -y, -z written (1, x), (-1, y), (-1, z)."""
    found: list[tuple[int, Node]] = []
    waiting = [(1, node)]
    while waiting:
        sign, here = waiting.pop()
        match _operation(here):
            case "add":
                left, right = here.children
                waiting += [(sign, right), (sign, left)]
            case "subtract":
                left, right = here.children
                waiting += [(-sign, right), (sign, left)]
            case _:
                found.append((sign, here))
    return found


def factors(node: Node) -> list[Node]:
    """Return what is multiplied, in the order in which it is read."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if _operation(here) == "multiply":
            waiting += reversed(here.children)
        else:
            found.append(here)
    return found


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
            part for node in every if _operation(node) == "multiply" for part in node.children if _is_product(part)
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
    return _operation(node) == "multiply"


def _inside_cases(body: Node) -> set[Node]:
    """Return what stands inside a case: it is not named, for where the case does not hold it may have no value."""
    found: set[Node] = set()
    for node in postorder(body):
        if _operation(node) == "where":
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
    return list(reversed(_finished(output, parts, from_the_left=False)))


def _finished(output: Symbol, parts: Mapping[Symbol, Part], *, from_the_left: bool = True) -> list[Symbol]:
    """Return the parts that the output depends on, each after those that it depends on itself."""
    done: dict[Symbol, None] = {}
    stack = [(output, False)]
    while stack:
        name, ready = stack.pop()
        if name in done or name not in parts:
            continue
        if ready:
            done[name] = None
        else:
            inner = parts[name].depends
            stack.append((name, True))
            stack.extend((each, False) for each in (reversed(inner) if from_the_left else inner))
    return list(done)


def _operation(node: Node) -> str:
    return node.operation.name if isinstance(node, Apply) else ""
