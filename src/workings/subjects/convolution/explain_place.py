"""One place of a convolution in full: which values meet there, their products, and the sum of those."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

from workings.expression import Node, equation, indexed, maximum, minimum, symbol
from workings.language import Message, message
from workings.subjects.convolution.explain_positions import lag_of
from workings.subjects.convolution.explain_whole import letters_of_sizes, results_at
from workings.subjects.convolution.sliding import Place, Sliding, plus
from workings.working import Derivation, Derived, Rule, Step, Table

__all__ = ["tell_place"]

# So many products stand in a table (of more, so many at its ends), and so many in a line.
_MOST_ROWS, _ENDS, _ADDED = 25, 10, 9


def tell_place(w: Derivation, s: Sliding, place: Place) -> list[Step]:
    """Tell where the kernel lies at a place, what it meets, and what the products add up to; return the last lines."""
    _lag(w, s, place)
    for axis in range(s.x.ndim):
        if s.over[axis]:
            _ends(w, s, place, axis)
    _products(w, s, place)
    return _sum(w, s, place)


def _lag(w: Derivation, s: Sliding, place: Place) -> None:
    if s.turned or s.x.ndim > 1:
        return
    n, k = symbol("n"), symbol("K")
    w.given("n", place[0] + 1, message("the position"))
    w.line(
        "lag",
        equation(symbol("ℓ"), plus(n, s.box.start[0]) - k),
        lag_of(s, place[0]),
        title=message("The lag"),
        note=message("So far the kernel has been moved behind the start of the signal."),
    )


def _ends(w: Derivation, s: Sliding, place: Place, axis: int) -> None:
    """Derive the first and the last place of the signal that meet the kernel on an axis."""
    out, inner = (letters[axis] for letters in s.letters())
    size, taps, _ = letters_of_sizes(s)[axis]
    start, met = s.box.start[axis], s.met(place, axis)
    w.given(out.name, place[axis] + 1, message("the position"))
    for name, right, value, title in (
        ("min", maximum(1, plus(out, start + 1) - taps), met.start + 1, _first(s, axis)),
        ("max", minimum(size, plus(out, start)), met.stop, _last(s, axis)),
    ):
        letter, _, many = inner.name.partition("_")
        w.line(f"{name}_{axis + 1}", equation(symbol(f"{letter}_{name}{many}"), right), value, title=title)


def _first(s: Sliding, axis: int) -> Message:
    if s.x.ndim == 1:
        return message("The first value that meets the kernel")
    if s.x.ndim == 2:
        return (message("The window's first row"), message("The window's first column"))[axis]
    return message("The first value that meets the kernel, on axis {axis}", axis=axis + 1)


def _last(s: Sliding, axis: int) -> Message:
    if s.x.ndim == 1:
        return message("The last value that meets the kernel")
    if s.x.ndim == 2:
        return (message("The window's last row"), message("The window's last column"))[axis]
    return message("The last value that meets the kernel, on axis {axis}", axis=axis + 1)


def _products(w: Derivation, s: Sliding, place: Place) -> None:
    count = s.count(place)
    chosen = range(count)
    pairs = list(s.pairs(place)) if count <= _MOST_ROWS else _at_the_ends(s, place, count)
    places = list(chosen) if count <= _MOST_ROWS else [*chosen[:_ENDS], *chosen[-_ENDS:]]
    rows: list[tuple[Any, ...]] = []
    for number, (at, tap) in zip(places, pairs, strict=True):
        products = s.products([a + 1 for a in at], [t + 1 for t in tap])
        seen, weight = _split(s.x[at], s), _split(s.k[tap], s)
        cells = [
            Derived(value, equation(indexed(letter, number + 1), product))
            for letter, value, product in zip("pq", _multiplied(s, seen, weight), products, strict=False)
        ]
        if not s.complex:  # by their places, for a NaN that was given is told as such
            seen = (Derived(seen[0], indexed("x", *(a + 1 for a in at))),)
            weight = (Derived(weight[0], indexed("k", *(t + 1 for t in tap))),)
        rows.append((*_where(s, place, at), *seen, *weight, *cells))
    w.table(
        "products",
        Table(_headings(s), tuple(rows), total=count if count > len(rows) else None),
        title=message("Value times kernel value"),
        note=None if s.whole(place) else _at_an_end(s, count),
    )


def _where(s: Sliding, place: Place, at: Place) -> list[int | Derived]:
    """Return a place of the signal, counted on each axis from the first that meets the kernel."""
    found: list[int | Derived] = []
    for axis, (letter, a) in enumerate(zip(s.letters()[1], at, strict=True)):
        name, _, many = letter.name.partition("_")
        first = symbol(f"{name}_min{many}")
        found.append(Derived(a + 1, plus(first, a - s.met(place, axis).start)) if s.over[axis] else a + 1)
    return found


def _at_an_end(s: Sliding, count: int) -> Message:
    most = math.prod(s.shorter)
    return message(
        "The kernel hangs over an end here: {count} of {most} values meet one, and the sum has fewer terms.",
        count=count,
        most=most,
    )


def _at_the_ends(s: Sliding, place: Place, count: int) -> list[tuple[Place, Place]]:
    """Return the first and the last pairs, without walking through those between them."""
    first = list(islice(s.pairs(place), _ENDS))
    shape = [len(s.met(place, axis)) for axis in range(s.x.ndim)]
    last: list[tuple[Place, Place]] = []
    for number in range(count - _ENDS, count):
        at: list[int] = []
        rest = number
        for axis in reversed(range(s.x.ndim)):
            rest, off = divmod(rest, shape[axis])
            at.append(s.met(place, axis)[off])
        where = tuple(reversed(at))
        last.append((where, s.tap(place, where)))
    return [*first, *last]


def _headings(s: Sliding) -> tuple[Any, ...]:
    if s.x.ndim == 1:
        places: tuple[Any, ...] = (symbol("m"),)
    elif s.x.ndim == 2:
        places = (message("row"), message("column"))
    else:
        places = tuple(message("axis {axis}", axis=axis + 1) for axis in range(s.x.ndim))
    if not s.complex:
        x, k = symbol("x"), symbol("k")
        return (*places, x, k, equation(x * k, x * k))
    a, b, c, d = (symbol(letter) for letter in "abcd")
    sign = 1 if s.turned else -1
    real = a * c - b * d if sign > 0 else a * c + b * d
    imaginary = a * d + b * c if sign > 0 else b * c - a * d
    return (*places, a, b, c, d, equation(real, real), equation(imaginary, imaginary))


def _split(value: Any, s: Sliding) -> tuple[float | int, ...]:
    if s.complex:
        return float(value.real), float(value.imag)
    return (int(value) if value.dtype.kind in "biu" else float(value),)


def _multiplied(s: Sliding, seen: tuple[Any, ...], weight: tuple[Any, ...]) -> tuple[Any, ...]:
    if not s.complex:
        return (seen[0] * weight[0],)
    (a, b), (c, d) = seen, weight
    return (a * c - b * d, a * d + b * c) if s.turned else (a * c + b * d, b * c - a * d)


def _sum(w: Derivation, s: Sliding, place: Place) -> list[Step]:
    steps: list[Step] = []
    count = s.count(place)
    # What is NaN has no digits that could be added up; its name in the sum says where it comes from.
    written = count <= _ADDED and s.y.dtype.kind != "b" and s.finite_at(place)
    bodies = s.sums(place)
    for k, (left, value) in enumerate(zip(results_at(s, tuple(n + 1 for n in place)), s.value(place), strict=True)):
        body: Node = bodies[k]
        if written:
            body = indexed("pq"[k], 1)
            for number in range(1, count):
                body = body + indexed("pq"[k], number + 1)
        steps.append(
            w.line(
                ("value", "imaginary")[k],
                equation(left, body),
                value,
                title=_of_sum(s, k),
                rule=Rule.SUM,
                absolute=s.slip(place),
                folded=not written and s.finite_at(place),
                brief=written,
            )
        )
    return steps


def _of_sum(s: Sliding, part: int) -> Message:
    if not s.complex:
        return message("Add the products")
    return (message("Add the real parts"), message("Add the imaginary parts"))[part]
