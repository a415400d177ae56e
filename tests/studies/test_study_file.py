"""The shape of a study file (sim.studies.study_file): what its tables take, and where its paths lead."""

from __future__ import annotations

import tomllib
from pathlib import Path

from small_studies import TEXT

from sim.files.toml import validate
from sim.studies.study_file import StudyFile, from_folder, plain_table


def document(**head: object) -> StudyFile:
    data = tomllib.loads(TEXT)
    data["study"] |= head
    return validate(StudyFile, data, "study.toml")


def test_names_stay_and_paths_begin_at_the_folder() -> None:
    found = from_folder(document(presets=["none", "H5,mine.toml"], regimes=["a", "mine.toml+U1=none"]), Path("/a"))
    assert found.study.scenario == "netherlands"
    assert found.study.presets == ("none", "H5,/a/mine.toml")
    assert found.study.regimes == ("a", "/a/mine.toml+U1=none")
    assert from_folder(document(scenario="b/c.toml"), Path("/a")).study.scenario == "/a/b/c.toml"


def test_arrays_and_tuples_of_a_caller_are_lists_as_in_a_file() -> None:
    import numpy as np

    assert plain_table({"a": (np.float64(1.5), 2)}) == {"a": [1.5, 2]}
