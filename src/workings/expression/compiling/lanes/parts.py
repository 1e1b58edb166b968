"""What several elementary functions are made of."""

from __future__ import annotations

from collections.abc import Sequence

from workings.expression.compiling.lanes.values import Integers, Lanes

__all__ = ["less_multiple", "nearest_integer", "polynomial", "power_of_two", "scaled"]

# Adding it leaves the nearest integer in the low bits of the significand; subtracting it gives that integer back.
_SHIFT = 1.5 * 2.0**52
_SHIFT_BITS = 0x4338_0000_0000_0000


def nearest_integer(x: Lanes) -> tuple[Lanes, Integers]:
    """Return the integer nearest to x, for |x| < 2^51, as a float and as an integer."""
    shifted = x + _SHIFT
    return shifted - _SHIFT, shifted.bits() - _SHIFT_BITS


def polynomial(x: Lanes, coefficients: Sequence[float]) -> Lanes:
    """Return the polynomial with these coefficients, the constant first, by Horner's rule."""
    highest, *rest = reversed(coefficients)
    value = x.times_plus(highest, rest[0])
    for coefficient in rest[1:]:
        value = value.times_plus(x, coefficient)
    return value


def power_of_two(k: Integers) -> Lanes:
    """Return 2^k for -1022 <= k <= 1023."""
    return ((k + 1023) << 52).doubles()


def scaled(x: Lanes, k: Integers) -> Lanes:
    """Return x·2^k for -2044 <= k <= 2046, rounded once: by two factors, of which only the second can round."""
    half = ((k + 2048) >> 1) - 1024
    return x * power_of_two(half) * power_of_two(k - half)


def less_multiple(x: Lanes, k: Lanes, constant: float) -> Lanes:
    """Return x - k·constant, rounded once where the difference cancels, as it does in a range reduction."""
    if x.writer.fused:
        return k.times_plus(-constant, x)
    product, lost = k.times(constant)
    return (x - product) - lost
