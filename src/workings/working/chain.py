"""What stands on a line, before it is known how it is drawn: left = right = right with numbers ≈ value."""

from __future__ import annotations

from dataclasses import dataclass

from workings.expression import Apply, Equation, Node, Number, Relation, to_text
from workings.expression.legible import legible
from workings.language import Message, message
from workings.working.model import Step

__all__ = ["UNDEFINED", "Link", "chain"]

# A part of a line of more numbers, names and signs is not read; its first and last terms say how it goes on. The
# whole of it is in the working and its JSON, and is what is verified.
_READABLE = 240

UNDEFINED = message("undefined")


@dataclass(frozen=True)
class Link:
    """One part of a line, and the relation in which it stands to the part before it ("" for the first)."""

    relation: Relation | str
    part: Node | Message


def chain(step: Step) -> tuple[Link, ...]:
    """Return the parts of a line in the order in which they are read, long ones in short, thousands apart.

    A claim is repeated, with numbers, after ":".
    """
    return tuple(
        Link(link.relation, legible(link.part, _READABLE)) if isinstance(link.part, Node) else link
        for link in _links(step)
    )


def _links(step: Step) -> tuple[Link, ...]:
    statement, substitution = step.statement, step.substitution
    if statement is None:
        return ()
    if step.definition or substitution is None:
        return _sides("", statement)
    if step.value is None:
        return _sides("", substitution)
    if step.value is True:
        again = () if substitution is statement else (Link(":", substitution),)
        return (Link("", statement), *again)
    if isinstance(statement, Equation):
        numbers = substitution.right if isinstance(substitution, Equation) else substitution
        links = [Link("", statement.left)]
        if not step.brief:
            links.append(Link("=", statement.right))
    else:
        numbers, links = substitution, []
    if not ((step.folded and links) or _repeats(numbers, statement, step)):
        links.append(Link("=" if links else "", numbers))
    if step.shown is None:
        links.append(Link("=" if links else "", UNDEFINED))
    elif not (links and _same_digits(links[-1].part, step.shown)):
        links.append(Link(("=" if step.exact else "≈") if links else "", step.shown))
    return tuple(links)


def _sides(relation: str, node: Node) -> tuple[Link, ...]:
    if isinstance(node, Equation):
        return (Link(relation, node.left), Link(node.relation, node.right))
    return (Link(relation, node),)


def _repeats(numbers: Node, statement: Node, step: Step) -> bool:
    """Whether the numbers say nothing new: nothing was put in, or what was put in is the result itself."""
    right = statement.right if isinstance(statement, Equation) else statement
    if numbers is right and not step.brief and isinstance(statement, Equation):
        return True
    return step.shown is not None and _same_digits(numbers, step.shown)


def _same_digits(part: Node | Message, shown: Number) -> bool:
    """Whether a part reads as the result does: -2.197, be it a number or a number with a sign before it."""
    if isinstance(part, Number):
        return part.text == shown.text
    return isinstance(part, Apply) and part.operation.name == "negate" and to_text(part) == to_text(shown)
