"""The store of a sweep: a folder of Parquet files, with a manifest that says what is finished.

``study.toml`` decides everything; points and design are made from it. A part counts when the manifest names it with the
hash of its files, and not before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from sim.files.errors import InputError, raise_all
from sim.files.paths import expanded
from sim.files.toml import read_text
from sim.outcomes.measures import Measures
from sim.report.folder import open_folder, write_text
from sim.runs.receipt import receipt_of
from sim.studies.disk import remove_unfinished, sha256, write_whole
from sim.studies.parts import Part, as_parquet, parts_of, readings_table, receipts_table
from sim.studies.runner import Result
from sim.studies.study import Study
from sim.studies.study_file import NO_PRESET

FORMAT: Final = 1
KINDS: Final = ("readings", "receipts")
"""The folders of parts."""
WHATEVER: Final = frozenset({"python"})
"""What may differ when a sweep goes on."""


@dataclass(frozen=True)
class Status:
    """How far a sweep is.

    Attributes
    ----------
    parts, points
        How many there are.
    parts_done, points_done, points_failed
        How many are finished, and how many of those points failed.
    broken
        Names of parts that were finished and are spoilt or gone.
    """

    parts: int
    points: int
    parts_done: int
    points_done: int
    points_failed: int
    broken: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every part is there and sound."""
        return self.parts_done == self.parts


class Store:
    """A folder with what came of a study.

    Attributes
    ----------
    folder
        Where it is.
    study
        The study, read from the folder.
    manifest
        What is finished: name of a part to number of points, of failed points, and hashes.
    """

    def __init__(self, folder: Path, study: Study, manifest: dict[str, Any]) -> None:
        self.folder, self.study, self.manifest = folder, study, manifest

    @classmethod
    def create(cls, folder: str | PathLike[str], study: Study, share: tuple[int, int] = (1, 1)) -> Store:
        """Make a store for a study in a new or empty folder.

        Parameters
        ----------
        share
            ``(k, n)``: this folder gets every n-th part, beginning with the k-th.

        Raises
        ------
        InputError
            When the folder is not empty, or cannot be written.
        """
        target = expanded(folder)
        _not_begun(target)
        with open_folder(target) as hidden:
            for name, text in {**study.asked.own_files, "scenario.toml": study.asked.text}.items():
                (hidden / name).parent.mkdir(parents=True, exist_ok=True)
                write_text(hidden, name, text)
            write_text(hidden, "study.toml", _own_copy(study, hidden))
            write_text(hidden, "receipt.json", _json(receipt_of_study(study)))
            for kind in KINDS:
                (hidden / kind).mkdir()
            manifest = {"format": FORMAT, "share": list(share), "parts": {}}
            write_text(hidden, "manifest.json", _json(manifest))
        return cls.open(target)

    @classmethod
    def open(cls, folder: str | PathLike[str]) -> Store:
        """Open a store to go on with it: the study, the code and the packages must be what they were.

        Raises
        ------
        InputError
            When it is no store, or something that decides the results is not as it was: each difference is told.
        """
        store = cls.look(folder)
        raise_all(_differences(store.folder, receipt_of_study(store.study)))
        return store

    @classmethod
    def look(cls, folder: str | PathLike[str]) -> Store:
        """Open a store to read it, whatever made it."""
        target = expanded(folder)
        try:
            manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
            known = manifest["format"] == FORMAT
        except (OSError, ValueError, KeyError, TypeError):
            accepted = "a folder that b8sim sweep run made"
            raise InputError("not a folder of a sweep", file=target, accepted=accepted) from None
        if not known:
            raise InputError("made by another version", file=target / "manifest.json", value=manifest["format"],
                             accepted=f"format {FORMAT}")  # fmt: skip
        return cls(target, Study.load(target / "study.toml"), manifest)

    # ---- parts ----

    @cached_property
    def parts(self) -> list[Part]:
        """All parts of the study that belong in this folder."""
        first, every = self.manifest["share"]
        return parts_of(self.study)[first - 1 :: every]

    def pending(self, *, failed: bool = False) -> list[Part]:
        """Return the parts that are not finished, are spoilt, or with ``failed`` have a failed point."""
        done = self.manifest["parts"]
        broken = set(self.broken())
        return [
            part
            for part in self.parts
            if part.name not in done or part.name in broken or (failed and done[part.name]["failed"])
        ]

    def broken(self) -> list[str]:
        """Return the names of finished parts whose files are not what the manifest says."""
        return [
            name
            for name, said in self.manifest["parts"].items()
            if any(sha256(self.file(kind, name)) != said[kind] for kind in KINDS)
        ]

    def file(self, kind: str, part: str) -> Path:
        """Return the file of a part."""
        return self.folder / kind / f"{part}.parquet"

    def add(self, part: Part, results: Sequence[Result]) -> None:
        """Write a finished part, then say that it is finished.

        Raises
        ------
        InputError
            When the disk is full: nothing of this part counts then.
        """
        tables = {
            "readings": readings_table(results, self.study.regimes, self.study.readings),
            "receipts": receipts_table(results),
        }
        said: dict[str, Any] = {"points": len(part.points), "failed": sum(bool(r.error) for r in results)}
        for kind, table in tables.items():
            write_whole(self.file(kind, part.name), as_parquet(table))
            said[kind] = sha256(self.file(kind, part.name))
        self.manifest["parts"][part.name] = said
        self.write_manifest()

    def write_manifest(self) -> None:
        """Write what is finished."""
        write_whole(self.folder / "manifest.json", _json(self.manifest).encode())

    # ---- the study in it ----

    def settle(self) -> None:
        """Remove what was left half written, and write points and design as the study has them."""
        remove_unfinished(self.folder)
        for name, table in (("points", points_table(self.study)), ("design", design_table(self.study))):
            content, file = as_parquet(table), self.folder / f"{name}.parquet"
            if not file.exists() or file.read_bytes() != content:
                write_whole(file, content)

    def extended(self, points: int) -> Store:
        """Write the study with further points into the folder, and return the store of it.

        Raises
        ------
        InputError
            When the design cannot be extended.
        """
        study = self.study.extended(points)
        assert study.points
        file = study.document.design.file
        text = study.text("scenario.toml", None if file is None else Path(file).name, _kept_presets(study))
        write_whole(self.folder / "study.toml", text.encode())
        return Store.open(self.folder)

    def status(self) -> Status:
        """Return how far the sweep is."""
        broken = set(self.broken())
        names = {part.name for part in self.parts}
        done = [s for name, s in self.manifest["parts"].items() if name in names and name not in broken]
        return Status(
            parts=len(self.parts),
            points=sum(len(part.points) for part in self.parts),
            parts_done=len(done),
            points_done=sum(said["points"] for said in done),
            points_failed=sum(said["failed"] for said in done),
            broken=tuple(sorted(broken)),
        )


def points_table(study: Study) -> pa.Table:
    """Return the points: identity, block, presets, readings, drivers, and the value of every factor."""
    columns: dict[str, list[Any]] = {"point": [], "block": [], "presets": [], "readings": [], "drivers": []}
    columns |= {factor.name: [] for factor in study.factors}
    for block, point in study.points:
        row = (point.id, block, point.presets or NO_PRESET, point.readings_text, point.drivers_text)
        for column, value in zip(columns.values(), row, strict=False):
            column.append(value)
        for factor in study.factors:
            columns[factor.name].append(float(point.values.get(factor.name, factor.base)))
    return pa.table(columns)


def design_table(study: Study) -> pa.Table:
    """Return the rows of the design: number, point, block, variant, factor that moved, place in the unit cube."""
    rows = study.design
    columns: dict[str, list[Any]] = {
        "row": [number for number, _, _ in rows],
        "point": [point.id for _, _, point in rows],
        "block": [row.block for _, row, _ in rows],
        "presets": [point.presets or NO_PRESET for _, _, point in rows],
        "readings": [point.readings_text for _, _, point in rows],
        "drivers": [point.drivers_text for _, _, point in rows],
        "moved": [row.moved for _, row, _ in rows],
    }
    if rows and rows[0][1].unit:
        columns |= {f"unit {f.name}": [row.unit[i] for _, row, _ in rows] for i, f in enumerate(study.factors)}
    return pa.table(columns)


def receipt_of_study(study: Study) -> dict[str, Any]:
    """Say what decides the results of a sweep; no time, user, machine or path of one."""
    measures = Measures.load(study.asked.scenario.own)
    receipt = receipt_of(study.asked, study.worlds, measures)
    return {**receipt, "study": study.content(), "study_hash": study.hash()}


def _differences(folder: Path, now: Mapping[str, Any]) -> list[InputError]:
    """Return a mistake for everything that decides the results and is not as it was."""
    file = folder / "receipt.json"
    then = json.loads(read_text(file, "JSON"))
    before, after = _flat(then), _flat(json.loads(_json(now)))
    return [
        InputError(
            "not as it was when the sweep began",
            file=file,
            key=key,
            value=after.get(key, "nothing"),
            accepted=f"{before.get(key, 'nothing')}, as it was; or a new sweep in another folder",
        )
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key) and key.partition(".")[0] not in WHATEVER
    ]


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in table.items():
        out |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return out


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _not_begun(folder: Path) -> None:
    if (folder / "manifest.json").exists():
        accepted = f"b8sim sweep resume {folder}, to go on with it; or another folder"
        raise InputError("a sweep is in it", file=folder, accepted=accepted)


def _own_copy(study: Study, folder: Path) -> str:
    """Copy the user's files that a study names into a folder; return the study as it names them there."""
    file = study.document.design.file
    if file is not None:
        shutil.copyfile(file, folder / "points.csv")
    for path, name in _preset_files(study).items():
        (folder / "presets").mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)
    return study.text("scenario.toml", None if file is None else "points.csv", _kept_presets(study))


def _preset_files(study: Study) -> dict[str, str]:
    """Return the user's files of presets, and what they are called in a store."""
    names = [name for presets in study.document.study.presets for name in presets.split(",")]
    paths = dict.fromkeys(name for name in names if name.endswith(".toml"))
    return {path: f"presets/{Path(path).name}" for path in paths}


def _kept_presets(study: Study) -> tuple[str, ...]:
    files = _preset_files(study)
    return tuple(",".join(files.get(n, n) for n in presets.split(",")) for presets in study.document.study.presets)
