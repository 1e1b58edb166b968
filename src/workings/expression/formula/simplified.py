"""What simplifying a formula gives: the formula, the rules that led to it, and what it takes for granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workings.expression.formula.model import Formula
from workings.expression.nodes import Node
from workings.language import message

if TYPE_CHECKING:
    from workings.expression.calculus import Simplification

__all__ = ["SimplifiedFormula"]


@dataclass(frozen=True, eq=False)
class SimplifiedFormula:
    """A simplified formula and how it was found.

    Parameters
    ----------
    formula
        The formula.
    steps
        The rules in their order, each with what it changed.
    assumptions
        Conditions under which the two agree, such as x ≠ 0 where x/x became 1.
    """

    formula: Formula
    steps: tuple[Simplification, ...]
    assumptions: tuple[Node, ...]

    def __repr__(self) -> str:
        if not self.assumptions:
            return repr(self.formula)
        conditions = ", ".join(str(condition) for condition in self.assumptions)
        return str(message("{formula}, assuming {conditions}", formula=repr(self.formula), conditions=conditions))
