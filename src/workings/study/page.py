"""The parts of a study that its page shows: headline numbers, rows of tables, and where each number is derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workings.working import Explainable

if TYPE_CHECKING:
    from workings.language import Message
    from workings.subjects.confusion import ConfusionMatrix

__all__ = [
    "MOST_TERMS",
    "BestRow",
    "Coefficient",
    "Descent",
    "Headline",
    "Kind",
    "Place",
    "Residuals",
    "ThresholdRow",
]

Kind = Literal["evaluate", "logistic", "one-vs-rest", "linear", "predict"]

# So many coefficients stand on a page in numbers, each with its lines; the JSON file has them all.
MOST_TERMS = 100

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
    """One line of the table of thresholds.

    Parameters
    ----------
    name, threshold, confusion
        Which one it is, and the matrix there.
    working
        The key of the working that it opens into.
    place
        Where the threshold itself is derived; None if it was given.
    """

    name: Message
    threshold: float
    confusion: ConfusionMatrix
    working: str
    place: Place | None = None


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
class Descent(Explainable):
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
