"""Levels of a surface: round numbers between its lowest and highest value, and the lines along which it has them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["level_lines", "levels_of"]

# A surface whose middle value is within this share of its end, and which runs off at the border, is mostly flat.
_FLAT = 0.2


def levels_of(values: NDArray[np.float64], most: int = 12) -> tuple[float, ...]:
    """Return at most ``most`` levels: evenly spaced round numbers, or round numbers that split the area evenly.

    Evenly spaced ones say nothing of a surface that is flat almost everywhere and steep at its edge.

    Examples
    --------
    >>> import numpy as np
    >>> from workings.subjects.chain_rule.plot_levels import levels_of
    >>> levels_of(np.linspace(0, 10, 49).reshape(7, 7))
    (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
    """
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        return ()
    middle = float(np.median(finite))
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    border = border[np.isfinite(border)]
    runs_up = border.size and middle - low < _FLAT * (high - low) and border.max() == high
    runs_down = border.size and high - middle < _FLAT * (high - low) and border.min() == low
    if not (runs_up or runs_down):
        raw = (high - low) / most
        unit = 10.0 ** math.floor(math.log10(raw))
        step = unit * next(times for times in (1, 2, 5, 10) if times * unit >= 0.999 * raw)
        first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
        return tuple(float(f"{k * step:.12g}") for k in range(first, last + 1))
    even = np.quantile(finite, np.linspace(0, 1, min(most, 10) + 1)[1:-1])
    scale = float(np.quantile(np.abs(finite), 0.8)) or 1.0
    rounded = {float(f"{level:.1e}") if abs(level) > 1e-3 * scale else 0.0 for level in even}
    return tuple(sorted(level for level in rounded if low < level < high))


def level_lines(
    across: NDArray[np.float64], up: NDArray[np.float64], values: NDArray[np.float64], level: float
) -> NDArray[np.float64]:
    """Return the straight pieces of the line on which a surface has this value, each as (x, y, x2, y2).

    Parameters
    ----------
    across, up
        The places of the grid.
    values
        (len(up), len(across)); cells with a value that is not finite have no piece.
    level
        The value.

    Source
    ------
    W. Lorensen and H. Cline (1987), "Marching cubes", Computer Graphics 21(4), 163-169: here with squares, each split
    into two triangles, so that no case is ambiguous.
    """
    x, y = np.meshgrid(across, up)
    above = values - level
    found = _pieces(x, y, above)
    # Along a line of the grid that has the level exactly, values may lie on one side of it only: x² has 0 where x is 0.
    # Whether such places count as high or as low, one of the two sees the line.
    if (above == 0).any():
        found = _each_once(np.concatenate([found, _pieces(x, y, -above)]))
    return found


def _each_once(pieces: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each piece once, whichever way it runs: two on each other look like a beaded line."""
    start, end = pieces[:, :2], pieces[:, 2:]
    backward = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ordered = np.where(backward[:, None], np.concatenate([end, start], axis=1), pieces)
    _, kept = np.unique(np.round(ordered, 9), axis=0, return_index=True)
    return ordered[np.sort(kept)]


def _pieces(x: NDArray[np.float64], y: NDArray[np.float64], above: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the pieces along which the height is 0, where a height of 0 counts as high."""
    pieces: list[NDArray[np.float64]] = []
    before, after = slice(None, -1), slice(1, None)
    a, b, c, d = (before, before), (before, after), (after, after), (after, before)
    for corners in ((a, b, c), (a, c, d)):
        height = np.stack([above[corner].ravel() for corner in corners])
        place = np.stack([np.stack([x[corner].ravel(), y[corner].ravel()]) for corner in corners])
        high = height >= 0
        cut = np.isfinite(height).all(axis=0) & high.any(axis=0) & ~high.all(axis=0)
        height, place, high = height[:, cut], place[:, :, cut], high[:, cut]
        # The corner that stands alone on its side: the line cuts the two edges that leave it.
        alone = np.where(high.sum(axis=0) == 1, high, ~high).argmax(axis=0)
        each = np.arange(height.shape[1])
        ends: list[NDArray[np.float64]] = []
        for turn in (1, 2):
            other = (alone + turn) % 3
            h, k = height[alone, each], height[other, each]
            share = h / (h - k)
            p, q = place[alone, :, each], place[other, :, each]
            ends.append(p + share[:, None] * (q - p))
        pieces.append(np.concatenate(ends, axis=1))
    found = np.concatenate(pieces)
    return found[(found[:, :2] != found[:, 2:]).any(axis=1)]
