"""What a slider over thresholds moves: the four counts and the rates that they make.

A slider runs over the places of its stops, not over the thresholds: so it snaps to them, wherever they lie and however
many they are. Everything that moves reads one row of one table, made in Python; the page's arithmetic is a filter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SECOND, inline
from workings.language import Message, message

__all__ = [
    "FULL",
    "PALE",
    "STEPS",
    "Stop",
    "cells_panel",
    "current",
    "heading",
    "readout_panel",
    "slider",
    "stop_rows",
    "threshold_line",
    "threshold_name",
    "told_apart",
]

# The table that everything that moves reads: kept once, at the top of the specification.
STEPS = alt.NamedData(name="steps")
# What lies on the positive side of the threshold is drawn full, the rest pale.
FULL, PALE = 1.0, 0.28
_CELL = 92
_LARGEST = 21  # the size of the four counts, where they are short


@dataclass(frozen=True)
class Stop:
    """A threshold that the slider stops at, and the decisions that it makes."""

    threshold: float
    tp: float
    fp: float
    fn: float
    tn: float

    @property
    def tpr(self) -> float:
        """The share of the positives that is found; NaN where there is none."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def fpr(self) -> float:
        """The share of the negatives that is taken for positive; NaN where there is none."""
        return _share(self.fp, self.fp + self.tn)

    @property
    def tnr(self) -> float:
        """The share of the negatives that is called so; NaN where there is none."""
        return _share(self.tn, self.fp + self.tn)

    @property
    def accuracy(self) -> float:
        """The share of all rows that is decided rightly."""
        return _share(self.tp + self.tn, self.tp + self.fp + self.fn + self.tn)

    @property
    def precision(self) -> float:
        """The share of the rows called positive that are; NaN where none is called so."""
        return _share(self.tp, self.tp + self.fp)


def slider(stops: Sequence[Stop], chosen: float) -> tuple[alt.Parameter, Stop]:
    """Return the slider over the stops, starting at the one nearest to the threshold ``chosen``; and that stop."""
    # Infinity less itself is no distance.
    away = [0.0 if stop.threshold == chosen else abs(stop.threshold - chosen) for stop in stops]
    start = away.index(min(away))
    if len(stops) == 1:
        return alt.param(name="step", value=0), stops[0]
    bind = alt.binding_range(min=0, max=len(stops) - 1, step=1, name=str(message("Threshold")))
    return alt.param(name="step", value=start, bind=bind), stops[start]


def stop_rows(stops: Sequence[Stop], low: float, high: float) -> list[Any]:
    """Return the rows of ``STEPS``; on an axis from ``low`` to ``high``, ``x`` is where the threshold stands."""
    return inline(
        i=range(len(stops)),
        x=[min(max(stop.threshold, low), high) for stop in stops],
        name=[threshold_name(stop.threshold) for stop in stops],
        tpr=[stop.tpr for stop in stops],
        fpr=[stop.fpr for stop in stops],
        tnr=[stop.tnr for stop in stops],
        tp=[stop.tp for stop in stops],
        fp=[stop.fp for stop in stops],
        fn=[stop.fn for stop in stops],
        tn=[stop.tn for stop in stops],
        accuracy=[stop.accuracy for stop in stops],
        precision=[stop.precision for stop in stops],
    ).values


def current() -> alt.Chart:
    """Return a chart of the one row at which the slider stands."""
    return alt.Chart(STEPS).transform_filter("datum.i == step")


def cells_panel(positive: str, negative: str) -> alt.LayerChart:
    """Draw the four counts: rows are actual, columns predicted, the negative class first."""
    names = {
        "tn": (negative, negative, message("true negatives")),
        "fp": (negative, positive, message("false positives")),
        "fn": (positive, negative, message("false negatives")),
        "tp": (positive, positive, message("true positives")),
    }
    cells = inline(
        cell=list(names),
        actual=[actual for actual, _, _ in names.values()],
        predicted=[predicted for _, predicted, _ in names.values()],
        words=[str(words) for _, _, words in names.values()],
        side=[0, 0, 1, 1],
        called=[0, 1, 0, 1],
    )
    order = [negative, positive]
    x = alt.X("predicted:N", sort=order, title=str(message("Predicted"))).axis(
        labelAngle=0, labelLimit=_CELL - 6, domain=False, ticks=False
    )
    y = alt.Y("actual:N", sort=order, title=str(message("Actual"))).axis(labelLimit=74, domain=False, ticks=False)
    ground = (
        alt.Chart(cells)
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None),
            opacity=alt.Opacity("called:Q", scale=alt.Scale(domain=[0, 1], range=[PALE, FULL]), legend=None),
        )
    )
    moving = (
        current()
        .transform_fold(["tn", "fp", "fn", "tp"], as_=["cell", "count"])
        .transform_lookup("cell", from_=alt.LookupData(cells, "cell", ["actual", "predicted", "words", "called"]))
        .encode(
            x=x,
            y=y,
            color=alt.Color("called:N", scale=alt.Scale(domain=[0, 1], range=[INK, "white"]), legend=None),
        )
    )
    counts = (
        moving.transform_calculate(shown="format(datum.count, datum.count < 1e12 ? ',.3~f' : '.4~e')")
        # A digit is some 0.6 of its size wide: millions of rows, and weights, are written smaller to stay in the cell.
        .transform_calculate(size=f"min({_LARGEST}, {(_CELL - 8) / 0.6:.0f} / length(datum.shown))")
        .mark_text(fontWeight=600, dy=-7)
        .encode(text="shown:N", size=alt.Size("size:Q", scale=None, legend=None))
    )
    below = moving.mark_text(fontSize=10, dy=15, limit=_CELL - 4).encode(text="words:N")
    return alt.LayerChart(
        layer=[ground, counts, below], width=2 * _CELL, height=2 * _CELL, title=heading(message("Decisions"))
    ).resolve_scale(color="independent")


def readout_panel() -> alt.LayerChart:
    """Write out the rates at the threshold, a line each."""
    names = {
        "accuracy": message("Accuracy"),
        "tpr": message("Sensitivity (recall)"),
        "tnr": message("Specificity"),
        "precision": message("Precision"),
    }
    words = inline(
        rate=list(names),
        words=[str(name) for name in names.values()],
        undefined=[str(message("undefined"))] * len(names),
    )
    lines = (
        current()
        .transform_fold(list(names), as_=["rate", "value"])
        .transform_lookup("rate", from_=alt.LookupData(words, "rate", ["words", "undefined"]))
        .transform_calculate(shown="isValid(datum.value) ? format(datum.value, '.4f') : datum.undefined")
        .encode(y=alt.Y("rate:N", sort=list(names), axis=None))
    )
    name = lines.mark_text(align="left", color=MUTED, fontSize=11.5).encode(x=alt.value(0), text="words:N")
    value = lines.mark_text(align="right", fontSize=11.5).encode(x=alt.value(2 * _CELL), text="shown:N")
    return alt.LayerChart(layer=[name, value], width=2 * _CELL, height=72)


def threshold_line(title: Message | str, ends: tuple[float, float]) -> list[alt.Chart]:
    """Draw the threshold at which the slider stands on an axis of scores, and write it beside the line."""
    line = current().encode(x=alt.X("x:Q", title=str(title), scale=alt.Scale(domain=list(ends), nice=False)))
    middle = sum(ends) / 2
    words = line.encode(y=alt.value(9), text="name:N")
    return [
        line.mark_rule(color=INK, strokeWidth=1.5),
        words.transform_filter(f"datum.x <= {middle!r}").mark_text(align="left", dx=5, fontWeight=600),
        words.transform_filter(f"datum.x > {middle!r}").mark_text(align="right", dx=-5, fontWeight=600),
    ]


def heading(words: Message) -> alt.Title:
    """Return a panel's heading, placed by the panel's own edge, so that headings side by side stand in a line."""
    return alt.Title(str(words), frame="group")


def threshold_name(threshold: float) -> str:
    """Write a threshold as the slider shows it; at infinity no row is called positive, at minus infinity every one."""
    if math.isinf(threshold):
        return str(message("above every score") if threshold > 0 else message("below every score"))
    return f"{threshold:.6g}"


def told_apart(positive: object, negative: object) -> tuple[str, str]:
    """Return both classes as text, told apart where only their types differ: 1 and "1"."""
    shown = str(positive), str(negative)
    return (f"{shown[0]} (+)", shown[1]) if shown[0] == shown[1] else shown


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
