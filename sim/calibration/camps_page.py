"""The page on where the camps part: what each must believe, what then follows, and which figure would decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from sim.calibration.disagreement import Parting, Question, deciding, parting, questions
from sim.calibration.ensembles import Ensemble
from sim.calibration.page_parts import (
    bounds_text,
    item,
    meaning,
    name_of,
    number,
    pools,
    prose,
    sets_text,
    span,
    table,
)
from sim.calibration.readings_page import how, pooled, ranges, title_of, under_readings
from sim.calibration.targets import load_targets

MOST_BELIEFS: Final = 6
"""Assumptions that are shown for each camp: those that the figures narrow most."""
NARROWED: Final = 0.75
"""Spread of an assumption over the sets, in parts of that of its range, below which it counts as narrowed."""
BY_CHANCE: Final = 3.0
"""Standard errors of that spread, of even points, that a narrowing must exceed."""
MOST_FIGURES: Final = 3


def camps_page(found: Mapping[str, Ensemble]) -> str:
    """Return the page, in Markdown."""
    return "".join(_parts(found))


def _parts(found: Mapping[str, Ensemble]) -> Iterator[str]:
    yield "# Where the camps part\n\n"
    yield prose(
        "Camps hold different things of why requests to report rose in 2019 and fell after it. Each camp was fitted "
        "to the same figures, with the same ranges and budget ([calibration](calibration.md), "
        "[validation](validation.md)). `make validation` writes this page from the fitted sets. A mechanism of a set "
        "that fits is compatible with the figures, not shown by them."
    )
    yield "## Who reproduces the figures\n\n"
    yield table(
        ("camp", "what it holds", "sets"), [(name_of(c, s), s.said["why"], sets_text(s)) for c, s in found.items()]
    )
    yield _rivals(found)
    yield "## What each camp must believe\n\n"
    yield prose(
        "Assumptions whose sets fill the smallest part of their published range: what the figures ask of a camp. What"
        " is not named the figures leave open."
    )
    for camp, sets in found.items():
        yield f"### {name_of(camp, sets)}\n\n" + table(
            ("assumption", "what it is", "published range", "nine tenths of the sets"),
            list(_beliefs(sets)) or [("none", "the figures narrow no assumption by more than chance", "", "")],
        )
    yield "## What then follows\n\n"
    yield prose("Difference of the new rule from the old one, on the same people: nine tenths of the sets.")
    yield table(("measure", "group", *found), _follows(found))
    if under_readings(found):
        yield "## Open readings of the law\n\n" + how(found) + ranges(found)
    yield "## Where they part\n\n"
    asked = questions()
    answers = {name: {camp: question.answers(sets) for camp, sets in found.items()} for name, question in asked.items()}
    yield table(
        ("question", *found),
        [
            (asked[name].title.en, *("not kept" if y is None else f"{y.sum()} of {y.size}" for y in row.values()))
            for name, row in answers.items()
        ],
    )
    for name, question in asked.items():
        yield from _question(question, found, {c: y for c, y in answers[name].items() if y is not None})


def _rivals(found: Mapping[str, Ensemble]) -> str:
    """Say of each camp that fits which other fits about as well."""
    fitting = {camp: float(s.said["least_worst_deviation"]) for camp, s in found.items() if s.accepted}
    lines = []
    for camp, least in fitting.items():
        others = sorted((abs(other - least), name) for name, other in fitting.items() if name != camp)
        if others:
            rival = others[0][1]
            lines.append(
                item(
                    f"What `{camp}` holds is compatible with the figures, not shown by them: its nearest set is "
                    f"{number(least)} tolerances off, and the nearest of the rival `{rival}` {number(fitting[rival])}."
                )
            )
        else:
            lines.append(item(f"Only `{camp}` has sets that fit; that others fit is not ruled out."))
    return "".join(lines) + "\n" if lines else "No camp has a set that reproduces every figure.\n\n"


def _beliefs(sets: Ensemble) -> Iterator[tuple[str, ...]]:
    by_pool, narrowed = pools(), []
    # The standard error of the spread of even points is sqrt((9/5 - 1) / 4n) of it: 9/5 is their kurtosis.
    limit = min(NARROWED, 1 - BY_CHANCE * float(np.sqrt(0.2 / sets.size)))
    for name, varied in sets.said["varied"].items():
        values = sets.assumptions[name].to_numpy(np.float64)
        low, high = varied["low"], varied["high"]
        at, ends = (np.log(values), np.log([low, high])) if varied["log"] else (values, np.array([low, high]))
        spread = float(np.std(at) / ((ends[1] - ends[0]) / np.sqrt(12)))
        if spread < limit:
            narrowed.append((spread, name, span(low, high), span(*sets.range_of(values))))
    for _, name, whole, part in sorted(narrowed)[:MOST_BELIEFS]:
        yield f"`{name}`", meaning(name, by_pool), whole, part


def _follows(found: Mapping[str, Ensemble]) -> Iterator[tuple[str, ...]]:
    first = next(iter(found.values()))
    differences = {camp: sets.differences() for camp, sets in found.items()}
    for measure in first.receipt["headline"]:
        for group in first.receipt["groups"]:
            key = (measure, "simulated", group)
            cells = [
                span(*found[camp].range_of(part[key].to_numpy(np.float64))) if key in part.columns else "not kept"
                for camp, part in differences.items()
            ]
            if set(cells) != {"not kept"}:
                yield f"`{measure}`", group, *cells


def _question(question: Question, found: Mapping[str, Ensemble], answers: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Say whether the sets agree; where they do not, what parts them and which figure would tell."""
    yield f"### {question.title.en}\n\n"
    fitting = {camp: y for camp, y in answers.items() if found[camp].accepted} or answers
    every = np.concatenate(list(fitting.values()))
    if every.all() or not every.any():
        yield f"All {every.size} sets of all camps {'say yes' if every.all() else 'say no'}.\n\n"
        return
    yield f"{every.sum()} of {every.size} sets say yes, over all camps.\n\n"
    for camp, yes in fitting.items():
        yield _camp_line(camp, parting(found[camp].assumptions, yes))
    yield _camp_line("all camps together", parting(pooled({camp: found[camp] for camp in fitting}), every))
    yield _with_readings(question, {camp: found[camp] for camp in fitting})
    yield _figures(found, fitting)


def _with_readings(question: Question, fitting: Mapping[str, Ensemble]) -> str:
    """Say what parts the sets that were run under drawn answers: assumptions, or answers."""
    there = under_readings(fitting)
    answers = [question.answers(sets) for sets in there.values()]
    if not there or any(yes is None for yes in answers):
        return ""
    every = np.concatenate([yes for yes in answers if yes is not None])
    return _camp_line("all camps together, with open readings of the law", parting(pooled(there), every))


def _camp_line(camp: str, part: Parting) -> str:
    head = f"{camp if ' ' in camp else f'`{camp}`'}: {part.yes} of {part.sets} say yes"
    if part.yes in (0, part.sets):
        return item(f"{head}.")
    if not part.leaves:
        return item(f"{head}; no small set of assumptions tells them apart.")
    by_pool = pools()
    groups = [
        f"{' and '.join(_condition(n, *b) for n, b in leaf.bounds.items())}: {leaf.yes} of {leaf.sets}"
        for leaf in part.leaves
    ]
    what = "; ".join(f"`{name}`: {title_of(name) or meaning(name, by_pool)}" for name in part.assumptions)
    return item(
        f"{head}. What parts them is {' and '.join(f'`{n}`' for n in part.assumptions)} ({what}). Yes where "
        f"{'; where '.join(groups)}. Right in {100 * part.accuracy:.0f}% of sets that this was not made from; the "
        f"answer of most is right in {100 * part.most:.0f}%. Either side is compatible with the figures, not shown by"
        f" them: the other side has sets that fit too."
    )


def _condition(name: str, low: float, high: float) -> str:
    """Return one side of a bound in words; an answer holds or not."""
    if "=" in name:
        return f"`{name}`" if np.isinf(high) else f"not `{name}`"
    return f"`{name}` {bounds_text(low, high)}"


def _figures(found: Mapping[str, Ensemble], answers: Mapping[str, np.ndarray]) -> str:
    """Return the readings that differ most between yes and no, over the sets of all camps."""
    lived = [found[camp].readings[found[camp].receipt["lived"]] for camp in answers]
    common = [name for name in lived[0].columns if all(name in part.columns for part in lived)]
    rows = deciding(
        pd.concat([part[common] for part in lived], ignore_index=True), np.concatenate(list(answers.values()))
    )
    if not rows:
        return "\n"
    published = {target.document.reading.key: target for target in load_targets().values()}
    lines = []
    for (measure, world, group), share, yes, no in rows[:MOST_FIGURES]:
        target = published.get((measure, world, group))
        known = "" if target is None else f"; published: {target.bound}"
        where = "" if world == "simulated" else ", in the register"
        lines.append(
            f"`{measure}` of {group}{where} (middle {number(yes)} where yes, {number(no)} where no; {share:.2f}{known})"
        )
    return "\n" + prose(
        f"Which figure would decide: {'; '.join(lines)}. The number before the end is the chance that a set that says"
        f" yes is on the further side of one that says no: 0.5 tells nothing, 1 all."
    )
