"""A sweep on a Dask cluster that is started as the manual says (sim.studies.workers)."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from command import B8sim
from small_studies import TEXT, content, in_threads

from sim.studies.study import Study

pytest.importorskip("distributed")
PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow
def test_the_commands_of_the_manual_give_the_bytes_of_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from command import command_in

    b8sim: B8sim = command_in(tmp_path, monkeypatch, capsys)
    (tmp_path / "study.toml").write_text(TEXT.replace("points = 6", "points = [2, 2]"), encoding="utf-8")
    in_threads(Study.load("study.toml"), tmp_path / "here")
    manual = (PROJECT / "docs" / "studies.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(dask .*?)```", manual, re.DOTALL)
    lines = [shlex.split(line) for line in block.replace("8786", str(free_port())).splitlines()]
    with ExitStack() as stack:
        for words in lines[:-1]:
            assert words[0] == "dask"
            running = subprocess.Popen(
                [sys.executable, "-m", "dask", *words[1:]],
                cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.callback(running.wait)
            stack.callback(running.terminate)
        wait_for_workers(lines[0][-1])
        assert b8sim(*lines[-1][1:])[0] == 0
    assert content(tmp_path / lines[-1][lines[-1].index("--out") + 1]) == content(tmp_path / "here")


def wait_for_workers(port: str) -> None:
    from distributed import Client

    with Client(f"tcp://127.0.0.1:{port}", timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
