"""Derivatives in writing: text, LaTeX, MathML and Python, as equations or as a matrix, and in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workings.expression import Equation, Node, Symbol, partial, symbol, to_text
from workings.expression.formula import Formula
from workings.expression.formula.written import is_readable, notebook_forms
from workings.expression.render_python import several_to_python
from workings.expression.render_several import (
    equations_to_latex,
    equations_to_mathml,
    matrix_to_latex,
    matrix_to_mathml,
    matrix_to_text,
)
from workings.language import message
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.working import Explainable

__all__ = [
    "MOST_SHOWN",
    "Equations",
    "Matrix",
    "Written",
    "gradient_equations",
    "in_short",
    "listed",
    "output_of",
    "value_equations",
]

# At a prompt so many derivatives are shown without being asked for.
MOST_SHOWN = 24


@dataclass(frozen=True, eq=False)
class Equations:
    """Derivatives below each other, each with its name.

    Parameters
    ----------
    names
        The variables.
    derivatives
        By each variable.
    before
        What is said first: the formula; of a system its output, then what that is made of.
    """

    names: tuple[str, ...]
    derivatives: tuple[Equation, ...]
    before: tuple[Equation, ...] = ()

    @property
    def nodes(self) -> tuple[Equation, ...]:
        """All that is written."""
        return (*self.before, *self.derivatives)

    def text(self, ascii: bool) -> str:
        """Return an equation on each line."""
        return "\n".join(to_text(node, ascii=ascii, quoted=True) for node in self.nodes)

    def latex(self) -> str:
        """Return aligned equations."""
        return equations_to_latex(self.nodes)

    def mathml(self, display: Literal["block", "inline"]) -> str:
        """Return a table of equations."""
        return equations_to_mathml(self.nodes, display)

    def python(self) -> str:
        """Return definitions, one on a line, then a dictionary of the derivatives."""
        # What is used stands before what uses it.
        steps = (*self.before[1:], *self.before[:1])
        written = several_to_python([*steps, *(each.right for each in self.derivatives)])
        count = len(steps)
        entries = ", ".join(f"{name!r}: {value}" for name, value in zip(self.names, written[count:], strict=True))
        return "\n".join([*written[:count], f"{{{entries}}}"])


@dataclass(frozen=True, eq=False)
class Matrix:
    """Derivatives as a matrix with a name."""

    name: Symbol
    rows: tuple[tuple[Node, ...], ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All that is written."""
        return tuple(entry for row in self.rows for entry in row)

    def text(self, ascii: bool) -> str:
        """Return a row on each line."""
        return matrix_to_text(self.rows, ascii=ascii)

    def latex(self) -> str:
        """Return a matrix after its name."""
        return matrix_to_latex(self.name, self.rows)

    def mathml(self, display: Literal["block", "inline"]) -> str:
        """Return a matrix after its name."""
        return matrix_to_mathml(self.name, self.rows, display)

    def python(self) -> str:
        """Return a list of lists."""
        entries = iter(several_to_python(self.nodes))
        return "[" + ", ".join(f"[{', '.join(next(entries) for _ in row)}]" for row in self.rows) + "]"


class Written(Explainable, ABC):
    """What results of differentiation inherit: every form in which a formula can be written."""

    @abstractmethod
    def _content(self) -> Equations | Matrix:
        """Return what is to be written."""

    def text(self, *, ascii: bool = False) -> str:
        """Return it as text: an equation or a row of the matrix on each line.

        Parameters
        ----------
        ascii
            Write signs, Greek letters and powers in ASCII.

        Raises
        ------
        InputError
            If its shared parts would take more than five million nodes to write; the other forms do the same.
        """
        return self._content().text(ascii)

    def latex(self) -> str:
        r"""Return it as LaTeX: aligned equations, or a matrix.

        Examples
        --------
        >>> import workings as wk
        >>> print(wk.hessian("x^2*z").latex())
        H = \begin{pmatrix}
        2 \cdot z & 2 \cdot x \\
        2 \cdot x & 0
        \end{pmatrix}
        """
        return self._content().latex()

    def mathml(self, *, display: Literal["block", "inline"] = "block") -> str:
        """Return it as a ``<math>`` element, which browsers show: a table of equations, or a matrix."""
        return self._content().mathml(display)

    def python(self) -> str:
        """Return it as Python source: a dictionary by variable, or a list of rows.

        Examples
        --------
        >>> import workings as wk
        >>> wk.gradient("x^2*z").python()
        "{'x': 2 * x * z, 'z': x ** 2}"
        >>> wk.jacobian(["x*z", "x + z"]).python()
        '[[z, x], [1, 1]]'
        """
        return self._content().python()

    def _repr_latex_(self) -> str | None:
        return self._repr_mimebundle_().get("text/latex")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show itself in a notebook: MathML where that can be shown, else LaTeX or text."""
        forms = {"text/plain": repr(self)}
        content = self._content()
        if is_readable(content.nodes):
            forms |= notebook_forms(content.latex(), content.mathml("block"))
        return forms

    def _mime_(self) -> tuple[str, str]:
        """Show itself in marimo, which of several forms would make tabs."""
        forms = self._repr_mimebundle_()
        kind = "text/html" if "text/html" in forms else "text/plain"
        return kind, forms[kind]


def output_of(formula: Formula) -> Symbol:
    """Return what the formula is called, or the first letter that is free."""
    return symbol(formula.name or free_letter("JCLEyf" if formula.aggregated else "yfFgGhH", formula.arguments))


def gradient_equations(formula: Formula, partials: Sequence[tuple[str, Formula]]) -> Equations:
    """Return the partial derivatives of a formula as equations."""
    output = output_of(formula)
    ordinary = len(formula.variables) == 1
    derivatives = [
        Equation(partial(output, Symbol(name), ordinary=ordinary), derivative.node) for name, derivative in partials
    ]
    return Equations(tuple(name for name, _ in partials), tuple(derivatives))


def value_equations(formula: Formula, partials: Sequence[tuple[str, Formula]]) -> Equations:
    """Return a formula, as the system that it was written as, before its partial derivatives."""
    written = dict(formula.definitions) or {output_of(formula).name: formula.node}
    *inner, output = (Equation(Symbol(name), node) for name, node in written.items())
    gradient = gradient_equations(formula, partials)
    return Equations(gradient.names, gradient.derivatives, (output, *inner))


def listed(partials: Sequence[tuple[str, Formula]]) -> str:
    """Return derivatives as they are shown at a prompt, one on a line."""
    shown = partials[:MOST_SHOWN]
    width = max((len(name) for name, _ in shown), default=0)
    return in_short([f"{name:<{width}}  {partial}" for name, partial in shown], len(partials), "\n")


def in_short(shown: Sequence[str], count: int, between: str) -> str:
    """Return what is shown of ``count`` things, and how many others there are."""
    left_out = (
        [str(message("… and {count} {count:other|others}", count=count - len(shown)))] if count > len(shown) else []
    )
    return between.join([*shown, *left_out])
