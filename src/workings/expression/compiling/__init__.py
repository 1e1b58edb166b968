"""Formulas made into functions: of numbers in Python, of small arrays in NumPy, of large ones in machine code."""

from workings.expression.compiling.compiled import Compiled, compile_nodes

__all__ = ["Compiled", "compile_nodes"]
