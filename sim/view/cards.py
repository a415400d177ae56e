"""The cards of a workshop: questions that a room answers before it sees what the model says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, nearest, raise_all
from sim.files.paths import expanded
from sim.files.toml import read_toml, validate
from sim.outcomes.groups import Groups
from sim.outcomes.measures import Measures
from sim.procedures.schema import Title
from sim.scenarios.scenario import Scenario
from sim.view.state import State

SHIPPED: Final = Path(__file__).parent / "cards"
CHOICES: Final = ("fewer", "same", "more")
"""The answers to each card, whatever its words for them are."""
WITH_REPORTS: Final = ("victims_never_seen", "leads_lost", "re_exploited")
"""What is shown wherever numbers of reports are."""


Name = Annotated[str, Field(pattern="^[A-Za-z0-9_]+$", max_length=60)]
RegimeName = Annotated[str, Field(pattern="^[A-Za-z0-9_]+([+][A-Za-z0-9_]+(=[A-Za-z0-9_]+)?)*$", max_length=120)]
"""As in the schema of a state: a card is a state of the page."""


class Options(Document):
    """The words for fewer, about the same and more, in one language."""

    fewer: str = Field(min_length=1, max_length=30)
    same: str = Field(min_length=1, max_length=30)
    more: str = Field(min_length=1, max_length=30)


class Words(Document):
    """The words for the answers in both languages."""

    en: Options = Options(fewer="fewer", same="about the same", more="more")
    nl: Options = Options(fewer="minder", same="ongeveer evenveel", more="meer")


class Card(Document):
    """A question about the last regime compared with the first, on the same people.

    Attributes
    ----------
    order
        Place among the cards.
    concern
        Whose worry it takes up: that people are left without protection, that the rules are not kept, or that networks
        stay out of view.
    question
        To be read out.
    because
        Why it could go one way or the other; shown after the reveal.
    regimes, changes, presets, readings
        The state of the page that it is about.
    measure, group
        What is compared, and for whom.
    beside
        Measures that are shown together with it.
    same_within
        Share of the level under the first regime within which the answer is "about the same".
    words
        For the answers.
    """

    order: int = Field(default=100, ge=0, le=1000)
    concern: Literal["protection", "control", "tracing"]
    question: Title
    because: Title
    regimes: tuple[RegimeName, ...] = ("vc_2018", "vc_2019_08")
    changes: dict[str, float] = Field(default_factory=dict)
    presets: tuple[Name, ...] = ()
    readings: dict[Name, Name] = Field(default_factory=dict)
    measure: str
    group: str = "all"
    beside: tuple[str, ...] = ()
    same_within: float = Field(default=0.05, ge=0, le=0.5)
    words: Words = Words()

    _tuples = field_validator("regimes", "presets", "beside", mode="before")(as_tuple)

    @model_validator(mode="after")
    def _with_reports(self) -> Card:
        """Refuse a question about reports that is not shown with what reports are for."""
        missing = [name for name in WITH_REPORTS if name not in (self.measure, *self.beside)]
        if "reports" in (self.measure, *self.beside) and missing:
            raise ValueError(f"numbers of reports are never shown without {', '.join(missing)}: put them into beside")
        return self


class CardFile(Document):
    """The shape of a file with a card."""

    card: Card


@dataclass(frozen=True)
class Named:
    """A card with the name of its file."""

    name: str
    card: Card

    @property
    def state(self) -> State:
        """The state of the page that the card is about."""
        card = self.card
        return State(
            regimes=card.regimes,
            readings=card.readings,
            presets=card.presets,
            changes=card.changes,
            group=card.group,
            measure=card.measure,
        )

    def plain(self) -> dict[str, Any]:
        """Return the card as the page takes it."""
        content = self.card.model_dump(mode="json", exclude={"order", "regimes", "changes", "presets", "readings"})
        return {"name": self.name, **content, "state": self.state.plain()}


def read_card(path: str | PathLike[str]) -> Named:
    """Read a file with a card.

    Raises
    ------
    InputError
        When it is not as it should be.
    """
    file = expanded(path)
    return Named(file.stem, validate(CardFile, read_toml(file), file).card)


@cache
def shipped_cards() -> tuple[Named, ...]:
    """Return the cards that come with the package, in their order."""
    return in_order([read_card(path) for path in SHIPPED.glob("*.toml")])


def cards_in(folder: str | PathLike[str]) -> tuple[Named, ...]:
    """Return the cards of a folder of the user's, in their order.

    Raises
    ------
    InputError
        When there is no such folder, it has no card, or one is not as it should be.
    """
    path = expanded(folder)
    if not path.is_dir():
        raise InputError("no such folder", key="--cards", value=str(path), accepted="a folder with cards (*.toml)")
    found, mistakes = [], []
    for file in sorted(path.glob("*.toml")):
        try:
            found.append(read_card(file))
        except InputError as error:
            mistakes += list(error.problems)
    raise_all(mistakes)
    if not found:
        raise InputError("no cards in it", key="--cards", value=str(path), accepted="a folder with cards (*.toml)")
    return in_order(found)


def in_order(cards: Sequence[Named]) -> tuple[Named, ...]:
    """Return cards in the order of a workshop."""
    return tuple(sorted(cards, key=lambda one: (one.card.order, one.name)))


def check_card(one: Named, base: Scenario, file: str | PathLike[str] | None = None) -> None:
    """Refuse a card with names that the scenario does not have.

    Raises
    ------
    InputError
        For an unknown regime, parameter, preset, reading, measure or group, and a value outside its range.
    """
    from sim.runs.loading import asked_of

    card, problems = one.card, []
    measures, groups = Measures.load(base.own).measure, Groups.load(base.own).names
    for key, given, known in (
        ("measure", (card.measure, *card.beside), measures),
        ("group", (card.group,), groups),
    ):
        problems += [
            InputError(
                f"unknown {key}",
                file=file,
                key=f"card.{key}",
                value=name,
                accepted=list(known),
                nearest=nearest(name, known),
            )
            for name in given
            if name not in known
        ]
    try:
        if len(asked_of(one.state.scenario(base)).regimes) < 2:
            problems.append(InputError("one regime is no comparison", file=file, key="card.regimes"))
    except InputError as error:
        problems += [
            InputError(
                problem.problem,
                file=file,
                key=f"card.{problem.key}",
                value=problem.value,
                accepted=problem.accepted,
                nearest=problem.nearest,
            )
            for problem in error.problems
        ]
    raise_all(problems)
