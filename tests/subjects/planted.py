"""A working with one of its numbers changed, as a careless explainer or kernel would have it: once for each of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from workings.language import Message
from workings.working import Derived, Step, Table, Working, shown

__all__ = ["changed_in_one_number", "unaccounted"]


def changed_in_one_number(working: Working) -> Iterator[tuple[str, Working]]:
    """Yield where a number was changed, and the working with it: values, results, cells, quotations, rivals."""
    for place, step in enumerate(working.steps):
        for where, other in _steps(step):
            yield where, replace(working, steps=(*working.steps[:place], other, *working.steps[place + 1 :]))
    if working.result is not None:
        for where, text in _sentences(working.result):
            yield f"result {where}", replace(working, result=text)
    for place, note in enumerate(working.notes):
        for where, text in _sentences(note):
            notes = (*working.notes[:place], text, *working.notes[place + 1 :])
            yield f"note {where}", replace(working, notes=notes)
    for place, said in enumerate(working.conventions):
        others = [(f"rival of convention {place}", replace(said, rival=text)) for _, text in _sentences(said.rival)]
        if said.rival_value is not None:
            others.append((f"value of convention {place}", replace(said, rival_value=_other(said.rival_value))))
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


def _steps(step: Step) -> Iterator[tuple[str, Step]]:
    for place, below in enumerate(step.substeps):
        for where, other in _steps(below):
            yield where, replace(step, substeps=(*step.substeps[:place], other, *step.substeps[place + 1 :]))
    if step.value is not None and step.value is not True:
        yield f"{step.key}: value", replace(step, value=_other(step.value))
    if step.shown is not None:
        yield f"{step.key}: shown", replace(step, shown=shown(_other(float(step.shown.value))))
    if step.note is not None:
        for where, text in _sentences(step.note):
            yield f"{step.key}: note {where}", replace(step, note=text)
    for where, text in _sentences(step.title):
        yield f"{step.key}: title {where}", replace(step, title=text)
    if step.table is not None:
        for where, table in _tables(step.table):
            yield f"{step.key}: {where}", replace(step, table=table)


def _tables(table: Table) -> Iterator[tuple[str, Table]]:
    # The first column numbers or names the rows, unless it is itself a number that follows from something.
    for at, row in enumerate(table.rows):
        for place, cell in enumerate(row):
            if not isinstance(cell, Derived) and (place == 0 or not isinstance(cell, int | float)):
                continue
            changed = (*row[:place], _other(cell), *row[place + 1 :])
            yield f"row {at}, column {place}", replace(table, rows=(*table.rows[:at], changed, *table.rows[at + 1 :]))


def _sentences(text: Message) -> Iterator[tuple[str, Message]]:
    for name, value in text.values.items():
        change: Callable[[Any], Any] | None = _other if isinstance(value, Derived) else None
        if name == "value" and change is None and hasattr(value, "text"):
            change = _other_number
        if change is not None:
            yield name, Message(text.sentence, {**text.values, name: change(value)})


def _other_number(number: Any) -> Any:
    return shown(_other(float(number.value)))


def _other(value: Any) -> Any:
    if isinstance(value, Derived):
        if value.words:
            return replace(value, value=(int(value.value) + 1) % max(len(value.words), 2))
        return replace(value, value=_other(value.value))
    if math.isnan(value) or math.isinf(value):
        return 0.5
    if isinstance(value, int):
        return value + 1
    return value * 1.01 if value else 0.01
