"""The points of a design: which value each factor has, in which run.

A design is made in blocks. Each block is complete in itself, so that a study that is extended by a block has the points
that it had, and the same points as a study that asked for all blocks at once.
"""

from __future__ import annotations

import csv
import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim.evidence.parameters import Parameters
from sim.files.document import Document, as_tuple
from sim.files.errors import InputError, nearest, raise_all
from sim.files.place import Place
from sim.files.toml import read_text
from sim.studies.factors import Factor
from sim.studies.shares import Family

Floats = NDArray[np.float64]
Kind = Literal["grid", "list", "latin_hypercube", "sobol", "morris", "saltelli", "one_at_a_time", "drivers"]
EXTENDED: Final = ("latin_hypercube", "sobol", "morris", "saltelli")
"""Designs to which points can be added."""
MOST_ROWS: Final = 1_000_000
LEVELS: Final = {"grid": 5, "morris": 4, "one_at_a_time": 2}
MORRIS_LEVELS: Final = (4, 6, 8, 10)


class Design(Document):
    """The table ``[design]`` of a study.

    ``points``: how many; a list says the sizes of blocks that were added one after another. For ``morris`` they are
    trajectories, for ``saltelli`` base samples. ``levels``: steps of each factor in a grid, in Morris's and in a
    one-at-a-time design. ``file``: the CSV file of a list.
    """

    kind: Kind
    points: int | tuple[int, ...] | None = None
    seed: int = Field(default=1, ge=0, le=2**32 - 1)
    levels: int | None = Field(default=None, ge=2, le=1000)
    file: str | None = None

    _tuples = field_validator("points", mode="before")(
        lambda value: as_tuple(value) if isinstance(value, list) else value
    )

    @property
    def blocks(self) -> tuple[int, ...]:
        """Sizes of the blocks."""
        if self.points is None:
            return ()
        return (self.points,) if isinstance(self.points, int) else self.points


@dataclass(frozen=True)
class Row:
    """One row of a design.

    Attributes
    ----------
    values
        What the factors are; those that are not named are as in the scenario.
    unit
        Where it lies in the unit cube, by factor; empty for designs that are not made there.
    block
        Number of its block, from 0.
    moved
        The factor that differs from the row before it (``morris``) or from the scenario (``one_at_a_time``).
    """

    values: Mapping[str, float]
    unit: tuple[float, ...] = ()
    block: int = 0
    moved: str = ""


def rows_of(
    design: Design, factors: Sequence[Factor], families: Sequence[Family], parameters: Parameters, place: Place
) -> list[Row]:
    """Return the rows of a design in their order.

    Parameters
    ----------
    design
        What the study says.
    factors
        What varies.
    families
        Shares among them that are drawn together.
    parameters
        The values in use, for the check of a list.
    place
        The study.

    Raises
    ------
    InputError
        When the design cannot be made, is too large, or a file has rows that cannot be.
    """
    _check(design, factors, families, place)
    if design.kind == "list":
        return list(_listed(design, factors, parameters, place))
    if design.kind == "drivers":
        return [Row({})]
    if design.kind == "grid":
        return _grid(design, factors, place)
    if design.kind == "one_at_a_time":
        return list(_one_at_a_time(design, factors, families))
    return list(_sampled(design, factors, families))


def _check(design: Design, factors: Sequence[Factor], families: Sequence[Family], place: Place) -> None:
    """Refuse what a kind of design does not take, or lacks."""
    where = place.at("design")
    if design.kind == "list":
        if design.file is None:
            raise where.at("file").error("a list needs its file", accepted="a CSV file with a column for each factor")
        return
    if design.file is not None:
        raise where.at("file").error("only a list has a file", value=design.file, accepted='kind = "list"')
    if design.kind == "drivers":
        if factors:
            raise place.at("parameters").error("in a design of drivers nothing else varies", value=factors[0].name,
                                               accepted="a number that is kept")  # fmt: skip
        return
    if not factors:
        raise place.at("parameters").error("nothing varies", accepted='a range, such as "report.base" = [0.5, 2.5]')
    if design.kind in EXTENDED:
        _check_points(design, factors, where)
    elif design.points is not None:
        raise where.at("points").error(f"a {design.kind} has as many points as its levels give", value=design.points)
    if design.kind == "morris" and (design.levels or 4) not in MORRIS_LEVELS:
        raise where.at("levels").error("not accepted", value=design.levels, accepted=", ".join(map(str, MORRIS_LEVELS)))
    together = [family for family in families if family.exact]
    if design.kind == "one_at_a_time" and together:
        raise place.at(f"parameters.{together[0].names[0]}").error(
            "a share of a whole cannot change alone", accepted="a design that draws them together, as latin_hypercube"
        )
    if design.kind == "grid" and families:
        names = families[0].names
        accepted = f"values that sum to {families[0].whole:g} at most, or a design that draws them together"
        raise place.at(f"parameters.{names[0]}").error(
            f"in a grid {', '.join(names)} would sum to more", accepted=accepted
        )


def _check_points(design: Design, factors: Sequence[Factor], where: Place) -> None:
    if not design.blocks:
        raise where.at("points").error("needs a number of points", accepted=f"a whole number from 1 to {MOST_ROWS}")
    rows = [n * _rows_each(design, factors) for n in design.blocks]
    if min(design.blocks) < 1 or sum(rows) > MOST_ROWS:
        accepted = f"whole numbers from 1 on, {MOST_ROWS:,} rows at most (this is {sum(rows):,})"
        raise where.at("points").error("too large to finish" if sum(rows) > MOST_ROWS else "out of range",
                                       value=design.points, accepted=accepted)  # fmt: skip
    if design.kind == "saltelli":
        for total in itertools.accumulate(design.blocks):
            if total & (total - 1):
                near = f"{1 << (total.bit_length() - 1)} or {1 << total.bit_length()}"
                raise where.at("points").error(
                    "a saltelli design has a power of 2 of base samples", value=total, accepted=near
                )


def _rows_each(design: Design, factors: Sequence[Factor]) -> int:
    """Return how many rows one point of a design is."""
    return {"morris": len(factors) + 1, "saltelli": len(factors) + 2}.get(design.kind, 1)


# ---- designs in the unit cube ----


def _sampled(design: Design, factors: Sequence[Factor], families: Sequence[Family]) -> Iterator[Row]:
    """Go through the rows of a design that is made in the unit cube."""
    sample: Callable[[Design, int, int], Iterator[tuple[int, Floats]]] = {
        "latin_hypercube": _latin_hypercube,
        "sobol": _sobol,
        "morris": _morris,
        "saltelli": _saltelli,
    }[design.kind]
    for block, unit in sample(design, len(factors), design.seed):
        values = _values(unit, factors, families)
        for i in range(unit.shape[0]):
            moved = ""
            if design.kind == "morris" and i % (len(factors) + 1):
                moved = factors[int(np.flatnonzero(unit[i] != unit[i - 1])[0])].name
            yield Row(
                {f.name: float(values[i, j]) for j, f in enumerate(factors)}, tuple(unit[i].tolist()), block, moved
            )


def _values(unit: Floats, factors: Sequence[Factor], families: Sequence[Family]) -> Floats:
    """Return the values of the factors for points of the unit cube."""
    out = np.array([[factor.at(float(u)) for factor, u in zip(factors, row, strict=True)] for row in unit])
    column = {factor.name: j for j, factor in enumerate(factors)}
    for family in families:
        places = [column[name] for name in family.names]
        out[:, places] = family.drawn(unit[:, places])
    return out


def _latin_hypercube(design: Design, size: int, seed: int) -> Iterator[tuple[int, Floats]]:
    from scipy.stats import qmc

    for block, points in enumerate(design.blocks):
        yield block, qmc.LatinHypercube(size, seed=np.random.default_rng([seed, block])).random(points)


def _sobol(design: Design, size: int, seed: int) -> Iterator[tuple[int, Floats]]:
    from scipy.stats import qmc

    sequence = qmc.Sobol(size, seed=np.random.default_rng(seed))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The balance properties")
        for block, points in enumerate(design.blocks):
            yield block, sequence.random(points)


def _morris(design: Design, size: int, seed: int) -> Iterator[tuple[int, Floats]]:
    from SALib.sample import morris

    for block, points in enumerate(design.blocks):
        yield block, morris.sample(_unit_problem(size), points, num_levels=design.levels or 4, seed=_mixed(seed, block))


def _saltelli(design: Design, size: int, seed: int) -> Iterator[tuple[int, Floats]]:
    from SALib.sample import sobol

    first = 0
    for block, last in enumerate(itertools.accumulate(design.blocks)):
        every = sobol.sample(_unit_problem(size), last, calc_second_order=False, scramble=True, seed=seed)
        yield block, every[first * (size + 2) :]
        first = last


def _unit_problem(size: int) -> dict[str, Any]:
    """Return what SALib calls a problem, in the unit cube."""
    return {"num_vars": size, "names": [f"x{i}" for i in range(size)], "bounds": [[0.0, 1.0]] * size}


def _mixed(seed: int, block: int) -> int:
    """Return the seed of a block; that of the first block is the seed of the design."""
    return seed if block == 0 else int(np.random.SeedSequence([seed, block]).generate_state(1)[0])


# ---- designs that are listed ----


def _grid(design: Design, factors: Sequence[Factor], place: Place) -> list[Row]:
    levels = [factor.levels(design.levels or LEVELS["grid"]) for factor in factors]
    rows = math.prod(map(len, levels))
    if rows > MOST_ROWS:
        sizes = " x ".join(str(len(values)) for values in levels)
        raise place.at("design.levels").error(
            "too large to finish",
            value=design.levels or LEVELS["grid"],
            accepted=f"{MOST_ROWS:,} points at most; {sizes} = {rows:,}",
        )
    names = [factor.name for factor in factors]
    return [Row(dict(zip(names, values, strict=True))) for values in itertools.product(*levels)]


def _one_at_a_time(design: Design, factors: Sequence[Factor], families: Sequence[Family]) -> Iterator[Row]:
    """Go through the scenario as it is, then each factor over its range with all others as in the scenario."""
    yield Row({})
    base = {factor.name: factor.base for factor in factors}
    for factor in factors:
        for value in factor.levels(design.levels or LEVELS["one_at_a_time"]):
            yield Row({factor.name: _within(factor.name, value, base, families)}, moved=factor.name)


def _within(name: str, value: float, base: Mapping[str, float], families: Sequence[Family]) -> float:
    """Return a value, made smaller where shares of one whole would sum to more with the others as they are."""
    for family in families:
        if name in family.names and not family.exact:
            value = min(value, family.whole - math.fsum(base[other] for other in family.names if other != name))
    return value


def _listed(design: Design, factors: Sequence[Factor], parameters: Parameters, place: Place) -> Iterator[Row]:
    """Read a CSV file with a column for each factor and a row for each point."""
    assert design.file is not None
    file = Path(design.file)
    lines = list(csv.reader(read_text(file, "CSV").splitlines(), strict=True))
    if len(lines) < 2:
        raise InputError("no rows", file=file, accepted="a head with names of factors, and a row for each point")
    if len(lines) - 1 > MOST_ROWS:
        raise InputError("too large to finish", file=file, value=len(lines) - 1, accepted=f"{MOST_ROWS:,} rows at most")
    head = [name.strip() for name in lines[0]]
    known = {factor.name: factor for factor in factors}
    _check_head(head, known, file)
    problems: list[InputError] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            values = _cells(cells, head, known, file, number)
            changed = {name: value for name, value in values.items() if name in parameters}
            parameters.replace(changed, file=file, key_prefix=f"line {number}")
            yield Row(values)
        except InputError as error:
            problems.append(error)
    raise_all(problems)


def _check_head(head: list[str], known: Mapping[str, Factor], file: Path) -> None:
    problems = [
        InputError(
            "no factor of the study",
            file=file,
            key="line 1",
            value=name,
            accepted=list(known),
            nearest=nearest(name, known),
        )
        for name in head
        if name not in known
    ]
    if len(set(head)) != len(head):
        problems.append(InputError("a column is there twice", file=file, key="line 1", value=", ".join(head)))
    lacking = [name for name in known if name not in head]
    if lacking:
        problems.append(
            InputError("lacks a factor of the study", file=file, key="line 1", value=", ".join(head), accepted=lacking)
        )
    raise_all(problems)


def _cells(cells: list[str], head: list[str], known: Mapping[str, Factor], file: Path, number: int) -> dict[str, float]:
    if len(cells) != len(head):
        problem = f"{len(cells)} cells in {len(head)} columns"
        raise InputError(problem, file=file, key=f"line {number}", value=",".join(cells), accepted=f"{len(head)} cells")
    values: dict[str, float] = {}
    for name, cell in zip(head, cells, strict=True):
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        factor = known[name]
        if not factor.low <= value <= factor.high:
            accepted = f"a number from {factor.low:g} to {factor.high:g}"
            raise InputError(
                "not in the range of the study", file=file, key=f"line {number}, {name}", value=cell, accepted=accepted
            )
        values[name] = value
    return values
