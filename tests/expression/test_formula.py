"""Formulas: made of text and functions, called, compared, kept, shown, joined."""

from __future__ import annotations

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import mpmath
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.expression.trees import everything

import workings as wk
from workings.errors import FormulaError, InputError, UndefinedWarning
from workings.expression import Symbol, free_symbols, sin, symbols
from workings.expression.formula import Formula, as_formula, formula

x, z = symbols("x z")
f = formula("sin(x*z) + x^2")
system = formula("y = u*v; u = x*z; v = x^2 + z")
cost = formula("mean((y - (m*x + b))^2)", rows=("x", "y"))
column = np.array([1.0, 2.0, 4.0])


def test_text_and_a_python_function_give_the_same_formula():
    traced = formula(lambda x, z: np.sin(x * z) + x**2)
    assert traced == f
    assert hash(traced) == hash(f)
    assert traced.node is f.node is sin(x * z) + x**2


def test_variables_stand_in_order_of_first_appearance():
    assert formula("b + a*c + b").variables == ("b", "a", "c")
    assert system.variables == ("x", "z")
    assert formula("q*v + p", q="s + t", v="t*r").variables == ("s", "t", "r", "p")
    assert formula(lambda q, v: v * q, q="b*a", v="c").variables == ("b", "a", "c")


def test_values_are_given_by_place_and_by_name():
    wanted = np.sin(6) + 4
    for got in (f(2, 3), f(2.0, z=3), f(z=3, x=2), f(np.float64(2), np.int32(3)), f(Fraction(2), Decimal(3))):
        assert type(got) is float
        assert got == pytest.approx(wanted, rel=1e-15)
    assert f(True, np.True_) == pytest.approx(np.sin(1) + 1)


def test_arrays_broadcast():
    grid = f(x=np.arange(3.0)[:, None], z=np.arange(4))
    assert grid.shape == (3, 4)
    np.testing.assert_allclose(grid, np.sin(np.arange(3.0)[:, None] * np.arange(4)) + np.arange(3.0)[:, None] ** 2)
    np.testing.assert_allclose(f([1, 2], 0.5), np.sin([0.5, 1.0]) + np.array([1, 4]))
    np.testing.assert_allclose(f(pd.Series([1.0, 2.0]), 0.5), np.sin([0.5, 1.0]) + np.array([1, 4]))
    assert f(np.array(2.0), 3) == f(2, 3)
    assert f(np.array([]), 3).shape == (0,)
    assert f(np.float32([1, 2]), np.float32([1, 2])).dtype == np.float32
    objects = np.array([Fraction(1, 2), 2], dtype=object)
    np.testing.assert_allclose(f(objects, 1), np.sin([0.5, 2]) + np.array([0.25, 4]))


@pytest.mark.parametrize(
    ("args", "values", "text"),
    [
        ((1,), {}, "formula: there must be a value for each of its variables, x, z; got none for z; try z=..."),
        ((), {}, "formula: there must be a value for each of its variables, x, z; got none for x, z; try x=..."),
        ((1, 2, 3), {}, "formula: there must be one value for each of its variables, x, z; got 3 values"),
        ((1,), {"x": 2}, "formula: a variable must have one value; got x by place and by name"),
        ((1,), {"zz": 2}, "formula: its variables are x, z; got zz; did you mean z?"),
        ((), {"x": 1, "velocity": 2}, "formula: its variables are x, z; got velocity"),
        ((1, "2"), {}, "formula: z must be a real number or an array of real numbers; got str[<U1]"),
        ((None, 1), {}, "formula: x must be a real number or an array of real numbers; got NoneType"),
        ((1j, 1), {}, "formula: x must be a real number or an array of real numbers; got complex[complex128]"),
        (([[1], [2, 3]], 1), {}, "formula: x must be a real number or an array of real numbers; got list"),
        ((np.array(["1"], dtype=object), 1), {}, "got ndarray"),
        (
            ([1, 2], [1, 2, 3]),
            {},
            "formula: arrays must have shapes that broadcast; got x: (2,), z: (3,); try arrays of one shape",
        ),
    ],
)
def test_wrong_calls_say_what_is_wrong(args, values, text):
    with pytest.raises(InputError) as caught:
        f(*args, **values)
    assert text in str(caught.value)


def test_a_formula_without_variables_is_a_number():
    assert formula("2 + 3^2")() == 11.0
    with pytest.raises(InputError, match="it has no variables; got x"):
        formula("2")(x=1)


def test_a_variable_may_have_any_name():
    assert formula("self + args + values + n", self="args^2")(args=2, values=1, n=0) == 7
    assert formula("`mean radius` * 체중")(**{"mean radius": 2, "체중": 3}) == 6
    assert formula("e + pi2", rows="e")(e=[1, 2], pi2=1).tolist() == [2, 3]


def test_a_named_formula_names_itself_in_errors():
    with pytest.raises(InputError, match=r"^y: its variables are x, z; got w$"):
        system(w=1)


def test_columns_have_one_length_and_parameters_are_numbers():
    assert cost.rows == ("y", "x")
    assert cost.variables == ("y", "m", "x", "b")
    assert cost(m=2, x=column, b=0, y=2 * column + 3) == 9
    for values, text in [
        ({"x": column, "y": column[:2]}, "columns must have one length; got y: 2, x: 3"),
        ({"x": 1.0, "y": column}, "x must be a column, an array of one dimension; got one number"),
        ({"x": column[:, None], "y": column}, r"x must be a column.*got an array of shape \(3, 1\)"),
        ({"m": column, "x": column, "y": column}, "m must be one number for all rows; got a column"),
    ]:
        with pytest.raises(InputError, match=text):
            cost(**({"m": 2.0, "b": 0.0} | values))


def test_a_formula_of_rows_without_sums_has_a_value_for_each():
    line = formula("m*x + b", rows=["x"])
    np.testing.assert_array_equal(line(2, column, 1), 2 * column + 1)
    assert line(2, 3.0, 1) == 7.0
    assert line.over_rows
    assert not cost.over_rows
    centred = formula("x - mean(x)", rows="x")
    np.testing.assert_allclose(centred(column), column - column.mean())


def test_sums_without_rows_and_rows_without_a_name_are_refused():
    with pytest.raises(
        FormulaError, match=r"mean\(x·z\) must have rows .*; try rows=\(\.\.\.\) with those of x, z that"
    ):
        formula("mean(x*z)")
    with pytest.raises(InputError, match=r"rows must name variables of the formula, x, z; got xx; did you mean x\?"):
        formula("x*z", rows=("xx",))
    assert as_formula("x*z", rows=("xx", "z")).rows == ("z",)


def test_rows_of_a_formula_without_variables_are_refused_in_a_whole_sentence():
    with pytest.raises(InputError, match="which has none; got x"):
        formula("2 + 3", rows="x")


def test_definitions_are_put_in():
    assert formula("u*v", u="x*z", v="x^2 + z") == system
    assert formula("u*v", u=lambda x, z: x * z, v="x^2 + w", w="z") == system
    assert formula("y = u*v; u = x*z", v=formula("x^2 + z")).definitions == system.definitions
    assert formula("a*x", a=3)(x=2) == 6
    assert formula(f, x="t^2").variables == ("t", "z")
    assert formula(cost, m="k^2 + 1").rows == ("y", "x")
    assert as_formula(lambda m, x: m * x, rows=("x", "y")).rows == ("x",)
    assert list(system.definitions) == ["u", "v", "y"]
    assert system.name == "y"
    assert system.node is (x * z) * (x**2 + z)


@pytest.mark.parametrize(
    ("text", "definitions", "words"),
    [
        ("u + 1", {"u": "v", "v": "2*u"}, "must not run in a circle; got u → v → u"),
        ("u + 1", {"u": "u"}, "must not run in a circle; got u → u"),
        ("velocity*t", {"velocty": "x"}, "got velocty; did you mean velocity"),
        ("y = u; u = x", {"u": "z"}, "defined once; got u in the text and beside it"),
        ("u", {"u": "a = b; b = x"}, "must be one expression; got a system for u"),
    ],
)
def test_definitions_that_make_no_sense_are_refused(text, definitions, words):
    with pytest.raises(FormulaError, match=words):
        formula(text, **definitions)


def test_definitions_may_be_many():
    count = 1_200
    chain = {f"a{k}": f"a{k + 1} + 1" for k in range(count)}
    assert formula("a0", **chain)(0) == count


@pytest.mark.parametrize("wrong", [3, None, ["x"], 2.5])
def test_what_is_no_formula_is_refused(wrong):
    with pytest.raises(InputError, match="must be text, a function or a formula; got"):
        formula(wrong)


def test_formulas_are_made_by_formula_alone():
    with pytest.raises(InputError, match=r'try formula\("x\^2"\)'):
        wk.Formula("x^2")


def test_a_formula_cannot_be_changed():
    for change in (lambda: setattr(f, "node", x), lambda: setattr(f, "new", 1), lambda: delattr(f, "node")):
        with pytest.raises(AttributeError, match="cannot be changed"):
            change()
    with pytest.raises(TypeError):
        system.definitions["u"] = x


def test_formulas_are_equal_if_they_say_the_same_of_the_same_variables():
    assert f == formula("sin(x*z) + x^2")
    assert f != formula("x^2 + sin(x*z)")
    assert f != f.node
    assert Formula.of(x * z, ["x", "z"]) != Formula.of(x * z, ["z", "x"])
    assert formula("x*z") != formula("x*z", rows="z")
    assert formula(lambda m: np.sum(m * column)) == formula(lambda m: np.sum(m * column))
    other = column + 1
    assert formula(lambda m: np.sum(m * column)) != formula(lambda m: np.sum(m * other))
    assert len({f, formula("sin(x*z) + x^2"), cost}) == 2


EXAMPLES = [f, system, cost, formula(lambda m: np.mean((column - m) ** 2)), formula("2"), formula("`a b`")]


@pytest.mark.parametrize("made", EXAMPLES, ids=repr)
def test_formulas_are_pickled_copied_and_kept_as_json(made):
    for again in (
        pickle.loads(pickle.dumps(made)),
        copy.copy(made),
        copy.deepcopy(made),
        Formula.from_json(made.to_json()),
    ):
        assert again == made
        assert again.node is made.node
        assert (again.name, again.variables, again.rows) == (made.name, made.variables, made.rows)
        assert again.definitions == made.definitions
        assert list(again.data) == list(made.data)


def test_data_survives_to_the_last_bit():
    values = np.array([0.1, np.nan, np.inf, -0.0, 5e-324, 1e308])
    for dtype in (np.float64, np.float32, np.int16, np.bool_):
        with np.errstate(over="ignore"):
            data = values.astype(dtype) if dtype in (np.float64, np.float32) else np.array([1, 0, 1], dtype=dtype)
        made = formula(lambda m, data=data: np.sum(m * data))
        for again in (Formula.from_json(made.to_json()), pickle.loads(pickle.dumps(made))):
            assert again.data["data"].dtype == dtype
            assert again.data["data"].tobytes() == data.tobytes()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{" * 100_000,
        '{"formula": 2}',
        '{"formula": 1}',
        f.to_json().replace('"variables": ["x", "z"]', '"variables": ["x"]'),
        f.to_json().replace('"variables": ["x", "z"]', '"variables": [1, 2]'),
        f.to_json().replace('"rows": []', '"rows": ["q"]'),
        f.to_json().replace('"rows": []', '"rows": 7'),
        f.to_json().replace('"apply"', '"evil"'),
        f.to_json().replace('"data": {}', '"data": {"a": {"dtype": "O", "values": ["1"]}}'),
        f.to_json().replace('"data": {}', '"data": {"a": {"dtype": "<f8", "values": ["x"]}}'),
        f.to_json().replace('"data": {}', '"data": []'),
    ],
    ids=range(15),
)
def test_json_that_is_no_formula_is_refused(text):
    with pytest.raises(InputError):
        Formula.from_json(text)


def test_json_is_versioned():
    assert json.loads(f.to_json())["formula"] == 1
    with pytest.raises(InputError, match="version must be 1; got 2"):
        Formula.from_json(f.to_json().replace('"formula": 1', '"formula": 2'))


@pytest.mark.parametrize(
    "made", [f, system, formula("where(x > 0, sqrt(x), abs(x))/2x"), formula("`a b`^-2")], ids=repr
)
def test_text_is_read_again_as_the_same_formula(made):
    assert formula(made.text()) == made
    assert formula(made.text(ascii=True)) == made
    assert formula(str(made)).definitions == made.definitions


def test_a_formula_shows_itself_at_a_prompt():
    assert repr(f) == "Formula(sin(x * z) + x^2)"
    assert str(f) == "sin(x·z) + x²"
    assert repr(system) == "Formula(y = u * v; u = x * z; v = x^2 + z)"
    assert repr(cost) == "Formula(mean((y - (m * x + b))^2), rows=('y', 'x'))"
    data = np.arange(1234.0)
    assert repr(formula(lambda m: np.sum(m * data))) == "Formula(sum(m * data), data={data: 1234})"


def test_a_formula_shows_itself_in_a_notebook():
    for made in (f, system, cost):
        bundle = made._repr_mimebundle_()
        assert bundle["text/plain"] == repr(made)
        assert bundle["text/latex"] == f"$\\displaystyle {made.latex()}$" == made._repr_latex_()
        assert made._mime_() == ("text/html", bundle["text/html"])
        assert made.mathml() in bundle["text/html"]
        tree = ElementTree.fromstring(bundle["text/html"])
        annotation = tree.find(".//{http://www.w3.org/1998/Math/MathML}annotation")
        assert annotation.text == made.latex()
    assert system.latex() == (
        "\\begin{aligned}\ny &= u \\cdot v \\\\\nu &= x \\cdot z \\\\\nv &= x^{2} + z\n\\end{aligned}"
    )
    assert system.mathml().count("<mtr>") == 3
    assert formula("y = x^2").latex() == "y = x^{2}"


def test_hostile_names_are_shown_as_text():
    made = formula("`<script>alert(1)</script>` + 1")
    assert "<script>" not in made.mathml()
    assert "<script>" not in made._repr_mimebundle_()["text/html"]


def test_large_formulas_show_how_large_they_are():
    doubled = x
    for _ in range(200):
        doubled = doubled + doubled
    for made in (Formula.of(doubled), Formula.of(sum((x**k for k in range(2_000)), x))):
        bundle = made._repr_mimebundle_()
        assert list(bundle) == ["text/plain"]
        assert made._mime_() == ("text/plain", bundle["text/plain"])
        assert "operations on x" in bundle["text/plain"]
        assert made._repr_latex_() is None
        assert len(str(made)) < 100
    long = formula(" + ".join(f"a_{k}" for k in [*range(64), *range(64)]))
    assert len(repr(long)) < 450
    assert " ... " in repr(long)
    assert len(long.text(ascii=True)) > 600


def test_python_source_computes_the_same():
    names = {"x": 0.7, "z": 1.3}
    exec(system.python(), {}, names)
    assert names["y"] == pytest.approx(system(0.7, 1.3))
    assert f.python() == "sin(x * z) + x ** 2"


def test_other_arithmetics():
    third = formula("x / 3")
    assert third.evaluate({"x": 1}, arithmetic="fraction") == Fraction(1, 3)
    assert abs(3 * third.evaluate({"x": 1}, digits=30) - 1) < mpmath.mpf("1e-29")
    kept = formula(lambda m: np.sum(m * column))
    assert kept.evaluate({"m": Fraction(1, 2)}, arithmetic="fraction") == Fraction(7, 2)
    with pytest.raises(InputError, match="got none for x"):
        third.evaluate({})
    with pytest.raises(InputError, match="did you mean x"):
        third.evaluate({"x": 1, "xx": 2})


def test_fractions_stay_exact_where_the_value_is_one():
    g = formula("x^2/3 + z")
    for _ in range(2):
        value = g(x=Fraction(1, 3), z=1)
        assert type(value) is Fraction
        assert value == Fraction(28, 27)
        assert g(0.5, 1) == pytest.approx(13 / 12)  # numbers that are called next take the way of floats
    assert type(g(Fraction(3), np.int64(-3))) is Fraction  # a whole value too
    assert type(g(Fraction(3), 0.5)) is float
    assert type(g(2, 1)) is float
    assert formula("sqrt(x)")(Fraction(1, 4)) == Fraction(1, 2)
    assert wk.differentiate("x^3/7 + 0.1x", "x")(x=Fraction(1, 3)) == Fraction(31, 210)
    for text, x in (("sin(x)", Fraction(1, 3)), ("1/x", Fraction(0)), ("x^100000", Fraction(1, 3))):
        assert type(formula(text)(x)) is float
    assert formula("1/x")(Fraction(0)) == np.inf
    with pytest.warns(UndefinedWarning, match="0 / 0"):
        assert np.isnan(formula("x/x")(Fraction(0)))


def test_numbers_of_mpmath_keep_their_digits():
    g = formula("sin(x)/z")
    with mpmath.workdps(50):
        third = mpmath.mpf(1) / 3
        assert mpmath.almosteq(g(x=third, z=Fraction(1, 7)), 7 * mpmath.sin(third), 1e-49)
        assert mpmath.almosteq(g(x=third, z=0.5), 2 * mpmath.sin(third), 1e-49)
        assert formula("x")(mpmath.pi) == +mpmath.pi
        with pytest.warns(UndefinedWarning, match="unless x > 0"):
            assert mpmath.isnan(formula("log(x)")(-third))
    few = g(x=third, z=1)
    assert few == +few  # rounded to the digits that mpmath now works with
    assert isinstance(g(x=third, z=[1, 2]), np.ndarray)
    assert isinstance(g(x=third, z=formula("a + 1")), Formula)


def test_a_decimal_in_a_formula_is_what_it_says():
    tenth = formula("0.1*x + 2.5e-3")
    assert tenth(Fraction(1, 3)) == Fraction(43, 1200)
    assert tenth.evaluate({"x": 1}, arithmetic="fraction") == Fraction(41, 400)
    twice = formula("0.1*x + 0.2*x")
    at = {"x": 7}
    assert twice.evaluate(at) == twice.simplify().formula.evaluate(at)
    # A float that is given is the binary fraction that it is.
    assert formula("x").evaluate({"x": 0.1}, arithmetic="fraction") == Fraction(0.1)
    assert formula("x").evaluate({"x": mpmath.mpf(0.1)}, arithmetic="fraction") == Fraction(0.1)
    assert formula("x").evaluate({"x": Decimal("0.1")}, arithmetic="fraction") == Fraction(1, 10)
    assert abs(formula("x - 1/10").evaluate({"x": Decimal("0.1")})) < mpmath.mpf("1e-49")


@pytest.mark.parametrize("arithmetic", ["float", "mpmath", "fraction"])
@pytest.mark.parametrize("wrong", ["0.1", None, 1j, mpmath.mpc(1, 2)], ids=repr)
def test_values_that_are_no_numbers_are_refused(arithmetic, wrong):
    with pytest.raises(InputError, match="values must be real numbers; got"):
        formula("x + 1").evaluate({"x": wrong}, arithmetic=arithmetic)


def test_digits_are_a_whole_number():
    for wrong in ("50", 20.5, None, 14):
        with pytest.raises(InputError, match="digits must be from 15 to 100\u202f000"):
            formula("x").evaluate({"x": 1}, digits=wrong)


def test_simplification_says_what_it_assumed():
    simplified = formula("x^2/x + y*0", rows="y").simplify()
    assert simplified.formula.variables == ("x", "y")
    assert simplified.formula.rows == ("y",)
    assert [str(condition) for condition in simplified.assumptions] == ["x ≠ 0"]
    assert simplified.steps
    assert repr(formula("2x + 3x").simplify()) == "Formula(5 * x)"


def test_formulas_join_by_operators_and_by_numpys_functions():
    g = formula("x + t")
    assert (f + g).variables == ("x", "z", "t")
    assert (f + g).node is f.node + g.node
    assert (2 * f - g / 3 + f**2).node is 2 * f.node - g.node / 3 + f.node**2
    assert (-f).node is -f.node
    assert abs(f).node is abs(f.node)
    assert (2**g).node is 2**g.node
    assert (+f) is f
    assert np.sin(f).node is sin(f.node)
    assert np.maximum(f, 0)(1, 1) == f(1, 1)
    assert (np.float64(2) * f).node is 2.0 * f.node
    assert np.where(g, f, 1)(x=1, t=-1, z=0) == 1
    assert np.clip(g, 0, 1)(5, 5) == 1
    assert sum([f, g, f]).node is f.node + g.node + f.node
    assert np.less(g, 3)(x=1, t=1) == 1


def test_joined_formulas_keep_rows_and_data():
    residual = formula("y - m*x", rows=("x", "y"))
    assert np.mean(residual**2) == formula("mean((y - m*x)^2)", rows=("x", "y"))
    ridge = np.mean(residual**2) + 0.1 * formula("m^2")
    assert ridge.rows == ("y", "x")
    assert ridge(y=column, m=2, x=column) == pytest.approx(np.mean(column**2) + 0.4)
    closed = formula(lambda m: np.sum(m * column))
    assert (closed + closed * 2)(1.0) == 3 * column.sum()
    assert list((closed + closed).data) == ["column"]


def test_formulas_that_do_not_fit_are_not_joined():
    with pytest.raises(InputError, match="which is a column in one"):
        formula("x + 1", rows="x") + formula("x^2")
    other = {"column": column + 1}
    with pytest.raises(InputError, match="got column, which is a column in one"):
        formula(lambda m: np.sum(m * column)) + formula(lambda m: np.sum(m * other["column"]))
    with pytest.raises(InputError, match="joined with numbers and formulas; got str"):
        f + "x"
    with pytest.raises(InputError, match="joined with numbers and formulas; got ndarray"):
        f + column
    with pytest.raises(InputError, match="joined with numbers and formulas; got ndarray"):
        column + f
    with pytest.raises(InputError, match=r"np\.mean must have rows to run over"):
        np.mean(f)
    with pytest.raises(FormulaError, match=r"np\.floor is not a function"):
        np.floor(f)
    with pytest.raises(TypeError, match="not supported"):
        assert f < 1


def test_formulas_are_put_into_formulas():
    assert f(formula("t^2"), 3).node is sin(Symbol("t") ** 2 * 3) + (Symbol("t") ** 2) ** 2
    assert f(x=formula("z + 1"), z=formula("z")) == formula("sin((z + 1)*z) + (z + 1)^2")
    at_data = cost(m=formula("k^2"), x=column, b=0, y=2 * column)
    assert at_data.variables == ("k",)
    assert at_data(2) == pytest.approx(np.mean((2 * column) ** 2))
    by_rows = cost(m=1, b=0, y=formula("2*a", rows="a"), x=formula("a + c", rows=("a", "c")))
    assert by_rows.rows == ("a", "c")
    assert by_rows(column, column) == 0
    with pytest.raises(InputError, match="x must be a column"):
        cost(m=1, b=0, y=column, x=formula("t"))
    with pytest.raises(InputError, match="m must be one number for all rows"):
        cost(m=formula("a", rows="a"), b=0, y=column, x=column)


def test_a_formula_of_a_node_takes_its_names_from_it():
    assert Formula.of(x * z + x).variables == ("x", "z")
    assert Formula.of(x, ["x", "unused"])(3, 4) == 3
    for variables, rows, text in [
        (["x"], (), "got none of the name z"),
        (["x", "z", "x"], (), "got x twice"),
        (None, ("w",), "rows must name variables"),
    ]:
        with pytest.raises(InputError, match=text):
            Formula.of(x * z, variables, rows=rows)


def test_another_formula_of_the_same_variables():
    derived = cost.alike(2 * Symbol("m"))
    assert (derived.variables, derived.rows) == (cost.variables, cost.rows)
    closed = formula(lambda m: np.sum(m * column))
    assert closed.alike(closed.node * 2)(1.0) == 2 * column.sum()


@settings(max_examples=60, deadline=None)
@given(everything(), st.data())
def test_every_tree_is_shown_and_kept(node, data):
    names = sorted(symbol.name for symbol in free_symbols(node))
    made = Formula.of(node, data.draw(st.permutations(names)))
    assert Formula.from_json(made.to_json()) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert repr(made).startswith("Formula(")
    assert made._repr_mimebundle_()["text/plain"] == repr(made)


def test_threads_call_one_formula_at_once():
    made = formula("exp(-x^2) * z + sin(x)")
    points = np.linspace(-3, 3, 200)

    def value(at):
        return made(at, 2.0) + made(points, at).sum()

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(value, points))
    wanted = [np.exp(-(at**2)) * 2 + np.sin(at) + (np.exp(-(points**2)) * at + np.sin(points)).sum() for at in points]
    np.testing.assert_allclose(got, wanted, rtol=1e-13)


def long_sum(count):
    node = x
    for k in range(count):
        node = node + (z if k % 2 else 1)
    return Formula.of(node)


def test_long_sums_are_formulas():
    made = long_sum(100_000)
    assert made(0.0, 1.0) == 100_000
    assert made(np.zeros(3), 1.0).tolist() == [100_000] * 3
    assert "100\u202f000 operations" in repr(made)


def test_long_sums_are_kept():
    made = long_sum(20_000)
    assert Formula.from_json(made.to_json()) == made
    assert pickle.loads(pickle.dumps(made)) == made
