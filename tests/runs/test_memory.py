"""What follows from parameters is made again when, and only when, a number that it read has another value."""

from __future__ import annotations

from sim.evidence.parameters import Parameters
from sim.runs.memory import Memory

KNOWN = Parameters.load()


class Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self, parameters: Parameters) -> float:
        self.times += 1
        return parameters.value("report.base") + parameters["om.needed_base"]


def get(memory: Memory, make: Maker, parameters: Parameters = KNOWN, key: str = "a") -> float:
    return memory.get(key, parameters, make, lambda _: 1)


def test_it_is_made_again_only_for_what_it_read() -> None:
    memory, make = Memory(10), Maker()
    first = get(memory, make)
    assert get(memory, make, KNOWN.replace({"leaves.transfer_per_year": 1.0})) == first
    assert make.times == 1
    assert get(memory, make, KNOWN.replace({"om.needed_base": -1.0})) == first + 3
    assert make.times == 2
    assert get(memory, make, KNOWN.replace({"report.base": 0.0})) == first - 1.5
    assert make.times == 3


def test_what_was_used_longest_ago_goes_first() -> None:
    memory, make = Memory(2), Maker()
    for key in ("a", "b", "a", "c"):
        get(memory, make, key=key)
    assert make.times == 3
    get(memory, make, key="a")
    assert make.times == 3
    get(memory, make, key="b")
    assert make.times == 4
