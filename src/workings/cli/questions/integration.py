"""An integral on the command line: a formula of one variable, from where to where."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from workings.cli.asked import Asked, question, read_place
from workings.errors import InputError
from workings.language import message

__all__ = ["integration"]

_INFINITE = {"inf": float("inf"), "-inf": float("-inf"), "∞": float("inf"), "-∞": float("-inf")}


@question(
    "integration",
    explains=message("Find the area under a formula: strips, what the adaptive rule did, and a check."),
    draws=message("Draw a curve, the strips under it as they double, and their errors."),
)
def integration(
    formula: Annotated[
        str, typer.Argument(metavar="FORMULA", help=message('Of one variable: "x^2 + 2x + 1".').sentence)
    ],
    lower: Annotated[
        str,
        typer.Argument(metavar="A", help=message("From where: a number, a formula such as pi/2, or -inf.").sentence),
    ],
    upper: Annotated[str, typer.Argument(metavar="B", help=message("To where: likewise, or inf.").sentence)],
    *,
    strips: Annotated[
        int | None,
        typer.Option("--strips", metavar="N", help=message("Add up so many strips of equal width instead.").sentence),
    ] = None,
    rule: Annotated[
        Literal["left", "right", "midpoint"],
        typer.Option("--rule", help=message("Where the height of a strip is taken.").sentence),
    ] = "midpoint",
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="strips=8",
            help=message("So many strips one by one; with --strips one of them in full, 3 being the third.").sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.integrate` or :func:`workings.riemann_sum`."""
    from workings.subjects.integration import integrate, riemann_sum

    a, b = _limit(lower, "A"), _limit(upper, "B")
    if strips is None:
        return Asked(integrate, (formula, a, b), at=read_place(at or [], first="strips"))
    return Asked(riemann_sum, (formula, a, b, strips, rule), at=read_place(at or [], first="strip"))


def _limit(text: str, name: str) -> float | int:
    """Return a limit: a number, an infinity, or what a formula without variables is worth."""
    from workings.expression.formula import formula

    plain = text.strip().replace("−", "-")
    if plain in _INFINITE:
        return _INFINITE[plain]
    whole = formula(plain)
    if whole.variables:
        raise InputError(
            message(
                "{name} must be a number, such as 10, pi/2 or inf; got {got}, which depends on {variables}",
                name=name,
                got=text,
                variables=", ".join(whole.variables),
            )
        )
    value = float(whole())
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
