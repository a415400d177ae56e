"""The report of a comparison in a real browser, from a file: it loads nothing, and reads with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from browsing import CHROMIUM, FLAGS, MISSING, Visit, player, visiting

import sim
from sim.report.html import write_report
from sim.runs.comparison import Comparison
from verification.small_worlds import netherlands

pytestmark = pytest.mark.skipif(MISSING, reason="there is no Chromium here")
MOST_BYTES = 3_000_000
MOVED = {"om.needed_base": -2.0, "leaves.transfer_per_year": 0.9, "trait.fear_person": 0.3, "capacity.avim.report": 0.4}


@cache
def compared() -> Comparison:
    return sim.compare(netherlands(0.1), ["vc_2018", "vc_2019_08"], replicates=3, seed=1)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared().report(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def visit(report: Path) -> Iterator[Visit]:
    with visiting(report.as_uri()) as opened:
        yield opened


def test_it_is_small_and_begins_with_the_comparison(report: Path, visit: Visit) -> None:
    assert report.stat().st_size < MOST_BYTES
    page = visit.page
    assert "B8 permits" in page.inner_text(".sentence")
    assert "not established" in page.inner_text(".sentence")
    assert page.locator("canvas.dots").count() == 1
    assert page.locator("#report").is_hidden()
    visit.until("b8sim.engine.kind === 'wasm'")
    assert "in this browser" in page.inner_text("footer")
    visit.check()


def test_numbers_on_the_page_are_those_of_the_table(report: Path, visit: Visit) -> None:
    table = compared().differences.set_index(["measure", "world", "group"]).sort_index()
    pairs = compared().pairs
    for group in ("dublin", "victims", "all"):
        visit.go(group=group)
        people = pairs[(pairs.group == group)]["persons"].sum()
        row = table.loc[("b8_granted", "simulated", group)]
        expected = [1000 * row[name] / people for name in ("difference", "low", "high")]
        found = visit.page.evaluate(
            "(group) => { const d = b8sim.result.difference('b8_granted', group, 1); return [d.mean, d.low, d.high]; }",
            group,
        )
        assert found == pytest.approx(expected, rel=1e-5)
    visit.check()


def test_dutch_is_dutch_and_comes_back(visit: Visit) -> None:
    visit.go(language="nl")
    assert "niet vastgesteld" in visit.page.inner_text(".sentence")
    assert visit.page.evaluate("document.documentElement.lang") == "nl"
    visit.page.click("#language-en")
    assert "not established" in visit.page.inner_text(".sentence")
    visit.check()


def test_a_report_can_open_in_dutch_and_a_link_can_say_otherwise(tmp_path: Path) -> None:
    write_report(compared(), tmp_path, language="nl")
    address = (tmp_path / "report.html").as_uri()
    with visiting(address) as opened:
        assert "niet vastgesteld" in opened.page.inner_text(".sentence")
    with visiting(f"{address}#language=en") as opened:
        assert "not established" in opened.page.inner_text(".sentence")


def test_a_link_opens_what_it_says_and_strange_parts_are_named(report: Path) -> None:
    with visiting(f"{report.as_uri()}#group=women&language=nl&evil=1") as opened:
        assert "vrouwen" in opened.page.inner_text(".sentence")
        assert "evil" in opened.page.inner_text(".notices")


def test_every_number_of_the_file_is_that_of_the_session(visit: Visit) -> None:
    """Of everybody and of the fewer people of a preview, as shipped and after moves."""
    visit.until("b8sim.engine.kind === 'wasm'")
    asked = compared().asked
    fewer = asked.scenario.replace(inflow={"persons": 3000, "capacities": "in_proportion"})
    for size, scenario in ((0, asked.scenario), (3000, fewer)):
        session = sim.Session(scenario, list(asked.regimes))
        for changes in ({}, MOVED):
            session.set(changes)
            wanted = session.reading(1)
            found = visit.page.evaluate(
                "async ([changes, size]) => { let found; const options = {size, from: 1, replicates: 1};"
                " await b8sim.engine.run({changes}, options, (reading) => { found = reading; }); return found; }",
                [changes, size],
            )
            values = np.array(found["values"], float)
            assert np.isfinite(values).sum() > 1000
            np.testing.assert_array_equal(values, np.where(np.isfinite(wanted.values), wanted.values, np.nan))
            np.testing.assert_array_equal(np.array(found["pairs"]), wanted.pairs)
    visit.check()


def test_a_slider_of_the_file_is_moved_and_the_whole_country_runs(report: Path) -> None:
    table = sim.compare(compared().scenario.replace(parameters={"om.needed_base": -2.0}), replicates=3, seed=1)
    row = (
        table.differences.set_index(["measure", "world", "group"]).sort_index().loc[("b8_granted", "simulated", "all")]
    )
    people = table.pairs[table.pairs.group == "all"]["persons"].sum()
    with visiting(f"{report.as_uri()}#screen=assumptions&group=all") as opened:
        opened.until("b8sim.engine.kind === 'wasm'")
        opened.page.fill("#slider-om-needed_base-typed", "-2")
        opened.page.keyboard.press("Enter")
        opened.until("b8sim.result.kind === 'preview'", 60)
        opened.until("!b8sim.ladder.busy", 120)
        assert opened.page.evaluate("b8sim.result.kind") == "computed"
        shown = opened.page.evaluate("b8sim.result.difference('b8_granted', 'all', 1).mean")
        assert shown == pytest.approx(1000 * row["difference"] / people, rel=1e-6)
        assert "changed" in opened.page.inner_text("footer").lower()
        assert opened.page.locator("#preset-deterred_victims").is_disabled(), "what the file cannot run"


def test_a_link_to_a_change_is_computed_when_the_file_opens(report: Path) -> None:
    with visiting(f"{report.as_uri()}#changes=om.needed_base:-2") as opened:
        opened.until("b8sim.result.kind === 'preview'", 60)


def test_the_influence_of_the_shown_numbers_is_asked_and_sorts_them(report: Path) -> None:
    with visiting(f"{report.as_uri()}#screen=assumptions&group=all") as opened:
        opened.until("b8sim.engine.kind === 'wasm'")
        opened.page.fill("#search", "om.needed")
        numbers = opened.page.locator(".slider").count()
        assert numbers >= 2
        opened.page.click("#influence")
        opened.until("document.querySelector('#influence + span').textContent.includes('Sorted by influence')", 120)
        sizes = opened.page.evaluate(
            "[...document.querySelectorAll('.slider')].map((one) => one.querySelector('.passport code').textContent)"
            ".map((name) => b8sim.influence.size(name))"
        )
        assert len(sizes) == numbers
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] > 0
        assert opened.page.locator(".influence-bar").first.is_visible()
        opened.go(group="women")
        assert not opened.page.locator(".influence-bar").first.is_visible()


def test_what_the_file_cannot_run_is_said(report: Path) -> None:
    with visiting(f"{report.as_uri()}#readings=U1:none") as opened:
        opened.until("document.querySelector('.notices').textContent.includes('b8sim view')")
        assert opened.page.evaluate("b8sim.result === b8sim.stored")


def test_without_webassembly_the_stored_results_are_shown(report: Path) -> None:
    with visiting(f"{report.as_uri()}#changes=om.needed_base:-2", arguments=("--js-flags=--jitless",)) as opened:
        opened.until("document.querySelector('.notices').textContent.includes('b8sim view')", 60)
        assert "stored results" in opened.page.inner_text("footer")
        assert "B8 permits" in opened.page.inner_text(".sentence")
        opened.go(screen="assumptions", changes={})
        assert opened.page.locator("#slider-om-needed_base").is_disabled()


def test_the_report_to_read_is_one_screen_and_is_printed_from_any(visit: Visit) -> None:
    visit.go(screen="report")
    page = visit.page
    assert page.locator("#report").is_visible()
    page.click("#report a[href='#law']")
    assert visit.page.evaluate("b8sim.screen") == "report"
    visit.go(screen="compare")
    page.emulate_media(media="print")
    assert page.locator("#report").is_visible()
    assert page.locator("#app").is_hidden()
    page.emulate_media(media="screen")
    visit.check()


def test_without_scripts_it_reads(report: Path) -> None:
    browser = player().chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report.as_uri())
    text = page.inner_text("#report")
    browser.close()
    for words in ("What the law changed", "The weakest assumptions", "Headline differences", "is not established"):
        assert words in text


def test_downloads_carry_the_receipt(visit: Visit, tmp_path: Path) -> None:
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbf")):
        with visit.page.expect_download() as waiting:
            visit.page.click(f".figure-differences button[aria-label*='{kind.upper()}']")
        path = tmp_path / f"file.{kind}"
        waiting.value.save_as(path)
        content = path.read_bytes()
        assert content.startswith(start)
        if kind != "png":
            assert b"seed 1" in content
    visit.check()


def test_reports_are_never_said_alone(visit: Visit) -> None:
    visit.go(screen="compare", group="all", measure="reports")
    said = visit.page.inner_text(".sentence")
    for words in ("Victims never signalled", "Victims gone without a statement", "Exploited again"):
        assert words in said
    visit.go(measure="b8_granted")
    assert "Exploited again" not in visit.page.inner_text(".sentence")
    visit.check()


def test_a_person_who_is_not_stored_is_said_to_be_another(visit: Visit) -> None:
    visit.go(screen="person", group="all", person="P1")
    assert "is not among those" in visit.page.inner_text("main")
    visit.go(person=compared().parting.lives[0].key)
    assert "is not among those" not in visit.page.inner_text("main")
    visit.check()


def test_a_dot_is_reached_by_keys(visit: Visit) -> None:
    visit.go(screen="compare", group="all")
    canvas = visit.page.locator("canvas.dots")
    canvas.focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowRight")
    assert "person" in visit.page.inner_text(".tip")
    visit.check()


def test_the_calendar_plays_and_the_map_follows(visit: Visit) -> None:
    visit.go(screen="compare", group="all", day=0)
    page = visit.page
    assert ": 0 of" in page.inner_text("#day-label")
    page.click("#play")
    visit.until("b8sim.state.day > 0")
    page.click("#play")
    day = page.evaluate("b8sim.state.day")
    page.wait_for_timeout(700)
    assert page.evaluate("b8sim.state.day") == day
    page.click("#to-the-end")
    assert page.evaluate("b8sim.state.day ?? null") is None
    parting = compared().parting
    month, names = len(parting.months) - 1, [step.name for step in parting.steps]
    permits = (
        "b8.permit",
        "b8.permit_second_year",
        "b8.permit_third_year",
        "b8.three_years_held",
        "b8.hardship_permit",
    )
    others = ("b8.hardship_permit_end", "b8.permit_end", "b8.complaint", "b8.no_longer_needed")
    expected = [int(sum(parting.present[k, month, names.index(n)] for n in (*permits, *others))) for k in (0, 1)]
    label = page.get_attribute(".station[aria-label^='B8 permit']", "aria-label")
    assert label == f"B8 permit: {expected[0]:,} | {expected[1]:,}"
    page.focus(".station[aria-label^='B8 permit']")
    page.keyboard.press("Enter")
    assert "B8/3 permit, first year" in page.inner_text(".figure-map table")
    visit.check()
