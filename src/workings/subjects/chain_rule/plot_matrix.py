"""A matrix of derivatives as a picture: which of them are zero, which are numbers, and which change with the point."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from workings.chart import ACCENT, INK, MUTED, inline, themed
from workings.errors import InputError
from workings.expression import to_text
from workings.expression.formula import Formula
from workings.expression.formula.contents import symbols_of
from workings.expression.nodes import Number
from workings.language import Message, message

__all__ = ["plot_matrix"]

# Of so many cells each can still be read; a larger matrix shows its pattern.
_WRITTEN = 64
_MOST = 4_900
_MATHEMATICAL = "'DejaVu Sans', 'Segoe UI', 'Lucida Grande', 'Noto Sans', Arial, sans-serif"


def plot_matrix(
    cells: Sequence[Sequence[Formula]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: Message,
    row_title: Message,
    column_title: Message,
) -> alt.LayerChart:
    """Return the picture of a matrix of formulas.

    Parameters
    ----------
    cells
        The formulas, row by row.
    rows, columns
        What each row and column is called, each by a name of its own.
    title, row_title, column_title
        The heading and the names of the two axes.

    Raises
    ------
    InputError
        If the matrix has no entry, or too many to be seen.
    """
    count = len(rows) * len(columns)
    if count == 0:
        raise InputError(message("plot: the formula must have a variable; got one that is the same everywhere"))
    if count > _MOST:
        raise InputError(
            message(
                "plot: a matrix must have at most {most} entries to be drawn; got {count}; try fewer variables",
                most=_MOST,
                count=count,
            )
        )
    kinds = [message("zero"), message("constant"), message("depends on the point")]
    said = [str(kind) for kind in kinds]
    colours = ["#ffffff", "#cfe3f1", ACCENT]
    every = [(i, j, _kind(cell), to_text(cell.node)) for i, line in enumerate(cells) for j, cell in enumerate(line)]
    written = count <= _WRITTEN
    # A column is as wide as what stands in it, within reason.
    longest = max((len(text) for _, _, _, text in every), default=1)
    letters = min(max(longest, 4), 150 // max(len(columns), 1) + 6, 34)
    side = 7.3 * letters + 14 if written else max(520 / max(len(rows), len(columns)), 4)
    height = 38 if written else side
    data = alt.Chart(
        inline(
            row=[rows[i] for i, *_ in every],
            column=[columns[j] for _, j, *_ in every],
            kind=[said[kind] for _, _, kind, _ in every],
            label=[text if len(text) <= letters else text[: letters - 1] + "…" for *_, text in every],
            told=[text if len(text) <= 400 else text[:399] + "…" for *_, text in every],
            ink=["white" if kind == 2 else INK if kind else MUTED for _, _, kind, _ in every],
        )
    )
    across = alt.X("column:N", sort=list(columns), title=str(column_title), axis=_axis(columns))
    down = alt.Y("row:N", sort=list(rows), title=str(row_title), axis=_axis(rows, turned=True))
    present = sorted({kind for _, _, kind, _ in every})
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=[said[k] for k in present], range=[colours[k] for k in present]),
        legend=alt.Legend(orient="bottom", symbolStrokeColor=MUTED, symbolStrokeWidth=0.5, symbolType="square"),
    )
    tooltip = [
        alt.Tooltip("row:N", title=str(row_title)),
        alt.Tooltip("column:N", title=str(column_title)),
        alt.Tooltip("told:N", title=str(message("Partial derivative"))),
    ]
    layers: list[alt.Chart] = [
        data.mark_rect(stroke="#c9ced3", strokeWidth=1 if count <= 900 else 0.3, opacity=1).encode(
            across, down, color=colour, tooltip=tooltip
        )
    ]
    if written:
        words = data.mark_text(font=_MATHEMATICAL, fontSize=12)
        layers.append(words.encode(across, down, text="label:N", color=alt.Color("ink:N", scale=None)))
    tally = [sum(kind == k for _, _, kind, _ in every) for k in range(3)]
    return themed(
        alt.LayerChart(layer=layers, width=side * len(columns), height=height * len(rows)),
        title=title,
        subtitle=message(
            "Of {count} entries {depend} {depend:depends|depend} on the point; {zero} {zero:is|are} zero.",
            count=sum(tally),
            depend=tally[2],
            zero=tally[0],
        ),
        description=message(
            "A matrix of {rows} {rows:row|rows} and {columns} {columns:column|columns}. Of its entries {zero} "
            "{zero:is|are} zero, {numbers} {numbers:is a number|are numbers} and {depend} {depend:depends|depend} "
            "on the point.",
            rows=len(rows),
            columns=len(columns),
            zero=tally[0],
            numbers=tally[1],
            depend=tally[2],
        ),
    )


def _axis(names: Sequence[str], *, turned: bool = False) -> alt.Axis:
    """Return an axis that writes the names; of many only some."""
    crowded = max(map(len, names), default=0) * len(names) > 70
    return alt.Axis(
        values=list(names[:: -(-len(names) // 40)]),
        labelAngle=-45 if crowded and not turned else 0,
        labelFont=_MATHEMATICAL,
        labelLimit=200,
        titlePadding=24,
        labelOverlap=False,
        grid=False,
        ticks=False,
        domain=False,
    )


def _kind(cell: Formula) -> int:
    if isinstance(cell.node, Number) and cell.node.value == 0:
        return 0
    return 2 if any(True for _ in symbols_of(cell.node)) else 1
