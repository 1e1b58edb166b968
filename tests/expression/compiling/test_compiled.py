"""Compiled formulas against the evaluation of their trees."""

from __future__ import annotations

import numpy as np
import pytest

from workings.errors import InputError
from workings.expression import evaluate, exp, greater, log, sin, sqrt, symbols, where
from workings.expression.compiling import compile_nodes

x, z = symbols("x z")
TREES = [
    sin(x * z) + x**2 * exp(-z),
    where(greater(x, z), log(x), x / z),
    x**-3 + 2**x + x**0.5 + sqrt(z),
]


@pytest.mark.parametrize("shape", [(), (5,), (1, 3), (20_000,), (160, 160)])
def test_compiled_agrees_with_evaluation(shape):
    rng = np.random.default_rng(1)
    values = {"x": rng.normal(size=shape), "z": rng.normal(size=shape)}
    found = compile_nodes(TREES, ["x", "z"])(values["x"], values["z"])
    for tree, value in zip(TREES, found, strict=True):
        np.testing.assert_allclose(value, evaluate(tree, values), rtol=4e-15, atol=4e-15)


def test_a_wrong_number_of_values_is_refused():
    with pytest.raises((InputError, TypeError)):
        compile_nodes(TREES, ["x", "z"])(np.ones(3))
