"""The moves of a world, read from a table of transitions in pieces, and what each step is called and who acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.export.results import Results
from sim.policies.regime import Regime
from sim.report.file_names import file_parts
from sim.report.folder import write_parquet

BATCH_ROWS: Final = 131_072
"""Moves that are in memory at once as texts."""
TACTICS: Final = "tactics"
"""The procedure of what networks do, which is left out with care."""


@dataclass(frozen=True)
class Activity:
    """What is done in a step.

    Attributes
    ----------
    step, track
        Its name and the track that it is on.
    name
        English title; with the name of the step where two have the same.
    resource
        The pool of the authorities that does it, or else who acts.
    of_network
        Whether networks go through it, and not persons.
    """

    step: str
    track: str
    name: str
    resource: str
    of_network: bool


@dataclass(frozen=True)
class Moved:
    """One world: the moves of one replicate under one regime.

    Attributes
    ----------
    regime
        Its name in the tables.
    part
        Its name in names of files.
    transitions, persons
        The Parquet files of the moves and of the persons.
    activities
        By step; those that are left out are not in it.
    """

    regime: str
    part: str
    transitions: Path
    persons: Path
    activities: Mapping[str, Activity]

    def batches(self) -> Iterator[pa.Table]:
        """Give the moves as they happened, some at a time, without those into steps that are left out."""
        file = pq.ParquetFile(self.transitions, read_dictionary=["person", "track", "from", "to", "cause", "layer"])
        known = pa.array(sorted(self.activities), pa.string())
        for batch in file.iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            steps = table["to"].combine_chunks().cast(pa.string())
            yield table.filter(pc.is_in(steps, value_set=known))

    def networks(self) -> dict[str, str]:
        """Return the network that holds a person, by person."""
        table = pq.read_table(self.persons, columns=["person", "network"])
        pairs = zip(table["person"].to_pylist(), table["network"].to_pylist(), strict=True)
        return {person: network for person, network in pairs if network}


@dataclass(frozen=True)
class Codes:
    """All moves of a world in numbers: some twenty bytes for each.

    Attributes
    ----------
    who, steps
        Names of persons and networks, and of steps.
    entity, to, origin
        Positions in them: who moves, into which step, from which.
    day
        Date of each move.
    order
        Number of the move in the whole run.
    """

    who: list[str]
    steps: list[str]
    entity: NDArray[np.int32]
    to: NDArray[np.int32]
    origin: NDArray[np.int32]
    day: NDArray[np.datetime64]
    order: NDArray[np.int64]


def codes_of(moved: Moved) -> Codes:
    """Read all moves of a world as numbers."""
    who: dict[str, int] = {}
    steps: dict[str, int] = {}
    parts: list[tuple[NDArray[Any], ...]] = []
    for table in moved.batches():
        numbers = [
            _numbered(table[column].combine_chunks(), names)
            for column, names in (("person", who), ("to", steps), ("from", steps))
        ]
        days = table["date"].to_numpy().astype("datetime64[D]")
        parts.append((*numbers, days, table["order"].to_numpy().astype(np.int64)))
    empty = (*(np.zeros(0, np.int32) for _ in range(3)), np.zeros(0, "datetime64[D]"), np.zeros(0, np.int64))
    joined = [np.concatenate(column) for column in zip(*(parts or [empty]), strict=True)]
    return Codes(list(who), list(steps), *joined)


def _numbered(column: Any, names: dict[str, int]) -> NDArray[np.int32]:
    """Return the numbers of the texts of a column that is a dictionary, and give new texts the next numbers."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    numbers = [names.setdefault(name, len(names)) for name in column.dictionary.to_pylist()]
    indices = column.indices.to_numpy()
    return np.array(numbers, np.int32)[indices] if numbers else np.zeros(0, np.int32)


def activities_of(regime: Regime, include: tuple[str, ...]) -> dict[str, Activity]:
    """Return the activities of a regime by step; those of tactics only where they are asked for."""
    texts = {name: versions[-1].step for name, versions in regime.versions.items()}
    shared = Counter(step.title.en for step in texts.values())
    found = {}
    for name, step in texts.items():
        procedure = name.partition(".")[0]
        if procedure == TACTICS and TACTICS not in include:
            continue
        title = step.title.en if shared[step.title.en] == 1 else f"{step.title.en} [{name}]"
        track = step.track if "." in step.track else f"{procedure}.{step.track}"
        of_network = regime.tracks[track].entity == "network"
        found[name] = Activity(name, track, title, step.by or step.actor, of_network)
    return found


@contextmanager
def worlds(results: Results, include: tuple[str, ...], replicate: int) -> Iterator[list[Moved]]:
    """Give the worlds of some results: that of a run, or those of one replicate of a comparison, which run again.

    Parameters
    ----------
    results
        What was run.
    include
        What is put in that is left out otherwise.
    replicate
        Which replicate of a comparison.
    """
    parts = file_parts(results.regimes)
    activities = {name: activities_of(regime, include) for name, regime in results.loaded.items()}
    if results.kind == "run":
        (name,) = results.regimes
        files = (results.folder / "transitions.parquet", results.folder / "persons.parquet")
        yield [Moved(name, parts[name], *files, activities[name])]
        return
    with TemporaryDirectory() as hidden:
        made = []
        for number, (name, regime) in enumerate(zip(results.regimes, results.scenario.regimes, strict=True)):
            folder = Path(hidden) / str(number)
            folder.mkdir()
            _run_into(folder, results, regime, replicate)
            files = (folder / "transitions.parquet", folder / "persons.parquet")
            made.append(Moved(name, parts[name], *files, activities[name]))
        yield made


def _run_into(folder: Path, results: Results, regime: str, replicate: int) -> None:
    """Run one replicate again, and write its moves and persons."""
    from sim.runs.single import run

    result = run(results.scenario, regime, replicate=replicate, heed=lambda _: None)
    write_parquet(folder, "transitions", result.transitions)
    write_parquet(folder, "persons", result.persons)
