"""A number of one column of scores, averaged over the columns of several classes or labels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["Average", "Metric", "mean_of_labels", "mean_of_pairs"]

Average = Literal["macro", "micro", "weighted", "samples"] | None
Metric = Callable[[NDArray[np.bool_], NDArray[Any], NDArray[np.float64] | None], float]
"""A number of one column: which rows are positive, their scores, their weights."""


def mean_of_labels(
    metric: Metric,
    indicator: NDArray[np.bool_],
    scores: NDArray[Any],
    average: Average,
    weights: NDArray[np.float64] | None,
    *,
    function: str,
) -> float | NDArray[np.float64]:
    """Return the metric of each column of ``indicator`` and ``scores`` (both (n, k)), averaged as ``average`` says.

    Raises
    ------
    InputError
        If the two tables differ in shape, or are empty.
    """
    if indicator.shape != scores.shape:
        raise InputError(
            message(
                "{function}: y_true and y_score must have one column a label; got inconsistent numbers of samples or "
                "labels: shapes {ours} and {theirs}",
                function=function,
                ours=str(indicator.shape),
                theirs=str(scores.shape),
            )
        )
    if 0 in indicator.shape:
        raise InputError(
            message(
                "{function}: y_true and y_score must have a row and a label at least; got the shape {shape}",
                function=function,
                shape=str(indicator.shape),
            )
        )
    if average == "micro":
        repeated = None if weights is None else np.repeat(weights, indicator.shape[1])
        return metric(indicator.ravel(), scores.ravel(), repeated)
    if average == "samples":
        if weights is not None:
            # A row that weighs nothing is not asked either.
            kept = weights != 0
            indicator, scores, weights = indicator[kept], scores[kept], weights[kept]
        rows = np.array([metric(flags, row, None) for flags, row in zip(indicator, scores, strict=True)])
        return float(np.average(rows, weights=weights))
    shares = None
    if average == "weighted":
        shares = np.asarray((indicator if weights is None else indicator * weights[:, None]).sum(axis=0))
        if not shares.any():
            return 0.0
    each = np.array(
        [
            # A label that weighs nothing is not asked: its number may well be undefined.
            0.0 if shares is not None and shares[k] == 0 else metric(indicator[:, k], scores[:, k], weights)
            for k in range(indicator.shape[1])
        ]
    )
    return each if average is None else float(np.average(each, weights=shares))


def mean_of_pairs(metric: Metric, codes: NDArray[np.int64], scores: NDArray[Any], *, weighted: bool) -> float:
    """Return the mean over pairs of classes of the metric among their rows, each class being the positive one once.

    Source
    ------
    Hand and Till (2001), "A simple generalisation of the area under the ROC curve for multiple class classification
    problems", Machine Learning 45, equation 7.
    """
    values: list[float] = []
    shares: list[float] = []
    for a, b in combinations(np.unique(codes).tolist(), 2):
        rows = (codes == a) | (codes == b)
        of_pair = [metric(codes[rows] == one, scores[rows, one], None) for one in (a, b)]
        values.append(sum(of_pair) / 2)
        shares.append(float(rows.mean()))
    return float(np.average(values, weights=shares if weighted else None))
