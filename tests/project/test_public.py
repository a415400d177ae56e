"""What ``import sim`` offers, and how lightly."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_import_is_light_and_names_are_public() -> None:
    program = (
        "import sys, sim; light = 'numpy' not in sys.modules and 'pydantic' not in sys.modules\n"
        "print(light, set(sim.__all__) <= set(dir(sim)), sim.InputError.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True True sim.files.errors\n"


def test_unknown_public_name() -> None:
    import sim

    with pytest.raises(AttributeError, match="'sim' has no attribute 'simulate'"):
        _ = sim.simulate
