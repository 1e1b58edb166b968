"""What is written of an expression is read back as the very same one; and any text is read or refused."""

from __future__ import annotations

from hypothesis import given, settings

from workings.errors import FormulaError
from workings.expression import OPERATIONS, Apply, Node, Number, Symbol, free_symbols, symbol, to_python, to_text
from workings.expression.reading import System, parse
from workings.language import use_language

from .texts import PLAIN, QUOTED, expressions, texts


@given(expressions(PLAIN + QUOTED))
@settings(deadline=None)
def test_text_is_read_back_as_the_same_expression(node):
    assert parse(to_text(node, quoted=True)).root is node


@given(expressions(PLAIN + QUOTED))
@settings(deadline=None)
def test_ascii_text_is_read_back_as_the_same_expression(node):
    assert parse(to_text(node, ascii=True, quoted=True)).root is node


@given(expressions(PLAIN))
@settings(deadline=None)
def test_python_source_is_read_back_as_the_same_expression(node):
    gamma = any(part.name == "gamma" for part in free_symbols(node)) and "gamma(" in to_python(node)
    if not gamma:  # Python has one name for the letter and the function
        assert parse(to_python(node)).root is node


@given(expressions(PLAIN + QUOTED))
@settings(deadline=None)
def test_text_in_korean_is_read_back_too(node):
    with use_language("ko"):
        assert parse(to_text(node, quoted=True)).root is node


@given(expressions(PLAIN))
@settings(deadline=None)
def test_names_that_text_reads_need_no_back_ticks(node):
    assert "`" not in to_text(node, quoted=True)
    assert to_text(node, quoted=True) == to_text(node)


@given(texts())
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_system_or_a_formula_error(text):
    try:
        system = parse(text)
    except FormulaError as error:
        place = error.column
        said = str(error)
    else:
        place, said = 1, "x"
        _is_a_system(system)
    assert place is None or 1 <= place <= len(text) + 1
    assert said


def _is_a_system(system: System) -> None:
    assert isinstance(system, System)
    assert isinstance(system.root, Node)
    assert {part.name for part in free_symbols(system.root)} <= set(system.variables)
    assert parse(to_text(system.root, quoted=True)).root is system.root
    assert parse(to_text(system.root, ascii=True, quoted=True)).root is system.root


def test_every_row_of_the_table_is_read_back():
    a, b, c = (Symbol(letter) for letter in "abc")
    for row in OPERATIONS.values():
        node: Node = Apply(row, (a, b, c)[: row.arity])
        if row.name in ("less", "at_most", "greater", "at_least", "equal", "different", "both", "either", "negation"):
            node = Apply("where", (node, a, b))
        for text in (to_text(node), to_text(node, ascii=True), to_python(node)):
            assert parse(text).root is node, text


def test_python_keeps_the_digits_that_were_typed():
    for text in ("1.50 * x", "1e-3 * x", "0.1e-300 * x", "12 * x", ".5 * x"):
        assert to_python(parse(text).root) == text
    assert to_python(Number(2.1970001, "2.197") * Symbol("x")) == "2.1970001 * x"


def test_a_letter_stays_itself_in_python_where_it_calls_nothing():
    assert to_python(parse("gamma*x").root) == "gamma * x"
    assert to_python(parse("gamma*gamma(x)").root) == "gamma_ * gamma(x)"
    assert to_python(symbol("e") + parse("e").root) == "e_ + e"


def test_names_are_quoted_only_on_request():
    node = symbol("mean radius") * symbol("e")
    assert to_text(node) == "mean radius·e"
    assert to_text(node, quoted=True) == "`mean radius`·`e`"
    assert to_text(node, quoted=True, ascii=True) == "`mean radius` * `e`"
