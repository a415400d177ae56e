"""Results from Python: the folder, the page, a figure by its name (`sim.report.named`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_files import SCENARIO, written

import sim
from sim.files.errors import InputError
from sim.report.named import figures_of
from sim.runs.comparison import Comparison


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = written(tmp_path_factory.mktemp("named"), mine=SCENARIO)
    return sim.compare(folder / "mine.toml", ["vc_2018", "vc_2019_08", "recognition_panel"])


def test_save_writes_what_the_command_writes_once(comparison: Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "results" / "x")
    assert folder == tmp_path / "results" / "x"
    assert {"measures.csv", "receipt.json", "report.html", "scenario.toml"} <= {path.name for path in folder.iterdir()}
    with pytest.raises(InputError, match="the folder is not empty"):
        comparison.save(folder)


def test_save_at_home(comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert comparison.save("~/x") == tmp_path / "x"
    assert (tmp_path / "x" / "receipt.json").exists()
    assert not (tmp_path / "~").exists()


def test_report_writes_the_page_and_its_figures(comparison: Comparison, tmp_path: Path) -> None:
    page = comparison.report(tmp_path / "page")
    assert page == tmp_path / "page" / "report.html"
    assert sorted(path.name for path in page.parent.iterdir()) == ["figures", "report.html"]
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        comparison.report(tmp_path / "taken")


def test_figures_by_name(comparison: Comparison) -> None:
    known = figures_of(comparison)
    for name in ("headline_all", "headline_dublin", "incidence_women", "flow_recognition_panel_all"):
        assert name in known
        shown = comparison.figure(name)._repr_png_()  # type: ignore[attr-defined]
        assert shown.startswith(b"\x89PNG")
    assert comparison.figure("flow").get_size_inches() == pytest.approx(
        comparison.figure("flow_vc_2019_08_all").get_size_inches()
    )
    assert comparison.figure().axes


@pytest.mark.parametrize(
    ("name", "near"), [("headlin_all", "headline_all"), ("flow_vc_2019_8_all", "flow_vc_2019_08_all"), ("", None)]
)
def test_a_figure_that_there_is_not(comparison: Comparison, name: str, near: str | None) -> None:
    with pytest.raises(InputError, match="no such figure") as caught:
        comparison.figure(name)
    assert caught.value.nearest == near
