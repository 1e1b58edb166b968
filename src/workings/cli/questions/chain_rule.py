"""The chain rule on the command line: a formula, by which variables, at which point."""

from __future__ import annotations

from typing import Annotated

import typer

from workings.cli.asked import Asked, question, read_point
from workings.cli.options import split_names
from workings.errors import InputError
from workings.language import message

__all__ = ["chain_rule"]


@question(
    "chain-rule",
    explains=message("Differentiate a formula by the chain rule, in symbols and with the numbers of a point."),
    draws=message("Draw a formula and its derivative, or what depends on what."),
    draws_at=True,
)
def chain_rule(
    formula: Annotated[
        str,
        typer.Argument(
            metavar="FORMULA",
            help=message('As "sin(x^2)", or a system: "y = u*v; u = x*z; v = x^2 + z".').sentence,
            show_default=False,
        ),
    ],
    *,
    wrt: Annotated[
        list[str] | None,
        typer.Option(
            "--wrt",
            metavar="X",
            help=message(
                "By which variable; several, X,Z, one after the other. By default by all: the gradient."
            ).sentence,
        ),
    ] = None,
    order: Annotated[
        int | None, typer.Option("--order", metavar="N", help=message("How many times by that variable.").sentence)
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", metavar="X=1,Z=2", help=message("The point whose numbers are put in.").sentence),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.differentiate` or :func:`workings.gradient`."""
    from workings.subjects.chain_rule import differentiate, gradient

    variables = _repeated(split_names(wrt) or [], order)
    point = read_point(at or [])
    drawn = {"at": point} if point else {}
    return Asked(differentiate if variables else gradient, (formula, *variables), at=point, drawn=drawn)


def _repeated(variables: list[str], order: int | None) -> list[str]:
    if order is None:
        return variables
    if len(variables) != 1 or order < 1:
        raise InputError(
            message(
                "--order must be 1 or more, of one variable named by --wrt; got {order} and {variables}; "
                "try --wrt x --order 2, or --wrt x,z for a mixed derivative",
                order=order,
                variables=", ".join(variables) or "-",
            )
        )
    from workings.subjects.chain_rule.explain import check_order

    check_order(order)  # before a list of a thousand million names is made
    return variables * order
