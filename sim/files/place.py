"""A place in a file, and the mistakes that can be found there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.files.errors import MISSING, InputError, nearest


@dataclass(frozen=True)
class Place:
    """A position in a document: a file (None for the command line or a call) and a key path in it."""

    file: Path | None
    key: str

    def at(self, key: str) -> Place:
        """Return the place of a key below this one."""
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def error(
        self,
        problem: str,
        *,
        value: object = MISSING,
        accepted: str | Iterable[str] | None = None,
        near: str | None = None,
    ) -> InputError:
        """Return the mistake, to be raised."""
        return InputError(problem, file=self.file, key=self.key, value=value, accepted=accepted, nearest=near)

    def unknown(self, what: str, value: str, known: Iterable[str], hidden: Iterable[str] = ()) -> InputError:
        """Return the mistake of a name that is not known.

        Parameters
        ----------
        what
            What the name should have been (``"step"``).
        value
            The name that was given.
        known
            The names to list, in their order.
        hidden
            Names that are accepted too, but not listed: they count for the nearest one.
        """
        names = list(known)
        near = nearest(value, [*names, *hidden])
        return self.error(f"unknown {what}", value=value, accepted=names, near=near)
