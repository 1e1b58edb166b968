"""Sums over many terms in a working: line by line where the terms are few, recounted in blocks where they are many."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together
from workings.expression import Node, Reduction, Symbol, equation, evaluate
from workings.language import Message, message
from workings.subjects.roc.groups import TieGroups
from workings.working import Derivation, Rule, shown

__all__ = ["Terms", "points_of", "rows_of"]

# Up to so many terms a working starts from the terms themselves.
_FEW = 50_000
# More are added up in blocks of so many.
_BLOCK = 1 << 20

Block = dict[str, Any]


@dataclass(frozen=True)
class Terms:
    """Columns of numbers over which the lines of a working take sums.

    Parameters
    ----------
    w
        The working.
    count
        How many terms there are.
    upper
        The symbol of that count, the upper limit of every sum.
    block
        Gives the columns by name from one term to before another, and under ``upper`` how many terms these are.
    """

    w: Derivation
    count: int
    upper: str
    block: Callable[[int, int], Block]

    @property
    def few(self) -> bool:
        """Whether the terms themselves are what the working starts from."""
        return self.count <= _FEW

    def give(self, meanings: Mapping[str, Message]) -> None:
        """Let the working start from the columns, if they are few."""
        if self.few:
            columns = self.block(0, self.count)
            for name, meaning in meanings.items():
                self.w.given(name, columns[name], meaning, source="state")

    def line(
        self,
        key: str,
        left: Symbol,
        reduction: Node,
        known: Mapping[str, Any],
        *,
        title: Message,
        rule: Rule = Rule.SUM,
        note: Message | None = None,
    ) -> Any:
        """Add ``left = reduction`` and return its value; ``known`` holds what else stands in the terms.

        Many terms are evaluated block by block, apart from the computation that is to be checked, and the working
        starts from what that gives.
        """
        statement = equation(left, reduction)
        if self.few:
            return self.w.line(key, statement, title=title, rule=rule, note=note).value
        value = self._recounted(reduction, known)
        self.w.given(left.name, value, title, source="state")
        again = message(
            "{value}: taken over all {count} terms a second time, apart from the computation.",
            value=shown(value),
            count=f"{self.count:,}",
        )
        self.w.define(key, statement, title=title, note=again)
        return value

    def _recounted(self, reduction: Node, known: Mapping[str, Any]) -> Any:
        if not isinstance(reduction, Reduction):
            raise TypeError(reduction)
        join = {"sum": _total, "maximum": max, "minimum": min}[reduction.kind]

        def of_block(start: int) -> Any:
            return evaluate(reduction, {**known, **self.block(start, min(start + _BLOCK, self.count))})

        return join(run_together([partial(of_block, start) for start in range(0, self.count, _BLOCK)]))


def points_of(w: Derivation, groups: TieGroups) -> Terms:
    """Return the points of a curve as T, F and t at k = 1, ..., m + 1.

    Point 1 is the threshold above all scores, at which no row is called positive; point k + 1 is the k-th different
    score from the highest. Sums run over the m steps from a point to the next.
    """

    def block(start: int, stop: int) -> Block:
        above_tp, above_fp = groups.counts_of(start)
        above = math.inf if start == 0 else groups.scores[start - 1]
        return {
            "T": _led_by(above_tp, groups.tp[start:stop]),
            "F": _led_by(above_fp, groups.fp[start:stop]),
            "t": np.concatenate([[above], groups.scores[start:stop]]),
            "m": stop - start,
        }

    return Terms(w, len(groups), "m", block)


def rows_of(w: Derivation, upper: str, columns: Mapping[str, NDArray[Any]]) -> Terms:
    """Return columns of one number a row, of which there are ``upper`` many."""

    def block(start: int, stop: int) -> Block:
        return {upper: stop - start, **{name: column[start:stop] for name, column in columns.items()}}

    return Terms(w, len(next(iter(columns.values()))), upper, block)


def _led_by(first: float, counts: NDArray[Any]) -> NDArray[Any]:
    wide = np.float64 if counts.dtype.kind == "f" else np.int64
    return np.concatenate([np.array([first], wide), counts.astype(wide)])


def _total(values: list[Any]) -> Any:
    return sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values)
