"""Which variable depends on which, as a picture: every arrow carries its partial derivative, or its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import altair as alt

from workings.chart import themed
from workings.errors import InputError
from workings.expression import Node, Number, Partial, Symbol, indexed, partial, symbol, to_text
from workings.expression.calculus import gradient
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_point import Point, values_at
from workings.subjects.chain_rule.explain_rows import take_rows_apart
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_structure import Part, Structure
from workings.subjects.chain_rule.plot_drawing import draw
from workings.subjects.chain_rule.plot_graph import Graph
from workings.subjects.chain_rule.plot_placing import placed

__all__ = ["plot_dependencies", "plot_unknown"]

# A picture of more parts is a thicket; it shows those next to the whole.
_MOST_NODES = 40


def plot_dependencies(formula: Formula, by: Sequence[str], at: Mapping[str, Any] | None = None) -> alt.LayerChart:
    """Return what a formula depends on; the ways to these variables are marked and carry their partial derivatives.

    ``at`` has a number for each variable: then every node says its value, and how the whole changes with it.

    Raises
    ------
    InputError
        If a number is missing or none, the formula has no value there, or it is over rows of data.
    """
    if at is not None and formula.aggregated:
        raise InputError(
            message(
                "plot: at must be left out for a formula over rows, whose inner parts have a value in every row; got "
                "{got}; try explain(...).at(...)",
                got=", ".join(at) or "-",
            )
        )
    return _drawn(_of_rows(formula, by) if formula.aggregated else _of_formula(formula, by, at))


def plot_unknown(parts: Mapping[Symbol, Part], by: Sequence[Symbol]) -> alt.LayerChart:
    """Return what depends on what where the functions are not known: the ways carry the names of their partials."""
    edges = {part.name: part.depends for part in parts.values()}
    structure = Structure(next(iter(parts)), parts, by)
    labels = {
        (part.name, name): (structure.local(part, name), None)
        for part in structure.outer_first
        for name in part.depends
        if any(structure.reaches(name, variable) for variable in by)
    }
    bodies = {part.name: part.body for part in parts.values()}
    return _drawn(Graph(structure.output, edges, bodies, labels, frozenset(by)))


def _drawn(whole: Graph) -> alt.LayerChart:
    graph = _kept(whole)
    places = placed(graph)
    return themed(
        draw(graph, places),
        title=message("What {output} depends on", output=to_text(graph.root)),
        subtitle=_subtitle(graph, upright=places.upright),
        description=message(
            "A graph of arrows from {output} to the variables that it depends on, {count} nodes in all. Arrows on the "
            "ways to {names} carry their partial derivatives: {labels}.",
            output=to_text(graph.root),
            count=len(places.nodes),
            names=listed([to_text(name) for name in sorted(graph.by, key=lambda name: name.name)]),
            labels=listed([graph.stated(edge) for edge in graph.labels]),
        ),
    )


def _subtitle(graph: Graph, *, upright: bool) -> Message:
    if graph.left_out:
        return message("{count} inner {count:part is|parts are} left out.", count=graph.left_out)
    if graph.numbers and upright:
        return message(
            "Beside a node its value, worked out from below; under it the slope of {output} by it, from above.",
            output=to_text(graph.root),
        )
    if graph.numbers:
        return message(
            "Below a node its value, worked out from the right; below that the slope of {output} by it, from the left.",
            output=to_text(graph.root),
        )
    return message("Multiply along a way, add the ways.")


def _of_formula(formula: Formula, by: Sequence[str], at: Mapping[str, Any] | None) -> Graph:
    names = [symbol(name) for name in by]
    structure = take_apart(formula.node, formula.definitions, names, name=formula.name, taken=formula.variables)
    graph = _of_structure(structure, {})
    return graph if at is None else _with_numbers(graph, structure, Point(values_at(formula, at)))


def _with_numbers(graph: Graph, structure: Structure, point: Point) -> Graph:
    """Return the graph with the values, from the variables on, and the slopes of the whole, from the whole back."""
    numbers: dict[Node, Any] = {symbol(name): value for name, value in point.values.items()}
    for part in structure.inner_first:
        point.refuse_undefined(part.body)
        numbers[part.name] = point[part.body]
        point.learn(part.name, numbers[part.name])
    back: dict[Symbol, Any] = {structure.output: Fraction(1)}
    for part in structure.outer_first:
        for below in part.depends:
            name, slope = graph.labels.get((part.name, below), (None, None))
            if name is not None and slope is not None and part.name in back:
                point.refuse_undefined(slope)
                numbers[name] = point[slope]
                back[below] = back.get(below, 0) + back[part.name] * numbers[name]
    slopes = {name: structure.total(structure.output, name) for name in back}
    numbers |= {slopes[name]: value for name, value in back.items()}
    return replace(graph, numbers=numbers, slopes=slopes)


def _of_rows(formula: Formula, by: Sequence[str]) -> Graph:
    """Return the graph of a formula over rows: a sum leads to what is summed, which has a value in every row."""
    rows = take_rows_apart(formula, [symbol(name) for name in by])
    graph = _of_structure(rows.outer, {name: aggregate.node for name, aggregate in rows.aggregates.items()})
    edges, bodies, labels = dict(graph.edges), dict(graph.bodies), dict(graph.labels)
    for name, aggregate in rows.aggregates.items():
        inner = _of_structure(aggregate.structure, {})
        for above, below in [edge for edge in labels if edge[0] is name]:
            del labels[above, below]
        edges |= inner.edges
        bodies |= inner.bodies
        labels |= inner.labels
        inside = aggregate.structure.output
        edges[name] = [inside]
        share = 1 / rows.letters.count if aggregate.is_mean else Number(1)
        labels[name, inside] = (partial(name, indexed(inside, rows.letters.index)), share)
    return Graph(graph.root, edges, bodies, labels, graph.by)


def _of_structure(structure: Structure, opaque: Mapping[Symbol, Node]) -> Graph:
    edges = {part.name: part.depends for part in structure.outer_first}
    bodies = {part.name: opaque.get(part.name, part.body) for part in structure.outer_first}
    labels: dict[tuple[Symbol, Symbol], tuple[Partial, Node | None]] = {}
    for part in structure.outer_first:
        on = [name for name in part.depends if any(structure.reaches(name, variable) for variable in structure.by)]
        # One backward sweep for each part: of a product of hundreds of factors, one for each would take its cube.
        for name, slope in zip(on, gradient(part.body, on), strict=True):
            labels[part.name, name] = (structure.local(part, name), slope)
    return Graph(structure.output, edges, bodies, labels, frozenset(structure.by))


def _kept(graph: Graph) -> Graph:
    """Return the graph, of a large one only what stands next to the whole."""
    near, waiting = dict.fromkeys([graph.root]), [graph.root]
    every = set[Symbol]()
    while waiting:
        following: list[Symbol] = []
        for name in waiting:
            for below in graph.edges.get(name, ()):
                if below not in every:
                    every.add(below)
                    following.append(below)
                    if len(near) < _MOST_NODES:
                        near[below] = None
        waiting = following
    left_out = len(every) + 1 - len(near)
    if not left_out:
        return graph
    edges = {name: [below for below in graph.edges.get(name, ()) if below in near] for name in near}
    labels = {edge: label for edge, label in graph.labels.items() if edge[0] in near and edge[1] in near}
    return replace(graph, edges=edges, labels=labels, left_out=left_out)
