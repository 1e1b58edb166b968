"""Simplification, step by step, by rules that have names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workings.expression.calculus.domain import assumed
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.tidy import Tidier
from workings.expression.nodes import Node
from workings.language import Message, message

__all__ = ["RULES", "Simplification", "Simplified", "simplify"]

RULES = {
    "factors": message("Put factors together"),
    "like_terms": message("Collect like terms"),
    "expand": message("Multiply out"),
    "common_factor": message("Take out a common factor"),
    "common_denominator": message("Bring to a common denominator"),
    "inner_fractions": message("Clear fractions within fractions"),
    "inverse": message("Undo a function by its inverse"),
}
"""The rules by their names, each as a reader is told it."""

_ROUNDS = 4  # a simplified part may let the whole be simplified again; more rounds have never been of use


@dataclass(frozen=True, slots=True)
class Simplification:
    """One step: a rule, the part that it was applied to, and what it made of it."""

    rule: str
    before: Node
    after: Node

    @property
    def title(self) -> Message:
        """The rule in the reader's language."""
        return RULES[self.rule]


@dataclass(frozen=True, slots=True)
class Simplified:
    """A simplified expression, the steps that led to it, and the conditions under which it is equal to the original.

    The conditions are those that the original needs to have a value and the result no longer says: x ≠ 0 where x/x
    became 1.
    """

    node: Node
    steps: tuple[Simplification, ...]
    assumptions: tuple[Node, ...]


def simplify(node: Node, known: Iterable[Node] = ()) -> Simplified:
    """Return an expression in a shorter form.

    Like terms are collected; sums are expanded, factored or brought to a common denominator where that is shorter;
    fractions are reduced. Where the original has a value, the result has the same; where the result has one and the
    original does not, the assumptions say so.

    Parameters
    ----------
    node
        The expression.
    known
        Conditions that hold, such as x > 0. They are not listed among the assumptions.

    Returns
    -------
    Simplified
        With ``node``, ``steps`` (each with its ``rule``) and ``assumptions``.

    Notes
    -----
    Decimals are added and multiplied as decimals, 0.1·3 to 0.3. An expression that is too long to be read is left as
    it stands.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> x, z = symbols("x z")
    >>> simplified = simplify((x**2 + x * z) / x)
    >>> print(simplified.node, *simplified.assumptions, sep=", ")
    x + z, x ≠ 0
    >>> [str(step.title) for step in simplified.steps]
    ['Take out a common factor']
    """
    facts = Facts()
    for condition in known:
        facts.learn_condition(condition)
    inside = Facts(facts)
    inside.learn_domain(node, smooth=False)
    steps: list[Simplification] = []
    result = node

    def tell(rule: str, before: Node, after: Node) -> None:
        steps.append(Simplification(rule, before, after))

    for _ in range(_ROUNDS):
        before = result
        (result,) = Tidier((), inside, told=tell, masks=False).tidy((before,))
        if result is before:
            break
    return Simplified(result, tuple(steps), assumed(node, result, facts))
