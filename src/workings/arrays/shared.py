"""Arrays of other libraries that lie in this machine's memory, seen as NumPy's: no value is copied.

The definition in an array's own namespace makes a new array at every step of a formula. Where NumPy can look at the
very memory, the compiled loop of the function does the work in one pass, and the answer goes back as it came.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from array_api_compat import is_torch_array
from numpy.typing import NDArray

__all__ = ["as_tensor", "is_differentiated", "numpy_views", "shared_memory"]

# What the compiled loops know. Whole numbers are not among them: other libraries make other floats of those.
_SHARED = frozenset({"float64", "float32", "complex128", "complex64"})


def numpy_views(*arrays: Any) -> list[Any] | None:
    """Return PyTorch tensors as NumPy arrays that share their memory, or None unless all can be, in one dtype.

    What is None stays None. :func:`as_tensor` brings the result back.

    Examples
    --------
    >>> numpy_views([1.0], None) is None
    True
    """
    views = [None if array is None else shared_memory(array) for array in arrays]
    if any(view is None and array is not None for view, array in zip(views, arrays, strict=True)):
        return None
    return views if len({view.dtype for view in views if view is not None}) == 1 else None


def as_tensor(values: Any) -> Any:
    """Return NumPy's array or number as a PyTorch tensor, in the same memory where it may be written."""
    array = np.asarray(values)
    # A tensor's memory goes forwards.
    fits = array.flags.writeable and all(stride >= 0 for stride in array.strides)
    torch: Any = sys.modules["torch"]
    return torch.from_numpy(array if fits else array.copy())


def shared_memory(array: Any) -> NDArray[Any] | None:
    """Return the memory of a PyTorch tensor on the CPU as a NumPy array, None where NumPy would miss something.

    That is where the tensor's gradient is followed, or a transformation or a tracer follows what is done with it; and
    where there is no such memory, or a kind of number that NumPy does not have.
    """
    if not is_torch_array(array) or _has_gradient(sys.modules["torch"], array):
        return None
    return _memory(array)


def is_differentiated(array: Any) -> bool:
    """Return whether an array is a PyTorch tensor of which a gradient is followed, backwards or forwards.

    It may be written out there (``torch.autograd.Function``). What is traced is not among them: there every operation
    is to be seen.
    """
    if not is_torch_array(array):
        return False
    torch: Any = sys.modules["torch"]
    if type(array) not in (torch.Tensor, torch.nn.Parameter) or _is_traced(torch):
        return False
    return _has_gradient(torch, array) or _has_tangent(torch, array)


def _memory(tensor: Any) -> NDArray[Any] | None:
    torch: Any = sys.modules["torch"]
    known = type(tensor) in (torch.Tensor, torch.nn.Parameter)
    if not known or _is_traced(torch) or _has_tangent(torch, tensor):
        return None
    try:
        view: NDArray[Any] = tensor.detach().numpy()
    except (RuntimeError, TypeError):
        # What is elsewhere, sparse, or wrapped by a transformation says so here.
        return None
    return view if view.dtype.name in _SHARED else None


def _has_gradient(torch: Any, tensor: Any) -> bool:
    return bool(tensor.requires_grad and torch.is_grad_enabled())


def _is_traced(torch: Any) -> bool:
    # The last of the three counts the tracers that see operations and not Python: fake tensors, make_fx.
    return torch.jit.is_tracing() or torch.compiler.is_compiling() or torch._C._len_torch_dispatch_stack() > 0


def _has_tangent(torch: Any, tensor: Any) -> bool:
    return torch.autograd.forward_ad.unpack_dual(tensor).tangent is not None
