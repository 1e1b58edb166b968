"""What several elementary functions are made of."""

from __future__ import annotations

from collections.abc import Sequence

from workings.expression.compiling.lanes.values import Integers, Lanes

__all__ = ["nearest_integer", "polynomial", "power_of_two", "scaled"]

# Adding it leaves the nearest integer in the low bits of the significand; subtracting it gives that integer back.
_SHIFT = 1.5 * 2.0**52
_SHIFT_BITS = 0x4338_0000_0000_0000


def nearest_integer(x: Lanes, factor: float) -> tuple[Lanes, Integers]:
    """Return the integer nearest to x·factor, for less than 2^51, as a float and as an integer."""
    shifted = x.times_plus(factor, _SHIFT)
    return shifted - _SHIFT, shifted.bits() - _SHIFT_BITS


def polynomial(x: Lanes, coefficients: Sequence[float]) -> Lanes:
    """Return the polynomial with these coefficients, the constant first.

    Neighbours are joined to :math:`a + b x`, these with :math:`x^2`, those with :math:`x^4`, and so on: by Horner's
    rule every step would wait for the one before it.

    Source: G. Estrin, Organization of computer systems: the fixed plus variable structure computer, Western Joint
    Computer Conference, 1960.
    """
    terms: list[Lanes | float] = list(coefficients)
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        joined: list[Lanes | float] = [x.times_plus(high, low) for low, high in pairs]
        terms = joined + terms[len(joined) * 2 :]
        x = x * x
    (value,) = terms
    return value if isinstance(value, Lanes) else x.constant(value)


def power_of_two(k: Lanes) -> Lanes:
    """Return 2^k for a whole k, -1022 <= k <= 1023."""
    if k.writer.skills.scales:
        return k.writer.scale(k.constant(1.0), k)
    return _power(_integer(k))


def scaled(x: Lanes, k: Lanes) -> Lanes:
    """Return x·2^k for a whole k, -2044 <= k <= 2046, rounded once: of two factors only the second can round."""
    if x.writer.skills.scales:
        return x.writer.scale(x, k)
    whole = _integer(k)
    half = ((whole + 2048) >> 1) - 1024
    return x * _power(half) * _power(whole - half)


def _integer(k: Lanes) -> Integers:
    return (k + _SHIFT).bits() - _SHIFT_BITS


def _power(k: Integers) -> Lanes:
    return ((k + 1023) << 52).doubles()
