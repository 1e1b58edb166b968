"""Random expressions, and names that come from outside."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from workings.expression import (
    Node,
    absolute,
    as_node,
    at_least,
    both,
    cbrt,
    different,
    e,
    either,
    equation,
    exp,
    gamma,
    indexed,
    integral,
    iverson,
    less,
    log,
    maximum,
    mean_rows,
    negation,
    normal_quantile,
    partial,
    pi,
    polygamma,
    sigmoid,
    smallest,
    sqrt,
    sum_rows,
    symbol,
    symbols,
    total,
    where,
)

x, y, z, i, n = symbols("x y z i n")

HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" & 'single'",
    "재현율",
    "😀 emoji",
    "two\nlines\r\tand a tab",
    r"\end{document} $x^2$ {~} 50% #1 & _",
    "=1+1",
    "",
    " ",
    "\x00\x1b[31mred\x07",
    "a\u202eb\u2028c",
    "lone \ud800 surrogate",
    "]]>",
    "lambda",
    "__import__('os')",
    "exp",
]


def integers_only() -> st.SearchStrategy[Node]:
    """Sums, differences and products of integers: exact in every arithmetic."""
    leaves = st.integers(-(10**12), 10**12).map(as_node)
    return st.recursive(leaves, lambda t: st.one_of(_two(t, "+-*"), t.map(lambda a: -a)), max_leaves=12)


def rationals() -> st.SearchStrategy[Node]:
    """The four operations and whole powers of fractions and floats; division by 0 may happen."""
    leaves = st.one_of(
        st.integers(-9, 9), st.fractions(-3, 3, max_denominator=9), st.floats(-2, 2, width=16, allow_subnormal=False)
    ).map(as_node)
    return st.recursive(
        leaves,
        lambda t: st.one_of(_two(t, "+-*/"), st.tuples(t, st.integers(0, 3)).map(lambda p: p[0] ** p[1])),
        max_leaves=8,
    )


def well_conditioned() -> st.SearchStrategy[Node]:
    """Positive values only, so that nothing cancels and float64 keeps its digits."""
    leaves = st.one_of(st.floats(0.5, 2).map(as_node), st.fractions(Fraction(1, 2), 2).map(as_node))
    one = lambda t: st.one_of(t.map(sqrt), t.map(sigmoid), t.map(lambda a: exp(-a)), t.map(absolute))  # noqa: E731
    return st.recursive(leaves, lambda t: st.one_of(_two(t, "+*/"), one(t)), max_leaves=10)


def arithmetic_of_symbols() -> st.SearchStrategy[Node]:
    """The operators that Python has too; a number stands only beside a name, so that Python folds no constants."""
    leaves = st.sampled_from([x, y, z, x * 2, 3 / y, z - 1, x**2, x * -2, y - -3, z**-1, Fraction(1, 3) * x])
    return st.recursive(
        leaves, lambda t: st.one_of(_two(t, "+-*/^"), st.sampled_from([-x, -(y**2), -(x + z), -(+(-z))])), max_leaves=12
    )


def everything() -> st.SearchStrategy[Node]:
    """Every kind of node, names from outside among them."""
    names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)).map(symbol)
    leaves = st.one_of(
        names,
        st.sampled_from(
            [pi, e, x, y, indexed("x", i), indexed("a", i, 2), symbol("beta_1"), symbol("ŷ"), partial(y, x)]
        ),
        st.sampled_from(
            [
                partial(y, x),
                partial(y, x, z, x),
                partial(x * y, x, held=[y, z]),
                partial(y, x, ordinary=True),
                integral(x * y, x, 0, z),
            ]
        ),
        st.floats().map(as_node),
        st.integers(-99, 99).map(as_node),
        st.fractions(max_denominator=99).map(as_node),
    )

    def grow(t: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        conditions = st.tuples(t, t).map(lambda p: either(both(less(*p), at_least(*p)), negation(different(*p))))
        functions = st.sampled_from(
            [exp, log, sqrt, cbrt, absolute, sigmoid, normal_quantile, gamma, sum_rows, mean_rows, lambda a: -a]
        )
        return st.one_of(
            _two(t, "+-*/^"),
            st.tuples(functions, t).map(lambda p: p[0](p[1])),
            t.map(lambda a: total(a, i, 1, n)),
            t.map(lambda a: smallest(a, i, 1, n)),
            st.tuples(conditions, t, t).map(lambda p: where(*p)),
            st.tuples(t, t).map(lambda p: maximum(*p)),
            st.tuples(t, t).map(lambda p: polygamma(*p)),
            conditions.map(iverson),
        )

    trees = st.recursive(leaves, grow, max_leaves=8)
    return st.one_of(trees, st.tuples(trees, trees).map(lambda p: equation(*p, "≈")))


def _two(t: st.SearchStrategy[Node], operators: str) -> st.SearchStrategy[Node]:
    apply = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "^": lambda a, b: a**b,
    }
    return st.tuples(st.sampled_from(operators), t, t).map(lambda p: apply[p[0]](p[1], p[2]))
