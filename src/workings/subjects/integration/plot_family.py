"""A family of integrals: their values against the parameter, with the band of their errors."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from workings.chart import ACCENT, SECOND, inline, powers_of_ten, retained, themed
from workings.language import Message, message
from workings.subjects.integration.family import IntegralFamily, integrate_family
from workings.working import plotter, shown

__all__ = ["plot_family", "plot_integrate_family"]

_WIDTH, _HEIGHT, _ERRORS = 310, 210, 80
_DRAWN, _DOTTED = 1_000, 80


@plotter(integrate_family)
def plot_integrate_family(f: Any, a: float, b: float, parameters: Any, **options: Any) -> alt.TopLevelMixin:
    """Return the picture of ``integrate_family`` with the same arguments."""
    return plot_family(integrate_family(f, a, b, parameters, **options))


@plotter(IntegralFamily)
def plot_family(family: IntegralFamily) -> alt.TopLevelMixin:
    """Return the values against the parameter (against their number, where there are several), and their errors."""
    count = len(family)
    one = family.parameters.reshape(count, -1).shape[1] == 1
    along = family.parameters.reshape(-1) if one else np.arange(count, dtype=np.float64)
    order = np.argsort(along, kind="stable")
    kept = order[retained(count, _DRAWN)] if count > 1 else order
    x, value, error = along[kept], family.value[kept], family.error[kept]
    settled = family.converged[kept]
    rows = alt.Chart(inline(x=x, y=value, low=value - error, high=value + error, error=error, settled=settled))
    name = str(message("Parameter") if one else message("Member"))
    across = alt.X("x:Q", title=None, scale=alt.Scale(zero=False)).axis(labels=False, ticks=False)
    up = alt.Y("y:Q", title=str(message("Integral")), scale=alt.Scale(zero=False))
    layers = [
        rows.mark_area(color=ACCENT, opacity=0.25).encode(
            across, alt.Y("low:Q", title=str(message("Integral"))), alt.Y2("high:Q")
        ),
        rows.mark_line(color=ACCENT, strokeWidth=1.8).encode(across, up),
    ]
    if not settled.all():
        layers.append(
            rows.transform_filter("!datum.settled")
            .mark_point(color=SECOND, shape="cross", size=70, filled=True, opacity=1)
            .encode(across, up)
        )
    if count <= _DOTTED:
        layers.append(rows.mark_point(color=ACCENT, filled=True, size=30, opacity=1).encode(across, up))
    upper = alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)
    scale, axis = powers_of_ten(error, labels=4)
    below = (
        alt.Chart(inline(x=x, error=np.where(error > 0, error, np.nan)), width=_WIDTH, height=_ERRORS)
        .mark_line(color=SECOND, strokeWidth=1.2, point={"color": SECOND, "size": 14} if count <= _DOTTED else False)
        .encode(
            alt.X("x:Q", title=name, scale=alt.Scale(zero=False)),
            alt.Y(
                "error:Q",
                title=str(message("Estimated error")),
                scale=scale,
                axis=axis,
            ),
        )
    )
    failed = int((~family.converged).sum())
    return themed(
        alt.vconcat(upper, below, spacing=14, bounds="flush"),
        title=message("{count} {count:integral|integrals}", count=count),
        subtitle=message("All converged.")
        if not failed
        else message("Not converged, and marked by a cross: {failed}.", failed=failed),
        description=_in_words(family),
    )


def _in_words(family: IntegralFamily) -> Message:
    count = len(family)
    if np.isnan(family.value).all():
        return message("{count} {count:integral|integrals}, none of which has a value to be drawn.", count=count)
    return message(
        "A curve of {count} {count:integral|integrals} against their parameter, from {low} to {high}, with the "
        "band of their "
        "errors; below it the errors, at most {error}.",
        count=count,
        low=shown(float(np.nanmin(family.value))),
        high=shown(float(np.nanmax(family.value))),
        error=shown(float(np.nanmax(family.error)), 2),
    )
