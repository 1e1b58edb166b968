"""A formula in text, LaTeX, MathML and Python; a system as several equations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Literal

from workings.errors import InputError
from workings.expression.nodes import Apply, Equation, Node, Symbol
from workings.expression.present import check_size
from workings.expression.render_latex import to_latex
from workings.expression.render_mathml import to_mathml
from workings.expression.render_python import several_to_python, to_python
from workings.expression.render_several import equations_to_latex, equations_to_mathml
from workings.expression.render_text import to_text
from workings.expression.traverse import postorder
from workings.language import Message, grouped, message

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = [
    "bundle",
    "is_readable",
    "latex",
    "mathml",
    "notebook_forms",
    "python",
    "shortened",
    "shown",
    "text",
]

# A formula shows itself without being asked: at a prompt on a few lines, in a notebook while it can still be read.
_LONGEST = 400
_MOST_NODES = 2_000
_MOST_NAMES = 8


def _equations(formula: Formula) -> list[Equation]:
    """Return what a system shows: its output first, as it is written, then the others in the order of their use."""
    definitions = [Equation(Symbol(name), node) for name, node in formula.definitions.items()]
    return [*definitions[-1:], *definitions[:-1]]


def text(formula: Formula, *, ascii: bool = False) -> str:
    """Return a formula on one line of text."""
    equations = _equations(formula)
    if not equations:
        return to_text(formula.node, ascii=ascii, quoted=True)
    return "; ".join(to_text(equation, ascii=ascii, quoted=True) for equation in equations)


def latex(formula: Formula) -> str:
    """Return a formula as LaTeX."""
    equations = _equations(formula)
    return equations_to_latex(equations) if equations else to_latex(formula.node)


def mathml(formula: Formula, display: Literal["block", "inline"] = "block") -> str:
    """Return a formula as MathML; a system as a table whose equality signs stand below each other."""
    equations = _equations(formula)
    return equations_to_mathml(equations, display) if equations else to_mathml(formula.node, display=display)


def python(formula: Formula) -> str:
    """Return a formula as Python source."""
    if not formula.definitions:
        return to_python(formula.node)
    return "\n".join(several_to_python([Equation(Symbol(name), node) for name, node in formula.definitions.items()]))


def shortened(formula: Formula, *, ascii: bool) -> str:
    """Return a formula on one line, or how large it is if that could not be read."""
    if not is_readable(_shown_nodes(formula)):
        return str(_size(formula))
    line = text(formula, ascii=ascii)
    if len(line) <= _LONGEST:
        return line
    half = _LONGEST // 2
    return f"{line[:half]} {'...' if ascii else '…'} {line[-half:]}"


def is_readable(nodes: Iterable[Node]) -> bool:
    """Return whether expressions, written out, can still be read."""
    left = _MOST_NODES
    for node in nodes:
        try:
            check_size(node)  # shared parts, written out, could fill the memory
        except InputError:
            return False
        left -= sum(1 for _ in islice(postorder(node), left + 1))
        if left < 0:
            return False
    return True


def _shown_nodes(formula: Formula) -> Iterable[Node]:
    return formula.definitions.values() or (formula.node,)


def _size(formula: Formula) -> Message:
    return message(
        "{count} operations on {names}",
        count=sum(isinstance(part, Apply) for part in postorder(formula.node)),
        names=", ".join(formula.arguments[:_MOST_NAMES]) + (", …" if len(formula.arguments) > _MOST_NAMES else ""),
    )


def shown(formula: Formula) -> str:
    """Return a formula as it is shown at a prompt."""
    line = shortened(formula, ascii=True)
    if formula.rows:
        line += f", rows={formula.rows!r}"
    if formula.data:
        length = len(next(iter(formula.data.values())))
        line += f", data={{{', '.join(formula.data)}: {grouped(length)}}}"
    return f"Formula({line})"


def bundle(formula: Formula) -> dict[str, str]:
    """Return the forms in which a notebook can show a formula."""
    forms = {"text/plain": shown(formula)}
    if is_readable(_shown_nodes(formula)):
        forms |= notebook_forms(latex(formula), mathml(formula))
    return forms


def notebook_forms(latex: str, mathml: str) -> dict[str, str]:
    """Return the two forms in which a notebook shows mathematics."""
    return {
        "text/latex": f"$\\displaystyle {latex}$",
        "text/html": f'<div style="margin: 0.5em 0; overflow-x: auto">{mathml}</div>',
    }
