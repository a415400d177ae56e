"""``b8sim analyse``: what a sweep says, one question a command; a table on the screen, and with ``--out`` figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import whole_option
from sim.cli.work import note, work_into
from sim.files.errors import InputError
from sim.files.paths import expanded

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.drawing import Figure
    from sim.studies.crossing import Search
    from sim.studies.reached import Reached
    from sim.studies.results import Results

KINDS = ("png", "svg", "pdf")
StoreArgument = Annotated[Path, typer.Argument(metavar="STORE", parser=expanded, help="The folder of a sweep.")]
MeasureOption = Annotated[str, typer.Option("--measure", metavar="M", help="The measure.")]
ReformOption = Annotated[
    str | None,
    typer.Option("--reform", metavar="R", help="The regime compared with the baseline. Default: the second."),
]
GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="G", help="The group. Default: the first of the study.")
]
VariantOption = Annotated[
    str | None, typer.Option("--variant", metavar="V", help="Presets and readings, as H5. Default: the first.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", parser=expanded, metavar="DIR", help="A new or empty folder for tables and figures."),
]
ByOption = Annotated[str, typer.Option("--by", metavar="F", help="A parameter, or capacity.POOL.")]
LowOption = Annotated[float | None, typer.Option("--from", metavar="X", help="Where the range begins.")]
HighOption = Annotated[float | None, typer.Option("--to", metavar="X", help="Where the range ends.")]
ReplicatesOption = Annotated[
    int | None,
    whole_option("--replicates", 1, 100_000, "N", "Replicates at each value. Default: the study's, 5 at least."),
]


def start(context: typer.Context, store: StoreArgument) -> None:
    """Take the store, which comes before the question."""
    context.obj = store


def sensitivity_command(
    context: typer.Context,
    *,
    measure: MeasureOption,
    method: Annotated[
        str | None,
        typer.Option("--method", metavar="M", help="morris, sobol, pawn or one_at_a_time. Default: as the design is."),
    ] = None,
    reform: ReformOption = None,
    group: GroupOption = None,
    variant: VariantOption = None,
    out: OutOption = None,
) -> None:
    """Ask which assumptions decide the paired difference of a measure."""
    from sim.studies.sample import sample_of
    from sim.studies.sensitivity import sensitivity

    results = _results(context)
    which: dict[str, Any] = {"reform": reform, "group": group, "variant": variant}
    table = sensitivity(results, measure, method=method, **which)
    title = sample_of(results, measure, **which).title

    def draw() -> Figure:
        from sim.studies.figures import sensitivity_figure, tornado_figure

        draw_it = tornado_figure if "change" in table.columns else sensitivity_figure
        return draw_it(table, title, results.receipt)

    _show(f"What decides {title}", table, out, {"sensitivity": table}, "sensitivity", draw, results)


def discover_command(
    context: typer.Context,
    *,
    measure: MeasureOption,
    below: Annotated[
        float | None, typer.Option("--below", metavar="X", help="The difference is below this: 0.")
    ] = None,
    above: Annotated[float | None, typer.Option("--above", metavar="X", help="The difference is above this.")] = None,
    reform: ReformOption = None,
    group: GroupOption = None,
    variant: VariantOption = None,
    out: OutOption = None,
) -> None:
    """Ask under which assumptions the difference is below or above a bound: a box (PRIM) and a tree."""
    from sim.studies.discovery import discover

    results = _results(context)
    found = discover(results, measure, below=below, above=above, reform=reform, group=group, variant=variant)

    def draw() -> Figure:
        from sim.studies.figures import discovery_figure

        return discovery_figure(found, results.receipt)

    tables = {"box": found.limits, "quality": found.quality, "tree": found.leaves}
    _show(f"Where {found.said}: the box", found.limits, out, tables, "box", draw, results)
    if out is None:
        _print("How good the box is", found.quality)
        _print("The same as a tree", found.leaves)


def robust_command(
    context: typer.Context,
    *,
    more: Annotated[
        list[str] | None, typer.Option("--more", metavar="M", help="More of it is wished. Repeat it.")
    ] = None,
    less: Annotated[
        list[str] | None, typer.Option("--less", metavar="M", help="Less of it is wished. Repeat it.")
    ] = None,
    group: GroupOption = None,
    out: OutOption = None,
) -> None:
    """Ask how each regime does over all assumptions, measure by measure: levels and regret, without a total."""
    from sim.studies.robustness import Wish, dominated, robustness

    results = _results(context)
    wishes: dict[str, Wish] = {**dict.fromkeys(more or [], "more"), **dict.fromkeys(less or [], "less")}
    if set(more or []) & set(less or []):
        raise InputError("more and less of the same", key="--less", value=", ".join(set(more or []) & set(less or [])))
    table = robustness(results, wishes, group=group)

    def draw() -> Figure:
        from sim.studies.figures import robustness_figure

        return robustness_figure(table, results.receipt)

    _show("Regret over all assumptions", table, out, {"robustness": table}, "robustness", draw, results)
    for regime, others in dominated(table).items():
        if others:
            note(f"{regime}: no less high regret than {', '.join(others)} on any measure, and more on one")


def turning_command(
    context: typer.Context,
    *,
    measure: MeasureOption,
    by: ByOption,
    low: LowOption = None,
    high: HighOption = None,
    replicates: ReplicatesOption = None,
    group: GroupOption = None,
    variant: VariantOption = None,
    out: OutOption = None,
) -> None:
    """Ask at which value of a factor the sign of a paired difference changes."""
    from sim.studies.crossing import turning

    results = _results(context, read=False)
    which: dict[str, Any] = {"low": low, "high": high, "group": group, "variant": variant}
    searches = turning(results.study, measure, by, replicates=replicates, **which)
    title = f"Where the difference in {measure} changes its sign, by {by}"
    _show_crossings(title, searches, out, "turning", results, "the sign is the same over the whole range")


def needed_command(
    context: typer.Context,
    *,
    measure: MeasureOption,
    by: ByOption,
    at_most: Annotated[
        float | None, typer.Option("--at-most", metavar="X", help="The target: no more than this.")
    ] = None,
    at_least: Annotated[float | None, typer.Option("--at-least", metavar="X", help="The target: no less.")] = None,
    low: LowOption = None,
    high: HighOption = None,
    replicates: ReplicatesOption = None,
    group: GroupOption = None,
    variant: VariantOption = None,
    sets: Annotated[
        int, typer.Option("--sets", min=0, metavar="N", help="Fitted sets that are run at each value found.")
    ] = 12,
    out: OutOption = None,
) -> None:
    """Ask what it takes: at which value of a lever each regime reaches a target."""
    from sim.studies.crossing import needed
    from sim.studies.reached import share_of_sets

    if (at_most is None) == (at_least is None):
        raise InputError("needs one target", key="--at-most", accepted="--at-most X or --at-least X")
    results = _results(context, read=False)
    target = at_most if at_most is not None else at_least
    assert target is not None
    side, sign = ("at_most", -1.0) if at_most is not None else ("at_least", 1.0)
    which: dict[str, Any] = {"low": low, "high": high, "group": group, "variant": variant}
    searches = needed(results.study, measure, by, target, side, replicates=replicates, **which)  # type: ignore[arg-type]
    title = f"What it takes for {measure} {side.replace('_', ' ')} {target:g}, by {by}"
    of_sets = share_of_sets(results.study, searches, measure, target, side, group=group, sets=sets)  # type: ignore[arg-type]
    if of_sets is None and sets:
        note("no share of the fitted sets: they were fitted to another country, or the study has several variants")
    _show_crossings(title, searches, out, "needed", results, "", sign, of_sets)


def proposals_command(
    context: typer.Context,
    *,
    against: Annotated[
        list[str] | None, typer.Option("--against", metavar="R", help="Compared with it. Repeat it.")
    ] = None,
    group: GroupOption = None,
    out: OutOption = None,
) -> None:
    """Put every regime of the study in one table: protection, reporting, tracing and workload apart."""
    from sim.studies.robustness import proposals

    results = _results(context)
    table = proposals(results, against or results.study.regimes[:2], group=group)

    def draw() -> Figure:
        from sim.studies.figures import proposals_figure

        return proposals_figure(table, results.receipt)

    _show("Every regime, area by area", table, out, {"proposals": table}, "proposals", draw, results)


def shares_command(
    context: typer.Context,
    *,
    presets: Annotated[str, typer.Option("--presets", metavar="H[,H]", help="Under which presets.")] = "",
    out: OutOption = None,
) -> None:
    """Ask to which of several drivers a difference belongs: Shapley values that add up to it."""
    from sim.studies.attribution import shares

    results = _results(context)
    table = shares(results, presets=presets)

    def draw() -> Figure:
        from sim.studies.figures import shares_figure

        return shares_figure(table, results.receipt)

    _show("To which driver a difference belongs", table, out, {"shares": table}, "shares", draw, results)


# ---- what they share ----


def _results(context: typer.Context, *, read: bool = True) -> Results:
    """Return the results of the store; some questions need only its study."""
    from sim.studies.results import Results

    return Results(context.obj, sound_only=not read)


def crossing_table(searches: list[Search], nothing: str, sign: float = 1.0) -> pd.DataFrame:
    """Return where each regime or reform crosses: subject, at, cannot tell from and to, and what is on which side."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for search in searches:
        for crossing in search.crossings:
            ways = ("reached above", "reached below") if not nothing else ("higher above", "higher below")
            rows.append((search.subject, crossing.at, crossing.low, crossing.high, ways[not crossing.rises]))
        if not search.crossings:
            below = search.tried[0].mean < 0
            said = nothing or ("not reached in the range" if below else "reached over the whole range")
            rows.append((search.subject, None, search.factor.low, search.factor.high, said))
    return pd.DataFrame(rows, columns=["subject", "at", "low", "high", "said"])


def _show_crossings(
    title: str, searches: list[Search], out: Path | None, name: str, results: Results, nothing: str, sign: float = 1.0,
    of_sets: list[Reached] | None = None,
) -> None:  # fmt: skip
    import pandas as pd

    def draw() -> Figure:
        from sim.studies.figures import crossing_figure

        return crossing_figure(searches, title, results.receipt, sign)

    tried = [(s.subject, t.at, s.target + sign * t.mean, *sorted((s.target + sign * t.low, s.target + sign * t.high)))
             for s in searches for t in s.tried]  # fmt: skip
    crossings = crossing_table(searches, nothing, sign)
    if of_sets is not None:
        said = {one.subject: f"{one.reached} of {one.sets} at {one.at:.4g}" for one in of_sets}
        crossings["fitted sets that reach it"] = [said[subject] for subject in crossings["subject"]]
    tables = {
        name: crossings,
        "tried": pd.DataFrame(tried, columns=["subject", "at", "mean", "low", "high"]),
    }
    _show(title, tables[name], out, tables, name, draw, results)


def _show(
    title: str, table: pd.DataFrame, out: Path | None, tables: Mapping[str, pd.DataFrame], name: str, draw: Any,
    results: Results,
) -> None:  # fmt: skip
    """Print a table, or write all tables and the figure into a folder."""
    if not results.study.document.study.publication:
        note("not for publication: the study varies what no published study varies")
    if out is None:
        _print(title, table)
        return
    from sim.report.folder import write_receipt, write_table
    from sim.report.style import save_figure

    def write(folder: Path, figure: Figure) -> None:
        for key, one in tables.items():
            write_table(folder, key, one)
        save_figure(figure, folder, name, KINDS)
        write_receipt(folder, results.receipt)

    work_into(out, draw, write)
    _print(title, table)
    note(f"Tables and figures are in {out}")


def _print(title: str, table: pd.DataFrame) -> None:
    from sim.cli.sheet import Sheet

    rows = [[_cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    texts = next((i for i, value in enumerate(table.dtypes) if value.kind == "f"), len(table.columns))
    Sheet(title, [str(column) for column in table.columns], rows, numbers_from=texts).show()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.4g}"  # noqa: PLR0124 - nan is not itself
    return "" if value is None else str(value)
