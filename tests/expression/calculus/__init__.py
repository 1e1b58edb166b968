"""Tests of derivatives and simplification."""
