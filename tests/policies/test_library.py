"""Where the regimes are and what they are called (`sim.policies.library`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from regime_files import HEAD, amend

from sim.files.errors import InputError
from sim.policies.library import aliases, shipped_layers
from sim.policies.regime import Regime, shipped_regimes


def test_the_shipped_regimes_by_name_and_alias() -> None:
    assert shipped_regimes() == [
        "vc_2018",
        "working_method_2019",
        "vc_2019_08",
        "vc_2023",
        "ammr_2026",
        "historical",
        "recognition_panel",
        "referral_protocol",
        "support_from_indication",
        "asylum_beside_reflection",
        "investigation_without_report",
        "victimhood_is_hardship",
        "complaint_awaited",
        "own_motion_in_dublin",
        "reflection_for_all",
        "no_necessity_test",
        "warm_handover",
        "safe_reporting",
        "quick_dismissal",
    ]
    assert shipped_layers() == ["c_338_21", "c_66_21"]
    assert aliases() == {
        "P1": "recognition_panel",
        "P2": "reflection_for_all",
        "P3": "no_necessity_test",
        "P4": "warm_handover",
        "P6": "safe_reporting",
        "P9": "quick_dismissal",
        "P10": "referral_protocol",
        "P12": "support_from_indication",
        "P13": "asylum_beside_reflection",
        "P14": "investigation_without_report",
        "P15": "victimhood_is_hardship",
        "P16": "complaint_awaited",
        "P17": "own_motion_in_dublin",
        "R0": "vc_2018",
        "R1": "working_method_2019",
        "R2": "vc_2019_08",
        "R3": "vc_2023",
        "R4": "ammr_2026",
        "calendar": "historical",
    }


@pytest.mark.parametrize(("alias", "name"), aliases().items())
def test_an_alias_is_the_regime(alias: str, name: str) -> None:
    assert Regime.load(alias) == Regime.load(name)
    assert Regime.load(f"{alias}+U10=fifty").name == f"{name}+U10=fifty"


NAMES = [
    ("", "regime: not the name of a regime", "accepted: NAME[+LAYER]"),
    ("vc_2019_08+", "regime: not the name of a regime", 'given: "vc_2019_08+"'),
    ("+c_66_21", "regime: not the name of a regime", "accepted: NAME[+LAYER]"),
    ("vc_2019_8", "regime: unknown regime or court layer", "nearest: vc_2019_08"),
    ("P7", "regime: unknown regime or court layer", "accepted: vc_2018, working_method_2019"),
    ("c_66_21", "regime: a court layer alone is no regime", "vc_2019_08+c_66_21"),
    ("vc_2018+R2", "regime: a regime cannot be put on another one", "accepted: c_338_21, c_66_21"),
    ("vc_2018+c_66_12", "regime: unknown regime or court layer", "nearest: c_66_21"),
    ("vc_2018+U1=none", "regime: vc_2018 does not depend on U1", "accepted: U10"),
    ("vc_2018+U2=mild", "regime: vc_2018 does not depend on U2", "accepted: U10"),
    ("R2+U1=nine_days", "regime: unknown answer to U1", "nearest: ninety_days"),
    ("R2+U6=yes", "regime: unknown legal question", "accepted: U1, U2, U3, U5, U7, U8, U10, U11, U13, U14, U15, U16"),
    ("R2+U1=none+U1=none", "regime: U1 is named twice", "given:"),
    ("R2+c_66_21+c_66_21", "regime: c_66_21 is named twice", "given:"),
    ("R3+c_66_21", "regime: c_66_21 is already part of vc_2023", "given:"),
    ("no/such/file.toml", "no/such/file.toml: no such file", "accepted:"),
]


@pytest.mark.parametrize(("spec", "problem", "more"), NAMES)
def test_a_wrong_name_is_refused(spec: str, problem: str, more: str) -> None:
    with pytest.raises(InputError) as caught:
        Regime.load(spec)
    assert problem in str(caught.value)
    assert more in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [({"U1": "some"}, "readings: unknown answer to U1"), ({"U4": "no"}, "readings: unknown legal question")],
)
def test_a_wrong_answer_beside_the_name_is_refused(answers: dict[str, str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Regime.load("R2", answers)


@pytest.mark.parametrize("name", ["vc_2018", "P1", "c_66_21"])
def test_a_file_of_the_user_has_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_text(HEAD + amend('step = "b8.permit_end"\nrepeal = "complaint"'), encoding="utf-8")
    with pytest.raises(InputError, match=f"a regime named {name} comes with the package"):
        Regime.load(str(path))


def test_a_layer_of_the_user_is_no_regime(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    head = HEAD.replace("[regime]", "[layer]").replace('amends     = "vc_2018"\n', "")
    path.write_text(head + amend('step = "b8.permit_end"\nrepeal = "complaint"'), encoding="utf-8")
    with pytest.raises(InputError, match="a court layer alone is no regime"):
        Regime.load(str(path))
