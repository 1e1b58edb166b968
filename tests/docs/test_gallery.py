"""The gallery: all that is explained or drawn stands in it, and its pages open in a browser without complaint."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from docs.gallery.build import LANGUAGES, build
from tests.browser import OpenPage

import workings as wk
from workings.working import registry

CONTENTS = tomllib.loads((Path(__file__).parents[2] / "docs/gallery/gallery.toml").read_text(encoding="utf-8"))
PAGES, ARTICLES = CONTENTS["page"], CONTENTS["article"]


# The formulas that run out of a page as wide as a desktop's, where paper would lose them.
_CUT_OFF = """[...document.querySelectorAll('.working-formula')].filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent)"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    assert build(folder) > 500
    return folder


def shown_functions() -> set[str]:
    """Return the public functions that have a derivation or a picture; what belongs to a study has a report instead."""
    for name, room in wk._ROOMS.items():
        for file in ("explain", "plot"):
            registry._open_room(getattr(import_module(room), name), file)
    known = {*registry._explainers, *registry._plotters}
    functions = {name for name in wk.__all__ if inspect.isfunction(value := getattr(wk, name)) and value in known}
    return functions - {"evaluate", "fit", "predict"}


def test_every_function_that_is_explained_or_drawn_has_an_example() -> None:
    code = "\n".join(
        example.get("explain", "") + example.get("plot", "") for page in PAGES for example in page["example"]
    )
    assert shown_functions() <= set(re.findall(r"wk\.(\w+)", code))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["key"])
def test_every_page_opens_with_its_pictures_and_whole_formulas_and_asks_the_network_for_nothing(
    page: dict, lang: str, gallery: Path, open_page: OpenPage
) -> None:
    opened = open_page(gallery / f"{page['key']}.{lang}.html")
    drawn = sum("plot" in example for example in page["example"])
    opened.page.wait_for_function(f"document.querySelectorAll('.figure svg').length === {drawn}", timeout=60_000)
    assert opened.complaints == []
    assert opened.requests == []
    told = sum("explain" in example for example in page["example"])
    assert opened.page.locator(".working").count() == told
    assert opened.page.locator("h1").inner_text() == page[lang]
    assert opened.page.evaluate(_CUT_OFF) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_index_leads_to_every_page_and_to_every_example(lang: str, gallery: Path, open_page: OpenPage) -> None:
    opened = open_page(gallery / ("index.html" if lang == "en" else f"index.{lang}.html"))
    assert opened.page.locator("main .articles > li").count() == len(ARTICLES)
    links = opened.page.locator("main a")
    targets = [str(links.nth(place).get_attribute("href")) for place in range(links.count())]
    examples = [f"{page['key']}.{lang}.html#example-{k + 1}" for page in PAGES for k in range(len(page["example"]))]
    assert set(targets) == {*examples, *(f"{page['key']}.{lang}.html" for page in PAGES)}
    for page, _, example in (target.partition("#") for target in targets):
        assert not example or f'id="{example}"' in (gallery / page).read_text(encoding="utf-8")


def test_the_eight_articles_are_each_told_and_drawn() -> None:
    examples = {
        f"{page['key']} {k}": example["explain"] + example.get("plot", "") + example.get("setup", "")
        for page in PAGES
        for k, example in enumerate(page["example"], 1)
    }
    said = [" ".join(examples[name] for name in article["examples"]) for article in ARTICLES]
    for article, code in zip(ARTICLES, said, strict=True):
        assert "plot" in code, article["en"]
    expected = (
        ("[1, 2, 3, 4], [1, 0, -1]", "sobel_x"),
        ("2.197", "-1.386"),
        ("min_max_normalize", "z_score_normalize", "3000"),
        ("threshold_table", "roc_curve", "mango"),
        ("confusion_matrix", "mango"),
        ("x^2 + 2x + 1", "trapezoid, tpr, fpr"),
        ("gradient_descent", "LinearRegression"),
        ("y = u*v; u = x*z; v = x^2 + z",),
    )
    for words, code in zip(expected, said, strict=True):
        assert all(word in code for word in words), words
