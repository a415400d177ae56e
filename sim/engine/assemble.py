"""Put compiled rows together: ``build`` gives the ``Tables`` and the ``Catalogue`` of one world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Behaviour
from sim.agents.traits import GROUPS
from sim.engine import tables
from sim.engine.builder import Builder, step_kind
from sim.engine.calendar import Calendar
from sim.engine.draws import name_keys
from sim.engine.tables import AUTHORITY, CHOICE, FROM_DATE, LEGAL_CLOCK, Catalogue, Floats, Ints, Tables
from sim.evidence.parameters import Parameters
from sim.policies.regime import Regime
from sim.procedures.rulebook import Rulebook


def build(
    rulebook: Rulebook,
    regime: Regime,
    behaviour: Behaviour,
    authorities: Authorities,
    parameters: Parameters,
    calendar: Calendar,
    shocks: dict[str, NDArray[np.bool_]],
    capacities: dict[str, Floats],
) -> tuple[Tables, Catalogue]:
    """Compile one world.

    Parameters
    ----------
    rulebook, regime, behaviour, authorities, parameters
        Law, amendments, people, pools, numbers.
    calendar
        The days; tables run over ``calendar.days``.
    shocks
        For each name of ``SHOCKS`` that is dated: active or not, per day.
    capacities
        For each pool: capacity per day, ``float64[days]``.

    Raises
    ------
    RuntimeError
        When the files do not fit together (``check_rulebook`` says so earlier and better).
    """
    b = Builder(rulebook, regime, behaviour, authorities, parameters, calendar, shocks, capacities)
    spans = []
    for name in b.steps:
        first = b.vers.size
        for version in regime.versions[name]:
            b.version(name, version)
        spans.append((first, b.vers.size))
    for name in b.hazards:
        b.hazard(name)
    catalogue = _catalogue(b)
    return _tables(b, catalogue, spans), catalogue


def _catalogue(b: Builder) -> Catalogue:
    return Catalogue(
        steps=b.steps,
        slots=tuple(b.slot[b.track(name)] for name in b.steps),
        tracks=b.tracks,
        branches=tuple(b.branch_names),
        branch_layer=tuple(b.branch_layers),
        layers=b.layers,
        hazards=tuple(b.hazards),
        pools=b.pools,
        draws=tuple(b.draws),
        references=tuple(b.references),
        evers=tuple(b.evers),
        arrival_slot=b.slot.get("whereabouts.whereabouts", 0),
    )


def _accepts(b: Builder) -> NDArray[np.bool_]:
    accepts = np.zeros((len(b.steps), len(b.steps)), bool)
    for name in b.steps:
        for version in b.regime.versions[name]:
            for origin in version.step.from_:
                accepts[b.step_number[name], b.step_number[origin]] = True
    return accepts


def _classes(b: Builder) -> Ints:
    """Give each step the class of its timer: authority, choice (its branches draw for a person), or legal clock."""
    people = {"applicant", "victim", "person", "trafficker"}
    classes = []
    for name in b.steps:
        step = b.regime.versions[name][-1].step
        asked = {w.removeprefix("not ") for branch in step.next for w in branch.when}
        choice = any(b.decisions[a].who in people for a in asked if a in b.decisions)
        classes.append(AUTHORITY if step.by else CHOICE if choice else LEGAL_CLOCK)
    return np.array(classes, np.int32)


def _review_days(b: Builder) -> NDArray[np.bool_]:
    """Days on which gates are looked at again for everybody: an external event or a rule begins or ends."""
    review = np.zeros(b.calendar.days, bool)
    for row in b.environment:
        review[1:] |= row[1:] != row[:-1]
    for day in b.vers["in_force"]:
        if 0 < day < b.calendar.days:
            review[day] = True
    for kind, a in zip(b.conds["kind"], b.conds["a"], strict=True):
        if kind == FROM_DATE and 0 < a < b.calendar.days:
            review[a] = True
    return review


def _step_hazards(b: Builder) -> NDArray[np.uint32]:
    masks = np.zeros(len(b.steps), np.uint32)
    for i, hazard in enumerate(b.hazards.values()):
        for step in hazard.at:
            masks[b.step_number[step]] |= np.uint32(1 << i)
    return masks


def _gate_slots(b: Builder) -> list[int]:
    """Return the tracks of persons that have gates."""
    return sorted(
        {b.slot[b.track(name)] for name in b.steps if step_kind(b.regime.versions[name][0].step) == tables.GATE}
    )


def _start_state(b: Builder) -> NDArray[np.uint8]:
    state = np.zeros((2, max(b.slot.values()) + 1), np.uint8)
    for name, track in b.rulebook.tracks.items():
        start = b.step_number[track.start]
        if track.entity == "network":
            state[1, :] = start  # a network has one track; on the others its step belongs to no track of theirs
        else:
            state[0, b.slot[name]] = start
    return state


def _tables(b: Builder, catalogue: Catalogue, spans: list[tuple[int, int]]) -> Tables:
    calendar, start_state = b.calendar, _start_state(b)
    references = {name: i for i, name in enumerate(b.references)}
    evers = {name: 1 << b.ever(name) for name in b.evers}
    # One remembered day serves all steps of a track in which a hazard grows: only one of them is current.
    tracks = sorted({b.track(name) for name in b.grows})
    references |= {
        name: len(b.references) + tracks.index(b.track(name)) for name in b.grows if name not in references
    }
    columns: dict[int, Any] = {
        tables.STEP_SLOT: catalogue.slots,
        tables.STEP_CLASS: _classes(b),
        tables.STEP_EVER: np.array([evers.get(name, 0) for name in b.steps], np.uint32).view(np.int32),
        tables.STEP_REF: [references.get(name, -1) for name in b.steps],
        tables.STEP_HAZARDS: _step_hazards(b).view(np.int32),
        tables.STEP_VERSIONS: spans,
        tables.ACCEPTS: _accepts(b),
        tables.VER_FROM: b.vers["in_force"],
        tables.VER_APPLIES: b.vers["applies"],
        tables.VER_LAYER: b.vers["layer"],
        tables.VER_KIND: b.vers["kind"],
        tables.VER_DURATION: b.vers["duration"],
        tables.VER_POOL: b.vers["pool"],
        tables.VER_BRANCHES: b.vers["branches"],
        tables.VER_SIGNALS: b.vers["signals"],
        tables.VER_ON_START: b.vers["on_start"],
        tables.VER_CHANGES: b.vers["changes"],
        tables.VER_PRIORITY: b.vers["priority"],
        tables.VER_DRAWS: b.vers["draws"],
        tables.VER_SENSES: b.vers["senses"],
        tables.ASKED: b.asked,
        tables.BR_TO: b.brs["to"],
        tables.BR_CONDITIONS: b.brs["conditions"],
        tables.BR_SIGNALS: b.brs["signals"],
        tables.PRI_RANK: b.pris["rank"],
        tables.PRI_CONDITIONS: b.pris["conditions"],
        tables.CONDITIONS: list(
            zip(b.conds["kind"], b.conds["a"], b.conds["b"], b.conds["negated"], strict=True)
        ),
        tables.GATE_SLOTS: _gate_slots(b),
        tables.SETS: b.sets,
        tables.SIG_TARGET: b.sigs["target"],
        tables.SIG_SCOPE: b.sigs["scope"],
        tables.CHG_LEVEL: b.chgs["level"],
        tables.CHG_SCOPE: b.chgs["scope"],
        tables.CHG_ADD: b.chgs["add"],
        tables.CHG_VALUE: b.chgs["value"],
        tables.DUR_KIND: b.durs["kind"],
        tables.DUR_ROW: b.durs["row"],
        tables.DUR_DRAW: b.durs["draw"],
        tables.DUR_REF: b.durs["ref"],
        tables.DUR_WORKING: b.durs["working"],
        tables.DUR_MEAN: b.durs["mean"],
        tables.DUR_CV: b.durs["cv"],
        tables.DUE: b.due_rows,
        tables.MODEL_TERMS: b.models["terms"],
        tables.MODEL_DRAW: b.models["draw"],
        tables.MODEL_NEXT: b.models["next"],
        tables.MODEL_NEXT_FROM: b.models["next_from"],
        tables.MODEL_CONSTANT: b.models["constant"],
        tables.MODEL_CHANCE: b.models["chance"],
        tables.TERM_COEFFICIENT: b.terms["coefficient"],
        tables.TERM_FACTORS: b.terms["factors"],
        tables.FAC_CONDITION: b.facs["condition"],
        tables.HZ_TO: b.hzs["to"],
        tables.HZ_SET: b.hzs["set"],
        tables.HZ_SLOT: b.hzs["slot"],
        tables.HZ_CONDITIONS: b.hzs["conditions"],
        tables.HZ_TERMS: b.hzs["terms"],
        tables.HZ_DRAW: b.hzs["draw"],
        tables.HZ_LOG_RATE: b.hzs["log_rate"],
        tables.HZ_GROWTH: b.hzs["growth"],
        tables.POOL_PLACES: [b.authorities.pool[p].kind == "places" for p in b.pools],
        tables.POOL_CAPACITY: [b.capacities[p] for p in b.pools],
        tables.ENVIRONMENTS: b.environment,
        tables.REVIEW: _review_days(b),
        tables.WORKING: calendar.is_working_day,
        tables.WORKING_INDEX: calendar.working_day_index,
        tables.DAY_OF_WORKING_INDEX: calendar.day_of_working_index,
    }
    sizes = {
        tables.STEPS: len(b.steps),
        tables.TRACKS: start_state.shape[1],
        tables.POOLS: len(b.pools),
        tables.DAYS: calendar.days,
        tables.GROUPS_COUNT: len(GROUPS),
        tables.REFERENCES: len(b.references) + len(tracks),
        tables.GATES: len(_gate_slots(b)),
    }
    t, f = _laid_out(columns, sizes)
    return Tables(t, f, name_keys(b.draws), start_state)


def _laid_out(columns: dict[int, Any], sizes: dict[int, int]) -> tuple[Ints, Floats]:
    """Lay columns one after another and note their places in the header."""
    header = np.zeros(tables.HEADER, np.int32)
    for place, size in sizes.items():
        header[place] = size
    parts: dict[bool, list[NDArray[Any]]] = {False: [header], True: []}
    used = {False: tables.HEADER, True: 0}
    for place, column in columns.items():
        is_float = place >= tables.FIRST_FLOAT
        values = np.asarray(column, np.float64 if is_float else np.int32).reshape(-1)
        header[place] = used[is_float]
        used[is_float] += values.size
        parts[is_float].append(values)
    return np.concatenate(parts[False]), np.concatenate([*parts[True], np.zeros(1)])
