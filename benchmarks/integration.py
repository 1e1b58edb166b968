"""Integrals against SciPy: many at once, and one whose integrand is a Python function of one number."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.integrate import cubature, quad, quad_vec
from scipy.stats import norm

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated

MEMBERS = 10_000
# A loop of quad over all members takes seconds: it is timed over every tenth, ours over all.
SHARE = 10


def _of_arrays(t, w):
    return np.cos(w * t) * np.exp(-t * t)


def _of_numbers(t: float, w: float) -> float:
    return math.cos(w * t) * math.exp(-t * t)


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    w = np.linspace(0.0, 10.0, MEMBERS)
    exact = math.sqrt(math.pi) / 2 * np.exp(-w * w / 4)
    family = wk.integrate_family(_of_arrays, 0, 10, w)
    assert family.converged.all()
    assert np.abs(family.value - exact).max() < 1e-12
    formula = wk.formula("exp(-x^2)*cos(x*w)")
    for way, f in (("as a formula", formula), ("as a NumPy function", _of_arrays)):
        name = f"10,000 integrals cos(wx)exp(-x²) over [0, 10], {way}"
        loop = measure(
            name,
            lambda f=f: wk.integrate_family(f, 0, 10, w),
            "a loop of quad (math.cos, math.exp)",
            lambda: [quad(_of_numbers, 0, 10, args=(k,)) for k in w[::SHARE].tolist()],
            at_least=50,
        )
        yield Row(loop.work, loop.peer, loop.ours_s, loop.peer_s * SHARE, loop.at_least)
        yield measure(
            name,
            lambda f=f: wk.integrate_family(f, 0, 10, w),
            "quad_vec, to the same tolerance",
            lambda: quad_vec(lambda t: _of_arrays(t, w), 0, 10, epsabs=1.49e-8, epsrel=1.49e-8, norm="max"),
            at_least=3,
        )
    yield measure(
        "one smooth integral of math.sin (1,000 times)",
        repeated(lambda: wk.integrate(math.sin, 0, 1)),
        "quad",
        repeated(lambda: quad(math.sin, 0, 1)),
        at_least=0.1,
    )
    yield measure(
        "one smooth integral of a lambda (1,000 times)",
        repeated(lambda: wk.integrate(lambda t: math.exp(-t) * math.sin(3 * t), 0, 2)),
        "quad",
        repeated(lambda: quad(lambda t: math.exp(-t) * math.sin(3 * t), 0, 2)),
        at_least=0.1,
    )
    yield measure(
        "exp(-x²-y²-z²) over a unit cube",
        lambda: wk.integrate_box(lambda p: np.exp(-(p * p).sum(axis=1)), [0, 0, 0], [1, 1, 1]),
        "cubature (genz-malik)",
        lambda: cubature(lambda p: np.exp(-(p * p).sum(axis=1)), [0, 0, 0], [1, 1, 1], rule="genz-malik"),
    )
    yield measure(
        "E[cos X] of a normal variable (100 times)",
        repeated(lambda: wk.expectation(np.cos, norm(1, 2)), 100),
        "norm(1, 2).expect",
        repeated(lambda: norm(1, 2).expect(np.cos), 100),
    )


if __name__ == "__main__":
    print_table(rows())
