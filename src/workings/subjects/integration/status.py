"""How an integration ended: a name to test for, and a sentence to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workings.ending import Ending

__all__ = ["Status"]


@dataclass(frozen=True)
class Status(Ending):
    """Why an integration ended.

    Parameters
    ----------
    name
        "converged"; "limit" (subintervals ran out); "rounding" (rounding alone is more than the tolerance);
        "divergent" (the area grows without end towards a place); "singular" (an end where the integrand is singular
        keeps more than the tolerance); "not_finite" (the integrand is undefined or infinite on a stretch, or its
        area overflows); "nothing_seen" (the integrand was 0 wherever it was tried); "not_a_density" (a density does not
        integrate to 1).
    text
        The same as a sentence.
    """

    name: Literal[
        "converged", "limit", "rounding", "divergent", "singular", "not_finite", "nothing_seen", "not_a_density"
    ]
