"""The sentences below a table, from the receipt and the catalogue of a result (`sim.report.limited`)."""

from __future__ import annotations

import pandas as pd

from sim.report.limited import limited

CATALOGUE = pd.DataFrame(
    {
        "measure": ["reports", "b8_granted"],
        "title": ["Reports taken", "Permits granted"],
        "title_nl": ["Aangiften", "Vergunningen"],
    }
)
ROW = {"regime": "vc_2018", "pool": "avim.report", "years": [2019, 2020], "used": 1.0}
RECEIPT = {
    "set_by_capacity": [
        {"measure": "reports", "whole": True, **ROW},
        {"measure": "b8_granted", "whole": False, **ROW},
    ]
}


def test_titles_of_measures_and_pools_are_those_of_the_language() -> None:
    assert limited(RECEIPT, CATALOGUE) == [
        "Police: taking reports (AVIM, KMar): at the assumed capacity throughout 2019 and 2020, under vc_2018. "
        "From that number follow: Reports taken; in part: Permits granted"
    ]
    [dutch] = limited(RECEIPT, CATALOGUE, language="nl")
    assert dutch.startswith("AVIM en KMar: opnemen aangifte: in 2019 en 2020 steeds aan de aangenomen capaciteit")
    assert dutch.endswith("Aangiften; deels: Vergunningen")


def test_only_measures_that_are_shown_are_told() -> None:
    [sentence] = limited(RECEIPT, CATALOGUE, ["reports", "no_such_measure"])
    assert sentence.endswith("follow: Reports taken")
    assert limited(RECEIPT, CATALOGUE, ["left_unknown"]) == []
    assert limited({}, CATALOGUE) == []
