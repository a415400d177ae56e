"""Mistakes in a document, said so that the user knows what to change (`sim.files.toml_errors`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.files.errors import InputError, InputErrors
from sim.files.toml import read_toml, validate


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pool(Part):
    servers: float = Field(ge=0)
    order: Literal["first_come", "ranked"] = "first_come"


class Amendment(Part):
    step: str
    law: tuple[str, ...] = ()
    text: str | None = None

    @field_validator("law", mode="before")
    @classmethod
    def one_or_more(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Fixed(Part):
    days: int = Field(ge=0)


class Spread(Part):
    low: float
    high: float

    @model_validator(mode="after")
    def ordered(self) -> Spread:
        if self.low > self.high:
            raise ValueError("Low is above high")
        return self


class Document(Part):
    name: str = Field(min_length=1)
    persons: int = Field(default=100, ge=1, le=1000)
    share: float = 0.5
    start: dt.date = dt.date(2019, 8, 1)
    open_: bool = Field(default=False, alias="open")
    capacity: dict[str, Pool] = Field(default_factory=dict)
    amend: tuple[Amendment, ...] = ()
    groups: list[str] = Field(default_factory=list)
    range: tuple[float, float] = (0, 1)
    wait: Fixed | Spread | str | None = None
    weights: dict[Literal["women", "men"], Annotated[float, Field(gt=0)]] = Field(default_factory=dict)


def write(folder: Path, content: str | bytes, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def mistakes(**data: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        validate(Document, {"name": "a", **data}, "x.toml")
    return [str(problem) for problem in caught.value.problems]


def mistake(**data: Any) -> str:
    (only,) = mistakes(**data)
    return only


def test_accepts_what_toml_gives_for_the_models_types(tmp_path: Path) -> None:
    text = """
    name = "a"
    share = 1
    start = 2020-02-29
    open = true
    groups = ["NGA", "UGA"]
    range = [1, 2.5]
    wait = { low = 1, high = 2 }
    weights = { women = 1 }
    capacity."avim.report" = { servers = 2 }
    [[amend]]
    step = "b8.report"
    law = ["x", "y"]
    [[amend]]
    step = "b8.permit"
    law = "z"
    """
    data = read_toml(write(tmp_path, text))
    document = validate(Document, data, "x.toml")
    assert type(document.share) is float
    assert document.start == dt.date(2020, 2, 29)
    assert document.open_ is True
    assert document.groups == ["NGA", "UGA"]
    assert document.range == (1.0, 2.5)
    assert document.wait == Spread(low=1, high=2)
    assert [one.law for one in document.amend] == [("x", "y"), ("z",)]
    assert data["range"] == [1, 2.5], "the data of the caller must stay as it is"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            {"persons": "1"},
            'persons: wrong type\n  given: "1"\n  accepted: a whole number, at least 1, at most 1000',
        ),
        (
            {"persons": True},
            "persons: wrong type\n  given: true\n  accepted: a whole number, at least 1, at most 1000",
        ),
        (
            {"persons": 1.0},
            "persons: wrong type\n  given: 1.0\n  accepted: a whole number, at least 1, at most 1000",
        ),
        (
            {"persons": 0},
            "persons: too small\n  given: 0\n  accepted: a whole number, at least 1, at most 1000",
        ),
        (
            {"persons": 1001},
            "persons: too large\n  given: 1001\n  accepted: a whole number, at least 1, at most 1000",
        ),
        ({"share": True}, "share: wrong type\n  given: true\n  accepted: a number"),
        ({"share": "0.5"}, 'share: wrong type\n  given: "0.5"\n  accepted: a number'),
        ({"share": None}, "share: wrong type\n  given: None\n  accepted: a number"),
        ({"open": 1}, "open: wrong type\n  given: 1\n  accepted: true or false"),
        ({"name": ""}, 'name: too short\n  given: ""\n  accepted: text in quotes, of length 1 or more'),
        ({"name": 3}, "name: wrong type\n  given: 3\n  accepted: text in quotes, of length 1 or more"),
        (
            {"start": dt.datetime(2019, 8, 1)},
            "start: wrong type\n  given: 2019-08-01T00:00:00\n"
            "  accepted: a date such as 2019-08-01, without quotes and without a time",
        ),
        (
            {"start": "2019-08-01"},
            'start: wrong type\n  given: "2019-08-01"\n'
            "  accepted: a date such as 2019-08-01, without quotes and without a time",
        ),
        (
            {"capacity": {"avim.report": {"servers": -1}}},
            "capacity.avim.report.servers: too small\n  given: -1\n  accepted: a number, at least 0",
        ),
        (
            {"capacity": {"om": {"servers": 1, "order": "rankd"}}},
            "capacity.om.order: not one of the accepted values\n"
            '  given: "rankd"\n  accepted: first_come, ranked\n  nearest: ranked',
        ),
        (
            {"capacity": {"om": {"servers": 1, "sevrers": 2}}},
            "capacity.om.sevrers: unknown key\n  given: 2\n  accepted: servers, order\n  nearest: servers",
        ),
        ({"capacity": {"om": {}}}, "capacity.om.servers: missing key\n  accepted: a number, at least 0"),
        (
            {"capacity": 3},
            "capacity: wrong type\n  given: 3\n  accepted: a table of a table with servers, order",
        ),
        (
            {"amend": [{"step": "a"}, {"step": "b"}, {"step": 3}]},
            "amend[2].step: wrong type\n  given: 3\n  accepted: text in quotes",
        ),
        (
            {"amend": [{"step": "a", "law": ["x", 1]}]},
            "amend[0].law[1]: wrong type\n  given: 1\n  accepted: text in quotes",
        ),
        ({"amend": [3]}, "amend[0]: wrong type\n  given: 3\n  accepted: a table with step, law, text"),
        (
            {"amend": {"step": "a"}},
            'amend: wrong type\n  given: { step = "a" }\n  accepted: a list of a table with step, law, text',
        ),
        ({"groups": [1]}, "groups[0]: wrong type\n  given: 1\n  accepted: text in quotes"),
        (
            {"range": [1, 2, 3]},
            "range: too long\n  given: [1, 2, 3]\n  accepted: a list of 2: a number, a number",
        ),
        (
            {"wait": 3},
            "wait: wrong type\n  given: 3\n  accepted: a table with days or a table with low, high or text in quotes",
        ),
        ({"wait": {"low": 3, "high": 1}}, "wait: low is above high"),
        (
            {"weights": {"woman": 1}},
            "weights.woman: unknown key\n  accepted: women, men\n  nearest: women",
        ),
        ({"weights": {"men": 0}}, "weights.men: too small\n  given: 0\n  accepted: a number, more than 0"),
    ],
)
def test_one_mistake(data: dict[str, Any], text: str) -> None:
    found = mistakes(**data)
    assert f"x.toml: {text}" in found
    assert len(found) == 1


def test_unknown_key_at_the_top_names_the_alias() -> None:
    text = mistake(opne=True)
    assert text.startswith("x.toml: opne: unknown key\n  given: true\n  accepted: name, persons, share, start, open,")
    assert text.endswith("nearest: open")


def test_a_member_of_a_union_that_fits_by_its_keys_is_explained() -> None:
    assert "x.toml: wait.days: too small\n  given: -1\n  accepted: a whole number, at least 0" in mistakes(
        wait={"days": -1}
    )


def test_all_mistakes_are_reported_in_the_order_of_the_model_and_ten_are_shown() -> None:
    with pytest.raises(InputErrors) as caught:
        validate(Document, {"persons": "1", "share": "2", **{f"key_{i:02d}": i for i in range(11)}}, "x.toml")
    problems = caught.value.problems
    assert [one.key for one in problems[:4]] == ["name", "persons", "share", "key_00"]
    assert len(problems) == 14
    text = str(caught.value)
    assert text.count("x.toml: ") == 10
    assert text.endswith("\n... and 4 more")


TOML = b"""name = "a"
persons = 10
start = 2019-08-01
open = true
range = [0.0, 1e3]
wait = { low = 1, high = 2 }
capacity."avim.report" = { servers = 2, order = 'ranked' }
[[amend]]
step = "b8.report"
law = ["x"]
"""
DEFAULTS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_and_validate(path: Path) -> None:
    """Read a file in which anything may stand; only a document or a mistake explained may come out."""
    try:
        validate(Document, read_toml(path), path)
    except InputError as error:
        lines = str(error).split("\n")
    else:
        lines = []
    assert all(line.isprintable() for line in lines)
    assert all(line.startswith((str(path), "  ", "... and")) for line in lines)


@DEFAULTS
@given(content=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    read_and_validate(write(tmp_path, content))


@DEFAULTS
@given(
    cuts=st.lists(
        st.tuples(
            st.integers(0, len(TOML)),
            st.integers(0, 12),
            st.sampled_from([b"", b"\n", b'"', b"[", b"{", b"=", b"-1", b"nan", b"true", b"a.b", b"2019-02-30"])
            | st.binary(max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_mutated_toml(tmp_path: Path, cuts: list[tuple[int, int, bytes]]) -> None:
    content = TOML
    for place, length, instead in cuts:
        content = content[:place] + instead + content[place + length :]
    read_and_validate(write(tmp_path, content))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["first_come", "ranked", "women"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from(["servers", "order", "step", "law", "days", "low", "high", "men"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@DEFAULTS
@given(data=st.dictionaries(st.sampled_from([f.alias or n for n, f in Document.model_fields.items()]), VALUES))
def test_any_values(data: dict[str, Any]) -> None:
    try:
        validate(Document, data, "x.toml")
    except InputError as error:
        keys = [one.key for one in error.problems]
    else:
        keys = []
    assert len(set(keys)) == len(keys)
