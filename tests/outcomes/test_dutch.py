"""Every measure has a title and a meaning in Dutch, in the order of the English ones."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.agents.behaviour import Authorities
from sim.evidence.parameters import Parameters
from sim.outcomes import dutch
from sim.outcomes.measures import Kind, Measures, catalogue_table
from sim.outcomes.recorded import Period
from sim.policies.own import NOTHING

POOLS = {name: pool.title for name, pool in Authorities.load().pool.items()}


def table(start: int = 2017, end: int = 2021) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    period = Period(dt.date(start, 1, 1), dt.date(end, 12, 31))
    rows = catalogue_table(Measures.load(), POOLS, period, Parameters.load())
    columns = ["measure", "world", "title", "meaning", "title_nl", "meaning_nl"]
    return {row[:2]: row[2:] for row in rows[columns].itertuples(index=False, name=None)}


def test_no_title_and_no_meaning_is_missing_or_left_in_english() -> None:
    rows = table()
    assert all(cell for row in rows.values() for cell in row)
    same = {key for key, (title, _, title_nl, _) in rows.items() if title == title_nl}
    assert same == set()
    titles = [(world, row[2]) for (_, world), row in rows.items()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("measure", "title", "meaning"),
    [
        (("registrations_care", "recorded"), "gemeld door: zorg", "wat de registers zouden tonen"),
        (("registrations_2018", "recorded"), "Geregistreerd bij CoMensha in 2018", "registers"),
        (("registrations_victims_2018", "simulated"), "Slachtoffers die zijn aangekomen in 2018", "jaar van aankomst"),
        (("signalled_2020", "recorded"), "Signalen doorgegeven aan de politie in 2020", "registers"),
        (("wait_ind.b8", "simulated"), "wachten tot behandeling: IND: B8 en voortgezet verblijf", "wie nog wacht"),
        (("beyond_capacity_coa.reception", "simulated"), "boven de plaatsen: Opvangplaatsen COA", "ingetrokken"),
        (("strategic_granted", "simulated"), "bepaald door een aanname: strategic.share", "personen: b8.permit"),
    ],
)
def test_a_dutch_title_belongs_to_its_measure(measure: tuple[str, str], title: str, meaning: str) -> None:
    _, _, title_nl, meaning_nl = table()[measure]
    assert title in title_nl
    assert meaning in meaning_nl


def test_years_outside_the_scenario_and_stand_ins_are_said() -> None:
    rows = table(2021, 2023)
    assert "(niet in het scenario)" in rows["registrations_2018", "recorded"][2]
    assert "2021 voor 2022, 2021 voor 2023" in rows["registrations", "recorded"][3]
    assert "2021 voor 2023" in rows["registrations_2023", "recorded"][3]
    assert "voor" not in rows["registrations_2021", "recorded"][3]


def test_every_kind_has_a_word() -> None:
    assert set(Kind.__args__) <= dutch.MEANING.keys()  # type: ignore[attr-defined]


def test_a_title_in_one_language_is_taken_for_both() -> None:
    measure = next(iter(Measures.load(NOTHING).measure.values()))
    given = measure.model_dump(by_alias=True, exclude_defaults=True) | {"title": "Advised"}
    title = type(measure).model_validate(given).title
    assert (title.en, title.nl) == ("Advised", "Advised")
