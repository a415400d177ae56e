"""The folder of a calibration, opened for a paper: each camp with its sets, figures and differences, as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sim.calibration.folder import Calibrated
from sim.calibration.targets import load_targets
from sim.export.results import Results, check_version
from sim.export.studied import opened_study
from sim.files.errors import InputError, raise_all
from sim.report.checksums import changes, read_checksums

TACTICS: Final = ("tactics.", "intake.")
"""Beginnings of factors of what networks do and how authorities choose: in the folder of a paper only when asked."""
_OF_SETS: Final = ("camp", "wave", "point", "distance", "accepted", "weight")
_DEVIATION: Final = "deviation "
_LIKE_A_STUDY: Final = ("law_changes", "assumptions", "catalogue")


def opened_calibration(place: Path, receipt: dict[str, Any]) -> Results:
    """Open the folder of a calibration.

    Parameters
    ----------
    place
        The folder.
    receipt
        Its receipt.

    Raises
    ------
    InputError
        When no camp is finished, when a table or a wave was changed, or when another version made it: each file is
        named.
    """
    check_version(receipt, place / "receipt.json")
    done = Calibrated.load(place)
    known = read_checksums(place)
    raise_all(changes(place, known))
    waves = [opened_study(wave) for wave in _waves(place, done)]
    first = waves[0]
    camps = list(dict.fromkeys(done.sets["camp"]))
    told = {
        **receipt,
        "camps": {name: receipt["camps"][name] for name in camps},
        "replicates": first.receipt["replicates"],
        "sets": len(done.sets),
    }
    tables = _tables(done) | {name: first.table(name) for name in _LIKE_A_STUDY}
    inputs = ("calibration.toml", "scenario.toml", *sorted(receipt["own_files"]))
    title = str(first.title).rpartition(":")[0]
    return Results(place, "calibration", told, first.scenario, first.loaded, inputs, title, tables)


def _waves(place: Path, done: Calibrated) -> Iterator[Path]:
    """Give the folders of all waves that the tables are of."""
    for camp, wave in done.sets[["camp", "wave"]].drop_duplicates().itertuples(index=False, name=None):
        folder = place / camp / f"wave-{wave}"
        if not folder.is_dir():
            raise InputError("is missing", file=folder, accepted="the folder as b8sim calibrate made it")
        yield folder


def _tables(done: Calibrated) -> dict[str, pd.DataFrame]:
    """Return the tables of a calibration, long where their columns depend on the file."""
    sets = done.sets
    deviations = [name for name in sets.columns if name.startswith(_DEVIATION)]
    factors = [name for name in sets.columns if name not in {*_OF_SETS, *deviations}]
    keys = ["camp", "wave", "point"]
    values = sets[[*keys, *factors]].melt(keys, var_name="factor", value_name="value").dropna(subset="value")
    off = sets[[*keys, *deviations]].melt(keys, var_name="target", value_name="deviation")
    off["target"] = off["target"].str.removeprefix(_DEVIATION)
    inside = values["factor"].str.startswith(TACTICS)
    titles = {name: target.document.title.nl for name, target in load_targets().items()}
    figures = done.figures
    figures.insert(list(figures.columns).index("title") + 1, "title_nl", figures["target"].map(titles))
    return {
        "sets": sets[list(_OF_SETS)],
        "set_values": values[~inside].reset_index(drop=True),
        "set_tactics": values[inside].reset_index(drop=True),
        "set_deviations": off,
        "figures": figures,
        "camp_differences": done.headline,
        "waves": done.waves,
    }


def calibration_text(results: Results) -> str:
    """Return what was fitted, under which camps, and how many sets fit, as a paragraph of Markdown with a table."""
    from sim.export.facts import table

    receipt, sets = results.receipt, results.table("sets")
    rows = []
    for name, titles in receipt["camps"].items():
        mine = sets[sets["camp"] == name]
        rows.append((titles["en"], len(mine), int(mine["accepted"].sum()), f"{_effective(mine['weight']):.1f}"))
    after = "Figures of after the change were fitted too." if receipt["figures_after_the_change_fitted"] else (
        "No figure of after 31 July 2019 was fitted."
    )  # fmt: skip
    return (
        f"{receipt['sets']} sets of assumptions, each in {receipt['replicates']} replicates; fitted to "
        f"{len(receipt['fitted'])} published figures, {len(receipt['held_out'])} held out. {after} A set is accepted "
        f"when it deviates from no fitted figure by more than {receipt['within_tolerances']:g} tolerances. Ranges hold "
        "nine tenths of the weight of the accepted sets: they are over sets of assumptions, not chance, and no "
        f"posterior probabilities.\n\n{table(('camp', 'sets', 'accepted', 'effective size'), rows)}"
    )


def _effective(weight: pd.Series) -> float:
    total = float((weight**2).sum())
    return float(weight.sum()) ** 2 / total if total else 0.0
