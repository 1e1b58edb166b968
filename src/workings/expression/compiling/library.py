"""The functions of single numbers that compiled code calls: the C library's, and SciPy's special functions."""

from __future__ import annotations

import ctypes
import importlib
import sys
from functools import cache
from typing import Any

__all__ = ["address_of", "is_special"]

_SPECIAL = frozenset({"erf", "erfc", "gamma", "gammaln", "psi", "ndtr", "log_ndtr", "ndtri"})


def is_special(name: str) -> bool:
    """Whether SciPy has the function; then it takes, as all that Cython exports, a last integer that says nothing."""
    return name in _SPECIAL


@cache
def address_of(name: str) -> int:
    """Return where a function of float64 numbers stands in memory."""
    if is_special(name):
        return _scipy_address(name)
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


def _scipy_address(name: str) -> int:
    """Return the address that SciPy exports to Cython: of the variant for float64 where there are several."""
    exported: dict[str, Any] = importlib.import_module("scipy.special.cython_special").__pyx_capi__
    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.argtypes, name_of.restype = (ctypes.py_object,), ctypes.c_char_p
    pointer_of.argtypes, pointer_of.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    for spelling in (name, f"__pyx_fuse_0{name}", f"__pyx_fuse_1{name}"):
        capsule = exported.get(spelling)
        if capsule is not None and name_of(capsule).startswith(b"double (double, int "):
            return pointer_of(capsule, name_of(capsule))
    raise LookupError(name)
