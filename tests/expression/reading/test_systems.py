"""Definitions in any order make one output; what makes none, or more, or runs in a circle is refused."""

from __future__ import annotations

import itertools

import pytest

from workings.errors import FormulaError
from workings.expression import Number, free_symbols, symbols
from workings.expression.reading import System, parse

u, v, w, x, y, z = symbols("u v w x y z")


def test_definitions_are_put_into_each_other():
    system = parse("y = u*v; u = x*z; v = x^2 + z")
    assert system.name == "y"
    assert system.root is (x * z) * (x ** Number(2) + z)
    assert system.definitions == {"u": x * z, "v": x ** Number(2) + z, "y": u * v}
    assert list(system.definitions) == ["u", "v", "y"]
    assert system.variables == ("x", "z")


def test_the_order_of_definitions_changes_nothing_but_the_order_of_names():
    parts = ["y = u + v", "u = w^2", "v = w*x", "w = x*z"]
    systems = [parse("; ".join(order)) for order in itertools.permutations(parts)]
    for system in systems:
        assert system.root is systems[0].root
        assert set(system.variables) == {"x", "z"}
        names = list(system.definitions)
        assert names[-1] == "y"
        for name, node in system.definitions.items():
            before = names[: names.index(name)]
            assert {symbol.name for symbol in free_symbols(node)} - {"x", "z"} <= set(before)


def test_variables_stand_in_the_order_in_which_they_appear():
    assert parse("b*a + sin(c) + a").variables == ("b", "a", "c")
    assert parse("y = q*u; u = p*q").variables == ("q", "p")


def test_an_expression_without_a_name_has_no_definitions():
    system = parse("x + y")
    assert (system.name, dict(system.definitions), system.variables) == (None, {}, ("x", "y"))
    assert parse("3").variables == ()


def test_a_single_definition_is_the_output():
    system = parse("y = x^2")
    assert (system.name, list(system.definitions), system.variables) == ("y", ["y"], ("x",))


def test_definitions_cannot_be_changed():
    system = parse("y = x")
    with pytest.raises(TypeError):
        system.definitions["y"] = x  # type: ignore[index]
    with pytest.raises(AttributeError):
        system.root = x  # type: ignore[misc]
    assert isinstance(system, System)


@pytest.mark.parametrize(
    "text",
    [
        "y = u + x\nu = z",
        "y = u + x;\nu = z;\n",
        "\n\ny = u + x\n\n\nu = z\n",
        "y = u +\n x\nu = z",
        "y = u\n + x\nu = z",
        "y = (u\n + x\n)\nu = z",
        "y =\nu + x; u\n= z",
        "; y = u + x;; u = z;",
        "y = u + x;\n;\nu = z",
        "\r\ny = u + x\r\nu = z\r\n",
    ],
)
def test_a_line_ends_a_definition_where_it_can(text):
    assert parse(text).root is z + x


def test_a_semicolon_always_ends_a_definition():
    with pytest.raises(FormulaError, match=r'";" must be followed by .* got "\*"'):
        parse("y = x;\n* 2")


def test_names_of_definitions_may_be_written_in_any_way():
    assert parse("σ = x + 1; y = 2sigma").root is Number(2) * (x + Number(1))
    assert parse("`mean radius` = x; y = `mean radius`*2").root is x * Number(2)
    assert parse("x₁ = z; y = x_1").root is z
    assert parse("mean = sum(x); y = x - mean").variables == ("x",)


def test_a_shared_part_stays_one_node():
    root = parse("y = u*u + u; u = sin(x)").root
    left, right = root.children
    assert left.children[0] is left.children[1] is right


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        ("u = u + 1", "u → u"),
        ("u = v; v = w; w = u", "u → v → w → u"),
        ("y = a; a = b + x; b = 2a", "a → b → a"),
        ("p = q; q = p; y = x", "p → q → p"),
    ],
)
def test_a_circle_is_shown(text, circle):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert f"must not run in a circle; got {circle};" in str(caught.value.text)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("u = 1; u = 2", 8, "u must be defined once; got a second definition at column 8"),
        ("y = s + 1; σ = 2; sigma = 3", 19, "sigma must be defined once"),
        ("u = 1; v = 2", 8, "one definition must be the output, which no other uses; got 2: u, v"),
        ("y = u; u = 1; v = 2; w = u", 15, "got 3: y, v, w"),
    ],
)
def test_exactly_one_definition_is_the_output(text, column, words):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert words in str(caught.value.text)
    assert caught.value.column == column


def test_a_chain_of_many_definitions_is_put_together():
    text = "; ".join(f"a{k + 1} = a{k} + x" for k in range(60))
    assert parse(text).variables == ("a0", "x")
