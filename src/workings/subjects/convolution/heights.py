"""The upright axes of the pictures: 0 on them, and of large or small values the power of ten in the title."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import MUTED
from workings.language import Message, message

__all__ = ["height", "zero_line"]

# Labels are at most so long; beyond, they are in thousands, millions or thousandths.
_LARGE, _SMALL = 1e4, 0.01
# So much is free over an axis on which 0 is the greatest.
_EDGE = 0.04


def height(values: Any, title: Message | str, *, above: float, below: float) -> alt.Y:
    """Return the axis for these values, 0 among them, with a share of their range left free beyond its ends.

    ``above`` is left free over values above 0, ``below`` under values below 0.
    """
    seen: NDArray[np.float64] = np.asarray(values, np.float64).reshape(-1)
    seen = seen[np.isfinite(seen)]
    low, high = min(0.0, float(seen.min(initial=0.0))), max(0.0, float(seen.max(initial=0.0)))
    high = high if high > low else 1.0
    ends = low - (below if low < 0 else 0.0) * (high - low), high + (above if high > 0 else _EDGE) * (high - low)
    # The ends of the floats are ends of the axis.
    domain = np.nan_to_num(ends).tolist()
    scale = alt.Scale(domain=domain, nice=False, zero=False, padding=0)
    axis: dict[str, Any] = {"tickCount": 4, "titlePadding": 6, "minExtent": 34, "maxExtent": 34}
    most = max(high, -low)
    if _SMALL <= most < _LARGE:
        return alt.Y("value:Q", scale=scale, axis=alt.Axis(format=",.6~g", **axis), title=str(title))
    power = 3 * math.floor(math.log10(most) / 3)
    # Of raised digits the fonts have three; one that is missing sets the whole title in another face.
    written = {3: "10³", -3: "0.001"}.get(power, f"10^{power}".replace("-", "−"))
    said = message("{title} (× {power})", title=title, power=written)
    labels = alt.Axis(labelExpr=f"format(datum.value / 1e{power}, '.4~g')", titleFontSize=11, **axis)
    return alt.Y("value:Q", scale=scale, axis=labels, title=str(said))


def zero_line(y: alt.Y) -> alt.Chart:
    """Return a thin line at 0."""
    return alt.Chart(alt.InlineData(values=[{"value": 0}])).mark_rule(color=MUTED, strokeWidth=0.75).encode(y=y)
