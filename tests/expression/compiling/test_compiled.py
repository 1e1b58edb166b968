"""What a compiled formula takes and returns: numbers, arrays of every kind and shape, and what it refuses."""

from __future__ import annotations

import gc
import warnings
import weakref
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from workings.errors import InputError
from workings.expression import (
    Apply,
    as_node,
    equation,
    evaluate,
    exp,
    greater,
    indexed,
    log,
    sin,
    sqrt,
    symbols,
    total,
    where,
)
from workings.expression.compiling import compile_nodes
from workings.expression.reading import parse

x, z, i, n = symbols("x z i n")
TREES = [sin(x * z) + x**2 * exp(-z), where(greater(x, z), log(x), x / z), x**-3 + 2**x + x**0.5 + sqrt(z)]
SMALL, LARGE = 50, 40_000


def expected(tree, *values):
    return evaluate(tree, dict(zip(("x", "z"), values, strict=True)))


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=4e-15, atol=4e-15)


@pytest.mark.parametrize("shape", [(), (5,), (1, 3), (LARGE,), (200, 200), (3, 100, 100), (2, 1, 30_000)])
def test_values_are_those_of_the_trees(shape):
    rng = np.random.default_rng(1)
    values = rng.normal(size=shape), rng.normal(size=shape)
    for tree, found in zip(TREES, compile_nodes(TREES, ["x", "z"])(*values), strict=True):
        close(found, expected(tree, *values))


@pytest.mark.parametrize(
    "shapes",
    [((3, 1), (4,)), ((300, 1), (200,)), ((), (LARGE,)), ((1,), (LARGE,)), ((40, 1, 60), (50, 1)), ((1, 1), (1,))],
)
def test_arrays_are_broadcast(shapes):
    rng = np.random.default_rng(2)
    values = [rng.normal(size=shape) for shape in shapes]
    tree = TREES[0]
    (found,) = compile_nodes([tree], ["x", "z"])(*values)
    assert found.shape == np.broadcast_shapes(*shapes)
    close(found, expected(tree, *values))


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_every_output_that_an_array_reaches_has_the_common_shape(size):
    column, row = np.ones((size // 10, 1)), np.ones((1, 10))
    both, one, none = compile_nodes([x * z, x + 1, as_node(2) + 1], ["x", "z"])(column, row)
    assert both.shape == one.shape == (size // 10, 10)
    assert type(none) is float
    assert none == 3.0


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i8", "i4", "i2", "u8", "u1", "?", ">f8", ">i4", "longdouble"])
def test_every_type_of_number_is_taken_as_float64(size, dtype):
    rng = np.random.default_rng(3)
    given = rng.integers(0, 2 if dtype == "?" else 100, size).astype(dtype)
    tree = exp(-x) + x * z
    (found,) = compile_nodes([tree], ["x", "z"])(given, 2.5)
    assert found.dtype == (np.float32 if dtype == "f4" else np.float64)
    np.testing.assert_allclose(found, expected(tree, given.astype(float), 2.5), rtol=1e-7 if dtype == "f4" else 4e-15)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_float32_stays_only_where_all_arrays_are_float32(size):
    narrow = np.linspace(0, 1, size, dtype=np.float32)
    compiled = compile_nodes([x + z], ["x", "z"])
    assert compiled(narrow, narrow)[0].dtype == np.float32
    assert compiled(narrow, 0.1)[0].dtype == np.float32
    assert compiled(narrow, narrow.astype(float))[0].dtype == np.float64
    assert compiled(narrow, np.arange(size))[0].dtype == np.float64


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_how_an_array_lies_in_memory_does_not_matter(size):
    rng = np.random.default_rng(4)
    plain = rng.normal(size=(size, 4))
    unaligned = np.frombuffer(b"x" + plain.tobytes(), np.uint8)[1:].view(np.float64).reshape(plain.shape)
    frozen = plain.copy()
    frozen.flags.writeable = False
    tree = TREES[0]
    compiled = compile_nodes([tree], ["x", "z"])
    wanted = compiled(plain, 0.5)[0]
    for other in (np.asfortranarray(plain), np.repeat(plain, 2, axis=1)[:, ::2], unaligned, frozen):
        assert np.array_equal(compiled(other, 0.5)[0], wanted)
    assert np.array_equal(compiled(plain[::-1, ::-1], 0.5)[0], wanted[::-1, ::-1])
    assert np.array_equal(compiled(plain[:, 1], 0.5)[0], compiled(plain[:, 1].copy(), 0.5)[0])


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 255, 256, 257, 16_383, 16_384, 16_385, 32_768, 131_073, 262_145])
def test_no_element_is_left_out_at_the_ends_of_blocks(size):
    given = np.arange(size, dtype=float)
    doubled, total_of_all = compile_nodes([x * 2, Apply("sum", (x,))], ["x"])(given)
    assert np.array_equal(doubled, given * 2)
    assert total_of_all == size * (size - 1) / 2


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_nothing_gives_nothing(shape):
    found, mean, whole = compile_nodes([x + 1, Apply("mean", (x,)), Apply("sum", (x,))], ["x"])(np.empty(shape))
    assert found.shape == shape
    assert np.isnan(mean)
    assert whole == 0.0


def test_results_are_new_arrays_that_can_be_written():
    for size in (SMALL, LARGE):
        given = np.ones(size)
        same, again = compile_nodes([x, x], ["x"])(given)
        same[0] = 7
        assert given[0] == again[0] == 1


def test_numbers_of_every_kind_give_floats():
    compiled = compile_nodes([x / z], ["x", "z"])
    for one in (
        1,
        1.0,
        True,
        np.float64(1),
        np.int32(1),
        np.array(1),
        np.float32(1),
        Fraction(1),
        Decimal(1),
        10**400 / 10**400,
    ):
        found = compiled(one, 4)[0]
        assert type(found) is float
        assert found == 0.25


def test_integers_beyond_the_range_are_infinite():
    assert compile_nodes([x], ["x"])(-(10**400)) == (-np.inf,)
    assert compile_nodes([x + 10**400], ["x"])(1) == (np.inf,)
    assert compile_nodes([9 ** (9 ** (9 ** as_node(9)))], [])() == (np.inf,)


def test_a_masked_value_is_nan():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    assert np.array_equal(compile_nodes([x + 1], ["x"])(masked)[0], [2, np.nan], equal_nan=True)


def test_undefined_mathematics_is_silent():
    trees = [1 / x, log(x), x / x, exp(x * 1e6), sqrt(x), x**-2, x**0.3]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given in (0.0, -1.0, np.zeros(3), -np.ones(LARGE)):
            compile_nodes(trees, ["x"])(given)
    assert compile_nodes([1 / x, x / x], ["x"])(0.0)[0] == np.inf


def test_one_minus_a_sigmoid_keeps_its_digits():
    for given in (40.0, np.full(3, 40.0), np.full(LARGE, 40.0)):
        (found,) = compile_nodes([1 - Apply("sigmoid", (x,))], ["x"])(given)
        np.testing.assert_allclose(found, np.exp(-40.0), rtol=1e-15)


def test_e_to_a_power_is_the_exponential():
    e = Apply("e", ())
    for given in (700.0, np.full(3, 700.0), np.full(LARGE, 700.0)):
        (found,) = compile_nodes([e**x], ["x"])(given)
        np.testing.assert_allclose(found, np.exp(700.0), rtol=4e-16)


def test_the_same_structure_is_compiled_once():
    assert compile_nodes([x + z], ["x", "z"]) is compile_nodes([x + z], ["x", "z"])
    assert compile_nodes([x + z], ["x", "z"]) is not compile_nodes([x + z], ["x", "z"], rows=["x"])
    zero, negative = compile_nodes([x * 0.0], ["x"]), compile_nodes([x * -0.0], ["x"])
    assert np.signbit(negative(1.0)[0])
    assert not np.signbit(zero(1.0)[0])


def test_what_was_compiled_is_forgotten_in_the_end():
    first = weakref.ref(compile_nodes([x + 0.123], ["x"]))
    for k in range(300):
        compile_nodes([x + k], ["x"])
    gc.collect()
    assert first() is None


def test_wrong_arguments_are_refused_with_their_names():
    compiled = compile_nodes([x + z], ["x", "z"])
    with pytest.raises(InputError, match=r"x must be a number or an array of real numbers; got 'a'"):
        compiled("a", 1)
    with pytest.raises(InputError, match="real numbers"):
        compiled(np.ones(3), 1j)
    with pytest.raises(InputError, match="real numbers"):
        compiled(None, np.ones(2))
    with pytest.raises(InputError, match=r"broadcast together; got x \(3,\), z \(2,\)"):
        compiled(np.ones(3), np.ones(2))
    with pytest.raises(InputError, match="there must be 2 values, x, z; got 1"):
        compiled(np.ones(3))
    with pytest.raises(InputError, match="there must be 2 values, x, z; got 3"):
        compiled(1, 2, 3)


def test_wrong_formulas_are_refused():
    with pytest.raises(InputError, match="got none for z"):
        compile_nodes([x + z], ["x"])
    for tree in (equation(x, z), indexed("x", i), total(indexed("x", i), i, 1, n)):
        with pytest.raises(InputError, match="try evaluate"):
            compile_nodes([tree], ["x", "z", "i", "n"])


def test_an_argument_that_no_formula_needs_says_nothing_about_the_shape():
    assert compile_nodes([x + 1], ["x", "z"])(1.0, np.ones(3)) == (2.0,)
    assert compile_nodes([x + 1], ["x", "z"])(np.ones(2), np.ones(3))[0].shape == (2,)


@pytest.mark.parametrize("text", ["x^3", "x^5", "x^-3", "sign(x)*z", "floor(x)*z", "relu(x)*z", "max(x, z)", "x*z"])
def test_zeros_and_infinities_have_one_sign_in_every_way(text):
    values = [0.0, -0.0, 1e-200, -1e-200, 1.0, -0.5, np.inf, -np.inf]
    a, b = (grid.ravel() for grid in np.meshgrid(values, values))
    compiled = compile_nodes([parse(text).root], ["x", "z"])
    (small,) = compiled(a, b)
    (large,) = compiled(np.tile(a, LARGE // len(a) + 1), np.tile(b, LARGE // len(a) + 1))
    for k, point in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        found = [compiled(*point)[0], small[k], large[k]]
        np.testing.assert_allclose(found, found[0], rtol=1e-15, err_msg=str(point))
        assert len({bool(np.signbit(value)) for value in found if value == value}) <= 1, (point, found)


@pytest.mark.parametrize("size", [1, 7, 300, 1_001])
@pytest.mark.parametrize(
    "text",
    ["exp(-x^2)*cos(x*w)", "w + x", "x^2 + 1", "w^2", "x*w*z", "where(x < w, x, w)", "sum(w)*x", "x*z/(1 + w^2)"],
)
def test_each_value_of_the_first_argument_over_arrays_of_the_others(text, size):
    names = ["x", "w", "z"]
    compiled = compile_nodes([parse(text).root], names)
    x, w, z = np.linspace(-2, 3, 83), np.linspace(0, 10, size), np.linspace(1, 2, size)
    if "sum" in text:
        rows = [compiled(float(value), w, z)[0] for value in x]
        expected = np.stack([np.broadcast_to(row, (size,)) for row in rows])
        found = compile_nodes([parse(text).root], names, rows=["w"]).each(x, w, z)
        assert found.shape == (83, size)
        np.testing.assert_allclose(found, expected)
        return
    expected = np.broadcast_to(compiled(x[:, None], w[None, :], z[None, :])[0], (83, size))
    np.testing.assert_allclose(compiled.each(x, w, z), expected, rtol=1e-14, atol=1e-14)
