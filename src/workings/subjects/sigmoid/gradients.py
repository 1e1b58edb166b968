"""The sigmoid's family where PyTorch follows the gradient: our loops forwards, the slope in closed form backwards.

The definition in PyTorch makes some ten arrays on the way and keeps them for the way back. Here what is kept is x and
the result, and every slope is made of the family itself, so that it can be followed in turn, to the second derivative
and beyond. There the definition would be wrong at x = 0: σ is smooth, but the absolute value that it is written with is
not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from workings.arrays.shared import as_tensor, shared_memory
from workings.subjects.sigmoid.compute import log_sigmoid, logit, sigmoid, sigmoid_derivative

__all__ = ["followed"]

_FAMILY: dict[str, Callable[..., Any]] = {
    "sigmoid": sigmoid,
    "logit": logit,
    "log_sigmoid": log_sigmoid,
    "sigmoid_derivative": sigmoid_derivative,
}


def _slope_of_sigmoid(x: Any, y: Any) -> Any:
    view = None if sys.modules["torch"].is_grad_enabled() else shared_memory(x)
    if view is None:
        return y * sigmoid(-x)
    # Where no gradient of it is wanted it is made in one array, and in NumPy's memory, which comes in larger pages.
    slope = as_tensor(-view)
    return sigmoid(slope, out=slope).mul_(y)


# The slope at x, where the value is y. 1 - σ(x) is written σ(-x), which keeps its digits far to the right.
_SLOPES: dict[str, Callable[[Any, Any], Any]] = {
    "sigmoid": _slope_of_sigmoid,
    "logit": lambda p, y: (1 / (p * (1 - p))).masked_fill(y.isnan(), float("nan")),
    "log_sigmoid": lambda x, y: sigmoid(-x),
    "sigmoid_derivative": lambda x, y: y * (sigmoid(-x) - sigmoid(x)),
}


def followed(name: str, x: Any) -> Any:
    """Return the values of a tensor, and let PyTorch follow their gradient.

    Parameters
    ----------
    name
        Which function of the family.
    x
        A tensor of real floating-point numbers whose gradient is followed, backwards or forwards.
    """
    return _followed_function().apply(x, name)


@cache
def _followed_function() -> Any:
    torch: Any = sys.modules["torch"]

    class Followed(torch.autograd.Function):
        # For torch.vmap, over what is done in the methods below.
        generate_vmap_rule = True

        @staticmethod
        def forward(x: Any, name: str) -> Any:
            # No gradient is followed in here, so that this is the way of any other tensor.
            return _FAMILY[name](x)

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, str], output: Any) -> None:
            x, ctx.name = inputs
            ctx.save_for_backward(x, output)
            ctx.save_for_forward(x, output)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            slope = _SLOPES[ctx.name](*ctx.saved_tensors)
            plain = all(shared_memory(each) is not None for each in (slope, gradient))
            alone = plain and not torch.is_grad_enabled()
            return slope.mul_(gradient) if alone else slope * gradient, None

        @staticmethod
        def jvp(ctx: Any, tangent: Any, _name: None) -> Any:
            return tangent * _SLOPES[ctx.name](*ctx.saved_tensors)

    return Followed
