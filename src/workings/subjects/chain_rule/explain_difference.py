"""The derivative held against what needs no rule: the slope between two near points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import add

from workings.expression import Node, Number, Symbol, absolute, at_most, equation, substitute, symbol
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_settled import Settled, settle, step_number
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.working import Derivation, Derived, Table, shown

__all__ = ["against_a_difference", "against_differences", "against_one_direction", "compare_each"]


def against_a_difference(
    w: Derivation,
    whole: Node,
    derivative: Node,
    variables: Sequence[Symbol],
    point: Point,
    *,
    taken: Collection[str],
    what: Message | None = None,
) -> None:
    """Write a table of central differences for ever smaller steps, and the claim that the derivative agrees with them.

    The bound of the claim is how far the last step moved the difference itself: it knows nothing of the derivative.

    Parameters
    ----------
    w
        Where the lines go.
    whole
        The function, in its variables alone.
    derivative
        The name of its derivative, which is known.
    variables
        By what it is differentiated, once by each.
    point
        Where.
    taken
        The names that are in use.
    what
        What the table shows, where that is more than a slope by the variables.
    """
    slope, found = symbol(free_letter("DSMQ", taken)), settle(whole, variables, point, taken)
    if found is None:
        w.note(message("No central difference settles at this point, so the derivative was not held against one."))
        return
    what = what or _what_it_is(slope, found, variables)
    true, off = point[derivative], slope - derivative
    if not point.is_large:
        w.table(
            "differences",
            Table(
                (found.h, equation(slope, found.quotient), equation(off, found.quotient - derivative)),
                tuple(
                    (step_number(step), shown(as_float(value), found.digits(value, true)), found.off(value, true))
                    for step, value in found.steps
                ),
                note=what,
            ),
            title=message("Beside the central difference"),
            absolute=found.noise,
        )
    w.line("difference", equation(slope, found.last), as_float(found.value), place="sentence", absolute=found.noise)
    moved = message(
        "{bound} is what the last step, to {step}, has moved {slope} itself.",
        bound=found.bound,
        slope=slope,
        step=equation(found.h, found.step),
    )
    w.claim(
        "agrees",
        at_most(absolute(off), found.bound),
        title=message("Near enough"),
        digits=found.digits(found.value, true),
        note=None if found.is_constant else moved,
    )


def against_differences(
    w: Derivation, whole: Node, derivatives: Mapping[Symbol, Node], point: Point, *, taken: Collection[str]
) -> None:
    """Write one table with a central difference for each variable, and claim that every derivative agrees with its own.

    Parameters
    ----------
    w, whole, point, taken
        As in :func:`against_a_difference`.
    derivatives
        The name of the derivative by each variable; the names are known.
    """
    compare_each(w, [(whole, [variable], name) for variable, name in derivatives.items()], point, taken=taken)


def compare_each(
    w: Derivation, derivatives: Sequence[tuple[Node, Sequence[Symbol], Node]], point: Point, *, taken: Collection[str]
) -> None:
    """Write one table of central differences, and claim that every derivative agrees with its own.

    Parameters
    ----------
    w, point, taken
        As in :func:`against_a_difference`.
    derivatives
        Each function, the variables by which it is differentiated one after the other, and its derivative's name.
    """
    rows: list[tuple[Node | Derived | None, ...]] = []
    claims: list[tuple[Node, Number]] = []
    noise, letter, h = 0.0, free_letter("DSMQ", taken), symbol("h")
    for whole, variables, name in derivatives:
        found = settle(whole, variables, point, taken)
        if found is None:
            rows.append((name, None, None, None))
            continue
        slope, h, noise = symbol(f"{letter}_{len(rows) + 1}"), found.h, max(noise, found.noise)
        # The step in the cell is the one by which the difference beside it is taken.
        own = symbol(f"{h.name}_{len(rows) + 1}")
        step, quotient = Derived(float(found.steps[-1][0]), equation(own, found.step)), found.with_step(own)
        off = Derived(found.off(found.value, point[name]), quotient - name)
        rows.append((name, step, Derived(as_float(found.value), equation(slope, quotient)), off))
        claims.append((slope - name, found.bound))
    heads = (message("derivative"), h, message("central difference"), message("off by"))
    w.table(
        "differences",
        Table(heads, tuple(rows), note=_what_they_are(h, point)),
        title=message("Beside central differences"),
        absolute=noise,
    )
    for place, (off_by, bound) in enumerate(claims, 1):
        w.claim(f"agrees_{place}", at_most(absolute(off_by), bound), place="sentence")


def against_one_direction(
    w: Derivation, whole: Node, derivatives: Mapping[Symbol, Node], point: Point, *, taken: Collection[str]
) -> None:
    """Write central differences along one direction in which every variable moves, each at a pace of its own.

    The first moves by h, the second by 2h, the third by 3h: two values of the formula test every derivative at once,
    and errors of the same size do not cancel.
    """
    t = symbol(free_letter("tτε", taken))
    along = symbol(free_letter("SMQG", [*taken, "D"]))
    paces = dict(enumerate(derivatives.items(), 1))
    moved = substitute(whole, {variable: variable + pace * t for pace, (variable, _) in paces.items()})
    total = reduce(add, [pace * name for pace, (_, name) in paces.items()])
    value = point[total]
    w.line("along", equation(along, total), as_float(value), place="sentence", absolute=1e-12 * abs(as_float(value)))
    point.learn(along, value)
    w.given(t.name, 0, message("how far along the direction"))
    point.learn(t, 0)
    first, second, third, *_ = derivatives
    what = message(
        "All variables move together: {first} by {t}, {second} by 2{t}, {third} by 3{t} and so on; the differences are "
        "taken by {t}, at 50 digits. {along} is what the partial derivatives give for that, each times its pace.",
        along=along,
        t=t,
        first=first,
        second=second,
        third=third,
    )
    against_a_difference(w, moved, along, [t], point, taken=[*taken, t.name, along.name], what=what)


def _what_it_is(slope: Symbol, found: Settled, variables: Sequence[Symbol]) -> Message:
    places = {"slope": slope, "h": found.h, "variable": variables[0]}
    if len(variables) > 1:
        return message(
            "{slope} is the central difference over 2{h}, taken once for each derivative, worked out at 50 digits.",
            **places,
        )
    if found.is_constant:
        return message(
            "{slope} is the slope between {variable} - {h} and {variable} + {h}, worked out at 50 digits; here it is "
            "the same for every {h}.",
            **places,
        )
    return message(
        "{slope} is the slope between {variable} - {h} and {variable} + {h}, worked out at 50 digits. A tenth of {h} "
        "leaves about a hundredth of the difference: it is {slope} that is off.",
        **places,
    )


def _what_they_are(h: Symbol, point: Point) -> Message:
    if point.is_large:
        return message(
            "Worked out in floats, of whose digits a difference loses some. What they are off by is an error of the "
            "differences."
        )
    return message(
        "Worked out at 50 digits. What they are off by is an error of the differences, of the order of {h}².", h=h
    )
