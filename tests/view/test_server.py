"""The server of the page (`sim.view.server`): what it serves, runs, checks and refuses."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import command_in
from view_server import HOST, JSON, answers, anyio, client, httpx, lines_of, serve, small

import sim
from sim.view import portable
from sim.view.answers import Answers, Question
from sim.view.server import WEB, application, page_files
from sim.view.state import SCHEMA_FILE, State


def run(**content: Any) -> list[dict[str, Any]]:
    answer = client().post("/api/run", json=content)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in lines_of(answer.text)]


def test_a_run_is_a_line_for_each_replicate() -> None:
    head, one, two, end = run(state={"group": "dublin"}, **{"from": 1, "to": 3})
    assert (head["kind"], one["kind"], end) == ("head", "replicate", {"kind": "end"})
    assert [one["replicate"], two["replicate"]] == [1, 2]
    assert one == answers().question(State()).line(1)


def test_a_later_stage_is_served_once_it_is_there() -> None:
    stages = {0: "{}", 1: '{"stage": 2}'}
    app = application(answers(), str, [HOST], threads=anyio.CapacityLimiter(1), later=stages.get)
    address = f"{serve(app)}/data/later.json"
    assert httpx.get(f"{address}?stage=1", headers={"host": HOST}).json() == {"stage": 2}
    assert httpx.get(f"{address}?stage=2", headers={"host": HOST}).status_code == 204
    for wrong in ("", "-1", "1.5", "100", "²"):
        assert httpx.get(address, params={"stage": wrong}, headers={"host": HOST}).status_code == 422


def test_the_engine_of_the_browser_and_its_data_are_served() -> None:
    answer = client().get("/data/engine.wasm")
    assert answer.content == portable.FILE.read_bytes()
    assert answer.headers["content-type"] == "application/wasm"
    assert client().get("/data/engine.bin").status_code == 204, "no data: the page leaves it to the server"
    app = application(answers(), str, [HOST], threads=anyio.CapacityLimiter(1), engine=lambda: gzip.compress(b"b8s"))
    answer = httpx.get(f"{serve(app)}/data/engine.bin", headers={"host": HOST})
    assert (answer.status_code, answer.content) == (200, b"b8s")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_state_is_a_file_and_a_command_that_give_the_same_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = {"changes": {"om.needed_base": -2.5}, "presets": ["H5"], "size": 250, "regimes": ["vc_2019_08", "vc_2018"]}
    found = client().post("/api/check", json={"state": state, "replicates": 2}).json()
    assert found["link"] == State.of(state).link()
    assert found["commands"]["compare"] == f"b8sim compare {found['file']}"
    (tmp_path / found["file"]).write_text(found["scenario"])
    assert tomllib.loads(found["scenario"])["scenario"]["replicates"] == 2
    status, _, err = command_in(tmp_path, monkeypatch, capsys)(*found["commands"]["compare"].split()[1:], "--out", "r")
    assert status == 0, err

    table = pd.read_csv(tmp_path / "r" / "differences.csv").set_index(["measure", "world", "group"])
    head, *lines, _ = run(state=state, **{"from": 0, "to": 2})
    values = np.array([line["values"] for line in lines], float)
    differences = (values[:, 1] - values[:, 0]).mean(axis=0)
    compared = 0
    for at, (name, world, _) in enumerate(head["measures"]):
        for place, group in enumerate(head["groups"]):
            if not np.isnan(differences[at, place]):
                assert table.loc[(name, world, group), "difference"] == float(f"{differences[at, place]:.10g}")
                compared += 1
    assert compared > 500


def test_the_scenario_of_a_state_names_no_folder_of_the_host(tmp_path: Path) -> None:
    regime = 'amends = "vc_2018"\ntitle = { en = "Mine", nl = "Van mij" }\n'
    law = 'law = ["wbv2019_10"]\nstatus = "assumed"\n'
    (tmp_path / "mine.toml").write_text(f'[regime]\n{regime}in_force = 2019-08-01\ninstrument = "none"\n{law}')
    base = small().replace(regimes=["vc_2018", str(tmp_path / "mine.toml")])
    from sim.view.server import checked

    found = checked(Answers(base), State.of({"regimes": ["mine", "vc_2018"]}))
    assert str(tmp_path) not in json.dumps(found)
    assert list(found["beside"]) == ["regimes/mine.toml"]


@pytest.mark.parametrize(
    "path",
    [
        "/web/../server.py",
        "/web/..%2fserver.py",
        "/web/%2e%2e/server.py",
        "/web//etc/passwd",
        "/data/../state.py",
        "/data/%2e%2e%2fstate.py",
        "/web/",
        "/etc/passwd",
        "/web/index.html%00",
    ],
)
def test_only_files_of_the_page_are_served(path: str) -> None:
    assert client().get(path).status_code == 404


def test_files_of_the_page_are_served_with_their_kinds() -> None:
    assert client().get("/data/state.schema.json").json() == json.loads(SCHEMA_FILE.read_text())
    for path, file in page_files().items():
        assert file.is_relative_to(WEB.parent)
        answer = client().get(path)
        assert answer.status_code == (200 if file.is_file() else 404), path
        if file.suffix == ".js":
            assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(method: str) -> None:
    assert client().request(method, "/data/core.json").status_code == 405


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{", "body"),
        (b"[" * 2000, "body"),
        (b'{"state": NaN}', "body"),
        (b'{"state": {}, "file": "/etc/passwd"}', "body"),
        (b'{"state": {"x": 1}}', "x"),
        (b"{}", "state"),
        (b'{"state": {}, "from": -1}', "from"),
        (b'{"state": {}, "from": true}', "from"),
        (b'{"state": {}, "to": 1e9}', "to"),
        (b'{"state": {}, "from": 5, "to": 5}', "to"),
        (b'{"state": {}, "to": 101}', "to"),
        (b'{"state": {"changes": {"om.needed_base": 99}}}', "changes.om.needed_base"),
        (b'{"state": {"regimes": ["vc_2018", "vc_2091"]}}', "scenario.regimes"),
        (b'{"state": {"size": 1000000}}', "size"),
    ],
)
def test_what_is_no_run_is_refused_in_plain_words(body: bytes, key: str) -> None:
    answer = client().post("/api/run", content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["refusal"][0]["key"].startswith(key)
    assert "Traceback" not in answer.text


def test_a_mistake_has_what_is_accepted_and_the_nearest_name() -> None:
    answer = client().post("/api/check", json={"state": {"changes": {"om.needed_bas": -3}}})
    (mistake,) = answer.json()["refusal"]
    assert mistake == {
        "problem": "unknown parameter",
        "key": "changes.om.needed_bas",
        "given": "-3.0",
        "nearest": "om.needed_base",
    }


def test_a_newer_state_of_the_same_page_stops_an_older_one(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = client()
    page = {"x-b8sim-page": "a"}
    real = Question.line
    newer: list[Any] = []

    def line(self: Question, number: int) -> dict[str, Any]:
        if number == 0 and not newer:  # while the first replicate runs, the page asks again
            newer.append(None)
            newer[0] = browser.post("/api/run", json={"state": {}, "from": 1, "to": 2}, headers=page)
        return real(self, number)

    monkeypatch.setattr(Question, "line", line)
    old = browser.post("/api/run", json={"state": {}, "from": 0, "to": 3}, headers=page)
    kinds = [json.loads(one)["kind"] for one in lines_of(old.text)]
    assert kinds == ["head", "replicate", "stopped"]
    assert [json.loads(one)["kind"] for one in lines_of(newer[0].text)] == ["head", "replicate", "end"]


def test_a_run_that_fails_says_why_and_the_next_one_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Question, __: int) -> dict[str, Any]:
        raise ZeroDivisionError("secret of the host")

    with monkeypatch.context() as broken:
        broken.setattr(Question, "line", fails)
        _, failed = run(state={}, **{"from": 7, "to": 8})
    assert failed == {"kind": "failed", "why": "the run failed (ZeroDivisionError)"}
    assert run(state={}, **{"from": 7, "to": 8})[-1] == {"kind": "end"}, "a failure is not kept"


def test_a_defect_says_nothing_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> dict[str, Any]:
        raise OSError("/home/host/secret")

    monkeypatch.setattr(Answers, "question", fails)
    answer = client().post("/api/run", json={"state": {}})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]


def test_both_sides_compare_the_same_people() -> None:
    compared = sim.compare(small(), replicates=1)
    assert client().get("/data/core.json").json() == {"format": 1}
    assert compared.regimes == run(state={}, to=1)[0]["regimes"]
