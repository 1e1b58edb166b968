"""Long formulas: neither deep recursion, nor memory for every step, nor a compiler that takes minutes."""

from __future__ import annotations

import tracemalloc
from functools import reduce
from operator import mul

import numpy as np
import pytest
from tests.expression.compiling.ways import by_kernel, by_tape

from workings.expression import Apply, cos, evaluate, exp, greater, sin, symbol, symbols, tanh, where
from workings.expression.compiling import compile_nodes
from workings.expression.compiling.layout import Layout
from workings.expression.compiling.module import write_module
from workings.expression.compiling.plan import make_plan
from workings.expression.compiling.program import write_program

x, z = symbols("x z")
DEPTH = 100_000


@pytest.fixture(scope="module")
def chain():
    tree = x
    for _ in range(DEPTH):
        tree = tree + 1
    return tree


@pytest.mark.parametrize("given", [0.5, np.arange(3.0), np.arange(20_000.0)], ids=["number", "small", "large"])
def test_a_hundred_thousand_steps_are_computed(chain, given):
    (found,) = compile_nodes([chain], ["x"])(given)
    assert np.array_equal(found, given + DEPTH)


def test_a_hundred_thousand_steps_end_in_a_sum(chain):
    given = np.arange(1000.0)
    (found,) = compile_nodes([Apply("mean", (chain,))], ["x"], rows=["x"])(given)
    assert found == given.mean() + DEPTH


def test_the_tape_holds_only_what_is_still_needed():
    tree = x
    for k in range(1_500):
        tree = sin(tree) + x * k
    given = np.ones(100_000)
    compiled = compile_nodes([tree], ["x"])
    compiled(given)
    tracemalloc.start()
    (found,) = compiled(given)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 12 * found.nbytes
    assert found[0] == pytest.approx(evaluate(tree, {"x": 1.0}), rel=1e-12)


def test_hundreds_of_variables_and_their_products_are_computed():
    names = [f"x_{k}" for k in range(600)]
    terms = [symbol(name) for name in names]
    product = reduce(mul, terms)
    values = np.random.default_rng(0).uniform(0.9, 1.1, 600)
    assert compile_nodes([product], names)(*values)[0] == pytest.approx(np.prod(values), rel=1e-12)
    (found,) = compile_nodes([product], names)(*(np.full(20_000, v) for v in values))
    np.testing.assert_allclose(found, np.prod(values), rtol=1e-12)


def test_buffers_are_not_written_while_they_are_read():
    tree = where(greater(x, z), x - z, where(greater(x * z, 0), exp(x), tanh(z))) ** 3 + Apply(
        "iverson", (greater(x, 1),)
    )
    for _ in range(4):
        tree = where(greater(tree, x), tree - x, sin(tree)) * cos(tree) + tree
    rng = np.random.default_rng(1)
    values = [rng.normal(size=30_000), rng.normal(size=30_000)]
    np.testing.assert_allclose(
        by_tape([tree, x], ["x", "z"], values)[0],
        evaluate(tree, {"x": values[0], "z": values[1]}),
        rtol=1e-12,
        atol=1e-13,
    )


@pytest.mark.parametrize("function", [sin, exp, tanh, lambda t: t**7, lambda t: Apply("gamma", (t,))])
def test_long_code_grows_in_step_with_the_formula(function):
    """The instructions of an elementary function stand once where a formula has very many of them."""
    lengths = []
    for count in (100, 200, 400):
        tree = x
        for k in range(count):
            tree = function(tree * 0.1 + k)
        plan = make_plan(write_program([tree], ["x"]), (True,))
        lengths.append(len(write_module(Layout(plan, ("d",)))[0]))
    assert lengths[2] - lengths[1] < 2.2 * (lengths[1] - lengths[0])
    assert lengths[2] < 400_000


def test_functions_written_apart_have_the_same_digits():
    rng = np.random.default_rng(2)
    given = rng.normal(size=1_003)
    few = by_kernel([sin(x), exp(x), x**7], ["x"], [given])
    many = by_kernel([sin(x), exp(x), x**7, *(sin(x + k) for k in range(20))], ["x"], [given])
    for one, other in zip(few, many, strict=False):
        assert np.array_equal(one, other)


def test_nothing_but_our_names_stands_in_generated_code():
    hostile = ["__import__('os').system('true')", "x\n    raise SystemExit", '"; ret void }', "한글", "lambda", "%v1"]
    tree = reduce(mul, map(symbol, hostile)) + 0.1
    program = write_program([tree], hostile)
    text, _ = write_module(Layout(make_plan(program, (True,) * 6), ("d",) * 6))
    assert not any(name in text for name in hostile[:5])
    values = [1.5, 2.0, 0.5, 3.0, 1.0, 2.0]
    wanted = np.prod(values) + 0.1
    assert compile_nodes([tree], hostile)(*values)[0] == pytest.approx(wanted)
    assert compile_nodes([tree], hostile)(*map(np.array, [[v] for v in values]))[0] == pytest.approx(wanted)
    assert compile_nodes([tree], hostile)(*(np.full(20_000, v) for v in values))[0][9] == pytest.approx(wanted)
