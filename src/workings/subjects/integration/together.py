"""How a family of integrals is solved: on subintervals that its members share, and what is hard by itself."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together, thread_count
from workings.errors import held_warnings
from workings.expression.formula import Formula
from workings.subjects.integration.apart import Apart, solved_apart
from workings.subjects.integration.compute import integral_of
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.mesh import Looks, Mesh, Places
from workings.subjects.integration.path import Path, path_between
from workings.subjects.integration.result import Integral
from workings.subjects.integration.rule import NODES
from workings.subjects.integration.scouting import scouted

__all__ = ["Together"]

Array = NDArray[np.float64]

# So many members, evenly chosen, find the subintervals with which all others then begin.
_SCOUTS = 24
# So many values are computed at once: enough that calling the integrand costs little beside its work (a formula is
# compiled from half as many on), and few enough that they stay near the processor, a third of a megabyte.
_BLOCK = 40_000
# So many members, each with subintervals of its own, are looked at together.
_AT_ONCE = 256
# When so few are left, each is integrated by itself, with all that one integral has.
_FEW = 4


@dataclass(frozen=True, eq=False)
class _Measured:
    """The integrals of some members on a mesh.

    Parameters
    ----------
    value, error
        (subintervals, members) the integrals, and the estimates of their errors.
    absolute
        (members,) ∫|f|.
    missed
        (members,) how much the places between the nodes say was missed.
    """

    value: Array
    error: Array
    absolute: Array
    missed: Array


class Together:
    """The members, and how far each has come.

    Parameters
    ----------
    f
        The integrand, as it was given.
    parameters
        (members, k).
    low, high
        The limits.
    epsabs, epsrel, limit
        As of one integral.
    """

    def __init__(
        self, f: Any, parameters: Array, low: float, high: float, *, epsabs: float, epsrel: float, limit: int
    ) -> None:
        count = len(parameters)
        self.f, self.parameters, self.low, self.high = f, parameters, low, high
        self.epsabs, self.epsrel, self.limit = epsabs, epsrel, limit
        self.value, self.error = np.zeros(count), np.zeros(count)
        self.converged = np.ones(count, bool)
        self._done = np.zeros(count, bool)
        self.alone: dict[int, Integral] = {}
        self.evaluations = 0
        self.integrand = as_integrand(f, tuple(parameters[0].tolist()), function="integrate_family")
        self._columns = np.ascontiguousarray(parameters.T)

    def solve(self) -> None:
        """Integrate all members."""
        if self.low == self.high:
            return
        members = np.arange(len(self.parameters))
        path = path_between(min(self.low, self.high), max(self.low, self.high))
        together = len(members) > _FEW and self._broadcasts(path)
        for member in self._shared(path, members) if together else members:
            self._by_itself(int(member))

    def _by_itself(self, member: int) -> None:
        args = tuple(self.parameters[member].tolist())
        integrand = as_integrand(self.f, args, function="integrate_family", vectorized=self.integrand.vectorized)
        # One warning tells of all that did not converge.
        with held_warnings():
            found = integral_of(
                integrand,
                self.low,
                self.high,
                epsabs=self.epsabs,
                epsrel=self.epsrel,
                limit=self.limit,
                points=None,
                function="integrate_family",
            )
        self.alone[member] = found
        self.value[member], self.error[member], self.converged[member] = found.value, found.error, found.converged
        self.evaluations += found.evaluations

    def _broadcasts(self, path: Path) -> bool:
        """Return whether f takes arrays of places and of parameters, as three members show."""
        if isinstance(self.integrand.source, Formula):
            return True
        piece = np.zeros(21, np.int64)
        u = 0.5 * (path.low[0] + path.high[0]) + 0.5 * (path.high[0] - path.low[0]) * NODES
        x = path.places(piece, u)
        members = np.unique(np.array([0, len(self.parameters) // 2, len(self.parameters) - 1]))
        alone = np.empty((21, len(members)))
        for column, member in enumerate(members):
            # Its own integrand, for the parameters are bound; each finds out by itself how f is called.
            one = as_integrand(self.f, tuple(self.parameters[member].tolist()), function="integrate_family")
            alone[:, column] = one(x)
            self.evaluations += one.evaluations
            self.integrand.vectorized = one.vectorized
            if not one.vectorized:
                return False
        try:
            together = self._values(x, members)
        except Exception:  # whatever a function does with two arrays that broadcast
            return False
        return bool(np.allclose(together, alone, rtol=1e-10, atol=1e-14 * np.abs(alone).max(), equal_nan=True))

    def _values(self, x: Array, members: Places | slice) -> Array:
        """Return the integrands (places, members)."""
        others, formula = self._columns[:, members], self.integrand.source
        if isinstance(formula, Formula) and formula.variables and not formula.data:
            return formula.compiled.each(x, *others[: len(formula.variables) - 1])
        with np.errstate(all="ignore"):
            # A copy, for a function may write into its argument.
            found = np.asarray(self.integrand.call(x[:, None].copy(), *(column[None, :] for column in others)))
        shape = (len(x), others.shape[1])
        if found.shape != shape:
            found = np.broadcast_to(found, shape)
        return np.ascontiguousarray(found, np.float64)

    def _shared(self, path: Path, members: Places) -> Places:
        """Solve what can be solved on shared subintervals; return the members that are left."""
        scouts = members[np.unique(np.linspace(0, len(members) - 1, _SCOUTS).astype(np.int64))]

        def measured(mesh: Mesh, some: Places) -> tuple[Array, Array]:
            (found,) = self._measured([(mesh, some)], "none")
            return found.value, found.error

        seen = scouted(path, scouts, measured, epsabs=self.epsabs, epsrel=self.epsrel, limit=self.limit)
        # From each scout to the next; the last one belongs to the stretch before it.
        starts = [*scouts[:-1].tolist(), len(members)]
        groups = [
            (mesh, np.concatenate([members[starts[place] : starts[place + 1]] for place in places]))
            for mesh, places in seen.between()
        ]
        mesh = seen.together()
        looks = self._looks(mesh, scouts)
        self._keep_settled(groups, looks)
        left = self._each_apart(path, members[~self._done])
        while len(left) > _FEW and len(mesh):
            (found,) = self._keep_settled([(mesh, left)], looks)
            late = ~self._done[left]
            chosen = self._pending(found.value[:, late], found.error[:, late])
            left = left[late]
            # No subinterval to blame: what is left is a matter for each alone.
            if not len(chosen) or len(mesh) + len(chosen) > self.limit:
                break
            mesh = mesh.bisected(chosen)
        return left

    def _each_apart(self, path: Path, left: Places) -> Places:
        """Solve what can be solved with subintervals of each member's own; return the members that are left."""
        if len(left) <= _FEW or not self._elementwise(path):
            return left
        sign = 1.0 if self.low < self.high else -1.0

        def solved(some: Places) -> Apart:
            def values(x: Array, of: Places) -> Array:
                return self._each(x, some[of])

            tolerance = {"epsabs": self.epsabs, "epsrel": self.epsrel}
            return solved_apart(path, values, len(some), **tolerance, limit=self.limit)

        blocks = np.array_split(left, -(-len(left) // _AT_ONCE))
        for some, found in zip(blocks, run_together([partial(solved, some) for some in blocks]), strict=True):
            done = some[found.solved]
            self.value[done], self.error[done] = sign * found.value[found.solved], found.error[found.solved]
            self._done[done] = True
            self.evaluations += found.evaluations
        return left[~self._done[left]]

    def _elementwise(self, path: Path) -> bool:
        """Return whether f takes one array of places and one of parameters, of equal length."""
        members = np.unique(np.array([0, len(self.parameters) // 2, len(self.parameters) - 1]))
        u = 0.5 * (path.low[0] + path.high[0]) + 0.5 * (path.high[0] - path.low[0]) * NODES[:5]
        x = path.places(np.zeros(5, np.int64), u)
        expected = self._values(x, members)
        try:
            with np.errstate(all="ignore"):
                found = self._each(x.repeat(len(members)), np.tile(members, 5))
        except Exception:  # whatever a function does with arrays that it was not written for
            return False
        return bool(
            found.shape == (expected.size,)
            and np.allclose(
                found, expected.reshape(-1), rtol=1e-10, atol=1e-14 * np.abs(expected).max(), equal_nan=True
            )
        )

    def _each(self, x: Array, members: Places) -> Array:
        """Return the integrands, each at a place of its own."""
        others, formula = self._columns[:, members], self.integrand.source
        if isinstance(formula, Formula):
            others = others[: max(0, len(formula.variables) - 1)]
        found = np.asarray(self.integrand.call(x.copy(), *others), np.float64)
        return np.full(x.shape, found) if found.ndim == 0 else found

    def _looks(self, mesh: Mesh, scouts: Places) -> Looks:
        """Return "many" where many places between the nodes show of a scout what few may miss."""
        if not len(mesh):
            return "few"
        (found,) = self._measured([(mesh, scouts)], "many")
        tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(found.value.sum(axis=0)))
        return "few" if (found.missed <= tolerance).all() else "many"

    def _keep_settled(self, groups: list[tuple[Mesh, Places]], looks: Looks) -> list[_Measured]:
        """Measure groups of members, and keep the results of those that converge."""
        everything = self._measured(groups, looks)
        # Where some members have peaks that others do not see, next to nothing may be a peak not seen.
        least = self.epsabs if looks == "many" else 0.0
        sign = 1.0 if self.low < self.high else -1.0
        for (_, members), found in zip(groups, everything, strict=True):
            # At a bend both rules may agree by chance; what is seen between the nodes then says how much they are off.
            total, off = found.value.sum(axis=0), np.maximum(found.error.sum(axis=0), found.missed)
            tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(total))
            done = (off <= tolerance) & (found.absolute > least)
            self.value[members[done]], self.error[members[done]] = sign * total[done], off[done]
            self._done[members[done]] = True
        return everything

    def _pending(self, value: Array, error: Array) -> Places:
        """Return what to halve: for each late member the fewest without which half its tolerance is left."""
        tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(value.sum(axis=0)))
        late = ~(error.sum(axis=0) <= tolerance)
        if not late.any():
            return np.zeros(0, np.int64)
        errors = np.where(np.isfinite(error[:, late]), error[:, late], np.inf)
        order = np.argsort(-errors, axis=0)
        falling = np.take_along_axis(errors, order, axis=0)
        behind = np.cumsum(falling[::-1], axis=0)[::-1]  # with this one and all smaller ones
        wanted = np.zeros(errors.shape, bool)
        np.put_along_axis(wanted, order, behind > 0.5 * tolerance[late], axis=0)
        return np.flatnonzero(wanted.any(axis=1))

    def _measured(self, groups: list[tuple[Mesh, Places]], looks: Looks) -> list[_Measured]:
        """Return what the members of each group come to on its mesh; all threads work until the last is done."""
        from workings.subjects.integration.kernel import estimate_members

        found: list[_Measured] = []
        jobs: list[tuple[Any, ...]] = []
        for mesh, members in groups:
            nodes, count = mesh.nodes(looks), len(members)
            shape = (len(mesh), count)
            found.append(_Measured(np.empty(shape), np.empty(shape), np.empty(count), np.empty(count)))
            blocks = max(1, round(count * len(nodes.x) / _BLOCK))
            cuts = [count * block // blocks for block in range(blocks + 1)]
            jobs += [(nodes, members, found[-1], slice(*pair)) for pair in itertools.pairwise(cuts)]
            self.evaluations += count * len(nodes.x)
        numbers = itertools.count()

        def work() -> None:
            for number in numbers:
                if number >= len(jobs):
                    return
                nodes, members, into, part = jobs[number]
                raw = self._values(nodes.x, members[part])
                values = nodes.densities(raw)
                value, error = np.empty((2, len(nodes.half), values.shape[1]))
                estimate_members(
                    values,
                    nodes.starts,
                    nodes.kronrod,
                    nodes.gauss,
                    nodes.half,
                    nodes.looks,
                    nodes.stretch,
                    nodes.matrix,
                    value,
                    error,
                    into.absolute[part],
                    into.missed[part],
                )
                into.value[:, part], into.error[:, part] = value, error
                if looks == "many":
                    # Far more than at any node: a peak that all of them missed, however small its foot is here.
                    size, between = np.abs(raw[: nodes.starts[-1]]), np.abs(raw[nodes.starts[-1] :])
                    into.missed[part][between.max(axis=0) > 1e3 * size.max(axis=0)] = np.inf

        run_together([work] * max(1, min(thread_count(), len(jobs))))
        return found
