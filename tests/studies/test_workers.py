"""Where points run: any executor gives the same bytes, and a worker that dies takes nothing with it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
from small_studies import content, deadly, in_threads, small_study

from sim.files.errors import B8simError, InputError
from sim.runs.receipt import source_hash
from sim.studies.parts import parts_of
from sim.studies.runner import Job, Result, packed, run_points
from sim.studies.sweep import begin, resume
from sim.studies.workers import check_workers, cluster, processes, run_parts, threads

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_processes_give_the_bytes_of_threads(tmp_path: Path) -> None:
    study = small_study(design_points=(2, 2))
    in_threads(study, tmp_path / "threads")
    assert begin(study, tmp_path / "processes", workers=2).complete
    assert content(tmp_path / "processes") == content(tmp_path / "threads")


@pytest.mark.slow
def test_a_point_that_kills_its_worker_is_found_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    study = small_study(design_points=(2, 2, 2))
    bad = study.points[3][1]
    monkeypatch.setenv("DEADLY", repr(bad.values["report.base"]))
    monkeypatch.setattr("sim.studies.workers.run_points", deadly)
    results: dict[str, Result] = {}
    keep = lambda part, found: results.update({result.point: result for result in found})  # noqa: E731
    run_parts(parts_of(study), packed(Job.of(study)), processes, 1, keep)
    assert len(results) == 6
    assert results.pop(bad.id).error == "the process that ran it died"
    assert [r.error for r in results.values()] == [""] * 5


def test_a_broken_executor_of_the_caller_is_told(tmp_path: Path) -> None:
    from concurrent.futures import BrokenExecutor

    class Dead(ThreadPoolExecutor):
        def submit(self, function: object, *given: object) -> object:  # type: ignore[override]
            if function is run_points:
                raise BrokenExecutor("gone")
            return super().submit(function, *given)  # type: ignore[arg-type]

    with Dead(1) as pool, pytest.raises(B8simError, match="the executor is broken; what is finished is kept"):
        begin(small_study(), tmp_path / "out", executor=pool, workers=1)
    assert resume(tmp_path / "out", executor=ThreadPoolExecutor(1), workers=1).complete


def test_workers_with_other_code_are_refused() -> None:
    with threads(1) as pool:
        check_workers(pool, source_hash())
        with pytest.raises(InputError, match="the workers run other code"):
            check_workers(pool, "something else")


def test_an_exception_on_its_way_from_a_worker_is_that_of_its_points() -> None:
    class Lost(ThreadPoolExecutor):
        def submit(self, function: object, *given: object) -> object:  # type: ignore[override]
            def lose(*_: object) -> None:
                raise RuntimeError("lost on the way")

            return super().submit(lose if function is run_points else function, *given)  # type: ignore[arg-type]

    study, results = small_study(design_points=2), []
    pool: Executor = Lost(1)
    run_parts(parts_of(study), b"", lambda _: pool, 1, lambda part, found: results.extend(found), own=False)
    assert [result.error for result in results] == ["RuntimeError: lost on the way"] * 2


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_how_to_have_one(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from small_studies import small_study\nfrom sim.studies.sweep import begin\n"
        f"begin(small_study(), {str(tmp_path / 'out')!r}, workers=1)\n", encoding="utf-8")  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "tests")])}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.studies.workers.SECONDS_TO_CONNECT", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(InputError, match="cannot be reached") as error, cluster(address):
            pass
        assert "--scheduler" in str(error.value)


def test_without_dask_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="needs Dask") as error, cluster("tcp://127.0.0.1:8786"):
        pass
    assert "b8sim[dask]" in str(error.value)
