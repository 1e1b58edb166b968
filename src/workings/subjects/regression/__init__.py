"""Linear and logistic regression, and any formula: exact, by Newton's method, by gradient descent with its history.

The estimators are in :mod:`workings.subjects.regression.estimators`, which alone imports scikit-learn.
"""

from workings.subjects.regression.compute import LearningRate, descend_linear, descend_logistic, newton_logistic
from workings.subjects.regression.formula_descent import Descent, gradient_descent
from workings.subjects.regression.formula_fit import fit_formula
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_path import FormulaPath
from workings.subjects.regression.formula_rows import FormulaFold
from workings.subjects.regression.history import History
from workings.subjects.regression.iteration import Outcome, Status
from workings.subjects.regression.log_loss import LogLoss
from workings.subjects.regression.rows import Fold, Rows, fold_rows
from workings.subjects.regression.solution import LeastSquaresSolution, solve
from workings.subjects.regression.summary import GramMoments, LeastSquares

__all__ = [
    "Descent",
    "Fold",
    "FormulaFit",
    "FormulaFold",
    "FormulaPath",
    "GramMoments",
    "History",
    "LearningRate",
    "LeastSquares",
    "LeastSquaresSolution",
    "LogLoss",
    "Outcome",
    "Rows",
    "Status",
    "descend_linear",
    "descend_logistic",
    "fit_formula",
    "fold_rows",
    "gradient_descent",
    "newton_logistic",
    "solve",
]
