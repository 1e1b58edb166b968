"""How far a curve is known, as a picture: the pointwise band round it."""

from __future__ import annotations

import altair as alt
import numpy as np

from workings.chart import ACCENT, INK, MUTED, inline, themed
from workings.language import message
from workings.subjects.roc.band import CurveBand
from workings.subjects.roc.curve import RocCurve

__all__ = ["band_layers", "band_picture"]

_BAND_POINTS, _MOST_POINTS = 201, 1_500
_SIDE = 300


def band_picture(band: CurveBand) -> alt.LayerChart:
    """Return the curve in its band."""
    curve = RocCurve(band.groups)
    points = curve.thin(_MOST_POINTS)
    unit = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("fpr:Q", title=str(message("False positive rate")), scale=unit)
    y = alt.Y("tpr:Q", title=str(message("True positive rate (sensitivity)")), scale=unit)
    line = alt.Chart(inline(fpr=points.fpr, tpr=points.tpr, i=range(len(points)))).mark_line(color=ACCENT)
    diagonal = alt.Chart(inline(fpr=[0, 1], tpr=[0, 1])).mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1)
    area = str(message("AUC {area}", area=f"{curve.auc:.4f}"))
    words = alt.Chart(inline(fpr=[0.97], tpr=[0.06], area=[area])).mark_text(align="right", color=INK)
    level = f"{100 * band.level:g}"
    layers = [
        *band_layers(band, x, y),
        diagonal.encode(x=x, y=y),
        line.encode(x=x, y=y, order="i:Q"),
        words.encode(x=x, y=y, text="area:N"),
    ]
    low, high = band.at([0.5])
    return themed(
        alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE),
        title=message("How far the curve is known"),
        description=message(
            "ROC curve with an area of {auc} in its pointwise {level} % band. At a false positive rate of 0.5 the band "
            "goes from {low} to {high}.",
            auc=f"{curve.auc:.4f}",
            level=level,
            low=f"{low[0]:.4f}",
            high=f"{high[0]:.4f}",
        ),
    )


def band_layers(band: CurveBand, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the band and its name, to be drawn below a curve on these axes."""
    at = np.linspace(0, 1, _BAND_POINTS)
    low, high = band.at(at)
    name = str(message("{level} % band, pointwise", level=f"{100 * band.level:g}"))
    tooltip = [
        alt.Tooltip("fpr:Q", title=str(message("False positive rate")), format=".3f"),
        alt.Tooltip("tpr:Q", title=str(message("From")), format=".4f"),
        alt.Tooltip("high:Q", title=str(message("To")), format=".4f"),
    ]
    data = alt.Chart(inline(fpr=at, tpr=low, high=high))
    label = alt.Chart(inline(fpr=[0.97], tpr=[0.14], name=[name]))
    return [
        data.mark_area(color=ACCENT, opacity=0.16).encode(x=x, y=y, y2="high:Q", tooltip=tooltip),
        label.mark_text(align="right", color=MUTED, fontSize=10.5).encode(x=x, y=y, text="name:N"),
    ]
