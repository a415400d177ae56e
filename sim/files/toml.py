"""The one door for TOML: read a file, check it against a pydantic model, and say exactly what is wrong.

Every law, regime, scenario, case and parameter file enters through `read_toml` and `validate`. Whatever is in
the file, the outcome is a checked document or an `InputError`; nothing is guessed, and a number in quotes is
not a number.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.files.errors import InputError, nearest, raise_all
from sim.files.hints import hint
from sim.files.paths import expanded
from sim.files.toml_errors import input_errors

LARGEST_BYTES = 20_000_000
DEEPEST_NESTING = 50
MOST_LISTED_FILES = 20

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: str | PathLike[str]) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file, UTF-8, at most 20 MB; a byte order mark is passed over.

    Returns
    -------
    dict
        The tables as `tomllib` gives them, never empty.

    Raises
    ------
    InputError
        If the file is missing, a folder, unreadable, too large, empty, not text or not TOML, has a key twice,
        or holds a number that TOML does not guarantee (beyond 64 bits) or that is none (nan).
    """
    text = read_text(path, "TOML")
    try:
        # With the last line closed, tomllib can name the line of a mistake in it.
        data = tomllib.loads(text + "\n")
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError as error:
        raise _not_toml(str(error), text, path) from None
    if not data:
        raise InputError("empty file", file=path, accepted="a TOML document with at least one key")
    raise_all(_unusable_values(data, path))
    return data


def read_text(path: str | PathLike[str], what: str) -> str:
    """Read a text file, whatever the system: UTF-8, at most 20 MB, without its byte order mark.

    Parameters
    ----------
    path
        The file; ``~`` at its beginning is a home folder.
    what
        What it should be (``"TOML"``), for the errors.

    Raises
    ------
    InputError
        If the file is missing, a folder, unreadable, too large or not text.
    """
    return _decode(_read_bytes(expanded(path), what), path, what)


def validate(
    model: type[Model], data: dict[str, Any], file: str | PathLike[str], context: Mapping[str, Any] | None = None
) -> Model:
    """Check the content of a document against its model.

    Types are strict, whatever the model says: a whole number may stand for a number and a list for a tuple,
    but ``true`` and ``"1"`` are not numbers, and only a TOML date is a date.

    Parameters
    ----------
    model
        The pydantic model; with ``extra="forbid"`` unknown keys are mistakes.
    data
        What `read_toml` gave, or a part of it. It is not changed.
    file
        The file to name in the errors.
    context
        What the model's validators may look at beside the data.

    Raises
    ------
    InputError
        For one mistake; `InputErrors` for several, each with its key path, the value given and what is
        accepted.
    """
    content: Any = data
    while True:
        try:
            return model.model_validate(content, strict=True, context=context)
        except ValidationError as error:
            converted = _with_tuples(content, error)
            if converted is None:
                problems = input_errors(error, model, content, file)
                break
            content = converted
    raise_all(problems)
    raise AssertionError("pydantic refused the document without a mistake")


def _read_bytes(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise _missing(path, what) from None
    except IsADirectoryError:
        raise InputError("is a folder", file=path, accepted=_toml_files(path) or f"a {what} file") from None
    except PermissionError:
        if _is_folder(path):
            # Windows reports a folder in this way.
            raise InputError("is a folder", file=path, accepted=f"a {what} file") from None
        raise InputError("no permission to read it", file=path, accepted="a readable file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", file=path, accepted="a readable file") from None
    if len(content) > LARGEST_BYTES:
        raise InputError("too large", file=path, accepted=f"at most {LARGEST_BYTES // 1_000_000} MB of {what}")
    return content


def _missing(path: Path, what: str) -> InputError:
    folder = path.parent
    if not _is_folder(folder):
        return InputError("no such file, and no such folder", file=path, accepted=f"an existing {what} file")
    names = _toml_files(folder)
    name = nearest(path.name, names)
    return InputError(
        "no such file",
        file=path,
        accepted=names[:MOST_LISTED_FILES] or f"an existing {what} file",
        nearest=None if name is None else str(folder / name),
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no permission to look
        return False


def _toml_files(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.suffix == ".toml")
    except OSError:
        return []


def _decode(content: bytes, path: str | PathLike[str], what: str) -> str:
    accepted = f"{what}, which is text in UTF-8"
    if b"\0" in content:
        raise InputError("not a text file (it holds NUL bytes)", file=path, accepted=accepted)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = " ".join(f"{byte:02x}" for byte in content[error.start : error.end])
        raise InputError(f"not UTF-8 (line {line}, bytes {wrong})", file=path, accepted=accepted) from None


def _not_toml(message: str, text: str, path: str | PathLike[str]) -> InputError:
    """Explain what `tomllib` said, and show the line it points at."""
    if "integer string conversion" in message:
        return InputError("a whole number is too long", file=path, accepted="whole numbers of 64 bits")
    twice = any(word in message for word in ("twice", "Duplicate", "overwrite"))
    problem = f"not TOML, a key or table is given twice: {message}" if twice else f"not TOML: {message}"
    place = re.search(r"at line (\d+)", message)
    lines = text.splitlines()
    if place is None or int(place[1]) > len(lines):
        return InputError(problem, file=path, accepted="TOML 1.0")
    line = lines[int(place[1]) - 1].strip()
    meant = None if twice else hint(line)
    return InputError(problem, file=path, value=line, accepted="TOML 1.0" + (f"; here {meant}" if meant else ""))


def _too_deep(path: str | PathLike[str]) -> InputError:
    return InputError("nested too deeply", file=path, accepted=f"at most {DEEPEST_NESTING} levels")


def _unusable_values(data: dict[str, Any], path: str | PathLike[str]) -> Iterator[InputError]:
    """Find what TOML can write but no document can use; without recursion, since nesting may be deep."""
    waiting: list[tuple[str, object, int]] = [("", data, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > DEEPEST_NESTING:
            yield _too_deep(path)
            return
        if isinstance(value, dict):
            inside = [(f"{key}.{name}" if key else name, item, depth + 1) for name, item in value.items()]
            waiting.extend(reversed(inside))
        elif isinstance(value, list):
            waiting.extend((f"{key}[{i}]", value[i], depth + 1) for i in reversed(range(len(value))))
        elif isinstance(value, float) and math.isnan(value):
            yield InputError("not a number", file=path, key=key, value=value, accepted="a number")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            yield InputError("too long", file=path, key=key, value=value, accepted="whole numbers of 64 bits")


def _with_tuples(content: Any, error: ValidationError) -> Any:
    """Return the content with lists made tuples where the model wants them, or None if none is left to make.

    TOML knows lists only, and pydantic's strict types take no list for a tuple.
    """
    wanted = {
        id(mistake["input"])
        for mistake in error.errors(include_url=False, include_context=False)
        if mistake["type"] == "tuple_type" and isinstance(mistake["input"], list)
    }
    changed = 0

    def convert(value: Any) -> Any:
        nonlocal changed
        if isinstance(value, dict):
            return {key: convert(item) for key, item in value.items()}
        if not isinstance(value, list | tuple):
            return value
        items = [convert(item) for item in value]
        if id(value) in wanted:
            changed += 1
            return tuple(items)
        return type(value)(items)

    converted = convert(content)
    return converted if changed else None
