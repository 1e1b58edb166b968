"""A formula in one variable as a curve; beside it how it bends, or how fast it changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, MUTED, SECOND, inline, themed
from workings.errors import FormulaError, InputError
from workings.expression import to_text
from workings.expression.calculus import derivative
from workings.expression.formula import Formula
from workings.expression.nodes import Symbol
from workings.language import Message, message
from workings.subjects.chain_rule.plot_given import Given
from workings.subjects.chain_rule.plot_range import revealing_range
from workings.subjects.chain_rule.plot_sample import Sampled, sampled
from workings.working import shown

__all__ = ["plot_bends", "plot_curve", "plot_slope", "range_of", "undefined_everywhere"]

_WIDTH, _HEIGHT = 460, 300


def plot_curve(given: Given) -> alt.LayerChart:
    """Return the curve of a formula in one variable."""
    line = _sampled(given)
    axes = _axes(given, line)
    return _finished([*_frame(line), _line(line, *axes), _touched(line, given, *axes)], given, line)


def plot_bends(given: Given, second: Formula) -> alt.LayerChart:
    """Return the curve of a formula, its stretches told apart by the sign of the second derivative."""
    line = _sampled(given)
    axes = _axes(given, line)
    with np.errstate(all="ignore"):
        bend = given.values(second, line.places)
        sign = np.sign(bend)
    # An inflection that is met exactly is the end of one stretch, not a stretch.
    alone = np.flatnonzero((sign[1:-1] == 0) & (sign[:-2] != 0) & (sign[2:] != 0)) + 1
    sign[alone] = sign[alone - 1]
    sign = np.where(np.isnan(line.values), np.nan, sign)
    names = [message("bends upwards (second derivative > 0)"), message("bends downwards (second derivative < 0)"),
             message("straight (second derivative 0 or undefined)")]  # fmt: skip
    kind = np.where(sign > 0, 0, np.where(sign < 0, 1, 2))
    # A stretch runs to the first point of the next, so that the curve has no gaps of our own.
    stretch = np.concatenate([[0], np.cumsum(kind[1:] != kind[:-1])])
    meets = np.flatnonzero(stretch[1:] != stretch[:-1])
    rows = np.concatenate([np.arange(len(kind)), meets + 1])
    owner = np.concatenate([stretch, stretch[meets]])
    order = np.lexsort([rows, owner])
    rows, owner = rows[order], owner[order]
    first = np.searchsorted(stretch, owner)
    present = [k for k in range(3) if (kind[np.isfinite(line.values)] == k).any()]
    said = [str(name) for name in names]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=[said[k] for k in present], range=[[ACCENT, SECOND, MUTED][k] for k in present]),
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=420, symbolType="stroke"),
    )
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=[said[k] for k in present], range=[[[1, 0], [6, 3], [2, 2]][k] for k in present]),
        legend=None,
    )
    data = inline(
        place=line.places[rows], value=_drawable(line)[rows], kind=[said[kind[k]] for k in first], stretch=owner
    )
    chart = alt.Chart(data).mark_line(clip=True).encode(*axes, colour, dash, detail="stretch:N", order="place:Q")
    flips = [
        _near(line.places[k] + bend[k] / (bend[k] - bend[k + 1]) * (line.places[k + 1] - line.places[k]))
        for k in meets
        if {kind[k], kind[k + 1]} == {0, 1} and np.isfinite(line.values[k : k + 2]).all()
    ]
    bends = message("It changes how it bends near {places}.", places=", ".join(flips)) if flips else None
    return _finished([*_frame(line), chart, _touched(line, given, *axes)], given, line, more=bends)


def plot_slope(given: Given, slope: Formula, name: Message) -> alt.VConcatChart:
    """Return the curve of a formula, and under it the curve of its slope over the same range."""
    line = _sampled(given)
    axes = _axes(given, line)
    below = sampled(lambda x: given.values(slope, x), float(line.places[0]), float(line.places[-1]))
    upper = alt.LayerChart(
        layer=[*_frame(line), _line(line, *axes), _touched(line, given, *axes)], width=_WIDTH, height=200
    )
    if below is None:
        raise undefined_everywhere(slope)
    under = _axes(given, below, name)
    charts = [*_frame(below), _line(below, *under, colour=SECOND), _touched(below, given, *under)]
    lower = alt.LayerChart(layer=charts, width=_WIDTH, height=200)
    return themed(
        alt.VConcatChart(vconcat=[upper, lower]),
        title=given.title,
        subtitle=message("Above the formula, below how fast it changes: {slope}", slope=to_text(slope.node)),
        description=message(
            "Two curves over one range. {above} Below it {name}: {below}",
            above=_told(given, line, given.title),
            name=name,
            below=_told(given, below, message("{text}", text=to_text(slope.node))),
        ),
    )


def range_of(
    given: Given, name: str, curve: Callable[[Formula, NDArray[np.float64]], NDArray[np.float64]]
) -> tuple[float, float] | None:
    """Return where to draw one variable: as was said, or where it is revealing.

    Parameters
    ----------
    given
        What is drawn.
    name
        The variable.
    curve
        The values of a formula at places of this variable.
    """
    if name in given.ranges:
        return given.ranges[name]
    formula = given.formula
    slopes: list[Formula] = []
    if not formula.aggregated:
        with suppress(FormulaError):  # what has no derivative by this variable is drawn without
            slopes.append(formula.alike(derivative(formula.node, Symbol(name))))
            slopes.append(formula.alike(derivative(slopes[0].node, Symbol(name))))

    def function(each: Formula) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        return lambda x: curve(each, x)

    # A sum over many rows is dear, and as smooth as what is summed.
    points = 401 if formula.aggregated else 2_001
    return revealing_range(function(formula), [function(slope) for slope in slopes], points=points)


def undefined_everywhere(formula: Formula) -> InputError:
    """Return the refusal to draw what has no values."""
    return InputError(
        message(
            "plot: a formula must have finite values somewhere to be drawn; got none for {formula}; "
            "try a range such as {name}=(1, 2)",
            formula=to_text(formula.node),
            name=next(iter(formula.variables), "x"),
        )
    )


def _sampled(given: Given) -> Sampled:
    (name,) = given.free
    found = range_of(given, name, given.values)
    line = None if found is None else sampled(lambda x: given.values(given.formula, x), *found)
    if line is None:
        raise undefined_everywhere(given.formula)
    return line


def _axes(given: Given, line: Sampled, name: Message | None = None) -> tuple[alt.X, alt.Y]:
    scale = alt.Scale(domain=[float(line.places[0]), float(line.places[-1])], nice=False)
    height = alt.Scale(domain=[line.floor, line.ceiling], nice=False)
    return (
        alt.X("place:Q", title=to_text(Symbol(given.free[0])), scale=scale, axis=alt.Axis(tickCount=9)),
        alt.Y("value:Q", title=str(name or given.name), scale=height),
    )


def _line(line: Sampled, across: alt.X, up: alt.Y, colour: str = ACCENT) -> alt.Chart:
    stretch = np.cumsum(np.isnan(line.values))
    data = inline(place=line.places, value=_drawable(line), stretch=stretch)
    return alt.Chart(data).mark_line(color=colour, clip=True).encode(across, up, detail="stretch:N", order="place:Q")


def _drawable(line: Sampled) -> NDArray[np.float64]:
    """Return values that a renderer can place: those far out of sight are just out of sight."""
    beyond = 2 * (line.ceiling - line.floor)
    return np.clip(line.values, line.floor - beyond, line.ceiling + beyond)


def _frame(line: Sampled) -> list[alt.Chart]:
    """Return the lines of the zeros, where they are in sight."""
    charts: list[alt.Chart] = []
    if line.floor < 0 < line.ceiling:
        charts.append(alt.Chart(inline(value=[0.0])).mark_rule(color=MUTED, strokeWidth=1).encode(y="value:Q"))
    if line.places[0] < 0 < line.places[-1]:
        charts.append(alt.Chart(inline(place=[0.0])).mark_rule(color=MUTED, strokeWidth=1).encode(x="place:Q"))
    return charts


def _touched(line: Sampled, given: Given, across: alt.X, up: alt.Y) -> alt.Chart:
    """Return unseen points that tell their numbers when they are pointed at."""
    seen = np.flatnonzero(np.isfinite(line.values) & (line.values >= line.floor) & (line.values <= line.ceiling))[::3]
    data = inline(place=line.places[seen], value=line.values[seen])
    tooltip = [
        alt.Tooltip("place:Q", title=to_text(Symbol(given.free[0])), format=".4~g"),
        alt.Tooltip("value:Q", title=str(given.name), format=".4~g"),
    ]
    return alt.Chart(data).mark_point(opacity=0, size=120, filled=True).encode(across, up, tooltip=tooltip)


def _finished(layers: list[Any], given: Given, line: Sampled, *, more: Message | None = None) -> alt.LayerChart:
    told = _told(given, line, given.title)
    return themed(
        alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT),
        title=given.title,
        subtitle=given.held,
        description=message("{told} {more}", told=told, more=more) if more else told,
    )


def _told(given: Given, line: Sampled, name: Message) -> Message:
    """Return in words what a reader takes from the curve."""
    known = np.isfinite(line.values)
    places, values = line.places[known], line.values[known]
    places = np.where(np.abs(places) < 1e-9 * np.abs(places).max(), 0.0, places)
    told = message(
        "The curve of {name} for {variable} from {low} to {high}.",
        name=name,
        variable=to_text(Symbol(given.free[0])),
        low=_near(line.places[0]),
        high=_near(line.places[-1]),
    )
    if line.breaks:
        told = message(
            "{told} It jumps or runs off to infinity at {places}.",
            told=told,
            places=", ".join(_near(place) for place in line.breaks[:6]),
        )
    else:
        told = message(
            "{told} Its lowest value there is {low}, at {at_low}, its highest {high}, at {at_high}.",
            told=told,
            low=_near(values.min()),
            at_low=_near(places[np.argmin(values)]),
            high=_near(values.max()),
            at_high=_near(places[np.argmax(values)]),
        )
    # A single point without a value is a hole that no picture shows.
    if line.undefined > 0.005:
        told = message("{told} It is undefined in {share} of the range.", told=told, share=f"{line.undefined:.0%}")
    return told


def _near(value: float) -> str:
    return str(shown(float(f"{value:.4g}")))
