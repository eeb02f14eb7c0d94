# Everything stands on its own: each target brings what it needs into .venv, once, and again when it changed.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
# The tests wait more than they reckon: three keep two cores busy.
WORKERS ?= 3
ARGS ?=
UV := uv>=0.13,<0.14

VENV := .venv
RUN := $(VENV)/bin/python -m
READY := $(VENV)/.ready
PIP := $(RUN) pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench soak lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## packages and a browser; done by the others where it is needed

demo: $(READY) ## extend, transfer and take back made-up agents in mock portals; no credentials
	@$(VENV)/bin/rpa demo $(ARGS)

test: $(READY) ## the tests, in WORKERS processes; ARGS="-k roster" for some of them
	@$(RUN) pytest -n $(WORKERS) --dist worksteal -m "not soak" --ignore tests/performance $(ARGS)

check: $(READY) ## lint, types, the architecture's contracts, the lock file
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(RUN) pytest --quiet --no-header tests/house

bench: $(READY) ## the figures, measured
	@$(RUN) pytest tests/performance --capture no --timeout 900 $(ARGS)

soak: $(READY) ## the long fault harnesses, in WORKERS processes; two hours and more on two cores
	@$(RUN) pytest -n $(WORKERS) --dist worksteal -m soak --timeout 900 $(ARGS)

lock: $(VENV)/bin/pip ## write requirements.lock anew from pyproject.toml; ARGS=--upgrade for the newest versions
	@$(PIP) install "$(UV)"
	@$(RUN) uv pip compile pyproject.toml --extra dev --no-strip-extras --output-file requirements.lock --quiet \
		--universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" $(ARGS)

clean: ## remove .venv and everything else that can be made again
	rm -rf $(VENV) .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -rf build dist test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is the last thing to be written: a set-up that was cut short is done again.
$(READY): pyproject.toml requirements.lock | $(VENV)/bin/pip
	@echo "Setting up: packages into $(VENV) (a minute or two, once)" >&2
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(VENV)/bin/rpa browser install >/dev/null
	@touch $@

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on the PATH;" \
		"install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is older, or is not there." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(INSTALL_VENV_MODULE); }
	@$(PYTHON) -m venv --clear $(VENV)

# Debian keeps Python's venv module in a package of its own.
define INSTALL_VENV_MODULE
	package=python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Setting up: $$package" >&2; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install $$package >/dev/null; \
	else \
		echo "Python's venv module is missing; install it first: sudo apt install $$package" >&2; exit 1; \
	fi
endef
