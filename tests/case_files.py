"""Chronologies as a user would write them, for the tests of the replay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.replay import Replay

CASES = Path(__file__).parent / "cases"
DUBLIN = "dublin_claim = true"
Told = Callable[..., Replay]


def written(folder: Path, *events: str, facts: str = "", head: str = "") -> Path:
    """Write a case file; an event is ``date step [outcome]``."""
    lines = ["[case]", 'title = "A case"', 'source = "kst165"', head, f"facts = {{ {facts} }}"]
    for event in events:
        date, step, *outcome = event.split()
        lines += ["[[event]]", f"date = {date}", f'step = "{step}"', *(f'outcome = "{word}"' for word in outcome)]
    path = folder / "case.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


FORBIDDEN = '[forbidden]\nevent = {event}\nreason = "{reason}"\n'
REFUSED = ("2019-10-09 b8.report", "2019-10-09 b8.grant_decision")


def expecting(folder: Path, event: int, reason: str) -> Path:
    """Write a case whose author says which event cannot happen, and why."""
    path = written(folder, *REFUSED, facts=DUBLIN, head='regime = "vc_2019_08"')
    text = path.read_text(encoding="utf-8")
    table = FORBIDDEN.format(event=event, reason=reason)
    path.write_text(text.replace("[[event]]", f"{table}[[event]]", 1), encoding="utf-8")
    return path
