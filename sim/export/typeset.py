"""Tables set for LaTeX: a block of cells, its escaping, its columns of numbers, and the float around it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.export.results import Results
from sim.procedures.schema import Title

LONG: Final = 30
"""A table of more rows than these runs over pages."""
_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "→": r"\(\rightarrow\)", "←": r"\(\leftarrow\)", "≤": r"\(\leq\)",
    "≥": r"\(\geq\)", "−": r"\(-\)", "×": r"\(\times\)", "≠": r"\(\neq\)", "…": r"\ldots{}", "\n": " ",
}  # fmt: skip
TEXT_MM: Final = 170.0
"""Width of a page without its margins, for which tables are made."""
TITLES_MM: Final = (30.0, 60.0)
"""Width of a column of titles: at least, at most."""
_LETTER_MM: Final = 1.5
"""Width of a digit in the letters of a table; others are narrower, but for the widest."""
_SIGN_MM: Final = 2.4
_GAP_MM: Final = 2.9
"""Between two columns."""
_BREAK_AFTER: Final = "_./+=:"


@dataclass(frozen=True)
class Block:
    """A table: its name, how its columns are set, its head and its rows, all as LaTeX."""

    name: str
    columns: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: Title
    caption: Title
    made_from: tuple[str, ...]
    long: bool = False


def table_text(block: Block, results: Results, language: str) -> str:
    """Return a table as LaTeX, with the run that it comes from in its first lines."""
    receipt = results.receipt
    hashes = f"scenario hash {receipt['scenario_hash']}, source hash {receipt['source_hash']}"
    said = f"% b8sim {receipt['version']}, {hashes}\n"
    caption = escaped(block.caption.nl if language == "nl" else block.caption.en)
    label = f"tab:{block.name}".replace("_", "-")
    head = " & ".join(block.head) + r" \\"
    rows = "".join(" & ".join(row) + " \\\\\n" for row in block.rows)
    if block.long:
        again = f"\\toprule\n{head}\n\\midrule\n"
        return (
            f"{said}{{\\footnotesize\n\\setlength{{\\tabcolsep}}{{3pt}}\n\\setlength{{\\LTcapwidth}}{{\\textwidth}}\n"
            f"\\begin{{longtable}}{{{block.columns}}}\n\\caption{{{caption}}}\\label{{{label}}}\\\\\n"
            f"{again}\\endfirsthead\n{again}\\endhead\n\\bottomrule\n\\endlastfoot\n{rows}\\end{{longtable}}\n}}\n"
        )
    return (
        f"{said}\\begin{{table}}[tbp]\n\\centering\n\\caption{{{caption}}}\n\\label{{{label}}}\n\\footnotesize\n"
        f"\\setlength{{\\tabcolsep}}{{4pt}}\n\\begin{{tabular}}{{{block.columns}}}\n\\toprule\n{head}\n\\midrule\n"
        f"{rows}\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n"
    )


def document_text(names: Sequence[str]) -> str:
    """Return a document that takes in tables of the same folder."""
    inputs = "".join(f"\\input{{{name}}}\n\\clearpage\n" for name in names)
    return (
        "\\documentclass[a4paper]{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[margin=20mm]{geometry}\n"
        f"\\usepackage{{array,booktabs,longtable,siunitx}}\n\\begin{{document}}\n{inputs}\\end{{document}}\n"
    )


def escaped(text: str) -> str:
    """Return a text with every character that LaTeX would act upon as one that it prints; names may break in them."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(
        _SPECIAL.get(character, character) for character in plain if character.isprintable() or character == "\n"
    )


def breakable(text: str) -> str:
    """Return an escaped name that may break after its underscores, dots and the like."""
    return "".join(escaped(c) + (r"\allowbreak{}" if c in _BREAK_AFTER else "") for c in text)


def number_text(value: float, places: int) -> str:
    """Return a number as siunitx reads it; an empty cell where there is none."""
    if math.isnan(value):
        return "{--}"
    return f"{round(value, places) + 0.0:.{places}f}"


def number_column(cells: Sequence[str], language: str) -> str:
    """Return how a column of numbers is set: as many digits as its cells have, and the decimal mark of the language."""
    sign, whole, decimals = _digits(cells)
    mark = ",output-decimal-marker={,}" if language == "nl" else ""
    return f"S[table-format={sign}{whole}{f'.{decimals}' if decimals else ''}{mark}]"


def titles_column(columns: Sequence[Sequence[str]], others_mm: float = 0.0) -> str:
    """Return how a column of titles is set beside columns of numbers: as wide as they leave it, within bounds.

    Parameters
    ----------
    columns
        The columns of numbers; each begins with its head.
    others_mm
        What columns of texts take.
    """
    taken = sum(_number_mm(cells) for cells in columns) + others_mm + _GAP_MM * (len(columns) + bool(others_mm))
    width = min(max(TEXT_MM - taken, TITLES_MM[0]), TITLES_MM[1])
    return rf">{{\raggedright\arraybackslash}}p{{{width:.0f}mm}}"


def text_mm(cells: Sequence[str]) -> float:
    """Return how many millimetres a column of short texts takes at most."""
    return _LETTER_MM * max((len(cell) for cell in cells), default=0)


def _digits(cells: Sequence[str]) -> tuple[str, int, int]:
    """Return the sign of a column of numbers, and its most digits before and after the decimal mark."""
    numbers = [cell for cell in cells if cell and cell[0] in "-0123456789"]
    parts = [cell.lstrip("-").partition(".") for cell in numbers]
    whole = max((len(part[0]) for part in parts), default=1)
    decimals = max((len(part[2]) for part in parts), default=0)
    return "-" if any(cell.startswith("-") for cell in numbers) else "", whole, decimals


def _number_mm(cells: Sequence[str]) -> float:
    head, *numbers = cells
    sign, whole, decimals = _digits(numbers)
    spaces = (whole - 1) // 3 * 0.5 + 0.9
    return max(_LETTER_MM * (whole + decimals) + spaces + (_SIGN_MM if sign else 0.0), _LETTER_MM * len(head))
