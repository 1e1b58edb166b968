"""Tests of Python functions run with traced values."""
