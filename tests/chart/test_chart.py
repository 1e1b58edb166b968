"""A picture stays small, is saved whole or not at all, writes Hangul, and needs neither network nor foreign script."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import altair as alt
import numpy as np
import pytest

from workings.chart import (
    ACCENT,
    MAX_ROWS,
    SECOND,
    SERIES,
    check_size,
    content_security_policy,
    figure_json,
    inline,
    javascript_bundle,
    offline_page,
    powers_of_ten,
    retained,
    save,
    spec,
    static_png,
    static_svg,
    theme,
    themed,
    write_whole,
)
from workings.errors import DataError, InputError
from workings.language import message

HOSTILE = "</script><img src=x onerror=alert(1)>\"'\n=1+1 한글 🎯"


def picture(title: str = "Two bars") -> alt.Chart:
    bars = alt.Chart(inline(x=[1, 2], y=[3.0, 4.0])).mark_bar().encode(x="x:O", y="y:Q")
    return themed(bars, title=title, description=f"{title}: 3 and 4 high.")


def test_numpy_numbers_become_plain_and_what_json_cannot_say_becomes_null():
    data = inline(a=np.array([1.5, np.nan, np.inf]), b=np.array([1, 2, 3]), c=np.array([True, False, True]))
    assert json.loads(json.dumps(data.values, allow_nan=False)) == [
        {"a": 1.5, "b": 1, "c": True},
        {"a": None, "b": 2, "c": False},
        {"a": None, "b": 3, "c": True},
    ]


def test_columns_of_different_length_are_refused():
    with pytest.raises(InputError, match="one length"):
        inline(a=[1], b=[1, 2])


def test_no_columns_give_no_rows():
    assert inline().values == []


def test_a_picture_of_too_many_rows_is_refused_however_they_came_in():
    with pytest.raises(InputError, match="at most 5000 rows; got 5001"):
        inline(x=range(MAX_ROWS + 1))
    values = [{"x": i} for i in range(MAX_ROWS // 2 + 1)]
    half = alt.Chart(alt.InlineData(values=values)).mark_point().encode(x="x:Q")
    other = alt.Chart(alt.InlineData(values=[{"x": -row["x"]} for row in values])).mark_point().encode(x="x:Q")
    assert check_size(half) == MAX_ROWS // 2 + 1
    with pytest.raises(InputError, match="rows"):
        themed(half | other, title="t", description="d")
    with pytest.raises(InputError, match="rows"):
        themed(half + other, title="t", description="d")


@pytest.mark.parametrize(("count", "limit"), [(0, 2), (1, 2), (2, 2), (7, 3), (100_000, 1000), (1001, 1000)])
def test_retained_indices_are_few_increasing_and_keep_both_ends(count: int, limit: int):
    kept = retained(count, limit)
    assert len(kept) == min(count, limit)
    assert (np.diff(kept) > 0).all()
    if count:
        assert kept[0] == 0
        assert kept[-1] == count - 1


def test_retaining_one_is_refused():
    with pytest.raises(InputError, match="at least 2"):
        retained(5, 1)


def test_a_themed_picture_has_a_title_and_a_text_alternative_in_the_active_language():
    chart = themed(
        alt.Chart(inline(x=[1])).mark_point().encode(x="x:Q"),
        title=message("{count} rows were read", count=7),
        subtitle="quiet",
        description=message("{count} rows were read", count=7),
    )
    content = spec(chart)
    assert content["title"] == {"text": "7 rows were read", "subtitle": "quiet"}
    assert content["description"] == "7 rows were read"
    assert content["config"] == theme()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_heading_wider_than_its_picture_goes_on_in_a_second_line(lang: str):
    words = "오른쪽부터 구한 값 " * 4 if lang == "ko" else "worked out from the right " * 3
    bars = alt.Chart(inline(x=[1])).mark_point().encode(x="x:Q")
    narrow = spec(themed(bars.properties(width=200), title=words.strip(), subtitle="quiet", description=""))["title"]
    assert " ".join(narrow["text"]) == words.strip()
    assert len(narrow["text"]) == 2
    assert narrow["subtitle"] == "quiet"
    assert (
        spec(themed(bars.properties(width=900), title=words.strip(), description=""))["title"]["text"] == words.strip()
    )
    two = alt.hconcat(bars.properties(width=200), bars.properties(width=240))
    assert len(spec(themed(two, title=words.strip(), description=""))["title"]["text"]) == 2
    assert f"<title>{words.strip()}</title>" in offline_page(
        themed(bars.properties(width=200), title=words.strip(), description="")
    )


def test_the_theme_is_one_pictures_own_and_no_global_state():
    before = alt.theme.active
    themed(alt.Chart(inline(x=[1])).mark_point(), title="t", description="d")
    assert alt.theme.active == before


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_two_main_colours_stand_out_from_paper():
    for colour in (ACCENT, SECOND):
        assert 1.05 / (luminance(colour) + 0.05) >= 3  # WCAG 2.1, 1.4.11: graphical objects


def test_neighbouring_series_colours_differ_in_a_grey_print():
    for one, other in pairwise(SERIES):
        assert abs(luminance(one) - luminance(other)) > 0.05


@pytest.mark.parametrize(
    ("ending", "magic"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!doc")]
)
def test_saving_writes_the_format_that_the_ending_names(tmp_path, ending, magic):
    path = save(picture(), tmp_path / f"picture.{ending}")
    assert path.read_bytes().startswith(magic)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["picture.gif", "picture"])
def test_another_ending_is_refused_and_leaves_nothing(tmp_path, name):
    with pytest.raises(InputError, match=r"\.html, \.svg, \.png, \.pdf"):
        save(picture(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        save(picture(), tmp_path / "nowhere" / "picture.svg")


def test_a_place_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path):
    (tmp_path / "taken.svg").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        save(picture(), tmp_path / "taken.svg")
    assert [file.name for file in tmp_path.iterdir()] == ["taken.svg"]


def test_a_file_is_replaced_whole_and_readable_by_others_as_usual(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("a longer text than the next")
    assert write_whole(path, "short").read_text() == "short"
    (tmp_path / "ordinary").touch()
    assert path.stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_hangul_is_drawn_with_a_face_that_has_it(tmp_path):
    """Three different syllables make three different images: a missing glyph would be the same box each time."""
    images = {static_png(picture(title=syllables), scale=1) for syllables in ("가", "힣", "뷁")}
    assert len(images) == 3


def test_whole_numbers_of_any_size_are_drawn():
    bars = alt.Chart(inline(x=[1, 2], y=[2**70, -(10**30)])).mark_bar().encode(x="x:O", y="y:Q")
    assert "<svg" in static_svg(bars)


def test_a_still_svg_holds_its_description():
    assert "Two bars: 3 and 4 high." in static_svg(picture())


def test_json_in_a_script_element_cannot_close_it_and_reads_back():
    text = figure_json({"title": HOSTILE, "line": "\u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"title": HOSTILE, "line": "\u2028"}


@pytest.mark.parametrize("name", [HOSTILE, "back\\slash", 'quote\\" + alert(1) + "', "line\nbreak", "\u2028"])
def test_a_title_cannot_break_the_expressions_that_vega_lite_makes_of_titles(name):
    tooltip = [alt.Tooltip("x:Q", title=name)]
    marks = alt.Chart(inline(x=[1])).mark_point().encode(x=alt.X("x:Q", title=name), tooltip=tooltip)
    assert static_svg(marks).count("<svg") == 1  # without the theme Vega-Lite describes every mark
    assert static_svg(themed(marks, title=name, description=name)).count("<svg") == 1


def test_a_number_that_json_cannot_say_is_refused_rather_than_written():
    with pytest.raises(ValueError, match="JSON"):
        figure_json({"x": float("nan")})


def test_the_bundle_can_stand_inside_a_script_element():
    bundle = javascript_bundle()
    assert "</script" not in bundle
    assert "<!--" not in bundle
    assert len(bundle) < 1_000_000


def test_the_policy_names_each_script_and_nothing_else():
    policy = content_security_policy(["one", "two"])
    assert policy.count("'sha256-") == 2
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'none'" in content_security_policy([])


@pytest.mark.browser
@pytest.mark.parametrize("title", ["Two bars", HOSTILE])
def test_a_saved_page_draws_itself_offline_and_runs_nothing_else(tmp_path, open_page, title):
    opened = open_page(save(picture(title), tmp_path / "picture.html"))
    assert opened.complaints == []
    assert opened.requests == []
    assert opened.page.locator("#chart svg").count() == 1
    assert opened.page.title() == " ".join(title.split())
    assert offline_page(picture(title)) == (tmp_path / "picture.html").read_text()


def test_control_characters_in_names_and_values_are_drawn_as_their_pictures():
    # vl-convert aborts the whole process on a text that SVG, which is XML, cannot hold.
    bars = alt.Chart(inline(x=["\x1b[31mred", "\x00\ufffe"], y=[1, 2])).mark_bar().encode(x="x:N", y="y:Q")
    drawn = static_svg(bars)
    assert "␛[31mred" in drawn
    assert "␀\ufffd" in drawn


@pytest.mark.parametrize(
    ("values", "domain", "ticks"),
    [
        ([3e-4, 0.02, 0.0, math.nan], [1e-4, 0.1], 4),
        ([1e-30, 1.0], [1e-30, 1.0], 7),
        ([5.0], [1.0, 10.0], 2),
        ([], [1.0, 10.0], 2),
    ],
)
def test_a_logarithmic_axis_holds_what_is_drawn_with_few_labels(values, domain, ticks):
    scale, axis = powers_of_ten(values)
    assert scale.domain == pytest.approx(domain)
    assert len(axis.values) == ticks
