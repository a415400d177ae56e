"""The mistakes a user can make, as exceptions that say what to change.

Everything that this package refuses on purpose derives from `B8simError`; the command prints it and exits
with status 2. Any other exception is a defect of the program.
"""

from __future__ import annotations

import datetime as dt
import difflib
import enum
import json
from collections.abc import Iterable, Mapping
from os import PathLike

MOST_PROBLEMS = 10
MOST_NAMES = 40
LONGEST_VALUE = 120
DEEPEST_VALUE = 4


class Missing(enum.Enum):
    """The type of `MISSING`; an enumeration, so that it stays one object when an error crosses processes."""

    MISSING = "missing"


MISSING = Missing.MISSING
"""Stands for "no value was given", which `None` cannot do."""


class B8simError(Exception):
    """Base of everything this package refuses on purpose."""


class InputWarning(UserWarning):
    """Something that was asked for has no effect; it may be meant, or be a mistake."""


class InputError(B8simError):
    """A mistake in what the user gave.

    Parameters
    ----------
    problem
        What is wrong, in a few words (``"unknown key"``).
    file
        The file in which it is, as the user named it.
    key
        Where in the file (``"capacity.avim.report"``), or the option of the command (``"--seed"``).
    value
        What was given; `MISSING` if nothing was.
    accepted
        What would be accepted: a phrase, or the accepted names.
    nearest
        The accepted name that looks most like what was given.

    Attributes
    ----------
    problems : tuple of InputError
        This error; for `InputErrors`, each of those it holds.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | PathLike[str] | None = None,
        key: str | None = None,
        value: object = MISSING,
        accepted: str | Iterable[str] | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else str(file)
        self.key = key
        self.value = value
        self.accepted = accepted if accepted is None or isinstance(accepted, str) else tuple(accepted)
        self.nearest = nearest

    @property
    def problems(self) -> tuple[InputError, ...]:
        """The single mistakes this error reports."""
        return (self,)

    def __str__(self) -> str:
        """Return the lines to show: the place and the problem, then what was given, accepted and nearest."""
        lines = [": ".join(part for part in (self.file, self.key, self.problem) if part)]
        if self.value is not MISSING:
            lines.append(f"  given: {as_toml(self.value)}")
        if self.accepted:
            lines.append(f"  accepted: {_listed(self.accepted)}")
        if self.nearest:
            lines.append(f"  nearest: {self.nearest}")
        return "\n".join(_printable(line) for line in lines)


class InputErrors(InputError):  # noqa: N818 - the plural of InputError
    """Several mistakes at once; the text shows the first ten, one block each."""

    def __init__(self, problems: Iterable[InputError]) -> None:
        self._problems = tuple(single for problem in problems for single in problem.problems)
        super().__init__(f"{len(self._problems)} mistakes")
        self.args = (self._problems,)

    @property
    def problems(self) -> tuple[InputError, ...]:
        """The single mistakes this error reports."""
        return self._problems

    def __str__(self) -> str:
        """Return one block for each mistake."""
        blocks = [str(problem) for problem in self._problems[:MOST_PROBLEMS]]
        left = len(self._problems) - MOST_PROBLEMS
        if left > 0:
            blocks.append(f"... and {left} more")
        return "\n".join(blocks)


def nearest(value: str, names: Iterable[str]) -> str | None:
    """Return the name that looks most like `value`, or None if none comes near.

    Case does not count, nor do the characters ``-``, ``_`` and space against each other. A value that is one
    dotted part of exactly one name (``report`` for ``avim.report``) is near to it.
    """
    by_plain = {_plain(name): name for name in sorted(names, reverse=True)}
    plain = _plain(value)
    close = difflib.get_close_matches(plain, by_plain, n=1, cutoff=0.6)
    if close:
        return by_plain[close[0]]
    with_part = [name for known, name in by_plain.items() if plain in known.split(".")]
    return with_part[0] if len(with_part) == 1 else None


def raise_all(problems: Iterable[InputError]) -> None:
    """Raise the mistakes as one error: nothing for none, itself for one, `InputErrors` for several."""
    found = [single for problem in problems for single in problem.problems]
    if len(found) == 1:
        raise found[0]
    if found:
        raise InputErrors(found)


def as_toml(value: object) -> str:
    """Return the value as a TOML file would show it, cut off when it is long."""
    text = _toml(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 4] + " ..."


def _toml(value: object, depth: int = 0) -> str:
    if depth > DEEPEST_VALUE:
        return "..."
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value[: LONGEST_VALUE + 1], ensure_ascii=False)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    # A prefix is enough of a long collection: the text is cut off anyhow.
    if isinstance(value, Mapping):
        pairs = (f"{key} = {_toml(value[key], depth + 1)}" for key in list(value)[:LONGEST_VALUE])
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item, depth + 1) for item in value[:LONGEST_VALUE]) + "]"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a whole number of {value.bit_length()} bits"
    return str(value)


def _listed(accepted: str | tuple[str, ...]) -> str:
    if isinstance(accepted, str):
        return accepted
    left = len(accepted) - MOST_NAMES
    shown = ", ".join(accepted[:MOST_NAMES])
    return shown if left <= 0 else f"{shown} ... and {left} more"


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _printable(line: str) -> str:
    """Escape what a terminal would act upon (control characters, lone surrogates)."""
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
