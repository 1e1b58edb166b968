"""The last few elements of an array, fewer than a step takes: copied to padded places, they go through the same loop.

So the loop's code exists once, and every element is computed alike. The tables of pointers that the loop reads are
replaced by others, which point to the padded places; what it writes there is copied back.
"""

from __future__ import annotations

from workings.expression.compiling.lanes.values import DOUBLES, INTEGERS, LANES, TRUTHS
from workings.expression.compiling.layout import Layout
from workings.expression.compiling.loop import BYTES, KINDS
from workings.expression.compiling.plan import Stage

__all__ = ["COPY", "write_tail"]


def write_tail(layout: Layout, number: int, stage: Stage) -> str:
    """Return the function ``tail_k(start, count, arrays, outputs, kept, sums)``, for a count below eight."""
    steps = layout.plan.program.steps
    arguments = [int(steps[k].number) for k in stage.elementwise if steps[k].name == "argument"]
    arrays = {layout.array_places[k]: BYTES[KINDS[layout.letters[k]]] for k in arguments}
    outputs = {layout.output_places[output]: 4 if layout.narrow else 8 for output, _ in stage.outputs}
    head = f"@tail_{number}(i64 %start, i64 %count, ptr %arrays, ptr %outputs, ptr %kept, ptr %sums)"
    lines = [
        _table(f"arrays_{number}", arrays),
        _table(f"outputs_{number}", outputs),
        f"define internal void {head} noinline nounwind {{",
        f"  %arrays.rooms = alloca [{len(arrays) + 1} x {DOUBLES}], align 64",
        f"  %outputs.rooms = alloca [{len(outputs) + 1} x {DOUBLES}], align 64",
        f"  %arrays.padded = alloca [{len(layout.array_places) + 1} x ptr]",
        f"  %outputs.padded = alloca [{len(layout.output_places) + 1} x ptr]",
        _copy("in", "arrays", number, len(arrays)),
        _copy("in", "outputs", number, len(outputs)),
        f"  %one = insertelement {INTEGERS} poison, i64 %count, i64 0",
        f"  %all = shufflevector {INTEGERS} %one, {INTEGERS} poison, <{LANES} x i32> zeroinitializer",
        f"  %lanes = icmp ult {INTEGERS} <{', '.join(f'i64 {k}' for k in range(LANES))}>, %all",
        f"  call void @loop_{number}(i64 0, i64 {LANES}, {TRUTHS} %lanes, "
        "ptr %arrays.padded, ptr %outputs.padded, ptr %kept, ptr %sums)",
        _copy("out", "outputs", number, len(outputs)),
        "  ret void",
        "}",
    ]
    return "\n".join(lines)


def _table(name: str, sizes: dict[int, int]) -> str:
    """Return a constant: for each array its place among the pointers, and the bytes of one element."""
    rows = ", ".join(f"[2 x i64] [i64 {place}, i64 {size}]" for place, size in sizes.items())
    return f"@{name} = internal constant [{len(sizes)} x [2 x i64]] [{rows}]"


def _copy(way: str, table: str, number: int, count: int) -> str:
    places = f"ptr @{table}_{number}, i64 {count}, ptr %{table}, ptr %{table}.padded, ptr %{table}.rooms"
    return f"  call void @copy_{way}({places}, i64 %start, i64 %count)"


def _copying(way: str) -> str:
    """Return the function that copies elements into padded rooms, and says where the rooms are, or out of them."""
    first, second = ("%room", "%here") if way == "in" else ("%here", "%room")
    head = f"@copy_{way}(ptr %table, i64 %size, ptr %plain, ptr %padded, ptr %rooms, i64 %start, i64 %count)"
    return f"""define internal void {head} noinline nounwind {{
entry:
  br label %head
head:
  %k = phi i64 [ 0, %entry ], [ %next, %step ]
  %more = icmp slt i64 %k, %size
  br i1 %more, label %step, label %end
step:
  %row = getelementptr [2 x i64], ptr %table, i64 %k
  %place = load i64, ptr %row
  %row.bytes = getelementptr i64, ptr %row, i64 1
  %bytes = load i64, ptr %row.bytes
  %room = getelementptr {DOUBLES}, ptr %rooms, i64 %k
  %padded.slot = getelementptr ptr, ptr %padded, i64 %place
  store ptr %room, ptr %padded.slot
  %plain.slot = getelementptr ptr, ptr %plain, i64 %place
  %whole = load ptr, ptr %plain.slot
  %before = mul i64 %start, %bytes
  %here = getelementptr i8, ptr %whole, i64 %before
  %length = mul i64 %count, %bytes
  call void @llvm.memcpy.p0.p0.i64(ptr {first}, ptr {second}, i64 %length, i1 false)
  %next = add i64 %k, 1
  br label %head
end:
  ret void
}}"""


COPY = "\n\n".join(
    [
        _copying("in"),
        _copying("out"),
        "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\ndeclare void @llvm.memset.p0.i64(ptr, i8, i64, i1)",
    ]
)
"""The functions that every tail calls."""
