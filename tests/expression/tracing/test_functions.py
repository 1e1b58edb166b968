"""Traced functions compute what NumPy computes, and are written as they were typed."""

# ruff: noqa: PLW0108 -- a lambda is what is traced, and its line what is named

from __future__ import annotations

import functools
import math
import operator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

import workings as wk
from workings.expression import Number, evaluate, postorder, softplus, symbols, to_text
from workings.expression.formula import formula
from workings.expression.tracing import trace

x, z = symbols("x z")

UNARY = [
    *(np.negative, np.abs, np.square, np.exp, np.expm1, np.sin, np.cos, np.tanh, np.arctan, np.arcsinh, np.cbrt),
    *(np.sqrt, np.log, np.log1p, np.log2, np.log10, np.arcsin, np.arccosh, np.arctanh, np.sign, np.exp2, np.radians),
    *(np.sinh, np.cosh, np.tan, np.arccos, np.reciprocal, np.positive, np.fabs, np.degrees),
    *(special.expit, special.erf, special.erfc, special.gamma, special.gammaln, special.psi, special.ndtr),
]
BINARY = [
    *(np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.arctan2, np.heaviside),
]
COMPARISONS = [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal]

leaves = st.sampled_from(["x", "z"]) | st.sampled_from([0.5, -1.5, 2.0, 3.0, 0.0])


def grown(parts: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    choice = st.tuples(st.just(np.where), st.tuples(st.sampled_from(COMPARISONS), parts, parts), parts, parts)
    clipped = st.tuples(st.just(np.clip), parts, st.just(-1.0), st.just(1.0))
    return (
        st.tuples(st.sampled_from(UNARY), parts)
        | st.tuples(st.sampled_from(BINARY), parts, parts)
        | st.tuples(st.sampled_from(COMPARISONS), parts, parts).map(lambda test: (np.multiply, test, 2.0))
        | choice
        | clipped
    )


def run(part, x, z):
    """Run a random function on whatever x and z are: numbers, arrays, traced values."""
    if isinstance(part, tuple):
        return part[0](*(run(arg, x, z) for arg in part[1:]))
    return {"x": x, "z": z}.get(part, part) if isinstance(part, str) else part


functions = st.recursive(leaves, grown, max_leaves=12).filter(lambda part: isinstance(part, tuple))
numbers = st.floats(-4, 4).map(lambda value: round(value, 3))


@settings(max_examples=300, deadline=None)
@given(functions, numbers, numbers)
def test_a_random_function_has_numpys_value(part, at_x, at_z):
    with np.errstate(all="ignore"):  # of constants
        node = trace(lambda x, z: run(part, x, z)).node
        wanted = float(run(part, np.float64(at_x), np.float64(at_z)))
    np.testing.assert_allclose(evaluate(node, {"x": at_x, "z": at_z}), wanted, rtol=1e-12, atol=1e-300)


@settings(max_examples=50, deadline=None)
@given(functions, st.lists(numbers, min_size=2, max_size=5))
def test_a_random_function_has_numpys_values_over_arrays(part, values):
    values_x, values_z = np.array(values), np.array(values[::-1])
    with np.errstate(all="ignore"):
        wanted = run(part, values_x, values_z) * np.ones(len(values))
        node = trace(lambda x, z: run(part, x, z)).node
    got = evaluate(node, {"x": values_x, "z": values_z}) * np.ones(len(values))
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-300)


def same(function, node):
    assert trace(function).node is node


def test_pythons_operators_build_what_is_typed():
    same(lambda x, z: -x + z - 2 * x / z**3, -x + z - 2 * x / z**3)
    same(lambda x, z: +x + abs(z), x + abs(z))
    same(lambda x, z: 2**x - (1 / z) @ (3 * x) if False else 2**x, 2**x)
    same(lambda x, z: pow(x, 2) + (3 - x) + (2.5 + z), x**2 + (3 - x) + (2.5 + z))


def test_sums_and_products_of_python_begin_with_their_first_term():
    same(lambda x, z: sum([x, z, 2 * x]), x + z + 2 * x)
    same(lambda x, z: math.prod([x, z, x]), x * z * x)
    assert to_text(trace(lambda x: 0.0 + 1.0 * x).node) == "0.0 + 1.0·x"


def test_pi_and_e_are_the_constants():
    assert to_text(trace(lambda x: np.pi * x + math.e).node) == "π·x + e"
    assert trace(lambda x: 3.14159 * x).node is 3.14159 * x


def test_conditions_count_one_or_zero_as_in_numpy():
    f = trace(lambda x: (x > 0) * x + np.add(x > 0, x > 1) + (True + x)).node
    for value in (-1.0, 0.5, 2.0):
        assert evaluate(f, {"x": value}) == (value > 0) * value + (value > 0) + (value > 1) + 1 + value
    assert evaluate(trace(lambda x: x >= 2).node, {"x": 2}) == 1


def test_conditions_are_joined_by_signs_and_by_numpy():
    def inside(x, z):
        return np.where((x > 0) & (x < 1) | ~(z == 2), 1, 0)

    def by_name(x, z):
        return np.where(np.logical_or(np.logical_and(x > 0, x < 1), np.logical_not(z == 2)), 1, 0)

    for f in (inside, by_name):
        node = trace(f).node
        for at_x in (-1, 0.5, 1):
            for at_z in (2, 3):
                assert evaluate(node, {"x": at_x, "z": at_z}) == int((0 < at_x < 1) or at_z != 2)
    same(lambda x, z: np.where(x != z, x, z), trace(lambda x, z: np.where(np.not_equal(x, z), x, z)).node)


def test_numbers_as_conditions_hold_where_they_are_not_zero():
    node = trace(lambda x: np.where(x, 5, 7)).node
    assert [evaluate(node, {"x": value}) for value in (0, 3)] == [7, 5]


def test_conditions_that_are_known_choose():
    same(lambda x, z: np.where(True, x, z), x)
    same(lambda x, z: np.where(np.bool_(False), x, z), z)
    same(lambda x, z: np.where(0.0, x, z), z)
    for known in (True, False):
        made = formula(lambda x, known=known: np.where((x > 0) & known, 1, 2))
        assert formula(made.text()) == made
        assert made(1) == (1 if known else 2)


def test_select_takes_the_first_condition_that_holds():
    node = trace(lambda x: np.select([x < 0, x < 1], [-x, x**2], default=x)).node
    assert [evaluate(node, {"x": value}) for value in (-2.0, 0.5, 3.0)] == [2.0, 0.25, 3.0]


def test_arrays_like_a_value_are_constants_over_its_rows():
    node = trace(lambda x: np.where(x > 0, x, np.zeros_like(x)) + np.full_like(x, 3)).node
    assert [evaluate(node, {"x": value}) for value in (-2, 5)] == [3, 8]
    count = formula(lambda x: np.sum(np.ones_like(x)), rows=("x",))
    assert count([4, 5, 6]) == 3


def test_clipping_knows_open_limits():
    for f, wanted in [
        (lambda x: np.clip(x, 0, None), [0, 1, 5]),
        (lambda x: np.clip(x, None, 2), [-3, 1, 2]),
        (lambda x: np.clip(x, a_min=0, a_max=2), [0, 1, 2]),
        (lambda x: np.clip(x, min=0, max=2), [0, 1, 2]),
        (lambda x: x.clip(0, 2), [0, 1, 2]),
    ]:
        node = trace(f).node
        assert [evaluate(node, {"x": value}) for value in (-3, 1, 5)] == wanted


@pytest.mark.parametrize(
    ("function", "points"),
    [
        (special.logit, [0.1, 0.5, 0.999]),
        (special.log_expit, [-800.0, 0.0, 30.0]),
        (special.ndtri, [0.1, 0.975]),
        (special.exp10, [-2.0, 0.5]),
        (special.loggamma, [0.5, 30.0]),
    ],
)
def test_functions_of_scipy_have_its_values(function, points):
    node = trace(lambda x: function(x)).node
    for point in points:
        assert evaluate(node, {"x": point}) == pytest.approx(float(function(point)), rel=1e-14)


def test_sums_of_logarithms_do_not_overflow():
    node = trace(lambda x, z: np.logaddexp(x, z)).node
    for pair in [(1000.0, 999.0), (0.0, 0.0), (-1000.0, 5.0), (3.0, -2.0)]:
        assert evaluate(node, dict(zip("xz", pair, strict=True))) == pytest.approx(np.logaddexp(*pair), rel=1e-15)


def test_softplus_is_recognised():
    assert trace(lambda x: np.logaddexp(0, x)).node is trace(lambda x: np.logaddexp(x, 0.0)).node is softplus(x)
    assert trace(lambda x: special.softplus(2 * x)).node is softplus(2 * x)


def test_zero_times_a_logarithm_is_zero_where_scipy_says_so():
    node = trace(lambda x, z: special.xlogy(x, z) + special.xlog1py(x, z)).node
    assert evaluate(node, {"x": 0.0, "z": -2.0}) == 0
    assert evaluate(node, {"x": 2.0, "z": 3.0}) == pytest.approx(2 * np.log(3) + 2 * np.log(4))


def test_functions_that_call_functions_are_traced_through():
    def outer(x, z, power=3):
        def inner(t):
            return functools.reduce(operator.mul, [t] * power)

        return inner(x + z)

    same(outer, (x + z) * (x + z) * (x + z))


def test_an_argument_with_a_default_keeps_it_unless_it_is_defined():
    def f(x, scale=2, *, shift=1):
        return scale * x + shift

    assert trace(f).variables == ("x",)
    same(f, 2 * x + 1)
    assert formula(f, shift="z^2").node is 2 * x + z**2
    assert formula(lambda x, scale=2: scale * x, scale=5).node is 5 * x


def test_callables_of_every_kind_are_traced():
    class Line:
        def __call__(self, x):
            return 2 * x

        def value(self, x):
            return 3 * x

    assert trace(Line()).node is 2 * x
    assert trace(Line().value).node is 3 * x
    assert trace(functools.partial(lambda a, x: a * x, 4)).node is 4 * x
    assert trace(functools.partial(lambda x, a: a * x, a=4)).node is 4 * x
    assert trace(lambda *, x, z: x - z).node is x - z
    assert trace(np.sin).variables == ("x",)
    assert trace(np.arctan2).variables == ("x1", "x2")


def test_a_constant_function_is_a_formula_without_influence():
    made = trace(lambda x: 7)
    assert (made.node.value, made.variables) == (7, ("x",))


def test_names_of_functions_name_their_formulas():
    def cost(m):
        return m**2

    assert trace(cost).name == "cost"
    assert trace(lambda m: m**2).name is None

    def m(m):
        return m**2

    assert trace(m).name is None

    def exp(m):
        return m**2

    assert trace(exp).name is None


@pytest.mark.parametrize("count", [100_000])
def test_long_chains_are_traced_without_recursion(count):
    def chain(x, z):
        value = x
        for _ in range(count // 2):
            value = np.multiply(value, z) + 1
        return value

    f = formula(chain)
    assert f.variables == ("x", "z")
    assert f(1.0, 0.0) == 1.0
    assert f(1.0, 1.0) == 1 + count // 2
    assert len(repr(f)) < 1000


def test_whole_and_half_numbers_of_numpy_become_pythons():
    node = trace(lambda x: np.float32(0.5) * x + np.int64(2) + np.array(3.0)).node
    assert node is 0.5 * x + 2 + 3.0


@pytest.mark.parametrize("name", ["sigmoid", "logit", "log_sigmoid", "sigmoid_derivative"])
def test_our_own_functions_are_operations_of_the_formula(name):
    function = getattr(wk, name)
    traced, direct, joined = formula(lambda x: function(x / 2)), formula(function), function(formula("x/2"))
    for point in (0.25, 0.75, 1.75):
        assert traced(point) == joined(point) == pytest.approx(function(point / 2), rel=1e-15)
        assert direct(point / 2) == traced(point)
    assert formula(wk.sigmoid) == formula("sigmoid(x)")


@settings(max_examples=100, deadline=None)
@given(functions, numbers, numbers)
def test_the_text_of_a_traced_function_computes_the_same(part, at_x, at_z):
    with np.errstate(all="ignore"):
        made = formula(lambda x, z: run(part, x, z))
    assume(not any(isinstance(n, Number) and not math.isfinite(n.value) for n in postorder(made.node)))
    read = formula(made.text())
    values = {name: {"x": at_x, "z": at_z}[name] for name in read.variables}
    np.testing.assert_allclose(evaluate(read.node, values), evaluate(made.node, {"x": at_x, "z": at_z}), rtol=1e-12)
