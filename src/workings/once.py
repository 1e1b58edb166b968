"""What is made when it is first asked for, and kept: the values of objects, and the rooms of this house.

Python 3.11's own ``cached_property`` holds a lock while a value is made, one for all objects of a class: threads wait
for each other's values, and a child that is forked meanwhile waits for ever for its own. From Python 3.12 on it has
none. Imports have a lock for each module, and two threads that begin with different modules of one package may meet in
the middle; so one thread at a time opens a room, and no process is forked meanwhile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property", "room"]

_opening = threading.RLock()


def room(name: str) -> ModuleType:
    """Return a module of ours by its name; it is imported when it is first asked for.

    Examples
    --------
    >>> room("workings.errors").__name__
    'workings.errors'
    """
    with _opening:
        return import_module(name)


def _before_fork() -> None:
    _opening.acquire()


def _after_fork_in_parent() -> None:
    _opening.release()


def _after_fork_in_child() -> None:
    global _opening
    _opening = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)

if TYPE_CHECKING:
    from functools import cached_property  # noqa: TID251 - its type
else:

    class cached_property:  # noqa: N801 - as in functools
        """A method read as an attribute; of threads that read it first at once, each makes the value.

        Examples
        --------
        >>> class Circle:
        ...     @cached_property
        ...     def area(self):
        ...         print("made")
        ...         return 3.14
        >>> circle = Circle()
        >>> circle.area + circle.area
        made
        6.28
        """

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self._make = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            # From then on the value, in the object's own names, is found before this.
            value = instance.__dict__[self._name] = self._make(instance)
            return value
