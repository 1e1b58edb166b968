"""The public derivatives against known answers, JAX and PyTorch, and the classic traps."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import workings as wk

# Values and gradients worked out by hand (Moré, Garbow and Hillstrom's test functions, 1981, and two more).
KNOWN = [
    ("100*(y-x**2)**2+(1-x)**2", {"x": -1.2, "y": 1}, 24.2, {"x": -215.6, "y": -88}),
    ("(1.5-x+x*y)**2+(2.25-x+x*y**2)**2+(2.625-x+x*y**3)**2", {"x": 1, "y": 1}, 14.203125, {"x": 0, "y": 27.75}),
    (
        "(a+10*b)**2+5*(c-d)**2+(b-2*c)**4+10*(a-d)**4",
        {"a": 3, "b": -1, "c": 0, "d": 1},
        215,
        {"a": 306, "b": -144, "c": -2, "d": -310},
    ),
    ("(x**2+y-11)**2+(x+y**2-7)**2", {"x": 0, "y": 0}, 170, {"x": -14, "y": -22}),
    ("(x+2*y-7)**2+(2*x+y-5)**2", {"x": 0, "y": 0}, 74, {"x": -34, "y": -38}),
]


@pytest.mark.parametrize(("text", "point", "value", "gradient"), KNOWN)
def test_known_values_and_gradients(text, point, value, gradient):
    found, partials = wk.value_and_gradient(text)(**point)
    assert found == pytest.approx(value, rel=1e-12)
    assert partials == pytest.approx(gradient, rel=1e-12, abs=1e-12)
    assert wk.gradient(text)(**point) == pytest.approx(gradient, rel=1e-12, abs=1e-12)


def test_perturbations_are_not_confused():
    def inner(x):
        return x * wk.gradient(lambda y: x * y)(1)["y"]

    assert wk.gradient(inner)(4)["x"] == 8


def test_a_product_with_one_factor_zero():
    names = [f"x{k}" for k in range(6)]
    found = wk.gradient("*".join(names))(**dict(zip(names, (1, 2, 0, 4, 5, 6), strict=True)))
    assert list(found.values()) == [0, 0, 240, 0, 0, 0]


def test_nested_powers():
    assert wk.differentiate("x^x", "x")(2) == pytest.approx(4 * (np.log(2) + 1), rel=1e-14)


def test_logsumexp_has_the_softmax_as_gradient():
    point = np.array([0.3, -1.2, 2.0])
    p = np.exp(point) / np.exp(point).sum()
    text = "log(exp(a) + exp(b) + exp(c))"
    np.testing.assert_allclose(list(wk.gradient(text)(*point).values()), p, rtol=1e-13)
    np.testing.assert_allclose(wk.hessian(text)(*point), np.diag(p) - np.outer(p, p), rtol=1e-12)


def test_the_branch_not_taken_contributes_nothing():
    text = "where(x > 0, log(x), x^2)"
    assert wk.gradient(text)(-3.0)["x"] == -6
    assert wk.hessian(text)(-3.0) == [[2]]
    np.testing.assert_array_equal(wk.gradient(text)(np.array([-3.0, 4.0]))["x"], [-6, 0.25])


def test_jax_and_pytorch_agree_on_a_python_function():
    def surface(np_like):
        return lambda x, z: np_like.sin(x * z) + x**2 * np_like.exp(-z) + np_like.log(1 + z**2)

    ours = wk.gradient(surface(np))
    by_jax = jax.grad(surface(jnp), argnums=(0, 1))
    rng = np.random.default_rng(0)
    with jax.enable_x64(True):
        for x, z in rng.normal(size=(20, 2)):
            found = list(ours(x, z).values())
            np.testing.assert_allclose(found, [float(d) for d in by_jax(x, z)], rtol=1e-12, atol=1e-14)
            leaves = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, z)]
            surface(torch)(*leaves).backward()
            np.testing.assert_allclose(found, [float(leaf.grad) for leaf in leaves], rtol=1e-12, atol=1e-14)
