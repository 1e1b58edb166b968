"""The picture of dependencies: its nodes, its arrows and their labels, and that names from outside stay data."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from tests.pictures import holds_as_data, table, tables

import workings as wk
from workings.chart import spec, static_svg
from workings.errors import InputError
from workings.language import use_language
from workings.subjects.chain_rule.plot_dependencies import _of_formula
from workings.subjects.chain_rule.plot_layout import lay_out
from workings.subjects.chain_rule.plot_placing import RADIUS, placed

SYSTEM = "y = u*v; u = x*z; v = x^2 + z"


def test_arrows_on_the_ways_carry_their_partial_derivatives():
    picture = wk.plot(wk.differentiate, SYSTEM, "x")
    assert {row[0] for row in table(picture, "label")} == {
        "∂y/∂u = v",
        "∂y/∂v = u",
        "∂u/∂x = z",
        "∂v/∂x = 2·x",
    }
    assert dict(table(picture, "name", "below")) == {
        "y": "= u·v",
        "u": "= x·z",
        "v": "= x² + z",
        "x": "",
        "z": "",
    }


def test_at_a_point_values_stand_below_the_nodes_and_slopes_run_back():
    picture = wk.plot(wk.differentiate, SYSTEM, "x", at={"x": 1, "z": 2})
    assert {row[0] for row in table(picture, "label")} == {
        "∂y/∂u = v = 3",
        "∂y/∂v = u = 2",
        "∂u/∂x = z = 2",
        "∂v/∂x = 2·x = 2",
    }
    nodes = {name: (below, slope) for name, below, slope in table(picture, "name", "below", "slope")}
    assert nodes == {
        "y": ("= u·v = 6", "dy/dy = 1"),
        "u": ("= x·z = 2", "∂y/∂u = 3"),
        "v": ("= x² + z = 3", "∂y/∂v = 2"),
        "x": ("= 1", "∂y/∂x = 10"),
        "z": ("= 2", ""),
    }


def test_numbers_in_the_picture_of_a_gradient_are_those_of_the_gradient():
    formula = "y = f*g; f = u^2; g = u + v; u = sin(x); v = x*z"
    point = {"x": 0.5, "z": 2}
    slopes = wk.gradient(formula)(**point)
    shown = dict(table(wk.gradient(formula).plot(at=point), "name", "slope"))
    for name, slope in zip("xz", slopes if isinstance(slopes, tuple) else slopes.values(), strict=True):
        assert shown[name] == f"∂y/∂{name} ≈ {slope:.4g}"
    assert "u" in shown
    with pytest.raises(InputError, match="log"):
        wk.plot(wk.differentiate, "log(x)*z", "x", at={"x": -1, "z": 1})
    with pytest.raises(InputError, match="there must be a value for every variable"):
        wk.plot(wk.differentiate, "log(x)*z", "x", at={"x": 1})
    with pytest.raises(InputError, match="at must be left out for a formula over rows"):
        wk.plot(wk.gradient, "mean((y - m*x)^2)", rows=("x", "y"), at={"m": 1})


def test_a_gradient_marks_the_ways_to_every_variable():
    labels = {row[0] for row in table(wk.plot(wk.gradient, SYSTEM), "label")}
    assert {"∂u/∂z = x", "∂v/∂z = 1"} < labels
    assert {row[0] for row in table(wk.gradient(SYSTEM).plot(), "label")} == labels
    assert {row[0] for row in table(wk.plot(wk.value_and_gradient, SYSTEM), "label")} == labels


def test_a_mean_leads_to_what_every_row_contributes():
    picture = wk.plot(wk.gradient, "mean((y-(m*x+b))^2)", rows=("x", "y"))
    labels = {row[0] for row in table(picture, "label")}
    assert {"∂J/∂qᵢ = 1 / n", "dq/du = 2·u", "∂u/∂m = -x", "∂u/∂b = -1"} == labels


UNKNOWN = "y = f(u, v); u = g(x, z); v = h(x, z)"


def test_unknown_functions_are_drawn_with_the_names_of_their_partial_derivatives():
    picture = wk.plot(wk.differentiate, UNKNOWN, "x")
    assert {row[0] for row in table(picture, "label")} == {"∂y/∂u", "∂y/∂v", "∂u/∂x", "∂v/∂x"}
    assert dict(table(picture, "name", "below")) == {
        "y": "= f(u, v)",
        "u": "= g(x, z)",
        "v": "= h(x, z)",
        "x": "",
        "z": "",
    }
    assert len(table(wk.plot(wk.gradient, UNKNOWN), "label")) == 6
    assert len(table(wk.plot(wk.gradient, UNKNOWN, ["z"]), "label")) == 4
    with use_language("en"):
        content = spec(wk.plot(wk.gradient, UNKNOWN, "z"))
        with pytest.raises(InputError, match="at must be left out where the functions are not known; got x"):
            wk.plot(wk.differentiate, UNKNOWN, "x", at={"x": 1})
        with pytest.raises(InputError, match="plot: variable must be one on which the functions depend, x, z; got w"):
            wk.plot(wk.differentiate, UNKNOWN, "w")
    assert "∂y/∂u, ∂y/∂v, ∂u/∂z, ∂v/∂z" in content["description"]


DEEP = "exp(sin(log(x^2 + 1)^3))"
SHARED = "y = p*q + r; p = s*t; q = s + t; r = exp(s)*w; s = x*z; t = x + z; w = sin(t)"
WIDE = "1/(1 + exp(-(p*tanh(a*x + b) + q*tanh(c*x + d))))"


@pytest.mark.parametrize("point", [None, {"x": 1.5}])
def test_many_layers_stand_upright_and_are_read_on_a_telephone(point):
    with use_language("en"):
        content = spec(wk.plot(wk.differentiate, DEEP, "x", at=point))
    assert content["height"] > 2 * content["width"]
    assert content["width"] <= 400
    places = {name: (x, y) for name, x, y in table(content, "name", "x", "y")}
    heights = [places[name][1] for name in ("y", "u₁", "u₂", "u₃", "u₄", "x")]
    assert heights == sorted(heights)
    assert (point is not None) == ("Beside a node its value" in str(content["title"]["subtitle"]))


def test_few_layers_stand_side_by_side_and_are_read_on_a_telephone():
    content = spec(wk.plot(wk.differentiate, SYSTEM, "x", at={"x": 1, "z": 2}))
    assert content["height"] < content["width"] <= 460


@pytest.mark.parametrize("formula", [SYSTEM, DEEP, WIDE, SHARED, "y = f*g; f = u^2; g = u + v; u = sin(x); v = x*z"])
def test_words_in_the_picture_cover_neither_each_other_nor_a_node(formula):
    found = wk.formula(formula)
    places = placed(_of_formula(found, found.variables, dict.fromkeys(found.variables, 0.7)))
    words = [each.box for each in (*places.words, *places.labels.values())]
    nodes = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in places.nodes.values()]
    for place, (left, top, right, bottom) in enumerate(words):
        for a, b, c, d in (*words[:place], *nodes):
            assert min(right, c) <= max(left, a) or min(bottom, d) <= max(top, b), (formula, place)


def test_the_variables_of_the_ways_are_told_from_others_without_colour():
    shapes = dict(table(wk.plot(wk.differentiate, SYSTEM, "x"), "name", "shape"))
    assert shapes == {"y": "circle", "u": "circle", "v": "circle", "x": "square", "z": "circle"}


def test_a_name_too_long_for_its_node_stands_beside_it():
    picture = wk.plot(wk.differentiate, "y = speed*t_1; speed = sin(angle)", "angle", at={"angle": 1, "t_1": 2})
    assert dict(table(picture, "name", "letter")) == {"y": "y", "speed": "", "t₁": "t₁", "angle": ""}
    lines = [row["line"] for rows in tables(picture) for row in rows if "line" in row]
    assert any(line.split()[0] == "speed" for line in lines)
    assert any(line.split()[0] == "angle" for line in lines)


def test_a_long_label_is_told_where_it_is_pointed_at():
    picture = wk.plot(wk.differentiate, "(a*x^3 + b*x^2 + c*x)*exp(x)", "x")
    rows = table(picture, "label", "told")
    assert any(label != told and told.startswith(label) for label, told in rows)


def test_the_picture_says_in_words_what_it_shows():
    with use_language("en"):
        content = spec(wk.plot(wk.differentiate, SYSTEM, "x"))
    assert content["title"]["text"] == "What y depends on"
    assert "∂v/∂x = 2·x" in content["description"]


def test_a_large_formula_shows_what_stands_next_to_the_whole():
    formula = "+".join(f"sin(x{k}*{k + 1})^2" for k in range(60))
    with use_language("en"):
        content = spec(wk.plot(wk.gradient, formula))
    assert "left out" in content["title"]["subtitle"]
    assert len(table(content, "name", "below")) == 40


def test_layers_follow_the_dependencies_and_arrows_run_from_left_to_right():
    laid = lay_out("y", {"y": ["u", "x"], "u": ["v"], "v": ["x", "z"]})
    assert [laid.places[node][0] for node in "yuvxz"] == [0, 1, 2, 3, 3]
    assert all(a[0] < b[0] for way in laid.ways.values() for a, b in pairwise(way))
    assert len(laid.ways["y", "x"]) == 4
    assert len(set(laid.places.values())) == 5
    assert lay_out("y", {}).places == {"y": (0, 0.0)}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_drawn_in_both_languages(lang):
    with use_language(lang):
        for formula in (SYSTEM, "3", "x", "sin(x^2)"):
            assert "<svg" in static_svg(wk.plot(wk.gradient, formula))


def test_names_from_outside_stay_data():
    picture = wk.plot(wk.gradient, "`한글 script`^2 + sin(`한글 script`*2)")
    assert holds_as_data(picture)


def test_the_slopes_of_a_long_product_are_found_in_one_sweep():
    def steps(count: int) -> int:
        text = "*".join(f"(x + {k})" for k in range(count))
        done = 0

        def counted(frame: object, event: str, argument: object) -> None:
            nonlocal done
            done += event == "call"

        sys.setprofile(counted)
        try:
            wk.plot(wk.differentiate, text, "x")
        finally:
            sys.setprofile(None)
        return done

    steps(5)
    assert steps(160) < 2.4 * steps(80)  # a sweep for each factor takes 2.6 times as many
