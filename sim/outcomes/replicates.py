"""The value of every measure in every replicate: what levels and differences are means of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.pairing import Labels

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("measure", "world", "group", "regime", "replicate", "value")


@dataclass(frozen=True)
class Block:
    """Values of some regimes, measures and groups.

    Attributes
    ----------
    values
        ``[replicate, regime, measure, group]``; NaN where a measure is undefined.
    labels
        Names along the last three axes.
    """

    values: NDArray[np.float64]
    labels: Labels


def replicate_table(blocks: Sequence[Block], replicates: Sequence[int]) -> pd.DataFrame:
    """Return one row for each measure, world, group, regime and replicate.

    Parameters
    ----------
    blocks
        The values; no two hold the same measure, world, group and regime.
    replicates
        Number of each replicate along the first axis, from 0: those of an interrupted comparison have gaps.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, world, group, regime`` (categories), ``replicate`` and ``value``; NaN where a measure is
        undefined in a replicate.

    Raises
    ------
    ValueError
        When the shape of a block does not fit its labels and the replicates.
    """
    import pandas as pd

    number = np.asarray(replicates, dtype=np.int32)
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    for block in blocks:
        labels, shape = block.labels, (number.size, *block.labels.shape)
        if block.values.shape != shape:
            raise ValueError(f"values has shape {block.values.shape}, expected {shape}")
        # One regime of a measure and group lies together, replicate after replicate.
        values = block.values.transpose(2, 3, 1, 0)
        measure, group, regime, replicate = (axis.ravel() for axis in np.indices(values.shape))
        columns["measure"].append(_names([m.name for m in labels.measures])[measure])
        columns["world"].append(_names([m.world for m in labels.measures])[measure])
        columns["group"].append(_names(labels.groups)[group])
        columns["regime"].append(_names(labels.regimes)[regime])
        columns["replicate"].append(number[replicate])
        columns["value"].append(values.ravel())
    table = {name: np.concatenate(parts) for name, parts in columns.items()}
    named = {name: pd.Categorical(table[name], categories=list(dict.fromkeys(table[name]))) for name in COLUMNS[:4]}
    return pd.DataFrame({**named, "replicate": table["replicate"], "value": table["value"]})


def _names(names: Sequence[str]) -> NDArray[np.object_]:
    return np.array(list(names), dtype=object)
