"""Expressions put into the form in which a person would write them, from the inside out, in one pass.

Each sum is written the shortest of a few ways, each product as one fraction with its number in front. The work is
proportional to the number of distinct parts, and bounded: what is very long is left as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from workings.expression.calculus.cases import Leaf, is_where, leaves, mapped, settled
from workings.expression.calculus.coefficient import ONE, ZERO_NODE, number_of
from workings.expression.calculus.combine import applied, times
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.inverses import undone
from workings.expression.calculus.order import SUMS
from workings.expression.calculus.over_rows import AGGREGATES, over_rows
from workings.expression.calculus.quotients import over_one_denominator, without_inner_fractions, without_shared_factors
from workings.expression.calculus.sums import shortest_ways
from workings.expression.calculus.terms import Term, read_term, read_terms, times_term
from workings.expression.calculus.writing import Writer
from workings.expression.nodes import Apply, Node

__all__ = ["Tidier"]

_PRODUCTS = frozenset({"multiply", "divide", "power"})
_PARTS = 50_000  # new parts in all
_FEW_TERMS = 24  # a longer sum stays a sum of fractions
_LEGIBLE = 5_000  # numbers, names and signs of a whole, as it is written, that someone may read
_READABLE = 500  # and of a part of it that is worth being shortened
_SIGNS = 4  # minus signs before a minus sign

Told = Callable[[str, Node, Node], None]


class Tidier:
    """Tidies expressions that were derived from others.

    Parameters
    ----------
    kept
        Parts that are left as they are: what a person wrote.
    facts
        What is known everywhere.
    branches
        What is known besides where a condition holds (True) or does not (False).
    told
        Called with each rule that is used, and what it made of what.
    masks
        Whether 0 in a case stands for no influence, as in a derivative: 0 times what is undefined is 0 then.
    """

    def __init__(
        self,
        kept: Collection[Node],
        facts: Facts,
        branches: Callable[[Facts, Node, bool], Facts] | None = None,
        told: Told | None = None,
        *,
        masks: bool = True,
    ) -> None:
        self._kept = kept
        self._masks = masks
        self._writer = Writer(kept)
        self._scopes = [facts]
        self._inner: dict[tuple[int, Node, bool], int] = {}
        self._branches = branches or _with_condition
        self._told = told
        self._done: list[dict[Node, Node]] = [{}]
        self._inside: set[Node] = set()

    def tidy(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """Return the expressions tidied, those that are too long to be read as they stand."""
        read = [node for node in nodes if self._writer.size(node) <= _LEGIBLE]
        new = _new_parts(read, self._kept, _PARTS)
        if new is None:
            return tuple(nodes)
        self._inside = _flattened_away(new, read)
        spent = 0
        stack = [(node, 0, False) for node in reversed(read)]
        while stack:
            node, scope, ready = stack.pop()
            done = self._done[scope]
            if node in done:
                continue
            if not isinstance(node, Apply) or node in self._kept:
                done[node] = node
                continue
            if not ready:
                spent += 1
                if spent > _PARTS:
                    return tuple(nodes)
                stack.append((node, scope, True))
                stack.extend((child, place, False) for child, place in self._children(node, scope))
                continue
            done[node] = node if node in self._inside else self._tidied(node, scope)
        return tuple(self._done[0].get(node, node) for node in nodes)

    def _children(self, node: Apply, scope: int) -> list[tuple[Node, int]]:
        if node.operation.name != "where":
            return [(arg, scope) for arg in node.args]
        condition, first, second = node.args
        return [(first, self._scope(scope, condition, True)), (second, self._scope(scope, condition, False))]

    def _scope(self, outer: int, condition: Node, holds: bool) -> int:
        key = (outer, condition, holds)
        if key not in self._inner:
            self._inner[key] = len(self._scopes)
            self._scopes.append(self._branches(self._scopes[outer], condition, holds))
            self._done.append({})
        return self._inner[key]

    def _tidied(self, node: Apply, scope: int) -> Node:
        name, done, facts = node.operation.name, self._done[scope], self._scopes[scope]
        if self._writer.size(node) > _READABLE:
            return node if node in self._inside else node.rebuilt(tuple(done.get(arg, arg) for arg in node.args))
        if _is_sum_under_signs(node):
            return self._sum(node, read_terms(node, facts, done, self._writer.decimals), scope)
        if name in _PRODUCTS or name == "negate":
            return self._product(node, read_term(node, facts, done, self._writer.decimals), scope)
        if name == "where":
            places = [place for _, place in self._children(node, scope)]
            first, second = (self._done[place][arg] for place, arg in zip(places, node.args[1:], strict=True))
            holds = facts.holds(node.args[0])
            return settled(node.args[0], first, second) if holds is None else first if holds else second
        args = tuple(done[arg] for arg in node.args)
        if name in AGGREGATES:
            return self._over_rows(name, args[0], facts)
        new = node if args == node.args else applied(name, args)
        found = undone(new, facts) if isinstance(new, Apply) else None
        if found is not None:
            self._tell("inverse", new, found)
            return found
        return new

    def _sum(self, node: Node, terms: list[Term], scope: int) -> Node:
        writer, facts = self._writer, self._scopes[scope]
        if self._masks:
            terms = self._cases_joined(terms, scope)
        steps = shortest_ways(terms, facts, writer)
        terms = steps[-1][1]
        whole = over_one_denominator(terms, facts, writer) if 2 <= len(terms) <= _FEW_TERMS else None
        return self._through(node, steps if whole is None else [*steps, ("common_denominator", [whole])])

    def _product(self, node: Node, term: Term, scope: int) -> Node:
        if self._masks and (cases := self._in_each_case(term, scope)) is not None:
            return cases
        facts, writer = self._scopes[scope], self._writer
        steps = [("factors", [term])]
        plain = without_inner_fractions(term, facts, writer)
        if plain is not term:
            steps.append(("inner_fractions", [plain]))
        short = without_shared_factors(plain, facts, writer)
        return self._through(node, steps if short is plain else [*steps, ("common_factor", [short])])

    def _in_each_case(self, term: Term, scope: int) -> Node | None:
        """Return a product with a factor by cases as cases of products: where(c, a, 0) times b is where(c, a·b, 0)."""
        base = next((b for b, exponent in term.above.items() if is_where(b) and exponent == 1), None)
        cases = None if base is None else leaves(base)
        if base is None or cases is None:
            return None
        if cases[-1][1] is not ZERO_NODE and any(number_of(case) is None for _, case in cases):
            return None
        rest = Term(term.coefficient, {key: power for key, power in term.above.items() if key is not base}, term.below)

        def multiplied(leaf: Leaf) -> Node:
            path, case = leaf
            if case is ZERO_NODE:
                return case
            inner = scope
            for condition, holds in path:
                inner = self._scope(inner, condition, holds)
            facts = self._scopes[inner]
            return self._product(case, times_term(rest, read_term(case, facts, {}), facts), inner)

        return mapped(base, multiplied)

    def _cases_joined(self, terms: list[Term], scope: int) -> list[Term]:
        """Return a sum with where(c, a, b) + where(c, p, q) as where(c, a + p, b + q)."""
        groups: dict[Node, list[Term]] = {}
        for term in terms:
            base = next(iter(term.above), None)
            if (
                base is not None
                and is_where(base)
                and len(term.above) == 1
                and not term.below
                and term.above[base] == 1
            ):
                groups.setdefault(base.children[0], []).append(term)
        joined = list(terms)
        for condition, group in groups.items():
            if len(group) < 2:
                continue
            sides: list[Node] = []
            for side, holds in ((1, True), (2, False)):
                inner = self._scope(scope, condition, holds)
                parts = [
                    part.scaled(term.coefficient)
                    for term in group
                    for part in read_terms(next(iter(term.above)).children[side], self._scopes[inner], {})
                ]
                sides.append(self._sum(ZERO_NODE, parts, inner))
            place = joined.index(group[0])
            joined = [term for term in joined if term not in group]
            joined.insert(place, Term(ONE, {settled(condition, *sides): 1}, {}))
        return joined

    def _written(self, terms: list[Term]) -> Node:
        kept = [term for term in terms if term.coefficient.value != 0]
        return self._writer.write_term(kept[0]) if len(kept) == 1 else self._writer.write_sum(kept)

    def _over_rows(self, name: str, body: Node, facts: Facts) -> Node:
        term = read_term(body, facts, {})
        number = term.coefficient
        if number.value in (0, 1):
            return over_rows(name, body)
        rest = self._writer.write_term(Term(ONE, term.above, term.below))
        return times(number.node(), over_rows(name, rest))

    def _through(self, before: Node, steps: Sequence[tuple[str, list[Term]]]) -> Node:
        """Return what rules give one after another. What a person wrote is not written in another order only."""
        if self._masks and self._told is None:  # nobody asks what stands between
            return self._written(steps[-1][1])
        for rule, terms in steps:
            after = self._written(terms)
            if self._masks or self._writer.size(after) < self._writer.size(before):
                self._tell(rule, before, after)
                before = after
        return before

    def _tell(self, rule: str, before: Node, after: Node) -> None:
        if self._told is not None and before is not after:
            self._told(rule, before, after)


def _with_condition(outer: Facts, condition: Node, holds: bool) -> Facts:
    inner = Facts(outer)
    inner.learn_condition(condition, holds)
    return inner


def _new_parts(nodes: Iterable[Node], kept: Collection[Node], limit: int) -> list[Node] | None:
    """Return the operations that are not kept, each before its own parts; None if there are too many."""
    seen: set[Node] = set()
    stack = [node for node in nodes if node not in kept]
    found: list[Node] = []
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        found.append(node)
        if len(found) > limit:
            return None
        stack.extend(child for child in node.children if child not in kept and child not in seen)
    return found


def _flattened_away(new: list[Node], roots: Sequence[Node]) -> set[Node]:
    """Return the parts that stand in one place only, in a sum within a sum or a product within a product."""
    users: dict[Node, list[Node]] = {}
    for node in new:
        for child in dict.fromkeys(node.children):
            users.setdefault(child, []).append(node)
    top = set(roots)
    inside: set[Node] = set()
    for node in new:
        kind = _kind(node)
        if (
            kind
            and node not in top
            and len(users.get(node, [])) == 1
            and kind in (_kind_of_user(node, users, top), "sign")
        ):
            inside.add(node)
    return inside


def _kind_of_user(node: Node, users: dict[Node, list[Node]], top: set[Node]) -> str:
    """Return whether a part stands in a sum or a product, minus signs between them passed over."""
    for _ in range(_SIGNS):
        above = users[node]
        kind = _kind(above[0])
        if kind != "sign":
            return kind
        node = above[0]
        if node in top or len(users.get(node, [])) != 1:
            return "sum" if _is_sum_under_signs(node) else "product"
    return ""


def _is_sum_under_signs(node: Node) -> bool:
    for _ in range(_SIGNS):
        if _kind(node) != "sign":
            break
        node = node.children[0]
    return _kind(node) == "sum"


def _kind(node: Node) -> str:
    name = node.operation.name if isinstance(node, Apply) else ""
    return "sum" if name in SUMS else "product" if name in _PRODUCTS else "sign" if name == "negate" else ""
