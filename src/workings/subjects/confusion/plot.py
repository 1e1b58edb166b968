"""The pictures of this room: the matrix with counts and shares; what several thresholds decide, under a slider."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
from numpy.typing import ArrayLike

from workings.subjects.confusion import compute
from workings.subjects.confusion.layout import ConfusionTable
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.plot_matrix import matrix_picture
from workings.subjects.confusion.plot_report import report_picture
from workings.subjects.confusion.plot_thresholds import thresholds_picture
from workings.subjects.confusion.report import ClassReport
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.working import plotter

__all__ = [
    "plot_confusion_matrix",
    "plot_layout",
    "plot_matrix",
    "plot_report",
    "plot_threshold_table",
    "plot_thresholds",
]


@plotter(ConfusionMatrix)
def plot_matrix(matrix: ConfusionMatrix, rows: Literal["actual", "predicted"] = "actual") -> alt.LayerChart:
    """Return the matrix, each cell with its count and its share.

    Parameters
    ----------
    matrix
        The matrix.
    rows
        "actual" classes in the rows and predicted ones in the columns, as scikit-learn has them; or "predicted", as
        many textbooks do.

    Raises
    ------
    InputError
        If ``rows`` is neither.
    """
    return matrix_picture(matrix, matrix.table(rows).rows)


@plotter(ConfusionTable)
def plot_layout(table: ConfusionTable) -> alt.LayerChart:
    """Return the picture of the matrix in the layout of this table."""
    return matrix_picture(ConfusionMatrix.from_table(table), table.rows)


@plotter(ClassReport)
def plot_report(report: ClassReport) -> alt.LayerChart:
    """Return the rates of each class, and their averages, as points on one axis."""
    return report_picture(report)


@plotter(compute.confusion_matrix)
def plot_confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, /, **options: Any) -> alt.LayerChart:
    """Return the picture of the matrix of these labels."""
    return matrix_picture(compute.confusion_matrix(y_true, y_pred, **options))


@plotter(ThresholdTable)
def plot_thresholds(table: ThresholdTable) -> alt.ConcatChart:
    """Return the rows by score, the rates by threshold and the four counts, moved by a slider over the thresholds."""
    return thresholds_picture(table)


@plotter(compute.threshold_table)
def plot_threshold_table(
    y_true: ArrayLike, y_score: ArrayLike, thresholds: ArrayLike = (0.3, 0.5, 0.7), /, **options: Any
) -> alt.ConcatChart:
    """Return the picture of the table of these rows."""
    return thresholds_picture(compute.threshold_table(y_true, y_score, thresholds, **options))
