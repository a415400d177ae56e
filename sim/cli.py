"""The command ``b8sim``: thin shells around the library, and the place where mistakes become exit statuses.

Exit statuses: 0 done; 1 a chronology that cannot happen (``replay``), or a reader that went away; 2 a mistake
in what was given or a disk that is full, explained on standard error; 130 interrupted, by Ctrl-C or by a request to
terminate (SIGTERM). Any other exception is a defect and shows its traceback.

Everything heavy is imported inside the commands, so that ``b8sim --help`` answers at once.
"""

from __future__ import annotations

import functools
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from sim import interrupts
from sim.errors import B8simError, InputError

if TYPE_CHECKING:
    from sim.runner import Comparison
    from sim.scenario import Scenario

MISTAKE = 2
INTERRUPTED = 130
LARGEST_SEED = 2**63 - 1
MOST_REPLICATES = 1_000_000
DIGITS = 100

P = ParamSpec("P")
R = TypeVar("R")


class DiffFormat(StrEnum):
    """How ``b8sim diff`` prints."""

    terminal = "terminal"
    markdown = "markdown"
    csv = "csv"


def _number(option: str, low: int, high: int) -> Callable[[str | int], int]:
    """Return a reader of a whole number between two bounds, for one option."""

    def read(given: str | int) -> int:
        accepted = f"a whole number from {low} to {high}"
        text = str(given).strip()
        if re.fullmatch("[+-]?[0-9]+", text) is None:
            raise InputError("not a whole number", key=option, value=given, accepted=accepted)
        if len(text) > DIGITS or not low <= int(text) <= high:
            raise InputError("out of range", key=option, value=given, accepted=accepted)
        return int(text)

    read.__name__ = "integer"
    return read


ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A TOML file, or a shipped name.")]
RegimesOption = Annotated[
    str | None,
    typer.Option(
        "--regimes", metavar="A,B,..", help="The regimes; the first is the baseline. Default: the scenario's."
    ),
]
RegimeOption = Annotated[str, typer.Option("--regime", metavar="A", help="The regime.")]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        parser=_number("--seed", 0, LARGEST_SEED),
        metavar="S",
        help="The seed. Default: the scenario's.",
    ),
]
ReplicatesOption = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=_number("--replicates", 1, MOST_REPLICATES),
        metavar="N",
        help="How often chance is drawn anew. Default: the scenario's.",
    ),
]
ReplicateOption = Annotated[
    int,
    typer.Option(
        "--replicate",
        parser=_number("--replicate", 0, MOST_REPLICATES),
        metavar="K",
        help="Which replicate, from 0.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A new or empty folder for the results.")]
HypothesisOption = Annotated[
    str | None,
    typer.Option("--hypothesis", metavar="H[,H]", help="Rival explanations to run under, as H5 or H5,H11."),
]
ThroughoutOption = Annotated[
    bool, typer.Option("--throughout", help="Let each regime hold from the first day to the last.")
]

app = typer.Typer(
    name="b8sim",
    help="Simulate victims of human trafficking in the Dublin, B8 and asylum procedures as the rules change.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line and leave with its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character (a true minus sign) gets an escape, not a failure.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        # Batch systems ask to terminate before they kill: what is finished is kept then too.
        with interrupts.answered():
            app(prog_name="b8sim")
    except B8simError as error:
        sys.exit(_mistake(error))
    except KeyboardInterrupt:
        sys.exit(_interrupted("interrupted"))


def _guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the exit statuses of this module."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except B8simError as error:
            raise typer.Exit(_mistake(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(_interrupted("interrupted")) from None
        except BrokenPipeError:
            _drop_standard_output()
            raise typer.Exit(1) from None
        except OSError as error:
            from sim.results_folder import DISK_ERRORS

            if error.errno not in DISK_ERRORS:
                raise
            _drop_standard_output()
            place = error.filename or "standard output"
            raise typer.Exit(_mistake(InputError(f"cannot be written: {error.strerror}".lower(), file=place))) from None
        except Exception as error:
            if isinstance(error, typer.Exit) or not interrupts.heard():
                raise
            raise typer.Exit(_interrupted("interrupted")) from None

    return guarded


def _drop_standard_output() -> None:
    """Let what is still in the buffer go nowhere: Python flushes it on leaving."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _mistake(error: B8simError) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{error}\n")
    return MISTAKE


def _interrupted(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return INTERRUPTED


def _show_version(wanted: bool) -> None:
    if wanted:
        import sim

        typer.echo(f"b8sim {sim.__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that come before a command."""


@app.command("compare")
@_guarded
def compare_command(
    scenario: ScenarioArgument,
    *,
    regimes: RegimesOption = None,
    replicates: ReplicatesOption = None,
    seed: SeedOption = None,
    out: OutOption = None,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar and no table.")] = False,
) -> None:
    """Run the same people under each regime, and show what differs."""
    from sim.results_folder import write_comparison
    from sim.runner import compare
    from sim.screen import print_headlines

    settings = _given(regimes=_regime_names(regimes), replicates=replicates, seed=seed)

    def work() -> Comparison:
        with _progress(quiet) as progress:
            return compare(_under(scenario, hypothesis), throughout=throughout, progress=progress, **settings)

    comparison = _work_into(out, work, write_comparison)
    # The table comes after the folder: a reader that goes away must not cost the results.
    if not quiet:
        print_headlines(comparison)
        if out is None:
            kept = _suggested_folder(scenario, comparison.regimes)
            _note(f"Nothing was written; --out {kept} keeps the tables and the report.")
        else:
            _note(f"Tables, figures and report.html are in {out}")
    if not comparison.complete:
        done, wanted = (comparison.receipt[key] for key in ("replicates", "replicates_wanted"))
        raise typer.Exit(_interrupted(f"interrupted: the results are of {done} of {wanted} replicates"))


@app.command("run")
@_guarded
def run_command(
    scenario: ScenarioArgument,
    *,
    regime: RegimeOption,
    seed: SeedOption = None,
    replicate: ReplicateOption = 0,
    out: OutOption = None,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
) -> None:
    """Run one replicate under one regime: its transitions, persons and measures."""
    from sim.results_folder import write_run
    from sim.runner import run
    from sim.screen import print_measures

    settings = _given(regime=regime, replicate=replicate, throughout=throughout, seed=seed)
    result = _work_into(out, lambda: run(_under(scenario, hypothesis), **settings), write_run)
    print_measures(result.measures)
    if out is None:
        kept = _suggested_folder(scenario, [regime])
        _note(f"Nothing was written; --out {kept} keeps the transitions, persons and measures.")
    else:
        _note(f"Transitions, persons and measures are in {out}")


@app.command("diff")
@_guarded
def diff_command(
    a: Annotated[str, typer.Argument(metavar="A", help="A regime.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The regime to hold against it.")],
    format: Annotated[DiffFormat, typer.Option("--format", help="How to print.")] = DiffFormat.terminal,
) -> None:
    """Show what changed in the law from one regime to another: step, old, new, source, status."""
    from sim.policies.diff import diff
    from sim.screen import markdown, print_changes

    changes = diff(a, b)
    if format is DiffFormat.csv:
        sys.stdout.write(changes.to_csv(index=False, lineterminator="\n"))
    elif format is DiffFormat.markdown:
        sys.stdout.write(markdown(changes))
    elif changes.empty:
        typer.echo(f"{a} and {b} are the same.")
    else:
        print_changes(f"From {a} to {b}", changes)


@app.command("follow")
@_guarded
def follow_command(
    scenario: ScenarioArgument,
    *,
    person: Annotated[str, typer.Option("--person", metavar="KEY", help="The key of a synthetic person.")],
    regimes: RegimesOption = None,
    seed: SeedOption = None,
    replicate: ReplicateOption = 0,
    throughout: ThroughoutOption = False,
    hypothesis: HypothesisOption = None,
) -> None:
    """Follow one synthetic person under each regime, to the first step where the paths part."""
    from sim.follow import follow

    settings = _given(regimes=_regime_names(regimes), replicate=replicate, seed=seed)
    typer.echo(follow(_under(scenario, hypothesis), person=person, throughout=throughout, **settings).text)


@app.command("replay")
@_guarded
def replay_command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A dated chronology in TOML.")],
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="A", help="The regime. Default: the case's.")
    ] = None,
) -> None:
    """Ask if a dated chronology can happen under these rules; if not, at which step, and why."""
    from sim.replay import replay

    result = replay(case, regime=regime)
    typer.echo(result.text)
    if not result.possible:
        raise typer.Exit(1)


@app.command("check")
@_guarded
def check_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]..", help="TOML files. Default: all that is shipped."),
    ] = None,
) -> None:
    """Validate law, regimes, scenarios and parameters without running anything."""
    from sim.checks import check

    for line in check(files or None):
        typer.echo(line)


def _regime_names(given: str | None) -> list[str] | None:
    """Read ``A,B,..``."""
    if given is None:
        return None
    names = [name.strip() for name in given.split(",")]
    if len(names) == 1 or not all(names):
        accepted = "two names or more with commas between them"
        raise InputError("not a list of regimes", key="--regimes", value=given, accepted=accepted)
    return names


def _under(scenario: str, hypotheses: str | None) -> Scenario | str:
    """Load a scenario with the changes of the rival explanations in ``H,H``; without any, leave it to be loaded."""
    if hypotheses is None:
        return scenario
    from sim.scenario import Scenario

    names = [name.strip() for name in hypotheses.split(",")]
    if not all(names):
        raise InputError("an empty name", key="--hypothesis", value=hypotheses, accepted="names with commas between")
    return Scenario.load(scenario).under(*names)


def _given(**settings: Any) -> dict[str, Any]:
    """Keep what was given: for the rest the scenario or the library has its own default."""
    return {name: value for name, value in settings.items() if value is not None}


def _work_into(out: Path | None, work: Callable[[], R], write: Callable[[Path, R], None]) -> R:
    """Do the work; with `out`, refuse a bad folder before it and write the result after it."""
    from sim.results_folder import open_folder

    if out is None:
        return work()
    try:
        with open_folder(out) as folder:
            result = work()
            write(folder, result)
    except KeyboardInterrupt:
        whole = (out / "receipt.json").exists()
        told = f"the results are whole in {out}" if whole else "nothing was written"
        raise typer.Exit(_interrupted(f"interrupted; {told}")) from None
    return result


def _suggested_folder(scenario: str, regimes: list[str]) -> str:
    return f"results/{Path(scenario).stem}-{'-'.join(regimes)}"


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """Give a function that moves a bar on standard error, or None where a bar is of no use."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, message: bar.update(task, completed=done, total=total, description=escape(message))


def _note(text: str) -> None:
    """Say something beside the result, which may be piped."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
