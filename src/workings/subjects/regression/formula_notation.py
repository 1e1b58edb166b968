"""How the working of a descent or a fit is written: rows by an index, parameters by the iteration raised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from workings.expression import (
    Apply,
    Node,
    Number,
    Operand,
    Symbol,
    indexed,
    number,
    postorder,
    substitute,
    symbol,
    to_latex,
    total,
)
from workings.subjects.chain_rule.explain_terms import free_letter

__all__ = ["Notation", "notation"]

_ONE = Number(1)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Notation:
    """The letters of a working, none of which a name of the formula has.

    Parameters
    ----------
    parameters
        The symbols of the parameters.
    columns
        The names of the columns.
    row, count
        The index of a row, and how many rows there are.
    slopes, products, inverse
        The letters of the slopes of each row's prediction, of the sums of their products, and of their inverse.
    cost, rate, prediction
        The letters of the cost, of the learning rate, and of a row's prediction.
    """

    parameters: tuple[Symbol, ...]
    columns: tuple[str, ...]
    row: Symbol
    count: Symbol
    cost: Symbol
    rate: Symbol
    prediction: Symbol
    slopes: Symbol
    products: Symbol
    inverse: Symbol

    def at(self, name: Symbol, iteration: int | None) -> Symbol:
        """Return a letter with the iteration raised in brackets, w⁽²⁾; at the end without."""
        if iteration is None:
            return name
        raised = f"⁽{str(iteration).translate(_RAISED)}⁾"
        return Symbol(f"{name.name}{raised}", style="italic", latex=f"{{{to_latex(name)}}}^{{({iteration})}}")

    def there(self, node: Node, iteration: int | None) -> Node:
        """Return an expression with the parameters of an iteration in it."""
        if iteration is None:
            return node
        named: dict[Node, Operand] = {name: self.at(name, iteration) for name in self.parameters}
        return substitute(node, named)

    def in_row(self, node: Node) -> Node:
        """Return an expression over columns as one over the values of a row."""
        values: dict[Node, Operand] = {
            part: indexed(part, self.row)
            for part in postorder(node)
            if isinstance(part, Symbol) and part.name in self.columns
        }
        return substitute(node, values)

    def summed(self, node: Node) -> Node:
        """Return an expression with sums and means over rows written out, innermost first."""
        marks: dict[Node, Symbol] = {}
        written: dict[Node, Operand] = {}
        for part in postorder(node):
            factor, aggregate = _factored(part)
            if aggregate is None:
                continue
            inside: dict[Node, Operand] = dict(marks)
            # A mark stands for a sum inside while the rows of this one get their index.
            body = substitute(self.in_row(substitute(aggregate.args[0], inside)), written)
            whole = total(body, self.row, 1, self.count)
            mark = symbol(f"sum {len(marks)}")
            marks[part] = mark
            if aggregate.operation.name == "mean":
                written[mark] = factor / self.count * whole
            else:
                written[mark] = whole if part is aggregate else factor * whole
        outside: dict[Node, Operand] = dict(marks)
        return substitute(substitute(node, outside), written)

    def mean(self, body: Node, weight: str | None = None, weights: Node | None = None) -> Node:
        """Return the mean over the rows of an expression in a row's values, weighted where there are weights."""
        factor = _ONE
        if isinstance(body, Apply) and body.operation.name == "negate":
            factor, body = Number(-1), body.args[0]
        if isinstance(body, Apply) and body.operation.name == "multiply" and isinstance(body.args[0], Number):
            factor, body = number(factor.value * body.args[0].value), body.args[1]
        if weight is None or weights is None:
            return factor / self.count * total(body, self.row, 1, self.count)
        return factor / weights * total(indexed(symbol(weight), self.row) * body, self.row, 1, self.count)


def _factored(node: Node) -> tuple[Node, Apply | None]:
    """Return a sum or mean over rows with the number before it: -2·mean(f) is written -2/n·Σ f."""
    if not isinstance(node, Apply):
        return _ONE, None
    name = node.operation.name
    if name in {"sum", "mean"}:
        return _ONE, node
    last = node.args[-1] if node.args else None
    if isinstance(last, Apply) and last.operation.name in {"sum", "mean"}:
        if name == "negate":
            return Number(-1), last
        if name == "multiply" and len(node.args) == 2 and isinstance(node.args[0], Number):
            return node.args[0], last
    return _ONE, None


def notation(parameters: Iterable[Symbol], columns: Collection[str], taken: Iterable[str] = ()) -> Notation:
    """Return letters that the names leave free."""
    known = tuple(parameters)
    names = {*(name.name for name in known), *columns, *taken}
    chosen: Mapping[str, str] = {
        "row": free_letter("iklmj", names),
        "count": free_letter("nNM", names),
        "cost": free_letter("JLC", names),
        "rate": "η" if "eta" not in names else "step",
        "prediction": free_letter("pPqf", names),
        "slopes": free_letter("DGU", names),
        "products": free_letter("AKW", names),
        "inverse": free_letter("QBH", names),
    }
    return Notation(known, tuple(columns), **{key: symbol(letter) for key, letter in chosen.items()})
