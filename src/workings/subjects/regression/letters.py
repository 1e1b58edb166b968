"""The letters in which a regression is explained: m and b for one column, w₁ ... w_p and b for several."""

from __future__ import annotations

from dataclasses import dataclass

from workings.expression import Node, Symbol, indexed, partial, symbol, total

__all__ = ["EXACT", "MEAN_X", "MEAN_Y", "Letters"]

MEAN_X = Symbol("x̄", style="italic", latex=r"\bar{x}")
"""The mean of a column."""
MEAN_Y = Symbol("ȳ", style="italic", latex=r"\bar{y}")
"""The mean of the target."""

EXACT = -1
"""The exact solution, where the number of an iteration would stand: w*, raised as w⁽²⁾ is."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Letters:
    """Builds the nodes of a model's symbols, at an iteration or at the end.

    Parameters
    ----------
    columns
        How many columns there are: one is written without an index.
    slope
        The letter of the coefficients.
    score
        The letter of the weighted sum: ŷ for a number, z for a yes or no.
    fit_intercept
        Whether there is a b.
    weighted
        Whether rows have weights s.
    """

    columns: int
    slope: str
    score: str
    fit_intercept: bool
    weighted: bool

    @property
    def single(self) -> bool:
        """Whether there is one column."""
        return self.columns == 1

    def x(self, row: Node | int, column: Node | int = 1) -> Node:
        """A value of the data."""
        return indexed("x", row) if self.single else indexed("x", row, column)

    def y(self, row: Node | int) -> Node:
        """A row's target."""
        return indexed("y", row)

    def letter(self, name: str, at: int | None) -> Symbol:
        """A letter, with the iteration raised in brackets: w⁽²⁾; at the end without."""
        plain = symbol(name)
        if at is None:
            return plain
        latex = {"ŷ": r"\hat{y}"}.get(name, name)
        if at == EXACT:
            return Symbol(f"{name}*", style="italic", latex=f"{latex}^{{*}}")
        return Symbol(f"{name}⁽{str(at).translate(_RAISED)}⁾", style="italic", latex=f"{latex}^{{({at})}}")

    def coefficient(self, at: int | None, column: Node | int = 1) -> Node:
        """The coefficient of a column."""
        letter = self.letter(self.slope, at)
        return letter if self.single else indexed(letter, column)

    def intercept(self, at: int | None) -> Symbol:
        """The intercept."""
        return self.letter("b", at)

    def cost(self, at: int | None) -> Symbol:
        """The cost."""
        return self.letter("J", at)

    def slope_of_cost(self, at: int | None, column: Node | int | None) -> Node:
        """∂J/∂w of a column, or ∂J/∂b for None."""
        variable = self.intercept(at) if column is None else self.coefficient(at, column)
        return partial(symbol("J"), variable)

    def weighted_sum(self, at: int | None, row: Node | int) -> Node:
        """The weighted sum of a row's values and b, written out."""
        if self.single:
            body: Node = self.coefficient(at) * self.x(row)
        else:
            j = symbol("j")
            body = total(self.coefficient(at, j) * self.x(row, j), j, 1, symbol("p"))
        return body + self.intercept(at) if self.fit_intercept else body

    def row_score(self, at: int | None, row: Node | int) -> Node:
        """The weighted sum as it stands in further formulas: written out for one column, else by its letter."""
        return self.weighted_sum(at, row) if self.single else indexed(self.letter(self.score, at), row)

    @property
    def size(self) -> Symbol:
        """What a mean over the rows is divided by: their number n, or the sum S of their weights."""
        return symbol("S" if self.weighted else "n")

    def sum_over_rows(self, body: Node) -> Node:
        """Σ of a body in i, weighted where rows have weights."""
        i = symbol("i")
        return total(indexed("s", i) * body if self.weighted else body, i, 1, symbol("n"))

    def mean_over_rows(self, body: Node) -> Node:
        """The sum over the rows, divided by their number or weight."""
        return 1 / self.size * self.sum_over_rows(body)
