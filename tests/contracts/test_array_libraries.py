"""PyTorch tensors and array-api-strict arrays go in and come out of the array functions with NumPy's values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import array_api_strict
import numpy as np
import pytest
import torch

import workings as wk
from workings.errors import InputError

RNG = np.random.default_rng(11)


@dataclass(frozen=True)
class Case:
    """A call of an array function.

    Parameters
    ----------
    call
        Takes the arrays.
    given
        The arrays, as NumPy's.
    numbers
        Whether it gives numbers and results of ours rather than arrays of the library that was given.
    """

    call: Callable[..., Any]
    given: Sequence[np.ndarray]
    numbers: bool = False


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape) * 3


LABELS = (normal(200) > 0).astype(np.int64)
SCORES = normal(200)
CASES = {
    "sigmoid": Case(wk.sigmoid, [normal(5, 7) * 100]),
    "log_sigmoid": Case(wk.log_sigmoid, [normal(5, 7) * 100]),
    "sigmoid_derivative": Case(wk.sigmoid_derivative, [normal(5, 7) * 20]),
    "logit": Case(wk.logit, [RNG.uniform(0.01, 0.99, (5, 7))]),
    "min_max_normalize": Case(lambda X: wk.min_max_normalize(X, (-1, 2)), [normal(40, 3)]),
    "min_max_normalize by rows": Case(lambda X: wk.min_max_normalize(X, axis=1), [normal(4, 30)]),
    "z_score_normalize": Case(wk.z_score_normalize, [normal(40, 3)]),
    "z_score_normalize of all": Case(lambda X: wk.z_score_normalize(X, axis=None, ddof=1), [normal(40, 3)]),
    "convolve": Case(wk.convolve, [normal(300), normal(7)]),
    "convolve 2-D": Case(lambda x, k: wk.convolve(x, k, "same"), [normal(20, 30), normal(3, 5)]),
    "convolve by transforms": Case(lambda x, k: wk.convolve(x, k, "valid", "fft"), [normal(300), normal(40)]),
    "correlate": Case(lambda x, k: wk.correlate(x, k, "valid"), [normal(300), normal(7)]),
    "fftconvolve": Case(wk.fftconvolve, [normal(30, 20), normal(4, 5)]),
    "oaconvolve": Case(wk.oaconvolve, [normal(5000), normal(30)]),
    "conv2d": Case(lambda x, w, b: wk.conv2d(x, w, b, padding=1), [normal(2, 3, 9, 8), normal(4, 3, 3, 3), normal(4)]),
    "trapezoid": Case(wk.trapezoid, [normal(4, 30), np.sort(normal(30))]),
    "simpson": Case(wk.simpson, [normal(4, 30), np.sort(normal(30))]),
    "simpson of equal steps": Case(lambda y: wk.simpson(y, dx=0.5), [normal(4, 30)]),
    "cumulative_trapezoid": Case(lambda y: wk.cumulative_trapezoid(y, dx=0.5, initial=0), [normal(4, 30)]),
    "auc": Case(wk.auc, [np.sort(normal(30)), normal(30)], numbers=True),
    "roc_curve": Case(lambda y, s: np.stack(tuple(wk.roc_curve(y, s))), [LABELS, SCORES], numbers=True),
    "roc_auc_score": Case(wk.roc_auc_score, [LABELS, SCORES], numbers=True),
    "precision_recall_curve": Case(lambda y, s: wk.precision_recall_curve(y, s)[0], [LABELS, SCORES], numbers=True),
    "average_precision_score": Case(wk.average_precision_score, [LABELS, SCORES], numbers=True),
    "compare_auc": Case(lambda y, a, b: wk.compare_auc(y, a, b).z, [LABELS, SCORES, normal(200)], numbers=True),
    "confusion_matrix": Case(
        lambda y, p, w: wk.confusion_matrix(y, p, sample_weight=w).counts,
        [LABELS, (SCORES > 0).astype(np.int64), RNG.uniform(1, 2, 200)],
        numbers=True,
    ),
    "threshold_table": Case(lambda y, s: wk.threshold_table(y, s, (0.0, 1.0)).tp, [LABELS, SCORES], numbers=True),
}
ARRAYS = {name: case for name, case in CASES.items() if not case.numbers}

DEVICE = array_api_strict.Device("device1")
LIBRARIES = {
    "torch": (torch.asarray, lambda found: found.numpy()),
    # The definition in PyTorch itself, as where a gradient is followed.
    "torch followed": (
        lambda x: torch.tensor(x, requires_grad=x.dtype.kind == "f"),
        lambda found: found.detach().numpy(),
    ),
    "array-api-strict": (array_api_strict.asarray, np.asarray),
    "another device": (
        lambda x: array_api_strict.asarray(x, device=DEVICE),
        lambda found: np.asarray(found.to_device(array_api_strict.Device("CPU_DEVICE"))),
    ),
}


def single(given: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [x.astype(np.float32) if x.dtype.kind == "f" else x for x in given]


def close(found: np.ndarray, expected: np.ndarray) -> None:
    unit = np.finfo(expected.dtype).eps
    np.testing.assert_allclose(found, expected, rtol=50 * unit, atol=100 * unit * np.abs(expected).max(initial=0.0))


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_comes_out_as_it_went_in_with_numpys_values(name, library, precision):
    case, (make, back) = ARRAYS[name], LIBRARIES[library]
    given = single(case.given) if precision == "single" else list(case.given)
    arrays = [make(x) for x in given]
    found, expected = case.call(*arrays), np.asarray(case.call(*given))
    assert type(found) is type(arrays[0])
    assert found.device == arrays[0].device
    # NumPy's own result may be wider, as SciPy's of Simpson's rule is.
    assert back(found).dtype == given[0].dtype
    assert back(found).shape == expected.shape
    close(back(found), expected.astype(given[0].dtype))
    for array, before in zip(arrays, given, strict=True):
        np.testing.assert_array_equal(back(array), before)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.numbers])
def test_labels_and_scores_of_any_library_count_as_numpys(name):
    case = CASES[name]
    expected = case.call(*case.given)
    for library in ("torch", "torch followed", "array-api-strict"):
        found = case.call(*(LIBRARIES[library][0](x) for x in case.given))
        np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))


@pytest.mark.parametrize("name", ARRAYS)
def test_layout_and_size_of_a_tensor_change_no_value(name):
    case = ARRAYS[name]
    expected = np.asarray(case.call(*case.given))
    spread = [torch.asarray(np.repeat(x, 2, axis=-1))[..., ::2] for x in case.given]
    assert not spread[0].is_contiguous()
    close(case.call(*spread).numpy(), expected)
    if case.given[0].ndim > 1:
        turned = [torch.asarray(np.ascontiguousarray(x.T)).permute(*range(x.ndim)[::-1]) for x in case.given]
        close(case.call(*turned).numpy(), expected)


@pytest.mark.parametrize("name", ARRAYS)
def test_gradients_through_a_function_are_right(name):
    case = ARRAYS[name]
    # A score near which nothing ties and nothing is large, so that a difference of 1e-6 measures the slope.
    small = [x if name == "logit" else x / max(1.0, np.abs(x).max() / 3) for x in case.given]
    given = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in small]
    assert torch.autograd.gradcheck(case.call, given, eps=1e-6, atol=1e-6, rtol=1e-5, fast_mode=True)


def test_gradients_of_the_sigmoid_family_at_zero_and_far_out():
    for function, slope in (
        (wk.sigmoid, wk.sigmoid_derivative),
        (wk.log_sigmoid, lambda x: wk.sigmoid(-x)),
        (wk.sigmoid_derivative, lambda x: wk.sigmoid_derivative(x) * (1 - 2 * wk.sigmoid(x))),
    ):
        x = torch.tensor([-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0], dtype=torch.float64, requires_grad=True)
        function(x).sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), slope(x.detach()).numpy(), rtol=1e-14)


def test_a_tensor_without_a_gradient_is_not_given_one_and_shares_no_memory_with_its_result():
    x = torch.linspace(-3, 3, 1000, dtype=torch.float64)
    for function in (wk.sigmoid, wk.min_max_normalize, wk.z_score_normalize, lambda x: wk.convolve(x, x[:1])):
        before = x.clone()
        found = function(x)
        assert not found.requires_grad
        found[:] = 7
        assert torch.equal(x, before)
    followed = x.clone().requires_grad_()
    assert wk.sigmoid(followed).requires_grad
    with torch.no_grad():
        assert not wk.sigmoid(followed).requires_grad


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_transformations_of_pytorch_see_what_is_done():
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    close(torch.vmap(wk.sigmoid)(x[:, None])[:, 0].numpy(), wk.sigmoid(x.numpy()))
    close(torch.func.grad(lambda t: wk.sigmoid(t).sum())(x).numpy(), wk.sigmoid_derivative(x.numpy()))
    value, slope = torch.func.jvp(wk.sigmoid, (x,), (torch.ones_like(x),))
    close(value.numpy(), wk.sigmoid(x.numpy()))
    close(slope.numpy(), wk.sigmoid_derivative(x.numpy()))
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, torch.ones_like(x))
        close(torch.autograd.forward_ad.unpack_dual(wk.sigmoid(dual)).tangent.numpy(), wk.sigmoid_derivative(x.numpy()))


def test_a_tensor_can_be_written_into():
    x = torch.linspace(-3, 3, 300_000, dtype=torch.float64)
    for out in (torch.empty_like(x), torch.empty(600_000, dtype=torch.float64)[::2], torch.empty(300_000)):
        assert wk.sigmoid(x, out) is out
        np.testing.assert_array_equal(out.numpy(), wk.sigmoid(x.numpy()).astype(out.numpy().dtype))
    for wrong in (torch.empty(3), torch.empty(300_000, dtype=torch.int64), np.empty(300_000)):
        with pytest.raises(InputError, match="out must be an array of shape"):
            wk.sigmoid(x, out=wrong)


@pytest.mark.parametrize("library", ["torch", "array-api-strict"])
def test_single_values_and_empty_arrays(library):
    make, back = LIBRARIES[library]
    for function in (wk.sigmoid, wk.log_sigmoid, wk.sigmoid_derivative, wk.logit):
        found = function(make(np.array(0.25)))
        assert type(found) is type(make(np.array(0.25)))
        assert found.shape == ()
        close(back(found), np.asarray(function(0.25)))
        assert tuple(function(make(np.zeros((0, 3)))).shape) == (0, 3)
    for function in (wk.min_max_normalize, wk.z_score_normalize):
        assert tuple(function(make(np.zeros((0, 3)))).shape) == (0, 3)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_rounded_once(dtype):
    x = torch.linspace(-9, 9, 500).to(dtype)
    found = wk.sigmoid(x)
    assert found.dtype == dtype
    assert torch.equal(found, wk.sigmoid(x.double()).to(dtype))


def test_whole_numbers_become_the_librarys_own_floats():
    # As torch.sigmoid and scipy.special.expit have it for tensors.
    assert wk.sigmoid(torch.tensor([-1, 0, 2])).dtype == torch.get_default_dtype()
    assert wk.sigmoid(torch.tensor([True, False])).dtype == torch.get_default_dtype()
    assert wk.sigmoid(array_api_strict.asarray([-1, 0])).dtype == array_api_strict.float64
