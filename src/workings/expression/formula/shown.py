"""How a formula shows itself: as text, LaTeX, MathML and Python, at a prompt, and by its working and its picture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal, cast

from workings.expression.formula import written

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = ["Shown", "above"]


class Shown:
    """The part of :class:`Formula` that is looked at."""

    __slots__ = ()

    def text(self, *, ascii: bool = False) -> str:
        """Return it on one line, as :func:`formula` reads it: ``y = u·v; u = x·z; v = x² + z``.

        Parameters
        ----------
        ascii
            Write signs, Greek letters and powers in ASCII.

        Raises
        ------
        InputError
            If its shared parts would take more than five million nodes to write; the other forms do the same.
        """
        return written.text(_formula(self), ascii=ascii)

    def latex(self) -> str:
        r"""Return it as LaTeX; a system as aligned equations.

        Examples
        --------
        >>> import workings as wk
        >>> print(wk.formula("x^2 / z").latex())
        \frac{x^{2}}{z}
        """
        return written.latex(_formula(self))

    def mathml(self, *, display: Literal["block", "inline"] = "block") -> str:
        """Return it as a ``<math>`` element, which browsers show; a system as a table of equations."""
        return written.mathml(_formula(self), display)

    def python(self) -> str:
        """Return it as Python source; a system as assignments, one on a line.

        Examples
        --------
        >>> import workings as wk
        >>> print(wk.formula("y = u^2; u = x + 1").python())
        u = x + 1
        y = u ** 2
        """
        return written.python(_formula(self))

    def explain(self, /, *args: Any, **values: Any) -> Any:
        """Return how it is worked out: with values as it is called with them, else in symbols. See ``wk.explain``.

        Examples
        --------
        >>> import workings as wk
        >>> print(wk.formula("x^2 + sqrt(z)").explain(x=3, z=16))
        What is y where x = 3, z = 16?
        <BLANKLINE>
          1  The formula           y = x² + √(z)
          2  It has a value where  z ≥ 0:  16 ≥ 0
          3  Value of x²           3² = 9
          4  Value of √(z)         √(16) = 4
          5  Value of y            y = 9 + 4 = 13
        <BLANKLINE>
          Result  y = 13.
        <BLANKLINE>
          Checked  4 lines, evaluated again at 50 digits; no difference.
        """
        return above("explain")(self, *args, **values)

    def plot(self, /, *args: Any, **kwargs: Any) -> Any:
        """Return its graph. See ``wk.plot``."""
        return above("plot")(self, *args, **kwargs)

    def __str__(self) -> str:
        return written.shortened(_formula(self), ascii=False)

    def __repr__(self) -> str:
        return written.shown(_formula(self))

    def _repr_latex_(self) -> str | None:
        return written.bundle(_formula(self)).get("text/latex")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show itself in a notebook: MathML where that can be shown, else LaTeX or text."""
        return written.bundle(_formula(self))

    def _mime_(self) -> tuple[str, str]:
        """Show itself in marimo, which of several forms would make tabs."""
        forms = written.bundle(_formula(self))
        kind = "text/html" if "text/html" in forms else "text/plain"
        return kind, forms[kind]


def _formula(shown: Shown) -> Formula:
    return cast("Formula", shown)


def above(name: str) -> Any:
    """Return what a floor above this one offers; the root package knows where it lives."""
    return getattr(sys.modules["workings"], name)
