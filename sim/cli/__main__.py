"""``python -m sim.cli``: the command, where it is not on the path."""

from sim.cli import main

main()
