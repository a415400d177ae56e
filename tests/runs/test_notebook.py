"""A progress bar in a notebook (`sim.runs.notebook`), and none elsewhere."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sim.runs.notebook import NotebookBar, in_notebook, progress_here


def shell_named(name: str) -> SimpleNamespace:
    return SimpleNamespace(get_ipython=type(name, (), {}))


@pytest.mark.parametrize(
    ("module", "inside"),
    [
        (None, False),
        (shell_named("TerminalInteractiveShell"), False),
        (SimpleNamespace(get_ipython=lambda: None), False),
        (shell_named("ZMQInteractiveShell"), True),
        (shell_named("Shell"), True),
    ],
)
def test_only_the_kernel_of_a_notebook_is_one(monkeypatch: pytest.MonkeyPatch, module: Any, inside: bool) -> None:
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert in_notebook() is inside
    assert isinstance(progress_here(), NotebookBar) is inside


def test_the_bar_is_made_once_then_grows_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    display = ModuleType("IPython.display")
    display.HTML = str  # type: ignore[attr-defined]
    handle = SimpleNamespace(update=shown.append)
    made: list[str] = []

    def first(page: str, display_id: bool) -> SimpleNamespace:
        assert display_id
        made.append(page)
        return handle

    display.display = first  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    bar = NotebookBar()
    bar(0, 3, "a <b>")
    bar(2, 3, "replicates")
    bar(3, 3, "replicates")
    assert made == ['<progress value="0" max="3"></progress> 0 of 3: a &lt;b&gt;']
    assert shown == ['<progress value="2" max="3"></progress> 2 of 3: replicates', ""]
