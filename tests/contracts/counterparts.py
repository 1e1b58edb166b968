"""A pytest plugin: the tests that SciPy and scikit-learn ship test Workings in their own library's place.

``-p tests.contracts.counterparts`` rebinds each name below before a test module is imported, as a user would who
changes the import, and leaves of the tests those that touch such a name.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

import workings as wk

__all__ = ["COUNTERPARTS"]

COUNTERPARTS = {
    "scipy.signal:convolve": wk.convolve,
    "scipy.signal:correlate": wk.correlate,
    "scipy.signal:fftconvolve": wk.fftconvolve,
    "scipy.signal:oaconvolve": wk.oaconvolve,
    "scipy.special:expit": wk.sigmoid,
    "scipy.special:logit": wk.logit,
    "scipy.special:log_expit": wk.log_sigmoid,
    "sklearn.metrics:auc": wk.auc,
    "sklearn.metrics:average_precision_score": wk.average_precision_score,
    "sklearn.metrics:confusion_matrix": wk.confusion_matrix,
    "sklearn.metrics:precision_recall_curve": wk.precision_recall_curve,
    "sklearn.metrics:roc_auc_score": wk.roc_auc_score,
    "sklearn.metrics:roc_curve": wk.roc_curve,
    "sklearn.preprocessing:MinMaxScaler": wk.MinMaxScaler,
    "sklearn.preprocessing:StandardScaler": wk.StandardScaler,
}
"""Module and name of each counterpart, and what is put there."""

OURS = list(COUNTERPARTS.values())
THEIRS: list[Any] = []


def pytest_configure() -> None:
    """Rebind the names; whatever imports them from here on has ours."""
    for place, ours in COUNTERPARTS.items():
        module, _, name = place.partition(":")
        THEIRS.append(getattr(importlib.import_module(module), name))
        setattr(sys.modules[module], name, ours)
    _take_over_what_scipy_notes_of_its_functions()


def _take_over_what_scipy_notes_of_its_functions() -> None:
    # Which array libraries a function is tested with is looked up by the function.
    from scipy._lib._array_api import xp_capabilities_table

    for ours, theirs in zip(OURS, THEIRS, strict=True):
        if isinstance(theirs, FunctionType) and theirs in xp_capabilities_table:
            xp_capabilities_table[ours] = xp_capabilities_table[theirs]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that touch one of our names."""
    kept = [item for item in items if isinstance(item, pytest.Function) and touches_ours(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    early = {
        item.module.__name__ for item in kept if any(_is_one_of(value, THEIRS) for value in vars(item.module).values())
    }
    if early:
        raise pytest.UsageError(f"imported before the names were rebound: {early}")


def touches_ours(item: pytest.Function) -> bool:
    """Return whether a test, one of its parameters or what it calls in its own module names one of ours."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(_is_one_of(value, OURS) for value in (*parameters, *_reached(item.obj, item.cls, set())))


def _reached(called: Any, owner: type | None, seen: set[FunctionType]) -> Iterator[Any]:
    """Yield all that the code of a function names, and what functions of the same module among it name in turn."""
    function = inspect.unwrap(getattr(called, "__func__", called))
    if not isinstance(function, FunctionType) or function in seen:
        return
    seen.add(function)
    names = set(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name, getattr(owner, name, None))
        yield value
        if isinstance(value, ModuleType):
            yield from (vars(value)[each] for each in names if each in vars(value))
        elif getattr(value, "__module__", None) == function.__module__:
            yield from _reached(value, owner, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_one_of(value: Any, group: list[Any]) -> bool:
    if isinstance(value, functools.partial):
        value = value.func
    if isinstance(value, (list, tuple, set)):
        return any(_is_one_of(each, group) for each in value)
    if isinstance(value, dict):
        return any(_is_one_of(each, group) for each in value.values())
    return any(value is one or type(value) is one for one in group)
