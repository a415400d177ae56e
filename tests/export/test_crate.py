"""The folder is an RO-Crate 1.2 that other programs read and that validates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from readers import read_with

from sim.export.choices import Choices
from sim.export.crate import write_crate
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.words import both
from sim.report.checksums import sha256_of

VALIDATOR = """
import json, pathlib, sys
import rocrate
from rdflib.plugins.parsers import jsonld
from rdflib.plugins.shared.jsonld import context, util
held = json.loads((pathlib.Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_text())
real = util.source_to_json
def local(source, *arguments, **named):  # the context is at hand, and no network is needed
    known = isinstance(source, str) and source.startswith("https://w3id.org/ro/crate/")
    return (held, None) if known else real(source, *arguments, **named)
for module in (util, context, jsonld):
    if hasattr(module, "source_to_json"):
        module.source_to_json = local
from rocrate_validator import models, services
found = []
for profile in ("ro-crate-1.2", "process-run-crate-0.5"):
    settings = services.ValidationSettings(
        rocrate_uri=sys.argv[1], profile_identifier=profile, requirement_severity=models.Severity.REQUIRED
    )
    found += [f"{issue.check.identifier}: {issue.message}" for issue in services.validate(settings).get_issues()]
print(json.dumps(found))
"""
OF_THE_NETWORK = ("ro-crate-1.2_4.", "ro-crate-1.1_3.")
"""Checks that fetch the context."""
OF_ANOTHER_VERSION = ("ro-crate-1.1_5.3",)
"""The profile of runs rests on 1.1 in the validator; this crate says that it is of 1.2."""


@pytest.fixture
def graph(paper: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((paper / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert content["@context"] == "https://w3id.org/ro/crate/1.2/context"
    return {entity["@id"]: entity for entity in content["@graph"]}


def test_every_file_is_a_part_with_its_hash(graph: dict[str, dict[str, Any]], paper: Path) -> None:
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    there = {path.relative_to(paper).as_posix() for path in paper.rglob("*") if path.is_file()}
    alone = {"ro-crate-metadata.json", "datapackage.json", "csvw-metadata.json", "checksums.sha256"}
    assert there - parts <= alone | {"tables/decimal_comma/contents.csv"}
    for name in parts:
        assert graph[name]["sha256"] == sha256_of(paper / name)


def test_actions_say_what_made_what(graph: dict[str, dict[str, Any]], comparison: Results) -> None:
    run, export = graph["#run"], graph["#export"]
    assert {part["@id"] for part in run["object"]} == {"inputs/scenario.toml", "inputs/own/groups.toml"}
    assert {"@id": "tables/differences.csv"} in run["result"]
    assert {"@id": "figures/differences_all_85mm.pdf"} in export["result"]
    assert run["instrument"] == export["instrument"] == {"@id": f"urn:sha256:{comparison.receipt['source_hash']}"}
    named = {part["@id"] for action in (run, export) for key in ("object", "result") for part in action[key]}
    assert named <= graph.keys()


def test_the_date_is_the_one_that_was_chosen(single: Results, tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text("x")
    piece = Piece("a b.txt", "input", both("A", "B"), both("a", "b"))
    write_crate(tmp_path, single, Choices.of(date="2031-05-06"), [piece])
    text = (tmp_path / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert '"datePublished": "2031-05-06"' in text
    assert '"@id": "a%20b.txt"' in text


def test_the_package_for_crates_reads_it(paper: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(str(paper))
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert len(crate.data_entities) > 50
    assert crate.get("#run").type == "CreateAction"


@pytest.mark.parametrize("which", ["paper", "paper_of_run"])
def test_it_validates(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    found = read_with("rocrate_validator", VALIDATOR, str(folder))
    assert [issue for issue in found if not issue.startswith(OF_THE_NETWORK + OF_ANOTHER_VERSION)] == []
