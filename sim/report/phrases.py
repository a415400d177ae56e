"""Numbers, names and sentences for readers.

The words are neutral: a difference is more or fewer, higher or lower, never better or worse. When the
interval includes zero the sentence says that the runs do not show a direction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.report.language import digits, known, say

MINUS = "\N{MINUS SIGN}"
SIGNS = ("lower", "the same", "higher")
LONGEST_PART = 14
UNDEFINED = "not defined"

GROUP_TITLES = {
    "all": "everyone",
    "dublin": "people with a Dublin claim",
    "non_dublin": "people without a Dublin claim",
    "NGA": "Nigeria",
    "UGA": "Uganda",
    "GMB": "Gambia",
    "GIN": "Guinea",
    "SLE": "Sierra Leone",
    "other": "other nationalities",
    "women": "women",
    "men": "men",
    "minors": "minors",
    "exploited_nl": "exploited in the Netherlands",
    "exploited_eu": "exploited elsewhere in the EU",
    "exploited_outside": "exploited outside the EU",
    "victims": "victims",
    "dublin_victims": "victims with a Dublin claim",
    "rule_changed": "people whose rule changed",
    "rule_unchanged": "people whose rule did not change",
}
OUTCOME_TITLES = {
    "b8_permit": "B8 permit",
    "asylum_granted": "asylum granted",
    "transferred": "transferred under Dublin",
    "left_unknown": "left, destination unknown",
    "departed": "departed",
    "in_procedure": "still in procedure",
}


OUTSIDE = "†"
"""Behind a range in which the difference at the numbers of the scenario does not lie."""


class Difference(NamedTuple):
    """One row of the table of paired differences, reform minus baseline."""

    baseline: str
    reform: str
    difference: float
    low: float
    high: float
    unit: str
    share_higher: float
    share_lower: float
    share_equal: float
    replicates: int
    range_low: float = math.nan
    range_high: float = math.nan

    @property
    def signs(self) -> tuple[int, int, int]:
        """In how many replicates the reform is lower, the same, higher."""
        shares = (self.share_lower, self.share_equal, self.share_higher)
        lower, equal, higher = (round(share * self.replicates) for share in shares)
        return lower, equal, higher


def title_of(name: str, titles: dict[str, str]) -> str:
    """Return the readable title of a name, or the name without underscores when it has none."""
    return known(titles.get(name, name.replace("_", " ")))


def wrap_name(name: str, width: int) -> str:
    """Return a name wrapped at spaces and after underscores and plus signs; a very long part anywhere.

    Parameters
    ----------
    name
        A regime, a measure title or an outcome.
    width
        Longest line in characters; a part of at most 14 characters is kept whole even if it is longer.

    Returns
    -------
    str
        The name with line breaks.
    """
    lines = [""]
    for part in _parts(name, max(width, LONGEST_PART)):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _parts(name: str, longest: int) -> list[str]:
    """Return the parts between which a name may be broken."""
    parts = re.split(r"(?<=[ _+])", name)
    return [part[at : at + longest] for part in parts for at in range(0, max(len(part), 1), longest)]


def short_name(name: str, longest: int = 60) -> str:
    """Return a name without its middle where it is longer than a figure or a heading can hold."""
    if len(name) <= longest:
        return name
    return f"{name[: longest * 2 // 3]}\N{HORIZONTAL ELLIPSIS}{name[-(longest // 4) :]}"


def is_share(unit: str) -> bool:
    """Return whether a unit is a share, shown in per cent."""
    return unit == "share"


def is_countable(unit: str) -> bool:
    """Return whether "more" and "fewer" fit a unit, as persons, days and reports."""
    return bool(unit) and not is_share(unit) and " per " not in unit and unit != "ratio"


def decimals_for(estimate: float, low: float = math.nan, high: float = math.nan) -> int:
    """Return the number of decimals to show of an estimate.

    Parameters
    ----------
    estimate, low, high
        The estimate and its interval; NaN bounds mean that there is none.

    Returns
    -------
    int
        Enough to keep rounding within an eighth of half the interval's width, and to keep a bound that is not
        zero from looking like zero; without an interval, enough for three figures of the estimate. Between 0
        and 4.
    """
    half_width = (high - low) / 2
    if 0 < half_width < math.inf:
        places = _between_0_and_4(-math.floor(math.log10(half_width / 4)))
        vanishing = [bound for bound in (low, high) if bound and round(bound, places) == 0]
        return _between_0_and_4(max([places, *(-math.floor(math.log10(abs(bound))) for bound in vanishing)]))
    if not math.isfinite(estimate) or estimate == round(estimate):
        return 0
    return _between_0_and_4(2 - math.floor(math.log10(abs(estimate))))


def number(value: float, decimals: int | None = None, *, plus: bool = False) -> str:
    """Return a number as text, with thousands separators and a true minus sign.

    Parameters
    ----------
    value
        The number; NaN is written as ``not defined``.
    decimals
        Decimals to show; by default three figures.
    plus
        Whether a positive number carries a plus sign.

    Returns
    -------
    str
        For example ``12,345`` or ``\N{MINUS SIGN}0.12``.
    """
    if math.isnan(value):
        return say(UNDEFINED)
    places = decimals_for(value) if decimals is None else decimals
    text = f"{abs(value):,.{places}f}"
    if float(text.replace(",", "")) == 0.0:
        return digits(text)
    return (MINUS if value < 0 else "+" if plus else "") + digits(text)


def level_text(value: float, unit: str) -> str:
    """Return the level of a measure as text, without its unit; shares in per cent."""
    if math.isnan(value):
        return say(UNDEFINED)
    return f"{number(100 * value)}%" if is_share(unit) else number(value)


def difference_text(row: Difference) -> tuple[str, str]:
    """Return a difference and its interval as texts for a table.

    Returns
    -------
    tuple of str
        The difference with its sign, and the interval as ``a to b`` or why there is none. Differences of
        shares are in percentage points, without the unit.
    """
    scale = 100.0 if is_share(row.unit) else 1.0
    estimate, low, high = (scale * value for value in (row.difference, row.low, row.high))
    places = decimals_for(estimate, low, high)
    if math.isnan(estimate):
        return say(UNDEFINED), ""
    if math.isnan(low):
        return number(estimate, places, plus=True), why_no_interval(row)
    bounds = (number(bound, places, plus=True) for bound in (low, high))
    return number(estimate, places, plus=True), ends(*bounds)


def range_text(row: Difference) -> str:
    """Return the range over the fitted sets of assumptions as ``a to b``; empty where there is none.

    `OUTSIDE` follows where the difference itself lies outside it.
    """
    if math.isnan(row.range_low):
        return ""
    scale = 100.0 if is_share(row.unit) else 1.0
    low, high = scale * row.range_low, scale * row.range_high
    # A range needs no digit that tells a bound near zero from zero, as the interval of an estimate does.
    places = _between_0_and_4(-math.floor(math.log10((high - low) / 8))) if high > low else decimals_for(low)
    text = ends(*(number(bound, places, plus=True) for bound in (low, high)))
    outside = not math.isnan(row.difference) and not row.range_low <= row.difference <= row.range_high
    return f"{text} {OUTSIDE}" if outside else text


def ends(low: str, high: str) -> str:
    """Return two ends as text: ``a to b``."""
    return say("{low} to {high}", low=low, high=high)


def range_sentence(receipt: Mapping[str, Any]) -> str:
    """Return what the interval and the range cover, or that no range is established."""
    said = receipt.get("fitted_range")
    if said is None:
        return say(
            "Interval: chance only. A range over fitted sets of assumptions is not established for this scenario and "
            "these regimes."
        )
    return say(
        "Interval: chance only. Range: over the {sets} sets of assumptions that fit what was published before "
        "1 August 2019 (camp {camp}; {other} of them with other readings of open questions of the law), nine tenths of "
        "them; each was run once, beforehand. {outside}: the difference lies outside it; the numbers as shipped do not "
        "reproduce all these figures.",
        sets=said["sets"],
        other=said["under_other_readings"] or say("none"),
        camp=said["camp"],
        outside=OUTSIDE,
    )


def why_no_interval(row: Difference) -> str:
    """Return why a difference has no interval."""
    if row.replicates == 1:
        return say("one replicate, none")
    lower, _, higher = row.signs
    return say("too few differ, none") if lower + higher else say("the same in each, none")


def signs_text(row: Difference) -> str:
    """Return in how many of the used replicates the reform is lower, the same and higher."""
    return say(UNDEFINED) if row.replicates == 0 else " / ".join(number(count, 0) for count in row.signs)


def difference_sentence(title: str, row: Difference) -> str:
    """Return one neutral sentence on how a measure differs between two regimes.

    Parameters
    ----------
    title
        What is measured.
    row
        The paired difference.

    Returns
    -------
    str
        One sentence, or two when there is a single replicate.
    """
    said = {"title": title, "baseline": row.baseline, "reform": row.reform, "replicates": number(row.replicates, 0)}
    if row.replicates == 0:
        return say("{title}: not defined in any replicate, so {baseline} and {reform} cannot be compared.", **said)
    said["size"] = _size(row, row.difference) if row.difference else say("no difference")
    if row.replicates == 1 and row.difference:
        return say(
            "{title}: under {reform}, {size} than under {baseline} on the same people. One replicate only, so no "
            "interval can be given.",
            **said,
        )
    if row.replicates == 1:
        return say(
            "{title}: no difference on the same people. One replicate only, so no interval can be given.", **said
        )
    if row.share_equal == 1:
        said["limit"] = _not_ruled_out(row)
        return say("{title}: the same under {baseline} and {reform} in each of {replicates} replicates{limit}.", **said)
    said["counts"] = say("{counts} of {replicates} replicates", counts=_agreement(row), replicates=said["replicates"])
    if math.isnan(row.low) and row.difference:
        return say(
            "{title}: under {reform}, on average {size} than under {baseline} on the same people; {counts}. Too few "
            "differ for an interval.",
            **said,
        )
    if math.isnan(row.low):
        return say(
            "{title}: under {reform}, on average no difference on the same people; {counts}. Too few differ for an "
            "interval.",
            **said,
        )
    if row.low <= 0 <= row.high:
        said |= {"low": _size(row, row.low), "high": _size(row, row.high)}
        return say(
            "{title}: the runs do not show a direction between {baseline} and {reform} on the same people (on average "
            "{size}; 95% interval from {low} to {high}); {counts}.",
            **said,
        )
    said["interval"] = _interval(row)
    return say(
        "{title}: under {reform}, {size} (95% interval {interval}) than under {baseline} on the same people; {counts}.",
        **said,
    )


def direction_count_sentence(rows: list[Difference]) -> str:
    """Return a sentence on the number of measures whose interval lies on one side of zero.

    Parameters
    ----------
    rows
        The differences of one reform that a figure shows.

    Returns
    -------
    str
        One sentence; empty when no row has an interval.
    """
    rows = [row for row in rows if not math.isnan(row.low)]
    if not rows:
        return ""
    below, above = sum(row.high < 0 for row in rows), sum(row.low > 0 for row in rows)
    return say(
        "Of the {all} measures shown for {reform}, the interval lies below zero for {below}, above zero for {above} "
        "and includes zero for {zero}.",
        all=len(rows),
        reform=rows[0].reform,
        below=below,
        above=above,
        zero=len(rows) - below - above,
    )


def _between_0_and_4(places: int) -> int:
    return min(max(places, 0), 4)


def _scaled(row: Difference) -> tuple[float, int, str, tuple[str, str]]:
    """Return scale, decimals, unit in words and the words for less and more of a unit."""
    scale = 100.0 if is_share(row.unit) else 1.0
    places = decimals_for(scale * row.difference, scale * row.low, scale * row.high)
    if is_share(row.unit):
        return scale, places, " " + say("percentage points"), (say("lower"), say("higher"))
    if is_countable(row.unit):
        return scale, places, f" {known(row.unit)}", (say("fewer"), say("more"))
    return scale, places, f" {known(row.unit)}" if " per " in row.unit else "", (say("lower"), say("higher"))


def _size(row: Difference, value: float) -> str:
    """Return a signed amount in words: ``12 fewer persons``, ``0.3 percentage points higher``."""
    scale, places, unit, words = _scaled(row)
    amount = number(abs(scale * value), places)
    word = words[value > 0]
    if not is_countable(row.unit):
        return f"{amount}{unit} {word}"
    if amount == "1":
        unit = f" {known(row.unit.removesuffix('s'))}"
    return f"{amount} {word}{unit}"


def _interval(row: Difference) -> str:
    """Return an interval on one side of zero as text, the bound nearer to zero first."""
    scale, places, _, words = _scaled(row)
    near, far = sorted(abs(scale * bound) for bound in (row.low, row.high))
    return f"{ends(number(near, places), number(far, places))} {words[row.difference > 0]}"


def _agreement(row: Difference) -> str:
    """Return in how many replicates the reform is lower, the same and higher, in words; those of none left out."""
    counted = zip(SIGNS, row.signs, strict=True)
    return ", ".join(
        say("{word} in {count}", word=say(word), count=number(count, 0)) for word, count in counted if count
    )


def _not_ruled_out(row: Difference) -> str:
    """Return how large a mean difference may be though no replicate has one."""
    if math.isnan(row.low) or not row.high > 0:
        return ""
    scale, places, unit, _ = _scaled(row)
    size = f"{number(scale * row.high, places)}{unit}"
    return say(" (95% interval: up to {size} either way)", size=size)
