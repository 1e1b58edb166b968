r"""An expression in LaTeX's mathematics: \frac{TP}{TP + FN}."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from workings.expression.names import GREEK, clean, latex_escape, split_name
from workings.expression.nodes import Apply, Indexed, Node, Number, Partial, Symbol
from workings.expression.numerals import power_sign, read_numeral
from workings.expression.operations import Binding
from workings.expression.present import written
from workings.expression.render_text import to_text
from workings.expression.tall import Tall
from workings.expression.traverse import postorder
from workings.expression.written_forms import (
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
    Slot,
    case_rows,
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


def to_latex(node: Node, *, stacked: bool = True, room: int | None = None) -> str:
    r"""Return an expression in LaTeX, for use in mathematics mode (amsmath).

    Names from outside stand inside ``\text{...}``, escaped. Only the ``latex`` that a program gave a symbol is passed
    on as it is.

    Parameters
    ----------
    node
        The expression.
    stacked
        Whether fractions have their parts above each other, as in a line of its own; else a slash, as among words.
    room
        About how many characters fit on a line, if LaTeX is to break the formula: then it may before every sign, the
        fewer parentheses around it the rather; and what LaTeX never breaks is written in another way if it is wider: a
        fraction with a slash, a root as a sign before parentheses, cases and long names smaller (by ``\fitted``, which
        the document has to define).

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
    >>> print(to_latex((TP + FN) * n, room=40))
    (\mathrm{TP} \penalty50 + \mathrm{FN}) \penalty20 \cdot n
    """
    text = written(node, _Lowering(node, room), stacked=stacked)
    return text if room is None else _with_penalties(text)


class _Lowering:
    """Writes each form as LaTeX, knowing what is taller than a line of text and what is too wide for one."""

    def __init__(self, root: Node, room: int | None) -> None:
        self._room = room
        self._tall = Tall(root)
        self._widths: dict[Node, int] = {}
        for node in postorder(root) if room is not None else ():
            self._widths[node] = self._width(node)

    def __call__(self, form: Form | Sign) -> Iterable[str | Part]:
        if isinstance(form, Sign):
            yield self._sign(form)
        elif isinstance(form, Leaf):
            yield self._leaf(form.node)
        elif isinstance(form, Row):
            yield from form.parts
        elif isinstance(form, Fence):
            opening, closing = self._signs_around(form.body.node, form.opening, form.closing)
            yield from (opening, form.body, closing)
        elif isinstance(form, Fraction):
            yield from self._fraction(form)
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
            yield from self._root(form)
        elif isinstance(form, Call):
            yield from self._call(form)
        elif isinstance(form, Cases):
            yield from self._cases(form)
        else:
            yield from _big(form)

    def _sign(self, sign: Sign) -> str:
        if not (sign.spaced or sign.ascii == "*"):
            return sign.latex
        mark = "" if self._room is None else _PRODUCT if sign.ascii == "*" else _BREAK
        return f" {mark}{sign.latex} "

    def _leaf(self, node: Number | Symbol) -> str:
        text = _number(node.text) if isinstance(node, Number) else _symbol(node)
        long = self._room is not None and len(text) > _LONG_NAME
        return rf"\fitted{{{text}}}" if long else text

    def _fraction(self, form: Fraction) -> Iterable[str | Part]:
        top, bottom = form.top, form.bottom
        if isinstance(top, Slot) and isinstance(bottom, Slot) and self._is_wide(top.node, bottom.node):
            yield from (Slot(top.node, Binding.NAME, open=False), f"{_PRODUCT}/", Slot(bottom.node, Binding.ATOM))
        else:
            yield from (r"\frac{", top, "}{", bottom, "}")

    def _root(self, form: Root) -> Iterable[str | Part]:
        degree = f"[{form.degree}]" if form.degree else ""
        if self._is_wide(form.body.node):
            opening, closing = self._signs_around(form.body.node, "(", ")")
            yield from (rf"\sqrt{degree}{{\;}}{opening}", form.body, closing)
        else:
            yield from (rf"\sqrt{degree}{{", form.body, "}")

    def _call(self, form: Call) -> Iterable[str | Part]:
        yield form.name
        args = form.args
        if form.order:
            yield from (r"^{(", args[0], r")}")
            args = args[1:]
        tall = next((arg.node for arg in args if arg.node in self._tall), args[0].node)
        opening, closing = self._signs_around(tall, "(", ")")
        yield from (opening, args[0])
        for arg in args[1:]:
            yield from (", " if self._room is None else f", {_BREAK}", arg)
        yield closing

    def _cases(self, form: Cases) -> Iterable[str | Part]:
        otherwise = latex_escape(str(message("otherwise")))
        rows, rest = case_rows(form)
        room = None if self._room is None else self._room - len(otherwise)
        wide = room is not None and any(
            self._widths[value.node] + self._widths[when.node] > room for value, when in rows
        )
        yield r"\fitted{\begin{cases} " if wide else r"\begin{cases} "
        for value, condition in rows:
            yield from (value, " & ", condition, r" \\ ")
        yield from (rest, rf" & \text{{{otherwise}}} \end{{cases}}", "}" if wide else "")

    def _signs_around(self, body: Node, opening: str, closing: str) -> tuple[str, str]:
        r"""Return the signs around a part; around a flat one plain ones, which stand closer than ``\left(``."""
        if opening in _PLAIN and body not in self._tall:
            return _PLAIN[opening], _PLAIN[closing]
        if self._is_wide(body):  # LaTeX breaks no line between \left and \right
            return rf"\biggl{opening}", rf"\biggr{closing}"
        return rf"\left{opening}", rf"\right{closing}"

    def _is_wide(self, *nodes: Node) -> bool:
        return self._room is not None and any(self._widths.get(node, 0) > self._room for node in nodes)

    def _width(self, node: Node) -> int:
        """Return about how many characters wide a part is; of the halves of a fraction the wider one counts."""
        if isinstance(node, Number):
            return len(node.text)
        if isinstance(node, Symbol):
            return len(node.name) if node.latex is None else 1
        if isinstance(node, Partial):
            return len(to_text(node.function)) + 1
        inside = [self._widths[child] for child in node.children]
        if not isinstance(node, Apply):
            return sum(inside) + 3
        if node.operation.layout == "fraction" and self._room is not None and max(inside) <= self._room:
            return max(inside)
        return sum(inside) + len(node.operation.text) + 2


_LONG_NAME = 30  # LaTeX measures such a name, and makes it smaller only if it is wider than the line


# Where a line may be broken, until it is known within how many parentheses that is. No name has control characters.
_BREAK, _PRODUCT = "\x00", "\x01"
_PENALTIES = {_BREAK: 0, _PRODUCT: 20}
_OPENING, _CLOSING = "([", ")]"
_PLAIN = {"(": "(", ")": ")", "[": r"\lbrack ", "]": r"\rbrack "}  # after a \\ a [ would begin an option


def _with_penalties(text: str) -> str:
    """Let lines be broken where that was marked: the deeper within parentheses, the less gladly."""
    out: list[str] = []
    depth = 0
    for character in text:
        if character in _PENALTIES:
            out.append(rf"\penalty{50 * depth + _PENALTIES[character]} ")
            continue
        depth += (character in _OPENING) - (character in _CLOSING and depth > 0)
        out.append(character)
    return "".join(out)


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


def _number(text: str) -> str:
    numeral = read_numeral(text)
    if numeral is None:
        return rf"\text{{{latex_escape(text)}}}"
    digits = _parted(numeral.digits.replace("∞", r"\infty"))
    if numeral.below:
        digits = rf"\frac{{{digits}}}{{{_parted(numeral.below)}}}"
    if numeral.exponent is not None:
        digits += rf" {_POWER_SIGNS[power_sign()]} 10^{{{numeral.exponent}}}"
    return ("-" if numeral.negative else "") + digits


def _parted(digits: str) -> str:
    """Return digits with LaTeX's thin space where thousands are apart, and a comma that is no mark between words."""
    return re.sub("[ \u2009\u202f]", r"\\,", digits.replace(",", "{,}"))


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
