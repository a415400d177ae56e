"""Whom the server of the page answers (`sim.view.guard`): hostile names, other pages, long bodies; and its headers."""

from __future__ import annotations

from typing import Any

import pytest
from view_server import HOST, JSON, client, finished

from sim.view.guard import HEADERS, LONGEST_BODY, Guard

CHECK = "/api/check"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8228", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8228.evil.example", "[::1]:8228"],
)
@pytest.mark.parametrize("path", ["/", "/data/core.json", "/nothing"])
def test_another_name_for_this_computer_is_not_answered(host: str, path: str) -> None:
    answer = client().get(path, headers={"host": host})
    assert (answer.status_code, answer.json()["refusal"][0]["problem"]) == (
        403,
        "this server does not have the name under which it was called",
    )


def test_two_names_are_not_answered() -> None:
    scope = {"type": "http", "method": "GET", "headers": [(b"host", HOST.encode()), (b"host", b"evil.example")]}
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    finished(Guard(None, [HOST])(scope, None, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1:8228"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_is_not_answered(headers: dict[str, str]) -> None:
    for answer in (
        client().post(CHECK, json={"state": {}}, headers=headers),
        client().get("/data/core.json", headers=headers),
    ):
        assert answer.status_code == 403
        assert answer.json()["refusal"][0]["problem"] == "the request comes from another page"


def test_the_page_itself_is_answered() -> None:
    headers = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert client().post(CHECK, json={"state": {}}, headers=headers).status_code == 200
    assert client().get("/data/core.json", headers={"host": HOST.upper(), "sec-fetch-site": "none"}).json() == {
        "format": 1
    }


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_forms_of_other_pages_are_refused(kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    assert client().post(CHECK, content=b'{"state":{}}', headers=headers).status_code == 415


def test_a_long_body_is_refused_whatever_it_says_of_its_length() -> None:
    long = b'{"state":{}}' + b" " * LONGEST_BODY
    answer = client().post(CHECK, content=long, headers=JSON)
    assert answer.status_code == 413
    assert str(LONGEST_BODY) in answer.json()["refusal"][0]["problem"]

    def pieces() -> object:
        yield from (b" " * 1000 for _ in range(5))

    answer = client().post(CHECK, content=pieces(), headers=JSON)  # type: ignore[arg-type]
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/", "/nothing", "/data/core.json", "/data/state.schema.json"])
def test_every_answer_has_the_headers(path: str) -> None:
    answers = [client().get(path), client().get(path, headers={"host": "evil.example"})]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy
