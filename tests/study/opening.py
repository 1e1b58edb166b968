"""Every number of a report's page, and whether it opens: the page is read as a reader sees it, whatever its sections.

A number is *shown* where it stands outside a working and outside a picture. It *opens* if a working that belongs to it
holds the same number: the working in its own fold for what a fold's summary says, those of its line for a cell of a
table, and else any of its section. "The same" is: rounded to the digits that are shown, as a share or as a percentage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from workings.language.thousands import ungrouped

__all__ = ["Element", "parse", "unopened"]

VOID = frozenset({"meta", "img", "input", "br", "hr", "link"})
# Pictures have their own numbers, axes and tooltips; the rest is no text.
SILENT = frozenset({"script", "style", "figure", "noscript", "annotation", "title", "head"})
HOLDERS = frozenset({"section", "header", "footer", "tbody"})
LEVELS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SPACES = re.compile("(?<=\\d)[\N{NARROW NO-BREAK SPACE}\N{THIN SPACE},](?=\\d{3})")
# What is raised after a letter, as in R², is no number of its own.
NUMBER = re.compile(r"(?<![\w.(^])(?<!\^\()(\d+(?:\.\d+)?)(?:·10\s*\^\(([-−]?\d+)\))?\s?(%?)")


@dataclass(eq=False)
class Element:
    """An element of the page, its parent and what is in it."""

    tag: str
    classes: frozenset[str] = frozenset()
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def above(self) -> Iterator[Element]:
        """Yield this element and those that it stands in, from the inside out."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent

    def within(self) -> Iterator[Element]:
        """Yield this element and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.within()

    @cached_property
    def text(self) -> str:
        """What a reader sees of it; what is raised stands in ^( )."""
        if self.tag in SILENT:
            return ""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        if self.tag == "msup" and len(parts) == 2:
            return f"{parts[0]}^({parts[1]})"
        if self.tag == "sup":
            return f"^({''.join(parts)})"
        return ("" if self.tag in {"mn", "mo", "mrow", "span", "math", "b", "mi"} else " ").join(parts)

    @cached_property
    def numbers(self) -> frozenset[tuple[float, float]]:
        """The numbers in its text."""
        return frozenset(numbers(self.text))

    @cached_property
    def worked_out(self) -> frozenset[tuple[float, float]]:
        """The numbers of all workings in it."""
        workings = (below.numbers for below in self.within() if "working" in below.classes)
        return frozenset().union(*workings)


def parse(text: str) -> Element:
    """Return the page as a tree."""
    return _Reader(text).root


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.at = Element("page")
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = next((str(value).split() for name, value in attrs if name == "class"), [])
        element = Element(tag, frozenset(classes), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.at.tag == tag
            assert self.at.parent is not None
            self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def numbers(text: str) -> Iterator[tuple[float, float]]:
    """Yield each number in a text without its sign, and half a unit of its last digit; a percentage as a share."""
    plain = SPACES.sub("", text)
    plain = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^({found[0].translate(LEVELS)})", plain)
    plain = re.sub(r"\s*·\s*10\s*\^", "·10^", plain)
    for found in NUMBER.finditer(plain):
        digits, power, percent = found.groups()
        scale = 10.0 ** int(power.replace("−", "-")) if power else 1.0
        scale = scale / 100 if percent else scale
        decimals = len(digits.partition(".")[2])
        yield float(digits) * scale, 0.5 * 10.0**-decimals * scale


def unopened(page: Element, known: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the numbers that are shown and do not open: each with the text that it stands in.

    Parameters
    ----------
    page
        What :func:`parse` gave.
    known
        Words that are no result though they hold digits: the names of columns and classes, what was asked for.
    """
    kept = (ungrouped(word) for word in known if re.search(r"\d", word))
    words = sorted({" ".join(word.split()) for word in kept}, key=len, reverse=True)
    found: list[tuple[str, str]] = []
    for element, text in _shown(page):
        left = " ".join(ungrouped(text).split())
        for word in words:
            left = re.sub(rf"(?<![\w.]){re.escape(word)}(?![\w]|\.\d)", " … ", left)
        for value, half in numbers(left):
            if not any(_same(value, half, *other) for other in _belonging(element)):
                found.append((f"{value:.10g}", " ".join(text.split())))
    return found


def _same(value: float, half: float, other: float, finer: float) -> bool:
    """Whether a number is another to the digits shown; the other has as many digits, or is short and exact."""
    exact = abs(value - other) <= 1e-12 * abs(value)
    return exact or (abs(value - other) <= half * 1.001 and finer <= half * 1.001)


def _shown(page: Element) -> Iterator[tuple[Element, str]]:
    """Yield every text that no working and no picture holds, a block at a time."""
    for child in page.children:
        if isinstance(child, str) or child.tag in SILENT or "unseen" in child.classes:
            continue
        if "inside" in child.classes:
            continue  # a working
        if any(isinstance(part, str) and part.strip() for part in child.children):
            yield child, child.text
        else:
            yield from _shown(child)


def _belonging(element: Element) -> frozenset[tuple[float, float]]:
    """Return the numbers of the workings that belong to what an element says."""
    for holder in element.above():
        if (holder.tag in HOLDERS or "number" in holder.classes) and holder.worked_out:
            return holder.worked_out
    return frozenset()
