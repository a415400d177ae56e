"""The guard in front of the page: whom it answers, how long a request may be, and what a browser may do with an answer.

Without it any page that is open in the same browser could speak to the server of the page: under a name of its own that
leads to this computer (DNS rebinding), or by sending forms. So only the server's own names are answered, and only to
pages that came from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY: Final = 4096
"""Bytes of a request."""

HEADERS: Final = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Sent with every answer: the page loads nothing from elsewhere and is in no other page."""


class TooLong(Exception):  # noqa: N818 - what is wrong with the body
    """The body of a request is longer than `LONGEST_BODY`."""


class Guard:
    """Middleware that refuses what does not come from the page itself, and adds the headers.

    Parameters
    ----------
    app
        The application behind it.
    hosts
        Names with ports that the server has, as ``127.0.0.1:8228``.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that is the page's, and refuse any other."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(guarded_send, *refusal)
            return
        started = False

        async def noted_send(message: Message) -> None:
            nonlocal started
            started = True
            await guarded_send(message)

        try:
            await self.app(scope, _bounded(receive), noted_send)
        except TooLong:
            if started:
                raise
            await _answer(guarded_send, 413, f"the body is longer than {LONGEST_BODY} bytes")

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason where a request is not answered, else None."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        host = headers.get("host", [])
        if len(host) != 1 or host[0].lower() not in self.hosts:
            return 403, "this server does not have the name under which it was called"
        origins = headers.get("origin", [])
        own = {f"http://{name}" for name in self.hosts}
        if any(origin.lower() not in own for origin in origins):
            return 403, "the request comes from another page"
        if any(site not in ("same-origin", "none") for site in headers.get("sec-fetch-site", [])):
            return 403, "the request comes from another page"
        if scope["method"] == "POST":
            kinds = headers.get("content-type", [])
            if [kind.partition(";")[0].strip().lower() for kind in kinds] != ["application/json"]:
                return 415, "a request has JSON in it (content type application/json)"
            length = headers.get("content-length", ["0"])[0]
            if not length.isdigit() or int(length) > LONGEST_BODY:
                return 413, f"the body is longer than {LONGEST_BODY} bytes"
        return None


_HEADERS: Final = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def _bounded(receive: Receive) -> Receive:
    """Return a receiver that counts the bytes of the body."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LONGEST_BODY:
            raise TooLong
        return message

    return counted


async def _answer(send: Send, status: int, reason: str) -> None:
    """Send a refusal in plain words."""
    body = json.dumps(refusal(reason)).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})


def refusal(problem: str, **more: Any) -> dict[str, Any]:
    """Return the body of a refusal: a list, since a state can have several mistakes."""
    return {"refusal": [{"problem": problem, **more}]}
