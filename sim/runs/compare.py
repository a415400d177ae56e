"""Compare regimes on the same people."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from sim.agents.behaviour import Behaviour
from sim.engine.held import give_back
from sim.files.errors import InputError
from sim.policies.regime import Regime
from sim.runs.comparison import Comparison, compared
from sim.runs.executors import Progress, all_replicates, one_thread_for_algebra, workers_wanted
from sim.runs.interrupts import with_partial
from sim.runs.loading import asked_of
from sim.runs.notebook import progress_here
from sim.runs.notice import Heed, notice_of, warn
from sim.runs.people import KeptPeople
from sim.runs.session import Cancel, Session, check_cancel
from sim.scenarios.scenario import Scenario


def compare(
    scenario: Scenario | str | PathLike[str],
    regimes: Sequence[str | PathLike[str] | Regime] | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    *,
    throughout: bool | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    behaviour: Behaviour | str | PathLike[str] | None = None,
    partial: bool = False,
    heed: Heed | None = None,
    cancel: Cancel | None = None,
) -> Comparison:
    """Compare regimes on the same people; the first is the baseline.

    Parameters
    ----------
    scenario
        A scenario, a file, or the name of a shipped one.
    regimes
        Regimes, names or files (from the present folder); those of the scenario by default.
    replicates, seed
        As the scenario says by default.
    throughout
        The regimes hold from the first day instead of from their dates; as the scenario says by default.
    progress
        Called as ``progress(done, total, message)``; in a notebook a bar by default.
    workers
        Number of replicates run in parallel; the number of processors by default.
    behaviour
        Decisions and hazards, as an object or a file; those of the scenario by default.
    partial
        When interrupted after the first replicate, return a comparison of those that are finished instead of raising.
    heed
        Called before the first replicate with the notice of the run (`sim.runs.notice.Notice`); by default a rule,
        event or programme that has no effect in the period is an `InputWarning`.
    cancel
        Such as a ``threading.Event``: when it is set, no further replicate begins. It is for a comparison in another
        thread than the main one, where no interrupt arrives.

    Raises
    ------
    InputError
        When a name, file or number is not accepted.
    KeyboardInterrupt
        When interrupted. After the first replicate its attribute ``partial`` is a comparison of those that are
        finished.
    concurrent.futures.CancelledError
        When cancelled before the last replicate has begun.
    """
    asked = asked_of(scenario, regimes, replicates=replicates, seed=seed, throughout=throughout, behaviour=behaviour)
    if len(asked.regimes) < 2:
        raise InputError(
            "a comparison needs a baseline and at least one other regime",
            file=asked.scenario.file,
            key="regimes",
            value=", ".join(regime.name for regime in asked.regimes),
            accepted="two or more regimes",
        )
    if progress is not None and not callable(progress):
        accepted = "a function of done, total and message; None for a bar in notebooks"
        raise InputError("not a function", key="progress", value=progress, accepted=accepted)
    check_cancel(cancel)
    workers = workers_wanted(workers, asked.replicates)
    tell = progress_here() if progress is None else progress
    tell(0, asked.replicates, "preparing the engine")
    session = Session.of(asked, kept=KeptPeople(most=0))
    notice = notice_of(asked.scenario, asked.regimes, session.people)
    (heed or warn)(notice)
    with one_thread_for_algebra():
        done, interrupt = all_replicates(session, asked.replicates, tell, workers, cancel)
    give_back()
    comparison = compared(asked, session, done, notice)
    if interrupt is None or partial:
        return comparison
    raise with_partial(interrupt, comparison)
