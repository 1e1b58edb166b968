"""The area under a curve: strips whose number a slider changes, their errors, and the adaptive rule's subintervals."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, SECOND, inline, themed
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.integration import compute, samples
from workings.subjects.integration.expectation import Weighted
from workings.subjects.integration.explain_family import alone
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.named import placed
from workings.subjects.integration.plot_box import plot_box, plot_integrate_box
from workings.subjects.integration.plot_expectation import plot_expectation, plot_weighted
from workings.subjects.integration.plot_family import plot_family, plot_integrate_family
from workings.subjects.integration.plot_samples import plot_cumulative_trapezoid, plot_simpson, plot_trapezoid
from workings.subjects.integration.plot_strips import WIDTH, Curve, curve_panel, strip_panels
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

# With so many strips a picture of an integral begins.
_BEGIN = 8
_NONE = ("divergent", "not_finite")
_WARNED = {
    "limit": message("The tolerance was not reached."),
    "rounding": message("The tolerance was not reached."),
    "singular": message("The tolerance was not reached."),
    "divergent": message("The integral seems to diverge."),
    "not_finite": message("f is undefined on a stretch."),
    "nothing_seen": message("f was 0 wherever it was tried."),
}
_EXACT = message("Of this f every rule gives the exact area, with however many strips.")

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
        If it is the integral of a complex function, or its limits are equal.
    """
    if isinstance(integral.integrand, Weighted):
        return plot_weighted(integral)
    if isinstance(integral.limits[0], tuple):
        return plot_box(integral)
    if integral.subintervals is None and isinstance(integral.value, float) and integral.args:
        integral = alone(integral)
    cut = integral.subintervals
    if integral.limits[0] == integral.limits[1]:
        raise InputError(message("plot: the limits must differ; both are {a}", a=shown(integral.limits[0])))
    if cut is None:
        raise InputError(message("plot: the integral must be one that integrate gave for a real function"))
    a, b = sorted(integral.limits)
    sign = 1.0 if integral.limits[0] <= integral.limits[1] else -1.0
    finite = math.isfinite(a) and math.isfinite(b)
    inner = cut.low[np.isfinite(cut.low)].tolist() + cut.high[np.isfinite(cut.high)].tolist()
    low, high = (a, b) if finite else (min(inner) - _beyond(a, inner), max(inner) + _beyond(b, inner))
    curve = Curve(
        as_integrand(integral.integrand, integral.args, function="plot"),
        low,
        high,
        sign * float(integral.value),
        above=True,
    )
    below = _subintervals(np.clip(cut.low, low, high), np.clip(cut.high, low, high), cut.double_exponential)
    warned = _WARNED.get(integral.status.name)
    picture = alt.vconcat(curve_panel(curve, []), below, spacing=8, bounds="flush")
    if not _has_area(integral):
        return themed(
            picture,
            title=message("The curve bounds no area"),
            subtitle=warned,
            description=message(
                "A curve from {low} to {high}, which bounds no area.", low=shown(low), high=shown(high)
            ),
        )
    title = message("The area under the curve: {value}", value=shown(integral.value, 8))
    told = message(
        "A curve from {low} to {high} over its {count} {count:subinterval|subintervals}. The area is {value}, with "
        "an estimated error of {error}.",
        low=shown(low),
        high=shown(high),
        count=len(cut),
        value=shown(integral.value, 8),
        error=shown(integral.error, 2),
    )
    if not finite:
        return themed(picture, title=title, description=told, subtitle=warned)
    moved, strips, errors = strip_panels(curve, "midpoint", _BEGIN)
    left = alt.vconcat(curve_panel(curve, strips), below, spacing=8, bounds="flush")
    return themed(
        _beside(left, errors).add_params(moved),
        title=title,
        description=told,
        subtitle=warned or (message("Strips as high as f in their middle.") if errors else _EXACT),
    )


@plotter(samples.riemann_sum)
def plot_riemann_sum(
    f: Any, a: float, b: float, n: int, rule: samples.StripRule = "left", *, args: Any = ()
) -> alt.TopLevelMixin:
    """Return the strips of ``riemann_sum`` under their curve, and their error as they double."""
    f, args = placed(f, args, function="plot", argument="args")
    area = samples.riemann_sum(f, a, b, n, rule, args=args)
    whole = compute.integrate(f, a, b, args)
    value = float(whole.value) if _has_area(whole) else math.nan
    low, high = sorted((float(a), float(b)))
    sign = 1.0 if a <= b else -1.0
    # From b to a, the left end of a strip is the one nearer to a.
    seen = rule if a <= b else _FROM_THE_OTHER_SIDE[rule]
    curve = Curve(as_integrand(f, args, function="plot"), low, high, sign * value, above=False)
    moved, strips, errors = strip_panels(curve, seen, int(n))
    return themed(
        _beside(curve_panel(curve, strips), errors).add_params(moved),
        title=message("Strips under the curve, n = {n}: {area}", n=n, area=shown(area, 8)),
        description=_endless(low, high)
        if math.isnan(value)
        else message(
            "A curve from {low} to {high}, with strips under it of area {area}; n = {n}. The integral is {value}.",
            low=shown(low),
            high=shown(high),
            n=n,
            area=shown(area, 8),
            value=shown(value, 8),
        ),
        subtitle=message("The curve bounds no area") if math.isnan(value) else None if errors else _EXACT,
    )


def _has_area(integral: Integral) -> bool:
    return math.isfinite(integral.value) and integral.status.name not in _NONE


def _endless(low: float, high: float) -> Message:
    return message("A curve from {low} to {high}, which bounds no area.", low=shown(low), high=shown(high))


def _beside(left: alt.LayerChart | alt.VConcatChart, errors: alt.LayerChart | None) -> alt.ConcatChart:
    panels = [left] if errors is None else [left, errors]
    return alt.concat(*panels, columns=2, spacing=60).resolve_scale(color="independent", strokeDash="independent")


def _beyond(end: float, inner: list[float]) -> float:
    """Return how far beyond its outermost finite cut an infinite side is drawn."""
    return 0.25 * (max(inner) - min(inner) or 4.0) if math.isinf(end) else 0.0


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
    rows = alt.Chart(inline(x=low[kept], x2=high[kept], rule=rules), width=WIDTH, height=16)
    return rows.mark_rect(stroke="white", strokeWidth=1.2, opacity=0.8).encode(x, alt.X2("x2:Q"), color=colour)
