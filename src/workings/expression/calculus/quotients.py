"""Sums of fractions over one denominator, and fractions within fractions."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from workings.expression.calculus.coefficient import ONE, Coefficient
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.sums import as_product, is_sum, shortest_sum, terms_of
from workings.expression.calculus.terms import Exponent, Powers, Term, times_term
from workings.expression.calculus.writing import Writer
from workings.expression.nodes import Node

__all__ = ["over_one_denominator", "without_inner_fractions", "without_shared_factors"]

_LARGEST = 10**6  # a common denominator in numbers
_INNER = 3  # by how many signs a fraction without fractions in it may be longer


def over_one_denominator(terms: list[Term], facts: Facts, writer: Writer) -> Term | None:
    """Return a sum over its least common denominator, if that is shorter, or as short and one term has it already."""
    least = _least(terms)
    whole = _over(terms, least, facts, writer)
    if whole is None:
        return None
    gain = writer.size_of_sum(terms) - writer.size_of_term(whole)
    nested = bool(least) and any(dict(term.below) == least for term in terms)
    return whole if gain > 0 or (gain == 0 and nested) else None


def without_inner_fractions(term: Term, facts: Facts, writer: Writer) -> Term:
    """Return a product without sums of fractions in it, if that is hardly longer: (a/b + c)/d as (a + b·c)/(b·d)."""
    found = term
    for base in [*term.above, *term.below]:
        power = found.above.get(base, 0) - found.below.get(base, 0)
        if base in writer.kept or not is_sum(base) or not isinstance(power, int) or not 0 < abs(power) <= 4:
            continue
        terms = terms_of(base, facts)
        least = _least(terms)
        if not least or not all(facts.nonzero(below) for below in least):
            continue
        whole = _over(terms, least, facts, writer)
        if whole is None:
            continue
        rest = Term(found.coefficient, _without(found.above, base), _without(found.below, base))
        for _ in range(abs(power)):
            if power > 0:
                rest = times_term(rest, whole, facts)
            elif whole.coefficient.value != 0:
                rest = times_term(rest, Term(ONE / whole.coefficient, whole.below, whole.above), facts)
            else:
                return term
        found = rest
    worth = _INNER if term.below else 0
    return found if writer.size_of_term(found) <= writer.size_of_term(term) + worth else term


def without_shared_factors(term: Term, facts: Facts, writer: Writer) -> Term:
    """Return a quotient with what its numerator's terms share cancelled, if that is shorter: (x² + x·z)/x as x + z."""
    found = term
    for base, power in term.above.items():
        if (
            base in writer.kept
            or not is_sum(base)
            or power != 1
            or (not term.below and isinstance(term.coefficient.value, int))
        ):
            continue
        product = as_product(terms_of(base, facts), facts, writer)
        if base not in product.above:
            rest = Term(found.coefficient, _without(found.above, base), found.below)
            found = times_term(rest, product, facts)
    return found if writer.size_of_term(found) < writer.size_of_term(term) else term


def _least(terms: list[Term]) -> Powers:
    least: dict[Node, Exponent] = {}
    for term in terms:
        for base, power in term.below.items():
            least[base] = max(least.get(base, 0), power)
    return least


def _over(terms: list[Term], least: Powers, facts: Facts, writer: Writer) -> Term | None:
    number = lcm(*(Fraction(term.coefficient.value).denominator for term in terms if not term.coefficient.decimal))
    if number > _LARGEST or (number == 1 and not least):
        return None
    scale = Coefficient(number)
    above = [
        times_term(Term(term.coefficient * scale, term.above, {}), Term(ONE, _missing(least, term.below), {}), facts)
        for term in terms
    ]
    top = as_product(shortest_sum(above, facts, writer), facts, writer)
    return times_term(top, Term(ONE / scale, {}, least), facts)


def _missing(least: Powers, below: Powers) -> Powers:
    return {base: power - below.get(base, 0) for base, power in least.items() if power != below.get(base, 0)}


def _without(powers: Powers, base: Node) -> Powers:
    return {key: power for key, power in powers.items() if key is not base}
