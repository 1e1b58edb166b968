"""What a report is made from: the parts of a study that the page shows, and where each number's working is.

A page reads results and workings, never rows. Whatever has these attributes can be reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from workings.language import Message
    from workings.study.account import DataAccount
    from workings.subjects.confusion import ConfusionMatrix
    from workings.subjects.roc import AucComparison, RocCurve
    from workings.working import Verification, Working

__all__ = [
    "BestRow",
    "Coefficient",
    "Descent",
    "Headline",
    "Kind",
    "Place",
    "ReportableStudy",
    "Residuals",
    "ThresholdRow",
]

Kind = Literal["evaluate", "logistic", "one-vs-rest", "linear"]

# Where a number is derived: the key of a working, and of a step in it.
Place = tuple[str, str]


@dataclass(frozen=True)
class Headline:
    """One of the numbers that open the page.

    Parameters
    ----------
    metric
        Its key in ``metrics`` and ``places``.
    name
        What it is, in words.
    value
        The number.
    interval, level
        Its interval and the interval's level, where there is one.
    note
        How to read it, in one short sentence.
    percent
        True where it reads best as a share of a hundred.
    """

    metric: str
    name: Message
    value: float
    interval: tuple[float, float] | None = None
    level: float = 0.95
    note: Message | None = None
    percent: bool = False


@dataclass(frozen=True, eq=False)
class ThresholdRow:
    """One line of the table of thresholds; ``working`` is the key of the working that it opens into."""

    name: Message
    threshold: float
    confusion: ConfusionMatrix
    working: str


@dataclass(frozen=True)
class BestRow:
    """A threshold that is best by one criterion, with the criterion's value there."""

    name: Message
    threshold: float
    sensitivity: float
    specificity: float
    criterion: float
    criterion_name: Message
    place: Place


@dataclass(frozen=True, eq=False)
class Descent:
    """How the fit went.

    Parameters
    ----------
    iterations, cost, gradient
        The iterations that are shown, with the cost and the gradient's largest absolute entry at each.
    optimum
        The least cost there is, where it is known.
    converged, status
        Whether it arrived, and that in words.
    """

    iterations: Sequence[int]
    cost: Sequence[float]
    gradient: Sequence[float]
    optimum: float | None
    converged: bool
    status: Message


@dataclass(frozen=True)
class Coefficient:
    """One coefficient: ``value`` per unit of the normalised column, ``raw`` per unit of the column itself."""

    name: str
    value: float
    raw: float | None = None


@dataclass(frozen=True, eq=False)
class Residuals:
    """Actual minus predicted, on the held-out rows.

    Parameters
    ----------
    predicted, actual
        At most 2,000 of the rows, evenly chosen.
    count
        How many rows there are.
    edges, counts
        A histogram of all residuals: bins + 1 edges, and the rows in each bin.
    """

    predicted: Sequence[float]
    actual: Sequence[float]
    count: int
    edges: Sequence[float]
    counts: Sequence[int]


class ReportableStudy(Protocol):
    """The attributes that a report reads; what is None or empty is left out of the page.

    Attributes
    ----------
    kind, title, lead
        Which story is told, its heading, and a sentence or two below it.
    target, score, positive, negative
        The label's or target's column, the score's, and the two classes as they are shown.
    metrics, names, intervals, places
        By metric key: the number, its name, its 95 % interval, and where it is derived. Every number that the page
        shows has a place.
    workings, verifications
        The workings in reading order, and what checking each of them found.
    """

    @property
    def kind(self) -> Kind: ...
    @property
    def title(self) -> Message: ...
    @property
    def lead(self) -> Message | None: ...
    @property
    def target(self) -> str: ...
    @property
    def score(self) -> str | None: ...
    @property
    def positive(self) -> str | None: ...
    @property
    def negative(self) -> str | None: ...
    @property
    def metrics(self) -> Mapping[str, float | int | None]: ...
    @property
    def names(self) -> Mapping[str, Message]: ...
    @property
    def intervals(self) -> Mapping[str, tuple[float, float]]: ...
    @property
    def places(self) -> Mapping[str, Place]: ...
    @property
    def headline(self) -> tuple[Headline, ...]: ...
    @property
    def rates(self) -> tuple[str, ...]: ...
    @property
    def workings(self) -> Mapping[str, Working]: ...
    @property
    def verifications(self) -> Mapping[str, Verification]: ...
    @property
    def threshold(self) -> float | None: ...
    @property
    def confusion(self) -> ConfusionMatrix | None: ...
    @property
    def roc(self) -> RocCurve | None: ...
    @property
    def curves(self) -> Mapping[str, RocCurve]: ...
    @property
    def thresholds(self) -> tuple[ThresholdRow, ...]: ...
    @property
    def best(self) -> tuple[BestRow, ...]: ...
    @property
    def comparison(self) -> AucComparison | None: ...
    @property
    def comparison_names(self) -> tuple[str, str] | None: ...
    @property
    def descent(self) -> Descent | None: ...
    @property
    def coefficients(self) -> tuple[Coefficient, ...]: ...
    @property
    def intercept(self) -> float | None: ...
    @property
    def residuals(self) -> Residuals | None: ...
    @property
    def data(self) -> DataAccount: ...
    @property
    def warnings(self) -> tuple[Message, ...]: ...
