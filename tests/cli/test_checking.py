"""Whether files are as they should be (`sim.cli.checking`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command import B8sim, refused

from sim.cli.checking import check
from sim.files.errors import InputError
from sim.policies import library

PROJECT = Path(__file__).resolve().parents[2]


def test_check_takes_a_court_layer(b8sim: B8sim, tmp_path: Path) -> None:
    """A layer alone is no regime, but a file that can be right or wrong."""
    text = (library.POLICIES / "c_66_21.toml").read_text()
    (tmp_path / "mine.toml").write_text(text)
    assert b8sim("check", "mine.toml") == (0, "mine.toml: a court layer: ok\n", "")
    (tmp_path / "mine.toml").write_text(re.sub(r"step +=.*", 'step = "b8.reprot"', text))
    assert "mine.toml: amend[0].step: unknown step" in refused(b8sim, tmp_path, "check", "mine.toml")


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("scenarios/netherlands.toml", "a scenario: ok"),
        ("sim/policies/vc_2019_08.toml", "a regime: ok"),
        ("sim/policies/c_66_21.toml", "a court layer: ok"),
        ("sim/procedures/b8.toml", "a procedure: ok"),
        ("sim/procedures/conditions.toml", "named conditions: ok"),
        ("sim/agents/behaviour.toml", "behaviour: ok"),
        ("sim/agents/authorities.toml", "authorities: ok"),
        ("sim/evidence/parameters.toml", "parameters: ok"),
        ("tests/cases/rbdha_2020_13035.toml", "a dated case: ok"),
    ],
)
def test_a_file_is_what_it_says_it_is(tmp_path: Path, file: str, what: str) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_bytes((PROJECT / file).read_bytes())
    line = check([copy])[0]
    assert line.startswith(f"{copy}: ")
    assert what.removesuffix(": ok") in line
    assert line.endswith("ok")


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text("title = 1\n")
    (tmp_path / "two.toml").write_text('[scenario]\ntitel = "x"\n')
    with pytest.raises(InputError) as caught:
        check([tmp_path / "one.toml", PROJECT / "scenarios" / "netherlands.toml", tmp_path / "two.toml"])
    assert {Path(str(problem.file)).name for problem in caught.value.problems} == {"one.toml", "two.toml"}
    assert "not a file that b8sim knows" in str(caught.value)
    assert "[scenario], [hypothesis]" in str(caught.value)
