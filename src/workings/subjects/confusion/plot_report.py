"""The report of the classes as a picture: each class a line, each rate a point on it, the averages below."""

from __future__ import annotations

import math

import altair as alt
import numpy as np

from workings.chart import MUTED, SERIES, inline, themed
from workings.language import message
from workings.subjects.confusion.layout import short_text
from workings.subjects.confusion.plot_matrix import distinct_names
from workings.subjects.confusion.report import ClassReport

__all__ = ["report_picture"]

_MOST_CLASSES, _MOST_RATES = 30, len(SERIES)
_WIDTH, _LINE, _LANE = 300, 24, 7
_SHAPES = ("circle", "diamond", "square", "triangle-up", "triangle-down", "cross", "triangle-right")


def report_picture(report: ClassReport) -> alt.LayerChart:
    """Return the rates of each class and of the averages; of very many classes those with the most rows."""
    shown = np.sort(np.argsort(-report.rows, kind="stable")[:_MOST_CLASSES])
    rates = report.rates[:_MOST_RATES]
    names = distinct_names([*(short_text(report.labels[k]) for k in shown.tolist()), *report.averages])
    lines = list(zip(names, [*report.values[shown], *report.averages.values()], strict=True))
    titles = [str(title) for title in report.titles[:_MOST_RATES]]
    rows = [
        (name, title, float(value))
        for name, values in lines
        for title, value in zip(titles, values[: len(rates)], strict=True)
        if not math.isnan(value)
    ]
    data = inline(
        name=[name for name, *_ in rows], rate=[title for _, title, _ in rows], value=[value for *_, value in rows]
    )
    line = _LINE + _LANE * (len(titles) - 1)
    inside = all(0 <= value <= 1 for *_, value in rows)
    scale = alt.Scale(domain=[0, 1], nice=False) if inside else alt.Scale(zero=True)
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=300)
    y = alt.Y("name:N", sort=names, title=None).axis(ticks=False, domain=False, labelLimit=140, grid=True)
    points = (
        alt.Chart(data)
        .mark_point(size=60, filled=True, opacity=0.9)
        .encode(
            x=alt.X("value:Q", title=str(message("Value of the rate")), scale=scale),
            y=y,
            # Rates that are equal stand below one another.
            yOffset=alt.YOffset("rate:N", sort=titles, scale=alt.Scale(range=[0.2 * line, 0.8 * line])),
            color=alt.Color(
                "rate:N", sort=titles, scale=alt.Scale(domain=titles, range=list(SERIES[: len(titles)])), legend=legend
            ),
            shape=alt.Shape(
                "rate:N", sort=titles, scale=alt.Scale(domain=titles, range=list(_SHAPES[: len(titles)])), legend=legend
            ),
            tooltip=[
                alt.Tooltip("name:N", title=str(message("class"))),
                alt.Tooltip("rate:N", title=str(message("rate"))),
                alt.Tooltip("value:Q", title=str(message("value")), format=".4f"),
            ],
        )
    )
    below = alt.Chart(inline(name=names[len(shown) :][:1])).mark_rule(color=MUTED, strokeWidth=0.75, yOffset=-line // 2)
    return themed(
        alt.LayerChart(layer=[below.encode(y=y), points], width=_WIDTH, height=line * len(names)),
        title=message("The rates of each class"),
        subtitle=message("of the {shown} most frequent of {count} classes", shown=len(shown), count=len(report.labels))
        if len(shown) < len(report.labels)
        else None,
        description=message(
            "The rates of {count} {count:class|classes} as points, and below them their averages: {rates}.",
            count=len(shown),
            rates=", ".join(titles),
        ),
    )
