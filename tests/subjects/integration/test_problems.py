"""The table of problems is itself right: each exact value against mpmath's tanh-sinh rule at 30 digits."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from tests.subjects.integration.problems import PROBLEMS, Problem

import workings as wk


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_the_exact_value_is_exact(problem: Problem) -> None:
    with mp.workdps(30):
        exact_ends = {math.pi: mp.pi, math.pi / 2: mp.pi / 2}
        a, b = (
            mp.inf if end == math.inf else -mp.inf if end == -math.inf else exact_ends.get(end, mp.mpf(end))
            for end in problem.limits
        )
        value = mp.quad(problem.high_precision, [a, *(_exact(cut) for cut in problem.cuts), b])
        assert abs(value - mp.mpf(problem.exact)) <= 1e-13 * (1 + abs(value))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_text_and_function_are_the_same_integrand(problem: Problem) -> None:
    a, b = (min(max(end, -40.0), 40.0) for end in problem.limits)
    places = np.linspace(a, b, 12)[1:-1]
    with np.errstate(all="ignore"):
        assert np.allclose(wk.formula(problem.text)(places), problem.function(places), rtol=1e-12, atol=1e-300)


def _exact(cut: Any) -> Any:
    return mp.mpf(cut.numerator) / cut.denominator if isinstance(cut, Fraction) else cut
