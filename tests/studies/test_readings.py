"""What a study keeps: measures in each world that has them, for groups that stay the same under every regime."""

from __future__ import annotations

import pytest
from small_studies import small_study

from sim.files.errors import InputError
from sim.studies.readings import USUAL


def test_the_usual_measures_exist_and_cover_five_areas() -> None:
    study = small_study(measures=USUAL)
    assert tuple(dict.fromkeys(label.name for label in study.readings.labels)) == USUAL


def test_a_measure_of_both_worlds_is_kept_in_both() -> None:
    readings = small_study(measures=("registrations_2019", "wish_to_report")).readings
    worlds = [label.world for label in readings.labels if label.name == "registrations_2019"]
    assert "recorded" in worlds
    assert readings.labels[-1].name == "wish_to_report"
    assert readings.size == len(readings.labels)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"measures": ("wish_to_reprot",)}, "nearest: wish_to_report"),
        ({"measures": ("reports", "reports")}, "named twice"),
        ({"groups": ("dublins",)}, "nearest: dublin"),
        ({"groups": ("rule_changed",)}, "one pair of regimes"),
        ({"groups": ("all", "all")}, "named twice"),
    ],
)
def test_unknown_names_are_told(changes: dict[str, tuple[str, ...]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        small_study(**changes)
