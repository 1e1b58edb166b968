"""What cannot be traced is refused with the line that did it, and with what to write instead."""

# ruff: noqa: PLW0108 -- a lambda is what is traced, and its line what is named

from __future__ import annotations

import contextlib
import copy
import linecache
import math
import statistics
import sys
import threading
from pathlib import Path

import numba
import numpy as np
import pytest
import torch
from scipy import special

from workings.errors import FormulaError
from workings.expression.formula import formula
from workings.language import use_language

data = np.arange(6.0)
table = np.ones((6, 2))


def decides(x):
    if x > 0:
        return x
    return -x


def decides_twice(x):
    return x if 0 < x < 1 and x != 2 else -x


def takes_a_float(x):
    return 2 * float(x)


def counts(x):
    return np.sum(data) / len(x)


def writes(x):
    out = np.zeros(3)
    out[0] = x
    return out


def adds_in_place(x):
    total = np.zeros(6)
    total += x * data
    return total


def called_from_elsewhere(x):
    return statistics.fmean([x, x])


@pytest.mark.parametrize(
    ("function", "code", "instead"),
    [
        (decides, "x > 0", "np.where"),
        (decides_twice, "0 < x < 1", "(a < b) & (b < c)"),
        (takes_a_float, "float(x)", "the value as it is"),
        (counts, "len(x)", "np.mean"),
        (writes, "out[0] = x", "one formula for each element"),
        (adds_in_place, "total += x * data", "x = x + ..."),
        (called_from_elsewhere, "statistics.fmean([x, x])", "NumPy"),
        (lambda x: math.sin(x), "math.sin(x)", "try np.sin"),
        (lambda x: math.atan2(x, 1), "math.atan2(x, 1)", "try np.arctan2"),
        (lambda x: math.lgamma(x), "math.lgamma(x)", "try scipy.special.gammaln"),
        (lambda x: math.pow(x, 2), "math.pow(x, 2)", "try np.power"),
        (lambda x: math.floor(x), "math.floor(x)", "NumPy"),
        (lambda x: round(x, 2), "round(x, 2)", "NumPy"),
        (lambda x: int(x), "int(x)", "the value as it is"),
        (lambda x: complex(x), "complex(x)", "the value as it is"),
        (lambda x: range(x), "range(x)", "the value as it is"),
        (lambda x: max(x, 0), "max(x, 0)", "try np.maximum(a, b)"),
        (lambda x: min(0, x), "min(0, x)", "try np.minimum(a, b)"),
        (lambda x: not x, "x", "~ for and, or, not"),
        (lambda x: [v for v in x], "", "np.sum"),  # noqa: C416 -- this is the fault
        (lambda x: x[0], "x[0]", "np.sum"),
        (lambda x: 1 in x, "1 in x", "np.sum"),
        (lambda x: {x: 1}, "x", "its name"),
        (lambda x: x // 2, "x // 2", "try /"),
        (lambda x: 7 % x, "7 % x", "try /"),
        (lambda x: divmod(x, 2), "divmod(x, 2)", "try /"),
        (lambda x: x ^ 2, "x ^ 2", "try **"),
        (lambda x: x & 1, "x & 1", "(a < b) & (b < c)"),
        (lambda x: ~x, "~x", "(a < b) & (b < c)"),
        (lambda x: x + "1", 'x + "1"', "numbers, NumPy arrays"),
        (lambda x: x + 1j, "x + 1j", "real numbers"),
        (lambda x: x * formula("t"), 'x * formula("t")', "try f(x)"),
        (lambda x: np.bitwise_and(x, 1), "np.bitwise_and(x, 1)", "(a < b) & (b < c)"),
        (lambda x: x * None, "x * None", "real numbers"),
        (lambda x: x * table, "x * table", "X.T"),
        (lambda x: np.array([x, 1]), "np.array([x, 1])", "the terms one by one"),
        (lambda x: np.sum([x, x]), "np.sum([x, x])", "the terms one by one"),
        (lambda x: np.float64(x), "np.float64(x)", "NumPy"),
        (lambda x: np.floor(x), "np.floor(x)", "np.floor is not"),
        (lambda x: np.hypot(x, 1), "np.hypot(x, 1)", "np.sqrt(x**2 + z**2)"),
        (lambda x: np.max(x), "np.max(x)", "np.maximum(a, b)"),
        (lambda x: np.fft.fft(x), "np.fft.fft(x)", "np.fft.fft is not"),
        (lambda x: np.add.accumulate(x), "np.add.accumulate(x)", "np.add.accumulate is not"),
        (lambda x: special.jv(1, x), "special.jv(1, x)", "jv is not"),
        (lambda x: np.where(x > 0), "np.where(x > 0)", "np.where(condition, a, b)"),
        (lambda x: np.log(x, where=x > 0), "np.log(x, where=x > 0)", "without where"),
        (lambda x: np.exp(x, dtype=np.float32), "np.exp(x, dtype=np.float32)", "without dtype"),
        (lambda x: np.sum(x * data, axis=1), "np.sum(x * data, axis=1)", "without axis"),
        (lambda x: np.mean(x * data, keepdims=True), "np.mean(x * data, keepdims=True)", "without keepdims"),
        (lambda x: np.var(x * data, ddof=1), "np.var(x * data, ddof=1)", "without ddof"),
        (lambda x: np.sum(x), "np.sum(x)", 'rows=("x", "y")'),
        (lambda x: x.mean(), "x.mean()", 'rows=("x", "y")'),
        (lambda x: x.astype(float), "x.astype", "NumPy's functions"),
        (lambda x: x * data + np.arange(3.0), "x * data + np.arange(3.0)", "columns of the same table"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_what_cannot_be_traced_is_named_with_its_line_and_its_cure(function, code, instead):
    with pytest.raises(FormulaError) as caught:
        formula(function)
    text = str(caught.value)
    first, last = function.__code__.co_firstlineno, max(line or 0 for *_, line in function.__code__.co_lines())
    assert f'File "{Path(__file__).relative_to(Path.cwd())}", line ' in text
    assert first <= int(text.rpartition(", line ")[2].split("\n")[0]) <= last
    assert code in text
    assert instead in text


def test_the_line_is_shown_with_a_mark_under_the_expression():
    with pytest.raises(FormulaError) as caught:
        formula(decides)
    assert str(caught.value).splitlines()[-2:] == ["    if x > 0:", "       ^^^^^"]


def test_the_mark_stands_right_after_wide_letters(tmp_path):
    source = tmp_path / "넓은.py"
    source.write_text("def f(값):\n    return '가나다', 값 > 1 and 값\n", encoding="utf-8")
    names: dict[str, object] = {}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), names)
    with pytest.raises(FormulaError) as caught:
        formula(names["f"])
    shown, mark = str(caught.value).splitlines()[-2:]
    assert shown == "    return '가나다', 값 > 1 and 값"
    assert mark.startswith("    " + " " * len("return '가나다', ") + " " * 3 + "^")


def test_a_line_in_a_function_called_by_another_is_the_one_that_is_named():
    def inner(t):
        return math.cos(t)

    with pytest.raises(FormulaError, match=r"math\.cos\(t\)") as caught:
        formula(lambda x: inner(2 * x))
    assert f"line {inner.__code__.co_firstlineno + 1}" in str(caught.value)


def test_code_without_source_is_refused_with_its_line_number():
    names: dict[str, object] = {}
    exec("def f(x):\n    y = x + 1\n    return float(y)\n", names)
    with pytest.raises(FormulaError, match=r"float\(\) cannot be taken") as caught:
        formula(names["f"])
    assert str(caught.value).endswith('File "<string>", line 3')
    with pytest.raises(FormulaError, match=r"math takes only floats|no number yet"):
        formula(eval("lambda x: math.sin(x)", {"math": math}))


def test_a_cell_of_a_notebook_shows_its_line():
    source = "def f(x):\n    return x if x > 1 else 0\n"
    name = "<ipython-input-3-abcdef>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names: dict[str, object] = {}
    exec(compile(source, name, "exec"), names)
    with pytest.raises(FormulaError) as caught:
        formula(names["f"])
    assert f'File "{name}", line 2\n    return x if x > 1 else 0\n                ^^^^^' in str(caught.value)


def test_a_long_line_shows_only_its_expression(tmp_path):
    source = tmp_path / "long.py"
    source.write_text(f"f = lambda x: {' + '.join(['x'] * 50)} + float(x)\n")
    names: dict[str, object] = {}
    exec(compile(source.read_text(), str(source), "exec"), names)
    with pytest.raises(FormulaError) as caught:
        formula(names["f"])
    assert str(caught.value).endswith("line 1\n    float(x)")


def test_functions_of_math_are_refused_themselves():
    with pytest.raises(FormulaError, match=r"got formula\(math\.sin\); try np\.sin"):
        formula(math.sin)
    with pytest.raises(FormulaError, match=r"try np\.arctan2"):
        formula(math.atan2)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda *args: args[0], r"got \*args; try lambda x, z"),
        (lambda **named: named["x"], r"got \*\*named; try lambda x, z"),
        (lambda x: (x, 2 * x), "got tuple of 2; try one formula for each"),
        (lambda x: {"a": x}, "got dict of 1; try one formula for each"),
        (lambda x: None, "got None; try adding return"),
        (lambda x: "x", "real numbers and columns; got str"),
        (max, r"must say what its arguments are; got max, which does not; try lambda x: max\(x\)"),
    ],
)
def test_what_a_function_takes_and_returns_is_checked(function, text):
    with pytest.raises(FormulaError, match=text):
        formula(function)


def test_mistakes_that_have_nothing_to_do_with_tracing_are_left_alone():
    def broken(x):
        return x + undefined_name  # noqa: F821 -- the mistake

    with pytest.raises(NameError, match="undefined_name"):
        formula(broken)
    with pytest.raises(TypeError, match="missing 1 required positional"):
        formula(lambda x: decides())
    with pytest.raises(ZeroDivisionError):
        formula(lambda x: x + 1 / 0)


def test_a_value_that_leaves_its_function_is_refused():
    kept = []
    formula(lambda x: kept.append(x) or x)
    with pytest.raises(FormulaError, match="must stay inside its function"):
        formula(lambda x: x + kept[0])
    with pytest.raises(FormulaError, match="must stay inside its function"):
        kept[0] + 1


def test_a_value_of_another_thread_is_refused():
    errors = []

    def inner(x):
        def run():
            try:
                formula(lambda z: x * z)
            except FormulaError as error:
                errors.append(str(error))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return x

    formula(inner)
    assert len(errors) == 1
    assert "must stay inside its function" in errors[0]


def test_a_refusal_that_the_function_catches_is_raised_all_the_same():
    def guarded(x):
        try:
            return math.log(x)
        except ValueError:
            return -math.inf

    with pytest.raises(FormulaError, match=r"got math\.log\(x\); try np\.log"):
        formula(guarded)

    def probing(x):
        with contextlib.suppress(TypeError, ValueError):
            x = float(x)
        return 2 * x

    with pytest.raises(FormulaError, match=r"got float\(x\)"):
        formula(lambda z: formula(lambda t: t)(probing(z)))
    assert formula(lambda x: 2 * x)(3) == 6


def test_functions_of_other_libraries_are_refused_with_their_reason():
    compiled = numba.njit(lambda x: x + 1)
    for function, code in [
        (lambda x: torch.sin(x), "torch.sin(x)"),
        (lambda x: compiled(x), "compiled(x)"),
        (lambda x: f"{x:.3f}", 'f"{x:.3f}"'),
    ]:
        with pytest.raises(FormulaError, match="this cannot be traced") as caught:
            formula(function)
        assert f"got {code} (" in str(caught.value)


def test_traced_values_can_be_printed_and_copied_on_the_way(capsys):
    def f(x):
        print(x + 1, repr(2 * x), f"{x}")
        return copy.copy(x)

    formula(f)
    assert capsys.readouterr().out == "x + 1 <traced 2·x> x\n"


def test_refusals_speak_korean():
    with pytest.raises(FormulaError) as caught:
        formula(decides)
    english = str(caught.value)
    with use_language("ko"):
        korean = str(caught.value)
    assert korean.splitlines()[1:] == english.splitlines()[1:]


@pytest.mark.skipif(sys.flags.optimize > 1, reason="needs positions")
def test_code_without_columns_shows_its_line(monkeypatch):
    names: dict[str, object] = {}
    code = compile("def f(x):\n    return float(x)\n", "<nowhere>", "exec")
    function = code.co_consts[0]
    exec(code.replace(co_consts=(function.replace(co_linetable=b""), *code.co_consts[1:])), names)
    with pytest.raises(FormulaError, match=r"float\(\) cannot be taken"):
        formula(names["f"])
