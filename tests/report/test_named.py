"""A figure of a comparison by its name (`sim.report.named`)."""

from __future__ import annotations

import pytest
from synthetic_comparison import GROUPS, synthetic_comparison

from sim.files.errors import InputError
from sim.report.figures import flow_figure
from sim.report.named import figure_named, figures_of
from sim.report.style import figure_bytes


def test_every_figure_has_a_name() -> None:
    known = figures_of(synthetic_comparison(3))
    assert {f"headline_{group}" for group in GROUPS} <= set(known)
    assert {"incidence_all", "flow_vc_2019_08_women"} <= set(known)
    assert {name.partition("_")[0] for name in known} == {"headline", "incidence", "flow"}


def test_the_kind_alone_is_of_everyone_and_of_the_first_reform() -> None:
    comparison = synthetic_comparison(2)
    expected = figure_bytes(flow_figure(comparison, reform="vc_2019_08", group="all"), "svg")
    assert figure_bytes(figure_named(comparison, "flow"), "svg") == expected
    figure = figure_named(comparison, "flow_vc_2019_08_all")
    assert figure_bytes(figure, "svg") == expected
    assert figure._repr_png_().startswith(b"\x89PNG"), "a notebook shows it"  # type: ignore[attr-defined]


def test_another_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no such figure") as caught:
        figure_named(synthetic_comparison(2), "headline_womn")
    assert caught.value.nearest == "headline_women"
