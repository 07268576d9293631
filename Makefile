# The only list of commands; CI calls the same ones. `make run` and `make test` do all the set-up themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

# Python's part and the web's part of the set-up and of the checks do not wait for each other.
MAKEFLAGS += --jobs=2

# Without its bytecode Python compiles every library again at each start, and the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-modules test-system test-web test-slow check check-python check-web check-contract format bench bench-inbox reference lock clean chromium

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready web/dist/.ready ## everything that run and test need
	@true

.venv/.ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "AUSTA needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

web/node_modules/.ready: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "AUSTA needs Node 20 or newer with npm: https://nodejs.org"; exit 1; }
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "AUSTA needs Node 20 or newer; this is $$(node --version)."; exit 1; }
	cd web && npm ci --silent --no-audit --no-fund
	@touch $@

web/dist/.ready: web/node_modules/.ready $(shell find web/src web/public web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null | sed 's/ /\\ /g')
	cd web && npm run --silent build
	@touch $@

chromium: # the browser tests need the system's Chromium
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "The browser tests need Chromium: install the package 'chromium' (apt-get install chromium)."; exit 1; fi; }

run: setup ## start AUSTA with the demo on http://localhost:8000
	$(BIN)/austa serve --demo

# In this order, as soon as a place is free: the tests of the whole system take longest and often wait for it; checks and
# the other tests run beside them and give way.
test: test-system check test-modules test-web ## linters, and all tests but the slow ones
	@true

test-modules: setup chromium
	nice -n 5 $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" --ignore=tests/system

test-system: setup chromium
	$(BIN)/python -m pytest -m "not slow" tests/system

test-web: web/node_modules/.ready
	cd web && npm run --silent test

test-slow: setup chromium ## the long suites: crash tests, large property runs
	$(BIN)/python -m pytest -m slow

check: check-python check-web check-contract ## linters, types, architecture, the web app's types against the API
	@true

check-python: .venv/.ready
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

check-web: web/node_modules/.ready
	cd web && npm run --silent lint && npm run --silent format:check

check-contract: .venv/.ready web/node_modules/.ready
	$(BIN)/austa openapi > web/openapi.json && cd web && npm run --silent contract

format: setup ## write the code in the house's form
	$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	cd web && npm run --silent format

bench: setup ## the benchmarks, as commands (docs/benchmarks)
	$(BIN)/austa bench language
	$(BIN)/austa bench dmn

bench-inbox: setup .bench/.ready ## the inbox beside a pywa handler and a bare ASGI app
	PYTHONPATH=.bench $(BIN)/austa bench inbox --json

.bench/.ready: requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .bench --no-deps --require-hashes -r requirements-bench.lock
	@touch $@

reference: setup ## write docs/reference anew from the code
	$(BIN)/austa reference docs/reference

lock: ## make the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.lock
	uv pip compile --group bench -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-bench.lock
	uv pip compile pyproject.toml --extra voice -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-voice.lock

clean: ## remove what setup and tests made (never your data)
	rm -rf .venv .bench web/node_modules web/dist build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
