"""Workings of all kinds: every example of the gallery, and problems of every subject with unseen numbers."""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from docs.gallery.build import examples

from workings.working import Step, Working
from workings.working.practice import SUBJECTS

__all__ = ["EXAMPLES", "PROBLEMS", "SUBJECTS", "WORKINGS", "steps_of", "working"]

_PAGES = tomllib.loads((Path(__file__).parents[2] / "docs/gallery/gallery.toml").read_text(encoding="utf-8"))["page"]
_SEEDS = (1, 2)


def _entries() -> Iterator[tuple[str, dict[str, Any]]]:
    for page in _PAGES:
        for place, entry in enumerate(page["example"], 1):
            if "explain" in entry:
                yield f"{page['key']} {place}", {name: text for name, text in entry.items() if name != "plot"}


EXAMPLES = dict(_entries())
PROBLEMS = {f"{subject} problem {seed}": (subject, seed) for subject in SUBJECTS for seed in _SEEDS}
# Where a page only names some parts, their lines are looked at too.
_WITH_CLOSED_PARTS = ("confusion", "roc")
_OPENED = {f"{name} opened": name for name in (*EXAMPLES, *PROBLEMS) if name.split()[0] in _WITH_CLOSED_PARTS}
WORKINGS = (*EXAMPLES, *PROBLEMS, *_OPENED)


@cache
def working(name: str) -> Working:
    """Return the working of this name; it is made once and never changed."""
    if name in _OPENED:
        found = working(_OPENED[name])
        return found.at(part="all") if any(step.closed for step in found.walk()) else found
    if name in PROBLEMS:
        subject, seed = PROBLEMS[name]
        room = import_module(f"workings.subjects.{subject.replace('-', '_')}.problem")
        return room.problem(Random(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = examples({"example": [EXAMPLES[name]]})[0].working
    assert made is not None
    return made


def steps_of(name: str) -> list[Step]:
    """Return every line of the working of this name."""
    return list(working(name).walk())
