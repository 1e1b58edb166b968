"""The numbers in the pictures of samples, expectations, boxes and families are those that Python computes."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.pictures import layers, table, tables

import workings as wk
from workings.chart import check_size, spec
from workings.errors import ConvergenceWarning
from workings.language import use_language
from workings.subjects.integration.expectation import expectation

X = np.array([0, 1, 1.5, 3, 4, 4.5, 6, 7])
Y = np.array([1, 3, 2.5, 4, 3, 5, 2, 1.0])


def areas(picture: Any) -> dict[int, float]:
    """Return the area below each strip's curve, by trapezoids."""
    found: dict[int, list[tuple[float, float]]] = {}
    for strip, x, y in table(picture, "strip", "x", "y"):
        found.setdefault(strip, []).append((x, y))
    return {k: float(wk.trapezoid([y for _, y in points], [x for x, _ in points])) for k, points in found.items()}


def numbers(picture: Any) -> list[float]:
    """Return the last number of each sentence that the slider shows."""
    return [float(re.findall(r"-?[\d.]+", said)[-1]) for _, said in table(picture, "stop", "said")]


def test_the_strips_of_trapezoids_are_theirs() -> None:
    picture = wk.plot(wk.trapezoid, Y, X)
    expected = np.diff(X) * (Y[1:] + Y[:-1]) / 2
    assert list(areas(picture).values()) == pytest.approx(expected)
    assert numbers(picture) == pytest.approx(expected)


@pytest.mark.parametrize("count", [3, 7, 8])
def test_the_parabolas_of_simpson_are_theirs(count: int) -> None:
    picture = wk.plot(wk.simpson, Y[:count], X[:count])
    whole = wk.simpson(Y[:count], X[:count])
    assert sum(numbers(picture)) == pytest.approx(whole, rel=1e-4)
    # Thirteen points of each parabola lose a little of it.
    assert sum(areas(picture).values()) == pytest.approx(whole, rel=0.02)


def test_the_running_area_is_the_functions() -> None:
    picture = wk.plot(wk.cumulative_trapezoid, Y, X)
    expected = wk.cumulative_trapezoid(Y, X, initial=0)
    assert numbers(picture) == pytest.approx(expected.tolist())


@pytest.mark.parametrize("rule", [wk.trapezoid, wk.simpson, wk.cumulative_trapezoid])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 61, 100_001])
def test_a_picture_of_many_samples_stays_small_and_its_words_add_up(rule: Any, count: int) -> None:
    y = np.sin(np.arange(count) / 1000) + 2
    picture = rule and wk.plot(rule, y, dx=0.5)
    assert check_size(picture) <= 5_000
    if count == 61 and rule is wk.trapezoid:
        assert sum(numbers(picture)) == pytest.approx(rule(y, dx=0.5), rel=1e-4)


def test_below_a_density_lies_g_times_it() -> None:
    upper, lower = layers_of_panels(wk.plot(wk.expectation, "x^2", stats.norm(1, 2)))
    x = np.array([row["x"] for row in upper[0]])
    np.testing.assert_allclose([row["y"] for row in upper[0]], stats.norm(1, 2).pdf(x))
    np.testing.assert_allclose([row["y"] for row in lower[0]], x**2 * stats.norm(1, 2).pdf(x))
    assert [row["x"] for row in upper[-1]] == [1.0]


def layers_of_panels(picture: Any) -> tuple[list[Any], list[Any]]:
    content = picture.to_dict()
    found = []
    for panel in content["vconcat"]:
        rows = [layer.get("data", panel.get("data")) for layer in panel["layer"]]
        found.append([each["values"] if "values" in each else content["datasets"][each["name"]] for each in rows])
    return found[0], found[1]


def test_the_bars_of_a_table_are_its_products() -> None:
    upper, lower = layers_of_panels(wk.plot(wk.expectation, "x^2", {1: 0.5, 2: 0.25, 4: 0.25}))
    assert [(row["x"], row["y"]) for row in upper[0]] == [(1, 0.5), (2, 0.25), (4, 0.25)]
    assert sum(row["y"] for row in lower[0]) == 5.5


@pytest.mark.parametrize(
    ("g", "distribution"),
    [("x", stats.cauchy()), ("x", stats.beta(0.5, 0.5)), (math.sqrt, stats.expon()), ("x^2", stats.poisson(3.5)),
     ("x", stats.uniform(2, 3)), ("x", lambda x: np.exp(-x))],
)  # fmt: skip
def test_every_kind_of_expectation_is_drawn_in_both_languages(g: Any, distribution: Any) -> None:
    options: dict[str, Any] = {} if hasattr(distribution, "support") else {"support": (0, math.inf)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        english = wk.plot(expectation, g, distribution, **options)
        with use_language("ko"):
            korean = wk.plot(expectation, g, distribution, **options).to_dict()
    assert check_size(english) <= 5_000
    assert any("기댓값" in line for line in np.atleast_1d(korean["title"]["text"]))
    assert "expectation" in english.to_dict()["description"]


def test_the_map_of_a_box_is_f_and_its_boxes_are_those_of_the_integral() -> None:
    found = wk.integrate_box("exp(-(x + y)^2)", [0, 0], [1, 2])
    cells, outlines = layers(found.plot())
    for row in cells[:: len(cells) // 20]:
        x, y = (row["x"] + row["x2"]) / 2, (row["y"] + row["y2"]) / 2
        assert row["f"] == pytest.approx(math.exp(-((x + y) ** 2)))
    assert found.boxes is not None
    assert len(outlines) == len(found.boxes)
    assert sum((row["x2"] - row["x"]) * (row["y2"] - row["y"]) for row in outlines) == pytest.approx(2)


@pytest.mark.parametrize(
    ("f", "lower", "upper"),
    [("sin(3*x*y*z)", [0, 0, 0], [3, 2, 1]), ("x*y*z*u*v", [0] * 5, [1] * 5), (lambda x, y: x - y, [0, 0], [1, 1]),
     ("exp(-x^2 - y^2)", [-math.inf, 0], [math.inf, math.inf])],
)  # fmt: skip
def test_boxes_of_every_kind_are_drawn_in_both_languages(f: Any, lower: Any, upper: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = wk.integrate_box(f, lower, upper, max_subdivisions=500)
    assert check_size(found.plot()) <= 5_000
    assert all(row["f"] is not None for rows in tables(found.plot()) for row in rows if "f" in row)
    with use_language("ko"):
        assert "상자" in found.plot().to_dict()["title"]["text"]


def test_the_curve_of_a_family_is_its_values() -> None:
    family = wk.integrate_family("cos(t*w)*exp(-t^2)", 0, 10, np.linspace(0, 5, 90)[::-1])
    rows = table(family.plot(), "x", "y", "low", "high")
    assert [x for x, *_ in rows] == family.parameters[::-1].tolist()
    assert [y for _, y, *_ in rows] == family.value[::-1].tolist()
    assert all(low <= y <= high for _, y, low, high in rows)
    assert check_size(wk.plot(wk.integrate_family, "x^p", 0, 1, np.arange(3_000) / 100)) <= 5_000
    several = wk.integrate_family("x^a*exp(-b*x)", 0, math.inf, [[1.0, 2], [2, 3]])
    assert [x for x, *_ in table(several.plot(), "x", "y", "low", "high")] == [0, 1]
    assert "area" in family[3].plot().to_dict()["title"]["text"]


def test_a_family_without_a_value_is_drawn_without_a_warning_of_numpy():
    with pytest.warns(ConvergenceWarning, match="2 of 2 integrals did not converge"):
        picture = wk.plot(wk.integrate_family, "abs(x - w)", 0, np.inf, {"w": [1, 2]})
    assert "none of which has a value" in spec(picture)["description"]
