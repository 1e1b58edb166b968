"""The estimators: scikit-learn's interface over the fits of this room."""

from workings.subjects.regression.linear_regression import LinearRegression
from workings.subjects.regression.logistic_regression import LogisticRegression

__all__ = ["LinearRegression", "LogisticRegression"]
