"""How the page looks, measured in a real browser: nothing clipped, overlapping, too small or untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browsing import MISSING, Visit, visiting

import sim
from verification.small_worlds import netherlands

pytestmark = pytest.mark.skipif(MISSING, reason="there is no Chromium here")
SCREENS = ("compare", "assumptions", "person", "law")
VIEWS = (("en", (1440, 900)), ("nl", (1440, 900)), ("en", (1920, 1080)), ("nl", (1024, 768)))
SMALLEST_ON_A_PROJECTOR = 24
AXE = find_spec("axe_playwright_python")

MEASURE = """() => {
  const root = document.getElementById("app");
  const seen = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && node.checkVisibility({visibilityProperty: true})
      && !node.closest(".visually-hidden, .skip, [hidden], option, title");
  };
  const says = [...root.querySelectorAll("*")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()) && seen(node));
  const name = (node) => node.textContent.trim().slice(0, 50);
  const small = says.map((node) => [parseFloat(getComputedStyle(node).fontSize), name(node)]);
  const clipped = says.filter((node) => {
    const box = node.getBoundingClientRect();
    return (box.right > innerWidth + 1 || box.left < -1) && !node.closest(".scroll");
  }).map(name);
  const overlapping = [];
  for (const svg of root.querySelectorAll("svg")) {
    const texts = [...svg.querySelectorAll("text")].filter(seen).map((node) => [node, node.getBoundingClientRect()]);
    texts.forEach(([one, a], at) => texts.slice(at + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && tall > 0.35 * a.height) overlapping.push(`${name(one)} <> ${name(other)}`);
    }));
  }
  const dots = document.querySelector(".figure-parting .drawing")?.dots ?? [];
  const canvas = document.querySelector("canvas.dots")?.getBoundingClientRect();
  if (canvas && dots.length) {
    for (const text of document.querySelectorAll(".figure-parting svg text")) {
      const box = text.getBoundingClientRect();
      const hit = dots.some((dot) => {
        const [x, y] = [canvas.left + dot.x, canvas.top + dot.y];
        return x + dot.r > box.left && x - dot.r < box.right && y > box.top + 3 && y < box.bottom - 3;
      });
      if (hit) overlapping.push(`${name(text)} <> dots`);
    }
  }
  const targets = [...root.querySelectorAll("button, select, input, nav a")].filter(seen).filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width < 24 || box.height < 24;
  }).map((node) => node.outerHTML.slice(0, 80));
  return {smallest: small.sort((a, b) => a[0] - b[0])[0], clipped, overlapping, targets,
    wider: document.documentElement.scrollWidth - innerWidth};
}"""

TEXTS = """() => {
  const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("[lang=en], .source, code, select#language")) found.push(walker.currentNode.textContent.trim());
  }
  for (const node of document.querySelectorAll("#app [aria-label]")) found.push(node.getAttribute("aria-label"));
  return found;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("looks")
    comparison = sim.compare(netherlands(0.1), ["vc_2018", "vc_2019_08"], replicates=3, seed=1)
    return comparison.report(folder).as_uri()


@pytest.fixture(scope="module")
def visit(address: str) -> Iterator[Visit]:
    with visiting(address) as opened:
        yield opened


def shown(visit: Visit, screen: str, language: str, size: tuple[int, int], projector: bool = False) -> dict[str, Any]:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.go(screen=screen, language=language, group="all")
    if visit.page.evaluate("b8sim.projector") != projector:
        visit.page.evaluate("b8sim.toggleProjector()")
    visit.page.wait_for_timeout(120)
    found: dict[str, Any] = visit.page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize(("language", "size"), VIEWS)
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_clipped_overlaps_or_is_too_small_to_hit(
    visit: Visit, screen: str, language: str, size: tuple[int, int]
) -> None:
    found = shown(visit, screen, language, size)
    assert found["clipped"] == []
    assert found["overlapping"] == []
    assert found["targets"] == []
    assert found["wider"] <= 0
    visit.check()


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("screen", SCREENS)
def test_on_a_projector_nothing_is_below_24_pixels(visit: Visit, screen: str, language: str) -> None:
    found = shown(visit, screen, language, (1920, 1080), projector=True)
    assert found["smallest"][0] >= SMALLEST_ON_A_PROJECTOR, found["smallest"]
    assert found["clipped"] == []
    assert found["overlapping"] == []
    assert visit.page.locator("main .figure.lit").count() == 1
    visit.page.evaluate("b8sim.toggleProjector()")
    visit.check()


@pytest.mark.parametrize("screen", SCREENS)
def test_no_text_stays_as_it_was_in_the_other_language(visit: Visit, screen: str) -> None:
    texts = {}
    for language in ("en", "nl"):
        shown(visit, screen, language, (1440, 900))
        texts[language] = set(visit.page.evaluate(TEXTS))
    core = visit.page.evaluate("b8sim.core")
    # Titles that the model has with the same words in both languages.
    titles = [one["title"] for key in ("groups", "measures", "regimes", "outcomes") for one in core[key]]
    titles += [one["title"] for one in (*core["parting"]["steps"], *core["parting"]["tracks"])]
    titles += list(core["authorities"].values())
    same = {title["en"] for title in titles if title["en"] == title["nl"]}
    kept = {text for text in texts["en"] & texts["nl"] if re.search(r"[A-Za-z]{4}", text)} - same
    assert {text for text in kept if not re.search(r"^(b8sim|EN|NL|H\d)|^\S+\.\S+$", text)} == set()


@pytest.mark.skipif(AXE is None, reason="axe-core is not here")
@pytest.mark.parametrize("projector", [False, True])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(visit: Visit, screen: str, projector: bool) -> None:
    assert AXE is not None
    assert AXE.submodule_search_locations is not None
    shown(visit, screen, "nl" if projector else "en", (1440, 900), projector)
    script = Path(AXE.submodule_search_locations[0]) / "axe.min.js"
    visit.page.evaluate(script.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = visit.page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    assert [(found["id"], [node["html"][:90] for node in found["nodes"]]) for found in result["violations"]] == []
    if projector:
        visit.page.evaluate("b8sim.toggleProjector()")
    visit.check()


def test_the_page_is_used_by_keys_alone(visit: Visit) -> None:
    shown(visit, "compare", "en", (1440, 900))
    page = visit.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('class')"))
    assert {
        "tab-assumptions",
        "tab-person",
        "tab-law",
        "projector",
        "language-nl",
        "group",
        "measure",
        "dots",
    } <= reached
    page.focus("#tab-law")
    page.keyboard.press("Enter")
    assert page.evaluate("b8sim.screen") == "law"
    assert page.evaluate("document.activeElement.id") == "tab-law"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("l")
    assert page.evaluate("document.documentElement.lang") == "nl"
    page.keyboard.press("l")
    visit.check()


def test_less_motion_is_no_motion(address: str) -> None:
    with visiting(address, reduced_motion="reduce") as opened:
        assert opened.page.evaluate("document.getAnimations().length") == 0


def test_the_tour_has_five_steps_and_goes_by_keys(visit: Visit) -> None:
    shown(visit, "law", "en", (1440, 900))
    page = visit.page
    page.focus("#tour")
    page.keyboard.press("Enter")
    screens = []
    for step in range(5):
        assert page.inner_text(".tour p").startswith(f"{step + 1} of 5.")
        assert page.locator(".toured").count() == 1
        assert page.evaluate("document.activeElement.id") == "tour-next"
        screens.append(page.evaluate("b8sim.screen"))
        page.keyboard.press("Enter")
    assert screens == ["compare", "compare", "compare", "person", "assumptions"]
    assert page.locator(".tour").count() == 0
    assert page.evaluate("document.activeElement.id") == "tour"
    visit.check()
