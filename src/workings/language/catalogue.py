"""Which language is spoken, and the catalogue that holds its sentences.

The English sentences are the keys. A catalogue is a gettext ``.po`` file beside this module, read with Babel when its
language is first asked for: there is no compiled copy that could fall behind it.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Literal

__all__ = ["LANGUAGES", "Language", "get_language", "set_language", "translations", "use_language"]

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")

_chosen: ContextVar[Language | None] = ContextVar("workings_language", default=None)
_default: Language | None = None


def get_language() -> Language:
    """Return the active language: the one in use here, else the one set, else ``WORKINGS_LANG``, else English."""
    here = _chosen.get() or _default
    if here is not None:
        return here
    asked = os.environ.get("WORKINGS_LANG", "en")[:2].lower()
    return asked if asked in LANGUAGES else "en"


def set_language(lang: Language) -> None:
    """Speak ``lang`` ("en" or "ko") from now on, in every thread of this process.

    Raises
    ------
    InputError
        If ``lang`` is neither "en" nor "ko".

    Examples
    --------
    >>> import workings as wk
    >>> wk.set_language("en")
    """
    global _default
    _default = _checked(lang)


@contextmanager
def use_language(lang: Language | None) -> Generator[None]:
    """Speak ``lang`` inside a ``with`` block (this thread or task only); None leaves the language as it is."""
    token = _chosen.set(_chosen.get() if lang is None else _checked(lang))
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def translations(lang: Language) -> Mapping[str, str]:
    """Return the catalogue of ``lang``: English sentence to translated sentence (empty for English)."""
    if lang == "en":
        return {}
    from babel.messages.pofile import read_po

    with resources.files("workings.language").joinpath(f"catalogues/{lang}.po").open("rb") as file:
        entries = read_po(file, locale=lang)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy}


def _checked(lang: str) -> Language:
    if lang not in LANGUAGES:
        from workings.errors import InputError
        from workings.language.sentence import message

        raise InputError(message('language must be "en" or "ko"; got "{lang}"', lang=lang))
    return lang
