"""The report: one HTML file that needs nothing else, in which every number opens into its derivation."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from workings.chart import content_security_policy, embed_script, figure_json, javascript_bundle, write_whole
from workings.language import Language, Message, get_language, use_language
from workings.study import numerals
from workings.study.sections import Page
from workings.working.render_html import STYLE

if TYPE_CHECKING:
    from workings.study.results import Study

__all__ = ["render_report", "write_report"]


def write_report(
    study: Study, path: str | PathLike[str], lang: Language | None = None, *, stamp: str | None = None
) -> Path:
    """Write the report of a study, whole or not at all, and return its path.

    Parameters
    ----------
    study
        What :func:`~workings.study.evaluate` or :func:`~workings.study.fit` found out.
    path
        Where to write the one HTML file.
    lang
        "en" or "ko"; the active language by default.
    stamp
        A line for the page's foot, such as a date. Without one, the same study gives the same file to the byte.

    Raises
    ------
    WorkingError
        If a line of a working does not verify, or a number has no line. Nothing is written then.
    DataError
        If the folder does not exist or cannot be written.
    """
    return write_whole(path, render_report(study, lang, stamp=stamp))


def render_report(study: Study, lang: Language | None = None, *, stamp: str | None = None) -> str:
    """Return the report as HTML; see :func:`write_report`."""
    with use_language(lang):
        page = Page(study)
        bundle, script = (javascript_bundle(), embed_script()) if page.figures else ("", "")
        scripts = [text for text in (bundle, script) if text]
        template = _environment().get_template("report.html")
        return template.render(
            say=_say,
            page=page,
            study=study,
            lang=get_language(),
            stamp=stamp,
            version=version("workings"),
            style=STYLE + _template_text("report.css"),
            scripts=scripts,
            policy=content_security_policy(scripts),
        )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("workings.study", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": numerals.count,
        "fixed": numerals.fixed,
        "plain": numerals.plain,
        "raised": numerals.raised,
        "json": figure_json,
    }
    return environment


def _say(sentence: str, /, **values: Any) -> str:
    """Render a sentence of the template; as text, so that Jinja escapes whatever stood in its places."""
    return str(Message(sentence, values))


def _template_text(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None  # noqa: S101 - set four lines above
    return environment.loader.get_source(environment, name)[0]
