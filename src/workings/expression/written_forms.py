"""The forms in which an expression is written: rows, fractions, powers, roots, calls, and the slots for their parts."""

from __future__ import annotations

from dataclasses import dataclass

from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.expression.operations import Binding

__all__ = [
    "Big",
    "Call",
    "Cases",
    "Fence",
    "Form",
    "Fraction",
    "Leaf",
    "Part",
    "Power",
    "Root",
    "Row",
    "Script",
    "Sign",
    "Slot",
    "case_rows",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """A part in its place: put in parentheses if it binds less tightly than ``binding``.

    ``open`` says that nothing follows at the level of products: only there can a sum stand without parentheses.
    """

    node: Node
    binding: int = Binding.RELATION
    open: bool = True


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign or the name of a function."""

    text: str
    ascii: str
    latex: str
    mathml: str
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or a name."""

    node: Number | Symbol


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after another."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A part between signs that grow with it."""

    opening: str
    body: Slot
    closing: str


@dataclass(frozen=True, slots=True)
class Fraction:
    """One part over another."""

    top: Part
    bottom: Part


@dataclass(frozen=True, slots=True)
class Power:
    """A raised exponent."""

    base: Slot
    exponent: Slot


@dataclass(frozen=True, slots=True)
class Script:
    """A name with indices."""

    base: Slot
    indices: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Root:
    """A root: ``degree`` is 3 for a cube root, "" for a square root."""

    sign: Sign
    body: Slot
    degree: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; ``order`` is its first argument where that is written above the name: ψ⁽ⁿ⁾(x)."""

    name: Sign
    args: tuple[Slot, ...]
    order: bool = False


@dataclass(frozen=True, slots=True)
class Cases:
    """One value where a condition holds, another elsewhere."""

    condition: Slot
    value: Slot
    otherwise: Slot


@dataclass(frozen=True, slots=True)
class Big:
    """A large sign with limits below and above, before its body."""

    sign: Sign
    below: Row | Slot
    above: Slot | None
    body: Row | Slot


def case_rows(form: Cases) -> tuple[list[tuple[Slot, Slot]], Slot]:
    """Return each value with its condition, those of cases within the last case too, and the value elsewhere."""
    rows, otherwise = [(form.value, form.condition)], form.otherwise
    while isinstance(otherwise.node, Apply) and otherwise.node.operation.layout == "cases":
        condition, value, rest = (Slot(arg) for arg in otherwise.node.args)
        rows.append((value, condition))
        otherwise = rest
    return rows, otherwise


Form = Leaf | Row | Fence | Fraction | Power | Script | Root | Call | Cases | Big
Part = Form | Slot | Sign
