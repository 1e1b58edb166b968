"""How speed is measured here: both sides in turn on the same arrays, the median of several runs, a ratio.

A machine's mood changes from minute to minute; a ratio of two sides that take turns does not follow it. Each side runs
once to warm up (compilers, caches), then ``repeats`` times in alternation, with a rest between.
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


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, by whom, and how long each took (seconds, medians)."""

    work: str
    peer: str
    ours_s: float
    peer_s: float
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer."""
        return self.peer_s / self.ours_s


def measure(
    work: str,
    ours: Callable[[], object],
    peer_name: str,
    peer: Callable[[], object],
    *,
    at_least: float | None = None,
    repeats: int = 5,
) -> Row:
    """Time both sides in turn and return the row of their medians."""
    ours()
    peer()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for side, taken in zip((ours, peer), times, strict=True):
            time.sleep(_REST)
            start = time.perf_counter()
            side()
            taken.append(time.perf_counter() - start)
    return Row(work, peer_name, statistics.median(times[0]), statistics.median(times[1]), at_least)


def repeated(work: Callable[[], object], times: int = 1_000) -> Callable[[], None]:
    """Return small work done many times, so that the clock can see it."""

    def run() -> None:
        for _ in range(times):
            work()

    return run


def print_table(rows: Iterable[Row]) -> None:
    """Print the rows; a ratio below what was promised is marked."""
    table = Table("work", "peer", "ours", "theirs", "times as fast", "at least")
    for row in rows:
        reached = row.at_least is None or row.ratio >= row.at_least
        table.add_row(
            row.work,
            row.peer,
            f"{row.ours_s * 1e3:,.2f} ms",
            f"{row.peer_s * 1e3:,.2f} ms",
            f"{row.ratio:.2f}" + ("" if reached else "  (below)"),
            "" if row.at_least is None else f"{row.at_least:g}",
        )
    Console(width=120).print(table)
