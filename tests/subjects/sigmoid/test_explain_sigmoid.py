"""The sigmoid's working: in the voice that was agreed, true for every score, and caught when it is not."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import workings as wk
from workings.errors import InputError, WorkingError
from workings.expression import Equation
from workings.subjects.sigmoid import compute, kernel, ways

VOICE = """\
How does the sigmoid turn the score 2.197 into a probability?

  1  Definition                        1
                          σ(x) = ─────────────
                                  1 + exp(-x)

  2  Put in x = 2.197                        1
                          σ(2.197) = ─────────────────
                                      1 + exp(-2.197)

  3  The exponential      exp(-2.197) ≈ 0.11114
  4  The denominator      1 + 0.11114 = 1.11114
  5  The reciprocal       1 / 1.11114 ≈ 0.89998

  Result  0.89998: read as a probability, 90.0 %. At the threshold 0.5 the
          decision is yes (0.89998 ≥ 0.5).

  Convention  ≥ counts a probability equal to the threshold as yes, as
              scikit-learn does; with > only a probability of exactly 0.5 would
              change.
  Slope       σ'(x) = σ(x)·(1 - σ(x)) = 0.89998 × 0.10002 ≈ 0.09002: here a rise
              of 0.1 in the score adds about 0.9 points.
  Checked     4 lines, evaluated again at 50 digits; largest difference 4·10⁻⁶,
              below the rounding shown (5·10⁻⁶)."""


def test_the_agreed_example_word_for_word():
    assert wk.explain(wk.sigmoid, 2.197).at(threshold=0.5).to_text("en") == VOICE


@pytest.mark.parametrize(
    "score",
    [
        -1e300,
        -math.inf,
        -746.0,
        -720.3,
        -708.3,
        -700.0,
        -40.0,
        -3.2,
        -1e-9,
        0,
        12,
        26.9,
        27.1,
        36,
        37,
        45,
        708,
        709,
        800,
        math.inf,
    ],
)
@pytest.mark.parametrize("threshold", [None, 0.0, 0.3, 1.0])
def test_every_score_has_a_working_that_holds(score, threshold):
    working = wk.explain(wk.sigmoid, score)
    working = working if threshold is None else working.at(threshold=threshold)
    assert working.verify().equations >= 1
    for text in (working.to_text("en"), working.to_html("en"), working.to_latex("en"), working.to_markdown("en")):
        assert text


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (12, "0.999993856: read as a probability, 99.999 %."),
        (20, "0.999999997939: read as a probability, 99.9999998 %."),
        (40, "1 - 4.2484·10⁻¹⁸: read as a probability, 100 - 4.25·10⁻¹⁶ %."),
        (800, "1 but for less than 1·10⁻³⁰⁰: the probability is as good as 1, and a float holds exactly 1."),
        (1e-10, "0.500000000025: read as a probability, 50.0 %."),
    ],
)
def test_what_is_not_0_or_1_is_not_shown_as_it(score, told):
    working = wk.explain(wk.sigmoid, score)
    assert told in working.to_text("en", width=200)
    assert " ≈ 0\n" not in working.to_text("en")


def test_the_slope_is_derived_by_the_chain_rule_before_it_is_put_in():
    working = wk.explain(wk.sigmoid, 0.7)
    keys = [step.key for step in working.steps]
    assert keys.index("chain") < keys.index("parts") < keys.index("product") < keys.index("slope")
    assert working.step("slope").value == pytest.approx(wk.sigmoid_derivative(0.7))


@given(st.floats(-700, 700))
def test_the_value_shown_is_the_value_computed(score):
    working = wk.explain(wk.sigmoid, score)
    working.verify()
    last = "ratio" if score < -30 else "reciprocal"
    assert working.step(last).value == wk.sigmoid(score)


def test_the_digits_of_a_denominator_are_those_that_its_reciprocal_is_taken_of():
    text = wk.explain(wk.sigmoid, -2.5).to_text("en")
    assert "exp(-(-2.5)) ≈ 12.1825" in text
    assert "1 + 12.1825 = 13.1825" in text
    assert "1 / 13.1825 ≈ 0.075858" in text


def test_decision_below_the_threshold_is_no():
    assert "the decision is no (0.11920 < 0.5)" in wk.explain(wk.sigmoid, -2).at(threshold=0.5).to_text("en", width=200)


def test_many_scores_are_a_table_and_each_can_be_looked_at():
    scores = np.concatenate([[-800.0, -1.0, 2.197], np.linspace(-5, 5, 100)])
    working = wk.explain(wk.sigmoid, scores)
    assert working.verify().equations >= 0
    assert working.step("scores").table.total == 103
    assert working.at(index=2, threshold=0.5).to_text("en") == VOICE
    with pytest.raises(InputError, match="index must be one of 0 to 102; got 103"):
        working.at(index=103)


def test_planted_faults_are_caught(monkeypatch):
    monkeypatch.setattr(compute, "_sigmoid", lambda xp, x: 1 / (1 + xp.exp(-x)) + 1e-7)
    with pytest.raises(WorkingError, match="reciprocal"):
        wk.explain(wk.sigmoid, 2.197).verify()
    with pytest.raises(WorkingError, match="line probability"):
        wk.explain(wk.sigmoid, [-800.0, 2.0]).verify()
    with pytest.raises(WorkingError, match="line all"):
        wk.explain(wk.sigmoid, [-800.0, -801.0]).verify()


def test_a_wrong_digit_is_caught():
    working = wk.explain(wk.sigmoid, 2.197)
    step = working.step("exponential")
    wrong = dataclasses.replace(step, value=step.value * 1.001)
    steps = tuple(wrong if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match="exponential"):
        dataclasses.replace(working, steps=steps).verify()


def test_what_is_no_score_is_refused():
    with pytest.raises(InputError, match="x must be one number or more; got"):
        wk.explain(wk.sigmoid, [])
    with pytest.raises(InputError, match=r"threshold must be a number from 0 to 1; got 1\.5"):
        wk.explain(wk.sigmoid, 1.0).at(threshold=1.5)


@pytest.mark.parametrize("function", [wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative])
@pytest.mark.parametrize(
    "as_array",
    [
        lambda x: x.astype(np.float32),
        lambda x: torch.tensor(x, dtype=torch.float32),
        lambda x: torch.tensor(x, requires_grad=True),
        lambda x: torch.tensor(x, dtype=torch.float16),
        pd.Series,
    ],
)
def test_arrays_of_any_kind_and_precision_are_told(function, as_array):
    x = as_array(np.array([0.1, 0.7, 0.9]))
    working = wk.explain(function, x)
    assert working.verify().cells > 0
    working.at(index=1).verify()
    wk.plot(function, x)


def test_a_wrong_result_in_single_precision_is_caught(monkeypatch):
    monkeypatch.setattr(kernel, "sigmoid_float32", lambda x, out: np.copyto(out, 1 / (1 + np.exp(-x)) + 1e-6))
    monkeypatch.setattr(ways, "LARGE", 2)
    with pytest.raises(WorkingError, match="in double precision"):
        wk.explain(wk.sigmoid, np.array([0.1, 0.7], np.float32))


def test_scores_of_any_size_have_a_table_of_slopes_that_holds():
    wk.explain(wk.sigmoid_derivative, [1e308, -1e308, 710.0, -710.0, 0.5]).verify()
    wk.explain(wk.sigmoid, [1e308, -1e308, 710.0, -710.0, 0.5]).verify()


@pytest.mark.parametrize("key", ["exponential", "denominator", "reciprocal", "complement", "slope"])
def test_a_wrong_step_is_caught(key):
    """A line whose rule was written wrongly, though its value is right."""
    working = wk.explain(wk.sigmoid, 0.7)
    step = working.step(key)
    rule = step.statement.right if isinstance(step.statement, Equation) else step.statement
    wrong = dataclasses.replace(step, statement=rule * 2 + 1)
    steps = tuple(wrong if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match=key):
        dataclasses.replace(working, steps=steps).verify()
