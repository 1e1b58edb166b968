"""The slopes of a cost told: what one row contributes, worked in full, and the mean or the sum over all rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from workings.expression import (
    Equation,
    Node,
    Partial,
    Reduction,
    Symbol,
    equation,
    postorder,
    substitute,
    symbol,
    total,
)
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_difference import against_a_difference, against_differences
from workings.subjects.chain_rule.explain_point import Point, as_float, conditioned, values_at
from workings.subjects.chain_rule.explain_rows import Aggregate, Rows, take_rows_apart
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_terms import is_short
from workings.working import Derivation, Rule, Table, Working, told_as

__all__ = ["CostStory"]

# Of long data so many rows stand at the top and at the end of a table.
_ENDS = 10
# More columns than this do not fit a page.
_MOST_COLUMNS = 7
# A sum whose written terms have more nodes than this is not shown with its numbers in.
_MOST_WRITTEN = 64


class CostStory:
    """The derivatives of a formula that sums over rows of data.

    Parameters
    ----------
    formula
        The formula.
    derivatives
        Its derivative by each variable.
    computed
        Gives the value and the derivatives at a point, as compiled code computes them.
    with_value
        Whether the value is asked for as well.
    stands_for
        What the formula is, where it is itself a derivative.
    """

    def __init__(
        self,
        formula: Formula,
        derivatives: Mapping[str, Formula],
        computed: Callable[[Mapping[str, Any]], Mapping[str, float]],
        *,
        with_value: bool = False,
        stands_for: Partial | None = None,
    ) -> None:
        self.formula = formula
        self.derivatives = derivatives
        self.computed = computed
        self.with_value = with_value
        self.stands_for = stands_for
        self.by = [symbol(name) for name in derivatives]
        self.rows: Rows = take_rows_apart(formula, self.by)
        self.output = self.rows.outer.output
        self._told: dict[Symbol, Node] = {}

    def told(self, values: Mapping[str, Any] | None = None) -> Working:
        """Return the working, in symbols or with the numbers of data."""
        point = None if values is None else Point(values)
        w = Derivation("chain_rule", self._question(point))
        rows, whole = self.rows, self.rows.written_out(self.formula.node)
        if point is not None:
            self._give(w, point)
            point.refuse_undefined(whole)
        if self.stands_for is not None:
            w.define(
                "call", equation(self.output, self.stands_for), title=message("The derivative so far, by one letter")
            )
        if is_short(whole):
            w.define("formula", equation(self.output, whole), title=message("The formula"))
        for name, node in rows.constants.items():
            statement, title = equation(name, rows.written_out(node)), message("The same for every row")
            self._line(w, f"constant_{name}", statement, point, title)
        for aggregate in rows.aggregates.values():
            self._aggregate(w, aggregate, point)
        if rows.nested:
            w.note(message("A sum that moves stands inside another: what single rows contribute is not told apart."))
        else:
            self._outer(w, point)
        self._one_formula(w, point)
        if point is not None:
            taken = {
                *self.formula.arguments,
                *map(str, rows.outer.parts),
                *map(str, (rows.letters.index, rows.letters.count)),
            }
            names = {variable: self._name(variable) for variable in self.by}
            if len(self.by) == 1:
                against_a_difference(w, whole, names[self.by[0]], self.by, point, taken=taken)
            else:
                against_differences(w, whole, names, point, taken=taken)
        w.conclude(self._conclusion(point))
        return w.build(more=self._closer)

    def _aggregate(self, w: Derivation, aggregate: Aggregate, point: Point | None) -> None:
        """Tell what one row contributes, then the sum or mean over all."""
        structure, letters = aggregate.structure, self.rows.letters
        in_row = self.rows.in_row(aggregate, letters.index)
        key = f"{aggregate.name}_"
        q = structure.output
        summed = self._over_rows(aggregate, in_row(q))
        title = message("A mean over the rows") if aggregate.is_mean else message("A sum over the rows")
        w.define(f"{key}sum", equation(aggregate.name, summed), title=title)
        narrator = ChainNarrator(w, structure, None, key=key, show=in_row)
        narrator.dependencies()
        narrator.chain_rule()
        if point is None:
            narrator.partials()
        moving = [variable for variable in self.by if structure.reaches(q, variable)]
        for variable in moving:
            w.define(
                f"{key}slope_rule_{variable.name}",
                equation(
                    self._slope(aggregate, variable), self._over_rows(aggregate, in_row(structure.total(q, variable)))
                ),
                title=message("The slope of a mean is the mean of the slopes")
                if aggregate.is_mean
                else message("The slope of a sum is the sum of the slopes"),
            )
        if point is not None:
            row = self._telling_row(aggregate, point)
            with w.part(f"{key}row", message("Row {row} in full", row=row)):
                one = ChainNarrator(w, structure, point, key=f"{key}row_", show=self.rows.in_row(aggregate, row))
                one.values()
                one.partials()
                for variable in moving:
                    one.combined(variable)
            self._all_rows(w, aggregate, point, moving)
            written, title = self.rows.written_out(aggregate.node), message("Value of {name}", name=aggregate.name)
            self._line(w, f"{key}value", equation(aggregate.name, written), point, title)
        for variable in moving:
            left = self._slope(aggregate, variable)
            right = self._over_rows(aggregate, in_row(self._in_inputs(narrator, variable)))
            if aggregate.name is self.output:
                self._told[variable] = right
            self._line(w, f"{key}slope_{variable.name}", equation(left, right), point, message("Put together"))

    def _telling_row(self, aggregate: Aggregate, point: Point) -> int:
        """Return the first row of the top in which no value is 0, counted from 1; the first row if there is none."""
        columns = [name for name in aggregate.structure.variables if name.name in self.rows.columns]
        for place in range(min(_ENDS, point.count)):
            row = self._row(point, columns, place)
            values = [row[name] for name in columns]
            for part in aggregate.structure.inner_first:
                values.append(row[part.body])
                row.learn(part.name, values[-1])
            if all(values):
                return place + 1
        return 1

    def _row(self, point: Point, columns: Sequence[Symbol], place: int) -> Point:
        """Return the point as it is in one row: each column's number there."""
        numbers = {name: value for name, value in point.values.items() if np.ndim(value) == 0}
        numbers |= {name.name: point[name] for name in self.rows.constants}
        return Point({**numbers, **{name.name: point.values[name.name][place].item() for name in columns}})

    def _all_rows(self, w: Derivation, aggregate: Aggregate, point: Point, moving: list[Symbol]) -> None:
        """Write what every row contributes: its values, and its slopes, in tables whose columns are checked."""
        structure, narrator = aggregate.structure, ChainNarrator(w, aggregate.structure, None)
        data = [name for name in structure.variables if name.name in self.rows.columns]
        values = [equation(part.name, part.body) for part in structure.inner_first]
        slopes = [
            equation(structure.total(structure.output, variable), self._in_inputs(narrator, variable))
            for variable in moving
        ]
        if len(data) + len(values) + len(slopes) <= _MOST_COLUMNS:
            self._row_table(w, f"{aggregate.name}_rows", data, [*values, *slopes], point)
            return
        self._row_table(w, f"{aggregate.name}_rows", data, values, point)
        self._row_table(w, f"{aggregate.name}_slopes", data, slopes, point)

    def _row_table(
        self, w: Derivation, key: str, data: Sequence[Symbol], columns: Sequence[Equation], point: Point
    ) -> None:
        """Write one table: the data, and what follows from it and from the cells before."""
        count = point.count
        kept = [*range(count)] if count <= 2 * _ENDS else [*range(_ENDS), *range(count - _ENDS, count)]
        rows: list[tuple[Any, ...]] = []
        for place in kept:
            row = self._row(point, data, place)
            cells: list[Any] = [place + 1, *(row.values[name.name] for name in data)]
            for column in columns:
                value = as_float(row[column.right])
                # The next cell of this row follows from what stands in this one.
                row.learn(column.left, value)
                cells.append(value)
            rows.append(tuple(cells))
        heads = (self.rows.letters.index, *data, *columns)
        table = Table(heads, tuple(rows), total=count if len(kept) < count else None)
        w.table(key, table, title=message("Row by row"))

    def _outer(self, w: Derivation, point: Point | None) -> None:
        """Tell what is done with the sums: nothing, where the formula is one of them."""
        outer, aggregates = self.rows.outer, self.rows.aggregates
        told = {
            name: self._over_rows(a, self.rows.in_row(a, self.rows.letters.index)(a.structure.output))
            for name, a in aggregates.items()
        }
        if len(outer.parts) == 1 and self.output in aggregates:
            return
        narrator = ChainNarrator(w, outer, point, key="outer_", told=told)
        narrator.dependencies()
        narrator.chain_rule()
        narrator.values()
        narrator.partials()
        for variable in self.by:
            narrator.combined(variable)

    def _one_formula(self, w: Derivation, point: Point | None) -> None:
        """Write each derivative as one formula, with the value that compiled code gives."""
        found: Mapping[str, float] = {}
        if point is not None:
            found = self.computed({name: point.floats[name] for name in self.formula.variables})
        for variable in self.by:
            name, node = self._name(variable), self.rows.written_out(self.derivatives[variable.name].node)
            key, title = f"one_formula_{variable.name}", message("As one formula")
            if point is None:
                if is_short(node) and node is not self._told.get(variable):
                    w.define(key, equation(name, node), title=title)
                continue
            absolute, again = conditioned(node, point), node is self._told.get(variable)
            place = "line" if is_short(node) and not again else "sentence"
            statement, value, folded = equation(name, node), float(found[variable.name]), _is_long(node, point.count)
            w.line(key, statement, value, title=title, absolute=absolute, place=place, folded=folded)
            point.learn(name, point[node])

    def _line(self, w: Derivation, key: str, statement: Equation, point: Point | None, title: Message) -> None:
        if point is None:
            w.define(key, statement, title=title)
            return
        value = point[statement.right]
        point.learn(statement.left, value)
        folded, absolute = _is_long(statement.right, point.count), conditioned(statement.right, point)
        w.line(key, statement, as_float(value), title=title, rule=Rule.MEAN, absolute=absolute, folded=folded)

    def _in_inputs(self, narrator: ChainNarrator, variable: Symbol) -> Node:
        """Return one row's slope by a variable, in columns and parameters alone."""
        structure = narrator.structure
        ((_, right), *_) = narrator.combinations(variable) or [self._alone(structure, variable)]
        formulas = narrator.with_formulas(self._whole_slope(narrator, variable, right))
        whole: dict[Node, Node] = {part.name: structure.whole(part.name) for part in structure.outer_first}
        return substitute(formulas, whole)

    def _whole_slope(self, narrator: ChainNarrator, variable: Symbol, node: Node) -> Node:
        """Return the chain rule's right side with the derivatives of inner parts put in, where it was told in steps."""
        steps: dict[Node, Node] = {}
        for left, right in reversed(narrator.combinations(variable)[1:]):
            steps[left] = substitute(right, steps)
        return substitute(node, steps)

    def _alone(self, structure: Any, variable: Symbol) -> tuple[Partial, Node]:
        """Return the slope of a row in which nothing is chained: its name twice."""
        name = structure.total(structure.output, variable)
        return name, name

    def _over_rows(self, aggregate: Aggregate, body: Node) -> Node:
        letters = self.rows.letters
        whole: Node = total(body, letters.index, 1, letters.count)
        return 1 / letters.count * whole if aggregate.is_mean else whole

    def _slope(self, aggregate: Aggregate, variable: Symbol) -> Partial:
        return self.rows.outer.total(aggregate.name, variable)

    def _name(self, variable: Symbol) -> Partial:
        return self.rows.outer.total(self.output, variable)

    def _give(self, w: Derivation, point: Point) -> None:
        for name, value in point.values.items():
            column = name in self.rows.columns
            w.given(name, value, message("a column of data") if column else message("the value at the point"))
        w.given(self.rows.letters.count.name, point.count, message("the number of rows"))
        point.learn(self.rows.letters.count, point.count)

    def _question(self, point: Point | None) -> Message:
        places = {"output": self.output, "variables": listed(self.by)}
        if point is None:
            return message("What are the slopes of {output} by {variables}, over rows of data?", **places)
        places |= {"point": point.said(), "count": point.count}
        return message(
            "How does {output} change with {variables} over {count} {count:row|rows}, where {point}?", **places
        )

    def _conclusion(self, point: Point | None) -> Message:
        names = [self._name(variable) for variable in self.by]
        if point is None:
            nodes = [self.rows.written_out(self.derivatives[variable.name].node) for variable in self.by]
            return message("{gradient}.", gradient=listed([equation(a, b) for a, b in zip(names, nodes, strict=True)]))
        slopes = [told_as(name, as_float(point[name])) for name in names]
        if self.with_value:
            slopes.insert(0, told_as(self.output, as_float(point[self.rows.written_out(self.formula.node)])))
        return message("{gradient}.", gradient=listed(slopes))

    def _closer(self, **values: Any) -> Working:
        return self.told(values_at(self.formula, values))


def _is_long(node: Node, count: int) -> bool:
    """Whether its sums over this many rows are too long to be read with their numbers in."""
    terms = min(count, 4)
    sizes = [sum(1 for _ in postorder(part.body)) for part in postorder(node) if isinstance(part, Reduction)]
    return terms * sum(sizes) > _MOST_WRITTEN
