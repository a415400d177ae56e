"""What a caller asks to run, with nothing left open: an object, a file or a name; numbers; own files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.agents.behaviour import Behaviour
from sim.files.errors import InputError
from sim.files.numbers import LARGEST_SEED, MOST_REPLICATES, whole_number
from sim.policies.library import FILE, located
from sim.policies.regime import OwnFile, Regime
from sim.scenarios.scenario import Scenario

MADE_IN_PYTHON = " (made in Python)"
"""After the name of a regime that no name and no file gives: a scenario with it cannot be loaded again."""
OWN_BEHAVIOUR = "behaviour.toml"
OWN_FOLDER = "own"


@dataclass(frozen=True)
class Asked:
    """What is to be run.

    Attributes
    ----------
    scenario
        With the regimes, replicates, seed and so on that are run.
    regimes
        In their order; the first is the baseline.
    own_files
        The user's own files, by their paths in a folder of results: regimes, behaviour, and what is added.
    text
        The scenario as TOML for that folder, which names those files.
    """

    scenario: Scenario
    regimes: tuple[Regime, ...]
    own_files: Mapping[str, str]
    text: str

    @property
    def seed(self) -> int:
        """Seed of all draws."""
        return self.scenario.document.scenario.seed

    @property
    def replicates(self) -> int:
        """Number of replicates that are wanted."""
        return self.scenario.document.scenario.replicates

    @property
    def throughout(self) -> bool:
        """Whether the regimes hold from the first day to the last."""
        return self.scenario.document.scenario.throughout


def scenario_of(scenario: Scenario | str | PathLike[str]) -> Scenario:
    """Return a scenario that is given as an object, a file or the name of a shipped one.

    Raises
    ------
    InputError
        When there is no such scenario, or it is not as it should be.
    """
    return scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)


def regime_of(scenario: Scenario, regime: str | PathLike[str] | Regime, throughout: bool) -> Regime:
    """Return a regime that is given as an object or a name, with the readings of the scenario."""
    loaded = regime if isinstance(regime, Regime) else Regime.load(regime, scenario.readings, scenario.own)
    return from_the_first_day(loaded) if throughout else loaded


def regimes_given(regimes: object) -> list[str | PathLike[str] | Regime]:
    """Return the regimes that a caller lists.

    Raises
    ------
    InputError
        When it is no list, such as one text with commas.
    """
    if hasattr(regimes, "tolist"):  # an array or a column
        regimes = regimes.tolist()
    if isinstance(regimes, str | PathLike | Regime) or not isinstance(regimes, Sequence):
        names = regimes.split(",") if isinstance(regimes, str) else ["vc_2018", "vc_2019_08"]
        shown = ", ".join(f'"{name.strip()}"' for name in names)
        value = regimes.name if isinstance(regimes, Regime) else regimes
        raise InputError("not a list of regimes", key="regimes", value=value, accepted=f"a list, as [{shown}]")
    return list(regimes)


def asked_of(
    scenario: Scenario | str | PathLike[str],
    regimes: Sequence[str | PathLike[str] | Regime] | None = None,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    throughout: bool | None = None,
    behaviour: Behaviour | str | PathLike[str] | None = None,
) -> Asked:
    """Settle what is to be run; what is not given is as the scenario says.

    Raises
    ------
    InputError
        When a name, a file or a number is not accepted.
    """
    scenario = scenario_of(scenario)
    changes: dict[str, Any] = {}
    if replicates is not None:
        changes["replicates"] = whole_number(replicates, "replicates", 1, MOST_REPLICATES)
    if seed is not None:
        changes["seed"] = whole_number(seed, "seed", 0, LARGEST_SEED)
    if throughout is not None:
        if not isinstance(throughout, bool):
            raise InputError("wrong type", key="throughout", value=throughout, accepted="True or False")
        changes["throughout"] = throughout
    if behaviour is not None:
        changes["behaviour"] = behaviour
    scenario = scenario.replace(**changes) if changes else scenario
    given = list(scenario.regimes) if regimes is None else regimes_given(regimes)
    loaded = [regime_of(scenario, regime, False) for regime in given]
    own_files: dict[str, str] = {}
    texts = [_text(regime, name, scenario) for regime, name in zip(loaded, given, strict=True)]
    kept = [_kept(text, regime.own_file, own_files) for text, regime in zip(texts, loaded, strict=True)]
    scenario = scenario.with_regimes(texts)
    if scenario.own_behaviour is not None:
        own_files[OWN_BEHAVIOUR] = _as_toml(scenario.own_behaviour)
    own_files |= {f"{OWN_FOLDER}/{name}": text for name, text in scenario.own.texts.items()}
    text = scenario.text_with(
        kept,
        None if scenario.own_behaviour is None else OWN_BEHAVIOUR,
        OWN_FOLDER if scenario.own.texts else None,
    )
    held = tuple(from_the_first_day(r) if scenario.document.scenario.throughout else r for r in loaded)
    return Asked(scenario, held, own_files, text)


def from_the_first_day(regime: Regime) -> Regime:
    """Return a regime whose last text holds from the first day; the base text stays, to tell whom it makes differ."""
    always = regime.throughout()
    versions = {
        name: (regime.versions[name][0], *texts) if len(regime.versions[name]) > 1 else texts
        for name, texts in always.versions.items()
    }
    return replace(always, versions=versions)


def _text(regime: Regime, given: object, scenario: Scenario) -> str:
    """Return the name or path that gives a regime again, or one that says that none does."""
    if isinstance(given, str | PathLike):
        return located(os.fspath(given))
    own = regime.own_file
    with TemporaryDirectory() as folder:
        if own is not None:
            (Path(folder) / own.name).write_text(own.text, encoding="utf-8")
        name = regime.name if own is None else f"{own.name}{regime.name.removeprefix(Path(own.name).stem)}"
        try:
            again = Regime.load(name if own is None else str(Path(folder) / name), scenario.readings, scenario.own)
        except InputError:
            return regime.name + MADE_IN_PYTHON
    return name if again.hash() == regime.hash() else regime.name + MADE_IN_PYTHON


def _kept(text: str, own: OwnFile | None, files: dict[str, str]) -> str:
    """Add a regime's own file to the files of the results; return the name of the regime as seen from that folder."""
    path = FILE.match(text)
    if own is None or path is None:
        return text
    number = 1
    while files.get(_numbered(own.name, number), own.text) != own.text:
        number += 1
    files[_numbered(own.name, number)] = own.text
    return _numbered(own.name, number) + text[path.end() :]


def _numbered(name: str, number: int) -> str:
    """Return the path of a regime's file in a folder of results; files of one name have folders of their own."""
    return f"regimes/{name}" if number == 1 else f"regimes/{number}/{name}"


def _as_toml(behaviour: Behaviour) -> str:
    import tomli_w

    return tomli_w.dumps(behaviour.model_dump(mode="json", by_alias=True, exclude_defaults=True))
