"""The ROC curve, the scores and the four counts under one slider: what a threshold does to all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, themed
from workings.language import Message, message
from workings.subjects.confusion.plot_cells import (
    FULL,
    PALE,
    STEPS,
    Stop,
    cells_panel,
    current,
    heading,
    readout_panel,
    slider,
    stop_rows,
    threshold_line,
    threshold_name,
    told_apart,
)
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.histogram import ScoreHistogram
from workings.subjects.roc.plot_band import band_layers

__all__ = ["area_words", "retained_thresholds", "threshold_picture"]

_RETAINED = 400
_BINS = 40
_LEVEL = 0.95
_SIDE = 280
_CROWDED, _UNSEEN = 0.3, 0.04


def retained_thresholds(curve: RocCurve, also: Sequence[float] = (), limit: int = _RETAINED) -> list[Stop]:
    """Return the thresholds that the slider stops at, from the lowest to above every score.

    Parameters
    ----------
    curve
        The curve; about ``limit`` of its thresholds are retained, those that keep its shape.
    also
        Thresholds that must be among them: the chosen one, those of the table.
    limit
        How many of the curve's own thresholds to retain.
    """
    points = curve.thin(limit)
    columns = (points.thresholds, points.tp, points.fp, points.fn, points.tn)
    steps = {float(t): Stop(float(t), *map(_plain, counts)) for t, *counts in zip(*columns, strict=True)}
    for threshold in also:
        cells = curve.confusion_at(threshold).cells
        steps[float(threshold)] = Stop(float(threshold), *map(_plain, cells))
    return [steps[threshold] for threshold in sorted(steps)]


def threshold_picture(
    curve: RocCurve,
    retained: Sequence[Stop],
    chosen: float,
    *,
    positive: str,
    negative: str,
    score: str | None = None,
    interval: tuple[float, float] | None = None,
) -> alt.ConcatChart:
    """Return the curve, the histogram and the four counts, all moved by one slider.

    Parameters
    ----------
    curve
        Whose histogram and area are shown.
    retained
        What the slider stops at, in increasing order.
    chosen
        Where it starts (the retained threshold nearest to it).
    positive, negative
        The two classes as they are shown.
    score
        The score's name, for its axis.
    interval
        The area's 95 % interval, where there is one.
    """
    histogram = _histogram(curve)
    positive, negative = told_apart(positive, negative)
    moved, here = slider(retained, chosen)
    panels = [
        _curve_panel(here, curve, interval),
        _histogram_panel(histogram, positive, negative, score),
        alt.vconcat(cells_panel(positive, negative), readout_panel(), spacing=42, bounds="flush"),
    ]
    picture = (
        alt.concat(*panels, columns=3, spacing={"row": 84, "column": 104}, bounds="flush")
        .add_params(moved)
        .resolve_scale(color="independent")
    )
    picture.datasets = {STEPS.name: stop_rows(retained, *_ends(histogram))}
    return themed(
        picture,
        title=message("What the threshold does"),
        description=_description(
            curve.weighted,
            auc=f"{float(curve.auc):.4f}",
            negative=negative,
            positive=positive,
            threshold=threshold_name(here.threshold),
            tpr=f"{here.tpr:.4f}",
            fpr=f"{here.fpr:.4f}",
            count=len(retained),
        ),
    )


def _description(weighted: bool, **values: Any) -> Message:
    if weighted:
        return message(
            "ROC curve with an area of {auc}; below it the diagonal of a coin. Beside it the scores of {negative} and "
            "{positive}, and the four counts. At the threshold {threshold} the sensitivity is {tpr} and the false "
            "positive rate {fpr}; a slider moves the threshold over {count} values.",
            **values,
        )
    return message(
        "ROC curve with an area of {auc} in its pointwise 95 % band; below it the diagonal of a coin. Beside it the "
        "scores of {negative} and {positive}, and the four counts. At the threshold {threshold} the sensitivity is "
        "{tpr} and the false positive rate {fpr}; a slider moves the threshold over {count} values.",
        **values,
    )


def _curve_panel(start: Stop, curve: RocCurve, interval: tuple[float, float] | None) -> alt.LayerChart:
    area = float(curve.auc)
    unit = alt.Scale(domain=[0, 1], nice=False)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    x = alt.X("fpr:Q", title=str(message("False positive rate")), scale=unit).axis(values=ticks, format=".1f")
    y = alt.Y("tpr:Q", title=str(message("True positive rate (sensitivity)")), scale=unit).axis(
        values=ticks, format=".1f", labelFlush=True
    )
    points = alt.Chart(STEPS).encode(x=x, y=y)
    moving = current().encode(x=x, y=y)
    ends = alt.Chart(inline(fpr=[0, 1], tpr=[0, 1])).encode(x=x, y=y)
    mark = alt.Chart(inline(fpr=[start.fpr], tpr=[start.tpr])).encode(x=x, y=y)
    words = alt.Chart(inline(fpr=[0.97], tpr=[0.06], area=[str(area_words(area, interval))])).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("name:N", title=str(message("Threshold"))),
        alt.Tooltip("tpr:Q", title=str(message("True positive rate (sensitivity)")), format=".4f"),
        alt.Tooltip("fpr:Q", title=str(message("False positive rate")), format=".4f"),
    ]
    layers = [
        # In the rows' own order: sorted by FPR, points above each other would change places.
        points.mark_area(color=ACCENT, opacity=0.07, order=False, tooltip=None).encode(y=y.stack(None)),
        *([] if curve.weighted else band_layers(curve.band(_LEVEL), x, y)),
        ends.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1),
        points.mark_line(color=ACCENT).encode(order="i:Q"),
        mark.mark_point(color=INK, filled=False, size=150, strokeWidth=1.2, opacity=1),
        moving.mark_rule(color=SECOND, strokeDash=[2, 2]).encode(y2=alt.datum(0)),
        moving.mark_rule(color=SECOND, strokeDash=[2, 2]).encode(x2=alt.datum(0)),
        moving.mark_point(color=SECOND, size=110, opacity=1, stroke="white", strokeWidth=1.5).encode(tooltip=tooltip),
        words.mark_text(align="right", color=INK).encode(text="area:N"),
    ]
    return alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE, title=heading(message("ROC curve")))


def _histogram_panel(histogram: ScoreHistogram, positive: str, negative: str, score: str | None) -> alt.LayerChart:
    """Draw the negatives upward and the positives downward, each as a share of its class: the rows of the matrix."""
    edges = histogram.edges.tolist()
    low, high = _ends(histogram)
    up = (histogram.negatives / histogram.negatives.sum()).tolist()
    down = (histogram.positives / histogram.positives.sum()).tolist()
    tallest, shortest = max(*up, *down), min(share for share in (*up, *down) if share)
    top = tallest * 1.18
    bins = len(up)
    rows = inline(
        left=edges[:-1] * 2,
        right=edges[1:] * 2,
        share=[*up, *(-share for share in down)],
        size=[*up, *down],
        count=[*histogram.negatives, *histogram.positives],
        actual=[negative] * bins + [positive] * bins,
        side=[0] * bins + [1] * bins,
        zero=[0] * (2 * bins),
    )
    # Where most of a class lies in one bin, the few that went astray would not be seen on a plain axis.
    crowded = shortest < _UNSEEN * tallest and tallest > _CROWDED
    words = message("Share of each class (square-root axis)") if crowded else message("Share of each class")
    scale = alt.Scale(domain=[-top, top], nice=False, type="sqrt" if crowded else "linear")
    name = score or str(message("Score"))
    x = alt.X("left:Q", title=name, scale=alt.Scale(domain=[low, high], nice=False)).axis(titleLimit=_SIDE)
    y = alt.Y(
        "share:Q",
        title=str(words),
        scale=scale,
        axis=alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=6),
    )
    colour = alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None)
    # The threshold's position joins every bin, and cuts the one in which it lies.
    bars = alt.Chart(rows).mark_bar(strokeWidth=0).encode(x=x, x2="right:Q", y=y, y2="zero:Q", color=colour)
    tooltip = [
        alt.Tooltip("actual:N", title=str(message("Actual"))),
        alt.Tooltip("left:Q", title=str(message("From")), format=".4~g"),
        alt.Tooltip("right:Q", title=str(message("To")), format=".4~g"),
        alt.Tooltip("count:Q", title=str(message("Rows")), format=",.6~g"),
    ]
    pale = bars.encode(opacity=alt.value(PALE), tooltip=tooltip)
    full = (
        bars.transform_calculate(now="step")
        .transform_lookup("now", from_=alt.LookupData(STEPS, "i", ["x"]))
        .transform_calculate(left="max(datum.left, datum.x)")
        .transform_filter("datum.left < datum.right")
        .encode(opacity=alt.value(FULL), tooltip=tooltip)
    )
    # Each class is named in the corner where its scores should not be.
    corners = alt.Chart(inline(actual=[negative, positive], side=[0, 1])).encode(text="actual:N", color=colour)
    above = corners.transform_filter("datum.side == 0").mark_text(align="right", limit=150)
    below = corners.transform_filter("datum.side == 1").mark_text(align="left", limit=150)
    layers = [
        pale,
        full,
        alt.Chart(inline(share=[0])).mark_rule(color=MUTED, strokeWidth=1).encode(y=y),
        *threshold_line(name, (low, high)),
        above.encode(x=alt.value(_SIDE - 4), y=alt.value(26)),
        below.encode(x=alt.value(4), y=alt.value(_SIDE - 10)),
    ]
    return alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE, title=heading(message("Scores by actual class")))


def _histogram(curve: RocCurve) -> ScoreHistogram:
    """Return the scores by class; probabilities that fill most of [0, 1] are given all of it."""
    found = curve.histogram(_BINS)
    low, high = _ends(found)
    return (
        curve.histogram([k / _BINS for k in range(_BINS + 1)]) if low >= 0 and high <= 1 < high - low + 0.5 else found
    )


def _ends(histogram: ScoreHistogram) -> tuple[float, float]:
    return float(histogram.edges[0]), float(histogram.edges[-1])


def area_words(area: float, interval: tuple[float, float] | None) -> Message:
    """Return the area in words, with its interval where there is one."""
    if interval is None:
        return message("AUC {area}", area=f"{area:.4f}")
    low, high = interval
    return message("AUC {area} [{low}, {high}]", area=f"{area:.4f}", low=f"{low:.4f}", high=f"{high:.4f}")


def _plain(value: Any) -> float:
    number = float(value)
    return int(number) if number.is_integer() else number
