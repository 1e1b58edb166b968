"""Every number that a report shows opens into a working that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

import numpy as np
import pandas as pd
import pytest

import workings as wk
from workings.study import Study
from workings.study.numerals import plain
from workings.study.page import MOST_TERMS
from workings.study.report import render_report

from .opening import numbers, parse, unopened
from .reported import KINDS, page, study

OPENED = (*KINDS, "mixed", "mixed classes", "wide", "weighted")


def names(reported: Study) -> Iterator[str]:
    """Yield what is called so by the data: columns, classes, and the terms that are made of them."""
    yield reported.target
    yield from (label for label, _ in reported.data.classes)
    yield from (one.name for one in reported.coefficients)
    yield from (one.column for one in reported.data.filled)
    # Rows are named by their numbers, as in "the first: 3, 8".
    yield from (f"row {one.first_rows_in_words}" for one in reported.data.dropped)
    yield from (f"first: {', '.join(map(str, one.first_rows))}" for one in reported.data.dropped)


def asked_for(reported: Study) -> Iterator[str]:
    """Yield what is no result but was said from outside: the options, and what the method's own sentences hold."""
    given = [row.threshold for row in reported.thresholds if row.place is None]
    for threshold in map(plain, [*given, *([] if reported.threshold is None else [reported.threshold])]):
        yield from (f"from {threshold} on", f"probability of {threshold} on", f"the threshold {threshold}")
        yield f"but {threshold} may not be a sensible threshold"
    if reported.data.split is not None:
        yield f"seed {reported.data.split.seed}"
    yield "penalty |w|^(2)/(2C), C = 1"
    yield from ("outside 0 to 1", "cut off at 0 and 1", "columns of 0 and 1", "no factor 2", "column of 0 and 1")
    yield from ("DeLong, DeLong and Clarke-Pearson (1988)", "at 50 digits")
    yield f"Workings {version('workings')}"
    # How many lines a table of the page leaves out is no number of the data.
    yield f"{len(reported.coefficients) - MOST_TERMS} smaller coefficients"


@pytest.mark.parametrize("kind", OPENED)
def test_every_number_on_the_page_opens_into_a_working_that_holds_it(kind):
    reported = study(kind)
    assert unopened(parse(page(kind)), [*names(reported), *asked_for(reported)]) == []


@pytest.mark.parametrize("kind", ["compared", "mixed classes"])
def test_in_korean_the_same_numbers_open(kind):
    english, korean = (
        {value for value, _ in unopened(parse(page(kind, lang)), names(study(kind)))} for lang in ("en", "ko")
    )
    rows = {str(row) for one in study(kind).data.dropped for row in one.first_rows}
    assert korean - rows <= english


@pytest.mark.parametrize(
    ("shown", "instead"),
    [("fitted on 427 rows", "fitted on 428 rows"), ("malignant: 212 rows", "malignant: 211 rows")],
)
def test_a_number_that_no_working_holds_is_found(shown, instead):
    reported = study("logistic")
    wrong = page("logistic").replace(shown, instead)
    known = [*names(reported), *asked_for(reported)]
    assert [value for value, _ in unopened(parse(wrong), known)] == re.findall(r"\d+", instead)


def test_numbers_are_read_as_a_reader_reads_them():
    text = "1.23·10⁻⁵, 95.3 %, 10\N{NARROW NO-BREAK SPACE}000, R² = 0.5, |w|^(2), 2·10 ^(3), x_3"
    assert [value for value, _ in numbers(text)] == pytest.approx([1.23e-5, 0.953, 10000, 0.5, 2000])


def test_a_page_of_many_classes_stays_under_three_megabytes_and_says_what_it_leaves_out():
    rng = np.random.default_rng(0)
    code = np.arange(136) % 34
    called = np.array([f"class {chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(34)])
    columns = {name: np.round(rng.normal(size=34)[code] * 2 + rng.normal(size=136), 2) for name in ("a", "b")}
    reported = wk.fit(pd.DataFrame({**columns, "kind": called[code]}), target="kind")
    text = render_report(reported, "en")
    assert len(text.encode()) < 3_000_000
    # In the matrix, among the areas and among the rows used.
    assert (
        text.count(">4 more classes are in the JSON file.") + text.count(" 4 more classes are in the JSON file.") == 3
    )
    assert unopened(parse(text), [*names(reported), *asked_for(reported), "4 more classes"]) == []


def test_every_coefficient_on_the_page_has_its_own_line_and_the_others_are_counted():
    reported = study("wide")
    assert len(reported.coefficients) == 180
    text = page("wide")
    assert text.count("Why ") == 100
    assert "80 smaller coefficients are in the JSON file." in text
    assert len(text.encode()) < 3_000_000
