"""What every subject does with arrays: check them at the door, split work over threads, keep summaries."""

from workings.arrays.checks import (
    as_labels,
    as_matrix,
    as_row_weights,
    as_vector,
    as_weights,
    check_same_length,
    native,
    not_numbers,
    without_gradient,
)
from workings.arrays.summary import Summary, SummaryFormatError, pack, unpack
from workings.arrays.threads import parallel_blocks, thread_count

__all__ = [
    "Summary",
    "SummaryFormatError",
    "as_labels",
    "as_matrix",
    "as_row_weights",
    "as_vector",
    "as_weights",
    "check_same_length",
    "native",
    "not_numbers",
    "pack",
    "parallel_blocks",
    "thread_count",
    "unpack",
    "without_gradient",
]
