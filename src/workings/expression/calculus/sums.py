"""The shortest of the usual ways to write a sum: as it is, expanded, over one denominator, a common factor in front."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd

from workings.expression.calculus.coefficient import ONE, Coefficient
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.order import EXPONENTIAL, FUNCTION, NAME, SUMS
from workings.expression.calculus.terms import Powers, Term, collected, read_terms, times_term
from workings.expression.calculus.writing import Writer
from workings.expression.nodes import Apply, Node

__all__ = ["as_product", "is_sum", "shortest_sum", "shortest_ways", "terms_of"]

_FEW_TERMS = 24  # a longer sum is only collected
_EXPANDED = 64  # the products of an expansion
_READABLE = 300  # a sum of more numbers, names and signs is only collected
_HIGHEST = 8  # the power of a sum that is multiplied out
_PYTHAGORAS = {"sin": ("cos", 1), "cosh": ("sinh", -1)}
_NOTHING: Mapping[Node, Node] = {}


def is_sum(node: Node) -> bool:
    """Whether it is a sum or a difference."""
    return isinstance(node, Apply) and node.operation.name in SUMS


def terms_of(node: Node, facts: Facts) -> list[Term]:
    """Return the terms of a sum that has been worked on."""
    return read_terms(node, facts, _NOTHING)


def shortest_ways(terms: Iterable[Term], facts: Facts, writer: Writer) -> list[tuple[str, list[Term]]]:
    """Return the rule that makes a sum shortest and the terms that it gives, after the collection of like terms."""
    plain = _by_identities(_opened(terms, facts))
    ways = [("like_terms", plain)]
    if not 2 <= len(plain) <= _FEW_TERMS:
        return ways
    size = writer.size_of_sum(plain)
    if size > _READABLE:
        return ways
    for rule, found in (
        ("expand", _flattened(plain, facts)),
        ("expand", _expanded(plain, facts)),
        ("common_factor", _factored(plain, facts, writer)),
    ):
        if found is not None and (other := writer.size_of_sum(found)) < size:
            ways, size = [("like_terms", plain), (rule, found)], other
    return ways


def shortest_sum(terms: Iterable[Term], facts: Facts, writer: Writer) -> list[Term]:
    """Return a sum as it is shortest."""
    return shortest_ways(terms, facts, writer)[-1][1]


def as_product(terms: list[Term], facts: Facts, writer: Writer) -> Term:
    """Return a sum as one product: what all terms share, times the sum of what is left."""
    if not terms:
        return Term(Coefficient(0), {}, {})
    if len(terms) == 1:
        return terms[0]
    shared = _content(terms, writer)
    rest = [_divided(term, shared) for term in terms]
    return times_term(shared, Term(ONE, {writer.write_sum(rest): 1}, {}), facts)


def _by_identities(terms: Iterable[Term]) -> list[Term]:
    """Return like terms added up, and c·sin(u)² + c·cos(u)² as c."""
    plain = collected(terms)
    places = {(term.key, term.coefficient.value): term for term in plain}
    for term in plain:
        for base, exponent in term.above.items():
            if exponent != 2 or not isinstance(base, Apply) or base.operation.name not in _PYTHAGORAS:
                continue
            other, sign = _PYTHAGORAS[base.operation.name]
            partner = Apply(other, base.args)
            rest = {key: power for key, power in term.above.items() if key is not base}
            mate = Term(term.coefficient, {**rest, partner: rest.get(partner, 0) + 2}, term.below)
            if places.pop((mate.key, term.coefficient.value * sign), None) is not None:
                del places[term.key, term.coefficient.value]
                return _by_identities([*places.values(), Term(term.coefficient, rest, term.below)])
    return plain


def _opened(terms: Iterable[Term], facts: Facts) -> list[Term]:
    """Return a sum without the parentheses of a + (b - c)."""
    found: list[Term] = []
    for term in terms:
        base = _sole_sum(term)
        if base is not None and abs(term.coefficient.value) == 1:
            found += [part.scaled(term.coefficient) for part in terms_of(base, facts)]
        else:
            found.append(term)
    return found


def _sole_sum(term: Term) -> Node | None:
    """Return the sum that a term is a number times."""
    if len(term.above) != 1 or term.below:
        return None
    ((base, exponent),) = term.above.items()
    return base if exponent == 1 and is_sum(base) else None


def _flattened(terms: list[Term], facts: Facts) -> list[Term] | None:
    """Return a sum with numbers multiplied into the sums that they stand before, if like terms meet then."""
    parts: list[Term] = []
    for term in terms:
        base = _sole_sum(term)
        if base is not None:
            parts += [part.scaled(term.coefficient) for part in terms_of(base, facts)]
        else:
            parts.append(term)
    found = _by_identities(parts) if len(parts) <= _EXPANDED else parts
    return found if len(found) < len(parts) else None


def _expanded(terms: list[Term], facts: Facts) -> list[Term] | None:
    """Return a sum with all products of sums multiplied out, if like terms meet then and it does not get long."""
    waiting, done, met = list(reversed(terms)), list[Term](), False
    while waiting:
        term = waiting.pop()
        base = next((b for b, e in term.above.items() if is_sum(b) and isinstance(e, int) and e <= _HIGHEST), None)
        if base is None:
            done.append(term)
            continue
        rest = _lowered(term, base)
        waiting += [times_term(rest, part, facts) for part in reversed(terms_of(base, facts))]
        fewer = collected(waiting)
        met = met or len(fewer) < len(waiting)
        waiting = fewer
        if len(waiting) + len(done) > _EXPANDED:
            return None
    found = _by_identities(done)
    return found if met or len(found) < len(done) else None


def _lowered(term: Term, base: Node) -> Term:
    """Return a term with one factor less of a base."""
    exponent = term.above[base]
    above = {key: power for key, power in term.above.items() if key is not base}
    if exponent > 1:
        above[base] = exponent - 1
    return Term(term.coefficient, above, term.below)


def _factored(terms: list[Term], facts: Facts, writer: Writer) -> list[Term] | None:
    """Return a sum with what all terms share in front: e^x·(x + 1), (2·x + 1)·cos(x² + x).

    An exponential, a sum, or a function before a polynomial is worth it; a name is not: 3·x² + 2·x stays.
    """
    common = dict(terms[0].above)
    for term in terms[1:]:
        common = {base: min(power, term.above[base]) for base, power in common.items() if base in term.above}
    ranks = {writer.order.key(base)[0] for base in common}
    shared = Term(ONE, common, {})
    inner = [_divided(term, shared) for term in terms]
    if not any(is_sum(base) for base in common) and EXPONENTIAL not in ranks:
        left = {writer.order.key(base)[0] for term in inner for base in (*term.above, *term.below)}
        if FUNCTION not in ranks or any(rank > NAME for rank in left):
            return None
    inner = _by_identities(_opened(inner, facts))
    choices = [inner, _flattened(inner, facts), _expanded(inner, facts)]
    rest = min((choice for choice in choices if choice is not None), key=writer.size_of_sum)
    return [times_term(shared, as_product(rest, facts, writer), facts)] if rest else []


def _content(terms: list[Term], writer: Writer) -> Term:
    """Return what all terms share of their numbers and names: 2·x of 2·x³ - 6·x; -1 where all are negative."""
    names = {base: power for base, power in terms[0].above.items() if writer.order.key(base)[0] == NAME and power != 0}
    numbers: list[int] = []
    for term in terms:
        names = {base: min(power, term.above[base]) for base, power in names.items() if base in term.above}
        value = term.coefficient.value
        numbers.append(value if isinstance(value, int) and not term.coefficient.decimal else 1)
    sign = -1 if all(term.coefficient.value < 0 for term in terms) else 1
    return Term(Coefficient(sign * gcd(*numbers)), names, {})


def _divided(term: Term, shared: Term) -> Term:
    above = {base: power - shared.above.get(base, 0) for base, power in term.above.items()}
    left: Powers = {base: power for base, power in above.items() if power}
    return Term(term.coefficient / shared.coefficient, left, term.below)
