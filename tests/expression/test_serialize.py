"""Expressions survive JSON exactly, and data that is not an expression is refused."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings

from workings.errors import InputError
from workings.expression import exp, from_json, indexed, symbols, to_json, total

from .trees import everything

x, i, n = symbols("x i n")
GOOD = to_json(total(indexed("x", i) / 3, i, 1, n) + exp(0.5))


@given(everything())
@settings(deadline=None)
def test_json_gives_back_the_very_same_node(tree):
    assert from_json(json.loads(json.dumps(to_json(tree), allow_nan=False))) is tree


def spoiled(place, **changes):
    data = copy.deepcopy(GOOD)
    data["nodes"][place] |= changes
    return data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"version": 2, "nodes": GOOD["nodes"]},
        {"version": 1},
        {"version": 1, "nodes": []},
        {"version": 1, "nodes": {"0": 1}},
        {"version": 1, "nodes": [1]},
        {"version": 1, "nodes": [{"node": "code"}]},
        {"version": 1, "nodes": [{"node": "apply", "operation": "exp", "parts": [0]}]},
        {"version": 1, "nodes": [{"node": "number", "type": "int", "value": "1" * 5000, "text": "1"}]},
        {"version": 1, "nodes": [{"node": "number", "type": "Fraction", "value": "1e999999999", "text": "1"}]},
        {"version": 1, "nodes": [{"node": "number", "type": "Fraction", "value": "1/0", "text": "1"}]},
        {"version": 1, "nodes": [{"node": "number", "type": "int", "value": 1, "text": "1"}]},
        {"version": 1, "nodes": [{"node": "number", "type": "eval", "value": "1", "text": "1"}]},
        {"version": 1, "nodes": [{"node": "symbol", "name": 1, "style": "italic", "latex": None}]},
        {"version": 1, "nodes": [{"node": "symbol", "name": "x", "style": "bold", "latex": None}]},
        spoiled(-1, parts=[0, 99]),
        spoiled(-1, parts=[0, -1]),
        spoiled(-1, parts=[0, True]),
        spoiled(-1, parts=[0]),
        spoiled(-1, parts=None),
        spoiled(-1, operation="__class__"),
        spoiled(-1, operation=["add"]),
    ],
)
def test_what_to_json_did_not_write_is_refused(data):
    with pytest.raises(InputError, match=r"from_json|Apply|Symbol|Number"):
        from_json(data)
