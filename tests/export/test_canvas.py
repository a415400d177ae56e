"""Figures are as wide as a journal wants, told apart in grey, and carry the receipt."""

from __future__ import annotations

import colorsys
import json
import re
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib.colors
import pytest
from pypdf import PdfReader

from sim.export.canvas import WIDTHS_MM, Canvas, Ruler, look, short_receipt, spoken_number
from sim.export.results import Results


def test_no_two_regimes_look_alike() -> None:
    looks = [look(at) for at in range(385)]
    told = [(one["color"], str(one["linestyle"]), one["marker"]) for one in looks]
    assert len(set(told)) == 385
    for one, two in combinations(looks[:11], 2):
        assert one["marker"] != two["marker"]
    for one, two in pairwise(looks):
        assert one["marker"] != two["marker"]
        assert one["color"] != two["color"]
        assert str(one["linestyle"]) != str(two["linestyle"])


def test_no_colour_is_red_or_green() -> None:
    for at in range(7):
        hue, _, saturation = colorsys.rgb_to_hls(*matplotlib.colors.to_rgb(look(at)["color"]))
        assert saturation < 0.1 or not (hue < 0.05 or 0.2 < hue < 0.45)


@pytest.mark.parametrize("width", WIDTHS_MM)
def test_pdf_has_its_width_its_letters_and_the_receipt(paper: Path, comparison: Results, width: int) -> None:
    files = list((paper / "figures").glob(f"*_{width}mm.pdf"))
    assert len(files) == 2 + 2 + 2 * 2
    for file in files:
        reader = PdfReader(file)
        (page,) = reader.pages
        assert float(page.mediabox.width) == pytest.approx(width / 25.4 * 72, abs=0.01)
        assert reader.metadata is not None
        receipt = json.loads(reader.metadata["/Keywords"])
        assert receipt == short_receipt(comparison.receipt)
        assert {"source_hash", "scenario_hash", "seed", "replicates"} <= receipt.keys()
        assert reader.metadata["/Title"]
        assert "b8sim 0.1.0, scenario small, seed 3" in reader.metadata["/Subject"]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        for font in fonts:
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            assert "/FontFile2" in inner["/FontDescriptor"]


@pytest.mark.parametrize("width", WIDTHS_MM)
def test_svg_has_its_width_and_the_receipt_and_needs_no_font(paper: Path, comparison: Results, width: int) -> None:
    for file in (paper / "figures").glob(f"*_{width}mm.svg"):
        text = file.read_text(encoding="utf-8")
        points = re.search(r'<svg[^>]* width="([\d.]+)pt"', text)
        assert points is not None
        assert float(points[1]) == pytest.approx(width / 25.4 * 72, abs=0.01)
        assert "<text" not in text
        assert comparison.receipt["scenario_hash"] in text
        assert "<dc:rights>" in text


def test_lines_fit_their_width() -> None:
    ruler = Ruler()
    text = "Proposal: an independent panel advises on victimhood " + "x" * 60
    lines = ruler.wrapped(text, 30.0)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(ruler.width(line) for line in lines) <= 30.0
    assert len(ruler.wrapped("one", 30.0)) == 1


def test_places_are_millimetres_from_the_top_left() -> None:
    canvas = Canvas(85.0, 40.0)
    canvas.write(10.0, 10.0, "a\nb", va="center")
    canvas.write(10.0, 10.0, "a\nb")
    assert len(canvas.axes.texts) == 3
    panel = canvas.panel(8.5, 4.0, 17.0, 20.0).get_position()
    assert (panel.x0, panel.width) == pytest.approx((0.1, 0.2))
    assert (panel.y1, panel.height) == pytest.approx((0.9, 0.5))


def test_numbers_are_written_as_the_language_does() -> None:
    assert spoken_number("−1,234.5", "nl") == "−1.234,5"
    assert spoken_number("−1,234.5", "en") == "−1,234.5"
