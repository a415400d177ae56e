"""The law in words that a lawyer can read (`sim.policies.wording`)."""

from __future__ import annotations

import re

from regime_files import amend, mine, row

from sim.policies.diff import diff
from sim.policies.library import readings, shipped
from sim.policies.regime import Regime
from sim.policies.statute import Statute
from sim.policies.wording import Words, dutch
from sim.procedures.conditions import Name


def test_a_diff_in_words_that_a_lawyer_can_read() -> None:
    table = diff("vc_2018", "vc_2019_08")
    claim = "if person with a Dublin claim"
    why = "For a Dublin claimant the permit depends on whether the prosecution needs the person "
    why += "in the Netherlands"
    assert row(table, "b8.report") == {
        "step": "b8.report",
        "title": "Report taken; counts as permit application",
        "what": "branch added",
        "old": "1. Decision on the permit",
        "new": f"1. {claim}: Is the person needed in the Netherlands?; 2. otherwise: Decision on the permit",
        "source": row(table, "b8.report")["source"],
        "status": "read",
        "why": why,
    }
    assert "Kamerstuk 28 638, nr. 236" in row(table, "b8.report")["source"]
    assert row(table, "b8.objection")["new"] == "Window suspended during the objection"
    assert row(table, "b8.wish_to_report")["old"] == "in order of arrival"
    assert row(table, "vc_2019_08", "entry into force")["new"] == "2019-08-01"
    assert row(table, "vc_2019_08", "transitional rule")["new"] == (
        'earlier text for those at "Report taken; counts as permit application" before that day'
    )
    title = row(table, "news_of_the_necessity_test")["title"]
    assert title == "What people can know of the test: a report alone gives no permit"
    back = row(diff("vc_2019_08", "vc_2018"), "b8.report")
    assert back["why"].startswith("Taken back: For a Dublin claimant")


def test_a_diff_of_a_change_of_everything() -> None:
    regime = mine(
        amend('step = "control.threatened"\nchanges = { trust = { set = "control.threat_adds_fear" } }')
        + amend(
            'step = "b8.intake"\nreplace = true\n'
            'next = [{ to = "closed", when = "not ever permit" }, { to = "closed" }]'
        )
        + amend(
            'step = "asylum.outcome_known"\nrepeal = ["extended_procedure", "granted"]\n'
            'next = [{ to = "granted", when = "ind_grants_asylum", before = "intention" }, '
            '{ to = "extended_procedure", when = "goes_to_extended_procedure", before = "intention" }]'
        )
        + amend(
            'step = "investigation.lead_found"\n'
            'signals_add = ["network:lead_received", "victims:control.network_disrupted"]'
        )
    )
    table = diff("R0", regime)
    assert "trust: set to" in row(table, "control.threatened")["new"]
    assert row(table, "b8.intake")["new"] == (
        '1. if not (has been at "B8/3 permit, first year"): File closed; 2. otherwise: File closed'
    )
    assert row(table, "b8.intake")["what"] == "branches changed"
    assert row(table, "asylum.outcome_known")["what"] == "branches reordered"
    assert row(table, "investigation.lead_found")["new"] == (
        "A lead comes in for the network; The network is convicted; its hold ends for the victims of the network"
    )


def every_text() -> set[str]:
    """Return what the shipped law says in English only: conditions, names, reasons, notes and facts."""
    found: set[str] = {one.why for one in readings().values()}
    for source in shipped():
        head = source.file.head
        found |= {head.note, *(one.why for one in (*source.file.amend, *source.file.keeps))}
        found |= {new.note for new in source.file.step.values()}
        if source.file.layer is not None:
            continue
        statute = Statute(Regime.load(source.name))
        words = Words.of(statute)
        found |= {words.subject(Name(name)) for name in statute.conditions}
        found |= {
            words.name(name) for name in (*statute.hazards, *statute.decisions, *(f.name for f in statute.regime.facts))
        }
    return {text for text in found if text}


def test_everything_that_the_shipped_law_says_in_english_is_there_in_dutch() -> None:
    texts = every_text()
    assert len(texts) > 200
    assert sorted(texts - set(dutch())) == []
    for english, other in dutch().items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", other)), english


def test_what_a_regime_changes_is_said_in_dutch() -> None:
    english, other = (diff("vc_2018", "vc_2019_08", language) for language in ("en", "nl"))
    assert list(english["step"]) == list(other["step"])
    assert list(english["source"]) == list(other["source"])
    for column in ("title", "what", "old", "new", "why"):
        pairs = zip(english[column], other[column], strict=True)
        assert [one for one, two in pairs if one == two and one and not re.fullmatch(r"[\d-]+", one)] == []
    row = other[other["step"] == "b8.report"].iloc[0]
    assert row["what"] == "vervolg erbij"
    assert row["new"].startswith(
        "1. als persoon met een Dublinclaim: Toets: aanwezigheid in Nederland noodzakelijk; 2. anders: "
    )
    chance = other[other["step"] == "reflection_granted_to_dublin_claimant"].iloc[0]
    assert (chance["what"], chance["old"][:8]) == ("keuze: kans", "0,9 kans")
