"""How every picture looks: one accent, one second colour, type that can write Hangul, a quiet grid.

The colours are from the palette of Okabe and Ito, which people with any of the common colour deficiencies tell apart.
Where two colours stand for two things, shape, dash or filling tells them apart as well, so that a grey print reads.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import altair as alt

from workings.chart.limits import check_size
from workings.expression import Node, display_width, to_text
from workings.expression.legible import legible
from workings.language import Message
from workings.language.thousands import SEPARATOR

__all__ = ["ACCENT", "DASHES", "FAINT", "FONTS", "INK", "MUTED", "SECOND", "SERIES", "theme", "themed"]

INK = "#1b1f24"
MUTED = "#5f6770"
FAINT = "#e3e6e9"
ACCENT = "#0072B2"
SECOND = "#BF5000"  # vermilion, darkened until white text reads on it

# For several curves in one picture: the palette in an order in which neighbours also differ in lightness.
SERIES = (ACCENT, "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#CC79A7", INK)
DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (4, 2), (10, 4), (1, 3))

# Noto Sans CJK KR first: the one face of this list that has every Hangul syllable and Latin of one design with it.
# The next ones are what Windows, macOS and Android bring.
FONTS = (
    "'Noto Sans CJK KR', 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Helvetica Neue', Arial, sans-serif"
)

Chart = TypeVar("Chart", bound=alt.TopLevelMixin)

_TITLE, _SUBTITLE = 14, 12
# A heading is as wide as its picture with an axis, and no narrower than a telephone shows; both in pixels.
_AXIS, _TELEPHONE = 60, 340
# Of the type size, for each column of a terminal: the mean advance of Noto Sans CJK, whose Hangul takes two.
_PER_COLUMN = 0.5


def theme() -> dict[str, Any]:
    """Return the configuration that every picture carries, as Vega-Lite's ``config`` object.

    Examples
    --------
    >>> from workings.chart import theme
    >>> theme()["axis"]["gridColor"]
    '#e3e6e9'
    """
    return {
        # The picture as a whole says in words what it shows. A description of every mark besides would be noise, and
        # Vega-Lite would write titles into the expressions that compute it.
        "aria": False,
        "background": "white",
        # Vega's own numbers, on axes and in tooltips, part their thousands as ours do.
        "locale": {"number": {"decimal": ".", "thousands": SEPARATOR, "grouping": [3], "currency": ["", ""]}},
        "font": FONTS,
        "padding": 6,
        "view": {"stroke": None, "continuousWidth": 320, "continuousHeight": 320},
        "axis": {
            "domainColor": MUTED,
            "tickColor": MUTED,
            "gridColor": FAINT,
            "gridWidth": 0.75,
            "labelColor": MUTED,
            "labelFontSize": 11,
            "labelFlush": False,
            "titleColor": INK,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "tickSize": 4,
        },
        "axisBand": {"grid": False},
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": _TITLE,
            "fontWeight": 600,
            "subtitleColor": MUTED,
            "subtitleFontSize": _SUBTITLE,
            "subtitlePadding": 4,
            "offset": 10,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": 11.5,
            "labelLimit": 240,
            "titleColor": MUTED,
            "titleFontSize": 11.5,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 2,
            "symbolSize": 110,
        },
        "header": {"labelColor": INK, "titleColor": INK},
        "range": {"category": list(SERIES)},
        "line": {"color": ACCENT, "strokeWidth": 2, "strokeJoin": "round"},
        "area": {"color": ACCENT},
        "point": {"color": ACCENT, "filled": True},
        "bar": {"color": ACCENT},
        "rule": {"color": MUTED},
        "text": {"color": INK, "fontSize": 12},
    }


def themed(
    chart: Chart, *, title: Message | str, description: Message | str, subtitle: Message | str | None = None
) -> Chart:
    """Return the picture with its title, its text alternative and the theme: the last thing a plotter does.

    A heading that is wider than the picture goes on in a second line.

    Parameters
    ----------
    chart
        Any Altair chart, layered or concatenated or not. Its parts must not be themed themselves
        (Vega-Lite keeps one configuration, at the top).
    title
        The heading over the picture.
    description
        What the picture shows, in words, for those who hear the page: the numbers that a reader would take from it.
    subtitle
        A second, quieter line under the heading.

    Raises
    ------
    InputError
        If the picture holds more than ``MAX_ROWS`` rows of data.

    Examples
    --------
    >>> import altair as alt
    >>> from workings.chart import inline, spec, themed
    >>> bars = alt.Chart(inline(x=[1, 2], y=[3.0, 4.0])).mark_bar().encode(x="x:Q", y="y:Q")
    >>> spec(themed(bars, title="Two bars", description="Two bars, 3 and 4 high."))["description"]
    'Two bars, 3 and 4 high.'
    """
    across = max(_widest(chart.to_dict(validate=False)) + _AXIS, _TELEPHONE)
    heading: dict[str, Any] = {"text": _in_lines(_said(title), across, _TITLE)}
    if subtitle is not None:
        heading["subtitle"] = _in_lines(_said(subtitle), across, _SUBTITLE)
    finished: Any = cast("Any", chart).properties(title=heading, description=_said(description))
    finished.config = theme()
    check_size(finished)
    return cast("Chart", finished)


def _widest(part: dict[str, Any]) -> float:
    """Return how wide the widest panel is: on a telephone panels stand one below the other."""
    panels = [each for name in ("concat", "hconcat", "vconcat") for each in part.get(name, [])]
    width = part.get("width", 0)
    return max([width if isinstance(width, (int, float)) else 0, *map(_widest, panels)])


def _in_lines(text: str, across: float, size: float) -> str | list[str]:
    """Return a heading in as many lines as it takes, broken at spaces; one that fits stays as it is."""
    columns = across / (_PER_COLUMN * size)
    lines: list[str] = []
    for word in text.split(" "):
        if lines and display_width(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) > 1 else text


def _said(text: Message | str) -> str:
    return text if isinstance(text, str) else text.render(show=_shown)


def _shown(value: object) -> str:
    return to_text(legible(value)) if isinstance(value, Node) else str(value)
