"""A study as plain data: what its JSON file holds besides its name and version."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from workings.language import Message

if TYPE_CHECKING:
    from workings.study.results import Study

__all__ = ["study_document"]


def study_document(study: Study) -> dict[str, Any]:
    """Return the study as JSON can hold it: NaN is None, every other float keeps its full precision."""
    account = study.data
    document: dict[str, Any] = {
        "kind": study.kind,
        "title": str(study.title),
        "target": study.target,
        "score": study.score,
        "positive": study.positive,
        "negative": study.negative,
        "metrics": {
            **{name: number(value) for name, value in study.metrics.items()},
            **dict.fromkeys(study.undefined.keys() - study.metrics.keys()),
        },
        "undefined": {name: str(cause) for name, cause in study.undefined.items()},
        "intervals": {name: [number(low), number(high)] for name, (low, high) in study.intervals.items()},
        "notes": [str(text) for text in study.notes],
        "data": {
            "source": str(account.source),
            "rows_read": account.rows_read,
            "rows_used": account.rows_used,
            "dropped": [
                {"reason": str(dropped.reason), "count": dropped.count, "first_rows": list(dropped.first_rows)}
                for dropped in account.dropped
            ],
            "filled": [{"column": f.column, "count": f.count, "value": f.value} for f in account.filled],
            "encoded": [{"column": e.column, "categories": list(e.categories)} for e in account.encoded],
            "omitted": [{"column": o.column, "reason": _text(o.reason)} for o in account.omitted],
            "constant": list(account.constant),
            "classes": [{"label": label, "rows": rows} for label, rows in account.classes],
            "positive_reason": _text(account.positive_reason),
            "normalized": _text(account.normalized),
            "weights": account.weights,
        },
    }
    if account.split is not None:
        split = account.split
        document["data"]["split"] = {
            "train": split.train, "test": split.test, "seed": split.seed, "stratified": split.stratified,
            "test_size": split.test_size,
        }  # fmt: skip
    if study.confusion is not None:
        document["confusion"] = {
            "labels": [str(label) for label in study.confusion.labels],
            "counts": study.confusion.counts.tolist(),
        }
    if study.thresholds:
        document["thresholds"] = [_threshold(row) for row in study.thresholds]
    if study.coefficients:
        document["coefficients"] = [
            {"term": c.name, "value": number(c.value), "per_unit": None if c.raw is None else number(c.raw)}
            for c in study.coefficients
        ]
        document["intercept"] = study.intercept
    return document


def number(value: float) -> float | int | None:
    """Return a number as JSON has it: None for NaN and for the infinities.

    Examples
    --------
    >>> number(0.1), number(float("nan"))
    (0.1, None)
    """
    return value if isinstance(value, int) or math.isfinite(value) else None


def _threshold(row: Any) -> dict[str, Any]:
    cells = row.confusion.cells
    rates = row.confusion.rates
    return {
        "name": str(row.name),
        "threshold": number(row.threshold),
        "tp": cells.tp,
        "fp": cells.fp,
        "fn": cells.fn,
        "tn": cells.tn,
        **{name: number(rates[name]) for name in ("recall", "specificity", "precision", "accuracy", "f1")},
    }


def _text(text: Message | None) -> str | None:
    return None if text is None else str(text)
