"""``b8sim diff`` (`sim.cli.diff`)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from command import B8sim


def test_diff_in_three_formats(b8sim: B8sim, stand_in: Callable[..., None]) -> None:
    row = {
        "step": "b8.report",
        "title": "Report",
        "what": "next",
        "old": None,
        "new": "a|b",
        "source": "wbv2019_10",
    }
    changes = pd.DataFrame([{**row, "status": "read", "why": "since"}])
    stand_in("sim.policies.diff", diff=lambda a, b: changes if a != b else changes.iloc[:0])
    status, out, _ = b8sim("diff", "a", "b")
    assert status == 0
    assert "b8.report" in out
    assert b8sim("diff", "a", "b", "--format", "csv")[1] == (
        "step,title,what,old,new,source,status,why\nb8.report,Report,next,,a|b,wbv2019_10,read,since\n"
    )
    assert b8sim("diff", "a", "b", "--format", "markdown")[1].splitlines() == [
        "| step | title | what | old | new | source | status | why |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        r"| b8.report | Report | next |  | a\|b | wbv2019_10 | read | since |",
    ]
    assert b8sim("diff", "a", "a") == (0, "a and a are the same.\n", "")


def test_diff_in_three_formats_says_the_same(b8sim: B8sim) -> None:
    from sim.policies.diff import diff

    table = diff("vc_2018", "vc_2019_08")
    status, terminal, err = b8sim("diff", "vc_2018", "vc_2019_08")
    assert (status, err) == (0, "")
    status, csv, err = b8sim("diff", "vc_2018", "vc_2019_08", "--format", "csv")
    assert (status, err) == (0, "")
    assert csv.splitlines()[0] == "step,title,what,old,new,source,status,why"
    assert csv == table.to_csv(index=False, lineterminator="\n")
    status, markdown, err = b8sim("diff", "vc_2018", "vc_2019_08", "--format", "markdown")
    assert (status, err) == (0, "")
    assert len(markdown.splitlines()) == len(table) + 2
    for text in (terminal, csv, markdown):
        assert "b8.report" in text
        assert "necessity" in text
    status, out, _ = b8sim("diff", "vc_2018", "vc_2018")
    assert (status, out) == (0, "vc_2018 and vc_2018 are the same.\n")
    assert b8sim("diff", "R0", "vc_2018", "--format", "csv")[1].count("\n") == 1
