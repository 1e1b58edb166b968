"""A formula's value told as at a blackboard: where it has one, then part by part from the inside out, with numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import (
    Apply,
    Equation,
    Indexed,
    Node,
    Number,
    Reduction,
    equation,
    free_symbols,
    substitute,
    symbol,
)
from workings.expression.calculus.domain import assumed
from workings.expression.calculus.facts import Facts
from workings.expression.formula import Formula
from workings.expression.formula.arguments import in_order
from workings.language import Message, message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_given import give_point, own_values, writer_of
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_point import Point, as_float, column_at, conditioned, number_at, values_at
from workings.subjects.chain_rule.explain_rows import take_rows_apart
from workings.subjects.chain_rule.explain_terms import free_letter, is_short, operation_of
from workings.working import Derivation, Rule, Step, Table, Working, shown

__all__ = ["told_value"]

# A formula of more operations is told in a table instead of lines.
_MOST_LINES = 12
# Of many rows so many stand at the top and at the end; more columns than these do not fit a page.
_ENDS, _MOST_COLUMNS = 10, 7
# What is added up, or multiplied, is one step however many terms there are.
# What holds where a comparison does not.
_OPPOSITES = {
    "less": "at_least", "at_least": "less", "at_most": "greater", "greater": "at_most",
    "equal": "different", "different": "equal",
}  # fmt: skip
_FAMILIES = {"add": "sum", "subtract": "sum", "multiply": "product"}


def told_value(formula: Formula, args: Sequence[Any] = (), values: Mapping[str, Any] | None = None) -> Working:
    """Return how a formula is worked out: in symbols, or with the values that it is called with.

    Raises
    ------
    InputError
        As when the formula is called; also if it has no finite value there.
    """
    story = _ValueStory(formula)
    if not args and not values and formula.variables:
        return story.told(None)
    given = in_order(formula, tuple(args), values or {})
    return story.at(**dict(zip(formula.variables, given, strict=True)))


class _ValueStory:
    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.output = symbol(formula.name or free_letter("yfFgGhH", formula.arguments))
        self.whole = writer_of(formula)(formula.node)
        self.count = take_rows_apart(formula, []).letters.count if formula.aggregated else None
        # Each definition after those that it uses. Sums over rows are written with Σ, all in one formula.
        alone = {self.output.name: self.whole}
        self.bodies: Mapping[str, Node] = alone if formula.aggregated else formula.definitions or alone

    def at(self, **values: Any) -> Working:
        """Return the working with a value for each variable; where they are columns, row by row."""
        if self.formula.aggregated or not any(
            np.ndim(value) for value in (*values.values(), *self.formula.data.values())
        ):
            return self.told(Point(values_at(self.formula, values)))
        found = {name: column_at(name, v) if np.ndim(v) else number_at(name, v) for name, v in values.items()}
        return self._row_by_row(Point(found | dict(self.formula.data)))

    def told(self, point: Point | None) -> Working:
        """Return the working in symbols, or with numbers."""
        w = Derivation("chain_rule", self._question(point))
        if point is not None:
            give_point(w, point, self.formula)
            point.refuse_undefined(self.whole)
        self._formula(w)
        self._needs(w, point)
        if point is None:
            self._order(w)
            columns = set(self.formula.rows)
            given = ", ".join(f"{name}={'[1, 2, 3]' if name in columns else 1}" for name in self.formula.variables)
            w.conclude(message("{example} puts numbers in.", example=f"at({given})"))
        else:
            steps = self._work_out(w, point)
            value = steps[-1].shown or shown(as_float(point[self.output]))
            relation = "=" if all(step.exact for step in steps) else "≈"
            w.conclude(message("{value}.", value=equation(self.output, value, relation)))
        return w.build(more=self.at)

    def _formula(self, w: Derivation) -> None:
        for name, body in self.bodies.items():
            if is_short(body):
                title = message("The formula") if name == self.output.name else Rule.DEFINITION.title
                w.define(f"formula_{name}", equation(symbol(name), body), title=title)

    def _needs(self, w: Derivation, point: Point | None) -> None:
        """Say where it has a value, as far as that does not go without saying; at a point, that it has one there."""
        known = Facts()
        if self.count is not None:
            known.learn_positive(self.count)
        conditions = assumed(self.whole, Number(0), known)
        for place, condition in enumerate(conditions):
            write = w.define if point is None or _is_of_rows(condition) else w.claim
            write(f"needs_{place}", condition, title=message("It has a value where"))
        if not conditions:
            w.note(message("It has a value for all real numbers."))

    def _order(self, w: Derivation) -> None:
        """Write in which order its parts are worked out."""
        parts = [part for name, body in self.bodies.items() for part in (*_steps(body), symbol(name))]
        if len(parts) > 1:
            rows = tuple((place, part) for place, part in enumerate(parts, 1))
            w.table("order", Table((message("step"), message("part")), rows), title=message("From the inside out"))

    def _work_out(self, w: Derivation, point: Point) -> list[Step]:
        """Work out the parts from the inside out, and the whole as compiled code does; return the lines."""
        steps: list[Step] = []
        for name, body in self.bodies.items():
            point.learn(symbol(name), point[body])
        taken = {name: self._taken(w, name, body, point) for name, body in self.bodies.items()}
        in_lines = sum(len(_steps(body)) for body in taken.values()) <= _MOST_LINES
        if in_lines:
            for name, body in taken.items():
                inner = [*_steps(body), *([] if name == self.output.name else [equation(symbol(name), body)])]
                steps += [self._line(w, f"{name}_{place}", part, point) for place, part in enumerate(inner)]
        elif not self.formula.aggregated:
            by = [symbol(name) for name in self.formula.variables]
            structure = take_apart(self.formula.node, self.formula.definitions, by, name=self.output.name)
            ChainNarrator(w, structure, point, brief=True, told={self.output: self.whole}).dependencies()
        body = taken[self.output.name] if in_lines else self.whole
        value = float(self.formula(**own_values(point, self.formula)))
        last = w.line(
            "value", equation(self.output, body), value, title=message("Value of {name}", name=self.output),
            absolute=conditioned(self.whole, point), brief=True, place="line" if in_lines else "sentence",
        )  # fmt: skip
        return [*steps, last]

    def _line(self, w: Derivation, key: str, statement: Node, point: Point) -> Step:
        left, right = (statement.left, statement.right) if isinstance(statement, Equation) else (statement, statement)
        value = point[right]
        point.learn(left, value)
        return w.line(
            f"part_{key}", statement, as_float(value), title=message("Value of {name}", name=left), brief=True
        )

    def _taken(self, w: Derivation, name: str, body: Node, point: Point) -> Node:
        """Return a formula with the case that holds in the place of its cases, and claim that it does."""
        replaced: dict[Node, Node] = {}
        for place, cases in enumerate(part for part in _inside_out(body, into_cases=False) if _is_cases(part)):
            condition, then, otherwise = cases.children
            holds = bool(point[condition])
            w.claim(
                f"case_{name}_{place}",
                condition if holds else _against(condition),
                title=message("The case that holds"),
            )
            replaced[cases] = self._taken(w, f"{name}_{place}", then if holds else otherwise, point)
        return substitute(body, replaced)

    def _row_by_row(self, point: Point) -> Working:
        """Return the working of a formula that is worked out in each row by itself."""
        columns = [name for name, value in point.values.items() if np.ndim(value)]
        rules = [equation(symbol(name), body) for name, body in self.bodies.items()]
        if len(columns) + len(rules) > _MOST_COLUMNS:
            rules = [equation(self.output, self.whole)]

        def at_row(row: Any) -> Working:
            if not isinstance(row, int | np.integer) or not 0 <= row < point.count:
                raise InputError(
                    message(
                        "at: row must be a whole number from 0 to {last}; got {got}",
                        last=point.count - 1,
                        got=repr(row),
                    )
                )
            return self.told(Point(_in_row(point, columns, int(row))))

        w = Derivation(
            "chain_rule",
            message("What is {output} in each of {count} {count:row|rows}?", output=self.output, count=point.count),
        )
        for name, value in point.values.items():
            if name not in columns:
                w.given(name, value, message("the value at the point"))
        self._formula(w)
        self._needs(w, None)
        computed = self.formula(**own_values(point, self.formula))
        count = point.count
        kept = [*range(count)] if count <= 2 * _ENDS else [*range(_ENDS), *range(count - _ENDS, count)]
        rows: list[tuple[Any, ...]] = []
        absolute = 0.0
        for place in kept:
            row = Point(_in_row(point, columns, place))
            row.refuse_undefined(self.whole)
            absolute = max(absolute, conditioned(self.whole, row))
            for rule in rules:
                row.learn(rule.left, row[rule.right])
            inner = [as_float(row[rule.left]) for rule in rules[:-1]]
            rows.append((place, *(row.floats[name] for name in columns), *inner, float(computed[place])))
        heads = (message("row"), *map(symbol, columns), *rules)
        table = Table(heads, tuple(rows), total=count if len(kept) < count else None)
        w.table("rows", table, title=message("Row by row"), absolute=absolute)
        w.conclude(message("{example} works one row out in full.", example="at(row=0)"))
        return w.build(more=at_row)

    def _question(self, point: Point | None) -> Message:
        if point is None:
            return message("How is {output} worked out?", output=self.output)
        if not point.values:
            return message("What is {output}?", output=self.output)
        if point.count:
            places = {"output": self.output, "count": point.count}
            return message("What is {output} over {count} {count:row|rows} of data?", **places)
        return message("What is {output} where {point}?", output=self.output, point=point.said())


def _steps(body: Node) -> list[Node]:
    """Return what is worked out before a formula itself, from the inside out: each function, power, sum and product."""
    parts = [*_inside_out(body)]
    above: dict[Node, list[Node]] = {}
    for part in parts:
        for child in _parts(part):
            above.setdefault(child, []).append(part)
    return [part for part in parts if part is not body and _is_step(part, above[part])]


def _is_step(part: Node, above: Sequence[Node]) -> bool:
    if isinstance(part, Reduction):
        return True
    name = operation_of(part)
    if not part.children or not free_symbols(part) or (name == "negate" and not part.children[0].children):
        return False
    family = _FAMILIES.get(name)
    return family is None or any(_FAMILIES.get(operation_of(each)) != family for each in above)


def _inside_out(root: Node, *, into_cases: bool = True) -> Iterator[Node]:
    """Yield the parts of a formula, each after its own; those of sums over rows and of conditions are no steps."""
    seen: set[Node] = set()
    waiting = [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        if node in seen:
            continue
        if ready:
            seen.add(node)
            yield node
            continue
        waiting.append((node, True))
        if into_cases or not _is_cases(node):
            waiting += ((child, False) for child in reversed(_parts(node)))


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Reduction) or operation_of(node) == "iverson":
        return ()
    return node.children[1:] if _is_cases(node) else node.children


def _is_cases(node: Node) -> bool:
    return operation_of(node) == "where"


def _against(condition: Node) -> Node:
    """Return what holds where a condition does not: x ≤ 0 where x > 0 does not."""
    other = _OPPOSITES.get(operation_of(condition))
    return Apply("negation", (condition,)) if other is None else Apply(other, condition.children)


def _is_of_rows(condition: Node) -> bool:
    """Whether a condition is about every row rather than about one number."""
    return any(isinstance(part, Indexed) for part in _inside_out(condition))


def _in_row(point: Point, columns: Sequence[str], row: int) -> dict[str, Any]:
    """Return the values in one row."""
    return {name: number_at(name, value[row]) if name in columns else value for name, value in point.values.items()}
