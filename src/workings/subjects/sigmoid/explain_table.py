"""Many values of the sigmoid's family: one worked in full, the others in a table, and what is no number among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    Node,
    absolute,
    at_most,
    both,
    different,
    either,
    equal,
    indexed,
    iverson,
    largest,
    less,
    number,
    smallest,
    symbol,
    symbols,
    total,
    where,
)
from workings.language import Message, message
from workings.subjects.sigmoid.explain_far import checked_index
from workings.working import Derivation, Derived, Table, Working, shown
from workings.working.cells import heading

__all__ = [
    "Family",
    "above",
    "below",
    "count_if",
    "explain_many",
    "hold_all",
    "in_full",
    "kept_rows",
    "tell_infinite",
    "tell_missing",
]

Array = NDArray[np.float64]

# Of long input so many rows are shown, and beside them the first of each kind of what is no finite number.
_MOST_ROWS = 20
# What the rule and the value computed may differ by, as a part of the value; and below this one, which is next to the
# least normal float, of this one.
_NEAR, _LEAST = 1e-9, 1e-290
# So many values are held against the rule: with more, that would take longer than to compute them.
_MOST_HELD = 1 << 20
_INFINITY = number(float("inf"))


@dataclass(frozen=True)
class Family:
    """How many values of one function are told.

    Parameters
    ----------
    question
        What is asked of so many values.
    name, given
        The letter of a value, and what the values are.
    columns
        The number, the value, what lies between and the result, as the headings and as the rules of the cells.
    cells
        Those of one row behind its number, for its place's symbol: a number follows by the rule of its column, and what
        has no digits is words.
    everywhere, least
        The rule in a form that no finite value takes beyond the floats, and for what values it keeps its digits.
    first
        Tells the lines of one value in full.
    ordinary
        Which values have lines whose numbers all have digits.
    limits
        Says what becomes of the values that are told by a limit.
    note
        What to notice of all.
    """

    question: Message
    name: str
    given: Message
    columns: Callable[[Node, Node, Node], Sequence[Node]]
    cells: Callable[[Node, float, float], Sequence[float | Derived | Message]]
    everywhere: Callable[[Node], Node]
    first: Callable[[Derivation, Node, Node, float, float], None]
    ordinary: NDArray[np.bool_]
    limits: Callable[[Derivation], None]
    note: Message
    least: float = _LEAST


def explain_many(family: Family, values: Array, results: Array, of_one: Callable[[float, float], Working]) -> Working:
    """Return the working of many values, from which ``at(index=...)`` takes one."""
    i, x, value = symbols(f"i {family.name} v")
    w = Derivation("sigmoid", family.question)
    w.given(family.name, values, family.given)
    *_, last = family.columns(i, indexed(x, i), indexed(value, i))
    w.define("definition", last)
    if family.ordinary.any():
        k = int(family.ordinary.argmax())
        family.first(w, indexed(x, k + 1), indexed(value, k + 1), float(values[k]), float(results[k]))
    kept = kept_rows(values, results)
    rows: list[tuple[Any, ...]] = []
    for k in kept:
        one, its = indexed(x, k + 1), indexed(value, k + 1)
        _, _, *rules = family.columns(number(k + 1), one, its)
        # From the value itself: log(p / (1 - p)) of odds that were rounded has hardly a digit left where they are 1.
        told = zip(family.cells(one, float(values[k]), float(results[k])), (one, *rules), strict=True)
        rows.append((k + 1, *(Derived(cell, rule) if isinstance(cell, float) else cell for cell, rule in told)))
    w.table(
        "values",
        Table(
            tuple(map(heading, family.columns(i, x, value))),
            tuple(rows),
            total=int(values.size) if len(kept) < values.size else None,
        ),
        absolute=5e-324,
    )
    hold_all(w, family.name, values, results, family.everywhere, least=family.least)
    _tell_range(w, results)
    tell_missing(w, family.name, values)
    family.limits(w)
    w.note(family.note)

    def closer(index: int = 0) -> Working:
        place = checked_index(index, values.size)
        return of_one(float(values[place]), float(results[place]))

    return w.build(more=closer)


def hold_all(
    w: Derivation,
    name: str,
    values: Array,
    results: Array,
    rule: Callable[[Node], Node],
    *,
    least: float = _LEAST,
) -> None:
    """See that what was computed, shown or not, is held against the rule, what is below ``least`` as if so large.

    Of the logarithm of odds near 1, for one, the rule in floats has no more digits left than of 1. Of more than a
    million values every second one is held, or every third, and so on.
    """
    w.given("r", results, message("what was computed"))
    w.given("n", results.size, message("how many values there are"))
    step = -(-results.size // _MOST_HELD)
    x, r, n = symbols(f"{name} r n")
    if step > 1:
        x, r, n = symbols("x_held r_held n_held")
        w.given(x.name, values[::step], message("the values that are held against the rule"))
        w.given(r.name, results[::step], message("what was computed of them"))
        w.given(n.name, len(results[::step]), message("how many these are"))
    i = symbol("i")
    computed, true = indexed(r, i), rule(indexed(x, i))
    undefined = both(different(computed, computed), different(true, true))
    off = absolute(computed - true) / (number(least) + absolute(computed))
    farthest = largest(where(either(equal(computed, true), undefined), number(0), off), i, 1, n)
    w.claim("all", at_most(farthest, number(_NEAR)), place="sentence")


def count_if(w: Derivation, key: str, condition: Callable[[Node], Node], name: str, count: int) -> int:
    """Return how many values meet a condition, a count that is checked; ``hold_all`` comes before."""
    i, n, x = symbols(f"i n {name}")
    w.line(key, total(iverson(condition(indexed(x, i))), i, 1, n), count, place="sentence")
    return count


def tell_missing(w: Derivation, name: str, values: Array) -> None:
    """Count what is NaN, and say by which rule it stays so."""
    missing = int(np.isnan(values).sum())
    if missing:
        count_if(w, "missing", lambda x: different(x, x), name, missing)
        w.note(
            message(
                "NaN, not a number: {count} of the {all} values. Whatever is computed of NaN is NaN: it stays, and "
                "counts neither as small nor as large.",
                count=missing,
                all=values.size,
            )
        )


def tell_infinite(w: Derivation, values: Array, limits: Message) -> None:
    """Count the infinite scores, and say what the function's limits are."""
    infinite = int(np.isinf(values).sum())
    if infinite:
        count_if(w, "infinite", lambda x: equal(absolute(x), _INFINITY), "x", infinite)
        w.note(
            message("Infinite: {count} of the {all} scores. {limits}", count=infinite, all=values.size, limits=limits)
        )


def in_full(element: Node, what: Message) -> Message:
    """Return the title of the first line of the one value that is worked in full."""
    return message("One in full, {element}: {what}", element=element, what=what)


def below(bound: float) -> Message:
    """Return the words of a cell whose value is too small to have digits."""
    return message("< {bound}", bound=shown(bound))


def above(bound: float) -> Message:
    """Return the words of a cell whose value is too near 0 from below to have digits."""
    return message("> {bound}", bound=shown(bound))


def _tell_range(w: Derivation, results: Array) -> None:
    finite = np.isfinite(results)
    if not finite.any():
        w.conclude(message("None of them is a finite number."))
        return
    i, n, r = symbols("i n r")
    each = indexed(r, i)
    there = less(absolute(each), _INFINITY)
    low = w.line(
        "low", smallest(where(there, each, _INFINITY), i, 1, n), float(results[finite].min()), place="sentence"
    )
    high = w.line(
        "high", largest(where(there, each, -_INFINITY), i, 1, n), float(results[finite].max()), place="sentence"
    )
    told = {"low": low.shown, "high": high.shown}
    if finite.all():
        w.conclude(message("They lie from {low} to {high}.", **told))
    else:
        w.conclude(message("The finite ones lie from {low} to {high}.", **told))


def kept_rows(values: Array, results: Array) -> list[int]:
    """Return which rows of a table are shown: all of few; of many the first, the last, and the first of each oddity."""
    if values.size <= _MOST_ROWS:
        return list(range(values.size))
    kept = {*range(_MOST_ROWS // 2), *range(values.size - _MOST_ROWS // 2, values.size)}
    odd = np.flatnonzero(~(np.isfinite(values) & np.isfinite(results)))
    _, firsts = np.unique(4 * _kind(values[odd]) + _kind(results[odd]), return_index=True)
    return sorted(kept | {int(k) for k in odd[firsts]})


def _kind(numbers: Array) -> NDArray[np.int64]:
    """Return 0 for what is finite, 1 for NaN, 2 for ∞ and 3 for -∞."""
    return np.select([np.isnan(numbers), numbers == np.inf, numbers == -np.inf], [1, 2, 3], 0)
