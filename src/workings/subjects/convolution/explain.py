"""A convolution, worked: the kernel turned around, where it lies, the products under it, and their sum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Number
from workings.language import Message, grouped, message
from workings.subjects.convolution import compute, frequency
from workings.subjects.convolution.compute import Method
from workings.subjects.convolution.explain_functions import explain_convolve_functions
from workings.subjects.convolution.explain_place import tell_place
from workings.subjects.convolution.explain_positions import tell_every_position, tell_positions
from workings.subjects.convolution.explain_table import table_question, tell_table
from workings.subjects.convolution.explain_way import tell_rival, tell_way
from workings.subjects.convolution.explain_whole import (
    give_arrays,
    tell_definition,
    tell_size,
    tell_turned,
)
from workings.subjects.convolution.extent import Mode
from workings.subjects.convolution.frequency import Axes
from workings.subjects.convolution.places import Places, asked
from workings.subjects.convolution.sliding import Place, Sliding, sliding
from workings.working import Derivation, Step, Working, explainer

__all__ = [
    "explain_convolve",
    "explain_convolve_functions",
    "explain_correlate",
    "explain_fftconvolve",
    "explain_oaconvolve",
    "strongest",
]

# So many positions are told one by one, of kernels up to so many values.
_FEW, _FEW_TAPS = 12, 6
# The place told of a long result is its strongest, as far as this; beyond so many products it is sought among the
# first ones, which are shorter.
_MOST_PRODUCTS = 1_000_000
_AT_ONCE = 1 << 16


@explainer(compute.convolve)
def explain_convolve(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> Working:
    """Return the working of ``convolve`` with the same arguments; ``at(3)`` tells the result's element ``[3]``.

    ``at(range(0, 100))`` tells a hundred elements, each as a row of a table, ``at(slice(None))`` all of a short result;
    of an image ``at(1, range(0, 8))`` a row. Places are counted from 0 in ``at``, as Python does; what is told counts
    them from 1, as subscripts do.
    """
    return _told(sliding("convolve", x, kernel, mode, method))


@explainer(compute.correlate)
def explain_correlate(x: Any, kernel: Any, /, mode: Mode = "full", method: Method = "auto") -> Working:
    """Return the working of ``correlate`` with the same arguments; see :func:`explain_convolve`."""
    return _told(sliding("correlate", x, kernel, mode, method))


@explainer(frequency.fftconvolve)
def explain_fftconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> Working:
    """Return the working of ``fftconvolve``: by the definition, against which the transforms are held."""
    return _told(sliding("fftconvolve", x, kernel, mode, axes))


@explainer(frequency.oaconvolve)
def explain_oaconvolve(x: Any, kernel: Any, /, mode: Mode = "full", axes: Axes = None) -> Working:
    """Return the working of ``oaconvolve``: by the definition, against which the transforms are held."""
    return _told(sliding("oaconvolve", x, kernel, mode, axes))


def _told(s: Sliding) -> Working:
    """Tell the whole, with one place in full where there are too many."""
    w = Derivation("convolution", _question(s))
    give_arrays(w, s)
    tell_definition(w, s)
    tell_turned(w, s)
    tell_size(w, s)
    short = s.x.ndim == 1 and s.y.size <= _FEW and s.shorter[0] <= _FEW_TAPS and bool(np.isfinite(s.y).all())
    place = strongest(s)
    told: list[Place] = [place]
    if short:
        values = tell_every_position(w, s)
        told = [(n,) for n in range(s.y.size)]
        place = _apart(s) or place
        w.conclude(message("y = {values}.", values=reduce(_and, map(_said, values))))
    else:
        _see_that_it_can_be_told(s, place)
        if s.x.ndim == 1:
            told = tell_positions(w, s, place)
        w.conclude(_answer(s, place, tell_place(w, s, place)))
    tell_rival(w, s, place)
    tell_way(w, s, told)
    _tell_not_finite(w, s)
    if s.x.ndim > 1:
        some = ", ".join([*map(str, place[:-1]), f"range(0, {min(s.y.shape[-1], 10)})"])
        w.note(message("at({places}) gives a table of several values, each with its window.", places=some))
    return w.build(more=lambda *at, **where: _at(s, place, at, where))


def _at(s: Sliding, told: Place, at: tuple[Any, ...], where: dict[str, Any]) -> Working:
    """Tell one place in full, or several in a table."""
    places = _asked(s, told, at, where)
    if places.several:
        return _several(s, places.within(math.prod(s.shorter)))
    place = places.first
    _see_that_it_can_be_told(s, place)
    w = Derivation("convolution", _question_at(s, place))
    give_arrays(w, s)
    tell_definition(w, s)
    w.conclude(_answer(s, place, tell_place(w, s, place)))
    tell_rival(w, s, place)
    tell_way(w, s, [place])
    return w.build(more=lambda *at, **where: _at(s, place, at, where))


def _several(s: Sliding, places: Places) -> Working:
    """Tell several places, each as a row."""
    w = Derivation("convolution", table_question(s, places))
    give_arrays(w, s)
    tell_definition(w, s)
    tell_turned(w, s)
    tell_size(w, s)
    told = tell_table(w, s, places)
    w.conclude(
        message(
            "{count} of {total} values, in Python y[{at}].",
            count=places.count,
            total=s.y.size,
            at=places.text,
        )
    )
    if told:
        tell_rival(w, s, told[0])
        tell_way(w, s, told)
    return w.build(more=lambda *at, **where: _at(s, places.first, at, where))


def _asked(s: Sliding, told: Place, at: tuple[Any, ...], where: dict[str, Any]) -> Places:
    """Return the places that ``at(3)``, ``at(1, 2)``, ``at(i=1)`` or ``at(range(9))`` asks for, counted from 0."""
    names = [letter.name for letter in s.letters()[0]]
    if len(at) > len(names) or set(where) - set(names[len(at) :]):
        raise InputError(
            message(
                "at: the place must be numbers for {names}, as at({example}) or at({first}=0); got {got}",
                names=", ".join(names),
                example=", ".join("0" * len(names)),
                first=names[0],
                got=", ".join([*map(repr, at), *(f"{name}={value!r}" for name, value in where.items())]),
            )
        )
    return asked(dict(zip(names, told, strict=True)) | dict(zip(names, at, strict=False)) | where, s.y.shape)


def strongest(s: Sliding) -> Place:
    """Return the place that is told: the strongest where the shorter array lies wholly inside, if there is one."""
    start = [max(0, m - 1 - first) if o else 0 for m, first, o in zip(s.shorter, s.box.start, s.over, strict=True)]
    stop = [
        max(n, m) - first if o else length
        for n, m, first, length, o in zip(s.x.shape, s.k.shape, s.box.start, s.y.shape, s.over, strict=True)
    ]
    if int(np.prod(s.shorter)) > _MOST_PRODUCTS:
        side = max(1, int(_MOST_PRODUCTS ** (1 / s.x.ndim)))
        start, stop = [0] * s.x.ndim, [min(side, length) for length in s.y.shape]
    inner = s.y[tuple(slice(low, high) for low, high in zip(start, stop, strict=True))]
    found = _largest(inner) if inner.size else None
    if found is None:
        found, start = _largest(s.y), [0] * s.x.ndim
    found = found or (0,) * s.x.ndim
    return tuple(low + at for low, at in zip(start, found, strict=True))


def _largest(values: NDArray[Any]) -> Place | None:
    """Return where a value is largest in size, the first of several; None where none is finite."""
    best, place = -1.0, None
    # So few at a time that their sizes stay near the processor.
    rows = max(1, _AT_ONCE // max(1, math.prod(values.shape[1:])))
    for start in range(0, len(values), rows):
        part = values[start : start + rows]
        size = np.abs(part.astype(np.float64) if part.dtype.kind in "bi" else part)
        at = int(size.argmax())
        if not math.isfinite(size.flat[at]):
            # NaN counts as the largest.
            size = np.where(np.isfinite(size), size, -1)
            at = int(size.argmax())
        if size.flat[at] > best:
            best = float(size.flat[at])
            row, *others = np.unravel_index(at, size.shape)
            place = (start + int(row), *map(int, others))
    return place


def _apart(s: Sliding) -> Place | None:
    """Return the first place of a short result at which the kernel laid the other way around gives another value."""
    other = s.rival()
    for n in range(s.y.size):
        values = [np.sum(np.multiply(*each.window((n,)))) for each in (s, other)]
        if values[0] != values[1]:
            return (n,)
    return None


def _see_that_it_can_be_told(s: Sliding, place: Place) -> None:
    if not (s.finite_at(place) or s.undefined_at(place)):
        raise InputError(
            message(
                "explain: x, kernel and result must be finite where they are told; at {place} they are not; look "
                "elsewhere with at(...)",
                place=", ".join(map(str, place)),
            )
        )


def _tell_not_finite(w: Derivation, s: Sliding) -> None:
    """Count the results that are no finite numbers, and say where that comes from."""
    count = int((~np.isfinite(s.y)).sum())
    if not count:
        return
    told = {"count": count, "all": s.y.size}
    if np.isfinite(s.x).all() and np.isfinite(s.k).all():
        w.note(message("Beyond the largest float: {count} of the {all} results. They are ∞ or NaN there.", **told))
    elif s.way == "direct":
        w.note(
            message(
                "Not finite: {count} of the {all} results. A NaN or ∞ of the signal or the kernel reaches every "
                "position whose window it lies in, and no other.",
                **told,
            )
        )
    else:
        w.note(
            message(
                "Not finite: {count} of the {all} results. In a transform a NaN or ∞ reaches every position of its "
                "block, in a direct sum only those whose window it lies in.",
                **told,
            )
        )


def _question(s: Sliding) -> Message:
    if s.x.ndim == 1:
        if s.turned:
            return message(
                "What is the convolution of a signal of length {n} with a kernel of length {k}?",
                n=s.x.size,
                k=s.k.size,
            )
        return message(
            "What is the cross-correlation of a signal of length {n} with a kernel of length {k}?",
            n=s.x.size,
            k=s.k.size,
        )
    shapes = {"n": _shape(s.x.shape), "k": _shape(s.k.shape)}
    if s.turned:
        return message("What is the convolution of {n} numbers with a kernel of {k}?", **shapes)
    return message("What is the cross-correlation of {n} numbers with a kernel of {k}?", **shapes)


def _question_at(s: Sliding, place: Place) -> Message:
    if s.x.ndim == 1:
        if s.turned:
            return message("How does position {n} of the convolution come about?", n=place[0] + 1)
        return message("How does position {n} of the cross-correlation come about?", n=place[0] + 1)
    at = ", ".join(str(each + 1) for each in place)
    if s.turned:
        return message("How does the value at ({at}) of the convolution come about?", at=at)
    return message("How does the value at ({at}) of the cross-correlation come about?", at=at)


def _answer(s: Sliding, place: Place, steps: Sequence[Step]) -> Message:
    if s.x.ndim == 1:
        return message(
            "{value}: position {n} of {count}, in Python y[{at}].",
            value=_said(steps),
            n=place[0] + 1,
            count=s.y.size,
            at=str(place[0]),
        )
    return message(
        "{value}: the value at ({told}) of {shape}, in Python y[{at}].",
        value=_said(steps),
        told=", ".join(str(each + 1) for each in place),
        shape=_shape(s.y.shape),
        at=", ".join(map(str, place)),
    )


def _said(steps: Sequence[Step]) -> Number | Message | str:
    """Return the result of a place, a number or its real and its imaginary part, as its lines show it."""
    seen = [step.shown for step in steps if step.shown is not None]
    if not seen:
        return "NaN"
    real, *rest = seen
    if not rest:
        return real
    (imaginary,) = rest
    if imaginary.text.startswith("-"):
        return message("{real} - {imaginary}i", real=real, imaginary=Number(-imaginary.value, imaginary.text[1:]))
    return message("{real} + {imaginary}i", real=real, imaginary=imaginary)


def _and(first: Number | Message | str, second: Number | Message | str) -> Message:
    return message("{first}, {second}", first=first, second=second)


def _shape(shape: Place) -> str:
    return " × ".join(grouped(size) for size in shape)
