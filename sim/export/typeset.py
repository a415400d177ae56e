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
    numbers = [cell for cell in cells if cell and cell[0] in "-0123456789"]
    parts = [cell.lstrip("-").partition(".") for cell in numbers]
    whole = max((len(part[0]) for part in parts), default=1)
    decimals = max((len(part[2]) for part in parts), default=0)
    sign = "-" if any(cell.startswith("-") for cell in numbers) else ""
    mark = ",output-decimal-marker={,}" if language == "nl" else ""
    return f"S[table-format={sign}{whole}{f'.{decimals}' if decimals else ''}{mark}]"
