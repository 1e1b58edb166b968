"""Every way to compute a formula gives its value, to the digits that float64 has for it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.expression.compiling.exact import IllConditionedError, exact_value
from tests.expression.compiling.ways import WAYS

from workings.expression import OPERATIONS, Apply, Node, as_node, symbols

x, z = symbols("x z")
ONE = [
    row.name for row in OPERATIONS.values() if row.arity == 1 and row.name not in {"sum", "mean", "negation", "iverson"}
]
TWO = ["add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "atan2"]
CONDITIONS = ["less", "at_most", "greater", "at_least", "equal", "different"]
POINTS = [
    (0.5, 2.0),
    (-1.25, 0.75),
    (3.0, -0.3125),
    (0.0078125, 1.0),
    (1.0, 1.0),
    (-2.0, -3.0),
    (17.0, 0.1),
    (0.0, 0.25),
]


def formulas() -> st.SearchStrategy[Node]:
    """Formulas of two variables with every operation."""
    leaves = st.one_of(
        st.sampled_from([x, z]), st.integers(-4, 4).map(as_node), st.sampled_from([0.5, 1.5, 0.1, -0.75]).map(as_node)
    )

    def grow(t: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        one = st.tuples(st.sampled_from(ONE), t).map(lambda p: Apply(p[0], p[1:]))
        two = st.tuples(st.sampled_from(TWO), t, t).map(lambda p: Apply(p[0], p[1:]))
        power = st.tuples(t, st.integers(-5, 12)).map(lambda p: p[0] ** p[1])
        condition = st.tuples(st.sampled_from(CONDITIONS), t, t).map(lambda p: Apply(p[0], p[1:]))
        choice = st.tuples(condition, t, t).map(lambda p: Apply("where", p))
        return st.one_of(two, one, power, choice, condition.map(lambda c: Apply("iverson", (c,))))

    return st.recursive(leaves, grow, max_leaves=10)


@settings(max_examples=120)
@given(formulas())
def test_every_way_gives_the_value_of_the_formula(tree):
    values = [np.array(column) for column in zip(*POINTS, strict=True)]
    found = {name: np.broadcast_to(way([tree, x], ["x", "z"], values)[0], len(POINTS)) for name, way in WAYS.items()}
    for place, (a, b) in enumerate(POINTS):
        try:
            exact, error = exact_value(tree, {"x": a, "z": b})
        except IllConditionedError:
            continue
        for name, results in found.items():
            result = float(results[place])
            if isinstance(exact, bool) or not math.isfinite(exact):
                assert np.array_equal(result, float(exact), equal_nan=True), (name, a, b)
            else:
                assert abs(result - exact) <= 1.01 * error, (name, a, b, float(exact))


EDGES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.0,
    3.0,
    709.0,
    -745.0,
    1e22,
    -1e300,
    5e-324,
    -1e-310,
    math.inf,
    -math.inf,
    math.nan,
]


@pytest.mark.parametrize("name", ONE)
def test_edges_of_functions_are_alike_in_every_way(name):
    values = [np.array(EDGES)]
    assert_alike(Apply(name, (x,)), ["x"], values)


@pytest.mark.parametrize("name", [*TWO, *CONDITIONS, "both", "either"])
def test_edges_of_operations_are_alike_in_every_way(name):
    values = [grid.ravel() for grid in np.meshgrid(EDGES, EDGES)]
    assert_alike(Apply(name, (x, z)), ["x", "z"], values)


@pytest.mark.parametrize(
    "exponent", [-3, -2, -1, 0, 1, 2, 3, 5, 64, 65, -65, 0.5, -0.5, 1.5, 1 / 3, math.inf, math.nan, 1e300]
)
def test_edges_of_powers_by_a_number_are_alike_in_every_way(exponent):
    assert_alike(x**exponent, ["x"], [np.array(EDGES)])


def assert_alike(tree, names, values):
    """Hold every way against NumPy's own functions: infinities, NaN, zeros, and to a few digits' ends the rest."""
    given = dict(zip(names, values, strict=True))
    with np.errstate(all="ignore"):
        wanted = tree.operation.numpy(*(given[a.name] if a in (x, z) else float(a.value) for a in tree.args))
    for name, way in WAYS.items():
        found = np.asarray(way([tree, x], names, values)[0] + np.zeros(len(values[0])))
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-300, equal_nan=True, err_msg=name)
