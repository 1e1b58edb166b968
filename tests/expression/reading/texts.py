"""Random expressions that formula text can say, and random text."""

from __future__ import annotations

from hypothesis import strategies as st

from workings.expression import OPERATIONS, Apply, Node, Symbol
from workings.expression.reading import parse

PLAIN = ["x", "y", "xy", "x_1", "x_max", "beta_1", "sigma", "gamma", "Phi", "pi_2", "pi_beta", "x_", "alpha_beta"]
PLAIN += ["재현율", "ŷ", "x̄", "Δx", "learning_rate", "x12", "λόγος"]
QUOTED = [
    "mean radius",
    "e",
    "pi",
    "sin",
    "max",
    "mean",
    "a`b",
    "1st",
    "or",
    "if",
    "σ",
    "u'",
    "50 %",
    "x y",
    "😀",
    "ах",
    "|",
]
DIGITS = ["0", "1", "2", "10", "12", "1234", "1.5", "0.50", ".5", "5.", "1e-3", "1.2E5", "1e-05", "2·10³", "3×10⁻²"]
DIGITS += ["100.0", "1e0", "1e22", "123456789012345678901234567890", "0.1e-300"]

_COMPARISONS = ["less", "at_most", "greater", "at_least", "equal", "different"]
_JOINING = ["both", "either"]
_OF_CONDITIONS = [*_COMPARISONS, *_JOINING, "negation", "where", "iverson"]
_OF_VALUES = [row for row in OPERATIONS.values() if row.arity and row.name not in _OF_CONDITIONS]
_ARITHMETIC = [OPERATIONS[name] for name in ("add", "subtract", "multiply", "divide", "power", "negate")]
_CONSTANTS = [Apply("pi", ()), Apply("e", ())]


def numbers() -> st.SearchStrategy[Node]:
    """Numbers as they can be typed."""
    floats = st.floats(0, allow_infinity=False, allow_nan=False).map(repr)
    integers = st.integers(0, 10**40).map(str)
    return st.one_of(st.sampled_from(DIGITS), floats, integers).map(lambda text: parse(text).root)


@st.composite
def expressions(draw: st.DrawFn, names: list[str]) -> Node:
    """A tree of anything that formula text can say, with these names: built from its leaves up, as on a stack."""
    leaves = st.one_of(st.sampled_from([Symbol(name) for name in names]), numbers(), st.sampled_from(_CONSTANTS))
    values = [draw(leaves)]
    conditions: list[Node] = []
    for _ in range(draw(st.integers(0, 12))):
        step = draw(st.sampled_from(["leaf", "arithmetic", "arithmetic", "call", "compare", "join", "where"]))
        if step == "compare":
            conditions.append(Apply(draw(st.sampled_from(_COMPARISONS)), (values[-1], draw(leaves))))
        elif step == "join" and conditions:
            name = draw(st.sampled_from([*_JOINING, "negation"]))
            joined = (conditions[-1], draw(st.sampled_from(conditions)))
            conditions.append(Apply(name, joined[: OPERATIONS[name].arity]))
        elif step == "where" and conditions:
            condition = conditions.pop()
            values.append(
                draw(st.sampled_from([Apply("where", (condition, *_two(values))), Apply("iverson", (condition,))]))
            )
        elif step in ("arithmetic", "call"):
            row = draw(st.sampled_from(_ARITHMETIC if step == "arithmetic" else _OF_VALUES))
            args = draw(st.permutations(_two(values)))[: row.arity]
            values.append(Apply(row, args))
        else:
            values.append(draw(leaves))
    return values[-1]


def _two(values: list[Node]) -> tuple[Node, Node]:
    return values[-1], values[-2] if len(values) > 1 else values[-1]


PIECES = [*"+-*/^()|[],;=<>·×−√²³₁π σ\n`'.", "**", "<=", "!=", "⁻¹", "and ", "or ", "not ", " if ", " else ", "where("]
PIECES += ["sin(", "max(", "log₂(", "Φ⁻¹(", "sum(", "sin ", "e", "x", "y", "u = ", "x_1", "`a b`", "2", "1.5", "1e-3"]
PIECES += ["2·10³", "0", "\u202e", "\x00", "\ud800", "ａ", "а", "½", "π(", "x(", "\u0301", "ㆍ", "ﬁ"]


def texts() -> st.SearchStrategy[str]:
    """Text that is a formula now and then."""
    return st.one_of(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(max_size=20))
