"""Tests of compiled formulas."""
