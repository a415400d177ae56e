"""The command ``b8sim``: one module for each command, and what they share.

Everything heavy is imported inside the commands, so that ``b8sim --help`` answers at once.
"""

from collections.abc import Callable

from sim.cli.app import app, guarded, main
from sim.cli.check import check_command
from sim.cli.compare import compare_command
from sim.cli.diff import diff_command
from sim.cli.export import export_command
from sim.cli.follow import follow_command
from sim.cli.replay import replay_command
from sim.cli.reproduce import reproduce_command
from sim.cli.run import run_command

__all__ = ["app", "main"]

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare_command,
    "run": run_command,
    "export": export_command,
    "reproduce": reproduce_command,
    "diff": diff_command,
    "follow": follow_command,
    "replay": replay_command,
    "check": check_command,
}
"""In the order in which the help lists them."""

for name, command in COMMANDS.items():
    app.command(name)(guarded(command))
