"""What the page opens with: the comparison of the scenario, computed once while the page is being opened."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sim.scenarios.scenario import Scenario


class Opening:
    """The data that the page opens with, as JSON; computed once, by whoever asks first.

    Parameters
    ----------
    base
        The scenario.
    tell
        Is told, in words, how far it is.
    """

    def __init__(self, base: Scenario, tell: Callable[[str], None]) -> None:
        self.base, self._tell = base, tell
        self._lock = threading.Lock()
        self._text: str | None = None

    def text(self) -> str:
        """Return the data as JSON; waits until they are there.

        Raises
        ------
        InputError
            When the scenario cannot be compared.
        """
        with self._lock:
            if self._text is None:
                self._text = self._computed()
            return self._text

    def prepare(self) -> None:
        """Compute the data if they are not there; a scenario that cannot be compared is told."""
        from sim.files.errors import B8simError

        try:
            self.text()
        except B8simError as error:
            self._tell(str(error))

    def _computed(self) -> str:
        from sim.view.core import as_json, core_of

        header = self.base.document.scenario
        self._tell(f"Comparing {', '.join(self.base.regimes)} in {header.replicates} replicates ...")
        text = as_json(core_of(self.base))
        self._tell("The comparison is ready.")
        return text
