"""The sigmoid and its family: score to probability, its logarithm, its slope, and the way back."""

from workings.subjects.sigmoid.compute import log_sigmoid, logit, sigmoid, sigmoid_derivative

__all__ = ["log_sigmoid", "logit", "sigmoid", "sigmoid_derivative"]
