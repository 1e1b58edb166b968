"""A signal and a kernel too long to be slid over it: each drawn whole, and nothing moves."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, SECOND, inline, retained, themed
from workings.language import message
from workings.subjects.convolution.heights import height
from workings.subjects.convolution.panels import number
from workings.subjects.convolution.sliding import Sliding

__all__ = ["extents", "still_picture"]

Array = NDArray[Any]

# So many stretches are drawn, each by its least and its greatest value.
_STRETCHES = 600

_WIDTH, _HEIGHT, _BELOW = 324, 84, 54


def still_picture(s: Sliding) -> alt.TopLevelMixin:
    """Return signal, kernel and result, each in stretches by its least and its greatest value: nothing moves."""
    panels: list[alt.Chart] = []
    for values, title in ((s.x, message("Signal x")), (s.k, message("Kernel k")), (s.y, message("Result y"))):
        places, found = _stretches(np.asarray(values, np.float64))
        panels.append(
            alt.Chart(inline(place=places, value=found), width=_WIDTH, height=_HEIGHT)
            .mark_line(color=SECOND if title.sentence == "Kernel k" else ACCENT, strokeWidth=1)
            .encode(
                alt.X(
                    "place:Q",
                    title=str(message("Place")),
                    scale=alt.Scale(nice=False, zero=False, padding=0),
                    axis=alt.Axis(format="~s", grid=False, tickCount=5),
                ),
                height(found, title, above=0.08, below=0.08),
            )
        )
    x, k, y = (np.asarray(array, np.float64) for array in (s.x, s.k, s.y))
    return themed(
        alt.vconcat(*panels, spacing=_BELOW, bounds="flush"),
        title=message("A signal, a kernel, and their convolution")
        if s.turned
        else message("A signal, a kernel, and their cross-correlation"),
        description=message(
            "A signal of {count} {count:value|values} from {low} to {high}, a kernel of {taps} {taps:value|values} "
            "and their result of {length} {length:value|values} from {least} to {most}.",
            **extents(x, k, y),
        ),
    )


def extents(x: Array, k: Array, y: Array) -> dict[str, int | str]:
    """Return what a description says of a signal, its kernel and their result: lengths, least and greatest values."""
    return {
        "count": x.size,
        "taps": k.size,
        "length": y.size,
        "low": number(np.fmin.reduce(x)),
        "high": number(np.fmax.reduce(x)),
        "least": number(np.fmin.reduce(y)),
        "most": number(np.fmax.reduce(y)),
    }


def _stretches(values: Array) -> tuple[list[int], Array]:
    """Return places, counted from 1, and values: the least and the greatest of each stretch, in their order."""
    if values.size <= 2 * _STRETCHES:
        return list(range(1, values.size + 1)), values
    cuts = retained(values.size, _STRETCHES + 1)
    kept: list[int] = []
    for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        stretch = np.nan_to_num(values[start:stop])
        kept += sorted({start + int(stretch.argmin()), start + int(stretch.argmax())})
    return [place + 1 for place in kept], values[kept]
