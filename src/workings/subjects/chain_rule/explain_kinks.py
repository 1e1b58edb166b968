"""What a derivative is at a kink or on the border of a case: a choice, which is said."""

from __future__ import annotations

from workings.expression import Apply, Node, Symbol, free_symbols, postorder
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point
from workings.working import Derivation

__all__ = ["borders", "say_choices"]

_COMPARISONS = ("equal", "different", "less", "at_most", "greater", "at_least")


def say_choices(w: Derivation, whole: Node, variable: Symbol, point: Point) -> bool:
    """Say the choice at each kink, jump and border that the point lies on; return whether there is any."""
    kinks = [part for part in point.kinks(whole) if variable in free_symbols(part)]
    for part in kinks:
        chosen, rival = _choice(part)
        w.convention(None, chosen, rival)
    on_border = borders(whole, variable, point)
    for condition in on_border:
        w.convention(
            None,
            message(
                "the point lies on the border of {condition}; the derivative is that of the case that holds there",
                condition=condition,
            ),
            message("on the other side of the border it may be another"),
        )
    return bool(kinks or on_border)


def borders(whole: Node, variable: Symbol, point: Point) -> list[Apply]:
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


def _choice(part: Apply) -> tuple[Message, Message]:
    name = part.operation.name
    if name in ("maximum", "minimum"):
        return (
            message("at the tie in {part} each side counts half, as in PyTorch and JAX", part=part),
            message("any share between 0 and 1 would be a subgradient too"),
        )
    if name == "absolute":
        return (
            message("at its kink {part} is given the slope 0, the mean of -1 and 1, as in PyTorch and JAX", part=part),
            message("any number from -1 to 1 would be a subgradient too"),
        )
    if name == "relu":
        return (
            message("at its kink {part} is given the slope 0, that of its left side, as in PyTorch and JAX", part=part),
            message("any number from 0 to 1 would be a subgradient too"),
        )
    return (
        message("at its jump {part} is given the slope 0, that of both sides", part=part),
        message("in truth it has no derivative there"),
    )
