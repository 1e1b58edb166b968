"""Tests of reading formula text."""
