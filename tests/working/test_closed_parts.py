"""Parts that a page names without their lines: they are checked, counted, and opened on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workings.errors import InputError, WorkingError, WorkingsError
from workings.expression import equation, symbols
from workings.language import message
from workings.working import Derivation, Derived, Table, Working
from workings.working.resting import resting_on

a, b, c, d, e, k = symbols("a b c d e k")


def told() -> Working:
    w = Derivation("confusion", message("What follows?"))
    w.given("a", 2)
    w.given("b", 3)
    w.line("sum", equation(c, a + b), 5)
    w.line("unrelated", equation(symbols("u")[0], a * a), 4)
    with w.part("more", message("More of it"), closed=True):
        w.line("product", equation(d, c * b), 15)
        w.line("ratio", equation(e, d / a), 7.5)
        w.table("rows", Table((k, equation(symbols("v")[0], k * c)), ((1, 5), (2, 10))))
    with w.part("last", message("The last of it"), closed=True):
        w.line("difference", equation(symbols("f")[0], e - c), 2.5)
    w.conclude(message("That follows."))
    return w.build()


def test_a_closed_part_is_named_and_counted_and_none_of_its_lines_is_shown():
    working = told()
    text = working.to_text("en")
    assert 'More of it: 4 lines, part="more"' in text
    assert 'The last of it: 1 line, part="last"' in text
    assert "d = c" not in text
    assert '.at(part="more") or --at part=more' in " ".join(text.split())
    for render in (working.to_markdown, working.to_latex):
        assert "7.5" not in render("en")
        assert "4 lines" in render("en")
    assert "<details><summary>" in working.to_html()
    assert "More of it" in working.to_html()


def test_the_lines_of_a_closed_part_are_checked():
    working = told()
    assert working.verify().equations == 5
    part = working.step("more")
    wrong = replace(part, substeps=(replace(part.substeps[0], value=16), *part.substeps[1:]))
    with pytest.raises(WorkingError, match="product"):
        replace(working, steps=tuple(wrong if step is part else step for step in working.steps)).verify()


def test_an_opened_part_has_the_lines_that_it_rests_on_and_is_checked():
    opened = told().at(part="more")
    assert [step.key for step in opened.steps] == ["sum", "more"]
    assert "d = c·b = 5 × 3 = 15" in opened.to_text("en")
    assert opened.verify().equations == 3
    # What stands in another closed part is opened too where a line rests on it.
    assert [step.key for step in told().at(part="last").steps] == ["sum", "product", "ratio", "last"]


def test_all_parts_are_opened_at_once():
    text = told().at(part="all").to_text("en")
    assert "e - c = 7.5 - 5 = 2.5" in text
    assert "part=" not in text


def test_a_part_that_is_not_there_is_refused_by_name():
    with pytest.raises(InputError, match="part must be one of 'more', 'last', 'all'; got 'nothing'"):
        told().at(part="nothing")
    with pytest.raises(WorkingsError, match="no closer look"):
        told().at(part="all").at(part="more")


def test_closed_parts_round_trip():
    again = Working.from_json(told().to_json())
    assert again.to_text("en") == told().to_text("en")
    assert again.at(part="more").to_text("ko") == told().at(part="more").to_text("ko")


def test_a_table_that_repeats_a_line_is_not_what_others_rest_on():
    w = Derivation("confusion", message("What follows?"))
    w.given("a", 2)
    w.line("double", equation(b, 2 * a), 4)
    w.table("again", Table((message("b"), message("c")), ((Derived(4, b), Derived(8, equation(c, 2 * b))),)))
    with w.part("from_the_line", message("From the line"), closed=True):
        w.line("sum", equation(d, a + b), 6)
    with w.part("from_the_table", message("From the table"), closed=True):
        w.line("product", equation(e, a * c), 16)
    working = w.build()
    assert [step.key for step in working.at(part="from_the_line").steps] == ["double", "from_the_line"]
    assert [step.key for step in working.at(part="from_the_table").steps] == ["double", "again", "from_the_table"]
    working.at(part="from_the_table").verify()


def test_a_table_rests_on_what_its_headings_use():
    assert [step.key for step in resting_on(told(), ["rows"])] == ["sum", "rows"]
