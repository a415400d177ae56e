"""The example page of SolaraViz steps, resets and takes other parameters; skipped without the extra ``solara``."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any

import pytest

from sim.model import PathwayModel
from sim.policies.regime import Regime

solara = pytest.importorskip("solara")
pytest.importorskip("altair")
pytestmark = pytest.mark.filterwarnings("ignore")  # of Solara and its parts


@pytest.fixture
def seen() -> list[PathwayModel]:
    """The models that the page shows, one after another."""
    return []


def rendered(page: Any) -> Any:
    _, context = solara.render(solara.AppLayout(children=[page]), handle_error=False)
    return context


def press(context: Any, label: str) -> None:
    import ipyvuetify

    (button,) = [b for b in context.find(ipyvuetify.Btn).widgets if b.children == [label]]
    button.click()


def with_model_shown(seen: list[PathwayModel]) -> Any:
    """Return the page of the example with a part more, that notes which model it is shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mesa.visualization import SolaraViz

        from experiments import one_world

    def note(model: PathwayModel) -> Any:
        seen.append(model)
        return solara.Text(str(model.date))

    model = PathwayModel(one_world.YEAR, regime="vc_2019_08", people="none")
    return SolaraViz(model, components=[note], model_params=one_world.PARAMETERS, play_interval=1, render_interval=7)


def test_the_example_is_a_page() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from experiments.one_world import page
    context = rendered(page)
    press(context, "Step")
    press(context, "Reset")


def test_a_page_steps_and_begins_again(seen: list[PathwayModel]) -> None:
    context = rendered(with_model_shown(seen))
    first = seen[-1]
    assert first.day == -1
    press(context, "Step")
    assert seen[-1] is first
    assert first.day == 6
    assert len(first.datacollector.get_model_vars_dataframe()) == 7
    press(context, "Reset")
    second = seen[-1]
    assert second is not first
    assert (second.day, repr(second)) == (
        -1,
        repr(first).replace(str(first.date), str(second.date)).replace("day 6", "day -1"),
    )
    assert second.world.scenario is first.world.scenario


def test_other_parameters_make_another_model(seen: list[PathwayModel]) -> None:
    import ipyvuetify

    context = rendered(with_model_shown(seen))
    select = context.find(ipyvuetify.Select).widget
    select.v_model = 0 if isinstance(select.v_model, int) else "vc_2018"
    press(context, "Reset")
    model = seen[-1]
    assert model.world.regime.hash() == Regime.load("vc_2018", model.world.scenario.readings).hash()
    assert model.world.scenario.start == dt.date(2019, 6, 1)
    assert len(model.population.people.names) == 3000
    press(context, "Step")
    assert model.day == 6
