"""Two models compared: their curves, and their areas and difference as points with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SERIES, inline, themed
from workings.errors import held_warnings
from workings.language import Message, message
from workings.subjects.confusion.interval import two_sided_quantile
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.plot_curves import curves_panel

__all__ = ["comparison_picture", "curves_compared"]

_LEVEL = 0.95
_SMALL = 0.0001  # what lies below is not written as a power of ten: few fonts have raised digits
_WIDTH = 300
# A name, its value, and the ends of the interval (NaN where there is none).
_Row = tuple[str, float, float, float]


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
        alt.concat(curves_panel(curves, names), _intervals(comparison), columns=2, spacing=110, bounds="flush"),
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
    areas: list[_Row] = []
    for (name, area), variance in zip(_areas(comparison), (comparison.variance_a, comparison.variance_b), strict=True):
        half = z * math.sqrt(variance)
        low, high = (max(0.0, area - half), min(1.0, area + half)) if half >= 0 else (math.nan, math.nan)
        areas.append((str(name), area, low, high))
    with held_warnings():
        # Of an undefined test the verdict says so.
        difference = (str(message("Difference")), comparison.difference, *comparison.interval(_LEVEL))
    above = _points(areas, message("AUC with its 95 % interval"), list(SERIES[:2]))
    below = _points([difference], message("Difference of the AUCs with its 95 % interval"), [ACCENT])
    value = alt.X("value:Q")
    zero = alt.Chart(inline(value=[0])).mark_rule(color=MUTED, strokeDash=[4, 4]).encode(x=value)
    return alt.vconcat(
        alt.LayerChart(layer=above, width=_WIDTH, height=110),
        alt.LayerChart(layer=[zero, *below], width=_WIDTH, height=60),
        spacing=36,
    ).resolve_scale(color="independent", shape="independent")


def _points(rows: list[_Row], title: Message, colours: list[str]) -> list[alt.Chart]:
    names = [name for name, *_ in rows]
    data = inline(
        name=names,
        value=[value for _, value, _, _ in rows],
        low=[low for _, _, low, _ in rows],
        high=[high for _, _, _, high in rows],
        words=[_interval_words(*numbers) for _, *numbers in rows],
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
        # On white: the line of no difference may run through it.
        base.mark_text(dy=-14, fontSize=11.5, stroke="white", strokeWidth=5).encode(
            x=x, text="words:N", color=alt.value("white")
        ),
        base.mark_text(dy=-14, fontSize=11.5).encode(x=x, text="words:N", color=alt.value(INK)),
    ]


def _interval_words(value: float, low: float, high: float) -> str:
    number = f"{value:.4f}".replace("-", "\N{MINUS SIGN}")
    if math.isnan(low):
        return number
    return f"{number} [{low:.4f}, {high:.4f}]".replace("-", "\N{MINUS SIGN}")


def _verdict(comparison: AucComparison) -> Message:
    if not comparison.difference_variance > 0:
        return message("DeLong's paired test is undefined here")
    z = f"{comparison.z:.3f}"
    if comparison.p_value < _SMALL:
        return message("DeLong's paired test: z = {z}, p < {bound}", z=z, bound=f"{_SMALL:g}")
    return message("DeLong's paired test: z = {z}, p = {p}", z=z, p=f"{comparison.p_value:.4f}")


def _description(comparison: AucComparison) -> Message:
    numbers = {
        "first": f"{comparison.auc_a:.4f}",
        "second": f"{comparison.auc_b:.4f}",
        "difference": f"{comparison.difference:.4f}",
        "verdict": _verdict(comparison),
    }
    if not comparison.difference_variance > 0:
        return message("The areas are {first} and {second}; they differ by {difference}. {verdict}.", **numbers)
    low, high = comparison.interval(_LEVEL)
    return message(
        "The areas are {first} and {second}; they differ by {difference}, with the 95 % interval from {low} to {high}. "
        "{verdict}.",
        low=f"{low:.4f}",
        high=f"{high:.4f}",
        **numbers,
    )
