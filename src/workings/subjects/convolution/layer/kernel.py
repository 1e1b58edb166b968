r"""The compiled loop of conv2d: one block of outputs at a time, held in the processor's registers.

.. math:: y_{o, p} = b_o + \sum_k w_{o, k}\, x_{p + m_k}

A pixel of a feature map is a place p in one long row of numbers, the image's rows one behind the other; tap k of the
window (channel, row, column) lies :math:`m_k` numbers further, for every p. So the loop over the taps reads x where it
lies: no matrix of windows is built. For each tap a few vectors of neighbouring places are read once and multiplied by
the weights of several filters, and all their sums stay in registers until the last tap: 8 filters × 48 places fill 24
of the 32 registers of a processor with AVX-512, 3 more hold the places and one the weight, so that nearly every
instruction multiplies and adds. Compilers do not find this form by themselves (they vectorise the innermost loop,
which here runs over the taps), so it is written with LLVM's vectors, once for every format.

Places between the end of a feature map's row and the start of the next are computed too and not kept: with a kernel
3 wide and rows of 56 that is 4 in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

__all__ = ["feature_map_loop", "tile_of"]

# So many products are added before their sum is added to the others': the rounding of one long chain of additions
# grows with its length, that of blocks with the length of one and their number. 256 taps × 8 weights are 8 KiB, which
# stay in the fastest cache beside the pixels.
_BLOCK = 256


@cache
def _machine() -> tuple[int, tuple[int, int]]:
    """Return how many bytes a vector has, and the largest tile (filters, vectors) that fits into the registers."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 64, (8, 3)
    if features.get("avx"):
        # 16 registers: 12 sums, 3 vectors of pixels, 1 weight.
        return 32, (4, 3)
    arm = llvm.get_process_triple().startswith(("aarch64", "arm64"))
    return 16, (8, 3) if arm else (4, 3)


def tile_of(outputs: int, itemsize: int) -> tuple[int, int]:
    """Return the tile for groups of so many filters: how many filters and how many places it takes at a time.

    A last tile that is not full computes filters of zeros; a tile of few filters waits for its pixels instead. So the
    time is about that of max(filters, 1.5) instructions a vector, and the least of all is taken.
    """
    width, (most, vectors) = _machine()
    tiles = [(most, vectors), *((rows, 4) for rows in (4, 2, 1) if rows < most)]
    rows, vectors = min(tiles, key=lambda tile: -(-outputs // tile[0]) * max(tile[0], 1.5))
    return rows, vectors * (width // itemsize)


@cache
def feature_map_loop(rows: int, width: int) -> Callable[..., None]:
    """Return the loop for tiles of ``rows`` filters by ``width`` places, for float32, float64 and int64.

    It fills the blocks ``begin`` to ``end`` of ``out``, counted through images, groups, tiles of places and blocks of
    filters, the last of which runs fastest.
    """

    @njit(nogil=True, cache=True, error_model="numpy")
    def loop(  # noqa: PLR0917 -- one caller
        x: Any,
        image: int,
        channels: int,
        offsets: Any,
        weights: Any,
        bias: Any,
        out: Any,
        groups: int,
        positions: int,
        row: int,
        begin: int,
        end: int,
    ) -> None:
        total, part = np.empty((rows, width), x.dtype), np.empty((rows, width), x.dtype)
        outputs = out.shape[1] // groups
        blocks, tiles = -(-outputs // rows), -(-positions // width)
        for number in range(begin, end):
            rest, block = divmod(number, blocks)
            rest, tile = divmod(rest, tiles)
            n, group = divmod(rest, groups)
            # The last tile is moved back to end with the map: its first places are computed twice, to the same values.
            first = max(0, min(tile * width, positions - width))
            place = n * image + group * channels + first
            packed = (group * blocks + block) * offsets.size * rows
            _add_products(x, place, offsets, weights, packed, 0, min(offsets.size, _BLOCK), total, rows, width)
            for k in range(_BLOCK, offsets.size, _BLOCK):
                stop = min(offsets.size, k + _BLOCK)
                _add_products(x, place, offsets, weights, packed, k, stop, part, rows, width)
                for r in range(rows):
                    for c in range(width):
                        total[r, c] += part[r, c]
            y, column = divmod(first, row)
            done = 0
            while done < width and y < out.shape[2]:
                length = min(out.shape[3] - column, width - done)
                for r in range(min(rows, outputs - block * rows)):
                    o = group * outputs + block * rows + r
                    # Taken out of the loop, and with places that cannot be negative: so it is done in vectors.
                    added, line, found = bias[o], out[n, o, y], total[r]
                    for c in range(np.uintp(length)):
                        line[np.uintp(column) + c] = found[np.uintp(done) + c] + added
                done += row - column
                y, column = y + 1, 0

    return loop


def _products(  # noqa: PLR0917 -- one caller
    _: Any, x: Any, place: Any, offsets: Any, weights: Any, packed: Any, begin: Any, end: Any, total: Any,
    rows: Any, width: Any,
) -> Any:  # fmt: skip
    r"""Write the innermost loop: :math:`\text{total}_{r, c} = \sum_{k} w_{k, r}\, x_{\text{place} + m_k + c}`."""
    tile = _Tile(str(x.dtype), rows.literal_value, width.literal_value)
    integer = types.int64
    signature = types.void(x, integer, offsets, weights, integer, integer, integer, total, rows, width)

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pixels, steps, weight, out = (
            context.make_array(signature.args[k])(context, builder, arguments[k]).data for k in (0, 2, 3, 7)
        )
        place, packed, begin, end = (arguments[k] for k in (1, 4, 5, 6))
        tile.write(builder, (pixels, place), steps, (weight, packed), (begin, end), out)
        return context.get_dummy_value()

    return signature, write


# As numbers of the type that calls it, rows and width are known when the code is written.
_add_products: Any = intrinsic(prefer_literal=True)(_products)


class _Tile:
    """A tile of sums in registers, and the instructions that fill it."""

    def __init__(self, kind: str, rows: int, width: int) -> None:
        self._integer = kind == "int64"
        scalar: Any = {"float32": ir.FloatType(), "float64": ir.DoubleType(), "int64": ir.IntType(64)}[kind]
        self._size = 4 if kind == "float32" else 8
        self._lanes = _machine()[0] // self._size
        self._vector: Any = ir.VectorType(scalar, self._lanes)
        self._rows, self._vectors = rows, width // self._lanes

    def write(  # noqa: PLR0917 -- one caller
        self,
        builder: Any,
        pixels: tuple[Any, Any],
        steps: Any,
        weights: tuple[Any, Any],
        taps: tuple[Any, Any],
        out: Any,
    ) -> None:
        """Write the loop over the taps: pointers come with the place to start from."""
        head, body, after = (builder.append_basic_block(name) for name in ("taps", "tap", "after"))
        before = builder.block
        builder.branch(head)
        builder.position_at_end(head)
        k = builder.phi(_INDEX)
        k.add_incoming(taps[0], before)
        sums = [[builder.phi(self._vector) for _ in range(self._vectors)] for _ in range(self._rows)]
        for each in (one for row in sums for one in row):
            each.add_incoming(ir.Constant(self._vector, [0] * self._lanes), before)
        builder.cbranch(builder.icmp_signed("<", k, taps[1]), body, after)

        builder.position_at_end(body)
        start = builder.add(pixels[1], builder.load(builder.gep(steps, [k])))
        seen = [
            builder.load(
                self._lanes_at(builder, pixels[0], builder.add(start, _index(v * self._lanes))), align=self._size
            )
            for v in range(self._vectors)
        ]
        first = builder.add(weights[1], builder.mul(k, _index(self._rows)))
        for r in range(self._rows):
            weight = self._spread(builder, builder.load(builder.gep(weights[0], [builder.add(first, _index(r))])))
            for v in range(self._vectors):
                sums[r][v].add_incoming(self._times_plus(builder, weight, seen[v], sums[r][v]), body)
        k.add_incoming(builder.add(k, _index(1)), body)
        builder.branch(head)

        builder.position_at_end(after)
        for r in range(self._rows):
            for v in range(self._vectors):
                target = self._lanes_at(builder, out, _index((r * self._vectors + v) * self._lanes))
                builder.store(sums[r][v], target, align=self._size)

    def _times_plus(self, builder: Any, w: Any, x: Any, total: Any) -> Any:
        if self._integer:
            return builder.add(total, builder.mul(w, x))
        # "contract": one instruction with one rounding where the processor has it.
        return builder.fadd(total, builder.fmul(w, x, flags=["contract"]), flags=["contract"])

    def _spread(self, builder: Any, w: Any) -> Any:
        """Return a vector that holds one weight in every lane."""
        nothing = ir.Constant(self._vector, ir.Undefined)
        zero = ir.Constant(ir.IntType(32), 0)
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self._lanes), [0] * self._lanes)
        return builder.shuffle_vector(builder.insert_element(nothing, w, zero), nothing, zeros)

    def _lanes_at(self, builder: Any, pointer: Any, place: Any) -> Any:
        return builder.bitcast(builder.gep(pointer, [place]), self._vector.as_pointer())


_INDEX = ir.IntType(64)


def _index(value: int) -> Any:
    return ir.Constant(_INDEX, value)
