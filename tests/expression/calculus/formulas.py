"""Random formulas over the whole table of operations, and the same in SymPy, which shares no code with us."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import mpmath
import sympy
from hypothesis import strategies as st

from workings.expression import OPERATIONS, Apply, Node, Number, Symbol, as_node, postorder

x, y, z = (Symbol(name) for name in "xyz")
VARIABLES = (x, y, z)

_ELSEWHERE = {"sum", "mean", "floor", "iverson", "normal_quantile"}  # with tests of their own, or drawn in another way
_CONDITIONS = {"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation"}
_FUNCTIONS = [name for name, row in OPERATIONS.items() if row.arity and name not in _ELSEWHERE | _CONDITIONS]
_OPERATIONS = _FUNCTIONS + ["add", "subtract", "multiply", "divide"] * 4 + ["whole power"] * 4 + ["of the sigmoid"]
_NUMBERS = [1, 2, 3, 5, -1, -2, Fraction(1, 2), Fraction(-1, 3), Fraction(3, 2), 0.5, 0.25, 2.5]
_EXPONENTS = [2, 3, -1, -2, Fraction(1, 2), Fraction(-3, 2)]
_DENOMINATORS = {"x": 1499, "y": 1511, "z": 1523}  # primes: no two coordinates are ever the same
_LEAVES = [x, x, y, z] * 4 + [as_node(number) for number in _NUMBERS] + [Apply("pi", ()), Apply("e", ())]


def corpus(start: int, count: int, parts: int = 5) -> list[Node]:
    """Return so many different formulas of x, y and z, with up to so many operations: another start, other formulas."""
    found: dict[Node, None] = {}
    random = Random(start)
    while len(found) < count:
        found[random_formula(random, parts)] = None
    return list(found)


def formulas(parts: int = 5) -> st.SearchStrategy[Node]:
    """The same formulas, drawn and shrunk by Hypothesis."""
    return st.randoms(use_true_random=False).map(lambda random: random_formula(random, parts))


def random_formula(random: Random, parts: int) -> Node:
    """Return a formula: the four operations and powers often, every other in the table alike."""
    return _grown(random, random.randint(1, parts))


def _grown(random: Random, parts: int) -> Node:
    if parts <= 0:
        return random.choice(_LEAVES)
    name = random.choice(_OPERATIONS)
    arity = {"compared": 2, "whole power": 1, "of the sigmoid": 1}.get(name) or OPERATIONS[name].arity
    shares = [random.randint(0, parts - 1) for _ in range(arity)]
    spread = sum(shares) or 1
    args = [_grown(random, share * (parts - 1) // spread) for share in shares]
    if name == "whole power":
        return args[0] ** random.choice(_EXPONENTS)
    if name == "where":
        condition = Apply(random.choice(["less", "at_least"]), (random.choice(VARIABLES), args[0]))
        return Apply("where", (condition, args[1], args[2]))
    if name == "polygamma":
        return Apply(name, (as_node(random.randint(0, 2)), args[1]))
    if name == "of the sigmoid":
        return Apply("normal_quantile", (Apply("sigmoid", (args[0],)),))
    return Apply(name, args)


def random_points(random: Random, count: int) -> list[dict[str, Fraction]]:
    """Return points at which to compare: no special values, so that kinks and poles are met by chance only."""
    return [
        {name: Fraction(random.randrange(-3001, 3001, 2), below) for name, below in _DENOMINATORS.items()}
        for _ in range(count)
    ]


def points() -> st.SearchStrategy[dict[str, Fraction]]:
    """The same points, drawn by Hypothesis."""
    return st.randoms(use_true_random=False).map(lambda random: random_points(random, 1)[0])


class Step(sympy.Function):
    """A step, whose derivative is 0 wherever it has one."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Quantile(sympy.Function):
    """The quantile of the normal distribution, whose derivative is one over the density."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.sqrt(2 * sympy.pi) * sympy.exp(Quantile(self.args[0]) ** 2 / 2)


class LogSize(sympy.Function):
    """log|Γ(x)|, whose derivative is ψ(x)."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.digamma(self.args[0])


class CubeRoot(sympy.Function):
    """The real cube root."""

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (3 * CubeRoot(self.args[0]) ** 2)


def _size(a: Any) -> Any:
    return sympy.Piecewise((a, a > 0), (-a, True))


_CIRCULAR = ("sin", "cos", "tan", "asin", "acos", "atan", "atan2")
_IN_SYMPY: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negate": lambda a: -a,
    "power": lambda a, b: a**b,
    "sqrt": sympy.sqrt,
    "cbrt": CubeRoot,
    "absolute": _size,
    "sign": Step,
    "maximum": lambda a, b: sympy.Piecewise((a, a > b), (b, True)),
    "minimum": lambda a, b: sympy.Piecewise((a, a < b), (b, True)),
    "relu": lambda a: sympy.Piecewise((a, a > 0), (0, True)),
    "exp": sympy.exp,
    "expm1": lambda a: sympy.exp(a) - 1,
    "log": sympy.log,
    "log1p": lambda a: sympy.log(1 + a),
    "log2": lambda a: sympy.log(a) / sympy.log(2),
    "log10": lambda a: sympy.log(a) / sympy.log(10),
    "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
    "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
    "erf": sympy.erf,
    "erfc": sympy.erfc,
    "gamma": sympy.gamma,
    "loggamma": LogSize,
    "digamma": sympy.digamma,
    "polygamma": sympy.polygamma,
    "normal_pdf": lambda a: sympy.exp(-(a**2) / 2) / sympy.sqrt(2 * sympy.pi),
    "normal_cdf": lambda a: (1 + sympy.erf(a / sympy.sqrt(2))) / 2,
    "normal_quantile": Quantile,
    "pi": lambda: sympy.pi,
    "e": lambda: sympy.E,
    "less": lambda a, b: a < b,
    "at_least": lambda a, b: a >= b,
    "where": lambda c, a, b: sympy.Piecewise((a, c), (b, True)),
} | {name: getattr(sympy, name) for name in (*_CIRCULAR, *(name + "h" for name in _CIRCULAR if name != "atan2"))}


def _quantile(p: Any) -> Any:
    with mpmath.extradps(60):  # 2p - 1 is near 1 or -1
        return mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)


def in_sympy(node: Node) -> Any:
    """Return the same expression in SymPy."""
    built: dict[Node, Any] = {}
    for part in postorder(node):
        if isinstance(part, Number):
            built[part] = sympy.Rational(Fraction(part.value).numerator, Fraction(part.value).denominator)
        elif isinstance(part, Symbol):
            built[part] = sympy.Symbol(part.name, real=True)
        else:
            assert isinstance(part, Apply)
            built[part] = _IN_SYMPY[part.operation.name](*(built[arg] for arg in part.args))
    return built[node]


def derivative_in_sympy(node: Node, variables: str, point: dict[str, Fraction], *, digits: int) -> Any:
    """Return the value of SymPy's derivative by one variable after another, NaN where SymPy finds none."""
    try:
        expression = sympy.diff(in_sympy(node), *(sympy.Symbol(name, real=True) for name in variables))
    except TypeError:  # a condition on a number that is not real, such as acos(2)
        return mpmath.nan
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        return mpmath.nan
    names = sorted(point)
    ways = {
        "Step": mpmath.sign,
        "Quantile": _quantile,
        "LogSize": lambda a: mpmath.re(mpmath.loggamma(a)),
        "CubeRoot": lambda a: mpmath.sign(a) * mpmath.cbrt(abs(a)),
    }
    function = sympy.lambdify([sympy.Symbol(name, real=True) for name in names], expression, modules=[ways, "mpmath"])
    with mpmath.workdps(digits):
        try:
            value = mpmath.mpmathify(function(*(as_mpf(point[name]) for name in names)))
        except ZeroDivisionError:
            return mpmath.nan
        return value.real if abs(value.imag) <= abs(value.real) * mpmath.mpf(10) ** -(digits // 2) else mpmath.nan


def as_mpf(value: Fraction) -> Any:
    """Return a fraction as a number of mpmath, at its present precision."""
    return mpmath.mpf(value.numerator) / value.denominator
