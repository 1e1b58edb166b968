"""Convolution: a signal or an image with a sliding kernel."""

from workings.subjects.convolution import filters
from workings.subjects.convolution.layer import conv2d

__all__ = ["conv2d", "filters"]
