"""The adaptive rule: bisect where the error is, all such subintervals at once, until their sum is small enough.

``init`` makes the first subintervals, ``step`` the next ones from them, ``terminate`` says whether this is the end and
why; the loop is in :func:`run` alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.breaks import break_between, pole_between
from workings.subjects.integration.double_exponential import Ends, double_exponential
from workings.subjects.integration.graded import graded
from workings.subjects.integration.integrand import Integrand
from workings.subjects.integration.panels import Panels, Round, State
from workings.subjects.integration.path import Path
from workings.subjects.integration.rule import NODES, ROUNDING, estimate, interpolated
from workings.subjects.integration.status import Status
from workings.subjects.integration.support import END, Probes, gaps, no_probes, probes_of
from workings.subjects.integration.verdict import given_up, settled_at_once

__all__ = ["Adaptive", "run"]

Array = NDArray[np.float64]

# A subinterval at an end is given to the double-exponential rule when so many bisections in a row have each left more
# than a twentieth of its error: for a smooth integrand one bisection leaves a millionth.
_STALLED_AFTER = 3
_STALLED_LEAVES = 0.05
# A subinterval in which so many bisections in a row were of little use is searched for a jump or a bend.
_BREAK_AFTER = (2, 5)
# A subinterval inside that goes on stalling may hold a pole: it is looked for after so many bisections.
_POLE_AFTER = 8
_FEWEST_FLOATS = 4096
_KEPT_BACK = 0.1
# So much of the tolerance may be missed beside the ends of a subinterval.
_GAP_SHARE = 0.1


class Adaptive:
    """The algorithm for one integrand, path and tolerance."""

    def __init__(self, integrand: Integrand, path: Path, *, epsabs: float, epsrel: float, limit: int) -> None:
        self.integrand = integrand
        self.path = path
        self.epsabs = epsabs
        self.epsrel = epsrel
        self.limit = limit
        self.breaks: list[float] = []
        """Where a subinterval was cut at another place than its middle, in the order in which that was."""
        # Per piece: below which coordinate, towards infinity, the integrand is taken as 0.
        self._silent = np.zeros(len(path))

    def tolerance(self, value: float) -> float:
        """Return how large the error may be beside ``value``."""
        return max(self.epsabs, self.epsrel * abs(value))

    def init(self) -> State:
        """Return the path's pieces as the first subintervals."""
        count = len(self.path)
        ends = np.ones((count, 2), bool)
        # The finite end of an infinite piece is the coordinate's high end; both ends are limits or break points, except
        # where the whole line was cut in two for the coordinate's sake.
        panels = self._panels(
            np.arange(count),
            self.path.low,
            self.path.high,
            ends=ends,
            depth=np.zeros(count, int),
            distrust=np.ones(count),
            stalled=np.zeros(count, int),
        )
        return self._state(panels, no_probes(), (), ())

    def step(self, at: State) -> State:
        """Return the state after all subintervals that need it are bisected, or handed to the other rule."""
        panels = at.panels.take(np.arange(len(at.panels)))
        divergent, tolerance = at.divergent, self.tolerance(at.value)
        chosen = self._pending(at)
        # Where something was seen between the nodes, no end is to blame.
        at_ends = panels.ends.any(axis=1) & (panels.stalled >= _STALLED_AFTER) & (len(at.suspicious) == 0)
        by_ends = [row for row in chosen if at_ends[row]]
        cuts = 0.5 * (panels.low + panels.high)
        # A middle of 3e-17, from -1/3 to 1/3 as it was rounded, is 0: beside a pole at 0 it would be no end.
        cuts[np.abs(cuts) <= 4.0 * np.spacing(np.maximum(np.abs(panels.low), np.abs(panels.high)))] = 0.0
        poles, breaks = np.zeros(len(panels), bool), np.zeros(len(panels), bool)
        for row in chosen:
            low, high = float(panels.low[row]), float(panels.high[row])
            if panels.stalled[row] in _BREAK_AFTER and not len(at.suspicious):
                place = break_between(self._along(panels, row), low, high)
                if place is not None:
                    cuts[row], breaks[row] = place, True
            if panels.stalled[row] >= _POLE_AFTER and not panels.ends[row].any():
                usual = float(np.median(np.abs(panels.nodes[row])))
                pole = pole_between(self._along(panels, row), low, high, usual)
                # A pole becomes an end, and is tried as one at once; without one, what is there is a kink or a jump.
                panels.stalled[row] = -1_000 if pole is None else _STALLED_AFTER
                if pole is not None:
                    cuts[row], poles[row] = pole, True
        settled: list[int] = []
        for row in by_ends:
            found = self._at_ends(panels, row, 0.25 * tolerance)
            # Far less than the nodes saw: what they saw lies inside, where the other rule's places are sparse.
            if found.absolute < 0.5 * panels.absolute[row]:
                panels.stalled[row] = 0
                continue
            if found.divergent:
                divergent = (*divergent, float(panels.low[row] if panels.ends[row, 0] else panels.high[row]))
            # Good enough; or better than bisecting could be, for what is left is beyond the reach of floats.
            hopeless = found.beyond > 0.5 * found.error and found.error < panels.error[row]
            if found.divergent or found.error <= 0.25 * tolerance or hopeless:
                settled.append(row)
                panels.value[row], panels.error[row] = found.value, found.error
                panels.absolute[row], panels.settled[row] = found.absolute, True
            else:
                # Not an end's singularity, or one that oscillates: bisect on, and try again much later.
                panels.stalled[row] = -10
        # What was seen between the nodes says nothing about the ends.
        panels.stalled[at.suspicious] = 0
        halved = np.array([row for row in chosen if row not in settled], np.int64)
        if len(halved):
            elsewhere = halved[poles[halved] | breaks[halved]]
            self.breaks += self.path.places(panels.piece[elsewhere], cuts[elsewhere]).tolist()
            panels = self._cut(panels, halved, cuts[halved], poles=poles[halved], breaks=breaks[halved])
        return self._state(panels, at.probes, divergent, at.rounds)

    def terminate(self, at: State) -> Status | None:
        """Return why the integration ends here, or None to go on."""
        tolerance = self.tolerance(at.value)
        status = settled_at_once(at, self.path, tolerance)
        if status is not None or len(self._pending(at)):
            return status
        return given_up(at, self.path, tolerance, self.limit)

    def looked_at(self, at: State) -> State:
        """Return the state with probes between the nodes, and the subintervals in which they found something new."""
        probes = at.probes if len(at.probes.x) else probes_of(self.integrand, self.path, at.panels)
        suspicious, missed = gaps(probes, self.path, at.panels, self.tolerance(at.value))
        panels = self._ends_looked_at(at.panels)
        beyond = np.where(np.isfinite(panels.gap), panels.gap, 0.0)
        suspicious = np.union1d(suspicious, np.flatnonzero(beyond > _GAP_SHARE * self.tolerance(at.value)))
        return replace(
            at, panels=panels, probes=probes, suspicious=suspicious, error=at.error + missed + float(beyond.sum())
        )

    def _ends_looked_at(self, panels: Panels) -> Panels:
        """Return the panels with what may be missed in the gaps beside their ends.

        Where a jump or a bend lies between the last node and the end, all nodes are on its one side, and both rules
        agree on a wrong sum. The value at the end itself tells.
        """
        rows = np.flatnonzero(np.isnan(panels.gap) & ~panels.settled & (panels.undefined == 0))
        if not len(rows):
            return panels
        low, high, nodes = panels.low[rows], panels.high[rows], panels.nodes[rows]
        half, gap = 0.5 * (high - low), np.zeros(len(rows))
        for end in (-END, END):
            found = self._densities(panels.piece[rows], 0.5 * (low + high) + half * end)
            gap += np.abs(found - interpolated(nodes, np.full(len(rows), end))) * (1.0 - NODES[-1]) * half
        # What the nodes' own rounding comes to there is nothing missed; where it is undefined, nothing is known.
        noise = 1e-12 * np.abs(nodes).max(axis=1) * half
        everything = panels.gap.copy()
        everything[rows] = np.where(gap > noise, gap, 0.0)
        return replace(panels, gap=everything)

    def _pending(self, at: State) -> NDArray[np.int64]:
        """Return the rows to work on: the fewest without which half the tolerance is left, as the limit allows."""
        panels = at.panels
        # In fewer floats than this the nodes cannot be told apart well.
        units = _FEWEST_FLOATS * np.spacing(np.maximum(np.abs(panels.low), np.abs(panels.high)))
        open_ = ~panels.settled & (panels.high - panels.low > units)
        room = max(0, self.limit - len(panels))
        if len(at.suspicious):
            return at.suspicious[open_[at.suspicious]][:room]
        # At the floor of rounding a bisection gains nothing.
        open_ &= panels.error > 2.0 * panels.floor
        tolerance = self.tolerance(at.value)
        order = np.argsort(-panels.error, kind="stable")
        behind = np.concatenate([np.cumsum(panels.error[order][::-1])[::-1][1:], [0.0]])
        enough = int(np.argmax(behind <= 0.5 * tolerance)) + 1 if math.isfinite(at.error) else len(order)
        chosen = order[:enough]
        if not math.isfinite(at.error):
            chosen = order[~np.isfinite(panels.error[order])]
        return chosen[open_[chosen]][:room]

    def _cut(
        self,
        panels: Panels,
        rows: NDArray[np.int64],
        middle: Array,
        *,
        poles: NDArray[np.bool_],
        breaks: NDArray[np.bool_],
    ) -> Panels:
        """Return the panels with some rows each cut in two at ``middle``, which may be a pole or a break of f."""
        kept = panels.take(np.setdiff1d(np.arange(len(panels)), rows))
        whole = panels.take(rows)
        # A middle at which the integrand is undefined is an end like a limit; and 0 often is such a place.
        broken = poles | breaks | ~np.isfinite(whole.nodes[:, 10]) | (middle == 0.0)
        left = np.stack([whole.ends[:, 0], broken], axis=1)
        right = np.stack([broken, whole.ends[:, 1]], axis=1)
        made = self._panels(
            np.concatenate([whole.piece, whole.piece]),
            np.concatenate([whole.low, middle]),
            np.concatenate([middle, whole.high]),
            ends=np.concatenate([left, right]),
            depth=np.concatenate([whole.depth, whole.depth]) + 1,
            distrust=np.ones(2 * len(rows)),
            stalled=np.concatenate([whole.stalled, whole.stalled]),
        )
        half = len(rows)
        # The two halves together tell the whole's true error. Where its estimate was too small (a kink that the nodes
        # happen to straddle), the halves' estimates are not believed either.
        found = np.abs(whole.value - (made.value[:half] + made.value[half:])) / whole.error
        # Of a break that was found, nothing is left in them.
        distrust = np.where(breaks, 1.0, np.clip(np.nan_to_num(found, nan=1.0), 1.0, 1e3))
        both = np.concatenate([distrust, distrust])
        # Of what is left, how much is in each half?
        parent = np.concatenate([whole.error, whole.error])
        useless = (made.error > _STALLED_LEAVES * parent) | ~np.isfinite(parent)
        stalled = np.where(useless, made.stalled + 1, np.minimum(made.stalled, 0))
        # A kink was halved with little use, and now its estimate is suddenly small: the rules may agree by chance on
        # a wrong sum. The half with the larger error keeps a tenth of the whole's, which another bisection clears up.
        slow = np.concatenate([whole.slow, whole.slow])
        larger = made.error >= np.concatenate([made.error[half:], made.error[:half]])
        parted = np.concatenate([breaks, breaks])
        kept_back = (slow >= 1) & larger & np.isfinite(parent) & ~parted
        error = np.where(both > 1.0, made.error * both, made.error)
        error = np.where(kept_back, np.maximum(error, _KEPT_BACK * parent), error)
        stalled = np.where(parted, useless.astype(np.int64), stalled)
        made = replace(
            made,
            error=error,
            distrust=both,
            stalled=stalled,
            slow=np.where(useless, slow + 1, 0),
            raised=error > made.error,
        )
        return kept.joined(made)

    def _panels(
        self,
        piece: NDArray[np.int64],
        low: Array,
        high: Array,
        *,
        ends: NDArray[np.bool_],
        depth: NDArray[np.int64],
        distrust: Array,
        stalled: NDArray[np.int64],
    ) -> Panels:
        half = 0.5 * (high - low)
        u = (0.5 * (low + high))[:, None] + half[:, None] * NODES
        nodes = self._densities(piece, u)
        bad = ~np.isfinite(nodes)
        undefined = bad.sum(axis=1)
        # Infinite values, and sums that overflow, are told of by the error.
        with np.errstate(invalid="ignore", over="ignore"):
            value, error, absolute = estimate(np.where(bad, 0.0, nodes) if undefined.any() else nodes, half)
            # Each place is rounded: on a peak of width 1e-3 at 1e6 that moves the values by 1e-7. The roundings are as
            # good as random, and of 21 a tenth is left.
            moved = 0.1 * np.spacing(np.maximum(np.abs(low), np.abs(high))) * (nodes.max(axis=1) - nodes.min(axis=1))
            moved = np.where(np.isfinite(moved), moved, 0.0)
            error = error + moved
            error = np.where((undefined > 0) | ~np.isfinite(error), np.inf, error)
        settled = np.zeros(len(low), bool)
        return Panels(
            piece,
            low,
            high,
            value,
            error,
            absolute,
            ROUNDING * absolute + moved,
            nodes,
            undefined,
            ends,
            stalled,
            np.zeros(len(low), np.int64),
            distrust,
            depth,
            settled,
            np.zeros(len(low), bool),
            np.full(len(low), np.nan),
        )

    def _densities(self, piece: NDArray[np.int64], u: Array) -> Array:
        x = self.path.places(piece, u)
        found = self.path.densities(piece, u, self.integrand(x.reshape(-1)).reshape(x.shape))
        return self._silenced(piece, u, found) if self.path.infinite else found

    def _silenced(self, piece: NDArray[np.int64], u: Array, found: Array) -> Array:
        """Return the densities with 0 where the integrand died away towards infinity before it became undefined.

        1/cosh(t) is 1e-308 at 709, and from 711 on cosh(t) overflows, which Python's arithmetic refuses; e^t/(1 + e^t)²
        is ∞/∞ there. What is undefined beyond a place at which next to nothing was left counts nothing.
        """
        lost = np.isnan(found)
        if not lost.any():
            return found
        pieces = np.broadcast_to(piece[:, None] if u.ndim == 2 else piece, u.shape)
        for k in np.unique(pieces[lost]):
            if self.path.kind[k] == 0:
                continue
            mine, known = lost & (pieces == k), ~lost & (pieces == k)
            if known.any():
                nearest = np.where(known, u, np.inf).argmin()
                small = abs(found.flat[nearest]) <= 1e-30 * np.abs(found[known]).max()
                if small and u[mine].max() < u.flat[nearest]:
                    self._silent[k] = max(self._silent[k], float(u.flat[nearest]))
            found = np.where(mine & (u < self._silent[k]), 0.0, found)
        return found

    def _along(self, panels: Panels, row: int) -> Callable[[Array], Array]:
        """Return the integrand in the coordinate of one subinterval's piece."""
        piece = panels.piece[row : row + 1]
        return lambda u: self._densities(np.broadcast_to(piece, u.shape), u)

    def _at_ends(self, panels: Panels, row: int, tolerance: float) -> Ends:
        density = self._along(panels, row)
        low, high = float(panels.low[row]), float(panels.high[row])
        found = double_exponential(density, low, high, tolerance)
        end, other = (low, high) if panels.ends[row, 0] else (high, low)
        if found.divergent or found.error <= tolerance or end == 0.0 or panels.ends[row].all():
            return found
        series = graded(density, end, other)
        if series is None or series[1] >= found.error:
            return found
        value, error, absolute = series
        return Ends(value, error, absolute, error, False)

    def _state(self, panels: Panels, probes: Probes, divergent: tuple[float, ...], rounds: tuple[Round, ...]) -> State:
        value, error = math.fsum(panels.value.tolist()), math.fsum(panels.error.tolist())
        absolute = math.fsum(panels.absolute.tolist())
        done = Round(len(panels), self.integrand.evaluations, value, error)
        nothing = np.zeros(0, np.int64)
        return State(panels, value, error, absolute, probes, nothing, divergent, (*rounds, done))


def run(method: Adaptive) -> tuple[State, Status]:
    """Run the algorithm to its end; return where it stands and why it ended."""
    # What is beyond the floats is met as what it is, infinite or undefined, in the values and errors.
    with np.errstate(all="ignore"):
        at = method.init()
        while True:
            status = method.terminate(at)
            if status is None:
                at = method.step(at)
            elif status.converged:
                at = method.looked_at(at)
                # What may be missed between the nodes is part of the error: it is judged, and told, with that.
                status = None if len(at.suspicious) else method.terminate(at)
                if status is not None:
                    return at, status
            elif status.name == "limit":
                # The nodes of both rules may agree by chance on a wrong sum: ⌊t⌋ over 5.25 to 7.875. Probes tell.
                return method.looked_at(at), status
            else:
                return at, status
