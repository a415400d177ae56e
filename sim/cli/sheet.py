"""How a table fits a screen: as a table where every number and word stays whole, else as one block for each row."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

PIPE_COLUMNS = 160
"""The width of a table that does not go to a terminal; it grows with words that need more."""
MOST_LINES = 12
"""A cell that takes more lines than this in a table reads better in a block."""
HEADS = (None, 12, 8)
"""Lengths beyond which heads are broken over lines, of which the table takes the one with the fewest lines."""
BORDER = 3
"""Columns that the border and the padding of a cell take."""


@dataclass(frozen=True)
class Sheet:
    """A table to be shown: a title, heads, rows of text, and from which column on they are numbers."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    numbers_from: int

    def show(self) -> None:
        """Print it on standard output, as wide as the terminal or the pipe is."""
        columns = terminal_columns()
        possible = [self._widths(columns, longest) for longest in HEADS]
        tables = [widths for widths in possible if widths is not None]
        if not tables:
            sys.stdout.write("\n".join(self._blocks(columns or PIPE_COLUMNS)) + "\n")
            return
        widths = min(tables, key=self._lines)
        console = Console(width=sum(widths) + BORDER * len(widths) + 1, markup=False, highlight=False, emoji=False)
        console.print(self._table(widths))

    def _widths(self, columns: int | None, longest_head: int | None) -> list[int] | None:
        """Return the width of each column, or None where the columns are too few for a table.

        Parameters
        ----------
        columns
            Of the screen; None: a pipe, in which a line may be as long as its words need.
        longest_head
            Length beyond which a head is broken over lines; None: never.
        """
        least, most = [], []
        for at, head in enumerate(self.heads):
            cells = [row[at] for row in self.rows]
            parts = [head] if longest_head is None else _broken_head(head, longest_head)
            words = [word for cell in cells for word in cell.split()] if at < self.numbers_from else cells
            least.append(_longest([*words, *parts]))
            most.append(_longest([*cells, *parts]))
        borders = BORDER * len(self.heads) + 1
        free = max(PIPE_COLUMNS, sum(least) + borders) if columns is None else columns
        left, wanted = free - borders - sum(least), sum(most) - sum(least)
        if left < 0:
            return None
        share = min(left / wanted, 1.0) if wanted else 0.0
        widths = [low + int((high - low) * share) for low, high in zip(least, most, strict=True)]
        if columns is not None and any(high > MOST_LINES * width for high, width in zip(most, widths, strict=True)):
            return None
        return widths

    def _lines(self, widths: list[int]) -> int:
        """Return about how many lines a table takes with these widths."""
        heads = max(len(_broken_head(head, width)) for head, width in zip(self.heads, widths, strict=True))
        rows = (zip(row, widths, strict=True) for row in self.rows)
        return heads + sum(max(len(wrapped(cell, width)) for cell, width in row) for row in rows)

    def _table(self, widths: list[int]) -> Table:
        table = Table(
            title="\n".join(wrapped(self.title, sum(widths) + BORDER * len(widths) + 1)), title_justify="left"
        )
        for at, (head, width) in enumerate(zip(self.heads, widths, strict=True)):
            number = at >= self.numbers_from
            lines = "\n".join(_broken_head(head, width))
            table.add_column(lines, width=width, no_wrap=number, overflow="fold", justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def _blocks(self, columns: int) -> Iterator[str]:
        """Give the lines of one block for each row: its first cell, then the others with their heads."""
        yield from wrapped(self.title, columns)
        label = max((cell_len(head) for head in self.heads[1:]), default=0)
        for row in self.rows:
            yield ""
            yield from wrapped(row[0], columns)
            for head, cell in zip(self.heads[1:], row[1:], strict=True):
                if not cell.strip():
                    continue
                beside = columns - label - 4
                if _longest(cell.split()) <= beside and label <= columns // 2:
                    first, *others = wrapped(cell, beside)
                    yield f"  {head}{' ' * (label - cell_len(head))}  {first}"
                    yield from (" " * (label + 4) + line for line in others)
                elif cell_len(head) + 2 + cell_len(cell) <= columns - 2:
                    yield f"  {head}: {cell}"
                else:
                    yield from (f"  {line}" for line in _broken_head(f"{head}:", columns - 2))
                    yield from (f"    {line}" for line in wrapped(cell, columns - 4))


def terminal_columns() -> int | None:
    """Return how many columns the terminal has, or ``COLUMNS`` says that it has; None for a pipe or a file.

    A pipe has no width, whatever ``COLUMNS`` says: interactive programs hand theirs on to what they start.
    """
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def lines_of(text: str) -> str:
    """Return a line as it is, or broken at spaces where the screen is narrower."""
    columns = terminal_columns()
    if columns is None or cell_len(text) <= columns:
        return text
    return "\n  ".join(wrapped(text, max(columns - 2, 1)))


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text at spaces into lines of some columns; a word that is longer has a line of its own, uncut."""
    lines = [""]
    for word in text.split():
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > columns:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _broken_head(head: str, columns: int) -> list[str]:
    """Break a head at spaces and after ``_``, ``+`` and ``=``, where a name of a regime has its joints."""
    lines = [""]
    for part in re.split(r"(?<=[_+= ])", head):
        if lines[-1] and cell_len(lines[-1]) + cell_len(part.rstrip()) > columns:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def _longest(texts: list[str]) -> int:
    return max((cell_len(text) for text in texts), default=0)
