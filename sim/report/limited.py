"""Which of the figures shown follow from an assumed capacity, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.agents.behaviour import Authorities
from sim.outcomes.limits import Limit, said

if TYPE_CHECKING:
    import pandas as pd


def limited(
    receipt: Mapping[str, Any], catalogue: pd.DataFrame, names: Sequence[str] | None = None, language: str = "en"
) -> list[str]:
    """Return a sentence for each pool that worked at its capacity throughout a year, with the figures that follow.

    Parameters
    ----------
    receipt
        Of a comparison or a run; one without ``set_by_capacity`` says nothing.
    catalogue
        Columns ``measure``, ``title``, and ``title_nl`` for Dutch.
    names
        The measures that are shown; all of them by default.
    language
        ``en`` or ``nl``.
    """
    found = [Limit(**{**row, "years": tuple(row["years"])}) for row in receipt.get("set_by_capacity", ())]
    if not found:
        return []
    column = "title_nl" if language == "nl" and "title_nl" in catalogue else "title"
    titles = dict(zip(catalogue["measure"], catalogue[column], strict=True))
    shown = titles if names is None else {name: titles[name] for name in names if name in titles}
    pools = {name: getattr(pool.title, language) for name, pool in Authorities.load().pool.items()}
    return said(found, shown, pools, language)
