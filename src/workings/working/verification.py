"""The outcome of a check: how many lines, how far off, and from what each was evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from workings.working.values import Scope

__all__ = ["LineCheck", "Verification"]


@dataclass(frozen=True)
class LineCheck:
    """How one line came out.

    Parameters
    ----------
    key
        The line's key.
    scope
        "inputs": from the inputs, term by term at 50 digits. "recount": from the inputs, with exact integers and
        exactly rounded float64 sums, because that takes over 10,000 operations. "state": from a state that was merged
        while the data streamed by.
    error
        How far the computed value lies from the evaluated one, relative to it.
    difference, rounding
        How far the result shown lies from the evaluated one and from what its digits give, whichever is more; and how
        far it may.
    """

    key: str
    scope: Scope
    error: float = 0.0
    difference: float = 0.0
    rounding: float = 0.0


@dataclass(frozen=True)
class Verification:
    """What was checked, and how it came out.

    Parameters
    ----------
    equations
        How many lines were checked. Definitions are not counted.
    largest_error
        The largest relative error of a computed value.
    scope
        How many lines were evaluated from what: "inputs", "recount", "state".
    difference, rounding
        Of the line that comes nearest to what rounding allows: its difference, and what is allowed.
    cells
        How many cells of tables were checked besides.
    lines
        The lines one by one.
    definitions
        How many definitions hold with the numbers that were worked out for what they introduce. They are no lines.
    """

    equations: int
    largest_error: float
    scope: Mapping[Scope, int]
    difference: float
    rounding: float
    cells: int
    lines: tuple[LineCheck, ...]
    definitions: int = 0

    @classmethod
    def of(cls, lines: Iterable[LineCheck], cells: int, definitions: int = 0) -> Verification:
        """Return the outcome of these lines, as many cells of tables, and as many definitions."""
        checked = tuple(lines)
        nearest = max(checked, key=_nearness, default=None)
        return cls(
            equations=len(checked),
            largest_error=max((line.error for line in checked), default=0.0),
            scope=dict(Counter(line.scope for line in checked)),
            difference=nearest.difference if nearest else 0.0,
            rounding=nearest.rounding if nearest else 0.0,
            cells=cells,
            lines=checked,
            definitions=definitions,
        )

    def only(self, keys: Container[str]) -> Verification:
        """Return the outcome of the lines of these keys alone."""
        return Verification.of((line for line in self.lines if line.key in keys), 0)


def _nearness(line: LineCheck) -> float:
    return line.difference / line.rounding if line.rounding else 0.0
