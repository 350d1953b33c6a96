# Works with Python 3.11 and make alone; uses uv where it is installed (faster).
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
LITELLM := .venv-litellm
UV := $(shell command -v uv 2>/dev/null)
# One for each core. At least three: tests wait for browsers and servers a third of their time; at most eight: each
# process may have a browser, a PostgreSQL and a Redis of its own.
PROCESSES ?= $(shell cores=$$(nproc 2>/dev/null || echo 2); echo $$((cores < 3 ? 3 : cores > 8 ? 8 : cores)))

# Without compiled files each of the many starts of `asterism` in the tests would take a second more.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-clients test-browser test-engine check bench eval lock format docs clean system

# What some tests need from Debian; without it they are skipped, each with a message that says what is missing.
SYSTEM := chromium chromium-headless-shell fonts-noto-cjk postgresql redis-server sqlite3-doc git-doc debian-reference-en debian-reference-zh-cn

help:  ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp per lock file: nothing is installed again until the lock or the project file changes.
$(VENV)/.run: requirements.lock pyproject.toml
ifdef UV
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV)
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps --editable .
else
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
endif
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
endif
	@touch $@

# litellm asks for versions that are not ours, so it has an environment of its own; the tests talk to it from outside.
$(LITELLM)/.ready: tests/service/openai_api/litellm.lock $(VENV)/.run
ifdef UV
	@uv venv --quiet --clear --python $(BIN)/python $(LITELLM)
	@uv pip install --quiet --python $(LITELLM)/bin/python --require-hashes -r $<
else
	@$(PYTHON) -m venv --clear $(LITELLM)
	@$(LITELLM)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
endif
	@touch $@

demo: $(VENV)/.run  ## install, then ask one question about the bundled sample web
	@$(BIN)/asterism demo

system:
	@missing=""; for package in $(SYSTEM); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "Not root on Debian: tests that need$$missing are skipped."; fi

test: $(VENV)/.dev system  ## install what the tests need and run the offline suite
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal

test-clients: $(VENV)/.dev $(LITELLM)/.ready  ## ask the service with programs of others: OpenAI's, Perplexity's, MCP's, litellm, curl, schemathesis
	@$(BIN)/python -m pytest -m clients

test-browser: $(VENV)/.dev system  ## walk the page on all sizes and languages, and draw pages, in a real Chromium
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal -m browser

test-engine: $(VENV)/.dev  ## run questions against a real vLLM server on CPU, in an environment of its own
	@eval/engine/install.sh .venv-engine $(PYTHON)
	@$(BIN)/python -m eval.engine --environment .venv-engine

check: $(VENV)/.dev  ## format, lint and type checks
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/.dev  ## format the code and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.run  ## time a run against replay servers on loopback
	@$(BIN)/asterism bench

eval: $(VENV)/.run  ## measure answers over documentation (see eval/README.md)
	@$(BIN)/python -m eval.docs_suite --cases eval/datasets/docs_heldout.jsonl --check

docs: $(VENV)/.run  ## make .env.example and the README's settings table anew
	@$(BIN)/python -m agent.settings_table

lock: pyproject.toml  ## pin every version again (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --extra postgres --extra redis --extra tracing -c requirements.lock -c requirements-dev.lock pyproject.toml -o service/deploy/requirements.lock
	echo litellm | uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o tests/service/openai_api/litellm.lock

clean:  ## remove the environment and everything made
	rm -rf $(VENV) $(LITELLM) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build test-output
