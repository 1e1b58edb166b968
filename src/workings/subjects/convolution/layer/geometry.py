"""The shapes of a two-dimensional convolution layer: what is given, where the windows lie, what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

from workings.errors import InputError
from workings.language import message

__all__ = ["Geometry", "Padding", "Pair", "geometry_of"]

Pair = int | Sequence[int]
Padding = Pair | Literal["same", "valid"]


@dataclass(frozen=True)
class Geometry:
    """The shapes of one layer, checked.

    Parameters
    ----------
    batch, channels, height, width
        Of the images.
    outputs
        How many filters, and so feature maps, there are.
    kernel, stride, dilation
        Down and across.
    before, after
        How many zeros stand above and left of an image, and below and right of it.
    groups
        Into how many groups the channels and the filters are divided.
    """

    batch: int
    channels: int
    height: int
    width: int
    outputs: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    groups: int

    @property
    def size(self) -> tuple[int, int]:
        r"""Height and width of a feature map: :math:`⌊(H + p - d (k - 1) - 1) / s⌋ + 1`, p the zeros on both sides."""
        padded = self.padded
        return (
            (padded[0] - self.dilation[0] * (self.kernel[0] - 1) - 1) // self.stride[0] + 1,
            (padded[1] - self.dilation[1] * (self.kernel[1] - 1) - 1) // self.stride[1] + 1,
        )

    @property
    def padded(self) -> tuple[int, int]:
        """Height and width of an image with its zeros."""
        return self.before[0] + self.height + self.after[0], self.before[1] + self.width + self.after[1]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """What comes out: (batch, outputs, height, width)."""
        return (self.batch, self.outputs, *self.size)

    @property
    def group_channels(self) -> int:
        """How many channels a filter sees."""
        return self.channels // self.groups

    @property
    def group_outputs(self) -> int:
        """How many filters a group has."""
        return self.outputs // self.groups

    @property
    def taps(self) -> int:
        """How many products add up to one output."""
        return self.group_channels * self.kernel[0] * self.kernel[1]

    @property
    def work(self) -> int:
        """How many products there are in all."""
        return self.batch * self.outputs * self.size[0] * self.size[1] * self.taps


def geometry_of(
    images: tuple[int, ...],
    filters: tuple[int, ...],
    bias: tuple[int, ...] | None = None,
    *,
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
) -> Geometry:
    """Return the geometry of these shapes; ``images`` has four dimensions or three.

    Raises
    ------
    InputError
        As :func:`workings.conv2d`.
    """
    if len(images) not in (3, 4):
        raise InputError(
            message(
                "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: {shape}; images must "
                "be (N, C, H, W) or (C, H, W); give a picture in shades of grey its channel with images[None]",
                shape=_sizes(images),
            )
        )
    if len(filters) != 4:
        raise InputError(
            message(
                "weight should have four dimensions for conv2d, but got weight of size {shape}; filters must be "
                "(out channels, in channels / groups, height, width); make one filter so with filters[None, None]",
                shape=_sizes(filters),
            )
        )
    steps = _pair(stride, "stride")
    apart = _pair(dilation, "dilation")
    count = _whole(groups, "groups")
    if min(steps) < 1:
        raise InputError(
            message(
                "non-positive stride is not supported; conv2d: stride must be 1 or more; got {stride}",
                stride=_sizes(steps),
            )
        )
    if min(apart) < 1:
        raise InputError(
            message(
                "dilation should be greater than zero, but got {dilation}; conv2d: 1 leaves no gaps in the window",
                dilation=_sizes(apart),
            )
        )
    if count < 1:
        raise InputError(
            message(
                "non-positive groups is not supported; conv2d: groups must be 1 or more; got {groups}", groups=count
            )
        )
    batch, channels, height, width = images if len(images) == 4 else (1, *images)
    _check_channels(images, filters, channels, count)
    if bias is not None and bias != (filters[0],):
        raise InputError(
            message(
                "Given weight of size {filters}, expected bias to be 1-dimensional with {count} elements, but got bias "
                "of size {bias} instead; conv2d adds one number to each feature map",
                filters=_sizes(filters),
                count=filters[0],
                bias=_sizes(bias),
            )
        )
    kernel = (filters[2], filters[3])
    if min(kernel) < 1:
        raise InputError(
            message(
                "kernel size should be greater than zero, but got kernel_height: {height} kernel_width: {width}; "
                "conv2d: filters must be (out channels, in channels / groups, height, width)",
                height=kernel[0],
                width=kernel[1],
            )
        )
    before, after = _zeros(padding, kernel, steps, apart)
    geometry = Geometry(
        batch, channels, height, width, filters[0], kernel, steps, apart, before, after, count
    )  # fmt: skip
    _check_room(geometry, images)
    return geometry


def _check_channels(images: tuple[int, ...], filters: tuple[int, ...], channels: int, groups: int) -> None:
    if filters[0] < 1 or filters[0] < groups:
        raise InputError(
            message(
                "Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of size "
                "{filters} instead; conv2d: every group needs a filter",
                groups=groups if filters[0] else 1,
                filters=_sizes(filters),
            )
        )
    if filters[0] % groups:
        raise InputError(
            message(
                "Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of "
                "size {filters} instead; conv2d: every group must have as many filters",
                groups=groups,
                filters=_sizes(filters),
            )
        )
    if channels != filters[1] * groups:
        raise InputError(
            message(
                "Given groups={groups}, weight of size {filters}, expected input{images} to have {expected} channels, "
                "but got {found} channels instead; conv2d counts them along the third axis from the end; bring "
                "channels that stand last there with np.moveaxis(images, -1, -3)",
                groups=groups,
                filters=_sizes(filters),
                images=_sizes(images),
                expected=filters[1] * groups,
                found=channels,
            )
        )


def _check_room(geometry: Geometry, images: tuple[int, ...]) -> None:
    padded, kernel, dilation = geometry.padded, geometry.kernel, geometry.dilation
    reach = tuple(d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    if padded[0] < reach[0] or padded[1] < reach[1]:
        raise InputError(
            message(
                "Calculated padded input size per channel: {padded}. Kernel size: {kernel}. Kernel size can't be "
                "greater than actual input size; conv2d: pad the images more, or take a smaller kernel or dilation",
                padded=f"({padded[0]} x {padded[1]})",
                kernel=f"({reach[0]} x {reach[1]})",
            )
        )
    if not (geometry.height and geometry.width):
        raise InputError(
            message(
                "Only zero batch or zero channel inputs are supported, but got input shape: {shape}; conv2d: an image "
                "needs at least one pixel",
                shape=_sizes(images),
            )
        )


def _zeros(
    padding: Padding, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many zeros stand before and behind the pixels, down and across."""
    if isinstance(padding, str):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding != "same":
            raise InputError(
                message(
                    "Invalid padding string: {padding}; conv2d: padding must be 'same', 'valid', a number or a pair",
                    padding=repr(padding),
                )
            )
        if stride != (1, 1):
            raise InputError(
                message(
                    "padding='same' is not supported for strided convolutions; conv2d: give the padding as a pair; got "
                    "stride {stride}",
                    stride=_sizes(stride),
                )
            )
        # The feature map is as large as the image; of an odd number of zeros the one more stands below, or right.
        down, across = (d * (k - 1) for d, k in zip(dilation, kernel, strict=True))
        return (down // 2, across // 2), (down - down // 2, across - across // 2)
    zeros = _pair(padding, "padding")
    if min(zeros) < 0:
        raise InputError(
            message(
                "negative padding is not supported; conv2d: cut the images instead; got {padding}",
                padding=_sizes(zeros),
            )
        )
    return zeros, zeros


def _pair(value: Any, name: str) -> tuple[int, int]:
    """Return a number for both directions, or one for each."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        numbers: tuple[int, ...] = tuple(_whole(each, name) for each in value)
        if len(numbers) not in (1, 2):
            raise InputError(
                message(
                    "expected {name} to be a single integer value or a list of 2 values to match the convolution "
                    "dimensions, but got {name}={value}; conv2d reads a pair as (down, across)",
                    name=name,
                    value=_sizes(numbers),
                )
            )
        return numbers[0], numbers[-1]
    number = _whole(value, name)
    return number, number


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(
            message(
                "conv2d: {name} must be a whole number; got {value}",
                name=name,
                value=repr(value),
            )
        )
    return int(value)


def _sizes(numbers: Sequence[int]) -> str:
    """Return sizes as PyTorch writes them."""
    return str(list(numbers))
