"""What a line rests on: the lines above that give what it uses. And a part opened, with what it rests on."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workings.errors import InputError
from workings.expression import Equation, Node, postorder
from workings.language import Message, message
from workings.working.model import Derived, Step, Working

__all__ = ["how_to_open", "opened_part", "opens", "parts_closed", "resting_on", "size_of_part"]

_ALL = "all"


def resting_on(working: Working, keys: Iterable[str]) -> tuple[Step, ...]:
    """Return the lines of these keys and all lines that they rest on, in reading order, each once.

    A line rests on the last line above it that gives what its right side uses, and on the definition of its left side.
    A part stands for its lines.

    Raises
    ------
    WorkingsError
        If the working has no step of a key.
    """
    lines = [step for step in working.walk() if not step.substeps]
    wanted = {id(step) for key in keys for step in working.step(key).walk()}
    waiting = [place for place, step in enumerate(lines) if id(step) in wanted]
    needed: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place not in needed:
            needed.add(place)
            waiting.extend(_sources(lines, place))
    return tuple(step for place, step in enumerate(lines) if place in needed)


def _sources(lines: Sequence[Step], place: int) -> Iterator[int]:
    line = lines[place]
    used = {part for node in _rights(line) for part in postorder(node)}
    found: dict[Node, int] = {}
    for above, step in enumerate(lines[:place]):
        if step.definition:
            if step.left is not None and step.left == line.left and not line.definition:
                yield above
            continue
        for left in _lefts(step):
            if left in used:
                found[left] = above
    yield from found.values()


def _rights(step: Step) -> Iterator[Node]:
    """Yield what a line's value follows from, and what those of its table's cells do that say it."""
    if step.right is not None and not step.definition:
        yield step.right
    if step.table is not None:
        yield from (head.right for head in step.table.columns if isinstance(head, Equation))
        yield from (cell.right for row in step.table.rows for cell in row if isinstance(cell, Derived))


def _lefts(step: Step) -> Iterator[Node]:
    """Yield what a line gives to those below."""
    if step.left is not None:
        yield step.left
    if step.table is not None:
        # A cell without an equation repeats what a line has given, to be held against it.
        cells = (cell for row in step.table.rows for cell in row if isinstance(cell, Derived))
        yield from (cell.left for cell in cells if isinstance(cell.statement, Equation))


def parts_closed(working: Working) -> list[Step]:
    """Return the parts of which only the title is shown."""
    return [step for step in working.walk() if step.closed]


def size_of_part(part: Step) -> Message:
    """Return what stands in place of the lines of a closed part."""
    if part.lines == 1:
        return message('1 line, part="{key}"', key=part.key)
    return message('{count} lines, part="{key}"', count=part.lines, key=part.key)


def how_to_open(parts: Sequence[Step]) -> Message:
    """Return how closed parts, of which there is at least one, are opened."""
    return message(
        '.at(part="{key}") or --at part={key} writes out the lines of one part, part="all" those of all; they are '
        "checked, shown or not.",
        key=parts[0].key,
    )


def opens(working: Working, key: str) -> bool:
    """Whether ``key`` asks for a closed part of ``working``, be it that there is none of this name.

    A study's closer look has parts besides, which are workings of their own.
    """
    keys = {part.key for part in parts_closed(working)}
    if not keys or key in {*keys, _ALL} or working.more is None:
        return bool(keys)
    parameters = inspect.signature(working.more).parameters.values()
    return not any(each.name == "part" or each.kind is each.VAR_KEYWORD for each in parameters)


def opened_part(working: Working, key: str) -> Working:
    """Return a closed part written out below the lines that it rests on; of the key "all", all parts in their places.

    Raises
    ------
    InputError
        If no closed part has this key.
    """
    if key == _ALL:
        return replace(working, steps=tuple(map(_open, working.steps)))
    parts = {part.key: part for part in parts_closed(working)}
    if key not in parts:
        raise InputError(
            message(
                "at: part must be one of {keys}; got {got}", keys=", ".join(map(repr, [*parts, _ALL])), got=repr(key)
            )
        )
    inside = {id(step) for step in parts[key].walk()}
    above = tuple(step for step in resting_on(working, [key]) if id(step) not in inside)
    steps = (*above, _open(parts[key]))
    return replace(working, steps=steps, result=None, conventions=(), notes=(), checked=None)


def _open(step: Step) -> Step:
    return replace(step, closed=False, substeps=tuple(map(_open, step.substeps)))
