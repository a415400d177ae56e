"""Open readings of the law as uncertainty: fitted sets run again, each under answers of its own, and kept if they fit.

The j-th set of every camp is run under the j-th of a series of drawn combinations, in which every answer of a question
is as frequent. A set that no longer fits under its combination is left out, so that what is kept is a sample of
assumptions and answers together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.ensembles import (
    ANSWER,
    ASSUMPTION,
    DEVIATION,
    READING,
    Ensemble,
    ensembles,
    targets_of,
)
from sim.calibration.fits import deviations_of, values_by_reading
from sim.calibration.members import Members
from sim.calibration.ranges import write_ranges
from sim.files.errors import InputError
from sim.files.paths import expanded
from sim.policies.library import readings as open_questions
from sim.runs.fitted import UNDER_READINGS
from sim.runs.loading import asked_of
from sim.runs.world import World, make_world
from sim.scenarios.scenario import Scenario
from sim.studies.disk import write_whole
from sim.studies.sweep import sweep

if TYPE_CHECKING:
    import pandas as pd

SEED: Final = 17
"""Of the combinations."""
SHUFFLES: Final = 400
Answers = Mapping[str, str]
"""Question to answer."""
Effects = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Question, then each answer beside the default, to the regimes in which it changes a rule or a number."""


def effects(scenario: Scenario, regimes: Sequence[str]) -> Effects:
    """Find which answers change anything at all in a scenario under some regimes.

    Two answers are the same where the compiled law, with all its numbers and days, is the same.

    Parameters
    ----------
    scenario
        With the numbers of a set: what has a rate of zero is not compiled, and cannot change.
    regimes
        Those of which the sets have readings.
    """
    usual = _worlds(scenario, regimes)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for question, reading in open_questions().items():
        found[question] = {}
        for option in reading.options:
            if option != reading.default:
                other = _worlds(scenario.replace(readings={question: option}), regimes)
                found[question][option] = tuple(name for name in regimes if not _same(usual[name], other[name]))
    return found


def _worlds(scenario: Scenario, regimes: Sequence[str]) -> dict[str, World]:
    asked = asked_of(scenario, list(regimes))
    return {name: make_world(asked.scenario, regime) for name, regime in zip(regimes, asked.regimes, strict=True)}


def _same(one: World, other: World) -> bool:
    """Return whether two worlds have the same steps, branches and numbers; the names of layers may differ."""
    if (one.catalogue.steps, one.catalogue.branches) != (other.catalogue.steps, other.catalogue.branches):
        return False
    mine, theirs = one.tables, other.tables
    return (
        np.array_equal(mine.t, theirs.t)
        and np.array_equal(mine.f, theirs.f, equal_nan=True)
        and np.array_equal(mine.u, theirs.u)
        and np.array_equal(mine.start_state, theirs.start_state)
    )


def combinations(questions: Sequence[str], sizes: Collection[int], seed: int = SEED) -> list[dict[str, str]]:
    """Return drawn combinations of answers: of any first part of them, each answer has its share to within one.

    The answers of a question follow each other in shuffled rounds. Of `SHUFFLES` such series the one is taken in which
    answers of two questions go together least.

    Parameters
    ----------
    questions
        Ids of open questions.
    sizes
        How many are used by each camp.
    seed
        Of the shuffling.
    """
    counts = [len(open_questions()[question].options) for question in questions]
    rng, size = np.random.default_rng(seed), max(sizes)
    series = [_shuffled(counts, size, rng) for _ in range(SHUFFLES)]
    best = min(series, key=lambda one: max(_together(one[:n]) for n in sizes))
    options = [tuple(open_questions()[question].options) for question in questions]
    return [{q: o[i] for q, o, i in zip(questions, options, row, strict=True)} for row in best.tolist()]


def _shuffled(counts: Sequence[int], size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the number of the answer to each question, ``[size, questions]``."""
    rounds = [[rng.permutation(n) for _ in range(-(-size // n))] for n in counts]
    return np.stack([np.concatenate(one)[:size] for one in rounds], axis=1)


def _together(series: NDArray[np.int64]) -> float:
    """Return the largest correlation between indicators of answers to different questions."""
    which = [(j, value) for j in range(series.shape[1]) for value in range(int(series[:, j].max()) + 1)]
    marks = np.stack([series[:, j] == value for j, value in which], axis=1).astype(np.float64)
    marks = marks[:, marks.std(axis=0) > 0] - marks[:, marks.std(axis=0) > 0].mean(axis=0)
    marks /= np.linalg.norm(marks, axis=0)
    of = np.array([j for j, value in which if (series[:, j] == value).std() > 0])
    return float(np.abs(marks.T @ marks)[of[:, None] != of].max(initial=0.0))


def run_under_readings(
    folder: str | PathLike[str],
    work: str | PathLike[str],
    *,
    tell: Callable[[str], None] | None = None,
    **how: Any,
) -> dict[str, Ensemble]:
    """Run the fitted sets of a folder again under open readings, write those that still fit, and return all.

    Parameters
    ----------
    folder
        Fitted sets, as ``b8sim validate DIR --ship FOLDER`` writes them. ``readings/CAMP.csv`` is added, and
        ``open_readings`` in the receipt; ``ranges.csv`` is updated.
    work
        Where the runs are kept: broken off, the same call goes on.
    tell
        Called with a line for each combination.
    **how
        As for `sim.studies.sweep.sweep`.

    Raises
    ------
    InputError
        When there are no fitted sets in the folder, or no open question changes anything.
    """
    import pandas as pd

    where, runs = expanded(folder), expanded(work)
    found = ensembles(where)
    first = next(iter(found.values()))
    regimes = [first.receipt["lived"], *first.receipt["compared"]]
    one = Members.at(found, {next(camp for camp, sets in found.items() if sets.size): [0]})
    study = one.study(runs / "one.csv", regimes, title="One set", **_asked(first))
    changed = effects(study.scenario_at(study.points[0][1]), regimes)
    questions = [question for question, options in changed.items() if any(options.values())]
    if not questions:
        raise InputError("no open reading changes these regimes", file=where, accepted="regimes that one changes")
    drawn = combinations(questions, [sets.size for sets in found.values() if sets.size])
    values: dict[str, list[NDArray[np.float64]]] = {camp: [] for camp in found}
    for number, answers in enumerate(drawn):
        places = {camp: [number] for camp, sets in found.items() if number < sets.size}
        members = Members.at(found, places)
        study = members.study(
            runs / f"{number}.csv", regimes, title=f"Open readings, combination {number + 1}",
            readings={question: (answer,) for question, answer in answers.items()}, **_asked(first),
        )  # fmt: skip
        table = values_by_reading(sweep(study, runs / str(number), **how))
        (points,) = members.order(study).values()
        for camp, point in zip(places, points, strict=True):
            values[camp].append(
                table.loc[[point]].reindex(columns=found[camp].readings.columns).to_numpy(np.float64)[0]
            )
        if tell:
            tell(f"combination {number + 1} of {len(drawn)}: {len(places)} sets")
    tables = {camp: pd.DataFrame(rows, columns=found[camp].readings.columns) for camp, rows in values.items()}
    return _write(where, found, drawn, tables, changed)


def _asked(first: Ensemble) -> dict[str, Any]:
    """Return what the runs of fitted sets keep, and with how many people and which seed they were run."""
    receipt = first.receipt
    return {
        "persons": receipt["persons"],
        "replicates": receipt["replicates"],
        "seed": receipt["seed"],
        "measures": tuple(dict.fromkeys(str(name[1]) for name in first.readings.columns)),
        "groups": tuple(dict.fromkeys(str(name[3]) for name in first.readings.columns)),
    }


def _write(
    where: Path,
    found: Mapping[str, Ensemble],
    drawn: Sequence[Answers],
    values: Mapping[str, pd.DataFrame],
    changed: Effects,
) -> dict[str, Ensemble]:
    import pandas as pd

    receipt = dict(next(iter(found.values())).receipt)
    fitted, _ = targets_of(receipt)
    questions, said = list(drawn[0]), {}
    tally = {question: {option: [0, 0] for option in open_questions()[question].options} for question in questions}
    (where / UNDER_READINGS).mkdir(exist_ok=True)
    for camp, sets in found.items():
        table = values[camp]
        deviations = deviations_of(fitted, table, receipt["lived"])
        fits = np.abs(np.nan_to_num(deviations, nan=np.inf)).max(axis=1) <= receipt["within_tolerances"]
        for answers, fit in zip(drawn, fits.tolist(), strict=False):
            for question, option in answers.items():
                tally[question][option][0] += 1
                tally[question][option][1] += fit
        parts: dict[str, Any] = {
            "set": sets.table["set"].to_numpy(),
            "wave": sets.table["wave"].to_numpy(),
            **{f"{ASSUMPTION}{name}": sets.assumptions[name].to_numpy() for name in sets.assumptions},
            **{f"{ANSWER}{q}": [answers[q] for answers in drawn[: sets.size]] for q in questions},
            **{f"{DEVIATION}{target.name}": deviations[:, i] for i, target in enumerate(fitted)},
            **{READING + " ".join(name): table[name].to_numpy() for name in sets.readings.columns if name in table},
        }
        kept = pd.DataFrame(parts)[fits]
        text = kept.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        write_whole(where / UNDER_READINGS / f"{camp}.csv", text.encode())
        said[camp] = {"run": sets.size, "fit": int(fits.sum())}
    receipt["open_readings"] = {
        "seed": SEED,
        "questions": tally,
        "changes": {q: {o: list(names) for o, names in options.items()} for q, options in changed.items()},
        "camps": said,
    }
    write_whole(where / "receipt.json", (json.dumps(receipt, indent=1, ensure_ascii=False) + "\n").encode())
    written = ensembles(where)
    write_ranges(where, written)
    return written
