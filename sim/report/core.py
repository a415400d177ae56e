"""The data of the page: everything a comparison says, as one JSON document.

It is what ``GET /data/core.json`` of ``b8sim view`` serves and what ``report.html`` holds; the page reads nothing else
of a comparison. Its shape, where ``R`` regimes (the baseline first), ``M`` measures, ``G`` groups, ``N`` replicates,
``O`` outcomes, ``C`` causes of leaving::

    format       1
    receipt      as in receipt.json
    scenario     name, title, start, end, seed, replicates, replicates_wanted, hypotheses {name: title},
                 changes {parameter: value}, readings {U1: answer}, events [{name, from, until, status}]
    regimes      [{name, title, layers: [{name, title, in_force}]}]                              R
    groups       [{name, title {en, nl}, assumed, people}]    people: mean over replicates       G
    measures     [{name, world, area, unit, title, meaning, headline, per_thousand}]             M
    values       [R][M][G] -> [N] or null (undefined in every replicate)
    quantiles    [two-sided 95% quantile of t with 1, 2, ... degrees of freedom]
    exact        {poisson: [[low, high] of 0, 1, ... events], other: [replicates from 2][off from 0][low, high]}
    outcomes     [{name, title}]                                                                 O
    incidence    {days, causes: [position in outcomes], curves: [R][G][C][day]}
    parameters   [{name, value, low, high, unit, whole, grade, status, source: [], date, note, regimes, slider}]
    authorities  {name: title} of those who act and have a queue or places
    readings     [{name, question, why, status, answers: [{name, title}], used}]
    presets      [{name, id, title, holder, mechanism, fails, parameters {name: value}, also: [tables]}]
    law          [{reform, step, title, what, old, new, source, status, why}]
    stage        null; b8sim view adds {number, last, people, replicates}: see sim.view.opening
    fitted       null where no sets of assumptions are fitted to published figures for this question; else {again:
                 positions of the sets that the page runs again, differences: [R - 1][M][G] -> [set] or null},
                 reform less baseline in every set
    parting      whose lives part in one replicate; see sim.runs.parting.Parting.as_data
    limited      {en, nl}: sentences on figures that follow from an assumed capacity

Positions are numbers from 0. ``title``, ``meaning`` and ``question`` are ``{en, nl}``, ``why`` too,
and in ``law`` ``what``, ``old`` and ``new``; other texts are as the model has them, in English.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.agents.behaviour import Authorities
from sim.evidence.passport import DURATIONS
from sim.evidence.references import cite
from sim.files.errors import InputError
from sim.outcomes.cohorts import ALL
from sim.outcomes.groups import CAUSES, OUTCOMES, RULE_GROUPS, Groups
from sim.outcomes.headline import HEADLINE
from sim.outcomes.intervals import tables_for
from sim.outcomes.measures import Measures
from sim.policies.library import readings
from sim.policies.wording import LANGUAGES, in_language
from sim.report.limited import limited
from sim.scenarios.presets import shipped_hypotheses

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.book import LiveComparison

FORMAT: Final = 1
DIGITS: Final = 7
LEAST_TABLED: Final = 20
"""Replicates up to which there are tables at least: the page computes more than it was given."""
IN_BOTH: Final = ("title", "what", "old", "new", "why")
"""Columns of the changes of the law that are in both languages."""
COUNTS: Final = ("persons", "cases")
"""Units of what is counted in people, and can be given per 1,000 of them."""


def core_data(comparison: LiveComparison) -> dict[str, Any]:
    """Return the data of the page for a comparison, ready for ``json.dumps``.

    Parameters
    ----------
    comparison
        What `sim.compare` returns, with at least two regimes.

    Returns
    -------
    dict
        As the head of this module says; numbers have seven digits, and no value is NaN.
    """
    return {
        "format": FORMAT,
        "receipt": comparison.receipt,
        "scenario": _scenario(comparison),
        "regimes": _regimes(comparison),
        "groups": _groups(comparison),
        "measures": _measures(comparison),
        "values": _values(comparison),
        **tables_for(max(len(comparison.numbers), LEAST_TABLED)),
        "outcomes": [{"name": name, "title": dict(OUTCOME_TITLES[name])} for name in OUTCOMES],
        "incidence": _incidence(comparison),
        "parameters": _parameters(comparison),
        "readings": _readings(comparison),
        "authorities": {name: pool.title.model_dump() for name, pool in Authorities.load().pool.items()},
        "presets": _presets(),
        "law": _law(comparison),
        "stage": None,
        "fitted": _fitted(comparison),
        "parting": comparison.parting.as_data(),
        "limited": {
            language: limited(comparison.receipt, comparison.catalogue, HEADLINE, language) for language in ("en", "nl")
        },
    }


OUTCOME_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "b8_permit": {"en": "B8 permit", "nl": "B8-vergunning"},
    "asylum_granted": {"en": "Asylum granted", "nl": "Asiel verleend"},
    "transferred": {"en": "Transferred under Dublin", "nl": "Overgedragen onder Dublin"},
    "left_unknown": {"en": "Left, destination unknown", "nl": "Met onbekende bestemming vertrokken"},
    "departed": {"en": "Departed", "nl": "Vertrokken"},
    "in_procedure": {"en": "In a procedure", "nl": "In procedure"},
}
RULE_GROUP_TITLES: Final = (
    {"en": "people whose rule changed", "nl": "mensen voor wie de regel veranderde"},
    {"en": "people whose rule did not change", "nl": "mensen voor wie de regel niet veranderde"},
)


def _scenario(comparison: LiveComparison) -> dict[str, Any]:
    scenario, receipt = comparison.scenario, comparison.receipt
    document = scenario.document
    events = [
        {
            "name": event.name,
            "from": event.from_.isoformat(),
            "until": event.until and event.until.isoformat(),
            "status": event.status,
        }
        for event in (*document.shock, *document.programme)
        if event.on
    ]
    return {
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        "seed": receipt["seed"],
        "replicates": receipt["replicates"],
        "replicates_wanted": receipt["replicates_wanted"],
        "hypotheses": receipt["hypotheses"],
        "changes": dict(document.parameters),
        "readings": dict(document.readings),
        "word_of_mouth": document.switches.word_of_mouth,
        "events": events,
    }


def _regimes(comparison: LiveComparison) -> list[dict[str, Any]]:
    """Return name, title and dated layers of each regime."""
    found = []
    for name, regime in zip(comparison.regimes, comparison.asked.regimes, strict=True):
        last = regime.layers[-1]
        found.append(
            {
                "name": name,
                "title": last.title.model_dump(),
                "layers": [
                    {
                        "name": layer.name,
                        "title": layer.title.model_dump(),
                        "in_force": layer.in_force and layer.in_force.isoformat(),
                    }
                    for layer in regime.layers
                ],
            }
        )
    return found


def _groups(comparison: LiveComparison) -> list[dict[str, Any]]:
    pairs = comparison.pairs
    sizes = pairs[pairs["reform"] == comparison.regimes[1]].groupby("group", sort=False)["persons"].sum()
    groups = [
        {"name": name, "title": group.title.model_dump(), "assumed": group.assumed, "people": _number(sizes[name])}
        for name, group in Groups.load(comparison.scenario.own).tables.items()
    ]
    if len(comparison.regimes) == 2:
        everyone, changed = sizes["all"], comparison.parting.reforms[0].people
        for name, title, people in zip(RULE_GROUPS, RULE_GROUP_TITLES, (changed, everyone - changed), strict=True):
            groups.append({"name": name, "title": title, "assumed": None, "people": _number(people)})
    return groups


def _measures(comparison: LiveComparison) -> list[dict[str, Any]]:
    labels = comparison.blocks[0].labels
    rows = {(row.measure, row.world): row for row in _rows(comparison.catalogue)}
    measures = Measures.load(comparison.scenario.own).measure
    totals = {name for name, measure in measures.items() if measure.kind == "days"}
    found = []
    for label in labels.measures:
        row = rows[label.name, label.world]
        found.append(
            {
                "name": label.name,
                "world": label.world,
                "area": row.area,
                "unit": label.unit,
                "title": {"en": row.title, "nl": row.title_nl},
                "meaning": {"en": row.meaning, "nl": row.meaning_nl},
                "headline": label.world == "simulated" and label.name in HEADLINE,
                "per_thousand": label.unit in COUNTS or label.name in totals,
            }
        )
    return found


def _values(comparison: LiveComparison) -> list[list[list[list[float | None] | None]]]:
    """Return the value of every replicate: regime, measure, group, replicate."""
    parts = [comparison.blocks[0].values]
    if len(comparison.regimes) == 2:
        parts.append(comparison.blocks[1].values)
    values = np.concatenate(parts, axis=3).transpose(1, 2, 3, 0)
    return [[[_row(group) for group in measure] for measure in regime] for regime in values]


def _fitted(comparison: LiveComparison) -> dict[str, Any] | None:
    """Return the differences in the sets of assumptions that fit published figures, where there are any."""
    found = comparison.fitted_sets
    if found is None:
        return None
    baseline, *reforms = comparison.regimes
    groups = [group["name"] for group in _groups(comparison)]

    def of(reform: str, measure: Mapping[str, Any]) -> list[list[float | None] | None]:
        if measure["world"] != "simulated":
            return [None] * len(groups)
        every = (found.differences(baseline, reform, measure["name"], group) for group in groups)
        return [None if one is None else [_number(value) for value in one] for one in every]

    measures = _measures(comparison)
    return {
        "again": list(found.again),
        "differences": [[of(reform, measure) for measure in measures] for reform in reforms],
    }


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, with the columns as attributes."""
    yield from table.itertuples(index=False)


def _row(values: np.ndarray[Any, Any]) -> list[float | None] | None:
    return None if np.isnan(values).all() else [_number(value) for value in values]


def _number(value: float) -> float | None:
    """Return a number with seven digits, whole where it is whole; None for NaN."""
    if math.isnan(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _incidence(comparison: LiveComparison) -> dict[str, Any]:
    table = comparison.incidence
    table = table[table["cohort"] == ALL]
    groups = list(Groups.load(comparison.scenario.own).names)
    days = sorted({int(day) for day in table["day"]})
    shares = table.set_index(["regime", "group", "cause", "day"])["incidence"]
    cube = shares.to_numpy().reshape(len(comparison.regimes), len(groups), len(CAUSES), len(days))
    expected = [
        (regime, group, cause, day)
        for regime in comparison.regimes
        for group in groups
        for cause in CAUSES
        for day in days
    ]
    if list(shares.index) != expected:
        cube = shares.reindex(expected).to_numpy().reshape(cube.shape)
    curves = [[[[_share(x) for x in cause] for cause in group] for group in regime] for regime in cube]
    return {"days": days, "causes": [OUTCOMES.index(cause) for cause in CAUSES], "curves": curves}


def _share(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 5)


def _parameters(comparison: LiveComparison) -> list[dict[str, Any]]:
    """Return every parameter with its passport, the weakest evidence first."""
    passports = comparison.scenario.own.parameters.passports
    found = []
    for row in _rows(comparison.assumptions):
        passport = passports[row.parameter]
        found.append(
            {
                "name": row.parameter,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "whole": passport.varies == "fixed" and row.unit in DURATIONS,
                "grade": row.grade,
                "status": row.status,
                "source": [_cited(key) for key in row.source.split("; ") if key],
                "date": passport.date and passport.date.isoformat(),
                "note": row.note,
                "regimes": row.regimes,
                "slider": row.low < row.high,
            }
        )
    return found


def _cited(key: str) -> str:
    try:
        return cite(key)
    except InputError:
        return key


def _readings(comparison: LiveComparison) -> list[dict[str, Any]]:
    used = comparison.asked.regimes[-1].readings
    return [
        {
            "name": name,
            "question": reading.question.model_dump(),
            "why": {language: in_language(reading.why, language) for language in LANGUAGES},
            "status": reading.status,
            "answers": [{"name": key, "title": option.title.model_dump()} for key, option in reading.options.items()],
            "used": used.get(name, reading.default),
        }
        for name, reading in readings().items()
    ]


def _presets() -> list[dict[str, Any]]:
    """Return the rival explanations; ``also`` names what one changes beside parameters."""
    found = []
    for preset in shipped_hypotheses():
        head, changes = preset.document.hypothesis, preset.changes
        found.append(
            {
                "name": preset.name,
                "id": head.id,
                "title": head.title,
                "holder": list(head.holder),
                "mechanism": head.mechanism,
                "fails": list(head.fails),
                "parameters": dict(preset.document.parameters),
                "also": sorted(kind for kind in changes if kind != "parameters"),
            }
        )
    return found


def _law(comparison: LiveComparison) -> list[dict[str, Any]]:
    """Return the changes of the law, their words in both languages."""
    both = (table.to_dict(orient="records") for table in (comparison.law_changes, comparison.law_changes_nl))
    return [
        {str(key): {"en": value, "nl": dutch[key]} if key in IN_BOTH else value for key, value in english.items()}
        for english, dutch in zip(*both, strict=True)
    ]
