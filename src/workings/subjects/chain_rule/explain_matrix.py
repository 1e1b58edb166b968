"""Several derivatives told together: the second derivatives of one formula, the first of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from workings.expression import Node, Reduction, Symbol, equation, free_symbols, partial, postorder, symbol
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_difference import compare_each
from workings.subjects.chain_rule.explain_given import give_point, own_values, writer_of
from workings.subjects.chain_rule.explain_kinks import say_choices
from workings.subjects.chain_rule.explain_point import Point, as_float, conditioned, values_at
from workings.subjects.chain_rule.explain_rules import listed, rules_of, title_of
from workings.subjects.chain_rule.explain_terms import free_letter, is_short
from workings.subjects.chain_rule.explain_trial import Tried, try_out
from workings.subjects.chain_rule.forms import output_of
from workings.subjects.chain_rule.results import Gradient, Hessian, Jacobian
from workings.working import Derivation, Derived, Table, Working, told_as

__all__ = ["told_hessian", "told_jacobian"]

# More numbers than these are not listed in a sentence.
_MOST_LISTED = 9
# A matrix of more columns is no longer seen as one.
_MOST_COLUMNS = 8


@dataclass(frozen=True, eq=False)
class Entry:
    """One derivative: of which function, by which variables, its name, its formula, and where compiled code puts it.

    ``last`` is what is differentiated by the last of the variables: the function, or its first derivative.
    """

    function: Node
    last: Node
    variables: tuple[Symbol, ...]
    name: Node
    formula: Node
    place: tuple[int, int]


class MatrixStory:
    """Derivatives that are told by their formulas, each checked against the compiled matrix and a difference.

    Parameters
    ----------
    question
        What is asked, for a Hessian or a Jacobian: in symbols, and at a point, {point}.
    like
        A formula with the arguments of all.
    functions
        The functions and their names.
    entries
        The derivatives, with those from which others follow first.
    matrix
        Gives all of them at a point.
    """

    def __init__(
        self,
        question: tuple[Message, Message],
        like: Formula,
        functions: Sequence[tuple[Symbol, Node]],
        entries: Sequence[Entry],
        matrix: Hessian | Jacobian,
    ) -> None:
        self.question = question
        self.like = like
        self.functions = functions
        self.entries = entries
        self.matrix = matrix
        self.symmetric = isinstance(matrix, Hessian)
        self.columns = list(dict.fromkeys(entry.variables[-1] for entry in entries))

    def told(self, before: Sequence[tuple[Node, Node]] = (), values: Mapping[str, Any] | None = None) -> Working:
        """Return the working, in symbols or at a point; ``before`` are formulas on the way: first derivatives."""
        point = None if values is None else Point(values)
        question, there = self.question
        if point is not None:
            question = replace(there, values={**there.values, "point": point.said()})
        w = Derivation("chain_rule", question)
        if point is not None:
            give_point(w, point, self.like)
        for name, node in self.functions:
            if point is not None:
                point.refuse_undefined(node)
            w.define(f"function_{name}", equation(name, node), title=message("The formula"))
        for name, node in before:
            if is_short(node):
                w.define(f"first_{name}", equation(name, node), title=message("A first derivative"))
        numbers = None if point is None else np.asarray(self.matrix(**own_values(point, self.like)))
        for entry in self.entries:
            self._entry(w, entry, point, numbers)
        self._as_a_matrix(w, point, numbers)
        if point is not None:
            self._differences(w, point)
        else:
            tried = [Tried(entry.name, entry.function, entry.variables, entry.formula) for entry in self.entries]
            try_out(w, tried, taken={*self.like.arguments, *(name.name for name, _ in self.functions)})
        w.conclude(self._conclusion(point))
        return w.build(more=lambda **given: self.told(before, values_at(self.like, given)))

    def _entry(self, w: Derivation, entry: Entry, point: Point | None, numbers: Any) -> None:
        key, title, short = f"entry_{entry.name}", self._title(entry), is_short(entry.formula)
        if point is None:
            if short:
                w.define(key, equation(entry.name, entry.formula), title=title)
            return
        point.refuse_undefined(entry.formula)
        value, absolute = float(numbers[entry.place]), conditioned(entry.formula, point)
        place = "line" if short else "sentence"
        w.line(key, equation(entry.name, entry.formula), value, title=title, absolute=absolute, place=place)
        point.learn(entry.name, point[entry.formula])

    def _title(self, entry: Entry) -> Message:
        """Return the rules by which an entry is differentiated; over rows of data each part would have its own."""
        if any(isinstance(part, Reduction) for part in postorder(entry.last)):
            return message("Differentiated")
        variable = entry.variables[-1]
        return title_of(rules_of(entry.last, variable, lambda node: variable in free_symbols(node)))

    def _as_a_matrix(self, w: Derivation, point: Point | None, numbers: Any) -> None:
        """Write the matrix as it stands: its formulas, or its numbers at the point."""
        columns = self.columns
        if len(columns) > _MOST_COLUMNS or not (point or all(is_short(entry.formula) for entry in self.entries)):
            return
        places: dict[tuple[int, int], Entry] = {}
        for entry in self.entries:
            places[entry.place] = entry
            if self.symmetric:
                places[entry.place[1], entry.place[0]] = entry
        heads = columns if self.symmetric else [name for name, _ in self.functions]
        rows: list[tuple[Node | Derived, ...]] = []
        for row, head in enumerate(heads):
            cells: list[Node | Derived] = []
            for column in range(len(columns)):
                entry = places[row, column]
                if point is None:
                    cells.append(entry.formula)
                else:
                    off = conditioned(entry.formula, point)
                    cells.append(Derived(float(numbers[row, column]), entry.name, absolute=off))
            rows.append((head, *cells))
        corner = message("variable") if self.symmetric else message("function")
        title = message("The Hessian matrix") if self.symmetric else message("The Jacobian matrix")
        w.table("matrix", Table((corner, *columns), tuple(rows)), title=title)

    def _differences(self, w: Derivation, point: Point) -> None:
        smooth = [
            entry
            for entry in self.entries
            if point.count or not any(say_choices(w, entry.function, variable, point) for variable in entry.variables)
        ]
        if smooth:
            taken = {*self.like.arguments, *(name.name for name, _ in self.functions)}
            compare_each(w, [(entry.function, entry.variables, entry.name) for entry in smooth], point, taken=taken)

    def _conclusion(self, point: Point | None) -> Message:
        if point is None:
            if len(self.entries) > _MOST_LISTED or not all(is_short(entry.formula) for entry in self.entries):
                return message("{count} formulas, one for each derivative.", count=len(self.entries))
            return message("{gradient}.", gradient=listed([equation(e.name, e.formula) for e in self.entries]))
        if len(self.entries) > _MOST_LISTED:
            return message("{count} derivatives, in the lines above.", count=len(self.entries))
        numbers = [told_as(entry.name, as_float(point[entry.name])) for entry in self.entries]
        return message("{gradient}.", gradient=listed(numbers))


def told_hessian(found: Hessian, slopes: Gradient) -> Working:
    """Return the working of all second derivatives, each pair of variables once; ``at`` puts numbers in."""
    formula = found.formula
    written = writer_of(formula)
    output, by = output_of(formula), [symbol(name) for name in found]
    whole = written(formula.node)
    alone = len(free_symbols(formula.node)) == 1
    first: list[tuple[Node, Node]] = [(partial(output, v, ordinary=alone), written(slopes[v.name].node)) for v in by]
    entries = [
        Entry(
            whole,
            first[a][1],
            (by[a], by[b]),
            partial(output, by[a], by[b], ordinary=alone),
            written(found[by[a].name][by[b].name].node),
            (a, b),
        )
        for a, b in combinations_with_replacement(range(len(by)), 2)
    ]
    question = (
        message("What are the second derivatives of {output}?", output=output),
        message("What are the second derivatives of {output} where {point}?", output=output, point=""),
    )
    return MatrixStory(question, formula, [(output, whole)], entries, found).told(first)


def told_jacobian(found: Jacobian) -> Working:
    """Return the working of the derivatives of several formulas; ``at`` puts numbers in."""
    like = found[0].formula
    taken = {*like.arguments}
    letter = free_letter("fghFGH", taken)
    functions: list[tuple[Symbol, Node]] = []
    entries: list[Entry] = []
    for row, slopes in enumerate(found):
        written = writer_of(slopes.formula)
        name = symbol(f"{letter}_{row + 1}") if len(found) > 1 else symbol(letter)
        functions.append((name, written(slopes.formula.node)))
        for column, variable in enumerate(map(symbol, slopes)):
            alone = len(free_symbols(slopes.formula.node)) == 1
            entries.append(
                Entry(
                    functions[-1][1],
                    functions[-1][1],
                    (variable,),
                    partial(name, variable, ordinary=alone),
                    written(slopes[variable.name].node),
                    (row, column),
                )
            )
    names = listed([name for name, _ in functions])
    places = {"functions": names, "variables": listed([symbol(name) for name in found.variables])}
    question = (
        message("How does each of {functions} change with each of {variables}?", **places),
        message("How does each of {functions} change with each of {variables} where {point}?", **places, point=""),
    )
    return MatrixStory(question, like, functions, entries, found).told()
