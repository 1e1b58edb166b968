"""What one outlier does: the value of a column that lies farthest from the others, moved by a slider.

At each stop the other values are drawn as both methods place them. Where they then lie is made in Python, a row a stop;
the page looks a row up and scales by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import INK, SECOND, inline, retained
from workings.language import Message, grouped, message
from workings.subjects.normalization.columns import Columns
from workings.working import shown

__all__ = ["Outlier", "axis_number", "farthest_value", "outlier_panels"]

Array = NDArray[np.float64]

_MOST_VALUES, _STOPS = 150, 40
# The slider moves the value at least so many ranges of the others away from them.
_LEAST_REACH = 10.0
# Beyond it a square is no float.
_LARGEST = 1e150
_WIDTH, _HEIGHT = 270, 56

# Whole numbers of more digits have their thousands set apart, and beyond are written with a power of ten.
_GROUPED_FROM, _SCIENTIFIC_FROM = 1e4, 1e10

_AT = alt.NamedData(name="moved")
_OTHERS = alt.NamedData(name="others")


@dataclass(frozen=True, eq=False)
class Outlier:
    """A value of a column, and the others.

    Parameters
    ----------
    column
        Whose column it is.
    value
        The value.
    others
        The others in order of size, at least two of them.
    """

    column: int
    value: float
    others: Array

    @property
    def side(self) -> int:
        """1 where it lies above the middle of the others, -1 below."""
        return 1 if self.value >= (self.others[0] + self.others[-1]) / 2 else -1

    @property
    def range(self) -> float:
        """The range of the others."""
        return float(self.others[-1] - self.others[0])

    @property
    def gap(self) -> float:
        """How far it lies beyond the others."""
        return float(self.value - self.others[-1] if self.side > 0 else self.others[0] - self.value)

    def stops(self) -> tuple[list[float], int]:
        """Return the values that the slider gives it, from the edge of the others on, and which of them it has."""
        unit = self.range or self.gap
        end = float(self.others[-1] if self.side > 0 else self.others[0])
        reach = max(_LEAST_REACH, 2 * self.gap / unit)
        moved = {*(end + self.side * unit * reach * k / _STOPS for k in range(_STOPS + 1)), self.value}
        found = sorted(moved, key=lambda value: self.side * value)
        return found, found.index(self.value)


def farthest_value(columns: Columns, told: Sequence[int]) -> Outlier | None:
    """Return the value that lies farthest from the others of its column, None where no column has three that vary."""
    found: tuple[float, int, bool] | None = None
    for j in told:
        values = columns.values(j)
        if values is None or len(values) < 3:
            continue
        least, next_least, next_greatest, greatest = np.partition(values, (0, 1, -2, -1))[[0, 1, -2, -1]]
        if max(abs(least), abs(greatest)) > _LARGEST or least == greatest:
            continue
        for gap, spread, above in (
            (greatest - next_greatest, next_greatest - least, True),
            (next_least - least, greatest - next_least, False),
        ):
            distance = float(gap / spread) if spread else np.inf
            if found is None or distance > found[0]:
                found = distance, j, above
    if found is None:
        return None
    _, j, above = found
    ordered = np.sort(columns.table[:, j][~np.isnan(columns.table[:, j])])
    return Outlier(j, float(ordered[-1 if above else 0]), ordered[:-1] if above else ordered[1:])


def outlier_panels(
    outlier: Outlier, name: Message | str, feature_range: tuple[float, float], ddof: int
) -> tuple[list[alt.LayerChart], dict[str, Any], alt.Parameter]:
    """Return both panels, the data that they read, and the slider.

    Parameters
    ----------
    outlier
        The value that is moved.
    name
        Its column's name.
    feature_range
        What min-max stretches to.
    ddof
        0 where the squares are divided by n, 1 by n - 1.
    """
    low, high = map(float, feature_range)
    stops, start = outlier.stops()
    others, moved = outlier.others, np.array(stops)
    least, greatest = np.minimum(others[0], moved), np.maximum(others[-1], moved)
    # The others' mean and squares, and what one more value makes of them (Chan, Golub and LeVeque 1983).
    count, mean = len(others), float(others.mean())
    squares = float(((others - mean) ** 2).sum())
    means = mean + (moved - mean) / (count + 1)
    deviations = np.sqrt((squares + count / (count + 1) * (moved - mean) ** 2) / (count + 1 - ddof))
    spread = greatest - least
    # Where all are alike both methods divide by 1.
    deviations, spread = (np.where(each > 0, each, 1.0) for each in (deviations, spread))
    ends = (others[[0, -1]][:, None] - means) / deviations
    data = {
        _AT.name: inline(
            stop=range(len(stops)),
            x=moved,
            least=least,
            spread=spread,
            mean=means,
            deviation=deviations,
            filled=[
                str(
                    message(
                        "x = {x}; the other {count} fill {share} % of the range",
                        x=axis_number(x),
                        count=count,
                        share=f"{100 * part:.3g}",
                    )
                )
                for x, part in zip(stops, outlier.range / spread, strict=True)
            ],
            reached=[
                str(
                    message(
                        "x = {x}; the other {count}: z from {low} to {high}",
                        x=axis_number(x),
                        count=count,
                        low=axis_number(a, 3),
                        high=axis_number(b, 3),
                    )
                )
                for x, a, b in zip(stops, *ends, strict=True)
            ],
        ).values,
        _OTHERS.name: inline(x=others[retained(count, _MOST_VALUES)]).values,
    }
    scores = np.concatenate([ends.ravel(), (moved - means) / deviations])
    panels = [
        _panel(
            message("Min-max, one value of {name} moved", name=name),
            f"{low!r} + (datum.x - datum.least) / datum.spread * {high - low!r}",
            (low, high),
            message("After: the least is {low}, the greatest {high}", low=axis_number(low), high=axis_number(high)),
            "filled",
        ),
        _panel(
            message("Z-score, one value of {name} moved", name=name),
            "(datum.x - datum.mean) / datum.deviation",
            (float(scores.min()), float(scores.max())),
            message("After: standard deviations from the mean"),
            "reached",
        ),
    ]
    bind = alt.binding_range(min=0, max=len(stops) - 1, step=1, name=str(message("Moved value")))
    return panels, data, alt.param(name="stop", value=start, bind=bind)


def _panel(title: Message, scaled: str, ends: tuple[float, float], unit: Message, words: str) -> alt.LayerChart:
    """Draw the others and the value moved, as one method places them."""
    room = 0.04 * (ends[1] - ends[0])
    across = alt.X(
        "after:Q",
        title=str(unit),
        scale=alt.Scale(domain=[ends[0] - room, ends[1] + room], nice=False, zero=False),
        axis=alt.Axis(tickCount=6),
    )
    here = alt.Chart(_AT).transform_filter("datum.stop == stop")
    columns = ["least", "spread", "mean", "deviation"]
    others = (
        alt.Chart(_OTHERS)
        .transform_calculate(at="stop")
        .transform_lookup("at", from_=alt.LookupData(_AT, "stop", columns))
        .transform_calculate(after=scaled)
        .mark_tick(color=SECOND, thickness=1.5, size=14, opacity=0.7)
        .encode(across, y=alt.value(_HEIGHT - 14))
    )
    moved = here.transform_calculate(after=scaled).mark_point(
        shape="diamond", color=INK, filled=True, size=80, opacity=1
    )
    said = here.mark_text(align="left", baseline="top", fontSize=11.5, color=INK)
    layers = [
        others,
        moved.encode(across, y=alt.value(_HEIGHT - 14), tooltip=[alt.Tooltip("x:Q", title=str(message("Value")))]),
        said.encode(x=alt.value(0), y=alt.value(2), text=f"{words}:N"),
    ]
    return alt.LayerChart(
        layer=layers,
        width=_WIDTH,
        height=_HEIGHT,
        title=alt.Title(str(title), frame="group", fontSize=12, limit=_WIDTH),
    )


def axis_number(value: float, digits: int = 4) -> str:
    """Return a number as it stands in a picture, 538 500 or 5.385·10⁻⁹, with a minus like those of an axis."""
    plain = float(f"{value:.{digits}g}")
    text = grouped(f"{plain:.0f}") if _GROUPED_FROM <= abs(plain) < _SCIENTIFIC_FROM else str(shown(plain))
    return text.replace("-", "−")
