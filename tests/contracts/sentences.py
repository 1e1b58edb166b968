"""The sentences that Workings says, as Babel finds them in the source, and the catalogue that should hold them all.

Run as ``python -m tests.contracts.sentences --update`` (``make messages``) to bring the Korean catalogue up to date:
new sentences are added with an empty translation, sentences that are no longer said are removed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[2] / "src" / "workings"
CATALOGUE = SOURCE / "language" / "catalogues" / "ko.po"
HEADER = """\
# What Workings says, in Korean. The English sentences are the keys; "make messages" brings them up to date.
# A particle that follows a value is chosen by the value's sound: {name:을/를}, behind quotes {name:"을/를"}."""
# In Python a sentence may be said at once, say(str(message(...))): there "say" would hide what stands inside it.
EXTRACTED = (
    ({"message": None}, [("**.py", "python")]),
    ({"message": None, "say": None}, [("**/templates/**.html", "jinja2"), ("**/templates/**.jinja", "jinja2")]),
)


def said() -> dict[str, list[tuple[str, int]]]:
    """Return every sentence in the source with the places where it is said."""
    places: dict[str, list[tuple[str, int]]] = {}
    for keywords, methods in EXTRACTED:
        for name, line, sentence, _comments, _context in extract_from_dir(SOURCE, methods, keywords=keywords):
            if isinstance(sentence, str):
                places.setdefault(sentence, []).append((f"src/workings/{name}", line))
    return {sentence: sorted(where) for sentence, where in places.items()}


def korean() -> Catalog:
    """Return the Korean catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ko")


def update() -> int:
    """Write the catalogue with exactly the sentences now said; return how many have no translation yet."""
    old = korean()
    # The dates stay, so that an update changes nothing but sentences.
    new = Catalog(
        locale="ko",
        header_comment=HEADER,
        project="Workings",
        version="1",
        msgid_bugs_address="the issue tracker",
        last_translator="Workings",
        language_team="Korean",
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        charset="utf-8",
        fuzzy=False,
    )
    for sentence, places in sorted(said().items(), key=lambda item: item[1]):
        known = old.get(sentence)
        files = [(name, 0) for name in dict.fromkeys(name for name, _ in places)]
        new.add(sentence, known.string if known is not None else "", locations=files)
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=120, omit_header=False, include_lineno=False)
    return sum(not entry.string for entry in new if entry.id)


if __name__ == "__main__" and "--update" in sys.argv:
    print(f"{update()} sentences have no translation yet")
