"""Looking between the nodes: an integrand may live where no node is, on a spike or far out.

No finite number of values proves anything about the rest. What is looked at here is what practice meets: peaks down to
about a thousandth of a finite range, and on an infinite one, peaks at a distance of up to a thousand times their width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.integrand import Integrand
from workings.subjects.integration.path import Path
from workings.subjects.integration.rule import NODES, interpolated

__all__ = ["END", "GOLDEN", "NEAR", "Probes", "found_support", "gaps", "looked_at_in", "no_probes", "probes_of"]

Array = NDArray[np.float64]

GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
"""Its multiples' fractional parts are spread evenly, best where there are a Fibonacci number of them, and on no grid
that a periodic integrand has."""

NEAR: Array = 10.0 ** -np.arange(8.0, 1.0, -2.0)
"""How near to an end of a finite range is looked, in parts of its length: exp(-t) over 0 to 1e9 is all there."""

END = 1.0 - 1e-6
"""Where a subinterval (-1, 1) is looked at beyond its last node, for what begins in the gap to its end."""

_MOST_PEAKS = 4

# So many places from a hundred thousand to 1e12: eight to each power of ten.
_BEYOND = 57


@dataclass(frozen=True, eq=False)
class Probes:
    """Places between the nodes, shape (n,) each.

    Parameters
    ----------
    x
        The places.
    value
        The integrand there.
    width
        How long a stretch of x each stands for.
    """

    x: Array
    value: Array
    width: Array


def no_probes() -> Probes:
    """Return no probes."""
    none = np.zeros(0)
    return Probes(none, none, none)


def probes_of(integrand: Integrand, path: Path, panels: Any) -> Probes:
    """Return what the integrand is at places between the nodes, and at the peaks that these show."""
    few = not integrand.vectorized
    x = _spread(path, 144, 400 if few else 512)
    value = _tried(integrand, x)
    width = _spacing(path, x)
    return _with_peaks(integrand, path, panels, Probes(x, value, width))


def looked_at_in(path: Path) -> tuple[Array, Array]:
    """Return places between the nodes, on no grid, and how long a stretch each stands for."""
    x = _spread(path, 144, 512)
    return x, _spacing(path, x)


def gaps(probes: Probes, path: Path, panels: Any, tolerance: float) -> tuple[NDArray[np.int64], float]:
    """Return in which subintervals a probe is off the polynomial through the nodes by more than the tolerance.

    Returns
    -------
    rows
        The subintervals.
    missed
        How much area that may be, over all probes.
    """
    finite = np.isfinite(probes.value)
    piece, u = path.coordinates(probes.x[finite])
    value, width = probes.value[finite], probes.width[finite]
    row = _row_of(panels, piece, u)
    inside = row >= 0
    row, u, value, width, piece = row[inside], u[inside], value[inside], width[inside], piece[inside]
    inside = ~panels.settled[row] & (panels.undefined[row] == 0)
    row, u, value, width, piece = row[inside], u[inside], value[inside], width[inside], piece[inside]
    if not len(row):
        return np.zeros(0, np.int64), 0.0
    low, high = panels.low[row], panels.high[row]
    place = np.clip((2.0 * u - low - high) / (high - low), -1.0, 1.0)
    expected = interpolated(panels.nodes[row], place)
    found = path.densities(piece, u, value)
    # A width in x as one in u, and no longer than the subinterval.
    scale = np.where(path.kind[piece] == 0, 1.0, u * u)
    reach = np.minimum(width * scale, high - low)
    with np.errstate(invalid="ignore", over="ignore"):
        missed = np.abs(found - expected) * reach
        # The nodes' own rounding, amplified towards the ends by the interpolation, is nothing missed.
        noise = 1e-12 * np.abs(panels.nodes[row]).max(axis=1) * (high - low)
        off = (missed > tolerance) & (missed > noise)
    return np.unique(row[off]), float(missed[off].sum())


def found_support(integrand: Integrand, path: Path) -> tuple[float, ...]:
    """Return break points around where an integrand that was 0 at every node is not 0; () if that is nowhere seen."""
    few = not integrand.vectorized
    x = np.sort(_spread(path, 2_000 if few else 1 << 15, 4_000 if few else 1 << 16))
    value = np.abs(_tried(integrand, x))
    value[~np.isfinite(value)] = 0.0
    if not value.any():
        return ()
    points: list[float] = []
    for top in _tops(x, value):
        place, _, width = _climbed(integrand, x, value, top)
        points += [place - 8.0 * width, place - width, place, place + width, place + 8.0 * width]
    return tuple(sorted(points))


def _with_peaks(integrand: Integrand, path: Path, panels: Any, probes: Probes) -> Probes:
    """Return the probes and the tops of the peaks between them, each with its width."""
    u = 0.5 * (panels.low + panels.high)[:, None] + 0.5 * (panels.high - panels.low)[:, None] * NODES
    x = path.places(panels.piece, u).reshape(-1)
    density = panels.nodes.reshape(-1)
    jacobian = path.densities(panels.piece, u, np.ones(u.shape)).reshape(-1)
    with np.errstate(all="ignore"):
        known = np.abs(density / jacobian)
    every = np.concatenate([probes.x, x])
    size = np.concatenate([np.abs(probes.value), known])
    order = np.argsort(every)
    every, size = every[order], size[order]
    size[~np.isfinite(size)] = 0.0
    new: list[tuple[float, float, float]] = []
    for top in _tops(every, size):
        place, value, width = _climbed(integrand, every, size, top)
        new.append((place, value, width))
    if not new:
        return probes
    added = np.array(new)
    return Probes(
        np.concatenate([probes.x, added[:, 0]]),
        np.concatenate([probes.value, added[:, 1]]),
        np.concatenate([probes.width, added[:, 2]]),
    )


def _tops(x: Array, size: Array) -> list[int]:
    """Return where separate peaks are highest: islands in which the size falls to a thousandth on both sides."""
    inner = np.flatnonzero((size[1:-1] > size[:-2]) & (size[1:-1] >= size[2:])) + 1
    if not len(inner) or len(inner) > 64:  # an oscillation has many tops, and none is an island
        return []
    tops: list[int] = []
    for top in inner[np.argsort(-size[inner], kind="stable")]:
        lower = [size[min(top, other) : max(top, other) + 1].min() for other in tops]
        if all(size[top] > 1e3 * low for low in lower):
            tops.append(int(top))
        if len(tops) == _MOST_PEAKS:
            break
    return tops


def _climbed(integrand: Integrand, x: Array, size: Array, top: int) -> tuple[float, float, float]:
    """Return the place and value of the peak around a place, and how far out it has fallen to a hundredth."""
    left, right = float(x[max(top - 1, 0)]), float(x[min(top + 1, len(x) - 1)])
    best = float(x[top])
    value = float(_tried(integrand, x[top : top + 1])[0])
    for _ in range(40):
        closer = np.linspace(left, right, 33)
        values = _tried(integrand, closer)
        sizes = np.nan_to_num(np.abs(values), nan=0.0, posinf=0.0)
        at = int(np.argmax(sizes))
        if sizes[at] >= abs(value):
            best, value = float(closer[at]), float(values[at])
        beside = sizes[max(at - 1, 0)], sizes[min(at + 1, 32)]
        left, right = float(closer[max(at - 1, 0)]), float(closer[min(at + 1, 32)])
        if min(beside) > 0.5 * abs(value) or right - left <= 8.0 * np.spacing(abs(best)):
            break
    # Doubled, from less than the peak's width on, until both sides are low.
    widths: Array = np.ldexp(np.full(40, right - left), np.arange(40))
    around = np.abs(_tried(integrand, np.concatenate([best - widths, best + widths])))
    low = np.nan_to_num(np.maximum(around[:40], around[40:]), nan=0.0) < 0.01 * abs(value)
    return best, value, float(widths[int(np.argmax(low))]) if low.any() else right - left


def _tried(integrand: Integrand, x: Array) -> Array:
    """Return the values at places that nobody asked for; where the integrand refuses one, it is NaN."""
    try:
        return integrand(x)
    except (ArithmeticError, ValueError):
        return np.full(len(x), np.nan)


def _spread(path: Path, finite: int, infinite: int) -> Array:
    """Return places over all pieces: evenly, and geometrically away from each end and towards each infinity."""
    found: list[Array] = []
    # A look goes densely from a hundredth to a hundred thousand (400 places show a peak at 800 of width 1), and thinly
    # beyond, where what is as wide as it is far is met; a search goes densely all the way.
    look = infinite <= 1_000
    least, most = (1e-2, 1e5) if look else (1e-12, 1e12)
    beyond = np.geomspace(most, 1e12, _BEYOND, dtype=np.float64)[1:] if look else np.zeros(0)
    for k in range(len(path)):
        even = np.modf((0.5 + np.arange(1, max(4, finite // len(path)) + 1)) * GOLDEN)[0]
        if path.kind[k] == 0:
            width = path.high[k] - path.low[k]
            steps = width * NEAR
            found.append(np.concatenate([path.low[k] + steps, path.low[k] + width * even, path.high[k] - steps]))
        else:
            far = np.geomspace(least, most, max(8, infinite // len(path)), dtype=np.float64)
            found.append(path.origin[k] + path.kind[k] * np.concatenate([(1.0 - even) / even, far, beyond]))
    return np.unique(np.concatenate(found))


def _spacing(path: Path, x: Array) -> Array:
    """Return how long a stretch each of ascending places stands for."""
    edges = np.concatenate([[x[0]], 0.5 * (x[1:] + x[:-1]), [x[-1]]])
    return np.diff(edges)


def _row_of(panels: Any, piece: NDArray[np.int64], u: Array) -> NDArray[np.int64]:
    """Return the row of ``panels`` in which each coordinate lies, or -1."""
    rows = np.full(len(u), -1, np.int64)
    for k in np.unique(piece):
        of_piece = np.flatnonzero(panels.piece == k)
        of_piece = of_piece[np.argsort(panels.low[of_piece])]
        mine = piece == k
        at = np.clip(np.searchsorted(panels.low[of_piece], u[mine], side="right") - 1, 0, len(of_piece) - 1)
        rows[mine] = of_piece[at]
    return rows
