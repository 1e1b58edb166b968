"""What a derivative is at a kink or on the border of a case: a choice, which is said."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from workings.expression import Apply, Node, Symbol, equation, free_symbols, postorder, substitute, symbol
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_settled import step_letter, step_number
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.working import Derivation, Table

__all__ = ["at_a_choice", "from_both_sides", "say_choices"]

# Two slopes over steps of 10⁻¹² differ by less than this where there is no kink.
_SAME = 1e-9
_SIDES = (("⁻", "-"), ("⁺", "+"))
_COMPARISONS = ("equal", "different", "less", "at_most", "greater", "at_least")


def say_choices(w: Derivation, whole: Node, variable: Symbol, point: Point) -> bool:
    """Say the choice at each kink, jump and border that the point lies on; return whether there is any."""
    kinks = [part for part in point.kinks(whole) if variable in free_symbols(part)]
    for part in kinks:
        w.convention(*_choice(part))
    on_border = _borders(whole, variable, point)
    for condition in on_border:
        w.convention(
            message("On the border of {condition}", condition=condition),
            message("the derivative is that of the case that holds there"),
            message("on the other side it may be another"),
        )
    return bool(kinks or on_border)


def at_a_choice(whole: Node, point: Point) -> bool:
    """Return whether the point lies on a kink, a jump or a border."""
    return bool(point.kinks(whole)) or any(_borders(whole, name, point) for name in free_symbols(whole))


def _borders(whole: Node, variable: Symbol, point: Point) -> list[Apply]:
    """Return the comparisons in cases whose two sides are equal at the point."""
    found: list[Apply] = []
    inside = [part.args[0] for part in postorder(whole) if isinstance(part, Apply) and part.operation.name == "where"]
    for condition in dict.fromkeys(inside):
        for part in postorder(condition):
            if (
                isinstance(part, Apply)
                and part.operation.name in _COMPARISONS
                and variable in free_symbols(part)
                and point[part.args[0]] == point[part.args[1]]
            ):
                found.append(part)
    return found


def from_both_sides(w: Derivation, whole: Node, variable: Symbol, point: Point, *, taken: Collection[str]) -> bool:
    """Write the slopes to the left and to the right of a kink; return False, and write nothing, if they are one."""
    h = step_letter(taken)
    left = (whole - substitute(whole, {variable: variable - h})) / h
    right = (substitute(whole, {variable: variable + h}) - whole) / h

    def at(step: Fraction) -> tuple[float, float]:
        return as_float(point[substitute(left, {h: step_number(step)})]), as_float(
            point[substitute(right, {h: step_number(step)})]
        )

    a, b = at(Fraction(1, 10**12))
    if abs(a - b) <= _SAME * max(1.0, abs(a), abs(b)):
        return False
    letter = free_letter("DSMQ", taken)
    names = tuple(symbol(f"{letter}{raised}", style="italic", latex=f"{letter}^{{{sign}}}") for raised, sign in _SIDES)
    steps = [Fraction(1, 10**power) for power in (1, 2, 3)]
    w.table(
        "sides",
        Table(
            (h, equation(names[0], left), equation(names[1], right)),
            tuple((step_number(step), *at(step)) for step in steps),
            note=message(
                "{left} is the slope between {variable} - {h} and {variable}, {right} that between {variable} and "
                "{variable} + {h}.",
                left=names[0],
                right=names[1],
                variable=variable,
                h=h,
            ),
        ),
        title=message("The slopes on both sides"),
    )
    return True


def _choice(part: Apply) -> tuple[Message, Message, Message]:
    """Return where there is a choice, what was chosen, and what else could have been."""
    name = part.operation.name
    if name in ("maximum", "minimum"):
        where = message("The slope of {part} at a tie", part=part)
        both = message("each of the two counts half, as in PyTorch and JAX")
        return where, both, message("any other shares that add up to 1 would give a subgradient too")
    if name == "absolute":
        where = message("The slope of {part} at its kink", part=part)
        mean = message("0, the mean of -1 and 1, as in PyTorch and JAX")
        return where, mean, message("any number from -1 to 1 would give a subgradient too")
    if name == "relu":
        where = message("The slope of {part} at its kink", part=part)
        left = message("0, that of its left side, as in PyTorch and JAX")
        return where, left, message("any number from 0 to 1 would give a subgradient too")
    where = message("The slope of {part} at a jump", part=part)
    return where, message("0, that of both sides"), message("in truth it has none there")
