"""A sweep gives the same bytes if it ran through, was killed, extended, spread over machines or met a full disk."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from small_studies import TEXT, content, in_threads, small_study

from sim.files.errors import InputError
from sim.studies.store import Store
from sim.studies.study import Study
from sim.studies.sweep import Clock, begin, extend, merge, resume

MANY = TEXT.replace("points = 6", "points = [2, 2, 2, 2, 2, 2]")
POOL = ThreadPoolExecutor(2)
HERE: dict[str, Any] = {"executor": POOL, "workers": 2}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    file = tmp_path_factory.mktemp("study") / "study.toml"
    file.write_text(MANY, encoding="utf-8")
    return Study.load(file)


@pytest.fixture(scope="module")
def through(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the sweep that ran through."""
    folder = tmp_path_factory.mktemp("through") / "out"
    assert in_threads(study, folder).complete
    return content(folder)


def parts_done(folder: Path) -> int:
    try:
        return len(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["parts"])
    except (OSError, ValueError):
        return 0


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False


@pytest.mark.slow
def test_killed_half_way_and_resumed_it_gives_the_same_bytes(
    study: Study, through: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "study.toml").write_text(MANY, encoding="utf-8")
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "sim.cli",
        "sweep",
        "run",
        str(tmp_path / "study.toml"),
        "--out",
        str(out),
        "--workers",
        "1",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        while parts_done(out) < 2 and running.poll() is None:
            time.sleep(0.02)
        workers = children(running.pid) if Path("/proc").exists() else []
        running.kill()
    assert 2 <= parts_done(out) < 6, "half way"
    with pytest.raises(InputError, match="a sweep is in it"):
        begin(study, out, **HERE)
    assert resume(out, **HERE).complete
    assert content(out) == through
    until = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, workers)), "workers end with the sweep"


def test_extended_it_gives_the_same_bytes(through: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(TEXT.replace("points = 6", "points = 2"), encoding="utf-8")
    out = tmp_path / "out"
    in_threads(Study.load(tmp_path / "study.toml"), out)
    for _ in range(5):
        assert extend(out, 2, **HERE).complete
    assert content(out) == through


def test_in_shares_and_merged_it_gives_the_same_bytes(study: Study, through: dict[str, bytes], tmp_path: Path) -> None:
    for k in (1, 2, 3):
        assert in_threads(study, tmp_path / f"{k}", share=(k, 3)).complete
    assert Store.look(tmp_path / "2").status().points == 4
    assert not merge([tmp_path / "1", tmp_path / "2"], tmp_path / "two").complete
    assert merge([tmp_path / "3", tmp_path / "1", tmp_path / "2"], tmp_path / "all").complete
    assert content(tmp_path / "all") == through
    assert resume(tmp_path / "two", **HERE).complete
    assert content(tmp_path / "two") == through


def test_folders_of_other_studies_are_not_merged(study: Study, tmp_path: Path) -> None:
    Store.create(tmp_path / "a", study)
    Store.create(tmp_path / "b", small_study())
    with pytest.raises(InputError, match="another study"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_a_full_disk_loses_nothing_that_is_finished(
    study: Study, through: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, written = tmp_path / "out", []
    whole = os.fsync

    def full(number: int) -> None:
        written.append(number)
        if len(written) == 18:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="no space left"):
        begin(study, out, **HERE)
    monkeypatch.undo()
    done = parts_done(out)
    assert 1 <= done < 6
    kept = {name: data for name, data in content(out).items() if "part-" in name}
    assert Store.open(out).status().parts_done == done
    assert resume(out, **HERE).complete
    assert content(out) == through
    assert all(content(out)[name] == data for name, data in kept.items())


def test_a_spoilt_part_is_run_again(study: Study, through: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    in_threads(study, out)
    file = Store.open(out).file("readings", Store.open(out).parts[3].name)
    file.write_bytes(file.read_bytes()[:-10])
    (out / "readings" / ".part-9.parquet.unfinished").write_bytes(b"half")
    assert resume(out, **HERE).complete
    assert content(out) == through


def test_an_interrupt_keeps_what_is_finished(study: Study, through: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop(done: int, total: int, message: str) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin(study, out, progress=stop, **HERE)
    assert 2 <= parts_done(out) < 6
    assert resume(out, **HERE).complete
    assert content(out) == through


def test_a_failing_point_stops_nothing_and_can_be_tried_again(
    study: Study, through: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.runs.replicate import values_by_regime

    bad = study.points[3][1].values["report.base"]

    def broken(setting: Any, *more: Any) -> Any:
        if setting.worlds[0].parameters["report.base"] == bad:
            raise ZeroDivisionError("here")
        return values_by_regime(setting, *more)

    monkeypatch.setattr("sim.studies.runner.values_by_regime", broken)
    out = tmp_path / "out"
    status = in_threads(study, out)
    assert status.complete
    assert status.points_failed == 1
    monkeypatch.undo()
    assert resume(out, **HERE).points_failed == 1
    assert resume(out, retry_failed=True, **HERE).points_failed == 0
    assert content(out) == through


def test_two_sweeps_in_one_folder_are_refused(study: Study, tmp_path: Path) -> None:
    out, said = tmp_path / "out", []

    def second(done: int, total: int, message: str) -> None:
        if not said:
            with pytest.raises(InputError, match="another sweep is at work") as error:
                resume(out, **HERE)
            said.append(str(error.value))

    begin(study, out, progress=second, **HERE)
    assert said


def test_no_space_is_told_before_the_first_run(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shutil import disk_usage

    nothing = disk_usage(tmp_path)._replace(free=100)
    monkeypatch.setattr("shutil.disk_usage", lambda _: nothing)
    with pytest.raises(InputError, match="no space for the results"):
        begin(study, tmp_path / "out", **HERE)
    assert not (tmp_path / "out").exists()


def test_a_clock_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    said: list[tuple[int, int, str]] = []
    clock = Clock(100, 20, lambda *told: said.append(told))
    now[0] += 10
    clock.add(20)
    assert said == [(40, 100, "points, 2.0 a second, 30 s left")]
    now[0] += 90
    clock.add(20)
    assert said[-1] == (60, 100, "points, 2.5 s a point, 2 min left")
    clock.add(40)
    assert said[-1][2] == "points, 1.2 s a point"


def test_from_python_a_sweep_gives_tidy_tables(study: Study, through: dict[str, bytes], tmp_path: Path) -> None:
    import sim

    assert isinstance(study, sim.Study)
    results = sim.sweep(study, **HERE)
    folder = results.store.folder
    assert content(folder) == through
    assert len(results.wide) == 12 * 2 * 2
    assert results.differences["difference"].notna().any()
    del results
    import gc

    gc.collect()
    assert not folder.exists(), "a folder of nobody goes with the results"


def test_a_script_can_be_run_again(study: Study, through: dict[str, bytes], tmp_path: Path) -> None:
    import sim

    (tmp_path / "study.toml").write_text(MANY, encoding="utf-8")
    for _ in range(2):
        sim.sweep(tmp_path / "study.toml", tmp_path / "out", **HERE)
        assert content(tmp_path / "out") == through
    with pytest.raises(InputError, match="a sweep is in it"):
        sim.sweep(small_study(), tmp_path / "out", **HERE)
