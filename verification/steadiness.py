"""Whether a replay answers alike where the rules are alike, and in which time.

Two properties hold for every chronology. One that lies wholly before 1 August 2019 has one answer under all regimes
that share the text of that time. And one that is not impossible does not become so when events are left out. The times
are those of the processor.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sim.replay import replay
from verification.chronologies import CASES, Worked, worked
from verification.report import table

FROM = dt.date(2019, 8, 1)
ONE_TEXT = ("vc_2018", "vc_2019_08", "no_necessity_test", "vc_2023")
"""Regimes with one text until then."""
SEED = 20190801
SLOWEST = 10
SECONDS_IF_POSSIBLE, SECONDS_AT_MOST = 2.0, 10.0
"""How long an answer may take: that a chronology can happen is found soon, that it cannot takes longer to know."""


def sample(size: int) -> list[Worked]:
    """Return some of the shipped cases, the same ones every time."""

    def drawn(path: Path) -> bytes:
        return hashlib.sha256(f"{SEED} {path.stem}".encode()).digest()

    return [Worked(path) for path in sorted(sorted(CASES.glob("*.toml"), key=drawn)[:size])]


def faults(work: Worked) -> Iterator[str]:
    """Give where the answers to one case do not agree with each other."""
    if work.case.events[-1].date < FROM:
        answers = {replay(work.path, regime).answer for regime in ONE_TEXT}
        if len(answers) > 1:
            yield f"{work.name} has {len(answers)} answers under one text: {', '.join(sorted(answers))}"
    if work.answer.answer == "impossible" or len(work.case.events) == 1:
        return
    with tempfile.TemporaryDirectory() as folder:
        for number in range(len(work.case.events)):
            if replay(without(work.path, number, Path(folder))).answer == "impossible":
                yield f"{work.name} becomes impossible without its event {number + 1}"


def without(path: Path, number: int, folder: Path) -> Path:
    """Write a case with one of its events left out, and say nothing of what is expected; return where it is."""
    head, *events = path.read_text(encoding="utf-8").split("[[event]]")
    del events[number]
    shorter = folder / f"{path.stem}_{number}.toml"
    shorter.write_text("[[event]]".join([head.split("[forbidden]")[0], *events]), encoding="utf-8")
    return shorter


def slow() -> list[str]:
    """Return the cases that took longer than they may."""
    return [
        work.name
        for work in worked()
        if work.seconds > (SECONDS_IF_POSSIBLE if work.answer.possible else SECONDS_AT_MOST)
    ]


def section() -> str:
    """Return the answers, the times and what does not agree, in Markdown."""
    works = worked()
    answers = Counter(work.answer.answer for work in works)
    counted = ", ".join(f"{number} {answer.replace('_', ' ')}" for answer, number in sorted(answers.items()))
    quick = sum(work.seconds < SECONDS_IF_POSSIBLE for work in works)
    slowest = sorted(works, key=lambda work: work.seconds, reverse=True)[:SLOWEST]
    rows = [
        (
            work.name,
            work.case.regime,
            len(work.case.events),
            work.answer.answer.replace("_", " "),
            f"{work.seconds:.1f}",
        )
        for work in slowest
    ]
    wrong = [fault for work in works for fault in faults(work)]
    said = "; ".join(wrong) if wrong else "None does not."
    return (
        f"{len(works)} chronologies: {counted}. {quick} are answered in under {SECONDS_IF_POSSIBLE:.0f} seconds. "
        f"The slowest {SLOWEST}:\n\n"
        + table(("case", "regime", "events", "answer", "seconds"), rows)
        + "\nOne that lies wholly before 1 August 2019 must have one answer under all regimes with the text of that "
        f"time ({', '.join(ONE_TEXT)}), and none may become impossible when one of its events is left out. {said}\n"
    )
