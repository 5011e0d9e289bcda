# Everything a machine needs is set up in .venv by the command that needs it.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

.venv/run.stamp: requirements.lock
	@echo Setting up in .venv: this takes some minutes the first time.
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock
	@echo Setting up in .venv: this takes some minutes the first time.
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run.stamp

run: .venv/run.stamp ## Set up and start on SQLite with the sample agency: http://127.0.0.1:8080/
	$(BIN)/python -m bot run

test: .venv/dev.stamp ## Set up and run every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n $${PYTEST_WORKERS:-3} --dist loadgroup

check: .venv/dev.stamp ## Lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_architecture.py

bench: .venv/dev.stamp ## Measure speed, memory and accuracy; prints figures
	$(BIN)/python -m tests.bench

learn: .venv/dev.stamp ## Learn anew how a report sounds, from the lines of the corpus
	$(BIN)/python -m tests.sentences.learn

audit: .venv/dev.stamp ## Hashes, versions that fit, and known weaknesses where pip-audit is installed
	$(BIN)/python .ci/audit

lock: ## Write the lock files anew from pyproject.toml
	$(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra dev -o requirements-dev.lock pyproject.toml

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.PHONY: run test check bench learn audit lock help
