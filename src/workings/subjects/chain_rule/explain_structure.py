"""Which variable depends on which: the parts of a formula, and what their derivatives are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workings.expression import Node, Partial, Symbol, partial, substitute

__all__ = ["Part", "Structure", "finished"]


@dataclass(frozen=True, eq=False)
class Part:
    """One variable that depends on others.

    Parameters
    ----------
    name
        Its name.
    body
        What it is, in the names of other parts and of variables.
    depends
        The names in the body, in the order in which they are read.
    named_here
        Whether it had no name in the formula as it was given.
    """

    name: Symbol
    body: Node
    depends: tuple[Symbol, ...]
    named_here: bool


class Structure:
    """The parts of a formula, and how each depends on the variables by which it is differentiated.

    Parameters
    ----------
    output
        The name of the whole.
    parts
        Every part by its name, each before those that it depends on.
    by
        The variables by which it is differentiated.
    """

    def __init__(self, output: Symbol, parts: Mapping[Symbol, Part], by: Sequence[Symbol]) -> None:
        self.output = output
        self.parts = parts
        self.by = tuple(by)
        self.inner_first = tuple(parts[name] for name in finished(output, parts))
        """The parts in the order in which they are computed."""
        self._below: dict[Symbol, frozenset[Symbol]] = {}
        for part in self.inner_first:
            below = (self._below.get(name, frozenset[Symbol]()) for name in part.depends)
            self._below[part.name] = frozenset(part.depends).union(*below)
        order = dict.fromkeys(name for part in parts.values() for name in part.depends if name not in parts)
        self.variables: tuple[Symbol, ...] = tuple(order)

    @property
    def outer_first(self) -> tuple[Part, ...]:
        """The parts, the whole first and each before those that it depends on."""
        return tuple(self.parts.values())

    def reaches(self, name: Symbol, variable: Symbol) -> bool:
        """Whether ``name`` is ``variable`` or depends on it."""
        return name is variable or variable in self._below.get(name, ())

    def moved_by(self, variable: Symbol) -> tuple[Part, ...]:
        """Return the parts that depend on a variable, the whole first."""
        return tuple(part for part in self.outer_first if self.reaches(part.name, variable))

    def edges(self, part: Part, variable: Symbol) -> tuple[Symbol, ...]:
        """Return on what a part depends directly and through which it depends on ``variable``."""
        return tuple(name for name in part.depends if self.reaches(name, variable))

    def local(self, part: Part, on: Symbol) -> Partial:
        """Return the name of a part's derivative by something in its body, everything else in the body held fixed.

        It is said what is held where the part depends on ``on`` by other ways too: (∂y/∂x)_u of y = u·x, u = x².
        """
        held = [name for name in part.depends if name is not on and self.reaches(name, on)]
        if held:
            return partial(part.name, on, held=held)
        return self.total(part.name, on)

    def total(self, name: Symbol, on: Symbol) -> Partial:
        """Return the name of the derivative of ``name`` by ``on``, by all ways together."""
        return partial(name, on, ordinary=self._depends_on_nothing_but(name, on))

    def routes(self, variable: Symbol, most: int) -> list[tuple[Symbol, ...]] | None:
        """Return every way from the whole down to ``variable``; None if there are more than ``most``."""
        found: list[tuple[Symbol, ...]] = []
        waiting: list[tuple[Symbol, ...]] = [(self.output,)]
        while waiting:
            if len(waiting) + len(found) > most:
                return None
            way = waiting.pop()
            if way[-1] is variable:
                found.append(way)
                continue
            on = self.edges(self.parts[way[-1]], variable) if way[-1] in self.parts else ()
            waiting += [(*way, name) for name in reversed(on)]
        return found

    def whole(self, name: Symbol) -> Node:
        """Return a part written out in variables alone."""
        written: dict[Node, Node] = {}
        for part in self.inner_first:
            written[part.name] = substitute(part.body, written)
            if part.name is name:
                break
        return written[name]

    def _depends_on_nothing_but(self, name: Symbol, on: Symbol) -> bool:
        waiting, seen = [name], set[Symbol]()
        while waiting:
            here = waiting.pop()
            if here is on or here in seen:
                continue
            seen.add(here)
            if here not in self.parts:
                return False
            waiting += self.parts[here].depends
        return True


def finished(output: Symbol, parts: Mapping[Symbol, Part], *, from_the_left: bool = True) -> list[Symbol]:
    """Return the parts that the output depends on, each after those that it depends on itself."""
    done: dict[Symbol, None] = {}
    stack = [(output, False)]
    while stack:
        name, ready = stack.pop()
        if name in done or name not in parts:
            continue
        if ready:
            done[name] = None
        else:
            inner = parts[name].depends
            stack.append((name, True))
            stack.extend((each, False) for each in (reversed(inner) if from_the_left else inner))
    return list(done)
