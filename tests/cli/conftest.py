"""What the tests of the command share."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from command import PEOPLE, SMALL, B8sim, command_in


@pytest.fixture
def b8sim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> B8sim:
    """Run the command in a folder that holds the small scenario."""
    (tmp_path / "small.toml").write_text(SMALL)
    return command_in(tmp_path, monkeypatch, capsys)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a module with the given names in the place of one of the library.

    So the test is of the command alone: an interrupt or a defect comes from the real library only by chance.
    """

    def put(module: str, **names: Any) -> None:
        instead = ModuleType(module)
        for name, value in names.items():
            setattr(instead, name, value)
        monkeypatch.setitem(sys.modules, module, instead)

    return put


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of results of a comparison, made once by a process of its own."""
    folder = Path(tmp_path_factory.mktemp("end to end"))
    (folder / "small.toml").write_text(SMALL)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", "small.toml", "--out", "results/one"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = "".join(
        line for line in done.stderr.splitlines(keepends=True) if not line.startswith("b8sim: compiling the engine")
    )
    assert re.fullmatch(PEOPLE + "Tables, figures and report.html are in results/one\n", said)
    (folder / "screen.txt").write_text(done.stdout)
    return folder
