# make run: a working office on http://127.0.0.1:8000   make test: the tests   make: this help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## Make .venv with the command .venv/bin/motcua

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 15) else "Mot Cua needs Python 3.11 to 3.14. Name one: make PYTHON=python3.13 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Mot Cua into $(VENV) (once, about a minute) ..."
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@echo "Installing the test tools ..."
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

run: setup ## Open a working office with demo data (MOTCUA_DEMO_DOSSIERS sets its size)
	$(BIN)/motcua run --demo

test: $(VENV)/.ready-dev ## Run the tests on SQLite
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.ready-dev ## Lint, types and import contracts
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

kill-test: $(VENV)/.ready-dev ## Kill every process at random moments, 50 rounds of 2,000 dossiers (hours)
	MOTCUA_KILL_ROUNDS=50 MOTCUA_KILL_DOSSIERS=2000 MOTCUA_TEST_PATIENCE=1200 \
	  $(BIN)/python -m pytest tests/machine/test_kills.py tests/machine/test_kills_of_many.py $(ARGS)

bench: $(VENV)/.ready-dev ## Measure speed as ratios against references measured in the same run
	$(BIN)/python -m tests.bench

lock: $(VENV)/.ready-dev ## Recompute the locked dependencies
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --python-version 3.11 pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --python-version 3.11 pyproject.toml --group build --group dev -o requirements-dev.lock

clean: ## Remove .venv and var
	rm -rf $(VENV) var

.PHONY: help setup run test lint kill-test bench lock clean
