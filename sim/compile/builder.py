"""From the statute to rows: compile steps, decisions and hazards of one world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Decision, Hazard
from sim.compile.cells import NO_SHAPE, OF_UNIT, Shape
from sim.compile.numbering import Numbering
from sim.compile.rows import Rows
from sim.engine.columns import (
    ADDS_UP,
    CLOCK,
    EXPONENTIAL,
    FIXED,
    GATE,
    LOGIT,
    LOGNORMAL,
    NETWORK,
    NEVER,
    PASSED,
    QUEUE,
    RESTING,
    SELF,
    VICTIMS,
    Floats,
)
from sim.files.errors import InputError
from sim.policies.regime import StepVersion
from sim.policies.statute import Statute
from sim.procedures.conditions import NOT, Criterion, Product, Signal, Subject
from sim.procedures.schema import Kind, Step
from sim.procedures.traits import GROUPS, LEVEL_INDEX, RECEIVING

KINDS = {Kind.QUEUE: QUEUE, Kind.CLOCK: CLOCK, Kind.RESTING: RESTING, Kind.GATE: GATE, Kind.PASSED: PASSED}
"""The engine's number of a kind of step."""
SCOPES = {"": SELF, "network": NETWORK, "victims": VICTIMS}
"""The engine's number of an address."""
MOST_HAZARDS = 31
"""The hazards of a step are kept as bits."""


class Builder(Numbering):
    """Rows collected in one pass over the statute; ``sim.compile.assemble.build`` is its only user."""

    def __init__(
        self,
        statute: Statute,
        authorities: Authorities,
        shocks: dict[str, NDArray[np.bool_]],
        capacities: dict[str, Floats],
        word_of_mouth: bool,
        reference: Statute | None,
        at_least: Shape = NO_SHAPE,
    ) -> None:
        super().__init__(statute, shocks, tuple(authorities.pool), word_of_mouth, self.model, self.choice, reference)
        self.other_statute = reference
        self.shape = Shape.of(statute) | at_least
        for name in sorted(at_least.references):
            self.reference(name)
        for name in sorted(at_least.evers):
            self.ever(name)
        self.hazards = self._running()
        self.authorities = authorities
        self.capacities = capacities
        self.layers = tuple(layer.name for layer in statute.layers)
        self.ranges: dict[tuple[str, object], tuple[int, int]] = {}
        self.duration_number: dict[tuple[object, ...], int] = {}
        self.grows: set[str] = set()
        self.first_version: dict[str, int] = {}
        self.condition_cache: dict[Subject, int] = {}
        self.vers, self.brs, self.pris = Rows(), Rows(), Rows()
        self.sigs, self.chgs, self.durs, self.models = Rows(), Rows(), Rows(), Rows()
        self.terms, self.facs, self.hzs = Rows(), Rows(), Rows()
        self.branch_names: list[tuple[str, int]] = []
        self.branch_layers: list[str] = []
        self.asked: list[int] = []
        self.model_number: dict[str, int] = {}
        self.choice_number: dict[str, int] = {}
        self.choices: list[tuple[int, int]] = []
        self.options: list[int] = []
        self.news: list[tuple[int, int]] = []
        self.network_draws: set[str] = set()

    def model(self, name: str) -> int:
        """Compile a decision, with what replaces it under a later regime; return its row."""
        if name not in self.model_number:
            # Reserve the row before terms are compiled: a condition inside may add rows of its own.
            first, *later = self.statute.decisions[name]
            row = self.model_number[name] = self._empty_model(name)
            self._fill_model(row, first.decision)
            for text in later:
                number = self._empty_model(name)
                self._fill_model(number, text.decision)
                self.models.columns["next"][row] = number
                self.models.columns["next_from"][row] = self.statute.day_of(text.in_force)
                row = number
        return self.model_number[name]

    def _empty_model(self, name: str) -> int:
        decision = self.statute.behaviour.decision[name]
        return self.models.add(
            constant=0.0,
            chance=[np.nan] * len(GROUPS),
            form=LOGIT,
            open=(0, 0),
            terms=(0, 0),
            draw=self._draw_at(decision.competes_in or name, decision.at[0]),
            next=-1,
            next_from=NEVER,
            new=self.is_new(name),
        )

    def _fill_model(self, row: int, decision: Decision) -> None:
        columns = self.models.columns
        value = self.number
        columns["open"][row] = self.conditions(decision.open_when)
        if decision.chance is not None:
            columns["chance"][row] = [value(decision.chance)] * len(GROUPS)
        elif decision.chance_by is not None and set(decision.chance_by) == set(GROUPS):
            columns["chance"][row] = [value(decision.chance_by[group]) for group in GROUPS]
        elif decision.chance_by is not None:
            columns["terms"][row] = self._terms_by_state(decision.chance_by)
        else:
            columns["form"][row] = LOGIT if decision.logit is not None else ADDS_UP
            columns["constant"][row] = value(decision.constant) if decision.constant is not None else 0.0
            columns["terms"][row] = self.term_range(decision.factors)

    def choice(self, name: str) -> int:
        """Compile the decisions that compete in a choice; return its number."""
        if name not in self.choice_number:
            self.choice_number[name] = len(self.choice_number)
            decisions = self.statute.behaviour.decision
            rows = [self.model(option) for option, decision in decisions.items() if decision.competes_in == name]
            first = len(self.options)
            self.options += rows
            self.choices.append((first, len(self.options)))
        return self.choice_number[name]

    def term_range(self, terms: dict[Product, str], form: str = "p") -> tuple[int, int]:
        """Compile product -> parameter pairs; ``form``: in which form the coefficient holds the parameter."""
        return self._add_terms(
            [
                (self.number(parameter, form), [self._factor(factor) for factor in product.factors])
                for product, parameter in terms.items()
            ]
        )

    def _terms_by_state(self, chances: Mapping[str, str]) -> tuple[int, int]:
        """Compile a chance for each receiving state; who has none of the named states falls under the last."""
        *named, last = RECEIVING
        rows = {state: [self._factor(factor) for factor in Product.parse(state).factors] for state in named}
        rows[last] = [self.conditions((Criterion.parse(f"{NOT}{state}"),))[0] for state in named]
        return self._add_terms([(self.number(chances[state], "log odds of p"), rows[state]) for state in RECEIVING])

    def _add_terms(self, compiled: Sequence[tuple[float, Sequence[int]]]) -> tuple[int, int]:
        """Add terms, each a coefficient and the rows of its factors; return their range."""
        first = self.terms.size
        for coefficient, factors in compiled:
            start = self.facs.size
            for condition in factors:
                self.facs.add(condition=condition)
            self.terms.add(coefficient=coefficient, factors=(start, self.facs.size))
        return first, first + len(compiled)

    def _factor(self, factor: Subject) -> int:
        if factor not in self.condition_cache:
            first, last = self.conditions((Criterion(factor),))
            if last - first != 1:
                raise InputError(f"factor '{factor}' must be a condition of one part")
            self.condition_cache[factor] = first
        return self.condition_cache[factor]

    # ---- steps ----

    def signals(self, signals: tuple[Signal, ...]) -> tuple[int, int]:
        """Compile signals; return their range, the same for the same signals.

        A signal to a step that only another regime has (in a text that is compiled for reference) leads nowhere.
        """
        if ("signals", signals) not in self.ranges:
            first = self.sigs.size
            for signal in signals:
                target = self.step_number.get(signal.step, len(self.steps))
                self.sigs.add(target=target, scope=SCOPES[signal.address])
            self.ranges["signals", signals] = first, self.sigs.size
        return self.ranges["signals", signals]

    def changes(self, step: Step) -> tuple[int, int]:
        """Compile the changes of traits on entering a step; return their range, the same for the same changes."""
        key = ("changes", tuple(step.changes.items()))
        if key not in self.ranges:
            first = self.chgs.size
            for target, change in step.changes.items():
                parameter = change.add if change.add is not None else change.set
                assert parameter is not None
                self.chgs.add(
                    level=LEVEL_INDEX[target.name],
                    scope=SCOPES[target.address],
                    add=change.add is not None,
                    value=self.number(parameter),
                )
            self.ranges[key] = first, self.chgs.size
        return self.ranges[key]

    def duration(self, name: str, step: Step) -> int:
        """Compile the duration of a step; return its number, -1 for a step without one."""
        if step.takes is None:
            return -1
        key = (name, step.takes, step.takes_at_most, step.term, step.counted_from)
        if key in self.duration_number:
            return self.duration_number[key]
        passport = self.parameters.passport(step.takes)
        kind = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}[passport.varies]
        fixed = kind == FIXED
        if fixed and step.takes_at_most is not None:
            problem = f"takes_at_most cuts a time that varies, and {step.takes} is fixed"
            raise InputError(problem, key=f"{name}.takes_at_most", value=step.takes_at_most)
        self.duration_number[key] = self.durs.add(
            kind=kind,
            mean=self.number(step.takes, OF_UNIT.get(passport.unit, "p")),
            cv=passport.cv or 1.0,
            row=self.due_row(step.takes, step.term) if fixed else self._limit(name, step),
            draw=-1 if fixed else self._draw_at(f"{name} takes", name),
            ref=self.reference(step.counted_from) if step.counted_from else -1,
            working=passport.unit == "working_days",
        )
        return self.duration_number[key]

    def _limit(self, name: str, step: Step) -> int:
        """Return the row of ``due`` that cuts a duration which varies; -1 when no limit is set.

        Raises
        ------
        InputError
            When the limit itself varies between persons.
        """
        if step.takes_at_most is None:
            return -1
        if self.parameters.passport(step.takes_at_most).varies != "fixed":
            raise InputError("a limit is the same for everybody", key=f"{name}.takes_at_most", value=step.takes_at_most)
        return self.due_row(step.takes_at_most, step.term)

    def version(self, name: str, version: StepVersion) -> None:
        """Compile one version of a step.

        Raises
        ------
        InputError
            When an amendment changes the kind or the pool of a step, or a gate asks for a draw.
        """
        step = version.step
        base = self.statute.first_text(name)
        if (step.kind, step.by) != (base.kind, base.by):
            raise InputError(f"{name}: an amendment cannot change the kind or the pool of a step; add a step")
        branches = []
        for branch in step.next:
            branches.append((branch.to, self.conditions(branch.when), self.signals(branch.signals)))
        priorities = [(p.rank, self.conditions(p.when)) for p in step.priority]
        on_entry, on_start = self.signals(step.signals), self.signals(step.on_start)
        br_first = self.brs.size
        for position, (to, conditions, signals) in enumerate(branches):
            self.brs.add(to=self.step_number.get(to, len(self.steps)), conditions=conditions, signals=signals)
            self.branch_names.append((name, position))
            self.branch_layers.append(version.layer)
        decisions = self.statute.behaviour.decision
        asked = dict.fromkeys(self.draw(decisions[name].competes_in or name) for name in self.statute.asked(step))
        asked_first = len(self.asked)
        self.asked += list(asked)
        pri_first = self.pris.size
        for rank, conditions in priorities:
            self.pris.add(rank=rank, conditions=conditions)
        self.vers.add(
            in_force=self.statute.day_of(version.in_force),
            applies=self.reference(version.applies_to) if version.applies_to else -1,
            duration=self.duration(name, step),
            branches=(br_first, self.brs.size),
            signals=on_entry,
            on_start=on_start,
            changes=self.changes(step),
            priority=(pri_first, self.pris.size),
            draws=(asked_first, len(self.asked)),
            senses=self.senses(step),
        )

    def senses(self, step: Step) -> bool:
        """Return whether the branches of a step depend on facts or decisions that the reference does not have."""
        asked = self.statute.asked(step)
        subjects = [criterion.subject for criterion in step.asks]
        for name in asked:
            for _, decision in self.statute.decisions[name]:
                subjects += [criterion.subject for criterion in decision.open_when]
                subjects += _factors(decision.factors)
        return any(self.is_new(name) for name in asked) or self._names_new_fact(subjects)

    def is_new(self, decision: str) -> bool:
        """Return whether the law changes a decision in another way than the reference does."""
        own = self.statute.decisions[decision]
        return own != (self.other_statute.decisions[decision] if self.other_statute else own[:1])

    def _names_new_fact(self, subjects: Iterable[Subject]) -> bool:
        return any(str(subject) in self.new_facts for subject in subjects)

    def others(self, name: str) -> tuple[int, int]:
        """Compile the text of the reference for a step, if it is another one; return the range of its versions."""
        own = self.statute.texts(name)
        if self.other_statute is None:
            return (self.first_version[name], self.first_version[name] + 1) if len(own) > 1 else (0, 0)
        if name not in self.other_statute.steps:
            return 0, 0
        other = self.other_statute.texts(name)
        texts = [[(v.step, v.in_force, v.applies_to) for v in versions] for versions in (own, other)]
        if texts[0] == texts[1]:
            return 0, 0
        first = self.vers.size
        for version in other:
            self.version(name, version)
        return first, self.vers.size

    def _running(self) -> dict[str, Hazard]:
        """Return the hazards, those of persons first, without those that never happen.

        Raises
        ------
        InputError
            When more hazards run than fit in 31 bits.
        """
        running = {name: hazard for name, hazard in self.statute.hazards.items() if name in self.shape.running}
        if len(running) > MOST_HAZARDS:
            raise InputError(
                "more hazards than the engine can run", value=len(running), accepted=f"{MOST_HAZARDS} or less"
            )
        return dict(sorted(running.items(), key=lambda item: self.statute.is_of_network(item[1].at[0])))

    def _draw_at(self, draw: str, step: str) -> int:
        """Return the number of a draw, and note whether networks draw it."""
        if self.statute.is_of_network(step):
            self.network_draws.add(draw)
        return self.draw(draw)

    def days_of_rules(self) -> set[int]:
        """Return the days on which a rule begins or ends: of this law, of the reference, and of what is shipped."""
        dates = set(self.statute.own.dates)
        for statute in (self.statute, self.other_statute or self.statute):
            dates |= statute.dates_of_change
        return {self.statute.day_of(date) for date in dates}

    def put_draws_of_networks_last(self) -> None:
        """Number the draws of networks after those of persons, so that both can use the same places in a row."""
        old = self.draws
        self.draws = sorted(old, key=lambda name: name in self.network_draws)
        number = {-1: -1, **{i: self.draws.index(name) for i, name in enumerate(old)}}
        for rows in (self.models, self.durs, self.hzs):
            rows.columns["draw"] = [number[i] for i in rows["draw"]]
        self.asked = [number[i] for i in self.asked]

    def hazard(self, name: str) -> None:
        """Compile one hazard."""
        hazard = self.hazards[name]
        for key, steps in (("at", hazard.at), ("to", (hazard.to,))):
            for step in steps:
                if step not in self.step_number:
                    raise self.unknown_step(step, f"hazard.{name}.{key}")
        number, slot = self.set_of(hazard.at)
        if name in self.shape.growing:
            self.grows |= set(hazard.at)
        self.hzs.add(
            to=self.step_number[hazard.to],
            set=number,
            slot=slot,
            conditions=self.conditions(hazard.when),
            rate=self.number(hazard.per_year, "p / 365.25"),
            terms=self.term_range(hazard.times, "log p"),
            growth=self.number(hazard.grows_per_year, "p / 365.25") if hazard.grows_per_year else 0.0,
            draw=self._draw_at(f"hazard {name}", hazard.at[0]),
            senses=self._names_new_fact([*(criterion.subject for criterion in hazard.when), *_factors(hazard.times)]),
        )


def _factors(products: Iterable[Product]) -> list[Subject]:
    """Return the single factors of products such as ``knowledge * dublin_claim``."""
    return [factor for product in products for factor in product.factors]
