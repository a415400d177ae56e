"""What pydantic finds in a document, said so that the user knows what to change.

Pydantic speaks of Python types and of the members of unions. This module walks the same model and says where
in the document the mistake is, and in plain words what is accepted there.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from os import PathLike
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.files.errors import MISSING, InputError, as_toml, nearest


class _Place(NamedTuple):
    """A type as it stands somewhere in a model, with its bounds."""

    annotation: Any
    bounds: tuple[Any, ...] = ()


class _Found(NamedTuple):
    """One mistake pydantic found: where, in which member of a union, and what to say of it."""

    path: tuple[int | str, ...]
    in_union: bool
    kind: str
    error: InputError


def input_errors(
    error: ValidationError, model: type[BaseModel], data: Any, file: str | PathLike[str]
) -> list[InputError]:
    """Turn what pydantic found into errors for the user, one for each place in the document.

    Parameters
    ----------
    error
        What pydantic raised.
    model
        The model the document was checked against; the accepted keys, types and bounds are read from it.
    data
        The document.
    file
        The file to name.
    """
    found = [_explain(dict(mistake), model, data, file) for mistake in error.errors(include_url=False)]
    by_path: dict[tuple[int | str, ...], InputError] = {}
    for mistake in found:
        if not _is_echo(mistake, found):
            by_path.setdefault(mistake.path, mistake.error)
    return list(by_path.values())


def _is_echo(mistake: _Found, found: list[_Found]) -> bool:
    """Tell whether a member of a union complains in vain, because another member knew the value better.

    It did if it had the right type where this one had not, or if only its own rule was broken.
    """
    if mistake.kind == "too_short":
        return any(_under(other.path, mistake.path) and other.path != mistake.path for other in found)
    if mistake.in_union and mistake.kind.endswith("_type"):
        return any(_under(other.path, mistake.path) and not other.kind.endswith("_type") for other in found)
    return any(
        other.in_union and other.kind in _OWN_RULE and other.path != mistake.path
        for other in found
        if _under(mistake.path, other.path)
    )


def _under(path: tuple[int | str, ...], above: tuple[int | str, ...]) -> bool:
    return path[: len(above)] == above


def _explain(mistake: dict[str, Any], model: type[BaseModel], data: Any, file: str | PathLike[str]) -> _Found:
    kind: str = mistake["type"]
    location: tuple[int | str, ...] = mistake["loc"]
    bad_key = location[-1:] == ("[key]",)
    if bad_key:
        location = location[:-1]
    unknown = bad_key or kind == "extra_forbidden"
    missing = kind in ("missing", "union_tag_not_found")
    path, places, in_union = _follow(model, location[:-1] if unknown else location, data, missing)
    accepted: str | list[str] = _described(places)
    near_to: object = mistake["input"]
    if unknown:
        path += location[-1:]
        accepted, near_to = _keys(places), location[-1]
    elif kind == "union_tag_invalid":
        accepted = str(mistake["ctx"]["expected_tags"])
    elif len(places) == 1 and get_origin(places[0].annotation) is Literal:
        accepted = _options(places[0].annotation)
    names = accepted if isinstance(accepted, list) else []
    of_table = kind in _OWN_RULE and isinstance(mistake["input"], dict)
    nested = isinstance(mistake["input"], dict) and not missing
    quoted = _name_without_quotes(model, path, data) if nested else None
    if quoted is not None:
        described = accepted if isinstance(accepted, str) else ", ".join(accepted)
        accepted = f"{described}; a name with a point is written in quotes: {quoted}"
    problem = InputError(
        "unknown key" if unknown else _problem(kind, mistake),
        file=file,
        key=_dotted(path) or None,
        value=MISSING if missing or of_table or bad_key else mistake["input"],
        accepted=None if of_table else accepted or None,
        nearest=nearest(near_to, names) if isinstance(near_to, str) else None,
    )
    return _Found(path, in_union, kind, problem)


def _name_without_quotes(model: type[BaseModel], path: tuple[int | str, ...], data: Any) -> str | None:
    """Return ``"avim.report"`` where TOML has made a table ``avim`` with a key ``report`` of a name without quotes."""
    value = data
    for part in path:
        value = value[part] if _has(value, part) else None
    inside = [key for key in value if isinstance(key, str)] if isinstance(value, dict) else []
    # The table of names is one level up, or two where the value of a name is a table itself (a step of a regime).
    for above, parts in ((path[:-1], (*path[-1:], *inside[:1])), (path[:-2], path[-2:])):
        free = any(_is_table(place.annotation) for place in _follow(model, above, data, False)[1])
        if free and len(parts) == 2 and all(isinstance(part, str) and "." not in part for part in parts):
            return f'"{parts[0]}.{parts[1]}"'
    return None


def _problem(kind: str, mistake: dict[str, Any]) -> str:
    """Say in a few words what is wrong; pydantic's own words where they are about the document's own rule."""
    if isinstance(mistake["input"], float) and not math.isfinite(mistake["input"]):
        return "not a finite number"
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]
    if kind.endswith("_type"):
        return "wrong type"
    message: str = mistake["msg"]
    for prefix in ("Value error, ", "Assertion failed, "):
        message = message.removeprefix(prefix)
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


_OWN_RULE = ("value_error", "assertion_error")
"""The kinds of mistake that a validator of a model reports."""

_PROBLEMS = {
    "missing": "missing key",
    "union_tag_not_found": "missing key",
    "union_tag_invalid": "not one of the accepted values",
    "literal_error": "not one of the accepted values",
    "enum": "not one of the accepted values",
    "greater_than": "too small",
    "greater_than_equal": "too small",
    "less_than": "too large",
    "less_than_equal": "too large",
    "too_short": "too short",
    "too_long": "too long",
    "string_too_short": "too short",
    "string_too_long": "too long",
    "string_pattern_mismatch": "not of the accepted form",
    "finite_number": "not a finite number",
    "int_from_float": "wrong type",
}


def _follow(
    model: type[BaseModel], location: tuple[int | str, ...], data: Any, last_is_missing: bool
) -> tuple[tuple[int | str, ...], list[_Place], bool]:
    """Walk a pydantic location through the types.

    Pydantic mixes the names of union members into its locations; what is in the document (or missing from it)
    is a key, and the rest are such names.

    Returns
    -------
    tuple
        The path in the document, the types that are accepted there, and whether it ends in a union.
    """
    path: list[int | str] = []
    places = _members(_Place(model))
    in_union = False
    for number, part in enumerate(location):
        inside = [member for place in places for step in _step(place, part) for member in _members(step)]
        if _has(data, part) or (last_is_missing and number == len(location) - 1):
            data = data[part] if _has(data, part) else None
            places, in_union = inside, False
            path.append(part)
            continue
        named = [place for place in places if getattr(place.annotation, "__name__", None) == part]
        if named and number < len(location) - 1:
            places = named
        elif inside:  # a validator of the model put a list where the document has a single value
            places = inside
        in_union = True
    return tuple(path), places, in_union


def _has(data: Any, part: int | str) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)


def _members(place: _Place) -> list[_Place]:
    """Take a type apart: the members of a union without None, and what is under ``Annotated`` and aliases."""
    annotation = place.annotation
    origin = get_origin(annotation)
    if hasattr(annotation, "__value__"):
        return _members(_Place(annotation.__value__, place.bounds))
    if origin is Annotated:
        return _members(_Place(annotation.__origin__, place.bounds + _flat(annotation.__metadata__)))
    if origin in (Union, UnionType):
        return [member for one in get_args(annotation) for member in _members(_Place(one, place.bounds))]
    return [] if annotation is type(None) else [place]


def _flat(metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    """Take the bounds out of a ``Field`` inside ``Annotated``."""
    return tuple(bound for one in metadata for bound in getattr(one, "metadata", [one]))


def _step(place: _Place, part: int | str) -> list[_Place]:
    """Return the types that are found under a key or an index of a type."""
    arguments = get_args(place.annotation)
    if isinstance(part, str):
        if _is_model(place.annotation):
            fields = place.annotation.model_fields
            return [
                _Place(field.annotation, tuple(field.metadata))
                for name, field in fields.items()
                if (field.alias or name) == part
            ]
        return [_Place(arguments[1])] if _is_table(place.annotation) and len(arguments) == 2 else []
    if _is_table(place.annotation) or not arguments:
        return []
    fixed = get_origin(place.annotation) is tuple and arguments[-1] is not Ellipsis
    return [_Place(item) for item in (arguments[part : part + 1] if fixed else arguments[:1])]


def _keys(places: list[_Place]) -> list[str]:
    """Return the keys that the tables among these types accept."""
    keys: list[str] = []
    for place in places:
        if _is_model(place.annotation):
            keys += [field.alias or name for name, field in place.annotation.model_fields.items()]
        elif _is_table(place.annotation):
            keys += _options(next(iter(get_args(place.annotation)), str))
    return list(dict.fromkeys(keys))


def _described(places: list[_Place]) -> str:
    """Say in plain words what these types accept."""
    return " or ".join(dict.fromkeys(_words(place) for place in places))


def _words(place: _Place) -> str:
    annotation, arguments = place.annotation, get_args(place.annotation)
    if get_origin(annotation) is Literal:
        words = ", ".join(_options(annotation))
    elif _is_model(annotation):
        words = "a table with " + ", ".join(_keys([place]))
    elif _is_table(annotation):
        words = f"a table of {_described(_members(_Place(arguments[1])))}" if len(arguments) == 2 else "a table"
    elif get_origin(annotation) is tuple and arguments[-1:] != (Ellipsis,):
        words = f"a list of {len(arguments)}: " + ", ".join(_described(_members(_Place(one))) for one in arguments)
    elif arguments:
        words = f"a list of {_described(_members(_Place(arguments[0])))}"
    else:
        words = _WORDS.get(annotation, getattr(annotation, "__name__", str(annotation)))
    return ", ".join([words, *_bounds(place.bounds)])


_WORDS: dict[Any, str] = {
    float: "a number",
    int: "a whole number",
    str: "text in quotes",
    bool: "true or false",
    dt.date: "a date such as 2019-08-01, without quotes and without a time",
    dt.datetime: "a date and time such as 2019-08-01T12:00:00, without quotes",
    dt.time: "a time such as 12:00:00, without quotes",
    dict: "a table",
    list: "a list",
    tuple: "a list",
    Any: "any value",
}

_BOUNDS = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "multiple_of": "a multiple of {}",
    "min_length": "of length {} or more",
    "max_length": "of length {} or less",
    "pattern": "of the form {}",
}


def _bounds(bounds: tuple[Any, ...]) -> Iterator[str]:
    for bound in bounds:
        for name, words in _BOUNDS.items():
            limit = getattr(bound, name, None)
            if limit is not None:
                yield words.format(int(limit) if isinstance(limit, float) and limit.is_integer() else limit)


def _options(annotation: Any) -> list[str]:
    """Return the values a ``Literal`` lists; for another type, none."""
    if get_origin(annotation) is not Literal:
        return []
    return [option if isinstance(option, str) else as_toml(option) for option in get_args(annotation)]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_table(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _dotted(path: tuple[int | str, ...]) -> str:
    """Return the path as people write it: ``amend[2].step``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
