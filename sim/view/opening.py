"""What the page opens with: the comparison of the scenario, computed once while the page is being opened, and kept."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import platform
import sys
import threading
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario

MOST_KEPT: Final = 6
"""Openings that stay in the folder."""
SOURCES: Final = (".py", ".toml", ".csv", ".bib")


class Opening:
    """The data that the page opens with, and those of its engine; computed once, by whoever asks first.

    Parameters
    ----------
    base
        The scenario.
    tell
        Is told, in words, how far it is.
    folder
        Where openings are kept between two starts; None: nowhere. A folder that cannot be used costs time only.
    """

    def __init__(self, base: Scenario, tell: Callable[[str], None], folder: Path | None = None) -> None:
        self.base, self._tell, self._folder = base, tell, folder
        self._lock = threading.Lock()
        self._text: str | None = None
        self._engine_lock = threading.Lock()
        self._engine: bytes | None = None
        self._engine_asked = False

    def text(self) -> str:
        """Return the data as JSON; waits until they are there.

        Raises
        ------
        InputError
            When the scenario cannot be compared.
        """
        with self._lock:
            if self._text is None:
                self._text = self._kept() or self._computed()
            return self._text

    def engine(self) -> bytes | None:
        """Return the data of the engine of the browser; None for a scenario that it cannot run."""
        from sim.files.errors import InputError
        from sim.runs.engine_data import engine_of

        with self._engine_lock:
            if not self._engine_asked:
                self._engine_asked = True
                try:
                    self._engine = engine_of(asked_of(self.base))
                except InputError as error:
                    self._tell(f"The pages do not simulate themselves: {error}")
            return self._engine

    def prepare(self) -> None:
        """Compute the data if they are not there; a scenario that cannot be compared is told."""
        from sim.files.errors import B8simError

        try:
            self.text()
        except B8simError as error:
            self._tell(str(error))

    def _computed(self) -> str:
        from sim.view.core import as_json, core_of

        header = self.base.document.scenario
        self._tell(f"Comparing {', '.join(self.base.regimes)} in {header.replicates} replicates ...")
        core = core_of(self.base, progress=self._progress)
        text = as_json(core)
        self._tell("The comparison is ready.")
        if core["receipt"]["replicates"] == core["receipt"]["replicates_wanted"]:
            self._keep(text)
        return text

    def _progress(self, done: int, total: int, _: str) -> None:
        """Tell after each quarter of the replicates how far it is."""
        if 0 < done < total and 4 * done // total > 4 * (done - 1) // total:
            self._tell(f"{done} of {total} replicates are ready.")

    def _file(self) -> Path | None:
        if self._folder is None:
            return None
        asked = asked_of(self.base)
        everything = [asked.text, dict(asked.own_files), _program(), platform.python_version()]
        packages = [version(name) for name in ("numpy", "numba", "scipy", "pandas")]
        key = hashlib.sha256(json.dumps([*everything, packages], sort_keys=True).encode()).hexdigest()
        return self._folder / f"opening-{key[:32]}.json.gz"

    def _kept(self) -> str | None:
        """Return what an earlier start kept for the same scenario and program, if it is whole."""
        with contextlib.suppress(OSError, EOFError, ValueError):
            file = self._file()
            if file is not None:
                text = gzip.decompress(file.read_bytes()).decode()
                json.loads(text)
                os.utime(file)
                return text
        return None

    def _keep(self, text: str) -> None:
        """Keep the data for the next start, and drop those that were not used for the longest time."""
        with contextlib.suppress(OSError):
            file = self._file()
            if file is None:
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            part.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
            part.replace(file)
            kept = sorted(file.parent.glob("opening-*.json.gz"), key=lambda one: one.stat().st_mtime, reverse=True)
            for old in kept[MOST_KEPT:]:
                old.unlink()


def usual_folder() -> Path | None:
    """Return the folder of this user for what can be computed again; None where the system names none."""
    with contextlib.suppress(RuntimeError):
        if sys.platform == "win32":
            base = os.environ.get("LOCALAPPDATA")
            return None if not base else Path(base) / "b8sim" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "b8sim"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "b8sim"
    return None


@cache
def _program() -> str:
    """Return a hash of the files of this package that decide what the page opens with."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in SOURCES and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
