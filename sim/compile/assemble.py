"""Put compiled rows together: ``build`` returns the ``Tables`` and the ``Catalogue`` of one world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities
from sim.compile.builder import KINDS, Builder
from sim.compile.cells import NO_SHAPE, Cells, Shape
from sim.engine import columns as tb
from sim.engine.columns import AUTHORITY, CHOICE, LEGAL_CLOCK, Floats, Ints
from sim.engine.decisions import AT, AT_LEAST, BEYOND, ENVIRONMENT, EVER, FLAG, FLAG_DURING, FROM_DATE, LEVEL
from sim.engine.draws import name_keys
from sim.engine.tables import Catalogue, Tables
from sim.files.errors import InputError
from sim.policies.statute import Statute
from sim.procedures.schema import Kind

DEPENDS_ON = {
    **dict.fromkeys((ENVIRONMENT, FLAG_DURING, FROM_DATE), tb.SENSITIVE),
    **dict.fromkeys((LEVEL, AT_LEAST, BEYOND), tb.LEVEL_HAZARDS),
    EVER: tb.EVER_HAZARDS,
}
"""Where the hazards with a condition of a kind are listed; flags never change, steps are listed by track."""


def build(
    statute: Statute,
    authorities: Authorities,
    shocks: dict[str, NDArray[np.bool_]],
    capacities: dict[str, Floats],
    word_of_mouth: bool = False,
    reference: Statute | None = None,
    at_least: Shape = NO_SHAPE,
) -> tuple[Tables, Catalogue, Cells]:
    """Compile one world; return also which cell holds which parameter.

    Parameters
    ----------
    statute
        The law, with behaviour, parameters and calendar; tables run over ``calendar.days``.
    authorities
        The pools.
    shocks
        For each name of ``SHOCKS`` that is dated: active or not, per day.
    capacities
        For each pool: capacity per day, ``float64[days]``.
    word_of_mouth
        Whether people tell those they know what happens to them.
    reference
        The law against which a rule makes a difference to a person; None: the base text of ``statute``.
    at_least
        Hazards that get a place although their rate or growth is 0, so that another can be written; steps that are
        remembered although this law does not ask for them.

    Raises
    ------
    InputError
        When the files do not fit together (``check_rulebook`` reports it earlier and in more detail).
    """
    b = Builder(statute, authorities, shocks, capacities, word_of_mouth, reference, at_least)
    _check_steps_of_behaviour(b)
    spans = []
    for name in b.steps:
        first = b.first_version[name] = b.vers.size
        for version in statute.texts(name):
            b.version(name, version)
        spans.append((first, b.vers.size))
    others = [b.others(name) for name in b.steps]
    for hazard in b.hazards:
        b.hazard(hazard)
    if word_of_mouth:
        b.draw("heard the other way round")
    b.put_draws_of_networks_last()
    catalogue = _catalogue(b)
    b.cells.shape = b.shape
    return _tables(b, catalogue, spans, others), catalogue, b.cells


def _catalogue(b: Builder) -> Catalogue:
    return Catalogue(
        steps=b.steps,
        slots=tuple(b.slot[b.statute.track(name)] for name in b.steps),
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
        beliefs=b.beliefs if b.word_of_mouth else (),
    )


def _accepts(b: Builder) -> NDArray[np.bool_]:
    accepts = np.zeros((len(b.steps), len(b.steps)), bool)
    for name in b.steps:
        for origin in b.statute.accepts[name]:
            accepts[b.step_number[name], b.step_number[origin]] = True
    return accepts


def _classes(b: Builder) -> Ints:
    """Return the class of each step's timer: authority, choice (its branches draw for a person), or legal clock."""
    steps = [b.statute.last_text(name) for name in b.steps]
    classes = [AUTHORITY if step.by else CHOICE if b.statute.is_choice(step) else LEGAL_CLOCK for step in steps]
    return np.array(classes, np.int32)


def _review_days(b: Builder) -> NDArray[np.bool_]:
    """Return the days on which all gates are evaluated again: an external event or a rule begins or ends.

    The days of all shipped regimes count, and those of the reference: every world must update on the same days, or
    people whom no rule reaches would differ.
    """
    review = np.zeros(b.calendar.days, bool)
    for row in b.environment:
        review[1:] |= row[1:] != row[:-1]
    for day in b.days_of_rules():
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
    return sorted({b.slot[b.statute.track(name)] for name in b.steps if b.statute.kind(name) is Kind.GATE})


def _rows_of_hazard(b: Builder, number: int) -> list[int]:
    """Return the conditions and factors on which the rate of a hazard depends."""
    rows = list(range(*b.hzs["conditions"][number]))
    for term in range(*b.hzs["terms"][number]):
        rows += [b.facs["condition"][factor] for factor in range(*b.terms["factors"][term])]
    return rows


def _tracks_at(where: int) -> list[int]:
    """Return the tracks of a set of steps: the one, or those whose bits are given, negative."""
    return [where] if where >= 0 else [slot for slot in range(tb.MOST_TRACKS) if -where >> slot & 1]


def _dependent(b: Builder, of_persons: int) -> tuple[dict[int, int], list[int]]:
    """Return, as bits, the hazards that depend on something: by place in the header, and by track.

    The first hazards are those of persons.
    """
    bits = dict.fromkeys((tb.SENSITIVE, tb.LEVEL_HAZARDS, tb.EVER_HAZARDS, tb.RESTLESS), 0)
    by_track = [0] * tb.MOST_TRACKS
    for number, slot in enumerate(b.hzs["slot"]):
        tracks = _tracks_at(slot)
        for row in _rows_of_hazard(b, number):
            kind = b.conds["kind"][row]
            if kind == AT:
                tracks += _tracks_at(b.conds["b"][row])
            elif kind != FLAG:
                place = DEPENDS_ON.get(kind, tb.RESTLESS)
                # Levels of a network change with events of its members.
                bits[tb.RESTLESS if number >= of_persons and place == tb.LEVEL_HAZARDS else place] |= 1 << number
        for track in tracks:
            by_track[track] |= 1 << number
    return bits, by_track


def _start_state(b: Builder) -> NDArray[np.uint8]:
    state = np.zeros((2, max(b.slot.values()) + 1), np.uint8)
    tracks = {name: track for name, track in b.statute.tracks.items() if track.entity == "network"}
    if tracks:
        # Beyond its own tracks, a network is in a step of its first: one that belongs to no track of persons there.
        state[1, :] = b.step_number[next(iter(tracks.values())).start]
    for name, track in b.statute.tracks.items():
        state[int(name in tracks), b.slot[name]] = b.step_number[track.start]
    return state


def _check_steps_of_behaviour(b: Builder) -> None:
    """Refuse a decision or a belief at a step that no regime has: it would silently have no effect.

    Raises
    ------
    InputError
        For the first such step.
    """
    known = {*b.steps, *b.statute.own.steps}
    named = [(f"decision.{name}.at", decision.at) for name, decision in b.statute.behaviour.decision.items()]
    named += [
        (f"belief.{name}.hears", tuple(h.step for h in belief.hears))
        for name, belief in b.statute.behaviour.belief.items()
    ]
    for key, steps in named:
        for step in steps:
            if step not in known:
                raise b.unknown_step(step, key)


def _step_news(b: Builder) -> list[tuple[int, int]]:
    """Compile what others believe when they hear that somebody entered a step; nothing without word of mouth."""
    ranges = []
    for step in b.steps:
        first = len(b.news)
        if b.word_of_mouth:
            heard = [
                (i, h.says)
                for i, name in enumerate(b.beliefs)
                for h in b.statute.behaviour.belief[name].hears
                if h.step == step
            ]
            b.news += heard
        ranges.append((first, len(b.news)))
    return ranges


def _word_of_mouth(b: Builder) -> dict[int, int]:
    """Return the sizes and places that word of mouth needs in the header; nothing without it."""
    if not b.word_of_mouth:
        return {}
    number, slot = b.set_of(b.statute.conditions["can_hear_news"].at)
    b.cells.whole["heard.after_days"] = [tb.NEWS_AFTER]
    return {
        tb.BELIEFS: len(b.beliefs),
        tb.NEWS_AFTER: int(b.parameters.value("heard.after_days")),
        tb.NEWS_DRAW: b.draws.index("heard the other way round"),
        tb.CAN_HEAR: number,
        tb.CAN_HEAR_SLOT: slot,
    }


def _news_numbers(b: Builder) -> list[float]:
    """Return the weight of one story, the share told reversed, and the rate of fading per day."""
    if not b.word_of_mouth:
        return []
    fades = b.number("heard.fades_per_year", "p / 365.25")
    return [b.number("heard.weight"), b.number("heard.distorted_share"), fades]


def _tables(b: Builder, catalogue: Catalogue, spans: list[tuple[int, int]], others: list[tuple[int, int]]) -> Tables:
    calendar, start_state, step_news = b.calendar, _start_state(b), _step_news(b)
    told = _word_of_mouth(b)
    of_persons = sum(not b.statute.is_of_network(hazard.at[0]) for hazard in b.hazards.values())
    dependent, by_track = _dependent(b, of_persons)
    references = {name: i for i, name in enumerate(b.references)}
    evers = {name: 1 << b.ever(name) for name in b.evers}
    # One stored day serves all steps of a track in which a hazard grows: only one of them is current.
    tracks = sorted({b.statute.track(name) for name in b.grows})
    references |= {
        name: len(b.references) + tracks.index(b.statute.track(name)) for name in b.grows if name not in references
    }
    columns: dict[str, Any] = {
        "STEP_SLOT": catalogue.slots,
        "STEP_KIND": [KINDS[b.statute.kind(name)] for name in b.steps],
        "STEP_POOL": [b.pools.index(by) if (by := b.statute.first_text(name).by) else -1 for name in b.steps],
        "STEP_CLASS": _classes(b),
        "STEP_EVER": np.array([evers.get(name, 0) for name in b.steps], np.uint32).view(np.int32),
        "STEP_REF": [references.get(name, -1) for name in b.steps],
        "STEP_HAZARDS": _step_hazards(b).view(np.int32),
        "STEP_VERSIONS": spans,
        "ACCEPTS": _wide(_accepts(b)),
        "VER_FROM": b.vers["in_force"],
        "VER_APPLIES": b.vers["applies"],
        "VER_DURATION": b.vers["duration"],
        "VER_BRANCHES": b.vers["branches"],
        "VER_SIGNALS": b.vers["signals"],
        "VER_ON_START": b.vers["on_start"],
        "VER_CHANGES": b.vers["changes"],
        "VER_PRIORITY": b.vers["priority"],
        "VER_DRAWS": b.vers["draws"],
        "VER_SENSES": b.vers["senses"],
        "STEP_OTHER": others,
        "STEP_NEWS": step_news,
        "NEWS_BELIEF": [belief for belief, _ in b.news],
        "NEWS_SAYS": [says for _, says in b.news],
        "ASKED": b.asked,
        "BR_TO": b.brs["to"],
        "BR_CONDITIONS": b.brs["conditions"],
        "BR_SIGNALS": b.brs["signals"],
        "PRI_RANK": b.pris["rank"],
        "PRI_CONDITIONS": b.pris["conditions"],
        "CONDITIONS": list(zip(b.conds["kind"], b.conds["a"], b.conds["b"], b.conds["negated"], strict=True)),
        "GATE_SLOTS": _gate_slots(b),
        "SETS": _wide(np.array(b.sets, bool).reshape(-1, len(b.steps))),
        "SIG_TARGET": b.sigs["target"],
        "SIG_SCOPE": b.sigs["scope"],
        "CHG_LEVEL": b.chgs["level"],
        "CHG_SCOPE": b.chgs["scope"],
        "CHG_ADD": b.chgs["add"],
        "THRESHOLDS": b.thresholds,
        "CHG_VALUE": b.chgs["value"],
        "DUR_KIND": b.durs["kind"],
        "DUR_ROW": b.durs["row"],
        "DUR_DRAW": b.durs["draw"],
        "DUR_REF": b.durs["ref"],
        "DUR_WORKING": b.durs["working"],
        "DUR_MEAN": b.durs["mean"],
        "DUR_CV": b.durs["cv"],
        "MODEL_TERMS": b.models["terms"],
        "MODEL_DRAW": b.models["draw"],
        "MODEL_FORM": b.models["form"],
        "MODEL_OPEN": b.models["open"],
        "CHOICES": b.choices,
        "OPTION_MODEL": b.options,
        "MODEL_NEW": b.models["new"],
        "MODEL_NEXT": b.models["next"],
        "MODEL_NEXT_FROM": b.models["next_from"],
        "MODEL_CONSTANT": b.models["constant"],
        "MODEL_CHANCE": [[*row, *[np.nan] * (tb.MOST_GROUPS - len(row))] for row in b.models["chance"]],
        "TERM_COEFFICIENT": b.terms["coefficient"],
        "TERM_FACTORS": b.terms["factors"],
        "FAC_CONDITION": b.facs["condition"],
        "TRACK_HAZARDS": by_track,
        "HZ_TO": b.hzs["to"],
        "HZ_SET": b.hzs["set"],
        "HZ_SLOT": b.hzs["slot"],
        "HZ_CONDITIONS": b.hzs["conditions"],
        "HZ_TERMS": b.hzs["terms"],
        "HZ_DRAW": b.hzs["draw"],
        "HZ_SENSES": b.hzs["senses"],
        "HZ_RATE": b.hzs["rate"],
        "HZ_GROWTH": b.hzs["growth"],
        "NEWS_NUMBERS": _news_numbers(b),
        "POOL_PLACES": [b.authorities.pool[p].kind == "places" for p in b.pools],
    }
    sizes = {
        tb.STEPS: len(b.steps),
        tb.TRACKS: start_state.shape[1],
        tb.POOLS: len(b.pools),
        tb.DAYS: calendar.days,
        tb.REFERENCES: len(b.references) + len(tracks),
        tb.GATES: len(_gate_slots(b)),
        tb.NEW_FACTS: len(b.environments) - len(b.new_facts),
        **dependent,
        tb.NETWORK_DRAWS: len(b.draws) - len(b.network_draws),
        tb.NETWORK_HAZARDS: of_persons,
        **told,
    }
    by_day = {
        tb.DUE: b.due_rows,
        tb.ENVIRONMENTS: b.environment,
        tb.REVIEW: _review_days(b),
        tb.WORKING: calendar.is_working_day,
        tb.WORKING_INDEX: calendar.working_day_index,
        tb.DAY_OF_WORKING_INDEX: calendar.day_of_working_index,
    }
    capacity = np.array([b.capacities[p] for p in b.pools], np.float64).reshape(-1)
    for name, column in tb.COLUMNS.items():
        if not column.is_whole:
            b.cells.note(column, columns[name])
    t, f = _laid_out(columns, sizes, by_day, capacity)
    return Tables(t, f, name_keys(b.draws), start_state)


def _wide(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a table over steps in the width that the kernel expects."""
    wide = np.zeros((table.shape[0], max(tb.MOST_STEPS, table.shape[1])), bool)
    wide[:, : table.shape[1]] = table
    return wide


def _laid_out(
    columns: dict[str, Any], sizes: dict[int, int], by_day: dict[int, Any], capacity: Floats
) -> tuple[Ints, Floats]:
    """Return the columns at their offsets, then the tables over days, whose offsets are in the header."""
    t = np.zeros(tb.END_OF_COLUMNS, np.int32)
    f = np.zeros(tb.POOL_CAPACITY, np.float64)
    for place, size in sizes.items():
        t[place] = size
    assert columns.keys() == tb.COLUMNS.keys(), "a column is missing or unknown"
    for name, column in tb.COLUMNS.items():
        into = t if column.is_whole else f
        values = np.asarray(columns[name], into.dtype).reshape(-1)
        if values.size > column.size:
            problem = f"the law is larger than the engine's tables: too many values for {name}"
            raise InputError(problem, value=values.size, accepted=f"{column.size} or less")
        into[column : column + values.size] = values
    parts, used = [t], t.size
    for place, table in by_day.items():
        values = np.asarray(table, np.int32).reshape(-1)
        t[place] = used
        used += values.size
        parts.append(values)
    return np.concatenate(parts), np.concatenate([f, capacity])
