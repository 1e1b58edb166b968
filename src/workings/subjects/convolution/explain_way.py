"""What a convolution was computed by, what that costs in digits, and what the other convention gives."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from workings.expression import Node, indexed
from workings.language import Message, message
from workings.subjects.convolution.sliding import Place, Sliding, parts
from workings.working import Derivation, shown

__all__ = ["tell_rival", "tell_way"]


def tell_rival(w: Derivation, s: Sliding, place: Place) -> None:
    """Say what the kernel laid the other way around would give."""
    if not any(s.over) or s.y.dtype.kind == "b":
        return
    other = s.rival()
    value = _direct(other, place)[0]
    if not math.isfinite(value):
        return
    there = _there(place)
    if s.turned:
        chosen = message("the kernel is turned around before it slides, as mathematics and SciPy define a convolution")
        if s.complex:
            rival = message(
                "as it lies and conjugated (a cross-correlation), the real part of {there} would be {value}",
                there=there,
            )
        elif value == _direct(s, place)[0]:
            rival = message(
                "as it lies (a cross-correlation, which neural networks call a convolution), {there} is {value} too",
                there=there,
            )
        else:
            rival = message(
                "as it lies (a cross-correlation, which neural networks call a convolution), {there} would be {value}",
                there=there,
            )
    else:
        chosen = message("the kernel slides as it lies, which makes this a cross-correlation")
        rival = message("turned around first (a convolution), {there} would be {value}", there=there)
        if s.complex:
            rival = message(
                "turned around and not conjugated (a convolution), the real part of {there} would be {value}",
                there=there,
            )
    w.convention(None, chosen, rival, value, other.sums(place)[0])


def _there(place: Place) -> Node:
    return indexed("y", *(n + 1 for n in place))


def _direct(s: Sliding, place: Place) -> tuple[float | int, ...]:
    """Return the sum of the products at a place, rounded once."""
    seen, taps = s.window(place)
    if s.y.dtype.kind in "biu" or {seen.dtype.kind, taps.dtype.kind} <= set("biu"):
        found = sum(int(a) * int(b) for a, b in zip(seen.flat, taps.flat, strict=True))
        return (found,) if s.y.dtype.kind in "biu" else (float(found),)
    wide = np.complex128 if s.complex else np.float64
    with np.errstate(over="ignore", invalid="ignore"):
        products = seen.astype(wide) * taps.astype(wide)
    if not np.isfinite(products).all():
        return (math.nan,) * (2 if s.complex else 1)
    real = math.fsum(np.real(products).flat)
    return (real, math.fsum(np.imag(products).flat)) if s.complex else (real,)


def tell_way(w: Derivation, s: Sliding, places: Sequence[Place]) -> None:
    """Say how the result was computed and why, and what that did to its digits at some places."""
    products = s.all_products()
    if s.way == "direct":
        if s.chosen:
            w.note(
                message(
                    "Computed as sums of products (of these there are {products}): Fourier transforms would not take "
                    "half the time, or would lose digits.",
                    products=products,
                )
            )
        else:
            w.note(message("Computed as sums of products (of these there are {products}).", products=products))
        return
    w.note(_why(s, products))
    if s.bound == 0:
        w.note(
            message("The integers are exact: the transform's error is below 1/2, so that rounding gives each of them.")
        )
        return
    if not math.isfinite(s.bound):
        return  # of what is not finite, a transform bounds nothing
    off = max(
        abs(a - b)
        for place in places
        for a, b in zip(parts(s.y[place], split=s.complex), _direct(s, place), strict=True)
    )
    w.note(
        message(
            "A transform rounds all outputs alike, here by at most {bound}, small outputs as much as large ones. Where "
            "this working tells a sum, the transform's value differs from it by at most {difference}.",
            bound=shown(s.bound, 2),
            difference=shown(off, 2),
        )
    )


def _why(s: Sliding, products: int) -> Message:
    blocks = s.way == "blocks"
    if s.chosen and blocks:
        return message(
            "Computed by Fourier transforms of blocks that overlap: the {products} products of the direct sum would "
            "take more than twice as long.",
            products=products,
        )
    if s.chosen:
        return message(
            "Computed by Fourier transforms, whose product is the transform of the result: the {products} products of "
            "the direct sum would take more than twice as long.",
            products=products,
        )
    if blocks:
        return message(
            "Computed by Fourier transforms of blocks that overlap, as asked; the direct sum has {products} "
            "{products:product|products}.",
            products=products,
        )
    return message(
        "Computed by Fourier transforms, whose product is the transform of the result, as asked; the direct sum has "
        "{products} {products:product|products}.",
        products=products,
    )
