"""What simplifying a formula gives: the formula, the rules that led to it, and what it takes for granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workings.expression.formula.model import Formula
from workings.expression.formula.shown import above
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
    original
        What was simplified.
    """

    formula: Formula
    steps: tuple[Simplification, ...]
    assumptions: tuple[Node, ...]
    original: Formula

    def explain(self) -> Any:
        """Return every rule in its order, with both sides worked out at points. See ``wk.explain``.

        Examples
        --------
        >>> import workings as wk
        >>> print(wk.formula("x^2 / x").simplify().explain())
        How does y become shorter?
        <BLANKLINE>
          1  The formula                x²
                                   y = ────
                                        x
        <BLANKLINE>
          2  Put factors together   x²
                                   ──── = x
                                    x
        <BLANKLINE>
          3  The shorter formula   y = x
          4  Taken for granted     x ≠ 0
          5  Both sides at points
             line  where     before  after  difference
             ─────────────────────────────────────────
             2     x = 0.7      0.7    0.7           0
             2     x = -2.3    -2.3   -2.3           0
        <BLANKLINE>
          Result  y = x.
        <BLANKLINE>
          Checked  no line computes a number. Cells of tables checked besides: 6.
        """
        return above("explain")(self)

    def __repr__(self) -> str:
        if not self.assumptions:
            return repr(self.formula)
        conditions = ", ".join(str(condition) for condition in self.assumptions)
        return str(message("{formula}, assuming {conditions}", formula=repr(self.formula), conditions=conditions))
