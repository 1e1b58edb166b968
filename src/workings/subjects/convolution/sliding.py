"""A convolution as it is told and drawn: its arrays, which values meet at a place, and their products as formulas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np
from array_api_compat import is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node, greater, indexed, iverson, total
from workings.expression import symbol as named
from workings.language import message
from workings.subjects.convolution import compute, frequency
from workings.subjects.convolution.choice import taken
from workings.subjects.convolution.extent import Box, Mode, extent
from workings.subjects.convolution.integers import taken_for_integers
from workings.subjects.convolution.trust import Way, error_bound

__all__ = ["FUNCTIONS", "Function", "Place", "Sliding", "parts", "plus", "sliding", "told"]

Array = NDArray[Any]
Place = tuple[int, ...]
Function = Literal["convolve", "correlate", "fftconvolve", "oaconvolve"]

FUNCTIONS: dict[Function, Any] = {
    "convolve": compute.convolve,
    "correlate": compute.correlate,
    "fftconvolve": frequency.fftconvolve,
    "oaconvolve": frequency.oaconvolve,
}
_WAYS: dict[str, Way] = {"direct": "direct", "fft": "transform", "overlap-add": "blocks"}
# float32 rounds to 2²⁹ times what float64 rounds to.
_COARSER = 2.0**29


@dataclass(frozen=True, eq=False)
class Sliding:
    """What is convolved and what comes out, as NumPy arrays with one axis at least.

    Places are counted from 0 here, as Python does; formulas count from 1, as subscripts do.

    Parameters
    ----------
    function
        Which of the four was called.
    x, k, y
        Signal, kernel and result.
    mode, box
        Which part of the full result was asked for.
    over
        For each axis, whether it is convolved over; on the others the arrays are multiplied.
    way, chosen
        How it was computed, and whether that was left to the library.
    bound
        How far transforms may have moved an output; 0 where there are none.
    """

    function: Function
    x: Array
    k: Array
    y: Array
    mode: Mode
    box: Box
    over: tuple[bool, ...]
    way: Way
    chosen: bool
    bound: float

    @property
    def turned(self) -> bool:
        """Whether the kernel is turned around before it slides."""
        return self.function != "correlate"

    @property
    def shorter(self) -> Place:
        """How many values meet on each axis where the shorter array lies wholly inside the longer one."""
        sizes = zip(self.over, self.x.shape, self.k.shape, strict=True)
        return tuple(min(n, m) if over else 1 for over, n, m in sizes)

    @property
    def complex(self) -> bool:
        """Whether there are imaginary parts."""
        return self.y.dtype.kind == "c"

    def met(self, place: Place, axis: int) -> range:
        """Return which places of ``x`` on an axis meet the kernel."""
        full, n, m = place[axis] + self.box.start[axis], self.x.shape[axis], self.k.shape[axis]
        if not self.over[axis]:
            at = min(full, n - 1)
            return range(at, at + 1)
        return range(max(0, full - m + 1), min(n, full + 1))

    def tap(self, place: Place, at: Sequence[int]) -> Place:
        """Return which place of the kernel the place ``at`` of ``x`` meets."""
        found: list[int] = []
        for axis, m in enumerate(self.k.shape):
            full = place[axis] + self.box.start[axis]
            if not self.over[axis]:
                found.append(min(full, m - 1))
            else:
                found.append(full - at[axis] if self.turned else at[axis] - full + m - 1)
        return tuple(found)

    def pairs(self, place: Place) -> Iterator[tuple[Place, Place]]:
        """Yield the places of ``x`` and of the kernel that meet at a place, in the order of ``x``."""
        for at in product(*(self.met(place, axis) for axis in range(self.x.ndim))):
            yield at, self.tap(place, at)

    def count(self, place: Place) -> int:
        """Return how many products are added up at a place."""
        found = 1
        for axis in range(self.x.ndim):
            found *= len(self.met(place, axis))
        return found

    def all_products(self) -> int:
        """Return how many products the direct sums of the whole result have."""
        found = 1
        for axis, length in enumerate(self.y.shape):
            if not self.over[axis]:
                found *= length
                continue
            n, m, start = self.x.shape[axis], self.k.shape[axis], self.box.start[axis]
            found *= _products_before(start + length, n, m) - _products_before(start, n, m)
        return found

    def whole(self, place: Place) -> bool:
        """Whether the shorter array lies wholly inside the longer one there, on every axis."""
        return all(len(self.met(place, axis)) == most for axis, most in enumerate(self.shorter))

    def window(self, place: Place) -> tuple[Array, Array]:
        """Return what meets at a place: of ``x``, and of the kernel as it lies there."""
        runs = [self.met(place, axis) for axis in range(self.x.ndim)]
        seen = self.x[tuple(slice(run.start, run.stop) for run in runs)]
        ends = [self.tap(place, corner) for corner in ([r.start for r in runs], [r[-1] for r in runs])]
        lows, highs = (tuple(map(pick, *ends)) for pick in (min, max))
        taps = self.k[tuple(slice(low, high + 1) for low, high in zip(lows, highs, strict=True))]
        if self.turned:
            taps = np.flip(taps, tuple(axis for axis, over in enumerate(self.over) if over))
        return seen, np.conj(taps) if not self.turned else taps

    def finite_at(self, place: Place) -> bool:
        """Whether all that meets at a place, and the result there, are finite numbers."""
        return all(bool(np.isfinite(each).all()) for each in (*self.window(place), self.y[place]))

    def undefined_at(self, place: Place) -> bool:
        """Whether a NaN or ∞ that a direct sum of real numbers meets at a place is what keeps its result from a number.

        In a transform it comes from anywhere, and from finite numbers where their sum is beyond the largest float.
        """
        if self.way != "direct" or self.complex or bool(np.isfinite(self.y[place])):
            return False
        return not all(bool(np.isfinite(each).all()) for each in self.window(place))

    def rival(self) -> Sliding:
        """Return the same with the kernel laid the other way around: a convolution for a correlation, and vice versa.

        Its result is still the true one: only :meth:`window`, :meth:`products` and :meth:`sums` are of use.
        """
        return replace(self, function="correlate" if self.turned else "convolve")

    def slip(self, place: Place) -> float:
        """Return how far rounding may have moved the result at a place: what the functions promise."""
        kind = self.y.dtype
        if kind.kind not in "fc":
            return 0.0
        seen, taps = (np.abs(each).astype(np.float64) for each in self.window(place))
        with np.errstate(invalid="ignore"):  # ∞ times 0
            size = float((seen * taps).sum())
        if not math.isfinite(size):
            return 0.0
        # A product below the least normal number is rounded to a multiple of the least there is.
        kinds, products = np.finfo(kind), self.count(place) + 4
        return products * (float(kinds.eps) * (size + self.bound) + float(kinds.smallest_subnormal)) + self.bound

    def arrays(self) -> dict[str, Array]:
        """Return the arrays that formulas name: x and k, or the real and imaginary parts of x = a + bi, k = c + di.

        Booleans are the numbers that they count as.
        """
        if not self.complex:
            return {
                letter: array.astype(np.int64) if array.dtype.kind == "b" else array
                for letter, array in (("x", self.x), ("k", self.k))
            }
        x: Any = self.x
        k: Any = self.k
        return {"a": np.real(x), "b": np.imag(x), "c": np.real(k), "d": np.imag(k)}

    def products(self, at: Sequence[Any], tap: Sequence[Any]) -> tuple[Node, ...]:
        """Return the product of an element of ``x`` and one of the kernel, indices counted from 1.

        Of complex numbers its real and its imaginary part: x = a + bi, k = c + di.
        """
        if not self.complex:
            return (indexed("x", *at) * indexed("k", *tap),)
        a, b = (indexed(letter, *at) for letter in "ab")
        c, d = (indexed(letter, *tap) for letter in "cd")
        if not self.turned:  # times c - di
            return a * c + b * d, b * c - a * d
        return a * c - b * d, a * d + b * c

    def sums(self, place: Place) -> tuple[Node, ...]:
        """Return what the result at a place is by definition, as sums with numbers for their limits."""
        letters = self.letters()[1]
        runs = [self.met(place, axis) for axis in range(self.x.ndim)]
        first = self.tap(place, [run.start for run in runs])
        at: list[Any] = []
        taps: list[Any] = []
        for letter, run, tap in zip(letters, runs, first, strict=True):
            at.append(letter if len(run) > 1 else run.start + 1)
            if len(run) == 1:
                taps.append(tap + 1)
            elif self.turned:
                taps.append(tap + run.start + 2 - letter)
            else:
                taps.append(plus(letter, tap - run.start))
        bodies = self.products(at, taps)
        for letter, run in zip(reversed(letters), reversed(runs), strict=True):
            if len(run) > 1:
                bodies = tuple(total(body, letter, run.start + 1, run.stop) for body in bodies)
        return tuple(self.truth(body) for body in bodies)

    def truth(self, body: Node) -> Node:
        """Return the sum as it is, or of two arrays of booleans whether it is more than 0."""
        return iverson(greater(body, 0)) if self.y.dtype.kind == "b" else body

    def value(self, place: Place) -> tuple[float | int, ...]:
        """Return the result at a place: one number, or a real and an imaginary part."""
        return parts(self.y[place], split=self.complex)

    def letters(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Return the symbols that count places of the result, and those of ``x``."""
        many = self.x.ndim
        if many == 1:
            return (named("n"),), (named("m"),)
        if many == 2:
            return (named("i"), named("j")), (named("u"), named("v"))
        return tuple(named(f"n_{a + 1}") for a in range(many)), tuple(named(f"m_{a + 1}") for a in range(many))


def sliding(function: Function, x: Any, kernel: Any, mode: Any, third: Any, *, asks: str = "explain") -> Sliding:
    """Return what a function computes from these arguments; ``third`` is the method of some, the axes of others.

    Raises
    ------
    InputError
        As the function itself; or if the arrays are empty, or hold what has no decimal digits to be told in.
    """
    y = np.asarray(FUNCTIONS[function](x, kernel, mode, third))
    elsewhere = any(is_array_api_obj(a) and not is_numpy_array(a) for a in (x, kernel))
    x, k = np.asarray(x), np.asarray(kernel)
    for argument, array in (("x", x), ("kernel", k)):
        if array.dtype.kind == "O" or array.dtype.char in "gG":
            raise InputError(
                message(
                    "{function}: {argument} must be integers or floats of at most 64 bits to be told; got {dtype}; "
                    "convert it first",
                    function=asks,
                    argument=argument,
                    dtype=str(array.dtype),
                )
            )
    if y.size == 0:
        raise InputError(message("{function}: x and kernel must not be empty", function=asks))
    if x.ndim == 0:
        x, k, y = x.reshape(1), k.reshape(1), y.reshape(1)
    over = [True] * x.ndim
    if function in {"fftconvolve", "oaconvolve"} and third is not None:
        asked = {int(a) % x.ndim for a in np.atleast_1d(third)}
        over = [a in asked for a in range(x.ndim)]
    box = extent(x.shape, k.shape, mode, [a for a, each in enumerate(over) if each], function=function)
    way = _way(function, x, k, box, third, elsewhere=elsewhere)
    chosen = isinstance(third, str) and third == "auto"
    bound = _bound(function, x, k, way)
    return Sliding(function, told(x, y), told(k, y), y, mode, box, tuple(over), way, chosen, bound)


def told(array: Array, result: Array) -> Array:
    """Return an array as its digits are told beside a result.

    A float16 0.1 is 0.09998: among numbers of more digits it has to be told with more than its own.
    """
    return array.astype(np.float64) if array.dtype.char == "e" and result.dtype.char != "e" else array


def _way(function: Function, x: Array, k: Array, box: Box, third: Any, *, elsewhere: bool) -> Way:
    if function == "fftconvolve":
        return "transform"
    if function == "oaconvolve":
        return "blocks"
    kinds = {x.dtype.kind, k.dtype.kind}
    if kinds == {"b"}:
        return "direct"
    asked = _WAYS.get(str(third))
    if kinds <= set("biu") and not elsewhere:
        return taken_for_integers(x, k, box, asked)
    if asked is not None or elsewhere:
        return asked or "direct"
    kind = np.result_type(x.dtype, k.dtype, np.float32)
    return taken(x.astype(kind, copy=False), k.astype(kind, copy=False), box)


def _bound(function: Function, x: Array, k: Array, way: Way) -> float:
    kinds = {x.dtype.kind, k.dtype.kind}
    if way == "direct" or (function in {"convolve", "correlate"} and kinds <= set("biu")):
        return 0.0
    kind = np.result_type(x.dtype, k.dtype, np.float32 if kinds <= set("fc") else np.float64)
    wide = [a.astype(np.result_type(a.dtype, np.float64), copy=False) for a in (x, k)]
    # Near the ends of the floats nothing is promised for the values as they are: for those divided by their largest.
    most = [float(np.abs(a).max()) for a in wide]
    if 0 in most:
        return 0.0  # a transform of zeros is zeros
    bound = error_bound(wide[0], wide[1], way)
    if not math.isfinite(bound) and all(map(math.isfinite, most)):
        bound = error_bound(wide[0] / most[0], wide[1] / most[1], way) * most[0] * most[1]
    single = kind.char in "fF" and function in {"fftconvolve", "oaconvolve"}
    return bound * _COARSER if single else bound


def _products_before(place: int, n: int, m: int) -> int:
    """Return how many products there are at the places before one: 1, 2, ..., as many as the shorter has, ..., 2, 1."""
    most, turn = min(n, m), n + m - min(n, m)
    rising, falling = min(place, most), max(0, place - turn)
    level = max(0, min(place, turn) - most)
    return rising * (rising + 1) // 2 + level * most + falling * most - falling * (falling + 1) // 2


def parts(value: Any, *, split: bool) -> tuple[float | int, ...]:
    """Return a number of a result as Python's, its real and imaginary part apart if ``split``."""
    if split:
        return float(value.real), float(value.imag)
    if value.dtype.kind in "biu":
        return (int(value),)
    return (float(value),)


def plus(where: Node, constant: int) -> Node:
    """Return ``where`` plus a whole number, as it is written by hand."""
    return where if constant == 0 else where + constant if constant > 0 else where - -constant
