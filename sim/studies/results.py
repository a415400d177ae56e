"""What came of a study, as tables: points, readings (long and wide), receipts, paired differences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.files.errors import InputError
from sim.studies.store import Store, design_table, points_table

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["point", "regime", "measure", "world", "group"]


class Results:
    """The results of a sweep, read from its folder; the tables are made when they are asked for.

    Parameters
    ----------
    store
        The store, or its folder.
    sound_only
        Leave out parts that are spoilt, instead of refusing to read.

    Raises
    ------
    InputError
        When it is no store, nothing is finished, or a part is spoilt.
    """

    def __init__(self, store: Store | str | PathLike[str], *, sound_only: bool = False) -> None:
        self.store = store if isinstance(store, Store) else Store.look(store)
        self.study = self.store.study
        self._broken = set(self.store.broken())
        if self._broken and not sound_only:
            name = sorted(self._broken)[0]
            raise InputError(
                "spoilt or gone since it was written",
                file=self.store.file("readings", name),
                accepted=f"b8sim sweep resume {self.store.folder}, which runs it again",
            )

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row for each point: point, block, presets, readings, and every factor."""
        return _frame(points_table(self.study))

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row for each row of the design: row, point, block, presets, readings, moved, place in the unit cube."""
        return _frame(design_table(self.study))

    @cached_property
    def receipts(self) -> pd.DataFrame:
        """One row for each finished point: point, status, error, replicates, people_hash, half_widths."""
        return _frame(self._table("receipts"))

    @cached_property
    def readings(self) -> pd.DataFrame:
        """One row for each value: point, regime, measure, world, group, replicate, value."""
        return _frame(self._table("readings"))

    @cached_property
    def receipt(self) -> dict[str, Any]:
        """What made the numbers, for figures and tables."""
        receipt: dict[str, Any] = json.loads((self.store.folder / "receipt.json").read_text(encoding="utf-8"))
        return {**receipt, "replicates": self.study.document.study.replicates}

    @property
    def failed(self) -> dict[str, str]:
        """The points that failed, with their errors."""
        rows = self.receipts[self.receipts["status"] == "failed"]
        return dict(zip(rows["point"], rows["error"], strict=True))

    @cached_property
    def long(self) -> pd.DataFrame:
        """The readings with the values of all factors beside them: a row for each value, as plots want it."""
        return self.readings.merge(self.points, on="point", how="left")

    @cached_property
    def wide(self) -> pd.DataFrame:
        """One row for each point, regime and replicate: the factors, and a column for each measure.

        A column is named as its measure; one of the recorded world ``MEASURE recorded``, one of a group other than the
        first of the study ``MEASURE GROUP``.
        """
        first = self.study.readings.groups.names[0]
        readings = self.readings
        name = readings["measure"].where(readings["world"] == "simulated", readings["measure"] + " recorded")
        name = name.where(readings["group"] == first, name + " " + readings["group"])
        table = readings.assign(column=name).pivot_table(
            index=["point", "regime", "replicate"], columns="column", values="value", sort=False, dropna=False
        )
        return self.points.merge(table.reset_index(), on="point", how="right")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The paired difference at each point: point, measure, world, group, baseline, reform, difference, low, high.

        ``difference`` is the mean over replicates of reform less baseline, on the same people; ``low`` and ``high`` its
        95% t-interval, empty with one replicate; ``baseline_level`` the mean under the baseline; ``replicates`` those
        in which the measure is defined under both.
        """
        import pandas as pd

        readings, regimes = self.readings, self.study.regimes
        of = readings.set_index([*KEYS, "replicate"])["value"]
        base = of.xs(regimes[0], level="regime")
        tables = []
        for reform in regimes[1:]:
            paired = (of.xs(reform, level="regime") - base).rename("difference")
            grouped = paired.groupby(level=[key for key in KEYS if key != "regime"], sort=False)
            table = grouped.agg(difference="mean", deviation="std", replicates="count")
            levels = base.groupby(level=[key for key in KEYS if key != "regime"], sort=False).mean()
            table = table.assign(baseline=regimes[0], reform=reform, baseline_level=levels.reindex(table.index))
            tables.append(table.reset_index())
        if not tables:
            raise InputError("a difference needs two regimes", file=self.store.folder, key="study.regimes")
        return _with_intervals(pd.concat(tables, ignore_index=True))

    def sample(
        self, measure: str, reform: str | None = None, *, world: str | None = None, group: str | None = None
    ) -> pd.DataFrame:
        """Return one measure in every replicate, on the same people: point, replicate, baseline, reform, difference.

        Raises
        ------
        InputError
            When the study has no such measure, reform or group.
        """
        reform, world, group = self.named(measure, reform, world, group)
        rows = self.readings
        rows = rows[(rows["measure"] == measure) & (rows["world"] == world) & (rows["group"] == group)]
        table = rows.pivot(index=["point", "replicate"], columns="regime", values="value").reset_index()
        base = table[self.study.regimes[0]]
        out = table[["point", "replicate"]].assign(baseline=base, reform=table[reform])
        return out.assign(difference=out["reform"] - out["baseline"])

    def named(self, measure: str, reform: str | None, world: str | None, group: str | None) -> tuple[str, str, str]:
        """Return reform, world and group of what is asked for; the first that the study has where nothing is said.

        Raises
        ------
        InputError
            When the study does not have one of them.
        """
        study, labels = self.study, self.study.readings.labels
        file = self.store.folder / "study.toml"
        if len(study.regimes) < 2:
            raise InputError(
                "a difference needs two regimes", file=file, key="study.regimes", value=list(study.regimes)
            )
        worlds = [label.world for label in labels if label.name == measure]
        _one_of(measure, [label.name for label in labels], "measure", file)
        reform = _one_of(reform or study.regimes[1], study.regimes[1:], "reform", file)
        group = _one_of(group or study.readings.groups.names[0], study.readings.groups.names, "group", file)
        return reform, _one_of(world or worlds[0], worlds, "world", file), group

    def _table(self, kind: str) -> pa.Table:
        names = [part.name for part in self.store.parts]
        done = self.store.manifest["parts"]
        files = [self.store.file(kind, name) for name in names if name in done and name not in self._broken]
        if not files:
            raise InputError("nothing is finished yet", file=self.store.folder, accepted="a sweep with a finished part")
        return pa.concat_tables([pq.read_table(file) for file in files])

    def __repr__(self) -> str:
        """Return the results in one line."""
        status = self.store.status()
        failed = f", {status.points_failed} failed" if status.points_failed else ""
        return f"<Results {self.study.document.study.title}: {status.points_done} of {status.points} points{failed}>"


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _with_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with 95% t-intervals in the place of standard deviations."""
    from scipy.special import stdtrit

    count = table["replicates"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        reach = stdtrit(np.maximum(count - 1, 1).astype(float), 0.975) * table["deviation"] / np.sqrt(count)
    reach = reach.where(count > 1)
    out = table.assign(low=table["difference"] - reach, high=table["difference"] + reach)
    columns = ["point", "measure", "world", "group", "baseline", "reform", "difference", "low", "high"]
    return out[[*columns, "baseline_level", "replicates"]]


def _one_of(name: str, names: Sequence[str], what: str, file: Any) -> str:
    from sim.files.place import Place

    if name not in names:
        raise Place(file, what).unknown(f"{what} among those of the study", name, dict.fromkeys(names))
    return name
