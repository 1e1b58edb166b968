"""The chain rule told for one formula: what depends on what, each partial by its rule, put together, with numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import pairwise

from workings.expression import (
    Apply,
    Equation,
    Node,
    Partial,
    Symbol,
    equation,
    free_symbols,
    partial,
    postorder,
    substitute,
)
from workings.expression.calculus import derivative, gradient
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_rules import listed, rules_of, title_of
from workings.subjects.chain_rule.explain_structure import Part, Structure
from workings.subjects.chain_rule.explain_terms import is_short, terms
from workings.working import Derivation, Derived, Rule, Table

__all__ = ["ChainNarrator"]

# Up to so many ways from the whole to a variable the chain rule is written out along each of them.
_MOST_ROUTES, _LONGEST_ROUTE = 4, 4
# The only way may be longer: its product takes one line, where a line for each part would repeat the rule.
_LONGEST_ONLY_ROUTE = 8
# Of a sum of more terms the terms are not differentiated one by one.
_MOST_TERMS = 6
# Lists of more are not read.
_MOST_NAMES, _MOST_WAYS = 4, 6


class ChainNarrator:
    """Writes the lines of one order of differentiation.

    Parameters
    ----------
    w
        Where the lines go.
    structure
        The formula, taken apart.
    point
        The values of the variables; None for the derivation in symbols alone.
    brief
        Whether there are so many parts that tables say what lines would repeat.
    key
        What the keys of the lines begin with.
    told
        How the parts that are told elsewhere are written in the table of dependencies; no line is spent on them here.
    show
        How anything is written: by default as it stands; for a row of data each name with the row's index.
    """

    def __init__(
        self,
        w: Derivation,
        structure: Structure,
        point: Point | None,
        *,
        brief: bool = False,
        key: str = "",
        told: Mapping[Symbol, Node] | None = None,
        show: Callable[[Node], Node] = lambda node: node,
    ) -> None:
        self.w = w
        self.structure = structure
        self.point = point
        self.brief = brief
        self.key = key
        self.told = told or {}
        self.show = show

    def dependencies(self) -> None:
        """Say which variable depends on which, and along which ways the whole depends on those that move."""
        structure = self.structure
        named = [part.name for part in structure.outer_first if part.named_here]
        if len(named) == len(structure.parts) - 1 and not self.told:
            whole = structure.whole(structure.output)
            if is_short(whole):
                statement = self.show(equation(structure.output, whole))
                self.w.define(f"{self.key}formula", statement, title=message("The formula"))
        if len(structure.parts) == 1:
            return
        title, show = message("What depends on what"), self.show
        if len(named) > _MOST_NAMES:
            ends = {"first": named[0], "last": named[-1]}
            title = message("What depends on what, inner parts named {first} to {last} here", **ends)
        elif named:
            title = message("What depends on what, inner parts named {names} here", names=listed(named))
        heads = (message("variable"), message("is"), message("depends on"))
        parts = structure.outer_first
        if self.point is None or not self.brief:
            bodies = {**{part.name: part.body for part in parts}, **self.told}
            rows: list[tuple[Node | Message | Derived, ...]] = [
                (show(part.name), show(bodies[part.name]), listed([show(name) for name in part.depends], 6))
                for part in parts
            ]
        else:
            # The values stand here at once, from the inside out; elsewhere each is a line of its own.
            heads, parts, point = (*heads, message("value")), structure.inner_first, self.point
            rows = [(p.name, p.body, listed(p.depends, 6), point.derived(p.name, p.body)) for p in parts]
        self.w.table(f"{self.key}dependencies", Table(heads, tuple(rows), note=self._ways()), title=title)

    def chain_rule(self) -> None:
        """Write the chain rule in symbols for this very structure."""
        every = self.structure.by
        alike = message("By the other variables it is alike.") if self.brief and len(every) > 1 else None
        for variable in every[:1] if self.brief else every:
            for left, right in self.combinations(variable):
                self.w.define(
                    f"{self.key}chain_rule_{left}",
                    self.show(equation(left, right)),
                    title=Rule.CHAIN_RULE.title,
                    note=message("The letter below a parenthesis is held fixed.") if _holds(right) else alike,
                )

    def values(self) -> None:
        """Work out the parts from the inside out."""
        if self.point is None or self.brief:
            return
        for part in (part for part in self.structure.inner_first if part.name not in self.told):
            title = message("Value of {name}", name=self.show(part.name))
            self._line(f"value_{part.name.name}", equation(part.name, part.body), title)

    def partials(self) -> None:
        """Differentiate each part by each thing in it, by a rule that has a name."""
        parts = [part for part in self.structure.outer_first if part.name not in self.told]
        told = [(part, on) for part in parts for on in part.depends if self._moves(on)]
        if self.brief:
            self._partials_in_a_table(told)
            return
        for part, on in told:
            self.terms(part, on)
            left, right = self.structure.local(part, on), self.derivative_of(part, on)
            self._line(f"partial_{left}", equation(left, right), self.rules(part, on, part.body))

    def combined(self, variable: Symbol) -> None:
        """Put the partial derivatives together, along every way; where steps are told, from the inside out."""
        for left, right in reversed(self.combinations(variable)):
            title = message("Put together")
            if self.point is None:
                put_in = self.show(equation(left, self.with_formulas(right)))
                self.w.define(f"{self.key}combined_{left}", put_in, title=title)
            else:
                self._line(f"combined_{left}", equation(left, right), title)

    def derivative_of(self, part: Part, on: Symbol) -> Node:
        """Return the formula of a part's derivative by something in its body."""
        return derivative(part.body, on)

    def rules(self, part: Part, on: Symbol, body: Node) -> Message:
        """Return the heading that names the rules by which ``body``, or a term of it, is differentiated."""
        structure = self.structure
        with_it = [variable for variable in structure.by if structure.reaches(on, variable)]
        moving = {name for name in part.depends if any(structure.reaches(name, variable) for variable in with_it)}
        return title_of(rules_of(body, on, lambda node: bool(free_symbols(node) & moving)))

    def terms(self, part: Part, on: Symbol) -> None:
        """Differentiate the terms of a sum one by one, where several hold the variable and they are few."""
        of_it = [term for _, term in terms(part.body) if on in free_symbols(term)]
        if not 1 < len(of_it) <= _MOST_TERMS or not any(isinstance(term, Apply) for term in of_it):
            return
        for place, term in enumerate(of_it):
            left = partial(term, on, ordinary=free_symbols(term) == frozenset((on,)))
            key = f"partial_{part.name.name}_{on.name}_{place}"
            self._line(key, equation(left, derivative(term, on)), self.rules(part, on, term))

    def _ways(self) -> Message | None:
        """Return the ways from the whole to each variable in words, where they are few."""
        said: list[Message] = []
        for variable in self.structure.by:
            routes = self._routes(variable)
            if not routes:
                return None
            said += [_way([self.show(name) for name in route]) for route in routes]
        if len(said) > _MOST_WAYS:
            return None
        if len(said) == 1:
            return message("One way: {way}. The partial derivatives along it are multiplied.", way=said[0])
        return message(
            "{count} ways: {ways}. The partial derivatives along a way are multiplied, and the ways are added.",
            count=len(said),
            ways=listed(said),
        )

    def _routes(self, variable: Symbol) -> list[tuple[Symbol, ...]] | None:
        routes = self.structure.routes(variable, _MOST_ROUTES)
        if routes is None:
            return None
        longest = _LONGEST_ROUTE if len(routes) > 1 else _LONGEST_ONLY_ROUTE
        return None if any(len(route) - 1 > longest for route in routes) else routes

    def combinations(self, variable: Symbol) -> list[tuple[Partial, Node]]:
        """Return the chain rule's equations: one along every way where those are few, else one for each part."""
        structure, moved = self.structure, self.structure.moved_by(variable)
        if len(moved) < 2:
            return []
        whole, routes = structure.total(structure.output, variable), self._routes(variable)
        if routes is not None:
            return [(whole, _added([_multiplied([self._edge(*edge) for edge in pairwise(way)]) for way in routes]))]
        found: list[tuple[Partial, Node]] = []
        for part in moved[:1] if self.brief else moved:
            products: list[Node] = []
            for name in structure.edges(part, variable):
                onward = [] if name is variable else [structure.total(name, variable)]
                products.append(_multiplied([structure.local(part, name), *onward]))
            left, right = structure.total(part.name, variable), _added(products)
            if left is not right:
                found.append((left, right))
        return found

    def _moves(self, name: Symbol) -> bool:
        return any(self.structure.reaches(name, variable) for variable in self.structure.by)

    def _edge(self, above: Symbol, below: Symbol) -> Partial:
        return self.structure.local(self.structure.parts[above], below)

    def with_formulas(self, node: Node) -> Node:
        """Return the chain rule with every partial derivative that has a formula replaced by it."""
        formulas: dict[Node, Node] = {
            self.structure.local(part, on): self.derivative_of(part, on)
            for part in self.structure.outer_first
            if part.name not in self.told
            for on in part.depends
            if self._moves(on)
        }
        return substitute(node, formulas)

    def _partials_in_a_table(self, told: Sequence[tuple[Part, Symbol]]) -> None:
        heads = (message("partial derivative"), message("is"), message("by"))
        rows: list[tuple[Node | Message | Derived, ...]] = []
        # One backward sweep for each part: of a sum of hundreds of terms, one for each term would take its square.
        by_part: dict[Part, list[Symbol]] = {}
        for part, on in told:
            by_part.setdefault(part, []).append(on)
        found = {
            (part, on): node
            for part, names in by_part.items()
            for on, node in zip(names, gradient(part.body, names), strict=True)
        }
        for part, on in told:
            left, right = self.structure.local(part, on), found[part, on]
            row = (left, right, self.rules(part, on, part.body))
            rows.append(row if self.point is None else (*row, self.point.derived(left, right)))
        columns = heads if self.point is None else (*heads, message("value"))
        self.w.table(f"{self.key}partials", Table(columns, tuple(rows)), title=message("The partial derivatives"))

    def _line(self, key: str, statement: Equation, title: Message) -> None:
        """Write a line with its numbers, or in symbols where there are none."""
        left, right = self.show(statement.left), self.show(statement.right)
        if self.point is None:
            self.w.define(self.key + key, equation(left, right), title=title)
            return
        value = self.point[right]
        self.point.learn(left, value)
        self.w.line(self.key + key, equation(left, right), as_float(value), title=title, rule=Rule.DERIVATIVE)


def _way(route: Sequence[Node]) -> Message:
    said = message("{a} → {b}", a=route[0], b=route[1])
    for name in route[2:]:
        said = message("{a} → {b}", a=said, b=name)
    return said


def _multiplied(parts: Sequence[Node]) -> Node:
    return reduce(lambda a, b: a * b, parts)


def _added(parts: Sequence[Node]) -> Node:
    return reduce(lambda a, b: a + b, parts)


def _holds(node: Node) -> bool:
    return any(isinstance(part, Partial) and part.held for part in postorder(node))
