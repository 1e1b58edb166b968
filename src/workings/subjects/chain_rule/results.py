"""What differentiation gives: formulas by the name of their variable, and all of them at once as one function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from numpy.typing import NDArray

from workings.expression.calculus import gradient_to_compute, jacobian
from workings.expression.calculus.steady import steady
from workings.expression.compiling import Compiled
from workings.expression.formula import Formula
from workings.expression.nodes import Node, Symbol
from workings.once import cached_property
from workings.subjects.chain_rule.called import compiled_like, matrix_of, values_at
from workings.subjects.chain_rule.forms import (
    MOST_SHOWN,
    Equations,
    Matrix,
    Written,
    gradient_equations,
    in_short,
    listed,
    value_equations,
)
from workings.subjects.chain_rule.variables import symbols_by_name

__all__ = ["Gradient", "Hessian", "Jacobian", "ValueAndGradient"]


@dataclass(frozen=True, eq=False, repr=False)
class Gradient(Mapping[str, Formula], Written):
    """The partial derivatives of a formula, by the name of the variable.

    ``g["x"]`` is ∂f/∂x, a formula; ``g(x=1, z=2)``, called as the formula is, gives all partial derivatives at a point
    in one pass, by reverse accumulation.

    Parameters
    ----------
    formula
        What was differentiated.
    partials
        The derivative by each variable.

    Examples
    --------
    >>> import workings as wk
    >>> g = wk.gradient("x^2 + x*z")
    >>> print(g["x"])
    2·x + z
    >>> g(x=1, z=2)
    {'x': 4.0, 'z': 1.0}
    >>> g
    ∂/∂x  2·x + z
    ∂/∂z  x
    """

    formula: Formula
    partials: Mapping[str, Formula]

    def __getitem__(self, variable: str) -> Formula:
        return self.partials[variable]

    def __iter__(self) -> Iterator[str]:
        return iter(self.partials)

    def __len__(self) -> int:
        return len(self.partials)

    def __call__(self, /, *args: Any, **values: Any) -> dict[str, Any]:
        """Return the partial derivatives at a point, or at every point of arrays.

        Parameters
        ----------
        *args, **values
            As the formula takes them.

        Returns
        -------
        dict
            For each variable a float, or an array where arrays were given.

        Raises
        ------
        InputError
            As when the formula is called.

        Warns
        -----
        UndefinedWarning
            If a derivative is NaN though no value given was; the warning names the cause.
        """
        found = values_at(self.formula, lambda: self._compiled, tuple(self.partials.values()), args, values)
        return dict(zip(self.partials, found, strict=True))

    def __repr__(self) -> str:
        return listed([(f"∂/∂{name}", partial) for name, partial in self.partials.items()])

    def _content(self) -> Equations:
        return gradient_equations(self.formula, list(self.partials.items()))

    @cached_property
    def to_compute(self) -> tuple[Node, ...]:
        """The formula, then its derivatives, as expressions in the form in which they are compiled."""
        known = symbols_by_name(self.formula)
        symbols = [known[name] for name in self.partials]
        value, partials = gradient_to_compute(self.formula.node, symbols, rows=self.formula.columns)
        return (value, *partials)

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled_like(self.formula, self.to_compute[1:])


@dataclass(frozen=True, eq=False, repr=False)
class ValueAndGradient(Written):
    """A formula's value together with its partial derivatives, in one pass.

    Parameters
    ----------
    formula
        The formula.
    gradient
        Its gradient.

    Examples
    --------
    >>> import workings as wk
    >>> wk.value_and_gradient("x^2 + x*z")(x=1, z=2)
    (3.0, {'x': 4.0, 'z': 1.0})
    """

    formula: Formula
    gradient: Gradient

    def __call__(self, /, *args: Any, **values: Any) -> tuple[Any, dict[str, Any]]:
        """Return the value and the partial derivatives; arguments and warnings as in :class:`Gradient`."""
        formulas = (self.formula, *self.gradient.partials.values())
        value, *partials = values_at(self.formula, lambda: self._compiled, formulas, args, values)
        return value, dict(zip(self.gradient, partials, strict=True))

    def __repr__(self) -> str:
        return f"{self.formula!r}\n{self.gradient!r}"

    def _content(self) -> Equations:
        return value_equations(self.formula, list(self.gradient.items()))

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled_like(self.formula, self.gradient.to_compute)


@dataclass(frozen=True, eq=False, repr=False)
class Jacobian(Sequence[Gradient], Written):
    """The partial derivatives of several formulas: a row for each formula, a column for each variable.

    ``j[0]["x"]`` is the first formula's derivative by x; ``j(x=1, z=2)`` is the matrix at a point.

    Parameters
    ----------
    rows
        The gradient of each formula, all by the same variables and with the same arguments.

    Examples
    --------
    >>> import workings as wk
    >>> j = wk.jacobian(["r*cos(t)", "r*sin(t)"])
    >>> print(j[1]["t"])
    r·cos(t)
    >>> j(r=2, t=0)
    array([[ 1., -0.],
           [ 0.,  2.]])
    """

    rows: tuple[Gradient, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, one a column."""
        return tuple(self.rows[0]) if self.rows else ()

    @overload
    def __getitem__(self, index: int) -> Gradient: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Gradient]: ...

    def __getitem__(self, index: int | slice) -> Gradient | Sequence[Gradient]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __call__(self, /, *args: Any, **values: Any) -> NDArray[Any]:
        """Return the matrix at a point, or at every point of arrays; arguments and warnings as in :class:`Gradient`.

        Returns
        -------
        numpy.ndarray
            (m, k), or (m, k, ...) where arrays were given.
        """
        formulas = tuple(partial for row in self.rows for partial in row.partials.values())
        found = values_at(self.rows[0].formula, lambda: self._compiled, formulas, args, values)
        return matrix_of(found, len(self.rows), len(self.variables))

    def __repr__(self) -> str:
        return in_short([f"{row.formula!r}\n{row!r}" for row in self.rows[:MOST_SHOWN]], len(self.rows), "\n\n")

    def _content(self) -> Matrix:
        return Matrix(Symbol("J"), tuple(tuple(partial.node for partial in row.values()) for row in self.rows))

    @cached_property
    def _compiled(self) -> Compiled:
        whole = self.rows[0].formula
        known = symbols_by_name(whole)
        nodes = [steady(row.formula.node) for row in self.rows]
        found = jacobian(nodes, [known[name] for name in self.variables], rows=whole.columns)
        return compiled_like(whole, tuple(node for row in found for node in row))


@dataclass(frozen=True, eq=False, repr=False)
class Hessian(Mapping[str, Mapping[str, Formula]], Written):
    """The second partial derivatives of a formula, by the names of two variables.

    ``h["x"]["z"]`` is ∂²f/∂x∂z, a formula, and the same as ``h["z"]["x"]``; ``h(x=1, z=2)`` is the matrix at a point.

    Parameters
    ----------
    formula
        What was differentiated.
    partials
        The second derivatives: by one variable, then by the other.
    to_compute
        The same by the places of the two variables, the first not after the second, in the form in which they are
        compiled.

    Examples
    --------
    >>> import workings as wk
    >>> h = wk.hessian("x^2*z")
    >>> print(h["x"]["z"])
    2·x
    >>> h(x=1, z=2)
    array([[4., 2.],
           [2., 0.]])
    """

    formula: Formula
    partials: Mapping[str, Mapping[str, Formula]]
    to_compute: Mapping[tuple[int, int], Node]

    def __getitem__(self, variable: str) -> Mapping[str, Formula]:
        return self.partials[variable]

    def __iter__(self) -> Iterator[str]:
        return iter(self.partials)

    def __len__(self) -> int:
        return len(self.partials)

    def __call__(self, /, *args: Any, **values: Any) -> NDArray[Any]:
        """Return the matrix at a point, or at every point of arrays; arguments and warnings as in :class:`Gradient`.

        Returns
        -------
        numpy.ndarray
            (k, k), or (k, k, ...) where arrays were given.
        """
        names = list(self)
        formulas = tuple(self.partials[names[i]][names[j]] for i, j in self.to_compute)
        found = dict(
            zip(self.to_compute, values_at(self.formula, lambda: self._compiled, formulas, args, values), strict=True)
        )
        every = tuple(found[min(i, j), max(i, j)] for i in range(len(names)) for j in range(len(names)))
        return matrix_of(every, len(names), len(names))

    def __repr__(self) -> str:
        names = list(self.partials)
        return listed(
            [
                (f"∂²/∂{a}²" if a == b else f"∂²/∂{a}∂{b}", self.partials[a][b])
                for place, a in enumerate(names)
                for b in names[place:]
            ]
        )

    def _content(self) -> Matrix:
        names = list(self.partials)
        return Matrix(Symbol("H"), tuple(tuple(self.partials[a][b].node for b in names) for a in names))

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled_like(self.formula, tuple(self.to_compute.values()))
