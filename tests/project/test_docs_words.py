"""The manual: the names in it exist, its links lead somewhere, its words are neutral."""

from __future__ import annotations

import functools
import importlib
import re
from pathlib import Path

from manual_pages import DOCS, IN_CODE, PAGES, PROJECT, every_page, page_id, prose
from manual_tables import RECORDED, TABLE

from sim.agents.behaviour import Authorities, Behaviour
from sim.evidence.parameters import Parameters
from sim.outcomes.groups import OUTCOMES, RULE_GROUPS, Groups
from sim.outcomes.measures import Measures
from sim.policies.library import COMMAND, aliases, find, shipped_layers, shipped_regimes
from sim.policies.regime import Regime
from sim.procedures.rulebook import Rulebook
from sim.procedures.traits import FLAGS, LEVELS, SHOCKS

FILE_ENDINGS = (".html", ".toml", ".csv", ".json")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@functools.cache
def known_names() -> frozenset[str]:
    """Return the dotted names that a page can mean: steps, tracks, parameters, pools, parts of files."""
    names = {step for regime in shipped_regimes() for step in Regime.load(regime).versions}
    names |= {step for name in shipped_regimes() for step in find(name, COMMAND).file.step}  # under any reading
    names |= {*Rulebook.load().tracks, *Parameters.load(), *Authorities.load().pool}
    from sim.scenarios.scenario import Header, Inflow

    names |= {f"scenario.{key}" for key in Header.model_fields}
    return frozenset(names | {f"inflow.{key}" for key in Inflow.model_fields})


@functools.cache
def known_words() -> frozenset[str]:
    """Return names without a dot that a page can mean: conditions, decisions, traits, facts, measures, ..."""
    behaviour = Behaviour.load()
    words = {*Rulebook.load().conditions, *behaviour.decision, *behaviour.hazard, *FLAGS, *LEVELS, *SHOCKS}
    words |= {*Measures.load().measure, *RECORDED, *Groups.load().names, *RULE_GROUPS, *OUTCOMES}
    words |= {*shipped_regimes(), *shipped_layers(), *aliases()}
    for name in shipped_regimes():
        words |= {*find(name, COMMAND).file.fact}
    return frozenset(words)


@every_page
def test_names_exist(page: Path) -> None:
    areas = "|".join({name.partition(".")[0] for name in known_names()})
    for name in IN_CODE.findall(prose(page)):
        if re.fullmatch(rf"({areas})\.[a-z_0-9A-Z]+", name) and not name.endswith(FILE_ENDINGS):
            assert name in known_names(), name
        elif re.fullmatch(r"sim(\.\w+)+", name):
            assert import_works(name), name
        elif re.fullmatch(r"(sim|scenarios|docs|tests)/\S+", name):
            assert list(PROJECT.glob(name)), name


def import_works(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


def test_names_of_the_glossary_exist() -> None:
    text = prose(DOCS / "glossary.md")
    rows = [line for line in TABLE.sub("", text).splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in IN_CODE.findall(row.split("|")[1])]
    assert len(named) > 60
    assert set(named) <= known_names() | known_words()


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads], link


def test_every_page_can_be_reached() -> None:
    reached, waiting = set(), [PROJECT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            links = [link.partition("#")[0] for link in LINK.findall(prose(page)) if ".md" in link]
            waiting += [(page.parent / link).resolve() for link in links if not link.startswith("https:")]
    assert set(PAGES) <= reached


UNWANTED = re.compile(
    r"\b(significan\w*|illegal\w*|bogus|fraud\w*|abus\w*|alien (?!s)|obviously|simply|todo|tbd|fixme"
    r"|better|worse|proves?|prevents? misuse)\b|/work/|/tmp/|/home/|/root/",
    re.IGNORECASE,
)


@every_page
def test_words_are_neutral_and_say_nothing_of_a_machine(page: Path) -> None:
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        found = UNWANTED.search(line)
        assert not found, f"{page_id(page)}, line {number}: {found[0] if found else ''}"
