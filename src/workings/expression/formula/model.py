"""The formula: an expression of named variables that can be called, differentiated, shown and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, final

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression.compiling import Compiled, compile_nodes
from workings.expression.compiling.scalar import NotNumbersError
from workings.expression.evaluation import evaluate
from workings.expression.formula import arguments, stored
from workings.expression.formula.contents import has_rows, is_aggregate, symbols_of
from workings.expression.formula.exact import value_in_kind, with_exact_decimals
from workings.expression.formula.shown import Shown
from workings.expression.nodes import Node, Symbol
from workings.expression.tracing import Mathematical, Traced
from workings.expression.traverse import postorder
from workings.language import message

if TYPE_CHECKING:
    from workings.expression.formula.simplified import SimplifiedFormula

__all__ = ["Formula"]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_PLAIN = (float, int, bool, np.ndarray)  # what every formula is called with, and never anything but floats for


@final
class Formula(Shown, Mathematical):
    """A formula of named variables, made by :func:`formula`.

    It is called with numbers or arrays, by place or by name. It shows itself in a notebook, prints as text that
    :func:`formula` reads again, and joins with numbers and other formulas by ``+ - * / **`` and NumPy's functions.
    It cannot be changed, and two formulas are equal if they are the same expression of the same variables.

    Attributes
    ----------
    node : Node
        The expression, definitions put in.
    variables : tuple of str
        What it is called with, in order.
    rows : tuple of str
        Which variables are columns of data: of one length, and what ``sum`` and ``mean`` run over.
    name : str or None
        What it is called in a system ``y = u*v; u = x*z``, or the traced function's name.
    definitions : mapping of str to Node
        Such a system as it was written, each definition after those that it uses; empty for a bare expression.
    data : mapping of str to numpy.ndarray
        The columns that a traced function used without their being its arguments.

    Examples
    --------
    >>> import numpy as np
    >>> import workings as wk
    >>> f = wk.formula("x^2 + z")
    >>> f(3, 1), f(x=3, z=[1, 2])
    (10.0, array([10., 11.]))
    >>> f
    Formula(x^2 + z)
    >>> np.sqrt(f) / 2
    Formula(sqrt(x^2 + z) / 2)
    """

    __slots__ = (
        "__weakref__",
        "_cache",
        "_count",
        "_scalar",
        "captured",
        "data",
        "definitions",
        "name",
        "node",
        "rows",
        "variables",
    )

    node: Node
    variables: tuple[str, ...]
    rows: tuple[str, ...]
    name: str | None
    definitions: Mapping[str, Node]
    data: Mapping[str, NDArray[Any]]
    captured: Mapping[Symbol, Traced]
    """What a function traced inside another took from the outer one; empty for every other formula."""

    _cache: dict[str, Any]
    _count: int
    _scalar: Callable[..., tuple[float, ...]] | None

    def __init__(self, *_: object, **__: object) -> None:
        raise InputError(message("Formula: a formula is made by formula(...); try formula({example})", example='"x^2"'))

    @classmethod
    def of(
        cls,
        node: Node,
        variables: Iterable[str] | None = None,
        *,
        rows: Iterable[str] = (),
        name: str | None = None,
        definitions: Mapping[str, Node] | None = None,
        data: Mapping[str, NDArray[Any]] | None = None,
        captured: Mapping[Symbol, Traced] | None = None,
    ) -> Formula:
        """Return the formula of an expression.

        Parameters
        ----------
        node
            The expression.
        variables
            Its variables in the order of its arguments; by default those that it has, as they are read from the left.
        rows
            Which of them are columns of data.
        name, definitions
            The system that it comes from; the definitions end with the one of ``name``.
        data
            Columns that it keeps.
        captured
            Values of an outer trace.

        Raises
        ------
        InputError
            If the expression has a name that is none of these, or ``rows`` names what is not a variable.

        Examples
        --------
        >>> from workings.expression import symbols
        >>> from workings.expression.formula import Formula
        >>> x, z = symbols("x z")
        >>> Formula.of(x * z, ["z", "x"]).variables
        ('z', 'x')
        """
        kept = {name: _frozen(column) for name, column in (data or {}).items()}
        outer = dict(captured or {})
        free = [symbol.name for symbol in symbols_of(node) if symbol not in outer]
        inputs = [found for found in dict.fromkeys(free) if found not in kept]
        named = tuple(inputs) if variables is None else tuple(variables)
        columns = dict.fromkeys(rows)
        arguments.check_names(named, inputs, columns, kept)
        if name is not None and not definitions:
            definitions = {name: node}
        return cls._holding(
            node=node,
            variables=named,
            rows=tuple(variable for variable in named if variable in columns),
            name=name,
            definitions=MappingProxyType(dict(definitions)) if definitions else _NOTHING,
            data=MappingProxyType(kept) if kept else _NOTHING,
            captured=MappingProxyType(outer) if outer else _NOTHING,
        )

    @classmethod
    def _holding(cls, **parts: Any) -> Formula:
        self = object.__new__(cls)
        fill = object.__setattr__
        for part, value in parts.items():
            fill(self, part, value)
        fill(self, "_cache", {})
        fill(self, "_count", len(self.variables))
        fill(self, "_scalar", None)
        return self

    def alike(self, node: Node) -> Formula:
        """Return a formula of another expression with the same variables, rows and data, such as a derivative.

        Raises
        ------
        InputError
            If the expression has other names.
        """
        return self.alike_each((node,))[0]

    def alike_each(self, nodes: Sequence[Node]) -> tuple[Formula, ...]:
        """Return the same of several expressions; what they share is looked at once."""
        outer, kept = self.captured, self.data
        free = [symbol.name for symbol in symbols_of(*nodes) if symbol not in outer]
        inputs = [found for found in dict.fromkeys(free) if found not in kept]
        arguments.check_names(self.variables, inputs, self.rows, kept)
        return tuple(
            self._holding(
                node=node,
                variables=self.variables,
                rows=self.rows,
                name=None,
                definitions=_NOTHING,
                data=kept,
                captured=outer,
            )
            for node in nodes
        )

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names in the expression that have values when it is computed: the variables, then the columns kept."""
        return (*self.variables, *self.data)

    @property
    def columns(self) -> tuple[str, ...]:
        """Which of the arguments are columns of data."""
        return (*self.rows, *self.data)

    @property
    def aggregated(self) -> bool:
        """Whether a sum or a mean over all rows stands in it."""
        if "aggregated" not in self._cache:
            found = any(is_aggregate(part) for part in postorder(self.node))
            self._cache["aggregated"] = found
        return self._cache["aggregated"]

    @property
    def over_rows(self) -> bool:
        """Whether it has a value for each row, rather than one for all."""
        if "over_rows" not in self._cache:
            columns = set(self.columns)
            over = {symbol for symbol, value in self.captured.items() if value.has_rows}
            self._cache["over_rows"] = has_rows(self.node, lambda s: s.name in columns or s in over)
        return self._cache["over_rows"]

    @property
    def compiled(self) -> Compiled:
        """The compiled formula, a function of :attr:`arguments`; made when it is first asked for, then kept."""
        compiled = self._cache.get("compiled")
        if compiled is None:
            compiled = compile_nodes((self.node,), self.arguments, rows=self.columns)
            self._cache["compiled"] = compiled
        return compiled

    def __call__(self, /, *args: Any, **values: Any) -> Any:
        """Return its value.

        Parameters
        ----------
        *args, **values
            A value for each variable, by place or by name: numbers, or arrays and sequences, which broadcast. Those in
            ``rows`` are columns of one length. Another formula, or a traced value, is put in for the variable.

        Returns
        -------
        float
            For numbers, and where ``sum`` and ``mean`` leave no rows.
        Fraction
            For fractions, or fractions and integers, where the value is one; else a float (a sine, a root of 2).
        mpmath.mpf
            For a number of mpmath among numbers, at the precision with which mpmath works.
        numpy.ndarray
            float64 for arrays; float32 where all arrays are float32.
        Formula
            For a formula among the values.

        Raises
        ------
        InputError
            If a variable has no value or two, a name is no variable, or a value is no real number or column.

        Warns
        -----
        UndefinedWarning
            If the value is a NaN that no input is: the warning names the operation, its numbers, and its domain.

        Examples
        --------
        >>> import workings as wk
        >>> cost = wk.formula("mean((y - m*x)^2)", rows=("x", "y"))
        >>> cost(m=2, x=[1, 2, 3], y=[2, 4, 7])
        0.3333333333333333

        The arithmetic is that of the numbers; a decimal in the formula is what it says.

        >>> from fractions import Fraction
        >>> import mpmath
        >>> wk.formula("x^2 + 0.1")(x=Fraction(1, 3))
        Fraction(19, 90)
        >>> with mpmath.workdps(30):
        ...     print(wk.formula("sqrt(x)")(x=mpmath.mpf(2)))
        1.41421356237309504880168872421
        """
        if len(values) == self._count and not args:
            try:
                args = tuple([values[name] for name in self.variables])
            except KeyError:
                args = arguments.in_order(self, args, values)
        elif values or len(args) != self._count:
            args = arguments.in_order(self, args, values)
        scalar = self._scalar
        if scalar is None:
            return self._general(args)
        try:
            (result,) = scalar(*args)
        except NotNumbersError:
            return self._general(args)
        return result if result == result else self._undefined(args, result)  # noqa: PLR0124 -- NaN

    def _general(self, args: tuple[Any, ...]) -> Any:
        if self.captured or any(isinstance(value, Mathematical) for value in args):
            from workings.expression.formula.composition import composed

            return composed(self, args)
        if not all(type(value) in _PLAIN for value in args):
            value = value_in_kind(self, args)
            if value is not None:
                if value == value:  # noqa: PLR0124 -- only NaN differs from itself
                    return value
                return self._undefined(arguments.checked(self, args), value)
        values = arguments.checked(self, args)
        (result,) = self.compiled(*values)
        if isinstance(result, float):
            if not self.columns:
                object.__setattr__(self, "_scalar", self.compiled.scalar)
            if result != result:  # noqa: PLR0124 -- NaN
                return self._undefined(values, result)
        return result

    def _undefined(self, args: tuple[Any, ...], result: Any) -> Any:
        from workings.expression.formula.undefined import warn_undefined

        warn_undefined(self, dict(zip(self.arguments, args, strict=True)))
        return result

    def values_of(self, /, *args: Any, **values: Any) -> tuple[Any, ...]:
        """Return a call's values in the order of :attr:`arguments`, checked: numbers as they are, arrays as NumPy's.

        Raises
        ------
        InputError
            As when the formula is called.
        """
        return arguments.checked(self, arguments.in_order(self, args, values))

    def evaluate(
        self,
        values: Mapping[str, Any],
        *,
        arithmetic: Literal["float", "mpmath", "fraction"] = "mpmath",
        digits: int = 50,
    ) -> Any:
        """Return its value in another arithmetic: mpmath at any number of digits, or exact fractions.

        A decimal in the formula is what it says, 0.1 is 1/10; a float among the values is the binary fraction that it
        is.

        Parameters
        ----------
        values
            A value for each variable by its name; columns too.
        arithmetic, digits
            As in :func:`workings.expression.evaluate`.

        Raises
        ------
        InputError
            As when the formula is called, and as :func:`workings.expression.evaluate`.

        Examples
        --------
        >>> from fractions import Fraction
        >>> import workings as wk
        >>> wk.formula("x^2 / 3").evaluate({"x": Fraction(1, 2)}, arithmetic="fraction")
        Fraction(1, 12)
        """
        given = arguments.in_order(self, (), dict(values))
        named = dict(zip(self.variables, given, strict=True)) | dict(self.data)
        node = self.node if arithmetic == "float" else with_exact_decimals(self.node)
        return evaluate(node, named, arithmetic=arithmetic, digits=digits)

    def simplify(self) -> SimplifiedFormula:
        """Return the simplified formula, the rules that led to it, and what they assumed.

        Examples
        --------
        >>> import workings as wk
        >>> wk.formula("2*x + 3*x").simplify().formula
        Formula(5 * x)
        >>> wk.formula("x^2 / x").simplify()
        Formula(x), assuming x ≠ 0
        """
        from workings.expression.calculus import simplify
        from workings.expression.formula.simplified import SimplifiedFormula

        simplified = simplify(self.node)
        return SimplifiedFormula(self.alike(simplified.node), simplified.steps, simplified.assumptions, self)

    def to_json(self) -> str:
        """Return it as JSON, which :meth:`from_json` reads."""
        return stored.write(self)

    @classmethod
    def from_json(cls, text: str) -> Formula:
        """Return the formula that :meth:`to_json` wrote.

        Raises
        ------
        InputError
            If the text is no JSON, not a formula, or of another version.

        Examples
        --------
        >>> import workings as wk
        >>> f = wk.formula("x^2 + z")
        >>> wk.Formula.from_json(f.to_json()) == f
        True
        """
        return stored.read(text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return NotImplemented
        same = self.node is other.node and self.variables == other.variables and self.rows == other.rows
        return same and _same_data(self.data, other.data) and dict(self.captured) == dict(other.captured)

    def __hash__(self) -> int:
        return hash((self.node, self.variables, self.rows, tuple(self.data)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Formula cannot be changed; make another")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Formula cannot be changed")

    def __copy__(self) -> Formula:
        return self

    def __deepcopy__(self, memo: object) -> Formula:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        stored.refuse_captured(self)
        kept = {"rows": self.rows, "name": self.name, "definitions": dict(self.definitions), "data": dict(self.data)}
        return (_restored, (self.node, self.variables, kept))

    def __built__(self, build: Callable[..., Node], operands: Sequence[Any]) -> Formula:
        from workings.expression.formula.composition import joined

        return joined(build, operands)

    def __aggregated__(self, name: str) -> Formula:
        from workings.expression.formula.composition import aggregate

        return aggregate(self, name)


def _frozen(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column that nobody can write into."""
    if not column.flags.writeable and column.base is None:
        return column
    kept = column.copy()
    kept.flags.writeable = False
    return kept


def _same_data(a: Mapping[str, NDArray[Any]], b: Mapping[str, NDArray[Any]]) -> bool:
    return tuple(a) == tuple(b) and all(np.array_equal(a[k], b[k], equal_nan=a[k].dtype.kind == "f") for k in a)


def _restored(node: Node, variables: tuple[str, ...], kept: Mapping[str, Any]) -> Formula:
    return Formula.of(node, variables, **kept)
