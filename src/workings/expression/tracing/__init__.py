"""Python functions as expressions: run once with values that write down what is computed with them."""

from workings.expression.tracing.columns import NamedColumn, unmasked
from workings.expression.tracing.operators import Mathematical
from workings.expression.tracing.trace import Tracing, trace
from workings.expression.tracing.traced import Traced, number_node
from workings.expression.tracing.ufuncs import as_number, is_condition

__all__ = [
    "Mathematical",
    "NamedColumn",
    "Traced",
    "Tracing",
    "as_number",
    "is_condition",
    "number_node",
    "trace",
    "unmasked",
]
