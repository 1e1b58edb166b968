"""Signal, kernel, products and result over one another on one axis, under a slider that moves the kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, FAINT, INK, SECOND, inline, themed
from workings.language import Message, grouped, message, ungrouped
from workings.subjects.convolution.explain import strongest
from workings.subjects.convolution.heights import height, zero_line
from workings.subjects.convolution.panels import number, words_of
from workings.subjects.convolution.plot_still import extents, still_picture
from workings.subjects.convolution.sliding import Sliding

__all__ = ["signal_picture"]

Array = NDArray[Any]

# Signals that are not drawn whole have so many positions around the strongest one; longer kernels do not move.
_MOST_ROWS, _PART, _MOST_TAPS = 4_000, 400, 1_500
# So many places are drawn as stems, and so many have their numbers written, if these are not too wide: the pixels of a
# sign, of a line, and from a point to its number. Beyond the ends of the values there is room for a number.
_STEMS, _WRITTEN = 60, 13
_SIGN, _LINE, _BESIDE, _ROOM = 6.4, 13, 10, 0.36
# So many labels on the axis of places at most.
_TICKS = 9
# A sum of so many products is written out, if it has no more characters.
_ADDED, _LONGEST = 5, 50

_WIDTH, _HEIGHT = 324, 84
# What :func:`number` writes, in Vega's expression language.
_WORDS_OF_VALUE = "format(datum.value, abs(datum.value) >= 1000 && abs(datum.value) < 1e7 ? ',.0f' : '.4~g')"
_X, _K, _Y = (alt.NamedData(name=name) for name in ("signal", "kernel", "result"))


@dataclass(frozen=True, eq=False)
class _Part:
    """What is drawn: positions of the result and places of the signal, both counted from 1, both ends included.

    ``j = offset + n - m`` is the place of the kernel that meets m, ``m - n - offset`` where it is not turned around.
    """

    s: Sliding
    n: tuple[int, int]
    m: tuple[int, int]
    start: int

    @property
    def offset(self) -> int:
        """The constant between places."""
        first = self.s.box.start[0]
        return first + 1 if self.s.turned else first - self.s.k.size

    @property
    def tap(self) -> str:
        """The place of the kernel that meets ``datum.m``, as Vega writes it."""
        return f"{self.offset} + n - datum.m" if self.s.turned else f"datum.m - n - ({self.offset})"

    @property
    def place(self) -> str:
        """The place of the signal under ``datum.j``."""
        return f"{self.offset} + n - datum.j" if self.s.turned else f"datum.j + n + ({self.offset})"

    @property
    def ends(self) -> tuple[float, float]:
        """Where the axis begins and ends: the kernel hangs over both ends of a whole signal."""
        first = self.s.box.start[0]
        low = min(self.m[0], self.n[0], self.n[0] + first + 1 - self.s.k.size)
        return low - 0.6, max(self.m[1], self.n[1] + first, self.n[1]) + 0.6

    @property
    def few(self) -> bool:
        """Whether there is room for stems."""
        return self.ends[1] - self.ends[0] <= _STEMS

    @property
    def roomy(self) -> bool:
        """Whether there is room for numbers that are not too wide."""
        return self.ends[1] - self.ends[0] <= _WRITTEN

    @property
    def unit(self) -> float:
        """How many pixels lie between a place and the next."""
        return _WIDTH / (self.ends[1] - self.ends[0])

    def room_for(self, values: Array) -> bool:
        """Whether the values can be written at their points, none over another."""
        if not self.roomy:
            return False
        seen = np.nan_to_num(values)
        reach = max(0.0, float(seen.max())) - min(0.0, float(seen.min())) or 1.0
        at = seen / reach * _HEIGHT / (1 + 2 * _ROOM) + np.where(seen < 0, -_BESIDE, _BESIDE)
        wide = np.array([_SIGN * len(words) for words in words_of(values)])
        return not np.any((wide[1:] + wide[:-1] > 2 * self.unit) & (np.abs(np.diff(at)) < _LINE))


def signal_picture(s: Sliding) -> alt.TopLevelMixin:
    """Return the picture of a convolution over one axis."""
    if s.k.size > _MOST_TAPS and s.x.size + s.k.size + s.y.size > _MOST_ROWS:
        return still_picture(s)
    part = _part(s)
    x, k, y = (np.asarray(array, np.float64) for array in (s.x, s.k, s.y))
    n, m = slice(part.n[0] - 1, part.n[1]), slice(part.m[0] - 1, part.m[1])
    moved = alt.param(
        name="n",
        value=part.start,
        bind=alt.binding_range(min=part.n[0], max=part.n[1], step=1, name=str(message("Position")))
        if part.n[0] < part.n[1]
        else alt.Undefined,
    )
    panels = [_signal(part, x), _kernel(part, k), _products(part, x, k), _result(part, y)]
    picture = (
        alt.vconcat(*panels, spacing=14, bounds="flush")
        .add_params(moved)
        .resolve_scale(x="independent", y="independent", color="independent")
    )
    picture.datasets = {
        _X.name: inline(m=range(part.m[0], part.m[1] + 1), value=x[m], words=words_of(x[m])).values,
        _K.name: inline(j=range(1, k.size + 1), value=k, words=words_of(k)).values,
        _Y.name: inline(
            n=range(part.n[0], part.n[1] + 1),
            value=y[n],
            words=words_of(y[n]),
            told=[_told(s, place) for place in range(part.n[0] - 1, part.n[1])],
        ).values,
    }
    return themed(picture, title=_title(s), subtitle=_subtitle(part), description=_description(part, x, k, y))


def _part(s: Sliding) -> _Part:
    (place,) = strongest(s)
    length, taps = s.y.size, s.k.size
    if s.x.size + taps + length <= _MOST_ROWS:
        return _Part(s, (1, length), (1, s.x.size), place + 1)
    first = min(max(0, place - _PART // 2), length - min(_PART, length))
    last = min(length, first + _PART) - 1
    return _Part(s, (first + 1, last + 1), (s.met((first,), 0).start + 1, s.met((last,), 0).stop), place + 1)


def _title(s: Sliding) -> Message:
    if s.turned:
        return message("A kernel, turned around, slides over a signal")
    return message("A kernel slides over a signal as it lies")


def _subtitle(part: _Part) -> Message | None:
    if part.n == (1, part.s.y.size):
        return None
    return message(
        "Positions {first} to {last} of {count}",
        first=part.n[0],
        last=part.n[1],
        count=part.s.y.size,
    )


def _description(part: _Part, x: Array, k: Array, y: Array) -> Message:
    return message(
        "A signal of {count} {count:value|values} from {low} to {high}, a kernel of {taps} {taps:value|values} and "
        "their result of {length} {length:value|values} from {least} to {most}. At position {n} the products add up "
        "to {value}; a slider moves the kernel.",
        **extents(x, k, y),
        n=part.start,
        value=number(y[part.start - 1]),
    )


def _told(s: Sliding, place: int) -> str:
    """Return the sum at a position: written out where there are few products, else how many there are."""
    value = number(float(s.y[place]))
    count = s.count((place,))
    if count <= _ADDED:
        seen, taps = s.window((place,))
        terms = [f"{_factor(float(a))} × {_factor(float(b))}" for a, b in zip(seen, taps, strict=True)]
        same = math.isclose(float(ungrouped(value).replace("−", "-")), float(s.y[place]), rel_tol=1e-9)
        told = f"{' + '.join(terms)} {'=' if same else '≈'} {value}"
        if len(told) <= _LONGEST:
            return told
    return str(message("{count} {count:product|products}, added up: {value}", count=count, value=value))


def _factor(value: float) -> str:
    """Return all digits of a number: from what is shown follows the sum that is shown."""
    text = grouped(f"{value:.15g}").replace("-", "−")
    return f"({text})" if text.startswith("−") else text


def _ticks(low: float, high: float) -> list[int]:
    """Return whole numbers, so few that they have room: every one, or every second, fifth, tenth and so on."""
    steps = (each * 10**power for power in range(9) for each in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= _TICKS)
    return list(range(math.ceil(low / step) * step, math.floor(high) + 1, step))


def _axis(part: _Part, title: Message | None) -> alt.X:
    scale = alt.Scale(domain=list(part.ends), nice=False, zero=False, padding=0)
    axis = alt.Axis(
        format=",d", values=_ticks(*part.ends), grid=False, labels=title is not None, ticks=title is not None
    )
    return alt.X("place:Q", scale=scale, axis=axis, title=None if title is None else str(title))


def _height(values: Array, title: Message) -> alt.Y:
    return height(values, title, above=_ROOM, below=_ROOM)


def _stems(rows: alt.Chart, part: _Part, axes: tuple[alt.X, alt.Y], colour: str, *, written: bool) -> list[alt.Chart]:
    """Draw values as stems with points on them, or as a line where there are many."""
    tooltip = [
        alt.Tooltip("place:Q", title=str(message("Place"))),
        alt.Tooltip("words:N", title=str(message("Value"))),
    ]
    x, y = axes
    placed = rows.encode(x, y, tooltip=tooltip)
    if not part.few:
        return [placed.mark_line(color=colour, strokeWidth=1.5)]
    stems = placed.mark_rule(color=colour, strokeWidth=2).encode(y2=alt.datum(0))
    layers = [stems, placed.mark_point(color=colour, filled=True, size=46, opacity=1)]
    if written:
        numbers = rows.encode(x, y, text="words:N")
        over = numbers.transform_filter("datum.value >= 0").mark_text(dy=-10, fontSize=11, color=INK)
        under = numbers.transform_filter("datum.value < 0").mark_text(dy=11, fontSize=11, color=INK)
        layers += [over, under]
    return layers


def _window(part: _Part) -> alt.Chart:
    """Shade where the kernel lies."""
    first, last = (
        (part.offset + 1, part.offset + part.s.k.size)
        if not part.s.turned
        else (
            part.offset - part.s.k.size,
            part.offset - 1,
        )
    )
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .transform_calculate(
            low=f"max(n + ({first}) - 0.5, {part.ends[0]})", high=f"min(n + ({last}) + 0.5, {part.ends[1]})"
        )
        .mark_rect(color=FAINT, opacity=0.8)
        .encode(
            x=alt.X("low:Q", scale=alt.Scale(domain=list(part.ends), nice=False, zero=False, padding=0)), x2="high:Q"
        )
    )


def _panel(layers: list[alt.Chart], height: int = _HEIGHT) -> alt.LayerChart:
    return alt.LayerChart(layer=layers, width=_WIDTH, height=height)


def _signal(part: _Part, values: Array) -> alt.LayerChart:
    seen = values[part.m[0] - 1 : part.m[1]]
    x, y = _axis(part, None), _height(seen, message("Signal x"))
    rows = alt.Chart(_X).transform_calculate(place="datum.m")
    stems = _stems(rows, part, (x, y), ACCENT, written=part.room_for(seen))
    return _panel([_window(part), zero_line(y), *stems])


def _kernel(part: _Part, values: Array) -> alt.LayerChart:
    x, y = _axis(part, None), _height(values, message("Kernel k"))
    low, high = part.ends
    rows = (
        alt.Chart(_K)
        .transform_calculate(place=part.place)
        .transform_filter(f"datum.place >= {low} && datum.place <= {high}")
    )
    stems = _stems(rows, part, (x, y), SECOND, written=part.room_for(values))
    return _panel([_window(part), zero_line(y), *stems])


def _products(part: _Part, x_values: Array, k_values: Array) -> alt.LayerChart:
    seen = x_values[part.m[0] - 1 : part.m[1]]
    with np.errstate(all="ignore"):
        ends = np.outer(
            [np.fmin.reduce(seen), np.fmax.reduce(seen)], [np.fmin.reduce(k_values), np.fmax.reduce(k_values)]
        )
    x, y = _axis(part, None), _height(ends.reshape(-1), message("Products"))
    rows = (
        alt.Chart(_X)
        .transform_calculate(place="datum.m", j=part.tap, seen="datum.value")
        .transform_filter(f"datum.j >= 1 && datum.j <= {part.s.k.size}")
        .transform_lookup("j", from_=alt.LookupData(_K, "j", ["value"]), as_=["weight"])
        .transform_calculate(value="datum.seen * datum.weight")
        .transform_calculate(words=_WORDS_OF_VALUE)
    )
    tooltip = [
        alt.Tooltip("place:Q", title=str(message("Place"))),
        alt.Tooltip("words:N", title=str(message("Product"))),
    ]
    placed = rows.encode(x, y, tooltip=tooltip)
    if part.few:
        layers = [placed.mark_bar(color=INK, opacity=0.75, size=min(16.0, 0.6 * part.unit))]
    else:
        layers = [placed.mark_area(color=INK, opacity=0.6)]
    # They move: each may come to stand beside any other.
    if part.roomy and max(_SIGN * len(words) for words in words_of(_all_products(seen, k_values))) < part.unit:
        numbers = rows.encode(x, y, text="words:N")
        layers += [
            numbers.transform_filter("datum.value >= 0").mark_text(dy=-8, fontSize=11, color=INK),
            numbers.transform_filter("datum.value < 0").mark_text(dy=9, fontSize=11, color=INK),
        ]
    return _panel([_window(part), zero_line(y), *layers])


def _all_products(x: Array, k: Array) -> Array:
    """Return the products that can be longest when written, of few values all of them."""
    with np.errstate(all="ignore"):
        return np.unique(np.outer(x, k)) if x.size * k.size <= _WRITTEN**2 else np.array([np.inf])


def _result(part: _Part, values: Array) -> alt.LayerChart:
    seen = values[part.n[0] - 1 : part.n[1]]
    x, y = (
        _axis(part, message("Place m, and position n of the result")),
        _height(seen, message("Result y")),
    )
    rows = alt.Chart(_Y).transform_calculate(place="datum.n")
    here = rows.transform_filter("datum.n == n")
    point = here.mark_point(color=SECOND, filled=True, size=110, opacity=1).encode(x, y)
    rule = [] if part.few else [here.mark_rule(color=SECOND, strokeWidth=1, strokeDash=[3, 3]).encode(x)]
    words = here.mark_text(
        align="left", baseline="top", fontSize=12, fontWeight=600, color=SECOND, x=0, y=_HEIGHT + 44
    ).encode(text="told:N")
    stems = _stems(rows, part, (x, y), ACCENT, written=part.room_for(seen))
    return _panel([zero_line(y), *rule, *stems, point, words])
