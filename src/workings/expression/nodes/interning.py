"""The table in which a node is found again: of each structure there is one node.

A key names a node's parts by their ``id``: a node in the table holds its parts, so their ids are theirs alone for as
long as the key stands, a key is cheap to compare however deep the tree, and the death of a long chain does not run
through the table's keys. Looking and storing take no lock, which is what makes building fast (a graph of a million
nodes); only the removal of what has died does.
"""

from __future__ import annotations

import os
from collections import deque
from threading import RLock
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from workings.expression.nodes.core import Node

__all__ = ["Key", "entries", "keep"]

Key: TypeAlias = tuple[object, ...]
_N = TypeVar("_N", bound="Node")


class Entry(ref["Node"]):
    """A weak reference that knows its key."""

    __slots__ = ("key",)
    key: Key


entries: dict[Key, Entry] = {}
_dead: deque[Entry] = deque()
_lock = RLock()  # reentrant: the garbage collector may end nodes within its own thread's removal


def _new_lock() -> None:
    global _lock
    _lock = RLock()


if hasattr(os, "register_at_fork"):  # a child process must not wait for a thread that it does not have
    os.register_at_fork(after_in_child=_new_lock)


def keep(key: Key, node: _N) -> _N:
    """Return the one node of a key: this one, unless another thread was first."""
    entry = Entry(node, _forget)
    entry.key = key
    while True:
        known = entries.setdefault(key, entry)  # one step, which no other thread divides
        if known is entry:
            return node
        other = known()
        if other is not None:
            return other  # pyright: ignore[reportReturnType] -- keys of different classes differ
        with _lock:
            _remove(known)


def _forget(entry: Entry) -> None:
    """Note a node's death, and remove what has died unless another thread is at it, which then removes this too.

    A node may die anywhere, also while the interpreter ends and the thread that holds the lock never runs again: so
    a death does not wait for the lock.
    """
    _dead.append(entry)
    while _dead and _lock.acquire(blocking=False):
        try:
            _remove(_dead.popleft())
        except IndexError:  # the garbage collector ended nodes just before, and this thread removed them there
            return
        finally:
            _lock.release()


def _remove(entry: Entry) -> None:
    if entries.get(entry.key) is entry:
        del entries[entry.key]
