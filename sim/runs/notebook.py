"""A progress bar in a notebook, without further packages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from html import escape
from typing import Any

Progress = Callable[[int, int, str], None]


def progress_here() -> Progress:
    """Return a progress bar in a notebook, and a function without effect elsewhere."""
    return NotebookBar() if in_notebook() else lambda done, total, message: None


def in_notebook() -> bool:
    """Return whether the code runs in the kernel of a notebook (not in a terminal, IPython or not)."""
    # A notebook has imported IPython already, so nothing else pays for the import.
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ in ("ZMQInteractiveShell", "Shell", "Interpreter")


class NotebookBar:
    """A bar under the cell that grows with ``bar(done, total, message)``, and disappears at the end."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, done: int, total: int, message: str) -> None:
        """Show the progress of the work."""
        from IPython.display import HTML, display

        page = HTML(
            ""
            if done >= total
            else f'<progress value="{done}" max="{total}"></progress> {done} of {total}: {escape(message)}'
        )
        if self._handle is None:
            self._handle = display(page, display_id=True)
        else:
            self._handle.update(page)
