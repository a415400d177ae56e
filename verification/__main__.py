"""Run the sections and write ``docs/verification.md``; ``python -m verification randomness`` shows only one."""

from __future__ import annotations

import sys
from importlib import import_module

from verification.report import ROOT, machine
from verification.sections import SECTIONS

PAGE = ROOT / "docs" / "verification.md"
HEAD = """# Verification

Does the program do what it claims? `make verify` measured each section below, with fixed seeds, through the same
functions that the tests call with smaller numbers. It does not test the assumptions: see
[what the intervals mean](model.md#what-the-intervals-mean).
"""


def main(wanted: list[str]) -> int:
    """Measure all sections and write the page, or print the sections asked for by the name of their module."""
    known = {module.rpartition(".")[2]: (title, module) for title, module in SECTIONS.items()}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.stderr.write(f"unknown section {unknown[0]}; accepted: {', '.join(known)}\n")
        return 2
    parts = []
    for name in wanted or known:
        title, module = known[name]
        sys.stderr.write(f"{title} ...\n")
        text = import_module(module).section().strip()
        parts.append(f"## {title}\n\n{text}\n")
    if wanted:
        sys.stdout.write("\n".join(parts))
        return 0
    PAGE.write_text("\n".join([HEAD, f"Measured on {machine()}\n", *parts]), encoding="utf-8", newline="\n")
    sys.stderr.write(f"{PAGE.relative_to(ROOT)} is written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
