"""The panels of which pictures of images, windows, filters and feature maps are made: squares in grey or in colour."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline
from workings.language import Message, grouped, message

__all__ = [
    "DARK",
    "cells",
    "coloured",
    "grey",
    "ink",
    "minus_in",
    "number",
    "outlined",
    "panel",
    "side_lengths",
    "signed",
    "squares",
    "words_in",
    "words_of",
]

Array = NDArray[Any]

# Beyond this share of a scale white text reads on it better than black, or the other way about on greys.
DARK = 0.55
# Up to this share of a scale a colour is nearly white.
_FAINT = 0.1
_FRAME = 2.5


def cells(values: Array, part: tuple[tuple[int, int], tuple[int, int]]) -> alt.InlineData:
    """Return the cells of a part of a matrix: their numbers, counted from 1, and their values."""
    (top, bottom), (left, right) = part
    shown = values[top : bottom + 1, left : right + 1]
    rows, columns = np.indices(shown.shape)
    return inline(
        row=(rows.reshape(-1) + top + 1).tolist(),
        column=(columns.reshape(-1) + left + 1).tolist(),
        value=shown.reshape(-1).tolist(),
        words=words_of(shown.reshape(-1)),
    )


def squares(
    data: Any,
    x: str,
    y: str,
    across: tuple[float, float],
    down: tuple[float, float],
    *,
    ticks: tuple[tuple[int, int], tuple[int, int]] | None = None,
) -> alt.Chart:
    """Return squares from half a place before to half a place behind each row and column; with axes if ``ticks`` are.

    ``ticks`` are the first and last column, and the first and last row, counted from 0.
    """
    axes: list[alt.Axis | None] = [None, None]
    titles: list[str | None] = [None, None]
    if ticks is not None:
        axes = [
            alt.Axis(
                values=sorted({low + 1, high + 1}), format="d", grid=False, domain=False, tickSize=0, titlePadding=2
            )
            for low, high in ticks
        ]
        titles = [str(message("column")), str(message("row"))]
    scales = [
        alt.Scale(domain=list(ends), nice=False, zero=False, reverse=turned)
        for ends, turned in ((across, False), (down, True))
    ]
    return (
        alt.Chart(data)
        .transform_calculate(
            left=f"datum.{x} - 0.5", right=f"datum.{x} + 0.5", top=f"datum.{y} - 0.5", bottom=f"datum.{y} + 0.5"
        )
        .encode(
            x=alt.X("left:Q", scale=scales[0], axis=axes[0], title=titles[0]),
            x2="right:Q",
            y=alt.Y("top:Q", scale=scales[1], axis=axes[1], title=titles[1]),
            y2="bottom:Q",
        )
    )


def side_lengths(across: tuple[float, float], down: tuple[float, float], longer: float) -> tuple[float, float]:
    """Return width and height in pixels, such that a place is a square."""
    width, height = across[1] - across[0], down[1] - down[0]
    unit = longer / max(width, height)
    return unit * width, unit * height


def coloured(grid: alt.Chart, scale: alt.Scale, legend: alt.Legend | None = None) -> alt.Chart:
    """Fill the squares, each a little beyond its edge: else the ground would shine through between them as a net."""
    tooltip = [
        alt.Tooltip("row:Q", title=str(message("row"))),
        alt.Tooltip("column:Q", title=str(message("column"))),
        alt.Tooltip("words:N", title=str(message("Value"))),
    ]
    colour = alt.Color("value:Q", scale=scale, legend=legend)
    return grid.mark_rect(x2Offset=0.6, y2Offset=0.6).encode(color=colour, tooltip=tooltip)


def words_in(grid: alt.Chart, colour: Any) -> alt.Chart:
    """Write the numbers into the middle of their squares."""
    return _in_the_middle(grid, colour).encode(text="words:N")


def minus_in(grid: alt.Chart, most: float) -> alt.Chart:
    """Write a minus into the squares below 0 that have a colour to speak of: in a grey print both signs have one."""
    below = grid.transform_filter(f"datum.value < {-_FAINT * most}")
    return _in_the_middle(below, ink(f"abs(datum.value) > {DARK * most}")).encode(text=alt.value("\N{MINUS SIGN}"))


def _in_the_middle(grid: alt.Chart, colour: Any) -> alt.Chart:
    # A chart of its own: squares have a second end, which words have not. The axes are one with those of the squares.
    x, y = ({"axis": each["axis"], "title": each["title"]} for each in (grid.encoding.x, grid.encoding.y))
    return (
        alt.Chart(grid.data, transform=list(grid.transform))
        .transform_calculate(middle="(datum.left + datum.right) / 2", centre="(datum.top + datum.bottom) / 2")
        .mark_text(fontSize=11)
        .encode(x=alt.X("middle:Q", **x), y=alt.Y("centre:Q", **y), color=colour)
    )


def ink(dark: str) -> Any:
    """Return white for words where a condition says that the ground is dark, else black."""
    return alt.condition(dark, alt.value("white"), alt.value(INK))


def grey(values: Array) -> tuple[alt.Scale, float]:
    """Return black to white over the values, and the middle between them."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    high = high if high > low else low + 1.0
    return alt.Scale(domain=[low, high], range=["#23282e", "white"], interpolate="rgb"), low + DARK * (high - low)


def signed(values: Array) -> tuple[alt.Scale, float]:
    """Return white for 0, blue above and vermilion below, as strong as far from it; and the greatest distance."""
    finite = np.abs(values[np.isfinite(values)])
    most = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return alt.Scale(domain=[-most, 0, most], range=[SECOND, "white", ACCENT], interpolate="rgb"), most


def outlined(place: alt.Chart) -> list[alt.Chart]:
    """Return the outline of a square, in white below, so that it is seen on a ground of its own colour."""
    return [
        place.mark_rect(filled=False, stroke=stroke, strokeWidth=width)
        for stroke, width in (("white", _FRAME + 3), (SECOND, _FRAME))
    ]


def panel(layers: list[Any], title: Message, sides: tuple[float, float], *, outline: bool = False) -> alt.LayerChart:
    """Return layers under a heading, in a frame, or in the second colour's outline."""
    view = alt.ViewConfig(stroke=MUTED, strokeWidth=0.75)
    if outline:
        # A mark, for the frame would lie below the squares.
        frame = alt.Chart(alt.InlineData(values=[{}])).mark_rect(filled=False, stroke=SECOND, strokeWidth=_FRAME)
        (x, y), half = sides, _FRAME / 2
        ends = {"x": alt.value(half), "x2": alt.value(x - half), "y": alt.value(half), "y2": alt.value(y - half)}
        layers = [*layers, frame.encode(**ends)]
    heading = alt.TitleParams(text=str(title), fontSize=12, fontWeight="normal", anchor="start", offset=6)
    return alt.LayerChart(layer=layers, title=heading, view=view, width=sides[0], height=sides[1])


def number(value: float) -> str:
    """Return a number as it is written into a picture."""
    text = grouped(f"{value:.0f}") if 1_000 <= abs(value) < 1e7 else f"{value:.4g}"
    digits, e, power = text.partition("e")
    return f"{digits}{e}{int(power) if e else ''}".replace("-", "−")


def words_of(values: Array) -> list[str]:
    """Return numbers as they are written into a picture."""
    return [number(value) for value in values.tolist()]
