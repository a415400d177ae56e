"""What the page opens with: the comparison of the scenario, computed once while the page is being opened, and kept.

The first time it comes in stages, so that there is a picture at once: fewer people, then some replicates of the whole
country, then all of them. Each is a whole document; its ``stage`` says which it is, and whether a later one comes.
"""

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
from concurrent.futures import CancelledError
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sim.files.errors import B8simError, InputError
from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario

MOST_KEPT: Final = 6
"""Openings that stay in the folder."""
FIRST_REPLICATES: Final = 4
"""Replicates of the first picture, of fewer people; of the whole country as many at most."""
LEAST_TO_WAIT_FOR: Final = 20_000
"""People from which there are stages: fewer take no longer than a first picture."""
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
        self._news = threading.Condition()
        self._texts: list[str] = []
        self._begun = self._done = False
        self._closed = threading.Event()
        self._error: BaseException | None = None
        self._engine_lock = threading.Lock()
        self._engine: bytes | None = None
        self._engine_asked = False

    def text(self) -> str:
        """Return the data of the last stage as JSON; waits until they are there.

        Raises
        ------
        InputError
            When the scenario cannot be compared.
        CancelledError
            When the page was closed before.
        """
        self.prepare()
        return self._newest()

    def first(self) -> str:
        """Return the data of the newest stage as JSON; waits for the first one.

        Raises
        ------
        InputError
            When the scenario cannot be compared.
        CancelledError
            When the page was closed before.
        """
        self.begin()
        with self._news:
            self._news.wait_for(lambda: self._texts or self._done or self._closed.is_set())
        return self._newest()

    def later(self, stage: int) -> str | None:
        """Return the data of the newest stage as JSON if it comes after the one with this number; None: not yet."""
        texts = self._texts
        return texts[-1] if len(texts) > stage else None

    def _newest(self) -> str:
        if self._texts:
            return self._texts[-1]
        raise self._error or CancelledError

    def engine(self) -> bytes | None:
        """Return the data of the engine of the browser; None for a scenario that it cannot run."""
        from sim.runs.engine_data import engine_of

        with self._engine_lock:
            if not self._engine_asked:
                self._engine_asked = True
                try:
                    self._engine = engine_of(asked_of(self.base))
                except InputError as error:
                    self._say(f"The pages do not simulate themselves: {error}")
            return self._engine

    def begin(self) -> None:
        """Begin to compute the data in another thread, unless that was done before."""
        with self._news:
            if self._begun:
                return
            self._begun = True
        # Python waits at its end for a thread that is no daemon: it would take down the compiler under a daemon.
        threading.Thread(target=self._prepare, name="opening").start()

    def prepare(self) -> None:
        """Return when the data are there, or cannot be had; a scenario that cannot be compared is told."""
        self.begin()
        with self._news:
            self._news.wait_for(lambda: self._done)

    def close(self) -> None:
        """Stop before the next replicate, and tell nothing more; whoever waits for data gets a ``CancelledError``."""
        self._closed.set()
        with self._news:
            self._news.notify_all()

    def _prepare(self) -> None:
        try:
            self._compute()
        except CancelledError:
            pass
        except Exception as error:
            self._error = error
            if not isinstance(error, B8simError):
                raise
            self._say(str(error))
        finally:
            with self._news:
                self._done = True
                self._news.notify_all()

    def _compute(self) -> None:
        """Publish what was kept, or one stage after another."""
        kept = self._kept()
        if kept is not None:
            self._publish(kept)
            return
        from sim.view.core import as_json, core_of

        header = self.base.document.scenario
        self._say(f"Comparing {', '.join(self.base.regimes)} in {header.replicates} replicates ...")
        stages = self._stages()
        for number, (scenario, people) in enumerate(stages, start=1):
            if self._closed.is_set():
                raise CancelledError
            last = number == len(stages)
            core = core_of(scenario, progress=self._progress if last else _silent, cancel=self._closed)
            core["stage"] = {"number": number, "last": last, "people": people, "replicates": header.replicates}
            text = as_json(core)
            self._publish(text)
            self._say("The comparison is ready." if last else "A first picture is ready.")
        if core["receipt"]["replicates"] == core["receipt"]["replicates_wanted"] and not self._closed.is_set():
            self.keep(text)

    def _stages(self) -> list[tuple[Scenario, int]]:
        """Return the scenarios of the stages, each with its number of people where these are fewer."""
        from sim.runs.engine_data import SIZES
        from sim.runs.people import people_in

        stages = [(self.base, 0)]
        try:
            people = people_in(self.base)
        except InputError:  # the comparison says it
            return stages
        few = min(os.cpu_count() or 1, FIRST_REPLICATES)
        if people < LEAST_TO_WAIT_FOR:
            return stages
        if self.base.document.scenario.replicates > 2 * few:
            stages.insert(0, (self.base.replace(replicates=few), 0))
        fewer = {"persons": SIZES[0], "capacities": "in_proportion"}
        stages.insert(0, (self.base.replace(replicates=FIRST_REPLICATES, inflow=fewer), SIZES[0]))
        return stages

    def _say(self, text: str) -> None:
        if not self._closed.is_set():
            self._tell(text)

    def _publish(self, text: str) -> None:
        with self._news:
            self._texts.append(text)
            self._news.notify_all()

    def _progress(self, done: int, total: int, _: str) -> None:
        """Tell after each quarter of the replicates how far it is."""
        if 0 < done < total and 4 * done // total > 4 * (done - 1) // total:
            self._say(f"{done} of {total} replicates are ready.")

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

    def keep(self, text: str) -> None:
        """Keep the data for the next start, and drop those that were not used for the longest time."""
        with contextlib.suppress(OSError):
            file = self._file()
            if file is None:
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            try:
                part.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)
            kept = sorted(file.parent.glob("opening-*.json.gz"), key=lambda one: one.stat().st_mtime, reverse=True)
            for old in kept[MOST_KEPT:]:
                old.unlink()


def _silent(*_: object) -> None:
    """Tell nothing of a stage that is soon replaced."""


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
