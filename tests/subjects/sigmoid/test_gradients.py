"""Gradients of the family in PyTorch, written out where nothing but the gradient is followed."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch

import workings as wk
from workings.subjects.sigmoid import compute, elsewhere, ways

# PyTorch's own, when its transformations are first used.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")

FAMILY = [wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative]


def values_for(function, count=60):
    low, high = (0.02, 0.98) if function is wk.logit else (-6.0, 6.0)
    return torch.linspace(low, high, count, dtype=torch.float64)


@pytest.mark.parametrize("large", [1, 1 << 18])
@pytest.mark.parametrize("function", FAMILY)
def test_first_and_second_derivatives_are_right(function, large, monkeypatch):
    monkeypatch.setattr(ways, "LARGE", large)
    x = values_for(function).reshape(6, 10)
    for given in (x, x.T, x[::2, ::3], x[0, 0]):
        followed = given.clone() if given.ndim == 0 else given
        followed = followed.detach().requires_grad_()
        assert torch.autograd.gradcheck(function, (followed,))
        assert torch.autograd.gradgradcheck(function, (followed,))
        assert torch.autograd.gradcheck(function, (followed,), check_forward_ad=True, check_batched_grad=True)


@pytest.mark.parametrize("function", FAMILY)
def test_the_values_are_those_without_a_gradient_and_the_loops_do_the_work(function, monkeypatch):
    ours = []
    in_numpy = elsewhere.in_numpy
    monkeypatch.setattr(elsewhere, "in_numpy", lambda *how, **more: ours.append(how) or in_numpy(*how, **more))
    x = values_for(function, ways.LARGE + 7)
    for kind in (torch.float64, torch.float32):
        plain = x.to(kind)
        followed = function(plain.clone().requires_grad_())
        assert len(ours) == 1
        assert followed.requires_grad
        assert followed.dtype == kind
        assert torch.equal(followed.detach(), function(plain))
        ours.clear()


@pytest.mark.parametrize(
    ("function", "slopes"),
    [
        (wk.sigmoid, lambda s: (s * (1 - s), s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s**2))),
        (wk.log_sigmoid, lambda s: (1 - s, -s * (1 - s), -s * (1 - s) * (1 - 2 * s))),
    ],
)
def test_three_derivatives_keep_their_digits_far_out(function, slopes):
    x = torch.tensor([-700.0, -40.0, -1.0, 0.5, 1.0, 40.0, 700.0], dtype=torch.float64, requires_grad=True)
    with mpmath.workdps(700):
        exact = [slopes(1 / (1 + mpmath.exp(-mpmath.mpf(float(each))))) for each in x.detach()]
    found = function(x)
    for order in range(3):
        (found,) = torch.autograd.grad(found.sum(), x, create_graph=True)
        np.testing.assert_allclose(found.detach().numpy(), [float(row[order]) for row in exact], rtol=1e-13)


def test_the_log_odds_have_no_slope_where_they_have_no_value():
    p = torch.tensor([-0.5, 0.0, 0.25, 1.0, 1.5, np.nan], dtype=torch.float64, requires_grad=True)
    wk.logit(p).sum().backward()
    np.testing.assert_array_equal(p.grad.numpy(), [np.nan, np.inf, 16 / 3, np.inf, np.nan, np.nan])


def test_values_changed_after_the_way_forward_are_refused_on_the_way_back():
    x = torch.linspace(-1, 1, 5, dtype=torch.float64, requires_grad=True)
    y = wk.sigmoid(x)
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_a_parameter_is_trained_as_with_pytorchs_own_sigmoid():
    x, y = torch.linspace(-3, 3, 50, dtype=torch.float64), torch.linspace(-3, 3, 50, dtype=torch.float64) > 0.7
    weights = []
    for function in (wk.sigmoid, torch.sigmoid):
        w = torch.nn.Parameter(torch.tensor([0.1, 0.0], dtype=torch.float64))
        descent = torch.optim.SGD([w], lr=0.5)
        for _ in range(20):
            descent.zero_grad()
            torch.nn.functional.binary_cross_entropy(function(w[0] * x + w[1]), y.double()).backward()
            descent.step()
        weights.append(w.detach().numpy())
    np.testing.assert_allclose(*weights, rtol=1e-12)


def test_the_hessian_of_the_functional_interface_is_right():
    x = torch.linspace(-2, 2, 5, dtype=torch.float64)
    slope = wk.sigmoid_derivative(x) * (1 - 2 * wk.sigmoid(x))
    found = torch.func.hessian(lambda t: wk.sigmoid(t).sum())(x)
    np.testing.assert_allclose(found.numpy(), np.diag(slope.numpy()), atol=1e-15)
    older = torch.autograd.functional.hessian(lambda t: compute.sigmoid(t).sum(), x)
    np.testing.assert_allclose(older.numpy(), np.diag(slope.numpy()), atol=1e-15)
