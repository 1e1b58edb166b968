"""Print every subject's ratios in one table: ``python -m benchmarks [subject ...]``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from benchmarks.harness import print_table

SUBJECTS = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in {"__init__", "__main__", "harness"}
)

wanted = sys.argv[1:] or SUBJECTS
unknown = sorted(set(wanted) - set(SUBJECTS))
if unknown:
    sys.exit(f"benchmarks: no such subject: {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
print_table(row for subject in wanted for row in import_module(f"benchmarks.{subject}").rows())
