"""A derivation in symbols tried out with numbers: its formula beside a central difference, at a point chosen here."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from workings.expression import (
    Node,
    Number,
    Reduction,
    Symbol,
    absolute,
    at_most,
    equation,
    free_symbols,
    postorder,
    substitute,
    symbol,
)
from workings.language import message
from workings.subjects.chain_rule.explain_kinks import at_a_choice
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_settled import settle
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.working import Derivation, Derived, Table, shown

__all__ = ["MOST_TRIED", "Tried", "points_to_try", "try_out"]

# The values tried, until a formula is defined there: around 1, inside the unit interval, beyond 1, on both sides of 0.
_STARTS = (("0.7", "0.6"), ("0.3", "0.13"), ("2.1", "0.7"), ("-0.6", "0.37"), ("-2.3", "-0.4"))
_SPREAD = 5
# A trial is a few evaluations at 50 digits; a formula of more parts would make every symbolic derivation slow.
_MOST_PARTS, MOST_TRIED = 400, 6


@dataclass(frozen=True, eq=False)
class Tried:
    """A derivative that is tried out.

    Parameters
    ----------
    name
        What it is called.
    whole
        What is differentiated.
    variables
        By what, one after the other.
    formula
        What came out.
    still
        A name in them that is 0 where they are tried, and needs no word: how far along a direction.
    """

    name: Node
    whole: Node
    variables: Sequence[Symbol]
    formula: Node
    still: Symbol | None = None


def try_out(w: Derivation, derivatives: Sequence[Tried], *, taken: Collection[str]) -> None:
    """Write that formulas agree with central differences at one point, where one is found at which all are defined.

    Parameters
    ----------
    w
        Where the lines go.
    derivatives
        What is tried.
    taken
        The names that are in use.
    """
    tried = derivatives[:MOST_TRIED]
    nodes = list(dict.fromkeys(node for each in tried for node in (each.whole, each.formula)))
    parts = {part for node in nodes for part in postorder(node)}
    if len(parts) > _MOST_PARTS or any(isinstance(part, Reduction) for part in parts):
        return
    still = {each.still for each in tried if each.still is not None}
    names = sorted({name for node in nodes for name in free_symbols(node)} - still, key=lambda name: name.name)
    nodes = [substitute(node, dict.fromkeys(still, Number(0))) for node in nodes]
    point = next(points_to_try(names, nodes), None)
    if point is None:
        return
    numbers: dict[Node, Node] = {name: shown(point.values[name.name]) for name in names}
    said = point.said()
    for name in still:
        point.learn(name, 0)
        numbers[name] = Number(0)
    slope, difference = free_letter("SFG", taken), free_letter("DMQ", taken)
    rows: list[tuple[Node | Derived, ...]] = []
    claims: list[tuple[Node, Number]] = []
    noise = 0.0
    for place, each in enumerate(tried, 1):
        found = settle(each.whole, each.variables, point, taken)
        if found is None:
            continue
        true, formula, noise = point[each.formula], substitute(each.formula, numbers), max(noise, found.noise)
        a, b, own = symbol(f"{slope}_{place}"), symbol(f"{difference}_{place}"), symbol(f"{found.h.name}_{place}")
        # The step in the cell is the one by which the difference beside it is taken.
        step = Derived(float(found.steps[-1][0]), equation(own, found.step))
        quotient = substitute(found.with_step(own), numbers)
        by_formula, by_difference = Derived(as_float(true), equation(a, formula)), as_float(found.value)
        off = Derived(-found.off(found.value, true), formula - quotient)
        rows.append((each.name, by_formula, step, Derived(by_difference, equation(b, quotient)), off))
        claims.append((a - b, found.bound))
    if not rows:
        return
    heads = (message("derivative"), message("by the formula"), symbol("h"), message("central difference"))
    some = message("{tried} of {count} derivatives are tried out.", tried=len(rows), count=len(derivatives))
    w.table(
        "trial",
        Table((*heads, message("difference")), tuple(rows), note=some if len(rows) < len(derivatives) else None),
        title=message("Tried out where {point}", point=said),
        absolute=noise,
    )
    for place, (off, bound) in enumerate(claims, 1):
        w.claim(f"agrees_{place}", at_most(absolute(off), bound), place="sentence")


def points_to_try(names: Sequence[Symbol], nodes: Sequence[Node]) -> Iterator[Point]:
    """Yield points at which every expression has a finite value and no derivative is a choice."""
    for start, step in _STARTS:
        values = {name.name: Fraction(start) + Fraction(step) * (place % _SPREAD) for place, name in enumerate(names)}
        point = Point({name: value.numerator if value.denominator == 1 else value for name, value in values.items()})
        if all(math.isfinite(as_float(point[node])) for node in nodes) and not any(
            at_a_choice(node, point) for node in nodes
        ):
            yield point
