"""What all tests share: workers compile the engine once, not each of them."""

from __future__ import annotations

import contextlib
import os

import pytest


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
