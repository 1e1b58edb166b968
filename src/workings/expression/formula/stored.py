"""A formula as JSON and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from workings.errors import InputError
from workings.expression.nodes import Node
from workings.expression.serialize import from_json, to_json
from workings.language import message

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = ["read", "refuse_captured", "write"]

_VERSION = 1


def write(formula: Formula) -> str:
    """Return a formula as JSON.

    Raises
    ------
    InputError
        If it holds values of an outer trace, which are nothing outside of it.
    """
    refuse_captured(formula)
    stored = {
        "formula": _VERSION,
        "expression": to_json(formula.node),
        "variables": formula.variables,
        "rows": formula.rows,
        "name": formula.name,
        "definitions": {name: to_json(node) for name, node in formula.definitions.items()},
        # Non-finite numbers have no place in JSON: all are written as text that gives back the exact value.
        "data": {
            name: {"dtype": column.dtype.str, "values": [repr(value) for value in column.tolist()]}
            for name, column in formula.data.items()
        },
    }
    return json.dumps(stored, ensure_ascii=False)


def refuse_captured(formula: Formula) -> None:
    """Refuse to keep a formula that holds values of an outer trace, which are nothing outside of it.

    Raises
    ------
    InputError
        If it holds any.
    """
    if formula.captured:
        raise InputError(
            message(
                "formula: what is kept must not use values of a function that is still traced; got {names}; "
                "try keeping the outer formula",
                names=", ".join(symbol.name for symbol in formula.captured),
            )
        )


def read(text: str) -> Formula:
    """Return the formula that :func:`write` wrote.

    Raises
    ------
    InputError
        If the text is no such JSON.
    """
    from workings.expression.formula.model import Formula

    try:
        stored: Any = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            message("from_json: text must be JSON that to_json wrote; got {error}", error=error)
        ) from error
    version = cast("dict[str, Any]", stored).get("formula") if isinstance(stored, dict) else None
    if version != _VERSION or not isinstance(stored, dict):
        raise InputError(message("from_json: version must be {known}; got {got}", known=_VERSION, got=version))
    held = cast("dict[str, Any]", stored)
    try:
        definitions: dict[str, Node] = {str(name): from_json(node) for name, node in held["definitions"].items()}
        return Formula.of(
            from_json(held["expression"]),
            [_string(name) for name in held["variables"]],
            rows=[_string(name) for name in held["rows"]],
            name=None if held["name"] is None else _string(held["name"]),
            definitions=definitions,
            data={str(name): _column(column) for name, column in held["data"].items()},
        )
    except InputError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            message("from_json: text must be JSON that to_json wrote; got {error}", error=error)
        ) from error


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text is expected")
    return value


def _column(stored: Any) -> Any:
    dtype = np.dtype(_string(stored["dtype"]))
    if dtype.kind not in "biuf":
        raise TypeError("numbers are expected")
    parse = {"b": {"True": True, "False": False}.__getitem__, "f": float}.get(dtype.kind, int)
    column = np.array([parse(_string(value)) for value in stored["values"]], dtype=dtype)
    column.flags.writeable = False
    return column
