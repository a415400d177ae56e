"""``b8sim view`` (`sim.cli.view`): the address, the port, Ctrl-C, and what it refuses."""

from __future__ import annotations

import builtins
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command import SMALL, B8sim

from sim.cli import view

pytest.importorskip("uvicorn")


@contextmanager
def opened(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """Open the page of the small scenario, and give its process, its port and what it said on the way."""
    (folder / "small.toml").write_text(SMALL)
    command = [sys.executable, "-m", "sim.cli", "view", "small.toml", "--no-browser", *arguments]
    kept = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "kept")}
    with subprocess.Popen(
        command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        said = ""
        for line in running.stderr:
            said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                yield running, int(found[1]), said
                break
        running.kill()
        running.communicate()


def asked(port: int, path: str, host: str | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={} if host is None else {"Host": host})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def test_it_serves_the_page_until_it_is_interrupted(tmp_path: Path) -> None:
    with opened(tmp_path, "--replicates", "2") as (running, port, _):
        status, core = asked(port, "/data/core.json")
        assert status == 200
        assert json.loads(core)["receipt"]["replicates"] == 2
        assert asked(port, "/data/core.json", "evil.example")[0] == 403
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read() == ""
        rest = running.stderr.read()
        assert rest.endswith("Closed.\n")
        assert "Traceback" not in rest
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


def test_without_sharing_only_this_computer_is_answered() -> None:
    listener = view.listening(view.HERE, None)
    with listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken(b8sim: B8sim) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, err = b8sim("view", "small.toml", "--port", str(port), "--no-browser")
    assert (status, out) == (2, "")
    assert err.startswith("--port: cannot be used: address already in use\n")
    assert f"given: {port}\n" in err


def test_the_usual_port_is_not_needed() -> None:
    with view.listening(view.HERE, None) as one, view.listening(view.HERE, None) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["netherland"], "no such scenario"),
        (["small.toml", "--port", "0"], "--port: out of range"),
        (["small.toml", "--port", "x"], "--port: not a whole number"),
        (["small.toml", "--hypothesis", "H99"], "no such hypothesis"),
    ],
)
def test_what_it_refuses(b8sim: B8sim, arguments: list[str], said: str) -> None:
    status, out, err = b8sim("view", *arguments, "--no-browser")
    assert (status, out) == (2, "")
    assert said in err


def test_no_network_to_share_it_on(b8sim: B8sim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "own_addresses", list)
    status, _, err = b8sim("view", "small.toml", "--share", "--no-browser")
    assert status == 2
    assert err.startswith("--share: no network to share it on\n")


def test_addresses_are_those_of_networks() -> None:
    assert all(re.fullmatch(r"\d+(\.\d+){3}", one) and not one.startswith("127.") for one in view.own_addresses())


def test_without_the_extra_it_says_how_to_get_it(b8sim: B8sim, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == "uvicorn":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    status, out, err = b8sim("view", "small.toml")
    assert (status, out) == (2, "")
    assert 'pip install "b8sim[view]"' in err
