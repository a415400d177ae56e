"""``python -m sim.calibration.runs_again SETS WORK`` runs fitted sets again: under open readings, and by month."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from sim.calibration.months import write_months
from sim.calibration.open_readings import run_under_readings
from sim.files.errors import InputError


def main(words: list[str]) -> int:
    """Run the sets of a folder again, and write what is kept of it beside them."""
    if len(words) != 2:
        sys.stderr.write("python -m sim.calibration.runs_again SETS WORK\n")
        return 2
    folder, work = words

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    try:
        # Some sixty small sweeps: to start processes for each would take longer.
        with ThreadPoolExecutor(1) as executor:
            run_under_readings(folder, work, tell=tell, executor=executor)
        write_months(folder, work, tell=tell)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
