"""One synthetic person under several regimes: the stories, the first step where they part, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.log import by_cause
from sim.evidence.references import cite
from sim.files.errors import InputError, nearest
from sim.files.paths import expanded
from sim.follow.hearsay import Heard, heard_by
from sim.policies.regime import Regime, StepVersion
from sim.policies.wording import Words
from sim.procedures.schema import Branch
from sim.procedures.traits import GROUPS
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.loading import Asked
    from sim.runs.single import Run

WIDTH, SOURCE_WIDTH = 100, 60
TRAITS = {
    "minor": "minor",
    "victim": "true victim (known to the simulation only)",
    "exploited_nl": "exploited in the Netherlands",
    "exploited_eu": "exploited elsewhere in the EU",
    "exploited_outside": "exploited outside the EU",
    "dublin_indicator": "registration points to another state",
    "eurodac_hit": "Eurodac hit",
    "strategic": "would claim strategically",
}


@dataclass(frozen=True)
class Move:
    """One step of a story: date, step, and the text and branch that led there (None: a signal or a hazard)."""

    date: str
    from_step: str
    to_step: str
    cause: str
    version: StepVersion | None
    branch: Branch | None

    @property
    def place(self) -> tuple[str, str, str]:
        """The part of a move that two stories must share to be the same here."""
        return self.date, self.from_step, self.to_step


@dataclass(frozen=True)
class Story:
    """The moves of one person under one regime."""

    run: Run
    name: str
    moves: tuple[Move, ...]
    words: Words
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Following:
    """The stories of one person.

    Attributes
    ----------
    text
        The stories as text, at most 100 characters wide.
    stories
        One for each regime, the baseline first.
    parted
        For each other regime: the number of the first move that differs from the baseline's; None: none does.
    person, replicate
        Who was followed, in which replicate.
    asked
        The resolved arguments.
    """

    text: str
    stories: tuple[Story, ...]
    parted: tuple[int | None, ...]
    person: str
    replicate: int
    asked: Asked

    @cached_property
    def table(self) -> pd.DataFrame:
        """The steps under each regime: regime, number, date, from, step, title, title_nl, how, layer, parts."""
        from sim.follow.record import story_table

        return story_table(self)

    @property
    def receipt(self) -> dict[str, Any]:
        """What is needed to make the same stories again."""
        from sim.outcomes.measures import Measures
        from sim.runs.receipt import receipt_of

        runs = [story.run for story in self.stories]
        of = receipt_of(self.asked, [one.world for one in runs], Measures.load(self.asked.scenario.own))
        return of | {key: runs[0].receipt[key] for key in ("people", "notice")} | {
            "person": self.person, "replicate": self.replicate,
        }  # fmt: skip

    @property
    def scenario_text(self) -> str:
        """The scenario as it was run, as TOML."""
        return self.asked.text

    @property
    def own_files(self) -> Mapping[str, str]:
        """The user's own files that the scenario names: path beside it to text."""
        return self.asked.own_files

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write everything into a folder as ``b8sim follow --out`` does, and return the folder.

        Raises
        ------
        InputError
            When the folder is not empty, or cannot be written.
        """
        from sim.follow.record import write_story
        from sim.report.folder import open_folder

        target = expanded(folder)
        with open_folder(target) as hidden:
            write_story(hidden, self)
        return target


def follow(
    scenario: Scenario | str | PathLike[str],
    person: str,
    regimes: Sequence[str | PathLike[str] | Regime] | None = None,
    seed: int | None = None,
    replicate: int = 0,
    throughout: bool | None = None,
) -> Following:
    """Return the stories of one synthetic person under each regime.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    person
        Key such as ``P482109375562``; ``persons.csv`` of ``b8sim run`` lists them.
    regimes
        The first is the baseline; those of the scenario by default.

    Raises
    ------
    InputError
        When there is no such person, scenario or regime.
    """
    from sim.runs.loading import asked_of, regimes_given, scenario_of
    from sim.runs.single import run

    loaded = scenario_of(scenario)
    asked = asked_of(loaded, regimes or None, seed=seed, throughout=throughout)
    runs = [
        run(loaded, regime, seed=seed, replicate=replicate, throughout=throughout)
        for regime in (regimes_given(regimes) if regimes else loaded.regimes)
    ]
    stories = tuple(_story(one, one.world.regime.name, person, loaded) for one in runs)
    parted = tuple(_first_difference(stories[0], other) for other in stories[1:])
    return Following("\n".join(_text(stories, parted, person)), stories, parted, person, replicate, asked)


def _story(run: Run, name: str, person: str, scenario: Scenario) -> Story:
    names = run.population.names()
    if person not in names:
        raise InputError(
            "no such person in this scenario",
            file=scenario.file,
            key="person",
            value=person,
            accepted=f"{len(names)} names such as {names[0]}; persons.csv of 'b8sim run' lists them",
            nearest=nearest(person, names),
        )
    row = names.index(person)
    log, catalogue = run.outcome.whole_log, run.world.catalogue
    causes = by_cause(["branch"] * len(catalogue.branches), catalogue.hazards, "")
    moves = []
    for i in (log.entity == row).nonzero()[0]:
        via = int(log.via[i])
        version, branch = _chosen(run, via)
        moves.append(
            Move(
                date=run.world.calendar.date_of(int(log.day[i])).isoformat(),
                from_step=catalogue.steps[log.from_step[i]],
                to_step=catalogue.steps[log.to_step[i]],
                cause=causes[via],
                version=version,
                branch=branch,
            )
        )
    return Story(run, name, tuple(moves), Words.of(run.world.statute), heard_by(run, row))


def _chosen(run: Run, via: int) -> tuple[StepVersion | None, Branch | None]:
    """Return the text and the branch of a move."""
    if via < 0:
        return None, None
    catalogue = run.world.catalogue
    step, position = catalogue.branches[via]
    layer = catalogue.branch_layer[via]
    version = next(text for text in run.world.statute.texts(step) if text.layer == layer)
    return version, version.step.next[position]


def _first_difference(one: Story, other: Story) -> int | None:
    for i, (a, b) in enumerate(zip(one.moves, other.moves, strict=False)):
        if a.place != b.place:
            return i
    return None if len(one.moves) == len(other.moves) else min(len(one.moves), len(other.moves))


# ---- in words ----


def _text(stories: tuple[Story, ...], parted: tuple[int | None, ...], person: str) -> list[str]:
    base = stories[0]
    lines = [f"{person}: a synthetic person", *_wrapped(_who(base.run, person)), ""]
    if len(stories) == 1:
        return [*lines, f"Under {base.name}:", *_moves(base, 0, len(base.moves)), *_heard_text(stories)]
    for other, i in zip(stories[1:], parted, strict=True):
        if i is None:
            lines += [f"The story is the same under {base.name} and {other.name}:"]
            lines += [*_moves(base, 0, len(base.moves)), ""]
            continue
        lines += [f"The same under {base.name} and {other.name}:" if i else "The stories differ from the start."]
        lines += [*_moves(base, 0, i), "", *_parting(base, other, i), ""]
        for story in (base, other):
            lines += [f"Under {story.name}, from there on:", *_moves(story, i, len(story.moves)), ""]
    return [*lines[:-1], *_heard_text(stories)]


def _who(run: Run, person: str) -> str:
    """Return a person's group and traits in words."""
    row = run.population.names().index(person)
    has = [words for flag, words in TRAITS.items() if run.population.flag(flag)[row]]
    sex = "woman" if run.population.flag("women")[row] else "man"
    nationality = GROUPS[int(run.population.entities.group[row])]
    group = f"group {nationality} (represents route, network and debt)"
    seed, replicate = run.receipt["seed"], run.receipt["replicate"]
    return f"{sex}, {group}; {', '.join(has) or 'no other traits'}. Seed {seed}, replicate {replicate}."


def _moves(story: Story, first: int, last: int) -> list[str]:
    """Return the lines of some moves, with their cause and the law."""
    if first >= last:
        return ["  (nothing more within the scenario)"]
    lines = []
    for move in story.moves[first:last]:
        step = story.run.world.statute.first_text(move.to_step)
        lines.append(f"  {move.date}  {step.title.en} ({step.title.nl})")
        source = textwrap.shorten(cite(step.law[0]), SOURCE_WIDTH, placeholder=" ...")
        lines += _wrapped(f"{_cause(story, move)}[{source}; {step.status}]", 14)
    return lines


def _cause(story: Story, move: Move) -> str:
    """Return the cause of a move in words: a condition, an event, a signal; empty for a branch without conditions."""
    if move.branch is not None:
        return f"since {story.words.all_of(move.branch.when)} " if move.branch.when else ""
    if move.cause:
        hazard = move.cause.replace("_", " ")
        return f"event: {hazard} "
    return "set off by another step "


def _heard_text(stories: tuple[Story, ...]) -> list[str]:
    """Return the lines on what the person heard from others; none without word of mouth."""
    if stories[0].run.population.contacts is None:
        return []
    lines = []
    told: dict[tuple[Heard, ...], list[Story]] = {}
    for story in stories:
        told.setdefault(story.heard, []).append(story)
    for heard, under in told.items():
        names = " and ".join(dict.fromkeys(story.name for story in under))
        lines += ["", f"Heard from others, under {names}:", *_hearsay(under[0], heard)]
    return lines


def _hearsay(story: Story, heard: tuple[Heard, ...]) -> list[str]:
    """Return the lines of each story heard: date, step, kind of contact, and the new beliefs."""
    from sim.agents.behaviour import Behaviour

    if not heard:
        return ["  (nothing within the scenario)"]
    titles = {name: belief.title for name, belief in Behaviour.load().belief.items()}
    lines = []
    for one in heard:
        date = story.run.world.calendar.date_of(one.day).isoformat()
        turned = "" if one.truly else ", but it arrived reversed"
        lines += _wrapped(f"{date}  from a contact ({one.kind}): {story.words.step(one.step)}{turned}", 2)
        believed = "; ".join(f"{titles.get(name, name)}: {value:+.2f}" for name, value in one.beliefs)
        lines += _wrapped(f"now believes, from -1 to 1: {believed}", 14)
    return lines


def _parting(base: Story, other: Story, i: int) -> list[str]:
    """Return the lines on where two stories part and why."""
    pair = [story.moves[i] if i < len(story.moves) else None for story in (base, other)]
    lines = ["Here the stories part."]
    for story, move in zip((base, other), pair, strict=True):
        what = f"{move.date}  {story.words.step(move.to_step)}" if move else "nothing more within the scenario"
        lines += _wrapped(f"{story.name}: {what}", 2)
    return lines + _wrapped(_reason(base, other, *pair), 2)


def _reason(base: Story, other: Story, one: Move | None, two: Move | None) -> str:
    """Return the rule that made two stories part, or that it was no rule of this person."""
    if one is not None and two is not None and one.from_step == two.from_step:
        ranked = _ranked_otherwise(other, one.from_step)
        if one.date != two.date and ranked:
            return (
                f"Served on another day, since the rule changes who comes first. {_rule(other, one.from_step, ranked)}"
            )
    moment = [(move.date, move.from_step) for move in (one, two) if move is not None]
    if len(set(moment)) > 1:
        return (
            "No rule that applies to this person differs here. Others used the same queues, beds or staff differently, "
            "so that something happened on another day: a spill-over. " + _later_rule(other, two)
        )
    for story, move in ((other, two), (base, one)):
        if move is not None and move.version is not None and move.version.in_force is not None:
            return _rule(story, move.from_step, move.version, move.branch)
    step = moment[0][1]
    texts = other.run.world.statute.texts(step)
    if len(texts) > 1:
        return _rule(other, step, texts[-1])
    facts = _facts(other, step)
    if facts:
        return f"Known of the rules by then: {', '.join(facts)}. The same question was answered otherwise."
    return "An earlier difference in circumstances shows here. " + _later_rule(other, two)


def _later_rule(story: Story, move: Move | None) -> str:
    """Return the first rule that led this story along a changed text from here on, if there is one."""
    later = story.moves[story.moves.index(move) :] if move is not None else ()
    for step in later:
        if step.version is not None and step.version.in_force is not None:
            rule = _rule(story, step.from_step, step.version, step.branch)
            return f"Later, on {step.date}, a changed text applies. {rule}"
    return "No changed text is applied later either."


def _ranked_otherwise(story: Story, step: str) -> StepVersion | None:
    """Return the text that changes the ranks of a queue at a step, if there is one."""
    first, *later = story.run.world.statute.texts(step)
    return next((text for text in later if text.step.priority != first.step.priority), None)


def _facts(story: Story, name: str) -> list[str]:
    """Return the facts of a regime that enter a decision of this step."""
    statute = story.run.world.statute
    asked = (statute.last_decision(decision) for decision in statute.asked(statute.last_text(name)))
    weighed = {str(factor) for decision in asked for product in decision.factors for factor in product.factors}
    return [fact.name.replace("_", " ") for fact in statute.facts if fact.name in weighed]


def _rule(story: Story, step: str, text: StepVersion, branch: Branch | None = None) -> str:
    """Return the origin of a text, or of a branch of it, in words: instrument, date, reason, source."""
    statute = story.run.world.statute
    reasons = text.reasons if branch is None else statute.reasons_of_branch(text, branch)
    layer = statute.layer(reasons[0].layer if reasons else text.layer)
    why = "; ".join(dict.fromkeys(reason.why for reason in reasons)) or layer.note
    law = "; ".join(dict.fromkeys(cite(key) for reason in reasons for key in reason.law))
    since = f", in force {layer.in_force}" if layer.in_force else ""
    return (
        f'The rule: {layer.instrument}{since}, at "{story.words.step(step)}". {why}. Source: {law or layer.instrument}.'
    )


def _wrapped(text: str, indent: int = 0) -> list[str]:
    space = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=space, subsequent_indent=space + ("  " if indent == 2 else ""))
