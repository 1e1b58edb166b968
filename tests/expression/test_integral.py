"""A definite integral as a node: how it is written everywhere, and that its value is only what it is given."""

from __future__ import annotations

import pytest

from workings.errors import InputError
from workings.expression import (
    Integral,
    equation,
    evaluate,
    from_json,
    integral,
    number,
    symbol,
    symbols,
    to_box,
    to_json,
    to_latex,
    to_mathml,
    to_text,
)

x, y, a, b = symbols("x y a b")
AREA = integral(x**2 + 1, x, a, b)


def test_it_is_written_with_its_limits_and_its_variable() -> None:
    assert to_text(AREA) == "∫_{a}^{b} (x² + 1) dx"
    assert to_text(integral(x * y, x, 0, number(float("inf")))) == "∫_{0}^{∞} x·y dx"
    assert to_latex(AREA) == r"\int_{a}^{b} (x^{2} + 1) \, \mathrm{d} x"
    assert "<munderover><mo>∫</mo>" in to_mathml(AREA)
    box = to_box(integral(integral(x * y, x, 0, 1), y, 0, 2))
    assert tuple(str(line).rstrip() for line in box.lines) == ("2 1", "∫ ∫ x·y dx dy", "0 0")


def test_it_is_one_node_however_often_it_is_made_and_outlives_json() -> None:
    assert integral(x**2 + 1, x, a, b) is AREA
    assert integral(x**2 + 1, x, b, a) is not AREA
    again = from_json(to_json(equation(symbol("I"), AREA)))
    assert again is equation(symbol("I"), AREA)


def test_its_value_is_what_it_is_given_and_none_else() -> None:
    assert evaluate(2 * AREA, {AREA: 1.5}) == 3.0
    with pytest.raises(InputError, match="must have a value for"):
        evaluate(AREA, {"a": 0, "b": 1})
    with pytest.raises(InputError, match="variable must be a symbol"):
        Integral(x, 2, 0, 1)  # type: ignore[arg-type]
