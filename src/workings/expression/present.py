"""How an expression is written, before it is known where: one level of it as rows, fractions, powers, parentheses.

Every renderer lowers these forms, so that where parentheses stand is decided once, here. A form holds slots: parts that
are still to be presented, each with what its place asks of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from workings.errors import InputError
from workings.expression.nodes import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Integral,
    Node,
    Number,
    Partial,
    Reduction,
    Symbol,
)
from workings.expression.numerals import read_numeral, superscript
from workings.expression.operations import OPERATIONS, Binding, Operation
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
)
from workings.language import message

__all__ = ["check_size", "present", "written", "written_part"]

_LARGEST = 5_000_000  # nodes, counted as often as they are written: x+x doubled 60 times is small only while shared


_TIMES = Sign("×", "*", r"\times", "<mo>×</mo>", spaced=True)
_DOTS = Sign("…", "...", r"\cdots", "<mi>…</mi>")  # an operator that browsers do not know would stand apart
_COMMA = Sign(", ", ", ", ", ", "<mo>,</mo>")
_OPENING = Sign("(", "(", "(", '<mo form="prefix" stretchy="false">(</mo>')
_CLOSING = Sign(")", ")", ")", '<mo form="postfix" stretchy="false">)</mo>')
_PARTIAL = Sign("∂", "d", r"\partial ", "<mo>∂</mo>")
_ORDINARY = Sign("d", "d", r"\mathrm{d} ", '<mi mathvariant="normal">d</mi>')
_SLASH = Sign("/", "/", "/", "<mo>/</mo>")
_APPROXIMATELY = Sign("≈", "~=", r"\approx", "<mo>≈</mo>", spaced=True)
_DIFFERENTIAL = Sign(" d", " d", r" \, \mathrm{d} ", '<mspace width="0.17em"/><mi mathvariant="normal">d</mi>')
_INTEGRAL = Sign("∫", "integral", r"\int", "<mo>∫</mo>")
_BIG = {
    "sum": Sign("Σ", "sum", r"\sum", "<mo>∑</mo>"),
    "product": Sign("Π", "prod", r"\prod", "<mo>∏</mo>"),
    "minimum": Sign("min", "min", r"\min", "<mo>min</mo>"),
    "maximum": Sign("max", "max", r"\max", "<mo>max</mo>"),
}


def _sign(operation: Operation, *, spaced: bool = False) -> Sign:
    return Sign(operation.text, operation.ascii, operation.latex, operation.mathml, spaced)


_SIGNS = {name: _sign(row, spaced=row.layout == "infix" and name != "multiply") for name, row in OPERATIONS.items()}
_RELATIONS = {"≈": _APPROXIMATELY} | {
    row.text: _SIGNS[row.name] for row in OPERATIONS.values() if row.binding == Binding.COMPARE
}


def written(root: Node, lower: Callable[[Form | Sign], Iterable[str | Part]], *, stacked: bool) -> str:
    """Return an expression as text: ``lower`` writes each form as strings and further parts.

    The work is linear in what is written, and does not recurse.

    Raises
    ------
    InputError
        If it would take more than five million nodes to write it.
    """
    check_size(root)
    return written_part(Slot(root), lower, stacked=stacked)


def written_part(first: str | Part, lower: Callable[[Form | Sign], Iterable[str | Part]], *, stacked: bool) -> str:
    """Return a part of an expression as text, as :func:`written`; the expression's size was checked."""
    out: list[str] = []
    stack: list[str | Part] = [first]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Slot):
            stack.append(present(part, stacked=stacked))
        else:
            stack.extend(reversed(tuple(lower(part))))
    return "".join(out)


def check_size(root: Node) -> None:
    """Refuse an expression that is small only because its parts are shared.

    Raises
    ------
    InputError
        If it would take more than five million nodes to write it.
    """
    sizes: dict[Node, int] = {}
    for node in postorder(root):
        sizes[node] = 1 + sum(sizes[child] for child in node.children)
    if sizes[root] > _LARGEST:
        raise InputError(
            message(
                "render: an expression must take at most {limit} nodes to write; got one whose shared parts take more; "
                "try writing its parts one by one",
                limit=_LARGEST,
            )
        )


def present(slot: Slot, *, stacked: bool) -> Form:
    """Return one level of an expression: with fractions and exponents stacked, or on one line."""
    node = slot.node
    if _binding(node, stacked) < slot.binding:
        return Fence("(", Slot(node), ")")
    if isinstance(node, Apply):
        return _apply(node, slot, stacked)
    if isinstance(node, (Number, Symbol)):
        return Leaf(node)
    if isinstance(node, Indexed):
        return Script(Slot(node.base), tuple(Slot(index) for index in node.indices))
    if isinstance(node, Equation):
        left = Slot(node.left, Binding.RELATION if isinstance(node.left, Equation) else Binding.ADD)
        return Row((left, _RELATIONS[node.relation], Slot(node.right, Binding.ADD)))
    if isinstance(node, Reduction):
        return _reduction(node, slot, stacked)
    if isinstance(node, Elided):
        return _elided(node)
    if isinstance(node, Partial):
        return _partial(node, stacked)
    if isinstance(node, Integral):
        inside = Row((Slot(node.body, Binding.MULTIPLY, open=False), _DIFFERENTIAL, Slot(node.variable)))
        return Big(_INTEGRAL, Slot(node.lower), Slot(node.upper), inside)
    raise TypeError(type(node).__name__)


def _binding(node: Node, stacked: bool) -> int:
    if isinstance(node, Apply):
        if node.operation.layout == "root":
            # √(x) has its own parentheses on one line, but no power follows a root: √(x)² may mean either.
            return Binding.NAME if stacked else Binding.POWER
        return Binding.NAME if stacked and node.operation.name == "divide" else node.operation.binding
    if isinstance(node, Number):
        numeral = read_numeral(node.text)
        if numeral is None:
            return Binding.ATOM
        product = numeral.exponent is not None or (numeral.below and not stacked)
        if numeral.negative:
            return Binding.NEGATE
        return Binding.MULTIPLY if product else Binding.NAME if numeral.below else Binding.ATOM
    if isinstance(node, Equation):
        return Binding.RELATION
    if isinstance(node, (Reduction, Integral)):
        return Binding.MULTIPLY
    if isinstance(node, Elided):
        kind = node.reduction.kind
        return Binding.ADD if kind == "sum" else Binding.MULTIPLY if kind == "product" else Binding.ATOM
    return Binding.NAME if isinstance(node, Partial) and not node.held else Binding.ATOM


def _partial(node: Partial, stacked: bool) -> Form:
    """Return ∂²y over ∂z∂x, the variable that was last differentiated by standing first; what is held stands below."""
    if node.held:
        plain = Partial(node.function, node.variables, ordinary=node.ordinary)
        return Script(Slot(plain, Binding.ATOM), tuple(map(Slot, node.held)))
    order, sign = len(node.variables), _ORDINARY if node.ordinary else _PARTIAL
    function: Part = Slot(node.function, Binding.NAME)
    if isinstance(node.function, Apply) and node.function.operation.layout in ("call", "ordered"):
        function = Fence("(", Slot(node.function), ")")  # d(sin(x)), where dsin(x) would be another function
    top = Row((sign if order == 1 else _higher(sign, order), function))
    below: list[Part] = []
    for variable, same in groupby(reversed(node.variables)):
        times = len(tuple(same))
        below += [sign, Slot(variable, Binding.NAME) if times == 1 else Power(_atom(variable), Slot(Number(times)))]
    bottom = Row(tuple(below))
    return Fraction(top, bottom) if stacked else Row((top, _SLASH, bottom))


def _atom(node: Node) -> Slot:
    return Slot(node, Binding.ATOM)


def _higher(sign: Sign, order: int) -> Sign:
    raised = f"<msup>{sign.mathml}<mn>{order}</mn></msup>"
    return Sign(f"{sign.text}{superscript(str(order))}", f"d{order}", f"{sign.latex.strip()}^{{{order}}} ", raised)


def _apply(node: Apply, slot: Slot, stacked: bool) -> Form:
    row, args = node.operation, node.args
    if row.layout in ("call", "ordered"):
        return Call(_SIGNS[row.name], tuple(Slot(arg) for arg in args), order=row.layout == "ordered")
    if row.layout == "constant":
        return Row((_SIGNS[row.name],))
    if row.layout == "fence":
        opening, closing = row.text.split()
        return Fence(opening, Slot(args[0]), closing)
    if row.layout == "root":
        return Root(_SIGNS[row.name], Slot(args[0]), "3" if row.name == "cbrt" else "")
    if row.layout == "cases":
        condition, value, otherwise = (Slot(arg) for arg in args)
        return Cases(condition, value, otherwise) if stacked else Call(_SIGNS[row.name], (condition, value, otherwise))
    if row.layout == "power":
        return Power(Slot(args[0], Binding.ATOM), Slot(args[1], Binding.RELATION if stacked else Binding.ATOM))
    if row.layout == "prefix":
        inner = Binding.MULTIPLY if row.name == "negate" else Binding.ATOM
        return Row((_SIGNS[row.name], Slot(args[0], inner, slot.open)))
    if row.layout == "fraction":
        if stacked:
            return Fraction(Slot(args[0]), Slot(args[1]))
        return Row((_factor(args[0], stacked), Sign("/", "/", "/", "", spaced=True), Slot(args[1], Binding.POWER)))
    if row.name == "multiply":
        sign = _SIGNS["multiply"] if args[0].symbolic or args[1].symbolic else _TIMES
        last = isinstance(args[1], Reduction) and slot.open
        return Row(
            (_factor(args[0], stacked), sign, Slot(args[1], Binding.MULTIPLY if last else Binding.NAME, slot.open))
        )
    left, right = _SIDES[row.binding]
    return Row((Slot(args[0], left), _SIGNS[row.name], Slot(args[1], right)))


# What a sign asks of its left and its right side; a minus sign never follows another sign without parentheses.
_SIDES = {
    Binding.ADD: (Binding.ADD, Binding.MULTIPLY),
    Binding.COMPARE: (Binding.ADD, Binding.ADD),
    Binding.BOTH: (Binding.BOTH, Binding.NOT),
    Binding.EITHER: (Binding.EITHER, Binding.BOTH),
}


def _factor(node: Node, stacked: bool) -> Slot:
    """Return the left side of a product or quotient: (Σ x)·y and (a / b)·c, for Σ would take y and / could take c."""
    return Slot(node, Binding.NAME if _runs_on(node, stacked) else Binding.MULTIPLY, open=False)


def _runs_on(node: Node, stacked: bool) -> bool:
    if isinstance(node, Apply):
        return node.operation.name == "divide" and not stacked
    return isinstance(node, (Reduction, Integral)) or (isinstance(node, Number) and "/" in node.text)


def _reduction(node: Reduction, slot: Slot, stacked: bool) -> Form:
    divided = isinstance(node.body, Apply) and _runs_on(node.body, stacked)
    body = Slot(node.body, Binding.NAME if divided else Binding.MULTIPLY, slot.open)
    if node.kind in ("minimum", "maximum"):
        at_most = _SIGNS["at_most"]
        tight = Sign(at_most.text, at_most.ascii, at_most.latex + " ", at_most.mathml)
        below = Row((Slot(node.lower, Binding.ADD), tight, Slot(node.index), tight, Slot(node.upper, Binding.ADD)))
        return Big(_BIG[node.kind], below, None, body)
    below = Row((Slot(node.index), Sign("=", "=", "=", "<mo>=</mo>"), Slot(node.lower, Binding.ADD)))
    return Big(_BIG[node.kind], below, Slot(node.upper), body)


def _elided(node: Elided) -> Form:
    kind = node.reduction.kind
    if kind in ("minimum", "maximum"):
        parts: list[Part] = []
        # Without last terms nothing is left out: min(3, 20, 3000) is written with them all.
        for part in (*map(Slot, node.first), *((_DOTS,) if node.last else ()), *map(Slot, node.last)):
            parts += [part, _COMMA]
        return Row((_BIG[kind], _OPENING, *parts[:-1], _CLOSING))
    if kind == "sum":
        sign, first, rest = _SIGNS["add"], Binding.ADD, Binding.MULTIPLY
    else:
        sign, first, rest = (_SIGNS["multiply"] if node.symbolic else _TIMES), Binding.NAME, Binding.NAME
    slots: list[Part] = [Slot(term, rest, open=False) for term in node.first + node.last]
    if node.first:
        slots[0] = Slot(node.first[0], first, open=False)
    slots.insert(len(node.first), _DOTS)
    parts = []
    for part in slots:
        parts += [part, sign]
    return Row(tuple(parts[:-1]))
