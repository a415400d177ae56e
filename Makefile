# Everything here needs python3 (3.11 or newer) and make; the rest is set up in .venv on first use and then reused.
#
#   make compare                                   the main job, on the shipped scenario
#   make compare SCENARIO=my.toml ARGS="--seed 2"  another scenario, other options (see .venv/bin/b8sim compare --help)
#   make setup PYTHON=/path/to/python              take this Python instead of the newest on PATH

SCENARIO = scenarios/netherlands.toml
ARGS =
PYTEST_ARGS = --numprocesses auto --maxprocesses 4 --dist loadfile
BIN = .venv/bin

# What the caller's shell says about Python is meant for another environment.
unexport PYTHONHOME PYTHONPATH

.PHONY: help setup compare view test verify readers check lint bench engine clean attribution advice validation

help:
	@echo 'make compare   run the shipped scenario under each regime; results and report.html in results/'
	@echo 'make view      open the page for workshops in the browser (ARGS="--share" lets a room in)'
	@echo 'make test      run all tests'
	@echo 'make verify    measure everything in docs/verification.md again (some 20 minutes)'
	@echo 'make validation  write docs/validation.md and docs/two-camps.md from the fitted sets (RESULTS=DIR ships those of a calibration first)'
	@echo 'make readers   read what is exported back with pm4py, cffconvert and the validator of RO-Crates, in an environment of their own'
	@echo 'make check     check the shipped law, regimes, parameters and scenarios without running them'
	@echo 'make lint      check style and types'
	@echo 'make bench     measure speed and memory, and write docs/performance.md (some 12 minutes)'
	@echo 'make advice    write the pages on monitoring and proposals again from the fitted sets (some 10 minutes)'
	@echo 'make engine    build the engine of the browser again, after a change of the kernel'
	@echo 'make setup     set up .venv, which the others do by themselves'
	@echo 'make clean     remove .venv and what tools left behind; results stay'

setup:
	@sh tools/setup

# A results folder that is not empty is refused, so each run gets its own.
compare: setup
	@name=$$(basename "$(SCENARIO)" .toml); out="results/$$name-$$(date +%Y-%m-%d-%H%M%S)"; \
	echo "$(BIN)/b8sim compare \"$(SCENARIO)\" --out \"$$out\" $(ARGS)"; \
	$(BIN)/b8sim compare "$(SCENARIO)" --out "$$out" $(ARGS)

# The packages of the page are few; they come once.
view: setup
	@$(BIN)/python -c 'import jsonschema, starlette, uvicorn' 2>/dev/null || \
	$(BIN)/python -m pip install --quiet --editable '.[view]'
	@$(BIN)/b8sim view "$(SCENARIO)" $(ARGS)

test: setup
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(ARGS)

verify: setup
	@$(BIN)/python -c 'import distributed' 2>/dev/null || $(BIN)/python -m pip install --quiet --editable '.[dask]'
	$(BIN)/python -m pytest tests/studies/test_workers_dask.py
	$(BIN)/python -m verification $(ARGS)

# RESULTS: the folder of a calibration, whose fitted sets become those of the package: they are run again under open
# readings of the law, and by month (some ten minutes; broken off, the same command goes on).
validation: setup
	@test -z "$(RESULTS)" || { $(BIN)/b8sim validate "$(RESULTS)" --ship sim/evidence/ensembles && \
	$(BIN)/python -m sim.calibration.runs_again sim/evidence/ensembles "$(RESULTS)/again"; }
	$(BIN)/python -m sim.calibration.pages docs

# Programs whose licences ours must not depend on (pm4py: AGPL) are in .readers, and only the tests call them.
readers: setup
	@test -d .readers || $(BIN)/python -m venv .readers
	@.readers/bin/python -c 'import cffconvert, pm4py, rocrate, rocrate_validator' 2>/dev/null || \
	.readers/bin/python -m pip install --quiet pm4py rocrate roc-validator cffconvert
	B8SIM_READERS=.readers/bin/python $(BIN)/python -m pytest tests/export tests/project/test_packaging.py $(ARGS)

check: setup
	$(BIN)/b8sim check
	$(BIN)/b8sim check scenarios/*.toml experiments/*.toml

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# make bench ARGS="kernel --quick" runs one part with smaller sizes and keeps nothing.
bench: setup
	@$(BIN)/python -c 'import ciw, simpy' 2>/dev/null || $(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks $(ARGS)

# The engine of the browser, sim/view/engine.wasm, from the sources of the kernel. It is shipped; a test says when it is stale.
engine: setup
	@$(BIN)/python -c 'import ziglang' 2>/dev/null || { command -v clang && command -v wasm-ld; } >/dev/null || \
	$(BIN)/python -m pip install --quiet --editable '.[engine]'
	$(BIN)/python -m sim.view.portable

# docs/monitoring.md, docs/monitoring.nl.md and docs/proposals.md, from the shipped ensembles; broken off, it goes on.
advice: setup
	$(BIN)/python -m verification.advice $(ARGS)

# Attribution of a difference to several changes: see experiments/attribution.toml.
attribution: setup
	@out="results/attribution-$$(date +%Y-%m-%d-%H%M%S)"; \
	$(BIN)/b8sim sweep run experiments/attribution.toml --out "$$out/runs" $(ARGS) && \
	$(BIN)/b8sim analyse "$$out/runs" shares --out "$$out/shares"

clean:
	@if [ -d .venv ] && [ ! -f .venv/made-by-tools-setup ]; then echo 'make did not set up .venv, so it stays'; \
	else echo 'rm -rf .venv'; rm -rf .venv; fi
	rm -rf .venv.lock .readers build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find sim tests verification -name __pycache__ -type d -prune -exec rm -rf {} +
