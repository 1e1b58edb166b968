"""A problem to practise on: a short signal and a kernel of two or three numbers."""

from __future__ import annotations

from random import Random

from workings.subjects.convolution.explain import explain_convolve
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return one position of a convolution, or all of it."""
    signal = [random.randint(-3, 9) for _ in range(random.randint(3, 5))]
    kernel = [random.randint(-2, 3) for _ in range(random.randint(2, 3))]
    whole = explain_convolve(signal, kernel)
    return random.choice((whole, whole.at(random.randrange(len(signal) + len(kernel) - 1))))
