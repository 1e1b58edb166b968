"""``workings explain integration`` and ``workings plot integration`` as processes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from workings.working import Working


def test_the_area_under_a_formula_is_printed(run: Run) -> None:
    ended = run("explain", "integration", "x^2 + 2x + 1", "0", "10")
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert "Result  443.333333333" in ended.out
    assert "An antiderivative: F' = f" in ended.out
    assert re.search(r"Checked +\d+ lines, evaluated again at 50 digits", ended.out)
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_infinite_and_written_limits_and_a_minus_sign(run: Run) -> None:
    assert "Result  1.77245385091" in run("explain", "integration", "exp(-x^2)", "-inf", "inf").out
    assert re.search(r"Result  (2|2\.0+)[,.] ", run("explain", "integration", "sin(x)", "0", "pi").out)
    assert "from -2 to -0.5?" in run("explain", "integration", "1/x^2", "-2", "-1/2").out


def test_strips_one_by_one_and_one_of_them_in_full(run: Run) -> None:
    strips = run("explain", "integration", "x^2", "0", "2", "--at", "strips=8,rule=left")
    assert strips.out.startswith("What is the area of strips under f, n = 8?\n")
    assert "The area is 2.1875." in strips.out
    same = run("explain", "integration", "x^2", "0", "2", "--strips", "8", "--rule", "left")
    assert same.out == strips.out
    one = run("explain", "integration", "x^2", "0", "2", "--strips", "8", "--rule", "left", "--at", "3")
    assert "Strip 3 has the area 0.0625." in one.out


def test_korean_formats_and_files(run: Run, tmp_path: Path) -> None:
    korean = run("explain", "integration", "x^2", "0", "2", "--lang", "ko")
    assert korean.out.startswith("0에서 2까지 f의 그래프 아래의 면적은 얼마인가?\n")
    printed = run("explain", "integration", "exp(x)", "0", "1", "--format", "json")
    assert Working.from_json(printed.out).verify().equations >= 3
    for form, opening in (("markdown", "## "), ("html", "<!DOCTYPE html>"), ("latex", r"\documentclass")):
        assert run("explain", "integration", "x", "0", "1", "--format", form).out.lstrip().startswith(opening)
    ended = run("explain", "integration", "x^2", "0", "2", "-o", "out.md", "--plot", "out.svg")
    assert ended.status == 0, ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.md", "out.svg"]


@pytest.mark.parametrize("ending", ["html", "svg", "png", "pdf"])
def test_the_picture_is_written(ending: str, run: Run, tmp_path: Path) -> None:
    ended = run("plot", "integration", "x^2 + 2x + 1", "0", "10", "-o", f"out.{ending}", "--lang", "ko")
    assert ended.status == 0, ended.err
    assert (tmp_path / f"out.{ending}").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["x^2", "0", "y"], "B must be a number, such as 10, pi/2 or inf; got y, which depends on y"),
        (["x*y", "0", "1"], "y"),
        (["sen(x)", "0", "1"], "did you mean sin"),
        (["x", "0", "inf", "--at", "3"], "strips of equal width need finite limits"),
        (["x", "0", "1", "--strips", "4", "--at", "5"], "at: strip must be from 1 to 4; got 5"),
        (["x", "0", "1", "--strips", "0"], "n must be a whole number from 1 on"),
        (["x", "0"], "B"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(words: list[str], says: str, run: Run, tmp_path: Path) -> None:
    ended = run("explain", "integration", *words)
    assert ended.status == 2
    assert ended.out == ""
    assert re.search(says, ended.err), ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []
