"""The base text of the law, read from the procedure files into one frozen `Rulebook`.

A procedure file may leave out its own name (``to = "report"`` in ``b8.toml``). Here every reference becomes
a full id (``b8.report``), so that no reader of a rulebook needs to know in which file a step stands.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from pydantic import BaseModel

from sim.files.toml import read_toml, validate
from sim.procedures.conditions import StepId
from sim.procedures.schema import Condition, Conditions, Procedure, Step, Track

PROCEDURES = Path(__file__).parent
CONDITIONS_FILE = "conditions.toml"


@dataclass(frozen=True)
class Rulebook:
    """The law as it stands in the procedure files.

    Attributes
    ----------
    tracks
        The tracks by ``file.track``, files in alphabetical order and tracks in the order of their file;
        `Track.start` is the full id of a step.
    steps
        The steps by full id (``b8.report``), in the same order; `Step.track` is a key of `tracks`.
    conditions
        The named conditions by name.
    folder
        The folder the files were read from, for the errors; it is no part of the content.
    """

    tracks: Mapping[str, Track]
    steps: Mapping[str, Step]
    conditions: Mapping[str, Condition]
    folder: Path = PROCEDURES

    @staticmethod
    def load(folder: str | PathLike[str] | None = None) -> Rulebook:
        """Read the procedure files of a folder.

        Parameters
        ----------
        folder
            Where the files are: ``conditions.toml`` and one file for each procedure. Default: the base text
            of this package.

        Raises
        ------
        InputError
            If a file cannot be read or does not have the shape of `Procedure` or `Conditions`. Whether the
            names in it resolve is for `sim.policies.structure.check_rulebook` to say.
        """
        return _shipped() if folder is None else _load(Path(folder))

    def hash(self) -> str:
        """Return the SHA-256 of the content, in hexadecimal; the order of tracks and steps counts."""
        return content_hash({"tracks": self.tracks, "steps": self.steps, "conditions": self.conditions})

    def file_of(self, name: str) -> Path:
        """Return the procedure file in which a step or track stands."""
        return self.folder / f"{StepId(name).procedure}.toml"


@functools.cache
def _shipped() -> Rulebook:
    return _load(PROCEDURES)


def _load(folder: Path) -> Rulebook:
    tracks: dict[str, Track] = {}
    steps: dict[str, Step] = {}
    conditions_path = folder / CONDITIONS_FILE
    conditions = validate(Conditions, read_toml(conditions_path), conditions_path).condition
    for path in sorted(folder.glob("*.toml")):
        if path.name == CONDITIONS_FILE:
            continue
        procedure = validate(Procedure, read_toml(path), path)
        for name, track in procedure.track.items():
            tracks[StepId(name).within(path.stem)] = track.within(path.stem)
        for name, step in procedure.step.items():
            steps[StepId(name).within(path.stem)] = step.within(path.stem)
    return Rulebook(tracks, steps, conditions, folder)


def content_hash(content: object) -> str:
    """Return the SHA-256 of documents, dates and plain values, in hexadecimal; the order of tables counts."""
    text = json.dumps(content, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    return dict(value) if isinstance(value, Mapping) else str(value)
