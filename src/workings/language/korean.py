"""Korean particles, chosen by the sound in which a word, a number or a symbol ends."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["PARTICLES", "particle_after", "with_particle"]

# The form after a final consonant and the form after a vowel.
PARTICLES: dict[str, tuple[str, str]] = {
    "을/를": ("을", "를"),
    "이/가": ("이", "가"),
    "은/는": ("은", "는"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
    "이다/다": ("이다", "다"),
    "이면/면": ("이면", "면"),
    "이고/고": ("이고", "고"),
    "이므로/므로": ("이므로", "므로"),
    "이라/라": ("이라", "라"),
    "이어야/여야": ("이어야", "여야"),
}

# How digits and letters are read aloud: 영 일 이 삼 사 오 육 칠 팔 구; of the Latin letters 엘 엠 엔 알 end in a
# consonant, of the Greek ones 엡실론, 오미크론 and 입실론. A hat is read 햇, a bar 바.
_DIGIT_ENDS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
_LETTER_ENDS = {"l": "ㄹ", "ℓ": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ", "ε": "ㄴ", "ϵ": "ㄴ", "ο": "ㄴ", "υ": "ㄴ"}
_MARK_ENDS = {"\u0302": "ㅅ", "\u0304": ""}  # ŷ is read 와이 햇, x̄ 엑스 바
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"  # R² is read 알 제곱, 10⁻⁵ 십의 마이너스 오 제곱
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS, _FINAL_RIEUL = 0xAC00, 0xD7A3, 28, 8
# How an English word ends in Hangul, where its last letter does not tell: 넘버, 테이블, 네임, 스트링, 리밋, 아웃, 로직.
# A word without a vowel is spelt, and ends as its last letter does: fpr is 에프피알.
_WORD = re.compile(r"[A-Za-z]{2,}$")
_WORD_ENDS = (
    (re.compile(r"[aeiouy][a-z]*r$"), ""),
    (re.compile(r"[a-z]le$"), "ㄹ"),
    (re.compile(r"[a-z](me|ne|ng)$"), "받침"),
    (re.compile(r"((^|[^aeiou])[aeiou](p|t|ck)|out|ic)$"), "받침"),
)


def with_particle(text: str, particle: str) -> str:
    """Return ``text`` followed by the form of ``particle`` that its last sound asks for.

    Parameters
    ----------
    text
        Hangul, digits, Latin letters or symbols; closing quotes and brackets at the end are passed over.
    particle
        A key of ``PARTICLES``, such as "을/를".

    Examples
    --------
    >>> with_particle("2.197", "을/를"), with_particle("0.5", "을/를"), with_particle("서울", "으로/로")
    ('2.197을', '0.5를', '서울로')
    """
    return text + particle_after(text, particle)


def particle_after(text: str, particle: str) -> str:
    """Return the form of ``particle`` that follows ``text``.

    Examples
    --------
    >>> particle_after("행렬", "을/를"), particle_after('"표"', "을/를")
    ('을', '를')
    """
    after_consonant, after_vowel = PARTICLES[particle]
    end = _final_sound(text)
    return after_vowel if end == "" or (end == "ㄹ" and particle == "으로/로") else after_consonant


def _final_sound(text: str) -> str:
    """Return the final consonant of the last thing read aloud in ``text``: "" for a vowel, "ㄹ" apart, else any."""
    for place in range(len(text) - 1, -1, -1):
        character = text[place]
        if character in _SUPERSCRIPTS:
            return "받침"
        if (mark := unicodedata.normalize("NFD", character)[-1]) in _MARK_ENDS:
            return _MARK_ENDS[mark]
        if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE:
            final = (ord(character) - _FIRST_SYLLABLE) % _FINALS
            return "" if final == 0 else "ㄹ" if final == _FINAL_RIEUL else "받침"
        if character.isdigit():
            return _DIGIT_ENDS.get(str(unicodedata.digit(character, "")), "")  # ₁ is read as 1 is
        if character.isalpha():
            word = _WORD.search(text, max(0, place - 31), place + 1)
            for ending, sound in _WORD_ENDS:
                if word is not None and ending.search(word.group()):
                    return sound
            return _LETTER_ENDS.get(character.lower(), "")
        if character == "%":  # 퍼센트
            return ""
    return ""
