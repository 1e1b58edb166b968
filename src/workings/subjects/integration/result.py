"""What an integration gives: the value, how far it may be off, and why it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.language import grouped
from workings.subjects.integration.panels import Round
from workings.subjects.integration.status import Status
from workings.working import Explainable

__all__ = ["Boxes", "Integral", "Subintervals"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Subintervals:
    """The subintervals that an integration ended with, from left to right, shape (n,) each.

    Parameters
    ----------
    low, high
        Where each lies.
    value, error
        Its part of the integral, and the estimate of that part's error.
    double_exponential
        Whether it was left to the double-exponential rule.
    rounds
        What each round of bisections came to.
    raised
        Whether the estimate was raised: bisecting had shown that the rule's own was too small.
    nodes
        (n, 21) the integrand at Gauss's and Kronrod's nodes, from low to high, times the size of dx/du where a
        subinterval is infinitely long.
    pieces
        The limits, ascending, and between them where the range was cut before the rule began.
    breaks
        Where it was cut at another place than the middle, in the order in which these places were found.
    """

    low: Array
    high: Array
    value: Array
    error: Array
    double_exponential: NDArray[np.bool_]
    rounds: tuple[Round, ...]
    raised: NDArray[np.bool_]
    nodes: Array
    pieces: tuple[float, ...]
    breaks: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True, eq=False)
class Boxes:
    """The boxes that an integration over a box of d dimensions ended with.

    Parameters
    ----------
    low, high
        (n, d) their corners.
    value, error
        (n,) the part of the integral over each, and the estimate of that part's error.
    centre, half
        (n, d) the middle of each and half its sides, in the coordinates in which infinite sides are finite.
    raised
        (n,) whether the estimate was raised: halving had shown that the rule's own was too small.
    """

    low: Array
    high: Array
    value: Array
    error: Array
    centre: Array
    half: Array
    raised: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True, eq=False)
class Integral(Explainable):
    """A definite integral, an expectation, or an integral over a box. It unpacks as ``value, error``.

    Parameters
    ----------
    value
        The integral.
    error
        An estimate of how far ``value`` may be from it, not below what rounding leaves; infinite where nothing can be
        said.
    status
        Why the integration ended.
    evaluations
        How many values of the integrand were computed, those tried to find out how it is called included.
    integrand
        What was integrated, as it was given.
    limits
        From where to where; of a box, the lower and the upper corner.
    args
        What the integrand took besides.
    subintervals
        How the range was cut; None where it was not (a sum over a table, a box).
    epsabs, epsrel
        The tolerance that was asked: the error may be the larger of ``epsabs`` and ``epsrel``·|value|.
    boxes
        How a box of 2 to 5 dimensions was cut; None of any other integral.
    """

    value: float
    error: float
    status: Status
    evaluations: int
    integrand: Any
    limits: tuple[Any, Any]
    args: tuple[Any, ...]
    subintervals: Subintervals | None
    epsabs: float
    epsrel: float
    boxes: Boxes | None = None

    @property
    def converged(self) -> bool:
        """Whether the error is within the tolerance that was asked."""
        return self.status.converged

    def __iter__(self) -> Iterator[Any]:
        return iter((self.value, self.error))

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: int | slice) -> Any:
        return (self.value, self.error)[place]

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        lines = [
            f"value        {self.value!r}",
            f"error        {self.error:.3g}",
            f"evaluations  {grouped(self.evaluations)}",
            str(self.status),
        ]
        return "\n".join(lines)
