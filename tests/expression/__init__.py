"""Tests of expression trees."""
