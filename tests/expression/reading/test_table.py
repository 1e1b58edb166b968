"""The parse table beside the grammar is the one that Lark makes of it, and reading formulas does not need Lark."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import workings.expression.reading
from workings.expression.names import normal_name
from workings.expression.operations import SPELLINGS
from workings.expression.reading.rules import RULES
from workings.expression.reading.table import END, made_from, table

ROOM = Path(workings.expression.reading.__file__).parent
GRAMMAR = (ROOM / "grammar.lark").read_text(encoding="utf-8")


def test_the_table_is_of_this_grammar():
    kept = json.loads((ROOM / "table.json").read_text(encoding="utf-8"))
    assert kept == made_from(GRAMMAR), "run python -m workings.expression.reading.table"


def test_the_grammar_has_no_conflicts(caplog):
    import logging

    from lark import Lark, logger

    logger.setLevel(logging.DEBUG)
    try:
        Lark(GRAMMAR, parser="lalr", lexer="basic", debug=True)
    finally:
        logger.setLevel(logging.CRITICAL)
    assert "conflict" not in caplog.text.lower()


def test_every_rule_is_built():
    known = table()
    assert {rule.build for rule in known.rules if rule.build} == set(RULES)
    assert all(rule.size and rule.kept for rule in known.rules)
    assert all(rule.build or len(rule.kept) == 1 for rule in known.rules)
    assert known.states[known.last].keys() == {"_NEXT"}
    assert END not in known.states[known.last]


def test_a_table_that_is_out_of_date_is_made_anew(monkeypatch):
    from workings.expression.reading import table as module

    text = module._text
    changed = GRAMMAR.replace('_TIMES: "*"', '_TIMES: "*" | "@"')
    monkeypatch.setattr(module, "_text", lambda name: changed if name == "grammar.lark" else text(name))
    made = module.table.__wrapped__()
    assert made.words.fullmatch("@").lastgroup == "_TIMES"


@pytest.mark.parametrize("statement", ["parse('y = u*v; u = sin(x); v = x^2')", "parse"])
def test_reading_needs_no_lark(statement):
    code = f"import sys; from workings.expression.reading import parse; {statement}; print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_every_spelling_is_found_under_its_normal_form():
    assert len({normal_name(spelling) for spelling in SPELLINGS}) <= len(SPELLINGS)
    for spelling, name in SPELLINGS.items():
        assert all(SPELLINGS[other] == name for other in SPELLINGS if normal_name(other) == normal_name(spelling))
