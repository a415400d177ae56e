"""One figure of a comparison by its name, as the report names it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sim.files.errors import InputError, nearest
from sim.report.book import Comparison
from sim.report.figures import flow_figure, headline_figure, incidence_figure
from sim.report.file_names import file_parts
from sim.report.style import figure_bytes

if TYPE_CHECKING:
    from sim.report.drawing import Figure


def figure_named(comparison: Comparison, name: str) -> Figure:
    """Return a figure of a comparison.

    Parameters
    ----------
    name
        ``headline_GROUP``, ``incidence_GROUP`` or ``flow_REFORM_GROUP``, with the reform by its name or as in the name
        of a file; the kind alone is of everyone, and of the first reform.

    Raises
    ------
    InputError
        When there is no such figure.
    """
    known = figures_of(comparison)
    short = {"headline": "headline_all", "incidence": "incidence_all", "flow": f"flow_{comparison.regimes[1]}_all"}
    wanted = short.get(name, name)
    if wanted not in known:
        raise InputError("no such figure", key="figure", value=name, accepted=list(known), nearest=nearest(name, known))
    figure = known[wanted]()
    figure._repr_png_ = partial(figure_bytes, figure, "png")  # type: ignore[attr-defined]  # how a notebook shows it
    return figure


def figures_of(comparison: Comparison) -> dict[str, Callable[[], Figure]]:
    """Return the figures that can be drawn, by their names."""
    # Groups for whom a rule made a difference belong to a pair of regimes: they have no exits and no flow.
    groups = list(dict.fromkeys(comparison.differences["group"]))
    exits = list(dict.fromkeys(comparison.incidence.loc[comparison.incidence["incidence"].notna(), "group"]))
    flows = list(comparison.pairs[["reform", "group"]].drop_duplicates().itertuples(index=False, name=None))
    parts = file_parts(comparison.regimes[1:])
    return {
        **{f"headline_{group}": partial(headline_figure, comparison, group=group) for group in groups},
        **{f"incidence_{group}": partial(incidence_figure, comparison, group=group) for group in exits},
        **{
            f"flow_{name}_{group}": partial(flow_figure, comparison, reform=reform, group=group)
            for reform, group in flows
            for name in (parts[reform], reform)
        },
    }
