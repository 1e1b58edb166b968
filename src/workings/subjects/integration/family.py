"""Many integrals that differ in a parameter: one set of subintervals for all that still need it, one call for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_vector
from workings.errors import ConvergenceWarning, InputError, warn
from workings.expression import Node
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.compute import EPSABS, EPSREL, LIMIT, check_tolerances, limit_number
from workings.subjects.integration.named import placed
from workings.subjects.integration.result import Integral
from workings.subjects.integration.status import Status
from workings.subjects.integration.together import Together
from workings.working import Explainable

__all__ = ["IntegralFamily", "integrate_family"]

Array = NDArray[np.float64]


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
    parameters: ArrayLike | Mapping[str, ArrayLike],
    *,
    epsabs: float = EPSABS,
    epsrel: float = EPSREL,
    limit: int = LIMIT,
) -> IntegralFamily:
    r"""Return :math:`\int_a^b f(t, p)\,dt` for every parameter p, all solved together.

    Parameters
    ----------
    f
        A function ``f(t, p)``, or ``f(t, p, q, ...)``, a formula or its text, whose first variable is integrated over:
        of ``"cos(w*x)"`` that is w, unless the parameters are given by name, as ``{"w": [...]}``.
        A function of arrays is called with t and p that broadcast, possibly from several threads; one that is not
        elementwise is recognised, and called with numbers.
    a, b
        The limits, the same for all; infinite ones are meant as such.
    parameters
        (n,) one for each integral, or (n, k) where f takes k; or by name, (n,) each.
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
    A few members, evenly chosen, find the subintervals and in each how many of 21 to 61 nodes are enough; the members
    between two of them begin with what serves both, and subintervals are then bisected for those that still need it.
    The few are looked at in many more places; where these show a peak that the nodes missed, so are all. What is hard
    by itself (a singular end, an integrand that is 0 at every node) is integrated by itself. Of a formula, what does
    not depend on the parameters is computed once for all.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> family = wk.integrate_family(lambda t, w: np.cos(w * t) * np.exp(-t * t), 0, 10, [0.0, 1.0, 2.0])
    >>> family.value
    array([0.88622693, 0.69019422, 0.32602467])
    >>> wk.integrate_family("cos(w*t)*exp(-t^2)", 0, 10, {"w": [0.0, 1.0, 2.0]}).value
    array([0.88622693, 0.69019422, 0.32602467])
    """
    name = "integrate_family"
    low, high = limit_number(a, "a", name), limit_number(b, "b", name)
    check_tolerances(epsabs, epsrel, limit, name)
    if isinstance(parameters, Mapping):
        f, values = placed(f, parameters, function=name, argument="parameters")
        parameters = _together(values)
    given = np.asarray(parameters)
    if given.ndim == 2:
        columns = [as_vector(column, function=name, argument="parameters").astype(float) for column in given.T]
    else:
        columns = [as_vector(given, function=name, argument="parameters").astype(float)]
    if not columns or not len(columns[0]):
        raise InputError(message("{function}: parameters must be at least one; got none", function=name))
    everything = np.stack(columns, axis=1)
    solver = Together(f, everything, low, high, epsabs=epsabs, epsrel=epsrel, limit=limit)
    solver.solve()
    failed = np.flatnonzero(~solver.converged)
    if len(failed):
        first = int(failed[0])
        warn(
            ConvergenceWarning(
                message(
                    "{failed} of {count} {count:integral|integrals} did not converge. The first, of parameter "
                    "{parameter}: {cause}",
                    failed=len(failed),
                    count=len(everything),
                    parameter=", ".join(f"{value:g}" for value in everything[first]),
                    cause=str(solver.alone[first].status),
                )
            ),
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


def _together(values: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Return the values of parameters that were given by name as one array: (n,) of one, (n, k) of several."""
    columns = [as_vector(each, function="integrate_family", argument="parameters").astype(float) for each in values]
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise InputError(
            message(
                "integrate_family: parameters must have one length; got {lengths}",
                lengths=", ".join(map(str, lengths)),
            )
        )
    return columns[0] if len(columns) == 1 else np.stack(columns, axis=1)
