"""Reading a working back from JSON: data only, checked as it is read; nothing in it is run."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from workings.errors import InputError, WorkingsError
from workings.expression import from_json
from workings.language import Message, message
from workings.working.model import Convention, Derived, Input, InputSummary, Step, Table, Working
from workings.working.render_json import VERSION
from workings.working.rule import Rule
from workings.working.verification import LineCheck, Verification

__all__ = ["read_json"]

_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
# Signed and unsigned integers, floats, truths and text; never objects.
_KINDS = "iufbU"


def read_json(text: str) -> Working:
    """Return the working in ``text``; see :meth:`Working.from_json`."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as cause:
        raise WorkingsError(message("from_json: text must be JSON; {cause}", cause=str(cause))) from cause
    if not isinstance(data, dict) or data.get("format") != "workings/working":
        raise WorkingsError(message("from_json: text must be a working that to_json wrote; got other JSON"))
    if data.get("version") != VERSION:
        raise WorkingsError(
            message(
                "from_json: version must be {version}; got {got}; write the working again with to_json",
                version=VERSION,
                got=repr(data.get("version")),
            )
        )
    try:
        return _working(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, InputError) as cause:
        raise WorkingsError(
            message("from_json: text must be a whole working; something in it is missing or damaged ({cause})",
                    cause=f"{type(cause).__name__}: {cause}")
        ) from cause  # fmt: skip


def _working(data: dict[str, Any]) -> Working:
    inputs = {given["name"]: _input(given) for given in data["inputs"]}
    summarised = any(isinstance(given.value, InputSummary) for given in inputs.values())
    return Working(
        data["subject"],
        _message(data["question"]),
        tuple(_step(step) for step in data["steps"]),
        _value(data["result"]),
        tuple(_convention(each) for each in data["conventions"]),
        inputs,
        tuple(_message(note) for note in data["notes"]),
        checked=_verification(data["checked"]) if summarised else None,
    )


def _value(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    if "say" in data:
        return _message(data)
    if "node" in data:
        return from_json(data["node"])
    if "fraction" in data:
        return Fraction(*(int(part) for part in data["fraction"].split("/")))
    if "derived" in data:
        how = {name: data[name] for name in ("absolute", "digits") if name in data}
        how["words"] = tuple(_value(word) for word in data.get("words", ()))
        return Derived(_value(data["derived"]), from_json(data["statement"]), **how)
    return _FLOATS[data["float"]]


def _message(data: Any) -> Message:
    said = Message(data["say"], {name: _value(value) for name, value in data["with"].items()})
    said.render("en")  # a place without a value, or with a format of its own making, is found here
    return said


def _step(data: dict[str, Any]) -> Step:
    read = {name: _value(data.get(name)) for name in ("statement", "substitution", "value", "shown", "note")}
    return Step(
        data["key"],
        _message(data["title"]),
        Rule(data["rule"]),
        **read,
        exact=data.get("exact", False),
        tolerance=data["tolerance"],
        absolute=data["absolute"],
        table=_table(data["table"]) if "table" in data else None,
        substeps=tuple(_step(below) for below in data.get("substeps", ())),
        definition=data.get("definition", False),
        brief=data.get("brief", False),
        folded=data.get("folded", False),
        place=data["place"],
        closed=data.get("closed", False),
    )


def _table(data: dict[str, Any]) -> Table:
    return Table(
        tuple(_value(column) for column in data["columns"]),
        tuple(tuple(_value(value) for value in row) for row in data["rows"]),
        data["total"],
        _value(data["note"]),
        data.get("whole", False),
    )


def _convention(data: dict[str, Any]) -> Convention:
    names = ("name", "chosen", "rival", "rival_value", "statement")
    return Convention(**{name: _value(data[name]) for name in names})


def _input(data: dict[str, Any]) -> Input:
    if "summary" in data:
        summary = data["summary"]
        ends = {name: tuple(summary[name]) for name in ("shape", "first", "last")}
        fields: dict[str, Any] = {**summary, **ends}
        value: Any = InputSummary(**fields)
    elif "array" in data:
        dtype = np.dtype(data["dtype"])
        if dtype.kind not in _KINDS:
            raise TypeError(data["dtype"])
        value = np.array([_value(each) for each in data["array"]], dtype=dtype).reshape(data["shape"])
    else:
        value = _value(data["value"])
    return Input(data["name"], value, _value(data["description"]), data["source"])


def _verification(data: dict[str, Any]) -> Verification:
    fields: dict[str, Any] = {**data, "lines": tuple(LineCheck(**line) for line in data["lines"])}
    return Verification(**fields)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
