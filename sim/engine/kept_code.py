"""The cache of compiled code on disk, and what the user is told while code is compiled.

Numba keeps the code of a function beside its source, else in a folder of the user, and fails where it can write to
neither, where a disk is full, or where an earlier file cannot be read. Here such a place costs time, never a run: code
that cannot be kept is compiled once in each process.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, NullCache

KERNEL = (
    *("access", "bits", "codes", "columns", "compiled", "decisions", "draws", "elementary", "hazards"),
    *("kept_code", "kernel", "layout", "moves", "news", "pinned", "queue_entry", "queues"),
)
"""The modules that are compiled into the kernel: ``kernel`` and all that it imports."""
BESIDE = {
    "agents": ("agents.candidates", "agents.meetings", "agents.numbers", "agents.people", "procedures.traits"),
    "outcomes": (
        *("outcomes.asking", "outcomes.by_person", "outcomes.closing", "outcomes.counting", "outcomes.registers"),
        *("outcomes.tally", "procedures.traits"),
    ),
    "runs": ("outcomes.by_person",),
}
"""The modules that are compiled with those of the kernel into the functions of another folder."""
UNCOMPILED = "_shared_module"
"""Where numba has the intermediate code of a function that it loaded, to compile others that call it."""
HOW_LONG = "can take a minute"
_told: set[str] = set()


class KeptCode(NullCache):
    """The cache of one function, as numba uses it: on disk where that works.

    It finds its folder at the first call of the function, so that importing this package touches no disk.

    Parameters
    ----------
    function
        The function to compile.
    is_called
        Other compiled functions call it.
    takes_long
        Tell the user before it is compiled.
    """

    def __init__(self, function: Callable[..., Any], is_called: bool = True, takes_long: bool = False) -> None:
        self._function, self._is_called, self._takes_long = function, is_called, takes_long
        self._looked = False
        self._cache: Any = None

    @property
    def cache_path(self) -> str | None:
        """The folder; None where the code cannot be kept."""
        cache = self._found()
        return None if cache is None else str(cache.cache_path)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the code for a signature, or None where it has to be compiled."""
        cache, code = self._found(), None
        if cache is not None:
            # A truncated file, one of another user or of another program: compile, as if it were not there.
            with contextlib.suppress(Exception):
                code = cache.load_overload(signature, target)
        if code is None and self._takes_long:
            _tell("compiling", _about_to_compile(self.cache_path))
        if code is not None and not self._is_called and hasattr(code.library, UNCOMPILED):
            setattr(code.library, UNCOMPILED, None)
        return code

    def save_overload(self, signature: Any, code: Any) -> None:
        """Write the code for a signature; where that fails, keep nothing of this function and report it once."""
        cache = self._found()
        if cache is None:
            return
        try:
            _clear_old(cache._cache_file)
            cache.save_overload(signature, code)
        except OSError as error:
            _forget(cache._cache_file)
            self._cache = None
            why = (error.strerror or str(error)).lower()
            _tell("not kept", f"the compiled engine is not kept: {why} ({cache.cache_path}). {_REMEDY}")

    def _found(self) -> Any:
        if not self._looked:
            self._looked = True
            try:
                self._cache = FunctionCache(self._function)  # type: ignore[no-untyped-call]
            except (OSError, RuntimeError):  # numba's answer where no folder can be written to
                self._cache = None
            else:
                # Numba checks the file of a function, not the modules of its constants; after a change of a constant
                # elsewhere it would silently keep using old machine code.
                file = self._cache._cache_file
                folder = self._function.__module__.split(".")[1]
                file._source_stamp = (sources_hash(folder), file._source_stamp)
        return self._cache


_REMEDY = "NUMBA_CACHE_DIR can name a folder that keeps it."


def _about_to_compile(folder: str | None) -> str:
    if folder is None:
        return f"compiling the engine ({HOW_LONG}); no folder was found that can keep it. {_REMEDY}"
    return f"compiling the engine ({HOW_LONG}, once; kept in {folder})"


def _tell(what: str, text: str) -> None:
    """Write a message on standard error, once in each process; without one (``pythonw``) do nothing."""
    if what in _told or sys.stderr is None:
        return
    _told.add(what)
    with contextlib.suppress(OSError, ValueError):  # closed, or a reader that went away
        sys.stderr.write(f"b8sim: {text}\n")
        sys.stderr.flush()


def _clear_old(file: Any) -> None:
    """Remove the code of other sources before an index of the present ones is written.

    Its files have the same names. A run that ends between index and code would leave a fresh index over old code.
    """
    with contextlib.suppress(Exception):
        if file._load_index():
            return
    folder, index = Path(file._cache_path), str(file._index_name)
    for old in folder.glob(f"{index.removesuffix('.nbi')}.*.nbc"):
        old.unlink(missing_ok=True)
    (folder / index).unlink(missing_ok=True)


def _forget(file: Any) -> None:
    """Remove an index that may name code that was never written."""
    with contextlib.suppress(OSError):
        Path(file._index_path).unlink(missing_ok=True)


@cache
def sources_hash(folder: str = "engine") -> str:
    """Return a hash of all sources that are compiled into the kernel, or into the functions of another folder."""
    digest, here = hashlib.sha256(), Path(__file__).parent
    for name in KERNEL:
        digest.update((here / f"{name}.py").read_bytes())
    for name in BESIDE.get(folder, ()):
        digest.update(here.parent.joinpath(*name.split(".")).with_suffix(".py").read_bytes())
    return digest.hexdigest()
