"""The page ``docs/performance.md`` and its figures, from the measurements alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.figures import growth_figure, pairing_figure
from benchmarks.peer_page import before_sessions, chain_section
from benchmarks.served_page import file_section, room_section
from benchmarks.sweep_page import sweep_section
from benchmarks.words import HEAD, gain_text, lines_text, ratio_text, seconds_text, share_text, table_text, target_text

BEFORE = Path(__file__).parent / "stages_before.json"
PARTS = (
    "plain_mesa",
    "queueing",
    "chain",
    "kernel",
    "browser",
    "growth",
    "stages",
    "session",
    "pairing",
    "sweep",
    "room",
    "file",
)
"""The parts, in the order of the page."""
WAYS = {"b8sim": "b8sim", "simpy": "SimPy", "ciw": "Ciw"}
PAIRINGS = {
    "person_and_decision": "by person and decision",
    "seed_only": "by seed only",
    "people_only": "same people, other draws",
    "unpaired": "unpaired",
}
MOST_MEGABYTES = 500
"""Aim for a comparison of the whole country with 20 replicates."""
BUSY = 0.1
"""Share of the processors that others may take while a part is measured before the page says so."""


def write_page(results: dict[str, Any], folder: Path) -> None:
    """Write the page and its figures to a folder."""
    (folder / "performance.md").write_text(page(results), encoding="utf-8")
    if "growth" in results["parts"]:
        growth_figure(results["parts"]["growth"], folder / "performance_growth.png")
    if "pairing" in results["parts"]:
        pairing_figure(results["parts"]["pairing"], PAIRINGS, folder / "performance_pairing.png")


def page(results: dict[str, Any]) -> str:
    """Return the text of the page."""
    texts = [HEAD, _machine(results)]
    texts += [SECTIONS[part](results["parts"][part]) for part in PARTS if part in results["parts"]]
    return "\n".join(texts)


def _machine(results: dict[str, Any]) -> str:
    m = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in m["packages"].items())
    busy = {
        part: p["others"]
        for part, p in results["parts"].items()
        if part not in ("browser", "chain", "session", "sweep", "room", "file") and (p["others"] or 0.0) > BUSY
    }
    beside = ""
    if busy:
        parts = ", ".join(f"{part.replace('_', ' ')} {share_text(share)}" for part, share in busy.items())
        beside = (
            f" Other programs ran beside it and took part of the processors ({parts}). They share caches and memory, "
            "so seconds of the processor are longer too, most for work that uses much memory, and ratios can "
            "differ on an idle machine."
        )
    return lines_text(
        "## The machine",
        f"{m['processors']} processors ({m['processor']}), {m['memory_gigabytes']} GB of memory, {m['system']}. "
        f"Python {m['python']}, {packages}.{beside}",
    )


def _plain_mesa(p: dict[str, Any]) -> str:
    rows = [
        (
            f"{size['persons']:,}",
            f"{size['transitions_engine']:,}",
            f"{size['transitions_plain']:,}",
            f"{size['microseconds_engine']:.2f}",
            f"{size['microseconds_plain']:.1f}",
            ratio_text(size),
        )
        for size in p["sizes"]
    ]
    head = ("people", "moves, engine", "moves, Mesa", "µs a move, engine", "µs a move, Mesa", "ratio")
    return lines_text(
        "## The same model as plain Mesa agents",
        "One Mesa agent for each person, network and authority; steps, waits and hazards are events of Mesa's own "
        "simulator. It reads the same law, behaviour, parameters and people, and has its own random stream. A test "
        "compares the means of twelve measures with those of the engine, within Monte-Carlo error. The engine also "
        "marks persons to whom a rule makes a difference; the plain model does not. Creating agents, or the state, "
        "counts. "
        f"`{p['regime']}`, people and capacities in proportion:",
        table_text(head, rows),
        target_text(
            "plain Mesa at least 50 times slower", {f"{s['persons']:,} people": s["ratio"] for s in p["sizes"]}, 50
        ),
    )


def _queueing(p: dict[str, Any]) -> str:
    rows = [
        (
            WAYS[way["way"]],
            f"{way['seconds']:.3f}",
            ratio_text(way),
            *(f"{100 * way[f'left_{desk}']:.1f}%" for desk in p["desks"]),
            *(f"{way[f'wait_{desk}']:.1f}" for desk in p["desks"]),
        )
        for way in p["ways"]
    ]
    head = ("way", "seconds", "ratio", "left, 1st", "left, 2nd", "left, 3rd", "days, 1st", "days, 2nd", "days, 3rd")
    others = {WAYS[way["way"]]: way["ratio"] for way in p["ways"] if way["way"] != "b8sim"}
    return lines_text(
        "## Three desks in a row",
        "Poisson arrivals at three desks with many servers each; service times and patience are exponential, people "
        f"renege; {p['last_day']:,} days. SimPy has a process for each person, Ciw a network of nodes with reneging, "
        "b8sim a small procedure. The whole work is timed, from arrivals to counts. A test compares the shares who "
        "renege within Monte-Carlo error, and the mean waits of those served within that and one day: in whole days, "
        "patience and so waits are up to a day longer than in continuous time.",
        table_text(head, rows),
        target_text("others at least 30 times slower", others, 30),
    )


def _kernel(p: dict[str, Any]) -> str:
    title = "## The kernel against C"
    if "skipped" in p:
        return lines_text(title, f"Not measured: {p['skipped']}.")
    rows = [
        ("engine (numba)", f"{p['million_a_second_engine']:.2f}", seconds_text(p["compile_seconds_engine"])),
        ("C", f"{p['million_a_second_c']:.2f}", seconds_text(p["compile_seconds_c"])),
    ]
    options = " ".join(option for option in p["options"] if option not in ("-shared", "-fPIC"))
    return lines_text(
        title,
        "A script translates the functions of the kernel to C, statement by statement, with the same constants and "
        f"arrays ({p['compiler']}, `{options}`). Both give the same log to the last move (tested). "
        f"{p['persons']:,} people, {p['transitions']:,} moves:",
        table_text(("kernel", "million moves a second", "seconds to compile"), rows),
        f"The engine takes {ratio_text(p)} times as long as C.",
    )


def _browser(p: dict[str, Any]) -> str:
    title = "## The engine of the browser"
    if "skipped" in p:
        return lines_text(title, f"Not measured: {p['skipped']}.")
    rows = [
        (
            f"{q['persons']:,}",
            f"{q['transitions']:,}",
            f"{q['million_a_second_engine']:.2f}",
            f"{q['million_a_second_browser']:.2f}",
            ratio_text(q),
        )
        for q in p["sizes"]
    ]
    head = ("people", "moves", "million moves/s, numba", "million moves/s, WebAssembly", "times as long")
    return lines_text(
        title,
        f"The same kernel as WebAssembly ({p['bytes'] / 1000:.0f} kB with all that a page needs), in Node "
        f"{p['node']}, and in numba, in turn, on {p['machine']}. Seconds of the processor of a first run, V8's "
        "compiling (straight to optimised code) included, which weighs on few people. Other programs took "
        f"{100 * (p['others'] or 0.0):.0f}% of the processors. Both give the same log to the last move.",
        table_text(head, rows),
    )


def _growth(p: dict[str, Any]) -> str:
    people = [
        (
            f"{row['persons']:,}",
            f"{row['transitions']:,}",
            f"{row['people_seconds']:.3f}",
            f"{row['kernel_seconds']:.3f}",
            f"{row['transitions_per_second'] / 1e6:.2f}",
            f"{row['memory_megabytes']:,.0f}",
        )
        for row in p["people"]
    ]
    grid = [
        (
            f"{row['thousand_persons']},000",
            str(row["replicates"]),
            str(row["threads"]),
            f"{row['processor_seconds']:.1f}",
            f"{row['transitions'] / row['processor_seconds'] / 1e6:.2f}",
            f"{row['seconds']:.1f}",
            share_text(row["others"]),
            f"{row['memory_megabytes']:,.0f}",
        )
        for row in p["replicates"]
    ]
    start = p["replicates"][0]["seconds"]
    against = []
    for row in p["processes"]:
        same = [
            r
            for r in p["replicates"]
            if (r["thousand_persons"], r["replicates"]) == (row["thousand_persons"], row["replicates"])
        ]
        one, two = (next(r for r in same if r["threads"] == n) for n in (1, 2))
        against.append(
            (
                f"{row['thousand_persons']},000",
                str(row["replicates"]),
                gain_text(one, two, p["disturbed_above"], start),
                gain_text(one, row, p["disturbed_above"], start),
                f"{two['memory_megabytes']:,.0f}",
                f"{row['memory_megabytes']:,.0f}",
            )
        )
    size = p["people"][-1]
    left_out = f" Left out for the time they take: {'; '.join(p['left_out'])}." if p["left_out"] else ""
    return lines_text(
        "## Growth",
        "One run of one regime, people and capacities in proportion. Seconds of the kernel grow as the number of "
        f"people to the power {p['exponent_of_persons']:.2f}, and as the number of moves to the power "
        f"{p['exponent_of_transitions']:.2f}. A person takes {size['state_bytes_per_person']:.0f} bytes of state, the "
        "log not counted. Memory is the most that the process held.",
        table_text(("people", "moves", "people made, s", "kernel, s", "million moves/s", "memory, MB"), people),
        "![Seconds of the kernel and most memory held, by number of people, on logarithmic axes.]"
        "(performance_growth.png)",
        "Whole comparisons of two regimes, each in its own process, from start to end. *Others* is the share of all "
        "processors that other programs took meanwhile: where it is not small, seconds of the clock are unreliable. "
        f"With a thousand people there are {p['seconds_before_the_first']:.1f} processor seconds before the first "
        f"replicate (Python, imports, compiled code) and {1000 * p['seconds_for_each_replicate']:.0f} ms for "
        f"each.{left_out}",
        table_text(
            ("people", "replicates", "threads", "processor s", "million moves/s", "clock s", "others", "memory, MB"),
            grid,
        ),
        "Speed-up by the clock over one thread: two threads in one process, and two processes of one thread with half "
        f"the replicates each. The {start:.1f} seconds of the first row, mostly the start of Python and of the "
        "compiled code, are taken off: no thread shortens them. A gain is given only where others took at most "
        f"{share_text(p['disturbed_above'])} of the processors in both runs.",
        table_text(
            ("people", "replicates", "gain, threads", "gain, processes", "MB, threads", "MB, processes"),
            against,
        ),
    )


def _stages(p: dict[str, Any]) -> str:
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    rows = [
        (s["stage"], f"{before['stages'][s['stage']]:.2f}", f"{s['seconds']:.2f}", f"{100 * s['share']:.1f}%")
        for s in p["stages"]
    ]
    work, held_little = list(p["work"]), p["memory_megabytes"] <= MOST_MEGABYTES
    verdict = (
        f"Above a fifth outside the kernel, and so worth work: {', '.join(work)}."
        if work
        else ("No stage outside the kernel takes a fifth.")
    )
    return lines_text(
        "## Where the time of a comparison goes",
        f"`b8sim compare {p['scenario']}` with {p['replicates']} replicates, the whole command: "
        f"{p['wall_seconds']:.1f} seconds by the clock, {p['processor_seconds']:.1f} of processors, "
        f"{p['transitions']:,} moves, at most {p['memory_megabytes']:,.0f} MB in any of {p['repeats']} runs, a thread "
        f"for each processor (aim: at most {MOST_MEGABYTES}, {'met' if held_little else 'not met'}). "
        "*start* is Python, imports and compiled code. *Before* is a kernel that passed "
        "its arrays by value, and linear algebra with threads of its own (what they took counts with *start*): "
        f"{before['wall_seconds']:.1f} seconds by the clock, {before['processor_seconds']:.1f} of processors, measured "
        "once on the same machine (decision 22) and kept.",
        table_text(("stage", "processor seconds, before", "now", "share"), rows),
        verdict,
    )


def _pairing(p: dict[str, Any]) -> str:
    rows = [
        (
            f"`{m['measure']}`",
            f"{m['level']:,.0f}",
            f"{m['difference']:,.1f}",
            *(f"{m['replicates_needed'][way]:,}" for way in PAIRINGS),
            *(f"{m['ratio'][way]:.0f}" for way in PAIRINGS if way != "person_and_decision"),
            f"{m['seed_only_ratio_low']:.0f} to {m['seed_only_ratio_high']:.0f}",
        )
        for m in p["measures"]
    ]
    head = ("measure", "level", "difference", *(f"n, {w}" for w in PAIRINGS.values()))
    head += (*(f"ratio, {name}" for way, name in PAIRINGS.items() if way != "person_and_decision"), "95%, by seed")
    return lines_text(
        "## Variance reduction by pairing",
        f"Replicates (n) needed until the 95% interval of the difference between `{p['regimes'][0]}` and "
        f"`{p['regimes'][1]}` is ±{100 * p['half_width']:g}% of the level under the first, with "
        f"{100 * p['scale']:g}% of the people and capacities, and ratios of the variance of the difference to that of "
        f"b8sim. Four ways to pair:",
        "- *by person and decision*: b8sim as it is.\n"
        "- *by seed only*: the plain Mesa model, with the same people under both regimes and one generator with the "
        "same seed, consumed in the order of events. Both runs are alike until their first different event; from then "
        "on their draws are unrelated, as in any model whose two runs get the same seed. The two regimes "
        "are the same law until August 2019, and until then both runs are the same to the last move (tested).\n"
        "- *same people, other draws*: b8sim, but the people of the second regime draw from other keys, from day one.\n"
        "- *unpaired*: the sum of the variances of both levels.",
        table_text(head, rows),
        f"From {p['replicates_engine']} replicates of b8sim and {p['replicates_plain']} of the plain model; the last "
        f"column is an F-interval, which assumes normal differences. Where n is 1, two replicates, the fewest with an "
        "interval, are enough.",
        "![For each measure the replicates needed with each way of pairing, on a logarithmic axis.]"
        "(performance_pairing.png)",
    )


def _session(p: dict[str, Any]) -> str:
    rows = [
        (
            f"{q['persons']:,}",
            f"{1000 * q['session']:.0f}",
            f"{1000 * q['compare']:.0f}",
            ratio_text(q),
            "" if q["aim"] is None else f"{q['aim']:g}, {'met' if q['ratio'] <= q['aim'] else 'not met'}",
            f"{100 * q['kernels_share']:.0f}%",
            f"{q['outside_milliseconds']:.1f}",
            f"{q['set_milliseconds']:.2f}",
        )
        for q in p["questions"]
    ]
    m, largest = p["memory"], p["questions"][-1]
    where = ", ".join(f"{name} {ms:.1f}" for name, ms in largest["kernels"].items() if ms)
    head = (
        "people",
        "ms, session",
        "ms, compare",
        "ratio",
        "aim, at most",
        "in kernels",
        "ms a run outside",
        "ms to set",
    )
    return lines_text(
        "## A question to a session",
        "One changed parameter, two regimes, one replicate of people who are there already, beside `sim.compare` of "
        f"the same. Milliseconds of the processor, medians of {p['repeats']} in turn, on {p['machine']}.",
        table_text(head, rows),
        f"Milliseconds in each kernel, with {largest['persons']:,} people: {where}.",
        f"Over {m['questions']:,} questions about {m['persons']:,} people on 20 replicates the process held at most "
        f"{m['megabytes_early']:,.0f} MB after a tenth of them and {m['megabytes']:,.0f} MB after all.",
        before_sessions(),
    )


SECTIONS = {
    "plain_mesa": _plain_mesa,
    "queueing": _queueing,
    "chain": chain_section,
    "kernel": _kernel,
    "browser": _browser,
    "growth": _growth,
    "stages": _stages,
    "session": _session,
    "pairing": _pairing,
    "sweep": sweep_section,
    "room": room_section,
    "file": file_section,
}
