"""Formulas: made of text or of Python functions, called, shown, kept, and joined."""

from workings.expression.formula.door import as_formula, formula
from workings.expression.formula.model import Formula
from workings.expression.formula.simplified import SimplifiedFormula

__all__ = ["Formula", "SimplifiedFormula", "as_formula", "formula"]
