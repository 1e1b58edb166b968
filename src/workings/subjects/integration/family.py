"""Many integrals that differ in a parameter: one set of subintervals for all that still need it, one call for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_vector, parallel_blocks
from workings.errors import ConvergenceWarning, InputError, held_warnings, warn
from workings.expression import Node
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.compute import EPSABS, EPSREL, LIMIT, check_tolerances, integral_of, limit_number
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.path import Path, path_between
from workings.subjects.integration.result import Integral
from workings.subjects.integration.rule import GAUSS, KRONROD, NODES, interpolated
from workings.subjects.integration.status import Status
from workings.working import Explainable

__all__ = ["IntegralFamily", "integrate_family"]

Array = NDArray[np.float64]

# So many members, evenly chosen, find the subintervals with which all others then begin.
_SCOUTS = 24
# So many are computed at once: enough that calling the integrand costs little beside its work, and few enough that its
# arrays stay near the processor.
_BLOCK = 512
_MOST_AT_ONCE = 20_000
# When so few are left, each is integrated by itself, with all that one integral has.
_FEW = 4
# Between the nodes each subinterval is looked at in these places too.
_LOOKS: Array = np.array([-0.217, 0.508])
_RULES: Array = np.stack([KRONROD, GAUSS])
_LOOK_MATRIX: Array = np.stack([interpolated(np.eye(21), np.full(21, place)) for place in _LOOKS])


@dataclass(frozen=True, eq=False)
class IntegralFamily(Explainable, Sequence[Integral]):
    """One integral for each parameter: arrays of all, and ``family[k]`` is the k-th as an :class:`Integral`.

    Parameters
    ----------
    value, error
        (n,) the integrals, and estimates of their errors.
    converged
        (n,) whether each error is within the tolerance.
    evaluations
        How many values of the integrand were computed in all.
    parameters
        (n,) or (n, k): the parameters.
    integrand, limits
        What was integrated, and from where to where.
    epsabs, epsrel
        The tolerance.
    alone
        Those that were integrated by themselves, by their place.
    """

    value: Array
    error: Array
    converged: NDArray[np.bool_]
    evaluations: int
    parameters: Array
    integrand: Any
    limits: tuple[float, float]
    epsabs: float
    epsrel: float
    alone: dict[int, Integral]

    def __len__(self) -> int:
        return len(self.value)

    @overload
    def __getitem__(self, index: int) -> Integral: ...
    @overload
    def __getitem__(self, index: slice) -> list[Integral]: ...
    def __getitem__(self, index: int | slice) -> Integral | list[Integral]:
        if isinstance(index, slice):
            return [self._member(k) for k in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        return self._member(place)

    def __iter__(self) -> Iterator[Integral]:
        return (self._member(k) for k in range(len(self)))

    def _member(self, k: int) -> Integral:
        if k in self.alone:
            return self.alone[k]
        status = Status("converged", message("The estimated error is within the tolerance."))
        return Integral(
            float(self.value[k]),
            float(self.error[k]),
            status,
            self.evaluations,
            self.integrand,
            self.limits,
            tuple(np.atleast_1d(self.parameters[k]).tolist()),
            None,
            self.epsabs,
            self.epsrel,
        )

    def __repr__(self) -> str:
        rows = [f"{'parameter':<24}{'value':<24}error"]
        shown = range(len(self)) if len(self) <= 6 else (0, 1, 2, len(self) - 2, len(self) - 1)
        for place, k in enumerate(shown):
            if place == 3 and len(self) > 6:
                rows.append("...")
            given = ", ".join(f"{value:g}" for value in np.atleast_1d(self.parameters[k]))
            rows.append(f"{given:<24}{self.value[k]:<24.16g}{self.error[k]:.3g}")
        return "\n".join(rows)


def integrate_family(
    f: Callable[..., Any] | Formula | Node | str,
    a: float,
    b: float,
    parameters: ArrayLike,
    *,
    epsabs: float = EPSABS,
    epsrel: float = EPSREL,
    limit: int = LIMIT,
) -> IntegralFamily:
    r"""Return :math:`\int_a^b f(t, p)\,dt` for every parameter p, all solved together.

    Parameters
    ----------
    f
        A function ``f(t, p)``, or ``f(t, p, q, ...)``, a formula or its text, whose first variable is integrated over.
        A function of arrays is called with t and p that broadcast, possibly from several threads; one that is not
        elementwise is recognised, and called with numbers.
    a, b
        The limits, the same for all; infinite ones are meant as such.
    parameters
        (n,) one for each integral, or (n, k) where f takes k.
    epsabs, epsrel, limit
        As in :func:`integrate`, for each.

    Returns
    -------
    IntegralFamily
        Arrays ``value``, ``error``, ``converged``; ``family[k]`` is an :class:`Integral`.

    Raises
    ------
    InputError
        As :func:`integrate`, and if the parameters are not real numbers, or none.

    Warns
    -----
    ConvergenceWarning
        If some did not converge: how many, and which is the first.

    Notes
    -----
    A few members, evenly chosen, find the subintervals; all others begin with those, and subintervals are then bisected
    for those members that still need it. What is hard by itself (a singular end, an integrand that is 0 at every node)
    is integrated by itself.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> family = wk.integrate_family(lambda t, w: np.cos(w * t) * np.exp(-t * t), 0, 10, [0.0, 1.0, 2.0])
    >>> family.value
    array([0.88622693, 0.69019422, 0.32602467])
    """
    name = "integrate_family"
    low, high = limit_number(a, "a", name), limit_number(b, "b", name)
    check_tolerances(epsabs, epsrel, limit, name)
    given = np.asarray(parameters)
    if given.ndim == 2:
        columns = [as_vector(column, function=name, argument="parameters").astype(float) for column in given.T]
    else:
        columns = [as_vector(given, function=name, argument="parameters").astype(float)]
    if not columns or not len(columns[0]):
        raise InputError(message("{function}: parameters must be at least one; got none", function=name))
    everything = np.stack(columns, axis=1)
    solver = _Family(f, everything, low, high, epsabs=epsabs, epsrel=epsrel, limit=limit)
    solver.solve()
    failed = np.flatnonzero(~solver.converged)
    if len(failed):
        first = int(failed[0])
        warn(
            ConvergenceWarning(
                message(
                    "{failed} of {count} integrals did not converge. The first, of parameter {parameter}: {cause}",
                    failed=len(failed),
                    count=len(everything),
                    parameter=", ".join(f"{value:g}" for value in everything[first]),
                    cause=str(solver.alone[first].status),
                )
            ),
            stacklevel=2,
        )
    return IntegralFamily(
        solver.value,
        solver.error,
        solver.converged,
        solver.evaluations,
        everything[:, 0] if given.ndim < 2 else everything,
        solver.integrand.source,
        (float(a), float(b)),
        epsabs,
        epsrel,
        solver.alone,
    )


class _Family:
    """The members, and how far each has come."""

    def __init__(
        self, f: Any, parameters: Array, low: float, high: float, *, epsabs: float, epsrel: float, limit: int
    ) -> None:
        count = len(parameters)
        self.f, self.parameters, self.low, self.high = f, parameters, low, high
        self.epsabs, self.epsrel, self.limit = epsabs, epsrel, limit
        self.value, self.error = np.zeros(count), np.zeros(count)
        self.converged = np.ones(count, bool)
        self.alone: dict[int, Integral] = {}
        self.evaluations = 0
        self.integrand = as_integrand(f, tuple(parameters[0].tolist()), function="integrate_family")

    def solve(self) -> None:
        if self.low == self.high:
            return
        members = np.arange(len(self.parameters))
        path = path_between(min(self.low, self.high), max(self.low, self.high))
        together = len(members) > _FEW and self._broadcasts(path)
        left = self._together(path, members) if together else members
        for member in left:
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
        piece = np.zeros(21, np.int64)
        u = 0.5 * (path.low[0] + path.high[0]) + 0.5 * (path.high[0] - path.low[0]) * NODES
        x = path.places(piece, u)
        members = np.unique(np.array([0, len(self.parameters) // 2, len(self.parameters) - 1]))
        if isinstance(self.integrand.source, Formula):
            return True
        alone = np.empty((len(members), 21))
        for row, member in enumerate(members):
            # Its own integrand, for the parameters are bound; each finds out by itself how f is called.
            one = as_integrand(self.f, tuple(self.parameters[member].tolist()), function="integrate_family")
            alone[row] = one(x)
            self.evaluations += one.evaluations
            self.integrand.vectorized = one.vectorized
            if not one.vectorized:
                return False
        try:
            together = self._values(x, members)
        except Exception:  # whatever a function does with two arrays that broadcast
            return False
        if together.shape != alone.shape:
            return False
        return bool(np.allclose(together, alone, rtol=1e-10, atol=1e-14 * np.abs(alone).max(), equal_nan=True))

    def _values(self, x: Array, members: NDArray[np.int64]) -> Array:
        others = [column[:, None] for column in self.parameters[members].T]
        with np.errstate(all="ignore"):
            found = np.asarray(self.integrand.call(x[None, :].copy(), *others))
        if found.dtype.kind not in "fiub":
            found = found.astype(np.float64)
        if found.shape != (len(members), len(x)):
            found = np.broadcast_to(found, (len(members), len(x)))
        return np.ascontiguousarray(found, np.float64)

    def _together(self, path: Path, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Solve what can be solved on shared subintervals; return the members that are left."""
        mesh = _Mesh(path, np.arange(len(path)), path.low.copy(), path.high.copy())
        active = members
        if len(members) > 4 * _SCOUTS:
            groups, mesh = self._scouted(mesh, members)
            active = np.concatenate([self._settled(of_group, group)[0] for of_group, group in groups])
        while len(active) > _FEW:
            active, value, error = self._settled(mesh, active)
            chosen = self._pending(value, error)
            # No subinterval to blame: what is left is a matter for each alone.
            if not len(chosen) or len(mesh.low) + len(chosen) > self.limit:
                break
            mesh = mesh.bisected(chosen)
        return active

    def _scouted(self, mesh: _Mesh, members: NDArray[np.int64]) -> tuple[list[tuple[_Mesh, NDArray[np.int64]]], _Mesh]:
        """Return the members in groups, each with subintervals that sufficed for the scouts on both its sides."""
        places = np.unique(np.linspace(0, len(members) - 1, _SCOUTS).astype(int))
        scouts = members[places]
        meshes = [mesh]
        needed = np.zeros(len(scouts), np.int64)
        while True:
            value, error, _, _ = self._table(mesh, scouts)
            tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(value.sum(axis=1)))
            late = ~(error.sum(axis=1) <= tolerance)
            needed[late] = len(meshes)
            chosen = self._pending(value, error)
            if not late.any() or not len(chosen) or len(mesh.low) + len(chosen) > self.limit:
                break
            mesh = mesh.bisected(chosen)
            meshes.append(mesh)
        needed = np.minimum(needed, len(meshes) - 1)
        between = np.maximum(needed[:-1], needed[1:])
        of_member = between[
            np.clip(np.searchsorted(places, np.arange(len(members)), side="right") - 1, 0, len(between) - 1)
        ]
        groups = [(meshes[k], members[of_member == k]) for k in np.unique(of_member)]
        return groups, mesh

    def _settled(self, mesh: _Mesh, members: NDArray[np.int64]) -> tuple[NDArray[np.int64], Array, Array]:
        """Keep what converges on these subintervals; return the other members, their values and errors."""
        value, error, absolute, missed = self._table(mesh, members, looks=True)
        total, off = value.sum(axis=1), error.sum(axis=1)
        tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(total))
        done = (off <= tolerance) & (absolute.sum(axis=1) > 0) & (missed <= tolerance)
        sign = 1.0 if self.low < self.high else -1.0
        self.value[members[done]], self.error[members[done]] = sign * total[done], off[done]
        return members[~done], value[~done], error[~done]

    def _pending(self, value: Array, error: Array) -> NDArray[np.int64]:
        """Return what to halve: for each late member the fewest without which half its tolerance is left."""
        tolerance = np.maximum(self.epsabs, self.epsrel * np.abs(value.sum(axis=1)))
        late = ~(error.sum(axis=1) <= tolerance)
        if not late.any():
            return np.zeros(0, np.int64)
        errors = np.where(np.isfinite(error[late]), error[late], np.inf)
        order = np.argsort(-errors, axis=1)
        falling = np.take_along_axis(errors, order, axis=1)
        behind = np.cumsum(falling[:, ::-1], axis=1)[:, ::-1]  # with this one and all smaller ones
        wanted = np.zeros(errors.shape, bool)
        np.put_along_axis(wanted, order, behind > 0.5 * tolerance[late][:, None], axis=1)
        return np.flatnonzero(wanted.any(axis=0))

    def _table(
        self, mesh: _Mesh, members: NDArray[np.int64], *, looks: bool = False
    ) -> tuple[Array, Array, Array, Array]:
        """Return value, error and ∫|f| of members × subintervals, and how much the looks say was missed."""
        from workings.subjects.integration.kernel import estimate_rows

        x, u = mesh.nodes(NODES)
        if looks:
            between, between_u = mesh.nodes(_LOOKS)
            x = np.concatenate([x, between])
            u = None if u is None or between_u is None else np.concatenate([u, between_u])
        matrix = _LOOK_MATRIX if looks else _LOOK_MATRIX[:0]
        half = 0.5 * (mesh.high - mesh.low)
        shape = (len(members), len(half))
        value, error, absolute = np.empty(shape), np.empty(shape), np.empty(shape)
        missed = np.empty(len(members))

        def measured(rows: slice, values: Array) -> None:
            if u is not None:
                values = mesh.densities(values, u)
            estimate_rows(values, half, value[rows], error[rows], absolute[rows], missed[rows], _RULES, matrix)

        def work(start: int, stop: int) -> None:
            for first in range(start, stop, _BLOCK):
                rows = slice(first, min(first + _BLOCK, stop))
                measured(rows, self._values(x, members[rows]))

        if isinstance(self.integrand.source, Formula):
            # A compiled formula shares its work among the threads itself.
            for first in range(0, len(members), _MOST_AT_ONCE):
                part = members[first : first + _MOST_AT_ONCE]
                values = self._values(x, part)
                parallel_blocks(
                    lambda start, stop, first=first, values=values: measured(
                        slice(first + start, first + stop), values[start:stop]
                    ),
                    len(part),
                    smallest=_BLOCK,
                    align=1,
                )
        else:
            parallel_blocks(work, len(members), smallest=_BLOCK, align=1)
        self.evaluations += len(members) * len(x)
        return value, error, absolute, missed


class _Mesh:
    """Subintervals that all active members share."""

    def __init__(self, path: Path, piece: NDArray[np.int64], low: Array, high: Array) -> None:
        self.path, self.piece, self.low, self.high = path, piece, low, high

    def nodes(self, places: Array) -> tuple[Array, Array | None]:
        """Return x at places of (-1, 1) in each subinterval, one after the other, and u where x is a function of u."""
        u = 0.5 * (self.low + self.high)[:, None] + 0.5 * (self.high - self.low)[:, None] * places
        x = self.path.places(self.piece, u).reshape(-1)
        if not self.path.infinite:
            return x, None
        return x, np.where(self.path.kind[self.piece][:, None] == 0, 1.0, u).reshape(-1)

    @staticmethod
    def densities(values: Array, u: Array) -> Array:
        """Return f(x)·|dx/du|."""
        with np.errstate(all="ignore"):
            return np.where(values == 0.0, 0.0, values / u / u)

    def bisected(self, rows: NDArray[np.int64]) -> _Mesh:
        """Return the mesh with some subintervals halved."""
        kept = np.setdiff1d(np.arange(len(self.low)), rows)
        middle = 0.5 * (self.low[rows] + self.high[rows])
        return _Mesh(
            self.path,
            np.concatenate([self.piece[kept], self.piece[rows], self.piece[rows]]),
            np.concatenate([self.low[kept], self.low[rows], middle]),
            np.concatenate([self.high[kept], middle, self.high[rows]]),
        )
