"""The minutes of a workshop: two pages to print, with positions, disagreements and figures to ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.files.toml import read_toml
from sim.report.phrases import decimals_for, number
from sim.view.cards import CHOICES
from sim.view.table import FEWEST_SHOWN

if TYPE_CHECKING:
    from jinja2 import Template

    from sim.evidence.passport import Passport
    from sim.scenarios.scenario import Scenario

TEMPLATE: Final = Path(__file__).parent / "minutes.html"
WORDS: Final = Path(__file__).parent / "minutes.toml"
MOST_CARDS: Final = 7
MOST_ROWS: Final = 6
MOST_NOTES: Final = 4
MOST_FIGURES: Final = 5


def minutes_page(log: Mapping[str, Any], base: Scenario, language: str, today: dt.date | None = None) -> str:
    """Return the minutes as an HTML page of two printed pages.

    Parameters
    ----------
    log
        What `Room.log` returns, with ``title`` of the scenario.
    base
        The scenario, for the passports of the assumptions.
    language
        ``en`` or ``nl``.
    today
        The day of the workshop; today by default.
    """
    import sim

    word = words(language)
    revealed = [one for one in log["cards"] if one["revealed"]]
    rows, notes = log["disagreement"], log["notes"]
    return _template().render(
        language=language,
        word=word,
        log=log,
        today=_day(today or dt.date.today(), language),
        version=sim.__version__,
        cards=[_card(one, word, language) for one in revealed[-MOST_CARDS:]],
        more_cards=max(len(revealed) - MOST_CARDS, 0),
        rows=[_row(row, word, language) for row in rows[:MOST_ROWS]],
        more_rows=max(len(rows) - MOST_ROWS, 0),
        notes=notes[-MOST_NOTES:],
        more_notes=max(len(notes) - MOST_NOTES, 0),
        figures=log["figures"][-MOST_FIGURES:],
        suggested=_suggested(rows, base, word, MOST_FIGURES - min(len(log["figures"]), MOST_FIGURES)),
    )


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of the page in a language."""
    return {key: title[language] for key, title in read_toml(WORDS).items()}


def in_language(text: str, language: str) -> str:
    """Return a number as it is written in a language: a comma before the decimals in Dutch."""
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


@cache
def _template() -> Template:
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def _day(day: dt.date, language: str) -> str:
    return f"{day.day}-{day.month}-{day.year}" if language == "nl" else day.isoformat()


def _card(one: Mapping[str, Any], word: Mapping[str, str], language: str) -> dict[str, str]:
    """Return question, votes and the model's answer of one card in words."""
    card, votes = one["card"], one["votes"]
    names = card["words"][language]
    said = (
        word["few"].format(FEWEST_SHOWN)
        if votes is None
        else "; ".join(f"{names[choice]}: {votes[choice]}" for choice in CHOICES)
    )
    return {
        "question": card["question"][language],
        "votes": said,
        "model": _modelled(one["model"], word, language),
    }


def _modelled(model: Mapping[str, Any] | None, word: Mapping[str, str], language: str) -> str:
    """Return the difference with its interval in words: per 1,000 people where people are counted."""
    if model is None or model["answer"]["difference"] is None:
        return word["not_run"]
    answer = model["answer"]
    per_1000 = answer["unit"] == "persons"
    scale = 1000 / answer["people"] if per_1000 else 1.0
    difference = scale * answer["difference"]
    if answer["low"] is None or answer["high"] is None:
        text = number(difference, decimals_for(difference), plus=True)
        return word["one_run"].format(difference=in_language(text, language))
    low, high = scale * answer["low"], scale * answer["high"]
    places = decimals_for(difference, low, high)
    texts = {
        key: in_language(number(value, places, plus=True), language)
        for key, value in (("difference", difference), ("low", low), ("high", high))
    }
    return word["per_1000" if per_1000 else "other"].format(**texts, runs=answer["runs"])


def _row(row: Mapping[str, Any], word: Mapping[str, str], language: str) -> dict[str, str]:
    """Return one disagreement in words."""
    values = {
        key: "" if row[key] is None else in_language(number(row[key]), language)
        for key in ("lowest", "median", "highest")
    }
    return {
        "parameter": row["parameter"],
        **values,
        "touched": word["of"].format(row["touched"], row["of"]),
        "turns": _turns(row["turns"], word, language),
    }


def _turns(found: Mapping[str, Any] | None, word: Mapping[str, str], language: str) -> str:
    """Return whether a disagreement matters, in words, and whether other people say so too."""
    if found is None:
        return word["not_asked"]
    parts = [word[found["answer"]]]
    if found["at"] is not None:
        texts = {key: in_language(number(found[key], plus=key == "change"), language) for key in ("at", "change")}
        parts.append(word["turns_at"].format(**texts))
    elif found["answer"] == "no":
        parts.append(word["turns_nowhere"])
    parts.append(word["again"].format(word[found["again"]]))
    return "; ".join(parts)


def _suggested(rows: list[Mapping[str, Any]], base: Scenario, word: Mapping[str, str], most: int) -> list[str]:
    """Return figures that would settle a disagreement: those that turn the answer first, then the weakest evidence."""
    parameters = base.parameter_values()
    known = [row for row in rows if row["parameter"] in parameters]
    order = {"yes": 0, "unclear": 1, None: 2, "no": 3}
    found = sorted(known, key=lambda row: order[row["turns"] and row["turns"]["answer"]])

    def said(name: str, passport: Passport) -> str:
        return word["would_settle"].format(
            name=name, unit=passport.unit.replace("_", " "), grade=word[f"{passport.grade}_grade"]
        )

    return [said(row["parameter"], parameters.passport(row["parameter"])) for row in found[:most]]
