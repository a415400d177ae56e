"""A report as a browser would read it, for the tests of the report."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

from sim.report.html import write_report

VOID = {"meta", "col", "img", "br", "wbr", "link", "hr", "input"}
Written = tuple[SimpleNamespace, Path, "Page"]


class Page(HTMLParser):
    """Checks that tags balance, and collects text, addresses and cells of tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, where it leads and its name."""
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "srcset", "data", "action", "poster"}:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What is read, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self.words))


def written(comparison: SimpleNamespace, folder: Path) -> Page:
    """Write the report of a comparison and read its page."""
    write_report(comparison, folder)
    return Page((folder / "report.html").read_text(encoding="utf-8"))
