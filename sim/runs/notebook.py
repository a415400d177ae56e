"""A progress bar in a notebook, without anything that a notebook does not have."""

from __future__ import annotations

import sys
from collections.abc import Callable
from html import escape
from typing import Any

Progress = Callable[[int, int, str], None]


def progress_here() -> Progress:
    """Return what shows progress where the caller is: a bar in a notebook, nothing elsewhere."""
    return NotebookBar() if in_notebook() else lambda done, total, message: None


def in_notebook() -> bool:
    """Return whether the code runs in the kernel of a notebook (not in a terminal, IPython or not)."""
    # Whoever runs in a notebook has imported IPython: nobody else need pay for it.
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ in ("ZMQInteractiveShell", "Shell", "Interpreter")


class NotebookBar:
    """A bar under the cell that grows with ``bar(done, total, message)``; it goes when all is done."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, done: int, total: int, message: str) -> None:
        """Show how far the work is."""
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
