"""One file of a folder of a paper: what it is, what to write under it, and of which others it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sim.procedures.schema import Title

Kind = Literal["table", "LaTeX table", "figure", "event log", "description", "source", "input", "receipt"]


@dataclass(frozen=True)
class Piece:
    """One file.

    Attributes
    ----------
    path
        In the folder, with slashes.
    kind
        What it is.
    title
        In English and Dutch.
    caption
        What to write under it, in English and Dutch.
    made_from
        Files of the folder of which it is made.
    """

    path: str
    kind: Kind
    title: Title
    caption: Title
    made_from: tuple[str, ...] = ()


def contents_table(pieces: Sequence[Piece]) -> pd.DataFrame:
    """Return the table of contents: file, kind, title, title_nl, made_from."""
    rows = [(piece.path, piece.kind, piece.title.en, piece.title.nl, " ".join(piece.made_from)) for piece in pieces]
    return pd.DataFrame(rows, columns=["file", "kind", "title", "title_nl", "made_from"])
