"""The folder of a calibration: the sweeps of each camp, and tables of what came of them.

Each table is written whole or not at all. A calibration that was broken off goes on where it was: its sweeps are kept.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.calibration.calibration import Calibration
from sim.calibration.fits import Fits
from sim.calibration.summary import figure_table, headline_table, set_table, wave_table
from sim.calibration.waves import Tell, Wave, finished, fit
from sim.files.errors import InputError
from sim.files.paths import expanded
from sim.files.toml import read_text
from sim.report.checksums import write_checksums
from sim.studies.disk import write_whole
from sim.studies.store import WHATEVER, receipt_of_study

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.study import Study

FORMAT: Final = 1
SAYING: Final = ("fitted", "held_out", "camps", "within_tolerances")
"""Keys of a receipt that say what was changed, where a hash says only that something was."""
TABLES: Final = ("sets", "figures", "headline", "waves")


@dataclass(frozen=True)
class Calibrated:
    """What came of a calibration, read from its folder.

    Attributes
    ----------
    folder
        Where it is.
    sets
        One row for each set of assumptions: camp, wave, its factors, deviation from each figure, weight.
    figures
        One row for each camp and figure, fitted or held out: published value, what the weighted sets give.
    headline
        One row for each camp, measure and group: the difference between the rules over the weighted sets.
    waves
        What each wave learned.
    receipt
        What was fitted, and by which code.
    """

    folder: Path
    sets: pd.DataFrame
    figures: pd.DataFrame
    headline: pd.DataFrame
    waves: pd.DataFrame
    receipt: dict[str, Any]

    @classmethod
    def load(cls, folder: str | PathLike[str]) -> Calibrated:
        """Read the tables of a calibration.

        Raises
        ------
        InputError
            When it is no such folder, or no camp is finished.
        """
        import pandas as pd

        target = expanded(folder)
        receipt = _receipt(target)
        if receipt is None:
            raise InputError("no folder of a calibration", file=target, accepted="a folder that b8sim calibrate made")
        if not (target / "figures.csv").exists():
            raise InputError("no camp is finished", file=target, accepted=f"b8sim calibrate again, into {target}")
        tables = {name: pd.read_csv(target / f"{name}.csv", keep_default_na=True) for name in TABLES}
        return cls(target, **tables, receipt=receipt)


def calibrate(
    calibration: Calibration | str | PathLike[str],
    out: str | PathLike[str],
    *,
    camps: Sequence[str] = (),
    tell: Tell | None = None,
    **how: Any,
) -> Calibrated:
    """Fit camps to the published figures, and return what came of it.

    Parameters
    ----------
    calibration
        A calibration, or its file.
    out
        Where the results go: a new or empty folder, or one in which this very calibration was begun: it goes on.
    camps
        Which camps; all by default. Camps that are finished already stay in the tables.
    tell
        Called with a line for each wave.
    **how
        ``workers``, ``scheduler``, ``progress``, as for `sim.sweep`.

    Raises
    ------
    InputError
        For a camp that is not in the file; for a folder that holds something else, or a calibration to other figures,
        ranges or code.
    KeyboardInterrupt
        When interrupted; what is finished stays.
    """
    loaded = calibration if isinstance(calibration, Calibration) else Calibration.load(calibration)
    names = _camps(loaded, camps)
    folder = expanded(out)
    _open(folder, loaded)
    found: dict[str, tuple[Fits, list[Wave]]] = {}
    there = {name for name in loaded.camps if finished(loaded, folder / name)}
    # Those that are finished come first, so that the tables never lose them while another camp runs.
    for name in sorted(loaded.camps, key=lambda camp: camp not in there):
        if name in names or name in there:
            found[name] = fit(loaded, name, folder / name, tell if name in names else None, **how)
            if there <= set(found):
                _write(folder, loaded, {camp: found[camp] for camp in loaded.camps if camp in found})
    return Calibrated.load(folder)


def _camps(calibration: Calibration, camps: Sequence[str]) -> tuple[str, ...]:
    from sim.files.place import Place

    for camp in camps:
        if camp not in calibration.camps:
            raise Place(calibration.file, "camp").unknown("camp", camp, calibration.camps)
    return tuple(camps) or calibration.camps


def _open(folder: Path, calibration: Calibration) -> None:
    """Make the folder, or see that this very calibration was begun in it."""
    whole = calibration.whole()
    now = json.loads(json.dumps({"format": FORMAT, **_common(whole), **calibration.receipt}))
    before = _receipt(folder)
    if before is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError("not empty, and no calibration is in it", file=folder, accepted="a new or an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {**whole.asked.own_files, "scenario.toml": whole.asked.text}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, text.encode())
        shutil.copyfile(calibration.file, folder / "calibration.toml")
        write_whole(folder / "receipt.json", (json.dumps(now, indent=1, sort_keys=True) + "\n").encode())
        return
    # What says most comes first: which figures and camps differ, before a hash of all.
    for key in sorted(now, key=lambda key: (key not in SAYING, key)):
        value = now[key]
        if before.get(key) != value and key not in WHATEVER:
            raise InputError(
                "not as it was when the calibration began",
                file=folder / "receipt.json",
                key=key,
                value=value,
                accepted=f"{before.get(key)}, as it was; or another folder",
            )


def _common(whole: Study) -> dict[str, Any]:
    """Return what of the receipt of a study holds for every camp: program, packages, scenario, regimes."""
    receipt = receipt_of_study(whole)
    return {key: value for key, value in receipt.items() if key not in {"study", "study_hash"}}


def _receipt(folder: Path) -> dict[str, Any] | None:
    try:
        receipt = json.loads(read_text(folder / "receipt.json", "JSON"))
    except (InputError, ValueError):
        return None
    return receipt if isinstance(receipt, dict) and "calibration_hash" in receipt else None


def _write(folder: Path, calibration: Calibration, found: Mapping[str, tuple[Fits, list[Wave]]]) -> None:
    for name, table in _tables(calibration, found):
        write_whole(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.10g").encode())
    own = _common(calibration.whole())["own_files"]
    write_checksums(folder, ["calibration.toml", "receipt.json", "scenario.toml", *own, *(f"{t}.csv" for t in TABLES)])


def _tables(
    calibration: Calibration, found: Mapping[str, tuple[Fits, list[Wave]]]
) -> Iterator[tuple[str, pd.DataFrame]]:
    import pandas as pd

    head = calibration.document.calibration
    fits = [one for one, _ in found.values()]
    targets = (*calibration.fitted, *calibration.held_out)
    yield "sets", pd.concat([set_table(one) for one in fits], ignore_index=True)
    yield "figures", pd.concat([figure_table(one, targets) for one in fits], ignore_index=True)
    yield "headline", pd.concat([headline_table(one, head.headline, head.groups) for one in fits], ignore_index=True)
    yield "waves", pd.concat([wave_table(one.camp, waves) for one, waves in found.values()], ignore_index=True)
