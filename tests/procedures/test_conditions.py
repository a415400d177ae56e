"""Short texts of the law become typed values, once, and give their text back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.procedures.conditions import (
    CONSTANT,
    At,
    Criterion,
    Ever,
    Load,
    Name,
    Product,
    Signal,
    StepId,
    TraitName,
    named,
)
from sim.procedures.schema import Branch

NAMES = st.from_regex(r"[a-z][a-z_0-9]{0,12}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "subject", "negated"),
    [
        ("at b8.permit", At(StepId("b8.permit")), False),
        ("not at b8.permit", At(StepId("b8.permit")), True),
        ("ever b8.permit", Ever(StepId("b8.permit")), False),
        ("load avim.report", Load("avim.report"), False),
        ("dublin_claim", Name("dublin_claim"), False),
        ("not dublin_claim", Name("dublin_claim"), True),
        ("not not minor", Name("not minor"), True),
        ("at", Name("at"), False),
        ("", Name(""), False),
    ],
)
def test_an_item_of_when(text: str, subject: object, negated: bool) -> None:
    assert Criterion.parse(text) == Criterion(subject, negated)  # type: ignore[arg-type]
    assert str(Criterion.parse(text)) == text


@given(name=NAMES, negated=st.booleans(), kind=st.sampled_from(["", "at ", "ever ", "load "]))
def test_every_text_is_given_back(name: str, negated: bool, kind: str) -> None:
    text = f"{'not ' if negated else ''}{kind}b8.{name}"
    criterion = Criterion.parse(text)
    assert str(criterion) == text
    assert criterion.opposite.opposite == criterion
    assert str(criterion.affirmed) == text.removeprefix("not ")


@given(procedure=NAMES, step=NAMES, other=NAMES)
def test_full_names(procedure: str, step: str, other: str) -> None:
    full = StepId(step).within(procedure)
    assert (full, full.procedure, full.name) == (f"{procedure}.{step}", procedure, step)
    assert full.within(other) == full
    for kind in ("at", "ever"):
        assert str(Criterion.parse(f"not {kind} {step}").within(procedure)) == f"not {kind} {full}"
        assert str(Criterion.parse(f"{kind} {full}").within(other)) == f"{kind} {full}"
    assert str(Criterion.parse(step).within(procedure)) == step, "a name is no step"
    assert Signal.parse(f"network:{step}").within(procedure) == Signal(full, "network")
    assert Signal.parse(step).within(procedure) == Signal(full)


def test_products() -> None:
    product = Product.parse("leads*load police.investigation")
    assert product.factors == (Name("leads"), Load("police.investigation"))
    assert str(product) == "leads * load police.investigation"
    assert Product.parse("constant") is CONSTANT
    assert str(CONSTANT) == "constant"


def test_an_address_without_a_name_is_not_the_person() -> None:
    """``:b8.permit`` would otherwise pass for a signal to the person in silence."""
    assert Signal.parse(":b8.permit").address == ":"
    assert TraitName.parse("network:leads") == TraitName("leads", "network")


def test_names_asked_for() -> None:
    assert named(map(Criterion.parse, ["minor", "at b8.permit", "not women"])) == ["minor", "women"]


def test_a_model_reads_texts_and_writes_them() -> None:
    branch = Branch(to="b8.permit", when=["not at b8.none", "minor"], signals="network:control.free")  # type: ignore[arg-type]
    assert branch.when == (Criterion(At(StepId("b8.none")), negated=True), Criterion(Name("minor")))
    dumped = branch.model_dump(mode="json")
    assert dumped["when"] == ["not at b8.none", "minor"]
    assert dumped["signals"] == ["network:control.free"]
    assert Branch.model_validate(branch.model_dump()) == branch
    with pytest.raises(ValidationError, match="valid string"):
        Branch(to="b8.permit", when=[3])  # type: ignore[list-item,arg-type]
