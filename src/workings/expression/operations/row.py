"""What a row of the table of operations says, and the short ways to write one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, TypeAlias

__all__ = ["Binding", "Layout", "Operation", "Way", "constant", "function", "infix"]


class Binding(IntEnum):
    """How tightly something binds its parts, loosest first; what binds less tightly than its place is put in ( )."""

    RELATION = 0
    EITHER = 1
    BOTH = 2
    NOT = 3
    COMPARE = 4
    ADD = 5
    NEGATE = 6
    MULTIPLY = 7
    NAME = 8  # what reads as one thing, though written with several signs: ∂J/∂m
    POWER = 9
    ATOM = 10


Layout: TypeAlias = Literal[
    "infix", "prefix", "fraction", "power", "root", "fence", "cases", "call", "ordered", "constant"
]
Way: TypeAlias = Callable[..., Any]

_LATEX = ("cos", "cosh", "exp", "log", "max", "min", "sin", "sinh", "tan", "tanh")  # the names that LaTeX knows


@dataclass(frozen=True, eq=False, kw_only=True)
class Operation:
    """One operation.

    Parameters
    ----------
    name
        Its name, which serialised trees use.
    arity
        How many arguments it takes. In the texts below they are the letters a, b and c.
    numpy
        How the float arithmetic computes it.
    mpmath
        How mpmath computes it, with a context as the first argument.
    fraction
        How fractions compute it; None where the value is not a fraction.
    derivatives
        The partial derivative by each argument, as formula text; "" where there is none (a condition, an order).
    rule
        The rule of differentiation that this is; "" where there is none.
    kink
        Where the derivative is a choice, as a condition in formula text; "" if nowhere.
    defined
        The condition under which it is defined, as formula text; "" if everywhere. Elsewhere the value is NaN or, at
        a pole, infinite.
    domain
        Where it is defined, in words for a reader of this table.
    compiled
        The name under which compiled code knows it.
    spellings
        The names by which formula text calls it.
    layout
        How it is laid out: the sign between its arguments, before its argument, a fraction, a call, ...
    binding
        How tightly it binds.
    text, ascii, latex, mathml
        Its sign or name. For a "fence", the opening and the closing sign, separated by a space.
    python
        A format of its arguments, ``{0}``, ``{1}``: an operator or a call.
    over_rows
        Whether it takes all rows of its argument at once: then ``numpy`` is given an array of them, ``mpmath`` and
        ``fraction`` a list, and each a function that says for how many rows each element stands.
    """

    name: str
    arity: int
    numpy: Way
    mpmath: Way
    fraction: Way | None
    derivatives: tuple[str, ...]
    rule: str
    kink: str
    defined: str
    domain: str
    compiled: str
    spellings: tuple[str, ...]
    layout: Layout
    binding: Binding
    text: str
    ascii: str
    latex: str
    mathml: str
    python: str
    over_rows: bool = False

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_row, (self.name,))


def _row(name: str) -> Operation:
    from workings.expression.operations.table import OPERATIONS

    return OPERATIONS[name]


def function(
    name: str,
    numpy: Way,
    mpmath: Way,
    *derivatives: str,
    fraction: Way | None = None,
    rule: str = "",
    kink: str = "",
    defined: str = "",
    domain: str = "",
    also: str = "",
    sign: str = "",
    short: str = "",
    latex: str = "",
    mathml: str = "",
    python: str = "",
    layout: Layout = "call",
    fence: str = "",
    over_rows: bool = False,
) -> Operation:
    r"""Return the row of a function of as many arguments as it has derivatives, written name(a, b).

    What is left out follows from the name: the rule, the LaTeX ``\operatorname{name}``, the Python ``name({0}, {1})``.

    Parameters
    ----------
    name, numpy, mpmath, derivatives, fraction, rule, kink, defined, domain, layout, over_rows
        As in :class:`Operation`.
    also
        Further names that formula text accepts, separated by spaces.
    sign
        How text with signs and Greek letters writes it: Γ for gamma.
    short
        How text writes it where the name is longer than need be: max for maximum.
    latex, mathml
        How these write its name.
    python
        As in :class:`Operation`, where it is not ``name({0}, {1})``.
    fence
        The signs around its argument where these stand for its name, separated by a space.
    """
    text = short or name
    shown = sign or text
    upright = ' mathvariant="normal"' if len(shown) == 1 and shown.isupper() else ""  # a single letter is italic
    places = ", ".join(f"{{{place}}}" for place in range(len(derivatives)))
    return Operation(
        name=name,
        arity=len(derivatives),
        numpy=numpy,
        mpmath=mpmath,
        fraction=fraction,
        derivatives=derivatives,
        rule=rule or name,
        kink=kink,
        defined=defined,
        domain=domain or defined or "all real numbers",
        compiled=name,
        spellings=tuple(dict.fromkeys([name, text, shown, *also.split()])),
        layout="fence" if fence else layout,
        binding=Binding.ATOM,
        text=fence or shown,
        ascii=fence or text,
        latex=latex or (f"\\{text}" if text in _LATEX else rf"\operatorname{{{text}}}"),
        mathml=mathml or f"<mi{upright}>{shown}</mi>",
        python=python or f"{text}({places})",
        over_rows=over_rows,
    )


# A sign before its one argument says so: a browser would leave room on both sides of it, as for a difference.
_SEEN_AS: dict[str, str] = {"infix": "<mo>{}</mo>", "prefix": '<mo form="prefix">{}</mo>'}


def infix(
    name: str,
    signs: str,
    binding: Binding,
    ways: tuple[Way, Way, Way],
    *derivatives: str,
    rule: str = "",
    defined: str = "",
    domain: str = "",
    also: str = "",
    layout: Layout = "infix",
    python: str = "",
) -> Operation:
    """Return the row of a sign between two arguments, or before one.

    Parameters
    ----------
    name, binding, derivatives, rule, defined, domain, layout
        As in :class:`Operation`.
    ways
        How NumPy, mpmath and fractions compute it.
    signs
        The sign in text, in ASCII and in LaTeX, separated by spaces.
    also
        Names of functions that do the same, in formula text.
    python
        The sign in Python, where it is not that of ASCII.
    """
    numpy, mpmath, fraction = ways
    text, plain, latex = signs.split()
    between = len(derivatives) == 2
    apart = " " if plain.isalpha() and not between else ""  # not a, but -a
    shown = text.replace("<", "&lt;").replace(">", "&gt;").replace("-", "−")
    return Operation(
        name=name,
        arity=len(derivatives),
        numpy=numpy,
        mpmath=mpmath,
        fraction=fraction,
        derivatives=derivatives,
        rule=rule,
        kink="",
        defined=defined,
        domain=domain or defined or "all real numbers",
        compiled=name,
        spellings=tuple(also.split()),
        layout=layout,
        binding=binding,
        text=text,
        ascii=plain + apart,
        latex=latex + apart,
        mathml=_SEEN_AS.get(layout, "").format(shown),
        python=f"{{0}} {python or plain} {{1}}" if between else f"{plain}{apart}{{0}}",
    )


def constant(name: str, numpy: Way, mpmath: Way, *, sign: str = "", latex: str) -> Operation:
    """Return the row of a number with a name."""
    return function(name, numpy, mpmath, rule="constant", sign=sign, latex=latex, python=name, layout="constant")
