"""The command as a process of its own: what it imports, and what it does with its streams."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

COMMANDS = ("compare", "run", "diff", "follow", "replay", "check")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_starts_without_the_heavy_libraries(command: tuple[str, ...]) -> None:
    program = (
        "import sys; sys.argv = ['b8sim', *sys.argv[1:]]\n"
        "from sim.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "heavy = {'numba', 'pandas', 'numpy', 'scipy', 'matplotlib', 'mesa', 'pyarrow', 'holidays'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage: b8sim" in done.stdout
    assert done.stdout.endswith("HEAVY []\n")
    assert done.stderr == ""


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


@pytest.mark.skipif(os.name == "nt", reason="closed pipes are reported in another way there")
@pytest.mark.parametrize("lines", [1, 100_000])
def test_reader_that_goes_away_is_no_defect(lines: int) -> None:
    program = (
        "import sys, types\n"
        "lines = ['a.toml: ok'] * int(sys.argv[1])\n"
        "sys.modules['sim.cli.checking'] = types.SimpleNamespace(check=lambda paths: lines)\n"
        "from sim.cli import main\n"
        "sys.argv = ['b8sim', 'check']\n"
        "main()\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", program, str(lines)],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_terminal_that_lacks_a_character_gets_a_plain_one() -> None:
    program = (
        "import sys, types\n"
        "sys.modules['sim.cli.checking'] = types.SimpleNamespace(check=lambda paths: ['\\N{MINUS SIGN}1'])\n"
        "from sim.cli import main\n"
        "sys.argv = ['b8sim', 'check']\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "-1\n"
