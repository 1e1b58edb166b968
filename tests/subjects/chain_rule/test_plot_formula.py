"""Pictures of formulas: what a curve and a map show, where they break, and that names from outside stay data."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.pictures import holds_as_data, table, tables

import workings as wk
from workings.chart import MAX_ROWS, check_size, spec, static_svg
from workings.errors import InputError
from workings.language import use_language
from workings.subjects.chain_rule.plot_levels import level_lines


def curve(picture):
    """Return the longest table of places and values: the line."""
    rows = max((rows for rows in tables(picture) if rows and "value" in rows[0]), key=len)
    return [(row["place"], row["value"]) for row in rows]


def steps(picture):
    """Return the pairs of neighbouring points that the line joins."""
    return [(a, b) for a, b in pairwise(curve(picture)) if a[1] is not None and b[1] is not None]


def ends(picture):
    places = [place for place, _ in curve(picture)]
    return min(places), max(places)


def test_a_curve_has_the_values_of_its_formula():
    points = curve(wk.plot(wk.formula, "x^2 - 1", x=(-2, 2)))
    assert (points[0][0], points[-1][0]) == (-2, 2)
    assert all(value == pytest.approx(place**2 - 1, abs=1e-12) for place, value in points)


def test_a_formula_is_drawn_as_its_text_is():
    assert spec(wk.plot(wk.formula("sin(x)/x"))) == spec(wk.plot(wk.formula, "sin(x)/x"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("sin(x)/x", -10, 10),  # several waves, not two hundred
        ("sin(100x)", -0.2, 0.2),
        ("exp(-x^2)", -4, 4),
        ("1/(1+exp(-x))", -8, 8),
        ("(x-300)^2", -1300, 1900),
        ("x^3 - 3x", -4, 4),
        ("log(x)", -1, 5),
        ("where(x > 0, 1, -1)", -6, 6),
        ("x^x", -1, 3),
    ],
)
def test_a_curve_is_drawn_where_it_does_something(text, low, high):
    left, right = ends(wk.plot(wk.formula, text))
    assert low <= left < right <= high
    formula = wk.formula(text)
    values = [value for _, value in curve(wk.plot(formula)) if value is not None]
    assert np.ptp(values) > 0.5
    assert "jumps" not in wk.plot(formula).description or right - left > 1


@pytest.mark.parametrize("text", ["1/x", "tan(x)", "x/(x^2-1)", "gamma(x)", "1/(x-0.3)", "sign(x)", "floor(x)"])
def test_poles_and_jumps_are_gaps_and_no_vertical_lines(text):
    picture = wk.plot(wk.formula, text, x=(-4, 4))
    low, high = next(
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in spec(picture)["layer"]
        if "scale" in layer.get("encoding", {}).get("y", {})
    )
    for (a, before), (b, after) in steps(picture):
        inside = low < before < high and low < after < high
        assert not inside or abs(after - before) < 0.5 * (high - low) or b - a > 1e-9
        # No line runs through the whole picture from one sample to the next.
        assert not (min(before, after) <= low and max(before, after) >= high)
    assert any(value is None for _, value in curve(picture))


def test_where_a_formula_is_undefined_there_is_nothing_and_the_curve_ends_at_its_edge():
    points = curve(wk.plot(wk.formula, "sqrt(1 - x^2)", x=(-3, 3)))
    known = [place for place, value in points if value is not None]
    assert min(known) == pytest.approx(-1, abs=1e-12)
    assert max(known) == pytest.approx(1, abs=1e-12)


def test_a_number_holds_a_variable_and_the_heading_says_so():
    with use_language("en"):
        content = spec(wk.plot(wk.formula("a*x^2"), a=3, x=(0, 1)))
    assert content["title"]["subtitle"] == "For a = 3"
    assert curve(content)[-1] == (1, 3)


def test_a_cost_is_drawn_over_its_parameters_once_the_columns_have_data():
    cost = wk.formula("mean((y - (m*x + b))^2)", rows=("x", "y"))
    data = {"x": [1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0]}
    points = dict(curve(wk.plot(cost, **data, b=1, m=(0, 4))))
    assert points[2.0] == pytest.approx(0, abs=1e-12)
    assert points[0.0] == pytest.approx(cost(m=0, b=1, **data))
    with use_language("en"):
        assert "A map of" in wk.plot(cost, **data).description
    assert "J" in {row[0] for row in table(wk.plot(cost), "name")}  # without data: what depends on what


def test_three_variables_are_drawn_as_dependencies_until_some_are_held():
    assert {row[0] for row in table(wk.plot(wk.formula, "x*z*w"), "name")} == {"y", "x", "z", "w"}
    with use_language("en"):
        assert wk.plot(wk.formula("x*z*w"), w=2).description.startswith("A map of x·z·w")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"x": (1, 0)}, "two finite numbers"),
        ({"x": (0, float("inf"))}, "two finite numbers"),
        ({"x": ("a", "b")}, "two finite numbers"),
        ({"w": (0, 1)}, "variables of the formula"),
        ({"x": (0, 1), "z": (0, 1), "u": (0, 1)}, "at most two variables"),
        ({"x": 1, "z": 1, "u": 1}, "left to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused(values, says):
    with use_language("en"), pytest.raises(InputError, match=says):
        wk.plot(wk.formula("x*z*u"), **values)


def test_a_formula_without_any_value_is_refused_and_one_far_out_is_found():
    with use_language("en"), pytest.raises(InputError, match="finite values"):
        wk.plot(wk.formula, "sqrt(-1 - x^2)")
    left, right = ends(wk.plot(wk.formula, "log(x - 500)"))
    assert 400 < left < right


def bands(picture):
    return table(picture, "x", "y", "x2", "y2", "band")


def test_the_bands_of_a_map_hold_the_formula_s_values():
    with use_language("en"):
        picture = wk.plot(wk.formula, "x + 2z", x=(0, 4), z=(0, 4))
    for x, y, x2, y2, band in bands(picture):
        if "…" in band:
            low, high = map(float, band.split(" … "))
            # Half a cell of the grid on either side.
            assert low - 0.15 <= (x + x2) / 2 + 2 * (y + y2) / 2 <= high + 0.15


def test_level_lines_lie_on_their_level():
    picture = wk.plot(wk.formula, "x^2 + z^2", x=(-2, 2), z=(-2, 2))
    rows = table(picture, "x", "y", "x2", "y2", "level")
    assert len(rows) > 100
    for x, y, x2, y2, level in rows:
        assert x * x + y * y == pytest.approx(float(level), abs=0.02)
        assert x2 * x2 + y2 * y2 == pytest.approx(float(level), abs=0.02)


def test_a_map_is_white_where_the_formula_is_undefined():
    rows = bands(wk.plot(wk.formula, "sqrt(4 - x^2 - z^2)", x=(-3, 3), z=(-3, 3)))
    assert all(np.hypot(max(abs(x), abs(x2)) - 0.1, min(abs(y), abs(y2))) < 2.1 for x, y, x2, y2, _ in rows)


@pytest.mark.parametrize(
    "text", ["sin(30*x*z)*cos(40*z)", "sin(exp(x)*z)*tan(x*z)", "(1-x)^2 + 100*(z-x^2)^2", "x*0*z"]
)
def test_a_map_stays_within_the_rows_of_a_picture(text):
    assert 0 < check_size(wk.plot(wk.formula, text, x=(-5, 5), z=(-5, 5))) <= MAX_ROWS


def test_a_hessian_tells_bowls_domes_and_saddles_apart():
    with use_language("en"):
        picture = wk.plot(wk.hessian, "x^3 - 3x + z^2*x")
    hessian = wk.hessian("x^3 - 3x + z^2*x")
    seen = set()
    for x, y, x2, y2, kind in table(picture, "x", "y", "x2", "y2", "kind"):
        eigenvalues = np.linalg.eigvalsh(hessian(x=(x + x2) / 2, z=(y + y2) / 2))
        if abs(eigenvalues).min() < 0.3:
            continue  # near a border
        name = "bowl" if eigenvalues[0] > 0 else "dome" if eigenvalues[1] < 0 else "saddle"
        assert kind.startswith(name)
        seen.add(name)
    assert seen == {"bowl", "dome", "saddle"}
    with use_language("en"):
        assert spec(wk.hessian("x^3 - 3x + z^2*x").plot()) == spec(picture)


def test_a_hessian_in_one_variable_tells_how_the_curve_bends():
    with use_language("en"):
        picture = wk.plot(wk.hessian, "x^3 - 3x")
    for place, value, kind in table(picture, "place", "value", "kind"):
        assert value == pytest.approx(place**3 - 3 * place, abs=1e-9)
        assert abs(place) < 0.02 or kind.startswith("bends upwards" if place > 0 else "bends downwards")
    assert "near 0." in picture.description


def test_larger_hessians_and_jacobians_are_matrices_of_their_formulas():
    with use_language("en"):
        rows = table(wk.plot(wk.hessian, "x*z*w + x^2"), "row", "column", "kind", "told")
        assert ("x", "x", "constant", "2") in rows
        assert ("x", "z", "depends on the point", "w") in rows
        assert ("w", "w", "zero", "0") in rows
        rows = table(wk.plot(wk.jacobian, ["r*cos(t)", "r*sin(t)"]), "row", "column", "told")
    assert rows == [
        ("f₁ = r·cos(t)", "r", "cos(t)"),
        ("f₁ = r·cos(t)", "t", "-r·sin(t)"),
        ("f₂ = r·sin(t)", "r", "sin(t)"),
        ("f₂ = r·sin(t)", "t", "r·cos(t)"),
    ]
    assert len(table(wk.jacobian(["x", "x"]).plot(), "row")) == 2  # equal formulas are two rows


def test_a_matrix_too_large_to_be_seen_is_refused():
    with use_language("en"), pytest.raises(InputError, match="at most 4900 entries"):
        wk.plot(wk.jacobian, [f"{k}*x" for k in range(4_901)])


def test_a_slope_along_a_direction_has_its_colours_and_its_arrow():
    with use_language("en"):
        picture = wk.plot(wk.directional_derivative, "x^2 + x*z", {"x": 3, "z": 4})
        assert "Along the direction (3, 4)" in picture.description
    for x, y, x2, y2, band in bands(picture):
        if "…" in band:
            low, high = map(float, band.split(" … "))
            assert low - 1 <= 3 * (x + x2 + (y + y2) / 2) + 4 * (x + x2) / 2 <= high + 1
    below = min(
        (rows for rows in tables(wk.plot(wk.directional_derivative, "x^2", [2])) if len(rows) > 300),
        key=lambda rows: rows[0]["value"],
    )
    assert below[0]["value"] == pytest.approx(4 * below[0]["place"])
    picture = wk.plot(wk.directional_derivative, "x*z*w", [1, 2, 0])
    assert {row[0] for row in table(picture, "label")} == {"∂y/∂x = w·z", "∂y/∂z = w·x"}


def test_pictures_are_drawn_and_told_in_both_languages():
    for language, says in (("en", "The curve of"), ("ko", "곡선")):
        with use_language(language):
            picture = wk.plot(wk.formula, "sin(x)/x")
            assert says in picture.description
            assert "</svg>" in static_svg(picture)


def test_names_from_outside_stay_data():
    assert holds_as_data(wk.plot(wk.formula, "한글^2 + 한글*자료"), fragments=("한글",))
    assert holds_as_data(wk.plot(wk.jacobian, ["한글*x", "x*z"]), fragments=("한글",))


def test_a_level_that_is_only_touched_is_a_line_on_both_sides_and_drawn_once():
    axis = np.linspace(-5, 5, 41)
    x, z = np.meshgrid(axis, axis)
    pieces = level_lines(axis, axis, x * x * z, 0.0)  # 0 where x is 0, above and below z = 0, and where z is 0
    upright = pieces[(pieces[:, 0] == 0) & (pieces[:, 2] == 0)]
    level = pieces[(pieces[:, 1] == 0) & (pieces[:, 3] == 0)]
    for part, along in ((upright, 1), (level, 0)):
        ends = np.sort(part[:, [along, along + 2]], axis=1)
        assert ends[:, 0].min() == -5
        assert ends[:, 1].max() == 5
        assert np.isclose((ends[:, 1] - ends[:, 0]).sum(), 10)  # no stretch is missing, and none is there twice


def test_a_map_of_both_signs_says_them_for_who_prints_it_grey():
    signs = table(wk.plot(wk.formula, "x*z"), "x", "y", "sign")
    assert {sign for *_, sign in signs} == {"+", "−"}
    assert all((x * y > 0) == (sign == "+") for x, y, sign in signs)
    assert not any("sign" in row for rows in tables(wk.plot(wk.formula, "x^2 + z^2 + 1")) for row in rows)
    assert table(wk.plot(wk.directional_derivative, "x^2*z", {"x": 3, "z": 4}), "sign")
