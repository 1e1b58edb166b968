"""Elementary functions of eight numbers at once, each written as its formula."""

from workings.expression.compiling.lanes.steps import can_be_written, is_function, write_function, write_step
from workings.expression.compiling.lanes.values import LANES, Lanes, Truths
from workings.expression.compiling.lanes.writer import Skills, Writer, each_lane

__all__ = [
    "LANES",
    "Lanes",
    "Skills",
    "Truths",
    "Writer",
    "can_be_written",
    "each_lane",
    "is_function",
    "write_function",
    "write_step",
]
