"""The named rules by which a line follows from the lines above it."""

from __future__ import annotations

from enum import Enum

from workings.language import Message, message

__all__ = ["Rule"]


class Rule(Enum):
    """Why a line holds. The name is stable (it stands in JSON); ``title`` says it in the reader's language.

    Examples
    --------
    >>> from workings.working import Rule
    >>> str(Rule.RATIO.title)
    'Divide'
    """

    DEFINITION = "definition"
    SUBSTITUTE = "substitute"
    COUNT = "count"
    ORDER = "order"
    SUM = "sum"
    DIFFERENCE = "difference"
    PRODUCT = "product"
    RATIO = "ratio"
    POWER = "power"
    SQUARE_ROOT = "square_root"
    EXPONENTIAL = "exponential"
    LOGARITHM = "logarithm"
    RECIPROCAL = "reciprocal"
    MEAN = "mean"
    VARIANCE = "variance"
    TRAPEZOID = "trapezoid"
    CHAIN_RULE = "chain_rule"
    DERIVATIVE = "derivative"
    STEP = "step"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    NORMAL = "normal"
    COMPARE = "compare"
    TABLE = "table"
    PART = "part"
    EVALUATE = "evaluate"

    @property
    def title(self) -> Message:
        """The rule's name as a heading."""
        return _TITLES[self]


_TITLES = {
    Rule.DEFINITION: message("Definition"),
    Rule.SUBSTITUTE: message("Put the numbers in"),
    Rule.COUNT: message("Count"),
    Rule.ORDER: message("Put in order"),
    Rule.SUM: message("Add up"),
    Rule.DIFFERENCE: message("Subtract"),
    Rule.PRODUCT: message("Multiply"),
    Rule.RATIO: message("Divide"),
    Rule.POWER: message("Raise to a power"),
    Rule.SQUARE_ROOT: message("Take the square root"),
    Rule.EXPONENTIAL: message("The exponential"),
    Rule.LOGARITHM: message("The logarithm"),
    Rule.RECIPROCAL: message("The reciprocal"),
    Rule.MEAN: message("The mean"),
    Rule.VARIANCE: message("The variance"),
    Rule.TRAPEZOID: message("Add the trapezoids"),
    Rule.CHAIN_RULE: message("The chain rule"),
    Rule.DERIVATIVE: message("The derivative"),
    Rule.STEP: message("Take a step"),
    Rule.MAXIMUM: message("The largest"),
    Rule.MINIMUM: message("The smallest"),
    Rule.NORMAL: message("The normal distribution"),
    Rule.COMPARE: message("Compare"),
    Rule.TABLE: message("Row by row"),
    Rule.PART: message("In parts"),
    Rule.EVALUATE: message("Evaluate"),
}
