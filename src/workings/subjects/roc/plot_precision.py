"""Precision against recall: the steps whose area is average precision, and the line of calling every row positive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, DASHES, INK, MUTED, SERIES, inline, themed
from workings.errors import InputError
from workings.language import message
from workings.subjects.roc.plot_curves import MOST_CURVES
from workings.subjects.roc.precision_recall import PrecisionRecallCurve

__all__ = ["precision_curves_picture", "precision_recall_picture"]

_MOST_POINTS, _MOST_OF_SEVERAL = 1_500, 400
_SIDE = 280


def precision_recall_picture(curve: PrecisionRecallCurve) -> alt.LayerChart:
    """Return the curve from the highest threshold to the lowest, the area below shaded.

    Raises
    ------
    InputError
        If there is no positive row, so that recall is undefined.
    """
    average = curve.average_precision
    if math.isnan(average):
        raise _without_positives()
    shown = _along(curve)
    share = float(curve.precision[0])
    steps = inline(
        i=range(len(shown)),
        recall=curve.recall[shown],
        precision=curve.precision[shown],
        threshold=np.append(curve.thresholds, np.nan)[shown],
    )
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    unit = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("recall:Q", title=str(message("Recall (sensitivity)")), scale=unit).axis(values=ticks, format=".1f")
    y = alt.Y("precision:Q", title=str(message("Precision")), scale=unit).axis(
        values=ticks, format=".1f", labelFlush=True
    )
    base = alt.Chart(steps).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("threshold:Q", title=str(message("Threshold")), format=".6~g"),
        alt.Tooltip("recall:Q", title=str(message("Recall (sensitivity)")), format=".4f"),
        alt.Tooltip("precision:Q", title=str(message("Precision")), format=".4f"),
    ]
    chance = alt.Chart(inline(recall=[0, 1], precision=[share, share])).encode(x=x, y=y)
    # Words stand where the curve of a useful score does not go: in the lower left corner.
    words = alt.Chart(
        inline(
            recall=[0.03],
            precision=[0.06],
            area=[str(message("Average precision {area}", area=f"{average:.4f}"))],
        )
    ).encode(x=x, y=y)
    beside = alt.Chart(
        inline(
            recall=[1, 1],
            precision=[share, share],
            words=[str(message("all rows called positive")), f"{share:.4f}"],
            line=[0, 1],
        )
    ).encode(x=x, y=y, text="words:N")
    layers = [
        # In the rows' own order: sorted by recall, points above each other would change places.
        base.encode(y=y.stack(None)).mark_area(color=ACCENT, opacity=0.07, interpolate="step-before", order=False),
        chance.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1),
        base.mark_line(color=ACCENT, interpolate="step-before").encode(order="i:Q"),
        base.mark_point(color=ACCENT, size=36 if len(shown) <= 30 else 0, opacity=1).encode(tooltip=tooltip),
        beside.transform_filter("datum.line == 0").mark_text(align="left", color=MUTED, fontSize=11, dx=6, dy=-5),
        beside.transform_filter("datum.line == 1").mark_text(align="left", color=MUTED, fontSize=11, dx=6, dy=8),
        words.mark_text(align="left", color=INK).encode(text="area:N"),
    ]
    return themed(
        alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE),
        title=message("Precision and recall"),
        description=message(
            "Precision against recall in steps from the highest threshold to the lowest; the area below them, average "
            "precision, is {area}. A dashed line at {share} is the precision of calling every row positive.",
            area=f"{average:.4f}",
            share=f"{share:.4f}",
        ),
    )


def precision_curves_picture(curves: Mapping[str, PrecisionRecallCurve]) -> alt.LayerChart:
    """Return one curve a class, of at most ``MOST_CURVES`` that have positive rows: those with the smallest areas."""
    known = {name: curve for name, curve in curves.items() if not math.isnan(curve.average_precision)}
    shown = sorted(known, key=lambda name: known[name].average_precision)[:MOST_CURVES]
    if not shown:
        raise _without_positives()
    names = [
        str(message("{name}: average precision {area}", name=name, area=f"{known[name].average_precision:.4f}"))
        for name in shown
    ]
    columns: dict[str, list[Any]] = {"recall": [], "precision": [], "i": [], "name": []}
    for name, words in zip(shown, names, strict=True):
        places = _along(known[name], _MOST_OF_SEVERAL)
        columns["recall"] += known[name].recall[places].tolist()
        columns["precision"] += known[name].precision[places].tolist()
        columns["i"] += range(len(places))
        columns["name"] += [words] * len(places)
    unit = alt.Scale(domain=[0, 1], nice=False)
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolType="stroke", symbolSize=500, labelLimit=300)
    lines = (
        alt.Chart(inline(**columns))
        .mark_line(interpolate="step-before")
        .encode(
            x=alt.X("recall:Q", title=str(message("Recall (sensitivity)")), scale=unit),
            y=alt.Y("precision:Q", title=str(message("Precision")), scale=unit),
            order="i:Q",
            color=alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=list(SERIES)), legend=legend),
            strokeDash=alt.StrokeDash(
                "name:N", scale=alt.Scale(domain=names, range=[list(dash) for dash in DASHES]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("name:N", title=str(message("Curve"))),
                alt.Tooltip("recall:Q", title=str(message("Recall (sensitivity)")), format=".4f"),
                alt.Tooltip("precision:Q", title=str(message("Precision")), format=".4f"),
            ],
        )
    )
    return themed(
        alt.LayerChart(layer=[lines], width=_SIDE, height=_SIDE),
        title=message("Precision and recall"),
        description=message("Precision against recall of each class. {areas}.", areas="; ".join(names)),
    )


def _without_positives() -> InputError:
    return InputError(
        message(
            "plot: y_true must have a positive row, or recall is 0/0; got none; look at how the positive class was "
            "chosen"
        )
    )


def _along(curve: PrecisionRecallCurve, most: int = _MOST_POINTS) -> NDArray[np.intp]:
    """Return places on the curve from the highest threshold on, evenly along its way, both ends among them."""
    last = len(curve.recall) - 1
    if last < most:
        return np.arange(last, -1, -1)
    recall, precision = curve.recall[::-1], curve.precision[::-1]
    way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(recall)) + np.abs(np.diff(precision)))])
    evenly = np.searchsorted(way, np.linspace(0.0, way[-1], most))
    return last - np.unique(np.concatenate([[0], np.minimum(evenly, last), [last]]))
