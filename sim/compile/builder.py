"""From TOML to arrays: compiles the law, behaviour and capacities of one world into ``Tables``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Behaviour, Decision, Hazard
from sim.compile.numbering import Words
from sim.compile.rows import Rows
from sim.engine.calendar import Calendar
from sim.engine.columns import (
    ADDS_UP,
    DAYS_PER_YEAR,
    EXPONENTIAL,
    FIXED,
    GATE,
    LOGIT,
    LOGNORMAL,
    NETWORK,
    NEVER,
    PASS,
    POOL,
    REST,
    SELF,
    TIMED,
    VICTIMS,
    Floats,
)
from sim.evidence.parameters import Parameters
from sim.files.errors import InputError
from sim.policies.library import dates_of_shipped
from sim.policies.regime import Regime
from sim.procedures.rulebook import Rulebook, step_kind
from sim.procedures.schema import Step
from sim.procedures.traits import GROUPS, LEVEL_INDEX

KINDS = {"queue": POOL, "clock": TIMED, "resting place": REST, "gate": GATE, "step passed through": PASS}
"""Kinds of step, by the name that the law gives them."""
MOST_HAZARDS = 31
"""The hazards of a step are kept as bits."""


class Builder(Words):
    """Collects rows while the TOML is walked; ``build`` is its only user."""

    def __init__(
        self,
        rulebook: Rulebook,
        regime: Regime,
        behaviour: Behaviour,
        authorities: Authorities,
        parameters: Parameters,
        calendar: Calendar,
        shocks: dict[str, NDArray[np.bool_]],
        capacities: dict[str, Floats],
        word_of_mouth: bool,
        reference: Regime | None,
    ) -> None:
        super().__init__(
            rulebook,
            regime,
            parameters,
            calendar,
            shocks,
            behaviour,
            tuple(authorities.pool),
            word_of_mouth,
            self.model,
            self.choice,
            reference,
        )
        self.behaviour = behaviour
        self.reference_regime = reference
        self.hazards = self._running(behaviour.hazard)
        self.authorities = authorities
        self.capacities = capacities
        self.layers = tuple(layer.name for layer in regime.layers)
        self.ranges: dict[tuple[str, object], tuple[int, int]] = {}
        self.duration_number: dict[tuple[object, ...], int] = {}
        self.grows: set[str] = set()
        self.first_version: dict[str, int] = {}
        self.condition_cache: dict[str, int] = {}
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
            row = self.model_number[name] = self._empty_model(name)
            self._fill_model(row, self.decisions[name])
            for in_force, decision in self.regime.decisions.get(name, ()):
                number = self._empty_model(name)
                self._fill_model(number, decision)
                self.models.columns["next"][row] = number
                self.models.columns["next_from"][row] = self._day(in_force)
                row = number
        return self.model_number[name]

    def _empty_model(self, name: str) -> int:
        return self.models.add(
            constant=0.0,
            chance=[np.nan] * len(GROUPS),
            form=LOGIT,
            open=(0, 0),
            terms=(0, 0),
            draw=self._draw_at(self.decisions[name].competes_in or name, self.decisions[name].at[0]),
            next=-1,
            next_from=NEVER,
            new=self.is_new(name),
        )

    def _fill_model(self, row: int, decision: Decision) -> None:
        columns = self.models.columns
        value = self.parameters.value
        columns["open"][row] = self.conditions(decision.open_when)
        if decision.chance is not None:
            columns["chance"][row] = [value(decision.chance)] * len(GROUPS)
        elif decision.chance_by is not None:
            columns["chance"][row] = [value(decision.chance_by[group]) for group in GROUPS]
        else:
            given = decision.logit or decision.adds_up or {}
            columns["form"][row] = LOGIT if decision.logit is not None else ADDS_UP
            columns["constant"][row] = value(given["constant"]) if "constant" in given else 0.0
            columns["terms"][row] = self.term_range(decision.factors, log=False)

    def choice(self, name: str) -> int:
        """Compile the decisions that compete in a choice; return its number."""
        if name not in self.choice_number:
            self.choice_number[name] = len(self.choice_number)
            rows = [self.model(option) for option, decision in self.decisions.items() if decision.competes_in == name]
            first = len(self.options)
            self.options += rows
            self.choices.append((first, len(self.options)))
        return self.choice_number[name]

    def term_range(self, terms: dict[str, str], *, log: bool) -> tuple[int, int]:
        """Compile factor -> parameter pairs; ``log`` for ratios of a hazard."""
        compiled = []
        for product, parameter in terms.items():
            coefficient = self.parameters.value(parameter)
            factors = [self._factor(name.strip()) for name in product.split("*")]
            compiled.append((np.log(coefficient) if log else coefficient, factors))
        first = self.terms.size
        for coefficient, factors in compiled:
            start = self.facs.size
            for condition in factors:
                self.facs.add(condition=condition)
            self.terms.add(coefficient=coefficient, factors=(start, self.facs.size))
        return first, first + len(compiled)

    def _factor(self, name: str) -> int:
        if name not in self.condition_cache:
            first, last = self.conditions((name,))
            if last - first != 1:
                raise InputError(f"factor '{name}' must be a condition of one part")
            self.condition_cache[name] = first
        return self.condition_cache[name]

    # ---- steps ----

    def signals(self, names: tuple[str, ...]) -> tuple[int, int]:
        """Compile signals; return their range, the same for the same signals.

        A signal to a step that only another regime has (in a text that is compiled for reference) leads nowhere.
        """
        if ("signals", names) not in self.ranges:
            first = self.sigs.size
            for name in names:
                scope = NETWORK if name.startswith("network:") else VICTIMS if name.startswith("victims:") else SELF
                target = self.step_number.get(name.rpartition(":")[2], len(self.steps))
                self.sigs.add(target=target, scope=scope)
            self.ranges["signals", names] = first, self.sigs.size
        return self.ranges["signals", names]

    def changes(self, step: Step) -> tuple[int, int]:
        """Compile the changes of traits on entering a step; return their range, the same for the same changes."""
        key = ("changes", tuple(step.changes.items()))
        if key not in self.ranges:
            first = self.chgs.size
            for target, change in step.changes.items():
                parameter = change.add if change.add is not None else change.set
                assert parameter is not None
                self.chgs.add(
                    level=LEVEL_INDEX[target.rpartition(":")[2]],
                    scope=NETWORK if target.startswith("network:") else SELF,
                    add=change.add is not None,
                    value=self.parameters.value(parameter),
                )
            self.ranges[key] = first, self.chgs.size
        return self.ranges[key]

    def duration(self, name: str, step: Step) -> int:
        """Compile how long a step takes; -1 when it takes no time of its own."""
        if step.takes is None:
            return -1
        key = (name, step.takes, step.term, step.counted_from)
        if key in self.duration_number:
            return self.duration_number[key]
        passport, value = self.parameters.passport(step.takes), self.parameters.value(step.takes)
        kind = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}[passport.varies]
        fixed = kind == FIXED
        days_per_unit = {"weeks": 7.0, "months": DAYS_PER_YEAR / 12, "years": DAYS_PER_YEAR, "hours": 1 / 24}
        self.duration_number[key] = self.durs.add(
            kind=kind,
            mean=value * days_per_unit.get(passport.unit, 1.0),
            cv=passport.cv or 1.0,
            row=self.due_row(value, passport.unit, step.term) if fixed else -1,
            draw=-1 if fixed else self._draw_at(f"{name} takes", name),
            ref=self.reference(step.counted_from) if step.counted_from else -1,
            working=passport.unit == "working_days",
        )
        return self.duration_number[key]

    def version(self, name: str, version: Any) -> None:
        """Compile one version of a step.

        Raises
        ------
        InputError
            When an amendment changes the kind or the pool of a step, or a gate asks for a draw.
        """
        step: Step = version.step
        base = self.regime.versions[name][0].step
        if (step_kind(step), step.by) != (step_kind(base), base.by):
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
        asked = dict.fromkeys(
            self.draw(self.decisions[word].competes_in or word)
            for branch in step.next
            for word in (item.removeprefix("not ") for item in branch.when)
            if word in self.decisions
        )
        asked_first = len(self.asked)
        self.asked += list(asked)
        pri_first = self.pris.size
        for rank, conditions in priorities:
            self.pris.add(rank=rank, conditions=conditions)
        self.vers.add(
            in_force=self._day(version.in_force),
            applies=self.reference(version.applies_to) if version.applies_to else -1,
            kind=KINDS[step_kind(step)],
            duration=self.duration(name, step),
            pool=self.pools.index(step.by) if step.by else -1,
            branches=(br_first, self.brs.size),
            signals=on_entry,
            on_start=on_start,
            changes=self.changes(step),
            priority=(pri_first, self.pris.size),
            draws=(asked_first, len(self.asked)),
            senses=self.senses(step),
        )

    def senses(self, step: Step) -> bool:
        """Do the branches of a step depend on facts or parameters of decisions that the reference does not know?"""
        words = [item.removeprefix("not ") for branch in step.next for item in branch.when]
        asked = [word for word in words if word in self.decisions]
        products = [product for word in asked for product in self._products(word)]
        return any(self.is_new(word) for word in asked) or self._names_new_fact([*words, *_factors(products)])

    def is_new(self, decision: str) -> bool:
        """Does the regime replace a decision otherwise than the reference?"""
        known = self.reference_regime.decisions.get(decision, ()) if self.reference_regime else ()
        return self.regime.decisions.get(decision, ()) != known

    def _products(self, decision: str) -> list[str]:
        models = [self.decisions[decision], *(later for _, later in self.regime.decisions.get(decision, ()))]
        products = [product for model in models for product in model.factors]
        return [*products, *(item.removeprefix("not ") for model in models for item in model.open_when)]

    def _names_new_fact(self, words: list[str]) -> bool:
        return any(word in self.new_facts for word in words)

    def others(self, name: str) -> tuple[int, int]:
        """Compile the text of the reference for a step, if it is another one; return the range of its versions."""
        own = self.regime.versions[name]
        if self.reference_regime is None:
            return (self.first_version[name], self.first_version[name] + 1) if len(own) > 1 else (0, 0)
        other = self.reference_regime.versions.get(name, ())
        texts = [[(v.step, v.in_force, v.applies_to) for v in versions] for versions in (own, other)]
        if texts[0] == texts[1] or not other:
            return 0, 0
        first = self.vers.size
        for version in other:
            self.version(name, version)
        return first, self.vers.size

    def _running(self, hazards: dict[str, Hazard]) -> dict[str, Hazard]:
        """Return the hazards as the regime has them, those of persons first, without those that never happen.

        Raises
        ------
        InputError
            When a regime changes a hazard from a later day on, or more hazards run than fit in 31 bits.
        """
        kept = {}
        for name, first in hazards.items():
            hazard = first
            for in_force, later in self.regime.hazards.get(name, ()):
                if self._day(in_force) > 0:
                    raise InputError(f"hazard {name}: other parameters can only hold from the first day on")
                hazard = later
            if self.parameters.value(hazard.per_year) > 0.0:
                kept[name] = hazard
        if len(kept) > MOST_HAZARDS:
            raise InputError(
                "more hazards than the engine can run", value=len(kept), accepted=f"{MOST_HAZARDS} or less"
            )
        return dict(sorted(kept.items(), key=lambda item: self.of_network(item[1].at[0])))

    def _draw_at(self, draw: str, step: str) -> int:
        """Return the number of a draw, and note whether networks draw it."""
        if self.of_network(step):
            self.network_draws.add(draw)
        return self.draw(draw)

    def days_of_rules(self) -> set[int]:
        """Return the days on which a rule begins or ends: of this regime, of the reference, and of what is shipped."""
        dates: set[dt.date | None] = set(dates_of_shipped())
        for regime in (self.regime, self.reference_regime or self.regime):
            dates |= {version.in_force for versions in regime.versions.values() for version in versions}
            dates |= {version.in_force for versions in regime.decisions.values() for version in versions}
            dates |= {day for fact in regime.facts for day in (fact.in_force, fact.until)}
        return {self._day(date) for date in dates if date is not None}

    def put_draws_of_networks_last(self) -> None:
        """Number the draws of networks after those of persons, so that both can use the same places in a row."""
        old = self.draws
        self.draws = sorted(old, key=lambda name: name in self.network_draws)
        number = {-1: -1, **{i: self.draws.index(name) for i, name in enumerate(old)}}
        for rows in (self.models, self.durs, self.hzs):
            rows.columns["draw"] = [number[i] for i in rows["draw"]]
        self.asked = [number[i] for i in self.asked]

    def of_network(self, step: str) -> bool:
        """Does the step lie on a track of networks? A step that only other regimes have is one of persons."""
        return step in self.regime.versions and self.rulebook.tracks[self.track(step)].entity == "network"

    def hazard(self, name: str) -> None:
        """Compile one hazard."""
        hazard = self.hazards[name]
        for key, steps in (("at", hazard.at), ("to", (hazard.to,))):
            for step in steps:
                if step not in self.step_number:
                    raise self.unknown_step(step, f"hazard.{name}.{key}")
        number, slot = self.set_of(hazard.at)
        growth = self.parameters.value(hazard.grows_per_year) if hazard.grows_per_year else 0.0
        if growth:
            self.grows |= set(hazard.at)
        rate = self.parameters.value(hazard.per_year)
        self.hzs.add(
            to=self.step_number[hazard.to],
            set=number,
            slot=slot,
            conditions=self.conditions(hazard.when),
            rate=rate / DAYS_PER_YEAR,
            terms=self.term_range(hazard.times, log=True),
            growth=growth / DAYS_PER_YEAR,
            draw=self._draw_at(f"hazard {name}", hazard.at[0]),
            senses=self._names_new_fact([*hazard.when, *_factors(hazard.times)]),
        )


def _factors(products: Iterable[str]) -> list[str]:
    """Return the single factors of products such as ``knowledge * dublin_claim``."""
    return " ".join(products).replace("*", " ").split()
