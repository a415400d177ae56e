"""The command ``b8sim``: a thin shell around the library, which turns mistakes into exit statuses.

Exit statuses: 0 done; 1 a chronology that is impossible (``replay``), or a file that did not come out the same
(``reproduce``); 3 a chronology that is possible only if more happened, 4 one that could not be decided (``replay``);
2 a mistake in the input or a full disk, explained on standard error; 130 interrupted, by Ctrl-C, a request to terminate
(SIGTERM), a terminal that hangs up (SIGHUP) or a limit of processor time (SIGXCPU); 141 a reader that went away (as a
shell reports SIGPIPE). Any other exception is a defect, shows its traceback and leaves with 70.

Everything heavy is imported inside the commands, so that ``b8sim --help`` answers at once.
"""

from __future__ import annotations

import functools
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from sim.cli.characters import plain_characters
from sim.files.errors import B8simError, InputError, InputWarning
from sim.runs import interrupts

MISTAKE = 2
INTERRUPTED = 130
READER_GONE = 141
DEFECT = 70

P = ParamSpec("P")
R = TypeVar("R")


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
    plain_characters()
    try:
        # Batch systems ask to terminate before they kill: finished replicates are kept then too.
        with interrupts.answered(), _warnings_in_one_line():
            app(prog_name="b8sim")
    except B8simError as error:
        sys.exit(_mistake(error))
    except KeyboardInterrupt:
        sys.exit(interrupted("interrupted"))
    except Exception:
        traceback.print_exc()
        sys.exit(DEFECT)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Return the command with its errors turned into exit statuses."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except B8simError as error:
            raise typer.Exit(_mistake(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(interrupted("interrupted")) from None
        except BrokenPipeError:
            _drop_standard_output()
            raise typer.Exit(READER_GONE) from None
        except OSError as error:
            if interrupts.heard():
                _drop_standard_output()
                raise typer.Exit(interrupted("interrupted")) from None
            from sim.report.folder import DISK_ERRORS

            if error.errno not in DISK_ERRORS:
                raise
            _drop_standard_output()
            place = error.filename or "standard output"
            raise typer.Exit(_mistake(InputError(f"cannot be written: {error.strerror}".lower(), file=place))) from None
        except Exception as error:
            if isinstance(error, typer.Exit) or not interrupts.heard():
                raise
            raise typer.Exit(interrupted("interrupted")) from None

    return wrapped


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Show each warning about the user's input on its own line, without the place in the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, InputWarning):
                sys.stderr.write(f"{message}\n")
            else:
                others(message, category, *place, **more)

        warnings.showwarning = show
        yield


def _drop_standard_output() -> None:
    """Discard what is still in the buffer of standard output, which Python flushes on exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _mistake(error: B8simError) -> int:
    sys.stdout.flush()
    say(str(error))
    return MISTAKE


def interrupted(message: str) -> int:
    """Report an interrupt on standard error; return the exit status."""
    say(message)
    return INTERRUPTED


def say(text: str) -> None:
    """Write a line on standard error, if it still has a reader."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")


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
    """Read the options that come before a command."""
