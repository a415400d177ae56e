"""The machine on which a benchmark ran, without any name of a machine or a person."""

from __future__ import annotations

import os
import platform
import resource
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("mesa", "simpy", "ciw", "numba", "numpy", "scipy", "pandas")
GIGABYTE, MEGABYTE = 1024**3, 1024**2


def machine() -> dict[str, Any]:
    """Return processors, memory, operating system, and versions of Python and packages."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "not installed"
    return {
        "processors": os.cpu_count() or 1,
        "processor": _processor(),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE),
        "system": _system(),
        "python": platform.python_version(),
        "packages": packages,
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"
    except OSError:
        return f"{platform.system()} {platform.release()}, {platform.machine()}"


def peak_memory_megabytes() -> float:
    """Return the most memory that this process held.

    On Linux a new process inherits the figure of ``getrusage`` from its parent; ``VmHWM`` starts from zero.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


class Others:
    """The share of the processors that other programs take, from the creation of the object on."""

    def __init__(self) -> None:
        self.before, self.own = _processor_time(), _own_time()

    def share(self) -> float | None:
        """Return the share of all processors that others took until now; None: not known on this system."""
        after, own = _processor_time(), _own_time() - self.own
        if self.before is None or after is None or after[1] <= self.before[1]:
            return None
        return max(after[0] - self.before[0] - own, 0.0) / (after[1] - self.before[1])


def _processor_time() -> tuple[float, float] | None:
    """Return busy seconds and all seconds of all processors since the machine started; None: not known."""
    if not Path("/proc/stat").exists():
        return None
    numbers = [int(n) for n in Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]]
    ticks = os.sysconf("SC_CLK_TCK")
    return (sum(numbers) - numbers[3] - numbers[4]) / ticks, sum(numbers) / ticks


def _own_time() -> float:
    """Return processor seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
