"""How the command behaves in a shell: statuses, pipes, languages, interruption, and files all or none."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len
from tests.cli.conftest import COMMAND, Run
from tests.cli.test_bad_input import EVALUATE, SCORED, measured, write
from typer.main import get_command

from workings.cli import application, progress, terminal
from workings.cli.helps import translate_helps
from workings.cli.output import equations_checked
from workings.cli.progress import Watch
from workings.language import use_language
from workings.working import LineCheck, Verification
from workings.working.practice import SUBJECTS


def test_the_version_and_the_help_are_printed(run_process: Run) -> None:
    assert run_process("--version").out.startswith("workings 0.")
    assert "evaluate" in run_process("--help").out
    for command in ("evaluate", "fit", "predict", "demo"):
        ended = run_process(command, "--help")
        assert ended.status == 0
        assert "--lang" in ended.out


def test_a_command_that_is_not_one_and_an_option_that_is_missing_are_refused(run: Run) -> None:
    assert run("evalute").status == 2
    ended = run("evaluate", "t.csv", "--label", "y")
    assert ended.status == 2
    assert "--score" in ended.err
    assert run("evaluate", "t.csv", *EVALUATE, "--lang", "de").status == 2


@pytest.mark.parametrize("asked", [("--lang", "ko"), ("--lang=ko",), ()])
def test_helps_and_usage_errors_speak_korean_too(asked: tuple[str, ...], run: Run) -> None:
    variables = {"COLUMNS": "200", **({} if asked else {"WORKINGS_LANG": "ko"})}
    for command, purpose in (
        ("evaluate", "정답 열"),
        ("fit", "경사 하강법"),
        ("predict", "적합된 모델"),
        ("demo", "569명"),
    ):
        ended = run(command, "-h", *asked, **variables)
        assert ended.status == 0
        assert purpose in ended.out
        assert "출력에 쓸 언어" in ended.out
        assert "이 도움말을 보이고 끝낸다" in ended.out
        assert f"사용법: workings {command} [옵션]" in ended.out
    told = run("explain", "-h", COLUMNS="200", WORKINGS_LANG="ko").out
    assert "사용법: workings explain [옵션] 명령 [인수]..." in told
    assert "Usage" not in told
    ended = run("evaluate", "t.csv", *asked, "--labl", "y", **variables)
    assert (ended.status, ended.err) == (2, "workings: 옵션 --labl은 없다. 혹시 --label인가?\n")


@pytest.mark.parametrize("width", ["66", "80", "100"])
def test_a_korean_help_loses_no_word_at_the_end_of_a_line(width: str, run: Run) -> None:
    for command in ("evaluate", "fit", "predict", "demo", "explain"):
        lines = run(command, "--help", COLUMNS=width, WORKINGS_LANG="ko").out.splitlines()
        assert not [line for line in lines if "…" in line]
        panels = [line for line in lines if line.startswith(("╭", "│", "╰"))]
        assert {cell_len(line) for line in panels} == {int(width)}
    asked = run("fit", "--help", COLUMNS=width, WORKINGS_LANG="ko").out
    assert "[필수]" in asked
    assert "[기본값: 0.25]" in asked


@pytest.mark.parametrize("width", ["60", "80", "100"])
def test_a_help_breaks_many_choices_between_two_of_them(width: str, run: Run) -> None:
    asked = run("practise", "--help", COLUMNS=width).out
    for subject in SUBJECTS:
        assert re.search(rf"(?<![\w-]){subject}(?![\w-])", asked), subject


def test_every_option_says_in_both_languages_what_it_is_for() -> None:
    helps: dict[str, list[str]] = {}
    for lang in ("en", "ko"):
        command = get_command(application.app)
        with use_language(lang):
            translate_helps(command)
        every = [command, *command.commands.values()]
        helps[lang] = [each.help for one in every for each in (one, *one.params)]
    assert len(helps["en"]) > 40
    assert all(english and korean and english != korean for english, korean in zip(*helps.values(), strict=True))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["evalute"], "there is no command evalute; did you mean evaluate?"),
        (["x"], "there is no command x; workings --help lists those that there are"),
        (["fit", "--zzz"], "there is no option --zzz; workings fit --help lists those that there are"),
        (["fit", "--target", "y"], "FILE is missing; workings fit --help says what it is"),
        (["fit", "t.csv"], "--target is missing; workings fit --help says what it is"),
        (["fit", "t.csv", "--target"], "--target needs a value; workings fit --help says which"),
        (
            ["fit", "t.csv", "u.csv", "--target", "y"],
            "there is no place for u.csv; workings fit --help says what there is",
        ),
        (["fit", "t.csv", "--target", "y", "--seed", "1.5"], "--seed must be a whole number; got 1.5"),
        (["fit", "t.csv", "--target", "y", "--test-size=a=b"], "--test-size must be a number; got a=b"),
        (["fit", "t.csv", "--target", "y", "--kind", "x"], "--kind must be one of auto, linear, logistic; got x"),
        (["fit", "t.csv", "--target", "y", "--lang", "de"], "--lang must be one of en, ko; got de"),
    ],
)
def test_words_of_the_command_line_that_are_wrong_are_named(
    arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["workings", *arguments])
    with pytest.raises(SystemExit, match="2"):
        application.main()
    assert capfd.readouterr() == ("", f"workings: {says}\n")


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ended = run()
    assert ended.status == 2
    assert "evaluate" in ended.out


def test_a_terminal_without_hangul_gets_escapes_and_no_traceback(run_process: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("이름,s\n1,0.5\n0,0.2\n1,0.9\n0,0.1\n", encoding="utf-8")
    for lang in ("en", "ko"):
        ended = run_process(
            "evaluate", "t.csv", "--label", "이름", "--score", "s", "--lang", lang, PYTHONIOENCODING="ascii"
        )
        assert ended.status == 0
        assert r"\uc774\ub984" in ended.out


def test_a_note_is_left_out_only_where_a_warning_has_said_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_warned", ["A warning without its cause", "fit: it did not arrive"])
    assert terminal.said_as_warning("it did not arrive")
    assert terminal.said_as_warning("The column y: it did not arrive")
    assert not terminal.said_as_warning("3 rows were left out")


def test_no_progress_bar_appears_once_the_work_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    with watch:
        pass
    monkeypatch.setattr(progress, "Progress", None)  # a bar that was made now would fail
    watch._appear()
    assert watch._bar is None


def test_in_a_pipe_results_are_plain_lines_and_notes_are_elsewhere(run_process: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    ended = run_process("evaluate", "t.csv", *EVALUATE)
    assert ended.status == 0
    assert "\x1b" not in ended.out + ended.err
    assert not set("│┃━╭") & set(ended.out)
    (line,) = [line for line in ended.out.splitlines() if line.startswith("Area under")]
    assert 0.5 < float(line.removeprefix("Area under the ROC curve (AUC)").split()[0]) < 1
    assert "positive class" in ended.err
    assert "positive class" not in ended.out


def test_the_whole_command_line_of_evaluate(run_process: Run, tmp_path: Path) -> None:
    lines = SCORED.strip().splitlines()
    more = [lines[0] + ",other,keep", *(f"{line},{k % 9},{k}" for k, line in enumerate(lines[1:]))]
    write(tmp_path, "t.csv", "\n".join(more) + "\n")
    ended = run_process(
        *("evaluate", "t.csv", *EVALUATE, "--threshold", 0.6, "--positive", "0", "--where", "keep < 30"),
        *("--compare", "other", "--cost-fp", 3, "--cost-fn", 1, "--report", "r.html", "--json", "n.json"),
    )
    assert ended.status == 0, ended.err
    assert "Paired DeLong test" in ended.out
    document = json.loads((tmp_path / "n.json").read_text())
    assert document["positive"] == "0"
    assert document["metrics"]["rows_used"] == 30
    assert document["metrics"]["threshold"] == 0.6
    assert (tmp_path / "r.html").stat().st_size > 10_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.json", "r.html", "t.csv"]


def test_korean_is_spoken_when_asked_by_option_or_variable(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    by_option = run("evaluate", "t.csv", *EVALUATE, "--lang", "ko")
    by_variable = run("evaluate", "t.csv", *EVALUATE, WORKINGS_LANG="ko")
    assert by_option == by_variable
    assert "혼동 행렬" in by_option.out
    assert by_option.status == 0


def test_standard_input_a_glob_and_a_database_are_read_alike(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    first, second = SCORED.splitlines()[:21], [SCORED.splitlines()[0], *SCORED.splitlines()[21:]]
    write(tmp_path, "part-1.tsv", "\n".join(first).replace(",", "\t"))
    write(tmp_path, "part-2.tsv", "\n".join(second).replace(",", "\t"))
    pl.read_csv(tmp_path / "t.csv").write_ipc(tmp_path / "t.arrow")
    pl.read_csv(tmp_path / "t.csv").write_ndjson(tmp_path / "t.jsonl")
    with duckdb.connect(str(tmp_path / "t.duckdb")) as connection:
        connection.execute(f"CREATE TABLE scored AS SELECT * FROM '{tmp_path}/t.csv'")
    sources = [
        ["t.csv"],
        ["part-*.tsv"],
        ["t.arrow"],
        ["t.jsonl"],
        ["-"],
        [f"duckdb:///{tmp_path}/t.duckdb", "--table", "scored"],
        [f"duckdb:///{tmp_path}/t.duckdb", "--query", "SELECT label, score FROM scored"],
    ]
    outs = [run("evaluate", *source, *EVALUATE, stdin=SCORED.encode()).out for source in sources]
    # The first table is headed by where the rows come from; all else is the same.
    after = {out[out.index("Result") :] for out in outs}
    assert len(after) == 1
    assert "Recall" in outs[0]


def test_predictions_go_through_a_pipe_as_csv(run_process: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured())
    assert run_process("fit", "t.csv", "--target", "y", "--features", "a,b", "--model", "m.json").status == 0
    ended = run_process("predict", "m.json", "-", stdin=b"a,b\n59,1\n0,2\n")
    assert ended.status == 0, ended.err
    header, *lines = ended.out.strip().splitlines()
    assert header.replace('"', "") == "a,b,prediction,probability_1"
    assert [line.split(",")[2] for line in lines] == ["1", "0"]


def test_a_fit_repeats_itself_to_the_byte(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured())
    for name in ("first", "second"):
        ended = run("fit", "t.csv", "--target", "y", "--model", f"{name}.model", "--json", f"{name}.json")
        assert ended.status == 0
    for ending in ("model", "json"):
        assert (tmp_path / f"first.{ending}").read_bytes() == (tmp_path / f"second.{ending}").read_bytes()


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured())
    assert run("fit", "t.csv", "--target", "y", "--model", "m.json").status == 0
    write(tmp_path, "many.csv", "a,b\n" + "5,1\n" * 200_000)
    command = f"'{COMMAND}' predict m.json many.csv | head -1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert ended.stdout.decode().replace('"', "").startswith("a,b,prediction")
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
)
def test_a_command_that_is_told_to_end_leaves_no_word_and_no_file(
    told: signal.Signals, status: int, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [COMMAND, "evaluate", "-", *EVALUATE, "--json", "n.json"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(SCORED.encode())
        process.stdin.flush()
        while not list(temporary.rglob("part-*")):  # the copy of what comes in
            time.sleep(0.05)
        process.send_signal(told)
        out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert (out, err) == (b"", b"")
    assert list(tmp_path.rglob("*")) == [temporary]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_ends_no_command(closed: str, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    command = f"'{COMMAND}' evaluate t.csv {' '.join(EVALUATE)} --json n.json {closed}"
    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stderr
    assert json.loads((tmp_path / "n.json").read_text())["metrics"]["auc"] > 0.5


def test_predictions_to_a_dash_are_nothing_but_the_table(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured())
    assert run("fit", "t.csv", "--target", "y", "--model", "m.json").status == 0
    ended = run("predict", "m.json", "t.csv", "-o", "-")
    assert ended.status == 0, ended.err
    assert ended.out == run("predict", "m.json", "t.csv").out
    assert len(ended.out.splitlines()) == 61


def at_a_terminal(folder: Path, columns: int, *arguments: str) -> str:
    """Run the command where a person watches, and return what that person sees."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "WORKINGS_LANG": "en"}
    process = subprocess.Popen([COMMAND, *arguments], cwd=folder, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal's other side is closed
            break
        if not part:
            break
        shown += part
    assert process.wait(timeout=60) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_at_a_terminal_tables_are_drawn(tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    assert "┃" in at_a_terminal(tmp_path, 100, "evaluate", "t.csv", *EVALUATE)


@pytest.mark.parametrize("columns", [60, 80])
def test_a_narrow_terminal_breaks_no_number_and_no_word(columns: int, tmp_path: Path) -> None:
    lines = SCORED.splitlines()
    weighted = [f"{line},{'weight' if not k else 1234567}" for k, line in enumerate(lines)]
    write(tmp_path, "t.csv", "\n".join(weighted) + "\n")
    shown = at_a_terminal(tmp_path, columns, "evaluate", "t.csv", *EVALUATE, "--weight", "weight")
    tables = [line for line in shown.splitlines() if line and line[0] in "┃│┏┡└"]
    assert max(map(cell_len, tables)) <= columns
    cells = {cell.strip() for line in tables for cell in line.strip("┃│").replace("┃", "│").split("│")}
    assert {"sensitivity", "specificity", "precision", "threshold", "TP", "TN", "2.4691e+07"} <= cells


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_demonstration_tells_the_whole_story(lang: str, run: Run, tmp_path: Path) -> None:
    ended = run("demo", "--lang", lang)
    assert ended.status == 0, ended.err
    assert "workings-demo.html" in ended.out
    report = (tmp_path / "workings-demo.html").read_text(encoding="utf-8")
    assert f'lang="{lang}"' in report
    assert "malignant" in report
    assert len(report.encode()) < 3_000_000


def test_only_what_was_evaluated_at_50_digits_is_said_to_have_been() -> None:
    from_inputs = Verification.of([LineCheck("a", "inputs"), LineCheck("b", "inputs")], 0)
    merged = Verification.of([LineCheck("a", "state"), LineCheck("b", "recount"), LineCheck("c", "inputs")], 0)
    assert equations_checked([from_inputs]).render("en") == "Checked: 2 equations, evaluated again at 50 digits."
    assert equations_checked([from_inputs, merged]).render("en") == (
        "Checked: 5 equations, evaluated again: 3 from the inputs at 50 digits, 1 from the inputs with exact integers "
        "and exactly rounded sums, 1 from the merged state."
    )
    assert "50자리" not in equations_checked([Verification.of([LineCheck("a", "state")], 0)]).render("ko")
