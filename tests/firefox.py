"""A headless Firefox, by its own remote protocol (Marionette): Playwright drives only builds of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

FIREFOX: Final = os.environ.get("B8SIM_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
PORT_FILE: Final = "MarionetteActivePort"


class Driver:
    """A connection to a Firefox."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._read, self._number = b"", 0
        self._receive()
        self.ask("WebDriver:NewSession", {})

    def ask(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command and return what it gives."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._line.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, found = self._receive()
        assert error is None, error
        return found

    def run(self, script: str) -> Any:
        """Return what a script of the page returns."""
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": [], "sandbox": None})["value"]

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(f"return {condition}"):
            assert time.monotonic() < end, f"{condition} did not become true"
            time.sleep(0.05)

    def close(self) -> None:
        """Quit the browser and close the connection."""
        self.ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._line.close()

    def _receive(self) -> Any:
        while b":" not in self._read:
            self._read += self._line.recv(65536)
        length, _, rest = self._read.partition(b":")
        while len(rest) < int(length):
            rest += self._line.recv(65536)
        self._read = rest[int(length) :]
        return json.loads(rest[: int(length)])


@contextmanager
def firefox(address: str, profile: Path) -> Iterator[Driver]:
    """Open an address in a Firefox of its own."""
    profile.mkdir()
    (profile / "user.js").write_text('user_pref("marionette.port", 0);\n')
    command = [str(FIREFOX), "--headless", "--marionette", "--no-remote", "--profile", str(profile), "about:blank"]
    home = {**os.environ, "HOME": str(profile)}
    with subprocess.Popen(command, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        driver = None
        try:
            end = time.monotonic() + 60
            while not ((profile / PORT_FILE).exists() and (profile / PORT_FILE).read_text().strip()):
                assert time.monotonic() < end, "Firefox does not start"
                time.sleep(0.05)
            driver = Driver(int((profile / PORT_FILE).read_text()))
            driver.ask("WebDriver:Navigate", {"url": address})
            yield driver
        finally:
            if driver is not None:
                driver.close()
            process.terminate()
