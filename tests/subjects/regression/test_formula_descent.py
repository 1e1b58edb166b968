"""Gradient descent on a formula: PyTorch's steps, known minima, divergence with its reason, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import workings as wk
from workings.errors import ConvergenceWarning, FormulaError, InputError

ROSENBROCK = "(1 - x)^2 + 100*(y - x^2)^2"
LINE = "mean((y - (m*x + b))^2)"
ROWS = {"x": [1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0]}


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_a_fixed_rate_takes_the_steps_of_pytorch(momentum, nesterov):
    rng = np.random.default_rng(0)
    x = rng.normal(size=50)
    y = 1 / (1 + np.exp(-(2 * x - 0.5))) + 0.05 * rng.normal(size=50)
    start = {"A": 0.5, "w": 0.0, "b": 0.0}
    found = wk.gradient_descent(
        "mean((y - A*sigmoid(w*x + b))^2)",
        start,
        data={"x": x, "y": y},
        learning_rate=0.3,
        momentum=momentum,
        nesterov=nesterov,
        max_iter=60,
    )
    p = torch.tensor(list(start.values()), dtype=torch.float64, requires_grad=True)
    steps = torch.optim.SGD([p], lr=0.3, momentum=momentum, nesterov=nesterov)
    X, Y = torch.tensor(x), torch.tensor(y)
    for _ in range(60):
        steps.zero_grad()
        ((Y - p[0] * torch.sigmoid(p[1] * X + p[2])) ** 2).mean().backward()
        steps.step()
    assert list(found.minimum.values()) == pytest.approx(p.detach().tolist(), rel=1e-10)


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_the_searched_rate_reaches_the_bottom_of_a_curved_valley_and_never_climbs(momentum, nesterov):
    found = wk.gradient_descent(ROSENBROCK, {"x": -1.2, "y": 1}, momentum=momentum, nesterov=nesterov)
    assert found.converged
    assert list(found.minimum.values()) == pytest.approx([1, 1], abs=1e-6)
    assert (np.diff(found.path.cost) <= 1e-13).all()


def test_a_cost_over_rows_gives_the_line_of_least_squares():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 40))
    found = wk.gradient_descent(LINE, {"m": 0, "b": 0}, data={"x": x, "y": y}, tol=1e-10)
    assert list(found.minimum.values()) == pytest.approx(np.polyfit(x, y, 1), abs=1e-8)


@pytest.mark.parametrize(
    ("spelt_out", "steady"),
    [
        ("mean((y - A/(1 + exp(-(w*x + b))))^2)", "mean((y - A*sigmoid(w*x + b))^2)"),
        ("mean(ln(1 + exp(w*x + b)) - y*(w*x + b)) + A^2", "mean(softplus(w*x + b) - y*(w*x + b)) + A^2"),
        ("-mean(y*ln(sigmoid(w*x + b)) + (1 - y)*ln(1 - sigmoid(w*x + b))) + A^2",) * 2,
    ],
)
def test_exponentials_beyond_the_floats_do_not_end_a_descent(spelt_out, steady):
    """At the start w·x is ±4000: e to that is infinite or 0."""
    x = np.linspace(-4000, 4000, 80)
    y = ((x > 300) ^ (np.arange(80) % 9 == 0)).astype(float)
    options = {"data": {"x": x, "y": y}, "tol": 1e-9}
    found = wk.gradient_descent(spelt_out, {"A": 0.5, "w": 1, "b": 0}, **options)
    plain = wk.gradient_descent(steady, {"A": 0.5, "w": 1, "b": 0}, **options)
    assert math.isfinite(found.cost)
    assert found.cost < found.path.cost[0]
    assert list(found.minimum.values()) == pytest.approx(list(plain.minimum.values()), rel=1e-6, abs=1e-9)


def test_a_python_function_and_a_formula_descend_as_their_text_does():
    x, y = np.array(ROWS["x"]), np.array(ROWS["y"])
    texts = wk.gradient_descent(LINE, {"m": 0, "b": 0}, data=ROWS)
    traced = wk.gradient_descent(lambda m, b: np.mean((y - (m * x + b)) ** 2), {"m": 0, "b": 0})
    made = wk.gradient_descent(wk.formula(LINE, rows=("x", "y")), {"m": 0, "b": 0}, data=ROWS)
    assert traced.minimum == pytest.approx(texts.minimum)
    assert made.minimum == texts.minimum


@pytest.mark.parametrize(("momentum", "nesterov", "limit"), [(0.0, False, 2.0), (0.5, False, 3.0), (0.5, True, 1.5)])
def test_a_descent_that_diverges_says_which_rate_holds_and_that_rate_does(momentum, nesterov, limit):
    options = {"momentum": momentum, "nesterov": nesterov}
    with pytest.warns(ConvergenceWarning, match="diverged"):
        far = wk.gradient_descent("2*x^2 + z^2/2", {"x": 1, "z": 1}, learning_rate=1.1 * limit / 4, **options)
    assert far.status.name == "diverged"
    assert far.largest_rate == pytest.approx(limit / 4)
    assert f"{limit / 4:.4g}" in str(far.status)
    near = wk.gradient_descent("2*x^2 + z^2/2", {"x": 1, "z": 1}, learning_rate=0.99 * far.largest_rate, **options)
    assert near.converged


def test_leaving_what_is_defined_is_named():
    with pytest.warns(ConvergenceWarning, match=r"log\(x\) is log\(-1.1\), which is undefined unless x > 0"):
        found = wk.gradient_descent("ln(x)", {"x": 1}, learning_rate=0.6)
    assert found.status.name == "not_finite"
    assert found.minimum["x"] == pytest.approx(0.4)


@pytest.mark.parametrize(("f", "start"), [("x^2 - y^2 + y^4/4", {"x": 1, "y": 0}), ("-x^2 + x^4", {"y": 0, "x": 0})])
def test_a_saddle_or_a_maximum_is_not_taken_for_a_minimum(f, start):
    start = {name: value for name, value in start.items() if name in f}
    with pytest.warns(ConvergenceWarning, match="the cost curves down there along"):
        found = wk.gradient_descent(f, start)
    assert found.status.name == "saddle"
    assert not found.converged
    found.explain().verify()
    assert wk.gradient_descent(f, dict.fromkeys(start, 0.5)).converged


@pytest.mark.parametrize("options", [{}, {"learning_rate": 0.5}, {"momentum": 0.9}])
@pytest.mark.parametrize(("f", "start"), [("x^2 - y^2", {"x": 1, "y": 0.001}), ("-x^3", {"x": 1})])
def test_a_cost_without_a_bottom_says_so(f, start, options):
    with pytest.warns(ConvergenceWarning, match="goes on falling, so that it has no minimum this way"):
        found = wk.gradient_descent(f, start, **options)
    assert found.status.name == "unbounded"
    assert found.cost < -1e100


def test_a_kink_is_named_and_of_several_parameters_warned_of():
    found = wk.gradient_descent("abs(x - 1) + 0.1*x^2", {"x": 3})
    assert found.minimum["x"] == pytest.approx(1)
    assert "it is a kink" in str(found.status)
    with pytest.warns(ConvergenceWarning, match="a kink there in x"):
        found = wk.gradient_descent("maximum(x, -2*x) + abs(z - 1)", {"x": 3, "z": 4}, max_iter=300)
    assert found.status.name == "kink"
    # A smooth bottom as narrow as you like is no kink.
    with pytest.warns(ConvergenceWarning, match="stopped at iteration 1"):
        narrow = wk.gradient_descent("1e12*(x - 1)^2 + where(x > 5, 1, 0)", {"x": 0}, max_iter=1, tol=0)
    assert narrow.status.name == "max_iter"
    assert "kink" not in str(narrow.status)


def test_a_power_of_a_column_that_holds_a_zero_has_slopes():
    x = np.linspace(0, 4, 30)
    data = {"x": x, "y": 1.5 * x**1.7}
    found = wk.gradient_descent("mean((y - a*x^k)^2)", {"a": 1, "k": 1}, data=data, tol=1e-7)
    assert list(found.minimum.values()) == pytest.approx([1.5, 1.7], abs=1e-6)
    assert found.explain().verify().equations > 10


def test_the_path_is_thinned_and_keeps_its_landmarks():
    with pytest.warns(ConvergenceWarning, match="stopped at iteration 5000"):
        found = wk.gradient_descent(ROSENBROCK, {"x": -1.2, "y": 1}, learning_rate=1e-4, max_iter=5000)
    path = found.path
    assert len(path) <= 520
    assert {0, 1, 2, 10, 11, 100, 101, 1000, 1001, 4999, 5000} <= set(path.iterations.tolist())
    assert path.at(5000) == found.minimum
    assert path.at(4321) is None or len(path.at(4321)) == 2


def test_a_start_at_the_minimum_takes_no_step_and_a_flat_cost_neither():
    assert wk.gradient_descent("x^2", {"x": 0}).iterations == 0
    assert wk.gradient_descent("0*x", {"x": 3}).minimum == {"x": 3.0}
    assert wk.gradient_descent("x^2", {"x": 5}, max_iter=10, tol=100).iterations == 0


def test_a_minimum_of_no_use_to_a_step_stalls_rather_than_hangs():
    found = wk.gradient_descent("abs(x) + abs(x - 1)*2", {"x": 0.3}, tol=1e-12)
    assert found.minimum["x"] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "f", "start", "options"),
    [
        ("got none for y", "x^2 + y", {"x": 1}, {}),
        ("got wieght; did you mean weight", "weight^2", {"wieght": 1}, {}),
        ("a number for each parameter by its name", "x^2", [1], {}),
        ("one finite number for x", "x^2", {"x": math.inf}, {}),
        (r"√\(-1\), which is undefined unless x ≥ 0", "sqrt(x) + y^2", {"x": -1, "y": 0}, {}),
        ("there it is inf", "1/x", {"x": 0}, {}),
        ("one by x is inf", "sqrt(x)", {"x": 0}, {}),
        ("one value for all rows", "y*x", {"y": 1}, {"data": {"x": [1, 2]}}),
        ("row 1 .* has none", "mean(y*x)", {"y": 1}, {"data": {"x": [1, None]}}),
        ("learning_rate must be", "x^2", {"x": 1}, {"learning_rate": -1}),
        ("learning_rate must be", "x^2", {"x": 1}, {"learning_rate": "fast"}),
        ("momentum must be", "x^2", {"x": 1}, {"momentum": 1.0}),
        ("nesterov must come with momentum", "x^2", {"x": 1}, {"nesterov": True}),
        ("max_iter must be", "x^2", {"x": 1}, {"max_iter": 1.5}),
        ("tol must be", "x^2", {"x": 1}, {"tol": -1}),
    ],
)
def test_what_cannot_be_descended_is_refused_with_what_to_do(words, f, start, options):
    with pytest.raises(InputError, match=words):
        wk.gradient_descent(f, start, **options)


def test_text_that_cannot_be_read_is_refused():
    with pytest.raises(FormulaError):
        wk.gradient_descent("x^", {"x": 1})


@pytest.mark.parametrize(
    "options",
    [{"learning_rate": 0.05}, {}, {"momentum": 0.5}, {"learning_rate": 0.05, "momentum": 0.5, "nesterov": True}],
)
def test_a_descent_is_told_step_by_step_and_every_line_holds(options):
    working = wk.explain(wk.gradient_descent, LINE, {"m": 0, "b": 0}, data=ROWS, **options)
    assert working.verify().equations > 8
    assert "Iteration 1" in working.to_text()
    working.at(iteration=1).verify()
    with pytest.raises(InputError, match="iteration must be one whose step was kept"):
        working.at(iteration=123_456)


def test_a_descent_without_rows_is_told():
    found = wk.gradient_descent(ROSENBROCK, {"x": -1.2, "y": 1})
    assert found.explain().verify().equations > 10
    many = " + ".join(f"(x_{k} - {k})^2" for k in range(9))
    wk.gradient_descent(many, {f"x_{k}": 0 for k in range(9)}).explain().verify()


def test_the_picture_shows_the_way_over_one_parameter_two_and_many():
    for f, start in (
        ("x^2 + x", {"x": 3}),
        (ROSENBROCK, {"x": -1.2, "y": 1}),
        ("x^2 + y^2 + z^2", {"x": 1, "y": 2, "z": 3}),
    ):
        found = wk.gradient_descent(f, start)
        assert "steps from cost" in found.plot().to_dict()["description"]
