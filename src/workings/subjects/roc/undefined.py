"""What is said when a class has no rows."""

from __future__ import annotations

from workings.errors import undefined_metric, warn
from workings.language import message
from workings.subjects.roc.groups import TieGroups

__all__ = ["warn_of_missing_class"]


def warn_of_missing_class(groups: TieGroups) -> None:
    """Warn if there is no negative or no positive row, so that a rate of the curve is 0/0."""
    if not groups.total_negatives:
        text = message(
            "No negative samples in y_true, false positive value should be meaningless: it is 0/0 and given as NaN"
        )
        warn(undefined_metric(text))
    if not groups.total_positives:
        text = message(
            "No positive samples in y_true, true positive value should be meaningless: it is 0/0 and given as NaN"
        )
        warn(undefined_metric(text))
