"""Eight float64 numbers side by side, as values with operators: what is written with them becomes LLVM instructions.

A function of lanes reads as its formula, and calling it writes the instructions of one step of a vector loop. The
instructions are LLVM's portable ones: with AVX-512 eight numbers are one register, with AVX2 two, with NEON four.

An instruction that stands there already is not written again. So ``sin(x)`` and ``cos(x)``, each written out on its
own, share their range reduction and their polynomials, and so do all functions of one exponential.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from workings.expression.compiling.library import is_special

__all__ = [
    "DOUBLES",
    "INTEGERS",
    "LANES",
    "TRUTHS",
    "Integers",
    "Lanes",
    "Skills",
    "Truths",
    "Writer",
    "double",
    "each_lane",
    "truths",
]

LANES: Final = 8
DOUBLES: Final = f"<{LANES} x double>"
INTEGERS: Final = f"<{LANES} x i64>"
TRUTHS: Final = f"<{LANES} x i1>"


@dataclass(frozen=True)
class Skills:
    """What a processor can do that not every one can.

    Parameters
    ----------
    fused
        Multiply and add with one rounding.
    scales
        Multiply eight numbers by powers of two, all at once and with one rounding.
    """

    fused: bool = False
    scales: bool = False


@dataclass
class Writer:
    """The instructions of one function, as they are written.

    Parameters
    ----------
    skills
        What the processor can do.
    block
        The block of instructions that is being written.
    prefix
        What the names of values begin with.
    lines
        The instructions.
    declared
        The declarations that they need.
    single
        The functions of single numbers that they call, and how many arguments each takes.
    apart
        The functions of the module that they call, and the step that each computes.
    negated
        For each value that is another's negative, that other.
    """

    skills: Skills = field(default_factory=Skills)
    block: str = "entry"
    prefix: str = "%v"
    lines: list[str] = field(default_factory=list[str])
    declared: set[str] = field(default_factory=set[str])
    single: dict[str, int] = field(default_factory=dict[str, int])
    apart: dict[str, Any] = field(default_factory=dict[str, Any])
    negated: dict[str, Lanes] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict[str, str])
    _count: int = 0

    def name(self) -> str:
        """Return a new name."""
        self._count += 1
        return f"{self.prefix}{self._count}"

    def value(self, instruction: str) -> str:
        """Return the name of what an instruction gives; the same instruction is written once."""
        known = self._known.get(instruction)
        if known is None:
            known = self._known[instruction] = self.name()
            self.lines.append(f"  {known} = {instruction}")
        return known

    def add(self, line: str) -> None:
        """Write an instruction that gives nothing."""
        self.lines.append(f"  {line}")

    def begin(self, block: str) -> None:
        """Begin a block of instructions."""
        self.lines.append(f"{block}:")
        self.block = block

    def cut(self, block: str, never: str, elsewhere: str) -> None:
        """End this block and begin another, in a way that keeps LLVM from joining the two."""
        self.add(f"br i1 {never}, label %{elsewhere}, label %{block}, !prof !0")
        self.begin(block)

    def scale(self, x: Lanes, k: Lanes) -> Lanes:
        """Return x·2^k by the instruction of AVX-512."""
        name = "llvm.x86.avx512.mask.scalef.pd.512"
        self.declared.add(f"declare {DOUBLES} @{name}({DOUBLES}, {DOUBLES}, {DOUBLES}, i8, i32)")
        given = f"{DOUBLES} {x.text}, {DOUBLES} {k.text}, {DOUBLES} zeroinitializer, i8 -1, i32 4"
        return Lanes(self, self.value(f"call {DOUBLES} @{name}({given})"))

    def call(self, function: str, *args: Lanes) -> Lanes:
        """Return what a function of lanes gives: one of LLVM's own, or one that this module declares."""
        self.declared.add(f"declare {DOUBLES} @{function}({', '.join([DOUBLES] * len(args))})")
        given = ", ".join(f"{DOUBLES} {arg.text}" for arg in args)
        return Lanes(self, self.value(f"call {DOUBLES} @{function}({given})"))

    def each_lane(
        self, function: str, *args: Lanes, where: Truths | None = None, otherwise: Lanes | None = None
    ) -> Lanes:
        """Return a function of single numbers, lane by lane; ``otherwise`` in the lanes that are not chosen.

        Where lanes are chosen, none of them is expected: the calls stand outside the loop's straight way.
        """
        self.single[function] = len(args)
        given = ", ".join(f"{DOUBLES} {arg.text}" for arg in args)
        if where is None or otherwise is None:
            return Lanes(self, self.value(f"call {DOUBLES} @lanes.{function}({TRUTHS} {truths(True)}, {given})"))
        bits = self.value(f"bitcast {TRUTHS} {where.text} to i{LANES}")
        some = self.value(f"icmp ne i{LANES} {bits}, 0")
        called, merged, before = self.name(), self.name(), self.block
        rare, join = f"rare{merged[1:]}", f"join{merged[1:]}"
        self.add(f"br i1 {some}, label %{rare}, label %{join}, !prof !0")
        self.begin(rare)
        self.add(f"{called} = call {DOUBLES} @lanes.{function}({TRUTHS} {where.text}, {given})")
        self.add(f"{called}.all = select {TRUTHS} {where.text}, {DOUBLES} {called}, {DOUBLES} {otherwise.text}")
        self.add(f"br label %{join}")
        self.begin(join)
        self.add(f"{merged} = phi {DOUBLES} [ {otherwise.text}, %{before} ], [ {called}.all, %{rare} ]")
        return Lanes(self, merged)


def each_lane(function: str, arity: int) -> str:
    """Return the function that calls a function of single numbers for every lane that is chosen."""
    vectors = ", ".join(f"{DOUBLES} %x{k}" for k in range(arity))
    numbers = ", ".join(f"double %n{k}" for k in range(arity))
    taken = "\n".join(f"  %n{k} = extractelement {DOUBLES} %x{k}, i64 %lane" for k in range(arity))
    return f"""define internal {DOUBLES} @lanes.{function}({TRUTHS} %chosen, {vectors}) noinline nounwind cold {{
entry:
  br label %head
head:
  %lane = phi i64 [ 0, %entry ], [ %next, %done ]
  %value = phi {DOUBLES} [ zeroinitializer, %entry ], [ %new, %done ]
  %more = icmp ult i64 %lane, {LANES}
  br i1 %more, label %look, label %end
look:
  %wanted = extractelement {TRUTHS} %chosen, i64 %lane
  br i1 %wanted, label %ask, label %done
ask:
{taken}
  %number = call double @workings_{function}({numbers}{", i32 0" if is_special(function) else ""})
  %with = insertelement {DOUBLES} %value, double %number, i64 %lane
  br label %done
done:
  %new = phi {DOUBLES} [ %value, %look ], [ %with, %ask ]
  %next = add i64 %lane, 1
  br label %head
end:
  ret {DOUBLES} %value
}}

declare double @workings_{function}({", ".join(["double"] * arity)}{", i32" if is_special(function) else ""})"""


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
