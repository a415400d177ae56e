"""Consistency of all the law that comes with the package: procedures, regimes, readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.evidence.parameters import Parameters
from sim.evidence.references import reference_keys
from sim.files.errors import InputError, raise_all
from sim.files.place import Place
from sim.policies.compose import parts_of
from sim.policies.library import READINGS_FILE, parse, readings, shipped_facts, shipped_layers, shipped_regimes
from sim.policies.regime import Regime
from sim.policies.structure import check_rulebook
from sim.policies.validation import mistakes
from sim.procedures.rulebook import Rulebook
from sim.procedures.schema import Step


def check_law() -> dict[str, int]:
    """Check the procedures, the regimes with every answer to every open legal question, and the court layers.

    Returns
    -------
    dict
        The numbers checked: ``tracks``, ``steps``, ``conditions``, ``regimes``, ``layers``, ``readings``, ``texts``.

    Raises
    ------
    InputError
        For a single mistake; `sim.files.errors.InputErrors` for several.
    """
    base, bibliography = Rulebook.load(), reference_keys()
    raise_all(
        mistake
        for name in shipped_regimes()
        for part in parts_of(parse(name))
        for mistake in mistakes(part.source, [p.source for p in parts_of(parse(name))], base, bibliography)
    )
    raise_all(_mistakes_in_readings(bibliography))
    texts = texts_of_all_regimes()
    facts = shipped_facts()
    check_rulebook(base, amended=texts, facts=facts, parameters=Parameters.load(), sources=bibliography)
    return {
        "tracks": len(base.tracks),
        "steps": len(base.steps),
        "conditions": len(base.conditions),
        "regimes": len(shipped_regimes()),
        "layers": len(shipped_layers()),
        "readings": len(readings()),
        "texts": len(texts),
    }


def texts_of_all_regimes() -> dict[str, Mapping[str, Step]]:
    """Return the final texts of the shipped regimes: as they are, with each answer, with each court layer."""
    texts: dict[str, Mapping[str, Step]] = {}
    for name in shipped_regimes():
        texts[name] = Regime.load(name).final_steps
        for question, reading in readings().items():
            for option in reading.options:
                texts[f"{name}+{question}={option}"] = Regime.load(name, {question: option}).final_steps
        here = {part.source.name for part in parts_of(parse(name))}
        for layer in shipped_layers():
            if layer not in here:
                texts[f"{name}+{layer}"] = Regime.load(f"{name}+{layer}").final_steps
    return texts


def _mistakes_in_readings(bibliography: frozenset[str]) -> Iterator[InputError]:
    parameters = Parameters.load()
    for question, reading in readings().items():
        for name, option in reading.options.items():
            place = Place(READINGS_FILE, f"reading.{question}.options.{name}")
            for key in option.law:
                if key not in bibliography:
                    yield place.at("law").unknown("source", key, bibliography)
            for parameter in option.set:
                if parameter not in parameters:
                    yield place.at("set").unknown("parameter", parameter, parameters)
