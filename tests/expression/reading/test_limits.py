"""Whatever 4,096 characters say, reading them takes little time and memory; each limit has its own message."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from math import inf

import pytest

from workings.errors import FormulaError
from workings.expression import Node, Symbol, evaluate, to_python, to_text
from workings.expression.reading import parse


def refused(text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert len(str(caught.value)) < 1000
    return caught.value


def test_characters_are_limited():
    assert parse("x" + " " * 4095).root is Symbol("x")
    assert "at most 4096 characters; got 4097" in str(refused("x" + " " * 4096))
    assert "got 200\u202f001" in str(refused("-" * 200_000 + "x"))
    assert "got 10\u202f000\u202f000" in str(refused("(" * 10_000_000))


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *[("sin(", ")"), ("-", ""), ("2^", ""), ("√", ""), ("|", "|"), ("-(", ")"), ("1/(", ")"), ("a-(b+", ")")],
        *[("where(a < b, c, ", ")"), ("", "/x"), ("a*(b + c*(", "))"), ("(", ")^y"), ("(a if b else ", ")")],
    ],
)
def test_depth_is_limited(opening, closing):
    each = 2 if opening == "a*(b + c*(" else 1
    within, beyond = 100 // each, 100 // each + 1
    assert "x" in parse(opening * within + "x" + closing * within).variables
    assert "must nest at most 100 deep" in str(refused(opening * beyond + "x" + closing * beyond))
    most = 4000 // len(opening + closing)
    assert "must nest at most 100 deep" in str(refused(opening * most + "x" + closing * most))


def test_parentheses_are_limited():
    assert parse("(" * 101 + "x" + ")" * 101).root is Symbol("x")
    assert "must nest at most 100 deep" in str(refused("(" * 102 + "x" + ")" * 102))


def test_what_is_written_is_no_deeper_than_what_was_read():
    for text in ("-" * 100 + "2·10³", "2^-" * 50 + "x", "1" + "/x" * 100, "√" * 100 + "x", "a - " + "-" * 100 + "x"):
        root = parse(text).root
        for written in (to_text(root), to_text(root, ascii=True), to_python(root)):
            assert parse(written).root is root


def test_depth_points_at_a_column_of_the_text():
    assert refused("(" * 200).column == 102
    assert 1 <= (refused("-" * 200 + "x").column or 0) <= 201


def test_many_terms_are_not_deep():
    assert len(to_text(parse("+".join(["x"] * 1000)).root)) == 3997
    assert isinstance(parse("*".join(["x"] * 1000)).root, Node)
    assert isinstance(parse(" ".join(["x"] * 1000)).root, Node)


def test_plus_signs_are_read_away():
    assert parse("+" * 4000 + "x").root is Symbol("x")


def test_nodes_are_limited():
    assert isinstance(parse("+".join(["x"] * 1000)).root, Node)  # 1,000 names and 999 sums
    error = refused("+".join(["x"] * 1001))
    assert "must hold at most 2000 numbers, names and operations" in str(error)
    assert error.column == 2001
    assert "at most 2000" in str(refused("; ".join(f"a{k} = {'+'.join(['x'] * 100)}" for k in range(11))))


def test_names_are_limited():
    assert len(parse("+".join(f"x{k}" for k in range(64))).variables) == 64
    error = refused("+".join(f"x{k}" for k in range(65)))
    assert "must hold at most 64 names; got another, x64, at column 247" in str(error)


def test_definitions_that_grow_by_each_other_are_limited():
    doubling = "; ".join(f"a{k + 1} = a{k} + a{k}" for k in range(60))
    assert "must have at most 50\u202f000 numbers, names and operations with every definition put in" in str(
        refused(doubling)
    )
    assert isinstance(parse("; ".join(f"a{k + 1} = a{k} + a{k}" for k in range(12))).root, Node)


@pytest.mark.parametrize("text", ["9^9^9^9", "9**9**9**9", "2^-9^9^9", "10^400", "(9^9)^(9^9)", "9" * 308])
def test_nothing_is_evaluated_while_reading(text):
    root = parse(text).root
    assert to_text(root)
    assert evaluate(root) is not None


@pytest.mark.parametrize(("text", "value"), [("sqrt(10^400)", inf), ("1.5*-10^400", -inf), ("2.5/10^400", 0)])
def test_an_integer_beyond_floats_is_infinite_among_floats(text, value):
    assert evaluate(parse(text).root) == value


WORST = [
    "(" * 4096,
    ")" * 4096,
    "-" * 4096,
    "^" * 4096,
    "*" * 4096,
    "|" * 4096,
    "`" * 4096,
    "`" * 4095,
    "." * 4096,
    "1" * 4096,
    "1." * 2048,
    "1e" * 2048,
    "x" * 4096,
    "x'" * 2048,
    "x " * 2048,
    "x(" * 2048,
    "sin " * 1024,
    "sin(" * 1024,
    "2^" * 2047 + "2",
    "x²" * 2048,
    "¹" * 4096,
    "π" * 4096,
    "x\u0301" * 2048,
    "x" + "\u0301" * 4095,
    "\u0301" * 4096,
    "²" * 4096,
    "x₁" * 2048,
    "e=" * 2048,
    "x=" * 2048,
    "x;" * 2048,
    "x\n" * 2048,
    "\n" * 4096,
    "x=1;" * 1024,
    "not " * 1024,
    "a<" * 2048,
    "a and " * 682,
    "1 if " * 819,
    "(1 if x else " * 315,
    "a,b" * 1365,
    "sin" * 1365 + " ",
    "x" + " " * 4094 + "(",
    "ﷺ" * 4096,  # one character that stands for 18
    "ﬃ" * 4096,
    "а" * 4096,  # Cyrillic
    "аx" * 2048,
    "\ud800" * 4096,
    "\u202e" * 4096,
    "\x00" * 4096,
    "\U0010ffff" * 4096,
    "e" * 4096,
    "1e" + "9" * 4094,
    "1·10" + "⁹" * 4092,
    "0." + "0" * 4094,
    "[" * 4096,
    "`a`" * 1365,
    "`" + "``" * 2047 + "`",
]


@pytest.mark.parametrize("text", WORST, ids=[f"{text[:6]!a}x{len(text)}" for text in WORST])
def test_the_worst_text_is_read_or_refused_in_bounded_steps_and_memory(text):
    assert len(text) <= 4096
    steps, said = 0, ""

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    parse("x")
    tracemalloc.start()
    sys.setprofile(count)
    try:
        parse(text)
    except FormulaError as error:
        said = str(error)
    finally:
        sys.setprofile(None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert steps < 300_000  # calls: no backtracking, nothing that grows faster than the text
    assert peak < 8 * 2**20
    assert len(said) < 1000


def test_reading_does_not_recurse():
    texts = ["+".join(["x"] * 1000), "(" * 100 + "x" + ")" * 100, "; ".join(f"a{k + 1} = a{k} + x" for k in range(60))]
    done = []
    limit = sys.getrecursionlimit()
    parse("x")

    def read() -> None:
        sys.setrecursionlimit(60)
        try:
            done.extend(parse(text) for text in texts)
        finally:
            sys.setrecursionlimit(limit)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert len(done) == 3
