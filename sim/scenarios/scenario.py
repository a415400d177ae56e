"""A scenario: period, people, capacities, external events and chosen readings, as a TOML file or as a frozen object."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, nearest
from sim.files.numbers import LARGEST_SEED, MOST_REPLICATES
from sim.files.place import Place
from sim.files.toml import validate
from sim.scenarios.changes import in_header, not_a_table, plain, switched
from sim.scenarios.checks import check_scenario
from sim.scenarios.dated import Capacity, DatedCapacity, Event, Programme, day_or_year, history_day
from sim.scenarios.reading import merged_table, scenario_file, scenario_tables
from sim.scenarios.shown import scenario_html, scenario_line

if TYPE_CHECKING:
    from sim.agents.behaviour import Behaviour
    from sim.evidence.parameters import Parameters
    from sim.policies.own import Own


class Header(Document):
    """The head of a scenario, with the defaults of a comparison.

    ``name`` : in receipts and figures; the name of the file unless given. ``throughout`` : the regimes hold from the
    first day to the last. ``history_from`` : people arrive from this day on (a year: from 1 January), under the rules
    of then, and queues fill; measured is from ``start`` on. ``"start"``, or nothing: no history. ``behaviour`` : a file
    of decisions and hazards instead of the shipped one. ``own`` : a folder with additions to the shipped files (see
    `sim.policies.own`).
    """

    name: str = ""
    title: str = Field(min_length=1)
    description: str = ""
    start: dt.date
    end: dt.date
    history_from: dt.date | None = None
    regimes: tuple[str, ...] = Field(min_length=1)
    replicates: int = Field(ge=1, le=MOST_REPLICATES)
    seed: int = Field(ge=0, le=LARGEST_SEED)
    throughout: bool = False
    behaviour: str | None = None
    own: str | None = None

    _tuples = field_validator("regimes", mode="before")(as_tuple)
    _history = field_validator("history_from", mode="before")(history_day)


class Inflow(Document):
    """The inflow: published numbers times ``scale``, or ``persons`` in the same proportions.

    ``persons``: how many first applicants and hidden victims are drawn in all, over the calendar months that the
    scenario touches. In a month that lies partly outside it those whose day of arrival falls outside never arrive.
    ``capacities``: ``in_proportion`` multiplies every capacity by the same factor as the people.
    ``responds_to_rule``: in the whole months from ``responds_from`` on extra people come while the rule attracts them.
    ``drawn_from``: in the whole months from this day until ``responds_from`` what people believed of the rule drew a
    share of the published first applicants (``inflow.drawn_share_...``), who stay away once the rule is known.
    ``level``: ``as_in_2018`` keeps the numbers of 2018 in all later years, as if inflow had not changed. ``continued``:
    after the published years nobody is known to come; ``as_last_published`` repeats the months of the last one.
    ``applicants_from``: months of the history that begin before this day (a year: 1 January) have hidden victims only.
    """

    scale: float | None = Field(default=None, ge=0, le=50)
    persons: int | None = Field(default=None, ge=0, le=10_000_000)
    capacities: Literal["as_given", "in_proportion"] = "as_given"
    responds_to_rule: bool = False
    responds_from: dt.date | None = None
    drawn_from: dt.date | None = None
    level: Literal["published", "as_in_2018"] = "published"
    continued: Literal["no", "as_last_published"] = "no"
    applicants_from: dt.date | None = None

    _applicants = field_validator("applicants_from", mode="before")(day_or_year)

    @model_validator(mode="before")
    @classmethod
    def _everybody(cls, given: Any) -> Any:
        """Set ``scale`` to 1 where neither ``scale`` nor ``persons`` is given."""
        if isinstance(given, dict) and given.get("scale") is None and given.get("persons") is None:
            return {**given, "scale": 1.0}
        return given

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.scale is not None and self.persons is not None:
            raise ValueError("takes scale or persons, not both")
        if self.responds_to_rule and self.responds_from is None:
            raise ValueError(
                "responds_to_rule needs responds_from, the day from which the rule attracts people or not, such as "
                "responds_from = 2019-08-01"
            )
        if self.drawn_from is not None and (self.responds_from is None or self.drawn_from >= self.responds_from):
            raise ValueError(
                "drawn_from needs a later responds_from, the day from which published numbers are of people who know "
                "the new rule, such as drawn_from = 2018-07-01 and responds_from = 2019-08-01"
            )
        return self

    @property
    def drawn(self) -> tuple[dt.date, dt.date] | None:
        """The day from which the rule may have drawn some of the published applicants, and the day on which it ends."""
        if self.drawn_from is None or self.responds_from is None:
            return None
        return self.drawn_from, self.responds_from


class Switches(Document):
    """Mechanisms that are on or off as a whole."""

    word_of_mouth: bool = False


class ScenarioFile(Document):
    """The shape of a scenario file.

    ``hypotheses_included`` : presets whose changes are in the other tables already, name to title. b8sim writes it.
    """

    scenario: Header
    inflow: Inflow = Inflow()
    shock: tuple[Event, ...] = ()
    programme: tuple[Programme, ...] = ()
    switches: Switches = Switches()
    curves: dict[str, str] = Field(default_factory=dict)
    capacity: dict[str, Capacity | tuple[DatedCapacity, ...]] = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)
    readings: dict[str, str] = Field(default_factory=dict)
    hypotheses_included: dict[str, str] = Field(default_factory=dict)

    _tuples = field_validator("shock", "programme", mode="before")(as_tuple)


MERGED = ("capacity", "parameters", "readings", "inflow", "switches", "curves", "hypotheses_included")
"""The tables that `Scenario.replace` merges into the present ones."""
SWITCHED = ("shocks", "programmes")


class Scenario:
    """A scenario, checked against pools, parameters, regimes and readings.

    Attributes
    ----------
    name
        As given in the scenario, or the name of the file without its ending.
    file
        Where it came from, for error messages.
    document
        The content; do not change it, use ``replace``.
    own_behaviour
        Decisions and hazards instead of the shipped ones; None: the shipped ones.
    own
        The user's additions to the shipped files.
    """

    def __init__(
        self,
        document: ScenarioFile,
        file: str | Path,
        own_behaviour: Behaviour | None = None,
        own: Own | None = None,
    ) -> None:
        from sim.agents.behaviour import Behaviour
        from sim.policies.own import NOTHING, Own

        self.document, self.file = document, str(file)
        # The parameters of a document, by what readings set: a session asks for them at each turn.
        self._numbers: tuple[ScenarioFile, dict[tuple[tuple[str, float], ...], Parameters]] | None = None
        folder = document.scenario.own
        if own is None:
            own = NOTHING if folder is None else Own.load(Path(folder), Place(Path(self.file), "scenario.own"))
        self.own = own
        self.name = document.scenario.name or Path(file).stem
        path = document.scenario.behaviour
        self.own_behaviour = Behaviour.load(Path(path)) if own_behaviour is None and path is not None else own_behaviour
        check_scenario(self)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Scenario:
        """Read a scenario file, or a shipped scenario by its name.

        Parameters
        ----------
        path
            A path from the present folder, with ``~`` for the home folder, or a name. Paths in the file begin at the
            folder of the file.

        Raises
        ------
        InputError
            With file, key path, value, what is accepted and the nearest match.
        """
        file = scenario_file(path)
        return cls(validate(ScenarioFile, scenario_tables(file), file), file)

    # ---- reading it ----

    @property
    def start(self) -> dt.date:
        """First day that is measured."""
        return self.document.scenario.start

    @property
    def first_day(self) -> dt.date:
        """First day that is simulated: that of the history, or ``start``."""
        return self.document.scenario.history_from or self.start

    @property
    def end(self) -> dt.date:
        """Last day."""
        return self.document.scenario.end

    @property
    def title(self) -> str:
        """Title."""
        return self.document.scenario.title

    @property
    def regimes(self) -> tuple[str, ...]:
        """Regimes compared by default; paths are absolute."""
        return self.document.scenario.regimes

    @property
    def readings(self) -> dict[str, str]:
        """Chosen readings of open legal questions."""
        return dict(self.document.readings)

    @property
    def hypotheses(self) -> dict[str, str]:
        """The presets whose changes are in it (`under`): name to title."""
        return dict(self.document.hypotheses_included)

    @property
    def behaviour(self) -> Behaviour:
        """Decisions and hazards in use, before ``curves`` chooses a form for them."""
        return self.own.behaviour(self.own_behaviour)

    def hash(self) -> str:
        """Return a SHA-256 of the content, with that of an own behaviour; titles and names of files do not count."""
        from sim.policies.library import without_folder
        from sim.procedures.rulebook import content_hash

        in_words = {"name", "title", "description", "behaviour", "own"}
        content = self.document.model_dump(mode="json", exclude={"hypotheses_included": True, "scenario": in_words})
        content["scenario"]["regimes"] = [without_folder(regime) for regime in self.regimes]
        if self.document.scenario.history_from is None:
            del content["scenario"]["history_from"]
            del content["inflow"]["applicants_from"]
        if self.own_behaviour is not None:
            content["behaviour"] = content_hash(self.own_behaviour)
        if self.own.texts:
            content["own"] = self.own.hashes
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """Return the scenario as TOML, with the parent and all changes merged; paths are absolute."""
        header = self.document.scenario
        return self.text_with(self.regimes, header.behaviour, header.own)

    def text_with(self, regimes: Sequence[str], behaviour: str | None, own: str | None) -> str:
        """Return the scenario as TOML with other names or paths of regimes, of behaviour and of own files."""
        import tomli_w

        data = self.document.model_dump(by_alias=True, exclude_defaults=True)
        paths = {"behaviour": behaviour, "own": own}
        header = {key: value for key, value in data["scenario"].items() if key not in paths}
        given = {key: path for key, path in paths.items() if path is not None}
        data["scenario"] = {"name": self.name, **header, "regimes": list(regimes), **given}
        return tomli_w.dumps(data)

    def __repr__(self) -> str:
        """Return the scenario in one line."""
        return scenario_line(self)

    def _repr_html_(self) -> str:
        """Return the scenario as a small table, for notebooks."""
        return scenario_html(self)

    # ---- changing it ----

    def replace(self, **changes: Any) -> Scenario:
        """Return a scenario with some things changed.

        Parameters
        ----------
        **changes
            The keys of ``[scenario]`` (``start``, ``end``, ``history_from``, ``title``, ``regimes``, ``replicates``,
            ``seed``, ``throughout``, ``behaviour``, ``own``) replace; ``capacity``, ``parameters``, ``readings``,
            ``inflow``, ``switches``, ``curves`` are merged into the present values; ``shocks`` and ``programmes``
            (lists of names)
            switch the named ones on and all others off. Numbers may be NumPy's, a date also text such as
            ``"2019-08-01"``, ``behaviour`` a `Behaviour` or a file; paths begin at the present folder.

        Raises
        ------
        InputError
            When a name or a value is not accepted.
        """
        from sim.agents.behaviour import Behaviour

        data = self.document.model_dump(by_alias=True)
        own_behaviour = self.own_behaviour
        for key, value in changes.items():
            if key in MERGED:
                if not isinstance(value, Mapping):
                    raise not_a_table(key, value, self.file)
                data[key] = merged_table(key, data[key], plain(value))
            elif key == "behaviour":
                own_behaviour = value if isinstance(value, Behaviour) else None
                data["scenario"][key] = None if isinstance(value, Behaviour) else in_header(key, value, self.file)
            elif key in Header.model_fields:
                data["scenario"][key] = in_header(key, value, self.file)
            elif key in SWITCHED:
                kind = key.removesuffix("s")
                data[kind] = switched(data[kind], kind, value, self.file)
            else:
                names = [*MERGED, *Header.model_fields, *SWITCHED]
                raise InputError(
                    "unknown change", file=self.file, key=key, accepted=", ".join(names), nearest=nearest(key, names)
                )
        document = validate(ScenarioFile, data, self.file)
        same = document.scenario.own == self.document.scenario.own
        return Scenario(document, self.file, own_behaviour, self.own if same else None)

    def with_regimes(self, regimes: Sequence[str]) -> Scenario:
        """Return the scenario with names or paths of regimes that have been loaded; they are not checked again."""
        changed = copy.copy(self)
        header = self.document.scenario.model_copy(update={"regimes": tuple(regimes)})
        changed.document = self.document.model_copy(update={"scenario": header})
        return changed

    def with_parameters(self, values: Mapping[str, float], capacity: Mapping[str, float] | None = None) -> Scenario:
        """Return the scenario with other parameters and capacities over its own; only the parameters are checked.

        Raises
        ------
        InputError
            For an unknown parameter or an impossible value.
        """
        changed, own = copy.copy(self), self.document
        numbers = {"parameters": {**own.parameters, **values}, "capacity": {**own.capacity, **(capacity or {})}}
        changed.document = own.model_copy(update=numbers)
        changed.parameter_values()
        return changed

    def under(self, *hypotheses: str | PathLike[str]) -> Scenario:
        """Return the scenario with the changes of one or more rival explanations, such as ``under("H5", "H11")``.

        Raises
        ------
        InputError
            When one does not exist, or two of them want different values.
        """
        from sim.scenarios.presets import under

        return under(self, hypotheses)

    def parameter_values(self, readings: Mapping[str, float] | None = None) -> Parameters:
        """Return the parameters.

        Parameters
        ----------
        readings
            Values set by chosen legal readings; values of the scenario itself take precedence.
        """
        if self._numbers is None or self._numbers[0] is not self.document:
            self._numbers = self.document, {}
        kept, key = self._numbers[1], tuple((readings or {}).items())
        if key not in kept:
            values = {**(readings or {}), **self.document.parameters}
            kept[key] = self.own.parameters.replace(values, file=self.file, key_prefix="parameters")
        return kept[key]
