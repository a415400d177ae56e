"""Compiles the translated kernel with the compiler of the system, and runs it on the arrays of a state."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.kernel_in_c.translate import kernel_in_c
from sim.engine.kernel import advance

OPTIONS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-strict-aliasing", "-shared", "-fPIC")
"""No fused operations, as in the engine, so that both round alike; rows of bytes are read in several widths."""


def compiler() -> str | None:
    """Return the C compiler of the system, if there is one."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def build(folder: Path, arrays: Any, entrance: Any = advance) -> Callable[..., int]:
    """Translate and compile an entrance of the kernel; return a function that takes the same arguments.

    Parameters
    ----------
    folder
        Where source and library are written.
    arrays
        Such as those that the function will get.
    entrance
        A compiled function of a tuple of arrays and whole numbers.

    Raises
    ------
    RuntimeError
        When there is no compiler, or it refuses the program.
    """
    found = compiler()
    if found is None:
        raise RuntimeError("no C compiler was found (cc, gcc or clang)")
    source, library = folder / "kernel.c", folder / "kernel.so"
    source.write_text(kernel_in_c(entrance, arrays), encoding="utf-8")
    line = [found, *OPTIONS, "-o", str(library), str(source), "-lm"]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"the C compiler refused the kernel:\n{result.stderr[:2000]}")
    python: Any = getattr(entrance, "py_func", entrance)
    function = getattr(ctypes.CDLL(str(library)), python.__name__)
    function.restype = ctypes.c_int64
    kinds = list(python.__annotations__.values())[1:-1]
    function.argtypes = [ctypes.c_void_p, *(ctypes.c_int64 if kind == "int" else ctypes.c_uint64 for kind in kinds)]

    def run(given: Any, *more: int) -> int:
        return int(function(ctypes.byref(_struct(given)), *map(int, more)))

    return run


def _struct(arrays: Any) -> ctypes.Structure:
    """Return the pointers and sizes as the C program expects them."""
    fields: list[tuple[str, Any]] = []
    values: list[int] = []
    for name, array in zip(arrays._fields, arrays, strict=True):
        if not array.flags.c_contiguous:
            raise ValueError(f"{name} does not lie in one piece")
        fields.append((name, ctypes.c_void_p))
        values.append(array.ctypes.data)
        for axis, size in enumerate(array.shape):
            fields.append((f"{name}_n{axis}", ctypes.c_int64))
            values.append(size)
    layout = type("Arrays", (ctypes.Structure,), {"_fields_": fields})
    return layout(*values)  # type: ignore[no-any-return]
