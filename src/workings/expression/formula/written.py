"""A formula in text, LaTeX, MathML and Python; a system as several equations."""

from __future__ import annotations

from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Literal

from workings.errors import InputError
from workings.expression.nodes import Apply, Equation, Node, Symbol
from workings.expression.present import check_size
from workings.expression.render_latex import to_latex
from workings.expression.render_mathml import to_mathml
from workings.expression.render_python import to_python
from workings.expression.render_text import to_text
from workings.expression.traverse import postorder
from workings.language import Message, message

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = ["bundle", "latex", "mathml", "python", "shortened", "shown", "text"]

# A formula shows itself without being asked: at a prompt on a few lines, in a notebook while it can still be read.
_LONGEST = 400
_MOST_NODES = 2_000
_MOST_NAMES = 8


def _equations(formula: Formula) -> list[tuple[str, Node]]:
    """Return what a system shows: its output first, as it is written, then the others in the order of their use."""
    definitions = list(formula.definitions.items())
    return [*definitions[-1:], *definitions[:-1]]


def text(formula: Formula, *, ascii: bool = False) -> str:
    """Return a formula on one line of text."""
    equations = _equations(formula)
    if not equations:
        return to_text(formula.node, ascii=ascii, quoted=True)
    return "; ".join(to_text(Equation(Symbol(name), node), ascii=ascii, quoted=True) for name, node in equations)


def latex(formula: Formula) -> str:
    """Return a formula as LaTeX."""
    equations = _equations(formula)
    if not equations:
        return to_latex(formula.node)
    if len(equations) == 1:
        return to_latex(Equation(Symbol(equations[0][0]), equations[0][1]))
    lines = " \\\\\n".join(f"{to_latex(Symbol(name))} &= {to_latex(node)}" for name, node in equations)
    return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"


def mathml(formula: Formula, display: Literal["block", "inline"] = "block") -> str:
    """Return a formula as MathML; a system as a table whose equality signs stand below each other."""
    equations = _equations(formula)
    if not equations:
        return to_mathml(formula.node, display=display)
    if len(equations) == 1:
        return to_mathml(Equation(Symbol(equations[0][0]), equations[0][1]), display=display)
    rows = "".join(
        f'<mtr><mtd style="text-align: right">{_inside(Symbol(name))}</mtd>'
        f'<mtd style="text-align: left"><mo>=</mo>{_inside(node)}</mtd></mtr>'
        for name, node in equations
    )
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="{display}"><semantics>'
        f'<mtable displaystyle="true">{rows}</mtable>'
        f'<annotation encoding="application/x-tex">{escape(latex(formula))}</annotation></semantics></math>'
    )


def _inside(node: Node) -> str:
    """Return what stands in a ``<math>`` element; a name cannot end it early, for names are escaped."""
    return to_mathml(node).partition("<semantics>")[2].rpartition("<annotation")[0]


def python(formula: Formula) -> str:
    """Return a formula as Python source."""
    if not formula.definitions:
        return to_python(formula.node)
    return "\n".join(to_python(Equation(Symbol(name), node)) for name, node in formula.definitions.items())


def shortened(formula: Formula, *, ascii: bool) -> str:
    """Return a formula on one line, or how large it is if that could not be read."""
    if not _is_readable(formula):
        return str(_size(formula))
    line = text(formula, ascii=ascii)
    if len(line) <= _LONGEST:
        return line
    half = _LONGEST // 2
    return f"{line[:half]} {'...' if ascii else '…'} {line[-half:]}"


def _is_readable(formula: Formula) -> bool:
    left = _MOST_NODES
    for node in formula.definitions.values() or (formula.node,):
        try:
            check_size(node)  # shared parts, written out, could fill the memory
        except InputError:
            return False
        left -= sum(1 for _ in islice(postorder(node), left + 1))
    return left >= 0


def _size(formula: Formula) -> Message:
    return message(
        "{count} operations on {names}",
        count=f"{sum(isinstance(part, Apply) for part in postorder(formula.node)):,}",
        names=", ".join(formula.arguments[:_MOST_NAMES]) + (", …" if len(formula.arguments) > _MOST_NAMES else ""),
    )


def shown(formula: Formula) -> str:
    """Return a formula as it is shown at a prompt."""
    line = shortened(formula, ascii=True)
    if formula.rows:
        line += f", rows={formula.rows!r}"
    if formula.data:
        length = len(next(iter(formula.data.values())))
        line += f", data={{{', '.join(formula.data)}: {length:,}}}"
    return f"Formula({line})"


def bundle(formula: Formula) -> dict[str, str]:
    """Return the forms in which a notebook can show a formula."""
    forms = {"text/plain": shown(formula)}
    if _is_readable(formula):
        forms["text/latex"] = f"$\\displaystyle {latex(formula)}$"
        forms["text/html"] = f'<div style="margin: 0.5em 0; overflow-x: auto">{mathml(formula)}</div>'
    return forms
