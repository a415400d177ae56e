"""Files of parameters as a user would write them, for the tests of the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

GOOD = {
    "value": 7,
    "low": 2,
    "high": 28,
    "unit": "days",
    "source": ["rbdha2020-13035"],
    "grade": "judgement",
    "status": "read",
    "note": "Mean of five files.",
}


def parameter_file(folder: Path, passport: dict[str, Any], **others: str) -> Path:
    """Write a file with one parameter, ``om.test_days``, and perhaps other text."""
    lines = ["[om.test_days]"]
    for key, value in passport.items():
        lines.append(f"{key} = {value if key == 'date' else repr(value).replace(chr(39), chr(34))}")
    path = folder / "parameters.toml"
    path.write_text("\n".join([*lines, *others.values(), ""]), encoding="utf-8")
    return path
