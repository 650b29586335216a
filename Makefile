# `make run` serves, `make test` checks; each sets up what it needs. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CYCLES ?= 1000
TESTERS ?= 2
export HF_HUB_OFFLINE := 1

.PHONY: help
help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

.PHONY: run
run: $(VENV)/.installed ## set up what is missing, ingest the corpus and serve on PORT (8000)
	@$(BIN)/bot ingest || [ $$? -eq 2 ]
	@exec $(BIN)/bot serve --port $(PORT)

.PHONY: test
test: $(VENV)/.installed-dev programs ## set up what is missing and run all checks, in TESTERS (2) processes side by side
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

.PHONY: programs
programs: # what tests drive and pip does not bring
	@.ci/programs

.PHONY: soak
soak: $(VENV)/.installed-dev programs ## the long tests: CYCLES (1000) kills of the server, 5000 failures of the disk, hours of a test clock
	SOAK_CYCLES=100 $(BIN)/python -m pytest tests/leads/test_killed.py tests/soak/*.py
	SOAK_CYCLES=$(CYCLES) SOAK_FAULTS=5000 SOAK_STEPS=10000 $(BIN)/python -m pytest tests/server/test_losing_nothing.py tests/leads/test_conservation.py

.PHONY: bench
bench: $(VENV)/.installed-dev ## measure speed and memory against plain parts, in one run
	$(BIN)/python -m tests.bench

.PHONY: eval
eval: $(VENV)/.installed ## measure answers, search and routing; status 1 if something got worse beyond noise
	$(BIN)/bot evaluate all

.PHONY: eval-baseline
eval-baseline: $(VENV)/.installed ## measure the same and write tests/data/baseline.json anew
	$(BIN)/bot evaluate all --write

.PHONY: docs
docs: $(VENV)/.installed ## write docs/settings.md anew from bot/settings.py
	$(BIN)/bot settings --markdown > docs/settings.md

.PHONY: clean
clean: ## remove the environment and what tools left; var/ (your data) stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
