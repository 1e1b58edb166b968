"""The area under a curve: strips whose number a slider doubles, their errors, and the adaptive rule's subintervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, DASHES, INK, SECOND, SERIES, inline, themed
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.integration import compute, samples
from workings.subjects.integration.expectation import Weighted
from workings.subjects.integration.explain_family import alone
from workings.subjects.integration.integrand import Integrand, as_integrand
from workings.subjects.integration.plot_box import plot_box, plot_integrate_box
from workings.subjects.integration.plot_expectation import plot_expectation, plot_weighted
from workings.subjects.integration.plot_family import plot_family, plot_integrate_family
from workings.subjects.integration.plot_samples import plot_cumulative_trapezoid, plot_simpson, plot_trapezoid
from workings.subjects.integration.result import Integral
from workings.working import plotter, shown

__all__ = [
    "plot_cumulative_trapezoid",
    "plot_expectation",
    "plot_family",
    "plot_integral",
    "plot_integrate",
    "plot_integrate_box",
    "plot_integrate_family",
    "plot_riemann_sum",
    "plot_simpson",
    "plot_trapezoid",
]

Array = NDArray[np.float64]

_DOUBLED = (2, 4, 8, 16, 32, 64, 128)
_CURVE = 401
_WIDTH, _HEIGHT = 320, 240
# Where the curve runs off to a pole, the picture ends at so many times the height that 98 of 100 places stay under.
_POLE = 4.0


@dataclass(frozen=True, eq=False)
class _Curve:
    """What is drawn: the integrand over a finite range, and the value that its strips approach."""

    integrand: Integrand
    low: float
    high: float
    value: float

    def __call__(self, places: Array) -> Array:
        values = self.integrand(np.asarray(places, np.float64).reshape(-1))
        return np.where(np.isfinite(values), values, np.nan).reshape(np.shape(places))


# Strips of a range that is gone through backwards, as they stand in the picture.
_FROM_THE_OTHER_SIDE: dict[samples.StripRule, samples.StripRule] = {
    "left": "right", "right": "left", "midpoint": "midpoint",
}  # fmt: skip


@plotter(compute.integrate)
def plot_integrate(f: Any, a: float, b: float, args: Any = (), **options: Any) -> alt.TopLevelMixin:
    """Return the picture of ``integrate`` with the same arguments."""
    return plot_integral(compute.integrate(f, a, b, args, **options))


@plotter(Integral)
def plot_integral(integral: Integral) -> alt.TopLevelMixin:
    """Return the curve with its subintervals; over finite limits with strips, and their error beside.

    Raises
    ------
    InputError
        If it is the integral of a complex function.
    """
    if isinstance(integral.integrand, Weighted):
        return plot_weighted(integral)
    if isinstance(integral.limits[0], tuple):
        return plot_box(integral)
    if integral.subintervals is None and isinstance(integral.value, float) and integral.args:
        integral = alone(integral)
    cut = integral.subintervals
    if cut is None:
        raise InputError(message("plot: the integral must be one that integrate gave for a real function"))
    a, b = sorted(integral.limits)
    sign = 1.0 if integral.limits[0] <= integral.limits[1] else -1.0
    finite = math.isfinite(a) and math.isfinite(b)
    inner = cut.low[np.isfinite(cut.low)].tolist() + cut.high[np.isfinite(cut.high)].tolist()
    low, high = (a, b) if finite else (min(inner) - _beyond(a, inner), max(inner) + _beyond(b, inner))
    curve = _Curve(
        as_integrand(integral.integrand, integral.args, function="plot"), low, high, sign * float(integral.value)
    )
    below = _subintervals(np.clip(cut.low, low, high), np.clip(cut.high, low, high), cut.double_exponential)
    title = message("The area under the curve: {value}", value=shown(integral.value, 8))
    told = message(
        "A curve from {low} to {high} over its {count} subintervals. The area is {value}, with an estimated error of "
        "{error}.",
        low=shown(low),
        high=shown(high),
        count=len(cut),
        value=shown(integral.value, 8),
        error=shown(integral.error, 2),
    )
    if not finite or not math.isfinite(integral.value):
        picture = alt.vconcat(_curve_panel(curve, []), below, spacing=8, bounds="flush")
        return themed(picture, title=title, description=told)
    moved, strips, words = _strips(curve, "midpoint", _DOUBLED, 2)
    left = alt.vconcat(_curve_panel(curve, [strips, words]), below, spacing=8, bounds="flush")
    picture = alt.concat(left, _errors(curve), columns=2, spacing=60).add_params(moved)
    return themed(
        picture.resolve_scale(color="independent", strokeDash="independent"),
        title=title,
        description=told,
        subtitle=message("Strips as high as f in their middle; the slider doubles them."),
    )


@plotter(samples.riemann_sum)
def plot_riemann_sum(
    f: Any, a: float, b: float, n: int, rule: samples.StripRule = "left", *, args: Any = ()
) -> alt.TopLevelMixin:
    """Return the strips of ``riemann_sum`` under their curve, and their error as they double."""
    area = samples.riemann_sum(f, a, b, n, rule, args=args)
    whole = compute.integrate(f, a, b, args)
    low, high = sorted((float(a), float(b)))
    sign = 1.0 if a <= b else -1.0
    # From b to a, the left end of a strip is the one nearer to a.
    seen = rule if a <= b else _FROM_THE_OTHER_SIDE[rule]
    curve = _Curve(as_integrand(f, args, function="plot"), low, high, sign * float(whole.value))
    counts = sorted({count for count in (*_DOUBLED, n) if count <= max(128, min(n, 512))})
    moved, strips, words = _strips(curve, seen, tuple(counts), counts.index(min(n, counts[-1])))
    panels = (_curve_panel(curve, [strips, words], axis=True), _errors(curve))
    picture = alt.concat(*panels, columns=2, spacing=60).add_params(moved)
    return themed(
        picture.resolve_scale(color="independent", strokeDash="independent"),
        title=message("{n} strips under the curve: {area}", n=n, area=shown(area, 8)),
        description=message(
            "A curve from {low} to {high} with {n} strips under it, whose area is {area}; the integral is {value}.",
            low=shown(low),
            high=shown(high),
            n=n,
            area=shown(area, 8),
            value=shown(whole.value, 8),
        ),
        subtitle=message("The slider doubles the number of strips."),
    )


def _beyond(end: float, inner: list[float]) -> float:
    """Return how far beyond its outermost finite cut an infinite side is drawn."""
    return 0.25 * (max(inner) - min(inner) or 4.0) if math.isinf(end) else 0.0


def _heights(curve: _Curve) -> tuple[float, float]:
    middle = (np.arange(_CURVE) + 0.5) / _CURVE
    values = curve(curve.low + (curve.high - curve.low) * middle)
    seen = values[np.isfinite(values)]
    if not len(seen):
        return 0.0, 1.0
    top, bottom = float(max(seen.max(), 0.0)), float(min(seen.min(), 0.0))
    usual = float(np.quantile(np.abs(seen), 0.98))
    limit = _POLE * usual if usual > 0 else math.inf
    return max(bottom, -limit), min(top, limit)


def _axes(curve: _Curve) -> tuple[alt.X, alt.Y]:
    bottom, top = _heights(curve)
    room = 0.12 * (top - bottom or 1.0)
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[curve.low, curve.high], nice=False))
    scale = alt.Scale(domain=[bottom - (room if bottom < 0 else 0.0), top + room], nice=False)
    return x, alt.Y("y:Q", title=str(message("f(x)")), scale=scale)


def _curve_panel(curve: _Curve, under: list[alt.Chart], *, axis: bool = False) -> alt.LayerChart:
    grid = np.linspace(curve.low, curve.high, _CURVE)
    x, y = _axes(curve)
    rows = alt.Chart(inline(x=grid, y=curve(grid)))
    if not axis:  # the band below has it
        x = x.axis(labels=False, ticks=False)
    line = rows.mark_line(color=INK, strokeWidth=1.8, clip=True).encode(x, y)
    area = [] if under else [rows.mark_area(color=ACCENT, opacity=0.25, clip=True).encode(x, y)]
    return alt.LayerChart(layer=[*under, *area, line], width=_WIDTH, height=_HEIGHT)


def _strips(
    curve: _Curve, rule: samples.StripRule, counts: tuple[int, ...], start: int
) -> tuple[alt.Parameter, alt.Chart, alt.Chart]:
    """Return the slider, the strips at which it stands, and the sentence that says their area."""
    columns: dict[str, list[Any]] = {"step": [], "x": [], "x2": [], "y": []}
    said: list[str] = []
    for step, count in enumerate(counts):
        width = (curve.high - curve.low) / count
        edges = curve.low + (curve.high - curve.low) * np.arange(count + 1) / count
        heights = curve(edges[:-1] + samples.STRIP_RULES[rule] * width)
        columns["step"] += [step] * count
        columns["x"] += edges[:-1].tolist()
        columns["x2"] += edges[1:].tolist()
        columns["y"] += heights.tolist()
        area = width * float(np.nansum(heights))
        off = abs(area - curve.value)
        said.append(str(message("{n} strips: {area}, off by {off}", n=count, area=shown(area, 6), off=_short(off))))
    moved = alt.param(
        name="strips",
        value=start,
        bind=alt.binding_range(min=0, max=len(counts) - 1, step=1, name=str(message("Strips, doubled")) + " "),
    )
    x, y = _axes(curve)
    strips = (
        alt.Chart(inline(**columns))
        .transform_filter("datum.step == strips")
        .mark_rect(color=ACCENT, opacity=0.35, stroke=ACCENT, strokeWidth=0.8, clip=True)
        .encode(x, alt.X2("x2:Q"), y, alt.Y2(datum=0))
    )
    words = (
        alt.Chart(inline(step=list(range(len(counts))), said=said))
        .transform_filter("datum.step == strips")
        .mark_text(align="left", baseline="top", color=INK, fontSize=12.5, fontWeight=600)
        .encode(x=alt.value(6), y=alt.value(2), text="said:N")
    )
    return moved, strips, words


def _subintervals(low: Array, high: Array, ends: NDArray[np.bool_]) -> alt.Chart:
    """Return the subintervals as a band below the curve; those of the other rule are in the second colour."""
    kept = slice(0, 500)
    names = {False: str(message("Gauss-Kronrod")), True: str(message("double-exponential"))}
    rules = [names[bool(settled)] for settled in ends[kept]]
    x = alt.X(
        "x:Q",
        title=str(message("x, and the subintervals of the adaptive rule")),
        scale=alt.Scale(domain=[float(low.min()), float(high.max())], nice=False),
    )
    colour = alt.Color(
        "rule:N",
        title=None,
        scale=alt.Scale(domain=list(names.values()), range=[ACCENT, SECOND]),
        legend=alt.Legend(orient="bottom") if ends.any() else None,
    )
    rows = alt.Chart(inline(x=low[kept], x2=high[kept], rule=rules), width=_WIDTH, height=16)
    return rows.mark_rect(stroke="white", strokeWidth=1.2, opacity=0.8).encode(x, alt.X2("x2:Q"), color=colour)


def _errors(curve: _Curve) -> alt.Chart:
    """Return each rule's error against the number of strips, both on logarithmic axes."""
    names: dict[str, Message] = {
        "left": message("left"),
        "right": message("right"),
        "midpoint": message("midpoint"),
        "trapezoid": message("trapezoid"),
        "simpson": message("Simpson"),
    }
    columns: dict[str, list[Any]] = {"n": [], "error": [], "rule": []}
    floor = 1e-16 * max(abs(curve.value), 1e-300)
    for count in _DOUBLED:
        for rule, area in _areas(curve, count).items():
            off = abs(area - curve.value)
            columns["n"].append(count)
            # 0 has no place on a logarithmic axis, and what is below rounding says nothing.
            columns["error"].append(off if off > floor else math.nan)
            columns["rule"].append(str(names[rule]))
    order = [str(name) for name in names.values()]
    legend = alt.Legend(title=None, orient="bottom", columns=3, symbolType="stroke", symbolSize=300)
    return (
        alt.Chart(inline(**columns), width=270, height=_HEIGHT)
        .mark_line(point=True)
        .encode(
            alt.X(
                "n:Q",
                title=str(message("Number of strips n")),
                scale=alt.Scale(type="log", base=2),
                axis=alt.Axis(values=list(_DOUBLED)),
            ),
            alt.Y(
                "error:Q",
                title=str(message("Error")),
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format=".0e", tickCount=6),
            ),
            alt.Color("rule:N", scale=alt.Scale(domain=order, range=list(SERIES[: len(order)])), legend=legend),
            alt.StrokeDash(
                "rule:N", scale=alt.Scale(domain=order, range=[list(d) for d in DASHES[: len(order)]]), legend=legend
            ),
        )
    )


def _areas(curve: _Curve, count: int) -> dict[str, float]:
    width = (curve.high - curve.low) / count
    edges = curve(curve.low + (curve.high - curve.low) * np.arange(count + 1) / count)
    middle = curve(curve.low + (curve.high - curve.low) * (np.arange(count) + 0.5) / count)
    left, right, middles = (width * float(np.sum(part)) for part in (edges[:-1], edges[1:], middle))
    trapezoid = (left + right) / 2
    return {
        "left": left,
        "right": right,
        "midpoint": middles,
        "trapezoid": trapezoid,
        "simpson": (trapezoid + 2 * middles) / 3,
    }


def _short(value: float) -> str:
    return f"{value:.2g}"
