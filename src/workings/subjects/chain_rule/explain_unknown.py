"""The chain rule for functions of which nothing is known but on what they depend: y = f(u, v), u = g(x, z)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workings.errors import InputError
from workings.expression import Node, Symbol, equation, symbol
from workings.expression.names import normal_name
from workings.expression.reading.spelling import is_function_word
from workings.language import message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_structure import Part, Structure, finished
from workings.working import Derivation, Working

__all__ = ["by_which", "of_unknown_functions", "told_unknown"]

_NAME = r"[^\W\d]\w*"
_DEFINITION = re.compile(rf"\s*({_NAME})\s*=\s*({_NAME})\s*\(\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*\)\s*")
_PARTED = re.compile(r"[;\n]|,(?=[^()]*(?:\(|$))")  # a comma within parentheses parts arguments
_MOST = 30


def of_unknown_functions(text: Any) -> dict[Symbol, Part] | None:
    """Return the parts of a system whose every function is unknown, the whole first; None if the text is none.

    Examples
    --------
    >>> from workings.subjects.chain_rule.explain_unknown import of_unknown_functions
    >>> for part in of_unknown_functions("y = f(u, v); u = g(x, z); v = h(x, z)").values():
    ...     print(part.name, "is", part.body)
    y is f(u, v)
    u is g(x, z)
    v is h(x, z)
    >>> of_unknown_functions("y = sin(x)") is None
    True
    """
    if not isinstance(text, str):
        return None
    found = [_DEFINITION.fullmatch(piece) for piece in _PARTED.split(text) if piece.strip()]
    parts: dict[Symbol, Part] = {}
    for match in found[:_MOST]:
        if match is None or is_function_word(match[2]) or is_function_word(match[1]):
            return None
        name = symbol(normal_name(match[1]))
        depends = tuple(dict.fromkeys(symbol(normal_name(each.strip())) for each in match[3].split(",")))
        written = f"{match[2]}({', '.join(each.name for each in depends)})"
        if name in parts:
            return None
        parts[name] = Part(name, symbol(written), depends, named_here=False)
    used = {each for part in parts.values() for each in part.depends}
    outputs = [name for name in parts if name not in used]
    if len(found) > _MOST or len(outputs) != 1 or _runs_in_a_circle(parts):
        return None
    return {name: parts[name] for name in reversed(finished(outputs[0], parts, from_the_left=False))}


def told_unknown(parts: Mapping[Symbol, Part], variables: Sequence[str]) -> Working:
    """Return the chain rule for unknown functions: what depends on what, and the derivatives along every way.

    Raises
    ------
    InputError
        If a variable is none on which the functions depend.
    """
    output, by = next(iter(parts)), by_which(parts, variables, "explain")
    structure = Structure(output, parts, by)
    question = message("How does {output} change with {variables}?", output=output, variables=listed(by))
    w = Derivation("chain_rule", question)
    narrator = ChainNarrator(w, structure, None)
    narrator.dependencies()
    narrator.chain_rule()
    answers: list[Node] = []
    for variable in by:
        total = structure.total(output, variable)
        told = narrator.combinations(variable)
        answers.append(equation(*told[0]) if told else total)
    w.note(message("The functions are not known: with formulas in their place, numbers can be put in."))
    w.conclude(message("{gradient}.", gradient=listed(answers)))
    return w.build(more=_without_numbers)


def _without_numbers(**values: Any) -> Working:
    raise InputError(
        message(
            "at: numbers can be put in only where the functions are known; got {got}; try formulas in their place, as "
            "u = x*z",
            got=", ".join(values) or "-",
        )
    )


def by_which(parts: Mapping[Symbol, Part], variables: Sequence[str], asked: str) -> list[Symbol]:
    """Return the variables by these names, all on which the functions depend if there is none.

    Raises
    ------
    InputError
        If a variable is none on which the functions depend. ``asked`` is what opens the message.
    """
    leaves = [name for name in Structure(next(iter(parts)), parts, ()).variables if name not in parts]
    by = [symbol(normal_name(name)) for name in variables] or leaves
    for name in by:
        if name not in leaves:
            raise InputError(
                message(
                    "{asked}: variable must be one on which the functions depend, {names}; got {got}",
                    asked=asked,
                    names=", ".join(leaf.name for leaf in leaves),
                    got=name.name,
                )
            )
    return by


def _runs_in_a_circle(parts: Mapping[Symbol, Part]) -> bool:
    left = dict(parts)
    while left:
        ready = [name for name, part in left.items() if not any(each in left for each in part.depends)]
        if not ready:
            return True
        for name in ready:
            del left[name]
    return False
