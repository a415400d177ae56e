"""Compare regimes on the same people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.agents.behaviour import Behaviour
from sim.files.errors import InputError
from sim.outcomes.measures import Measures
from sim.policies.regime import Regime
from sim.runs.comparison import Comparison, compared
from sim.runs.executors import Progress, all_replicates, one_thread_for_algebra
from sim.runs.loading import regime_of, scenario_of
from sim.runs.world import make_world, people_of
from sim.scenarios.scenario import Scenario


def compare(
    scenario: Scenario | str | Path,
    regimes: Sequence[str | Regime] | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    *,
    throughout: bool = False,
    progress: Progress | None = None,
    workers: int | None = None,
    behaviour: Behaviour | None = None,
) -> Comparison:
    """Compare regimes on the same people; the first is the baseline.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regimes, replicates, seed
        As the scenario says by default.
    throughout
        The regimes hold from the first day instead of from their dates.
    progress
        Called as ``progress(done, total, message)``.
    workers
        Replicates at the same time; the number of processors by default.
    behaviour
        Decisions and hazards; the shipped ones by default.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    KeyboardInterrupt
        When interrupted before the first replicate is finished; later, what is finished is returned.
    """
    scenario = scenario_of(scenario)
    header = scenario.document.scenario
    wanted = list(header.regimes if regimes is None else regimes)
    replicates = header.replicates if replicates is None else replicates
    seed = header.seed if seed is None else seed
    _check_wanted(scenario, wanted, replicates, seed)
    tell = progress or (lambda done, total, message: None)
    tell(0, replicates, "preparing the engine")
    regimes_wanted = [regime_of(scenario, regime, throughout) for regime in wanted]
    baseline, reforms = regimes_wanted[0], regimes_wanted[1:]
    # Whether a rule makes a difference to a person is asked in both worlds: of the baseline once for each reform.
    baselines = [make_world(scenario, baseline, behaviour, reform) for reform in reforms]
    worlds = [baselines[0], *(make_world(scenario, reform, behaviour, baseline) for reform in reforms)]
    measures, people = Measures.load(), people_of(scenario)
    with one_thread_for_algebra():
        done = all_replicates(scenario, worlds, baselines[1:], people, measures, seed, replicates, tell, workers)
    return compared(scenario, worlds, measures, done, seed, replicates, throughout)


def _check_wanted(scenario: Scenario, wanted: list[str | Regime], replicates: int, seed: int) -> None:
    if len(wanted) < 2:
        raise InputError(
            "a comparison needs a baseline and at least one other regime",
            file=scenario.file,
            key="regimes",
            value=", ".join(str(w) for w in wanted),
            accepted="two or more regimes",
        )
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise InputError("not a number of replicates", key="replicates", value=replicates, accepted="1 or more")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise InputError("not a seed", key="seed", value=seed, accepted="a whole number from 0 to 2**63 - 1")
