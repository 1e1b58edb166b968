"""Small samples that ship with the library, for teaching: ``wk.datasets.mango()``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FruitPhotos", "mango"]

# What is on each photo, and how sure a classifier is that it is a mango. Made up: so that a mango is missed at one
# threshold and a peach taken for one at another, and all four cells of the matrix are met.
_PHOTOS = (
    ("mango", 0.92),
    ("apple", 0.12),
    ("mango", 0.64),
    ("peach", 0.71),
    ("banana", 0.05),
    ("mango", 0.85),
    ("papaya", 0.41),
    ("mango", 0.28),
    ("orange", 0.48),
    ("mango", 0.76),
    ("lemon", 0.33),
    ("mango", 0.55),
)


@dataclass(frozen=True, eq=False)
class FruitPhotos:
    """Photos of fruit, and how sure a classifier is that each shows a mango; unpacks as ``y, y_hat``.

    Attributes
    ----------
    fruit
        What each photo shows.
    y
        (n,) the truth: 1 for a mango, 0 for another fruit.
    y_hat
        (n,) the prediction ŷ: the probability of a mango, 0 to 1.
    """

    fruit: tuple[str, ...]
    y: NDArray[np.int64]
    y_hat: NDArray[np.float64]

    def __iter__(self) -> Iterator[NDArray[np.int64] | NDArray[np.float64]]:
        """Give y, then ŷ."""
        return iter((self.y, self.y_hat))

    def __len__(self) -> int:
        """Return the number of photos."""
        return len(self.fruit)

    def __repr__(self) -> str:
        """Return a line a photo."""
        width = max(map(len, self.fruit))
        rows = zip(self.fruit, self.y, self.y_hat, strict=True)
        return "\n".join(f"{name:<{width}}  y = {y}  ŷ = {p:.2f}" for name, y, p in rows)


def mango() -> FruitPhotos:
    """Return twelve photos of fruit, six of them mangos, with what a classifier made of them.

    Returns
    -------
    FruitPhotos
        A fresh copy: change it as you like.

    Examples
    --------
    >>> import workings as wk
    >>> y, y_hat = wk.datasets.mango()
    >>> wk.threshold_table(y, y_hat)
    threshold  TP  FP  FN  TN
          0.3   5   4   1   2
          0.5   5   1   1   5
          0.7   3   1   3   5
    """
    fruit, y_hat = zip(*_PHOTOS, strict=True)
    return FruitPhotos(fruit, np.array([name == "mango" for name in fruit], np.int64), np.array(y_hat))
