"""How something that goes on until it is good enough ended: a name to test for, and a sentence to read."""

from __future__ import annotations

from dataclasses import dataclass

from workings.language import Message

__all__ = ["Ending"]


@dataclass(frozen=True)
class Ending:
    """Why an adaptive or iterative computation ended.

    Parameters
    ----------
    name
        "converged", or what kept it from that; a subclass says which names there are.
    text
        The same as a sentence.
    """

    name: str
    text: Message

    @property
    def converged(self) -> bool:
        """Whether it reached the tolerance that was asked, and nothing speaks against it."""
        return self.name == "converged"

    def __str__(self) -> str:
        return str(self.text)
