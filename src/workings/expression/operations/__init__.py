"""What can be computed with: one table, one row an operation.

A row says everything that the rest of this room needs to know: how each arithmetic computes it, its derivatives, where
it is defined, and how it is written in text, LaTeX, MathML and Python. Adding a function is adding a row to the file
of its family; its builder stands in ``build.py``.
"""

from workings.expression.operations.row import Binding, Layout, Operation
from workings.expression.operations.table import OPERATIONS, SPELLINGS

__all__ = ["OPERATIONS", "SPELLINGS", "Binding", "Layout", "Operation"]
