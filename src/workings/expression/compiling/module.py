"""A plan written as an LLVM module: for each pass over the rows its loop and the function around it.

::

    stage_k(size, arrays, outputs, numbers, sums)

computes so many elements. ``arrays`` and ``outputs`` are tables of pointers to the first of them; ``numbers`` holds
the arguments, the aggregates known so far, and the number of rows. For every block and every aggregate two vectors are
written to ``sums``: eight partial sums, and what their additions lost. ::

    finish(numbers, results)

computes the outputs that are one number. Where nothing is summed and there is one output, an array, ::

    each(count, size, arrays, outputs, numbers, width, sums)

calls ``stage_0`` for as many tables of numbers, each ``width`` long, and writes to one output after the other.
"""

from __future__ import annotations

from typing import Any

from workings.expression.compiling.lanes import Lanes, Truths, Writer, each_lane, write_function, write_step
from workings.expression.compiling.lanes.values import DOUBLES, LANES, TRUTHS, double, truths
from workings.expression.compiling.layout import BLOCK, Layout
from workings.expression.compiling.loop import spread, write_loop
from workings.expression.compiling.plan import Stage
from workings.expression.compiling.tail import COPY, write_tail

__all__ = ["write_module"]

_SIGNATURE = "i64 %last, ptr %arrays, ptr %outputs, ptr %numbers, ptr %sums"

_EACH = f"""\
define void @each(i64 %count, {_SIGNATURE.replace("%numbers", "%numbers, i64 %width")}) nounwind {{
entry:
  br label %head
head:
  %k = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %k, %count
  br i1 %more, label %body, label %end
body:
  %place = mul i64 %k, %width
  %to = getelementptr ptr, ptr %outputs, i64 %k
  %with = getelementptr double, ptr %numbers, i64 %place
  call void @stage_0(i64 %last, ptr %arrays, ptr %to, ptr %with, ptr %sums)
  %next = add i64 %k, 1
  br label %head
end:
  ret void
}}"""


def write_module(layout: Layout) -> tuple[str, tuple[str, ...]]:
    """Return the text of the module, and the functions of single numbers that it calls."""
    parts = [COPY]
    writers: list[Writer] = []
    for number, stage in enumerate(layout.plan.stages):
        if stage.loops:
            text, used = write_loop(layout, number, stage)
            parts.append(text)
            writers += used
            text, writer = _write_stage(layout, number, stage)
            parts += [text, write_tail(layout, number, stage)]
            writers.append(writer)
    if layout.plan.one_array:
        parts.append(_EACH)
    text, writer = _write_finish(layout)
    parts.append(text)
    writers.append(writer)
    apart = {name: step for each in writers for name, step in each.apart.items()}
    for name, step in sorted(apart.items()):
        text, writer = write_function(name, step, skills=layout.skills)
        parts.append(text)
        writers.append(writer)
    single = {name: arity for each in writers for name, arity in each.single.items()}
    parts += [each_lane(name, arity) for name, arity in sorted(single.items())]
    parts += sorted({line for each in writers for line in each.declared})
    parts.append('!0 = !{!"branch_weights", i32 1, i32 2000}\n!1 = !{}')
    return "\n\n".join(parts) + "\n", tuple(sorted(single))


def _write_stage(layout: Layout, number: int, stage: Stage) -> tuple[str, Writer]:
    """Return the function around a loop: it keeps what is uniform, and goes block by block."""
    writer = Writer(layout.skills, "entry", "%v")
    values = _uniform(layout, writer, number)
    kept = layout.kept(stage)
    for place, k in enumerate(kept):
        _store_first(writer, values[k], f"getelementptr double, ptr %kept, i64 {place}")
    vectors = 2 * len(stage.aggregates)
    table = "ptr %arrays, ptr %outputs, ptr %kept, ptr %here"
    lines = [
        f"define void @stage_{number}({_SIGNATURE}) nounwind {{",
        "entry:",
        f"  %kept = alloca [{max(1, len(kept))} x double], align 64",
        *writer.lines,
        "  br label %blocks",
        "blocks:",
        f"  %low = phi i64 [ 0, %{writer.block} ], [ %high, %done ]",
        "  %more = icmp slt i64 %low, %last",
        "  br i1 %more, label %block, label %end",
        "block:",
        f"  %far = add i64 %low, {BLOCK}",
        "  %inner = icmp slt i64 %far, %last",
        "  %high = select i1 %inner, i64 %far, i64 %last",
        f"  %number = sdiv i64 %low, {BLOCK}",
        f"  %row = mul i64 %number, {vectors}",
        f"  %here = getelementptr {DOUBLES}, ptr %sums, i64 %row",
        f"  call void @llvm.memset.p0.i64(ptr %here, i8 0, i64 {8 * LANES * vectors}, i1 false)",
        "  %size = sub i64 %high, %low",
        f"  %rest = and i64 %size, {LANES - 1}",
        "  %middle = sub i64 %high, %rest",
        f"  call void @loop_{number}(i64 %low, i64 %middle, {TRUTHS} {truths(True)}, {table})",
        "  %even = icmp eq i64 %rest, 0",
        "  br i1 %even, label %done, label %tail",
        "tail:",
        f"  call void @tail_{number}(i64 %middle, i64 %rest, {table})",
        "  br label %done",
        "done:",
        "  br label %blocks",
        "end:",
        "  ret void",
        "}",
    ]
    return "\n".join(lines), writer


def _uniform(layout: Layout, writer: Writer, upto: int) -> dict[int, Any]:
    """Write the steps that are the same for every element and known before stage ``upto`` begins."""
    steps = layout.plan.program.steps
    values: dict[int, Any] = {}
    for number, stage in enumerate(layout.plan.stages[: upto + 1]):
        for k in stage.uniform:
            step = steps[k]
            if step.name == "argument":
                values[k] = _number(writer, int(step.number))
            elif step.name == "number":
                values[k] = Lanes(writer, double(step.number))
            elif step.name == "mean":
                values[k] = values[step.args[0]]
            elif step.name == "sum":
                values[k] = _number(writer, layout.row_count_place) * values[step.args[0]]
            else:
                values[k] = write_step(writer, step, [values[arg] for arg in step.args], apart=True)
        if number < upto:
            values.update((k, _number(writer, layout.aggregate_places[k])) for k in stage.aggregates)
    return values


def _number(writer: Writer, place: int) -> Lanes:
    """Return a number of the table in every lane."""
    address = writer.value(f"getelementptr double, ptr %numbers, i64 {place}")
    return spread(writer, writer.value(f"load double, ptr {address}, !invariant.load !1"))


def _store_first(writer: Writer, value: Any, address: str) -> None:
    """Write a uniform value, a condition as 1 or 0, to one place."""
    number = value.choose(1.0, 0.0) if isinstance(value, Truths) else value
    first = writer.value(f"extractelement {DOUBLES} {number.text}, i64 0")
    writer.add(f"store double {first}, ptr {writer.value(address)}")


def _write_finish(layout: Layout) -> tuple[str, Writer]:
    """Return the function that computes the outputs that are one number."""
    plan, writer = layout.plan, Writer(layout.skills, "entry", "%v")
    values = _uniform(layout, writer, len(plan.stages))
    for place, (step, is_array) in enumerate(zip(plan.program.outputs, plan.row_outputs, strict=True)):
        if not is_array:
            _store_first(writer, values[step], f"getelementptr double, ptr %results, i64 {place}")
    head = "define void @finish(ptr %numbers, ptr %results) nounwind {"
    return "\n".join([head, "entry:", *writer.lines, "  ret void", "}"]), writer
