"""What was checked, in sentences: how many lines, how far off at most, and from what each was evaluated."""

from __future__ import annotations

from workings.language import Message, message
from workings.working.digits import in_words
from workings.working.model import Step
from workings.working.values import Scope
from workings.working.verification import Verification

__all__ = ["checked", "scope_note", "shared_scope"]

_SCOPES: tuple[Scope, ...] = ("inputs", "recount", "state")


def checked(outcome: Verification) -> tuple[Message, ...]:
    """Return the sentences below "Checked"."""
    said: list[Message] = []
    if outcome.equations:
        said.append(_how_far(outcome))
        if set(outcome.scope) != {"inputs"}:
            said += [_from_what(scope, count) for scope, count in sorted(outcome.scope.items())]
    else:
        said.append(message("no line computes a number."))
    if outcome.cells:
        said.append(message("Cells of tables checked besides: {count}.", count=outcome.cells))
    return tuple(said)


def scope_note(step: Step, outcome: Verification) -> Message | None:
    """Return from what this line was evaluated, where that differs from most lines of its working."""
    scope: Scope | None = next((line.scope for line in outcome.lines if line.key == step.key), None)
    return None if scope is None or scope == _usual(outcome) else _how_checked(scope)


def shared_scope(outcome: Verification) -> Message | None:
    """Return from what most of these lines were evaluated, to be said once below them; None for the inputs."""
    usual = _usual(outcome)
    if not outcome.equations or usual == "inputs":
        return None
    if len(outcome.scope) == 1:
        return _how_checked(usual)
    return message("{how}, where a line says nothing else", how=_how_checked(usual))


def _usual(outcome: Verification) -> Scope:
    return max(_SCOPES, key=lambda scope: outcome.scope.get(scope, 0))


def _how_checked(scope: Scope) -> Message:
    if scope == "inputs":
        return message("checked from the inputs at 50 digits")
    if scope == "recount":
        return message("checked in exact integers and exactly rounded sums")
    return message("checked from the merged state")


def _how_far(outcome: Verification) -> Message:
    evaluated = _evaluated(outcome.equations, at_50_digits=set(outcome.scope) == {"inputs"})
    difference, allowed = _told_apart(outcome.difference, outcome.rounding)
    if outcome.difference == 0:
        return message("{evaluated}; no difference.", evaluated=evaluated)
    if outcome.difference > outcome.rounding:
        return message(
            "{evaluated}; largest difference {difference}, within the tolerance that its line states.",
            evaluated=evaluated,
            difference=difference,
        )
    if len({line.rounding for line in outcome.lines if line.difference}) > 1:
        return message(
            "{evaluated}; every difference is below the rounding shown; the closest comes to {difference}, where "
            "{rounding} is allowed.",
            evaluated=evaluated,
            difference=difference,
            rounding=allowed,
        )
    return message(
        "{evaluated}; largest difference {difference}, below the rounding shown ({rounding}).",
        evaluated=evaluated,
        difference=difference,
        rounding=allowed,
    )


def _evaluated(count: int, *, at_50_digits: bool) -> Message:
    if at_50_digits:
        if count == 1:
            return message("1 line, evaluated again at 50 digits")
        return message("{count} lines, evaluated again at 50 digits", count=count)
    if count == 1:
        return message("1 line, evaluated again")
    return message("{count} lines, evaluated again", count=count)


def _from_what(scope: Scope, count: int) -> Message:
    if scope == "inputs":
        return message("From the inputs, term by term at 50 digits: {count}.", count=count)
    if scope == "recount":
        return message(
            "From the inputs, recounted with exact integers and exactly rounded sums because that takes over ten "
            "thousand operations: {count}.",
            count=count,
        )
    return message("From the state that was merged while the data was read: {count}.", count=count)


def _told_apart(difference: float, rounding: float) -> tuple[object, object]:
    """Return both to one digit, or to as many as show which is less."""
    for digits in range(1, 17):
        shown = in_words(difference, digits), in_words(rounding, digits)
        if shown[0].text != shown[1].text or difference == rounding:
            return shown
    return in_words(difference, 17), in_words(rounding, 17)
