"""The tables of a scenario file, with those of the scenario it extends, and every path in them made absolute."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from sim.files.errors import MISSING, InputError, nearest
from sim.files.paths import absolute, expanded, shown
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with the package: name to file."""
    return {file.stem: file for file in sorted(shipped_scenarios_dir().glob("*.toml"))}


def scenario_file(path: str | PathLike[str]) -> Path:
    """Return the file of a scenario that a user names: a path from the present folder, or a shipped name.

    Raises
    ------
    InputError
        When it is neither.
    """
    if not isinstance(path, str | PathLike):
        raise InputError("not a scenario", key="scenario", value=path, accepted="a file, or the name of a shipped one")
    file = expanded(path)
    if file.exists() or file.suffix == ".toml" or len(file.parts) > 1:
        return file
    return _shipped(str(path), str(path), None)


def scenario_tables(file: Path) -> dict[str, Any]:
    """Read a scenario file and merge it over the one that it extends.

    Tables are merged key by key, lists are replaced whole; one level only. A path in a file begins at the folder of
    that file.

    Raises
    ------
    InputError
        When a file cannot be read, or ``extends`` names none.
    """
    data = _read(file)
    if "extends" not in data:
        return data
    parent = data.pop("extends")
    if not isinstance(parent, str):
        raise InputError("not a name", file=file, key="extends", value=parent, accepted="name or path of a scenario")
    base = _read(_parent_file(parent, file))
    if "extends" in base:
        raise InputError("a scenario that is extended cannot extend another", file=file, key="extends", value=parent)
    merged = dict(base)
    for key, value in data.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = merged_table(key, old, value)
        else:
            merged[key] = value
    return merged


def merged_table(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table over another, key by key; a new size of the inflow takes the place of the old one."""
    size = ("scale", "persons")
    if key == "inflow" and any(new.get(name) is not None for name in size):
        old = {name: value for name, value in old.items() if name not in size}
    return {**old, **new}


def _parent_file(parent: str, file: Path) -> Path:
    """Return the file that is extended: beside the one that names it, or a shipped one."""
    beside = absolute(parent if parent.endswith(".toml") else f"{parent}.toml", file.parent)
    if beside.exists() or parent.endswith(".toml") or len(Path(parent).parts) > 1:
        return shown(beside)
    return _shipped(parent, file, "extends")


def _shipped(name: str, file: str | Path, key: str | None) -> Path:
    shipped = shipped_scenarios()
    if name in shipped:
        return shipped[name]
    raise InputError(
        "no such scenario",
        file=file,
        key=key,
        value=name if key else MISSING,
        accepted=f"a file, or one of {', '.join(shipped)}",
        nearest=nearest(name, shipped),
    )


def _read(file: Path) -> dict[str, Any]:
    """Read one file; what is not of the right type in it is left for its model to refuse."""
    from sim.policies.library import located

    data = read_toml(file)
    header = data.get("scenario")
    if not isinstance(header, dict):
        return data
    regimes = header.get("regimes")
    if isinstance(regimes, str):
        header["regimes"] = located(regimes, file.parent)
    elif isinstance(regimes, list):
        header["regimes"] = [located(name, file.parent) if isinstance(name, str) else name for name in regimes]
    for key in ("behaviour", "own"):
        if isinstance(header.get(key), str):
            header[key] = str(absolute(header[key], file.parent))
    return data
