"""Several expressions together: equations below each other, and a matrix, in text, LaTeX and MathML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workings.expression.nodes import Equation, Node
from workings.expression.render_box import display_width
from workings.expression.render_latex import to_latex
from workings.expression.render_mathml import in_mathml, mathml_element, to_mathml
from workings.expression.render_text import to_text

__all__ = [
    "equations_to_latex",
    "equations_to_mathml",
    "matrix_to_latex",
    "matrix_to_mathml",
    "matrix_to_text",
]

Rows = Sequence[Sequence[Node]]


def equations_to_latex(equations: Sequence[Equation]) -> str:
    r"""Return equations as LaTeX, their signs below each other.

    Examples
    --------
    >>> from workings.expression import equation, symbols
    >>> from workings.expression.render_several import equations_to_latex
    >>> x, y, z = symbols("x y z")
    >>> print(equations_to_latex([equation(x, z**2), equation(y, z)]))
    \begin{aligned}
    x &= z^{2} \\
    y &= z
    \end{aligned}
    """
    if len(equations) == 1:
        return to_latex(equations[0])
    lines = " \\\\\n".join(f"{to_latex(each.left)} &= {to_latex(each.right)}" for each in equations)
    return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"


def equations_to_mathml(equations: Sequence[Equation], display: Literal["block", "inline"] = "block") -> str:
    """Return equations as one ``<math>`` element: a table whose equality signs stand below each other."""
    rows = "".join(
        f'<mtr><mtd style="text-align: right"><mrow>{in_mathml(each.left)}</mrow></mtd>'
        f'<mtd style="text-align: left"><mrow><mo>=</mo>{in_mathml(each.right)}</mrow></mtd></mtr>'
        for each in equations
    )
    if len(equations) == 1:
        return to_mathml(equations[0], display=display)
    body = f'<mtable displaystyle="true">{rows}</mtable>'
    return mathml_element(body, equations_to_latex(equations), display)


def matrix_to_latex(name: Node, rows: Rows) -> str:
    r"""Return a matrix and its name as LaTeX.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> from workings.expression.render_several import matrix_to_latex
    >>> h, x, z = symbols("H x z")
    >>> print(matrix_to_latex(h, [[x**2, z], [z, x]]))
    H = \begin{pmatrix}
    x^{2} & z \\
    z & x
    \end{pmatrix}
    """
    lines = " \\\\\n".join(" & ".join(map(to_latex, row)) for row in rows)
    return f"{to_latex(name)} = \\begin{{pmatrix}}\n{lines}\n\\end{{pmatrix}}"


def matrix_to_mathml(name: Node, rows: Rows, display: Literal["block", "inline"] = "block") -> str:
    """Return a matrix and its name as a ``<math>`` element."""
    cells = "".join(
        f"<mtr>{''.join(f'<mtd><mrow>{in_mathml(entry)}</mrow></mtd>' for entry in row)}</mtr>" for row in rows
    )
    body = (
        f"{in_mathml(name)}<mo>=</mo>"
        '<mrow><mo form="prefix" fence="true" stretchy="true">(</mo>'
        f"<mtable>{cells}</mtable>"
        '<mo form="postfix" fence="true" stretchy="true">)</mo></mrow>'
    )
    return mathml_element(body, matrix_to_latex(name, rows), display)


def matrix_to_text(rows: Rows, *, ascii: bool = False) -> str:
    """Return a matrix in text, a row on a line, its columns below each other.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> from workings.expression.render_several import matrix_to_text
    >>> x, z = symbols("x z")
    >>> print(matrix_to_text([[x**2, z], [z, 2 * x * z]]))
    ⎡ x²    z   ⎤
    ⎣ z   2·x·z ⎦
    """
    cells = [[to_text(entry, ascii=ascii, quoted=True) for entry in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(_centered(cell, width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    if ascii or len(lines) == 1:
        return "\n".join(f"[ {line} ]" for line in lines)
    left, right = "⎡" + "⎢" * (len(lines) - 2) + "⎣", "⎤" + "⎥" * (len(lines) - 2) + "⎦"
    return "\n".join(f"{a} {line} {b}" for a, line, b in zip(left, lines, right, strict=True))


def _centered(text: str, width: int) -> str:
    free = width - display_width(text)
    return " " * (free // 2) + text + " " * (free - free // 2)
