"""Checking what is put in for the symbols: that it is the statement, and that each number stands there by right."""

from __future__ import annotations

import math
from typing import Any

from workings.errors import InputError, WorkingError
from workings.expression import (
    Apply,
    Elided,
    Indexed,
    Node,
    Number,
    Reduction,
    evaluate,
    free_symbols,
    postorder,
    substitute,
)
from workings.language import message
from workings.working.digits import read, rounding
from workings.working.precision import precise
from workings.working.values import TrueValues

__all__ = ["LEAST_APART", "check_numbers_put_in", "worth_its_digits"]

_JOINS = {"sum": "add", "product": "multiply", "minimum": "minimum", "maximum": "maximum"}
# A kernel's value whose digits are shown may itself be rounded, by far less than the last digit.
_KERNEL_ROUNDING = 1e-6
LEAST_APART = 2.0**-1074
"""How far apart floats below 2.2e-308 stand: that e^-1000 is rounded to 0 is no mistake."""


def check_numbers_put_in(key: str, symbols: Node, numbers: Node, values: TrueValues) -> None:
    """See that ``numbers`` is ``symbols`` with numbers put in, each of them what stands there to its last digit.

    Raises
    ------
    WorkingError
        If it is another expression, or a number is wrong; the message names the line and both.
    """
    waiting = [(symbols, numbers)]
    seen = set[tuple[Node, Node]]()
    while waiting:
        a, b = pair = waiting.pop()
        if a is b or pair in seen:  # what stands in many places is one part, and is checked once
            continue
        seen.add(pair)
        if isinstance(b, Number):
            _check_number(key, a, b, values)
        elif isinstance(a, Reduction):
            waiting.extend(_terms(key, a, b, values))
        elif type(a) is type(b) and len(a.children) == len(b.children) and a.rebuilt(b.children) is b:
            waiting.extend(zip(a.children, b.children, strict=True))
        else:
            raise _not_the_statement(key, a, b)


def worth_its_digits(node: Node, values: TrueValues) -> Node:
    """Return ``node`` with each number worth the digits shown for it, and long sums worth what a recount gives.

    The recount has the data, and the digits shown for what stands in every term alike, such as m and b.
    """
    worth: dict[Node, Node] = {}
    for part in postorder(node):
        if isinstance(part, Elided):
            worth[part] = Number(values.total(part.reduction, _shown_in_every_term(part)))
        elif isinstance(part, Number) and math.isfinite(part.value):
            worth[part] = Number(read(part.text))
    return substitute(node, worth)


def _shown_in_every_term(shortened: Elided) -> dict[Node, Node]:
    """Return the digits shown in a term for what does not depend on which term it is; sums in it are left out."""
    found: dict[Node, Node] = {}
    index = shortened.reduction.index
    waiting = [(shortened.reduction.body, shortened.first[0])] if shortened.first else []
    while waiting:
        a, b = waiting.pop()
        if isinstance(a, Number | Reduction):
            continue
        if isinstance(b, Number):
            if index not in free_symbols(a) and math.isfinite(b.value):
                found[a] = Number(float(read(b.text)))
        elif len(a.children) == len(b.children):
            waiting.extend(zip(a.children, b.children, strict=True))
    return found


def _terms(key: str, reduction: Reduction, numbers: Node, values: TrueValues) -> list[tuple[Node, Node]]:
    """Return the terms of a sum beside those that are shown for it."""
    lower, upper = (int(evaluate(bound, values.floats)) for bound in (reduction.lower, reduction.upper))
    places: list[tuple[int, Node]] = []
    # A sum of one term is that term, which may itself be a long sum in short.
    if isinstance(numbers, Elided) and (lower < upper or numbers.reduction is reduction):
        if numbers.reduction is not reduction:
            raise _not_the_statement(key, reduction, numbers.reduction)
        places += zip(range(lower, upper + 1), numbers.first, strict=False)
        places += zip(range(upper, lower - 1, -1), reversed(numbers.last), strict=False)
    else:
        for k in range(upper, lower, -1):
            if not isinstance(numbers, Apply) or numbers.operation.name != _JOINS[reduction.kind]:
                raise _not_the_statement(key, reduction, numbers)
            numbers, term = numbers.args
            places.append((k, term))
        places.append((lower, numbers))
    return [(substitute(reduction.body, {reduction.index: Number(k)}), term) for k, term in places]


def _check_number(key: str, symbols: Node, number: Number, values: TrueValues) -> None:
    # Only what was given or derived is put in; x + 1 that was not may not turn up as its value.
    if not (values.knows(symbols) or isinstance(symbols, Indexed | Reduction)):
        raise _not_the_statement(key, symbols, number)
    try:
        true = precise(evaluate(symbols, values.exact, arithmetic="mpmath"))
    except InputError as cause:
        raise _not_the_statement(key, symbols, number) from cause
    finite = math.isfinite(number.value)
    says = precise(read(number.text)) if finite else precise(number.value)
    near: Any = precise(0)
    if finite:
        near = precise(rounding(number)) * (1 + precise(_KERNEL_ROUNDING)) + LEAST_APART + values.off(symbols)
    # What a line shows of a difference of which few digits are left, 2.4·10⁻¹² of two numbers near 54, was held against
    # the true value there, and is what the reader puts in.
    if true != says and not abs(true - says) <= near and not values.saw(symbols, number.text):
        raise WorkingError(
            message(
                "verify: line {key}: {number} is put in for {symbols}, which is {true}",
                key=key,
                number=number.text,
                symbols=str(symbols),
                true=true.context.nstr(true, 15),
            )
        )


def _not_the_statement(key: str, expected: Node, got: Node) -> WorkingError:
    return WorkingError(
        message(
            "verify: line {key}: {expected} must stand there with its numbers in; got {got}",
            key=key,
            expected=str(expected),
            got=str(got),
        )
    )
