"""The names of regimes in tables (`sim.runs.naming`)."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from sim.runs.naming import distinct, readable


def test_a_regime_compared_with_itself_has_a_name_of_its_own() -> None:
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
    assert distinct(["a", "a (2)", "a"]) == ["a", "a (2)", "a (3)"], "a number that is taken is passed over"


@pytest.mark.parametrize("name", ["null", "NA", "true", "2019", "1e3", "2019-08-01", "nan"])
def test_a_name_stays_text_in_a_table(name: str) -> None:
    told = readable(name)
    assert told == f"{name} (regime)"
    table = pd.read_csv(io.StringIO(f"regime,mean\n{told},1.0\n"))
    assert table.regime.tolist() == [told]


@pytest.mark.parametrize("name", ["vc_2018", "vc_2019_08+U7=wish_date", "mine", "regime 2019"])
def test_any_other_name_is_as_it_is(name: str) -> None:
    assert readable(name) == name
