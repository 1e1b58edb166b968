"""The table of the coefficients: where the fit ended, beside the exact solution if there is one, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workings.expression import Node, symbol
from workings.language import Message, message
from workings.subjects.regression.letters import EXACT
from workings.working import Derived, Table, digits_known
from workings.working.model import Cell

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator
    from workings.subjects.regression.narration_exact import Exact

__all__ = ["tell_coefficients"]

# Of more coefficients the largest are shown, and all of them in a part that is closed.
_SHOWN = 12


def tell_coefficients(told: Narrator, errors: Sequence[Node], exact: Exact | None = None) -> None:
    """Add the table of the coefficients, each cell held against the lines above.

    Parameters
    ----------
    told
        Where.
    errors
        The letters of the standard errors, one a parameter; none where they were not told.
    exact
        The exact solution, where it was told.
    """
    fit, letters = told.fit, told.letters
    columns, listed = fit.columns, told.listed
    last: list[int | None] = [None] if letters.fit_intercept else []
    theta, star = symbol("θ"), symbol("θ*", latex=r"\theta^{*}")
    heads: list[Node | Message | str] = [message("column"), theta if exact else message("coefficient")]
    heads += [star, theta - star] if exact else []
    heads += [message("standard error")] if errors else []

    def table(places: Sequence[int | None], note: Message | None = None) -> Table:
        rows = tuple(tuple(_cells(told, place, errors, exact)) for place in places)
        left_out = columns + letters.fit_intercept if len(rows) < columns + letters.fit_intercept else None
        return Table(tuple(heads), rows, total=left_out, note=note)

    note = message("{descent} is where the descent ended, {exact} the exact solution.", descent=theta, exact=star)
    arrived = message("In every direction the cost is level here, to the tolerance asked: no small change lowers it.")
    shown = listed
    if len(listed) > _SHOWN:
        with told.w.part("every_coefficient", message("The coefficients, in the order of the columns"), closed=True):
            told.w.table("coefficients_in_order", table([*listed, *last]), title=message("The coefficients"))
        shown = sorted(sorted(listed, key=lambda place: -abs(float(fit.parameters[place])))[:_SHOWN])
    told.w.table(
        "coefficients",
        table([*shown, *last], note if exact else None),
        title=message("Beside the exact solution") if exact else message("The coefficients"),
        note=arrived if fit.status.converged else None,
    )


def _cells(told: Narrator, place: int | None, errors: Sequence[Node], exact: Exact | None) -> list[Cell]:
    fit, letters = told.fit, told.letters
    at = fit.columns if place is None else place

    def letter(k: int | None) -> Node:
        return letters.intercept(k) if place is None else letters.coefficient(k, at + 1)

    value = float(fit.parameters[at])
    cells: list[Cell] = [message("intercept") if place is None else fit.names[at], Derived(value, letter(None))]
    if exact is not None:
        best, off = float(exact.parameters[at]), float(exact.off[at])
        apart = value - best
        cells.append(Derived(best, letter(EXACT), off))
        cells.append(Derived(apart, letter(None) - letter(EXACT), off, digits_known(apart, off)))
    if errors and fit.standard_errors is not None:
        error = float(fit.standard_errors[at])
        cells.append(Derived(error, errors[at], told.sure * error, max(1, digits_known(1.0, told.sure))))
    return cells
