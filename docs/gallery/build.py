"""From ``gallery.toml`` to a folder of pages: each example is run, its working verified, its picture drawn.

Every page stands alone: its mathematics is MathML, its pictures and their sliders are inside it, and it loads nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from scipy import stats

import workings as wk
from workings.chart.embed import content_security_policy, embed_script, figure_json, javascript_bundle
from workings.chart.save import spec
from workings.language import use_language
from workings.working import Working

__all__ = ["LANGUAGES", "build", "examples"]

LANGUAGES = {"en": "English", "ko": "한국어"}
_HERE = Path(__file__).parent
_TITLES = {"en": "Workings: the gallery", "ko": "Workings: 풀이와 그림 모음"}
_LEADS = {
    "en": "Every subject with its derivation, each line evaluated again at fifty digits, and its picture. What stands "
    "in grey is the Python that made it.",
    "ko": "주제마다 풀이와 그림이 있다. 풀이의 모든 줄은 유효숫자 50자리로 다시 계산해 검산했다. "
    "회색으로 적은 것은 그것을 만든 파이썬 코드이다.",
}


_ARTICLES = {"en": "The eight articles that Workings grew from", "ko": "Workings의 바탕이 된 글 여덟 편"}
_ALL = {"en": "Everything, subject by subject", "ko": "주제별 전체 목록"}


@dataclass(frozen=True)
class Example:
    """One example: its title in each language, the Python that is shown, and what that gives."""

    titles: dict[str, str]
    code: str
    working: Working | None
    picture: Any


def examples(page: dict[str, Any]) -> list[Example]:
    """Run the examples of one page of ``gallery.toml``."""
    found: list[Example] = []
    for entry in page["example"]:
        known: dict[str, Any] = {"wk": wk, "np": np, "stats": stats}
        exec(entry.get("setup", ""), known)  # noqa: S102 - our own examples, which the page shows
        made = {name: eval(entry[name], known) if name in entry else None  # noqa: S307 - likewise
                for name in ("explain", "plot")}  # fmt: skip
        code = "\n".join(entry[name].strip() for name in ("setup", "explain", "plot") if name in entry)
        found.append(Example({lang: entry[lang] for lang in LANGUAGES}, code, made["explain"], made["plot"]))
    return found


def build(folder: Path) -> int:
    """Write every page in both languages, and an index; return how many lines and cells were verified."""
    contents = tomllib.loads((_HERE / "gallery.toml").read_text(encoding="utf-8"))
    pages = contents["page"]
    folder.mkdir(parents=True, exist_ok=True)
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    scripts = [javascript_bundle(), embed_script()]
    shared = {
        "languages": LANGUAGES,
        "style": (_HERE / "gallery.css").read_text(encoding="utf-8"),
        "scripts": scripts,
        "policy": content_security_policy(scripts),
        "pages": pages,
    }
    checked = 0
    for page in pages:
        for lang in LANGUAGES:
            # Run anew for each language: titles of pictures are said when they are drawn.
            with use_language(lang):
                shown = [_shown(example, lang) for example in examples(page)]
            text = templates.get_template("page.html").render(shared, lang=lang, page=page, examples=shown)
            (folder / f"{page['key']}.{lang}.html").write_text(text, encoding="utf-8")
            checked += sum(example["checked"] for example in shown) if lang == "en" else 0
    for lang in LANGUAGES:
        text = templates.get_template("index.html").render(
            shared,
            lang=lang,
            title=_TITLES[lang],
            lead=_LEADS[lang],
            articles_title=_ARTICLES[lang],
            articles=[_article(entry, pages, lang) for entry in contents["article"]],
            all_title=_ALL[lang],
        )
        (folder / ("index.html" if lang == "en" else f"index.{lang}.html")).write_text(text, encoding="utf-8")
    return checked


def _article(entry: dict[str, Any], pages: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    """Return an article's title, and of each of its examples the title and the place."""
    found: list[dict[str, str]] = []
    for name in entry["examples"]:
        key, number = name.split()
        page = next(page for page in pages if page["key"] == key)
        title = page["example"][int(number) - 1][lang]
        found.append({"title": title, "place": f"{key}.{lang}.html#example-{number}"})
    return {"title": entry[lang], "examples": found}


def _shown(example: Example, lang: str) -> dict[str, Any]:
    working, picture = example.working, example.picture
    return {
        "title": example.titles[lang],
        "code": example.code,
        "working": None if working is None else working.to_html("ko" if lang == "ko" else "en"),
        "figure": None if picture is None else figure_json(content := spec(picture)),
        "alt": "" if picture is None else str(content.get("description", "")),
        "checked": 0 if working is None else working.verification.equations + working.verification.cells,
    }
