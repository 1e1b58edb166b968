"""What each metric is called, in words."""

from __future__ import annotations

from collections.abc import Iterable

from workings.language import Message, message
from workings.subjects.confusion import RATES

__all__ = ["metric_names"]

_NAMES: dict[str, Message] = {
    "rows_read": message("Rows read"),
    "rows_used": message("Rows used"),
    "rows_train": message("Rows to fit on"),
    "rows_test": message("Rows held out"),
    "positives": message("Positive rows"),
    "negatives": message("Negative rows"),
    "threshold": message("Threshold"),
    "tp": message("True positives"),
    "fp": message("False positives"),
    "fn": message("False negatives"),
    "tn": message("True negatives"),
    "auc": message("Area under the ROC curve (AUC)"),
    "auc_variance": message("Variance of the AUC (DeLong)"),
    "auc_low": message("AUC, lower end of the interval"),
    "auc_high": message("AUC, upper end of the interval"),
    "average_precision": message("Average precision"),
    "auc_a": message("AUC of the first score"),
    "auc_b": message("AUC of the second score"),
    "difference": message("Difference of the AUCs"),
    "difference_low": message("Difference, lower end of the interval"),
    "difference_high": message("Difference, upper end of the interval"),
    "z": message("z of the paired DeLong test"),
    "p_value": message("p-value of the paired DeLong test"),
    "auc_macro": message("Mean of the classes' AUCs"),
    "r2": message("Coefficient of determination (R²)"),
    "rmse": message("Root mean squared error (RMSE)"),
    "mae": message("Mean absolute error (MAE)"),
    "cost": message("Cost at the end of the descent"),
    "iterations": message("Iterations of gradient descent"),
    "predicted_mean": message("Mean of the predictions"),
    "rows_predicted": message("Rows predicted"),
    "rows_without_prediction": message("Rows without a prediction"),
}
_BEST = {"youden": message("Youden's J"), "corner": message("nearest to the corner"), "cost": message("least cost")}
_PARTS = {
    "threshold": message("threshold"),
    "sensitivity": message("sensitivity"),
    "specificity": message("specificity"),
    "criterion": message("value of the criterion"),
}


def metric_names(metrics: Iterable[str]) -> dict[str, Message]:
    """Return the name of each metric.

    Examples
    --------
    >>> from workings.study.names import metric_names
    >>> [str(name) for name in metric_names(["auc_low", "recall", "best_cost_threshold"]).values()]
    ['AUC, lower end of the interval', 'Recall (sensitivity)', 'Best threshold by least cost: threshold']
    """
    return {metric: _name(metric) for metric in metrics}


def _name(metric: str) -> Message:
    if metric in _NAMES:
        return _NAMES[metric]
    if metric in RATES:
        return RATES[metric].title
    if metric.startswith("best_"):
        _, method, part = metric.split("_", 2)
        return message("Best threshold by {criterion}: {part}", criterion=_BEST[method], part=_PARTS[part])
    kind, _, label = metric.partition("/")
    if kind == "auc":
        return message("AUC of {label} against the rest", label=label)
    return message("Rows predicted {label}", label=label)
