"""Compiles the translated kernel with the compiler of the system, and runs it on the arrays of a state."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

from sim.engine.kernel import advance
from sim.engine.portable.expressions import kind_of
from sim.engine.portable.translate import kernel_in_c

OPTIONS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-strict-aliasing", "-shared", "-fPIC")
"""No fused operations, as in the engine, so that both round alike; rows of bytes are read in several widths."""


def compiler() -> str | None:
    """Return the C compiler of the system, if there is one."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def build(folder: Path, entrance: Any = advance) -> Callable[..., int]:
    """Translate and compile a function of the kernel; return one that takes the same arguments.

    Parameters
    ----------
    folder
        Where source and library are written.
    entrance
        A function of the kernel, of a tuple of arrays and whole numbers, that returns a whole number.

    Raises
    ------
    RuntimeError
        When there is no compiler, or it refuses the program.
    """
    found = compiler()
    if found is None:
        raise RuntimeError("no C compiler was found (cc, gcc or clang)")
    python = getattr(entrance, "py_func", entrance)
    source, library = folder / f"{python.__name__}.c", folder / f"{python.__name__}.so"
    source.write_text(kernel_in_c(entrance), encoding="utf-8")
    line = [found, *OPTIONS, "-o", str(library), str(source), "-lm"]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"the C compiler refused the kernel:\n{result.stderr[:2000]}")
    function = getattr(ctypes.CDLL(str(library)), python.__name__)
    function.restype = ctypes.c_int64
    whole = [kind for name, kind in python.__annotations__.items() if name != "return"][1:]
    function.argtypes = [ctypes.c_void_p, *(ctypes.c_int64 if kind == "int" else ctypes.c_uint64 for kind in whole)]

    def run(arrays: Any, *more: int) -> int:
        return int(function(ctypes.byref(_struct(arrays)), *map(int, more)))

    return run


def _struct(arrays: Any) -> ctypes.Array[ctypes.c_int64]:
    """Return the addresses and sizes as the C program expects them."""
    values: list[int] = []
    for (name, hint), array in zip(get_type_hints(type(arrays)).items(), arrays, strict=True):
        if not array.flags.c_contiguous or array.dtype != kind_of(hint) or array.ndim > 2:
            raise ValueError(f"{name} is not in one piece of {kind_of(hint)} in one or two dimensions")
        values += [array.ctypes.data, *array.shape, *[1] * (2 - array.ndim)]
    return (ctypes.c_int64 * len(values))(*values)
