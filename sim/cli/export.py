"""``b8sim export``: results as a folder that a paper can cite."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import listed, numbered
from sim.cli.work import note, work_into
from sim.files.paths import expanded

if TYPE_CHECKING:
    from sim.export.results import Results

ResultsArgument = Annotated[
    Path,
    typer.Argument(metavar="RESULTS", parser=expanded, help="A folder that b8sim compare, run, sweep or follow wrote."),
]
PaperOption = Annotated[
    Path, typer.Option("--out", parser=expanded, metavar="DIR", help="A new or empty folder for the paper.")
]
LanguageOption = Annotated[
    str, typer.Option("--language", metavar="en|nl", help="Language of figures and LaTeX tables.")
]
CommaOption = Annotated[bool, typer.Option("--decimal-comma", help="Also write each table for a Dutch spreadsheet.")]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="NAME[,NAME]", help="Put in what is left out with care: persons, tactics."),
]
LicenceOption = Annotated[
    str, typer.Option("--licence", metavar="SPDX", help="Licence of the files, as CC-BY-4.0 or CC0-1.0.")
]

EventsOption = Annotated[
    list[str] | None,
    typer.Option("--events", metavar="FORMAT,..", help="Event logs: csv, parquet, xes, ocel-json, ocel-sqlite or all."),
]
ReplicateOption = Annotated[
    int | None,
    typer.Option("--replicate", parser=numbered("--replicate"), metavar="K", help="Whose event logs, from 0."),
]

DateOption = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day to give as that of the folder. Default: today.")
]
DoiOption = Annotated[
    str, typer.Option("--doi", metavar="DOI", help="DOI of the folder, as reserved: 10.5281/zenodo.1234567.")
]
UrlOption = Annotated[str, typer.Option("--url", metavar="URL", help="Where the folder will be found.")]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for objects that refer to each other: figures make many objects, and hardly any such cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def export_command(
    results: ResultsArgument,
    *,
    out: PaperOption,
    language: LanguageOption = "en",
    decimal_comma: CommaOption = False,
    include: IncludeOption = None,
    licence: LicenceOption = "CC-BY-4.0",
    events: EventsOption = None,
    replicate: ReplicateOption = None,
    date: DateOption = None,
    doi: DoiOption = "",
    url: UrlOption = "",
) -> None:
    """Make a folder of results into one for a paper: tables, figures, captions, dictionary, receipts."""
    # Event logs are long: what they leave behind is freed on the way.
    with nullcontext() if events else collector_paused():
        from sim.export.choices import Choices
        from sim.export.paper import write_paper
        from sim.export.results import check_choices, opened

        choices = Choices.of(
            language=language,
            decimal_comma=decimal_comma,
            include=listed(include, "--include"),
            licence=licence,
            events=listed(events, "--events"),
            replicate=replicate,
            date=date,
            doi=doi,
            url=url,
        )

        def work() -> Results:
            found = opened(results)
            check_choices(found, choices)
            return found

        work_into(out, work, lambda folder, found: write_paper(folder, found, choices))
    note(f"The folder of the paper is {out}; b8sim reproduce makes it again")
