"""The rates that look at all classes at once, from the matrix of counts with any number of classes."""

from __future__ import annotations

import math
from collections.abc import Callable

from workings.language import message

__all__ = ["CAUSE", "RATES", "SHARES"]

Counts = list[list[float]]

CAUSE = message("a class that it divides by has no rows")


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


def _balanced_accuracy(counts: Counts) -> float | None:
    actual = _actual(counts)
    if not all(actual):
        return None
    return math.fsum(row[k] / actual[k] for k, row in enumerate(counts)) / len(counts)


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


RATES: dict[str, Callable[[Counts], float | None]] = {
    "accuracy": _accuracy,
    "error_rate": _error_rate,
    "balanced_accuracy": _balanced_accuracy,
    "mcc": _mcc,
    "cohen_kappa": _kappa,
}
"""Each gives None where it is undefined."""

SHARES: dict[str, Callable[[Counts], tuple[int, int]]] = {
    "accuracy": lambda counts: (int(_right(counts)), int(_total(counts))),
    "error_rate": lambda counts: (int(_total(counts) - _right(counts)), int(_total(counts))),
}
"""Those that are shares of rows: how many, of how many."""
