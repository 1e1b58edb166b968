"""Two models compared: their curves, and their areas and difference as points with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt

from workings.chart import ACCENT, MUTED, SERIES, inline, themed
from workings.language import Message, message
from workings.subjects.confusion.interval import two_sided_quantile
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.plot_curves import curves_panel

__all__ = ["comparison_picture", "curves_compared"]

_LEVEL = 0.95
_WIDTH = 300


def comparison_picture(comparison: AucComparison) -> alt.VConcatChart:
    """Return both areas, and below them their difference, as points with 95 % intervals."""
    return themed(
        _intervals(comparison),
        title=message("Two areas compared"),
        subtitle=_verdict(comparison),
        description=_description(comparison),
    )


def curves_compared(comparison: AucComparison, curves: Sequence[RocCurve]) -> alt.ConcatChart:
    """Return the two curves and, beside them, the areas and their difference."""
    names = [_with_area(name, area) for name, area in _areas(comparison)]
    return themed(
        alt.concat(curves_panel(curves, names), _intervals(comparison), columns=2, spacing=60, bounds="flush"),
        title=message("Two curves compared"),
        subtitle=_verdict(comparison),
        description=_description(comparison),
    )


def _areas(comparison: AucComparison) -> tuple[tuple[Message, float], tuple[Message, float]]:
    return (message("First score"), comparison.auc_a), (message("Second score"), comparison.auc_b)


def _with_area(name: Message, area: float) -> str:
    return str(message("{name}: AUC {area}", name=name, area=f"{area:.4f}"))


def _intervals(comparison: AucComparison) -> alt.VConcatChart:
    z = two_sided_quantile(_LEVEL, function="plot")
    halves = [z * math.sqrt(variance) for variance in (comparison.variance_a, comparison.variance_b)]
    names = [str(name) for name, _ in _areas(comparison)]
    values = [value for _, value in _areas(comparison)]
    above = _points(
        names,
        values,
        [max(0.0, value - half) for value, half in zip(values, halves, strict=True)],
        [min(1.0, value + half) for value, half in zip(values, halves, strict=True)],
        message("AUC with its 95 % interval"),
        list(SERIES[:2]),
    )
    low, high = comparison.interval(_LEVEL)
    below = _points(
        [str(message("Difference"))],
        [comparison.difference],
        [low],
        [high],
        message("Difference of the AUCs with its 95 % interval"),
        [ACCENT],
    )
    value = alt.X("value:Q")
    zero = alt.Chart(inline(value=[0])).mark_rule(color=MUTED, strokeDash=[4, 4]).encode(x=value)
    return alt.vconcat(
        alt.LayerChart(layer=above, width=_WIDTH, height=110),
        alt.LayerChart(layer=[zero, *below], width=_WIDTH, height=60),
        spacing=36,
    ).resolve_scale(color="independent", shape="independent")


def _points(
    names: list[str], values: list[float], low: list[float], high: list[float], title: Message, colours: list[str]
) -> list[alt.Chart]:
    data = inline(
        name=names,
        value=values,
        low=low,
        high=high,
        words=[_interval_words(*one) for one in zip(values, low, high, strict=True)],
    )
    x = alt.X("value:Q", title=str(title), scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=6))
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", sort=names, title=None).axis(ticks=False, domain=False, labelPadding=8, labelFontSize=12),
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=colours), legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Curve"))),
            alt.Tooltip("value:Q", title=str(message("Value")), format=".4f"),
            alt.Tooltip("low:Q", title=str(message("From")), format=".4f"),
            alt.Tooltip("high:Q", title=str(message("To")), format=".4f"),
        ],
    )
    return [
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=90, opacity=1).encode(
            x=x, shape=alt.Shape("name:N", scale=alt.Scale(domain=names, range=["circle", "diamond"]), legend=None)
        ),
        base.mark_text(dy=-14, fontSize=11.5).encode(x=x, text="words:N"),
    ]


def _interval_words(value: float, low: float, high: float) -> str:
    number = f"{value:.4f}".replace("-", "\N{MINUS SIGN}")
    if math.isnan(low):
        return number
    return f"{number} [{low:.4f}, {high:.4f}]".replace("-", "\N{MINUS SIGN}")


def _verdict(comparison: AucComparison) -> Message:
    if not comparison.difference_variance > 0:
        return message("DeLong's paired test is undefined here")
    return message(
        "DeLong's paired test: z = {z}, p = {p}",
        z=f"{comparison.z:.3f}".replace("-", "\N{MINUS SIGN}"),
        p=f"{comparison.p_value:.3g}",
    )


def _description(comparison: AucComparison) -> Message:
    low, high = comparison.interval(_LEVEL)
    return message(
        "The areas are {first} and {second}; they differ by {difference}, with the 95 % interval from {low} to {high}. "
        "{verdict}.",
        first=f"{comparison.auc_a:.4f}",
        second=f"{comparison.auc_b:.4f}",
        difference=f"{comparison.difference:.4f}",
        low=f"{low:.4f}",
        high=f"{high:.4f}",
        verdict=_verdict(comparison),
    )
