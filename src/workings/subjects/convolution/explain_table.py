"""Many places of a convolution, each as a row of a table: its window, its products, and their sum."""

from __future__ import annotations

from typing import Any

from workings.expression import Node, equation, indexed, number, symbol
from workings.language import Message, message
from workings.subjects.convolution.explain_positions import lag_of, of_ends
from workings.subjects.convolution.explain_whole import results_at, window_at
from workings.subjects.convolution.places import Places
from workings.subjects.convolution.sliding import Place, Sliding
from workings.working import Derivation, Derived, Table

__all__ = ["table_question", "tell_table"]

# So many products of a place stand side by side; of more it is said how many there are.
_SIDE_BY_SIDE = 5


def table_question(s: Sliding, places: Places) -> Message:
    """Return what is asked."""
    count = places.count
    if s.turned:
        return message("What are {count} values of the convolution, one by one?", count=count)
    return message("What are {count} values of the cross-correlation, one by one?", count=count)


def tell_table(w: Derivation, s: Sliding, places: Places) -> list[Place]:
    """Tell each of these places as a row; return those where everything is finite, which are checked."""
    written = s.x.ndim == 1 and s.shorter[0] <= _SIDE_BY_SIDE and s.y.dtype.kind not in "cb"
    rows: list[tuple[Any, ...]] = []
    told: list[Place] = []
    unchecked = 0
    for place in places:
        finite = s.finite_at(place)
        checked = finite or s.undefined_at(place)
        unchecked += not checked
        told += [place] if finite else []
        products = _products(s, place, checked=checked) if written else [_count(s, place)]
        rows.append((*_window(s, place, written=written), *products, *_result(s, place, checked=checked)))
    note = of_ends(s) if s.x.ndim == 1 else None
    if unchecked:
        note = message("Where a value is not finite, its row is not checked.")
    w.table(
        "places",
        Table(_headings(s, written=written), tuple(rows), whole=True),
        title=message("Position by position") if s.x.ndim == 1 else message("Value by value"),
        note=note,
    )
    return told


def _count(s: Sliding, place: Place) -> Derived:
    """Return how many products there are: the sides of the window, multiplied."""
    found: Node = number(1)
    for axis in range(s.x.ndim):
        low, high = window_at(s, place, axis)
        found = found * (high.right - low.right + 1)
    return Derived(s.count(place), found)


def _headings(s: Sliding, *, written: bool) -> tuple[Any, ...]:
    results = [symbol(letter) for letter in (("r", "s") if s.complex else ("y",))]
    if s.x.ndim == 1:
        places: list[Any] = [symbol("n")] if s.turned else [symbol("n"), message("lag")]
        windows = [message("first m")] if written else [message("first m"), message("last m")]
    elif s.x.ndim == 2:
        places = [symbol("i"), symbol("j")]
        windows = [message("first row"), message("last row"), message("first column"), message("last column")]
    else:
        places, windows = list(s.letters()[0]), []
    return (*places, *windows, *(_factors(s) if written else [message("products")]), *results)


def _factors(s: Sliding) -> list[Any]:
    """Return what is multiplied in each column, by the places of the shorter array as they lie side by side."""
    x, k = symbol("x"), symbol("k")
    if s.k.size > s.x.size:
        return [indexed("x", m + 1) * k for m in range(s.x.size)]
    taps = range(s.k.size, 0, -1) if s.turned else range(1, s.k.size + 1)
    return [x * indexed("k", tap) for tap in taps]


def _window(s: Sliding, place: Place, *, written: bool) -> list[int | Derived]:
    counted: list[int | Derived] = [n + 1 for n in place]
    if s.x.ndim > 2:
        return counted
    if s.x.ndim == 1 and not s.turned:
        counted.append(Derived(lag_of(s, place[0]), number(place[0] + 1 + s.box.start[0]) - symbol("K")))
    for axis in range(s.x.ndim):
        low, high = window_at(s, place, axis)
        counted += [low] if written else [low, high]
    return counted


def _products(s: Sliding, place: Place, *, checked: bool) -> list[Any]:
    """Return the products, each in the column of its factor; where an array hangs over an end there is none."""
    found: list[Any] = [None] * s.shorter[0]
    for at, tap in s.pairs(place):
        column = at[0] if s.k.size > s.x.size else s.k.size - 1 - tap[0] if s.turned else tap[0]
        value = s.x[at].item() * s.k[tap].item()
        (product,) = s.products([at[0] + 1], [tap[0] + 1])
        left = indexed("p", place[0] + 1, column + 1)
        found[column] = Derived(value, equation(left, product)) if checked else value
    return found


def _result(s: Sliding, place: Place, *, checked: bool) -> list[Any]:
    values = s.value(place)
    if not checked:
        return list(values)
    lines = zip(results_at(s, tuple(n + 1 for n in place)), s.sums(place), values, strict=True)
    return [Derived(value, equation(left, right), s.slip(place)) for left, right, value in lines]
