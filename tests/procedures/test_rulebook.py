"""The base text of the law as one rulebook (`sim.procedures.rulebook`)."""

from __future__ import annotations

from pathlib import Path

from law_files import copied

from sim.procedures import Rulebook
from sim.procedures.conditions import At, Ever, StepId
from sim.procedures.rulebook import PROCEDURES


def test_every_reference_is_a_full_id_of_a_step() -> None:
    base = Rulebook.load()
    for name, step in base.steps.items():
        named = [*step.from_, *filter(None, [step.counted_from]), *(signal.step for signal in step.all_signals())]
        named += [branch.to for branch in step.next]
        named += [item.subject.step for item in step.asks if isinstance(item.subject, At | Ever)]
        assert set(named) <= base.steps.keys(), name
        assert step.track in base.tracks, name
        assert StepId(step.track).procedure == StepId(name).procedure
    assert {track.start for track in base.tracks.values()} <= base.steps.keys()


def test_tracks_keep_the_order_of_their_file() -> None:
    tracks = [name for name in Rulebook.load().tracks if name.startswith("b8.")]
    assert tracks == ["b8.file", "b8.reflection", "b8.placement"]


def test_loading_twice_gives_the_same_content() -> None:
    assert Rulebook.load(PROCEDURES) == Rulebook.load()
    assert Rulebook.load(PROCEDURES).hash() == Rulebook.load().hash()


def test_the_hash_moves_with_every_word_of_the_law(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert Rulebook.load(folder).hash() == Rulebook.load().hash()
    for file, old, new in (
        ("b8.toml", "Report taken", "Report is taken"),
        ("conditions.toml", 'title = "Whereabouts unknown"', 'title = "Not known where"'),
        ("dublin.toml", 'title = { en = "Dublin claim"', 'title = { en = "The Dublin claim"'),
    ):
        text = (PROCEDURES / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        assert Rulebook.load(folder).hash() != Rulebook.load().hash(), file
        (folder / file).write_text(text, encoding="utf-8")
