"""What several thresholds decide: the rows by score, the rates by threshold, the four counts, under one slider."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np

from workings.chart import ACCENT, DASHES, SECOND, SERIES, inline, retained, themed
from workings.language import grouped, message
from workings.subjects.confusion.plot_cells import (
    FULL,
    PALE,
    STEPS,
    Stop,
    cells_panel,
    heading,
    readout_panel,
    slider,
    stop_rows,
    threshold_line,
    threshold_name,
    told_apart,
)
from workings.subjects.confusion.thresholds import ThresholdTable

__all__ = ["thresholds_picture"]

_MOST_STOPS = 300
_WIDTH, _HEIGHT = 320, 184
_FEW_ROWS = 60
_FEW_STOPS = 40


def thresholds_picture(table: ThresholdTable) -> alt.ConcatChart:
    """Return the picture; the slider starts at the threshold in the middle."""
    stops = _stops(table)
    negative, positive = table.labels
    positive, negative = told_apart(positive, negative)
    moved, here = slider(stops, stops[len(stops) // 2].threshold)
    low, high = _axis(table, stops)
    cells, rates, readout = (
        cells_panel(positive, negative),
        _rates_panel((low, high), marked=len(stops) <= _FEW_STOPS),
        readout_panel(),
    )
    panels: list[Any] = [rates, alt.vconcat(cells, readout, spacing=42, bounds="flush")]
    if table.scores is not None:
        panels = [_rows_panel(table, positive, negative, (low, high)), cells, rates, readout]
    picture = (
        alt.concat(*panels, columns=2, spacing={"row": 96, "column": 104}, bounds="flush")
        .add_params(moved)
        .resolve_scale(color="independent", strokeDash="independent")
    )
    picture.datasets = {STEPS.name: stop_rows(stops, low, high)}
    return themed(
        picture,
        title=message("What the threshold does"),
        description=message(
            "A slider moves the threshold; the number of its stops is {count}. At {threshold}: true positives {tp}, "
            "false positives {fp}, false negatives {fn}, true negatives {tn}.",
            count=len(stops),
            threshold=threshold_name(here.threshold),
            tp=grouped(f"{here.tp:.6g}"),
            fp=grouped(f"{here.fp:.6g}"),
            fn=grouped(f"{here.fn:.6g}"),
            tn=grouped(f"{here.tn:.6g}"),
        ),
    )


def _stops(table: ThresholdTable) -> list[Stop]:
    """Return each different threshold once, rising; of very many an even choice."""
    order = np.unique(table.thresholds, return_index=True)[1]
    columns = (table.thresholds, table.tp, table.fp, table.fn, table.tn)
    kept = order[retained(len(order), _MOST_STOPS)]
    return [Stop(*map(float, row)) for row in zip(*(column[kept].tolist() for column in columns), strict=True)]


def _axis(table: ThresholdTable, stops: list[Stop]) -> tuple[float, float]:
    """Return the ends of the axis of scores: all rows and all finite thresholds, with a margin on both sides."""
    values = [stop.threshold for stop in stops if math.isfinite(stop.threshold)]
    if table.scores is not None:
        values += [float(table.scores.min()), float(table.scores.max())]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low >= 0 and high <= 1 < high - low + 0.5:
        low, high = 0.0, 1.0
    margin = 0.04 * (high - low) or 0.5
    return low - margin, high + margin


def _rows_panel(table: ThresholdTable, positive: str, negative: str, ends: tuple[float, float]) -> alt.LayerChart:
    """Draw each row at its score in the lane of its class: full where it is called positive, else pale."""
    assert table.scores is not None  # noqa: S101 - asked by the caller
    assert table.actual is not None  # noqa: S101 - kept together with the scores
    few = len(table.scores) <= _FEW_ROWS
    rows = inline(
        score=table.scores.tolist(),
        side=table.actual.astype(int).tolist(),
        actual=[positive if one else negative for one in table.actual.tolist()],
    )
    x = alt.X("score:Q", title=str(message("Score")), scale=alt.Scale(domain=list(ends), nice=False))
    y = alt.Y("actual:N", sort=[negative, positive], title=str(message("Actual"))).axis(
        labelLimit=74, domain=False, ticks=False, grid=False
    )
    placed = (
        alt.Chart(rows)
        .transform_calculate(now="step")
        .transform_lookup("now", from_=alt.LookupData(STEPS, "i", ["x"]))
        .transform_calculate(called="datum.score >= datum.x ? 1 : 0")
        .encode(
            x=x,
            y=y,
            color=alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None),
            opacity=alt.Opacity("called:Q", scale=alt.Scale(domain=[0, 1], range=[PALE, FULL]), legend=None),
            tooltip=[
                alt.Tooltip("actual:N", title=str(message("Actual"))),
                alt.Tooltip("score:Q", title=str(message("Score")), format=".6~g"),
            ],
        )
    )
    marks = placed.mark_point(size=110, filled=True) if few else placed.mark_tick(thickness=1.5, size=52)
    return alt.LayerChart(
        layer=[*threshold_line(message("Score"), ends), marks],
        width=_WIDTH,
        height=_HEIGHT,
        title=heading(message("Scores by actual class")),
    )


def _rates_panel(ends: tuple[float, float], *, marked: bool) -> alt.LayerChart:
    """Draw sensitivity, specificity and precision at each threshold; a point at each if ``marked``."""
    names = {
        "tpr": str(message("Sensitivity (recall)")),
        "tnr": str(message("Specificity")),
        "precision": str(message("Precision")),
    }
    words = inline(rate=list(names), words=list(names.values()))
    domain = list(names.values())
    legend = alt.Legend(title=None, orient="bottom", columns=3, symbolType="stroke", symbolSize=400)
    x = alt.X("x:Q", title=str(message("Threshold")), scale=alt.Scale(domain=list(ends), nice=False))
    base = (
        alt.Chart(STEPS)
        .transform_fold(list(names), as_=["rate", "value"])
        .transform_lookup("rate", from_=alt.LookupData(words, "rate", ["words"]))
        .encode(
            x=x,
            # Above 1 stands the threshold, where no curve is.
            y=alt.Y("value:Q", title=str(message("Rate")), scale=alt.Scale(domain=[0, 1.12], nice=False)).axis(
                format=".1f", values=[0, 0.2, 0.4, 0.6, 0.8, 1]
            ),
            color=alt.Color("words:N", scale=alt.Scale(domain=domain, range=list(SERIES)), legend=legend),
            strokeDash=alt.StrokeDash(
                "words:N", scale=alt.Scale(domain=domain, range=[list(dash) for dash in DASHES]), legend=legend
            ),
        )
    )
    # Points close together would hide the dashes by which the lines are told apart in print.
    points = base.mark_point(size=40, opacity=1 if marked else 0).encode(
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Threshold"))),
            alt.Tooltip("words:N", title=str(message("Rate"))),
            alt.Tooltip("value:Q", title=str(message("Value")), format=".4f"),
        ]
    )
    return alt.LayerChart(
        layer=[base.mark_line(), points, *threshold_line(message("Threshold"), ends)],
        width=_WIDTH,
        height=_HEIGHT,
        title=heading(message("Rates by threshold")),
    )
