"""Members of a family that need subintervals each of its own: peaks that wander. All pending ones are computed at once.

What is smooth between its peaks is solved here; a member that stalls (it jumps, bends or is singular), or that differs
between the nodes from what they say, is left to be integrated by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.path import Path
from workings.subjects.integration.rule import NODES, estimate, interpolated
from workings.subjects.integration.support import END, looked_at_in

__all__ = ["Apart", "solved_apart"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

# A bisection that leaves more of the error than this is of little use, as until a peak of a thousandth is met. A member
# with so many in a row is left.
_STALLED_LEAVES, _STALLED_AFTER = 0.05, 9
_DEEPEST = 24
# So much of the tolerance may be missed beside the ends of the subintervals, and so much of it is to be left.
_GAP_SHARE, _SHARE, _KEPT_BACK = 0.1, 0.5, 0.1


@dataclass(frozen=True, eq=False)
class Apart:
    """What came of it: (members,) each, and how many values it took."""

    value: Array
    error: Array
    solved: NDArray[np.bool_]
    evaluations: int


@dataclass(frozen=True, eq=False)
class _Rows:
    """Subintervals, one a row: whose each is, where it lies, and what it came to."""

    owner: Places
    piece: Places
    low: Array
    high: Array
    stalled: Places
    value: Array
    error: Array
    absolute: Array
    nodes: Array

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, rows: Places | NDArray[np.bool_]) -> _Rows:
        """Return some of the rows."""
        return _Rows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def joined(self, other: _Rows) -> _Rows:
        """Return the rows of both."""
        names = self.__dataclass_fields__
        return _Rows(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


@dataclass(frozen=True, eq=False)
class _Seen:
    """Places between the nodes: whose each is, where it lies, for how long a stretch it stands, and the integrand."""

    owner: Places
    piece: Places
    u: Array
    reach: Array
    density: Array

    def take(self, some: NDArray[np.bool_]) -> _Seen:
        """Return some of the places."""
        return _Seen(*(getattr(self, name)[some] for name in self.__dataclass_fields__))


def solved_apart(
    path: Path, values: Callable[[Array, Places], Array], count: int, *, epsabs: float, epsrel: float, limit: int
) -> Apart:
    """Integrate members, each on subintervals of its own.

    Parameters
    ----------
    path
        The limits.
    values
        A function of places and the numbers of members, (n,) each, that gives the integrands there.
    count
        How many members there are.
    epsabs, epsrel, limit
        As of one integral.
    """
    with np.errstate(all="ignore"):
        together = _Together(path, values, count, epsabs=epsabs, epsrel=epsrel, limit=limit)
        for _ in range(_DEEPEST):
            together.halve_until_small()
            if not together.halve_where_missed():
                break
        return together.result()


class _Together:
    """All members, and how far each has come; the parameters are those of :func:`solved_apart`."""

    def __init__(
        self,
        path: Path,
        values: Callable[[Array, Places], Array],
        count: int,
        *,
        epsabs: float,
        epsrel: float,
        limit: int,
    ) -> None:
        self.path, self.values, self.count = path, values, count
        self.epsabs, self.epsrel, self.limit = epsabs, epsrel, limit
        self.evaluations = 0
        self._left = np.zeros(count, bool)  # to be integrated each by itself
        self._seen: _Seen | None = None
        owner, piece = np.repeat(np.arange(count), len(path)), np.tile(np.arange(len(path)), count)
        self.rows = self._measured(owner, piece, path.low[piece], path.high[piece], np.zeros(len(owner), np.int64))

    def halve_until_small(self) -> None:
        """Halve what keeps the error of each member above its tolerance, until none does."""
        for _ in range(_DEEPEST):
            _, off, tolerance = self._sums()
            self._left |= ~np.isfinite(off)
            pending = _pending(self.rows, _SHARE * tolerance) & ((off > tolerance) & ~self._left)[self.rows.owner]
            if not self._halve(pending):
                return

    def halve_where_missed(self) -> bool:
        """Halve the subintervals in which something was seen between the nodes; return whether there are such."""
        if self._seen is None:
            self._seen = self._looked(np.flatnonzero(~self._left))
        seen, rows = self._seen, self.rows
        if not len(seen.owner):
            return False
        _, off, tolerance = self._sums()
        row = self._row_of(seen)
        low, high, nodes = rows.low[row], rows.high[row], rows.nodes[row]
        place = np.clip((2.0 * seen.u - low - high) / (high - low), -1.0, 1.0)
        missed = np.abs(seen.density - interpolated(nodes, place)) * np.minimum(seen.reach, high - low)
        bad = ~(missed <= np.maximum(tolerance[seen.owner], 1e-12 * np.abs(nodes).max(axis=1) * (high - low)))
        # What is far higher than any node is a peak that they missed, however small its foot is here.
        highest = np.zeros(self.count)
        np.maximum.at(highest, rows.owner, np.abs(rows.nodes).max(axis=1))
        bad |= ~(np.abs(seen.density) <= 1e3 * highest[seen.owner])
        wanted = np.zeros(len(rows), bool)
        wanted[row[bad]] = True
        # Who has missed nothing is not asked again.
        self._seen = seen.take(np.isin(seen.owner, seen.owner[bad]))
        return self._halve(wanted & (~self._left & (off <= tolerance))[rows.owner])

    def result(self) -> Apart:
        """Return what came of it; what is missed beside the ends of subintervals counts as error."""
        total, off, tolerance = self._sums()
        rows, missed = self.rows, np.zeros(self.count)
        half = 0.5 * (rows.high - rows.low)
        for end in (-END, END):
            seen = self._densities(rows.owner, rows.piece, 0.5 * (rows.low + rows.high) + half * end)
            gap = np.abs(seen - interpolated(rows.nodes, np.full(len(rows), end))) * (1.0 - NODES[-1]) * half
            missed += self._added(np.where(gap > 1e-12 * np.abs(rows.nodes).max(axis=1) * half, gap, 0.0))
        missed[missed <= _GAP_SHARE * tolerance] = 0.0
        # Next to nothing may be a peak that was not seen.
        solved = ~self._left & (off + missed <= tolerance) & (self._added(rows.absolute) > self.epsabs)
        return Apart(total, off + missed, solved, self.evaluations)

    def _sums(self) -> tuple[Array, Array, Array]:
        """Return each member's integral, its error and its tolerance."""
        total = self._added(self.rows.value)
        return total, self._added(self.rows.error), np.maximum(self.epsabs, self.epsrel * np.abs(total))

    def _added(self, part: Array) -> Array:
        return np.bincount(self.rows.owner, part, self.count).astype(np.float64, copy=False)

    def _measured(self, owner: Places, piece: Places, low: Array, high: Array, stalled: Places) -> _Rows:
        half = 0.5 * (high - low)
        u = (0.5 * (low + high))[:, None] + half[:, None] * NODES
        nodes = self._densities(owner.repeat(21), piece.repeat(21), u.reshape(-1)).reshape(u.shape)
        return _Rows(owner, piece, low, high, stalled, *estimate(nodes, half), nodes)

    def _densities(self, owner: Places, piece: Places, u: Array) -> Array:
        self.evaluations += len(u)
        return self.path.densities(piece, u, self.values(self.path.places(piece, u), owner))

    def _halve(self, wanted: NDArray[np.bool_]) -> bool:
        """Halve some rows; return whether there were any whose member is not left."""
        rows = self.rows
        more = np.bincount(rows.owner[wanted], minlength=self.count)
        self._left |= (more > 0) & (more + np.bincount(rows.owner, minlength=self.count) > self.limit)
        wanted = wanted & ~self._left[rows.owner]
        if not wanted.any():
            return False
        whole = rows.take(wanted)
        middle = 0.5 * (whole.low + whole.high)
        owner, piece, stalled = (np.concatenate([part, part]) for part in (whole.owner, whole.piece, whole.stalled))
        low, high = np.concatenate([whole.low, middle]), np.concatenate([middle, whole.high])
        made = _judged(whole, self._measured(owner, piece, low, high, stalled))
        self._left[made.owner[made.stalled >= _STALLED_AFTER]] = True
        self.rows = rows.take(~wanted).joined(made)
        return True

    def _looked(self, members: Places) -> _Seen:
        """Return the integrands between the nodes."""
        x, width = looked_at_in(self.path)
        piece, u = self.path.coordinates(x)
        # A width in x as one in u.
        reach = width * np.where(self.path.kind[piece] == 0, 1.0, u * u)
        times, owner = len(members), members.repeat(len(x))
        piece, u, reach = np.tile(piece, times), np.tile(u, times), np.tile(reach, times)
        return _Seen(owner, piece, u, reach, self._densities(owner, piece, u))

    def _row_of(self, seen: _Seen) -> Places:
        """Return the row in which each place of each member lies."""
        rows, path = self.rows, self.path

        def key(owner: Places, piece: Places, u: Array) -> Array:
            share = (u - path.low[piece]) / (path.high[piece] - path.low[piece])
            return owner * (len(path) + 1.0) + piece + np.clip(share, 0.0, 1.0 - 2.0**-30)

        keys = key(rows.owner, rows.piece, rows.low)
        order = np.argsort(keys)
        return order[np.searchsorted(keys[order], key(seen.owner, seen.piece, seen.u), side="right") - 1]


def _pending(rows: _Rows, enough: Array) -> NDArray[np.bool_]:
    """Return the rows to work on: of each member the fewest without which at most ``enough`` is left."""
    order = np.lexsort((rows.error, rows.owner))
    owner = rows.owner[order]
    so_far = np.cumsum(rows.error[order])
    first = np.searchsorted(owner, owner)
    before = np.where(first > 0, so_far[first - 1], 0.0)
    found = np.zeros(len(rows), bool)
    found[order] = so_far - before > enough[owner]
    return found


def _judged(whole: _Rows, made: _Rows) -> _Rows:
    """Return the halves with what their wholes say about their errors, as one integral's adaptive rule does."""
    count = len(whole)
    found = np.abs(whole.value - (made.value[:count] + made.value[count:])) / whole.error
    distrust = np.clip(np.nan_to_num(found, nan=1.0), 1.0, 1e3)
    parent = np.concatenate([whole.error, whole.error])
    useless = made.error > _STALLED_LEAVES * parent
    error = made.error * np.concatenate([distrust, distrust])
    # After a bisection of little use an estimate that is suddenly small may be so by chance.
    larger = made.error >= np.concatenate([made.error[count:], made.error[:count]])
    error = np.where((made.stalled > 0) & larger, np.maximum(error, _KEPT_BACK * parent), error)
    return replace(made, error=error, stalled=np.where(useless, made.stalled + 1, made.stalled // 2))
