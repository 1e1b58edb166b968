"""What has no ASCII sign spelt in ASCII: σ as sigma, x̄ as x_bar, yₙ as y_n, 10⁻⁶ as 10^-6, ≥ as >=."""

from __future__ import annotations

import re
import unicodedata

from workings.expression.names import GREEK
from workings.language import get_language, ungrouped

__all__ = ["in_ascii"]

_SIGNS = str.maketrans(
    {"≥": ">=", "≤": "<=", "≈": "~=", "≠": "!=", "×": "*", "·": "*", "…": "...", "−": "-", "–": "-", "∞": "inf",
     "\N{THIN SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'", "“": '"', "”": '"', "→": "->", "½": "1/2",
     "∂": "d", "ℓ": "l", "Σ": "sum", "∫": "integral", "∧": "and", "∨": "or", "¬": "not ", "′": "'"}
)  # fmt: skip
_SPELT = {sign: name for name, sign in GREEK.items() if sign != "Σ"}
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_BELOW = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_ON_THE_LINE = str.maketrans(_RAISED + _BELOW, "0123456789+-()abcdeghijklmnoprstuvwxyz0123456789+-()aehijklmnoprstuvx")
_SCRIPTS = re.compile(f"(?P<up>[{_RAISED}]+)|(?P<low>[{_BELOW}]+)")
_SUM = re.compile("[^-+(][-+]")
_GREEK = re.compile(f"[{''.join(_SPELT)}]+")
# Over a letter that stands alone; a name such as Hôtel keeps its spelling.
_MARKED = re.compile("(?<![^\\W\\d_])(?P<letter>[^\\W\\d_])(?P<mark>[\u0302\u0304])(?![^\\W\\d_])")
_MARKS = {"\u0302": "_hat", "\u0304": "_bar"}
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"


def in_ascii(text: str) -> str:
    r"""Return text in ASCII: signs spelt, and what has no spelling as an escape; in Korean, Hangul stays.

    The digits of a long number stand together, 12345: a space as wide as a letter would part it from itself.

    Examples
    --------
    >>> in_ascii("ŷᵢ ≥ σ(x̄)·10⁻⁶"), in_ascii("√c(1 - ηλ)ᵏ⁻¹"), in_ascii("평균")
    ('y_hat_i >= sigmoid(x_bar)*10^-6', 'sqrt(c)(1 - eta lambda)^(k-1)', '\\ud3c9\\uade0')
    """
    if text.isascii():
        return text
    text = _SCRIPTS.sub(_on_the_line, ungrouped(text))
    text = _MARKED.sub(lambda found: found["letter"] + _MARKS[found["mark"]], unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", text)
    # In ASCII the sigmoid is called by its name, as formula text is.
    text = re.sub(r"σ(?='?\()", "sigmoid", text)
    text = re.sub(r"√(\w+)", r"sqrt(\1)", text).replace("√", "sqrt")
    text = _GREEK.sub(lambda found: " ".join(map(_SPELT.__getitem__, found.group())), text.translate(_SIGNS))
    kept = _HANGUL if get_language() == "ko" else ""
    return re.sub(f"[^\x00-\x7f{kept}]", lambda sign: sign.group().encode("unicode_escape").decode("ascii"), text)


def _on_the_line(found: re.Match[str]) -> str:
    script = found.group().translate(_ON_THE_LINE)
    return ("^" if found["up"] else "_") + (f"({script})" if _SUM.search(script) else script)
