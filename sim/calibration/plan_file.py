"""The shape of a calibration file: what is fitted to which figures, under which camps, with which budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator

from sim.files.document import Document, as_tuple
from sim.files.numbers import LARGEST_SEED
from sim.procedures.schema import Title, in_both_languages
from sim.studies.readings import USUAL
from sim.studies.study_file import NO_PRESET

MOST_POINTS: Final = 1_000_000


class Head(Document):
    """The table ``[calibration]``.

    ``lived``: the regime whose results are compared with the figures. ``compared``: the regimes whose difference every
    set of assumptions is asked for, the first the baseline. ``persons``: people, with capacities in proportion;
    everybody by default. ``headline``: measures of that difference. ``also``: measures that are kept of every set
    besides, for other questions. ``targets``: the figures that are fitted; all that end before the change by default.
    ``later``: figures of after the change may be fitted too, which the receipt says.
    ``within``: how many tolerances a set may deviate from any figure that is fitted.
    """

    title: str = Field(min_length=1)
    scenario: str = Field(min_length=1)
    lived: str = "historical"
    compared: tuple[str, ...] = Field(default=("vc_2018", "vc_2019_08"), min_length=2)
    persons: int | None = Field(default=None, ge=1, le=10_000_000)
    replicates: int = Field(default=1, ge=1, le=1000)
    seed: int = Field(default=1, ge=0, le=LARGEST_SEED)
    headline: tuple[str, ...] = Field(default=USUAL, min_length=1)
    also: tuple[str, ...] = ()
    groups: tuple[str, ...] = Field(default=("all", "dublin"), min_length=1)
    targets: tuple[str, ...] = ()
    later: bool = False
    within: float = Field(default=3.0, gt=0, le=10)

    _tuples = field_validator("compared", "headline", "also", "groups", "targets", mode="before")(as_tuple)


class Waves(Document):
    """The table ``[waves]``: points of each wave, and how many candidates the emulator judges before each later one."""

    points: tuple[int, ...] = Field(default=(200, 100, 100), min_length=1, max_length=20)
    candidates: int = Field(default=20_000, ge=100, le=1_000_000)

    _tuples = field_validator("points", mode="before")(as_tuple)

    @field_validator("points")
    @classmethod
    def _some_points(cls, points: tuple[int, ...]) -> tuple[int, ...]:
        if min(points) < 1 or sum(points) > MOST_POINTS:
            raise ValueError(f"each wave has a point at least, all together {MOST_POINTS:,} at most")
        return points


class Camp(Document):
    """One table ``[camp.NAME]``: presets, and numbers that are kept instead of varied, with what they mean."""

    title: Title
    why: str = Field(min_length=1)
    presets: str = NO_PRESET
    kept: dict[str, float] = Field(default_factory=dict)

    _title = field_validator("title", mode="before")(in_both_languages)


class CalibrationFile(Document):
    """The shape of a calibration file."""

    calibration: Head
    waves: Waves = Waves()
    parameters: dict[str, Any] = Field(min_length=1)
    capacities: dict[str, Any] = Field(default_factory=dict)
    camp: dict[str, Camp] = Field(min_length=1)


def scenario_path(scenario: str, folder: Path) -> str:
    """Return the scenario as its name, or as a path that leads from anywhere."""
    from sim.files.paths import absolute

    return str(absolute(scenario, folder)) if scenario.endswith(".toml") else scenario
