"""A graph of dependencies drawn: lines, arrowheads, nodes, and words on white."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

import altair as alt

from workings.chart import ACCENT, MUTED, SECOND, inline
from workings.expression import to_text
from workings.language import message
from workings.subjects.chain_rule.plot_graph import Graph
from workings.subjects.chain_rule.plot_placing import HALF_SIDE, RADIUS, Placed, Words, in_node

__all__ = ["draw"]

# Formulas are drawn in faces that have ∂ and subscripts of one design with the letters; Noto Sans CJK lacks ₁ and ᵢ.
_MATHEMATICAL = "'DejaVu Sans', 'Segoe UI', 'Lucida Grande', 'Noto Sans', Arial, sans-serif"
_ARROW = 5  # pixels from an arrowhead's middle to its node
_MARGIN = 2


def draw(graph: Graph, placed: Placed) -> alt.LayerChart:
    """Return the picture of a graph, without a heading."""
    left, top, right, bottom = placed.box
    x = _axis(alt.X, "x:Q", left - _MARGIN, right + _MARGIN)
    y = _axis(alt.Y, "y:Q", bottom + _MARGIN, top - _MARGIN)
    layers = [
        *_lines(graph, placed, x, y),
        _arrowheads(graph, placed, x, y),
        *_nodes(graph, placed, x, y),
        *_written(placed.words, x, y),
        *_written(placed.labels.values(), x, y),
        _pointed_at(graph, placed, x, y),
    ]
    return alt.LayerChart(layer=layers, width=right - left + 2 * _MARGIN, height=bottom - top + 2 * _MARGIN)


def _axis(kind: Any, field: str, low: float, high: float) -> Any:
    return kind(field, axis=None, scale=alt.Scale(domain=[low, high], nice=False, zero=False))


def _lines(graph: Graph, placed: Placed, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    charts: list[alt.Chart] = []
    for marked in (False, True):
        points = [
            (f"{a}-{b}", place, *point)
            for (a, b), way in placed.ways.items()
            if ((a, b) in graph.labels) is marked
            for place, point in enumerate(way)
        ]
        if not points:
            continue
        edge, place, across, down = zip(*points, strict=True)
        chart = alt.Chart(inline(edge=edge, place=place, x=across, y=down))
        line = chart.mark_line(
            color=ACCENT if marked else MUTED, strokeWidth=2 if marked else 1, interpolate="cardinal", tension=0.5,
            strokeDash=[1, 0] if marked else [3, 3],
        )  # fmt: skip
        charts.append(line.encode(x, y, detail="edge:N", order="place:Q"))
    return charts


def _arrowheads(graph: Graph, placed: Placed, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the arrowheads, each turned to its line's last stretch and clear of the node."""
    rows: list[tuple[float, float, float, str]] = []
    for edge, way in placed.ways.items():
        (x0, y0), (x1, y1) = way[-2:]
        length = math.dist((x0, y0), (x1, y1))
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        back = _ARROW + (HALF_SIDE / max(abs(dx), abs(dy)) if edge[1] in graph.by else RADIUS)
        angle = (math.degrees(math.atan2(dy, dx)) + 90) % 360
        rows.append((x1 - back * dx, y1 - back * dy, angle, ACCENT if edge in graph.labels else MUTED))
    across, down, angle, colour = zip(*rows, strict=True) if rows else ((), (), (), ())
    chart = alt.Chart(inline(x=across, y=down, angle=angle, colour=colour))
    return chart.mark_point(shape="triangle-up", filled=True, size=90, opacity=1).encode(
        x,
        y,
        angle=alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360])),
        color=alt.Color("colour:N", scale=None),
    )


def _nodes(graph: Graph, placed: Placed, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the nodes: circles, and squares for the variables to which the ways are marked."""
    names = list(placed.nodes)
    words = [graph.words(name) for name in names]
    rows = alt.Chart(
        inline(
            x=[placed.nodes[name][0] for name in names],
            y=[placed.nodes[name][1] for name in names],
            name=[to_text(name) for name in names],
            letter=[to_text(name) if in_node(name) else "" for name in names],
            colour=[SECOND if name in graph.by else ACCENT if graph.edges.get(name) else MUTED for name in names],
            shape=["square" if name in graph.by else "circle" for name in names],
            size=[(2 * (HALF_SIDE if name in graph.by else RADIUS)) ** 2 for name in names],
            below=[" ".join(filter(None, (body, number))) for body, number, _ in words],
            slope=[slope for *_, slope in words],
        )
    )
    told = [
        alt.Tooltip("name:N", title=str(message("Variable"))),
        alt.Tooltip("below:N", title=str(message("Formula"))),
        *([alt.Tooltip("slope:N", title=str(message("Partial derivative")))] if graph.numbers else []),
    ]
    shapes = rows.mark_point(filled=True, opacity=1).encode(
        x,
        y,
        color=alt.Color("colour:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        size=alt.Size("size:Q", scale=None),
        tooltip=told,
    )
    letters = rows.mark_text(font=_MATHEMATICAL, color="white", fontSize=13, fontWeight="bold")
    return [shapes, letters.encode(x, y, text="letter:N")]


def _written(words: Iterable[Words], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return lines of text on white, under which the graph's lines disappear."""
    charts: list[alt.Chart] = []
    by_side: dict[Literal["left", "center", "right"], list[Words]] = {}
    for each in words:
        by_side.setdefault(each.align, []).append(each)
    for align, group in by_side.items():
        left, top, right, bottom = zip(*(each.box for each in group), strict=True)
        white = alt.Chart(inline(x=left, y=top, x2=right, y2=bottom)).mark_rect(color="white", opacity=1)
        charts.append(white.encode(x, y, x2="x2:Q", y2="y2:Q"))
        across, down, line, colour = zip(*(row for each in group for row in each.rows), strict=True)
        chart = alt.Chart(inline(x=across, y=down, line=line, colour=colour))
        ink = chart.mark_text(font=_MATHEMATICAL, fontSize=group[0].size, align=align, baseline="middle")
        charts.append(ink.encode(x, y, text="line:N", color=alt.Color("colour:N", scale=None)))
    return charts


def _pointed_at(graph: Graph, placed: Placed, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return what tells a label in full, formula and number, when it is pointed at."""
    edges = list(placed.labels)
    boxes = [placed.labels[edge].box for edge in edges]
    rows = inline(
        x=[left for left, *_ in boxes],
        y=[top for _, top, *_ in boxes],
        x2=[right for *_, right, _ in boxes],
        y2=[bottom for *_, bottom in boxes],
        label=[" ".join(line for line, _ in placed.labels[edge].lines) for edge in edges],
        told=[graph.told(edge) for edge in edges],
    )
    tooltip = [alt.Tooltip("told:N", title=str(message("Partial derivative")))]
    return alt.Chart(rows).mark_rect(opacity=0).encode(x, y, x2="x2:Q", y2="y2:Q", tooltip=tooltip)
