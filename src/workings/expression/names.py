"""How names are read: Greek letters, subscripts, accents; and how names from outside are made safe to show."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

__all__ = ["GREEK", "clean", "is_letter", "latex_escape", "natural_style", "normal_name", "split_name", "xml_escape"]

_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
)
_SIGNS = "αβγδεζηθικλμνξοπρστυφχψω"
_SMALL = dict(zip(_LETTERS.split(), _SIGNS, strict=True))
# The Greek letters by name; a capitalised name is the capital letter.
GREEK: dict[str, str] = _SMALL | {name.capitalize(): sign.upper() for name, sign in _SMALL.items()}

_SPELT = {sign: name for name, sign in GREEK.items()}
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx")
_SUBSCRIPT = re.compile(r"(?P<base>.*?[^₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ])(?P<low>[₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ]+)", re.DOTALL)

# Direction marks and overrides could make a shown name read as something else; joiners (U+200D) build emoji and stay.
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# The narrow space between thousands stays, for no line breaks at it.
_SPACES = re.compile("((?!\u202f)[\\s\x1c-\x1f\x85\u2028\u2029])+")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
# What LaTeX would draw as one: dashes, quotation marks, guillemets, turned marks.
_LIGATURES = re.compile(r"([-`'<>,])(?=\1)|[?!](?=`)")
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def clean(text: str) -> str:
    r"""Return text on one line without control characters or direction marks; nothing visible is shown as ``""``.

    Examples
    --------
    >>> clean("two\nlines"), clean("\x07bell"), clean("")
    ('two lines', 'bell', '""')
    """
    shown = _CONTROLS.sub("", _SPACES.sub(" ", text)).strip()
    return shown or '""'


def latex_escape(text: str) -> str:
    r"""Return cleaned text with what LaTeX gives a meaning escaped, for use inside ``\text{...}``.

    Examples
    --------
    >>> print(latex_escape("50 % of $x_1"))
    50 \% of \$x\_1
    >>> print(latex_escape("a--b"))
    a-{}-b
    """
    return _LIGATURES.sub(r"\g<0>{}", "".join(_LATEX.get(character, character) for character in clean(text)))


def xml_escape(text: str) -> str:
    """Return cleaned text with what XML and HTML give a meaning escaped, quotes included.

    Examples
    --------
    >>> xml_escape("<b>a & b</b>")
    '&lt;b&gt;a &amp; b&lt;/b&gt;'
    """
    return "".join(_XML.get(character, character) for character in clean(text))


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, str]:
    """Return a name's letter and its subscript ("" if it has none), Greek letters written as such.

    Only a single letter takes a subscript, so that ``mean_radius`` stays one name.

    Examples
    --------
    >>> split_name("beta_1"), split_name("x_max"), split_name("mean_radius"), split_name("sigma")
    (('β', '1'), ('x', 'max'), ('mean_radius', ''), ('σ', ''))
    """
    base, separator, subscript = name.partition("_")
    letter = GREEK.get(base, base)
    if separator and is_letter(letter) and subscript and subscript.isalnum():
        return letter, GREEK.get(subscript, subscript)
    return GREEK.get(name, name), ""


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Return the one spelling of a name, whichever way it was typed: Greek letters by name, subscripts after ``_``.

    Examples
    --------
    >>> normal_name("σ"), normal_name("β₁"), normal_name("x_max"), normal_name("mean radius")
    ('sigma', 'beta_1', 'x_max', 'mean radius')
    """
    match = _SUBSCRIPT.fullmatch(name)
    if match is not None:
        name = f"{match['base']}_{match['low'].translate(_LOWERED)}"
    name = unicodedata.normalize("NFKC", name)
    base, separator, subscript = name.partition("_")
    if separator and subscript.isalnum() and is_letter(GREEK.get(base, base)):
        return f"{_SPELT.get(base, base)}_{_SPELT.get(subscript, subscript)}"
    return _SPELT.get(name, name)


def is_letter(text: str) -> bool:
    """Whether text is one letter, with an accent or primes at most: x, σ, ŷ, x̄, f'."""
    characters = unicodedata.normalize("NFD", text.rstrip("'′"))
    return bool(characters) and characters[0].isalpha() and all(unicodedata.combining(c) for c in characters[1:])


@lru_cache(maxsize=4096)
def natural_style(name: str) -> Literal["italic", "upright", "text"]:
    """Return how a name is written unless it says otherwise: one letter italic, a word upright, anything else as text.

    Examples
    --------
    >>> natural_style("x_1"), natural_style("recall"), natural_style("mean radius")
    ('italic', 'upright', 'text')
    """
    base, subscript = split_name(name)
    if is_letter(base):
        return "italic"
    return "upright" if base.isalpha() and not subscript else "text"
