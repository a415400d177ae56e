"""Characters that a screen lacks (`sim.cli.characters`)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from terminals import COMMANDS, piped

from sim.cli.characters import HANDLER, plain_characters

pytestmark = pytest.mark.skipif(os.name == "nt", reason="terminals are made in another way there")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_negative_number_stays_one_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    shown = piped(tmp_path, *COMMANDS["compare"], PYTHONIOENCODING=encoding)
    assert re.search(r"[|│] +-[0-9]", shown)
    assert "\\u" not in shown


def test_what_has_no_plain_character_is_escaped() -> None:
    plain_characters()
    text = "−1 … é ≥ 日 \N{LATIN SMALL LIGATURE FI}"
    assert text.encode("ascii", HANDLER) == b"-1 ... e >= \\u65e5 fi"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", HANDLER)
