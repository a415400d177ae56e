"""What the pages on fitted sets share: tables in Markdown, numbers and names for readers."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sim.calibration.ensembles import Ensemble
from sim.evidence.parameters import Parameters
from sim.evidence.passport import Passport
from sim.files.toml import read_toml
from sim.report.phrases import MINUS
from sim.studies.factors import CAPACITY

TITLES: Final = Path(__file__).parent / "assumptions.toml"
_BEFORE: Final = re.compile(r"^(Assumption|Judgement|Neutral)[^:]*: ")


def number(value: float) -> str:
    """Return a number with three digits, or all digits before the point."""
    if not math.isfinite(value):
        return "none"
    size = abs(value)
    places = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
    text = f"{size:,.{places}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) else text


def span(low: float, high: float) -> str:
    """Return a range in words."""
    return "none" if math.isnan(low) else f"{number(low)} to {number(high)}"


def prose(text: str) -> str:
    """Return a paragraph, broken into lines."""
    return textwrap.fill(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False) + "\n\n"


def item(text: str) -> str:
    """Return one item of a list, broken into lines."""
    lines = textwrap.wrap(" ".join(text.split()), 116, break_long_words=False, break_on_hyphens=False)
    return "- " + "\n  ".join(lines) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"


def passport_of(name: str, pools: dict[str, str]) -> Passport:
    """Return the passport of an assumption: of a parameter, or of the usual capacity of a pool."""
    known = Parameters.load()
    return known.passport(pools[name.removeprefix(CAPACITY)] if name.startswith(CAPACITY) else name)


def pools() -> dict[str, str]:
    """Return the parameter that holds the usual capacity of each pool."""
    from sim.agents.behaviour import Authorities

    return {name: pool.capacity for name, pool in Authorities.load().pool.items()}


@cache
def titles() -> dict[str, str]:
    """Return what the assumptions of the shipped calibration are about."""
    return {str(name): str(title) for name, title in read_toml(TITLES).items()}


def meaning(name: str, by_pool: dict[str, str]) -> str:
    """Return what an assumption is about; without a title of its own, from the note of its passport."""
    if name in titles():
        return titles()[name]
    return re.split(r"[.;](?:\s|$)", _BEFORE.sub("", passport_of(name, by_pool).note))[0].rstrip(".")


def bounds_text(low: float, high: float) -> str:
    """Return the side of a bound in words."""
    if math.isinf(low):
        return f"at most {number(high)}"
    if math.isinf(high):
        return f"above {number(low)}"
    return f"between {number(low)} and {number(high)}"


def name_of(camp: str, sets: Ensemble) -> str:
    """Return a camp for a table."""
    return f"`{camp}`: {sets.title['en']}"


def sets_text(sets: Ensemble) -> str:
    """Return how many sets a camp has, and of what kind."""
    if sets.accepted:
        return f"{sets.size} of {sets.said['run']} reproduce every figure"
    figure = ruling_out(sets)
    least = number(float(sets.said["least_worst_deviation"]))
    return f"none of {sets.said['run']}; {figure}; the {sets.size} nearest are used, from {least} tolerances off"


def ruling_out(sets: Ensemble) -> str:
    """Return which figure keeps the sets of a camp out: the one that no set comes near, else the one most sets miss."""
    from sim.calibration.targets import load_targets

    targets, within = load_targets(), sets.receipt["within_tolerances"]
    name, nearest = max(sets.said["nearest"].items(), key=lambda item: item[1])
    if nearest > within:
        return f"no set comes nearer than {number(nearest)} tolerances to *{targets[name].document.title.en}*"
    name, share = max(sets.said["share_off"].items(), key=lambda item: item[1])
    return (
        "each figure is reached by some set, not all by one; most often missed is "
        f"*{targets[name].document.title.en}*, by {100 * share:.0f}% of the sets"
    )
