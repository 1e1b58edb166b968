r"""An expression in LaTeX's mathematics: \frac{TP}{TP + FN}."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from workings.expression.names import GREEK, clean, latex_escape, split_name
from workings.expression.nodes import Indexed, Node, Number, Symbol
from workings.expression.numerals import power_sign, read_numeral
from workings.expression.present import (
    Big,
    Call,
    Cases,
    Fence,
    Form,
    Fraction,
    Leaf,
    Part,
    Power,
    Root,
    Row,
    Script,
    Sign,
    case_rows,
    written,
)
from workings.language import message

__all__ = ["to_latex"]

# Capital Greek letters that look like Latin ones have no command of their own, nor has omicron.
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
_COMMANDS = {sign: "\\" + name for name, sign in GREEK.items() if sign not in _LATIN}
_ACCENTS = {
    "\u0302": r"\hat",
    "\u0304": r"\bar",
    "\u0305": r"\bar",
    "\u0303": r"\tilde",
    "\u0307": r"\dot",
    "\u0308": r"\ddot",
    "\u20d7": r"\vec",
}

_POWER_SIGNS = {"·": r"\cdot", "×": r"\times"}


def to_latex(node: Node) -> str:
    r"""Return an expression in LaTeX, for use in mathematics mode (amsmath).

    Names from outside stand inside ``\text{...}``, escaped. Only the ``latex`` that a program gave a symbol is passed
    on as it is.

    Raises
    ------
    InputError
        If the expression shares its parts and would take more than five million nodes to write.

    Examples
    --------
    >>> from workings.expression import indexed, symbols, to_latex, total
    >>> i, n, TP, FN = symbols("i n TP FN")
    >>> print(to_latex(TP / (TP + FN)))
    \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}
    >>> print(to_latex(total(indexed("x", i) ** 2, i, 1, n)))
    \sum_{i=1}^{n} x_{i}^{2}
    """
    return written(node, _lower, stacked=True)


def _lower(form: Form | Sign) -> Iterable[str | Part]:
    if isinstance(form, Sign):
        yield f" {form.latex} " if form.spaced or form.ascii == "*" else form.latex
    elif isinstance(form, Leaf):
        yield _leaf(form.node)
    elif isinstance(form, Row):
        yield from form.parts
    elif isinstance(form, Fence):
        yield from (rf"\left{form.opening}", form.body, rf"\right{form.closing}")
    elif isinstance(form, Fraction):
        yield from (r"\frac{", form.top, "}{", form.bottom, "}")
    elif isinstance(form, Power):
        base = (form.base,) if _takes_scripts(form.base.node) else ("{", form.base, "}")
        yield from (*base, "^{", form.exponent, "}")
    elif isinstance(form, Script):
        base = (form.base,) if _takes_scripts(form.base.node, indexed=True) else ("{", form.base, "}")
        yield from (*base, "_{", form.indices[0])
        for index in form.indices[1:]:
            yield from (",", index)
        yield "}"
    elif isinstance(form, Root):
        yield from (rf"\sqrt[{form.degree}]{{" if form.degree else r"\sqrt{", form.body, "}")
    elif isinstance(form, Call):
        yield form.name
        args = form.args
        if form.order:
            yield from (r"^{\left(", args[0], r"\right)}")
            args = args[1:]
        yield from (r"\left(", args[0])
        for arg in args[1:]:
            yield from (", ", arg)
        yield r"\right)"
    elif isinstance(form, Cases):
        otherwise = latex_escape(str(message("otherwise")))
        rows, rest = case_rows(form)
        yield r"\begin{cases} "
        for value, condition in rows:
            yield from (value, " & ", condition, r" \\ ")
        yield from (rest, rf" & \text{{{otherwise}}} \end{{cases}}")
    else:
        yield from _big(form)


def _big(form: Big) -> Iterable[str | Part]:
    yield from (form.sign, "_{", form.below, "}")
    if form.above is not None:
        yield from ("^{", form.above, "}")
    yield from (" ", form.body)


def _takes_scripts(node: Node, *, indexed: bool = False) -> bool:
    """Whether LaTeX lets a script follow: a second one of the same kind would be an error."""
    if isinstance(node, Indexed):
        return _takes_scripts(node.base, indexed=True)
    if isinstance(node, Symbol):
        subscript = node.style != "text" and split_name(node.name)[1]
        return node.latex is None and "'" not in node.name and not (indexed and subscript)
    return not isinstance(node, Number) or node.text.isascii()


def _leaf(node: Number | Symbol) -> str:
    return _number(node.text) if isinstance(node, Number) else _symbol(node)


def _number(text: str) -> str:
    numeral = read_numeral(text)
    if numeral is None:
        return rf"\text{{{latex_escape(text)}}}"
    digits = numeral.digits.replace("∞", r"\infty").replace(",", "{,}")
    digits = digits.replace("\u2009", r"\,").replace("\u202f", r"\,").replace(" ", r"\,")
    if numeral.below:
        digits = rf"\frac{{{digits}}}{{{numeral.below}}}"
    if numeral.exponent is not None:
        digits += rf" {_POWER_SIGNS[power_sign()]} 10^{{{numeral.exponent}}}"
    return ("-" if numeral.negative else "") + digits


def _symbol(symbol: Symbol) -> str:
    if symbol.latex is not None:
        return symbol.latex
    if symbol.style == "text":
        return rf"\text{{{latex_escape(symbol.name)}}}"
    base, subscript = split_name(clean(symbol.name))
    written_base = _letters(base, upright=symbol.style == "upright")
    if not subscript:
        return written_base
    short = len(subscript) == 1 or subscript.isdigit()
    return f"{written_base}_{{{_letters(subscript, upright=not short)}}}"


def _letters(text: str, *, upright: bool) -> str:
    stem = text.rstrip("'′")
    primes = "'" * (len(text) - len(stem))
    base, *marks = unicodedata.normalize("NFD", stem)
    if all(mark in _ACCENTS for mark in marks) and (base.isascii() or base in _COMMANDS or base in _LATIN):
        letter = _COMMANDS.get(base, _LATIN.get(base, base))
        for mark in marks:
            letter = f"{_ACCENTS[mark]}{{{letter}}}"
        if letter.isalnum() and upright and not letter.isdigit():
            letter = rf"\mathrm{{{letter}}}"
        return letter + primes
    if stem.isascii() and stem.isalnum():
        return (rf"\mathrm{{{stem}}}" if upright else stem) + primes
    return rf"\text{{{latex_escape(stem)}}}" + primes
