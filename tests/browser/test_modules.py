"""The modules of the page, by the tests beside this file, which node runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="there is no node here")
@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.js")), ids=lambda path: path.stem.removesuffix(".test"))
def test_module(path: Path) -> None:
    assert NODE is not None
    result = subprocess.run([NODE, "--test", str(path)], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout[-4000:]
    assert "\n# pass 0" not in result.stdout
