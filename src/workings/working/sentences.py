"""Sentences with formulas in them, written for a medium: everything from outside is escaped, formulas are not."""

from __future__ import annotations

import re
from collections.abc import Callable

from workings.expression import Node, Number, to_text
from workings.expression.legible import legible
from workings.expression.names import clean
from workings.language import Language, Message
from workings.working.cells import cell
from workings.working.model import Derived

__all__ = ["sentence"]

# A formula's place in the filled sentence, with its text beside it so that Korean particles hear how it ends. The
# signs are of Unicode's private use area, and are taken out of everything else that is filled in.
_PLACE = re.compile("\ue000(\\d+)\ue001[^\ue002]*\ue002")
_PRIVATE = re.compile("[\ue000-\ue002]")
# A formula within a sentence of more numbers, names and signs is said in short.
_READABLE = 100

_NEGATIVE = re.compile(r"-\d+(\.\d+)?", re.ASCII)


def sentence(
    text: Message | str,
    lang: Language | None,
    *,
    escape: Callable[[str], str],
    formula: Callable[[Node], str],
) -> str:
    """Return ``text`` in ``lang``: words through ``escape``, the nodes among its values through ``formula``.

    Control characters and line breaks in what is filled in are taken out, so a name cannot steer a terminal.
    """
    nodes: list[Node] = []

    def show(value: object) -> str:
        if isinstance(value, Derived) and isinstance(value := cell(value), Message):
            return value.render(lang, show)
        if isinstance(value, str | int | float) and _NEGATIVE.fullmatch(said := str(value)):
            # It has the medium's own minus, as in the formulas beside it.
            value = Number(float(said), said)
        if isinstance(value, Node):
            nodes.append(legible(value, _READABLE))
            return f"\ue000{len(nodes) - 1}\ue001{_PRIVATE.sub('', to_text(nodes[-1]))}\ue002"
        return clean(_PRIVATE.sub("", str(value)))

    filled = clean(_PRIVATE.sub("", text)) if isinstance(text, str) else text.render(lang, show)
    out: list[str] = []
    end = 0
    for place in _PLACE.finditer(filled):
        out += [escape(filled[end : place.start()]), formula(nodes[int(place[1])])]
        end = place.end()
    return "".join([*out, escape(filled[end:])])
