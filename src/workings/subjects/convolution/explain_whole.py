"""What a working says of a convolution before its positions: its definition, the kernel turned around, its size."""

from __future__ import annotations

from typing import Any

from workings.expression import Node, equation, indexed, maximum, minimum, number, symbol, total
from workings.language import Message, message
from workings.subjects.convolution.sliding import Place, Sliding, plus
from workings.working import Derivation, Derived, Table, shown

__all__ = [
    "give_arrays",
    "letters_of_sizes",
    "results_at",
    "tell_definition",
    "tell_size",
    "tell_turned",
    "window_at",
]

# Of a kernel so many values are shown, and on two axes so many rows and columns.
_MOST_TAPS, _MOST_SIDE = 9, 7
# Side by side, if none has more characters.
_SHORT = 4
# So many columns of a page are left for the numbers of two kernels side by side.
_ROOM = 68


def give_arrays(w: Derivation, s: Sliding) -> None:
    """Start from the arrays and their lengths."""
    words = {
        "x": message("the signal"),
        "k": message("the kernel"),
        "a": message("the real parts of the signal"),
        "b": message("its imaginary parts"),
        "c": message("the real parts of the kernel"),
        "d": message("its imaginary parts"),
    }
    for letter, array in s.arrays().items():
        w.given(letter, array, words[letter])
    for (n, k, _), lengths in zip(letters_of_sizes(s), zip(s.x.shape, s.k.shape, strict=True), strict=True):
        w.given(n.name, lengths[0], message("length of the signal"))
        w.given(k.name, lengths[1], message("length of the kernel"))


def letters_of_sizes(s: Sliding) -> list[tuple[Any, Any, Any]]:
    """Return for each axis the symbols of the lengths of signal, kernel and result."""
    if s.x.ndim == 1:
        return [(symbol("N"), symbol("K"), symbol("L"))]
    return [(symbol(f"N_{a + 1}"), symbol(f"K_{a + 1}"), symbol(f"L_{a + 1}")) for a in range(s.x.ndim)]


def results_at(s: Sliding, at: tuple[Any, ...]) -> tuple[Node, ...]:
    """Return the names of a result: y at a place, or its real and its imaginary part."""
    return tuple(indexed(letter, *at) for letter in (("r", "s") if s.complex else ("y",)))


def window_at(s: Sliding, place: Place, axis: int) -> tuple[Derived, Derived]:
    """Return the first and the last place of the signal that meet the kernel on an axis, as cells that are checked."""
    n, start, met = number(place[axis] + 1), s.box.start[axis], s.met(place, axis)
    if not s.over[axis]:
        at = minimum(n, number(s.x.shape[axis]))
        return Derived(met.start + 1, at), Derived(met.stop, at)
    size, taps, _ = letters_of_sizes(s)[axis]
    return (
        Derived(met.start + 1, maximum(1, plus(n, start + 1) - taps)),
        Derived(met.stop, minimum(size, plus(n, start))),
    )


def tell_definition(w: Derivation, s: Sliding) -> None:
    """Say what is added up, in symbols."""
    out, inner = s.letters()
    sizes = letters_of_sizes(s)
    at: list[Any] = []
    taps: list[Any] = []
    for axis, (n, m) in enumerate(zip(out, inner, strict=True)):
        start, length = s.box.start[axis], s.k.shape[axis]
        if not s.over[axis]:
            at.append(plus(n, start) if s.x.shape[axis] > 1 else 1)
            taps.append(plus(n, start) if length > 1 else 1)
            continue
        at.append(m)
        if s.turned:
            taps.append(plus(n - m, start + 1))
        else:
            taps.append(m - n + sizes[axis][1] if start == 0 else plus(m - n, length - start))
    kernel: Any = "k" if s.turned or not s.complex else symbol("conj k", latex=r"\overline{k}")
    body: Node = indexed("x", *at) * indexed(kernel, *taps)
    for axis in reversed(range(s.x.ndim)):
        if s.over[axis]:
            body = total(body, inner[axis], 1, sizes[axis][0])
    if s.y.dtype.kind == "b":
        body = s.truth(body)
    w.define("definition", equation(indexed("y", *out), body), note=_of_definition(s))


def _of_definition(s: Sliding) -> Message:
    if s.complex and s.turned:
        return message(
            "Outside its length k counts as 0. Real and imaginary parts are added up apart: x = a + b·i, k = c + d·i, "
            "y = r + s·i."
        )
    if s.complex:
        return message(
            "Outside its length k counts as 0. The kernel is conjugated. Real and imaginary parts are added up apart: "
            "x = a + b·i, the conjugate of k = c + d·i is c - d·i, y = r + s·i."
        )
    if s.y.dtype.kind == "b":
        return message("Outside its length k counts as 0. True counts as 1; the result is true where the sum is not 0.")
    return message("Outside its length k counts as 0.")


def tell_turned(w: Derivation, s: Sliding) -> None:
    """Show the kernel turned around."""
    if not s.turned or not any(s.over):
        return
    shape = s.k.shape
    if len(shape) == 1 and shape[0] <= _MOST_TAPS:
        _turned_signal(w, s)
    elif len(shape) == 2 and max(shape) <= _MOST_SIDE:
        _turned_image(w, s)


def _turned_signal(w: Derivation, s: Sliding) -> None:
    size = s.k.size
    columns: list[tuple[Message, list[Any]]] = []
    for letter, values, of in _kernels(s):
        flipped = [
            Derived(values[size - 1 - j].item(), equation(indexed(f"{letter}'", j + 1), indexed(letter, size - j)))
            for j in range(size)
        ]
        given = [Derived(value.item(), indexed(letter, j + 1)) for j, value in enumerate(values)]
        columns += [(of[0], list(given)), (of[1], list(flipped))]
    places = list(range(1, size + 1))
    if all(len(shown(value).text) <= _SHORT for _, values, _ in _kernels(s) for value in values):
        headings: tuple[Any, ...] = (message("place"), *map(str, places))
        rows = [(words, *cells) for words, cells in columns]
    else:
        headings = (message("place"), *(words for words, _ in columns))
        rows = list(zip(places, *(cells for _, cells in columns), strict=True))
    w.table("turned", Table(headings, tuple(rows)), title=message("Turn the kernel around"), note=_of_turning())


def _turned_image(w: Derivation, s: Sliding) -> None:
    down, across = s.k.shape
    for letter, values, of in _kernels(s):
        rows: list[tuple[Any, ...]] = []
        # Both side by side, if so many digits have room there.
        beside = 2 * across * (2 + max(len(shown(value).text) for value in values.flat)) <= _ROOM
        for u in range(down):
            given = (Derived(values[u, v].item(), indexed(letter, u + 1, v + 1)) for v in range(across))
            cells: list[Any] = [u + 1, *(given if beside else ())]
            for v in range(across):
                a = u if not s.over[0] else down - 1 - u
                b = v if not s.over[1] else across - 1 - v
                left = indexed(f"{letter}'", u + 1, v + 1)
                cells.append(Derived(values[a, b].item(), equation(left, indexed(letter, a + 1, b + 1))))
            rows.append(tuple(cells))
        names = of if beside else of[1:]
        headings = (message("row"), *(head for name in names for head in (name, *[""] * (across - 1))))
        w.table(
            f"turned_{letter}",
            Table(headings, tuple(rows)),
            title=message("Turn the kernel around"),
            note=_of_turning(),
        )


def _of_turning() -> Message:
    return message(
        "Turned around, it slides along the signal; at each position the values that meet are multiplied and their "
        "products added up."
    )


def _kernels(s: Sliding) -> list[tuple[str, Any, tuple[Message, Message]]]:
    words = {
        "k": (message("kernel"), message("turned around")),
        "c": (message("real parts"), message("real parts, turned around")),
        "d": (message("imaginary parts"), message("imaginary parts, turned around")),
    }
    return [(letter, array, words[letter]) for letter, array in s.arrays().items() if letter in words]


def tell_size(w: Derivation, s: Sliding) -> None:
    """Derive how many values the result has on each axis."""
    for axis, (n, k, length) in enumerate(letters_of_sizes(s)):
        if not s.over[axis]:
            right: Node = maximum(n, k)
            note = message("On this axis nothing is convolved: the values are multiplied one by one.")
        else:
            right, note = _size(s, axis, n, k)
        statement = equation(length, right)
        w.line(f"size_{axis + 1}", statement, s.y.shape[axis], title=_title_of_size(s, axis), note=note)


def _size(s: Sliding, axis: int, n: Node, k: Node) -> tuple[Node, Message]:
    size, taps, length = s.x.shape[axis], s.k.shape[axis], s.y.shape[axis]
    whole, start = size + taps - 1, s.box.start[axis]
    if s.mode == "full":
        return n + k - 1, message("full: every position at which the two overlap.")
    left_out = {"whole": whole, "before": start, "behind": whole - length - start}
    if s.mode == "same":
        return n, message(
            "same: as many as in the signal. Of the {whole} positions of the full result {before} {before:is|are} "
            "left out at the start and {behind} at the end.",
            **left_out,
        )
    return maximum(n, k) - minimum(n, k) + 1, message(
        "valid: only where the shorter lies wholly inside the longer. Of the {whole} positions of the full result "
        "{before} {before:is|are} left out at the start and {behind} at the end.",
        **left_out,
    )


def _title_of_size(s: Sliding, axis: int) -> Message:
    if s.x.ndim == 1:
        return message("How many values come out")
    if s.x.ndim == 2:
        return (message("How many rows come out"), message("How many columns come out"))[axis]
    return message("How many values come out on axis {axis}", axis=axis + 1)
