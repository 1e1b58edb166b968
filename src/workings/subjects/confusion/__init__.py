"""The confusion matrix and every rate that comes from it, at one threshold or at several."""

from workings.subjects.confusion.compute import confusion_matrix, threshold_table
from workings.subjects.confusion.layout import ConfusionTable
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.rates import RATES
from workings.subjects.confusion.report import ClassReport
from workings.subjects.confusion.summary import ConfusionCounts
from workings.subjects.confusion.thresholds import ThresholdTable

__all__ = [
    "RATES",
    "ClassReport",
    "ConfusionCounts",
    "ConfusionMatrix",
    "ConfusionTable",
    "ThresholdTable",
    "confusion_matrix",
    "threshold_table",
]
