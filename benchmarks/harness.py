"""How speed is measured here: both sides in turn on the same arrays, the median of several runs, a ratio.

A machine's mood changes from minute to minute; a ratio of two sides that take turns does not follow it. Each side runs
once to warm up (compilers, caches), then at least five times in alternation, with a rest between.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Row", "measure", "print_table", "repeated"]

_REST = 0.05  # seconds in which the threads of the side before stop looking for more work
_LEAST, _MOST = 5, 25  # runs of each side: the more, the sooner they are over
_ENOUGH = 4.0  # seconds of measured work in a row, after which the least number of runs is enough
_OF_COPY = 0.75  # of the bandwidth of a fresh copy: no more is asked of work that memory bounds


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, by whom, and how long each took (seconds, medians).

    ``copy_s`` stands beside work that memory bounds: how long a fresh copy of its input took, in turn with both.
    """

    work: str
    peer: str
    ours_s: float
    peer_s: float
    at_least: float | None = None
    copy_s: float | None = None

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer."""
        return self.peer_s / self.ours_s

    @property
    def reached(self) -> bool:
        """Whether the work is as fast as was promised, or as near to the speed of memory as can be asked."""
        at_memory = self.copy_s is not None and self.copy_s >= _OF_COPY * self.ours_s
        return self.at_least is None or self.ratio >= self.at_least or at_memory


def measure(
    work: str,
    ours: Callable[[], object],
    peer_name: str,
    peer: Callable[[], object],
    *,
    at_least: float | None = None,
    copy: Callable[[], object] | None = None,
    repeats: int | None = None,
) -> Row:
    """Time the sides in turn and return the row of their medians, of ``repeats`` runs or of as many as time allows."""
    sides = [side for side in (ours, peer, copy) if side is not None]
    for side in sides:
        side()
    runs = [[_timed(side) for side in sides]]
    if repeats is None:
        repeats = max(_LEAST, min(_MOST, round(_ENOUGH / sum(runs[0]))))
    runs += [[_timed(side) for side in sides] for _ in range(repeats - 1)]
    medians = [statistics.median(times) for times in zip(*runs, strict=True)]
    return Row(work, peer_name, medians[0], medians[1], at_least, medians[2] if copy else None)


def _timed(side: Callable[[], object]) -> float:
    time.sleep(_REST)
    start = time.perf_counter()
    side()
    return time.perf_counter() - start


def repeated(work: Callable[[], object], times: int = 1_000) -> Callable[[], None]:
    """Return small work done many times, so that the clock can see it."""

    def run() -> None:
        for _ in range(times):
            work()

    return run


def print_table(rows: Iterable[Row]) -> None:
    """Print the rows; a ratio below what was promised is marked."""
    table = Table("work", "peer", "ours", "theirs", "times as fast", "at least", "a fresh copy", "copy / ours")
    for row in rows:
        copied = ("", "") if row.copy_s is None else (f"{row.copy_s * 1e3:,.2f} ms", f"{row.copy_s / row.ours_s:.2f}")
        table.add_row(
            row.work,
            row.peer,
            f"{row.ours_s * 1e3:,.2f} ms",
            f"{row.peer_s * 1e3:,.2f} ms",
            f"{row.ratio:.2f}" + ("" if row.reached else "  (below)"),
            "" if row.at_least is None else f"{row.at_least:g}",
            *copied,
        )
    Console(width=150).print(table)
