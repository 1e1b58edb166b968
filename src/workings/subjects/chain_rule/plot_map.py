"""A formula in two variables as a map: bands of colour, level lines, and what the slopes or the curvature say."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import INK, inline
from workings.expression import to_text
from workings.expression.formula import Formula
from workings.expression.nodes import Symbol
from workings.language import Message, message
from workings.subjects.chain_rule.plot_curve import undefined_everywhere
from workings.subjects.chain_rule.plot_given import Given
from workings.subjects.chain_rule.plot_levels import levels_of
from workings.subjects.chain_rule.plot_surface import (
    MOST_COLOURED,
    Surface,
    coloured,
    finished,
    lines_of,
    near,
    rectangles,
    runs_of,
    signs_of,
    surface_of,
)

__all__ = ["plot_curvature", "plot_map", "plot_slope_map"]


def plot_map(given: Given) -> alt.LayerChart:
    """Return the map of a formula in two variables: a colour for each band between two levels."""
    surfaces = surface_of(given)
    values = surfaces[0].values[0]
    levels = levels_of(values)
    lines = lines_of(surfaces, levels, INK, 0.35)
    colours = coloured(surfaces, 0, levels, given, str(given.name), lined=bool(lines))
    layers = [colours, *lines, *signs_of(surfaces[0], 0)]
    return finished(layers, given, surfaces[0], given.held, _extremes(given, surfaces[0]))


def plot_slope_map(given: Given, slope: Formula, direction: Sequence[float], name: Message) -> alt.LayerChart:
    """Return the level lines of a formula over the colours of its slope along a direction, and the direction."""
    surfaces = surface_of(given, slope)
    found = surfaces[0].values[1]
    if not np.isfinite(found).any():
        raise undefined_everywhere(slope)
    lines = lines_of(surfaces, levels_of(surfaces[0].values[0]), INK, 0.7)
    layers = [
        coloured(surfaces, 1, levels_of(found), given, str(name), lined=bool(lines)),
        *lines,
        *signs_of(surfaces[0], 1),
        *_arrow(surfaces[0], direction),
    ]
    steep = found[np.isfinite(found)]
    told = message(
        "Along the direction ({direction}) the formula rises in {rises} of the map and falls in {falls}.",
        direction=", ".join(f"{step:g}" for step in direction),
        rises=f"{np.mean(steep > 0):.0%}",
        falls=f"{np.mean(steep < 0):.0%}",
    )
    subtitle = message("Lines: the formula's levels. Colours: how fast it changes along the arrow.")
    return finished(layers, given, surfaces[0], subtitle, told)


def plot_curvature(given: Given, second: tuple[Formula, Formula, Formula]) -> alt.LayerChart:
    """Return the level lines of a formula over three colours: where it is a bowl, where a dome, where a saddle.

    Parameters
    ----------
    given
        The formula in two variables.
    second
        Its second derivatives: by the first variable twice, by both, by the second twice.
    """
    surfaces = surface_of(given, *second)
    names = [
        message("bowl: bends upwards every way (both eigenvalues > 0)"),
        message("dome: bends downwards every way (both eigenvalues < 0)"),
        message("saddle: up one way, down another"),
        message("straight in some direction (an eigenvalue is 0)"),
    ]
    colours = ["#a9cfe8", "#e08c58", "#f1f3f5", "#ffffff"]  # of four lightnesses, for a grey print
    said = [str(name) for name in names]
    kinds = [_kinds(surface) for surface in surfaces]
    every = [runs_of(kind, surface) for kind, surface in zip(kinds, surfaces, strict=True)]
    cells = next((runs for runs in every if len(runs[0]) <= MOST_COLOURED), every[-1])
    kind = kinds[0][kinds[0] >= 0]
    present = [k for k in range(4) if (kind == k).any() or (cells[-1] == k).any()]
    colour = alt.Color(
        "kind:N",
        title=str(message("The surface is a")),
        scale=alt.Scale(domain=[said[k] for k in present], range=[colours[k] for k in present]),
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=420, symbolStrokeColor=INK, symbolStrokeWidth=0.5),
    )
    x, y, x2, y2, band = cells
    data = inline(x=x, y=y, x2=x2, y2=y2, kind=[said[int(k)] for k in band])
    rects = rectangles(data, given, surfaces[0]).encode(color=colour)
    layers = [rects, *lines_of(surfaces, levels_of(surfaces[0].values[0], 24), INK, 0.7)]
    shares = ", ".join(f"{said[k]}: {np.mean(kind == k):.0%}" for k in present)
    told = message("Level lines over colours for the curvature. {shares}.", shares=shares)
    return finished(layers, given, surfaces[0], message("Lines: the formula's levels. Colours: how it bends."), told)


def _kinds(surface: Surface) -> NDArray[np.int64]:
    """Return at each place 0 for a bowl, 1 for a dome, 2 for a saddle, 3 for neither, -1 where undefined."""
    xx, xy, yy = surface.values[1:]
    with np.errstate(all="ignore"):
        size = np.abs(xx * yy) + xy * xy
        determinant = xx * yy - xy * xy
        trace = xx + yy
        # What rounding leaves of a determinant that is 0 has no sign.
        flat = np.abs(determinant) <= 1e-12 * size
    kind = np.where(flat, 3, np.where(determinant < 0, 2, np.where(trace > 0, 0, 1)))
    if np.mean(kind == 3) < 0.05:  # the borders between the others, where the grid meets them exactly
        kind[:, 1:] = np.where(kind[:, 1:] == 3, kind[:, :-1], kind[:, 1:])
    return np.where(np.isfinite(size) & np.isfinite(surface.values[0]), kind, -1)


def _arrow(surface: Surface, direction: Sequence[float]) -> list[alt.Chart]:
    """Return the direction as an arrow from the middle of the map, in the map's own proportions."""
    wide, tall = float(np.ptp(surface.across)), float(np.ptp(surface.up))
    dx, dy = direction[0] / wide, direction[1] / tall
    length = float(np.hypot(dx, dy))
    if not length:
        return []
    dx, dy = 0.25 * dx / length, 0.25 * dy / length
    x, y = float(surface.across[0]) + wide / 2, float(surface.up[0]) + tall / 2
    x2, y2 = x + dx * wide, y + dy * tall
    angle = float(np.degrees(np.arctan2(dx, dy)))
    shaft = alt.Chart(inline(x=[x], y=[y], x2=[x2], y2=[y2])).mark_rule(color=INK, strokeWidth=2.5)
    head = alt.Chart(inline(x=[x2], y=[y2])).mark_point(
        shape="triangle-up", filled=True, size=170, opacity=1, color=INK, angle=angle
    )
    return [shaft.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q"), head.encode(x="x:Q", y="y:Q")]


def _extremes(given: Given, surface: Surface) -> Message:
    values = surface.values[0]
    known = np.where(np.isfinite(values), values, np.nan)
    x, y = (to_text(Symbol(name)) for name in given.free)

    def at(place: np.intp) -> str:
        row, column = np.unravel_index(place, values.shape)
        return f"{x} = {near(surface.across[column])}, {y} = {near(surface.up[row])}"

    told = message(
        "The lowest value on it is {low}, at {at_low}, the highest {high}, at {at_high}.",
        low=near(np.nanmin(known)),
        at_low=at(np.nanargmin(known)),
        high=near(np.nanmax(known)),
        at_high=at(np.nanargmax(known)),
    )
    share = float(np.mean(np.isnan(known)))
    return message("{told} White, {share} of it, is undefined.", told=told, share=f"{share:.0%}") if share else told
