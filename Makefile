# Alur. `make help` lists what there is; a fresh Debian machine needs only Python 3.11+, git and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get
# Tests share the machine's cores; each worker has its own databases.
WORKERS ?= $(shell nproc)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Alur needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(APT) update -qq && $(APT) install -y -qq python3-venv; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml package.json package-lock.json web/vendor_build.py web/vendor_extras.mjs | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.test: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: setup
setup: .venv/.run ## Make .venv and install what running needs

.PHONY: run
run: setup ## Migrate, load the demo and serve on http://127.0.0.1:8000
	$(BIN)/alur migrate
	ALUR_DEMO=1 $(BIN)/alur demo
	ALUR_DEMO=1 exec $(BIN)/alur serve

.PHONY: test-packages
test-packages:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v runuser >/dev/null || missing="$$missing util-linux"; \
	command -v pdfinfo >/dev/null || missing="$$missing poppler-utils"; \
	if [ -n "$$missing" ]; then echo "Installing$$missing"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends $$missing >/dev/null; fi

# Checks PDF/A in tests; nothing that runs needs it. Where it cannot be had, its one test says so and is passed over.
.venv/verapdf/.made: tests/pdfa/pom.xml | test-packages .venv/bin/python
	@{ command -v javac >/dev/null && command -v mvn >/dev/null || \
	$(APT) install -y -qq --no-install-recommends default-jdk-headless maven >/dev/null; } && \
	mvn -q -B -f tests/pdfa/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.venv/verapdf && touch $@ || \
	echo "veraPDF cannot be had here: PDF/A is not checked by it"

# Reads the exported event logs in tests, in an environment of its own: nothing of ours runs beside its libraries.
.venv/pm4py/.made: requirements-pm4py.lock | .venv/bin/python
	@$(PYTHON) -m venv .venv/pm4py && \
	.venv/pm4py/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-pm4py.lock && touch $@ || \
	echo "pm4py cannot be had here: event logs are not read by it"

.PHONY: test
test: test-packages .venv/.test .venv/verapdf/.made .venv/pm4py/.made lint types imports ## Lint, types, import rules, then every test on both databases and in a browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q

.PHONY: lint
lint: .venv/.test ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: .venv/.test ## Check types
	$(BIN)/mypy

.PHONY: imports
imports: .venv/.test ## Check who may import whom
	$(BIN)/lint-imports --no-cache

.PHONY: format
format: .venv/.test ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: .venv/.test ## Renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade pyproject.toml --group dev -o requirements-dev.lock
	echo pm4py | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade - -o requirements-pm4py.lock

.PHONY: messages
messages: .venv/.test ## Collect the interface's strings into the English catalogue
	$(BIN)/pybabel -q extract -F web/babel.cfg -k _l -o var/messages.pot --omit-header --sort-output .
	$(BIN)/pybabel -q update -i var/messages.pot -d web/translations -l en --no-wrap --ignore-obsolete

.PHONY: bench
bench: .venv/.test ## Measure (a few minutes); JSON on standard output
	$(BIN)/alur bench --quick --json

.PHONY: clean
clean: ## Remove everything that can be made again, data of the demo included
	rm -rf .venv var build dist node_modules web/static/vendor tests/browser/vendor .pytest_cache .mypy_cache .ruff_cache
