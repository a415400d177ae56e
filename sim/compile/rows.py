"""Columns that grow row by row, while the tables are built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Rows:
    """Growing columns."""

    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, **row: Any) -> int:
        """Add a row; return its number."""
        size = self.size
        for name, value in row.items():
            self.columns.setdefault(name, []).append(value)
        return size

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns.get(name, [])
