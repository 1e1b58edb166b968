"""What a prediction costs: losses by name, or a formula in y and p."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workings.errors import InputError
from workings.expression import Apply, Node, Operand, Symbol, absolute, as_node, substitute
from workings.expression.calculus import derivative
from workings.expression.formula import Formula, as_formula
from workings.expression.formula.model import symbols_of
from workings.language import message

__all__ = ["LOSSES", "Loss", "loss_in_letters", "loss_of"]

_Y, _P, _LEAST = Symbol("y"), Symbol("p"), Symbol("least")

# The cost of a row, and how curved it is taken to be in p. For absolute errors and Huber's the second derivative is 0
# where it matters; the weight is that of the squared error which lies above the loss and touches it at the present
# error, so that a step which lowers the one lowers the other (Holland and Welsch 1977; Hunter and Lange 2000).
_TEXTS = {
    "squared": ("(y - p)^2", "2"),
    "log": ("where(y == 1, -ln(p), -ln(1 - p))", "1/(p*(1 - p))"),
    "absolute": ("abs(y - p)", "1/max(abs(y - p), least)"),
    "huber": ("where(abs(y - p) <= 1, (y - p)^2/2, abs(y - p) - 1/2)", "1/max(abs(y - p), 1)"),
}
LOSSES = tuple(_TEXTS)
# The log-loss of p = σ(z) as a function of z, in which neither ln(0) nor 1 - 1 comes up.
_LOG_OF_SCORE = ("where(y == 1, softplus(-p), softplus(p))", "sigmoid(p)*sigmoid(-p)")


@dataclass(frozen=True)
class Loss:
    """The cost of one row as nodes over columns and parameters.

    Parameters
    ----------
    name
        As it was asked for.
    text
        The cost in y and p.
    predictor
        What the parameters make of a row: the prediction p, or for the log-loss of a sigmoid what stands in it.
    cost
        The row's loss.
    slope
        Its derivative by the predictor.
    weight
        How curved it is taken to be in the predictor, never negative.
    """

    name: str
    text: str
    predictor: Node
    cost: Node
    slope: Node
    weight: Node

    @property
    def squared(self) -> bool:
        """Whether it is the squared error."""
        return self.name == "squared"

    @property
    def likelihood(self) -> bool:
        """Whether it is the log-loss, for which the matrix of the weights is the Fisher information."""
        return self.name == "log"


def loss_of(asked: Any, target: Node, prediction: Node, *, least: float = 1e-10) -> Loss:
    r"""Return the loss of a model.

    Parameters
    ----------
    asked
        "squared", (y - p)²; "log", -y·ln(p) - (1 - y)·ln(1 - p) with y = 0 or 1; "absolute", \|y - p\|; "huber",
        (y - p)²/2 up to an error of 1 and \|y - p\| - 1/2 beyond; or a formula in y and p.
    target, prediction
        What stands for y and p.
    least
        Absolute errors below this are weighted as if they were this large.

    Raises
    ------
    InputError
        If it is no such name, or the formula has other names than y and p, or no p.
    FormulaError
        If it cannot be read.
    """
    name = asked if isinstance(asked, str) and asked in _TEXTS else "own"
    predictor = prediction
    if name == "own":
        cost = _own(asked)
        text = cost.text(ascii=True)
        # Where a loss is curved downwards, as strongly curved upwards: the step is as long and leads down the slope.
        weight: Node = absolute(derivative(derivative(cost.node, _P), _P))
    else:
        text, curved = _TEXTS[name]
        if name == "log" and isinstance(prediction, Apply) and prediction.operation.name == "sigmoid":
            predictor = prediction.args[0]
            cost, weight = as_formula(_LOG_OF_SCORE[0]), as_formula(_LOG_OF_SCORE[1]).node
        else:
            cost, weight = as_formula(text), as_formula(curved).node
    put_in: dict[Node, Operand] = {_Y: target, _P: predictor, _LEAST: as_node(least)}
    slope = derivative(cost.node, _P)
    return Loss(name, text, predictor, *(substitute(node, put_in) for node in (cost.node, slope, weight)))


def loss_in_letters(asked: str) -> tuple[Symbol, Symbol, Node]:
    """Return y, p, and the cost of a row as it is read: of a loss by name, or a formula's text."""
    text = _TEXTS[asked][0] if asked in _TEXTS else asked
    return _Y, _P, as_formula(text).node


def _own(asked: Any) -> Formula:
    """Return a loss that is written out."""
    if isinstance(asked, str) and asked.isidentifier() and asked != "p":
        raise InputError(
            message(
                "fit_formula: loss must be one of {losses}, or a formula in y and p; got {got}; try {example}",
                losses=", ".join(LOSSES),
                got=repr(asked),
                example='loss="(y - p)^4"',
            )
        )
    cost = as_formula(asked)
    names = {symbol.name for symbol in symbols_of(cost.node)}
    if not {"p"} <= names <= {"y", "p"} or cost.data:
        raise InputError(
            message(
                "fit_formula: loss must be a formula in y, the target, and p, the prediction; got {names}",
                names=", ".join(sorted(names)) or "0",
            )
        )
    return cost
