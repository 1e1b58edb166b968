"""Which rules of differentiation give a partial derivative, by name, as a teacher would write them beside the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workings.expression import OPERATIONS, Apply, Node, Symbol, free_symbols
from workings.language import Message, message
from workings.subjects.chain_rule.explain_terms import factors, terms

__all__ = ["RULES", "listed", "rules_of", "title_of"]

# By the name of a rule in the table of operations, and by those that stand for how an operation is used.
RULES: dict[str, Message] = {
    "constant": message("constant"),
    "itself": message("a variable by itself"),
    "sum": message("sum rule"),
    "difference": message("sum rule"),
    "negative": message("factor -1"),
    "constant_factor": message("constant factor"),
    "product": message("product rule"),
    "quotient": message("quotient rule"),
    "reciprocal": message("reciprocal rule"),
    "power": message("power rule"),
    "power_of_both": message("base and exponent both vary"),
    "exponential": message("exponential"),
    "chain": message("chain rule"),
    "cases": message("case by case"),
    "logarithm": message("logarithm"),
    "square_root": message("square root"),
    "cube_root": message("cube root"),
    "absolute_value": message("absolute value"),
    "sign": message("sign, constant but for a jump"),
    "floor": message("whole part, constant but for jumps"),
    "iverson": message("constant but for jumps"),
    "maximum": message("the larger one counts"),
    "minimum": message("the smaller one counts"),
    "relu": message("rectifier"),
    "sigmoid": message("sigmoid"),
    "softplus": message("softplus"),
    "sine": message("sine"),
    "cosine": message("cosine"),
    "tangent": message("tangent"),
    "inverse_sine": message("inverse sine"),
    "inverse_cosine": message("inverse cosine"),
    "inverse_tangent": message("inverse tangent"),
    "angle": message("angle of a point"),
    "hyperbolic_sine": message("hyperbolic sine"),
    "hyperbolic_cosine": message("hyperbolic cosine"),
    "hyperbolic_tangent": message("hyperbolic tangent"),
    "inverse_hyperbolic_sine": message("inverse hyperbolic sine"),
    "inverse_hyperbolic_cosine": message("inverse hyperbolic cosine"),
    "inverse_hyperbolic_tangent": message("inverse hyperbolic tangent"),
    "error_function": message("error function"),
    "gamma": message("gamma function"),
    "loggamma": message("logarithm of the gamma function"),
    "digamma": message("digamma function"),
    "polygamma": message("polygamma function"),
    "normal_density": message("normal density"),
    "normal_distribution": message("normal distribution"),
    "normal_quantile": message("normal quantile"),
    "sum_over_rows": message("sum over the rows, term by term"),
    "mean_over_rows": message("mean over the rows, term by term"),
}


def title_of(rules: Sequence[str]) -> Message:
    """Return a heading that names rules from the outermost to the innermost.

    Examples
    --------
    >>> from workings.subjects.chain_rule.explain_rules import title_of
    >>> str(title_of(["sum", "power"]))
    'Sum rule, power rule'
    """
    names = list(dict.fromkeys(RULES[rule].sentence for rule in rules))
    return message("{rules:A}", rules=listed([Message(name) for name in names]))


def listed(things: Sequence[object], most: int = 12) -> Message:
    """Return a list in words, separated by commas; of more than ``most`` things only the first few.

    Examples
    --------
    >>> from workings.subjects.chain_rule.explain_rules import listed
    >>> str(listed(["x", "y", "z"])), str(listed("abcdef", most=4))
    ('x, y, z', 'a, b, c and 3 others')
    """
    if not things:
        return message("none")
    if len(things) > most:
        first = listed(things[: most - 1])
        return message("{things} and {count} {count:other|others}", things=first, count=len(things) - most + 1)
    *rest, last = things
    found = message("{only}", only=last)
    for thing in reversed(rest):
        found = message("{first}, {second}", first=thing, second=found)
    return found


def rules_of(body: Node, on: Symbol, moves: Callable[[Node], bool]) -> list[str]:
    """Return the names of the rules by which ``body`` is differentiated by ``on``, from outside in.

    Parameters
    ----------
    body
        What is differentiated.
    on
        By what: a symbol in it.
    moves
        Whether a part varies together with ``on``: of u·v with both moving, ∂/∂u is half of the product rule.
    """
    found: list[str] = []
    here = body
    while here is not on:
        if not isinstance(here, Apply) or on not in free_symbols(here):
            return [*found, "constant"]
        rule, inner = _rule(here, on, moves)
        if not rule:  # a condition, x < 1, in [x < 1]: it has no slope, and the rule before says so
            return found
        found.append(rule)
        if inner is None:
            return found
        if inner is not on and rule in _FUNCTIONS:
            found.append("chain")
        here = inner
    return found or ["itself"]


def _rule(node: Apply, on: Symbol, moves: Callable[[Node], bool]) -> tuple[str, Node | None]:
    """Return the outermost rule, and the part to go on with; None where several parts hold the variable."""
    row = node.operation
    match row.name:
        case "add" | "subtract":
            return "sum", _only([term for _, term in terms(node)], on)
        case "negate":
            inner = node.args[0]
            return "negative", inner
        case "multiply":
            every = factors(node)
            inner = _only(every, on)
            others = [part for part in every if part is not inner and moves(part)]
            return (
                ("product", None if inner is None else inner) if others or inner is None else ("constant_factor", inner)
            )
        case "divide":
            return _of_quotient(node, on, moves)
        case "power":
            base, exponent = node.args
            if on not in free_symbols(exponent):
                return "power", base
            return ("exponential", exponent) if on not in free_symbols(base) else ("power_of_both", None)
        case _:
            return row.rule, _only(node.args, on)


def _of_quotient(node: Apply, on: Symbol, moves: Callable[[Node], bool]) -> tuple[str, Node | None]:
    over, under = node.args
    inner = _only((over, under), on)
    if inner is over:
        return ("quotient" if moves(under) else "constant_factor"), inner
    return ("reciprocal" if inner is under and not moves(over) else "quotient"), inner


def _only(parts: Sequence[Node], on: Symbol) -> Node | None:
    """Return the one part that holds the variable, None if several do."""
    found = [part for part in parts if on in free_symbols(part)]
    return found[0] if len(found) == 1 else None


_FUNCTIONS = {row.rule for row in OPERATIONS.values()} - {"sum", "difference", "product", "quotient", "negative", ""}
