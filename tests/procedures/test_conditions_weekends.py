"""How a term of a named condition ends at a weekend: said in the data, as of a step."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.replay import replay

CASE = """[case]
title  = "A request on the Monday after the last day"
source = "dublin3-text"
regime = "vc_2018"
facts  = {{ eurodac_hit = false, applied_in_another_state = false, gone = false }}

[[event]]
date = {registered}
step = "asylum.registration"

[[event]]
date = {day}
step = "dublin.reply"
"""


@pytest.mark.parametrize(
    ("registered", "day", "possible"),
    [
        ("2018-03-05", "2018-06-05", True),
        ("2018-03-05", "2018-06-06", False),
        ("2018-03-02", "2018-06-04", True),  # 2 June 2018 is a Saturday
        ("2018-03-02", "2018-06-05", False),
    ],
)
def test_the_term_for_a_request_ends_on_a_working_day(
    tmp_path: Path, registered: str, day: str, possible: bool
) -> None:
    file = tmp_path / "case.toml"
    file.write_text(CASE.format(registered=registered, day=day), encoding="utf-8")
    assert (replay(file).answer == "possible") is possible, replay(file).text
