"""The rows behind a matrix, as numbers that the lines of a working can add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.language import Message, message
from workings.subjects.confusion.classes import as_classes
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.working import Derivation, Table

__all__ = ["Rows", "add_row_table"]

# So many rows are listed one by one at most.
_MOST_ROWS = 20


@dataclass(frozen=True)
class Rows:
    """Each row's actual and predicted class, as its place among the labels, and its weight.

    The classes are looked up one label at a time, not by the code that counted the matrix.
    """

    actual: NDArray[np.int64]
    predicted: NDArray[np.int64]
    weights: NDArray[Any] | None

    @classmethod
    def of(cls, cm: ConfusionMatrix, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None) -> Rows:
        """Return the rows whose classes are among the matrix's labels."""
        codes: list[NDArray[np.int64]] = []
        for values in (y_true, y_pred):
            classes = as_classes(values, function="explain", argument="y")
            places = np.full(len(classes), -1)
            for k, label in enumerate(cm.labels):
                places[classes == label] = k
            codes.append(places)
        kept = (codes[0] >= 0) & (codes[1] >= 0)
        weights = None if sample_weight is None else np.asarray(sample_weight).reshape(-1)[kept]
        return cls(codes[0][kept], codes[1][kept], weights)

    def give(self, w: Derivation, meaning: Message) -> None:
        """Let a working start from the rows: y, ŷ, w and n."""
        w.given("y", self.actual, message("the actual classes: {meaning}", meaning=meaning))
        w.given("ŷ", self.predicted, message("the predicted classes: {meaning}", meaning=meaning))
        if self.weights is not None:
            w.given("w", self.weights, message("the weights of the rows"))
        w.given("n", len(self.actual), message("the number of rows"))


def add_row_table(w: Derivation, cm: ConfusionMatrix, rows: Rows) -> None:
    """List each row with its cell, where there are few."""
    if len(rows.actual) > _MOST_ROWS:
        return
    columns = [message("row"), message("actual"), message("predicted"), message("cell")]
    lines: list[tuple[Any, ...]] = []
    for row, (actual, predicted) in enumerate(zip(rows.actual.tolist(), rows.predicted.tolist(), strict=True), 1):
        cell = ("T" if actual == predicted else "F") + ("P" if predicted else "N")
        weight = () if rows.weights is None else (rows.weights[row - 1].item(),)
        lines.append((row, str(cm.labels[actual]), str(cm.labels[predicted]), cell, *weight))
    if rows.weights is not None:
        columns.append(message("weight"))
    w.table("rows", Table(tuple(columns), tuple(lines)), title=message("Row by row"))
