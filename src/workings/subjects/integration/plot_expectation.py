"""An expectation as an area: the density, and below it g times the density, whose area is the expectation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained, themed
from workings.language import Message, message
from workings.subjects.integration.densities import distribution_name
from workings.subjects.integration.expectation import Weighted, expectation
from workings.subjects.integration.explain_expectation import terms_of
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.result import Integral
from workings.working import plotter, shown

__all__ = ["plot_expectation", "plot_weighted"]

Array = NDArray[np.float64]

_WIDTH, _HEIGHT = 320, 150
_PLACES, _BARS = 501, 400
# Between these quantiles a distribution is drawn.
_SEEN = (0.001, 0.999)
# Bars lower than this part of the highest are not seen.
_FAINT = 1e-3


@plotter(expectation)
def plot_expectation(g: Any, distribution: Any, **options: Any) -> alt.TopLevelMixin:
    """Return the picture of ``expectation`` with the same arguments."""
    return plot_weighted(expectation(g, distribution, **options))


def plot_weighted(found: Integral) -> alt.TopLevelMixin:
    """Return the density above, g times the density below; bars where the values of X can be counted."""
    given: Weighted = found.integrand
    discrete = found.subintervals is None
    if discrete:
        terms = terms_of(found)
        # The likeliest, in their order.
        kept = np.sort(np.argsort(-terms.p, kind="stable")[:_BARS])
        size = np.abs(terms.g * terms.p)
        seen = (terms.p > _FAINT * terms.p.max()) | (size > _FAINT * size.max())
        kept = kept[seen[kept]] if bool(seen[kept].any()) else kept
        x, p, product = terms.x[kept], terms.p[kept], (terms.g * terms.p)[kept]
    else:
        x = _places(found, given)
        distribution = given.distribution
        density = distribution.pdf if hasattr(distribution, "pdf") else as_integrand(distribution, function="plot")
        p = np.asarray(density(x), np.float64)
        g = as_integrand(given.g, function="plot")(x)
        product = np.where(p == 0.0, 0.0, g * p)
    mean = _mean(given)
    low, high = float(x.min()), float(x.max())
    room = 0.5 if discrete else 0.0
    scale = alt.Scale(domain=[low - room, high + room], nice=False)
    upper = _panel(
        (x, p), scale, discrete=discrete, mean=mean,
        title=message("P(X = x)") if discrete else message("Density p(x)"), colour=MUTED, last=False,
    )  # fmt: skip
    lower = _panel(
        (x, product), scale, discrete=discrete, mean=mean,
        title=message("g(x)·P(X = x)") if discrete else message("g(x)·p(x)"), colour=ACCENT, last=True,
    )  # fmt: skip
    value = shown(found.value, 8)
    name = (
        None
        if isinstance(given.distribution, Mapping) or not hasattr(given.distribution, "support")
        else (distribution_name(given.distribution))
    )
    title = message("The expectation of g(X) is {value}", value=value)
    if name is not None:
        title = message("X distributed as {name}: the expectation of g(X) is {value}", name=name, value=value)
    return themed(
        alt.vconcat(upper, lower, spacing=14, bounds="flush"),
        title=title,
        subtitle=_subtitle(found, discrete=discrete, mean=mean),
        description=message(
            "Above how likely X is along x from {low} to {high}; below g(x) times that, whose area or sum is the "
            "expectation {value}.",
            low=shown(low),
            high=shown(high),
            value=value,
        ),
    )


def _subtitle(found: Integral, *, discrete: bool, mean: float | None) -> Message:
    if not math.isfinite(found.value) or not found.converged:
        return message("What is shaded has no finite area that could be found.")
    if discrete and mean is not None:
        return message("The bars below add up to it. Dashed: the mean of X, {mean}.", mean=shown(mean))
    if discrete:
        return message("The bars below add up to it.")
    if mean is not None:
        return message("It is the shaded area. Dashed: the mean of X, {mean}.", mean=shown(mean))
    return message("It is the shaded area.")


def _mean(given: Weighted) -> float | None:
    """Return the mean of X, None where it is not known or there is none."""
    if isinstance(given.distribution, Mapping):
        x, p = (np.array(list(part), np.float64) for part in (given.distribution.keys(), given.distribution.values()))
        return float(x @ p) / given.mass if given.mass else None
    if not hasattr(given.distribution, "mean"):
        return None
    mean = float(np.asarray(given.distribution.mean()))
    return mean if math.isfinite(mean) else None


def _places(found: Integral, given: Weighted) -> Array:
    low, high = (float(end) for end in found.limits)
    quantile = getattr(given.distribution, "ppf", None) or getattr(given.distribution, "icdf", None)
    if quantile is not None:
        first, last = (float(np.asarray(quantile(q))) for q in _SEEN)
        # A short range with sharp ends is drawn whole.
        low = low if math.isfinite(low) and first - low < 0.1 * (last - first) else first
        high = high if math.isfinite(high) and high - last < 0.1 * (last - first) else last
    elif found.subintervals is not None and not (math.isfinite(low) and math.isfinite(high)):
        cut = found.subintervals
        ends = np.concatenate([cut.low, cut.high])
        low, high = (float(end) for end in (ends[np.isfinite(ends)].min(), ends[np.isfinite(ends)].max()))
    # In the middle of equal parts: at an end a density may be infinite.
    return low + (high - low) * (np.arange(_PLACES) + 0.5) / _PLACES


def _panel(
    points: tuple[Array, Array],
    scale: alt.Scale,
    *,
    discrete: bool,
    mean: float | None,
    title: Message,
    colour: str,
    last: bool,
) -> alt.LayerChart:
    x, y = points
    seen = y[np.isfinite(y)]
    # A pole of a density would press everything else flat.
    top = float(seen.max()) if len(seen) else 1.0
    usual = 4.0 * float(np.quantile(np.abs(seen), 0.98)) if len(seen) else 1.0
    limits = [max(min(float(seen.min()), 0.0), -usual), min(max(top, 0.0), usual)] if usual > 0 else [0.0, 1.0]
    across = alt.X("x:Q", title=str(message("x")) if last else None, scale=scale)
    across = across if last else across.axis(labels=False, ticks=False)
    up = alt.Y("y:Q", title=str(title), stack=None, scale=alt.Scale(domain=limits, nice=True))
    if discrete:
        wide = max(1.0, min(14.0, 0.7 * _WIDTH / max(float(x.max() - x.min()) + 1.0, 1.0)))
        rows = alt.Chart(inline(x=x, y=y))
        layers = [rows.mark_bar(color=colour, opacity=0.75, width=wide).encode(across, up)]
    else:
        kept = retained(len(x), _PLACES)
        rows = alt.Chart(inline(x=x[kept], y=y[kept]))
        layers = [
            rows.mark_area(color=colour, opacity=0.35 if last else 0.15, clip=True).encode(across, up),
            rows.mark_line(color=INK if last else colour, strokeWidth=1.6, clip=True).encode(across, up),
        ]
    low, high = scale.to_dict()["domain"]
    if mean is not None and low <= mean <= high:
        layers.append(alt.Chart(inline(x=[mean])).mark_rule(color=SECOND, strokeDash=[4, 3]).encode(across))
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)
