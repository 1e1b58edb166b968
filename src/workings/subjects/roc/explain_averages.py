"""One number of several classes or labels, worked: the number of each, counted a second time, and their average."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import add
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError, held_warnings
from workings.expression import Node, equation, indexed, substitute, symbols, total
from workings.language import Message, message
from workings.subjects.roc import compute, score
from workings.working import Derivation, Derived, Rule, Table, Working, explain

__all__ = ["Column", "explain_columns", "explain_pairs"]

# So many numbers at most are written out in their mean.
_MOST_WRITTEN = 6
# A table has so many lines at most.
_MOST_LISTED = 50

Number = Literal["auc", "precision"]

k, K, L, M = symbols("k K L M")
P, N, U, Q = (indexed(name, k) for name in "PNUQ")


@dataclass(frozen=True)
class Column:
    """One class against the rest, one label, or one class against one other: which rows are positive, their scores."""

    label: Any
    positive: NDArray[np.bool_]
    scores: NDArray[Any]
    weights: NDArray[np.float64] | None = None

    def value(self, of: Number) -> float:
        """Return the number as it is computed; NaN, without a warning, where it is undefined."""
        computed = score.area_of_column if of == "auc" else score.precision_of_column
        with held_warnings():
            return computed(self.positive, self.scores, self.weights)

    def sides(self) -> tuple[float, float]:
        """Return how many rows (or how much weight) are positive, and how many are negative."""
        if self.weights is None:
            found = int(np.count_nonzero(self.positive))
            return found, len(self.positive) - found
        return float(self.weights[self.positive].sum()), float(self.weights[~self.positive].sum())

    def twice_pairs(self) -> float:
        """Return twice the pairs in the right order, ties once: each positive is placed among the sorted negatives."""
        order = np.argsort(self.scores[~self.positive], kind="stable")
        below, above = self.scores[~self.positive][order], self.scores[self.positive]
        left, right = (np.searchsorted(below, above, side) for side in ("left", "right"))
        if self.weights is None:
            return int(left.sum(dtype=np.int64)) + int(right.sum(dtype=np.int64))
        reached = np.concatenate([[0.0], np.cumsum(self.weights[~self.positive][order])])
        return math.fsum((self.weights[self.positive] * (reached[left] + reached[right])).tolist())

    def precisions(self) -> float:
        """Return the precision at each positive row added up, the rows being gone through from the highest score."""
        weights = np.ones(len(self.scores)) if self.weights is None else self.weights
        cuts, places = np.unique(self.scores, return_inverse=True)
        of_positives = np.bincount(places, weights * self.positive, len(cuts))[::-1]
        of_all = np.cumsum(np.bincount(places, weights, len(cuts))[::-1])
        kept = of_all > 0
        return math.fsum((of_positives[kept] * np.cumsum(of_positives)[kept] / of_all[kept]).tolist())


def explain_columns(
    columns: Sequence[Column], of: Number, value: float | None, shares: NDArray[Any] | None = None
) -> Working:
    """Return the working of a number of several columns and of its average; ``at(label=...)`` is one of them.

    Parameters
    ----------
    columns
        The classes, labels or rows.
    of
        The AUC or average precision.
    value
        The average, where there is one.
    shares
        What each counts in it; None counts them alike.
    """
    if shares is not None:
        # What counts nothing is not asked: its number may well be undefined.
        columns = [column for column, share in zip(columns, shares.tolist(), strict=True) if share]
        shares = shares[shares != 0]
    w = Derivation("roc", _question(of))
    number = _add_each(w, columns, of)
    w.given("K", len(columns), message("how many there are"))
    if value is not None and not math.isnan(value):
        if shares is not None:
            w.given("q", shares, message("what each counts"), source="state")
        _add_mean(w, number, len(columns), value, counted=shares is not None)
        if shares is None:
            _weighted_instead(w, columns, of, number)

    def closer(label: Any) -> Working:
        found = next((column for column in columns if column.label == label), None)
        if found is None:
            raise InputError(
                message(
                    "at: label must be one of {labels}; got {got}",
                    labels=", ".join(repr(column.label) for column in columns[:10]),
                    got=repr(label),
                )
            )
        function = compute.roc_curve if of == "auc" else compute.precision_recall_curve
        return explain(function, found.positive, found.scores, sample_weight=found.weights)

    return w.build(more=closer)


def explain_pairs(
    codes: NDArray[np.int64], labels: Sequence[Any], scores: NDArray[Any], value: float, *, weighted: bool
) -> Working:
    """Return the working of the AUC averaged over the pairs of classes, each class being the positive one once."""
    w = Derivation("roc", _question("auc"))
    pairs = list(combinations(np.unique(codes).tolist(), 2))
    rows = [(codes == a) | (codes == b) for a, b in pairs]
    columns = [
        Column((labels[one], labels[other]), codes[of] == one, scores[of, one])
        for (a, b), of in zip(pairs, rows, strict=True)
        for one, other in ((a, b), (b, a))
    ]
    number = _add_each(w, columns, "auc")
    w.given("K", len(columns), message("how many there are"))
    if not math.isnan(value):
        if weighted:
            sizes = np.repeat([int(np.count_nonzero(of)) for of in rows], 2)
            w.given("q", sizes, message("rows of each pair of classes"), source="state")
        _add_mean(w, number, len(columns), value, counted=weighted)
        _rest_instead(w, codes, scores)
    return w.build()


def _question(of: Number) -> Message:
    if of == "auc":
        return message("How well do the scores tell the classes apart?")
    return message("How precise are the scores of each class, on average?")


def _add_each(w: Derivation, columns: Sequence[Column], of: Number) -> Node:
    """Give what was counted a second time, hold each number against it; return what the number of column k is."""
    sides = np.array([column.sides() for column in columns])
    w.given("P", sides[:, 0], message("positive rows of each"), source="state")
    w.given("N", sides[:, 1], message("negative rows of each"), source="state")
    if of == "auc":
        again = np.array([column.twice_pairs() for column in columns])
        w.given("U", again, message("twice the pairs in the right order, counted again"), source="state")
        counted, number, title = "U", U / (2 * P * N), message("The AUC of each")
        note = message(
            "{pairs} counts the pairs of a positive and a negative row, twice in the right order and once if tied: a "
            "second time, by placing each positive row among the sorted negative ones.",
            pairs=U,
        )
    else:
        again = np.array([column.precisions() for column in columns])
        w.given("Q", again, message("the precision at each positive row, added up again"), source="state")
        counted, number, title = "Q", Q / P, message("The average precision of each")
        note = message(
            "{precisions} adds up the precision at each positive row, from the highest score on, a second time.",
            precisions=Q,
        )
    w.define("rule", equation(indexed("A", k), number), title=title, note=note)

    def of_column(at: int) -> tuple[Any, ...]:
        p, n, u = (indexed(name, at + 1) for name in ("P", "N", counted))
        value = columns[at].value(of)
        result = u / (2 * p * n) if of == "auc" else u / p
        left = 1e-12 * float(sides[at].sum())
        cells = ((sides[at, 0].item(), p), (sides[at, 1].item(), n), (again[at].item(), u))
        return (
            _named(columns[at].label),
            *(Derived(cell, node, left) for cell, node in cells),
            message("undefined") if math.isnan(value) else Derived(value, equation(indexed("A", at + 1), result)),
        )

    rows = tuple(of_column(at) for at in range(min(len(columns), _MOST_LISTED)))
    more = None if len(rows) == len(columns) else len(columns)
    heads = (message("class"), *symbols(f"P N {counted} A"))
    w.table("each", Table(heads, rows, total=more), title=message("Each one"), absolute=1e-15)
    if any(isinstance(row[-1], Message) for row in rows):
        w.note(message("Where a class has no rows its number is undefined (0/0), and so is an average with it."))
    return number


def _weighted_instead(w: Derivation, columns: Sequence[Column], of: Number, number: Node) -> None:
    """Say what the average would be, were each counted by how often it occurs."""
    positives = [column.sides()[0] for column in columns]
    values = [column.value(of) for column in columns]
    w.convention(
        None,
        message("each counts alike in the mean (macro)"),
        message('by their positive rows, as average="weighted" counts them, it would be {value}'),
        math.fsum(p * value for p, value in zip(positives, values, strict=True)) / math.fsum(positives),
        total(P * number, k, 1, K) / total(P, k, 1, K),
    )


def _named(label: Any) -> Message | str:
    if isinstance(label, tuple):
        one, other = label
        return message("{one} against {other}", one=str(one), other=str(other))
    return str(label)


def _rest_instead(w: Derivation, codes: NDArray[np.int64], scores: NDArray[Any]) -> None:
    """Say what the mean over the classes, each against all others, would be."""
    against = [Column(code, codes == code, scores[:, code]) for code in range(scores.shape[1])]
    if any(0 in column.sides() for column in against):
        return
    again = [column.twice_pairs() / (2 * math.prod(column.sides())) for column in against]
    w.given("R", np.array(again), message("the AUC of each class against all others, counted again"), source="state")
    w.convention(
        None,
        message("each class is held against each other one (ovo)"),
        message("each against all others (ovr), every class counting alike, would give {value}"),
        math.fsum(column.value("auc") for column in against) / len(against),
        total(indexed("R", k), k, 1, len(against)) / len(against),
    )


def _add_mean(w: Derivation, number: Node, count: int, value: float, *, counted: bool) -> None:
    """Add the mean of the numbers, where they are few of those that the table shows; each by ``q`` if ``counted``."""
    title = message("Their mean, each by its rows") if counted else message("Their mean")
    each, few = indexed("A", k), count <= _MOST_WRITTEN

    def added(term: Node) -> Node:
        if few:
            return reduce(add, (substitute(term, {k: at}) for at in range(1, count + 1)))
        return total(substitute(term, {each: number}), k, 1, K)

    mean = added(indexed("q", k) * each) / added(indexed("q", k)) if counted else added(each) / K
    w.line("mean", equation(M, mean), value, title=title, rule=Rule.MEAN, absolute=1e-15, folded=not few)
    w.conclude(message("The average is {value}.", value=Derived(value, M, 1e-15)))
