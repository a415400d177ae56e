"""What goes into the folder of a paper is chosen by names that are checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sim.export.choices import EVENTS, LEFT_OUT, LICENCES, Choices
from sim.files.errors import InputError


def test_choices_come_back_from_their_receipt() -> None:
    choices = Choices.of(language="nl", decimal_comma=True, include=["persons", "persons"], licence="CC0-1.0")
    assert Choices.read(choices.table()) == choices
    assert choices.include == ("persons",)
    more = Choices.of(events=["xes", "csv"], replicate=3, include=["tactics"])
    assert Choices.read(more.table()) == more
    assert (more.events, more.replicate) == (("csv", "xes"), 3)
    assert Choices.of(events=["all"]).events == EVENTS
    assert choices.left_out.keys() == LEFT_OUT.keys() - {"persons"}
    assert Choices.of().left_out == LEFT_OUT


@pytest.mark.parametrize(
    ("given", "key", "near"),
    [
        ({"language": "NL"}, "--language", "nl"),
        ({"include": ["person"]}, "--include", "persons"),
        ({"events": ["parket"]}, "--events", "parquet"),
        ({"licence": "cc-by-4.0"}, "--licence", "CC-BY-4.0"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(given: dict[str, Any], key: str, near: str) -> None:
    with pytest.raises(InputError, match="unknown name") as caught:
        Choices.of(**given)
    assert (caught.value.key, caught.value.nearest) == (key, near)


def test_a_replicate_without_event_logs_is_refused() -> None:
    with pytest.raises(InputError, match="no event logs"):
        Choices.of(replicate=0)


def test_the_day_is_today_or_the_one_that_is_given() -> None:
    assert Choices.of(date="2031-05-06").date == "2031-05-06"
    assert dt.date.fromisoformat(Choices.of().date) <= dt.date.today()
    with pytest.raises(InputError, match="not a date"):
        Choices.of(date="6 May 2031")


def test_licences_have_an_address() -> None:
    assert all(licence.address.startswith("https://creativecommons.org/") for licence in LICENCES.values())
