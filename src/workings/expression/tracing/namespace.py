"""The array API's namespace of traced values, for libraries that ask an array for its functions.

SciPy does so where ``SCIPY_ARRAY_API=1`` is set: its special functions are then no ufuncs that could be intercepted.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from workings.expression.tracing.ufuncs import UFUNCS

__all__ = ["NAMESPACE", "Namespace"]


class Namespace:
    """NumPy's functions, and SciPy's special functions as the array API's extension ``special``."""

    __name__ = "traced"

    def __init__(self) -> None:
        self.special = SimpleNamespace(**{name: _intercepted(name) for name in UFUNCS})

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def _intercepted(name: str) -> Callable[..., Any]:
    def function(*args: Any) -> Any:
        host = next(arg for arg in args if hasattr(type(arg), "__built__"))
        return host.__built__(UFUNCS[name], args)

    return function


NAMESPACE = Namespace()
