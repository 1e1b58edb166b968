"""The fused loop of one pass over the rows, eight elements a step, written as LLVM instructions.

::

    loop_k(from, to, lanes, arrays, outputs, kept, sums)

computes the elements from ``from`` up to ``to``, a multiple of eight further on. ``arrays`` and ``outputs`` are tables
of pointers, ``kept`` the uniform values, ``lanes`` says which of each eight elements count in sums. ``sums`` holds two
vectors for each aggregate: what has been added up, and what rounding has lost on the way.
"""

from __future__ import annotations

from typing import Any

from workings.expression.compiling.lanes import Lanes, Truths, Writer, is_function, write_step
from workings.expression.compiling.lanes.values import DOUBLES, LANES, TRUTHS, double
from workings.expression.compiling.layout import Layout
from workings.expression.compiling.plan import Stage
from workings.expression.compiling.program import CONDITIONS

__all__ = ["BYTES", "KINDS", "spread", "write_loop"]

MOST_WRITTEN_OUT = 16
"""Elementary functions in a loop; more are called, because LLVM's time grows faster than the length of a loop."""

KINDS = {"d": "double", "f": "float", "l": "i64", "q": "i64", "i": "i32", "?": "i8"}
BYTES = {"double": 8, "float": 4, "i64": 8, "i32": 4, "i8": 1}


def write_loop(layout: Layout, number: int, stage: Stage) -> tuple[str, tuple[Writer, Writer]]:
    """Return the text of a stage's loop, and the writers that say what else it needs."""
    steps = layout.plan.program.steps
    outside, inside = Writer(layout.fused, "entry", "%o"), Writer(layout.fused, "step", "%v")
    apart = sum(is_function(steps[k]) for k in stage.elementwise) > MOST_WRITTEN_OUT
    values: dict[int, Any] = {}
    for place, k in enumerate(layout.kept(stage)):
        address = outside.value(f"getelementptr double, ptr %kept, i64 {place}")
        value = spread(outside, outside.value(f"load double, ptr {address}"))
        values[k] = Lanes(inside, value.text)
        if steps[k].name in CONDITIONS:
            values[k] = values[k].differs(0.0)
    for k in stage.elementwise:
        step = steps[k]
        for arg in step.args:
            if steps[arg].name == "number":
                values[arg] = Lanes(inside, double(steps[arg].number))
        if step.name == "argument":
            argument = int(step.number)
            base = _pointer(outside, "%arrays", layout.array_places[argument])
            values[k] = _load(inside, layout.letters[argument], base)
        else:
            values[k] = write_step(inside, step, [values[arg] for arg in step.args], apart=apart)
    for output, k in stage.outputs:
        _store(inside, layout, _pointer(outside, "%outputs", layout.output_places[output]), values[k])
    bodies = [values[steps[k].args[0]] for k in stage.aggregates]
    starts, phis, ends = _accumulate(outside, inside, bodies)
    signature = f"i64 %from, i64 %to, {TRUTHS} %lanes, ptr %arrays, ptr %outputs, ptr %kept, ptr %sums"
    lines = [
        f"define internal void @loop_{number}({signature}) noinline nounwind {{",
        "entry:",
        *outside.lines,
        *starts,
        "  br label %head",
        "head:",
        f"  %i = phi i64 [ %from, %entry ], [ %next, %{inside.block} ]",
        *phis,
        "  %more = icmp slt i64 %i, %to",
        "  br i1 %more, label %step, label %end",
        "step:",
        *inside.lines,
        f"  %next = add i64 %i, {LANES}",
        "  br label %head",
        "end:",
        *ends,
        "  ret void",
        "}",
    ]
    return "\n".join(lines), (outside, inside)


def _accumulate(outside: Writer, inside: Writer, bodies: list[Lanes]) -> tuple[list[str], list[str], list[str]]:
    """Write the additions to the sums, and return the lines before the loop, at its head and behind it."""
    starts: list[str] = []
    phis: list[str] = []
    ends: list[str] = []
    for place, body in enumerate(bodies):
        term = Truths(inside, "%lanes").choose(body, 0.0)
        total, lost = Lanes(inside, f"%total{place}"), Lanes(inside, f"%lost{place}")
        grown = total + term
        seen = grown - total
        more = lost + ((total - (grown - seen)) + (term - seen))  # what the addition rounded away: Knuth's TwoSum
        for name, row, new in (("total", 2 * place, grown), ("lost", 2 * place + 1, more)):
            address = f"%{name}{place}.address"
            starts.append(f"  {address} = getelementptr {DOUBLES}, ptr %sums, i64 {row}")
            starts.append(f"  %{name}{place}.start = load {DOUBLES}, ptr {address}, align 8")
            edges = f"[ %{name}{place}.start, %entry ], [ {new.text}, %{inside.block} ]"
            phis.append(f"  %{name}{place} = phi {DOUBLES} {edges}")
            ends.append(f"  store {DOUBLES} %{name}{place}, ptr {address}, align 8")
    return starts, phis, ends


def spread(writer: Writer, number: str) -> Lanes:
    """Return one number in every lane."""
    first = writer.value(f"insertelement {DOUBLES} poison, double {number}, i64 0")
    every = f"<{LANES} x i32> zeroinitializer"
    return Lanes(writer, writer.value(f"shufflevector {DOUBLES} {first}, {DOUBLES} poison, {every}"))


def _pointer(writer: Writer, table: str, place: int) -> str:
    address = writer.value(f"getelementptr ptr, ptr {table}, i64 {place}")
    return writer.value(f"load ptr, ptr {address}")


def _load(writer: Writer, letter: str, base: str) -> Lanes:
    kind = KINDS[letter]
    address = writer.value(f"getelementptr {kind}, ptr {base}, i64 %i")
    loaded = writer.value(f"load <{LANES} x {kind}>, ptr {address}, align {BYTES[kind]}")
    if kind == "double":
        return Lanes(writer, loaded)
    widen = {"float": "fpext", "i8": "uitofp"}.get(kind, "sitofp")
    return Lanes(writer, writer.value(f"{widen} <{LANES} x {kind}> {loaded} to {DOUBLES}"))


def _store(writer: Writer, layout: Layout, base: str, value: Lanes) -> None:
    kind, text = "double", value.text
    if layout.narrow:
        kind, text = "float", writer.value(f"fptrunc {DOUBLES} {value.text} to <{LANES} x float>")
    address = writer.value(f"getelementptr {kind}, ptr {base}, i64 %i")
    note = f"align {LANES * BYTES[kind]}, !nontemporal !1" if layout.streaming else f"align {BYTES[kind]}"
    writer.add(f"store <{LANES} x {kind}> {text}, ptr {address}, {note}")
