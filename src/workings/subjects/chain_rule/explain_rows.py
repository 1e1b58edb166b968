"""A formula over rows of data taken apart: what is worked out in each row, and what is summed over all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from workings.expression import (
    Apply,
    Node,
    Number,
    Partial,
    Symbol,
    free_symbols,
    indexed,
    postorder,
    substitute,
    total,
)
from workings.expression.formula import Formula
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_structure import Structure
from workings.subjects.chain_rule.explain_terms import free_letter

__all__ = ["Aggregate", "RowLetters", "Rows", "is_aggregate", "take_rows_apart"]


_INDICES = "ijkl"


@dataclass(frozen=True)
class RowLetters:
    """The letters for counting rows: their index and their number, such as no name of the formula uses."""

    index: Symbol
    inner: Symbol
    count: Symbol

    @classmethod
    def free(cls, taken: Collection[str]) -> RowLetters:
        """Return letters that are free."""
        index = free_letter(_INDICES, taken)
        inner = free_letter(_INDICES[1:], {*taken, index})
        return cls(Symbol(index), Symbol(inner), Symbol(free_letter("nNMK", {*taken, index, inner})))


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A sum or a mean over all rows.

    Parameters
    ----------
    name
        What it is called.
    node
        The sum or the mean, in the variables alone.
    structure
        What is summed, taken apart, as it is in every row.
    is_mean
        Whether it is divided by the number of rows.
    """

    name: Symbol
    node: Node
    structure: Structure
    is_mean: bool


@dataclass(frozen=True, eq=False)
class Rows:
    """A formula over rows: the aggregates in it, and the formula in their names.

    Parameters
    ----------
    outer
        The structure of the whole, in which each aggregate is one part.
    aggregates
        The aggregates that depend on what is differentiated by, by their names.
    letters
        How rows are counted.
    columns
        The names of the columns of data.
    constants
        The sums that do not move: the mean in x - mean(x), and what stands beside the sums that do.
    nested
        Whether a sum moves inside another sum. Then there is no telling row by row.
    """

    outer: Structure
    aggregates: Mapping[Symbol, Aggregate]
    letters: RowLetters
    columns: frozenset[str]
    constants: Mapping[Symbol, Node]
    nested: bool = False

    def written_out(self, node: Node) -> Node:
        """Return an expression with Σ for every sum and mean over rows: (1/n)·Σ_{i=1}^{n} (yᵢ - m·xᵢ)²."""
        return _written_out(node, self.letters, self.columns)

    def in_row(self, aggregate: Aggregate, row: Node | int) -> Callable[[Node], Node]:
        """Return how names are written for one row: x and what follows from it as xᵢ, parameters as they are."""
        names = {Symbol(name) for name in self.columns} | set(aggregate.structure.parts)
        place = Number(row) if isinstance(row, int) else row

        def show(node: Node) -> Node:
            return _indexed(node, names, place)

        return show


def is_aggregate(node: Node) -> bool:
    """Return whether a node is a sum or a mean over rows."""
    return isinstance(node, Apply) and node.operation.over_rows


def take_rows_apart(formula: Formula, by: Sequence[Symbol]) -> Rows:
    """Return the structure of a formula that sums over rows."""
    columns = frozenset(formula.columns)
    output = formula.name or free_letter("JCLEyf", formula.arguments)
    definitions = dict(formula.definitions) or {output: formula.node}
    constants = _constants(definitions, by, formula.arguments)
    if constants is None:
        whole = {output: _sum_of([symbol for symbol in free_symbols(formula.node) if symbol.name not in columns])}
        letters = RowLetters.free({*formula.arguments, *definitions})
        return Rows(take_apart(formula.node, whole, by), {}, letters, columns, {}, nested=True)
    fixed: dict[Node, Node] = {node: name for name, node in constants.items()}
    definitions = {name: substitute(body, fixed) for name, body in definitions.items()}
    row_level = _of_each_row(definitions, columns)
    outer = {name: body for name, body in definitions.items() if name not in row_level}
    inner = {name: definitions[name] for name in definitions if name in row_level}
    taken = {*formula.arguments, *definitions, *(name.name for name in constants)}
    aggregates: dict[Symbol, Aggregate] = {}
    stand_ins: dict[str, Node] = {}
    for name, body in outer.items():
        replaced: dict[Node, Node] = {}
        for node in _outermost(body):
            whole = _without(node, inner)
            moving = [variable for variable in by if variable in free_symbols(whole)]
            if not moving:
                continue
            own = (
                Symbol(name)
                if node is body
                else Symbol(free_letter("STUVW", {*taken, *(name.name for name in aggregates)}))
            )
            aggregates[own] = _aggregate(own, node, inner, moving, taken)
            replaced[node] = own
            # The structure asks only on what a part depends; what an aggregate is, it says itself.
            parameters = sorted((s for s in free_symbols(whole) if s.name not in columns), key=lambda s: s.name)
            stand_ins[own.name] = _sum_of(parameters)
        if body not in replaced:
            stand_ins[name] = substitute(body, replaced)
    output = next(reversed(outer))
    ordered = {name: stand_ins[name] for name in stand_ins if name != output} | {output: stand_ins[output]}
    structure = take_apart(formula.node, ordered, by, taken=taken)
    letters = RowLetters.free({*taken, *(name.name for name in structure.parts)})
    return Rows(structure, aggregates, letters, columns, constants)


def _aggregate(
    name: Symbol, node: Apply, inner: Mapping[str, Node], moving: Sequence[Symbol], taken: Collection[str]
) -> Aggregate:
    (body,) = node.args
    if isinstance(body, Symbol) and body.name in inner:
        own = {key: value for key, value in inner.items() if key != body.name} | {body.name: inner[body.name]}
    else:
        own = {**inner, free_letter("qcd", [*taken, name.name]): body}
    whole = _without(node, inner)
    structure = take_apart(whole.children[0], own, moving, taken=[*taken, name.name, *_INDICES], bare_letters=True)
    return Aggregate(name, whole, structure, node.operation.name == "mean")


def _constants(
    definitions: Mapping[str, Node], by: Sequence[Symbol], taken: Collection[str]
) -> dict[Symbol, Node] | None:
    """Return names for the sums that stand inside other sums and do not move; None if one does."""
    found: dict[Node, Symbol] = {}
    moving = frozenset(by)
    for body in definitions.values():
        for node in _outermost(body):
            inside = [node] if not free_symbols(_without(node, definitions)) & moving else _outermost(node.args[0])
            if any(free_symbols(_without(each, definitions)) & moving for each in inside):
                return None
            for each in inside:
                used = [*taken, *definitions, *(name.name for name in found.values())]
                found.setdefault(each, Symbol(free_letter("ABCDGHK", used)))
    return {name: node for node, name in found.items()}


def _of_each_row(definitions: Mapping[str, Node], columns: Collection[str]) -> set[str]:
    """Return the definitions that have a value for each row: a column stands in them outside of any sum."""
    found: set[str] = set()
    for name, body in definitions.items():
        waiting = [body]
        while waiting:
            here = waiting.pop()
            if isinstance(here, Symbol) and (here.name in columns or here.name in found):
                found.add(name)
            elif not is_aggregate(here):
                waiting.extend(here.children)
    return found


def _outermost(body: Node) -> list[Apply]:
    """Return the aggregates of an expression that stand in no other, as they are read."""
    found: dict[Apply, None] = {}
    waiting = [body]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Apply) and here.operation.over_rows:
            found[here] = None
        else:
            waiting.extend(reversed(here.children))
    return list(found)


def _without(node: Node, definitions: Mapping[str, Node]) -> Node:
    """Return an expression with definitions put in."""
    whole: dict[Node, Node] = {}
    for name, body in definitions.items():
        whole[Symbol(name)] = substitute(body, whole)
    return substitute(node, whole)


def _sum_of(names: Sequence[Symbol]) -> Node:
    found: Node = names[0]
    for name in names[1:]:
        found = found + name
    return found


def _written_out(node: Node, letters: RowLetters, columns: frozenset[str]) -> Node:
    names = {Symbol(name) for name in columns}
    written: dict[Node, Node] = {}
    every = [part for part in postorder(node) if isinstance(part, Apply) and part.operation.over_rows]
    nested = {
        inside for part in every for inside in postorder(part.args[0]) if part is not inside and is_aggregate(inside)
    }
    for part in every:
        index = letters.inner if part in nested else letters.index
        # What was written stands aside while indices are put in: it has its own.
        aside: dict[Node, Symbol] = {inner: Symbol(f"{place}", "text") for place, inner in enumerate(written)}
        body = _indexed(substitute(part.args[0], aside), names, index)
        body = substitute(body, {name: written[inner] for inner, name in aside.items()})
        whole: Node = total(body, index, 1, letters.count)
        written[part] = 1 / letters.count * whole if part.operation.name == "mean" else whole
    return substitute(node, written)


def _indexed(node: Node, names: set[Symbol], place: Node) -> Node:
    """Return an expression with an index at some names, in the names of derivatives too."""
    replaced: dict[Node, Node] = {name: indexed(name, place) for name in names}
    for part in postorder(node):
        if isinstance(part, Partial):
            replaced[part] = Partial(
                substitute(part.function, replaced),
                (substitute(variable, replaced) for variable in part.variables),
                (substitute(held, replaced) for held in part.held),
                ordinary=part.ordinary,
            )
    return substitute(node, replaced)
