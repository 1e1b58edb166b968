"""The instructions of one function of lanes, as they are written, for a processor with these skills.

An instruction that stands there already is not written again. So ``sin(x)`` and ``cos(x)``, each written out on its
own, share their range reduction and their polynomials, and so do all functions of one exponential.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workings.expression.compiling.lanes.values import DOUBLES, LANES, TRUTHS, Lanes, Truths, truths
from workings.expression.compiling.library import is_special

__all__ = ["Skills", "Writer", "each_lane"]


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
