"""A convolution as a picture: a signal or an image, the kernel that slides over it, and what comes out."""

from __future__ import annotations

from typing import Any

import altair as alt

from workings.errors import InputError
from workings.language import message
from workings.subjects.convolution import compute, frequency
from workings.subjects.convolution.compute import Method
from workings.subjects.convolution.extent import Mode
from workings.subjects.convolution.frequency import Axes
from workings.subjects.convolution.plot_functions import plot_convolve_functions
from workings.subjects.convolution.plot_image import image_picture
from workings.subjects.convolution.plot_signal import signal_picture
from workings.subjects.convolution.sliding import Sliding, sliding
from workings.working import plotter

__all__ = ["plot_convolve", "plot_convolve_functions", "plot_correlate", "plot_fftconvolve", "plot_oaconvolve"]


@plotter(compute.convolve)
def plot_convolve(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> alt.TopLevelMixin:
    """Return signal, turned kernel, products and result over one another, or image, kernel and result side by side.

    Sliders move the kernel.
    """
    return _picture(sliding("convolve", x, kernel, mode, method, asks="plot"))


@plotter(compute.correlate)
def plot_correlate(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> alt.TopLevelMixin:
    """Return the picture of ``correlate``; see :func:`plot_convolve`."""
    return _picture(sliding("correlate", x, kernel, mode, method, asks="plot"))


@plotter(frequency.fftconvolve)
def plot_fftconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> alt.TopLevelMixin:
    """Return the picture of ``fftconvolve``; see :func:`plot_convolve`."""
    return _picture(sliding("fftconvolve", x, kernel, mode, axes, asks="plot"))


@plotter(frequency.oaconvolve)
def plot_oaconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> alt.TopLevelMixin:
    """Return the picture of ``oaconvolve``; see :func:`plot_convolve`."""
    return _picture(sliding("oaconvolve", x, kernel, mode, axes, asks="plot"))


def _picture(s: Sliding) -> alt.TopLevelMixin:
    if s.complex:
        raise InputError(
            message("plot: x and kernel must be real to be drawn; take the real and the imaginary part apart")
        )
    if s.x.ndim > 2 or not all(s.over):
        raise InputError(
            message(
                "plot: x and kernel must have one axis or two, and be convolved over all of them; draw a slice of them"
            )
        )
    return signal_picture(s) if s.x.ndim == 1 else image_picture(s)
