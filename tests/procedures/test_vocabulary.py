"""Names that do not exist are found where they are (`sim.procedures.vocabulary`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from law_files import copied, texts

from sim.evidence.parameters import Parameters
from sim.evidence.references import reference_keys
from sim.files.errors import InputError
from sim.policies.library import shipped
from sim.policies.shipped_law import texts_of_all_regimes
from sim.policies.structure import check_rulebook
from sim.procedures import Rulebook
from sim.procedures.schema import Step


@pytest.fixture(scope="module")
def all_texts() -> Mapping[str, Mapping[str, Step]]:
    """Make the steps of all regimes, once."""
    return texts_of_all_regimes()


TYPING_MISTAKES = [
    ("b8.toml", '{ to = "grant_decision" }', '{ to = "grant_decison" }', "unknown step", "b8.grant_decision"),
    ("b8.toml", 'when = "asks_to_report"', 'when = "ask_to_report"', "unknown condition", "asks_to_report"),
    ("b8.toml", 'by     = "avim.intake"', 'by     = "avim.intakes"', "unknown pool", "avim.intake"),
    (
        "b8.toml",
        'takes  = "b8.intake_days"',
        'takes  = "b8.intake_day"',
        "unknown parameter",
        "b8.intake_days",
    ),
    ("b8.toml", 'law    = ["los-b83"]', 'law    = ["los-b38"]', "unknown source", "los-b83"),
    ("b8.toml", 'start = "none"', 'start = "non"', "unknown step", "b8.none"),
    (
        "b8.toml",
        '"investigation.interview"',
        '"investigation.intervew"',
        "unknown step",
        "investigation.interview",
    ),
    ("asylum.toml", 'track  = "asylum"', 'track  = "asylums"', "unknown track", "asylum.asylum"),
    ("investigation.toml", '"network:inv', '"networks:inv', "unknown address of a signal", "network"),
    ("investigation.toml", '"network:leads"', '"network:lead"', "unknown trait", "network:leads"),
    ("control.toml", "fear = { add", "fears = { add", "unknown trait", "fear"),
    (
        "dublin.toml",
        'counted_from = "clock_running"',
        'counted_from = "clock_runs"',
        "unknown step",
        "dublin.clock_running",
    ),
    ("conditions.toml", '"b8.objection"]', '"b8.objections"]', "unknown step", "b8.objection"),
    (
        "conditions.toml",
        'since = "asylum.registration"',
        'since = "asylum.registraton"',
        "unknown step",
        "asylum.registration",
    ),
    (
        "conditions.toml",
        '"b8.report_deadline_months"',
        '"b8.report_deadline"',
        "unknown parameter",
        "b8.report_deadline_months",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "problem", "near"), TYPING_MISTAKES)
def test_a_mistyped_name_is_found_where_it_stands(
    tmp_path: Path,
    all_texts: Mapping[str, Mapping[str, Step]],
    file: str,
    old: str,
    new: str,
    problem: str,
    near: str,
) -> None:
    folder = copied(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_rulebook(
            Rulebook.load(folder),
            amended=all_texts,
            facts=[name for source in shipped() for name in source.file.fact],
            parameters=Parameters.load(),
            sources=reference_keys(),
        )
    assert any(
        f"{folder / file}: " in line and problem in line and f"nearest: {near}" in line for line in texts(caught.value)
    ), texts(caught.value)
