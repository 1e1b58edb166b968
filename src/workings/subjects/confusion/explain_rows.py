"""The rows behind a matrix, as numbers that the lines of a working can add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights
from workings.arrays.sums import split_on_grid
from workings.expression import equal, indexed, iverson
from workings.language import Message, message
from workings.subjects.confusion.classes import as_classes
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.working import Derivation, Derived, Table

__all__ = ["Rows", "add_row_table"]

# So many rows are listed one by one at most.
_MOST_ROWS = 20


@dataclass(frozen=True)
class Rows:
    """Each row's actual and predicted class, as its place among the labels, and its weight.

    The classes are looked up one label at a time, not by the code that counted the matrix.
    """

    actual: NDArray[Any]
    predicted: NDArray[Any]
    weights: NDArray[Any] | None

    @classmethod
    def of(cls, cm: ConfusionMatrix, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None) -> Rows:
        """Return the rows whose classes are among the matrix's labels."""
        actual, predicted = (_places(values, cm.labels) for values in (y_true, y_pred))
        weights = as_weights(sample_weight, len(actual), function="explain", beside=("y_true", "y_pred"))
        kept = (actual >= 0) & (predicted >= 0)
        if kept.all():
            return cls(actual, predicted, weights)
        return cls(actual[kept], predicted[kept], None if weights is None else weights[kept])

    def pairs(self, classes: int) -> NDArray[Any]:
        """Return how many rows (or how much weight) each class has by the class predicted, (k, k), counted again."""
        # Places of one byte would wrap.
        places = self.actual.astype(np.int64) * classes + self.predicted
        if self.weights is None:
            return np.bincount(places, minlength=classes**2).reshape(classes, classes)
        parts = split_on_grid(self.weights, len(self.weights) * float(self.weights.max(initial=0.0)))
        found = [np.bincount(places, part, classes**2) for part in parts]
        return (found[0] + found[1]).reshape(classes, classes)

    def give(self, w: Derivation, meaning: Message) -> None:
        """Let a working start from the rows: y, ŷ, w and n."""
        w.given("y", self.actual, message("the actual classes: {meaning}", meaning=meaning))
        w.given("ŷ", self.predicted, message("the predicted classes: {meaning}", meaning=meaning))
        if self.weights is not None:
            w.given("w", self.weights, message("the weights of the rows"))
        w.given("n", len(self.actual), message("the number of rows"))


def _places(values: ArrayLike, labels: Sequence[Any]) -> NDArray[Any]:
    """Return each row's place among the labels, -1 where its class is none of them."""
    classes = as_classes(values, function="explain", argument="y")
    # Of few classes a place is one byte, and adding up what is or is not a class is quicker than looking it up.
    places = np.full(len(classes), -1, np.int8 if len(labels) < np.iinfo(np.int8).max else np.int64)
    for k, label in enumerate(labels, 1):
        places += (classes == label) * places.dtype.type(k)
    return places


def add_row_table(w: Derivation, cm: ConfusionMatrix, rows: Rows) -> None:
    """List each row with its cell (of two classes) or whether it is right, where there are few; rows are given."""
    if len(rows.actual) > _MOST_ROWS:
        return
    two = len(cm.labels) == 2
    columns = [message("row"), message("actual"), message("predicted"), message("cell") if two else message("outcome")]
    names = tuple(str(label) for label in cm.labels)
    lines: list[tuple[Any, ...]] = []
    for row, (actual, predicted) in enumerate(zip(rows.actual.tolist(), rows.predicted.tolist(), strict=True), 1):
        y, decided = indexed("y", row), indexed("ŷ", row)
        if two:
            cell = Derived(2 * predicted + actual, 2 * decided + y, words=("TN", "FN", "FP", "TP"))
        else:
            outcomes = message("wrong"), message("correct")
            cell = Derived(int(actual == predicted), iverson(equal(y, decided)), words=outcomes)
        weight = () if rows.weights is None else (Derived(rows.weights[row - 1].item(), indexed("w", row)),)
        lines.append((row, Derived(actual, y, words=names), Derived(predicted, decided, words=names), cell, *weight))
    if rows.weights is not None:
        columns.append(message("weight"))
    w.table("rows", Table(tuple(columns), tuple(lines)), title=message("Row by row"))
