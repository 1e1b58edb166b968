"""The positions of a convolution over one axis: each as a line, or the ends of a long result as a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.expression import equation, number, symbol
from workings.language import Message, message
from workings.subjects.convolution.explain_whole import results_at, window_at
from workings.subjects.convolution.sliding import Place, Sliding, parts
from workings.working import Derivation, Derived, Rule, Step, Table

__all__ = ["lag_of", "of_ends", "tell_every_position", "tell_positions"]

# Of long results so many positions at each end.
_ENDS = 3
# A position of more products is not among those of the table, except the one that is told.
_MOST_PRODUCTS = 100_000


def tell_every_position(w: Derivation, s: Sliding) -> list[list[Step]]:
    """Tell every position of a short result as a line, or two where it is complex; return them."""
    lines: list[list[Step]] = []
    with w.part("positions", message("Position by position"), note=of_ends(s)):
        shown_whole = False
        for n in range(s.y.size):
            first = s.whole((n,)) and not shown_whole
            shown_whole = shown_whole or first
            lines.append(_position(w, s, n, brief=not first))
    return lines


def _position(w: Derivation, s: Sliding, n: int, *, brief: bool) -> list[Step]:
    place = (n,)
    bodies = [s.products([at[0] + 1], [tap[0] + 1]) for at, tap in s.pairs(place)]
    steps: list[Step] = []
    for k, (left, value) in enumerate(zip(results_at(s, (n + 1,)), s.value(place), strict=True)):
        body = bodies[0][k]
        for more in bodies[1:]:
            body = body + more[k]
        steps.append(
            w.line(
                f"{('y', 'i')[k]}_{n + 1}",
                equation(left, s.truth(body)),
                value,
                title=_title_of_position(s, n),
                rule=Rule.SUM,
                absolute=s.slip(place),
                brief=brief,
            )
        )
    return steps


def _title_of_position(s: Sliding, n: int) -> Message:
    count, most = s.count((n,)), s.shorter[0]
    if s.turned:
        if count < most:
            return message("Position {n}: {count} of {most} overlap", n=n + 1, count=count, most=most)
        return message("Position {n}", n=n + 1)
    lag = lag_of(s, n)
    if count < most:
        return message("Lag {lag}: {count} of {most} overlap", lag=lag, count=count, most=most)
    return message("Lag {lag}", lag=lag)


def lag_of(s: Sliding, n: int) -> int:
    """Return how far the kernel's first value lies behind the signal's first at a position."""
    return n + s.box.start[0] - (s.k.size - 1)


def of_ends(s: Sliding) -> Message | None:
    """Say at how many positions the kernel hangs over an end."""
    most, length = s.shorter[0], s.y.size
    before = min(length, max(0, most - 1 - s.box.start[0]))
    behind = min(length, max(0, s.box.start[0] + length - max(s.x.size, s.k.size)))
    if not before + behind:
        return None
    return message(
        "Where the kernel hangs over an end of the signal there are fewer than {most} products: at {before} "
        "{before:position|positions} at the start and {behind} at the end.",
        before=before,
        behind=behind,
        most=most,
    )


def _of_the_others(length: int, told: int) -> Message | None:
    if length <= told:
        return None
    return message(
        "at(range(0, {count})) gives a table of the first {count}, and of any others likewise.", count=min(100, length)
    )


def tell_positions(w: Derivation, s: Sliding, place: Place) -> list[Place]:
    """Tell the ends of a long result, and a place, as a table; return which places those are."""
    length, most = s.y.size, s.shorter[0]
    # A long result's first one that is no number, for it is where the reader looks.
    odd = np.flatnonzero(~np.isfinite(s.y))[:1]
    inner = [most - 1 - s.box.start[0], max(s.x.size, s.k.size) - 1 - s.box.start[0]]
    chosen = {*range(_ENDS), *range(length - _ENDS, length), *inner, *map(int, odd), place[0]}
    rows: list[tuple[Any, ...]] = []
    for n in sorted(n for n in chosen if 0 <= n < length):
        count = s.count((n,))
        if (count > _MOST_PRODUCTS and n != place[0]) or not (s.finite_at((n,)) or s.undefined_at((n,))):
            continue
        low, high = window_at(s, (n,), 0)
        cells = [
            Derived(value, equation(left, right), s.slip((n,)))
            for left, right, value in zip(
                results_at(s, (n + 1,)), s.sums((n,)), parts(s.y[n], split=s.complex), strict=True
            )
        ]
        lag = () if s.turned else (Derived(lag_of(s, n), number(n + 1 + s.box.start[0]) - symbol("K")),)
        products = Derived(count, high.right - low.right + 1)
        rows.append((n + 1, *lag, low, high, products, *cells))
    if not rows:
        return [place]
    heading = ("r", "s") if s.complex else ("y",)
    lag = () if s.turned else (message("lag"),)
    columns = (
        symbol("n"), *lag, message("first m"), message("last m"), message("products"), *(symbol(h) for h in heading)
    )  # fmt: skip
    w.table(
        "positions",
        Table(
            columns, tuple(rows), total=length if length > len(rows) else None, note=_of_the_others(length, len(rows))
        ),
        title=message("Position by position"),
        note=of_ends(s),
    )
    return [(int(row[0]) - 1,) for row in rows]
