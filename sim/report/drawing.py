# ruff: noqa: E402 - the first import of matplotlib needs an environment without MPLBACKEND
"""What the report uses of matplotlib, which is imported here only, without the backend that a caller asked for.

``MPLBACKEND`` names the window in which a user wants to see figures. A notebook, a kernel or an editor hands it on to
the programs that it starts, and matplotlib does not even import when it does not know that backend. The report writes
files and needs no window. It leaves the setting to the user: once matplotlib is imported, the variable is back and the
backend is the one it names, as far as matplotlib knows it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from sim.files.errors import InputError


def _import_matplotlib() -> None:
    """Import matplotlib as it is without ``MPLBACKEND``.

    Raises
    ------
    InputError
        When a settings file of the user (``matplotlibrc``) cannot be read.
    """
    wanted = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    except (ValueError, OSError) as error:
        raise InputError(
            f"matplotlib cannot read its settings: {error}",
            file="matplotlibrc",
            accepted="settings in UTF-8 that matplotlib can read, or no such file",
        ) from None
    finally:
        if wanted is not None:
            os.environ["MPLBACKEND"] = wanted
    if wanted:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = wanted


if "matplotlib" not in sys.modules:
    _import_matplotlib()

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

__all__ = ["Axes", "Figure", "FigureCanvasAgg", "Line2D", "MaxNLocator", "Rectangle", "matplotlib"]
