"""The pairs of several classes, a panel each: the two curves whose areas the one-vs-one AUC is the mean of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import themed
from workings.language import message
from workings.subjects.confusion.plot_cells import heading
from workings.subjects.roc import compute
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.plot_curves import curves_panel

__all__ = ["pairs_picture"]

# Six panels of two curves have 4,800 points; two side by side can be read on a page 400 pixels wide.
_MOST_PAIRS, _ACROSS = 6, 2
_SIDE = 200


def pairs_picture(codes: NDArray[np.int64], labels: Sequence[Any], scores: NDArray[Any]) -> alt.ConcatChart:
    """Return a panel for each pair of classes that have rows; of many pairs those that are told apart worst.

    Parameters
    ----------
    codes
        (n,) each row's class, as its place among the labels.
    labels
        The classes.
    scores
        (n, k) the score of each class.
    """
    pairs = list(combinations(np.unique(codes).tolist(), 2))
    curves = {pair: _both(codes, scores, *pair) for pair in pairs}
    worst = sorted(pairs, key=lambda pair: sum(float(curve.auc) for curve in curves[pair]))[:_MOST_PAIRS]
    panels: list[alt.LayerChart] = []
    told: list[str] = []
    for pair in sorted(worst):
        one, other = (str(labels[code]) for code in pair)
        names = [
            str(message("by the score of {label}: AUC {area}", label=label, area=f"{float(curve.auc):.4f}"))
            for label, curve in zip((one, other), curves[pair], strict=True)
        ]
        panel = curves_panel(curves[pair], names, side=_SIDE)
        words = message("{one} against {other}", one=one, other=other)
        panels.append(panel.properties(title=heading(words)))
        told.append(f"{words}: {', '.join(names)}")
    picture = alt.concat(*panels, columns=min(_ACROSS, len(panels)))
    chosen = message("{drawn} of {total} pairs, those told apart worst", drawn=len(worst), total=len(pairs))
    return themed(
        picture.resolve_scale(color="independent", strokeDash="independent"),
        title=message("Each pair of classes"),
        subtitle=chosen if len(worst) < len(pairs) else None,
        description=message("ROC curves of pairs of classes. {areas}.", areas="; ".join(told)),
    )


def _both(codes: NDArray[np.int64], scores: NDArray[Any], one: int, other: int) -> tuple[RocCurve, RocCurve]:
    """Return the curves of the rows of two classes, each class being the positive one once, by its own score."""
    of = (codes == one) | (codes == other)
    first, second = (compute.roc_curve(codes[of] == code, scores[of, code]) for code in (one, other))
    return first, second
