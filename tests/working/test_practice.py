"""A working asked instead of told: what is right, what is not, and what the score says."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace

import pytest

import workings as wk
from workings.errors import FormulaError, InputError
from workings.expression import equation, log, symbols
from workings.language import message, use_language
from workings.working import Derivation, Practice, shown
from workings.working.answers import same_formula, same_number
from workings.working.practice import SUBJECTS

X, Y = symbols("x y")


def of_sigmoid() -> Practice:
    return wk.explain(wk.sigmoid, 0.7).practise()


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("seed", range(6))
def test_every_problem_can_be_solved_with_the_digits_that_it_shows(subject, seed):
    practice = wk.practise(subject, seed)
    again = wk.practise(subject, seed)
    assert practice.working.to_text("en") == again.working.to_text("en")
    assert practice.given
    while not practice.done:
        hints = [str(practice.hint()) for _ in range(2)]
        assert all(hints)
        line = again.skip().line
        said = line.split(" ≈ ")[-1].split(" = ")[-1]
        verdict = practice.answer(said)
        assert verdict.right, (str(practice.question), said)
        assert verdict.line == line
    assert practice.right == practice.tried == practice.questions


def test_a_right_answer_is_called_so_in_korean_and_is_no_right_end():
    # "right" alone is one key of the catalogue for both, and a strip's right end has it.
    with use_language("ko"):
        assert str(of_sigmoid().answer("1/(1 + exp(-x))").why) == "정답"


def test_what_a_sum_of_cells_follows_from_is_given():
    practice = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).at(3).practise()
    assert practice.given[:2] == ["x = 1, 2, 3, 4  (the signal)", "k = 1, 0, -1  (the kernel)"]
    assert [line[:3] for line in practice.given[2:]] == ["N =", "K =", "n ="]


@pytest.mark.parametrize("answer", ["1/(1 + exp(-x))", "exp(x)/(1 + exp(x))", "(1 + tanh(x/2))/2"])
def test_any_equivalent_form_of_a_formula_is_right(answer):
    assert of_sigmoid().answer(answer).right


@pytest.mark.parametrize("answer", ["1/(1 - exp(-x))", "1/(1 + exp(x))", "x", "0.5", "1/(1 + exp(-x)) + 1e-6"])
def test_another_formula_is_not(answer):
    practice = of_sigmoid()
    assert not practice.answer(answer).right
    assert practice.tried == 0
    assert practice.answer("1/(1 + exp(-x))").right
    assert (practice.right, practice.tried) == (0, 1)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("0.49659", True),
        ("0.496585", True),
        ("0.4965853037914095", True),
        ("0.497", True),
        ("0.4966", True),
        ("exp(-0.7)", True),
        ("4.97e-1", True),
        ("0.5", False),
        ("0.50", False),
        ("0.498", False),
        ("0.49660", False),
        ("-0.49659", False),
        ("1/2", False),
        ("inf", False),
    ],
)
def test_a_number_is_right_within_the_digits_shown_or_its_own(answer, right):
    practice = of_sigmoid()
    practice.skip()
    assert practice.answer(answer).right is right


@pytest.mark.parametrize(("answer", "right"), [("0.500", True), ("0.5000", False), ("0.50", False), ("0.501", False)])
def test_zeros_that_are_typed_are_digits(answer, right):
    assert same_number(0.49966, shown(0.49966), answer) is right


@pytest.mark.parametrize(
    ("value", "answer", "right"),
    [
        (1984744.2, "1.9847e6", True),
        (1984744.2, "1.985·10⁶", True),
        (1984744.2, "1.985 × 10^6", True),
        (1984744.2, "1.985*10**6", True),
        (1984744.2, "1,984,744", True),
        (1984744.2, "1.984*10^6", False),
        (4.26e-15, "4.26·10⁻¹⁵", True),
        (4.26e-15, "4.26*10^(-15)", True),
        (4.26e-15, "4.26·10¹⁵", False),
        (12345, "12,345", True),
        (12345, "n = 12345", True),
        (12345, "12,34", False),
        (0.4965853, "49.66%", True),
        (0.4965853, "p ≈ 49.659 %", True),
        (-0.125, "−12.5％", True),
        (0.4965853, "49.67%", False),
        (0.4965853, "49.66", False),
    ],
)
def test_a_number_may_be_written_as_mathematics_writes_it(value, answer, right):
    try:
        assert same_number(value, shown(value), answer) is right
    except FormulaError:
        assert not right


def test_a_formula_may_be_written_with_its_left_side():
    assert of_sigmoid().answer("σ(x) = 1/(1 + exp(-x))").right
    assert not of_sigmoid().answer("σ(x) = 1/(1 + exp(x))").right


def test_a_count_is_right_or_wrong():
    practice = wk.explain(wk.confusion_matrix, [1, 0, 1], [1, 0, 0]).practise()
    assert practice.told == ["True positives: TP = 1", "False negatives: FN = 1"]
    assert not practice.answer("2.001").right
    assert practice.answer("2").right


def test_what_cannot_be_read_is_no_answer():
    practice = of_sigmoid()
    with pytest.raises(FormulaError):
        practice.answer("1/(1 + exp(-x)")
    practice.skip()
    with pytest.raises(InputError, match="a number is asked for; got x, with the name x in it"):
        practice.answer("x")
    assert practice.right == 0
    assert practice.tried == 1


def test_a_practice_ends():
    practice = of_sigmoid()
    while not practice.done:
        practice.skip()
    assert repr(practice) == f"0 of {practice.questions} right at the first go."
    with pytest.raises(InputError, match="every question has been dealt with"):
        practice.answer("1")


def test_in_a_terminal_it_asks_hints_and_counts():
    typed = iter(["?", "1/(1+exp(-x)", "1/(1+exp(-x))", "0.4", "0.497", "!", "q"])
    said: list[str] = []
    of_sigmoid().run(ask=lambda prompt: (said.append(prompt), next(typed))[1], say=said.append)
    text = "\n".join(said)
    assert "x = 0.7  (the score)" in text
    assert "it is a formula in x" in text
    assert '"(" at column 3 must be closed' in text
    assert "right: exp(-0.7) ≈ 0.49659" in text
    assert "not yet; try again, or ask for a hint" in text
    assert said[-1] == "1 of 3 right at the first go."


def test_no_such_subject_is_refused():
    with pytest.raises(InputError, match="subject must be one of convolution, sigmoid"):
        wk.practise("algebra")


@pytest.mark.parametrize("ending", [EOFError, KeyboardInterrupt])
def test_the_end_of_input_ends_it_with_the_score(ending):
    typed = iter(["1/(1+exp(-x))"])

    def ask(prompt: str) -> str:
        for answer in typed:
            return answer
        raise ending

    said: list[str] = []
    with nullcontext() if ending is EOFError else pytest.raises(KeyboardInterrupt):
        of_sigmoid().run(ask=ask, say=said.append)
    assert said[-2:] == ["", "1 of 1 right at the first go."]


def test_a_korean_is_asked_in_korean():
    said: list[str] = []
    with use_language("ko"):
        of_sigmoid().run(ask=lambda prompt: (said.append(prompt), "!")[1], say=said.append)
    assert "?를 입력하면" in said[2]
    assert not [line for line in said if re.search("[a-z]{4}", line)]


def test_lines_of_closed_parts_are_asked_when_they_are_opened():
    w = Derivation("sigmoid", message("What comes out?"))
    w.given("x", 4.0)
    x, y, z = symbols("x y z")
    with w.part("inner", message("On the way"), closed=True):
        w.line("z", equation(z, x + 1), title=message("One more"))
    w.line("y", equation(y, 2 * z), title=message("Twice that"))
    working = w.build()
    assert str(working.practise().question) == "Twice that: y = ?"
    assert working.practise().questions == 1
    assert working.practise().told == ["One more: z = 5"]
    assert working.at(part="all").practise().questions == 2
    only = replace(working, steps=working.steps[:1])
    assert str(only.practise().question) == "One more: z = ?"


@pytest.mark.parametrize(
    ("truth", "answer", "right"),
    [
        (log(X - 100), "ln(x - 100)", True),
        (log(X - 100), "ln(x - 101)", False),
        (X * Y, "x y", True),
        (X * Y, "-x*y", False),
        (1e-12 * X, "2e-12*x", False),
        (X**2 - Y**2, "(x - y)(x + y)", True),
        (X**2 - Y**2, "(x - y)^2", False),
        (X + Y / 1000, "x", False),
        (2 * X * Y, "x*y", False),
    ],
)
def test_a_near_miss_is_no_equal_formula(truth, answer, right):
    assert same_formula(truth, answer) is right


def test_a_name_that_does_not_stand_there_is_told():
    with pytest.raises(InputError, match="a formula in x, y is asked for; got xy, with the name xy in it; a product"):
        same_formula(X * Y, "xy")


def test_what_a_table_says_that_names_are_is_told():
    working = wk.explain(wk.differentiate, "y = u*v; u = x*z; v = x^2 + z", "x").at(x=1, z=2)
    practice = working.practise()
    assert practice.told[:3] == ["y = u·v", "u = x·z", "v = x² + z"]
    assert str(practice.question) == "Value of u: u = ?"
