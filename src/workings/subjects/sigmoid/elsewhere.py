"""The sigmoid's family for arrays of other libraries than NumPy.

A PyTorch tensor in this machine's memory goes through NumPy's ways, where it lies. Where its gradient is followed the
gradient is written out (:mod:`.gradients`). Everything else is computed by the definition in the
array's own namespace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, is_array_api_obj

from workings.arrays import not_numbers
from workings.arrays.shared import as_tensor, is_differentiated, numpy_views, shared_memory
from workings.subjects.sigmoid.ways import in_numpy, wrong_out

__all__ = ["elsewhere"]


def elsewhere(definition: Callable[[Any, Any], Any], x: Any, out: Any, *, function: str, argument: str) -> Any:
    """Return the values of an array of another library, on the device where it lives; ``out`` as for ``sigmoid``."""
    xp: Any = array_namespace(x)
    if not xp.isdtype(x.dtype, ("real floating", "integral", "bool")):
        raise not_numbers(x.dtype, function=function, argument=argument)
    real = xp.isdtype(x.dtype, "real floating")
    kind = x.dtype if real else xp.__array_namespace_info__().default_dtypes()["real floating"]
    if out is not None:
        _check_out(xp, out, x.shape, kind, function=function)
    views = numpy_views(x)
    target = None if out is None else shared_memory(out)
    if views is not None and (out is None or target is not None):
        result = in_numpy(definition, views[0], target, function=function, argument=argument)
        return as_tensor(result) if out is None else out
    if out is None and real and is_differentiated(x):
        from workings.subjects.sigmoid.gradients import followed

        return followed(function, x)
    # Computed in double, where the device has it, and rounded once: an exponential of single precision may be off by
    # two units in the last place by itself.
    known = xp.__array_namespace_info__().dtypes(kind="real floating", device=device(x))
    wide = known.get("float64", xp.float32)
    result = xp.astype(definition(xp, xp.astype(x, wide, copy=False)), kind, copy=False)
    if out is None:
        return result
    out[...] = result
    return out


def _check_out(xp: Any, out: Any, shape: tuple[int, ...], kind: Any, *, function: str) -> None:
    """Raise InputError unless the result can be written there."""
    given: Any = out
    same = not isinstance(out, np.ndarray) and is_array_api_obj(out) and array_namespace(out) == xp
    if not (same and tuple(given.shape) == tuple(shape) and xp.isdtype(given.dtype, "real floating")):
        raise wrong_out(out, shape, kind, function=function)
