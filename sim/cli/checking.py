"""``b8sim check``: is everything that ships, or a file one has written, as it should be? Nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from sim.files.errors import InputError, raise_all
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml

KINDS = {
    "scenario": "a scenario",
    "hypothesis": "a hypothesis",
    "case": "a dated case",
    "regime": "a regime",
    "layer": "a court layer",
    "step": "a procedure",
    "condition": "named conditions",
    "decision": "behaviour",
    "pool": "authorities",
}


def check(paths: Sequence[str | PathLike[str]] | None = None) -> list[str]:
    """Check files, or everything that ships.

    Parameters
    ----------
    paths
        Scenarios, regimes, cases, procedures, behaviour, authorities or parameter files; None: all that ships.

    Returns
    -------
    list of str
        One line for each thing that is as it should be.

    Raises
    ------
    InputError
        With every mistake found.
    """
    if not paths:
        return _shipped()
    lines, mistakes = [], []
    for path in paths:
        try:
            lines.append(f"{path}: {_file(Path(path))}")
        except InputError as error:
            mistakes += list(error.problems)
    raise_all(mistakes)
    return lines


def _shipped() -> list[str]:
    """Check the law, all regimes with every reading, parameters, sources and shipped scenarios."""
    from sim.outcomes.measures import Measures
    from sim.policies.shipped_law import check_law
    from sim.procedures.rulebook import Rulebook

    lines = [f"{count} {what}: ok" for what, count in check_law().items()]
    known = set(Rulebook.load().steps) | _steps_of_regimes()
    measures = Measures.load()
    for step in measures.steps():
        if step not in known:
            raise InputError("unknown step", file="sim/outcomes/measures.toml", value=step)
    lines.append(f"{len(measures.measure)} measures: ok")
    for file in sorted(shipped_scenarios_dir().rglob("*.toml")):
        lines.append(f"{file.name}: {_file(file)}")
    return lines


def _steps_of_regimes() -> set[str]:
    """Return the steps that regimes add."""
    from sim.policies.regime import Regime, shipped_regimes

    return {step for name in shipped_regimes() for step in Regime.load(name).versions}


def _file(path: Path) -> str:
    """Check one file by what it says it is; return what it is."""
    data = read_toml(path)
    kind = next((kind for kind in KINDS if kind in data), None)
    if "extends" in data or kind == "scenario":
        return _scenario(path)
    if kind == "hypothesis":
        _hypothesis(path)
    elif kind == "case":
        from sim.replay import read_case

        read_case(path)
    elif kind == "layer":
        _layer(path)
    elif kind == "regime":
        from sim.policies.regime import Regime

        Regime.load(str(path))
    elif kind in ("step", "condition"):
        from sim.files.toml import validate
        from sim.procedures.schema import Conditions, Procedure

        validate(Procedure if kind == "step" else Conditions, data, path)
    elif kind == "decision":
        _behaviour(path)
    elif kind == "pool":
        from sim.agents.behaviour import Authorities

        Authorities.load(path)
    elif any(isinstance(value, dict) for value in data.values()):
        from sim.evidence.parameters import Parameters

        Parameters.load(path)
        return "parameters: ok"
    else:
        accepted = ", ".join(f"[{kind}]" for kind in KINDS)
        raise InputError("not a file that b8sim knows", file=path, accepted=f"a file with a table {accepted}")
    return f"{KINDS[kind or 'scenario']}: ok"


def _layer(path: Path) -> None:
    """Check a court layer on all that ships, since it can be put on any regime."""
    from sim.evidence.references import reference_keys
    from sim.policies.library import read_source, shipped
    from sim.policies.validation import mistakes
    from sim.procedures.rulebook import Rulebook

    source = read_source(path)
    raise_all(mistakes(source, [*shipped(), source], Rulebook.load(), reference_keys()))


def _behaviour(path: Path) -> None:
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


def _hypothesis(path: Path) -> None:
    """Check a preset on the shipped scenario."""
    from sim.scenarios.scenario import Scenario

    Scenario.load("netherlands").under(path)


def _scenario(path: Path) -> str:
    """Check a scenario with the regimes and readings it names."""
    from sim.policies.regime import Regime
    from sim.scenarios.scenario import Scenario

    scenario = Scenario.load(path)
    for regime in scenario.regimes:
        Regime.load(regime, scenario.readings)
    return "a scenario: ok"
