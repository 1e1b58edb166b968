"""Several ROC curves in one picture, each told apart by its colour and its dashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from workings.chart import DASHES, MUTED, SERIES, inline, themed
from workings.language import message
from workings.subjects.roc.curve import RocCurve

__all__ = ["MOST_CURVES", "curves_panel", "curves_picture"]

MOST_CURVES = len(SERIES)
_MOST_POINTS = 400  # a curve; seven curves make 2,800 rows
_SIDE = 300


def curves_picture(curves: Mapping[str, RocCurve]) -> alt.LayerChart:
    """Return one ROC curve a class (or a score), at most ``MOST_CURVES``: those with the smallest areas."""
    shown = sorted(curves, key=lambda name: float(curves[name].auc))[:MOST_CURVES]
    names = [str(message("{name}: AUC {area}", name=name, area=f"{float(curves[name].auc):.4f}")) for name in shown]
    return themed(
        curves_panel([curves[name] for name in shown], names),
        title=message("ROC curves"),
        description=message("ROC curves above the diagonal of a coin. {areas}.", areas="; ".join(names)),
    )


def curves_panel(curves: Sequence[RocCurve], names: Sequence[str], *, side: int = _SIDE) -> alt.LayerChart:
    """Draw curves with the diagonal below them and a legend of their names, which must differ."""
    fpr: list[float] = []
    tpr: list[float] = []
    i: list[int] = []
    name: list[str] = []
    for curve, words in zip(curves, names, strict=True):
        thin = curve.thin(_MOST_POINTS)
        fpr += map(float, thin.fpr)
        tpr += map(float, thin.tpr)
        i += range(len(thin.fpr))
        name += [words] * len(thin.fpr)
    unit = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("fpr:Q", title=str(message("False positive rate")), scale=unit)
    y = alt.Y("tpr:Q", title=str(message("True positive rate (sensitivity)")), scale=unit)
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolType="stroke", symbolSize=500, labelLimit=300)
    lines = (
        alt.Chart(inline(fpr=fpr, tpr=tpr, i=i, name=name))
        .mark_line()
        .encode(
            x=x,
            y=y,
            order="i:Q",
            color=alt.Color(
                "name:N", sort=list(names), scale=alt.Scale(domain=list(names), range=list(SERIES)), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "name:N", scale=alt.Scale(domain=list(names), range=[list(dash) for dash in DASHES]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("name:N", title=str(message("Curve"))),
                alt.Tooltip("tpr:Q", title=str(message("True positive rate (sensitivity)")), format=".4f"),
                alt.Tooltip("fpr:Q", title=str(message("False positive rate")), format=".4f"),
            ],
        )
    )
    diagonal = alt.Chart(inline(fpr=[0, 1], tpr=[0, 1])).mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1)
    return alt.LayerChart(layer=[diagonal.encode(x=x, y=y), lines], width=side, height=side)
