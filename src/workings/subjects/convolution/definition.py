r"""The convolution as it is defined, in the namespace of the arrays: for each tap, the input shifted, times the tap.

.. math:: y_f = \sum_t k_t \, x_{f - t}
"""

from __future__ import annotations

from itertools import product
from typing import Any

from workings.subjects.convolution.extent import Box

__all__ = ["by_definition"]


def by_definition(xp: Any, x: Any, k: Any, box: Box) -> Any:
    """Return a box of the full convolution, all products of one tap at a time.

    No zeros are padded on: 0 times an infinite tap would be NaN.
    """
    if all(n == 1 for n in x.shape) or _size(k) > _size(x):
        x, k = k, x
    total = xp.zeros(box.shape, dtype=x.dtype, **_place(x))
    for tap in product(*(range(n) for n in k.shape)):
        met = [
            (max(0, t - first), min(length, t + n - first), first - t)
            for t, first, length, n in zip(tap, box.start, box.shape, x.shape, strict=True)
        ]
        if any(start >= stop for start, stop, _ in met):
            continue
        to = tuple(slice(start, stop) for start, stop, _ in met)
        of = tuple(slice(start + shift, stop + shift) for start, stop, shift in met)
        total = _added(total, to, x[of] * k[tap])
    return total


def _added(total: Any, to: tuple[slice, ...], products: Any) -> Any:
    if hasattr(total, "at"):  # JAX arrays are never changed
        return total.at[to].add(products)
    total[to] += products
    return total


def _place(x: Any) -> dict[str, Any]:
    """Return the device as an argument, for namespaces whose arrays know theirs."""
    device = getattr(x, "device", None)
    return {} if device is None else {"device": device}


def _size(x: Any) -> int:
    size = 1
    for n in x.shape:
        size *= n
    return size
