"""A working with one of its numbers changed, as a careless explainer or kernel would have it: once for each of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from workings.errors import WorkingError
from workings.expression import Number
from workings.language import Message
from workings.working import Derived, Step, Table, Working, shown

__all__ = ["unaccounted", "unseen"]


def unseen(
    working: Working, *, names: Mapping[str, int] | None = None, quoted: bool = True, every: tuple[int, int] = (0, 1)
) -> list[str]:
    """Return where a number can be changed, each by itself, so that the working still verifies.

    Parameters
    ----------
    working
        One that verifies.
    names
        How many cells at the start of each row of a table, by its key, are the row's name (none of a table that is not
        named); by default the first cell of every row is.
    quoted
        Whether a sentence's ``value`` is held against something even if it does not say from what it follows.
    every
        Of all changes the first to be tried, and which of those after it: (0, 1) tries all.
    """
    working.verify()
    changes = islice(_changed_in_one_number(working, names, quoted=quoted), every[0], None, every[1])
    return [where for where, changed in changes if _holds(changed)]


def _holds(working: Working) -> bool:
    try:
        working.verify()
    except WorkingError:
        return False
    return True


def _changed_in_one_number(
    working: Working, names: Mapping[str, int] | None, *, quoted: bool
) -> Iterator[tuple[str, Working]]:
    """Yield where a number was changed, and the working with it: values, results, cells, quotations, rivals."""
    for place, step in enumerate(working.steps):
        for where, other in _steps(step, names, quoted=quoted):
            yield where, replace(working, steps=(*working.steps[:place], other, *working.steps[place + 1 :]))
    if working.result is not None:
        for where, text in _sentences(working.result, quoted=quoted):
            yield f"result {where}", replace(working, result=text)
    for place, note in enumerate(working.notes):
        for where, text in _sentences(note, quoted=quoted):
            notes = (*working.notes[:place], text, *working.notes[place + 1 :])
            yield f"note {where}", replace(working, notes=notes)
    for place, said in enumerate(working.conventions):
        rivals = _sentences(said.rival, quoted=quoted)
        others = [(f"rival of convention {place}", replace(said, rival=text)) for _, text in rivals]
        if said.rival_value is not None:
            values = [replace(said, rival_value=value) for value in _others(said.rival_value)]
            others += [(f"value of convention {place}", each) for each in values]
        for where, other in others:
            every = (*working.conventions[:place], other, *working.conventions[place + 1 :])
            yield where, replace(working, conventions=every)


def unaccounted(working: Working) -> list[str]:
    """Return the numbers in results and notes that do not say from what they follow."""
    return [f"{text.sentence}: {name}" for text in (working.result, *working.notes) if text for name in _bare(text)]


def _bare(text: Message) -> Iterator[str]:
    for name, value in text.values.items():
        if isinstance(value, Message):
            yield from _bare(value)
        elif not isinstance(value, str | Derived):
            yield name


def _steps(step: Step, names: Mapping[str, int] | None, *, quoted: bool) -> Iterator[tuple[str, Step]]:
    for place, below in enumerate(step.substeps):
        for where, other in _steps(below, names, quoted=quoted):
            yield where, replace(step, substeps=(*step.substeps[:place], other, *step.substeps[place + 1 :]))
    if step.value is not None and step.value is not True:
        yield from ((f"{step.key}: value", replace(step, value=value)) for value in _others(step.value))
    if step.shown is not None:
        yield from ((f"{step.key}: shown", replace(step, shown=other)) for other in _others(step.shown))
    if step.note is not None:
        for where, text in _sentences(step.note, quoted=quoted):
            yield f"{step.key}: note {where}", replace(step, note=text)
    for where, text in _sentences(step.title, quoted=quoted):
        yield f"{step.key}: title {where}", replace(step, title=text)
    if step.table is not None:
        for where, table in _tables(step.table, 1 if names is None else names.get(step.key, 0)):
            yield f"{step.key}: {where}", replace(step, table=table)


def _tables(table: Table, named: int) -> Iterator[tuple[str, Table]]:
    # What names a row is no number that could be wrong, unless it says from what it follows.
    for at, row in enumerate(table.rows):
        for place, cell in enumerate(row):
            if not isinstance(cell, Derived) and (place < named or not isinstance(cell, int | float | Number)):
                continue
            for other in _others(cell):
                rows = (*table.rows[:at], (*row[:place], other, *row[place + 1 :]), *table.rows[at + 1 :])
                yield f"row {at}, column {place}", replace(table, rows=rows)


def _sentences(text: Message, *, quoted: bool) -> Iterator[tuple[str, Message]]:
    for name, value in text.values.items():
        if isinstance(value, Derived) or (quoted and name == "value" and isinstance(value, Number)):
            for other in _others(value):
                yield name, Message(text.sentence, {**text.values, name: other})


def _others(value: Any) -> list[Any]:
    """Return what a value is not: a little more, and of the infinite both a number and the other infinity."""
    if isinstance(value, Derived):
        if value.words:
            return [replace(value, value=(int(value.value) + 1) % max(len(value.words), 2))]
        return [replace(value, value=other) for other in _others(value.value)]
    if isinstance(value, Number):
        return [shown(other) for other in _others(value.value)]
    if isinstance(value, int):
        return [value + 1]
    value = float(value)
    if math.isinf(value):
        return [0.5, -value]
    return [0.5] if math.isnan(value) else [1.01 * value or 0.01]
