"""Which variable depends on which, as a picture: every arrow carries its partial derivative, or its number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, themed
from workings.errors import InputError
from workings.expression import Node, Number, Partial, Symbol, equation, indexed, partial, symbol, to_text
from workings.expression.calculus import gradient
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_point import Point, as_float, values_at
from workings.subjects.chain_rule.explain_rows import take_rows_apart
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_structure import Structure
from workings.subjects.chain_rule.plot_layout import Laid, lay_out
from workings.working import shown

__all__ = ["plot_dependencies"]

# A picture of more parts is a thicket; it shows those next to the whole.
_MOST_NODES = 40
_APART, _APART_WITH_NUMBERS = (190, 78), (250, 118)
# A label of more characters does not fit an arrow: its formula is then told when it is pointed at.
_LONGEST = 26
_DIGITS = 4
# Arrowheads stand clear of the circle that they point at; these are pixels.
_RADIUS = 17
# Formulas are drawn in faces that have ∂ and subscripts of one design with the letters; Noto Sans CJK lacks ₁ and ᵢ.
_MATHEMATICAL = "'DejaVu Sans', 'Segoe UI', 'Lucida Grande', 'Noto Sans', Arial, sans-serif"


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
    graph = _kept(_of_rows(formula, by) if formula.aggregated else _of_formula(formula, by, at))
    laid = lay_out(graph.root, graph.edges)
    step_across, step_down = _apart(graph)
    width, height = step_across * max(laid.width - 1, 1), step_down * max(laid.height, 2)
    across = alt.X("layer:Q", axis=None, scale=alt.Scale(domain=[-0.12, max(laid.width - 1, 1) + 0.12], nice=False))
    reach = max(laid.height, 2) / 2
    down = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[reach, -reach], nice=False))
    layers = [
        *_lines(graph, laid, across, down),
        _arrows(graph, laid, across, down),
        *_nodes(graph, laid, across, down),
        *_labels(graph, laid, across, down),
    ]
    names = listed([to_text(name) for name in sorted(graph.by, key=lambda name: name.name)])
    return themed(
        alt.LayerChart(layer=layers, width=width, height=height),
        title=message("What {output} depends on", output=to_text(graph.root)),
        subtitle=_subtitle(graph),
        description=message(
            "A graph of arrows from {output} to the variables that it depends on, {count} nodes in all. Arrows on the "
            "ways to {names} carry their partial derivatives: {labels}.",
            output=to_text(graph.root),
            count=len(laid.places),
            names=names,
            labels=listed([to_text(equation(*label)) for label in graph.labels.values()]),
        ),
    )


@dataclass(frozen=True, eq=False)
class _Graph:
    """What is drawn: the nodes that depend on others, and what stands at the arrows between."""

    root: Symbol
    edges: Mapping[Symbol, Sequence[Symbol]]
    bodies: Mapping[Symbol, Node]
    labels: Mapping[tuple[Symbol, Symbol], tuple[Node, Node]]
    by: frozenset[Symbol]
    left_out: int = 0
    numbers: Mapping[Node, Any] = field(default_factory=dict[Node, Any])
    slopes: Mapping[Symbol, Partial] = field(default_factory=dict[Symbol, Partial])

    def number(self, node: Node) -> str:
        """Return what something is worth at the point, as it is written after it; "" where there is no point."""
        if node not in self.numbers:
            return ""
        value = as_float(self.numbers[node])
        rounded = f"{value:#.{_DIGITS}g}"
        if float(rounded) == value:
            return f" = {to_text(shown(value))}"
        return f" ≈ {to_text(shown(float(rounded))) if 'e' in rounded else rounded.rstrip('.')}"


def _apart(graph: _Graph) -> tuple[int, int]:
    """Return how far nodes stand from each other, in pixels across and down."""
    return _APART_WITH_NUMBERS if graph.numbers else _APART


def _subtitle(graph: _Graph) -> Message:
    if graph.left_out:
        return message("{count} inner {count:part is|parts are} left out.", count=graph.left_out)
    if graph.numbers:
        return message(
            "Below a node its value, worked out from the right; below that the slope of {output} by it, from the left.",
            output=to_text(graph.root),
        )
    return message("Multiply along a way, add the ways.")


def _of_formula(formula: Formula, by: Sequence[str], at: Mapping[str, Any] | None) -> _Graph:
    names = [symbol(name) for name in by]
    structure = take_apart(formula.node, formula.definitions, names, name=formula.name, taken=formula.variables)
    graph = _of_structure(structure, {})
    return graph if at is None else _with_numbers(graph, structure, Point(values_at(formula, at)))


def _with_numbers(graph: _Graph, structure: Structure, point: Point) -> _Graph:
    """Return the graph with the values, from the variables on, and the slopes of the whole, from the whole back."""
    numbers: dict[Node, Any] = {symbol(name): value for name, value in point.values.items()}
    for part in structure.inner_first:
        point.refuse_undefined(part.body)
        numbers[part.name] = point[part.body]
        point.learn(part.name, numbers[part.name])
    back: dict[Symbol, Any] = {structure.output: Fraction(1)}
    for part in structure.outer_first:
        for below in part.depends:
            if (part.name, below) in graph.labels and part.name in back:
                name, slope = graph.labels[part.name, below]
                point.refuse_undefined(slope)
                numbers[name] = point[slope]
                back[below] = back.get(below, 0) + back[part.name] * numbers[name]
    slopes = {name: structure.total(structure.output, name) for name in back}
    numbers |= {slopes[name]: value for name, value in back.items()}
    return replace(graph, numbers=numbers, slopes=slopes)


def _of_rows(formula: Formula, by: Sequence[str]) -> _Graph:
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
    return _Graph(graph.root, edges, bodies, labels, graph.by)


def _of_structure(structure: Structure, opaque: Mapping[Symbol, Node]) -> _Graph:
    edges = {part.name: part.depends for part in structure.outer_first}
    bodies = {part.name: opaque.get(part.name, part.body) for part in structure.outer_first}
    labels: dict[tuple[Symbol, Symbol], tuple[Partial, Node]] = {}
    for part in structure.outer_first:
        on = [name for name in part.depends if any(structure.reaches(name, variable) for variable in structure.by)]
        # One backward sweep for each part: of a product of hundreds of factors, one for each would take its cube.
        for name, slope in zip(on, gradient(part.body, on), strict=True):
            labels[part.name, name] = (structure.local(part, name), slope)
    return _Graph(structure.output, edges, bodies, labels, frozenset(structure.by))


def _kept(graph: _Graph) -> _Graph:
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


def _lines(graph: _Graph, laid: Laid, across: alt.X, down: alt.Y) -> list[alt.Chart]:
    charts: list[alt.Chart] = []
    for marked in (False, True):
        points = [
            (f"{a}-{b}", place, layer, height)
            for (a, b), way in laid.ways.items()
            if ((a, b) in graph.labels) is marked
            for place, (layer, height) in enumerate(way)
        ]
        if not points:
            continue
        edge, place, layer, height = zip(*points, strict=True)
        chart = alt.Chart(inline(edge=edge, place=place, layer=layer, height=height))
        line = chart.mark_line(
            color=ACCENT if marked else MUTED, strokeWidth=2 if marked else 1, interpolate="monotone",
            strokeDash=[1, 0] if marked else [3, 3],
        )  # fmt: skip
        charts.append(line.encode(across, down, detail="edge:N", order="place:Q"))
    return charts


def _arrows(graph: _Graph, laid: Laid, across: alt.X, down: alt.Y) -> alt.Chart:
    """Return the arrowheads, each turned to its line's last stretch and clear of the node."""
    rows: list[tuple[float, float, float, bool]] = []
    for edge, way in laid.ways.items():
        (x0, y0), (x1, y1) = way[-2:]
        step_across, step_down = _apart(graph)
        dx, dy = (x1 - x0) * step_across, (y1 - y0) * step_down
        # A monotone curve comes in level where it has bent before.
        angle = math.degrees(math.atan2(dy, dx)) if len(way) == 2 else 0.6 * math.degrees(math.atan2(dy, dx))
        back = (_RADIUS + 5) / math.hypot(dx, dy)
        rows.append((x1 - back * (x1 - x0), y1 - back * (y1 - y0), angle + 90, edge in graph.labels))
    layer, height, angle, marked = zip(*rows, strict=True) if rows else ((), (), (), ())
    colour = [ACCENT if each else MUTED for each in marked]
    chart = alt.Chart(inline(layer=layer, height=height, angle=angle, colour=colour))
    return chart.mark_point(shape="triangle-up", filled=True, size=90, opacity=1).encode(
        across,
        down,
        angle=alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360])),
        color=alt.Color("colour:N", scale=None),
    )


def _nodes(graph: _Graph, laid: Laid, across: alt.X, down: alt.Y) -> list[alt.Chart]:
    names: list[Any] = list(laid.places)
    colours = [SECOND if name in graph.by else ACCENT if graph.edges.get(name) else MUTED for name in names]
    bodies = [_short(graph.bodies[name]) if name in graph.bodies else "" for name in names]
    rows = alt.Chart(
        inline(
            layer=[laid.places[name][0] for name in names],
            height=[laid.places[name][1] for name in names],
            name=[to_text(name) for name in names],
            colour=colours,
            below=[_below(body, graph.number(name)) for name, body in zip(names, bodies, strict=True)],
            slope=[_text(graph, graph.slopes.get(name)) for name in names],
            told=[to_text(graph.bodies[name]) if name in graph.bodies else "" for name in names],
        )
    )
    circles = rows.mark_circle(size=4 * _RADIUS**2, opacity=1, stroke="white", strokeWidth=2).encode(
        across,
        down,
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Variable"))),
            alt.Tooltip("told:N", title=str(message("Formula"))),
        ],
    )
    letters = rows.mark_text(font=_MATHEMATICAL, color="white", fontSize=13, fontWeight="bold").encode(
        across, down, text="name:N"
    )
    words = rows.mark_text(font=_MATHEMATICAL, fontSize=10.5, dy=_RADIUS + 11).encode(across, down, text="below:N")
    halo = words.mark_text(font=_MATHEMATICAL, fontSize=10.5, dy=_RADIUS + 11, stroke="white", strokeWidth=7)
    if not graph.numbers:
        return [circles, letters, halo, words]
    back = rows.mark_text(font=_MATHEMATICAL, fontSize=10.5, color=SECOND, dy=_RADIUS + 25)
    return [circles, letters, halo, words, back.encode(across, down, text="slope:N")]


def _labels(graph: _Graph, laid: Laid, across: alt.X, down: alt.Y) -> list[alt.Chart]:
    rows: list[tuple[float, float, str, str]] = []
    for edge, (name, formula) in graph.labels.items():
        layer, height = _along(laid.ways[edge])
        number = graph.number(name) if formula.symbolic else ""
        told = to_text(equation(name, formula)) + number
        rows.append((layer, height, told if len(told) <= _LONGEST else to_text(name) + number, told))
    layer, height, label, told = zip(*rows, strict=True) if rows else ((), (), (), ())
    chart = alt.Chart(inline(layer=layer, height=height, label=label, told=told))
    tooltip = [alt.Tooltip("told:N", title=str(message("Partial derivative")))]
    halo = chart.mark_text(font=_MATHEMATICAL, fontSize=11.5, stroke="white", strokeWidth=7).encode(
        across, down, text="label:N"
    )
    words = chart.mark_text(font=_MATHEMATICAL, fontSize=11.5, color=INK).encode(
        across, down, text="label:N", tooltip=tooltip
    )
    return [halo, words]


def _along(way: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return where a label stands: in the middle of a line's first stretch, nearer to where it comes from."""
    (x0, y0), (x1, y1) = way[:2]
    share = 0.6 if len(way) > 2 else 0.45 if y0 == y1 else 0.4  # where two ways cross, each label keeps to its side
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _below(body: str, number: str) -> str:
    """Return what stands below a node: what it is, and what it is worth; of a long formula only that."""
    written = f"= {body}" if body else ""
    return f"{written}{number}".strip() if len(written) + len(number) <= _LONGEST + 2 else number.strip() or written


def _text(graph: _Graph, slope: Partial | None) -> str:
    return "" if slope is None or not graph.number(slope) else to_text(slope) + graph.number(slope)


def _short(body: Node) -> str:
    text = to_text(body)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
