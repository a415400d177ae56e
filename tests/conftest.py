"""What all tests share: workers compile the engine once, not each of them, and signals are those of a terminal."""

from __future__ import annotations

import contextlib
import os
import signal

import pytest


def pytest_configure() -> None:
    """Take signals as a terminal sends them: whoever starts the tests in the background has Ctrl-C ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGHUP", "SIGTERM", "SIGXCPU"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the first worker of a parallel run compile the engine and the others wait for the code that it keeps."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    with contextlib.suppress(ImportError):  # no such locks on Windows: each worker compiles there
        import fcntl

        from verification.small_worlds import big_run, netherlands

        with (tmp_path_factory.getbasetemp().parent / "engine.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _ = big_run(netherlands(0.001)).outcome
