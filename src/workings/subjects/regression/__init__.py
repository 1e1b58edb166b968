"""Linear and logistic regression: exact, by Newton's method, and by gradient descent with its history.

The estimators are in :mod:`workings.subjects.regression.estimators`, which alone imports scikit-learn.
"""

from workings.subjects.regression.compute import LearningRate, descend_linear, descend_logistic, newton_logistic
from workings.subjects.regression.history import History
from workings.subjects.regression.iteration import Descent, Status
from workings.subjects.regression.log_loss import LogLoss
from workings.subjects.regression.rows import Fold, Rows, fold_rows
from workings.subjects.regression.solution import LeastSquaresSolution, solve
from workings.subjects.regression.summary import GramMoments, LeastSquares

__all__ = [
    "Descent",
    "Fold",
    "GramMoments",
    "History",
    "LearningRate",
    "LeastSquares",
    "LeastSquaresSolution",
    "LogLoss",
    "Rows",
    "Status",
    "descend_linear",
    "descend_logistic",
    "fold_rows",
    "newton_logistic",
    "solve",
]
