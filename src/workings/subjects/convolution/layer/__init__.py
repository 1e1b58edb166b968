"""Two-dimensional convolution layers: images in, feature maps out."""

from workings.subjects.convolution.layer.compute import conv2d

__all__ = ["conv2d"]
