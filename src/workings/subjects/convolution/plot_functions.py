"""Two functions, one turned around and moved by a slider; the area under their product; and that area by t."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, SECOND, inline, themed
from workings.errors import InputError, held_warnings
from workings.language import Message, message
from workings.subjects.convolution import functions
from workings.subjects.convolution.functions import Function, limits_of, times_of
from workings.subjects.convolution.heights import height, zero_line
from workings.subjects.integration.integrand import Integrand, as_integrand
from workings.working import plotter

__all__ = ["plot_convolve_functions"]

Array = NDArray[np.float64]

# So many steps across f or g, whichever is wider, and so many stops of the slider.
_STEPS, _STOPS = 200, 120
# A function without an end is drawn as far as it is more than this share of its largest value; one that is never so
# small, or grows, where it meets the other.
_SMALL, _FARTHEST, _ENDLESS = 0.004, 1e4, 5.0
# Of the places that were asked for so many are drawn, and so few as large points.
_MOST_TIMES, _FEW = 300, 20
# So much of g's width the axis goes on beside f.
_BESIDE = 0.6
_WIDTH, _HEIGHT = 324, 120

_F, _G, _Y, _T = (alt.NamedData(name=name) for name in ("first", "second", "areas", "asked"))


@plotter(functions.convolve_functions)
def plot_convolve_functions(
    f: Function, g: Function, t: Any, *, support: Sequence[float] | Sequence[Sequence[float]] = (-math.inf, math.inf)
) -> alt.TopLevelMixin:
    """Return f and the turned g, their product's area, and the convolution by t; the slider moves t.

    It starts at t, of several at the one with the largest value.
    """
    values = np.asarray(functions.convolve_functions(f, g, t, support=support), np.float64).reshape(-1)
    times = times_of(t).astype(np.float64).reshape(-1)
    if not times.size:
        raise InputError(message("plot: t must hold at least one number"))
    start = int(np.nan_to_num(np.abs(values), nan=-1.0).argmax())
    limits = limits_of(support)
    calls = [as_integrand(each, (), function="plot") for each in (f, g)]
    a, b = _reach(calls[0], *limits[0])
    c, d = _reach(calls[1], *limits[1], met=(times[start] - b, times[start] - a))
    moved = _Moved.between((a, b), (c, d), times[start], times)
    # What was asked for has been warned of above; the curve is drawn as it came out.
    with held_warnings():
        areas = np.asarray(functions.convolve_functions(f, g, moved.times, support=support), np.float64)
    first = _Curve.on(moved, calls[0], a, (a, b), limits[0])
    second = _Curve.on(moved, calls[1], moved.first_u, (c, d), limits[1])
    axis = (a - _BESIDE * (d - c), b + _BESIDE * (d - c))
    panels = [
        _both(moved, axis, (first, second)),
        _product(moved, axis, first, second),
        _areas(moved, areas, few=times.size <= _FEW),
    ]
    slider = alt.binding_range(min=0, max=len(moved.times) - 1, step=1, name="t")
    picture = (
        alt.vconcat(*panels, spacing=52, bounds="flush")
        .add_params(alt.param(name="stop", value=moved.start, bind=slider))
        .resolve_scale(x="independent", y="independent", color="independent", strokeDash="independent")
    )
    kept = np.argsort(times, kind="stable")[:: -(-times.size // _MOST_TIMES)]
    picture.datasets = {
        _F.name: first.rows,
        _G.name: second.rows,
        _Y.name: inline(
            stop=range(len(moved.times)),
            place=moved.times,
            value=areas,
            told=[_told(at, area) for at, area in zip(moved.times, areas, strict=True)],
        ).values,
        _T.name: inline(place=times[kept], value=values[kept]).values,
    }
    return themed(
        picture,
        title=message("The convolution of two functions"),
        description=message(
            "f, and g turned around and moved by t: the area under their product is the convolution. At t = {t} it is "
            "{value}; between t = {low} and t = {high} it lies between {least} and {most}. A slider moves t.",
            t=_number(times[start]),
            value=_number(values[start]),
            low=_number(moved.times[0]),
            high=_number(moved.times[-1]),
            least=_number(float(np.fmin.reduce(areas))),
            most=_number(float(np.fmax.reduce(areas))),
        ),
    )


@dataclass(frozen=True, eq=False)
class _Moved:
    """The grid on which f, the turned g and the stops of the slider lie.

    At the stop q, the place ``i`` of f meets the place ``P + stride (q - start) - i`` of g.

    Parameters
    ----------
    step
        Between two places of f, and of g.
    first_u
        The first place of g.
    meets
        P: which place of g the first of f meets at the start.
    stride
        How many steps t moves from stop to stop.
    times
        The stops.
    start
        Which of them was asked for.
    """

    step: float
    first_u: float
    meets: int
    stride: int
    times: Array
    start: int

    @classmethod
    def between(cls, f: tuple[float, float], g: tuple[float, float], t: float, times: Array) -> _Moved:
        """Return the grid for two functions with these ends, with t among its stops."""
        (a, b), (c, d) = f, g
        step = max(b - a, d - c) / _STEPS
        margin = 0.05 * (b - a + d - c)
        low, high = min(a + c - margin, times.min()), max(b + d + margin, times.max())
        stride = max(1, math.ceil((high - low) / (step * _STOPS)))
        before, behind = (max(0, math.ceil(way / (step * stride))) for way in (t - low, high - t))
        meets = math.floor((t - a - c) / step)
        stops = t + step * stride * np.arange(-before, behind + 1, dtype=np.float64)
        return cls(step, t - a - meets * step, meets, stride, stops, before)

    def count(self, low: float, high: float) -> int:
        """Return how many steps fit between two places."""
        return max(0, math.floor((high - low) / self.step + 1e-9))

    @property
    def now(self) -> str:
        """The t of the slider, as Vega writes it."""
        return f"({float(self.times[self.start])!r} + {self.step * self.stride!r} * (stop - {self.start}))"

    @property
    def meeting(self) -> str:
        """The place of g that ``datum.i`` meets, as Vega writes it."""
        return f"{self.meets} + {self.stride} * (stop - {self.start}) - datum.i"


def _reach(
    call: Integrand, low: float, high: float, met: tuple[float, float] = (math.inf, -math.inf)
) -> tuple[float, float]:
    """Return where a function is drawn: its support; as far as it is not small; or of an endless one what is met."""
    if math.isfinite(low) and math.isfinite(high):
        return (low, high) if low < high else (low - 0.5, high + 0.5)
    from_end = np.concatenate([[0.0], np.geomspace(1e-3, _FARTHEST, 700)])
    if math.isfinite(low):
        places = low + from_end
    elif math.isfinite(high):
        places = high - from_end[::-1]
    else:
        places = np.concatenate([-from_end[:0:-1], from_end])
    values = _values(call, places)
    size = np.abs(np.nan_to_num(values, nan=0.0))
    large = np.flatnonzero(size > _SMALL * size.max())
    if not large.size or large[-1] - large[0] > 0.9 * len(places) or _grows(values, low, high):
        begin, end = max(low, met[0]), min(high, met[1])
        if begin < end:
            return begin, end
        end = low if math.isfinite(low) else high if math.isfinite(high) else 0.0
        return max(low, end - _ENDLESS), min(high, end + _ENDLESS)
    begin = low if math.isfinite(low) else float(places[max(0, large[0] - 1)])
    end = high if math.isfinite(high) else float(places[min(len(places) - 1, large[-1] + 1)])
    return max(begin, -_FARTHEST), min(end, _FARTHEST)


def _grows(values: Array, low: float, high: float) -> bool:
    """Whether a function is largest as far out as it is a number, on a side without an end."""
    known = np.flatnonzero(np.isfinite(values))
    largest = int(np.argmax(np.abs(values[known])))
    return (largest == 0 and math.isinf(low)) or (largest == len(known) - 1 and math.isinf(high))


def _values(call: Integrand, places: Array) -> Array:
    with np.errstate(all="ignore"):
        values = np.asarray(call(np.asarray(places, np.float64)), np.float64)
    return np.where(np.isfinite(values), values, np.nan)


@dataclass(frozen=True, eq=False)
class _Curve:
    """A function on a grid, with its exact ends.

    Parameters
    ----------
    places, values
        Of the grid.
    edges
        Places and values before the grid and behind it: down to 0 where the function is cut off.
    """

    places: Array
    values: Array
    edges: tuple[list[tuple[float, float]], list[tuple[float, float]]]

    @classmethod
    def on(
        cls, moved: _Moved, call: Integrand, first: float, ends: tuple[float, float], cut: tuple[float, float]
    ) -> _Curve:
        """Return a function from its first place on the grid on, with its ends; ``cut`` is where it is cut off."""
        places = first + moved.step * np.arange(moved.count(first, ends[1]) + 1, dtype=np.float64)
        values = _values(call, places)
        at_ends = _values(call, np.array(ends)).tolist()
        edges = [[(end, value)] for end, value in zip(ends, at_ends, strict=True)]
        if math.isfinite(cut[0]):
            edges[0].insert(0, (ends[0], 0.0))
        if math.isfinite(cut[1]):
            edges[1].append((ends[1], 0.0))
        return cls(places, values, (edges[0], edges[1]))

    @property
    def rows(self) -> Any:
        """The rows from left to right; ``i`` is the place on the grid, -1 at the edges."""
        before, behind = self.edges
        places = [*(at for at, _ in before), *self.places, *(at for at, _ in behind)]
        values = [*(value for _, value in before), *self.values, *(value for _, value in behind)]
        index = [*[-1] * len(before), *range(len(self.places)), *[-1] * len(behind)]
        return inline(order=range(len(places)), i=index, at=places, value=values).values


def _greatest_products(first: Array, second: Array, moved: _Moved) -> Array:
    """Return the least and the greatest product of values that meet at any stop, 0 between them."""
    low, high = 0.0, 0.0
    for q in range(len(moved.times)):
        j = moved.meets + moved.stride * (q - moved.start) - np.arange(len(first))
        seen = (j >= 0) & (j < len(second))
        met = first[seen] * second[j[seen]]
        met = met[np.isfinite(met)]
        low, high = min(low, float(met.min(initial=0.0))), max(high, float(met.max(initial=0.0)))
    return np.array([low, high])


def _across(low: float, high: float, title: Message | str) -> alt.X:
    scale = alt.Scale(domain=[low, high], nice=False, zero=False, padding=0)
    return alt.X("place:Q", scale=scale, axis=alt.Axis(grid=False, tickCount=6, format=".6~g"), title=str(title))


def _both(moved: _Moved, ends: tuple[float, float], curves: tuple[_Curve, _Curve]) -> alt.LayerChart:
    """Draw f, and g turned around and moved."""
    x, y = _across(*ends, "τ"), height([*curves[0].values, *curves[1].values], message("Value"), above=0.08, below=0.08)
    names = ["f(τ)", "g(t − τ)"]
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=300, offset=2)
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=[ACCENT, SECOND]), legend=legend)
    dash = alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]), legend=legend)
    places = ("datum.at", f"{moved.now} - datum.at")
    lines = [
        alt.Chart(data)
        .transform_calculate(place=place, name=f"'{name}'")
        .mark_line(clip=True)
        .encode(x, y, colour, dash, order="order:Q")
        for data, place, name in zip((_F, _G), places, names, strict=True)
    ]
    return alt.LayerChart(layer=[zero_line(y), *lines], width=_WIDTH, height=_HEIGHT)


def _product(moved: _Moved, ends: tuple[float, float], first: _Curve, second: _Curve) -> alt.LayerChart:
    """Shade the area under the product."""
    x = _across(*ends, "τ")
    y = height(_greatest_products(first.values, second.values, moved), "f(τ)·g(t − τ)", above=0.08, below=0.08)
    rows = (
        alt.Chart(_F)
        .transform_filter("datum.i >= 0")
        .transform_calculate(place="datum.at", j=moved.meeting, seen="datum.value")
        .transform_filter(f"datum.j >= 0 && datum.j < {len(second.places)}")
        .transform_lookup("j", from_=alt.LookupData(_G, "i", ["value"]), as_=["weight"])
        .transform_calculate(value="datum.seen * datum.weight")
        .encode(x, y)
    )
    layers = [rows.mark_area(color=INK, opacity=0.25), zero_line(y), rows.mark_line(color=INK, strokeWidth=1.5)]
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)


def _areas(moved: _Moved, areas: Array, *, few: bool) -> alt.LayerChart:
    """Draw the convolution by t, the places that were asked for, and the one under the slider."""
    x = _across(float(moved.times[0]), float(moved.times[-1]), "t")
    y = height(areas, "(f * g)(t)", above=0.08, below=0.08)
    tooltip = [
        alt.Tooltip("place:Q", title="t", format=".5~g"),
        alt.Tooltip("value:Q", title="(f * g)(t)", format=".5~g"),
    ]
    curve = alt.Chart(_Y).mark_line(color=ACCENT).encode(x, y)
    asked = (
        alt.Chart(_T)
        .mark_point(color=ACCENT, filled=True, size=30 if few else 9, opacity=1)
        .encode(x, y, tooltip=tooltip)
    )
    here = alt.Chart(_Y).transform_filter("datum.stop == stop")
    point = here.mark_point(color=SECOND, filled=True, size=110, opacity=1).encode(x, y, tooltip=tooltip)
    words = here.mark_text(
        align="left", baseline="top", fontSize=12, fontWeight=600, color=SECOND, x=0, y=_HEIGHT + 44
    ).encode(text="told:N")
    return alt.LayerChart(layer=[zero_line(y), curve, asked, point, words], width=_WIDTH, height=_HEIGHT)


def _told(t: float, area: float) -> str:
    return str(message("t = {t}: the area is {area}", t=_number(t), area=_number(area)))


def _number(value: float) -> str:
    return f"{value:.5g}".replace("-", "−")
