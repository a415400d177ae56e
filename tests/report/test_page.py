"""The page inside a report (`sim.report.page`): whole, from its own files, and bound by its policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from synthetic_comparison import synthetic_comparison

from sim.report.page import ENGINE, PREFIX, WEB, import_map, live, live_of

SCRIPT = re.compile(r'^(?:import|export)\b[^;"]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"', re.MULTILINE)


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    prefix = "data:text/javascript;base64,"
    return {name: base64.b64decode(text.removeprefix(prefix)).decode() for name, text in import_map().items()}


def test_every_module_that_is_imported_is_in_the_map(modules: dict[str, str]) -> None:
    for name, text in modules.items():
        for found in SCRIPT.finditer(text):
            wanted = found[1] or found[2]
            assert wanted in modules, (name, wanted)


def test_the_map_holds_each_module_of_the_page_once(modules: dict[str, str]) -> None:
    files = {f"{PREFIX}{path.relative_to(WEB).as_posix()}" for path in WEB.rglob("*.js")}
    assert set(modules) <= files
    assert f"{PREFIX}vendor/d3.js" in modules
    assert f"{PREFIX}screens/compare.js" in modules
    app = (WEB / "app.js").read_text(encoding="utf-8")
    assert len(modules[f"{PREFIX}app.js"].splitlines()) == len(app.splitlines())


def test_no_module_names_an_address_outside(modules: dict[str, str]) -> None:
    for name, text in modules.items():
        found = set(re.findall(r"https?://[^\s\"'`)]+", text)) - {"http://www.w3.org/2000/svg"}
        assert not found, (name, found)


def test_the_policy_allows_the_two_scripts_by_their_hashes_and_no_connection() -> None:
    page = live({"receipt": {}})
    for text in (page.modules, page.start):
        digest = base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert "connect-src" not in page.policy
    assert "'unsafe-inline'" not in page.policy.split("style-src")[0]
    assert "unsafe-eval'" not in page.policy.replace("wasm-unsafe-eval'", "")


def test_data_come_out_as_they_went_in() -> None:
    core = {"text": "</script><script>alert(1)</script>", "number": 1.5, "nothing": None}
    page = live(core)
    assert json.loads(gzip.decompress(base64.b64decode(str(page.core)))) == core
    assert "<" not in str(page.core)
    assert "<" not in str(page.schema)
    assert json.loads(str(page.schema))["type"] == "object"
    assert live(core) == page


def test_the_engine_is_inside_whole_and_its_worker_imports_nothing_from_outside() -> None:
    data = gzip.compress(b"data")
    page = live({}, data)
    assert gzip.decompress(base64.b64decode(str(page.engine))) == ENGINE.read_bytes()
    assert base64.b64decode(str(page.engine_data)) == data
    prefix, texts, wanted = "data:text/javascript;base64,", [], [str(page.engine_worker)]
    while wanted:
        text = base64.b64decode(wanted.pop().removeprefix(prefix)).decode()
        texts.append(text)
        found = [one[1] or one[2] for one in SCRIPT.finditer(text)]
        assert all(address.startswith(prefix) for address in found)
        wanted += found
    assert any("class Portable" in text for text in texts)
    assert any("class Memory" in text for text in texts)
    assert (live({}).engine, live({}).engine_data, live({}).engine_worker) == ("", "", "")


def test_a_comparison_of_tables_only_has_no_page() -> None:
    assert live_of(synthetic_comparison(2)) is None
    assert live_of(synthetic_comparison(1)) is None


def test_modules_stay_small_and_licences_are_there() -> None:
    for path in WEB.rglob("*.js"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 400 or path.parent.name in ("texts", "vendor"), path.name
    licences = (WEB / "vendor" / "LICENCES.txt").read_text(encoding="utf-8")
    for package in ("d3-scale", "d3-shape", "d3-format", "internmap"):
        assert f"== {package} " in licences


def test_the_style_asks_for_nothing() -> None:
    style = (Path(WEB) / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|@font-face", style)
