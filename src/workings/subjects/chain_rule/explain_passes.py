"""The chain rule as machines do it: one pass forward from a variable, one pass backward from the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workings.expression import Node, Number, Symbol, partial
from workings.language import message
from workings.subjects.chain_rule.explain_point import Point
from workings.subjects.chain_rule.explain_structure import Part, Structure
from workings.working import Derivation, Table

__all__ = ["backward_pass", "forward_pass"]


def forward_pass(w: Derivation, structure: Structure, point: Point, variable: Symbol, *, key: str = "") -> None:
    """Carry each part's value and its derivative by one variable from the inside out, in a table.

    Every cell is checked against the formula beside it, with the partial derivatives that the lines above gave.
    """
    rows: list[tuple[object, ...]] = []
    for name in structure.variables:
        one = partial(name, variable, ordinary=name is variable)
        rows.append((name, point.values[name.name], one, None, point.derived(one, Number(int(name is variable)))))
    for part in structure.inner_first:
        on = structure.edges(part, variable)
        left = structure.total(part.name, variable)
        right = _sum([structure.local(part, name) * _own(structure, name, variable) for name in on])
        value = point.derived(part.name, part.body)
        rows.append((part.name, value, left, right if on else None, point.derived(left, right)))
    heads = (message("variable"), message("value"), message("derivative"), message("is"), message("value"))
    w.table(
        f"{key}forward_{variable.name}",
        Table(heads, tuple(rows)),  # pyright: ignore[reportArgumentType] -- rows of cells
        title=message("Forward pass: from {variable} outwards", variable=variable),
    )


def backward_pass(
    w: Derivation,
    structure: Structure,
    point: Point,
    *,
    key: str = "",
    computed: Mapping[Symbol, float] | None = None,
    absolute: float = 0.0,
) -> None:
    """Carry the whole's derivative by each part from the outside in, in a table: all variables come out at once.

    ``computed`` is what compiled code gave for variables; it stands in their cells, and is checked there, to
    ``absolute`` where floats cannot do better.
    """
    output, rows = structure.output, list[tuple[object, ...]]()
    start = partial(output, output, ordinary=True)
    rows.append((start, None, point.derived(start, Number(1))))
    moved = [p for p in structure.outer_first if any(structure.reaches(p.name, v) for v in structure.by)]
    users: dict[Symbol, list[Part]] = {}
    for part in moved:
        for name in part.depends:
            users.setdefault(name, []).append(part)
    for name in (*(part.name for part in moved[1:]), *structure.by):
        left = structure.total(output, name)
        products = [_adjoint(structure, part.name) * structure.local(part, name) for part in users.get(name, ())]
        rows.append((left, _sum(products), point.derived(left, _sum(products), (computed or {}).get(name))))
    heads = (message("derivative"), message("is"), message("value"))
    w.table(
        f"{key}backward",
        Table(heads, tuple(rows)),  # pyright: ignore[reportArgumentType] -- rows of cells
        title=message("Backward pass: from {output} inwards", output=output),
        absolute=absolute,
    )


def _own(structure: Structure, name: Symbol, variable: Symbol) -> Node:
    if name is variable:
        return partial(name, variable, ordinary=True)
    return structure.total(name, variable)


def _adjoint(structure: Structure, name: Symbol) -> Node:
    output = structure.output
    return partial(output, output, ordinary=True) if name is output else structure.total(output, name)


def _sum(products: Sequence[Node]) -> Node:
    if not products:
        return Number(0)
    total = products[0]
    for product in products[1:]:
        total = total + product
    return total
