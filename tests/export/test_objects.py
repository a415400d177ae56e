"""Objects of a world: every event is about objects that exist, and every object is in an event or held by one."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from sim.export.moves import Moved, worlds
from sim.export.objects import BED, INVESTIGATION, NETWORK, TYPES, Related
from sim.export.results import Results


@pytest.fixture(scope="module")
def world(single: Results) -> Iterator[Moved]:
    with worlds(single, (), 0) as found:
        yield found[0]


def test_events_and_objects_refer_to_objects_that_are_there(world: Moved) -> None:
    related = Related(world)
    kinds = related.objects.kinds
    events = list(related.events())
    assert set(kinds.values()) <= set(TYPES)
    named = {name for event in events for name, _ in event.objects}
    others = {name for relations in related.objects.relations.values() for name, _ in relations}
    assert named | others == kinds.keys()
    assert related.objects.relations.keys() <= kinds.keys()
    assert len({event.id for event in events}) == len(events)
    assert all(event.objects for event in events)


def test_an_event_is_about_a_person_and_the_file_of_its_procedure(world: Moved) -> None:
    networks = world.networks()
    for event in Related(world).events():
        about = {how: name for name, how in event.objects}
        procedure = event.activity.step.partition(".")[0]
        if event.activity.of_network:
            assert about["network"].startswith("network-")
            continue
        person = about["person"]
        assert about.get("file") == (f"b8:{person}" if procedure == "b8" else None)
        assert about.get("claim") == (f"dublin:{person}" if procedure == "dublin" else None)
        if procedure == "control":
            assert about.get("network") == networks.get(person)


def test_who_moves_into_a_bed_moves_out_of_the_same(world: Moved) -> None:
    related = Related(world)
    moves = pd.read_parquet(world.transitions)
    into = int((moves["to"] == "whereabouts.shelter").sum())
    beds = {name for name, kind in related.objects.kinds.items() if kind == BED}
    assert len(beds) == into
    stays = [(name, how) for event in related.events() for name, how in event.objects if name in beds]
    assert [name for name, how in stays if how == "moves in"] == list(dict.fromkeys(name for name, _ in stays))
    out = [name for name, how in stays if how == "moves out"]
    assert len(out) == len(set(out)) == int((moves["from"] == "whereabouts.shelter").sum())


def test_investigations_are_of_networks(world: Moved) -> None:
    objects = Related(world).objects
    for name, kind in objects.kinds.items():
        if kind == INVESTIGATION:
            ((network, how),) = objects.relations[name]
            assert (how, objects.kinds[network]) == ("of", NETWORK)


def test_a_world_without_moves_has_no_objects(world: Moved) -> None:
    empty = Related(Moved(world.regime, world.part, world.transitions, world.persons, {}))
    assert empty.objects.kinds == {}
    assert list(empty.events()) == []
