"""``workings explain convolution`` and ``workings plot convolution`` as processes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from workings.working import Working


def test_the_convolution_of_two_short_signals_is_printed(run: Run) -> None:
    ended = run("explain", "convolution", "1 2 3 4", "1 0 -1")
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert "Result  y = 1, 2, 2, 2, -3, -4." in ended.out
    assert "7 lines, evaluated again at 50 digits; no difference." in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_one_position_an_image_and_a_kernel_that_begins_with_a_minus_sign(run: Run) -> None:
    assert (
        "Result  2: position 4 of 6, in Python y[3]."
        in run("explain", "convolution", "1 2 3 4", "1 0 -1", "--at", 3).out
    )
    image = run("explain", "convolution", "1 2 3; 4 5 6; 7 8 9", "-1 0; 0 1", "--mode", "valid", "--at", "1,0")
    assert "Result  -4: the value at (2, 1) of 2 × 2, in Python y[1, 0]." in image.out
    table = run("explain", "convolution", "1 2 3 4", "1 0 -1", "--at", "2:4").out
    assert "     3        1    -1     0     3  2\n     4        2    -2     0     4  2\n" in table
    row = run("explain", "convolution", "1 2; 3 4", "1 0; 0 1", "--at", "1,:")
    assert "3 of 9 values, in Python y[1, 0:3]." in row.out
    assert "y = -1, -2.5, -2, 4.5, 5." in run("explain", "convolution", "-1,-2.5,-2,4.5 5", "1").out
    lags = run("explain", "convolution", "1 2 3", "-1 2", "--correlate", "--mode", "same", "--method", "direct")
    assert "Lag -1: 1 of 2 overlap" in lags.out
    assert "Result  y = 0.5 + 1i." in run("explain", "convolution", "1+2i", "0.5").out


def test_korean_and_files(run: Run, tmp_path: Path) -> None:
    korean = run("explain", "convolution", "1 2 3 4", "1 0 -1", "--at", 3, "--lang", "ko")
    assert korean.status == 0
    assert korean.out.startswith("합성곱의 4번째 값은 어떻게 나오는가?\n")
    printed = run("explain", "convolution", "1 2 3", "1 1", "--format", "json")
    assert Working.from_json(printed.out).verify().equations == 5
    ended = run("explain", "convolution", "1 2 3", "1 1", "-o", "out.md", "--plot", "out.svg")
    assert ended.status == 0, ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.md", "out.svg"]


def test_the_picture_is_written(run: Run, tmp_path: Path) -> None:
    ended = run("plot", "convolution", "1 2 3 4", "-1 0 1", "-o", "out.svg", "--lang", "ko")
    assert ended.status == 0, ended.err
    assert "out.svg" in ended.out
    assert "뒤집은 커널" in (tmp_path / "out.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["explain", "convolution", "1 2 a", "1"], "SIGNAL must be numbers with spaces between them .* got 'a'"),
        (["explain", "convolution", "1 2", "1; 2 3"], "KERNEL must have rows of one length; got 1, 2"),
        (["explain", "convolution", "1 2", "1", "--at", "2"], "at: n must be one of 0 to 1; got 2"),
        (
            ["explain", "convolution", "1 2", "1", "--at", "1.5"],
            "--at must be a whole number, or several: 1,2; or some that follow one another: 0:9; got '1.5'",
        ),
        (["explain", "convolution", "1 2", "1", "--at", "0,0"], r"the place must be numbers for n, as at\(0\)"),
        (["explain", "convolution", "1 2", "1", "--mode", "some"], "--mode must be one of full, same, valid; got some"),
        (
            ["plot", "convolution", "1 2", "1", "--mode", "some", "-o", "a.svg"],
            "--mode must be one of full, same, valid",
        ),
        (["plot", "convolution", "1 2i", "1", "-o", "a.svg"], "must be real to be drawn"),
    ],
)
def test_bad_input_is_refused_with_what_to_do_and_nothing_is_left(
    words: list[str], says: str, run: Run, tmp_path: Path
) -> None:
    ended = run(*words)
    assert ended.status == 2
    assert ended.out == ""
    assert re.search(says, ended.err), ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []
