"""The folder is a Frictionless Data Package that validates, and its tables are CSV on the Web."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.export.package import media_type
from sim.export.results import Results

frictionless = pytest.importorskip("frictionless")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("which", ["paper", "paper_of_run", "paper_of_study", "paper_of_person"])
def test_the_package_validates(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])[:5]
    assert report.stats["tasks"] > 15


@pytest.mark.filterwarnings("ignore")
def test_a_cell_of_another_type_does_not_validate(paper: Path, tmp_path: Path) -> None:
    package = json.loads((paper / "datapackage.json").read_text(encoding="utf-8"))
    (groups,) = (resource for resource in package["resources"] if resource["name"] == "regimes")
    text = (paper / "tables" / "regimes.csv").read_text(encoding="utf-8")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "regimes.csv").write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    del groups["hash"], groups["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package | {"resources": [groups]}), encoding="utf-8")
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert [error[0] for error in report.flatten(["type"])] == ["primary-key"]


def test_every_resource_has_titles_licence_and_size(paper: Path, comparison: Results) -> None:
    package = json.loads((paper / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["b8sim"]["scenario_hash"] == comparison.receipt["scenario_hash"]
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names))
    for resource in package["resources"]:
        assert resource["title_nl"]
        assert resource["bytes"] == (paper / resource["path"]).stat().st_size


def test_metadata_for_the_web_names_the_tables(paper: Path) -> None:
    metadata = json.loads((paper / "csvw-metadata.json").read_text(encoding="utf-8"))
    urls = {table["url"] for table in metadata["tables"]}
    assert urls == {f"tables/{path.name}" for path in (paper / "tables").glob("*.csv")}


@pytest.mark.parametrize(
    ("path", "kind"),
    [("a.csv", "text/csv"), ("a.parquet", "application/vnd.apache.parquet"), ("a.strange", "application/octet-stream")],
)
def test_media_types(path: str, kind: str) -> None:
    assert media_type(path) == kind
