"""Who explains and who draws: a function or a result is matched with its room's ``explain.py`` and ``plot.py``.

The rooms register themselves with :func:`explainer` and :func:`plotter`; nothing is imported before it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from types import MethodType
from typing import Any, TypeVar

from workings.errors import InputError
from workings.language import Message, message
from workings.once import room as open_room
from workings.working.model import Working

__all__ = ["explain", "explainer", "plot", "plotter"]

_Maker = TypeVar("_Maker", bound=Callable[..., Any])

_explainers: dict[object, Callable[..., Working]] = {}
_plotters: dict[object, Callable[..., Any]] = {}


def explainer(*subjects: Callable[..., Any]) -> Callable[[_Maker], _Maker]:
    """Register the decorated function as what explains ``subjects``.

    A function's explainer takes exactly that function's arguments; a type's takes the object and then whatever
    ``explain`` is given besides.
    """
    return _registering(_explainers, subjects)


def plotter(*subjects: Callable[..., Any]) -> Callable[[_Maker], _Maker]:
    """Register the decorated function as what draws ``subjects``; its arguments are as an explainer's."""
    return _registering(_plotters, subjects)


def explain(function_or_result: Any, /, *args: Any, **kwargs: Any) -> Working:
    """Return the derivation of what a function computes from these arguments, or of a result, every line checkable.

    Parameters
    ----------
    function_or_result
        A public function of Workings, whose own arguments follow; or a result or a fitted estimator.
    *args, **kwargs
        Exactly what the function takes.

    Returns
    -------
    Working
        Shows itself in a notebook; ``print`` writes it as text; ``verify()`` checks every line.

    Raises
    ------
    InputError
        If there is no derivation of this; the message names what has one.

    Examples
    --------
    >>> import workings as wk
    >>> working = wk.explain(wk.sigmoid, 2.197)
    >>> working.verify().equations > 0
    True
    """
    found = _find(_explainers, function_or_result, "explain")
    if found is None:
        raise InputError(
            message(
                "explain: function_or_result must be something with a derivation; got {got}; try one of {known}",
                got=_described(function_or_result),
                known=_known(_explainers, function_or_result, "explain"),
            )
        )
    return _called(found, function_or_result, args, kwargs)


def plot(function_or_result: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Return a picture (an Altair chart) of what a function computes from these arguments, or of a result.

    Parameters
    ----------
    function_or_result
        A public function of Workings, whose own arguments follow; or a result or a fitted estimator.
    *args, **kwargs
        Exactly what the function takes.

    Raises
    ------
    InputError
        If there is no picture of this; the message names what has one.

    Examples
    --------
    >>> import workings as wk
    >>> chart = wk.plot(wk.roc_curve, [0, 1, 0, 1], [0.1, 0.4, 0.35, 0.8])
    """
    found = _find(_plotters, function_or_result, "plot")
    if found is None:
        raise InputError(
            message(
                "plot: function_or_result must be something with a picture; got {got}; try one of {known}",
                got=_described(function_or_result),
                known=_known(_plotters, function_or_result, "plot"),
            )
        )
    return _called(found, function_or_result, args, kwargs)


def _registering(
    table: dict[object, Callable[..., Any]], subjects: tuple[Callable[..., Any], ...]
) -> Callable[[_Maker], _Maker]:
    def register(maker: _Maker) -> _Maker:
        for subject in subjects:
            table[subject] = maker
        return maker

    return register


def _find(table: dict[object, Callable[..., Any]], subject: Any, file: str) -> Callable[..., Any] | None:
    """Look ``subject`` up: a type by itself and its ancestors, an object by its type's, a function by itself."""
    for candidate in _candidates(subject):
        if candidate not in table:
            _open_room(candidate, file)
        if candidate in table:
            return table[candidate]
    return None


def _candidates(subject: Any) -> tuple[Any, ...]:
    """Return what ``subject`` may be registered as. A class is nothing yet: it is its objects that are explained."""
    if isinstance(subject, type):
        return ()
    if isinstance(subject, MethodType):
        return (subject.__func__,)
    return (subject,) if _is_function(subject) else type(subject).__mro__


def _open_room(subject: Any, file: str) -> None:
    """Import ``explain.py`` or ``plot.py`` of the room in which ``subject`` is defined, where there is one.

    What a module needs much for is told apart: that of ``estimators.py`` in ``explain_estimators.py``. A room on a
    floor below this one can have neither: the root package, which knows every room, says which has them.
    """
    module = str(getattr(subject, "__module__", "") or "")
    if not module.startswith("workings."):
        return
    room, _, name = (module, "", "") if hasattr(sys.modules.get(module), "__path__") else module.rpartition(".")
    room = getattr(sys.modules.get("workings"), "_HOSTS", {}).get(room, room)
    for place in (f"{room}.{file}", f"{room}.{file}_{name}"):
        if find_spec(place) is not None:
            open_room(place)


def _called(found: Callable[..., Any], subject: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function's maker takes its arguments; an object's takes the object first, and so does that of its method."""
    if isinstance(subject, MethodType):
        return found(subject.__self__, *args, **kwargs)
    return found(*args, **kwargs) if _is_function(subject) else found(subject, *args, **kwargs)


def _is_function(subject: Any) -> bool:
    return callable(subject) and hasattr(subject, "__qualname__")


def _described(subject: Any) -> Message:
    if isinstance(subject, type):
        return message("the class {name}, not an object of it", name=subject.__qualname__)
    named = subject if _is_function(subject) else type(subject)
    return message("{name}", name=str(named.__qualname__))


def _known(table: dict[object, Callable[..., Any]], subject: Any, file: str) -> Message:
    """Name everything that is registered, after opening the rooms of all public names."""
    for name, room in getattr(sys.modules.get("workings"), "_ROOMS", {}).items():
        # What cannot be imported here is not an answer to the question either: it is left out of the list.
        if find_spec(room) is not None:
            _open_room(getattr(open_room(room), name), file)
    names = sorted({str(getattr(key, "__qualname__", key)) for key in table})
    return message("{names}", names=", ".join(names)) if names else message("(nothing is registered)")
