"""An expression in MathML Core, which browsers show without loading anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from workings.expression.columns import display_width
from workings.expression.mathml_names import lettered, primed
from workings.expression.names import clean, split_name, xml_escape
from workings.expression.nodes import Node, Number, Symbol
from workings.expression.numerals import power_sign, read_numeral
from workings.expression.present import check_size, present, written, written_part
from workings.expression.render_latex import to_latex
from workings.expression.render_text import to_text
from workings.expression.tall import Tall
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

__all__ = ["in_mathml", "mathml_element", "mathml_pieces", "to_mathml"]

# Brackets that could stretch stand apart in a browser, whatever they hold: around a flat part they must not be able to.
_OPENING = '<mo form="prefix" fence="true" {}>{}</mo>'
_CLOSING = '<mo form="postfix" fence="true" {}>{}</mo>'
_FLAT, _TALL = 'stretchy="false"', 'stretchy="true"'
# Brackets that stand in two lines cannot see how tall what is between them is: they are as tall as those of a fraction.
_TALL_APART = f'{_TALL} minsize="2.2em" maxsize="2.2em"'
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_UNBROKEN = 30  # columns within brackets that stay in one line, even of a telephone
_BREAK = "\x00"  # no name has control characters
_MINUS = '<mo form="prefix">−</mo>'
_APPLY = "<mo>&#x2061;</mo>"  # function application, which is not seen


def to_mathml(node: Node, *, display: Literal["block", "inline"] = "block") -> str:
    """Return an expression as a ``<math>`` element, its LaTeX kept as an annotation.

    It is well-formed XML and holds no link, script or style; whatever names say is escaped.

    Parameters
    ----------
    node
        The expression.
    display
        "block" for a line of its own, "inline" within text.

    Raises
    ------
    InputError
        If the expression shares its parts and would take more than five million nodes to write.

    Examples
    --------
    >>> from workings.expression import symbols, to_mathml
    >>> x, n = symbols("x n")
    >>> to_mathml(x / n, display="inline")[77:144]
    '<mrow><mfrac><mrow><mi>x</mi></mrow><mrow><mi>n</mi></mrow></mfrac>'
    """
    return mathml_element(in_mathml(node), to_latex(node), display)


def in_mathml(node: Node) -> str:
    """Return what stands inside a ``<math>`` element, for a larger one."""
    tall = Tall(node)
    return written(node, lambda form: _lower(form, tall), stacked=True)


def mathml_pieces(node: Node) -> list[str]:
    """Return an expression as ``<math>`` elements between which a line may be broken: before + and -, = and ≤.

    Browsers do not break lines within one. The first holds the LaTeX of the whole as an annotation.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> a, b, c = symbols("a b c")
    >>> len(mathml_pieces(a * (b - c) + c)), len(mathml_pieces(a / (b - c)))
    (2, 1)
    """
    check_size(node)
    tall = Tall(node)
    pieces: list[str] = []
    waiting: list[str | Part] = [Slot(node)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, Slot):
            waiting.append(present(part, stacked=True))
        elif isinstance(part, Row):
            for place, each in reversed(tuple(enumerate(part.parts))):
                waiting.append(each)
                if place and isinstance(each, Sign) and each.spaced and each.text != "×":
                    waiting[-1] = _BREAK + each.mathml.replace("<mo>", '<mo form="infix">', 1)
        elif isinstance(part, Fence) and display_width(to_text(part.body.node)) > _UNBROKEN:
            size = _TALL_APART if part.body.node in tall else _FLAT
            waiting += (_CLOSING.format(size, part.closing), part.body, _OPENING.format(size, part.opening))
        else:
            pieces.append(written_part(part, lambda form: _lower(form, tall), stacked=True))
    first, *rest = "".join(pieces).split(_BREAK)
    return [
        mathml_element(first, to_latex(node), "inline"),
        *(f'<math xmlns="{_NAMESPACE}" display="inline"><mrow>{piece}</mrow></math>' for piece in rest),
    ]


def mathml_element(body: str, latex: str, display: Literal["block", "inline"] = "block") -> str:
    """Return a whole ``<math>`` element, its LaTeX kept as an annotation."""
    annotation = "\n".join(map(xml_escape, latex.split("\n")))
    return (
        f'<math xmlns="{_NAMESPACE}" display="{display}"><semantics><mrow>{body}</mrow>'
        f'<annotation encoding="application/x-tex">{annotation}</annotation></semantics></math>'
    )


def _one(*parts: str | Part) -> tuple[str | Part, ...]:
    """Return parts as the one element that MathML wants for a numerator, an exponent, a limit."""
    return ("<mrow>", *parts, "</mrow>")


def _fenced(opening: str, closing: str, parts: Iterable[str | Part], *, tall: bool) -> tuple[str | Part, ...]:
    """Return parts between brackets that grow with what is tall; a minus at their head is no difference."""
    size = _TALL if tall else _FLAT
    return _one(_OPENING.format(size, opening), *_one(*parts), _CLOSING.format(size, closing))


def _lower(form: Form | Sign, tall: Tall) -> Iterable[str | Part]:
    if isinstance(form, Sign):
        yield form.mathml
    elif isinstance(form, Leaf):
        yield _number(form.node.text) if isinstance(form.node, Number) else _symbol(form.node)
    elif isinstance(form, Row):
        yield from form.parts
    elif isinstance(form, Fence):
        yield from _fenced(form.opening, form.closing, [form.body], tall=form.body.node in tall)
    elif isinstance(form, Fraction):
        yield from ("<mfrac>", *_one(form.top), *_one(form.bottom), "</mfrac>")
    elif isinstance(form, Power):
        yield from ("<msup>", *_one(form.base), *_one(form.exponent), "</msup>")
    elif isinstance(form, Script):
        indices: list[str | Part] = [form.indices[0]]
        for index in form.indices[1:]:
            indices += ["<mo>,</mo>", index]
        base = form.base.node
        letter, primes = primed(base.name) if isinstance(base, Symbol) else ("", "")
        if primes:
            yield from ("<msubsup>", _symbol(Symbol(letter)), *_one(*indices), *_one(primes), "</msubsup>")
        else:
            yield from ("<msub>", *_one(form.base), *_one(*indices), "</msub>")
    elif isinstance(form, Root):
        if form.degree:
            yield from ("<mroot>", *_one(form.body), f"<mn>{form.degree}</mn></mroot>")
        else:
            yield from ("<msqrt>", form.body, "</msqrt>")
    elif isinstance(form, Call):
        name: tuple[str | Part, ...] = (form.name,)
        slots = form.args
        if form.order:
            name = ("<msup>", *_one(form.name), *_fenced("(", ")", [slots[0]], tall=False), "</msup>")
            slots = slots[1:]
        args: list[str | Part] = [slots[0]]
        for arg in slots[1:]:
            args += ["<mo>,</mo>", *_one(arg)]
        yield from (*name, _APPLY, *_fenced("(", ")", args, tall=any(slot.node in tall for slot in slots)))
    elif isinstance(form, Cases):
        otherwise = f"<mtext>{xml_escape(str(message('otherwise')))}</mtext>"
        yield from ("<mrow>", _OPENING.format(_TALL, "{"), "<mtable>")
        rows, rest = case_rows(form)
        for value, condition in rows:
            yield from ("<mtr><mtd>", value, "</mtd><mtd>", condition, "</mtd></mtr>")
        yield from ("<mtr><mtd>", rest, f"</mtd><mtd>{otherwise}</mtd></mtr></mtable></mrow>")
    else:
        yield from _big(form)


def _big(form: Big) -> Iterable[str | Part]:
    if form.above is None:
        yield from ("<munder>", form.sign, *_one(form.below), "</munder>")
    else:
        yield from ("<munderover>", form.sign, *_one(form.below), *_one(form.above), "</munderover>")
    yield from _one(form.body)


def _number(text: str) -> str:
    numeral = read_numeral(text)
    if numeral is None:
        return f"<mtext>{xml_escape(text)}</mtext>"
    digits = f"<mn>{xml_escape(numeral.digits)}</mn>"
    if numeral.below:
        digits = f"<mfrac>{digits}<mn>{numeral.below}</mn></mfrac>"
    if numeral.exponent is not None:
        sign = _MINUS if numeral.exponent < 0 else ""
        digits += f"<mo>{power_sign()}</mo><msup><mn>10</mn><mrow>{sign}<mn>{abs(numeral.exponent)}</mn></mrow></msup>"
    sign = _MINUS if numeral.negative else ""
    return f"<mrow>{sign}{digits}</mrow>" if sign or numeral.exponent is not None else digits


def _symbol(symbol: Symbol) -> str:
    if symbol.style != "upright" and (letters := lettered(clean(symbol.name))) is not None:
        return letters
    if symbol.style == "text":
        return f"<mtext>{xml_escape(symbol.name)}</mtext>"
    base, subscript = split_name(clean(symbol.name))
    if symbol.style == "upright" and "_" in base:  # SE_A, from a program: such a name from outside is text
        base, _, subscript = base.partition("_")
    variant = ' mathvariant="normal"' if symbol.style == "upright" and len(base) == 1 else ""
    letter = f"<mi{variant}>{xml_escape(base)}</mi>"
    if not subscript:
        return letter
    tag = "mn" if subscript.isdigit() else "mi"
    return f"<msub>{letter}<{tag}>{xml_escape(subscript)}</{tag}></msub>"
