"""The fused loop of one pass over the rows, eight elements a step, written as LLVM instructions.

::

    loop_k(from, to, lanes, arrays, outputs, kept, sums)

computes the elements from ``from`` up to ``to``, a multiple of eight further on. ``arrays`` and ``outputs`` are tables
of pointers, ``kept`` the uniform values, ``lanes`` says which of each eight elements count in sums. ``sums`` holds two
vectors for each aggregate: what has been added up, and what rounding has lost on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.expression.compiling.lanes import Lanes, Truths, Writer, is_function, write_step
from workings.expression.compiling.lanes.values import DOUBLES, LANES, TRUTHS, double
from workings.expression.compiling.layout import Layout
from workings.expression.compiling.plan import Stage
from workings.expression.compiling.program import CONDITIONS

__all__ = ["BYTES", "KINDS", "spread", "write_loop"]

MOST_WRITTEN_OUT = 16
"""Elementary functions in a loop; more are called, because LLVM's time grows faster than the length of a loop."""

MOST_HELD = 32
"""Pointers and uniform values that are read before the loop; of more, each is read where it is needed."""

MOST_IN_BLOCK = 64
"""Steps in a block of instructions: what LLVM does with the loads and stores of a block grows with their square."""

MOST_CARRIED = 8
"""Sums that are carried in registers."""

# How wide C's integers are is the system's choice: a long has 4 bytes on Windows and 8 elsewhere.
_INTEGERS = {letter: f"i{8 * np.dtype(letter).itemsize}" for letter in "ilq"}
KINDS = {"d": "double", "f": "float", "?": "i8", **_INTEGERS}
BYTES = {"double": 8, "float": 4, "i64": 8, "i32": 4, "i8": 1}


def write_loop(layout: Layout, number: int, stage: Stage) -> tuple[str, tuple[Writer, Writer]]:
    """Return the text of a stage's loop, and the writers that say what else it needs."""
    body = _Body(layout, stage)
    for k in stage.elementwise:
        body.write(k)
    outside, inside = body.outside, body.inside
    signature = f"i64 %from, i64 %to, {TRUTHS} %lanes, ptr %arrays, ptr %outputs, ptr %kept, ptr %sums"
    lines = [
        f"define internal void @loop_{number}({signature}) noinline nounwind {{",
        "entry:",
        *outside.lines,
        "  %never = icmp slt i64 %to, 0",
        "  br label %head",
        "head:",
        f"  %i = phi i64 [ %from, %entry ], [ %next, %{inside.block} ]",
        *(f"  {phi}, %{inside.block} ]" for phi in body.phis),
        "  %more = icmp slt i64 %i, %to",
        "  br i1 %more, label %step, label %end",
        "step:",
        *inside.lines,
        f"  %next = add i64 %i, {LANES}",
        "  br label %head",
        "end:",
        *body.ends,
        "  ret void",
        "}",
    ]
    return "\n".join(lines), (outside, inside)


class _Body:
    """The instructions of one step of a loop, and those before it that fetch what they need again and again."""

    def __init__(self, layout: Layout, stage: Stage) -> None:
        steps = layout.plan.program.steps
        self.outside, self.inside = Writer(layout.skills, "entry", "%o"), Writer(layout.skills, "step", "%v")
        self.phis: list[str] = []
        self.ends: list[str] = []
        self._layout = layout
        self._values: dict[int, Any] = {}
        self._written = 0
        self._kept = {k: place for place, k in enumerate(layout.kept(stage))}
        self._outputs: dict[int, list[int]] = {}
        for output, k in stage.outputs:
            self._outputs.setdefault(k, []).append(output)
        self._sums: dict[int, list[int]] = {}
        for place, k in enumerate(stage.aggregates):
            self._sums.setdefault(steps[k].args[0], []).append(place)
        self._carried = len(stage.aggregates) <= MOST_CARRIED
        self._apart = sum(is_function(steps[k]) for k in stage.elementwise) > MOST_WRITTEN_OUT
        read = sum(steps[k].name == "argument" for k in stage.elementwise)
        few = len(self._kept) + read + len(stage.outputs) <= MOST_HELD
        self._tables = self.outside if few else self.inside

    def write(self, k: int) -> None:
        """Write a step, and all that is done with its value where it is an output or the term of a sum."""
        step = self._layout.plan.program.steps[k]
        if step.name != "argument":  # an array's elements are fetched when they are first asked for
            args = [self._value(arg) for arg in step.args]
            self._values[k] = write_step(self.inside, step, args, apart=self._apart)
            self._count()
        for output in self._outputs.get(k, ()):
            base = _pointer(self._tables, "%outputs", self._layout.output_places[output])
            _store(self.inside, self._layout, base, self._value(k))
            self._count()
        for place in self._sums.get(k, ()):
            self._add(place, self._value(k))
            self._count()

    def _count(self) -> None:
        self._written += 1
        if self._written % MOST_IN_BLOCK == 0:
            self.inside.cut(f"step{self._written}", "%never", "end")

    def _value(self, k: int) -> Any:
        if k not in self._values:
            self._values[k] = self._fetched(k)
        return self._values[k]

    def _fetched(self, k: int) -> Any:
        step = self._layout.plan.program.steps[k]
        if step.name == "number":
            return Lanes(self.inside, double(step.number))
        if k not in self._kept:
            argument = int(step.number)
            base = _pointer(self._tables, "%arrays", self._layout.array_places[argument])
            return _load(self.inside, self._layout.letters[argument], base)
        address = self._tables.value(f"getelementptr double, ptr %kept, i64 {self._kept[k]}")
        number = self._tables.value(f"load double, ptr {address}, !invariant.load !1")
        value = Lanes(self.inside, spread(self._tables, number).text)
        return value.differs(0.0) if step.name in CONDITIONS else value

    def _add(self, place: int, value: Lanes) -> None:
        """Write the addition of a term to its sum.

        The sums are carried from step to step in registers; of more than there are registers for, each stays in memory.
        """
        inside, names = self.inside, (f"%total{place}", f"%lost{place}")
        term = Truths(inside, "%lanes").choose(value, 0.0)
        for row, name in enumerate(names, 2 * place):
            self.outside.add(f"{name}.address = getelementptr {DOUBLES}, ptr %sums, i64 {row}")
            if self._carried:
                self.outside.add(f"{name}.start = load {DOUBLES}, ptr {name}.address, align 8")
            else:
                inside.add(f"{name} = load {DOUBLES}, ptr {name}.address, align 8")
        total, lost = (Lanes(inside, name) for name in names)
        grown = total + term
        seen = grown - total
        more = lost + ((total - (grown - seen)) + (term - seen))  # what the addition rounded away: Knuth's TwoSum
        for name, new in zip(names, (grown, more), strict=True):
            if self._carried:
                self.phis.append(f"{name} = phi {DOUBLES} [ {name}.start, %entry ], [ {new.text}")
                self.ends.append(f"  store {DOUBLES} {name}, ptr {name}.address, align 8")
            else:
                inside.add(f"store {DOUBLES} {new.text}, ptr {name}.address, align 8")


def spread(writer: Writer, number: str) -> Lanes:
    """Return one number in every lane."""
    first = writer.value(f"insertelement {DOUBLES} poison, double {number}, i64 0")
    every = f"<{LANES} x i32> zeroinitializer"
    return Lanes(writer, writer.value(f"shufflevector {DOUBLES} {first}, {DOUBLES} poison, {every}"))


def _pointer(writer: Writer, table: str, place: int) -> str:
    address = writer.value(f"getelementptr ptr, ptr {table}, i64 {place}")
    return writer.value(f"load ptr, ptr {address}, !invariant.load !1")


def _load(writer: Writer, letter: str, base: str) -> Lanes:
    kind = KINDS[letter]
    address = writer.value(f"getelementptr {kind}, ptr {base}, i64 %i")
    loaded = writer.value(f"load <{LANES} x {kind}>, ptr {address}, align {BYTES[kind]}, !invariant.load !1")
    if kind == "double":
        return Lanes(writer, loaded)
    widen = {"float": "fpext", "i8": "uitofp"}.get(kind, "sitofp")
    return Lanes(writer, writer.value(f"{widen} <{LANES} x {kind}> {loaded} to {DOUBLES}"))


def _store(writer: Writer, layout: Layout, base: str, value: Lanes) -> None:
    kind, text = "double", value.text
    if layout.narrow:
        kind, text = "float", writer.value(f"fptrunc {DOUBLES} {value.text} to <{LANES} x float>")
    address = writer.value(f"getelementptr {kind}, ptr {base}, i64 %i")
    writer.add(f"store <{LANES} x {kind}> {text}, ptr {address}, align {BYTES[kind]}")
