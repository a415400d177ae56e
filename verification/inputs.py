"""The kinds of file that the program reads: good files to start from, the reader of each, and the content it keeps."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.agents import behaviour
from sim.agents.behaviour import Authorities, Behaviour
from sim.cli.checking import check
from sim.evidence import observed, parameters, references
from sim.evidence.observed import read_observed
from sim.evidence.parameters import Parameters
from sim.evidence.passport import DURATIONS, Passport, is_possible
from sim.evidence.references import read_bib, reference_keys
from sim.files.shipped import shipped_scenarios_dir
from sim.files.toml import read_toml, validate
from sim.outcomes import measures
from sim.outcomes.measures import Measures
from sim.policies import library
from sim.policies.compose import composed
from sim.policies.library import parse, read_source, shipped_facts
from sim.policies.regime import Regime
from sim.policies.schema import Readings, RegimeFile
from sim.policies.shipped_law import texts_of_all_regimes
from sim.policies.structure import check_rulebook
from sim.procedures.rulebook import PROCEDURES, Rulebook
from sim.procedures.schema import Conditions, Procedure
from sim.replay import read_case, replay
from sim.replay.case import CaseFile
from sim.runs.world import make_world, people_of, population_of, run_world
from sim.scenarios.presets import Hypothesis, hypotheses_dir
from sim.scenarios.scenario import Scenario
from verification.report import ROOT

FEW = 0.001
"""A share of the people that is small enough for a fast run."""


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    name
        The name of the kind.
    file
        The name under which it is written.
    contents
        Good files to corrupt.
    load
        Reads a file; returns the document and its content as plain tables and lists.
    given
        Returns the content of a file, independently of the package.
    use
        Uses the document, as a command would.
    fixed
        Other files that must be beside it.
    inputs
        Inputs to try instead of corrupted versions of the good files.
    """

    name: str
    file: str
    contents: tuple[bytes, ...]
    load: Callable[[Path], tuple[Any, Any]]
    given: Callable[[bytes, Path], Any]
    use: Callable[[Any], None] | None = None
    fixed: Mapping[str, Path] | None = None
    inputs: SearchStrategy[bytes] | None = None

    @property
    def toml(self) -> bool:
        """Whether the files are TOML."""
        return self.file.endswith(".toml")

    def prepare(self, folder: Path) -> Path:
        """Write the files beside it into a folder; return the path of the file itself."""
        for name, source in (self.fixed or {}).items():
            shutil.copy(source, folder / name)
        return folder / self.file


def plain(model: Any) -> Any:
    """Return the content of a document without defaults."""
    return model.model_dump(by_alias=True, exclude_unset=True)


def same(given: Any, kept: Any) -> bool:
    """Return whether the kept content equals the given one; a single text equals a list of one."""
    if isinstance(kept, list | tuple):
        items = list(given) if isinstance(given, list | tuple) else [given]
        return len(items) == len(kept) and all(same(*pair) for pair in zip(items, kept, strict=True))
    if isinstance(kept, Mapping):
        values = {str(key): value for key, value in kept.items()}  # a product of factors can be a key
        return (
            isinstance(given, Mapping)
            and given.keys() == values.keys()
            and all(same(given[key], value) for key, value in values.items())
        )
    if isinstance(kept, float) and not isinstance(given, bool):
        return isinstance(given, int | float) and given == kept
    if isinstance(given, str):  # a condition, a step or a signal is kept as what it says
        return not isinstance(kept, bool | int | float) and given == str(kept)
    return type(given) is type(kept) and given == kept


def in_toml(content: bytes, _path: Path) -> Any:
    """Return the content of a TOML file by Python's own reader."""
    return tomllib.loads(content.decode("utf-8-sig"))


def _good(*files: Path) -> tuple[bytes, ...]:
    return tuple(file.read_bytes() for file in sorted(files))


# ---- scenarios ----


def _scenario_given(content: bytes, path: Path) -> Any:
    """Return a scenario merged over the one it extends: tables key by key, and one size of the inflow for the other."""
    own = in_toml(content, path)
    parent = own.pop("extends", None)
    if parent is None:
        return _years_as_days(own)
    data = in_toml((shipped_scenarios_dir() / f"{Path(parent).stem}.toml").read_bytes(), path)
    if "persons" in own.get("inflow", {}):
        data["inflow"].pop("scale", None)
    for key, value in own.items():
        data[key] = {**data.get(key, {}), **value} if isinstance(value, dict) else value
    return _years_as_days(data)


def _years_as_days(data: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario in which a year that stands for its first day is that day."""
    for table, name in (("scenario", "history_from"), ("inflow", "applicants_from")):
        if type(year := data.get(table, {}).get(name)) is int:
            data[table][name] = dt.date(year, 1, 1)
    return data


def _load_scenario(path: Path) -> tuple[Any, Any]:
    scenario = Scenario.load(path)
    again = tomllib.loads(scenario.text())
    assert Scenario(validate(type(scenario.document), again, path), path).hash() == scenario.hash(), "text() says other"
    return scenario, plain(scenario.document)


@st.composite
def extreme_scenarios(draw: st.DrawFn) -> bytes:
    """Draw a scenario with extreme numbers: parameters, capacities, people and dates."""
    document = tomllib.loads(EXTENDING.decode())
    document["scenario"]["start"] = draw(st.dates(dt.date(2014, 1, 1), dt.date(2019, 11, 30)))
    document["inflow"] = {
        **draw(
            st.one_of(
                st.fixed_dictionaries({"scale": st.sampled_from([0.0, 0.001, 1.0, 50.0])}),
                st.fixed_dictionaries({"persons": st.sampled_from([0, 1, 3_000, 10_000_000])}),
            )
        ),
        "capacities": draw(st.sampled_from(["as_given", "in_proportion"])),
        "responds_to_rule": draw(st.booleans()),
    }
    document["capacity"] = draw(st.dictionaries(st.sampled_from(sorted(Authorities.load().pool)), EXTREMES, max_size=3))
    shipped = Parameters.load()
    names = draw(st.lists(st.sampled_from(list(shipped)), min_size=1, max_size=6))
    document["parameters"] = {name: draw(_extremes(shipped.passport(name))) for name in names}
    return tomli_w.dumps(document).encode()


EXTREME_NUMBERS = (
    0.0, 1e-300, 1e-9, 0.5, 1.0, 1 - 1e-16, 1.5, 3.0, 17.0, 1e3, 32766.0, 32767.0, 32768.0, 1e5, 1e6, 1e9, 2147483648.0,
    2.0**53, 1e19, 1e40, 1e300, -1.0, -1e3, -1e300,
)  # fmt: skip
EXTREMES = st.sampled_from([number for number in EXTREME_NUMBERS if 0 <= number <= 1e9] * 4 + [*EXTREME_NUMBERS])


def _extremes(passport: Passport) -> SearchStrategy[float]:
    """Draw numbers that the unit allows, and sometimes one that it does not."""
    whole = passport.unit in DURATIONS and passport.varies == "fixed"
    possible = [n for n in EXTREME_NUMBERS if is_possible(passport.unit, n) and (n.is_integer() or not whole)]
    return st.one_of(*[st.sampled_from(possible)] * 15, st.sampled_from(EXTREME_NUMBERS))


def _load_hypothesis(path: Path) -> tuple[Any, Any]:
    scenario = Scenario.load("netherlands").under(path)
    return scenario, plain(Hypothesis.load(path).document)


def _run_scenario(scenario: Scenario) -> None:
    """Run it with few people under its first and last regime."""
    few = scenario.replace(inflow={"scale": FEW})
    people = population_of(few, people_of(few), few.document.scenario.seed, 0)
    for name in {few.regimes[0], few.regimes[-1]}:
        _sound(run_world(make_world(few, Regime.load(name, few.readings)), people), few)


def _sound(outcome: Any, scenario: Scenario) -> None:
    """Refuse an impossible log, in which numbers that overflowed would show."""
    days = outcome.log.day
    assert ((days >= 0) & (days <= (scenario.end - scenario.first_day).days)).all(), "a day outside the scenario"
    assert (np.diff(days) >= 0).all(), "days that go back"
    assert np.isfinite(outcome.state.pool_sums).all(), "a pool that is no number"


# ---- the law ----


def _load_regime(path: Path) -> tuple[Any, Any]:
    source = read_source(path)
    regime = Regime.load(str(path)) if source.file.layer is None else None
    return regime, plain(validate(RegimeFile, read_toml(path), path))


def _run_regime(regime: Regime | None) -> None:
    if regime is not None:
        _run(regime, None)


def _load_procedure(path: Path) -> tuple[Any, Any]:
    model = Conditions if path.name == "conditions.toml" else Procedure
    kept = plain(validate(model, read_toml(path), path))
    rulebook = Rulebook.load(path.parent)
    check_rulebook(
        rulebook,
        amended=_amended(),
        facts=shipped_facts(),
        parameters=Parameters.load(),
        sources=reference_keys(),
    )
    return rulebook, kept


def _put_together(rulebook: Rulebook) -> None:
    """Compose the regimes with the fewest and the most amendments on a changed base text."""
    for name in ("vc_2018", "historical"):
        composed(parse(name), {}, rulebook)


@cache
def _amended() -> Mapping[str, Any]:
    return texts_of_all_regimes()


def _load_behaviour(path: Path) -> tuple[Any, Any]:
    check([path])
    loaded = Behaviour.load(path)
    return loaded, plain(loaded)


@cache
def _few() -> tuple[Scenario, Any]:
    scenario = Scenario.load("netherlands").replace(
        history_from="start", inflow={"scale": FEW}, end=dt.date(2020, 12, 31)
    )
    return scenario, population_of(scenario, people_of(scenario), 1, 0)


def _run(regime: Regime, given: Behaviour | None) -> None:
    scenario, people = _few()
    _sound(run_world(make_world(scenario, regime, given), people), scenario)


# ---- the rest ----


def _load_parameters(path: Path) -> tuple[Any, Any]:
    loaded = Parameters.load(path)
    kept: dict[str, dict[str, Any]] = {}
    for name in loaded:
        group, _, rest = name.partition(".")
        kept.setdefault(group, {})[rest] = plain(loaded.passport(name))
    return loaded, kept


def _parameters_given(content: bytes, path: Path) -> Any:
    groups = in_toml(content, path)
    return {group: {name: groups[group][name] for name in sorted(groups[group])} for group in sorted(groups)}


def _load_model(model: Any, path: Path) -> tuple[Any, Any]:
    loaded = validate(model, read_toml(path), path)
    return loaded, plain(loaded)


def _load_case(path: Path) -> tuple[Any, Any]:
    read_case(path)
    return path, plain(validate(CaseFile, read_toml(path), path))


def _load_figures(path: Path) -> tuple[Any, Any]:
    table = read_observed(path)
    return table, table.to_numpy().tolist()


def _figures_given(content: bytes, _path: Path) -> Any:
    text = content.decode("utf-8-sig")
    return pd.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False).to_numpy().tolist()


def _load_sources(path: Path) -> tuple[Any, Any]:
    entries = read_bib(path)
    kept = [text for entry in entries.values() for text in (entry["key"], *list(entry.values())[2:])]
    return entries, [len(entries), *kept]


def _sources_given(content: bytes, _path: Path) -> Any:
    """Return the plain BibTeX of the file by regular expressions: keys, and texts in braces, possibly nested."""
    text = re.sub(r"(?m)^[ \t]*%.*$", "", content.decode("utf-8-sig"))
    inner = r"[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
    found: list[str] = []
    heads = 0
    for key, value in re.findall(rf"@\w+\s*\{{\s*([^\s,{{}}]+)\s*,|[\w-]+\s*=\s*\{{((?:{inner})*)\}}", text):
        heads += bool(key)
        found.append(key or re.sub(r"\s+", " ", value).strip())
    return [heads, *found]


def _parts_of_parameters(content: bytes) -> tuple[bytes, ...]:
    """Return the groups of the file of parameters, which are files of parameters too, and faster to read."""
    parts = re.split(rb"(?m)^(?=\[)", content)[1:]
    groups: dict[bytes, list[bytes]] = {}
    for part in parts:
        groups.setdefault(part[1:].partition(b".")[0], []).append(part)
    return tuple(b"".join(group) for group in groups.values())


EXTENDING = b"""extends = "netherlands"

[scenario]
end = 2019-12-31
replicates = 2

[inflow]
scale = 0.5

[capacity]
"avim.report" = 3.5
"coa.reception" = [{ from = 2018-01-01, value = 1000 }, { from = 2019-01-01, value = 900.5 }]

[parameters]
"strategic.share" = 0.1
"om.necessity_test_days" = 20

[switches]
word_of_mouth = true

[curves]
investigation_finds_suspect = "linkage"

[[programme]]
name = "more police"
from = 2018-06-01
until = 2019-05-31
capacity_times = { "avim.report" = "national_approach.reports_ratio" }
law = "kst165"
status = "assumed"
"""
HYPOTHESIS = b"""shocks = ["transfers_stopped"]

[hypothesis]
id        = "H99"
title     = "Longer waits, and people who talk"
holder    = "nobody"
mechanism = "Fewer reports are taken, and what happens to people is told on."
signature = "Waits."
fails     = ["nothing that was published is reproduced by this"]
law       = ["kst165"]

[parameters]
"strategic.share" = 0.05

[switches]
word_of_mouth = true

[curves]
investigation_finds_suspect = "threshold"

[readings]
U1 = "ninety_days"

[inflow]
responds_to_rule = true
"""
POLICIES = library.POLICIES
REGIMES = [file for file in POLICIES.glob("*.toml") if file.name != "readings.toml"]
LAW = {file.name: file for file in PROCEDURES.glob("*.toml")}


def kinds() -> tuple[Kind, ...]:
    """Return every kind of file that the program reads."""
    scenarios = [*shipped_scenarios_dir().glob("*.toml")]
    cases = [*(ROOT / "tests" / "cases").glob("*.toml")]
    return (
        Kind("scenario", "x.toml", (EXTENDING, *_good(*scenarios)), _load_scenario, _scenario_given, _run_scenario),
        Kind(
            "scenario with extreme numbers", "x.toml", (EXTENDING,), _load_scenario, _scenario_given, _run_scenario,
            inputs=extreme_scenarios(),
        ),
        Kind(
            "hypothesis", "x.toml", (HYPOTHESIS, *_good(*hypotheses_dir().glob("*.toml"))), _load_hypothesis, in_toml,
            _run_scenario,
        ),
        Kind("regime", "x.toml", _good(*REGIMES), _load_regime, in_toml, _run_regime),
        *(
            Kind(f"procedure ({name})", name, _good(file), _load_procedure, in_toml, _put_together, LAW)
            for name, file in sorted(LAW.items())
        ),
        Kind(
            "behaviour", "x.toml", _good(behaviour.FOLDER / "behaviour.toml"), _load_behaviour, in_toml,
            lambda loaded: _run(Regime.load("vc_2018"), loaded),
        ),
        Kind(
            "authorities", "x.toml", _good(behaviour.FOLDER / "authorities.toml"),
            lambda path: _load_model(Authorities, path), in_toml,
        ),
        Kind(
            "parameters", "x.toml", _parts_of_parameters(parameters.FILE.read_bytes()), _load_parameters,
            _parameters_given,
        ),
        Kind("readings", "x.toml", _good(library.READINGS_FILE), lambda path: _load_model(Readings, path), in_toml),
        Kind(
            "measures", "x.toml", _good(Path(measures.__file__).with_name("measures.toml")),
            lambda path: _load_model(Measures, path), in_toml,
        ),
        Kind("case", "x.toml", _good(*cases), _load_case, in_toml, lambda path: print(end=replay(path).text[:0])),
        Kind("published figures", "x.csv", _good(observed.FILE), _load_figures, _figures_given),
        Kind("sources", "x.bib", _good(references.FILE), _load_sources, _sources_given),
    )  # fmt: skip
