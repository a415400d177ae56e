"""Proposals under every camp: better in all sets, worse in all, or dependent on an assumption; no total score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim.calibration.members import Members
from sim.files.document import Document, as_tuple
from sim.files.toml import read_toml, validate
from sim.policies.library import parse
from sim.procedures.schema import Title

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FILE: Final = Path(__file__).parent / "proposals.toml"
SAME_WITHIN: Final = 0.01
"""Share of the level within which a difference counts as none: what chance leaves in a small country."""
SAME_EVENTS: Final = 5
"""Simulated persons, cases or networks within which a difference counts as none, however few there are."""
SEPARATES: Final = 0.6
"""Rank correlation of an assumption with a difference from which it is named."""
Verdict = Literal["better in all", "worse in all", "the same in all", "depends"]


class Compared(Document):
    """The table ``[compared]``."""

    regimes: tuple[str, ...] = Field(min_length=1)

    _tuple = field_validator("regimes", mode="before")(as_tuple)


class Area(Document):
    """A table ``[area.NAME]``: measures, and whether more or less of each is wished."""

    title: Title
    measures: dict[str, Literal["more", "less"]]


class Without(Document):
    """A table ``[without.NAME]``: a proposal without a regime, and why."""

    title: Title
    why: Title
    law: tuple[str, ...]

    _tuple = field_validator("law", mode="before")(as_tuple)


class ProposalsFile(Document):
    """The file of proposals."""

    compared: Compared
    area: dict[str, Area]
    without: dict[str, Without]


@cache
def proposals() -> ProposalsFile:
    """Return which proposals are compared, by which measures, and which have no regime."""
    return validate(ProposalsFile, read_toml(FILE), FILE)


def amended(regime: str) -> str:
    """Return the regime that a shipped proposal amends."""
    head = parse(regime).source.file.regime
    assert head is not None
    return str(head.amends)


def verdict_table(values: pd.DataFrame, members: Members, one: float = 1.0) -> pd.DataFrame:
    """Return one row for each proposal and measure: how it does in the sets of every camp.

    Parameters
    ----------
    values
        A row for each member, columns (regime, measure, world, group), as `sim.calibration.fits.values_by_reading`.
    members
        The members, in the order of the rows.
    one
        How many of the country each simulated person is.

    Returns
    -------
    DataFrame
        ``proposal, against, area, measure, wish``; ``low, middle, high``: the difference over all members (the least,
        the middle, the largest); ``better, same, worse``: in how many of them; ``verdict``; ``camps``: the verdict of
        each camp; ``depends_on``: the assumption that tells better from worse where it depends, if one does.
    """
    import pandas as pd

    return pd.DataFrame(list(_rows(values, members, one)))


def _rows(values: pd.DataFrame, members: Members, one: float) -> Iterator[dict[str, object]]:
    camps = np.array(members.camps)
    for regime in proposals().compared.regimes:
        against = amended(regime)
        for area, table in proposals().area.items():
            for measure, wish in table.measures.items():
                before = values[against, measure, "simulated", "all"].to_numpy(np.float64)
                difference = values[regime, measure, "simulated", "all"].to_numpy(np.float64) - before
                signs = _signs(difference, np.maximum(SAME_WITHIN * np.abs(before), SAME_EVENTS * one), wish)
                said = verdict_of(signs)
                yield {
                    "proposal": regime,
                    "against": against,
                    "area": area,
                    "measure": measure,
                    "wish": wish,
                    "low": float(np.min(difference)),
                    "middle": float(np.median(difference)),
                    "high": float(np.max(difference)),
                    "better": int((signs > 0).sum()),
                    "same": int((signs == 0).sum()),
                    "worse": int((signs < 0).sum()),
                    "verdict": said,
                    "camps": "; ".join(f"{c}: {verdict_of(signs[camps == c])}" for c in dict.fromkeys(members.camps)),
                    "depends_on": depends_on(difference, members) if said == "depends" else "",
                }


def _signs(difference: Floats, least: Floats, wish: str) -> Floats:
    found = np.where(np.abs(difference) <= least, 0.0, np.sign(difference))
    return found if wish == "more" else -found


def verdict_of(signs: Floats) -> Verdict:
    """Return what better (1), same (0) and worse (-1) come to; sets without a difference agree with either side."""
    if (signs == 0).all():
        return "the same in all"
    if (signs >= 0).all():
        return "better in all"
    return "worse in all" if (signs <= 0).all() else "depends"


def depends_on(difference: Floats, members: Members) -> str:
    """Return the assumption whose rank goes most with that of the difference, with its sign; empty where none does.

    An assumption is named from a rank correlation of `SEPARATES`. With few members the largest of many is high by
    chance: fewer than 5% of 20,000 shuffled differences may reach as high.
    """
    ranks = _ranks(np.array(members.values))
    kept = ranks.std(axis=0) > 0
    if difference.size < 5 or not kept.any():
        return ""
    ranks = (ranks[:, kept] - ranks[:, kept].mean(axis=0)) / ranks[:, kept].std(axis=0)
    mine = _ranks(difference[:, None])[:, 0]
    if mine.std() == 0:
        return ""
    mine = (mine - mine.mean()) / mine.std()
    found = mine @ ranks / mine.size
    best = int(np.abs(found).argmax())
    rng = np.random.default_rng(1)
    shuffled = rng.permuted(np.tile(mine, (20_000, 1)), axis=1) @ ranks / mine.size
    chance = float((np.abs(shuffled).max(axis=1) >= abs(found[best])).mean())
    if abs(found[best]) < SEPARATES or chance >= 0.05:
        return ""
    name = [n for n, keeps in zip(members.names, kept, strict=True) if keeps][best]
    return f"{name} ({'more' if found[best] > 0 else 'less'} with more of it)"


def _ranks(columns: Floats) -> Floats:
    from scipy.stats import rankdata

    ranks: Floats = rankdata(columns, axis=0)
    return ranks


def regimes_needed(names: Sequence[str]) -> list[str]:
    """Return the regimes of a study of proposals: what they amend first, then they themselves."""
    return list(dict.fromkeys([*map(amended, names), *names]))
