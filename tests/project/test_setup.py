"""The set-up of .venv, with stand-ins for Python that do what the test wants."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = (
    *("apt-get", "awk", "basename", "cat", "chmod", "cksum", "dirname", "grep", "head", "id", "mkdir", "mv"),
    *("printf", "rm", "rmdir", "sed", "sh", "sleep", "sort", "tail"),
)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the set-up is a shell script")


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@dataclass
class Machine:
    """A folder with the project and a PATH on which only stand-ins for Python are."""

    project: Path
    bin: Path
    first: Path

    def python(self, name: str, version: str, word: str = "ok", pip: str = "true", folder: Path | None = None) -> Path:
        """Put a Python on PATH whose environments have a pip that runs the shell command `pip`."""
        inside = f'case "$*" in *"pip install"*) {pip} ;; esac'
        real = script(
            self.bin.parent / "real" / f"python-{version}",
            f"echo made >>'{self.bin.parent}/made-{version}'\n"
            "[ \"$1 $2 $3\" = '-I -m venv' ] || exit 9\n"
            'mkdir -p "$4/bin" && cat >"$4/bin/python" <<"END" && chmod +x "$4/bin/python"\n'
            f"#!/bin/sh\n{inside}\nEND\n",
        )
        major, minor, micro = version.split(".")
        number = f"{major}{int(minor):03}{int(micro):03}"
        return script((folder or self.bin) / name, f"echo '{word} {number} {version} {real}'\n")

    def made(self, version: str) -> int:
        """Return how often an environment was made with this version."""
        record = self.bin.parent / f"made-{version}"
        return len(record.read_text().split()) if record.exists() else 0

    def setup(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "tools/setup"],
            cwd=self.project,
            env={"PATH": f"{self.first}:{self.bin}", **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "a project", tmp_path / "bin", tmp_path / "first on PATH")
    (made.project / "tools").mkdir(parents=True)
    made.bin.mkdir()
    made.first.mkdir()
    shutil.copy(PROJECT / "tools" / "setup", made.project / "tools")
    shutil.copy(PROJECT / "pyproject.toml", made.project)
    for tool in TOOLS:
        if found := shutil.which(tool):
            (made.bin / tool).symlink_to(found)
    return made


def test_the_newest_that_works_is_taken(machine: Machine) -> None:
    script(machine.first / "python3.14", "echo 'pyenv: python3.14: command not found' >&2; exit 127\n")
    machine.python("python3.11", "3.11.7")
    machine.python("python3.12", "3.12.1", word="no_venv")
    machine.python("python3.15", "3.15.0", word="prerelease")
    machine.python("python3", "3.13.2")
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    assert "Setting up .venv with Python 3.13.2" in result.stdout
    assert (machine.made("3.13.2"), machine.made("3.11.7")) == (1, 0)


def test_a_stand_in_that_does_not_run_hides_nothing(machine: Machine) -> None:
    script(machine.first / "python3.13", "exit 127\n")
    machine.python("python3.13", "3.13.0")
    assert machine.setup().returncode == 0
    assert machine.made("3.13.0") == 1


def test_it_is_made_once_and_again_only_for_a_reason(machine: Machine) -> None:
    machine.python("python3", "3.13.2")
    assert machine.setup().returncode == 0
    again = machine.setup()
    assert (again.returncode, again.stdout, machine.made("3.13.2")) == (0, "", 1)

    project_file = machine.project / "pyproject.toml"
    text = project_file.read_text()
    project_file.write_text(text.replace("[tool.ruff]", "[tool.ruff] # other style"))
    machine.setup()
    assert machine.made("3.13.2") == 1, "the settings of tools change nothing that is installed"
    project_file.write_text(text.replace("numba>=", "numba>"))
    machine.setup()
    assert machine.made("3.13.2") == 2

    machine.project = machine.project.rename(machine.project.with_name("moved"))
    assert machine.setup().returncode == 0
    assert machine.made("3.13.2") == 3

    (machine.project / ".venv/bin/python").unlink()
    assert machine.setup().returncode == 0
    assert machine.made("3.13.2") == 4


def test_an_interrupted_set_up_is_not_taken_for_a_whole_one(machine: Machine) -> None:
    machine.python("python3", "3.13.2", pip="kill -9 $PPID")
    assert machine.setup().returncode != 0
    assert (machine.project / ".venv/bin/python").exists()
    machine.python("python3", "3.13.2")
    assert machine.setup().returncode == 0
    assert machine.made("3.13.2") == 2
    assert not (machine.project / ".venv.lock").exists()


def test_python_by_name(machine: Machine) -> None:
    machine.python("python3", "3.13.2")
    other = machine.python("python3.12", "3.12.1", folder=machine.bin.parent / "elsewhere")
    machine.setup()
    assert machine.setup(PYTHON=str(other)).returncode == 0
    assert machine.made("3.12.1") == 1
    machine.setup(PYTHON=str(other))
    machine.setup()
    assert (machine.made("3.12.1"), machine.made("3.13.2")) == (1, 1)


def test_where_packages_are_missing_the_next_python_is_tried(machine: Machine) -> None:
    machine.python("python3.14", "3.14.0", pip="{ echo 'ERROR: No matching distribution found'; exit 1; }")
    machine.python("python3.12", "3.12.1")
    result = machine.setup()
    assert result.returncode == 0, result.stderr
    assert "Not every package could be installed on Python 3.14.0." in result.stdout
    assert "Setting up .venv with Python 3.12.1" in result.stdout


def test_packages_that_do_not_exist_anywhere(machine: Machine) -> None:
    machine.python("python3", "3.12.1", pip="{ echo 'ERROR: No matching distribution found'; exit 1; }")
    result = machine.setup()
    assert result.returncode == 1
    assert "ERROR: No matching distribution found" in result.stderr
    assert "No Python here can run the packages. Everything that was said is in .venv/setup.log" in result.stderr


def test_without_a_network_no_other_python_is_tried(machine: Machine) -> None:
    machine.python("python3.14", "3.14.0", pip="{ echo 'WARNING: Retrying (Retry(total=0))'; exit 1; }")
    machine.python("python3.12", "3.12.1")
    result = machine.setup()
    assert result.returncode == 1
    assert "The packages could not be downloaded: is this machine connected?" in result.stderr
    assert machine.made("3.12.1") == 0


def test_a_python_without_venv(machine: Machine) -> None:
    script(machine.bin / "python3.11", "echo 'no_venv 3011002 3.11.2 /opt/python3.11'\n")
    result = machine.setup()
    assert result.returncode == 1
    assert "Python 3.11.2 (/opt/python3.11) comes without venv and pip." in result.stderr
    assert "make setup PYTHON=/path/to/python" in result.stderr


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="the advice is Debian's")
def test_a_python_of_debian_without_venv(machine: Machine) -> None:
    script(machine.bin / "python3.19", "echo 'no_venv 3019000 3.19.0 /usr/bin/python3.19'\n")
    result = machine.setup()
    expected = "apt-get install python3.19-venv" if os.getuid() == 0 else "sudo apt-get install python3.19-venv"
    assert result.stderr.splitlines()[1] == f"This brings them:  {expected}"


def test_no_python_that_works(machine: Machine) -> None:
    script(machine.bin / "python3", "echo 'too_old 3009018 3.9.18 /usr/bin/python3.9'\n")
    script(machine.bin / "python", "exit 1\n")
    result = machine.setup()
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "b8sim needs Python 3.11 or newer. None was found that works:",
        "  /usr/bin/python3.9 is Python 3.9.18, which is too old",
        f"  {machine.bin}/python does not run",
        "Name one that is not on PATH like this:  make setup PYTHON=/path/to/python",
    ]
    assert not (machine.project / ".venv").exists()


def test_an_environment_that_is_not_ours_is_left_alone(machine: Machine) -> None:
    machine.python("python3", "3.13.2")
    (machine.project / ".venv").mkdir()
    (machine.project / ".venv/mine").touch()
    result = machine.setup()
    assert result.returncode == 1
    assert "There is a .venv here that make did not set up, so it was left alone." in result.stderr
    assert (machine.project / ".venv/mine").exists()


def test_the_probe_knows_this_python(machine: Machine) -> None:
    """The real interpreter of the tests answers for itself, and it is real enough to be taken."""
    text = (machine.project / "tools" / "setup").read_text()
    code = text.split("probe='", 1)[1].split("\n'", 1)[0]
    command = [sys.executable, "-I", "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    word, number, version, path = answer.strip().split(" ", 3)
    assert (word, version) == ("ok", ".".join(map(str, sys.version_info[:3])))
    assert number == "{}{:03}{:03}".format(*sys.version_info[:3])
    assert Path(path).resolve() == Path(sys._base_executable).resolve()
