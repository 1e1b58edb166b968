"""``integrate``: known answers, honest errors, what must be flagged, and how a function is called."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm
from tests.subjects.integration.problems import PROBLEMS, UNDEFINED, Problem

import workings as wk
from workings.errors import ConvergenceWarning, InputError
from workings.subjects.integration.rule import GAUSS, KRONROD, NODES

INF = math.inf
WAYS = ("arrays", "numbers", "text")


def _integrand(problem: Problem, way: str) -> Any:
    if way == "text":
        return problem.text
    return problem.function if way == "arrays" else lambda t: float(problem.function(np.float64(t)))


def _quiet(*args: Any, **options: Any) -> wk.Integral:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return wk.integrate(*args, **options)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_it_converges(problem: Problem, way: str) -> None:
    vectorized = False if way == "numbers" else None
    found = wk.integrate(_integrand(problem, way), *problem.limits, vectorized=vectorized)
    assert found.converged
    assert abs(found.value - problem.value) <= 1.49e-8 * max(1.0, abs(problem.value))


@pytest.mark.parametrize("epsrel", [1e-3, 1.49e-8, 1e-12])
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_the_error_is_honest(problem: Problem, epsrel: float) -> None:
    found = _quiet(problem.function, *problem.limits, epsabs=0.0, epsrel=epsrel, limit=200)
    # 1e-15: the exact value, and 1/3 and 0.3 in the integrand, are themselves rounded.
    assert abs(found.value - problem.value) <= found.error + 1e-15 * abs(problem.value)


@pytest.mark.parametrize("way", WAYS[:2])
@pytest.mark.parametrize("name", UNDEFINED)
def test_what_cannot_be_trusted_is_flagged(name: str, way: str) -> None:
    function, a, b = UNDEFINED[name]

    def of_number(t: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(np.float64(t)))

    with pytest.warns(ConvergenceWarning):
        found = wk.integrate(function if way == "arrays" else of_number, a, b, vectorized=way == "arrays")
    assert not found.converged
    assert found.error > 0


def test_a_peak_that_no_node_meets_is_found() -> None:
    def pair(t: Any) -> Any:
        return norm.pdf(t) + norm.pdf(t, 800)

    assert quad(pair, -INF, INF)[0] == pytest.approx(1.0)
    assert wk.integrate(pair, -INF, INF).value == pytest.approx(2.0, abs=1e-8)
    assert wk.integrate(lambda t: 0.01 * t + norm.pdf(t, 3.3, 0.01), 0, 10).value == pytest.approx(1.5, abs=1e-8)
    assert wk.integrate(lambda t: norm.pdf(t, 1e4), -INF, INF).value == pytest.approx(1.0, abs=1e-8)
    assert wk.integrate(lambda t: norm.pdf(t, 0, 1e-8), -INF, INF).value == pytest.approx(1.0, abs=1e-8)


def test_a_warning_names_cause_and_place() -> None:
    with pytest.warns(ConvergenceWarning, match="divergent.* towards 1 "):
        wk.integrate(lambda t: (1 - t) ** -1.5, 0, 1)
    with pytest.warns(ConvergenceWarning, match="NaN or infinite between -1 and"):
        wk.integrate(np.sqrt, -1, 1)
    with pytest.warns(ConvergenceWarning, match=r"maximum number of subdivisions \(3\)"):
        wk.integrate(lambda t: np.cos(50 * t), 0, 10, limit=3)
    with pytest.warns(ConvergenceWarning, match="was 0 at all"):
        wk.integrate(lambda t: 0 * t, 0, 1)
    # Near 1e15 places are told apart to 0.1 only.
    with pytest.warns(ConvergenceWarning, match="roundoff"):
        wk.integrate(lambda t: norm.pdf(t, 1e15), -INF, INF, points=[1e15 - 8, 1e15, 1e15 + 8])
    with pytest.warns(ConvergenceWarning, match="roundoff"):
        wk.integrate(np.exp, 0, 1, epsabs=1e-18, epsrel=0)


def test_a_formula_that_is_zero_needs_no_flag() -> None:
    assert wk.integrate("0*t", 0, 1).converged


def test_nodes_and_weights_are_the_published_ones() -> None:
    # Gauss's nodes are the roots of the Legendre polynomial; the moments fix all weights.
    legendre = np.polynomial.legendre.Legendre.basis(10)
    assert np.abs(legendre(NODES[1::2])).max() < 1e-14
    for degree in range(0, 32, 2):
        assert KRONROD @ NODES**degree == pytest.approx(2 / (degree + 1), rel=4e-16)
    for degree in range(0, 20, 2):
        assert GAUSS @ NODES**degree == pytest.approx(2 / (degree + 1), rel=4e-16)
    assert abs(KRONROD @ NODES**32 - 2 / 33) > 1e-12
    assert abs(GAUSS @ NODES**20 - 2 / 21) > 1e-8


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=32), st.floats(-3, 3), st.floats(0.1, 3))
@settings(deadline=None, max_examples=30)
def test_a_polynomial_up_to_degree_31_is_exact_in_one_subinterval(
    coefficients: list[float], low: float, length: float
) -> None:
    polynomial = np.polynomial.Polynomial(coefficients)
    antiderivative = polynomial.integ()
    size = np.polynomial.Polynomial(np.abs(coefficients)).integ()(max(abs(low), abs(low + length)))
    nodes = low + 0.5 * length * (1 + NODES)
    value = 0.5 * length * float(KRONROD @ polynomial(nodes))
    assert abs(value - (antiderivative(low + length) - antiderivative(low))) <= 1e-13 * (size + 1e-300)


@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (math.sin, 1 - math.cos(1)),
        (lambda t: np.dot(t, t), 1 / 3),
        (lambda t: t if t < 0.5 else 1 - t, 0.25),
        (lambda t: 2.0, 2.0),
        (lambda t: 2, 2.0),
        (lambda t: np.float32(2), 2.0),
        (lambda t: np.array([t]), 0.5),
        (np.sum, 0.5),
        (lambda t: t / np.max(t), 1.0),
        (lambda t: np.sort(t)[::-1] if np.ndim(t) else t, 0.5),
        (lambda t: max(t, 0.5), 0.625),
        (lambda t: [t, 0.0][0], 0.5),
        (lambda t: t > 0.5, 0.5),
    ],
)
def test_a_function_of_one_number_is_recognised(function: Callable[[Any], Any], exact: float) -> None:
    found = wk.integrate(function, 0, 1)
    assert found.converged
    assert found.value == pytest.approx(exact, abs=1e-8)


def test_a_function_of_arrays_is_called_with_arrays() -> None:
    sizes: list[int] = []

    def recorded(t: Any) -> Any:
        sizes.append(np.size(t))
        return np.cos(30 * t)

    wk.integrate(recorded, 0, 10)
    assert max(sizes) > 21
    assert sizes.count(1) == 21


def test_vectorized_false_never_passes_an_array() -> None:
    def strict(t: float) -> float:
        assert isinstance(t, float)
        return math.cos(30 * t)

    assert wk.integrate(strict, 0, 10, vectorized=False).value == pytest.approx(math.sin(300) / 30, abs=1e-8)


def test_an_error_of_the_function_itself_is_raised() -> None:
    def broken(t: float) -> float:
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        wk.integrate(broken, 0, 1)


def test_overflow_in_python_arithmetic_is_infinity() -> None:
    assert wk.integrate(lambda t: 1 / t**0.5, 0, 1).value == pytest.approx(2.0)
    with pytest.warns(ConvergenceWarning):
        wk.integrate(math.exp, 0, INF)


def test_what_died_away_before_it_overflows_counts_nothing() -> None:
    assert wk.integrate(lambda t: 1 / math.cosh(t), -INF, INF).value == pytest.approx(math.pi)
    assert wk.integrate(lambda t: np.exp(t) / (1 + np.exp(t)) ** 2, -INF, INF).value == pytest.approx(1.0)
    with pytest.warns(ConvergenceWarning, match="NaN or infinite"):
        wk.integrate(lambda t: np.sin(np.exp(t)) / np.exp(t) * np.exp(t), 0, INF)


@pytest.mark.parametrize("problem", PROBLEMS[:12], ids=lambda problem: problem.name)
def test_it_unpacks_as_quad_does(problem: Problem) -> None:
    value, error = wk.integrate(problem.function, *problem.limits)
    theirs, _ = quad(problem.function, *problem.limits, limit=200, points=(0.3,) if problem.limits == (0, 1) else None)
    assert value == pytest.approx(theirs, abs=2e-8, rel=2e-8)
    assert 0 < error < 1e-6


def test_limits_points_and_arguments() -> None:
    assert tuple(wk.integrate(lambda t: 1 / t, 2, 2)) == (0.0, 0.0)
    assert wk.integrate(lambda t, a, b: a * t + b, 0, 1, args=(2, 3)).value == pytest.approx(4.0)
    assert wk.integrate(lambda t, a: a * t, 0, 1, args=2).value == pytest.approx(1.0)
    assert wk.integrate("t*w + z", 0, 1, args=(2, 3)).value == pytest.approx(4.0)
    assert wk.integrate(lambda t: np.where(t < 0.3, 1.0, 2.0), 0, 1, points=[0.3]).error < 1e-12
    assert wk.integrate(lambda t: norm.pdf(t, 1e8), -INF, INF, points=[1e8 - 8, 1e8, 1e8 + 8]).value == pytest.approx(1)
    assert wk.integrate("3", 0, 2).value == pytest.approx(6.0)
    assert wk.integrate(wk.formula("t^2"), 0, 1).value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((5, 0, 1), {}, "f must be a function"),
        (("t*w", 0, 1), {}, "args must hold a value"),
        ((np.sin, 0, math.nan), {}, "b must be a number"),
        ((np.sin, "a", 1), {}, "a must be a number"),
        ((np.sin, 0, 1), {"epsabs": 0, "epsrel": 1e-16}, "If 'epsabs'<=0, 'epsrel' must be greater"),
        ((np.sin, 0, 1), {"epsabs": math.nan}, "must allow some error"),
        ((np.sin, 0, 1), {"limit": 0}, "limit must be a whole number"),
        ((np.sin, 0, 1), {"points": [math.nan]}, "points must be finite"),
        ((lambda t: "a", 0, 1), {}, "f must give a real number; got str"),
        ((lambda t: None, 0, 1), {}, "f must give a real number; got NoneType"),
        ((lambda t: np.exp(1j * t), 0, 1), {}, "complex_func=True"),
        ((lambda t: np.array([t, t]), 0, 1), {}, r"f must give a real number; got an array of shape \(2,\)"),
        ((lambda t: np.append(t, 1.0), 0, 1), {"vectorized": True}, "one value for each number"),
    ],
)
def test_refusals(arguments: tuple[Any, ...], options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        wk.integrate(*arguments, **options)


def test_complex_integrands() -> None:
    found = wk.integrate(lambda t: np.exp(1j * t), 0, math.pi / 2, complex_func=True)
    assert found.value == pytest.approx(1 + 1j)
    assert found.error == pytest.approx(1.1e-14 * (1 + 1j), rel=0.2)
    assert wk.integrate(lambda t: complex(t, 1), 0, 1, complex_func=True, vectorized=False).value == pytest.approx(
        0.5 + 1j
    )


FUNCTIONS = st.sampled_from(["exp(-t^2)", "sin(3*t) + t", "1/(1 + t^2)", "sqrt(abs(t))", "t^3 - 2t"])
LIMITS = st.floats(-5, 5)


@given(FUNCTIONS, FUNCTIONS, LIMITS, LIMITS, st.floats(-10, 10))
@settings(deadline=None, max_examples=40)
def test_it_is_linear(f: str, g: str, a: float, b: float, c: float) -> None:
    both = _quiet(f"({f}) + ({c!r})*({g})".replace("e-", "*10^-"), a, b)
    one, other = _quiet(f, a, b), _quiet(g, a, b)
    bound = both.error + one.error + abs(c) * other.error
    assert abs(both.value - (one.value + c * other.value)) <= bound + 1e-12


@given(FUNCTIONS, LIMITS, LIMITS, LIMITS)
@settings(deadline=None, max_examples=40)
def test_it_adds_up_over_its_range_and_turns_its_sign(f: str, a: float, b: float, c: float) -> None:
    whole, first, second = _quiet(f, a, c), _quiet(f, a, b), _quiet(f, b, c)
    bound = whole.error + first.error + second.error
    assert abs(whole.value - (first.value + second.value)) <= bound + 1e-12
    assert _quiet(f, c, a).value == -whole.value


@given(FUNCTIONS, st.floats(-4, 4), st.floats(0.01, 4), st.floats(0.125, 8))
@settings(deadline=None, max_examples=40)
def test_it_scales_with_its_variable(f: str, a: float, length: float, k: float) -> None:
    formula = wk.formula(f)
    plain = _quiet(formula, a, a + length)
    scaled = _quiet(lambda t: formula(k * t), a / k, (a + length) / k)
    assert abs(scaled.value * k - plain.value) <= plain.error + k * scaled.error + 1e-12


THREADS_AND_FORK = """
import os
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import workings as wk

def one(k):
    return wk.integrate(lambda t: np.exp(-t) * np.cos(k * t), 0, np.inf).value

expected = [one(k) for k in range(8)]
with ThreadPoolExecutor(16) as pool:
    assert list(pool.map(one, [*range(8)] * 4)) == expected * 4
if hasattr(os, "fork"):
    child = os.fork()
    if child == 0:
        os._exit(0 if [one(k) for k in range(8)] == expected else 1)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_many_threads_and_a_forked_child_agree() -> None:
    # In a process of its own: other libraries that tests have loaded warn of forks.
    subprocess.run([sys.executable, "-c", THREADS_AND_FORK], check=True, timeout=120)


def test_the_result_says_what_was_done() -> None:
    found = wk.integrate(np.sqrt, 0, 1)
    cut = found.subintervals
    assert cut is not None
    assert cut.low[0] == 0.0
    assert cut.high[-1] == 1.0
    assert np.array_equal(cut.low[1:], cut.high[:-1])
    assert math.fsum(cut.value) == found.value
    assert cut.rounds[-1].panels == len(cut)
    assert cut.double_exponential.any()
    assert repr(found).startswith("value        0.666")
    assert float(found) == found.value == found[0]


@pytest.mark.parametrize(("middle", "width"), [(1e6, 1e5), (-3e8, 1e8), (1e10, 3e9)])
def test_what_is_as_wide_as_it_is_far_is_found_on_the_whole_line(middle, width):
    found = wk.integrate(
        lambda x: np.exp(-0.5 * ((x - middle) / width) ** 2) / (math.sqrt(2 * math.pi) * width), -math.inf, math.inf
    )
    assert found.converged
    assert abs(found.value - 1.0) <= max(found.error, 1e-12)


def test_what_an_integrand_takes_besides_is_given_by_name() -> None:
    exact = math.sin(2.0) / 2.0
    for f in ("cos(w*x)", wk.formula("cos(w*x)"), lambda x, w: np.cos(w * x)):
        assert wk.integrate(f, 0, 1, {"w": 2.0}).value == pytest.approx(exact, abs=1e-12)
        assert wk.integrate_family(f, 0, 1, {"w": [2.0, 1.0]}).value[0] == pytest.approx(exact, abs=1e-12)
        assert wk.riemann_sum(f, 0, 1, 4, args={"w": 2.0}) == wk.riemann_sum("cos(2x)", 0, 1, 4)
        assert wk.explain(wk.integrate, f, 0, 1, {"w": 2.0}).verify()
        assert wk.explain(wk.riemann_sum, f, 0, 1, 4, args={"w": 2.0}).verify()
        assert wk.explain(wk.integrate_family, f, 0, 1, {"w": [2.0, 1.0]}).verify()
        assert wk.plot(wk.integrate, f, 0, 1, {"w": 2.0}).to_dict()
        assert wk.plot(wk.riemann_sum, f, 0, 1, 4, args={"w": 2.0}).to_dict()
    several = wk.integrate_family("a*x^2 + b*x", 0, 1, {"b": [1.0, 2.0], "a": [3.0, 6.0]})
    assert several.value == pytest.approx([1.5, 3.0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wk.integrate("cos(w*x)", 0, 1, {"v": 2}), "has w, x, and args names v"),
        (lambda: wk.integrate("cos(w*x)", 0, 1, {"w": 2, "x": 1}), "but the one that is integrated over"),
        (lambda: wk.integrate("x^2", 0, 1, {"x": 2}), "but the one that is integrated over"),
        (lambda: wk.integrate(lambda x, w: w * x, 0, 1, {"x": 2}), "takes x first"),
        (lambda: wk.integrate(max, 0, 1, {"x": 2}), "give a tuple instead"),
        (lambda: wk.integrate_family("a*x + b", 0, 1, {"a": [1, 2], "b": [1]}), "one length; got 2, 1"),
    ],
)
def test_names_that_do_not_fit_are_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
