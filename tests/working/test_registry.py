from __future__ import annotations

import pytest

import workings as wk
from workings.errors import InputError
from workings.expression import equation, symbol
from workings.language import message
from workings.working import Derivation, Explainable, Working, explainer, plotter


class Result(Explainable):
    pass


class NarrowResult(Result):
    pass


class Unexplained(Explainable):
    pass


def double(value: float) -> float:
    return 2 * value


@explainer(double)
def explain_double(value: float) -> Working:
    w = Derivation("test", message("What is twice {value}?", value=str(value)))
    w.given("x", value)
    w.line("double", equation(symbol("y"), 2 * symbol("x")), double(value))
    return w.build()


@explainer(Result)
def explain_result(result: Result, *, closely: bool = False) -> Working:
    return Derivation("test", message("closely" if closely else "at a glance")).build()


@plotter(double, Result)
def plot_either(*args: object) -> tuple[object, ...]:
    return args


def test_a_functions_explainer_takes_its_arguments() -> None:
    assert wk.explain(double, 3).step("double").value == 6
    assert wk.plot(double, 3) == (3,)


def test_a_result_explains_and_draws_itself_and_so_do_its_subtypes() -> None:
    result = NarrowResult()
    assert str(result.explain(closely=True).question) == "closely"
    assert str(wk.explain(result).question) == "at a glance"
    assert result.plot() == (result,)


@pytest.mark.parametrize("asked", [wk.explain, wk.plot])
@pytest.mark.parametrize("subject", [3, Unexplained(), len, Result])
def test_what_has_no_explainer_is_refused_and_what_has_one_is_named(asked: object, subject: object) -> None:
    with pytest.raises(InputError, match="double"):
        asked(subject)  # type: ignore[operator]  # explain or plot


def test_a_class_is_told_apart_from_its_objects() -> None:
    with pytest.raises(InputError, match="the class Result, not an object of it"):
        wk.explain(Result)
