"""A formula in two variables on a grid: bands of colour and level lines, within what a picture may hold."""

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
from workings.subjects.chain_rule.plot_levels import level_lines
from workings.working import shown

__all__ = [
    "MOST_COLOURED",
    "Surface",
    "coloured",
    "finished",
    "lines_of",
    "near",
    "rectangles",
    "runs_of",
    "signs_of",
    "surface_of",
]

_SIDE = 360
# The grid is made coarser until colours and lines keep within these, under what a picture may hold; a surface too wild
# for lines has more colours.
_GRIDS, _GRIDS_OF_ROWS = (121, 81, 61, 41, 25), (61, 41, 25)
MOST_COLOURED, _MOST_LINES, _MOST_ALONE = 2_800, 2_000, 4_800
# On a coarser grid a line is a polygon.
_FINE = 41
# Where the other variable stands while a range is looked for.
_SLICES = (0.0, 1.0, -1.0, 0.5)
# How many signs stand in a row and in a column of a map of both signs.
_SIGNS = 6
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


def coloured(
    surfaces: Sequence[Surface], which: int, levels: Sequence[float], given: Given, title: str, *, lined: bool
) -> alt.Chart:
    """Return the bands of one of the values between levels, coarser where there are too many pieces."""
    thresholds = np.array(levels)
    bands: list[Any] = []
    for surface in surfaces:
        values = surface.values[which]
        band = np.where(np.isfinite(values), np.searchsorted(thresholds, np.nan_to_num(values), side="right"), -1)
        bands = runs_of(band, surface)
        if len(bands[0]) <= (MOST_COLOURED if lined else _MOST_ALONE):
            break
    x, y, x2, y2, band = bands
    edges = [*(near(level) for level in levels)]
    names = (
        [f"< {edges[0]}", *(f"{a} … {b}" for a, b in pairwise(edges)), f"≥ {edges[-1]}"]
        if edges
        else [near(surfaces[0].values[which][np.isfinite(surfaces[0].values[which])].flat[0])]
    )
    present = sorted({int(k) for k in band}, reverse=True)
    shades = _shades(levels)
    colour = alt.Color(
        "band:N",
        title=title if len(title) <= 30 else title[:29] + "…",
        scale=alt.Scale(domain=[names[k] for k in present], range=[shades[k] for k in present]),
        # Beside the map it would take a third of a telephone's width.
        legend=alt.Legend(orient="bottom", columns=3, symbolType="square", symbolStrokeWidth=0, symbolOpacity=1),
    )
    data = inline(x=x, y=y, x2=x2, y2=y2, band=[names[int(k)] for k in band])
    return rectangles(data, given, surfaces[0]).encode(color=colour)


def rectangles(data: alt.InlineData, given: Given, surface: Surface) -> alt.Chart:
    """Return rectangles on the map's two axes."""
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


def runs_of(band: NDArray[Any], surface: Surface) -> list[NDArray[Any]]:
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


def lines_of(surfaces: Sequence[Surface], levels: Sequence[float], colour: str, width: float) -> list[alt.Chart]:
    """Return the level lines of the first values; none of a surface that is too wild for lines."""
    if not levels:
        return []
    pieces: list[NDArray[np.float64]] = []
    for surface in (each for each in surfaces if len(each.up) >= _FINE):
        pieces = [level_lines(surface.across, surface.up, surface.values[0], level) for level in levels]
        if sum(map(len, pieces)) <= _MOST_LINES:
            break
    rows = np.concatenate(pieces)
    told = np.repeat([near(level) for level in levels], [len(each) for each in pieces])
    if len(rows) > _MOST_LINES or not len(rows):  # too wild a surface for lines
        return []
    data = inline(x=rows[:, 0], y=rows[:, 1], x2=rows[:, 2], y2=rows[:, 3], level=told)
    tooltip = [alt.Tooltip("level:N", title=str(message("Level")))]
    chart = alt.Chart(data).mark_rule(color=colour, strokeWidth=width, clip=True, strokeCap="round")
    return [chart.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q", tooltip=tooltip)]


def signs_of(surface: Surface, which: int) -> list[alt.Chart]:
    """Return + and - here and there on a map of both signs, whose two hues are one grey in print."""
    values = surface.values[which]
    rows, columns = ([int((2 * k + 1) / (2 * _SIGNS) * size) for k in range(_SIGNS)] for size in values.shape)
    places = [
        (row, column) for row in rows for column in columns if values[row, column] and np.isfinite(values[row, column])
    ]
    signs = ["+" if values[place] > 0 else "\N{MINUS SIGN}" for place in places]
    if len(set(signs)) < 2:
        return []
    data = inline(
        x=[float(surface.across[column]) for _, column in places],
        y=[float(surface.up[row]) for row, _ in places],
        sign=signs,
    )
    chart = alt.Chart(data).mark_text(fontSize=12, color=INK, opacity=0.6)
    return [chart.encode(x="x:Q", y="y:Q", text="sign:N")]


def finished(
    layers: list[Any], given: Given, surface: Surface, subtitle: Message | None, more: Message
) -> alt.LayerChart:
    """Return the whole picture with its headings and what it says in words."""
    x, y = given.free
    return themed(
        alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE).resolve_scale(color="independent"),
        title=given.title,
        subtitle=subtitle,
        description=message(
            "A map of {name} for {x} from {left} to {right} and {y} from {low} to {high}. {more}",
            name=given.title,
            x=to_text(Symbol(x)),
            left=near(surface.across[0]),
            right=near(surface.across[-1]),
            y=to_text(Symbol(y)),
            low=near(surface.up[0]),
            high=near(surface.up[-1]),
            more=more,
        ),
    )


def near(value: float) -> str:
    """Return a number to three digits."""
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
