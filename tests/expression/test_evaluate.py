"""An expression has one value, whichever arithmetic computes it."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import special, stats

from workings.errors import InputError
from workings.expression import (
    OPERATIONS,
    Apply,
    at_least,
    equal,
    equation,
    evaluate,
    exp,
    indexed,
    iverson,
    largest,
    less,
    log,
    normal_cdf,
    normal_quantile,
    number,
    operation_count,
    partial,
    product_of,
    sigmoid,
    smallest,
    sqrt,
    symbols,
    total,
    where,
)
from workings.expression.build import elided
from workings.expression.evaluation import _Evaluation

from .trees import integers_only, rationals, well_conditioned

x, y, i, j, k, n = symbols("x y i j k n")
xi = indexed("x", i)
ARITHMETICS = ["float", "mpmath", "fraction"]


@given(integers_only())
def test_integers_are_exact_in_every_arithmetic(tree):
    exact = evaluate(tree, arithmetic="fraction")
    assert type(exact) is int
    assert evaluate(tree) == exact
    assert evaluate(tree, arithmetic="mpmath") == exact


@given(rationals())
@settings(deadline=None)
def test_mpmath_agrees_with_exact_fractions(tree):
    try:
        exact = evaluate(tree, arithmetic="fraction")
    except InputError:  # a division by 0, which mpmath must survive
        evaluate(tree, arithmetic="mpmath")
        evaluate(tree)
        return
    got = evaluate(tree, arithmetic="mpmath", digits=200)
    with mpmath.workdps(250):
        expected = mpmath.mpf(exact.numerator) / exact.denominator
        assert abs(got - expected) <= mpmath.mpf(10) ** -120 * (1 + abs(expected))


@given(well_conditioned())
@settings(deadline=None)
def test_floats_agree_with_mpmath(tree):
    precise = evaluate(tree, arithmetic="mpmath")
    if 1e-250 < precise < 1e250:
        assert evaluate(tree) == pytest.approx(float(precise), rel=1e-9)


@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "expm1",
        "log",
        "log1p",
        "log2",
        "log10",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sigmoid",
        "normal_cdf",
        "absolute",
    ],
)
def test_each_function_is_the_same_in_floats_and_mpmath(name):
    grid = np.concatenate([np.linspace(-9, 9, 37), [1e-9, -1e-9, 1e-300, 0.0, -0.0, 30.0, -30.0]])
    node = Apply(name, (x,))
    floats = evaluate(node, {"x": grid})
    for value, got in zip(grid, floats, strict=True):
        precise = evaluate(node, {"x": value}, arithmetic="mpmath")
        assert got == pytest.approx(float(precise), rel=1e-12, abs=1e-300, nan_ok=True), value


def test_functions_have_their_known_values():
    assert evaluate(exp(x), {"x": 1}) == math.e
    assert evaluate(sigmoid(x), {"x": [-800, 0, 800]}).tolist() == [0.0, 0.5, 1.0]
    assert evaluate(sigmoid(x), {"x": -30.0}) == pytest.approx(special.expit(-30.0), rel=1e-14)
    assert evaluate(normal_quantile(x), {"x": 0.975}) == pytest.approx(1.959963984540054, rel=1e-15)


@pytest.mark.parametrize("p", [1e-300, 1e-20, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 1 - 2**-53])
def test_the_normal_quantile_inverts_the_normal_distribution_at_fifty_digits(p):
    z = evaluate(normal_quantile(x), {"x": p}, arithmetic="mpmath")
    assert float(z) == pytest.approx(stats.norm.ppf(p), rel=1e-12, abs=1e-15)
    back = evaluate(normal_cdf(x), {"x": z}, arithmetic="mpmath")
    assert abs(back / mpmath.mpf(p) - 1) < mpmath.mpf(10) ** -44


@pytest.mark.parametrize("arithmetic", ["float", "mpmath"])
@pytest.mark.parametrize(
    "tree",
    [
        number(0) / 0,
        number(0.0) / 0,
        log(-1),
        sqrt(-1),
        number(-8) ** number(0.5),
        normal_quantile(2),
        smallest(xi, i, 1, 0),
    ],
)
def test_undefined_mathematics_is_nan_without_a_warning(tree, arithmetic):
    assert math.isnan(evaluate(tree, {"x": [1.0]}, arithmetic=arithmetic))


@pytest.mark.parametrize("arithmetic", ["float", "mpmath"])
def test_what_leaves_the_range_is_infinite(arithmetic):
    assert evaluate(number(1) / 0, arithmetic=arithmetic) == math.inf
    assert evaluate(number(-1) / 0, arithmetic=arithmetic) == -math.inf
    assert evaluate(log(0), arithmetic=arithmetic) == -math.inf
    assert evaluate(exp(exp(exp(number(100)))), arithmetic=arithmetic) == math.inf
    assert evaluate(1 / (1 + exp(exp(exp(number(100))))), arithmetic=arithmetic) == 0


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_towers_of_powers_do_not_hang(arithmetic):
    tower = number(10) ** (number(10) ** 9)
    if arithmetic == "fraction":
        with pytest.raises(InputError, match="bits"):
            evaluate(tower, arithmetic=arithmetic)
    else:
        assert evaluate(tower, arithmetic=arithmetic) > 1e300


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_sums_products_and_extremes(arithmetic):
    values = {"x": [3, 1, 2], "n": 3}
    for node, expected in [
        (total(xi, i, 1, n), 6),
        (product_of(xi, i, 1, n), 6),
        (smallest(xi, i, 1, n), 1),
        (largest(xi, i, 1, n), 3),
        (total(xi, i, 2, 3), 3),
        (total(xi, i, 2, 1), 0),
        (product_of(xi, i, 2, 1), 1),
        (total(i * i, i, 1, 4), 30),
        (total(y, i, 1, 4), 28),
        (total(iverson(less(xi, 3)), i, 1, n), 2),
    ]:
        assert evaluate(node, values | {"y": 7}, arithmetic=arithmetic) == expected, str(node)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_sums_within_sums(arithmetic):
    a = np.arange(12).reshape(3, 4)
    aij = indexed("a", i, j)
    for node, expected in [
        (total(total(aij, j, 1, 4) ** 2, i, 1, 3), (a.sum(1) ** 2).sum()),
        (total(total(aij, j, 1, i), i, 1, 3), np.tril(a).sum()),
        (total(largest(aij, j, 1, 4) * i, i, 1, 3), (a.max(1) * [1, 2, 3]).sum()),
        (total(total(indexed("v", i), j, 1, 4), i, 1, 3), 4 * 6),
        (total(total(total(indexed("v", i) * k, k, 1, 2), j, 1, 4), i, 1, 3), 4 * 6 * 3),
        (total(total(i, i, 1, i), i, 1, 3), 1 + 3 + 6),
        (total(i * total(i, i, 1, 2), i, 1, 3), 18),
        (product_of(total(aij + 1, j, 1, 4), i, 1, 3), np.prod((a + 1).sum(1))),
    ]:
        assert evaluate(node, {"a": a, "v": [1, 2, 3]}, arithmetic=arithmetic) == expected, str(node)


def test_a_long_sum_is_the_same_in_however_many_pieces(monkeypatch):
    data = np.random.default_rng(0).normal(size=1000)
    node = total(total(indexed("x", i) * indexed("x", j), j, 1, 10), i, 1, 1000)
    extremes = [smallest(xi, i, 1, 1000), largest(xi, i, 1, 1000), total(xi**2, i, 1, 1000)]
    whole = [evaluate(part, {"x": data}) for part in [node, *extremes]]
    monkeypatch.setattr("workings.expression.evaluation._CELLS", 64, raising=True)
    assert [evaluate(part, {"x": data}) for part in [node, *extremes]] == whole


def test_a_sum_of_floats_is_rounded_once():
    data = [1e16, 1.0, -1e16] * 1000
    assert evaluate(total(xi, i, 1, len(data)), {"x": data}) == 1000.0
    inner = total(total(indexed("a", i, j), j, 1, 3), i, 1, 1)
    assert evaluate(inner, {"a": [[1e16, 1.0, -1e16]]}) == 1.0


@pytest.mark.parametrize(
    ("data", "expected"), [([math.inf, -math.inf], math.nan), ([1e308, 1e308], math.inf), ([1.0, math.nan], math.nan)]
)
def test_a_sum_that_overflows_says_so_as_floats_do(data, expected):
    assert evaluate(total(xi, i, 1, 2), {"x": data}) == pytest.approx(expected, nan_ok=True)


def test_the_logarithm_of_a_sigmoid_is_finite_where_the_sigmoid_is_0_in_floats():
    z, y, i = symbols("z y i")
    scores = np.array([-800.0, 800.0, -1e6, 0.0, 2.0])
    found = evaluate(log(sigmoid(z)), {"z": scores})
    expected = [float(evaluate(log(sigmoid(z)), {"z": score}, arithmetic="mpmath")) for score in scores.tolist()]
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=1e-300)
    # A row that is certainly no costs nothing: not 0 times infinity.
    loss = total(indexed(y, i) * log(sigmoid(indexed(z, i))), i, 1, 2)
    assert evaluate(loss, {"y": [0, 1], "z": [-800.0, -0.0]}) == -math.log(2)
    assert evaluate(log(sigmoid(z)), {"z": np.array([True, False])}) == pytest.approx([-0.3132616875, -0.6931471806])
    assert evaluate(log(sigmoid(z)), {sigmoid(z): 0.5}) == -math.log(2)


def test_integer_data_never_overflows():
    big = np.array([2**62, 2**62, 2**62])
    assert evaluate(total(xi, i, 1, 3), {"x": big}) == 3 * 2**62
    assert evaluate(total(xi * xi, i, 1, 3), {"x": big}) == 3 * 2**124
    assert evaluate(total(xi**3 - xi, i, 1, 3), {"x": big}) == 3 * (2**186 - 2**62)
    assert evaluate(total(xi, i, 1, 2), {"x": np.array([2**64 - 1, 1], dtype=np.uint64)}) == 2**64
    assert evaluate(total(xi, i, 1, 300), {"x": np.ones(300, dtype=np.uint8)}) == 300
    assert evaluate(x / y, {"x": 2**2000, "y": 2**1999}) == 2.0


@pytest.mark.parametrize(
    "column",
    [
        np.array([True, False]),
        np.array([2**80, -3], dtype=object),
        np.array([1, 2], dtype=np.uint8),
        np.array([], dtype=int),
        np.array([], dtype=float),
        np.array(3),
        np.float32(2),
    ],
    ids=lambda column: f"{column.dtype}{column.shape}",
)
def test_every_operation_takes_every_kind_of_number(column):
    for row in OPERATIONS.values():
        node = Apply(row, symbols("a b c"[: 2 * row.arity]))
        if row.over_rows:
            evaluate(node, {"a": np.atleast_1d(column)})
            continue
        for other in (2, 2.5, True, 10**400, column):
            evaluate(node, {"a": column, "b": other, "c": 1})
            evaluate(node, {"a": other, "b": column, "c": 1})


def test_integers_beyond_every_float_have_a_sign_and_a_truth():
    huge = 10**400
    assert evaluate(exp(-x), {"x": huge}) == 0.0
    assert evaluate(x / y, {"x": -(10**900), "y": huge}) == -math.inf
    assert evaluate(iverson(x), {"x": huge}) == 1
    assert evaluate(less(x, y), {"x": np.array([True, False]), "y": -huge}).tolist() == [False, False]


def test_comparisons_are_exact_where_floats_would_meet():
    assert evaluate(less(x, y), {"x": 2.0**53, "y": 2**53 + 1}) is True
    assert evaluate(equal(x, y), {"x": np.array([2.0**53]), "y": np.array([2**53 + 1])}).tolist() == [False]
    assert evaluate(equal(x, number(Fraction(1, 10))), {"x": 0.1}, arithmetic="fraction") is False


def test_floats_are_taken_as_the_binary_fractions_that_they_are():
    precise = evaluate(x, {"x": 0.1}, arithmetic="mpmath")
    assert precise == mpmath.mpf(0.1)
    assert evaluate(x, {"x": np.float32(0.1)}, arithmetic="fraction") == Fraction(float(np.float32(0.1)))


def test_digits_are_kept_when_handed_out():
    third = evaluate(number(1) / 3, arithmetic="mpmath", digits=80)
    with mpmath.workdps(90):
        assert abs(third * 3 - 1) < mpmath.mpf(10) ** -79
    assert evaluate(number(10**40) + 1, arithmetic="mpmath") - 10**40 == 1


def test_threads_compute_at_their_own_precision():
    def third(digits: int) -> bool:
        value = evaluate(number(1) / 3, arithmetic="mpmath", digits=digits)
        return value._mpf_[3] <= 4 * digits and value._mpf_[3] >= 3 * digits

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(third, [15, 200, 50, 1000] * 20))


def test_arrays_broadcast_where_a_symbol_has_no_index():
    grid = np.linspace(0, 1, 5)
    got = evaluate(where(at_least(x, 0.5), x * y, -1), {"x": grid, "y": 2})
    assert got.tolist() == [-1, -1, 1.0, 1.5, 2.0]


def test_a_node_may_be_given_a_value():
    derivative = partial(y, x)
    assert evaluate(derivative * 2, {derivative: 1.5}) == 3.0
    assert evaluate(derivative * 2, {"∂y/∂x": 1.5}) == 3.0
    assert evaluate(exp(x) + 1, {exp(x): 4}) == 5
    assert evaluate(xi, {xi: 4}) == 4
    assert evaluate(total(xi, i, 1, 2), {x: [1, 2]}) == 3


def test_a_shortened_sum_has_the_value_of_the_sum():
    node = elided(total(xi, i, 1, n), (1, 2), (9,))
    assert evaluate(node, {"x": range(1, 10), "n": 9}) == 45


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: evaluate(x), "value for x"),
        (lambda: evaluate(xi, {"i": 1}), "value for x"),
        (lambda: evaluate(xi, {"x": [1.0], "i": 0}), "from 1 to 1; got 0"),
        (lambda: evaluate(xi, {"x": [1.0], "i": 2}), "from 1 to 1; got 2"),
        (lambda: evaluate(xi, {"x": [1.0], "i": 0.5}), "whole"),
        (lambda: evaluate(xi, {"x": [1.0], "i": math.nan}), "whole"),
        (lambda: evaluate(total(xi, i, 1, 3), {"x": [1.0, 2.0]}), "from 1 to 2; got 3"),
        (lambda: evaluate(xi, {"x": [[1.0]], "i": 1}), "dimensions"),
        (lambda: evaluate(total(i, i, 1, n), {"n": 2.5}), "limits"),
        (lambda: evaluate(total(i, i, 1, n), {"n": math.nan}), "limits"),
        (lambda: evaluate(total(i, i, 1, n), {"n": math.inf}), "limits"),
        (lambda: evaluate(total(x, i, 1, 3), {"x": [1.0, 2.0, 3.0]}), "must have an index"),
        (lambda: evaluate(x, {"x": [1.0, 2.0]}, arithmetic="mpmath"), "one number"),
        (lambda: evaluate(equation(x, 1), {"x": 1}), "one side"),
        (lambda: evaluate(x, {"x": 1}, arithmetic="decimal"), "arithmetic must"),
        (lambda: evaluate(x, {"x": 1}, arithmetic="mpmath", digits=3), "digits must"),
        (lambda: evaluate(exp(1), arithmetic="fraction"), "for exp"),
        (lambda: evaluate(number(1) / 0, arithmetic="fraction"), "denominator"),
        (lambda: evaluate(number(math.nan) + 1, arithmetic="fraction"), "finite"),
        (lambda: evaluate(sqrt(2), arithmetic="fraction"), "square"),
        (lambda: evaluate(number(2) ** number(Fraction(1, 2)), arithmetic="fraction"), "whole"),
    ],
)
def test_what_has_no_value_is_refused_with_its_reason(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_sums_nested_too_deep_are_refused():
    node = x
    for _ in range(40):
        node = total(node, i, 1, 1)
    with pytest.raises(InputError, match="nested"):
        evaluate(node, {"x": 1})


def test_operations_are_counted_as_if_term_by_term():
    assert operation_count(x + y * 2) == 2
    assert operation_count(total(xi**2, i, 1, n), {"n": 10}) == 20
    assert operation_count(total(total(xi * j, j, 1, 5), i, 1, n), {"n": 10}) == 10 * (1 + 5 * 2)
    assert operation_count(total(total(xi * j, j, 1, i), i, 1, n), {"n": 4}) == 4 + 2 * (1 + 2 + 3 + 4)
    assert operation_count(total(xi, i, 1, 10**12)) == 10**12


def test_a_part_without_the_index_is_computed_once_outside_the_sum():
    calls = []

    class Counting(_Evaluation):
        def _compute(self, node, scope):
            calls.append(node)
            return super()._compute(node, scope)

    mean = total(xi, i, 1, 3) / 3
    from workings.expression.arithmetics import FractionArithmetic

    assert Counting({"x": [1, 2, 6]}, FractionArithmetic()).result(total((indexed("x", j) - mean) ** 2, j, 1, 3)) == 14
    assert calls.count(mean) == 1


def test_every_operation_has_a_way_in_each_arithmetic_that_it_claims():
    for row in OPERATIONS.values():
        values = dict.fromkeys("abc"[: row.arity], np.array([1, 1]) if row.over_rows else 1)
        node = Apply(row, symbols(" ".join(values)))
        float(evaluate(node, values))
        float(evaluate(node, values, arithmetic="mpmath"))
        if row.fraction is not None:
            float(evaluate(node, values, arithmetic="fraction"))
