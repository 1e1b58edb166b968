"""Eight float64 numbers side by side, as values with operators: what is written with them becomes LLVM instructions.

A function of lanes reads as its formula, and calling it writes the instructions of one step of a vector loop. The
instructions are LLVM's portable ones: with AVX-512 eight numbers are one register, with AVX2 two, with NEON four.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workings.expression.compiling.lanes.writer import Writer

__all__ = [
    "DOUBLES",
    "INTEGERS",
    "LANES",
    "TRUTHS",
    "Integers",
    "Lanes",
    "Truths",
    "double",
    "truths",
]

LANES: Final = 8
DOUBLES: Final = f"<{LANES} x double>"
INTEGERS: Final = f"<{LANES} x i64>"
TRUTHS: Final = f"<{LANES} x i1>"


@dataclass(frozen=True, eq=False, slots=True)
class Lanes:
    """Eight float64 numbers. Comparisons with NaN are false, but for ``differs``, which is true."""

    writer: Writer
    text: str

    def _number(self, value: Lanes | float) -> str:
        return value.text if isinstance(value, Lanes) else double(value)

    def _new(self, operation: str, *operands: Lanes | float) -> Lanes:
        given = ", ".join(map(self._number, operands))
        return Lanes(self.writer, self.writer.value(f"{operation} {DOUBLES} {given}"))

    def __add__(self, other: Lanes | float) -> Lanes:
        return self._new("fadd", self, other)

    def __radd__(self, other: float) -> Lanes:
        return self._new("fadd", other, self)

    def __sub__(self, other: Lanes | float) -> Lanes:
        return self._new("fsub", self, other)

    def __rsub__(self, other: float) -> Lanes:
        return self._new("fsub", other, self)

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self._new("fmul", self, other)

    def __rmul__(self, other: float) -> Lanes:
        return self._new("fmul", other, self)

    def __truediv__(self, other: Lanes | float) -> Lanes:
        return self._new("fdiv", self, other)

    def __rtruediv__(self, other: float) -> Lanes:
        return self._new("fdiv", other, self)

    def __neg__(self) -> Lanes:
        value = self._new("fneg", self)
        self.writer.negated[value.text] = self
        return value

    def __abs__(self) -> Lanes:
        positive = self.writer.negated.get(self.text, self)  # |-x| is |x|, which may stand there already
        return self.writer.call(f"llvm.fabs.v{LANES}f64", positive)

    def __gt__(self, other: Lanes | float) -> Truths:
        return self._compare("ogt", other)

    def __ge__(self, other: Lanes | float) -> Truths:
        return self._compare("oge", other)

    def __lt__(self, other: Lanes | float) -> Truths:
        return self._compare("olt", other)

    def __le__(self, other: Lanes | float) -> Truths:
        return self._compare("ole", other)

    def equals(self, other: Lanes | float) -> Truths:
        """Whether equal."""
        return self._compare("oeq", other)

    def differs(self, other: Lanes | float) -> Truths:
        """Whether different; NaN differs from everything."""
        return self._compare("une", other)

    def _compare(self, relation: str, other: Lanes | float) -> Truths:
        return Truths(self.writer, self.writer.value(f"fcmp {relation} {DOUBLES} {self.text}, {self._number(other)}"))

    def constant(self, value: float) -> Lanes:
        """Return a number in every lane."""
        return Lanes(self.writer, double(value))

    def at_most(self, bound: float) -> Lanes:
        """Return the smaller of it and a bound; NaN stays."""
        return (self > bound).choose(bound, self)

    def at_least(self, bound: float) -> Lanes:
        """Return the larger of it and a bound; NaN stays."""
        return (self < bound).choose(bound, self)

    def sqrt(self) -> Lanes:
        """Return the square root, rounded once."""
        return self.writer.call(f"llvm.sqrt.v{LANES}f64", self)

    def floor(self) -> Lanes:
        """Return the largest integer that is not above it."""
        return self.writer.call(f"llvm.floor.v{LANES}f64", self)

    def with_sign_of(self, other: Lanes) -> Lanes:
        """Return its magnitude with another's sign."""
        return self.writer.call(f"llvm.copysign.v{LANES}f64", self, other)

    def times_plus(self, factor: Lanes | float, summand: Lanes | float) -> Lanes:
        """Return self·factor + summand, rounded once where the machine can, else twice."""
        operands = [Lanes(self.writer, self._number(v)) for v in (self, factor, summand)]
        return self.writer.call(f"llvm.fmuladd.v{LANES}f64", *operands)

    def less(self, a: Lanes | float, b: Lanes | float) -> Lanes:
        """Return self - a·b, rounded once where the machine can, and where the difference cancels."""
        first, second = (Lanes(self.writer, self._number(v)) for v in (a, b))
        if self.writer.skills.fused:
            return (-first).times_plus(second, self)
        product, lost = first.times(second)
        return (self - product) - lost

    def times(self, factor: Lanes | float) -> tuple[Lanes, Lanes]:
        """Return the rounded product and what the rounding lost.

        Source: Dekker (1971), "A floating-point technique for extending the available precision", section 5, where
        there is no fused operation.
        """
        other = Lanes(self.writer, self._number(factor))
        product = self * other
        if self.writer.skills.fused:
            return product, self.writer.call(f"llvm.fma.v{LANES}f64", self, other, -product)
        (a, b), (c, d) = self._halves(), other._halves()
        return product, ((a * c - product) + a * d + b * c) + b * d

    def _halves(self) -> tuple[Lanes, Lanes]:
        """Return two numbers of 26 bits whose sum it is."""
        bits = self.bits() & -(1 << 27)
        high = bits.doubles()
        return high, self - high

    def bits(self) -> Integers:
        """Return the bits as integers."""
        return Integers(self.writer, self.writer.value(f"bitcast {DOUBLES} {self.text} to {INTEGERS}"))


@dataclass(frozen=True, eq=False, slots=True)
class Integers:
    """Eight integers of 64 bits."""

    writer: Writer
    text: str

    def _new(self, operation: str, other: Integers | int) -> Integers:
        second = other.text if isinstance(other, Integers) else _integers(other)
        return Integers(self.writer, self.writer.value(f"{operation} {INTEGERS} {self.text}, {second}"))

    def __add__(self, other: Integers | int) -> Integers:
        return self._new("add", other)

    def __sub__(self, other: Integers | int) -> Integers:
        return self._new("sub", other)

    def __neg__(self) -> Integers:
        return Integers(self.writer, self.writer.value(f"sub {INTEGERS} {_integers(0)}, {self.text}"))

    def __and__(self, other: Integers | int) -> Integers:
        return self._new("and", other)

    def __or__(self, other: Integers | int) -> Integers:
        return self._new("or", other)

    def __xor__(self, other: Integers | int) -> Integers:
        return self._new("xor", other)

    def __lshift__(self, places: int) -> Integers:
        return self._new("shl", places)

    def __rshift__(self, places: int) -> Integers:
        """Return it divided by 2^places, as if it had no sign."""
        return self._new("lshr", places)

    def equals(self, other: int) -> Truths:
        """Whether equal."""
        return Truths(self.writer, self.writer.value(f"icmp eq {INTEGERS} {self.text}, {_integers(other)}"))

    def doubles(self) -> Lanes:
        """Return the numbers that have these bits."""
        return Lanes(self.writer, self.writer.value(f"bitcast {INTEGERS} {self.text} to {DOUBLES}"))


@dataclass(frozen=True, eq=False, slots=True)
class Truths:
    """Eight truth values."""

    writer: Writer
    text: str

    def __and__(self, other: Truths) -> Truths:
        return Truths(self.writer, self.writer.value(f"and {TRUTHS} {self.text}, {other.text}"))

    def __or__(self, other: Truths) -> Truths:
        return Truths(self.writer, self.writer.value(f"or {TRUTHS} {self.text}, {other.text}"))

    def __invert__(self) -> Truths:
        return Truths(self.writer, self.writer.value(f"xor {TRUTHS} {self.text}, {truths(True)}"))

    def choose(self, a: Lanes | float, b: Lanes | float) -> Lanes:
        """Return a where true, else b."""
        first, second = (value.text if isinstance(value, Lanes) else double(value) for value in (a, b))
        return Lanes(
            self.writer,
            self.writer.value(f"select {TRUTHS} {self.text}, {DOUBLES} {first}, {DOUBLES} {second}"),
        )


@cache
def double(value: float) -> str:
    """Return a number in every lane, by its bits."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return _repeated("double", f"0x{bits:016X}")


@cache
def _integers(value: int) -> str:
    return _repeated("i64", str(value))


@cache
def truths(value: bool) -> str:
    """Return a truth value in every lane."""
    return _repeated("i1", "true" if value else "false")


def _repeated(kind: str, text: str) -> str:
    return f"<{', '.join([f'{kind} {text}'] * LANES)}>"
