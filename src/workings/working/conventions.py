"""What was chosen where the field has two habits, as a sentence."""

from __future__ import annotations

from workings.language import Message, message
from workings.working.model import Convention

__all__ = ["in_a_sentence"]


def in_a_sentence(convention: Convention) -> Message:
    """Return the choice and its rival, whose own sentence holds what it would have given."""
    places: dict[str, object] = {"chosen": convention.chosen, "rival": convention.rival}
    if convention.name is not None:
        return message("{name}: {chosen}; {rival}.", name=convention.name, **places)
    return message("{chosen}; {rival}.", **places)
