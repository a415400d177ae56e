"""The store of a sweep, opened for a paper: whole, as it was made, with the tables that a paper quotes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.agents.behaviour import Authorities
from sim.export.results import Results, check_version, read_json
from sim.files.errors import InputError, raise_all
from sim.outcomes.measures import Measures, catalogue_table
from sim.policies.regime import Regime
from sim.report.checksums import sha256_of
from sim.runs.comparison import assumptions_table, law_changes_table
from sim.runs.replicate import period_of, pool_names
from sim.runs.world import make_world
from sim.studies.disk import sha256
from sim.studies.parts import as_parquet
from sim.studies.results import KEYS
from sim.studies.results import Results as Sweep
from sim.studies.store import KINDS, Store, design_table, points_table

if TYPE_CHECKING:
    from sim.studies.study import Study

ACCEPTED: Final = "the folder of a sweep as b8sim sweep wrote it"
WHOLE: Final = (1, 1)
"""The share of a study that is not divided among machines."""


def opened_study(place: Path) -> Results:
    """Open the folder of a sweep.

    Parameters
    ----------
    place
        The folder; it has a manifest.

    Raises
    ------
    InputError
        When it is not finished, is one share of several, was changed, or was made by another version: each file is
        named.
    """
    receipt = read_json(place / "receipt.json", "is missing, so the folder is not whole", ACCEPTED)
    check_version(receipt, place / "receipt.json")
    store = Store.look(place)
    _check_inputs(place, store.study, receipt)
    _check_finished(store)
    store = Store.open(place)  # the packages must be those that made it
    sweep = Sweep(store)
    asked = store.study.asked
    loaded = dict(zip(store.study.regimes, asked.regimes, strict=True))
    receipt["replicates"] = store.study.document.study.replicates
    receipt["points"] = len(store.study.points)
    title = store.study.document.study.title
    made = _tables(sweep, loaded)
    return Results(place, "study", receipt, asked.scenario, loaded, tuple(_inputs(place, receipt)), title, made)


def _inputs(place: Path, receipt: Mapping[str, Any]) -> Iterator[str]:
    """Give the files of a store that make it again."""
    yield from ("study.toml", "scenario.toml", *sorted(receipt["own_files"]))
    yield from (name for name in ("points.csv",) if (place / name).exists())
    yield from sorted(path.relative_to(place).as_posix() for path in place.glob("presets/*.toml"))


def _check_inputs(place: Path, study: Study, receipt: Mapping[str, Any]) -> None:
    """Refuse a folder whose study, scenario or own files are not those of its receipt, by name."""
    changed = "was changed after the sweep began"
    own = [
        InputError(changed, file=place / name, accepted=ACCEPTED)
        for name, digest in receipt["own_files"].items()
        if not (place / name).is_file() or sha256_of(place / name) != digest
    ]
    raise_all(own)
    if study.asked.scenario.hash() != receipt["scenario_hash"]:
        kept = "parameters" if study.kept else ""
        raise InputError(changed, file=place / "scenario.toml", key=kept, accepted=ACCEPTED)
    if study.hash() != receipt["study_hash"]:
        raise InputError(changed, file=place / "study.toml", accepted=ACCEPTED)


def _check_finished(store: Store) -> None:
    """Refuse a share of a study, a sweep that is not finished, and parts that are not as they were written."""
    place, share = store.folder, tuple(store.manifest["share"])
    if share != WHOLE:
        value = f"share {share[0]} of {share[1]}"
        raise InputError(
            "is one share of a study", file=place, value=value, accepted="b8sim sweep merge, and its folder"
        )
    broken = set(store.broken())
    spoilt = [
        InputError(
            "was changed after it was made: its SHA-256 is another", file=store.file(kind, name), accepted=ACCEPTED
        )
        for name in sorted(broken)
        for kind in KINDS
        if _is_spoilt(store, kind, name)
    ]
    for name, table in (("points", points_table(store.study)), ("design", design_table(store.study))):
        file = place / f"{name}.parquet"
        if not file.is_file() or file.read_bytes() != as_parquet(table):
            spoilt.append(InputError("was changed after it was made", file=file, accepted=ACCEPTED))
    raise_all(spoilt)
    status = store.status()
    if not status.complete:
        value = f"{status.points_done} of {status.points} points"
        raise InputError("the sweep is not finished", file=place, value=value, accepted=f"b8sim sweep resume {place}")


def _is_spoilt(store: Store, kind: str, name: str) -> bool:
    known: str = store.manifest["parts"][name][kind]
    return sha256(store.file(kind, name)) != known


# ---- tables ----


def _tables(sweep: Sweep, loaded: Mapping[str, Regime]) -> dict[str, pd.DataFrame]:
    """Return the tables of a study, by their names in the dictionary."""
    study, asked = sweep.study, sweep.study.asked
    worlds = [make_world(asked.scenario, regime) for regime in asked.regimes]
    units = {(label.name, label.world): label.unit for label in study.readings.labels}
    tables = {
        "points": _points(sweep),
        "factors": _factors(study),
        "point_values": _point_values(sweep),
        "point_readings": sweep.readings,
        "level_ranges": _level_ranges(sweep.readings, units),
        "catalogue": _catalogue(study),
        "assumptions": assumptions_table(worlds, list(loaded)),
    }
    if len(loaded) > 1:
        tables |= {
            "point_differences": sweep.differences,
            "ranges": _ranges(sweep.differences, units),
            "law_changes": law_changes_table(worlds, list(loaded)),
        }
    return tables


def _points(sweep: Sweep) -> pd.DataFrame:
    """Return the points with what came of each."""
    points = sweep.points[["point", "block", "presets", "readings", "drivers"]]
    outcome = sweep.receipts[["point", "status", "error", "replicates"]].rename(columns={"status": "point_status"})
    return points.merge(outcome, on="point", how="left")


def _factors(study: Study) -> pd.DataFrame:
    """Return what varies: from where to where, and its value in the scenario."""
    rows = [(f.name, f.low, f.high, f.base, f.unit, "log" if f.log else "linear") for f in study.factors]
    return pd.DataFrame(rows, columns=["factor", "low", "high", "base", "unit", "scale"])


def _point_values(sweep: Sweep) -> pd.DataFrame:
    """Return the value of each factor at each point, a row for each."""
    names = [factor.name for factor in sweep.study.factors]
    if not names:
        return pd.DataFrame({"point": pd.Series([], dtype=str), "factor": pd.Series([], dtype=str), "value": []})
    long = sweep.points[["point", *names]].melt(id_vars="point", var_name="factor", value_name="value")
    order = {point: place for place, point in enumerate(sweep.points["point"])}
    return long.sort_values("point", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)


def _level_ranges(readings: pd.DataFrame, units: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Return for each level its lowest, middle and highest mean over the points."""
    keys = ["measure", "world", "group", "regime"]
    means = readings.groupby([*keys, "point"], sort=False, observed=True)["value"].mean()
    return _spread(means, keys, units)


def _ranges(differences: pd.DataFrame, units: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Return for each paired difference its lowest, middle and highest mean over the points, and its signs."""
    keys = ["measure", "world", "group", "baseline", "reform"]
    means = differences.set_index([*keys, "point"])["difference"]
    signs = means.groupby(level=keys, sort=False).agg(
        points_higher=lambda values: int((values > 0).sum()), points_lower=lambda values: int((values < 0).sum())
    )
    return _spread(means, keys, units).merge(signs.reset_index(), on=keys)


def _spread(means: pd.Series, keys: list[str], units: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    grouped = means.groupby(level=keys, sort=False)
    table = grouped.agg(lowest="min", middle="median", highest="max", points="count").reset_index()
    unit = [units[name, world] for name, world in zip(table["measure"], table["world"], strict=True)]
    return table[[*keys, "lowest", "middle", "highest"]].assign(unit=unit, points=table["points"])


def _catalogue(study: Study) -> pd.DataFrame:
    """Return what the measures of a study mean."""
    scenario = study.asked.scenario
    worlds = [make_world(scenario, regime) for regime in study.asked.regimes]
    titles = {name: pool.title for name, pool in Authorities.load().pool.items()}
    everything = Measures(measure={**Measures.load(scenario.own).measure, **Measures.dated().measure})
    pools = {name: titles[name] for name in pool_names(worlds)}
    table = catalogue_table(everything, pools, period_of(scenario), worlds[-1].parameters)
    wanted = {(label.name, label.world) for label in study.readings.labels}
    kept = [pair in wanted for pair in zip(table["measure"], table["world"], strict=True)]
    return table[kept].drop_duplicates(KEYS_OF_MEASURE).reset_index(drop=True)


KEYS_OF_MEASURE: Final = [key for key in KEYS if key in {"measure", "world"}]


def study_text(results: Results) -> str:
    """Return what was varied and how, as a paragraph of Markdown with a table of the factors."""
    from sim.export.facts import table

    design = results.receipt["study"]["design"]
    points, replicates = results.receipt["points"], results.receipt["replicates"]
    said = json.dumps({key: value for key, value in design.items() if value not in (None, "", [], 0)}, sort_keys=True)
    rows = results.table("factors")[["factor", "low", "high", "base", "unit", "scale"]].itertuples(index=False)
    return (
        f"{points} points, each under every regime in {replicates} replicates; design: `{said}`. "
        "What is given is the range over the points: over sets of assumptions, not chance.\n\n"
        f"{table(('factor', 'low', 'high', 'in the scenario', 'unit', 'scale'), rows)}"
    )
