"""What every document has in common (`sim.files.document`)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.files.document import Document, as_tuple


class Person(Document):
    age: int


def test_unknown_keys_other_types_and_changes_are_refused() -> None:
    assert Person(age=3).age == 3
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Person.model_validate({"age": 3, "name": "x"})
    with pytest.raises(ValidationError, match="valid integer"):
        Person.model_validate({"age": "3"})
    with pytest.raises(ValidationError, match="frozen"):
        Person(age=3).age = 4


@pytest.mark.parametrize(
    ("given", "kept"), [("one", ("one",)), (["a", "b"], ("a", "b")), ((), ()), (3, 3), (None, None)]
)
def test_a_text_alone_is_a_list_of_one(given: object, kept: object) -> None:
    assert as_tuple(given) == kept
