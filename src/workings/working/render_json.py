"""A working as JSON: versioned plain data that gives the same working back, sentences in English with their values."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np

from workings.expression import Node, to_json
from workings.language import Language, Message
from workings.working.model import Convention, Derived, Input, InputSummary, Step, Table, Working

__all__ = ["KEPT_WHOLE", "VERSION", "render_json"]

VERSION = 1
# Longer inputs are kept as a summary, beside the outcome of the check that they allowed.
KEPT_WHOLE = 1_000
_ENDS = 3


def render_json(working: Working, lang: Language | None = None) -> str:
    """Return ``working`` as JSON; see :meth:`Working.to_json`."""
    plain = _Plain(lang)
    data = {
        "format": "workings/working",
        "version": VERSION,
        "subject": working.subject,
        "question": plain.value(working.question),
        "inputs": [plain.input(given) for given in working.inputs.values()],
        "steps": [plain.step(step) for step in working.steps],
        "result": plain.value(working.result),
        "conventions": [plain.convention(convention) for convention in working.conventions],
        "notes": [plain.value(note) for note in working.notes],
        "checked": asdict(working.verification),
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1)


class _Plain:
    """Turns a working's parts into plain data."""

    def __init__(self, lang: Language | None) -> None:
        self._lang: Language | None = lang

    def value(self, value: Any) -> Any:
        """Return any value that may stand in a sentence, a cell or a step."""
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, Message):
            said: dict[str, Any] = {
                "say": value.sentence,
                "with": {name: self.value(each) for name, each in value.values.items()},
            }
            return said if self._lang is None else {**said, "text": value.render(self._lang)}
        if isinstance(value, Node):
            return {"node": to_json(value)}
        if isinstance(value, Derived):
            data = {"derived": self.value(value.value), "statement": to_json(value.statement)}
            data |= {"absolute": value.absolute} if value.absolute else {}
            data |= {} if value.digits is None else {"digits": value.digits}
            return data | ({"words": [self.value(word) for word in value.words]} if value.words else {})
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": repr(value)}
        if isinstance(value, Fraction):
            return {"fraction": str(value)}
        if value is None or isinstance(value, bool | int | float | str):
            return value
        return str(value)

    def step(self, step: Step) -> dict[str, Any]:
        """Return a step, what it does not have left out."""
        data: dict[str, Any] = {
            "key": step.key,
            "title": self.value(step.title),
            "rule": step.rule.value,
            "statement": self.value(step.statement),
            "substitution": self.value(step.substitution),
            "value": self.value(step.value),
            "shown": self.value(step.shown),
            "exact": step.exact,
            "tolerance": step.tolerance,
            "absolute": step.absolute,
            "table": self.table(step.table) if step.table is not None else None,
            "substeps": [self.step(below) for below in step.substeps],
            "note": self.value(step.note),
            "definition": step.definition,
            "brief": step.brief,
            "folded": step.folded,
            "place": step.place,
            "closed": step.closed,
        }
        return {name: each for name, each in data.items() if not (each is None or each is False or _is_no_list(each))}

    def table(self, table: Table) -> dict[str, Any]:
        """Return a table with all of its rows."""
        return {
            "columns": [self.value(column) for column in table.columns],
            "rows": [[self.value(value) for value in row] for row in table.rows],
            "total": table.total,
            "note": self.value(table.note),
            "whole": table.whole,
        }

    def convention(self, convention: Convention) -> dict[str, Any]:
        """Return a convention."""
        return {
            "name": self.value(convention.name),
            "chosen": self.value(convention.chosen),
            "rival": self.value(convention.rival),
            "rival_value": self.value(convention.rival_value),
            "statement": self.value(convention.statement),
        }

    def input(self, given: Input) -> dict[str, Any]:
        """Return an input: numbers and short arrays whole, a long array as its summary."""
        data: dict[str, Any] = {
            "name": given.name,
            "description": self.value(given.description),
            "source": given.source,
        }
        value = given.value
        if isinstance(value, InputSummary):
            return {**data, "summary": asdict(value)}
        if np.ndim(value) == 0:
            return {**data, "value": self.value(value)}
        array = np.asarray(value)
        if array.size > KEPT_WHOLE:
            return {**data, "summary": asdict(_summary(array))}
        cells = [self.value(each) for each in array.ravel().tolist()]
        return {**data, "array": cells, "shape": list(array.shape), "dtype": array.dtype.str}


def _is_no_list(each: Any) -> bool:
    # A NumPy number held against [] would be an array.
    return isinstance(each, list) and not each


def _summary(array: np.ndarray[Any, Any]) -> InputSummary:
    flat = array.ravel()
    ends = (tuple(float(each) for each in flat[:_ENDS]), tuple(float(each) for each in flat[-_ENDS:]))
    return InputSummary(array.shape, array.dtype.str, *ends, float(np.nanmin(flat)), float(np.nanmax(flat)))
