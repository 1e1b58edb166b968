"""A study: everything that was found out about a table, with its derivation, its report and its file of numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workings.language import Language, Message
from workings.once import cached_property
from workings.outputs import replacing
from workings.study.account import DataAccount
from workings.study.page import BestRow, Coefficient, Descent, Headline, Kind, Place, Residuals, ThresholdRow
from workings.working import Explainable, Verification, Working

if TYPE_CHECKING:
    import pyarrow as pa

    from workings.study.model import Model
    from workings.study.tally import Tally
    from workings.subjects.confusion import ConfusionMatrix
    from workings.subjects.roc import AucComparison, RocCurve

__all__ = ["STUDY_FORMAT", "STUDY_VERSION", "Study"]

STUDY_FORMAT = "workings study"
STUDY_VERSION = 1


@dataclass(frozen=True, eq=False, repr=False)
class Study(Explainable):
    """What :func:`evaluate`, :func:`fit` and :func:`predict` found out.

    Attributes
    ----------
    kind
        "evaluate"; or the model that was fitted: "logistic", "one-vs-rest", "linear"; or "predict".
    title, lead
        What was asked, and of which rows.
    target, score
        The column of the truth, and of the score where one was given.
    positive, negative
        The two classes, as they are shown.
    data
        What was done to the rows.
    metrics
        Every number by name: a flat mapping. NaN where it is undefined; ``undefined`` then holds the cause.
    names
        What each metric is called, in words.
    notes
        What was done that the reader must know: which class is positive and why, what was left out, how a fit ended.
    threshold, confusion
        The threshold, and the matrix at it (or of all classes).
    roc, curves
        The curve; of three classes and more, one against the rest for each.
    comparison
        The paired test of two scores.
    model
        The fitted model.
    predictions
        The predictions, where they were not written to a file.
    predicted
        How often which number, or probability of the positive class, was predicted.
    """

    kind: Kind
    title: Message
    target: str
    data: DataAccount
    metrics: Mapping[str, float | int]
    names: Mapping[str, Message]
    undefined: Mapping[str, Message] = field(default_factory=dict[str, Message])
    lead: Message | None = None
    score: str | None = None
    positive: str | None = None
    negative: str | None = None
    notes: tuple[Message, ...] = ()
    headline: tuple[Headline, ...] = ()
    rates: tuple[str, ...] = ()
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    threshold: float | None = None
    confusion: ConfusionMatrix | None = None
    roc: RocCurve | None = None
    curves: Mapping[str, RocCurve] = field(default_factory=dict[str, "RocCurve"])
    thresholds: tuple[ThresholdRow, ...] = ()
    best: tuple[BestRow, ...] = ()
    comparison: AucComparison | None = None
    comparison_names: tuple[str, str] | None = None
    descent: Descent | None = None
    coefficients: tuple[Coefficient, ...] = ()
    intercept: float | None = None
    residuals: Residuals | None = None
    model: Model | None = None
    predictions: pa.Table | None = None
    predicted: Tally | None = None
    derivations: Mapping[str, Callable[[], Working]] = field(default_factory=dict[str, Callable[[], Working]])
    given_places: Mapping[str, Place] = field(default_factory=dict[str, Place])

    @property
    def warnings(self) -> tuple[Message, ...]:
        """The notes, as the report reads them."""
        return self.notes

    @cached_property
    def workings(self) -> Mapping[str, Working]:
        """The derivations of all numbers, by what they are of, in reading order."""
        return {key: derive() for key, derive in self.derivations.items()}

    @cached_property
    def verifications(self) -> Mapping[str, Verification]:
        """What checking each working came to.

        Raises
        ------
        WorkingError
            If a line of a working disagrees with the value that was computed.
        """
        return {key: working.verification for key, working in self.workings.items()}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where each number is derived: the working's key, and the step's in it. A step has its metric's name."""
        found = dict(self.given_places)
        for key, working in self.workings.items():
            if "/" not in key:
                for step in working.walk():
                    found.setdefault(step.key, (key, step.key))
        return found

    def report(self, path: str | Path, lang: Language | None = None) -> Path:
        """Write the report: one HTML file that needs nothing else, in which every number opens into its derivation.

        Parameters
        ----------
        path
            Where; the file appears whole or not at all.
        lang
            "en" or "ko"; the active language by default.

        Raises
        ------
        WorkingError
            If a line of a working does not verify; nothing is written then.
        DataError
            If the folder does not exist or cannot be written.
        """
        from workings.study.report import write_report

        return write_report(self, path, lang)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the numbers as JSON at full precision, and write them to ``path`` if one is given.

        A number that is undefined is null, and its cause stands in ``undefined``.

        Raises
        ------
        WorkingError
            If a line of a working does not verify; nothing is written then.
        DataError
            If the folder does not exist or cannot be written.
        """
        text = json.dumps(self._document(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        if path is not None:
            with replacing(path) as beside:
                beside.write_text(text, encoding="utf-8")
        return text

    def _document(self) -> dict[str, Any]:
        from workings.study.document import study_document

        return {
            "format": STUDY_FORMAT,
            "version": STUDY_VERSION,
            "equations_verified": sum(found.equations for found in self.verifications.values()),
            **study_document(self),
        }

    def __repr__(self) -> str:
        lines = [str(self.title)]
        for headline in self.headline:
            shown = "-" if math.isnan(headline.value) else f"{headline.value:.5g}"
            if headline.interval is not None:
                shown += f" ({headline.interval[0]:.5g} - {headline.interval[1]:.5g})"
            lines.append(f"  {headline.name}: {shown}")
        return "\n".join(lines)
