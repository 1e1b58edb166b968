"""An expression on one line of text: σ(x)·(1 - σ(x)), TP / (TP + FN), Σ_{i=1}^{n} (xᵢ - m)²."""

from __future__ import annotations

from collections.abc import Iterable

from workings.expression.names import clean, split_name
from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.expression.numerals import power_sign, read_numeral, superscript
from workings.expression.plain import in_ascii
from workings.expression.present import written
from workings.expression.written_forms import Big, Call, Fence, Form, Leaf, Part, Power, Root, Row, Script, Sign
from workings.language import ungrouped

__all__ = ["leaf_text", "raised", "script_text", "sign_text", "to_text"]

_LOWERED = dict(zip("0123456789aehijklmnoprstuvx+-", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₊₋", strict=True))
_STEPS = {"add": "+", "subtract": "-"}
_PLAIN = str.maketrans({"−": "-", "\u2009": " ", "…": "...", "·": "*", "×": "*"})


def to_text(node: Node, *, ascii: bool = False, quoted: bool = False) -> str:
    """Return an expression on one line of text.

    Parameters
    ----------
    node
        The expression.
    ascii
        Write signs, Greek letters, subscripts and powers in ASCII. Names from outside stay what they are, without
        line breaks and control characters.
    quoted
        Write in back-ticks the names that formula text would read as anything else: `` `mean radius` ``, `` `e` ``.
        Then what formula text can say is read back as the very same expression.

    Raises
    ------
    InputError
        If the expression shares its parts and would take more than five million nodes to write.

    Examples
    --------
    >>> from workings.expression import sigmoid, symbol, symbols, to_text
    >>> x, beta_1 = symbols("x beta_1")
    >>> to_text(sigmoid(x) * (1 - sigmoid(x)))
    'σ(x)·(1 - σ(x))'
    >>> to_text((-x) ** 2 / beta_1), to_text((-x) ** 2 / beta_1, ascii=True)
    ('(-x)² / β₁', '(-x)^2 / beta_1')
    >>> to_text(symbol("mean radius") / 2), to_text(symbol("mean radius") / 2, quoted=True)
    ('mean radius / 2', '`mean radius` / 2')
    """

    def lower(form: Form | Sign) -> Iterable[str | Part]:
        if isinstance(form, Sign):
            yield sign_text(form, ascii)
        elif isinstance(form, Leaf):
            yield leaf_text(form.node, ascii, quoted)
        elif isinstance(form, Row):
            yield from form.parts
        elif isinstance(form, Fence):
            yield from (form.opening, form.body, form.closing)
        elif isinstance(form, Power):
            short = raised(form.exponent.node, ascii)
            yield from (form.base, short) if short else (form.base, "^", form.exponent)
        elif isinstance(form, Script):
            yield from script_text(form, ascii)
        elif isinstance(form, Root):
            yield from (form.sign, "(", form.body, ")")
        elif isinstance(form, Call):
            yield from _call(form, ascii)
        elif isinstance(form, Big):
            yield from (form.sign, "_{", form.below, "}")
            yield from ("^{", form.above, "} ", form.body) if form.above else (" ", form.body)

    return written(node, lower, stacked=False)


def sign_text(sign: Sign, ascii: bool) -> str:
    """Return a sign, between spaces where it has them."""
    text = sign.ascii if ascii else sign.text
    if sign.ascii == "*" and ascii:
        return " * "
    return f" {text} " if sign.spaced else text


def leaf_text(node: Number | Symbol, ascii: bool, quoted: bool = False) -> str:
    """Return a number's digits or a name."""
    if isinstance(node, Symbol):
        return _name(node, ascii) if not quoted else _quoted(node, ascii)
    numeral = read_numeral(node.text)
    if numeral is None:
        return clean(node.text)
    sign, exponent = "-" if numeral.negative else "", numeral.exponent
    digits = numeral.digits + (f"/{numeral.below}" if numeral.below else "")
    if exponent is not None:
        digits += f"e{exponent}" if ascii else f"{power_sign()}10{superscript(str(exponent))}"
    return sign + (ungrouped(digits.replace("∞", "inf")).translate(_PLAIN) if ascii else digits)


def _name(symbol: Symbol, ascii: bool) -> str:
    name = clean(symbol.name)
    if symbol.style == "text":
        return in_ascii(name) if ascii else name
    base, subscript = split_name(name)
    if ascii:
        base, subscript = in_ascii(base), in_ascii(subscript)
    if not subscript:
        return base
    low = None if ascii else lowered(subscript)
    return base + low if low else f"{base}_{subscript}"


def _quoted(symbol: Symbol, ascii: bool) -> str:
    from workings.expression.reading.quoting import quoted_name

    return quoted_name(symbol.name, _name(symbol, ascii))


def lowered(text: str) -> str | None:
    """Return text in subscript characters, None where Unicode lacks one of them."""
    return "".join(_LOWERED[c] for c in text) if text and all(c in _LOWERED for c in text) else None


def raised(exponent: Node, ascii: bool) -> str | None:
    """Return a short natural exponent in raised digits, None for any other."""
    if ascii or not isinstance(exponent, Number) or not (exponent.text.isascii() and exponent.text.isdigit()):
        return None
    return superscript(exponent.text) if len(exponent.text) <= 3 else None


def script_text(form: Script, ascii: bool) -> Iterable[str | Part]:
    """Yield a name and its indices: x₁, xᵢ, xᵢ₊₁, a_{i,j}; what is held of a partial derivative: (∂y/∂x)_u."""
    if isinstance(form.base.node, Symbol) and len(form.indices) == 1:
        name, index = leaf_text(form.base.node, ascii), form.indices[0].node
        if isinstance(index, (Number, Symbol)):
            text = leaf_text(index, ascii)
            bare = name.rstrip("'").isalpha()  # x₁₂ would not tell x₁ at 2 from x at 12
            low = lowered(text) if bare and not ascii else None
            if low or (bare and text.isalnum()):
                yield from (name, low or f"_{text}")
                return
        low = None if ascii or not name.isalpha() else _neighbour(index)
        if low:
            yield from (name, low)
            return
    elif len(form.indices) == 1 and isinstance(form.indices[0].node, Symbol):
        text = leaf_text(form.indices[0].node, ascii)
        if len(text) == 1:
            yield from (form.base, f"_{text}")
            return
    yield from (form.base, "_{", form.indices[0])
    for index in form.indices[1:]:
        yield from (",", index)
    yield "}"


def _neighbour(index: Node) -> str | None:
    """Return an index and a few steps from it in subscript characters: ₖ₊₁. None for any other index."""
    if not (isinstance(index, Apply) and index.operation.name in _STEPS and len(index.args) == 2):
        return None
    place, steps = index.args
    if not (isinstance(place, Symbol) and isinstance(steps, Number)):
        return None
    return lowered(leaf_text(place, False) + _STEPS[index.operation.name] + leaf_text(steps, False))


def _call(form: Call, ascii: bool) -> Iterable[str | Part]:
    yield from (form.name, "(", form.args[0])
    for arg in form.args[1:]:
        yield from (", ", arg)
    yield ")"
