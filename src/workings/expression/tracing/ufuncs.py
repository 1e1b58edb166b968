"""NumPy's and SciPy's elementwise functions (ufuncs) as operations of the table."""

from __future__ import annotations

from collections.abc import Callable

from workings.expression.nodes import Apply, Node, Number, as_node
from workings.expression.tracing.refusals import refusal
from workings.language import message

__all__ = ["CONDITIONS", "UFUNCS", "as_condition", "as_number", "is_condition", "operation"]

Builder = Callable[..., Node]

_COMPARISONS = ("equal", "different", "less", "at_most", "greater", "at_least")
_CONNECTIVES = ("both", "either", "negation")
CONDITIONS = frozenset(_COMPARISONS + _CONNECTIVES)


def is_condition(node: Node) -> bool:
    """Whether a node is true or false rather than a number."""
    if isinstance(node, Apply):
        return node.operation.name in CONDITIONS
    return isinstance(node, Number) and isinstance(node.value, bool)


def as_number(node: Node) -> Node:
    """Return a number for a condition, as NumPy counts it: 1 where it holds, else 0."""
    if isinstance(node, Number) and isinstance(node.value, bool):
        return Number(int(node.value))
    return Apply("iverson", (node,)) if is_condition(node) else node


def as_condition(node: Node) -> Node:
    """Return a condition for a number or a truth value, as NumPy takes it: whatever is not 0 holds."""
    if isinstance(node, Apply) and is_condition(node):
        return node
    return Apply("different", (as_number(node), Number(0)))


def operation(name: str) -> Builder:
    """Return what builds an operation on numbers, in which conditions count 1 or 0."""

    def build(*args: Node) -> Node:
        return Apply(name, [as_number(arg) for arg in args])

    return build


def _connective(name: str) -> Builder:
    def build(*args: Node) -> Node:
        return Apply(name, [as_condition(arg) for arg in args])

    return build


def _bitwise(name: str) -> Builder:
    """Return what builds & | ~, which join conditions alone: of numbers they are something else."""

    def build(*args: Node) -> Node:
        if not all(is_condition(arg) for arg in args):
            raise refusal(
                message("formula: & | ~ must join conditions; got {code}; try parentheses: (a < b) & (b < c)"), "&"
            )
        return Apply(name, [as_condition(arg) for arg in args])

    return build


def _composed(formula: Callable[..., Node]) -> Builder:
    def build(*args: Node) -> Node:
        return formula(*map(as_number, args))

    return build


def _pi() -> Node:
    return Apply("pi", ())


def _where(condition: Node, a: Node, b: Node) -> Node:
    return Apply("where", (condition, a, b))


def _equal(a: Node, b: Node) -> Node:
    return Apply("equal", (a, b))


def _heaviside(x: Node, middle: Node) -> Node:
    # By the sign, so that NaN stays NaN.
    return _where(_equal(x, Number(0)), middle, (1 + Apply("sign", (x,))) / 2)


def _log_add_exp(a: Node, b: Node) -> Node:
    """Return log(exp(a) + exp(b)), which overflows from a = 710 on, by a + softplus(b - a)."""
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Number) and one.value == 0:
            return Apply("softplus", (other,))
    return a + Apply("softplus", (b - a,))


def _times_log(x: Node, log: Node) -> Node:
    return _where(_equal(x, Number(0)), Number(0), x * log)


# Each row of the table that NumPy or SciPy has as a ufunc, by their name for it.
_SAME = {
    "add": "add",
    "subtract": "subtract",
    "multiply": "multiply",
    "divide": "divide",
    "negative": "negate",
    "power": "power",
    "float_power": "power",
    "absolute": "absolute",
    "fabs": "absolute",
    "sign": "sign",
    "sqrt": "sqrt",
    "cbrt": "cbrt",
    "exp": "exp",
    "expm1": "expm1",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "log10": "log10",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "maximum": "maximum",
    "minimum": "minimum",
    "equal": "equal",
    "not_equal": "different",
    "less": "less",
    "less_equal": "at_most",
    "greater": "greater",
    "greater_equal": "at_least",
    "expit": "sigmoid",
    "erf": "erf",
    "erfc": "erfc",
    "gamma": "gamma",
    "gammaln": "loggamma",
    "loggamma": "loggamma",
    "psi": "digamma",
    "digamma": "digamma",
    "polygamma": "polygamma",
    "ndtr": "normal_cdf",
    "ndtri": "normal_quantile",
}
_COMPOSED: dict[str, Callable[..., Node]] = {
    "positive": lambda x: x,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "exp2": lambda x: as_node(2) ** x,
    "exp10": lambda x: as_node(10) ** x,
    "deg2rad": lambda x: x * _pi() / 180,
    "radians": lambda x: x * _pi() / 180,
    "rad2deg": lambda x: x * 180 / _pi(),
    "degrees": lambda x: x * 180 / _pi(),
    "logaddexp": _log_add_exp,
    "heaviside": _heaviside,
    "clip": lambda x, low, high: Apply("minimum", (Apply("maximum", (x, low)), high)),
    "logit": lambda p: Apply("log", (p / (1 - p),)),
    # log(σ(x)) is -∞ from x = -746 on.
    "log_expit": lambda x: -Apply("softplus", (-x,)),
    "xlogy": lambda x, y: _times_log(x, Apply("log", (y,))),
    "xlog1py": lambda x, y: _times_log(x, Apply("log1p", (y,))),
}

UFUNCS: dict[str, Builder] = {
    **{name: operation(row) for name, row in _SAME.items()},
    **{name: _composed(build) for name, build in _COMPOSED.items()},
    "logical_and": _connective("both"),
    "logical_or": _connective("either"),
    "logical_not": _connective("negation"),
    "bitwise_and": _bitwise("both"),
    "bitwise_or": _bitwise("either"),
    "invert": _bitwise("negation"),
}
