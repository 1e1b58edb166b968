"""A formula in two variables as a map: bands of colour, level lines, and what the slopes or the curvature say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, SECOND, inline, themed
from workings.expression import to_text
from workings.expression.formula import Formula
from workings.expression.nodes import Symbol
from workings.language import Message, message
from workings.subjects.chain_rule.plot_curve import range_of, undefined_everywhere
from workings.subjects.chain_rule.plot_given import Given
from workings.subjects.chain_rule.plot_levels import level_lines, levels_of
from workings.working import shown

__all__ = ["Surface", "plot_curvature", "plot_map", "plot_slope_map", "surface_of"]

_SIDE = 360
# The grid is made coarser until colours and lines keep within these, under what a picture may hold; a surface too wild
# for lines has more colours.
_GRIDS, _GRIDS_OF_ROWS = (121, 81, 61, 41, 25), (61, 41, 25)
_MOST_COLOURED, _MOST_LINES, _MOST_ALONE = 2_800, 2_000, 4_800
# On a coarser grid a line is a polygon.
_FINE = 41
# Where the other variable stands while a range is looked for.
_SLICES = (0.0, 1.0, -1.0, 0.5)
_PALE, _WARM_PALE = "#eef4f9", "#fbf1e9"


@dataclass(frozen=True, eq=False)
class Surface:
    """The values of formulas on a grid: of the formula itself, then of others of the same variables."""

    across: NDArray[np.float64]
    up: NDArray[np.float64]
    values: tuple[NDArray[np.float64], ...]


def surface_of(given: Given, *others: Formula) -> list[Surface]:
    """Return the formula and others of its variables on grids over a revealing range, from fine to coarse."""
    low_high = [_range(given, place) for place in (0, 1)]
    grids = _GRIDS_OF_ROWS if given.formula.aggregated else _GRIDS
    size = grids[0]
    across, up = (np.linspace(low, high, size) for low, high in low_high)
    across, up = (np.where(np.abs(axis) < 1e-12 * np.abs(axis).max(), 0.0, axis) for axis in (across, up))
    x, y = np.meshgrid(across, up)
    values = tuple(given.values(formula, x, y) for formula in (given.formula, *others))
    if not np.isfinite(values[0]).any():
        raise undefined_everywhere(given.formula)
    surfaces: list[Surface] = []
    for count in grids:
        kept = np.round(np.linspace(0, size - 1, count)).astype(int)
        surfaces.append(Surface(across[kept], up[kept], tuple(each[np.ix_(kept, kept)] for each in values)))
    return surfaces


def plot_map(given: Given) -> alt.LayerChart:
    """Return the map of a formula in two variables: a colour for each band between two levels."""
    surfaces = surface_of(given)
    values = surfaces[0].values[0]
    levels = levels_of(values)
    lines = _lines(surfaces, levels, INK, 0.35)
    layers = [_coloured(surfaces, 0, levels, given, str(given.name), lined=bool(lines)), *lines]
    return _finished(layers, given, surfaces[0], given.held, _extremes(given, surfaces[0]))


def plot_slope_map(given: Given, slope: Formula, direction: Sequence[float], name: Message) -> alt.LayerChart:
    """Return the level lines of a formula over the colours of its slope along a direction, and the direction."""
    surfaces = surface_of(given, slope)
    found = surfaces[0].values[1]
    if not np.isfinite(found).any():
        raise undefined_everywhere(slope)
    lines = _lines(surfaces, levels_of(surfaces[0].values[0]), INK, 0.7)
    layers = [
        _coloured(surfaces, 1, levels_of(found), given, str(name), lined=bool(lines)),
        *lines,
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
    return _finished(layers, given, surfaces[0], subtitle, told)


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
    colours = ["#9ecae1", "#f6b48f", "#dcdfe3", "#ffffff"]
    said = [str(name) for name in names]
    kinds = [_kinds(surface) for surface in surfaces]
    cells = next(
        (runs for runs in map(_runs, kinds, surfaces) if len(runs[0]) <= _MOST_COLOURED), _runs(kinds[-1], surfaces[-1])
    )
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
    rects = _rects(data, given, surfaces[0]).encode(color=colour)
    layers = [rects, *_lines(surfaces, levels_of(surfaces[0].values[0], 24), INK, 0.7)]
    shares = ", ".join(f"{said[k]}: {np.mean(kind == k):.0%}" for k in present)
    told = message("Level lines over colours for the curvature. {shares}.", shares=shares)
    return _finished(layers, given, surfaces[0], message("Lines: the formula's levels. Colours: how it bends."), told)


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


def _range(given: Given, place: int) -> tuple[float, float]:
    name = given.free[place]
    if name in given.ranges:
        return given.ranges[name]
    other = given.free[1 - place]
    rests = (sum(given.ranges[other]) / 2,) if other in given.ranges else _SLICES
    found: list[tuple[float, float]] = []
    for rest in rests:

        def curve(formula: Formula, x: NDArray[np.float64], rest: float = rest) -> NDArray[np.float64]:
            still = np.full(x.shape, rest)
            return given.values(formula, *((x, still) if place == 0 else (still, x)))

        each = range_of(given, name, curve)
        if each is not None:
            found.append(each)
    if not found:
        raise undefined_everywhere(given.formula)
    # The usual one of the slices: a single one that runs far out would hide the others.
    found.sort(key=lambda pair: pair[1] - pair[0])
    return found[len(found) // 2]


def _coloured(
    surfaces: Sequence[Surface], which: int, levels: Sequence[float], given: Given, title: str, *, lined: bool
) -> alt.Chart:
    thresholds = np.array(levels)
    bands: list[Any] = []
    for surface in surfaces:
        values = surface.values[which]
        band = np.where(np.isfinite(values), np.searchsorted(thresholds, np.nan_to_num(values), side="right"), -1)
        bands = _runs(band, surface)
        if len(bands[0]) <= (_MOST_COLOURED if lined else _MOST_ALONE):
            break
    x, y, x2, y2, band = bands
    edges = [*(_near(level) for level in levels)]
    names = (
        [f"< {edges[0]}", *(f"{a} … {b}" for a, b in pairwise(edges)), f"≥ {edges[-1]}"]
        if edges
        else [_near(surfaces[0].values[which][np.isfinite(surfaces[0].values[which])].flat[0])]
    )
    present = sorted({int(k) for k in band}, reverse=True)
    shades = _shades(levels)
    colour = alt.Color(
        "band:N",
        title=title if len(title) <= 30 else title[:29] + "…",
        scale=alt.Scale(domain=[names[k] for k in present], range=[shades[k] for k in present]),
        legend=alt.Legend(symbolType="square", symbolStrokeWidth=0, symbolOpacity=1),
    )
    data = inline(x=x, y=y, x2=x2, y2=y2, band=[names[int(k)] for k in band])
    return _rects(data, given, surfaces[0]).encode(color=colour)


def _rects(data: alt.InlineData, given: Given, surface: Surface) -> alt.Chart:
    x, y = (to_text(Symbol(name)) for name in given.free)
    across = alt.Scale(domain=[float(surface.across[0]), float(surface.across[-1])], nice=False)
    up = alt.Scale(domain=[float(surface.up[0]), float(surface.up[-1])], nice=False)
    # A hair of the own colour closes the seams that anti-aliasing leaves between neighbours.
    return (
        alt.Chart(data)
        .mark_rect(clip=True, opacity=1)
        .encode(
            alt.X("x:Q", title=x, scale=across, axis=alt.Axis(grid=False)),
            alt.Y("y:Q", title=y, scale=up, axis=alt.Axis(grid=False)),
            x2="x2:Q",
            y2="y2:Q",
        )
    )


def _runs(band: NDArray[Any], surface: Surface) -> list[NDArray[Any]]:
    """Return the rectangles of one colour: runs along each line of the grid; -1 has none."""

    def sides(axis: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([axis[:1], (axis[1:] + axis[:-1]) / 2, axis[-1:]])

    left, low = sides(surface.across), sides(surface.up)
    starts = np.ones(band.shape, bool)
    starts[:, 1:] = band[:, 1:] != band[:, :-1]
    row, first = np.nonzero(starts)
    after = np.where(np.append(row[1:] == row[:-1], False), np.append(first[1:], 0), band.shape[1])
    kept = band[row, first] >= 0
    row, first, after = row[kept], first[kept], after[kept]
    # Rows overlap by a hair upwards, so that no seam shows between them.
    top = np.minimum(low[row + 1] + 0.35 * (low[2] - low[1]), low[-1])
    return [left[first], low[row], left[after], top, band[row, first]]


def _lines(surfaces: Sequence[Surface], levels: Sequence[float], colour: str, width: float) -> list[alt.Chart]:
    if not levels:
        return []
    pieces: list[NDArray[np.float64]] = []
    for surface in (each for each in surfaces if len(each.up) >= _FINE):
        pieces = [level_lines(surface.across, surface.up, surface.values[0], level) for level in levels]
        if sum(map(len, pieces)) <= _MOST_LINES:
            break
    rows = np.concatenate(pieces)
    told = np.repeat([_near(level) for level in levels], [len(each) for each in pieces])
    if len(rows) > _MOST_LINES or not len(rows):  # too wild a surface for lines
        return []
    data = inline(x=rows[:, 0], y=rows[:, 1], x2=rows[:, 2], y2=rows[:, 3], level=told)
    tooltip = [alt.Tooltip("level:N", title=str(message("Level")))]
    chart = alt.Chart(data).mark_rule(color=colour, strokeWidth=width, clip=True, strokeCap="round")
    return [chart.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q", tooltip=tooltip)]


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


def _finished(
    layers: list[Any], given: Given, surface: Surface, subtitle: Message | None, more: Message
) -> alt.LayerChart:
    x, y = given.free
    return themed(
        alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE).resolve_scale(color="independent"),
        title=given.title,
        subtitle=subtitle,
        description=message(
            "A map of {name} for {x} from {left} to {right} and {y} from {low} to {high}. {more}",
            name=given.title,
            x=to_text(Symbol(x)),
            left=_near(surface.across[0]),
            right=_near(surface.across[-1]),
            y=to_text(Symbol(y)),
            low=_near(surface.up[0]),
            high=_near(surface.up[-1]),
            more=more,
        ),
    )


def _extremes(given: Given, surface: Surface) -> Message:
    values = surface.values[0]
    known = np.where(np.isfinite(values), values, np.nan)
    x, y = (to_text(Symbol(name)) for name in given.free)

    def at(place: np.intp) -> str:
        row, column = np.unravel_index(place, values.shape)
        return f"{x} = {_near(surface.across[column])}, {y} = {_near(surface.up[row])}"

    told = message(
        "The lowest value on it is {low}, at {at_low}, the highest {high}, at {at_high}.",
        low=_near(np.nanmin(known)),
        at_low=at(np.nanargmin(known)),
        high=_near(np.nanmax(known)),
        at_high=at(np.nanargmax(known)),
    )
    share = float(np.mean(np.isnan(known)))
    return message("{told} White, {share} of it, is undefined.", told=told, share=f"{share:.0%}") if share else told


def _near(value: float) -> str:
    return str(shown(float(f"{value:.3g}")))


def _shades(levels: Sequence[float]) -> list[str]:
    """Return a colour for each band, darker with the value; where 0 lies between, blue below it and orange above."""
    below = sum(level <= 0 for level in levels)
    above = len(levels) + 1 - below
    if 0 < below < len(levels) + 1 and below > 0 and levels[0] <= 0 <= levels[-1] and _both(levels):
        most = max(below, above)
        cold = [_mix(_PALE, ACCENT, (k + 0.5) / most) for k in range(below)]
        return [*reversed(cold), *(_mix(_WARM_PALE, SECOND, (k + 0.5) / most) for k in range(above))]
    return [_mix(_PALE, "#084a75", k / max(len(levels), 1)) for k in range(len(levels) + 1)]


def _both(levels: Sequence[float]) -> bool:
    return levels[0] < 0 < levels[-1] or 0.0 in levels


def _mix(a: str, b: str, share: float) -> str:
    parts = [(int(a[k : k + 2], 16), int(b[k : k + 2], 16)) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(p + share * (q - p)):02x}" for p, q in parts)
