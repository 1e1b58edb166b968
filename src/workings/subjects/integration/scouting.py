"""A few members of a family find out which subintervals, and how many nodes in each, the members between them need.

On a subinterval all pairs of rules are tried at once. Where the largest is not enough for a scout, the subinterval is
halved for it; else it takes the smallest that is. An integrand that oscillates is so given many nodes in few
subintervals, and one with a peak few nodes in many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.mesh import Mesh, Places
from workings.subjects.integration.path import Path
from workings.subjects.integration.rule import ORDERS

__all__ = ["Scouted", "scouted"]

Array = NDArray[np.float64]

# A subinterval may keep so much of the tolerance. Two usually decide, and the errors of the others are far smaller;
# where they are not, the order is raised until the sum is small enough.
_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Scouted:
    """The subintervals that scouts looked at, and which of them each scout ended with.

    Parameters
    ----------
    tried
        All subintervals, whole and halved.
    order
        (subintervals, scouts) by its place in ``ORDERS`` how many nodes each scout needs, -1 where it is not the
        scout's.
    halved
        (subintervals, scouts) where a scout needed halves.
    """

    tried: Mesh
    order: Places
    halved: NDArray[np.bool_]

    def between(self) -> list[tuple[Mesh, list[int]]]:
        """Return the meshes that serve both of two neighbouring scouts, each with the places of the first of them."""
        left, right = np.s_[:, :-1], np.s_[:, 1:]
        order = np.maximum(self.order[left], self.order[right])
        order[self.halved[left] | self.halved[right]] = -1
        gaps: dict[bytes, list[int]] = {}
        for place, column in enumerate(order.T):
            gaps.setdefault(column.tobytes(), []).append(place)
        return [(self._mesh(order[:, places[0]]), places) for places in gaps.values() if order[:, places[0]].max() >= 0]

    def together(self) -> Mesh:
        """Return the mesh that serves all scouts."""
        return self._mesh(np.where(self.halved.any(axis=1), -1, self.order.max(axis=1)))

    def _mesh(self, order: Places) -> Mesh:
        rows = np.flatnonzero(order >= 0)
        return self.tried.rows(rows).ordered(_COUNTS[order[rows]])


def scouted(
    path: Path,
    scouts: Places,
    measured: Callable[[Mesh, Places], tuple[Array, Array]],
    *,
    epsabs: float,
    epsrel: float,
    limit: int,
) -> Scouted:
    """Return what each scout needs.

    Parameters
    ----------
    path
        The limits.
    scouts
        Which members are scouts.
    measured
        A function of a mesh and members that gives the integrals and the estimates of their errors, (subintervals,
        members) each.
    epsabs, epsrel
        The tolerance.
    limit
        How many subintervals there may be; a scout for which they are not enough is left out.
    """
    level = Mesh(path, np.arange(len(path)), path.low, path.high, np.full(len(path), ORDERS[0]))
    count = len(scouts)
    wanted = np.ones((len(level), count), bool)  # which scouts wait for each subinterval of this level
    total, leaves = np.zeros(count), np.zeros(count, np.int64)
    meshes: list[Mesh] = []
    orders: list[Places] = []
    halves: list[NDArray[np.bool_]] = []
    errors: list[Array] = []
    while len(level):
        here = np.flatnonzero(wanted.any(axis=0))
        value, error = np.zeros((2, len(level), len(ORDERS), count))
        for found, part in zip((value, error), measured(_each_order(level), scouts[here]), strict=True):
            found[:, :, here] = part.reshape(len(level), len(ORDERS), len(here))
        total += np.where(wanted, value[:, -1], 0.0).sum(axis=0)
        enough = error <= _SHARE * np.maximum(epsabs, epsrel * np.abs(total))
        solved = wanted & enough.any(axis=1)
        halved = wanted & ~solved
        leaves += solved.sum(axis=0)
        halved &= leaves + 2 * halved.sum(axis=0) <= limit
        given_up = (wanted & ~solved & ~halved).any(axis=0)
        meshes.append(level)
        orders.append(np.where(solved, enough.argmax(axis=1), -1))
        halves.append(halved)
        errors.append(error)
        if given_up.any():
            for of_level in orders:
                of_level[:, given_up] = -1
            for of_level in halves:
                of_level[:, given_up] = False
        rows = np.flatnonzero(halved.any(axis=1))
        total -= np.where(halved, value[:, -1], 0.0).sum(axis=0)
        wanted = np.concatenate([halved[rows], halved[rows]])
        level = level.halves(rows)
    order = np.concatenate(orders)
    _raise(order, np.concatenate(errors), np.maximum(epsabs, epsrel * np.abs(total)))
    return Scouted(meshes[0].joined(*meshes[1:]), order, np.concatenate(halves))


def _raise(order: Places, errors: Array, tolerance: Array) -> None:
    """Raise the order where the error is largest, for those scouts whose errors add up to more than the tolerance."""
    scouts = np.arange(order.shape[1])
    while True:
        error = np.take_along_axis(errors, order[:, None], axis=1)[:, 0]
        error[order < 0] = 0.0
        late = error.sum(axis=0) > tolerance
        error[order == len(ORDERS) - 1] = 0.0
        late &= error.any(axis=0)
        if not late.any():
            return
        order[error.argmax(axis=0)[late], scouts[late]] += 1


_COUNTS = np.array(ORDERS)


def _each_order(mesh: Mesh) -> Mesh:
    """Return each subinterval with every number of nodes."""
    return mesh.rows(np.repeat(np.arange(len(mesh)), len(ORDERS))).ordered(np.tile(_COUNTS, len(mesh)))
