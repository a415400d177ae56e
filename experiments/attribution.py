"""To which of several changes does a difference belong: rule, COVID, programmes, inflow?

Every combination of drivers, on or off, is run on the same people; ``attribution.toml`` beside this script says which.

    python -m experiments.attribution --hypothesis H14 --replicates 8 --out results/attribution
"""

from __future__ import annotations

from pathlib import Path

from sim.studies.attribution import main

if __name__ == "__main__":
    raise SystemExit(main(Path(__file__).with_suffix(".toml")))
