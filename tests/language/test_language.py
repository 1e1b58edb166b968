"""Messages, the language that is spoken, and Korean particles."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.errors import InputError, WorkingsError
from workings.expression import Number
from workings.language import (
    Message,
    get_language,
    grouped,
    message,
    set_language,
    ungrouped,
    use_language,
    with_particle,
)
from workings.language import catalogue as catalogues


@pytest.fixture
def korean(monkeypatch):
    """A small catalogue, so that these tests do not hang on the wording of the real one."""
    sentences = {
        "{x} is not {y}": "{x:은/는} {y:이/가} 아니다",
        'no "{x}"': '{x:"이/가"} 없다',
        "rows": "행",
    }
    monkeypatch.setattr(catalogues, "translations", lambda lang: sentences if lang == "ko" else {})
    monkeypatch.setattr("workings.language.sentence.translations", lambda lang: sentences if lang == "ko" else {})


def test_a_message_is_rendered_when_it_is_read(korean):
    text = message("{x} is not {y}", x=3, y=message("rows"))
    assert str(text) == "3 is not rows"
    with use_language("ko"):
        assert str(text) == "3은 행이 아니다"
    assert text.render("ko") == "3은 행이 아니다"
    assert str(text) == "3 is not rows"


def test_a_sentence_without_translation_stays_english(korean):
    assert message("{x} rows more", x=2).render("ko") == "2 rows more"


def test_show_writes_the_values_and_reaches_nested_messages(korean):
    text = message("{x} is not {y}", x=3, y=message("{x} is not {y}", x=4, y=5))
    assert text.render("en", show=lambda value: f"<{value}>") == "<3> is not <4> is not <5>"


def test_a_particle_follows_what_is_read_aloud_and_not_how_it_is_written(korean):
    text = message("{x} is not {y}", x=3, y=message("rows"))
    assert text.render("ko", show=lambda value: f"<b>{value}</b>") == "<b>3</b>은 행이 아니다"


@pytest.mark.parametrize("one", [1, "1", np.int64(1), Number(1)])
def test_what_is_said_of_one_is_said_in_the_singular(one):
    text = "{count} {count:row was|rows were} read"
    assert str(message(text, count=one)) == "1 row was read"
    assert [str(message(text, count=count)) for count in (0, 2, 1001)] == [
        "0 rows were read",
        "2 rows were read",
        "1001 rows were read",
    ]


@pytest.mark.parametrize("count", [1_234_567, np.int64(1_234_567)])
def test_thousands_of_a_whole_number_are_apart_and_text_is_left_alone(count):
    text = message("{count} rows, of which {named}: y[{place}]", count=count, named="12345.csv", place="12344")
    assert str(text) == "1\u202f234\u202f567 rows, of which 12345.csv: y[12344]"
    assert text.render(show=lambda value: f"<{value}>").startswith("<1\u202f234\u202f567> rows")


@pytest.mark.parametrize(
    ("number", "apart"),
    [
        (9999, "9999"),
        (10_000, "10 000"),
        (-1_234_567, "-1 234 567"),
        ("123456.789012", "123 456.789012"),
        ("0.123456", "0.123456"),
        ("1.2346e+08", "1.2346e+08"),
        ("22/7", "22/7"),
        ("12345/67891", "12 345/67 891"),
        ("undefined", "undefined"),
    ],
)
def test_only_the_digits_before_a_point_are_apart(number, apart):
    assert grouped(number).replace("\u202f", " ") == apart
    assert ungrouped(grouped(number)) == str(number)


def test_a_power_of_ten_is_read_as_mathematics_and_typed_as_a_number():
    text = message("within {error:.3g}", error=4.26e-15)
    assert str(text) == "within 4.26e-15"
    assert text.render("en", show=str) == "within 4.26·10⁻¹⁵"
    assert text.render("ko", show=str) == "within 4.26×10⁻¹⁵"
    assert message("within {error:.3g}", error=0.5).render("en", show=str) == "within 0.5"


def test_a_value_in_quotes_takes_its_particle_behind_them(korean):
    assert message('no "{x}"', x="서울").render("ko") == '"서울"이 없다'
    assert message('no "{x}"', x=message("rows")).render("ko", show=repr) == '"행"이 없다'


def test_values_are_never_read_as_places():
    hostile = "{0.__class__} {x} %s {"
    assert str(message("column {x}", x=hostile)) == f"column {hostile}"


def test_a_place_follows_no_attribute():
    with pytest.raises(KeyError):
        Message("{x.__class__}", {"x": 1}).render()


def test_an_error_keeps_its_message_and_survives_pickling(korean):
    error = pickle.loads(pickle.dumps(InputError(message("{x} is not {y}", x=3, y=4))))
    assert isinstance(error, WorkingsError)
    assert isinstance(error, ValueError)
    assert str(error) == "3 is not 4"
    with use_language("ko"):
        assert str(error) == "3은 4가 아니다"


def test_the_environment_chooses_the_language_until_it_is_set(monkeypatch):
    monkeypatch.setattr(catalogues, "_default", None)
    monkeypatch.setenv("WORKINGS_LANG", "ko_KR.UTF-8")
    assert get_language() == "ko"
    monkeypatch.setenv("WORKINGS_LANG", "fr")
    assert get_language() == "en"
    set_language("ko")
    assert get_language() == "ko"
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(get_language).result() == "ko"


def test_use_language_ends_with_its_block_even_when_it_fails():
    before = get_language()
    with pytest.raises(RuntimeError), use_language("ko"):
        raise RuntimeError
    assert get_language() == before


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(InputError, match='"en" or "ko"; got "fr"'):
        set_language("fr")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("text", "particle", "expected"),
    [
        ("2.197", "을/를", "2.197을"),
        ("0.5", "이므로/므로", "0.5므로"),
        ("10", "을/를", "10을"),
        ("u₁", "을/를", "u₁을"),
        ("x₂", "이/가", "x₂가"),
        ("수", "이어야/여야", "수여야"),
        ("1", "이어야/여야", "1이어야"),
        ("6", "으로/로", "6으로"),
        ("7", "으로/로", "7로"),
        ("1", "으로/로", "1로"),
        ("2", "으로/로", "2로"),
        ("90.0%", "은/는", "90.0%는"),
        ("행", "이/가", "행이"),
        ("나무", "이/가", "나무가"),
        ("서울", "으로/로", "서울로"),
        ("서울", "을/를", "서울을"),
        ("AUC", "은/는", "AUC는"),
        ("column", "을/를", "column을"),
        ("number", "을/를", "number를"),
        ("mean_error", "이/가", "mean_error가"),
        ("FPR", "이/가", "FPR이"),
        ("table", "으로/로", "table로"),
        ("name", "은/는", "name은"),
        ("limit", "은/는", "limit은"),
        ("out", "은/는", "out은"),
        ("arithmetic", "은/는", "arithmetic은"),
        ("max_fpr", "을/를", "max_fpr을"),
        ("weight", "은/는", "weight는"),
        ("R²", "은/는", "R²은"),
        ("4·10⁻⁵", "으로/로", "4·10⁻⁵으로"),
        ("“값”", "과/와", "“값”과"),
        ("σ(x)", "을/를", "σ(x)를"),
        ("λ", "을/를", "λ를"),
        ("ε", "을/를", "ε을"),
        ("ℓ", "으로/로", "ℓ로"),
        ("ŷ", "은/는", "ŷ은"),
        ("y\u0302", "은/는", "y\u0302은"),
        ("x̄", "은/는", "x̄는"),
        ("n̄", "이/가", "n̄가"),
        ("", "을/를", "를"),
    ],
)
def test_a_particle_follows_the_sound(text, particle, expected):
    assert with_particle(text, particle) == expected


@given(st.text(), st.sampled_from(["을/를", "으로/로", "이다/다"]))
def test_a_particle_only_ever_adds_one_of_its_two_forms(text, particle):
    assert with_particle(text, particle)[len(text) :] in particle.split("/")


def test_a_word_can_begin_a_heading_with_a_capital(korean):
    heading = message("{rule:A}", rule=message("rows"))
    assert heading.render("en") == "Rows"
    assert heading.render("ko") == "행"
    assert str(message("{x:A}", x="")) == ""
