"""Convolution: a signal or an image with a sliding kernel."""

from workings.subjects.convolution import filters

__all__ = ["filters"]
