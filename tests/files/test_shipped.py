"""Where shipped scenarios are (`sim.files.shipped`); an installed wheel is tested with the packaging."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.files import shipped
from sim.files.shipped import shipped_scenarios_dir

PROJECT = Path(__file__).resolve().parents[2]


def test_a_checkout_finds_its_scenarios() -> None:
    assert shipped_scenarios_dir() == PROJECT / "scenarios"


def test_a_wheel_finds_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "IN_WHEEL", tmp_path)
    assert shipped_scenarios_dir() == tmp_path
    monkeypatch.setattr(shipped, "IN_WHEEL", tmp_path / "absent")
    assert shipped_scenarios_dir() == PROJECT / "scenarios"
