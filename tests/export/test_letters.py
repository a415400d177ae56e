"""The letters of figures are a part of DejaVu Sans with a name of its own, the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from matplotlib import font_manager

from sim.export.letters import PART, WHOLE, families


def test_the_part_has_the_letters_of_european_languages() -> None:
    assert families() == [PART, WHOLE]
    path = Path(font_manager.findfont(PART))
    assert path.name == "letters.ttf"
    assert path.stat().st_size < 150_000
    known = font_manager.get_font(str(path)).get_charmap()
    assert all(ord(letter) in known for letter in "aÉñçëïŁžș€−→↓–“’…")


def test_the_part_is_the_same_in_another_process() -> None:
    code = (
        "import hashlib; from matplotlib import font_manager; from sim.export.letters import families, PART;"
        "families();"
        "print(hashlib.sha256(open(font_manager.findfont(PART), 'rb').read()).hexdigest())"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout) == 65
