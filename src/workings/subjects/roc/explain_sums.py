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
from workings.expression import Node, Reduction, Symbol, absolute, equation, evaluate, indexed
from workings.language import Message, message
from workings.subjects.roc.groups import TieGroups
from workings.working import Derivation, Rule, shown

__all__ = ["Terms", "points_of", "rows_of"]

# Up to so many terms a working starts from the terms themselves.
_FEW = 50_000
# A sum smaller than so much of its terms is what rounding them left.
_LEFT = 1e-14
# More are added up in blocks of so many.
_BLOCK = 1 << 17

Block = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Terms:
    """Columns of numbers over which the lines of a working take sums.

    Parameters
    ----------
    w
        The working.
    count
        How many terms there are.
    block
        Gives the columns by name for the terms from ``start`` to before ``stop``; points have one more than steps.
    part
        Whether these are some of more terms, which are too many to start from.
    """

    w: Derivation
    count: int
    block: Callable[[int, int], Block]
    part: bool = False

    @property
    def few(self) -> bool:
        """Whether the terms themselves are what the working starts from."""
        return self.count <= _FEW and not self.part

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
        folded: bool = True,
    ) -> Any:
        """Add ``left = reduction`` and return its value; ``known`` holds what else stands in the terms.

        Many terms are evaluated block by block, apart from the computation that is to be checked, and the working
        starts from what that gives.
        """
        statement = equation(left, reduction)
        if self.few:
            value = self._in_full(reduction, known)
            return self.w.line(key, statement, value, title=title, rule=rule, note=note, folded=folded).value
        value = self._recounted(reduction, known)
        self.w.given(left.name, value, title, source="state")
        again = message(
            "{value}: taken over all {count} terms a second time, apart from the computation.",
            value=shown(value),
            count=self.count,
        )
        self.w.define(key, statement, title=title, note=again)
        return value

    def _in_full(self, reduction: Node, known: Mapping[str, Any]) -> float | None:
        """Return 0 for a sum of which only rounding is left, -1.4e-17 of deviations that cancel; None for any other."""
        if not isinstance(reduction, Reduction) or reduction.kind != "sum":
            return None
        values = {**self.block(0, self.count), "m": self.count, **known}
        found = evaluate(reduction, values)
        if not 0 < abs(found) < _LEFT:
            return None
        size = evaluate(
            Reduction("sum", absolute(reduction.body), reduction.index, reduction.lower, reduction.upper), values
        )
        return 0 if abs(found) < _LEFT * size else None

    def _recounted(self, reduction: Node, known: Mapping[str, Any]) -> Any:
        if not isinstance(reduction, Reduction):
            raise TypeError(reduction)

        def of_block(start: int) -> Any:
            stop = min(start + _BLOCK, self.count)
            elements = _elements(reduction, self.block(start, stop), stop - start)
            return _reduced(reduction.kind, evaluate(reduction.body, {**known, **elements}))

        parts = run_together([partial(of_block, start) for start in range(0, self.count, _BLOCK)])
        if reduction.kind == "sum":
            return sum(parts) if all(isinstance(part, int) for part in parts) else math.fsum(parts)
        return max(parts) if reduction.kind == "maximum" else min(parts)


def _elements(reduction: Reduction, block: Block, terms: int) -> dict[str | Node, Any]:
    """Return the columns as what a term calls their elements, x_k and x_{k + 1}: whole arrays in place of one number.

    A sum takes the steps from one point to the next; a largest or smallest takes the points, one more than the steps.
    """
    k = reduction.index
    if reduction.kind != "sum":
        return {indexed(name, k): column for name, column in block.items()}
    here = {indexed(name, k): column[:terms] for name, column in block.items()}
    return {**here, **{indexed(name, k + 1): column[1:] for name, column in block.items()}}


def _reduced(kind: str, terms: NDArray[Any]) -> Any:
    """Return the sum, the largest or the smallest of an array: of whole numbers exactly."""
    if kind != "sum":
        return (terms.max() if kind == "maximum" else terms.min()).item()
    if terms.dtype.kind == "f":
        return float(terms.sum())
    if terms.dtype.kind == "O":
        return sum(terms.tolist())
    # A million terms of 63 bits do not fit 64, but their upper and their lower halves do.
    return (int((terms >> 32).sum()) << 32) + int((terms & 0xFFFFFFFF).sum())


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
        }

    return Terms(w, len(groups), block)


def rows_of(w: Derivation, columns: Mapping[str, NDArray[Any]]) -> Terms:
    """Return columns of one number a row."""

    def block(start: int, stop: int) -> Block:
        return {name: column[start:stop] for name, column in columns.items()}

    return Terms(w, len(next(iter(columns.values()))), block)


def _led_by(first: float, counts: NDArray[Any]) -> NDArray[Any]:
    wide = np.float64 if counts.dtype.kind == "f" else np.int64
    return np.concatenate([np.array([first], wide), counts.astype(wide)])
