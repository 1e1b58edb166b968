"""Formulas and their derivatives against JAX, PyTorch, autograd and SymPy, on two threads and in float64.

The peers run as their own documentation has it for speed: JAX jitted, value and gradient as one function, its arrays on
its device beforehand; PyTorch with leaves for the parameters only; SymPy's function with common subexpressions.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

os.environ.setdefault("WORKINGS_NUM_THREADS", "2")

import autograd
import autograd.numpy as anp
import jax
import jax.numpy as jnp
import numpy as np
import sympy
import torch
from sympy.core.cache import clear_cache

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated
from workings.expression.compiling import compiled

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(2)

ROWS, POINTS, VARIABLES = 5_000_000, 10_000_000, 1_000
COST = "mean((y - A/(1+exp(-(w*x+b))))^2)"
SURFACE = "sin(x*z) + x^2*exp(-z)"
START = {"A": 1.3, "w": 0.7, "b": 0.1}
TIMED = 20  # of the variables, by SymPy
FEW = 20_000


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    yield from fitted()
    yield from surfaces()
    yield from derived()
    yield from grown()
    yield from at_a_point()
    yield from compiled_first()


def jax_cost(p: Any, x: Any, y: Any) -> Any:
    """Return the cost as JAX's users write it."""
    A, w, b = p
    return jnp.mean((y - A / (1 + jnp.exp(-(w * x + b)))) ** 2)


def fitted() -> Iterator[Row]:
    """The cost of a logistic curve over five million rows, its gradient and its Hessian."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=ROWS), rng.normal(size=ROWS)
    p = tuple(START.values())
    ours = wk.value_and_gradient(COST, rows=("x", "y"))
    work = "value and gradient of a cost, 5 million rows"
    found, partials = ours(x=x, y=y, **START)

    device_x, device_y = jnp.asarray(x), jnp.asarray(y)
    by_jax = jax.jit(jax.value_and_grad(jax_cost))
    agree(found, partials.values(), *jax.tree.leaves(by_jax(p, device_x, device_y)))

    tensor_x, tensor_y = torch.from_numpy(x), torch.from_numpy(y)

    def by_torch() -> list[float]:
        A, w, b = leaves = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in p]
        value = torch.mean((tensor_y - A / (1 + torch.exp(-(w * tensor_x + b)))) ** 2)
        value.backward()
        return [float(value.detach()), *(float(leaf.grad) for leaf in leaves)]

    agree(found, partials.values(), *by_torch())

    by_autograd = autograd.value_and_grad(lambda p: anp.mean((y - p[0] / (1 + anp.exp(-(p[1] * x + p[2])))) ** 2))
    value, slopes = by_autograd(np.array(p))
    agree(found, partials.values(), value, *slopes)

    def run() -> object:
        return ours(x=x, y=y, **START)

    peers: tuple[tuple[str, Callable[[], object], float], ...] = (
        ("jax.jit(value_and_grad)", lambda: jax.block_until_ready(by_jax(p, device_x, device_y)), 3),
        ("PyTorch autograd", by_torch, 8),
        ("autograd (HIPS)", lambda: by_autograd(np.array(p)), 12),
    )
    for name, peer, least in peers:
        yield measure(work, run, name, peer, at_least=least)

    hessian = wk.hessian(COST, rows=("x", "y"))
    hessian_by_jax = jax.jit(jax.hessian(jax_cost))
    theirs = np.array(hessian_by_jax(p, device_x, device_y))
    assert np.allclose(hessian(x=x, y=y, **START), theirs, rtol=1e-9)
    yield measure(
        "Hessian of the same",
        lambda: hessian(x=x, y=y, **START),
        "jax.jit(hessian)",
        lambda: jax.block_until_ready(hessian_by_jax(p, device_x, device_y)),
        at_least=3,
    )


def agree(value: float, partials: Any, their_value: Any, *their_partials: Any) -> None:
    """Hold two answers against each other before they are timed."""
    assert math.isclose(value, float(their_value), rel_tol=1e-10)
    assert np.allclose(list(partials), [float(p) for p in their_partials], rtol=1e-9)


def surfaces() -> Iterator[Row]:
    """A surface and both its slopes at ten million points."""
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=POINTS), rng.normal(size=POINTS)
    ours = wk.value_and_gradient(SURFACE)
    work = "value and both partials of a surface, 10 million points"

    def surface(x: Any, z: Any) -> Any:
        return jnp.sin(x * z) + x**2 * jnp.exp(-z)

    @jax.jit
    def by_jax(x: Any, z: Any) -> Any:
        value, pull_back = jax.vjp(surface, x, z)
        return value, *pull_back(jnp.ones_like(value))

    names = sympy.symbols("x z")
    formula = sympy.sin(names[0] * names[1]) + names[0] ** 2 * sympy.exp(-names[1])
    by_sympy = sympy.lambdify(names, [formula, *(formula.diff(name) for name in names)], "numpy", cse=True)

    device_x, device_z = jnp.asarray(x), jnp.asarray(z)
    value, partials = ours(x=x, z=z)
    for peer in (by_jax(device_x, device_z), by_sympy(x, z)):
        for one, other in zip((value, *partials.values()), peer, strict=True):
            assert np.allclose(one, other, rtol=1e-9, atol=1e-12)
    del value, partials, peer, one, other
    peers: tuple[tuple[str, Callable[[], object], float], ...] = (
        ("jax.jit(vjp)", lambda: jax.block_until_ready(by_jax(device_x, device_z)), 2.5),
        ("sympy.lambdify(cse=True)", lambda: by_sympy(x, z), 4),
    )
    for name, peer, least in peers:
        yield measure(work, lambda: ours(x=x, z=z), name, peer, at_least=least)


def derived() -> Iterator[Row]:
    """The gradient of Rosenbrock's function in a thousand named variables, as formulas."""
    names = [f"x_{k}" for k in range(1, VARIABLES + 1)]
    x = sympy.symbols(names)
    theirs = sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))
    ours = rosenbrock(names)
    at = dict(zip(names, np.random.default_rng(2).uniform(-1, 1, VARIABLES), strict=True))
    found = wk.gradient(ours)(**at)
    for k in (0, 1, VARIABLES // 2, VARIABLES - 1):
        assert math.isclose(
            found[names[k]], theirs.diff(x[k]).subs(dict(zip(x, at.values(), strict=True))), rel_tol=1e-9
        )

    def by_sympy() -> object:
        clear_cache()  # SymPy remembers what it derived the last time, and would only look it up
        return [theirs.diff(name) for name in x[:: VARIABLES // TIMED]]

    # SymPy takes as long for each variable (all 1,000 were 87 s where 20 were 1.7 s): it is timed for a few.
    row = measure(
        "gradient of Rosenbrock's function in 1,000 variables, derived",
        lambda: wk.gradient(ours),
        "sympy.diff",
        by_sympy,
        at_least=100,
    )
    yield replace(row, peer_s=row.peer_s * VARIABLES / TIMED)


def grown() -> Iterator[Row]:
    """What is ten times as long takes ten times as long: a product's gradient, a sum's derivative."""

    def product(factors: int) -> Callable[[], object]:
        whole = wk.formula(with_arguments(lambda *x: math.prod(x), [f"x_{k}" for k in range(factors)]))
        return lambda: wk.gradient(whole)

    def total(terms: int) -> Callable[[], object]:
        whole = wk.formula(lambda x: sum((k * np.sin(k * x) for k in range(1, terms)), start=x))
        return lambda: wk.differentiate(whole)

    for name, work, size in (
        ("gradient of a product of 5,000 factors, derived", product, 5_000),
        ("derivative of a sum of 100,000 terms, derived", total, 100_000),
    ):
        yield measure(
            name,
            work(size),
            f"ten times that of {size // 10:,}",
            repeated(work(size // 10), 10),
            at_least=0.5,
            repeats=3,
        )


def at_a_point() -> Iterator[Row]:
    """A formula of three variables at one point."""
    ours = wk.formula("sin(x*z) + x^2*exp(-z) + y/(1 + x^2)")

    def typed(x: float, z: float, y: float) -> float:
        return math.sin(x * z) + x**2 * math.exp(-z) + y / (1 + x**2)

    assert math.isclose(ours(0.3, 0.7, 2.0), typed(0.3, 0.7, 2.0), rel_tol=1e-15)
    yield measure(
        "a formula of 3 variables at a point (1,000 times)",
        repeated(lambda: ours(0.3, 0.7, 2.0)),
        "typed as a Python function",
        repeated(lambda: typed(0.3, 0.7, 2.0)),
        at_least=0.05,
    )


def compiled_first() -> Iterator[Row]:
    """From text to the first answer: in this process, and in another that finds what was kept."""
    x, y = np.random.default_rng(3).normal(size=(2, FEW))
    kept = os.environ.get("WORKINGS_CACHE_DIR")

    def ours() -> object:
        compiled.forget()
        return wk.value_and_gradient(COST, rows=("x", "y"))(x=x, y=y, **START)

    def theirs() -> object:
        jax.clear_caches()
        return jax.block_until_ready(jax.jit(jax.value_and_grad(jax_cost))(tuple(START.values()), x, y))

    os.environ["WORKINGS_CACHE_DIR"] = ""
    yield measure("value and gradient, from text to the first answer", ours, "jax.jit", theirs, at_least=1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKINGS_CACHE_DIR"] = os.environ["JAX_COMPILATION_CACHE_DIR"] = folder
        os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
        sides = [[elsewhere(side) for side in (OURS, THEIRS)] for _ in range(4)][1:]
        medians = [statistics.median(column) for column in zip(*sides, strict=True)]
        yield Row("the same in a process that finds it compiled", "jax.jit with its cache", *medians, 1)
        del os.environ["JAX_COMPILATION_CACHE_DIR"], os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"]
    if kept is None:
        del os.environ["WORKINGS_CACHE_DIR"]
    else:
        os.environ["WORKINGS_CACHE_DIR"] = kept


OURS = f"""
import workings as wk
wk.value_and_gradient("x^2")(x=x)  # what is loaded at the first call of any formula
start = time.perf_counter()
wk.value_and_gradient({COST!r}, rows=("x", "y"))(x=x, y=y, A=1.3, w=0.7, b=0.1)
"""
THEIRS = """
import jax
import jax.numpy as jnp
from benchmarks.chain_rule import jax_cost
jax.block_until_ready(jax.jit(lambda x: x**2)(x))
start = time.perf_counter()
jax.block_until_ready(jax.jit(jax.value_and_grad(jax_cost))((1.3, 0.7, 0.1), x, y))
"""


def elsewhere(work: str) -> float:
    """Return how long a piece of work takes in a process of its own, after its imports."""
    program = (
        f"import time\nimport numpy as np\nx, y = np.random.default_rng(3).normal(size=(2, {FEW}))\n"
        f"{work}\nprint(time.perf_counter() - start)"
    )
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def rosenbrock(names: list[str]) -> wk.Formula:
    """Return the sum of 100 (x_{k+1} - x_k^2)^2 + (1 - x_k)^2, too long for a text, built by Python."""

    def cost(*x: Any) -> Any:
        return sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))

    return wk.formula(with_arguments(cost, names))


def with_arguments(function: Callable[..., Any], names: list[str]) -> Callable[..., Any]:
    """Return a function of any number of arguments as one that names them."""
    scope: dict[str, Any] = {"function": function}
    exec(f"def named({', '.join(names)}): return function({', '.join(names)})", scope)
    return scope["named"]


if __name__ == "__main__":
    print_table(rows())
