"""Formula text, read into nodes by a grammar of its own."""

from workings.expression.reading.system import System, parse

__all__ = ["System", "parse"]
