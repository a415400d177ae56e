"""What descriptions say is read from procedures, regimes, behaviour and parameters."""

from __future__ import annotations

from collections import Counter

from sim.evidence.parameters import Parameters
from sim.export import facts
from sim.export.results import Results
from sim.procedures.traits import FLAGS


def test_every_step_decision_and_hazard_is_listed(comparison: Results) -> None:
    steps, behaviour = facts.steps_table(comparison), comparison.scenario.behaviour
    assert steps.count("\n") == len(facts.steps_of(comparison)) + 2
    assert "| `b8.wish_to_report` | " in steps
    assert "`b8.recognised_by_panel`" in steps
    decisions, hazards = facts.decisions_table(comparison), facts.hazards_table(comparison)
    assert all(f"| `{name}` |" in decisions for name in behaviour.decision)
    assert all(f"| `{name}` |" in hazards for name in behaviour.hazard)


def test_tracks_count_their_steps(comparison: Results) -> None:
    rows = [line.split(" | ") for line in facts.tracks_table(comparison).splitlines()[2:]]
    assert sum(int(row[3].rstrip(" |")) for row in rows) == len(facts.steps_of(comparison))
    assert {row[2] for row in rows} == {"person", "network"}


def test_regimes_have_their_layers_and_readings(comparison: Results) -> None:
    text = facts.regimes_table(comparison)
    assert "| `vc_2019_08+U1=ninety_days` | Aliens Circular, B8/3 from August 2019 | " in text
    assert " | 2019-08-01 | " in text
    assert "| `U1` | if_granted | ninety_days | if_granted |" in facts.readings_table(comparison)


def test_evidence_is_counted_as_it_is_graded(comparison: Results) -> None:
    table = Parameters.load().replace({"leaves.hiding_per_year": 0.3}).table()  # the scenario sets it
    counts = Counter(zip(table["grade"].astype(str), table["status"].astype(str), strict=True))
    text = facts.evidence_table(comparison)
    for (grade, status), number in counts.items():
        assert f"| {grade} | {status} | {number} |" in text


def test_a_run_is_told_by_its_receipt(comparison: Results) -> None:
    text = facts.run_table(comparison)
    assert f"| source_hash | {comparison.receipt['source_hash']} |" in text
    assert "| hypotheses | none |" in text


def test_other_facts(comparison: Results) -> None:
    assert all(f"`{flag}`" in facts.traits_text() for flag in FLAGS)
    assert "| `coa.reception` |" in facts.pools_table()
    assert "published figures in" in facts.observed_text()
    assert "- detection: " in facts.measures_text(comparison)
    assert facts.table(("a",), [("x|y\nz",)]) == "| a |\n| --- |\n| x\\|y z |\n"


def test_what_a_person_wrote_says_so() -> None:
    assert facts.rationale()["purpose"].startswith("To compare rules")
    assert facts.written("purpose").endswith("*(written by hand)*\n")
