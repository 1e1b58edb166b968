"""Convolution: a signal or an image with a sliding kernel, and the layers of a convolutional network."""

from workings.subjects.convolution import filters
from workings.subjects.convolution.compute import convolve, correlate
from workings.subjects.convolution.frequency import fftconvolve, oaconvolve
from workings.subjects.convolution.functions import convolve_functions
from workings.subjects.convolution.layer import conv2d

__all__ = ["conv2d", "convolve", "convolve_functions", "correlate", "fftconvolve", "filters", "oaconvolve"]
