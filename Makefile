# Every target does its own set-up: a virtual environment in .venv, pinned by constraints.txt, made once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench gallery messages clean

help:  ## show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed  ## the whole story on real data, from a table to a report
	$(BIN)/workings demo

test: $(VENV)/.installed-test  ## run all tests
	$(BIN)/python -m pytest --numprocesses 2 $(PYTEST_ARGS)

check: $(VENV)/.installed-test  ## lint, format, types, the house's import rules, the examples in docstrings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --quiet --doctest-modules src

bench: $(VENV)/.installed-bench  ## measure speed as ratios to peers, in one table
	$(BIN)/python -m benchmarks

gallery: $(VENV)/.installed  ## every subject's working and picture in both languages, as pages in build/gallery
	$(BIN)/python -m docs.gallery build/gallery

messages: $(VENV)/.installed-test  ## bring the Korean catalogue up to date with the sentences in the code
	$(BIN)/python -m tests.contracts.sentences --update

clean:  ## remove the environment and everything that was built
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Workings needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable .
	@touch $@

# Dependency groups need a pip of 2025 or newer.
$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) --upgrade pip
	$(INSTALL) --editable . --group test
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	$(INSTALL) --editable . --group bench
	@touch $@
