# `make run` serves, `make test` checks; each sets up what it needs. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
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
test: $(VENV)/.installed-dev browser ## set up what is missing and run all checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

.PHONY: browser
browser: # the browser that page tests drive
	@command -v chromium >/dev/null || { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || echo "no chromium here: the tests that need a browser are skipped"

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
