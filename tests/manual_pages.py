"""The pages of the manual, taken apart into prose and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("decisions/*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_CODE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str
    line: int


def page_id(page: Path) -> str:
    return str(page.relative_to(PROJECT))


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 1) for m in FENCE.finditer(text)]


def lines_of(language: str) -> Iterator[str]:
    for page in PAGES:
        for block in blocks(page):
            if block.language == language:
                yield from block.text.splitlines()


every_page = pytest.mark.parametrize("page", PAGES, ids=page_id)
