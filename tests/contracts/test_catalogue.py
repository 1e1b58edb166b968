"""Every sentence is said in both languages, with the same values in it."""

from __future__ import annotations

import re
import string

from workings.language.korean import PARTICLES

from .sentences import korean, said

HANGUL = re.compile("[가-힣]")


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_its_korean():
    translated = {entry.id for entry in korean() if entry.id and entry.string and not entry.fuzzy}
    missing = {sentence: where[0] for sentence, where in said().items() if sentence not in translated}
    assert not missing


def test_no_korean_is_kept_for_a_sentence_that_is_no_longer_said():
    assert {entry.id for entry in korean() if entry.id} <= set(said())


def test_a_translation_uses_the_values_of_its_sentence():
    assert not {e.id: e.string for e in korean() if e.id and places(e.string) != places(e.id)}


def test_formats_in_a_translation_are_particles_or_those_of_the_sentence():
    for entry in korean():
        if entry.id:
            ours = {spec for _, _, spec, _ in string.Formatter().parse(entry.id) if spec}
            theirs = {spec for _, _, spec, _ in string.Formatter().parse(entry.string) if spec}
            assert {spec.strip('"') for spec in theirs - ours} <= set(PARTICLES), entry.id


def test_a_translation_is_in_the_plain_style():
    polite = re.compile(r"((?<!필)요|(?<!아)니다|십시오)[.!?]?$")
    assert not [e.string for e in korean() if e.id and polite.search(e.string.strip())]


def test_a_translation_is_written_as_korean_books_are():
    # No space before % or an opening parenthesis (but that of a tuple or a formula), particles chosen by their sound,
    # no semicolon, no double space; and Hangul wherever the English has a word.
    slips = re.compile(r"[\d}] %|[가-힣] \((?!\w+(,| [-+]) )|을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로|;|  ")
    assert not [e.string for e in korean() if e.id and slips.search(e.string)]
    said_in_words = [e for e in korean() if e.id and re.search("[a-z]{4}", re.sub(r"{.*?}", "", e.id))]
    assert not [e.string for e in said_in_words if e.string and not HANGUL.search(e.string) and e.string != e.id]
