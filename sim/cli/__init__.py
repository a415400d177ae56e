"""The command ``b8sim``: one module for each command, and what they share.

Everything heavy is imported inside the commands, so that ``b8sim --help`` answers at once.
"""

from collections.abc import Callable

import typer

from sim.cli import analyse, sweep
from sim.cli.app import app, guarded, main
from sim.cli.calibrate import calibrate_command, validate_command
from sim.cli.check import check_command
from sim.cli.compare import compare_command
from sim.cli.diff import diff_command
from sim.cli.export import export_command
from sim.cli.follow import follow_command
from sim.cli.monitor import monitor_command
from sim.cli.replay import replay_command
from sim.cli.reproduce import reproduce_command
from sim.cli.run import run_command
from sim.cli.view import view_command

__all__ = ["app", "main"]

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare_command,
    "run": run_command,
    "calibrate": calibrate_command,
    "validate": validate_command,
    "monitor": monitor_command,
    "export": export_command,
    "reproduce": reproduce_command,
    "diff": diff_command,
    "follow": follow_command,
    "replay": replay_command,
    "view": view_command,
    "check": check_command,
}
"""In the order in which the help lists them."""

for name, command in COMMANDS.items():
    app.command(name)(guarded(command))

GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "sweep": (
        "Run many points of one study: plan it, run it, resume what was broken off, extend it.",
        {
            "plan": sweep.plan_command,
            "run": sweep.run_command,
            "resume": sweep.resume_command,
            "extend": sweep.extend_command,
            "status": sweep.status_command,
            "merge": sweep.merge_command,
        },
    ),
    "analyse": (
        "Ask what a sweep says: which assumptions decide, where a rule does otherwise, what holds, what it takes.",
        {
            "sensitivity": analyse.sensitivity_command,
            "discover": analyse.discover_command,
            "robust": analyse.robust_command,
            "turning": analyse.turning_command,
            "needed": analyse.needed_command,
            "proposals": analyse.proposals_command,
            "shares": analyse.shares_command,
        },
    ),
}
"""Commands of two words: the first with its help, and the second."""

for group, (words, commands) in GROUPS.items():
    parent = typer.Typer(help=words, no_args_is_help=True, rich_markup_mode=None)
    for name, command in commands.items():
        parent.command(name)(guarded(command))
    if group == "analyse":  # the store comes before the question
        parent.callback()(analyse.start)
    app.add_typer(parent, name=group, help=words)
