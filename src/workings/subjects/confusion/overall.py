"""The rates that look at all classes at once, from the matrix of counts with any number of classes."""

from __future__ import annotations

import math
from collections.abc import Callable

from workings.language import Message, message

__all__ = ["CLASS_WITHOUT_ROWS", "RATES", "SHARES", "in_unit", "overall_cause", "overall_rate"]

Counts = list[list[float]]

CLASS_WITHOUT_ROWS = message("a class that it divides by has no rows")


def overall_rate(name: str, counts: Counts) -> float | None:
    """Return the rate of this name, one of ``RATES``; None where it is undefined.

    Weights are taken in a unit in which the largest count is about 1: what four totals of 1e100 make is no float, and
    of 1e-100 is 0. Every rate is free of the unit.
    """
    return RATES[name](in_unit(counts))


def in_unit(counts: Counts) -> Counts:
    """Return weights in a unit in which the largest is about 1; counted rows as they are."""
    largest = max(max(row) for row in counts)
    if not isinstance(largest, float):
        return counts
    power = -math.frexp(largest)[1]
    return [[math.ldexp(count, power) for count in row] for row in counts]


def overall_cause(name: str, counts: Counts) -> Message:
    """Return why the rate of this name, one of ``RATES``, is undefined for these counts."""
    if not _total(counts):
        return message("there are no rows")
    if name == "mcc":
        return message("all rows are of one class, actually or by prediction")
    if name in ("cohen_kappa", "scott_pi", "gwet_ac1"):
        return message("all rows are of one class, actually and by prediction")
    return CLASS_WITHOUT_ROWS if not all(_actual(counts)) else message("there is only one class")


def _right(counts: Counts) -> float:
    return sum(row[k] for k, row in enumerate(counts))


def _actual(counts: Counts) -> list[float]:
    return [sum(row) for row in counts]


def _predicted(counts: Counts) -> list[float]:
    return [sum(column) for column in zip(*counts, strict=True)]


def _total(counts: Counts) -> float:
    return sum(_actual(counts))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _accuracy(counts: Counts) -> float | None:
    return _ratio(_right(counts), _total(counts))


def _error_rate(counts: Counts) -> float | None:
    return _ratio(_total(counts) - _right(counts), _total(counts))


def _recalls(counts: Counts) -> float | None:
    """Return the sum of the classes' recalls."""
    actual = _actual(counts)
    return math.fsum(row[k] / actual[k] for k, row in enumerate(counts)) if all(actual) else None


def _balanced_accuracy(counts: Counts) -> float | None:
    recalls = _recalls(counts)
    return None if recalls is None else recalls / len(counts)


def _adjusted_balanced_accuracy(counts: Counts) -> float | None:
    recalls = _recalls(counts)
    return None if recalls is None else _ratio(recalls - 1, len(counts) - 1)


def _no_information_rate(counts: Counts) -> float | None:
    return _ratio(max(_actual(counts)), _total(counts))


def _covariances(counts: Counts) -> tuple[float, float, float]:
    """Return n² times the covariance of truth and prediction, and of each with itself, as one-hot vectors."""
    total, actual, predicted = _total(counts), _actual(counts), _predicted(counts)
    both = total * _right(counts) - sum(t * p for t, p in zip(actual, predicted, strict=True))
    return both, total * total - sum(t * t for t in actual), total * total - sum(p * p for p in predicted)


def _mcc(counts: Counts) -> float | None:
    both, actual, predicted = _covariances(counts)
    return _ratio(both, math.sqrt(actual * predicted))


def _kappa(counts: Counts) -> float | None:
    total = _total(counts)
    by_chance = sum(t * p for t, p in zip(_actual(counts), _predicted(counts), strict=True))
    return _ratio(total * _right(counts) - by_chance, total * total - by_chance)


def _pooled(counts: Counts) -> tuple[float, float, float]:
    """Return 4 n R, 4 n² and the sum of squares of the classes' rows, actual and predicted taken together."""
    total = _total(counts)
    squares = sum((t + p) ** 2 for t, p in zip(_actual(counts), _predicted(counts), strict=True))
    return 4 * total * _right(counts), 4 * total * total, squares


def _scott_pi(counts: Counts) -> float | None:
    right, whole, squares = _pooled(counts)
    return _ratio(right - squares, whole - squares)


def _gwet_ac1(counts: Counts) -> float | None:
    right, whole, squares = _pooled(counts)
    others = len(counts) - 1
    return _ratio(others * right - (whole - squares), others * whole - (whole - squares))


RATES: dict[str, Callable[[Counts], float | None]] = {
    "accuracy": _accuracy,
    "error_rate": _error_rate,
    "no_information_rate": _no_information_rate,
    "balanced_accuracy": _balanced_accuracy,
    "adjusted_balanced_accuracy": _adjusted_balanced_accuracy,
    "mcc": _mcc,
    "cohen_kappa": _kappa,
    "scott_pi": _scott_pi,
    "gwet_ac1": _gwet_ac1,
}
"""Each gives None where it is undefined."""

SHARES: dict[str, Callable[[Counts], tuple[int, int]]] = {
    "accuracy": lambda counts: (int(_right(counts)), int(_total(counts))),
    "error_rate": lambda counts: (int(_total(counts) - _right(counts)), int(_total(counts))),
}
"""Those that are shares of rows: how many, of how many."""
