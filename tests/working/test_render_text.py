from __future__ import annotations

import pytest
from tests.working.sigmoid_example import sigmoid_working

from workings.expression import display_width, equation, exp, indexed, partial, symbol, symbols, to_text, total
from workings.language import message
from workings.working import Derivation, Table

# The layout of the house's style guide, slope written with ∂.
EXPECTED = """\
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

  Result  0.89998: read as a probability, 90.0 %. At the threshold 0.5 the decision is yes (0.89998 ≥ 0.5).

  Convention  ≥ counts a probability equal to the threshold as yes, as scikit-learn does; with > only a probability of exactly 0.5 would change.
  Slope       ∂p/∂x = σ(x)·(1 - σ(x)) = 0.89998 × (1 - 0.89998) ≈ 0.09002: here a rise of 0.1 in the score adds about 0.9 points.
  Checked     4 lines, evaluated again at 50 digits; largest difference 4·10⁻⁶, below the rounding shown (5·10⁻⁶).
"""  # noqa: E501 -- the layout, unwrapped, as a reader sees it


def test_the_sigmoid_reads_as_in_the_style_guide() -> None:
    assert sigmoid_working().to_text("en", width=160) + "\n" == EXPECTED


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    text = sigmoid_working().to_text("en", width=width)
    assert max(map(display_width, text.splitlines())) <= width


def test_ascii_text_holds_ascii_only() -> None:
    text = sigmoid_working().to_text("en", ascii=True)
    assert text.isascii()
    assert "exp(-2.197) ~= 0.11114" in text
    assert "0.89998 >= 0.5" in text


def test_a_long_sum_breaks_at_its_relations_and_stays_aligned() -> None:
    x, mean = symbols("x mean")
    i, n = symbols("i n")
    w = Derivation("normalization", message("What is the mean?"))
    w.given("x", [17.99, 20.57, 19.69, 11.42, 20.29, 12.45])
    w.given("n", 6)
    w.line("mean", equation(mean, total(indexed(x, i), i, 1, n) / n), title=message("The mean of a column of rows"))
    text = w.build().to_text("en")
    assert "17.99 + 20.57 + … + 12.45" in text
    rows = [line for line in text.splitlines() if " = " in line or " ≈ " in line]
    assert max(map(display_width, text.splitlines())) <= 80
    assert len(rows) >= 1


def test_columns_align_by_display_width_with_hangul() -> None:
    w = Derivation("confusion", message("열을 보라"))
    w.table("rows", Table(("이름", symbol("n")), (("재현율", 1), ("F1", 20))))
    lines = w.build().to_text("en").splitlines()
    rows = [line for line in lines if "재현율" in line or "F1" in line or "이름" in line]
    assert len({display_width(line) for line in rows}) == 1


def test_a_long_table_is_capped_and_says_its_total() -> None:
    w = Derivation("roc", message("Which thresholds are there?"))
    w.table("all", Table((symbol("t"),), tuple((k / 8,) for k in range(500)), total=10_000_000))
    text = w.build().to_text("en")
    assert "40 of 10\u202f000\u202f000 rows are shown." in text
    assert len(text.splitlines()) < 60


def test_terminal_control_characters_of_a_column_name_are_not_passed_on() -> None:
    name = "\x1b[31mred\x1b[0m\x07 \u202eevil\nnext"
    w = Derivation("normalization", message("What is the mean of {name}?", name=name))
    w.given("x", 1)
    w.line("x", equation(symbol("y"), symbol("x") + exp(0)), title=message("{name}", name=name))
    w.table("rows", Table((name, symbol(name)), ((name, 1),)))
    for text in (w.build().to_text("en"), w.build().to_text("en", ascii=True)):
        assert not any(ord(character) < 32 and character != "\n" for character in text)
        assert "\u202e" not in text
        assert "\nnext" not in text


def test_parts_number_their_lines() -> None:
    x = symbol("x")
    w = Derivation("roc", message("Two parts?"))
    w.given("x", 2)
    with w.part("first", message("First")):
        w.line("double", equation(symbol("a"), 2 * x))
    with w.part("second", message("Second")):
        w.line("square", equation(symbol("b"), x**2))
        w.line("sum", equation(symbol("c"), symbol("a") + symbol("b")))
    text = w.build().to_text("en")
    assert [label for label in ("1", "1.1", "2", "2.1", "2.2") if f"  {label}  " in text] == [
        "1",
        "1.1",
        "2",
        "2.1",
        "2.2",
    ]
    assert "c = a + b = 4 + 4 = 8" in text


def test_what_has_no_room_beside_its_title_stands_in_a_row_below_it_rather_than_in_a_stack():
    J, b, n, S = symbols("J b n S")
    w = Derivation("regression", message("How steep?"))
    w.given("n", 60)
    w.given("S", 3281.04)
    w.line("slope", equation(partial(J, b), 1 / n * (S + S + S + S)), brief=True, title=message("The slope"))
    text = w.build().to_text()
    assert "  1  The slope\n     ∂J/∂b = (1 / 60) × (3281.04 + 3281.04 + 3281.04 + 3281.04) = 218.736\n" in text


def test_a_derivative_that_reads_on_one_line_is_not_stacked_and_an_empty_cell_is_empty() -> None:
    y, u, x = symbols("y u x")
    w = Derivation("chain_rule", message("What is the slope?"))
    w.define("flat", equation(partial(u, x), 2 * x))
    w.define("tall", equation(partial(y, x), 1 / x))
    w.table("cells", Table((message("name"), message("is")), ((y, None), (u, 2 * x))))
    text = w.build().to_text()
    assert "Definition           ∂u/∂x = 2·x\n" in text
    assert "∂y/∂x" not in text
    assert '""' not in text


@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_number_of_a_wide_table_is_cut_short(ascii_only: bool) -> None:
    """What does not fit beside the others stands below them, after the first column again; only words give way."""
    heads = [symbol("k"), message("a word"), *(symbol(f"y_{place}") for place in range(8))]
    numbers = [float(f"{place + 1}.5432e-12") for place in range(8)]
    w = Derivation("table", message("What is it?"))
    w.table("wide", Table(tuple(heads), ((1, "a name of many letters that goes on for long", *numbers),)))
    lines = w.build().to_text("en", width=60, ascii=ascii_only).splitlines()
    assert all(display_width(line) <= 60 for line in lines)
    rows = [line.split() for line in lines if line.startswith("     1 ")]
    power = "e-12" if ascii_only else "·10⁻¹²"
    assert [cell for row in rows for cell in row if power in cell] == [f"{k + 1}.5432{power}" for k in range(8)]
    assert ("~" if ascii_only else "…") in " ".join(rows[0])
    assert [row[0] for row in rows] == ["1"] * sum(line.split()[:1] == ["k"] for line in lines)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [48, 60, 80])
def test_no_formula_of_a_wide_table_is_cut(width: int, ascii_only: bool) -> None:
    """A sum goes on below before a sign, a product after one, words at a space."""
    y, u, v, x, time = symbols("y u v x elapsed_time_of_the_run")
    products = partial(y, u) * partial(u, time) + partial(y, v) * partial(v, time) * partial(time, x)
    words = message("Sum rule, product rule, exponential, and each of them more than once in a row")
    w = Derivation("table", message("What is it?"))
    for key, said in (("formula", products), ("words", words)):
        w.table(key, Table((message("name"), message("is")), ((y, said),)))
    text = w.build().to_text("en", width=width, ascii=ascii_only)
    assert all(display_width(line) <= width for line in text.splitlines())
    for block, whole in zip(text.split("\n\n")[1:3], (to_text(products, ascii=ascii_only), str(words)), strict=True):
        head, _, *rows = block.splitlines()[1:]
        said = "".join(row[head.index("is") :] for row in rows)
        assert said.replace(" ", "") == whole.replace(" ", "")
