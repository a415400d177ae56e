"""One world in the browser, step by step, as any Mesa model: ``solara run experiments/one_world.py``.

Needs ``pip install "b8sim[solara]"``.
"""

from __future__ import annotations

import datetime as dt

from mesa.visualization import SolaraViz, make_plot_component

import sim

YEAR = sim.Scenario.load("netherlands").replace(
    start=dt.date(2019, 6, 1), end=dt.date(2020, 5, 31), inflow={"persons": 3000, "capacities": "in_proportion"}
)
PARAMETERS = {
    "scenario": YEAR,
    "regime": {
        "type": "Select",
        "label": "Regime",
        "value": "vc_2019_08",
        "values": ["vc_2018", "vc_2019_08", "warm_handover"],
    },
    "replicate": {"type": "SliderInt", "label": "Replicate", "value": 0, "min": 0, "max": 20, "step": 1},
    "people": "none",
}

page = SolaraViz(
    sim.PathwayModel(YEAR, regime="vc_2019_08", people="none"),
    components=[
        make_plot_component(["whereabouts.reception", "whereabouts.left_unknown", "whereabouts.shelter"]),
        make_plot_component(["b8.considers_report", "b8.wish_to_report", "b8.permit"]),
        make_plot_component(["queue_avim.report", "queue_om.triage", "queue_ind.dublin"]),
    ],
    model_params=PARAMETERS,
    name="b8sim: one world",
    play_interval=1,
    render_interval=7,
)
"""What ``solara run`` shows."""
