"""``b8sim check``: validate everything that ships, or a file of the user, without running it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files.errors import InputError, nearest, raise_all
from sim.files.paths import expanded
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml, validate

if TYPE_CHECKING:
    from sim.outcomes.measures import Measures

KINDS = {
    "scenario": "a scenario",
    "study": "a study",
    "calibration": "a calibration",
    "hypothesis": "a hypothesis",
    "case": "a dated case",
    "regime": "a regime",
    "layer": "a court layer",
    "step": "a procedure",
    "condition": "named conditions",
    "decision": "behaviour",
    "pool": "authorities",
    "measure": "measures",
    "card": "a card of a workshop",
}


def check(given: Sequence[str | PathLike[str]] | None = None) -> list[str]:
    """Check files, or everything that ships.

    Parameters
    ----------
    given
        Files with a scenario, regime, hypothesis, case, procedure, behaviour, authorities, measures or parameters, or
        names of shipped scenarios, regimes and hypotheses. None: all that ships. A measure may name the steps of a
        regime that is given beside it.

    Returns
    -------
    list of str
        One line for each valid file, and for a scenario one with the number of people and what may not be as it was
        meant.

    Raises
    ------
    InputError
        With every mistake found.
    """
    if not given:
        return _shipped()
    lines, mistakes = [], []
    own_steps: set[str] = set()
    measures_last = sorted(given, key=lambda one: _kind(one) == "measure")
    checked: dict[str, list[str]] = {}
    for one in measures_last:
        try:
            checked[os.fspath(one)] = _one(os.fspath(one), own_steps)
        except InputError as error:
            mistakes += list(error.problems)
    raise_all(mistakes)
    for one in given:
        lines += [f"{one}: {line}" for line in checked[os.fspath(one)]]
    return lines


def _kind(given: str | PathLike[str]) -> str | None:
    """Return the table that tells the kind of a file; None for a name, and for a file that cannot be read."""
    try:
        return next((kind for kind in KINDS if kind in read_toml(given)), None)
    except InputError:
        return None


def _one(given: str, own_steps: set[str]) -> list[str]:
    """Check a file or a shipped name; add the steps of the regimes in it to those that measures may name."""
    from sim.policies.library import FILE

    path = expanded(given)
    suffix = FILE.match(given)
    if suffix is not None and given[suffix.end() :].strip() and not path.exists():
        return _regime(given, own_steps)
    if path.is_dir():
        return _folder(path)
    if path.exists() or path.suffix == ".toml" or len(path.parts) > 1:
        return _file(path, own_steps)
    return _named(given, own_steps)


def _folder(path: Path) -> list[str]:
    """Check a folder of a user's own: what is added in it, its regimes, and the scenarios beside it."""
    from sim.files.place import Place
    from sim.outcomes.groups import Groups
    from sim.outcomes.measures import Measures
    from sim.policies.own import Own
    from sim.policies.regime import Regime

    own = Own.load(path, Place(None, str(path)))
    Measures.load(own)
    Groups.load(own)
    for name, source in own.regimes.items():
        if source.file.regime is not None:
            Regime.load(name, own=own)
    counts = {
        "sources": own.sources,
        "parameters": own.passports,
        "conditions": own.conditions,
        "decisions": own.decisions,
        "hazards": own.hazards,
        "regimes and layers": own.regimes,
        "measures": own.measures,
        "groups": own.groups,
        "hypotheses": own.hypotheses,
    }
    lines = [f"{len(found)} {what}: ok" for what, found in counts.items() if found]
    for file in sorted(path.glob("*.toml")):
        if file.name not in own.texts:
            lines += [f"{file.name}: {line}" for line in _file(file, set(own.steps))]
    return lines


def _named(name: str, own_steps: set[str]) -> list[str]:
    """Check what ships under a name: a scenario, a hypothesis, or a regime with layers and readings."""
    from sim.policies.library import aliases, shipped_layers, shipped_regimes
    from sim.scenarios.presets import shipped_hypotheses
    from sim.scenarios.reading import shipped_scenarios

    presets = {
        name: preset.file for preset in shipped_hypotheses() for name in (preset.document.hypothesis.id, preset.name)
    }
    files = {**shipped_scenarios(), **presets}
    if name in files:
        return _file(files[name], own_steps)
    regimes = [*shipped_regimes(), *shipped_layers(), *aliases()]
    if "+" in name or name in regimes:
        return _regime(name, own_steps)
    known = [*files, *regimes]
    raise InputError(
        "no such file, and nothing of this name is shipped", file=name, accepted=known, nearest=nearest(name, known)
    )


def _regime(name: str, own_steps: set[str]) -> list[str]:
    from sim.policies.library import shipped_layers
    from sim.policies.regime import Regime

    if name in shipped_layers():
        return ["a court layer: ok"]
    own_steps |= set(Regime.load(name).versions)
    return ["a regime: ok"]


def _shipped() -> list[str]:
    """Check the law, all regimes with every reading, parameters, sources and shipped scenarios."""
    from sim.outcomes.measures import Measures
    from sim.policies.shipped_law import check_law
    from sim.view import cards

    lines = [f"{count} {what}: ok" for what, count in check_law().items()]
    measures = Measures.load()
    _check_steps(measures, "sim/outcomes/measures.toml", set())
    lines.append(f"{len(measures.measure)} measures: ok")
    for file in (*sorted(shipped_scenarios_dir().rglob("*.toml")), *sorted(cards.SHIPPED.glob("*.toml"))):
        lines += [f"{file.name}: {line}" for line in _file(file, set())]
    return lines


def _check_steps(measures: Measures, file: str | PathLike[str], own_steps: set[str]) -> None:
    """Refuse a measure of a step that neither the law that ships has, nor a regime that is checked beside it."""
    from sim.procedures.rulebook import Rulebook

    known = set(Rulebook.load().steps) | _steps_of_regimes() | own_steps
    raise_all(
        InputError(
            "unknown step",
            file=file,
            key=f"measure.{name}",
            value=step,
            accepted=f"a step of the law; one of your own regime if it is named too: b8sim check {file} my_regime.toml",
            nearest=nearest(step, known),
        )
        for name, measure in measures.measure.items()
        for step in (*measure.steps, *measure.not_steps, *measure.then, *measure.per)
        if step not in known
    )


def _steps_of_regimes() -> set[str]:
    """Return the steps that regimes add."""
    from sim.policies.regime import Regime, shipped_regimes

    return {step for name in shipped_regimes() for step in Regime.load(name).versions}


def _file(path: Path, own_steps: set[str]) -> list[str]:
    """Check one file by its kind; return the kind, and what else to know."""
    data = read_toml(path)
    kind = next((kind for kind in KINDS if kind in data), None)
    if "extends" in data or kind == "scenario":
        return _scenario(path, own_steps)
    if kind == "regime":
        return _regime(str(path), own_steps)
    if kind is not None:
        _CHECKS[kind](path, data, own_steps)
        return [f"{KINDS[kind]}: ok"]
    if any(isinstance(value, dict) for value in data.values()):
        from sim.evidence.parameters import Parameters

        Parameters.load(path)
        return ["parameters: ok"]
    accepted = ", ".join(f"[{kind}]" for kind in KINDS)
    raise InputError("not a file that b8sim knows", file=path, accepted=f"a file with a table {accepted}")


def _hypothesis(path: Path, *_: object) -> None:
    """Check a preset on the shipped scenario."""
    from sim.scenarios.scenario import Scenario

    Scenario.load("netherlands").under(path)


def _study(path: Path, *_: object) -> None:
    """Check a study with every point of it; nothing is run."""
    from sim.studies.study import Study

    assert Study.load(path).points


def _calibration(path: Path, *_: object) -> None:
    """Check a calibration with every camp of it; nothing is run."""
    from sim.calibration.calibration import Calibration

    Calibration.load(path)


def _case(path: Path, *_: object) -> None:
    from sim.replay import read_case

    read_case(path)


def _procedure(path: Path, data: dict[str, Any], _: object) -> None:
    from sim.procedures.schema import Procedure

    validate(Procedure, data, path)


def _conditions(path: Path, data: dict[str, Any], _: object) -> None:
    from sim.procedures.schema import Conditions

    validate(Conditions, data, path)


def _authorities(path: Path, *_: object) -> None:
    from sim.agents.behaviour import Authorities

    Authorities.load(path)


def _measures(path: Path, data: dict[str, Any], own_steps: set[str]) -> None:
    from sim.outcomes.measures import Measures

    _check_steps(validate(Measures, data, path), path, own_steps)


def _card(path: Path, *_: object) -> None:
    """Check a card of a workshop on the shipped scenario."""
    from sim.scenarios.scenario import Scenario
    from sim.view.cards import check_card, read_card

    check_card(read_card(path), Scenario.load("netherlands"), path)


def _layer(path: Path, *_: object) -> None:
    """Check a court layer on all that ships, since it can be put on any regime."""
    from sim.evidence.references import reference_keys
    from sim.policies.library import read_source, shipped
    from sim.policies.validation import mistakes
    from sim.procedures.rulebook import Rulebook

    source = read_source(path)
    raise_all(mistakes(source, [*shipped(), source], Rulebook.load(), reference_keys()))


def _behaviour(path: Path, *_: object) -> None:
    """Check decisions and hazards with every name they use, under every shipped regime."""
    from sim.agents.behaviour import Behaviour
    from sim.policies.regime import Regime, shipped_regimes
    from sim.runs.world import make_world
    from sim.scenarios.scenario import Scenario

    behaviour, scenario = Behaviour.load(path), Scenario.load("netherlands")
    for name in shipped_regimes():
        try:
            make_world(scenario, Regime.load(name), behaviour)
        except InputError as error:
            raise InputError(
                error.problem,
                file=path,
                key=error.key,
                value=error.value,
                accepted=error.accepted,
                nearest=error.nearest,
            ) from None


def _scenario(path: Path, own_steps: set[str]) -> list[str]:
    """Check a scenario with the regimes and readings it names."""
    from sim.runs.loading import regime_of
    from sim.runs.notice import notice_of
    from sim.runs.world import people_of
    from sim.scenarios.scenario import Scenario

    scenario = Scenario.load(path)
    throughout = scenario.document.scenario.throughout
    regimes = [regime_of(scenario, regime, throughout) for regime in scenario.regimes]
    own_steps |= {step for regime in regimes for step in regime.versions}
    return ["a scenario: ok", notice_of(scenario, regimes, people_of(scenario)).line()]


_CHECKS: dict[str, Callable[[Path, dict[str, Any], set[str]], None]] = {
    "study": _study,
    "calibration": _calibration,
    "hypothesis": _hypothesis,
    "case": _case,
    "layer": _layer,
    "step": _procedure,
    "condition": _conditions,
    "decision": _behaviour,
    "pool": _authorities,
    "measure": _measures,
    "card": _card,
}
"""How a file is checked, by the table that it has; the checks of scenarios and regimes return more lines."""
