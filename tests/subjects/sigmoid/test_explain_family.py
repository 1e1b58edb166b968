"""The sigmoid's inverse, logarithm and slope, explained: every line true, over the whole range of the floats."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workings as wk
from workings.errors import InputError, WorkingError
from workings.subjects.sigmoid import compute
from workings.working import Derived, Working

SCORES = st.floats(-760.0, 760.0)
PROBABILITIES = st.floats(1e-300, 1.0, exclude_max=True)


@given(SCORES)
def test_the_logarithm_is_told_and_checked_at_every_score(x):
    working = wk.explain(wk.log_sigmoid, x)
    assert working.verify().equations >= 1
    if x <= 700:
        assert working.step("log_sigmoid").value == wk.log_sigmoid(x)
    assert working.to_text("ko")


@given(SCORES)
def test_the_slope_is_told_and_checked_at_every_score(x):
    working = wk.explain(wk.sigmoid_derivative, x)
    assert working.verify().equations >= 1
    if abs(x) <= 700:
        assert working.step("slope").value == wk.sigmoid_derivative(x)


@given(PROBABILITIES)
def test_the_log_odds_are_told_and_lead_back(p):
    working = wk.explain(wk.logit, p)
    assert working.verify().equations >= 4
    assert working.step("logit").value == wk.logit(p)
    assert working.step("back").value == pytest.approx(p, rel=1e-12)


def test_the_chain_rule_gives_the_slope():
    text = wk.explain(wk.sigmoid_derivative, 0.7).to_text("en")
    assert "The slope by the chain rule, with u = 1 + exp(-x) and σ = 1/u" in text
    assert "σ'(x) = σ(x)·σ(-x) = 0.66819 × 0.33181 ≈ 0.22171" in text


@pytest.mark.parametrize("function", [wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
def test_many_values_stand_in_a_table_and_each_can_be_asked_for(function):
    values = np.linspace(0.1, 0.9, 50)
    working = wk.explain(function, values)
    assert len(working.step("values").table.rows) == 20
    assert working.verify().cells >= 20
    assert len(working.to_text("en").splitlines()) < 60
    closer = working.at(index=-1)
    assert f"{0.9:g}" in closer.to_text("en")
    closer.verify()
    with pytest.raises(InputError, match="index must be one of 0 to 49; got 50"):
        working.at(index=50)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("function", [wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
def test_nan_and_the_infinities_are_told_by_their_rule_or_limit(function, value):
    working = wk.explain(function, value)
    result = float(function(value))
    outcome = working.verify()
    assert outcome.equations >= 1
    told = [step.value for step in working.steps if isinstance(step.value, float)]
    assert told[-1] == pytest.approx(result, nan_ok=True)
    assert ("NaN" if math.isnan(result) else f"{result:g}".replace("inf", "∞")) in str(working.to_text("en"))
    for text in (working.to_text("ko"), working.to_html("ko"), working.to_latex("en"), working.to_markdown("en")):
        assert text
    assert Working.from_json(working.to_json()).verify() == outcome


@pytest.mark.parametrize(("p", "said"), [(0.0, "-∞: what"), (1.0, "∞: what"), (2.0, "no probability"), (-1.0, "NaN")])
def test_certainty_has_its_limit_and_what_is_no_probability_has_no_odds(p, said):
    working = wk.explain(wk.logit, p)
    working.verify()
    assert said in working.to_text("en")


ODD = {
    wk.sigmoid: [1.0, math.nan, 3.5, -math.inf, math.inf, 800.0, -800.0],
    wk.logit: [0.5, 0.1, 0.0, 1.0, math.nan, 2.0, math.inf],
    wk.log_sigmoid: [1.0, -2.0, 30.0, 90.0, 800.0, math.inf, math.nan, -math.inf],
    wk.sigmoid_derivative: [1.0, -2.0, 30.0, 800.0, -800.0, math.inf, -math.inf, math.nan],
}


@pytest.mark.parametrize("function", ODD)
def test_what_is_no_finite_number_is_counted_named_and_told_one_by_one(function):
    values = ODD[function]
    working = wk.explain(function, values)
    working.verify()
    text = working.to_text("en", width=300)
    assert f"NaN, not a number: 1 of the {len(values)} values." in text
    assert "limit" in text
    for index in range(len(values)):
        working.at(index=index).verify()


@pytest.mark.parametrize("function", ODD)
@pytest.mark.parametrize("values", [[math.nan, math.nan], [math.nan, 0.5], [math.inf, -math.inf]])
def test_of_two_values_any_may_be_no_number(function, values):
    working = wk.explain(function, values)
    working.verify()
    assert working.to_text("ko")


def test_of_long_data_the_first_of_each_oddity_stands_in_the_table():
    scores = np.linspace(-3, 3, 2000)
    scores[[700, 800, 900, 901]] = math.nan, math.inf, -math.inf, math.nan
    (table,) = (step.table for step in wk.explain(wk.log_sigmoid, scores).steps if step.table is not None)
    assert [row[0] for row in table.rows] == [*range(1, 11), 701, 801, 901, *range(1991, 2001)]


@pytest.mark.parametrize("function", ODD)
def test_a_wrong_value_anywhere_is_caught_though_its_row_is_not_shown(function, monkeypatch):
    values = np.linspace(0.1, 0.9, 1000)

    def wrong(definition, x, *rest, **how):
        result = np.array(computed(definition, x, *rest, **how))
        if result.size == 1000:
            result[500] *= 1 + (1e-5 if function is wk.logit else 1e-8)
        return result

    computed = compute._apply
    monkeypatch.setattr(compute, "_apply", wrong)
    with pytest.raises(WorkingError, match="line all"):
        wk.explain(function, values).verify()


@pytest.mark.parametrize(
    ("function", "x"), [(wk.log_sigmoid, 800.0), (wk.sigmoid_derivative, -800.0), (wk.sigmoid, -800.0)]
)
def test_a_wrong_value_far_out_is_caught(function, x, monkeypatch):
    monkeypatch.setattr(compute, "_apply", lambda definition, x, *rest, **how: np.full(np.shape(x), 1e-5)[()])
    with pytest.raises(WorkingError, match="line float"):
        wk.explain(function, x).verify()


@pytest.mark.parametrize(
    ("function", "value", "key"),
    [(wk.logit, 0.9, "logit"), (wk.log_sigmoid, -2.0, "log_sigmoid"), (wk.sigmoid_derivative, 0.7, "slope")],
)
def test_a_wrong_number_is_caught(function, value, key):
    working = wk.explain(function, value)
    steps = tuple(
        dataclasses.replace(step, value=step.value * 1.001) if step.key == key else step for step in working.steps
    )
    with pytest.raises(WorkingError):
        dataclasses.replace(working, steps=steps).verify()


NEAR = [0.5, 0.500000000001314, 0.49999999999999994, 0.49999279, 1 - 2.0**-53, 5e-324, 5e-323, 2.5e-310, 1e-300, 0.7]


@pytest.mark.parametrize("p", NEAR)
def test_log_odds_are_told_where_odds_are_nearly_1_and_where_a_float_has_few_digits(p):
    working = wk.explain(wk.logit, p)
    assert working.to_text("en")
    assert working.to_text("ko")
    assert working.step("logit").value == wk.logit(p)


def test_a_wrong_number_in_any_cell_of_the_tables_is_caught():
    for function, values in (
        (wk.logit, NEAR),
        (wk.log_sigmoid, [-40.0, 0.1, 3.0]),
        (wk.sigmoid_derivative, [-3.0, 0.0, 20.0]),
        (wk.sigmoid, [-3.0, -4e-18, 2.0, 30.0]),
    ):
        working = wk.explain(function, values)
        (step,) = (step for step in working.steps if step.table is not None)
        assert working.verify().cells == sum(isinstance(cell, Derived) for row in step.table.rows for cell in row)
        for place, row in enumerate(step.table.rows):
            for column in range(1, len(row)):
                wrong = list(row)
                wrong[column] = dataclasses.replace(
                    row[column], value=row[column].value + 1e-6 * (row[column].value or 1.0)
                )
                if wrong[column].value == row[column].value:
                    continue  # the least number there is
                rows = (*step.table.rows[:place], tuple(wrong), *step.table.rows[place + 1 :])
                tampered = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=rows))
                steps = tuple(tampered if each is step else each for each in working.steps)
                with pytest.raises(WorkingError, match=f"table {step.key}"):
                    dataclasses.replace(working, steps=steps).verify()


def test_a_probability_that_is_rounded_to_the_threshold_is_decided_on_as_a_float():
    for score in (-4.1e-18, 4.1e-18, 0.0):
        told = wk.explain(wk.sigmoid, score).at(threshold=0.5)
        assert "the decision is yes (0.5 ≥ 0.5)" in told.to_text("en", width=300)
    many = wk.explain(wk.sigmoid, [-4.1e-18, 0.0, 1.0])
    assert "Probabilities of at least 0.5: 2 of 3. Their scores are not below 0." in many.to_text("en", width=300)


@pytest.mark.parametrize("function", [wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
@pytest.mark.parametrize("index", [True, 1.5, "a", 3, -4])
def test_what_is_no_place_is_refused(function, index):
    with pytest.raises(InputError, match="at: index must be one of 0 to 2"):
        wk.explain(function, [0.1, 0.2, 0.3]).at(index=index)
