"""How the scores of each class are distributed, counted from tie groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.layout import counted
from workings.subjects.roc.groups import TieGroups
from workings.working import Explainable

__all__ = ["ScoreHistogram", "class_histogram"]


@dataclass(frozen=True, eq=False, repr=False)
class ScoreHistogram(Explainable):
    """Counts by class and bin.

    Parameters
    ----------
    edges
        (b + 1,) the rising edges; a bin holds its left edge and not its right one, the last holds both.
    positives, negatives
        (b,) how many scores of each class fall in each bin.
    """

    edges: NDArray[np.float64]
    positives: NDArray[Any]
    negatives: NDArray[Any]

    def __len__(self) -> int:
        return len(self.positives)

    def __repr__(self) -> str:
        return f"<ScoreHistogram of {counted(len(self), 'bin')} from {self.edges[0]:.6g} to {self.edges[-1]:.6g}>"


def class_histogram(groups: TieGroups, bins: int | Sequence[float]) -> ScoreHistogram:
    """Return the histogram of each class's scores, in O(bins log groups)."""
    bins = int(bins) if isinstance(bins, np.integer) else bins
    edges = _edges(groups, bins)
    # How many groups lie at or above each edge; above the last edge, for the last bin holds it.
    reaching = [groups.reaching(edge) for edge in edges.tolist()]
    reaching[-1] = groups.exceeding(float(edges[-1]))
    if isinstance(bins, int):
        # The ends are the lowest and the highest score, whatever became of 64-bit integers as floats.
        reaching[0], reaching[-1] = len(groups), 0
    above = np.array([groups.counts_of(k) for k in reaching], np.float64 if groups.weighted else np.int64)
    positives, negatives = -np.diff(above, axis=0).T
    return ScoreHistogram(edges, positives, negatives)


def _edges(groups: TieGroups, bins: int | Sequence[float]) -> NDArray[np.float64]:
    if isinstance(bins, int):
        if bins < 1:
            raise InputError(message("histogram: bins must be 1 or more; got {bins}; try 40", bins=bins))
        low, high = float(groups.scores[-1]), float(groups.scores[0])
        if low == high:
            low, high = low - 0.5, high + 0.5
        # Half of each end, and then twice: the way from -1e308 to 1e308 is longer than any float.
        return 2.0 * np.linspace(low / 2, high / 2, bins + 1)
    edges = np.asarray(bins, np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise InputError(message("histogram: edges must be two or more rising numbers; got {bins}", bins=repr(bins)))
    return edges
