"""Arrays that a traced function uses become columns of its formula, under the names that they have in the code."""

# ruff: noqa: PLW0108 -- a lambda is what is traced

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workings.errors import FormulaError
from workings.expression import symbol
from workings.expression.formula import Formula, formula
from workings.expression.tracing import trace

x = np.array([1.0, 2.0, 4.0, 7.0])
y = np.array([2.0, 3.0, 5.0, 9.0])


def mse(m, b):
    return np.mean((y - (m * x + b)) ** 2)


def test_a_cost_over_global_columns_is_a_formula_of_its_parameters():
    f = formula(mse)
    assert f.variables == ("m", "b")
    assert list(f.data) == ["x", "y"]
    assert f.text(ascii=True) == "mse = mean((y - (m * x + b))^2)"
    assert f(m=1.5, b=0.5) == pytest.approx(mse(1.5, 0.5), rel=1e-15)


def test_columns_have_the_names_that_the_code_has_for_them():
    frame = pd.DataFrame({"mean radius": [1.0, 2.0, 3.0], "age": [3.0, 1.0, 4.0]})
    table = {"height": np.array([1.0, 5.0, 6.0])}
    closed = np.array([3.0, 1.0, 2.0])

    def f(a):
        local = np.array([0.5, 0.25, 1.0])
        kept = a * frame["mean radius"] + a * frame.age + table["height"] * a - np.multiply(closed, a)
        return np.mean(kept / local + np.arange(3.0) * a + np.log(frame["age"]) * a)

    made = formula(f)
    assert list(made.data) == ["mean radius", "age", "height", "closed", "local", "data_1", "data_2"]
    columns = made.data
    wanted = columns["mean radius"] + columns["age"] + columns["height"] - columns["closed"]
    wanted = np.mean(2 * wanted / columns["local"] + 2 * np.arange(3.0) + 2 * np.log(frame["age"]))
    assert made(2) == pytest.approx(wanted)


def test_a_series_without_source_keeps_its_name():
    names = {"np": np, "s": lambda: pd.Series([1.0, 2.0], name="age")}
    assert list(formula(eval("lambda m: np.sum(m * s())", names)).data) == ["age"]


def test_an_objects_own_columns_are_named_by_its_attributes():
    class Model:
        def __init__(self):
            self.score = np.array([1.0, 2.0])

        def cost(self, w):
            return (w * self.score).sum()

    made = formula(Model().cost)
    assert list(made.data) == ["score"]
    assert made(3) == 9


def test_a_column_with_a_variables_name_gets_another():
    def outer(values):
        def inner(values):
            return np.sum(values * x)

        return inner(values) + np.sum(y * values)

    assert list(formula(outer).data) == ["x", "y"]

    def clash(x):
        return np.mean(times_column(x))

    def times_column(a):
        return a * x

    made = formula(clash)
    assert (made.variables, list(made.data)) == (("x",), ["x_1"])
    assert made(2.0) == 2 * x.mean()


def test_a_column_that_is_used_twice_is_one_column():
    f = formula(lambda m: np.mean(m * x - x) + np.sum(x) * m)
    assert list(f.data) == ["x"]
    series = pd.Series(x, name="s")
    assert list(formula(lambda m: np.mean(m * series - np.multiply(series, m))).data) == ["series"]
    pieces = np.column_stack([x, y])
    g = formula(lambda m: np.mean(m * pieces[:, 0] + m**2 * pieces[:, 0] + m * pieces[:, 1]))
    assert len(g.data) == 2


def test_a_column_that_was_changed_in_between_is_two_columns():
    changing = np.array([1.0, 2.0])

    def f(m):
        first = m * changing
        changing[0] = 10.0
        return np.sum(first + m * changing)

    made = formula(f)
    assert list(made.data) == ["changing", "changing_1"]
    assert made(1) == (1 + 2) + (10 + 2)


def test_later_changes_of_an_array_do_not_change_the_formula():
    mine = np.array([1.0, 2.0])
    f = formula(lambda m: np.sum(m * mine))
    mine[:] = 100
    assert f(1) == 3
    with pytest.raises(ValueError, match="read-only"):
        f.data["mine"][0] = 5


def test_arrays_of_every_real_dtype_are_columns():
    for dtype in (np.int8, np.uint64, np.float32, np.bool_, ">f8"):
        column = np.array([1, 0, 1], dtype=dtype)
        assert formula(lambda m, column=column: np.sum(m * column))(2.0) == 4
    strided = np.arange(10.0)[::3]
    assert formula(lambda m: np.sum(m * strided))(1.0) == 18
    assert formula(lambda m: np.sum(m * [1, 2, 3]))(1.0) == 6


def test_products_of_columns_are_summed():
    assert formula(lambda m: (m * x) @ y)(2.0) == pytest.approx(2 * x @ y)
    assert formula(lambda m: y @ (m * x))(2.0) == pytest.approx(2 * x @ y)
    assert formula(lambda m: np.dot(m * x, y))(2.0) == pytest.approx(2 * x @ y)
    assert formula(lambda m: (m * x).dot(y))(2.0) == pytest.approx(2 * x @ y)
    assert formula(lambda a, b: np.inner(a, b), rows=("a", "b"))(x, y) == pytest.approx(x @ y)
    assert formula(lambda m: (m * x).T @ y)(2.0) == pytest.approx(2 * x @ y)
    assert formula(lambda m: np.matmul(m * x, y))(2.0) == pytest.approx(2 * x @ y)


@pytest.mark.parametrize(
    "function",
    [
        lambda v: np.sum(v) / np.mean(v),
        lambda v: v.sum() - v.mean(),
        lambda v: np.add.reduce(v),
        lambda v: np.var(v) + np.std(v) + v.var() if isinstance(v, np.ndarray) else np.var(v) * 2 + np.std(v),
        lambda v: np.average(v) + np.average(v, weights=x),
        lambda v: np.linalg.norm(v - 1),
        lambda v: np.mean((v - np.mean(v)) ** 2) / np.sum(np.where(v > 2, v, 0)),
        lambda v: np.mean(v > 2),
        lambda v: np.sum(v, axis=0) + np.mean(v, axis=-1),
    ],
)
def test_aggregates_have_numpys_value(function):
    made = formula(function, rows=("v",))
    assert made.aggregated
    assert made(x) == pytest.approx(function(x), rel=1e-14)


def test_what_has_rows_is_known():
    assert trace(lambda m: m * x).node is not None
    assert formula(lambda m: m * x).over_rows
    assert not formula(mse).over_rows
    assert formula(lambda m: m * x - np.mean(x * m)).over_rows
    np.testing.assert_allclose(formula(lambda m: m * x)(2.0), 2 * x)


def test_data_frames_give_their_columns():
    frame = pd.DataFrame({"x": x, "y": y})

    def cost(m, b):
        return ((frame["y"] - (m * frame["x"] + b)) ** 2).mean()

    f = formula(cost)
    assert f.text(ascii=True) == "cost = mean((y - (m * x + b))^2)"
    assert f(1.5, 0.5) == pytest.approx(mse(1.5, 0.5))


@pytest.mark.parametrize("column", [np.array([1j, 2]), np.array(["a", "b"]), np.array([None, 1.0]), [[1], [2, 3]]])
def test_columns_that_are_no_real_numbers_are_refused(column):
    with pytest.raises(FormulaError, match="real numbers and columns"):
        formula(lambda m: np.sum(m * column) if isinstance(column, np.ndarray) else m + column)


def test_empty_columns_have_an_empty_sum():
    empty = np.array([])
    assert formula(lambda m: np.sum(m * empty))(3.0) == 0


def test_what_is_masked_is_nan():
    masked = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    values = formula(lambda m: m * masked)(2.0)
    np.testing.assert_array_equal(values, [2, np.nan, 6])
    np.testing.assert_array_equal(formula("2x")(masked), [2, np.nan, 6])
    np.testing.assert_array_equal(formula("2x")(np.ma.array([1, 2], mask=[True, False])), [np.nan, 4])
    np.testing.assert_array_equal(formula("2x")(np.ma.array([1, 2])), [2, 4])


def test_columns_of_a_formula_are_its_own():
    mine = np.array([1.0, 2.0])
    made = Formula.of(symbol("m") * symbol("v"), ["m"], data={"v": mine})
    mine[0] = 100
    assert made.data["v"].tolist() == [1, 2]
    cost = formula("sum(m*v)", rows="v")
    put_in = cost(m=formula("k"), v=mine)
    mine[0] = 0
    assert put_in(1) == 102
