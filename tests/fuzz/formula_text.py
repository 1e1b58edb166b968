"""Feeds the reader of formula text with anything, guided by what of it is reached: ``formula`` gives a Formula or a
FormulaError, never anything else, and what it has read is read back as the same from its own text.

    pip install atheris
    python -m tests.fuzz.formula_text -max_total_time=300

Options are libFuzzer's (https://llvm.org/docs/LibFuzzer.html). A text that fails is written to a file ``crash-...``,
which ``python -m tests.fuzz.formula_text crash-...`` runs again.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["workings.expression.reading"]):
    from workings.expression.reading import definitions, parse, parser, quoting, system, words  # noqa: F401 -- to reach

from tests.expression.reading.texts import PIECES

from workings.errors import FormulaError
from workings.expression import evaluate, free_symbols, to_text
from workings.expression.formula import Formula, formula


def read(data: bytes) -> None:
    """Read what the bytes stand for: pieces of formulas, or characters."""
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        rest = provider.ConsumeBytes(4096)
        text = "".join(PIECES[byte % len(PIECES)] for byte in rest)
    else:
        text = provider.ConsumeUnicode(4096)
    try:
        found = parse(text)
    except FormulaError as error:
        if not str(error) or (error.column is not None and not 1 <= error.column <= len(text) + 1):
            raise AssertionError(repr(text)) from error
        return
    for ascii in (False, True):
        written = to_text(found.root, ascii=ascii, quoted=True)
        if len(written) <= 4096 and parse(written).root is not found.root:
            raise AssertionError(repr(text))
    if {symbol.name for symbol in free_symbols(found.root)} - set(found.variables):
        raise AssertionError(repr(text))
    try:
        made = formula(text, rows=found.variables)
    except FormulaError:  # a sum over rows where there are none
        return
    if not isinstance(made, Formula):
        raise AssertionError(repr(text))
    evaluate(found.root, {name: [0.5, -2.0] for name in found.variables})


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
