"""``workings explain`` as a process: what it prints and writes, in both languages, and what it refuses."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.cli.conftest import Run

from workings.cli.asked import read_point
from workings.errors import InputError
from workings.working import Working

SYSTEM = "y = u*v; u = x*z; v = x^2 + z"
POINT = ("--wrt", "x", "--at", "x=1,z=2")


def test_the_derivation_is_printed_with_the_numbers(run: Run) -> None:
    ended = run("explain", "chain-rule", SYSTEM, *POINT)
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert ended.out.startswith("How does y change with x where x = 1, z = 2?\n")
    assert "Result  10: here a rise of 0.01 in x raises y by about 0.1." in ended.out
    assert "Checked  10 lines, evaluated again at 50 digits; no difference." in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_korean_is_spoken_by_option_and_variable(run: Run) -> None:
    by_option = run("explain", "chain-rule", SYSTEM, *POINT, "--lang", "ko")
    assert by_option.status == 0
    assert by_option == run("explain", "chain-rule", SYSTEM, *POINT, WORKINGS_LANG="ko")
    assert "연쇄 법칙" in by_option.out
    assert not re.search("[A-Za-z]{5,}", by_option.out)


def test_symbols_alone_without_a_point_and_a_gradient_without_a_variable(run: Run) -> None:
    ended = run("explain", "chain-rule", "sin(x^2)", "--wrt", "x")
    assert "dy/dx = cos(u)·(2·x)" in ended.out
    assert "Tried out where x = 0.7" in ended.out
    ended = run("explain", "chain-rule", SYSTEM, "--at", "x=1", "--at", "z=2")
    assert "∂y/∂x = 10, ∂y/∂z = 5" in ended.out


def test_orders_by_number_and_by_name(run: Run) -> None:
    second = run("explain", "chain-rule", "x^4", "--wrt", "x", "--order", 2, "--at", "x=2")
    assert "48 is the value of d²y/dx² at this point." in second.out
    mixed = run("explain", "chain-rule", SYSTEM, "--wrt", "x,z", "--at", "x=1,z=2")
    assert "7 is the value of ∂²y/∂z∂x at this point." in mixed.out


@pytest.mark.parametrize(
    ("ending", "form", "begins"),
    [
        (".md", "markdown", "## "),
        (".html", "html", "<!DOCTYPE html>"),
        (".tex", "latex", r"\documentclass"),
        (".json", "json", "{"),
        (".txt", "text", "How does"),
    ],
)
def test_every_format_by_name_or_by_the_files_ending(
    ending: str, form: str, begins: str, run: Run, tmp_path: Path
) -> None:
    printed = run("explain", "chain-rule", SYSTEM, *POINT, "--format", form)
    assert printed.out.lstrip().startswith(begins)
    ended = run("explain", "chain-rule", SYSTEM, *POINT, "-o", f"out{ending}")
    assert ended.status == 0
    assert f"out{ending}" in ended.out
    assert (tmp_path / f"out{ending}").read_text(encoding="utf-8") == printed.out
    if form == "json":
        assert Working.from_json(printed.out).verify().equations == 10
        assert json.loads(printed.out)["format"] == "workings/working"


def test_the_picture_is_written_beside(run: Run, tmp_path: Path) -> None:
    ended = run("explain", "chain-rule", SYSTEM, *POINT, "--plot", "graph.svg", "-o", "out.md")
    assert ended.status == 0, ended.err
    assert "∂v/∂x = 2·x" in (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.svg", "out.md"]


def test_where_the_terminal_has_no_signs_it_is_said_in_ascii(run_process: Run) -> None:
    ended = run_process("explain", "chain-rule", "sin(x^2)", "--wrt", "x", PYTHONIOENCODING="ascii")
    assert ended.status == 0
    assert "dy/du = cos(u)" in ended.out
    assert "\\u" not in ended.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sen(x)", "--wrt", "x"], r"sen at column 1 .*did you mean sin"),
        (["sin(x", "--wrt", "x"], r"  sin\(x\n"),
        (["sin(x)", "--wrt", "y"], "variable must be a variable of the formula, x; got y"),
        (["sin(x)", "--wrt", "x", "--at", "x"], "--at must be names with their numbers, such as x=1,z=2; got x"),
        (["sin(x)", "--wrt", "x", "--at", "x=a"], "got x=a"),
        (["sin(x)", "--wrt", "x", "--at", "x=1e99999"], "got x=1e99999"),
        (["sin(x)", "--wrt", "x", "--at", "x=1,x=2"], "got x twice"),
        (["sin(x*z)", "--wrt", "x", "--at", "x=1"], "got none for z; try at"),
        (["ln(x)", "--wrt", "x", "--at", "x=-1"], "needs x > 0"),
        (["sin(x)", "--order", "2"], "--order must be 1 or more, of one variable"),
        (["sin(x)", "--wrt", "x", "--order", "0"], "--order must be 1 or more"),
        (["sin(x)", "--wrt", "x", "--order", "99999"], "order 10 at most to be told line by line; got 99\u202f999"),
        (["x", "--wrt", "x", "--at", "x=1e999"], "at: x must be one finite number"),
        (["sin(x)", "--wrt", "x", "--order", "a"], "--order must be a whole number; got a"),
        (["sin(x)", "--format", "pdf"], "--format must be one of text, markdown, html, latex, json; got pdf"),
        (["sin(x)", "--wrt", "x", "-o", "no/such/folder.md"], 'the folder "no/such" does not exist'),
        (["sin(x)", "--wrt", "x", "--plot", "picture.gif"], "path must end in one of .html"),
        (["mean(x)", "--wrt", "x"], "rows"),
        (["7", "--at", "x=1"], "the formula must have a variable"),
    ],
)
def test_bad_input_is_refused_with_what_to_do_and_nothing_is_left(
    words: list[str], says: str, run: Run, tmp_path: Path
) -> None:
    ended = run("explain", "chain-rule", *words)
    assert ended.status == 2
    assert ended.out == ""
    assert re.search(says, ended.err), ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_subject_that_is_none_is_refused_and_the_help_lists_those_that_are(run: Run) -> None:
    ended = run("explain", "chainrule", "x")
    assert ended.status == 2
    assert "did you mean chain-rule?" in ended.err
    assert "chain-rule" in run("explain", "--help").out
    bare = run("explain")
    assert bare.status == 2
    assert bare.err == ""
    assert run("explain", "chain-rule").status == 2


def test_points_are_worth_what_their_digits_say() -> None:
    assert read_point(["x=0.1, z=-2", "b=1e3;c=2/3"]) == {"x": Fraction(1, 10), "z": -2, "b": 1000, "c": Fraction(2, 3)}
    with pytest.raises(InputError, match="got 1=x"):
        read_point(["1=x"])


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("100", 100), ("500", 110), ("", 80), ("0", 80)])
def test_a_working_in_a_pipe_is_as_wide_as_columns_says(
    columns: str, widest: int, run_process: Run, tmp_path: Path
) -> None:
    asked = ("explain", "sigmoid", "2.197", "--at", "threshold=0.5")
    lines = run_process(*asked, COLUMNS=columns).out.splitlines()
    assert widest - 15 < max(map(cell_len, lines)) <= widest
    run_process(*asked, "-o", "s.txt", COLUMNS=columns)
    assert 65 < max(map(cell_len, (tmp_path / "s.txt").read_text("utf-8").splitlines())) <= 80
