"""Programs that read what is exported, in an environment of their own: some have licences that ours must not depend on.

``B8SIM_READERS`` names a Python that has them; else they are looked for in the one that runs the tests.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import pytest


def read_with(package: str, code: str, *arguments: str) -> Any:
    """Run code that prints JSON in a Python that has a package, or skip the test; return what it printed last."""
    python = os.environ.get("B8SIM_READERS")
    if python is None:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed; B8SIM_READERS may name a Python that has it")
        python = sys.executable
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [python, "-c", code, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.strip().splitlines()[-1])
