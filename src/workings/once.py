"""A property whose value is made when it is first asked for, and kept.

Python 3.11's own holds a lock while a value is made, one for all objects of a class: threads wait for each other's
values, and a child that is forked meanwhile waits for ever for its own. From Python 3.12 on it has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

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
