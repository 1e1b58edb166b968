"""What goes against the grammar is refused with its column, what was expected, and what to try."""

from __future__ import annotations

import pickle

import pytest

from workings.errors import FormulaError
from workings.expression.reading import parse
from workings.language import use_language

VALUE = "a number, a name, a function or a parenthesis"

ERRORS = [
    # what should be a value
    ("* 2", 1, f'text must begin with {VALUE}; got "*"'),
    ("=2", 1, f'text must begin with {VALUE}; got "="'),
    ("1 +", 4, f'"+" must be followed by {VALUE}; got the end of the text'),
    ("x^2^", 5, f'"^" must be followed by {VALUE}; got the end of the text'),
    ("2 * / 3", 5, f'"*" must be followed by {VALUE}; got "/"'),
    ("()", 2, f'"(" must be followed by {VALUE}; got ")"'),
    ("sin()", 5, f'"(" must be followed by {VALUE}; got ")"'),
    ("max(a,)", 7, f'"," must be followed by {VALUE}; got ")"'),
    ("1 // 2", 4, f'"/" must be followed by {VALUE}; got "/"'),
    ("x; * 2", 4, f'";" must be followed by {VALUE}; got "*"'),
    ("(a if x < 1)", 12, 'an operator must follow "1"; got ")"'),
    # what should be an operator
    ("x 2", 3, 'an operator must stand between "x" and "2" at column 3; try x*2 or x^2'),
    ("1 2", 3, "try 1*2 or 1^2"),
    ("1.5.2", 4, 'between "1.5" and ".2"'),
    ("(x)2", 4, 'between ")" and "2"'),
    ("x²3", 3, 'between "²" and "3"'),
    ("1,5", 2, "a comma must stand between the arguments of a function; got one at column 2; try a point"),
    ("(1, 2)", 3, "a comma must stand between the arguments of a function"),
    ("where(a < b < c, 1, 2)", 13, "a comparison must have two sides; got a third from column 13; try a < b and b < c"),
    ("√x^2", 3, 'a power of a power or of a root must have parentheses; got "^"'),
    ("x²^3", 3, 'must have parentheses; got "^"'),
    ("2^x²³^y", 6, "try (x^2)^3"),
    ("x + 1 = 2", 7, 'a name alone must stand before "=", as in y = x^2; got more before column 7'),
    ("y = a = b", 7, "try where(a == b, 1, 0) for a comparison"),
    ("2x = 1", 4, "got more before column 4"),
    # brackets
    (")", 1, '")" at column 1 closes nothing'),
    ("x + 1)", 6, '")" at column 6 closes nothing'),
    ("sin(x", 4, '"(" at column 4 must be closed by ")"; got none'),
    ("((x)", 1, '"(" at column 1 must be closed by ")"'),
    ("|x", 1, '"|" at column 1 must be closed by "|"'),
    ("[x < 1", 1, '"[" at column 1 must be closed by "]"'),
    ("(x]", 3, '"(" must be closed by ")"; got "]" at column 3'),
    ("|x)", 3, '"|" must be closed by "|"; got ")"'),
    ("f = (x; y = 2", 5, '"(" at column 5 must be closed by ")"; got none'),
    ("x + `abc", 5, "a back-tick must be closed by another behind a name; got one at column 5"),
    # functions
    ("sen(x)", 1, "sen at column 1 is not a function; did you mean sin, or a product, sen*(x)?"),
    ("1 + Sin(x)", 5, "did you mean sin"),
    ("sigmod(x)", 1, "did you mean sigmoid"),
    ("arcsinus(x)", 1, "did you mean arcsin"),
    ("x(y + 1)", 1, "x at column 1 is not a function; did you mean x*(y + 1)?"),
    ("2x (y+1)", 2, "did you mean x*(y+1)?"),
    ("f'(x)", 1, "f' at column 1 is not a function"),
    ("π(r)", 1, "did you mean π*(r)?"),
    ("`mean radius`(2)", 1, "`mean radius` at column 1 is not a function; did you mean `mean radius`*(2)?"),
    ("k(((a + b)*(c + d))^2 + (x + y + z)^3 + 12)", 1, "did you mean k*(...)?"),
    ("sin x", 1, "sin at column 1 is a function and must have parentheses; try sin(x), or `sin` where it is a name"),
    ("sin 2x", 1, "try sin(2x),"),
    ("cos + 1", 1, "try cos(x),"),
    ("sin^2(x)", 1, "try sin(x)^2"),
    ("sin²(x)", 1, "try sin(x)²"),
    ("1 + ln", 5, "try ln(x)"),
    ("sin^3(2x + 1)", 1, "try sin(2x + 1)^3"),
    ("sin² x", 1, "try sin(x)²"),
    ("tan⁻¹(x)", 1, "try atan(x),"),
    ("log⁻¹(x)", 1, "try log(x)⁻¹"),
    ("f(x) = x^2", 1, "a definition must have no arguments; got f(x) at column 1; try f = ..."),
    ("y = f(2); f(a, b) = a*b", 5, "f at column 5 is not a function"),
    ("if(x < 1, 2, 3)", 1, "a choice must be written where(condition, a, b)"),
    ("1 if x < 1 else 2", 3, 'got "if" at column 3'),
    ("(1 else 2)", 4, 'got "else" at column 4'),
    ("sin(x, y)", 1, "sin at column 1 must be written sin(a); arguments given: 2"),
    ("where(x, 1)", 1, "where at column 1 must be written where(a, b, c); arguments given: 2"),
    ("1 + max(a)", 5, "max at column 5 must be written max(a, b)"),
    # conditions and values
    ("x < 2", 1, "a value must stand at column 1; got a condition, x < 2; try where(x < 2, 1, 0)"),
    ("1 + (x<2)", 6, "a value must stand at column 6; got a condition"),
    ("not x", 5, "a value must stand at column 5; got a condition, ¬x"),
    ("exp(a and b)", 5, "got a condition, a ∧ b"),
    ("where(x + 1, 1, 2)", 7, "a condition must stand at column 7; got a value, x + 1; try x + 1 ≠ 0"),
    ("where((a<b)<c, 1, 2)", 8, "a value must stand"),
    ("int(2.5)", 5, "a condition must stand at column 5"),
    ("[x]*2 + [x + 1]", 10, "a condition must stand at column 10"),
    ("y = x > 0", 5, "a value must stand at column 5"),
    # characters
    ("x @ y", 3, '"@" at column 3 has no meaning in a formula; try back-ticks'),
    ("x & y", 3, "try and"),
    ("x!", 2, '"!" at column 2 has no meaning'),
    ("50% * x", 3, "try /100"),
    ("a.b", 2, '"." at column 2 has no meaning'),
    ("x[1]", 3, "a condition must stand at column 3"),
    ("__import__('os')", 1, '"_" at column 1 has no meaning'),
    ("x½", 2, "try 1/2"),
    ("xⁿ", 2, "try ^n"),
    ("٣x", 1, "ARABIC-INDIC DIGIT THREE"),
    ("x ∈ y", 3, "U+2208 ELEMENT OF"),
    ("2ах", 2, "column 2 holds а (U+0430 CYRILLIC SMALL LETTER A), which only looks like a; try a"),
    ("xㆍy", 2, "which only looks like ·"),
    ("x\u202ey", 2, "text must hold no invisible characters; got U+202E RIGHT-TO-LEFT OVERRIDE at column 2"),
    ("x\x00", 2, "no invisible characters; got U+0000"),
    ("x\ud800", 2, "no invisible characters; got U+D800"),
    ("`a\u200fb`", 3, "RIGHT-TO-LEFT MARK"),
    ("`a\nb`", 3, "no invisible characters; got U+000A"),
    ("x\ufeff", 2, "no invisible characters"),
    ("x\u200b", 2, "ZERO WIDTH SPACE"),
    ("x + \u3164", 5, "no invisible characters; got U+3164 HANGUL FILLER"),
    ("x\ufe0f", 2, "U+FE0F VARIATION SELECTOR-16"),
    ("`a\u2028b`", 3, "U+2028 LINE SEPARATOR"),
    # several
    ("x + 1; y", 1, "of several expressions each must have a name"),
    ("u = x; u + 1", 8, "each must have a name"),
    ("x + 1\ny + 2", 1, "each must have a name"),
]


@pytest.mark.parametrize(("text", "column", "words"), ERRORS, ids=[ascii(text) for text, _, _ in ERRORS])
def test_an_error_says_where_and_what(text, column, words):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert words in str(error.text)
    assert error.column == column
    assert "{" not in str(error)
    sentence, line, mark = str(error).splitlines()
    assert sentence == str(error.text)
    assert mark.endswith("^")
    assert line.startswith("  ")


def test_the_mark_stands_below_the_place():
    with pytest.raises(FormulaError) as caught:
        parse("재현율 + * 2")
    assert str(caught.value).splitlines()[1:] == ["  재현율 + * 2", "           ^"]


def test_a_long_line_is_shown_around_the_place():
    text = "x + " * 500 + "* 2" + " + x" * 100
    with pytest.raises(FormulaError) as caught:
        parse(text)
    _, line, mark = str(caught.value).splitlines()
    assert caught.value.column == 2001
    assert len(line) < 140
    assert line[len(mark) - 1 :].startswith("* 2 + x")
    assert line.startswith("  … ")
    assert line.endswith(" …")


@pytest.mark.parametrize(
    "text",
    [
        f"where({'+'.join(['x'] * 900)}, 1, 0)",
        f"1 + ({'+'.join(['x'] * 900)} < y)",
        f"{'x' * 4000}(2)",
        f"{'x' * 2000} = 1; {'x' * 2000} = 2",
        f"{'x' * 2000} = {'x' * 2000}",
        f"2 {'3' * 4000}",
        "x(" + "y" * 4000 + ")",
        "sin " + "y" * 4000,
    ],
)
def test_an_error_repeats_no_long_text(text):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert len(str(caught.value)) < 500


def test_an_error_in_a_later_line_has_its_line_and_its_column():
    with pytest.raises(FormulaError) as caught:
        parse("y = u*v\nu = x*z\nv = x^^2")
    error = caught.value
    assert (error.line, error.column) == (3, 7)
    assert "at column 7" in str(error.text)
    assert str(error).splitlines()[1] == "  v = x^^2"


def test_what_cannot_be_seen_is_shown_by_a_stand_in():
    with pytest.raises(FormulaError) as caught:
        parse("a\u202e + b")
    assert "\u202e" not in str(caught.value)
    assert str(caught.value).splitlines()[1] == "  a� + b"


def test_an_error_survives_being_sent_to_another_process():
    with pytest.raises(FormulaError) as caught:
        parse("1 +")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert (again.line, again.column, again.picture) == (1, 4, caught.value.picture)


def test_an_error_speaks_the_readers_language():
    with pytest.raises(FormulaError) as caught, use_language("ko"):
        parse("1 +")
    with use_language("ko"):
        korean = str(caught.value)
    assert korean.splitlines()[1:] == str(caught.value).splitlines()[1:]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t "])
def test_nothing_is_no_formula(text):
    with pytest.raises(FormulaError, match=r"must hold a formula such as x\^2 \+ 1"):
        parse(text)


@pytest.mark.parametrize("text", [None, 1, b"x", ["x"]])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(FormulaError, match="text must be text; got "):
        parse(text)


@pytest.mark.parametrize("text", [";", ";;", ";\n;"])
def test_separators_alone_are_no_formula(text):
    with pytest.raises(FormulaError):
        parse(text)
