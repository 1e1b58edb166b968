"""The scores of each class as a picture: the negatives upward, the positives downward, as shares of their class."""

from __future__ import annotations

import altair as alt
import numpy as np

from workings.chart import ACCENT, MUTED, SECOND, inline, themed
from workings.language import grouped, message
from workings.subjects.roc.histogram import ScoreHistogram

__all__ = ["histogram_picture"]

_WIDTH, _HEIGHT, _MOST_BINS = 340, 240, 400


def histogram_picture(histogram: ScoreHistogram) -> alt.LayerChart:
    """Return the two distributions, mirrored; of very many bins, several are drawn as one."""
    step = -(-len(histogram) // _MOST_BINS)
    starts = np.arange(0, len(histogram), step)
    edges = np.append(histogram.edges[:-1][starts], histogram.edges[-1])
    counts = [np.add.reduceat(side, starts) for side in (histogram.negatives, histogram.positives)]
    shares = [side / (side.sum() or 1) for side in counts]
    names = [str(message("negative")), str(message("positive"))]
    bins = len(starts)
    rows = inline(
        left=np.tile(edges[:-1], 2),
        right=np.tile(edges[1:], 2),
        share=np.concatenate([shares[0], -shares[1]]),
        size=np.concatenate(shares),
        count=np.concatenate(counts),
        actual=np.repeat(names, bins).tolist(),
        zero=[0] * (2 * bins),
    )
    top = 1.1 * max(share.max() for share in shares)
    share = str(message("Share of each class"))
    y = alt.Y(
        "share:Q",
        title=share,
        scale=alt.Scale(domain=[-top, top], nice=False),
        axis=alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=6),
    )
    x = alt.X("left:Q", title=str(message("Score")), scale=alt.Scale(domain=[edges[0], edges[-1]], nice=False))
    tooltip = [
        alt.Tooltip("actual:N", title=str(message("Actual"))),
        alt.Tooltip("left:Q", title=str(message("From")), format=".4~g"),
        alt.Tooltip("right:Q", title=str(message("To")), format=".4~g"),
        alt.Tooltip("count:Q", title=str(message("Rows")), format=",.6~g"),
        alt.Tooltip("size:Q", title=share, format=".2%"),
    ]
    colour = alt.Color(
        "actual:N",
        scale=alt.Scale(domain=names, range=[SECOND, ACCENT]),
        legend=alt.Legend(title=None, orient="bottom"),
    )
    bars = alt.Chart(rows).mark_bar(strokeWidth=0, opacity=0.85)
    line = alt.Chart(inline(share=[0])).mark_rule(color=MUTED, strokeWidth=1).encode(y=y)
    layers = [bars.encode(x=x, x2="right:Q", y=y, y2="zero:Q", color=colour, tooltip=tooltip), line]
    return themed(
        alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT),
        title=message("Scores by actual class"),
        description=message(
            "The scores of {negatives} negative rows upward and of {positives} positive rows downward, in {bins} "
            "{bins:bin|bins} from {low} to {high}.",
            negatives=grouped(f"{histogram.negatives.sum():.6g}"),
            positives=grouped(f"{histogram.positives.sum():.6g}"),
            bins=bins,
            low=f"{edges[0]:.6g}",
            high=f"{edges[-1]:.6g}",
        ),
    )
