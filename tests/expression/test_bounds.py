"""No expression, however small it is written, takes all time or memory to evaluate.

They are evaluated in processes of their own, with two gigabytes and a few minutes each, so that a fault fails and does
not hang.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

LIMITS = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
import itertools, math
from fractions import Fraction
from workings.errors import InputError
from workings.expression import *
x = symbol("x")

def values(node, given=None):
    for arithmetic in ("float", "mpmath", "fraction"):
        try:
            got = evaluate(node, given, arithmetic=arithmetic)
        except InputError:
            assert arithmetic == "fraction", node
        else:
            if not isinstance(got, (int, Fraction)):
                float(got)
            if arithmetic != "fraction":
                str(got)
"""

HUGE = {
    "towers of powers": """
        for base in (9, 2.5, -3, Fraction(1, 3), 1.0000001):
            tower = as_node(base)
            for _ in range(6):
                tower = as_node(base) ** tower
                values(tower)
            tower = as_node(base)
            for _ in range(60):
                tower = tower ** 9
            values(tower)
    """,
    "fifty squarings": """
        for base in (10**3000, 3, 1.5, Fraction(2, 3), -7):
            for step in (lambda t: t * t, lambda t: t**2, lambda t: t + t * t, lambda t: t / (1 / t)):
                grown = as_node(base)
                for _ in range(50):
                    grown = step(grown)
                values(grown)
    """,
    "exponentials of exponentials": """
        for function in (exp, expm1, sinh, cosh, softplus, gamma, loggamma, sigmoid, normal_cdf, erf, erfc, tanh):
            for start in (10**30, -(10**30), 1e300, -1e300, 50, -50, 1e-300):
                grown = as_node(start)
                for _ in range(8):
                    grown = function(grown)
                    values(grown)
                values(sin(grown) + cos(exp(grown)) + tan(1 / grown) + log(grown) + sqrt(grown) + atan(grown))
    """,
    "each function of each extreme": """
        extremes = [10**400, as_node(10) ** 4000, as_node(10) ** 40000, 10**9, 1e308, 5e-324, 1e15 + 0.5, 2.0**65]
        extremes += [1 - 2**-53, Fraction(1, 10**300)]
        extremes += [-extreme for extreme in extremes] + [math.inf, -math.inf, math.nan, 0, -0.0, True]
        far = exp(as_node(1e19))
        for row in OPERATIONS.values():
            if row.arity == 1 and not row.over_rows:
                for a in (*extremes, far, -far, 1 / far, exp(far)):
                    values(Apply(row, (a,)))
            elif row.arity == 2:
                for a, b in itertools.product((*extremes, far, -far, 1 / far, exp(far)), repeat=2):
                    values(Apply(row, (a, b)))
    """,
    "derivatives of the digamma function of any order": """
        for order in (10**3, 10**5, 10**9, 1e18, 1e19, 1e30, 1e308, 10**400):
            for at in (1e-300, 0.5, 1, 7.5, 1e5, 1e22, 1e300, -0.5, -1.5, -7.25, -1e6 - 0.5, -1e15 - 0.5):
                values(polygamma(order, at))
    """,
    "whole numbers in columns": """
        import numpy as np
        grown = x
        for _ in range(50):
            grown = grown * grown
        assert evaluate(sum_rows(grown), {"x": np.array([3, 2, -1])}) == math.inf
        assert evaluate(grown, {"x": np.array([3, 1])}).tolist() == [math.inf, 1.0]
    """,
}


@pytest.mark.parametrize("code", HUGE.values(), ids=HUGE)
def test_it_ends(code):
    script = LIMITS + textwrap.dedent(code)
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=240, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
