r"""The cost of a line over its slope and intercept: contours, and the path that the descent took through them.

Of squared errors the contours are ellipses about the minimum, :math:`J = J^* + \frac12 (θ - θ^*)^T H (θ - θ^*)`: they
are drawn by this formula, not from a grid, so that the narrowest valley has its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline
from workings.language import Message, message
from workings.subjects.regression.plot_rows import ITERATES, Iterates

__all__ = ["Surface", "places_of", "surface_of", "surface_panel"]

Array = NDArray[np.float64]

# Each contour lies so many times higher over the minimum than the next one inside it.
_RATIO = 4.0
_LEVELS, _POINTS = 9, 73
# Of columns far from zero (for their spread) m and b pull on the cost nearly alike: from this correlation on the
# ellipses are so thin that the height of the line over the mean of x is drawn instead of b, which turns them upright.
_THIN = 0.97


@dataclass(frozen=True, eq=False)
class Surface:
    """A quadratic cost over slope and intercept.

    Parameters
    ----------
    minimum
        (2,) slope and intercept where the cost is least, or the slope and the height over the mean of x.
    least
        The cost there.
    curvature
        (2, 2) second derivatives of the cost by the two.
    mean
        The mean of x where the second is the height over it, None where it is the intercept.
    """

    minimum: Array
    least: float
    curvature: Array
    mean: float | None

    def second(self, slope: Array, intercept: Array) -> Array:
        """Return what stands on the vertical axis: the intercept, or the height over the mean of x."""
        return intercept if self.mean is None else intercept + slope * self.mean

    def cost(self, slope: Array, second: Array) -> Array:
        """Return the cost at places of the picture."""
        m, h = slope - self.minimum[0], second - self.minimum[1]
        (a, b), (_, d) = self.curvature
        return self.least + 0.5 * (a * m * m + 2.0 * b * m * h + d * h * h)


def surface_of(x: Array, y: Array, weight: Array | None, alpha: float) -> Surface | None:
    """Return the cost surface of a line through rows; None where no one line fits best (all x are alike)."""
    s = np.ones(len(x)) if weight is None else weight
    total = float(s.sum())
    mean, height = float(s @ x) / total, float(s @ y) / total
    variance, across = float(s @ (x - mean) ** 2) / total, float(s @ ((x - mean) * (y - height))) / total
    steep = variance + alpha / total
    if not steep > 0.0 or variance <= (4.0 * np.finfo(float).eps * mean) ** 2:
        return None
    # About the mean of x the two are apart: the slope has the penalty, the height has none.
    slope = across / steep
    spread = float(s @ (y - height) ** 2) / total
    least = max(0.0, 0.5 * (spread - across * slope))
    if mean**2 > _THIN**2 * (mean**2 + steep):
        return Surface(np.array([slope, height]), least, np.diag([steep, 1.0]), mean)
    curvature = np.array([[steep + mean**2, mean], [mean, 1.0]])
    return Surface(np.array([slope, height - slope * mean]), least, curvature, None)


def surface_panel(surface: Surface, iterates: Iterates, name: str, *, size: tuple[int, int]) -> alt.LayerChart:
    """Draw the contours, the path so far and the place at which the slider stands, and the minimum."""
    heights = surface.second(iterates.slope, iterates.intercept)
    across, up = _reach(surface.minimum[0], iterates.slope), _reach(surface.minimum[1], heights)
    x = alt.X("m:Q", title=str(message("Slope m")), scale=alt.Scale(domain=across, nice=False, zero=False))
    y = alt.Y("second:Q", title=str(_second_title(surface, name)), scale=alt.Scale(domain=up, nice=False, zero=False))
    rings: Any = alt.Chart(inline(**_contours(surface, iterates, heights))).mark_line(
        clip=True, strokeWidth=0.8, color=MUTED, fill=ACCENT, fillOpacity=0.07, interpolate="linear-closed"
    )
    tooltip = [alt.Tooltip("cost:Q", title=str(message("Cost")), format=".5~g")]
    rings = rings.encode(x=x, y=y, detail="level:N", order=alt.Order("k:Q"), tooltip=tooltip)
    path: Any = alt.Chart(ITERATES).mark_line(color=INK, strokeWidth=1.2, clip=True)
    path = path.encode(x="slope:Q", y="height:Q", order=alt.Order("i:Q"))
    here: Any = alt.Chart(ITERATES).transform_filter("datum.i == step")
    at: Any = here.mark_point(color=SECOND, size=110, opacity=1, stroke="white", strokeWidth=1.5, clip=True)
    best: Any = alt.Chart(inline(m=[surface.minimum[0]], second=[surface.minimum[1]]))
    layers: list[Any] = [
        rings,
        path.encode(opacity=alt.value(0.25)),
        path.transform_filter("datum.i <= step"),
        best.mark_point(shape="cross", color=INK, size=60, opacity=1).encode(x=x, y=y),
        at.encode(x="slope:Q", y="height:Q"),
        here.mark_text(align="left", color=SECOND, fontWeight=600).encode(
            x=alt.value(0), y=alt.value(-11), text="place:N"
        ),
    ]
    return alt.LayerChart(layer=layers, width=size[0], height=size[1])


def places_of(surface: Surface, iterates: Iterates) -> dict[str, Any]:
    """Return what the panel reads of each stop: where it stands, and its place and cost in words."""
    heights = surface.second(iterates.slope, iterates.intercept)
    costs = surface.cost(iterates.slope, heights)
    places = zip(iterates.slope.tolist(), iterates.intercept.tolist(), costs.tolist(), strict=True)
    words = [
        str(message("m = {m}, b = {b}, J = {cost}", m=_brief(m), b=_brief(b), cost=_brief(cost)))
        for m, b, cost in places
    ]
    return {"slope": iterates.slope, "height": heights, "place": words}


def _brief(value: float) -> str:
    return f"{value:.5g}".replace("-", "\N{MINUS SIGN}")


def _second_title(surface: Surface, name: str) -> Message:
    if surface.mean is None:
        return message("Intercept b")
    return message("Height at the mean of {column}", column=name)


def _reach(least: float, path: Array) -> list[float]:
    """Return the ends of an axis that shows the path and the minimum with room about them."""
    low, high = min(least, float(path.min())), max(least, float(path.max()))
    room = 0.3 * (high - low) or max(1.0, abs(least)) * 0.1
    return [low - room, high + room]


def _contours(surface: Surface, iterates: Iterates, heights: Array) -> dict[str, Any]:
    """Return the points of the ellipses, from the highest that the path meets inwards."""
    excess = surface.cost(iterates.slope, heights) - surface.least
    highest = float(excess.max())
    if not highest > 0.0:
        return {"m": [], "second": [], "level": [], "k": [], "cost": []}
    levels = highest * _RATIO ** (1.0 - np.arange(_LEVELS))
    angle = np.linspace(0.0, 2.0 * np.pi, _POINTS)
    values, vectors = np.linalg.eigh(surface.curvature)
    circle = (vectors / np.sqrt(values)) @ np.stack([np.cos(angle), np.sin(angle)])
    rings = surface.minimum[None, :, None] + np.sqrt(2.0 * levels)[:, None, None] * circle
    return {
        "m": rings[:, 0].ravel(),
        "second": rings[:, 1].ravel(),
        "level": np.repeat(np.arange(_LEVELS), _POINTS),
        "k": np.tile(np.arange(_POINTS), _LEVELS),
        "cost": np.repeat(surface.least + levels, _POINTS),
    }
