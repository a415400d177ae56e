"""The regimes by name: the shipped files, their aliases, the open legal questions, the form of a name.

A regime is named by ``NAME[+LAYER]...[+Uk=option]...``: a shipped regime, an alias of one (``P1``) or a
path to a ``.toml`` file; then court layers and answers to open legal questions.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.agents.behaviour import Behaviour
from sim.files.errors import InputError
from sim.files.paths import absolute, shown
from sim.files.place import Place
from sim.files.toml import read_toml, validate
from sim.policies.schema import Answer, Reading, Readings, RegimeFile

POLICIES = Path(__file__).parent
READINGS_FILE = POLICIES / "readings.toml"
COMMAND = Place(None, "regime")
FILE = re.compile(r".*?\.toml(?=\s*(\+|$))")
"""Matches the path of a file at the beginning of the name of a regime."""
FORM = "NAME[+LAYER]...[+Uk=option]..., as in vc_2019_08+c_66_21+U1=ninety_days"


@dataclass(frozen=True)
class Source:
    """A regime file that has been read: its name, path and content."""

    name: str
    path: Path
    file: RegimeFile


@dataclass(frozen=True)
class Spec:
    """The name of a regime, taken apart."""

    source: Source
    layers: tuple[str, ...]
    readings: Mapping[str, str]

    @property
    def canonical(self) -> str:
        """The name with aliases resolved and the parts in one order."""
        readings = [f"{question}={option}" for question, option in sorted(self.readings.items(), key=_by_number)]
        return "+".join([self.source.name, *self.layers, *readings])


def shipped_regimes() -> list[str]:
    """Return the names of the shipped regimes: the law as it was, its calendar, then the proposals."""
    regimes = [source for source in shipped() if source.file.regime is not None]
    return [source.name for source in sorted(regimes, key=_rank)]


def shipped_layers() -> list[str]:
    """Return the names of the court layers that come with the package."""
    return [source.name for source in shipped() if source.file.layer is not None]


def shipped() -> list[Source]:
    """Return all regimes and court layers that come with the package."""
    return list(_shipped().values())


def aliases() -> dict[str, str]:
    """Return the short names of the shipped regimes and layers: ``{"P1": "recognition_panel", ...}``."""
    pairs = [(alias, source.name) for source in shipped() for alias in source.file.head.aliases]
    return dict(sorted(pairs))


ANNOUNCED = "change_announced"
"""The fact that a change has been announced and does not hold yet; true between the two dates of a regime's head."""


@functools.cache
def shipped_facts() -> frozenset[str]:
    """Return the facts that any shipped regime or layer brings, which are valid names in every regime."""
    return frozenset({ANNOUNCED, *(fact for source in shipped() for fact in source.file.fact)})


@functools.cache
def dates_of_shipped() -> frozenset[dt.date]:
    """Return the days on which a shipped regime or layer is announced or begins to hold."""
    heads = [source.file.head for source in shipped()]
    days = [(head.announced, head.in_force, *head.in_force_readings.values()) for head in heads]
    return frozenset(day for of_head in days for day in of_head if day is not None)


@functools.cache
def shipped_steps() -> frozenset[str]:
    """Return the steps that any shipped regime or layer brings."""
    return frozenset(step for source in shipped() for step in source.file.step)


@functools.cache
def readings() -> Mapping[str, Reading]:
    """Return the open legal questions by id."""
    return validate(Readings, read_toml(READINGS_FILE), READINGS_FILE).reading


@functools.cache
def shipped_behaviour() -> Behaviour:
    """Return the decisions and hazards that come with the package."""
    return Behaviour.load()


def find(name: str, place: Place, own: Mapping[str, Source] | None = None) -> Source:
    """Return a regime or layer by its name: one of a user's own, or a shipped one, also by its alias.

    Raises
    ------
    InputError
        If there is none; `place` is the position of the name.
    """
    if own and name in own:
        return own[name]
    short = aliases()
    name = short.get(name, name)
    if name not in _shipped():
        known = [*shipped_regimes(), *shipped_layers(), *(own or ())]
        raise place.unknown("regime or court layer", name, known, hidden=short)
    return _shipped()[name]


def read_source(path: Path) -> Source:
    """Read one regime file; its name is that of the file.

    Raises
    ------
    InputError
        If it is not a regime file, or another one comes with the package under this name.
    """
    source = Source(path.stem, path, validate(RegimeFile, read_toml(path), path).with_full_names())
    taken = {*_files(), *aliases()} if path.parent.resolve() != POLICIES.resolve() else ()
    if source.name in taken:
        raise Place(path, "").error(
            f"a regime named {source.name} comes with the package", accepted="another file name"
        )
    return source


def located(text: str, folder: str | os.PathLike[str] | None = None) -> str:
    """Return the name of a regime with the path in it, if there is one, made absolute.

    Parameters
    ----------
    text
        As for `parse`.
    folder
        The folder of the file that names the regime; None: the present folder.
    """
    path = FILE.match(text)
    return text if path is None else f"{absolute(path[0].strip(), folder)}{text[len(path[0]) :]}"


def without_folder(text: str) -> str:
    """Return the name of a regime with only the name of the file of a path in it: ``reform+U1=none``."""
    path = FILE.match(text)
    return text if path is None else f"{Path(path[0].strip()).stem}{text[len(path[0]) :]}"


def parse(text: str | os.PathLike[str], place: Place = COMMAND, own: Mapping[str, Source] | None = None) -> Spec:
    """Return the parts of the name of a regime, with its file read.

    Parameters
    ----------
    text
        The name. A path in it begins at the folder of the file in `place`, or else at the present folder.
    place
        Where the name is, for the errors.
    own
        Regimes and layers of a user's own, by name.

    Raises
    ------
    InputError
        If a part is empty or unknown, a layer or a question is named twice, or a layer is in the place of a
        regime.
    """
    text = os.fspath(text) if isinstance(text, os.PathLike) else text
    if not isinstance(text, str):
        raise place.error("not the name of a regime", value=text, accepted=FORM)
    head, parts = _head_and_parts(text, place)
    source = _own_file(head, place) if head.endswith(".toml") else find(head, place, own)
    if source.file.layer is not None:
        example = f"a regime with it, as vc_2019_08+{source.name}"
        raise place.error("a court layer alone is no regime", value=text, accepted=example)
    layers = [_layer(part, place, own) for part in parts if "=" not in part]
    choices = [choice(part, place) for part in parts if "=" in part]
    named = [*layers, *(question for question, _ in choices)]
    for name in named:
        if named.count(name) > 1:
            raise place.error(f"{name} is named twice", value=text)
    return Spec(source, tuple(layers), dict(choices))


def _own_file(path: str, place: Place) -> Source:
    """Return the file of a regime that a user names; the error of a missing file has the place of the name."""
    file = shown(absolute(path, None if place.file is None else place.file.parent))
    try:
        return read_source(file)
    except InputError as error:
        if place.file is None or file.exists():
            raise
        raise place.error(error.problem, value=str(file), accepted=error.accepted, near=error.nearest) from None


def choice(text: str, place: Place) -> tuple[str, str]:
    """Return the question and the answer of ``U1=ninety_days``, both known."""
    answer = Answer.parse(text)
    check_choice(answer.question, answer.option, place)
    return answer.question, answer.option


def check_choice(question: str, option: str, place: Place) -> None:
    """Refuse a question that is not open, and an answer that it does not have."""
    if question not in readings():
        raise place.unknown("legal question", question, readings())
    options = readings()[question].options
    if option not in options:
        raise place.unknown(f"answer to {question}", option, options)


def _layer(name: str, place: Place, own: Mapping[str, Source] | None) -> str:
    source = find(name, place, own)
    if source.file.layer is None:
        raise place.error("a regime cannot be put on another one", value=name, accepted=shipped_layers())
    return source.name


def _head_and_parts(text: str, place: Place) -> tuple[str, list[str]]:
    """Return the parts of a name between every ``+``, except inside the path of a file."""
    path = FILE.match(text)
    head = path[0] if path else text.partition("+")[0]
    parts = [part.strip() for part in text[len(head) :].split("+")[1:]]
    if not head.strip() or not all(parts):
        raise place.error("not the name of a regime", value=text, accepted=FORM)
    return head.strip(), parts


@functools.cache
def _shipped() -> dict[str, Source]:
    return {source.name: source for source in map(read_source, _files().values())}


def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(POLICIES.glob("*.toml")) if path != READINGS_FILE}


def _rank(source: Source) -> tuple[int, str]:
    """Return the sort key of a regime: the law as it was (R0, R1, ...), then others, then proposals (P1, P2, ...)."""
    alias = source.file.head.aliases[0]
    return {"R": 0, "P": 2}.get(alias[0], 1), alias


def _by_number(item: tuple[str, str]) -> int:
    return int(item[0].removeprefix("U"))
