"""LLVM: from a module's text to machine code, and from machine code to functions."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from workings.expression.compiling.cache import cache_key, read_code, write_code
from workings.expression.compiling.lanes import Skills
from workings.expression.compiling.library import address_of

__all__ = ["Code", "Host", "code_of", "host"]


@dataclass(frozen=True)
class Host:
    """The processor that this process runs on.

    Parameters
    ----------
    triple, cpu, features
        As LLVM names them.
    skills
        What it can do that the elementary functions make use of.
    """

    triple: str
    cpu: str
    features: str
    skills: Skills


@cache
def host() -> Host:
    """Return this machine's processor."""
    triple, features = llvm.get_process_triple(), llvm.get_host_cpu_features()
    arm = triple.startswith(("aarch64", "arm64"))
    skills = Skills(fused=arm or bool(features.get("fma")), scales=bool(features.get("avx512f")))
    return Host(triple, llvm.get_host_cpu_name(), features.flatten(), skills)


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    here = host()
    target = llvm.Target.from_triple(here.triple)
    return target.create_target_machine(
        cpu=here.cpu, features=here.features, opt=2, reloc="pic", codemodel="jitdefault"
    )


def translate(text: str) -> bytes:
    """Return the object code of a module.

    The loop is written as it shall be: nothing is left for LLVM's optimiser to find, so that only the instructions
    are chosen, ordered and given registers here.
    """
    machine = _machine()
    module = llvm.parse_assembly(text)
    module.triple = host().triple
    module.data_layout = str(machine.target_data)
    module.verify()
    return machine.emit_object(module)


class Code:
    """Loaded machine code. Its functions live as long as it does."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def function(self, name: str, *kinds: Any) -> Any:
        """Return a function that gives nothing, callable with arguments of these C types; it releases the GIL."""
        return ctypes.CFUNCTYPE(None, *kinds)(self._engine.get_function_address(name))


def code_of(text: str, functions: Iterable[str]) -> Code:
    """Return the machine code of a module: as it was kept, else translated and kept.

    Parameters
    ----------
    text
        The module.
    functions
        The functions of single numbers that it calls.
    """
    here = host()
    key = cache_key(text, here.triple, here.cpu, here.features, llvmlite.__version__, str(llvm.llvm_version_info))
    code = read_code(key)
    if code is None:
        code = translate(text)
        write_code(key, code)
    return _loaded(code, functions)


def _loaded(code: bytes, functions: Iterable[str]) -> Code:
    for name in functions:
        llvm.add_symbol(f"workings_{name}", address_of(name))
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Code(engine)
