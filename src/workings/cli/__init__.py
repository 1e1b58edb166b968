"""The command line."""

from workings.cli.application import app, main

__all__ = ["app", "main"]
