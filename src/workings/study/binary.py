"""The study of a score for two classes: the matrix at a threshold, the curve over all, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workings.errors import WorkingError, held_warnings, warn
from workings.language import Message, message
from workings.study.account import DataAccount
from workings.study.derivations import explain_no_area
from workings.study.labels import Orientation
from workings.study.names import metric_names
from workings.study.page import BestRow, Headline, Kind, Place, ThresholdRow
from workings.study.results import Study
from workings.subjects.confusion import RATES, ConfusionMatrix
from workings.subjects.roc import AucComparison, RocCurve, RocSummary
from workings.working import Working

__all__ = ["Judgement", "binary_study", "judge"]

T = TypeVar("T")
_TABLE = (0.3, 0.5, 0.7)
_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a score was judged by.

    Attributes
    ----------
    curve
        The ROC curve of the rows.
    cells
        The same rows counted by (actual, decided) at the threshold, independently of the curve: integers, or sums of
        weights.
    threshold
        The decision is positive from it on.
    orientation
        Which class is positive, and why.
    costs
        What one false positive and one false negative cost.
    """

    curve: RocCurve
    cells: NDArray[Any]
    threshold: float
    orientation: Orientation
    costs: tuple[float, float] = (1.0, 1.0)

    @property
    def weighted(self) -> bool:
        """Whether the rows have weights."""
        return self.cells.dtype.kind == "f"

    @property
    def labels(self) -> tuple[str, str]:
        """The negative and the positive class, as they are shown."""
        negative, positive = self.orientation.shown
        return (f"≠ {positive}" if negative is None else negative, positive)

    def matrix(self) -> ConfusionMatrix:
        """Return the matrix at the threshold.

        Raises
        ------
        WorkingError
            If the plain count and the sorted curve do not agree.
        """
        from_curve = np.asarray(self.curve.confusion_at(self.threshold).counts)
        exact = not self.weighted
        if not np.allclose(from_curve, self.cells, rtol=0 if exact else 1e-12, atol=0):
            raise WorkingError(
                message(
                    "evaluate: the cells counted row by row, {counted}, and those of the sorted curve, {sorted}, "
                    "disagree",
                    counted=str(self.cells.tolist()),
                    sorted=str(from_curve.tolist()),
                )
            )
        return ConfusionMatrix.from_counts(self.cells, self.labels, threshold=self.threshold)

    def matrix_at(self, threshold: float) -> ConfusionMatrix:
        """Return the matrix at another threshold, from the curve."""
        counts = np.asarray(self.curve.confusion_at(threshold).counts)
        return ConfusionMatrix.from_counts(counts, self.labels, threshold=threshold)


def judge(
    actual: NDArray[np.bool_],
    score: NDArray[Any],
    weight: NDArray[np.float64] | None,
    *,
    threshold: float,
    orientation: Orientation,
) -> Judgement:
    """Return the judgement of scores that are in memory: the curve, and beside it the plain count of the cells."""
    state = RocSummary(orientation.shown, weighted=weight is not None)
    state.update((actual, score, weight))
    cell = actual.astype(np.int8) * 2 + (score >= threshold)
    if weight is None:
        cells: NDArray[Any] = np.bincount(cell, minlength=4)
    else:
        cells = np.array([math.fsum(weight[cell == place]) for place in range(4)])
    return Judgement(state.result(), cells.reshape(2, 2), threshold, orientation)


def binary_study(
    judged: Judgement,
    *,
    kind: Kind,
    title: Message,
    lead: Message,
    target: str,
    score: str | None,
    account: DataAccount,
    account_working: Callable[[], Working],
    notes: tuple[Message, ...],
    comparison: AucComparison | None = None,
    comparison_names: tuple[str, str] | None = None,
) -> Study:
    """Return the study of one score for two classes."""
    curve, matrix = judged.curve, judged.matrix()
    metrics: dict[str, float | int] = dict(_counts(account, matrix))
    metrics.update(matrix.rates)
    undefined = {name: RATES[name].cause(matrix.cells) for name, value in matrix.rates.items() if math.isnan(value)}
    ranked, said = _noted(lambda: _ranking(judged))
    defined = not math.isnan(ranked["auc"])
    cause = message("a class has fewer than two rows") if defined else message("one class has no weight")
    undefined |= {name: cause for name, value in ranked.items() if math.isnan(value)}
    # An interval that is undefined has no ends to show; an undefined AUC is shown as what it is.
    metrics |= {name: value for name, value in ranked.items() if name == "auc" or not math.isnan(value)}
    notes = (*notes, *said)
    derivations: dict[str, Callable[[], Working]] = {
        "data": account_working,
        "confusion": matrix.explain,
    }
    best: tuple[BestRow, ...] = ()
    if defined:
        best = tuple(_best(judged, metrics))
        cost_fp, cost_fn = judged.costs
        derivations["roc"] = partial(curve.explain, level=_LEVEL, cost_fp=cost_fp, cost_fn=cost_fn)
    else:
        derivations["roc"] = partial(explain_no_area, matrix.cells.positives, matrix.cells.negatives)
    if comparison is not None:
        metrics.update(_compared(comparison))
        derivations["comparison"] = comparison.explain
    rows = tuple(_threshold_rows(judged, best))
    for row in rows:
        derivations.setdefault(row.working, row.confusion.explain)
    intervals = _intervals(matrix, metrics)
    return Study(
        kind=kind,
        title=title,
        lead=lead,
        target=target,
        score=score,
        positive=judged.labels[1],
        negative=judged.labels[0],
        data=account,
        metrics=metrics,
        names=metric_names(metrics),
        undefined=undefined,
        notes=notes,
        headline=tuple(_headline(metrics, intervals)),
        rates=tuple(name for name in matrix.rates if name in metrics),
        intervals=intervals,
        threshold=judged.threshold,
        confusion=matrix,
        roc=curve if defined else None,
        thresholds=rows,
        best=best,
        comparison=comparison,
        comparison_names=comparison_names,
        derivations=derivations,
        given_places=dict(_places(best)),
    )


def _noted(work: Callable[[], T]) -> tuple[T, list[Message]]:
    """Return what ``work`` gives and what it warned of: a report has no other way to hear a warning. It warns still."""
    with held_warnings() as held:
        result = work()
    said: dict[str, Message] = {}
    for warning in held:
        warn(warning)
        if isinstance(warning.text, Message):
            said.setdefault(str(warning), warning.text)
    return result, list(said.values())


def _ranking(judged: Judgement) -> dict[str, float]:
    """Return what the curve comes to over all thresholds."""
    curve = judged.curve
    ranking = {"auc": float(curve.auc)}
    if not math.isnan(ranking["auc"]):
        if not judged.weighted:
            low, high = curve.auc_interval(_LEVEL)
            variance = math.nan if math.isnan(low) else float(curve.auc_variance)
            ranking |= {"auc_variance": variance, "auc_low": float(low), "auc_high": float(high)}
        ranking["average_precision"] = float(curve.average_precision)
    return ranking


def _counts(account: DataAccount, matrix: ConfusionMatrix) -> Iterator[tuple[str, float | int]]:
    yield "rows_read", account.rows_read
    yield "rows_used", account.rows_used
    if account.split is not None:
        yield "rows_train", account.split.train
        yield "rows_test", account.split.test
    cells = matrix.cells
    yield "positives", cells.positives
    yield "negatives", cells.negatives
    yield "threshold", matrix.threshold if matrix.threshold is not None else math.nan
    yield "tp", cells.tp
    yield "fp", cells.fp
    yield "fn", cells.fn
    yield "tn", cells.tn


def _best(judged: Judgement, metrics: dict[str, float | int]) -> Iterator[BestRow]:
    """Yield the best thresholds, and put them among the metrics."""
    cost_fp, cost_fn = judged.costs
    for method in ("youden", "corner", "cost"):
        found = judged.curve.best_threshold(method, cost_fp=cost_fp, cost_fn=cost_fn)
        threshold, sensitivity, specificity = found
        if method == "youden":
            name, criterion_name = message("Youden's J is largest"), message("Youden's J")
        elif method == "corner":
            name, criterion_name = message("nearest to the corner (0, 1)"), message("distance to the corner")
        else:
            name, criterion_name = message("least cost"), message("mean cost of a row")
        metrics[f"best_{method}_threshold"] = threshold
        metrics[f"best_{method}_sensitivity"] = sensitivity
        metrics[f"best_{method}_specificity"] = specificity
        metrics[f"best_{method}_criterion"] = found.value
        yield BestRow(name, threshold, sensitivity, specificity, found.value, criterion_name, ("roc", f"best_{method}"))


def _threshold_rows(judged: Judgement, best: tuple[BestRow, ...]) -> Iterator[ThresholdRow]:
    chosen = sorted({*_TABLE, judged.threshold})
    for threshold in chosen:
        name = message("chosen") if threshold == judged.threshold else message("fixed")
        working = "confusion" if threshold == judged.threshold else f"threshold/{threshold!r}"
        yield ThresholdRow(name, threshold, judged.matrix_at(threshold), working)
    for row in best:
        if math.isfinite(row.threshold):
            place = (row.place[0], f"{row.place[1].removeprefix('best_')}_threshold")
            matrix = judged.matrix_at(row.threshold)
            yield ThresholdRow(row.name, row.threshold, matrix, f"threshold/{row.threshold!r}", place)


def _compared(comparison: AucComparison) -> Mapping[str, float]:
    with held_warnings():
        # The test below says the same.
        low, high = comparison.interval(_LEVEL)
    return {
        "auc_a": float(comparison.auc_a),
        "auc_b": float(comparison.auc_b),
        "difference": float(comparison.difference),
        "difference_low": float(low),
        "difference_high": float(high),
        "z": float(comparison.z),
        "p_value": float(comparison.p_value),
    }


def _intervals(matrix: ConfusionMatrix, metrics: Mapping[str, float | int]) -> dict[str, tuple[float, float]]:
    intervals: dict[str, tuple[float, float]] = {}
    if not matrix.weighted:
        for name, rate in RATES.items():
            if rate.proportion is not None and not math.isnan(metrics[name]):
                intervals[name] = matrix.interval(name, _LEVEL)
    if not math.isnan(metrics.get("auc_low", math.nan)):
        intervals["auc"] = (metrics["auc_low"], metrics["auc_high"])
    return intervals


def _headline(metrics: Mapping[str, float | int], intervals: Mapping[str, tuple[float, float]]) -> Iterator[Headline]:
    names = metric_names(metrics)
    how_to_read = {
        "auc": message("the chance that a positive row has the higher score than a negative one"),
        "recall": message("share of the positive rows that are found"),
        "precision": message("share of the rows called positive that are"),
        "accuracy": message("share of all rows that are called right"),
    }
    for name, note in how_to_read.items():
        yield Headline(name, names[name], metrics[name], intervals.get(name), _LEVEL, note, percent=name != "auc")


def _places(best: tuple[BestRow, ...]) -> Iterator[tuple[str, Place]]:
    for row in best:
        method = row.place[1].removeprefix("best_")
        for part in ("threshold", "sensitivity", "specificity", "criterion"):
            yield f"best_{method}_{part}", ("roc", f"{method}_{part}")
